// pupil.c: see pupil.h.
#include "sensors/camera/optics/pupil.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/math/pose.h"

// ---- Zernike polynomials ----------------------------------------------------------------------
// Noll's order: n ascending, within it m ascending; even j have cosines.
static void noll_orders(uint32_t noll, uint32_t *n, uint32_t *m)
{
    *n = 0;
    uint32_t before = 0; // polynomials of lower n
    while (before + *n + 1 < noll) {
        before += *n + 1;
        (*n)++;
    }
    uint32_t place = noll - before; // 1 ..
    *m = *n % 2 == 0 ? 2 * (place / 2) : 2 * ((place - 1) / 2) + 1;
}

static double factorial(uint32_t n)
{
    double product = 1.0;
    for (uint32_t i = 2; i <= n; i++)
        product *= i;
    return product;
}

static double radial(uint32_t n, uint32_t m, double r)
{
    double sum = 0.0;
    for (uint32_t s = 0; s <= (n - m) / 2; s++) {
        double sign = s % 2 == 0 ? 1.0 : -1.0;
        sum += sign * factorial(n - s) * pow(r, (double)(n - 2 * s)) /
               (factorial(s) * factorial((n + m) / 2 - s) * factorial((n - m) / 2 - s));
    }
    return sum;
}

uint32_t bt_zernike_order(uint32_t noll)
{
    uint32_t n, m;
    noll_orders(noll, &n, &m);
    return m;
}

double bt_zernike(uint32_t noll, double x, double y)
{
    uint32_t n, m;
    noll_orders(noll, &n, &m);
    double value = sqrt(n + 1.0) * radial(n, m, hypot(x, y));
    if (m == 0) return value;
    double turn = m * atan2(y, x);
    return sqrt(2.0) * value * (noll % 2 == 0 ? cos(turn) : sin(turn));
}

// ---- what is open -----------------------------------------------------------------------------
double bt_pupil_clip(double share)
{
    // area common to two unit discs d apart: 2 acos(d/2) - d/2 sqrt(4 - d^2)
    double low = 0.0, high = 2.0;
    for (int step = 0; step < 60; step++) {
        double d = 0.5 * (low + high);
        double common = (2.0 * acos(0.5 * d) - 0.5 * d * sqrt(4.0 - d * d)) / BT_PI;
        if (common > share)
            low = d;
        else
            high = d;
    }
    return 0.5 * (low + high);
}

// Share of a cell inside an edge whose signed distance, positive outside, is d: cells overlap, weighted
// by a triangle of two cells, so that what is finer than cells does not come back as something coarse.
static double inside(double d, double cell)
{
    double t = bt_clamp(-d / cell, -1.0, 1.0);
    return t < 0.0 ? 0.5 * (1.0 + t) * (1.0 + t) : 1.0 - 0.5 * (1.0 - t) * (1.0 - t);
}

static double length(double x, double y)
{
    return sqrt(x * x + y * y);
}

// A triangle's blades are 0.78 from the middle and its corners 1.56; those of more blades lie between.
static double outline(const bt_exit_pupil *pupil, double x, double y)
{
    double r = length(x, y);
    if (pupil->blades < 3 || r < 0.7 || r > 1.6) return r - 1.0; // sure, whatever the blades
    // the blade whose normal is nearest; apothem of the polygon of area pi
    double sector = 2.0 * BT_PI / pupil->blades;
    double apothem = sqrt(BT_PI / (pupil->blades * tan(0.5 * sector)));
    double turn = atan2(y, x) - pupil->blade_rotation_rad;
    turn -= sector * floor(turn / sector + 0.5);
    return r * cos(turn) - apothem;
}

double bt_pupil_open(const bt_exit_pupil *pupil, double x, double y, double cell)
{
    double open = inside(outline(pupil, x, y), cell);
    if (pupil->clip_x != 0.0 || pupil->clip_y != 0.0)
        open = fmin(open, inside(outline(pupil, x - pupil->clip_x, y - pupil->clip_y), cell));
    if (pupil->obscuration > 0.0) open *= 1.0 - inside(length(x, y) - pupil->obscuration, cell);
    return open;
}

