// lens.c: how far out a lens can be inverted, and its projection in double.
#include "sensors/camera/optics/lens.h"

#include <math.h>
#include <string.h>

#define LENS_SCAN_RAD 1e-3
#define INVERSE_MOST 20.0  // bent angle beyond which no lens is sought
#define LENS_AROUND 16     // azimuths at which a lens that is not round is looked at
#define LENS_STEPS 40      // of Newton's; twelve are enough where the picture rises steadily
#define LENS_ENOUGH 1e-13  // on the plane z = 1, or radians
#define LENS_RESIDUAL 1e-9 // what is left when no place lands there

// Radius and its slope: against r = tan(theta) for a pinhole, against theta for the others.
typedef struct lens_radial {
    double radius, slope, denominator;
} lens_radial;

static lens_radial fisheye_radial(const bt_lens *lens, double theta)
{
    double t2 = theta * theta;
    const float *k = lens->k;
    double k1 = (double)k[0], k2 = (double)k[1], k3 = (double)k[2], k4 = (double)k[3];
    double radius = theta * (1.0 + t2 * (k1 + t2 * (k2 + t2 * (k3 + t2 * k4))));
    double slope = 1.0 + t2 * (3.0 * k1 + t2 * (5.0 * k2 + t2 * (7.0 * k3 + t2 * 9.0 * k4)));
    return (lens_radial){radius, slope, 1.0};
}

static lens_radial quintic(const bt_lens *lens, double t)
{
    double radius = 0.0, slope = 0.0;
    for (int power = 5; power >= 1; power--) {
        double k = power == 1 ? 1.0 : (double)lens->k[power - 1];
        slope = slope * t + power * k;
        radius = (radius + k) * t;
    }
    return (lens_radial){radius, slope, 1.0};
}

static lens_radial pinhole_radial(const bt_lens *lens, double r)
{
    double r2 = r * r;
    const float *k = lens->k;
    double k1 = (double)k[0], k2 = (double)k[1], k3 = (double)k[4];
    double k4 = (double)k[5], k5 = (double)k[6], k6 = (double)k[7];
    double top = 1.0 + r2 * (k1 + r2 * (k2 + r2 * k3));
    double low = 1.0 + r2 * (k4 + r2 * (k5 + r2 * k6));
    double top_slope = k1 + r2 * (2.0 * k2 + r2 * 3.0 * k3); // d/d(r^2)
    double low_slope = k4 + r2 * (2.0 * k5 + r2 * 3.0 * k6);
    double factor = top / low;
    double slope = factor + 2.0 * r2 * (top_slope - factor * low_slope) / low;
    return (lens_radial){r * factor, slope, low};
}

static bool is_ftheta(const bt_lens *lens)
{
    return lens->kind == BT_LENS_FTHETA || lens->kind == BT_LENS_FTHETA_INVERSE;
}

// Where the quintic has this value in [0, most]: Newton within a bracket.
static double quintic_inverse(const bt_lens *lens, double value, double most)
{
    double low = 0.0, high = most, at = fmin(value, most);
    for (int step = 0; step < 4 * LENS_STEPS; step++) {
        lens_radial here = quintic(lens, at);
        if (here.radius < value) {
            low = at;
        } else {
            high = at;
        }
        double next = at - (here.radius - value) / here.slope;
        if (!(next >= low && next <= high)) next = 0.5 * (low + high);
        if (fabs(next - at) < LENS_ENOUGH) return next;
        at = next;
    }
    return at;
}

static lens_radial radial_at(const bt_lens *lens, double theta)
{
    if (lens->kind == BT_LENS_FISHEYE) return fisheye_radial(lens, theta);
    if (lens->kind == BT_LENS_FTHETA) return quintic(lens, theta);
    if (lens->kind == BT_LENS_PINHOLE) return pinhole_radial(lens, tan(theta));
    double bent = quintic_inverse(lens, theta, (double)lens->k[5]);
    return (lens_radial){bent, 1.0 / quintic(lens, bent).slope, 1.0};
}

// ---- a tilted sensor --------------------------------------------------------------------------
// OpenCV's matrix R = R_y R_x, rows.
static void tilt_rows(const bt_lens *lens, double r[3][3])
{
    double sx = sin((double)lens->tilt[0]), cx = cos((double)lens->tilt[0]);
    double sy = sin((double)lens->tilt[1]), cy = cos((double)lens->tilt[1]);
    const double rows[3][3] = {{cy, sy * sx, -sy * cx}, {0.0, cx, sx}, {sy, -cy * sx, cy * cx}};
    memcpy(r, rows, sizeof rows);
}

