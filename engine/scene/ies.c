// ies.c: reads IES LM-63 files. ANSI/IESNA LM-63-2002 and its editions of 1986, 1991, 1995, 2019.
//
// Type C: planes C0 .. C360 about the downward axis, vertical angle from straight down.
// Type A: planes about the vertical axis, horizontal angle clockwise seen from above, vertical angle
//         the height over the horizon.
// Type B: planes about a level axis; the vertical angle names the plane, the horizontal one is the
//         angle from the plane across that axis, clockwise seen from above.
#include "engine/scene/photometry_text.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_HEADER_LINES 1000u
#define MAX_TILT_ANGLES 1000u

typedef enum ies_type { IES_C = 1, IES_B = 2, IES_A = 3 } ies_type;

typedef struct ies {
    bt_photometry_text text;
    bool edition_2002;  // and later: the last ballast number is no factor
    double tilt_factor; // at the luminaire's own tilt
    ies_type type;
    double scale; // of the candela
    uint32_t verticals, horizontals;
    double *vertical_deg, *horizontal_deg;
    double *cd; // (horizontals x verticals)
} ies;

static bool starts(const char *begin, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - begin) >= length && memcmp(begin, word, length) == 0;
}

// ---- tilt ---------------------------------------------------------------------------------------
// Lamp geometry, angles, factors: what the lamp gives at tilt 0 of the luminaire.
static double read_tilt(bt_photometry_text *t)
{
    double angle[MAX_TILT_ANGLES], factor[MAX_TILT_ANGLES];
    (void)bt_text_count(t, "lamp-to-luminaire geometry", 1, 3);
    uint32_t count = bt_text_count(t, "number of tilt angles", 1, MAX_TILT_ANGLES);
    bt_text_numbers(t, "tilt angle", -180.0, 360.0, angle, count);
    bt_text_numbers(t, "tilt factor", 0.0, 100.0, factor, count);
    if (t->status != BT_OK) return 1.0;
    uint32_t i = 0;
    for (uint32_t k = 1; k < count; k++) {
        if (!(angle[k] > angle[k - 1])) bt_text_fail(t, "tilt angles do not ascend");
        if (angle[k] <= 0.0) i = k;
    }
    if (angle[0] >= 0.0 || i + 1 == count) return factor[i];
    return bt_lerp(factor[i], factor[i + 1], -angle[i] / (angle[i + 1] - angle[i]));
}

// A name alone: files elsewhere are none of a photometric file's business.
static double read_tilt_file(bt_photometry_text *t, const char *begin, const char *end)
{
    char name[256], dir[4096], path[4096];
    size_t length = (size_t)(end - begin);
    if (length == 0 || length >= sizeof name || memchr(begin, '/', length) != NULL ||
        memchr(begin, '\0', length) != NULL || *begin == '.') {
        bt_text_fail(t, "TILT=%.*s: expected NONE, INCLUDE or the name of a file beside it",
                     (int)(length < 40 ? length : 40), begin);
        return 1.0;
    }
    memcpy(name, begin, length);
    name[length] = '\0';
    char *bytes = NULL;
    size_t count = 0;
    bt_status status = bt_path_dir(dir, sizeof dir, t->path);
    if (status == BT_OK) status = bt_path_join(path, sizeof path, dir, name);
    if (status == BT_OK) status = bt_file_read(path, BT_PHOTOMETRY_MAX_BYTES, &bytes, &count);
    if (status != BT_OK) {
        t->status = bt_fail_prefix(status, "%s:%u: TILT", t->path, t->line);
        return 1.0;
    }
    bt_photometry_text inner = {.path = path, .at = bytes, .end = bytes + count, .line = 1};
    double factor = read_tilt(&inner);
    t->status = inner.status;
    bt_free(bytes);
    return factor;
}

// ---- header -------------------------------------------------------------------------------------
static void read_header(ies *f)
{
    bt_photometry_text *t = &f->text;
    const char *begin, *end;
    f->tilt_factor = 1.0;
    for (uint32_t i = 0; i < MAX_HEADER_LINES && bt_text_line(t, &begin, &end); i++) {
        if (i == 0)
            f->edition_2002 =
                starts(begin, end, "IESNA:LM-63-2002") || starts(begin, end, "IES:LM-63-2019");
        if (!starts(begin, end, "TILT=")) continue;
        begin += 5;
        bool inside = starts(begin, end, "INCLUDE");
        if (!inside && !starts(begin, end, "NONE")) f->tilt_factor = read_tilt_file(t, begin, end);
        t->line++; // numbers count lines as they enter them
        if (inside) f->tilt_factor = read_tilt(t);
        return;
    }
    bt_text_fail(t, "no line TILT= among the first %u; expected an IES LM-63 file",
                 MAX_HEADER_LINES);
}

