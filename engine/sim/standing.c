// standing.c: see standing.h.
#include "engine/sim/standing.h"

#include "engine/core/memory.h"

#include <math.h>
#include <string.h>

#define CELL_M 12.0
#define CELLS_MOST 65536.0
#define FLAT_M 0.02 // points so much alike deep are hit alike

// ---- cells ------------------------------------------------------------------------------------
typedef struct extent {
    double x0, y0, x1, y1;
} extent;

static extent extent_of(const bt_footprint *f)
{
    double c = fabs(bt_cos(f->yaw_rad)), s = fabs(bt_sin(f->yaw_rad));
    double x = c * f->half_length_m + s * f->half_width_m;
    double y = s * f->half_length_m + c * f->half_width_m;
    return (extent){f->x_m - x, f->y_m - y, f->x_m + x, f->y_m + y};
}

static uint32_t cell(double at, double from, double size, uint32_t count)
{
    double n = floor((at - from) / size);
    return n <= 0.0 ? 0u : n >= count ? count - 1 : (uint32_t)n;
}

typedef struct cells {
    uint32_t c0, r0, c1, r1;
} cells;

static cells cells_of(const bt_standing_field *f, const extent *e)
{
    return (cells){
        cell(e->x0, f->x0_m, f->cell_m, f->columns), cell(e->y0, f->y0_m, f->cell_m, f->rows),
        cell(e->x1, f->x0_m, f->cell_m, f->columns), cell(e->y1, f->y0_m, f->cell_m, f->rows)};
}

static void lay_out(bt_standing_field *f)
{
    extent all = {1e300, 1e300, -1e300, -1e300};
    for (uint32_t i = 0; i < f->count; i++) {
        extent e = extent_of(&f->things[i].box);
        all = (extent){fmin(all.x0, e.x0), fmin(all.y0, e.y0), fmax(all.x1, e.x1),
                       fmax(all.y1, e.y1)};
    }
    double wide = fmax(all.x1 - all.x0, 1.0), high = fmax(all.y1 - all.y0, 1.0);
    f->cell_m = fmax(CELL_M, sqrt(wide * high / CELLS_MOST));
    f->cell_m = fmax(f->cell_m, fmax(wide, high) / CELLS_MOST);
    f->x0_m = all.x0;
    f->y0_m = all.y0;
    f->columns = (uint32_t)(wide / f->cell_m) + 1;
    f->rows = (uint32_t)(high / f->cell_m) + 1;
}

// Counts what lies in each cell, or puts it there; the count must have been summed up then.
static void sort_in(bt_standing_field *f, bool put)
{
    for (uint32_t i = f->count; i-- > 0;) { // backwards: items are filled from their ends
        extent e = extent_of(&f->things[i].box);
        cells at = cells_of(f, &e);
        f->column[i] = at.c0;
        f->row[i] = at.r0;
        for (uint32_t r = at.r0; r <= at.r1; r++)
            for (uint32_t c = at.c0; c <= at.c1; c++) {
                uint32_t *n = &f->first[r * f->columns + c];
                if (put)
                    f->items[--*n] = i;
                else
                    ++*n;
            }
    }
}

static bt_status sort_all(bt_standing_field *f)
{
    size_t n = (size_t)f->columns * f->rows;
    f->first = bt_alloc(n + 1, sizeof *f->first);
    f->column = bt_alloc(f->count, sizeof *f->column);
    f->row = bt_alloc(f->count, sizeof *f->row);
    if (!f->first || !f->column || !f->row)
        return bt_fail(BT_ERR_MEMORY, "no memory for %u standing things", f->count);
    sort_in(f, false);
    for (size_t i = 1; i <= n; i++)
        f->first[i] += f->first[i - 1];
    f->items = bt_alloc(f->first[n], sizeof *f->items);
    if (!f->items) return bt_fail(BT_ERR_MEMORY, "no memory for %u standing things", f->count);
    sort_in(f, true);
    return BT_OK;
}

bt_status bt_standing_field_create(const bt_standing *things, uint32_t count,
                                   bt_standing_field *field)
{
    *field = (bt_standing_field){.count = count};
    if (count == 0) return BT_OK;
    field->things = bt_alloc(count, sizeof *things);
    if (!field->things) return bt_fail(BT_ERR_MEMORY, "no memory for %u standing things", count);
    memcpy(field->things, things, count * sizeof *things);
    lay_out(field);
    bt_status status = sort_all(field);
    if (status != BT_OK) bt_standing_field_clear(field);
    return status;
}