static void tilt(const bt_lens *lens, double *x, double *y)
{
    double r[3][3], v[3];
    if (lens->tilt[0] == 0.0f && lens->tilt[1] == 0.0f) return;
    tilt_rows(lens, r);
    for (int i = 0; i < 3; i++)
        v[i] = r[i][0] * *x + r[i][1] * *y + r[i][2];
    *x = (r[2][2] * v[0] - r[0][2] * v[2]) / v[2];
    *y = (r[2][2] * v[1] - r[1][2] * v[2]) / v[2];
}

// False: the upright plane does not see it.
static bool untilt(const bt_lens *lens, double *x, double *y)
{
    double r[3][3], v[3];
    if (lens->tilt[0] == 0.0f && lens->tilt[1] == 0.0f) return true;
    tilt_rows(lens, r);
    double a = (*x + r[0][2]) / r[2][2], b = (*y + r[1][2]) / r[2][2];
    for (int i = 0; i < 3; i++)
        v[i] = r[0][i] * a + r[1][i] * b + r[2][i];
    *x = v[0] / v[2];
    *y = v[1] / v[2];
    return v[2] > 0.0;
}

// The tilted sensor is before the lens all around a radius of the upright plane.
static bool before_tilted(const bt_lens *lens, double radius)
{
    double r[3][3];
    tilt_rows(lens, r);
    return r[2][2] - hypot(r[2][0], r[2][1]) * radius >= BT_LENS_SLOPE_MIN * r[2][2];
}

// ---- the whole pinhole ------------------------------------------------------------------------
typedef struct lens_bend {
    double x, y;           // distorted place on the plane z = 1
    double xx, xy, yx, yy; // its derivative
} lens_bend;

static lens_bend pinhole_bend(const bt_lens *lens, double x, double y)
{
    double p1 = (double)lens->k[2], p2 = (double)lens->k[3];
    double s1 = (double)lens->s[0], s2 = (double)lens->s[1];
    double s3 = (double)lens->s[2], s4 = (double)lens->s[3];
    double r2 = x * x + y * y, r = sqrt(r2);
    lens_radial radial = pinhole_radial(lens, r);
    double factor = r > 0.0 ? radial.radius / r : 1.0;
    double slope = r > 0.0 ? 0.5 * (radial.slope - factor) / r2 : 0.0; // d factor / d(r^2)
    double prism_x = s1 + 2.0 * s2 * r2, prism_y = s3 + 2.0 * s4 * r2; // d/d(r^2)
    return (lens_bend){
        .x = x * factor + 2.0 * p1 * x * y + p2 * (r2 + 2.0 * x * x) + r2 * (s1 + s2 * r2),
        .y = y * factor + p1 * (r2 + 2.0 * y * y) + 2.0 * p2 * x * y + r2 * (s3 + s4 * r2),
        .xx = factor + 2.0 * x * x * slope + 2.0 * p1 * y + 6.0 * p2 * x + 2.0 * x * prism_x,
        .xy = 2.0 * x * y * slope + 2.0 * p1 * x + 2.0 * p2 * y + 2.0 * y * prism_x,
        .yx = 2.0 * x * y * slope + 2.0 * p1 * x + 2.0 * p2 * y + 2.0 * x * prism_y,
        .yy = factor + 2.0 * y * y * slope + 6.0 * p1 * y + 2.0 * p2 * x + 2.0 * y * prism_y,
    };
}

static bool is_round(const bt_lens *lens)
{
    return lens->k[2] == 0.0f && lens->k[3] == 0.0f && lens->s[0] == 0.0f && lens->s[1] == 0.0f &&
           lens->s[2] == 0.0f && lens->s[3] == 0.0f;
}

// The radial determinant is slope times factor; half of its share is asked, so that small tangential
// terms leave the limit to the radial part.
static bool rises_around(const bt_lens *lens, double r, double factor)
{
    for (int i = 0; i < LENS_AROUND; i++) {
        double around = 2.0 * BT_PI * i / LENS_AROUND;
        lens_bend b = pinhole_bend(lens, r * cos(around), r * sin(around));
        if (!(b.xx * b.yy - b.xy * b.yx >= 0.5 * BT_LENS_SLOPE_MIN * factor)) return false;
    }
    return true;
}