// Share of a cell that a scratch covers: what is inside its outer edge and not inside its inner one.
double bt_pupil_covered(const bt_pupil_scratch *s, double x, double y, double cell)
{
    double y_off = y - s->y0, u = x - s->x0 + s->shear * y_off, v = s->stretch * y_off;
    double distance = hypot(u, v);
    if (!(distance > 0.0)) return 0.0;
    // how fast the distance from the circle grows across the scratch in the pupil's own plane
    double slope = hypot(u, u * s->shear + v * s->stretch) / distance;
    double across = (distance - s->radius) / slope, half = 0.5 * s->width / slope;
    return inside(across - half, cell) - inside(across + half, cell);
}

// ---- phase ------------------------------------------------------------------------------------
double bt_pupil_wavefront(const bt_exit_pupil *pupil, double x, double y)
{
    double c = cos(pupil->field_rad), s = sin(pupil->field_rad);
    double along = c * x + s * y, across = c * y - s * x;
    double sum = pupil->focus_shift_m * (x * x + y * y) / (8.0 * pupil->f_number * pupil->f_number);
    for (uint32_t i = 0; i < pupil->zernike_count; i++) {
        const bt_pupil_zernike *z = &pupil->zernikes[i];
        double h = pupil->field;
        double grown = bt_zernike_order(z->noll) == 1 ? h : h * h;
        double metres = z->axis_m + z->edge_m * grown;
        if (metres != 0.0) sum += metres * bt_zernike(z->noll, along, across);
    }
    return sum;
}

double bt_pupil_steepest(const bt_exit_pupil *pupil, double cell)
{
    double most = 0.0;
    for (int i = 0; i < 64; i++) {
        double turn = BT_PI * i / 32.0, c = cos(turn), s = sin(turn);
        double step = bt_pupil_wavefront(pupil, c, s) -
                      bt_pupil_wavefront(pupil, c * (1.0 - cell), s * (1.0 - cell));
        most = fmax(most, fabs(step));
    }
    return most;
}

// ---- point spread -----------------------------------------------------------------------------
// Takes a scratch from the cells of a row between two places.
static void scratch_cells(const bt_pupil_grid *g, const bt_pupil_scratch *s, int j, double x0,
                          double x1)
{
    int from = (int)fmax(floor(x0 / g->cell), -g->reach);
    int to = (int)fmin(ceil(x1 / g->cell), g->reach);
    size_t middle = (size_t)(j + g->reach) * (size_t)(2 * g->reach + 1) + (size_t)g->reach;
    double *row = g->open + middle, *power = g->power + middle;
    double *side = g->side ? g->side + middle : NULL;
    // a share covered leaves 1 - (1 - t) of the amplitude, t what the scratch passes
    double t = sqrt(fmax(1.0 - s->loss, 0.0)), re = 1.0 - t * cos(s->bend_rad);
    double im = -t * sin(s->bend_rad);
    for (int i = from; i <= to; i++)
        if (power[i] > 0.0) {
            double covered = bt_pupil_covered(s, i * g->cell, j * g->cell, g->cell);
            double x = row[i], y = side ? side[i] : 0.0;
            row[i] = x * (1.0 - re * covered) + y * im * covered;
            if (side) side[i] = y * (1.0 - re * covered) - x * im * covered;
            power[i] *= 1.0 - s->loss * covered;
        }
}

// A row meets the scratch's circle in up to two places, which merge near its top.
static void scratch_row(const bt_pupil_grid *g, const bt_pupil_scratch *s, int j)
{
    double y_off = j * g->cell - s->y0, v = s->stretch * y_off;
    double base = s->x0 - s->shear * y_off; // x where u = 0
    // a cell may touch while its middle is this far away, in the pane's own plane
    double margin = 0.5 * s->width + 2.0 * g->cell * fmax(hypot(s->stretch, s->shear), 1.0);
    double outer = s->radius + margin, inner = fmax(s->radius - margin, 0.0);
    if (fabs(v) >= outer) return;
    double far_u = sqrt(outer * outer - v * v);
    double near_u = fabs(v) < inner ? sqrt(inner * inner - v * v) : 0.0;
    if (near_u < 2.0 * g->cell) {
        scratch_cells(g, s, j, base - far_u, base + far_u);
        return;
    }
    scratch_cells(g, s, j, base - far_u, base - near_u);
    scratch_cells(g, s, j, base + near_u, base + far_u);
}