void bt_standing_field_clear(bt_standing_field *f)
{
    bt_free(f->things);
    bt_free(f->first);
    bt_free(f->items);
    bt_free(f->column);
    bt_free(f->row);
    *f = (bt_standing_field){0};
}

uint32_t bt_standing_near(const bt_standing_field *f, double x0, double y0, double x1, double y1,
                          uint32_t *things, uint32_t most)
{
    if (f->count == 0) return 0;
    uint32_t found = 0;
    extent asked = {x0, y0, x1, y1};
    cells at = cells_of(f, &asked);
    for (uint32_t r = at.r0; r <= at.r1; r++)
        for (uint32_t c = at.c0; c <= at.c1; c++)
            for (uint32_t k = f->first[r * f->columns + c];
                 k < f->first[r * f->columns + c + 1] && found < most; k++) {
                uint32_t i = f->items[k];
                // each from the first of the cells that it shares with what is asked for
                if (c != (f->column[i] > at.c0 ? f->column[i] : at.c0) ||
                    r != (f->row[i] > at.r0 ? f->row[i] : at.r0))
                    continue;
                extent e = extent_of(&f->things[i].box);
                if (e.x0 <= x1 && e.x1 >= x0 && e.y0 <= y1 && e.y1 >= y0) things[found++] = i;
            }
    return found;
}

// ---- rails ------------------------------------------------------------------------------------
// A corner of the box in the rail's axes: along it, and across on the owner's side.
typedef struct corner {
    double along, across;
} corner;

static corner corner_of(const bt_footprint *rail, const bt_footprint *box, int i, double side)
{
    static const double x[4] = {1.0, -1.0, -1.0, 1.0}, y[4] = {1.0, 1.0, -1.0, -1.0};
    double c = bt_cos(box->yaw_rad), s = bt_sin(box->yaw_rad);
    double px = x[i] * box->half_length_m, py = y[i] * box->half_width_m;
    double dx = box->x_m + px * c - py * s - rail->x_m, dy = box->y_m + px * s + py * c - rail->y_m;
    double rc = bt_cos(rail->yaw_rad), rs = bt_sin(rail->yaw_rad);
    return (corner){dx * rc + dy * rs, side * (-dx * rs + dy * rc)};
}

// The box's outline within the module: corners, and where edges leave it.
static int outline_within(const bt_footprint *rail, const bt_footprint *box, double side,
                          corner out[12])
{
    int count = 0;
    for (int i = 0; i < 4; i++) {
        corner a = corner_of(rail, box, i, side), b = corner_of(rail, box, (i + 1) % 4, side);
        const double ends[2] = {-rail->half_length_m, rail->half_length_m};
        if (fabs(a.along) <= rail->half_length_m) out[count++] = a;
        for (int k = 0; k < 2; k++) {
            if ((a.along - ends[k]) * (b.along - ends[k]) >= 0.0) continue;
            double u = (ends[k] - a.along) / (b.along - a.along);
            out[count++] = (corner){ends[k], a.across + u * (b.across - a.across)};
        }
    }
    return count;
}

bool bt_rail_touch_find(const bt_footprint *rail, const bt_footprint *box, double side,
                        bt_rail_touch *t)
{
    double nx = -bt_sin(rail->yaw_rad), ny = bt_cos(rail->yaw_rad);
    corner points[12];
    int count = outline_within(rail, box, side, points), deep = 0;
    double deepest = 1e300, along = 0.0;
    for (int i = 0; i < count; i++)
        deepest = fmin(deepest, points[i].across);
    double depth = rail->half_width_m - deepest;
    if (count == 0 || depth <= 0.0) return false;
    for (int i = 0; i < count; i++) {
        if (points[i].across > deepest + FLAT_M) continue;
        along += points[i].along;
        deep++;
    }
    along /= deep;
    double c = bt_cos(rail->yaw_rad), s = bt_sin(rail->yaw_rad), across = side * deepest;
    *t = (bt_rail_touch){rail->x_m + along * c - across * s, rail->y_m + along * s + across * c,
                         side * nx, side * ny, depth};
    return true;
}