static bool rises_at(const bt_lens *lens, double theta)
{
    lens_radial at = radial_at(lens, theta);
    if (!(at.denominator > 0.0 && at.slope >= BT_LENS_SLOPE_MIN)) return false;
    if (lens->kind != BT_LENS_PINHOLE) return true;
    if (!before_tilted(lens, at.radius)) return false;
    if (is_round(lens)) return true;
    double r = tan(theta);
    return rises_around(lens, r, r > 0.0 ? at.radius / r : 1.0);
}

// ---- limits -----------------------------------------------------------------------------------
// Of f-theta by its inverse: the bent angle up to which the angle rises neither too slowly nor too steeply,
// and not beyond `most`.
static double inverse_edge(const bt_lens *lens, double most)
{
    double good = 0.0;
    for (double bent = LENS_SCAN_RAD; bent < INVERSE_MOST; bent += LENS_SCAN_RAD) {
        lens_radial at = quintic(lens, bent);
        if (!(at.slope >= BT_LENS_SLOPE_MIN && at.slope <= 1.0 / BT_LENS_SLOPE_MIN)) break;
        if (at.radius > most) return quintic_inverse(lens, most, bent);
        good = bent;
    }
    return good;
}

static double most_of(const bt_lens *lens, double limit_rad)
{
    double most = (lens->kind == BT_LENS_PINHOLE ? 89.0 : 180.0) * BT_RAD_PER_DEG;
    return limit_rad > 0.0 && limit_rad < most ? limit_rad : most;
}

