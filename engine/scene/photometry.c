// photometry.c: webs: symmetry written out, interpolation, flux.
#include "engine/scene/photometry.h"

#include "engine/core/memory.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define MAX_EXPANDED (4u * BT_PHOTOMETRY_MAX_ANGLES)

bt_status bt_photometry_create(uint32_t planes, uint32_t polars, bt_photometric_web **web)
{
    *web = NULL;
    if (planes < 2 || polars < 2 || planes > MAX_EXPANDED || polars > BT_PHOTOMETRY_MAX_ANGLES ||
        (uint64_t)planes * polars > 4u * BT_PHOTOMETRY_MAX_VALUES)
        return bt_fail(BT_ERR_LIMIT, "a photometric web of %u planes x %u angles", planes, polars);
    bt_photometric_web *w = bt_alloc(1, sizeof *w);
    if (w == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a photometric web");
    *w = (bt_photometric_web){.axes = BT_AXES_LUMINAIRE, .planes = planes, .polars = polars};
    w->plane_rad = bt_alloc(planes, sizeof *w->plane_rad);
    w->polar_rad = bt_alloc(polars, sizeof *w->polar_rad);
    w->intensity_cd = bt_alloc((size_t)planes * polars, sizeof *w->intensity_cd);
    if (w->plane_rad == NULL || w->polar_rad == NULL || w->intensity_cd == NULL) {
        bt_photometry_destroy(w);
        return bt_fail(BT_ERR_MEMORY, "no memory for a photometric web");
    }
    *web = w;
    return BT_OK;
}

void bt_photometry_destroy(bt_photometric_web *web)
{
    if (web == NULL) return;
    bt_free(web->plane_rad);
    bt_free(web->polar_rad);
    bt_free(web->intensity_cd);
    bt_free(web);
}

// ---- symmetry -----------------------------------------------------------------------------------
// Planes of a full lamp: each at an angle, showing a row of the table.
typedef struct plane_list {
    double deg[MAX_EXPANDED];
    uint32_t row[MAX_EXPANDED];
    uint32_t count;
} plane_list;

static void add_plane(plane_list *l, double deg, uint32_t row)
{
    if (l->count == MAX_EXPANDED) return;
    l->deg[l->count] = deg;
    l->row[l->count++] = row;
}

// All planes but the last again, in reverse, beyond it.
static void mirror_at_last(plane_list *l)
{
    double about_deg = l->deg[l->count - 1];
    for (uint32_t i = l->count - 1; i-- > 0;)
        add_plane(l, 2.0 * about_deg - l->deg[i], l->row[i]);
}

static void list_planes(const bt_web_table *t, plane_list *l)
{
    l->count = 0;
    if (t->symmetry == BT_WEB_ROUND) {
        add_plane(l, 0.0, 0);
        add_plane(l, 360.0, 0);
        return;
    }
    for (uint32_t i = 0; i < t->planes; i++)
        add_plane(l, t->plane_deg[i], i);
    if (t->symmetry == BT_WEB_HALF || t->symmetry == BT_WEB_QUARTER) mirror_at_last(l);
    if (t->symmetry == BT_WEB_QUARTER) mirror_at_last(l);
    double missing = 360.0 - (l->deg[l->count - 1] - l->deg[0]);
    if (t->symmetry == BT_WEB_WHOLE && missing > 1e-9) add_plane(l, l->deg[0] + 360.0, l->row[0]);
}

// ---- checks -------------------------------------------------------------------------------------
static bt_status check_angles(const char *what, const double *angle, uint32_t count, double low,
                              double high, double unit)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!(angle[i] >= low && angle[i] <= high))
            return bt_fail(BT_ERR_INPUT, "%s angle %u is %g; expected %g to %g degrees", what,
                           i + 1, angle[i] * unit, low * unit, high * unit);
        if (i > 0 && !(angle[i] > angle[i - 1]))
            return bt_fail(BT_ERR_INPUT, "%s angle %u is %g after %g; expected ascending degrees",
                           what, i + 1, angle[i] * unit, angle[i - 1] * unit);
    }
    return BT_OK;
}