// Cells blur edges by their triangle, of a variance of a sixth of a cell: amplitudes less a twelfth of the second
// differences are those of sharp edges, to second order. Beyond an edge they overshoot by a cell.
static double sharp_at(const double *amplitudes, size_t at, size_t side)
{
    const double *p = amplitudes + at;
    double around = p[-1] + p[1] + *(p - side) + p[side];
    return p[0] - (around - 4.0 * p[0]) / 12.0;
}

static bool is_near_open(const bt_pupil_grid *g, size_t at, size_t side)
{
    const double *p = g->power + at;
    return p[0] > 0.0 || p[-1] > 0.0 || p[1] > 0.0 || *(p - side) > 0.0 || p[side] > 0.0;
}

static void fill_wavefront(const bt_exit_pupil *pupil, bt_pupil_grid *g)
{
    int reach = g->reach;
    size_t side = 2 * (size_t)reach + 1;
    for (int j = 1 - reach; j < reach; j++)
        for (int i = 1 - reach; i < reach; i++) {
            size_t at = (size_t)(j + reach) * side + (size_t)(i + reach);
            if (is_near_open(g, at, side))
                g->wave_m[at] = bt_pupil_wavefront(pupil, i * g->cell, j * g->cell);
        }
}

static void fill_grid(const bt_exit_pupil *pupil, bt_pupil_grid *g)
{
    size_t at = 0;
    for (int j = -g->reach; j <= g->reach; j++)
        for (int i = -g->reach; i <= g->reach; i++, at++) {
            double open = bt_pupil_open(pupil, i * g->cell, j * g->cell, g->cell);
            g->open[at] = g->power[at] = open;
            g->bare += open;
        }
    if (g->wave_m) fill_wavefront(pupil, g);
    for (uint32_t k = 0; k < pupil->scratch_count; k++)
        for (int j = -g->reach; j <= g->reach; j++)
            scratch_row(g, &pupil->scratches[k], j);
    double passed = 0.0;
    for (size_t i = 0; i < at; i++)
        passed += g->power[i];
    g->passed = g->bare > 0.0 ? passed / g->bare : 0.0;
}

bt_status bt_pupil_grid_init(const bt_exit_pupil *pupil, double across, bool flat,
                             bt_pupil_grid *grid)
{
    *grid = (bt_pupil_grid){.reach = (int)ceil(BT_PUPIL_EXTENT * across), .cell = 1.0 / across};
    grid->focus = 1.0 / (8.0 * pupil->f_number * pupil->f_number);
    size_t side = 2 * (size_t)grid->reach + 1;
    grid->open = bt_alloc(side * side, sizeof *grid->open);
    grid->power = bt_alloc(side * side, sizeof *grid->power);
    bool bends = false;
    for (uint32_t i = 0; i < pupil->scratch_count; i++)
        bends = bends || pupil->scratches[i].bend_rad != 0.0;
    if (bends) grid->side = bt_alloc(side * side, sizeof *grid->side);
    if (!flat) grid->wave_m = bt_alloc(side * side, sizeof *grid->wave_m);
    if (!grid->open || !grid->power || (!flat && !grid->wave_m) || (bends && !grid->side)) {
        bt_pupil_grid_clear(grid);
        return bt_fail(BT_ERR_MEMORY, "no memory for a pupil of %zu cells", side * side);
    }
    fill_grid(pupil, grid);
    return BT_OK;
}

// Slope per cell of a tilt with the phase that the transfer has between cells `apart` along x or y.
static double slope_seen(const bt_pupil_grid *g, double lambda_m, int apart, size_t stride)
{
    size_t side = 2 * (size_t)g->reach + 1, off = (size_t)apart * stride;
    double re = 0.0, im = 0.0;
    for (size_t i = 0; i + off < side * side; i++) {
        double weight = g->power[i] * g->power[i + off];
        if (!(weight > 0.0)) continue;
        double turn = 2.0 * BT_PI * (g->wave_m[i + off] - g->wave_m[i]) / lambda_m;
        re += weight * cos(turn);
        im += weight * sin(turn);
    }
    return atan2(im, re) * lambda_m / (2.0 * BT_PI * apart);
}

void bt_pupil_grid_center(bt_pupil_grid *g, double lambda_m, double frequency)
{
    size_t side = 2 * (size_t)g->reach + 1;
    int apart = (int)bt_clamp(frequency / g->cell + 0.5, 1.0, 1.0 / g->cell);
    double along_x = slope_seen(g, lambda_m, apart, 1);
    double along_y = slope_seen(g, lambda_m, apart, side);
    for (size_t i = 0; i < side * side; i++)
        g->wave_m[i] -=
            along_x * ((double)(i % side) - g->reach) + along_y * ((double)(i / side) - g->reach);
}