static void read_lamp(ies *f)
{
    bt_photometry_text *t = &f->text;
    (void)bt_text_count(t, "number of lamps", 0, 100000);
    (void)bt_text_number(t, "lumens per lamp", -1.0, 1e9); // -1: absolute photometry
    double multiplier = bt_text_number(t, "candela multiplier", 0.0, 1e9);
    f->verticals = bt_text_count(t, "number of vertical angles", 2, BT_PHOTOMETRY_MAX_ANGLES);
    f->horizontals = bt_text_count(t, "number of horizontal angles", 1, BT_PHOTOMETRY_MAX_ANGLES);
    f->type = (ies_type)bt_text_count(t, "photometric type", IES_C, IES_A);
    (void)bt_text_count(t, "units type", 1, 2); // feet or metres, of the opening alone
    double opening[3];
    bt_text_numbers(t, "luminous opening", -1e6, 1e6, opening, 3); // negative: round forms
    double ballast = bt_text_number(t, "ballast factor", 0.0, 1e3);
    double lamp_ballast = bt_text_number(t, "ballast-lamp photometric factor", 0.0, 1e3);
    (void)bt_text_number(t, "input watts", 0.0, 1e9);
    f->scale = multiplier * ballast * f->tilt_factor * (f->edition_2002 ? 1.0 : lamp_ballast);
}

// ---- table --------------------------------------------------------------------------------------
static void read_table(ies *f)
{
    bt_photometry_text *t = &f->text;
    size_t values = (size_t)f->verticals * f->horizontals;
    if (t->status != BT_OK) return;
    if (values > BT_PHOTOMETRY_MAX_VALUES) {
        bt_text_fail(t, "%zu values; at most %u", values, BT_PHOTOMETRY_MAX_VALUES);
        return;
    }
    f->vertical_deg = bt_alloc(f->verticals, sizeof *f->vertical_deg);
    f->horizontal_deg = bt_alloc(f->horizontals, sizeof *f->horizontal_deg);
    f->cd = bt_alloc(values, sizeof *f->cd);
    if (!f->vertical_deg || !f->horizontal_deg || !f->cd) {
        t->status = bt_fail(BT_ERR_MEMORY, "%s: no memory", t->path);
        return;
    }
    bt_text_numbers(t, "vertical angle", -180.0, 180.0, f->vertical_deg, f->verticals);
    bt_text_numbers(t, "horizontal angle", -180.0, 360.0, f->horizontal_deg, f->horizontals);
    bt_text_numbers(t, "candela", 0.0, BT_PHOTOMETRY_MAX_CD, f->cd, values);
    for (size_t i = 0; i < values; i++)
        f->cd[i] *= f->scale;
}

// ---- to a web -----------------------------------------------------------------------------------
static bool near(double a, double b)
{
    return fabs(a - b) < 1e-6;
}

// How much of the turn the horizontal angles of type C cover.
static bool symmetry_c(const ies *f, bt_web_symmetry *symmetry)
{
    double first = f->horizontal_deg[0], last = f->horizontal_deg[f->horizontals - 1];
    if (f->horizontals == 1) {
        *symmetry = BT_WEB_ROUND;
        return near(first, 0.0);
    }
    if (near(first, 90.0) && near(last, 270.0)) {
        *symmetry = BT_WEB_HALF;
        return true;
    }
    *symmetry = near(last, 90.0) ? BT_WEB_QUARTER : near(last, 180.0) ? BT_WEB_HALF : BT_WEB_WHOLE;
    return near(first, 0.0) && (last > 180.0 || *symmetry != BT_WEB_WHOLE);
}

static bt_status expand_c(ies *f, bt_photometric_web **web)
{
    bt_web_table table = {.axes = BT_AXES_LUMINAIRE,
                          .planes = f->horizontals,
                          .polars = f->verticals,
                          .plane_deg = f->horizontal_deg,
                          .polar_deg = f->vertical_deg,
                          .intensity_cd = f->cd};
    if (!symmetry_c(f, &table.symmetry)) {
        bt_text_fail(&f->text,
                     "horizontal angles go from %g to %g; type C expects 0 alone, or 0 to 90, 180 "
                     "or 360, or 90 to 270",
                     f->horizontal_deg[0], f->horizontal_deg[f->horizontals - 1]);
        return f->text.status;
    }
    return bt_photometry_expand(&table, web);
}