static bt_status check_values(const double *cd, size_t planes, size_t polars)
{
    for (size_t i = 0; i < planes * polars; i++)
        if (!(cd[i] >= 0.0 && cd[i] <= BT_PHOTOMETRY_MAX_CD))
            return bt_fail(BT_ERR_INPUT,
                           "intensity is %g cd in plane %zu at angle %zu; expected 0 to %g", cd[i],
                           i / polars + 1, i % polars + 1, BT_PHOTOMETRY_MAX_CD);
    return BT_OK;
}

static bool is_frame(const bt_web_axes *a)
{
    double worst =
        fmax(fabs(bt_vec3_dot(a->pole, a->zero)),
             fmax(fabs(bt_vec3_dot(a->pole, a->ninety)), fabs(bt_vec3_dot(a->zero, a->ninety))));
    worst = fmax(worst, fabs(bt_vec3_length(a->pole) - 1.0));
    worst = fmax(worst, fabs(bt_vec3_length(a->zero) - 1.0));
    return fmax(worst, fabs(bt_vec3_length(a->ninety) - 1.0)) < 1e-6;
}

bt_status bt_photometry_check(const bt_photometric_web *w)
{
    const double turn = 2.0 * BT_PI, slack = 1e-9;
    if (w->planes < 2 || w->polars < 2)
        return bt_fail(BT_ERR_INPUT, "a photometric web of %u planes x %u angles", w->planes,
                       w->polars);
    bt_status status =
        check_angles("plane", w->plane_rad, w->planes, -turn, 2.0 * turn, 1.0 / BT_RAD_PER_DEG);
    if (status == BT_OK)
        status = check_angles("polar", w->polar_rad, w->polars, 0.0, BT_PI + slack,
                              1.0 / BT_RAD_PER_DEG);
    if (status == BT_OK) status = check_values(w->intensity_cd, w->planes, w->polars);
    if (status != BT_OK) return status;
    if (w->plane_rad[w->planes - 1] - w->plane_rad[0] > turn + slack)
        return bt_fail(BT_ERR_INPUT, "planes span %g degrees; at most 360",
                       (w->plane_rad[w->planes - 1] - w->plane_rad[0]) * 1.0 / BT_RAD_PER_DEG);
    if (!is_frame(&w->axes))
        return bt_fail(BT_ERR_INPUT, "the axes of a photometric web are no frame");
    return BT_OK;
}

static bt_status check_table(const bt_web_table *t)
{
    uint32_t least = t->symmetry == BT_WEB_ROUND ? 1u : 2u;
    if (t->planes < least || t->planes > BT_PHOTOMETRY_MAX_ANGLES || t->polars < 2 ||
        t->polars > BT_PHOTOMETRY_MAX_ANGLES ||
        (uint64_t)t->planes * t->polars > BT_PHOTOMETRY_MAX_VALUES)
        return bt_fail(BT_ERR_LIMIT,
                       "%u planes x %u angles; expected %u to %u planes, 2 to %u angles, %u values",
                       t->planes, t->polars, least, BT_PHOTOMETRY_MAX_ANGLES,
                       BT_PHOTOMETRY_MAX_ANGLES, BT_PHOTOMETRY_MAX_VALUES);
    bt_status status = check_angles("plane", t->plane_deg, t->planes, -360.0, 720.0, 1.0);
    if (status == BT_OK) status = check_angles("polar", t->polar_deg, t->polars, 0.0, 180.0, 1.0);
    if (status == BT_OK) status = check_values(t->intensity_cd, t->planes, t->polars);
    return status;
}