void bt_pupil_grid_clear(bt_pupil_grid *grid)
{
    bt_free(grid->open);
    bt_free(grid->power);
    bt_free(grid->side);
    bt_free(grid->wave_m);
    *grid = (bt_pupil_grid){0};
}

// The transform's plane: the image's middle comes to (n/2, n/2) by a factor of -1 from cell to cell.
static void fill_plane(const bt_pupil_grid *g, double lambda_m, double focus_shift_m, uint32_t n,
                       double *plane)
{
    int size = (int)n, reach = g->reach;
    size_t side = 2 * (size_t)reach + 1;
    double focus = g->focus * g->cell * g->cell * focus_shift_m;
    for (int j = 1 - reach; j < reach; j++)
        for (int i = 1 - reach; i < reach; i++) {
            size_t from = (size_t)(j + reach) * side + (size_t)(i + reach);
            if (!is_near_open(g, from, side)) continue;
            double *at =
                plane + 2 * ((size_t)((j + size) % size) * n + (size_t)((i + size) % size));
            double sign = (i + j) % 2 == 0 ? 1.0 : -1.0, a = sign * sharp_at(g->open, from, side);
            double b = g->side ? sign * sharp_at(g->side, from, side) : 0.0;
            double wave_m = focus * (i * i + j * j) + (g->wave_m ? g->wave_m[from] : 0.0);
            double turn = wave_m != 0.0 ? 2.0 * BT_PI * wave_m / lambda_m : 0.0;
            double c = cos(turn), sine = sin(turn);
            at[0] = a * c - b * sine;
            at[1] = a * sine + b * c;
        }
}

// Amplitudes at q cycles per radius have lost sinc^2(q cell) to the cells' triangle; what sharpened edges have not
// made up for is given back. (x, y): q in units of 1 / (2 cell), the table's side.
static double given_back(double x, double y)
{
    double within = 0.5 * BT_PI * fmin(length(x, y), 1.0);
    double sinc = within > 0.0 ? sin(within) / within : 1.0;
    double a = sin(0.5 * BT_PI * x), b = sin(0.5 * BT_PI * y);
    double left = sinc * sinc * (1.0 + (a * a + b * b) / 3.0);
    return 1.0 / (left * left);
}

// Parseval: the energies of the transform add up to n^2 times the pupil's. Energies take the place of
// the plane's real parts.
static void square(uint32_t n, double bare, double *plane)
{
    uint32_t half = n / 2;
    double scale = 1.0 / (bare * n * n);
    for (uint32_t j = 0; j <= half; j++)
        for (uint32_t i = 0; i <= half; i++) {
            double factor = scale * given_back((double)i / half, (double)j / half);
            // as far from the middle on all four sides; where two are one, once
            uint32_t across = i > 0 && i < half ? 2 : 1, down = j > 0 && j < half ? 2 : 1;
            for (uint32_t c = 0; c < 2 * down; c++) {
                if (c % 2 >= across) continue;
                uint32_t x = c % 2 ? half + i : half - i, y = c / 2 ? half + j : half - j;
                double *u = plane + 2 * ((size_t)y * n + x);
                u[0] = (u[0] * u[0] + u[1] * u[1]) * factor;
            }
        }
}

// Sums are later read as if each point's energy lay evenly over its cell, a blur of sinc(f step);
// less a 24th of the second differences it is none to second order.
static double sharpened(const double *plane, uint32_t n, uint32_t i, uint32_t j)
{
    const double *u = plane + 2 * ((size_t)j * n + i);
    if (i == 0 || j == 0 || i + 1 == n || j + 1 == n) return u[0];
    size_t row = 2 * (size_t)n;
    double around = u[2] + u[-2] + u[row] + *(u - row);
    return u[0] - (around - 4.0 * u[0]) / 24.0;
}

static void add_up(const double *plane, uint32_t n, double *sums)
{
    size_t stride = (size_t)n + 1;
    for (uint32_t j = 0; j < n; j++) {
        double row = 0.0;
        for (uint32_t i = 0; i < n; i++) {
            row += sharpened(plane, n, i, j);
            sums[(j + 1) * stride + i + 1] = sums[j * stride + i + 1] + row;
        }
    }
}

