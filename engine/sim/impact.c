// impact.c: see impact.h.
#include "engine/sim/impact.h"

#include <math.h>

#define FASTEST_FIT_M_S 20.0 // there the fit is below 1e-3

double bt_impact_restitution(double closing_m_s)
{
    double v = fmin(closing_m_s, FASTEST_FIT_M_S);
    if (v < BT_IMPACT_STICKS_M_S) return 0.0;
    return 0.5992 * exp(-0.2508 * v + 0.01934 * v * v - 0.001279 * v * v * v);
}

void bt_impact_relative(const bt_impact_body *a, const bt_impact_body *b, double x, double y,
                        double *vx, double *vy)
{
    *vx = (b->vx_m_s - b->rate_rad_s * (y - b->y_m)) - (a->vx_m_s - a->rate_rad_s * (y - a->y_m));
    *vy = (b->vy_m_s + b->rate_rad_s * (x - b->x_m)) - (a->vy_m_s + a->rate_rad_s * (x - a->x_m));
}

// How the relative velocity at the contact answers an impulse, along the normal and the plane.
typedef struct mobility {
    double nn, nt, tt;
} mobility;

static void add_mobility(const bt_impact_contact *c, const bt_impact_body *b, mobility *m)
{
    double rx = c->x_m - b->x_m, ry = c->y_m - b->y_m;
    double ln = rx * c->ny - ry * c->nx, lt = rx * c->nx + ry * c->ny; // levers
    m->nn += b->per_kg + ln * ln * b->per_kg_m2;
    m->tt += b->per_kg + lt * lt * b->per_kg_m2;
    m->nt += ln * lt * b->per_kg_m2;
}

// Of the compression: the impulses that end all relative motion, or friction's most.
static bool compress(const mobility *m, double vn, double vt, double friction, double *n, double *t)
{
    double det = m->nn * m->tt - m->nt * m->nt;
    if (det > 1e-12 * m->nn * m->tt) {
        *n = (-m->tt * vn + m->nt * vt) / det;
        *t = (m->nt * vn - m->nn * vt) / det;
        if (*n >= 0.0 && fabs(*t) <= friction * *n) return true;
    }
    double side = vt > 0.0 ? -friction : friction, answer = m->nn + side * m->nt;
    if (answer < 0.1 * m->nn) side = 0.0, answer = m->nn; // it would dig in: smooth
    *n = -vn / answer;
    *t = side * *n;
    return false;
}

// Energy that impulses add: v J + J K J / 2.
static double energy_added(const mobility *m, double vn, double vt, double n, double t)
{
    return vn * n + vt * t + 0.5 * (m->nn * n * n + 2.0 * m->nt * n * t + m->tt * t * t);
}

static void push(const bt_impact_contact *c, double x_ns, double y_ns, bt_impact_body *b)
{
    b->vx_m_s += x_ns * b->per_kg;
    b->vy_m_s += y_ns * b->per_kg;
    b->rate_rad_s += ((c->x_m - b->x_m) * y_ns - (c->y_m - b->y_m) * x_ns) * b->per_kg_m2;
}

bt_impact_result bt_impact_apply(const bt_impact_contact *c, bt_impact_body *a, bt_impact_body *b)
{
    double vx, vy;
    bt_impact_relative(a, b, c->x_m, c->y_m, &vx, &vy);
    double vn = vx * c->nx + vy * c->ny, vt = -vx * c->ny + vy * c->nx;
    bt_impact_result r = {.closing_m_s = -vn, .slide_m_s = vt};
    mobility m = {0};
    add_mobility(c, a, &m);
    add_mobility(c, b, &m);
    if (vn >= 0.0 || m.nn <= 0.0) return r;
    double n, t, whole = 1.0 + c->restitution;
    r.sticks = compress(&m, vn, vt, c->friction, &n, &t);
    // energy over the part of the impulse is a parabola that begins at 0: it is back at 0 at `most`
    double slope = vn * n + vt * t, bend = energy_added(&m, 0.0, 0.0, n, t);
    double most = bend > 0.0 ? -slope / bend : whole;
    whole = fmin(whole, fmax(most, 0.0));
    r.normal_ns = whole * n;
    r.tangent_ns = whole * t;
    double x = r.normal_ns * c->nx - r.tangent_ns * c->ny;
    double y = r.normal_ns * c->ny + r.tangent_ns * c->nx;
    push(c, -x, -y, a);
    push(c, x, y, b);
    return r;
}
