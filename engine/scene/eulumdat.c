// eulumdat.c: reads EULUMDAT files (.ldt): one value a line, in a fixed order.
//
// Stockmar 1990, "EULUMDAT - ein Leuchtendatenformat fuer den europaeischen Beleuchtungsplaner".
#include "engine/scene/photometry_text.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"

#include <math.h>

#define MAX_LAMP_SETS 64u

typedef struct ldt {
    bt_photometry_text text;
    uint32_t symmetry;      // Isym
    uint32_t planes;        // Mc, of the full turn
    uint32_t polars;        // Ng
    double scale;           // candela over the table's numbers
    uint32_t first, stored; // planes that the table holds, from plane `first` of the full turn
    double *plane_deg;      // (planes)
    double *stored_deg;     // (stored)
    double *polar_deg;      // (polars)
    double *cd;             // (stored x polars)
} ldt;

static void skip(bt_photometry_text *t, uint32_t lines)
{
    const char *begin, *end;
    for (uint32_t i = 0; i < lines && t->status == BT_OK; i++)
        if (!bt_text_line(t, &begin, &end)) bt_text_fail(t, "the file ends too early");
}

static void read_head(ldt *f)
{
    bt_photometry_text *t = &f->text;
    skip(t, 1); // company
    (void)bt_text_line_count(t, "Ityp", 0, 3);
    f->symmetry = bt_text_line_count(t, "Isym", 0, 4);
    f->planes = bt_text_line_count(t, "Mc, the number of C planes", 1, BT_PHOTOMETRY_MAX_ANGLES);
    (void)bt_text_line_number(t, "Dc, the distance of C planes", 0.0, 360.0);
    f->polars = bt_text_line_count(t, "Ng, intensities per C plane", 2, BT_PHOTOMETRY_MAX_ANGLES);
    (void)bt_text_line_number(t, "Dg, the distance of intensities", 0.0, 180.0);
    skip(t, 5 + 9); // report, names, date; sizes of luminaire and luminous area
    (void)bt_text_line_number(t, "downward flux fraction", 0.0, 100.0);
    (void)bt_text_line_number(t, "light output ratio", 0.0, 1000.0);
    f->scale = bt_text_line_number(t, "conversion factor", 0.0, 1e6);
    (void)bt_text_line_number(t, "tilt during measurement", -360.0, 360.0);
}

// The sets are alternatives; the first one counts. Lamps below 0: absolute photometry.
static void read_lamps(ldt *f)
{
    bt_photometry_text *t = &f->text;
    uint32_t sets = bt_text_line_count(t, "number of sets of lamps", 1, MAX_LAMP_SETS);
    for (uint32_t i = 0; i < sets && t->status == BT_OK; i++) {
        (void)bt_text_line_number(t, "number of lamps", -1e5, 1e5);
        skip(t, 1); // type
        double flux_lm = bt_text_line_number(t, "flux of lamps", 0.0, 1e9);
        if (i == 0) f->scale *= flux_lm / 1000.0;
        skip(t, 3); // colour, rendering, watts
    }
    for (int i = 0; i < 10; i++)
        (void)bt_text_line_number(t, "direct ratio", -1e3, 1e3);
}

// Which planes are written down.
static void choose_planes(ldt *f)
{
    static const uint32_t divisor[5] = {1, 1, 2, 2, 4};
    uint32_t n = f->planes, by = divisor[f->symmetry];
    if (n % by != 0 || (f->symmetry == 3 && n % 4 != 0))
        bt_text_fail(&f->text, "%u C planes with Isym %u; expected a multiple of %u", n,
                     f->symmetry, f->symmetry >= 3 ? 4u : by);
    f->first = f->symmetry == 3 ? n / 4 * 3 : 0;
    f->stored = f->symmetry == 0 ? n : f->symmetry == 1 ? 1 : n / by + 1;
    if ((uint64_t)f->stored * f->polars > BT_PHOTOMETRY_MAX_VALUES)
        bt_text_fail(&f->text, "%u x %u values; at most %u", f->stored, f->polars,
                     BT_PHOTOMETRY_MAX_VALUES);
}

static void read_table(ldt *f)
{
    bt_photometry_text *t = &f->text;
    if (t->status != BT_OK) return;
    choose_planes(f);
    if (t->status != BT_OK) return;
    size_t values = (size_t)f->stored * f->polars;
    f->plane_deg = bt_alloc(f->planes, sizeof *f->plane_deg);
    f->stored_deg = bt_alloc(f->stored, sizeof *f->stored_deg);
    f->polar_deg = bt_alloc(f->polars, sizeof *f->polar_deg);
    f->cd = bt_alloc(values, sizeof *f->cd);
    if (!f->plane_deg || !f->stored_deg || !f->polar_deg || !f->cd) {
        t->status = bt_fail(BT_ERR_MEMORY, "%s: no memory", t->path);
        return;
    }
    for (uint32_t i = 0; i < f->planes; i++)
        f->plane_deg[i] = bt_text_line_number(t, "angle of a C plane", 0.0, 360.0);
    for (uint32_t i = 0; i < f->polars; i++)
        f->polar_deg[i] = bt_text_line_number(t, "angle gamma", 0.0, 180.0);
    for (size_t i = 0; i < values && t->status == BT_OK; i++)
        f->cd[i] = f->scale * bt_text_line_number(t, "intensity", 0.0, BT_PHOTOMETRY_MAX_CD);
}

static bt_status make_web(ldt *f, bt_photometric_web **web)
{
    static const bt_web_symmetry symmetries[5] = {BT_WEB_WHOLE, BT_WEB_ROUND, BT_WEB_HALF,
                                                  BT_WEB_HALF, BT_WEB_QUARTER};
    // on past C360 the angles go on growing
    for (uint32_t i = 0; i < f->stored; i++) {
        uint32_t plane = f->first + i;
        f->stored_deg[i] = f->plane_deg[plane % f->planes] + (plane >= f->planes ? 360.0 : 0.0);
    }
    bt_web_table table = {.axes = BT_AXES_LUMINAIRE,
                          .symmetry = symmetries[f->symmetry],
                          .planes = f->stored,
                          .polars = f->polars,
                          .plane_deg = f->stored_deg,
                          .polar_deg = f->polar_deg,
                          .intensity_cd = f->cd};
    bt_status status = bt_photometry_expand(&table, web);
    return status == BT_OK ? BT_OK : bt_fail_prefix(status, "%s:%u", f->text.path, f->text.line);
}

bt_status bt_eulumdat_parse(const char *path, const char *text, size_t count,
                            bt_photometric_web **web)
{
    *web = NULL;
    ldt f = {.text = {.path = path, .at = text, .end = text + count}};
    read_head(&f);
    read_lamps(&f);
    read_table(&f);
    bt_status status = f.text.status == BT_OK ? make_web(&f, web) : f.text.status;
    bt_free(f.plane_deg);
    bt_free(f.stored_deg);
    bt_free(f.polar_deg);
    bt_free(f.cd);
    return status;
}

bt_status bt_eulumdat_load(const char *path, bt_photometric_web **web)
{
    char *bytes = NULL;
    size_t count = 0;
    *web = NULL;
    bt_status status = bt_file_read(path, BT_PHOTOMETRY_MAX_BYTES, &bytes, &count);
    if (status == BT_OK) status = bt_eulumdat_parse(path, bytes, count, web);
    bt_free(bytes);
    return status;
}