static void clear_imaginary(double *plane, size_t count)
{
    for (size_t i = 0; i < count; i++)
        plane[2 * i + 1] = 0.0;
}

bt_status bt_spread_table_init(const bt_pupil_grid *grid, double lambda_m, double focus_shift_m,
                               const bt_fourier *fourier, uint32_t n, bool transfer,
                               bt_spread_table *table)
{
    *table = (bt_spread_table){.n = n, .step = 1.0 / (grid->cell * n)};
    double *plane = bt_alloc((size_t)n * n, 2 * sizeof *plane);
    table->sums = bt_alloc((size_t)(n + 1) * (n + 1), sizeof *table->sums);
    if (!plane || !table->sums) {
        bt_free(plane);
        bt_spread_table_clear(table);
        return bt_fail(BT_ERR_MEMORY, "no memory for a point spread of %u x %u", n, n);
    }
    fill_plane(grid, lambda_m, focus_shift_m, n, plane);
    bt_fourier_forward(fourier, plane);
    if (grid->bare > 0.0) {
        square(n, grid->bare, plane);
        add_up(plane, n, table->sums);
    }
    table->passed = grid->passed;
    if (transfer) {
        clear_imaginary(plane, (size_t)n * n);
        bt_fourier_forward(fourier, plane);
        table->transfer = plane;
    } else {
        bt_free(plane);
    }
    return BT_OK;
}

void bt_spread_table_clear(bt_spread_table *table)
{
    bt_free(table->sums);
    bt_free(table->transfer);
    *table = (bt_spread_table){0};
}

// Weights of four neighbours, the second one u before the place: Keys 1981, "Cubic convolution interpolation for
// digital image processing", which keeps parabolas. A straight line would dim the picture away from its middle.
static void cubic(double u, double weight[4])
{
    weight[0] = u * (-0.5 + u * (1.0 - 0.5 * u));
    weight[1] = 1.0 + u * u * (-2.5 + 1.5 * u);
    weight[2] = u * (0.5 + u * (2.0 - 1.5 * u));
    weight[3] = u * u * (-0.5 + 0.5 * u);
}

void bt_spread_table_transfer(const bt_spread_table *table, double fx, double fy, double out[2])
{
    int n = (int)table->n;
    double x = fx * table->step * n, y = fy * table->step * n, across[4], down[4];
    int first_x = (int)floor(x) - 1, first_y = (int)floor(y) - 1;
    cubic(x - floor(x), across);
    cubic(y - floor(y), down);
    out[0] = out[1] = 0.0;
    // two pupils so far apart have nothing in common
    if (fmax(fabs(x), fabs(y)) > 0.5 * n) return;
    for (int j = 0; j < 4; j++)
        for (int i = 0; i < 4; i++) {
            int k = first_x + i, l = first_y + j;
            double weight = across[i] * down[j];
            if ((k + l) % 2 != 0) weight = -weight; // the image's middle is at (n/2, n/2)
            const double *at =
                table->transfer + 2 * ((size_t)((l + n) % n) * table->n + (size_t)((k + n) % n));
            out[0] += weight * at[0];
            out[1] += weight * at[1];
        }
}

static double sum_before(const bt_spread_table *table, double x, double y)
{
    double n = table->n;
    // point i stands for the cell of half a step on either side
    double at_x = bt_clamp(x / table->step + 0.5 * n + 0.5, 0.0, n);
    double at_y = bt_clamp(y / table->step + 0.5 * n + 0.5, 0.0, n);
    uint32_t i = (uint32_t)fmin(at_x, n - 1.0), j = (uint32_t)fmin(at_y, n - 1.0);
    double u = at_x - i, v = at_y - j;
    const double *s = table->sums + (size_t)j * (table->n + 1) + i;
    const double *t = s + table->n + 1;
    return (1.0 - v) * ((1.0 - u) * s[0] + u * s[1]) + v * ((1.0 - u) * t[0] + u * t[1]);
}

double bt_spread_table_box(const bt_spread_table *table, double x0, double y0, double x1, double y1)
{
    double sum = sum_before(table, x1, y1) - sum_before(table, x0, y1) - sum_before(table, x1, y0) +
                 sum_before(table, x0, y0);
    return sum > 0.0 ? sum : 0.0;
}