double bt_lens_limit(const bt_lens *lens, double limit_rad)
{
    double most = most_of(lens, limit_rad);
    if (lens->kind == BT_LENS_FTHETA_INVERSE)
        return fmin(quintic(lens, inverse_edge(lens, most)).radius, most);

    // walk outward to the first angle that fails, then bisect its step
    double good = 0.0;
    double bad = most;
    for (int step = 1; step * LENS_SCAN_RAD <= most; step++) {
        double theta = step * LENS_SCAN_RAD;
        if (!rises_at(lens, theta)) {
            bad = theta;
            break;
        }
        good = theta;
    }
    if (bad >= most && rises_at(lens, most)) return most;
    while (bad - good > 1e-9) {
        double middle = 0.5 * (good + bad);
        if (rises_at(lens, middle)) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    return good;
}

double bt_lens_end(bt_lens *lens, double limit_rad)
{
    double limit = bt_lens_limit(lens, limit_rad);
    lens->theta_max_rad = (float)limit;
    if (lens->kind == BT_LENS_FTHETA_INVERSE)
        lens->k[5] = (float)inverse_edge(lens, most_of(lens, limit_rad));
    return limit;
}

double bt_lens_radius(const bt_lens *lens, double theta_rad)
{
    return radial_at(lens, theta_rad).radius;
}

double bt_lens_angle_of_radius(const bt_lens *lens, double radius)
{
    double low = 0.0, high = (double)lens->theta_max_rad;
    if (bt_lens_radius(lens, high) <= radius) return high;
    if (lens->kind == BT_LENS_FTHETA_INVERSE) return fmin(quintic(lens, radius).radius, high);
    double theta = fmin(radius, high);
    for (int step = 0; step < 4 * LENS_STEPS; step++) {
        lens_radial at = radial_at(lens, theta);
        double over = at.radius - radius;
        if (over < 0.0) {
            low = theta;
        } else {
            high = theta;
        }
        double slope = at.slope;
        if (lens->kind == BT_LENS_PINHOLE) slope *= 1.0 + tan(theta) * tan(theta);
        double next = theta - over / slope;
        if (!(next >= low && next <= high)) next = 0.5 * (low + high);
        if (fabs(next - theta) < LENS_ENOUGH) return next;
        theta = next;
    }
    return theta;
}

double bt_lens_corner_angle(const bt_lens *lens, uint32_t width_px, uint32_t height_px)
{
    // pixel edges lie half a pixel beyond the outermost centres
    double across = fmax(0.5 + (double)lens->cx, (double)width_px - 0.5 - (double)lens->cx);
    double down = fmax(0.5 + (double)lens->cy, (double)height_px - 0.5 - (double)lens->cy);
    return bt_lens_angle_of_radius(lens, hypot(across / (double)lens->fx, down / (double)lens->fy));
}

// ---- there and back ---------------------------------------------------------------------------
bt_status bt_lens_project_exact(const bt_lens *lens, bt_vec3 point, double *x_px, double *y_px)
{
    double across = hypot(point.x, point.y), x, y;
    double theta = atan2(across, point.z);
    *x_px = *y_px = NAN;
    if (!(across + fabs(point.z) > 0.0) || !(theta <= (double)lens->theta_max_rad))
        return bt_fail(BT_ERR_INPUT,
                       "projecting (%g, %g, %g): %.3f degrees off the axis, the lens's field ends "
                       "at %.3f",
                       point.x, point.y, point.z, theta / BT_RAD_PER_DEG,
                       (double)lens->theta_max_rad / BT_RAD_PER_DEG);
    if (lens->kind == BT_LENS_PINHOLE) {
        lens_bend b = pinhole_bend(lens, point.x / point.z, point.y / point.z);
        x = b.x;
        y = b.y;
        tilt(lens, &x, &y);
    } else {
        double scale = across > 0.0 ? bt_lens_radius(lens, theta) / across : 0.0;
        x = point.x * scale;
        y = point.y * scale;
    }
    if (is_ftheta(lens)) {
        double straight = x;
        x = (double)lens->s[0] * straight + (double)lens->s[1] * y;
        y = (double)lens->s[2] * straight + y;
    }
    *x_px = (double)lens->fx * x + (double)lens->cx;
    *y_px = (double)lens->fy * y + (double)lens->cy;
    return BT_OK;
}

static bt_status beyond(const bt_lens *lens, double x_px, double y_px)
{
    return bt_fail(BT_ERR_INPUT,
                   "pixel (%g, %g) lies beyond the lens's field of %.3f degrees off the axis", x_px,
                   y_px, (double)lens->theta_max_rad / BT_RAD_PER_DEG);
}

static bool straighten(const bt_lens *lens, double x, double y, bt_vec3 *dir)
{
    double at_x = x, at_y = y, edge = tan((double)lens->theta_max_rad);
    lens_bend b = {0};
    for (int step = 0; step < LENS_STEPS; step++) {
        double r = hypot(at_x, at_y);
        if (r > edge) { // kept within the field while it is sought
            at_x *= edge / r;
            at_y *= edge / r;
        }
        b = pinhole_bend(lens, at_x, at_y);
        double off_x = x - b.x, off_y = y - b.y, det = b.xx * b.yy - b.xy * b.yx;
        double step_x = (b.yy * off_x - b.xy * off_y) / det;
        double step_y = (b.xx * off_y - b.yx * off_x) / det;
        at_x += step_x;
        at_y += step_y;
        if (hypot(step_x, step_y) < LENS_ENOUGH) break;
    }
    b = pinhole_bend(lens, at_x, at_y);
    *dir = bt_vec3_normalize((bt_vec3){at_x, at_y, 1.0});
    return hypot(b.x - x, b.y - y) < LENS_RESIDUAL && hypot(at_x, at_y) <= edge * (1.0 + 1e-12);
}

bt_status bt_lens_unproject_exact(const bt_lens *lens, double x_px, double y_px, bt_vec3 *dir)
{
    double x = (x_px - (double)lens->cx) / (double)lens->fx;
    double y = (y_px - (double)lens->cy) / (double)lens->fy;
    *dir = (bt_vec3){0.0, 0.0, 1.0};
    if (lens->kind == BT_LENS_PINHOLE)
        return untilt(lens, &x, &y) && straighten(lens, x, y, dir) ? BT_OK
                                                                   : beyond(lens, x_px, y_px);
    if (is_ftheta(lens)) {
        double c = (double)lens->s[0], d = (double)lens->s[1], e = (double)lens->s[2];
        double sheared = x, det = c - d * e;
        x = (sheared - d * y) / det;
        y = (c * y - e * sheared) / det;
    }
    double radius = hypot(x, y);
    if (!(radius <= bt_lens_radius(lens, (double)lens->theta_max_rad)))
        return beyond(lens, x_px, y_px);
    double theta = bt_lens_angle_of_radius(lens, radius);
    double scale = radius > 0.0 ? sin(theta) / radius : 0.0;
    *dir = (bt_vec3){x * scale, y * scale, cos(theta)};
    return BT_OK;
}