bt_status bt_photometry_expand(const bt_web_table *table, bt_photometric_web **web)
{
    *web = NULL;
    bt_status status = check_table(table);
    if (status != BT_OK) return status;
    plane_list *list = bt_alloc(1, sizeof *list);
    if (list == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a photometric web");
    list_planes(table, list);
    bt_photometric_web *w = NULL;
    status = bt_photometry_create(list->count, table->polars, &w);
    for (uint32_t i = 0; status == BT_OK && i < list->count; i++) {
        w->plane_rad[i] = list->deg[i] * BT_RAD_PER_DEG;
        memcpy(w->intensity_cd + (size_t)i * w->polars,
               table->intensity_cd + (size_t)list->row[i] * w->polars,
               w->polars * sizeof *w->intensity_cd);
    }
    bt_free(list);
    if (status != BT_OK) return status;
    w->axes = table->axes;
    for (uint32_t i = 0; i < w->polars; i++)
        w->polar_rad[i] = table->polar_deg[i] * BT_RAD_PER_DEG;
    status = bt_photometry_check(w);
    if (status != BT_OK) {
        bt_photometry_destroy(w);
        return status;
    }
    *web = w;
    return BT_OK;
}

// ---- reading ------------------------------------------------------------------------------------
// The interval that holds x, and how far into it; false outside.
static bool find_interval(const double *angle, uint32_t count, double x, uint32_t *index, double *u)
{
    const double slack = 1e-9; // degrees do not come out even in radians
    if (!(x >= angle[0] - slack && x <= angle[count - 1] + slack)) return false;
    uint32_t low = 0, high = count - 1;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (angle[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    *index = low;
    *u = bt_clamp((x - angle[low]) / (angle[low + 1] - angle[low]), 0.0, 1.0);
    return true;
}

double bt_photometry_at(const bt_photometric_web *w, bt_vec3 dir)
{
    double x = bt_vec3_dot(dir, w->axes.zero), y = bt_vec3_dot(dir, w->axes.ninety);
    double polar = bt_atan2(sqrt(x * x + y * y), bt_vec3_dot(dir, w->axes.pole));
    double plane = bt_atan2(y, x);
    while (plane < w->plane_rad[0])
        plane += 2.0 * BT_PI;
    while (plane >= w->plane_rad[0] + 2.0 * BT_PI)
        plane -= 2.0 * BT_PI;
    uint32_t p, g;
    double u, v;
    if (!find_interval(w->plane_rad, w->planes, plane, &p, &u)) return 0.0;
    if (!find_interval(w->polar_rad, w->polars, polar, &g, &v)) return 0.0;
    const double *a = w->intensity_cd + (size_t)p * w->polars + g, *b = a + w->polars;
    return bt_lerp(bt_lerp(a[0], a[1], v), bt_lerp(b[0], b[1], v), u);
}

// The integral of I sin(gamma) over one plane, exact where I is linear in gamma.
static double plane_flux(const bt_photometric_web *w, uint32_t plane)
{
    const double *cd = w->intensity_cd + (size_t)plane * w->polars;
    double sum = 0.0;
    for (uint32_t i = 0; i + 1 < w->polars; i++) {
        double from = w->polar_rad[i], to = w->polar_rad[i + 1], step = to - from;
        double flat = bt_cos(from) - bt_cos(to);
        double slope = bt_sin(to) - bt_sin(from) - step * bt_cos(to);
        sum += cd[i] * flat + (cd[i + 1] - cd[i]) / step * slope;
    }
    return sum;
}

double bt_photometry_flux_lm(const bt_photometric_web *w)
{
    double sum = 0.0, before = plane_flux(w, 0);
    for (uint32_t i = 1; i < w->planes; i++) {
        double here = plane_flux(w, i);
        sum += 0.5 * (before + here) * (w->plane_rad[i] - w->plane_rad[i - 1]);
        before = here;
    }
    return sum;
}

double bt_photometry_peak_cd(const bt_photometric_web *w)
{
    double peak = 0.0;
    for (size_t i = 0; i < (size_t)w->planes * w->polars; i++)
        peak = fmax(peak, w->intensity_cd[i]);
    return peak;
}

bt_status bt_photometry_load(const char *path, bt_photometric_web **web)
{
    *web = NULL;
    size_t length = strlen(path);
    const char *end = length >= 4 ? path + length - 4 : path;
    if (strcasecmp(end, ".ies") == 0) return bt_ies_load(path, web);
    if (strcasecmp(end, ".ldt") == 0) return bt_eulumdat_load(path, web);
    return bt_fail(BT_ERR_INPUT, "'%s': expected a photometric file, .ies or .ldt", path);
}
