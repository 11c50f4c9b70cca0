// impact.c: see impact.h.
#include "engine/sim/impact.h"

#include "engine/math/elementary.h"

#include <math.h>

#define FASTEST_FIT_M_S 20.0 // there the fit is below 1e-3
#define FAST 0.1             // SAE 931842 and Rose et al. 2006, see the header

double bt_impact_restitution(double closing_m_s)
{
    double v = fmin(closing_m_s, FASTEST_FIT_M_S);
    if (v < BT_IMPACT_STICKS_M_S) return 0.0;
    return fmax(FAST, 0.5992 * bt_exp(-0.2508 * v + 0.01934 * v * v - 0.001279 * v * v * v));
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

// ---- hitched ----------------------------------------------------------------------------------
// What an impulse at a place does to a body with what it draws.
typedef struct hitched {
    double vx, vy, rate;                 // of the body
    double draws_x, draws_y, draws_rate; // of who draws it
} hitched;

// Velocity at a lever from an impulse there, of a free body: along a direction, for an impulse along another.
static double free_answer(double per_kg, double per_kg_m2, double rx, double ry, double ax,
                          double ay, double bx, double by)
{
    return (ax * bx + ay * by) * per_kg + (rx * ay - ry * ax) * (rx * by - ry * bx) * per_kg_m2;
}

// The impulse is on who draws: the rod is dragged along itself.
static hitched drag(const bt_impact_body *b, double x, double y, double px, double py)
{
    const bt_impact_tow *t = &b->tow;
    double rx = x - b->x_m, ry = y - b->y_m, hx = t->x_m - b->x_m, hy = t->y_m - b->y_m;
    double vx = px * b->per_kg, vy = py * b->per_kg, rate = (rx * py - ry * px) * b->per_kg_m2;
    double along = (vx - rate * hy) * t->c + (vy + rate * hx) * t->s;
    double k = free_answer(b->per_kg, b->per_kg_m2, hx, hy, t->c, t->s, t->c, t->s);
    double h = along / (t->per_kg + k);
    return (hitched){vx - h * t->c * b->per_kg,
                     vy - h * t->s * b->per_kg,
                     rate - h * (hx * t->s - hy * t->c) * b->per_kg_m2,
                     0.0,
                     0.0,
                     0.0};
}

// The impulse is on the rod: its axle and its hitch take it by the lever; along itself the vehicle goes with it.
static hitched pull(const bt_impact_body *b, double x, double y, double px, double py)
{
    const bt_impact_tow *t = &b->tow;
    double nx = -t->s, ny = t->c, rx = x - b->x_m, ry = y - b->y_m;
    double hx = t->x_m - t->draws_x_m, hy = t->y_m - t->draws_y_m;
    double m = t->draws_per_kg, i = t->draws_per_kg_m2;
    double axle = -(rx * py - ry * px) / t->length_m, across = px * nx + py * ny - axle;
    double tt = free_answer(m, i, hx, hy, t->c, t->s, t->c, t->s);
    double tn = free_answer(m, i, hx, hy, t->c, t->s, nx, ny);
    double along = ((px * t->c + py * t->s) * t->per_kg - tn * across) / (tt + t->per_kg);
    double jx = along * t->c + across * nx, jy = along * t->s + across * ny;
    hitched a = {.draws_x = jx * m, .draws_y = jy * m, .draws_rate = (hx * jy - hy * jx) * i};
    a.vx = a.draws_x - a.draws_rate * hy;
    a.vy = a.draws_y + a.draws_rate * hx;
    a.rate = (a.vx * nx + a.vy * ny - axle * t->per_kg) / t->length_m;
    return a;
}

static hitched answer_of(const bt_impact_body *b, double x, double y, double px, double py)
{
    return b->tow.struck ? pull(b, x, y, px, py) : drag(b, x, y, px, py);
}

static void add_hitched(const bt_impact_contact *c, const bt_impact_body *b, mobility *m)
{
    double rx = c->x_m - b->x_m, ry = c->y_m - b->y_m;
    hitched n = answer_of(b, c->x_m, c->y_m, c->nx, c->ny);
    hitched t = answer_of(b, c->x_m, c->y_m, -c->ny, c->nx);
    double ux = n.vx - n.rate * ry, uy = n.vy + n.rate * rx;
    m->nn += ux * c->nx + uy * c->ny;
    m->nt += -ux * c->ny + uy * c->nx;
    m->tt += -(t.vx - t.rate * ry) * c->ny + (t.vy + t.rate * rx) * c->nx;
}

static void push_hitched(const bt_impact_contact *c, double x_ns, double y_ns, bt_impact_body *b)
{
    hitched a = answer_of(b, c->x_m, c->y_m, x_ns, y_ns);
    b->vx_m_s += a.vx;
    b->vy_m_s += a.vy;
    b->rate_rad_s += a.rate;
    b->tow.draws_vx_m_s += a.draws_x;
    b->tow.draws_vy_m_s += a.draws_y;
    b->tow.draws_rate_rad_s += a.draws_rate;
}

// ---- contact ----------------------------------------------------------------------------------
static void add_mobility(const bt_impact_contact *c, const bt_impact_body *b, mobility *m)
{
    if (b->tow.per_kg > 0.0) {
        add_hitched(c, b, m);
        return;
    }
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
    if (b->tow.per_kg > 0.0) {
        push_hitched(c, x_ns, y_ns, b);
        return;
    }
    b->vx_m_s += x_ns * b->per_kg;
    b->vy_m_s += y_ns * b->per_kg;
    b->rate_rad_s += ((c->x_m - b->x_m) * y_ns - (c->y_m - b->y_m) * x_ns) * b->per_kg_m2;
}

bt_impact_result bt_impact_apply(const bt_impact_contact *c, bt_impact_body *a, bt_impact_body *b)
{
    return bt_impact_apply_at_most(c, INFINITY, a, b);
}

bt_impact_result bt_impact_apply_at_most(const bt_impact_contact *c, double most_ns,
                                         bt_impact_body *a, bt_impact_body *b)
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
    r.broke = whole * bt_hypot(n, t) > most_ns;
    if (r.broke) whole = most_ns / bt_hypot(n, t);
    r.normal_ns = whole * n;
    r.tangent_ns = whole * t;
    double x = r.normal_ns * c->nx - r.tangent_ns * c->ny;
    double y = r.normal_ns * c->ny + r.tangent_ns * c->nx;
    push(c, -x, -y, a);
    push(c, x, y, b);
    return r;
}