static void swap_rows(double *a, double *b, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        double kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

// Clockwise angles seen from above become counter-clockwise ones: planes in reverse.
static bt_status expand_a(ies *f, bt_photometric_web **web)
{
    uint32_t n = f->horizontals;
    for (uint32_t i = 0; i < f->verticals; i++)
        f->vertical_deg[i] += 90.0;
    for (uint32_t i = 0; i < n / 2; i++) {
        swap_rows(&f->horizontal_deg[i], &f->horizontal_deg[n - 1 - i], 1);
        swap_rows(f->cd + (size_t)i * f->verticals, f->cd + (size_t)(n - 1 - i) * f->verticals,
                  f->verticals);
    }
    for (uint32_t i = 0; i < n; i++)
        f->horizontal_deg[i] = -f->horizontal_deg[i];
    // angles from 0 on stand for both sides: reversed, their mirror is the last plane
    bool half = near(f->horizontal_deg[n - 1], 0.0);
    bt_web_table table = {.axes = BT_AXES_LUMINAIRE,
                          .symmetry = half ? BT_WEB_HALF : BT_WEB_PART,
                          .planes = n,
                          .polars = f->verticals,
                          .plane_deg = f->horizontal_deg,
                          .polar_deg = f->vertical_deg,
                          .intensity_cd = f->cd};
    return bt_photometry_expand(&table, web);
}

// The table's transpose: planes are the vertical angles. Rows from 0 on are mirrored to both sides.
static bt_status expand_b(ies *f, bt_photometric_web **web)
{
    bool half = near(f->horizontal_deg[0], 0.0);
    uint32_t n = f->horizontals, polars = half ? 2 * n - 1 : n;
    double *polar_deg = bt_alloc(polars, sizeof *polar_deg);
    double *cd = bt_alloc((size_t)polars * f->verticals, sizeof *cd);
    bt_status status = BT_OK;
    if (!polar_deg || !cd) status = bt_fail(BT_ERR_MEMORY, "%s: no memory", f->text.path);
    for (uint32_t i = 0; i < polars && status == BT_OK; i++) {
        uint32_t from = !half ? i : i < n - 1 ? n - 1 - i : i - (n - 1);
        double deg = half && i < n - 1 ? -f->horizontal_deg[from] : f->horizontal_deg[from];
        polar_deg[i] = 90.0 + deg;
        for (uint32_t k = 0; k < f->verticals; k++)
            cd[(size_t)k * polars + i] = f->cd[(size_t)from * f->verticals + k];
    }
    bt_web_table table = {.axes = BT_AXES_SIDEWAYS,
                          .symmetry = BT_WEB_PART,
                          .planes = f->verticals,
                          .polars = polars,
                          .plane_deg = f->vertical_deg,
                          .polar_deg = polar_deg,
                          .intensity_cd = cd};
    if (status == BT_OK) status = bt_photometry_expand(&table, web);
    bt_free(polar_deg);
    bt_free(cd);
    return status;
}

// Angles of types A and B: a quarter or all of the front.
static void check_front(ies *f)
{
    const double *angles[2] = {f->vertical_deg, f->horizontal_deg};
    const uint32_t counts[2] = {f->verticals, f->horizontals};
    for (int i = 0; i < 2; i++) {
        double first = angles[i][0], last = angles[i][counts[i] - 1];
        if (counts[i] < 2 || first < -90.0 || last > 90.0 || (i == 1 && first > 0.0))
            bt_text_fail(&f->text,
                         "%s angles go from %g to %g; types A and B expect -90 or 0 to 90",
                         i == 0 ? "vertical" : "horizontal", first, last);
    }
}

static bt_status make_web(ies *f, bt_photometric_web **web)
{
    if (f->type != IES_C) check_front(f);
    if (f->text.status != BT_OK) return f->text.status;
    bt_status status = f->type == IES_C   ? expand_c(f, web)
                       : f->type == IES_A ? expand_a(f, web)
                                          : expand_b(f, web);
    if (status != BT_OK && f->text.status == BT_OK)
        status = bt_fail_prefix(status, "%s:%u", f->text.path, f->text.line);
    return status;
}

bt_status bt_ies_parse(const char *path, const char *text, size_t count, bt_photometric_web **web)
{
    *web = NULL;
    ies f = {.text = {.path = path, .at = text, .end = text + count}};
    read_header(&f);
    read_lamp(&f);
    read_table(&f);
    bt_status status = f.text.status == BT_OK ? make_web(&f, web) : f.text.status;
    bt_free(f.vertical_deg);
    bt_free(f.horizontal_deg);
    bt_free(f.cd);
    return status;
}

bt_status bt_ies_load(const char *path, bt_photometric_web **web)
{
    char *bytes = NULL;
    size_t count = 0;
    *web = NULL;
    bt_status status = bt_file_read(path, BT_PHOTOMETRY_MAX_BYTES, &bytes, &count);
    if (status == BT_OK) status = bt_ies_parse(path, bytes, count, web);
    bt_free(bytes);
    return status;
}
