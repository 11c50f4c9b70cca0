// ghost.c: see ghost.h.
#include "sensors/camera/optics/ghost.h"

#include <math.h>
#include <stdbool.h>

#include "engine/math/pose.h"

// Height and reduced angle n u: (h, nu) -> (a h + b nu, c h + d nu).
typedef struct matrix {
    double a, b, c, d;
} matrix;

static const matrix unity = {1.0, 0.0, 0.0, 1.0};

// `next` after `first`.
static matrix then(matrix first, matrix next)
{
    return (matrix){next.a * first.a + next.b * first.c, next.a * first.b + next.b * first.d,
                    next.c * first.a + next.d * first.c, next.c * first.b + next.d * first.d};
}

static matrix through(double length_m, double index)
{
    return (matrix){1.0, length_m / index, 0.0, 1.0};
}

static double curvature(const bt_lens_surface *s)
{
    return s->radius_m != 0.0 ? 1.0 / s->radius_m : 0.0;
}

static double index_before(const bt_lens_surface *s, uint32_t i)
{
    return i > 0 ? s[i - 1].index : 1.0;
}

// Refraction is the same both ways, seen along the ray: the curvature turns and so do the indices.
static matrix refract(const bt_lens_surface *s, uint32_t i)
{
    return (matrix){1.0, 0.0, -(s[i].index - index_before(s, i)) * curvature(&s[i]), 1.0};
}

// Reflection at surface i in a medium, of a ray that comes from the front (or from behind).
static matrix reflect(const bt_lens_surface *s, uint32_t i, bool from_front)
{
    double index = from_front ? index_before(s, i) : s[i].index;
    double bend = 2.0 * index * curvature(&s[i]);
    return (matrix){1.0, 0.0, from_front ? bend : -bend, 1.0};
}

// From before surface i to the sensor.
static matrix rest(const bt_lens_surface *s, uint32_t i, uint32_t count)
{
    matrix m = unity;
    for (; i < count; i++) {
        m = then(m, refract(s, i));
        m = then(m, through(s[i].thickness_m, s[i].index));
    }
    return m;
}

// Through all in front of j, back by it to i, forth by that to the sensor.
static matrix pair(const bt_lens_surface *s, uint32_t i, uint32_t j, uint32_t count)
{
    matrix m = unity;
    for (uint32_t k = 0; k < j; k++) {
        m = then(m, refract(s, k));
        m = then(m, through(s[k].thickness_m, s[k].index));
    }
    m = then(m, reflect(s, j, true));
    for (uint32_t k = j - 1; k > i; k--) {
        m = then(m, through(s[k].thickness_m, s[k].index));
        m = then(m, refract(s, k));
    }
    m = then(m, through(s[i].thickness_m, s[i].index));
    m = then(m, reflect(s, i, false));
    m = then(m, through(s[i].thickness_m, s[i].index));
    return then(m, rest(s, i + 1, count));
}

static bt_status check(const bt_lens_surface *s, uint32_t count)
{
    if (count < 2 || count > BT_GHOST_MAX_SURFACES)
        return bt_fail(BT_ERR_INPUT, "lens.surfaces: %u surfaces; expected 2 to %d", count,
                       BT_GHOST_MAX_SURFACES);
    for (uint32_t i = 0; i < count; i++)
        if (!(s[i].index >= 1.0 && s[i].index <= 4.0 && s[i].thickness_m >= 0.0 &&
              s[i].reflectance >= 0.0 && s[i].reflectance < 1.0 && isfinite(s[i].radius_m)))
            return bt_fail(BT_ERR_INPUT,
                           "lens.surfaces[%u]: index %g (1 to 4), thickness %g (0 or more), "
                           "reflectance %g (0 to below 1), radius %g",
                           i + 1, s[i].index, s[i].thickness_m, s[i].reflectance, s[i].radius_m);
    return BT_OK;
}

static void insert(bt_ghost *ghosts, uint32_t *count, bt_ghost made)
{
    uint32_t at = *count < BT_GHOST_MAX ? (*count)++ : BT_GHOST_MAX - 1;
    if (at == BT_GHOST_MAX - 1 && ghosts[at].share >= made.share) return;
    for (; at > 0 && ghosts[at - 1].share < made.share; at--)
        ghosts[at] = ghosts[at - 1];
    ghosts[at] = made;
}

bt_status bt_ghosts_trace(const bt_lens_surface *s, uint32_t surface_count, double entrance_m,
                          double pupil_radius_m, double least, bt_ghost *ghosts, uint32_t *count,
                          double *focal_m)
{
    *count = 0;
    bt_status status = check(s, surface_count);
    if (status != BT_OK) return status;
    matrix direct = rest(s, 0, surface_count);
    *focal_m = direct.b - direct.a * entrance_m;
    if (!(fabs(*focal_m) > 1e-6))
        return bt_fail(BT_ERR_INPUT, "lens.surfaces: a focal length of %g m", *focal_m);
    for (uint32_t j = 1; j < surface_count; j++)
        for (uint32_t i = 0; i < j; i++) {
            // passes each of both once less on the direct way: R R instead of T T there and back
            matrix m = pair(s, i, j, surface_count);
            double share = s[i].reflectance * s[j].reflectance;
            for (uint32_t k = i + 1; k < j; k++) {
                double passed = 1.0 - s[k].reflectance;
                share *= passed * passed;
            }
            if (share < least || share <= 0.0) continue;
            insert(ghosts, count,
                   (bt_ghost){.scale = (m.b - m.a * entrance_m) / *focal_m,
                              .radius_m = fabs(m.a) * pupil_radius_m,
                              .share = share});
        }
    return BT_OK;
}

double bt_pane_double_angle(double wedge_rad, double incidence_rad, double index)
{
    double sine = sin(incidence_rad);
    return 2.0 * wedge_rad * sqrt(index * index - sine * sine) / cos(incidence_rad);
}

double bt_pane_double_ratio(double incidence_rad, double index)
{
    double c = cos(incidence_rad), sine = sin(incidence_rad) / index;
    double in = sqrt(1.0 - sine * sine);
    double s = (c - index * in) / (c + index * in), p = (index * c - in) / (index * c + in);
    double rs = s * s, rp = p * p, ts = (1.0 - rs) * (1.0 - rs), tp = (1.0 - rp) * (1.0 - rp);
    return (rs * rs * ts + rp * rp * tp) / (ts + tp);
}
