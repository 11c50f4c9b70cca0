// shell.c: evaluating and sampling a car's skin.
#include "procedural/vehicles/shell.h"

#include "engine/core/memory.h"

#define MAX_SAMPLES 600

// ---- curves -----------------------------------------------------------------------------------
void bt_curve_add(bt_curve *curve, double x, double z)
{
    if (curve->count == BT_CURVE_MAX) return;
    int i = curve->count++;
    for (; i > 0 && curve->x[i - 1] > x; i--) {
        curve->x[i] = curve->x[i - 1];
        curve->z[i] = curve->z[i - 1];
    }
    curve->x[i] = x;
    curve->z[i] = z;
}

static double curve_slope(const bt_curve *curve, int i)
{
    int a = i > 0 ? i - 1 : i, b = i + 1 < curve->count ? i + 1 : i;
    double dx = curve->x[b] - curve->x[a];
    return dx > 0.0 ? (curve->z[b] - curve->z[a]) / dx : 0.0;
}

static double hermite(double z0, double m0, double z1, double m1, double u)
{
    double u2 = u * u, u3 = u2 * u;
    return (2.0 * u3 - 3.0 * u2 + 1.0) * z0 + (u3 - 2.0 * u2 + u) * m0 +
           (3.0 * u2 - 2.0 * u3) * z1 + (u3 - u2) * m1;
}

double bt_curve_at(const bt_curve *curve, double x)
{
    int n = curve->count;
    if (n == 0) return 0.0;
    if (x <= curve->x[0]) return curve->z[0] + (x - curve->x[0]) * curve_slope(curve, 0);
    if (x >= curve->x[n - 1])
        return curve->z[n - 1] + (x - curve->x[n - 1]) * curve_slope(curve, n - 1);
    int i = 0;
    while (x > curve->x[i + 1])
        i++;
    double h = curve->x[i + 1] - curve->x[i];
    return hermite(curve->z[i], h * curve_slope(curve, i), curve->z[i + 1],
                   h * curve_slope(curve, i + 1), (x - curve->x[i]) / h);
}

// ---- the ring ---------------------------------------------------------------------------------
static void cubic_weights(double u, double w[4])
{
    double v = 1.0 - u;
    w[0] = v * v * v / 6.0;
    w[1] = (3.0 * u * u * u - 6.0 * u * u + 4.0) / 6.0;
    w[2] = (3.0 * v * v * v - 6.0 * v * v + 4.0) / 6.0;
    w[3] = u * u * u / 6.0;
}

// Beyond the ends: columns are mirrored in y = 0, rows run straight on (so the ends are reached).
static bt_vec3 net_row(const bt_shell *shell, int column, int row)
{
    const bt_vec3 *net = shell->net[column];
    if (row < 0) return bt_vec3_lerp(net[1], net[0], 2.0);
    if (row >= shell->rows) return bt_vec3_lerp(net[shell->rows - 2], net[shell->rows - 1], 2.0);
    return net[row];
}

static bt_vec3 net_at(const bt_shell *shell, int column, int row)
{
    int last = shell->columns - 1;
    bool mirrored = column < 0 || column > last;
    if (column < 0) column = -column;
    if (column > last) column = 2 * last - column;
    bt_vec3 p = net_row(shell, column, row);
    if (mirrored) p.y = -p.y;
    return p;
}

static int span_of(double t, int intervals, double *u)
{
    double x = bt_clamp(t, 0.0, 1.0) * (double)intervals;
    int i = (int)x;
    if (i >= intervals) i = intervals - 1;
    *u = x - (double)i;
    return i;
}

bt_vec3 bt_shell_ring(const bt_shell *shell, double s, double v)
{
    double us, uv, ws[4], wv[4];
    int i = span_of(s, shell->columns - 1, &us), j = span_of(v, shell->rows - 1, &uv);
    cubic_weights(us, ws);
    cubic_weights(uv, wv);
    bt_vec3 sum = {0.0, 0.0, 0.0};
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++)
            sum = bt_vec3_mad(sum, net_at(shell, i + a - 1, j + b - 1), ws[a] * wv[b]);
    if (s <= 0.0 || s >= 1.0) sum.y = 0.0;
    return sum;
}

// ---- the cap ----------------------------------------------------------------------------------
bt_vec3 bt_shell_cap(const bt_shell *shell, double s, double w)
{
    bt_vec3 edge = bt_shell_ring(shell, s, 1.0);
    double front = bt_shell_ring(shell, 0.0, 1.0).x, rear = bt_shell_ring(shell, 1.0, 1.0).x;
    double g = bt_clamp((edge.x - rear) / (front - rear), 0.0, 1.0);
    bt_vec3 top = {bt_lerp(shell->spine_rear_m, shell->spine_front_m, g), 0.0, 0.0};
    top.z = bt_curve_at(&shell->spine, top.x);
    double dx = top.x - edge.x, dy = -edge.y, run = bt_hypot(dx, dy);
    // slope of the ring where it ends, along its own way inward
    bt_vec3 before = bt_shell_ring(shell, s, 0.995);
    double ring_run = bt_hypot(edge.x - before.x, edge.y - before.y);
    double slope = ring_run > 1e-9 ? (edge.z - before.z) / ring_run : 0.0;
    double h = 1e-3;
    double spine_slope =
        (bt_curve_at(&shell->spine, top.x + h) - bt_curve_at(&shell->spine, top.x - h)) / (2.0 * h);
    bt_vec3 p = {edge.x + w * dx, edge.y + w * dy, 0.0};
    p.z = hermite(edge.z, slope * run, top.z, spine_slope * dx, w);
    if (w >= 1.0 || s <= 0.0 || s >= 1.0) p.y = 0.0;
    return p;
}

// ---- sampling ---------------------------------------------------------------------------------
// Columns of samples: each interval of the net is divided by its length.
static int sample_columns(const bt_shell *shell, double step_m, double *s, double *around)
{
    int count = 0, intervals = shell->columns - 1;
    double length = 0.0;
    for (int i = 0; i < intervals; i++) {
        double s0 = (double)i / intervals, s1 = (double)(i + 1) / intervals;
        double chord =
            bt_vec3_distance(bt_shell_ring(shell, s0, 0.5), bt_shell_ring(shell, s1, 0.5));
        int n = (int)ceil(chord / step_m);
        n = n < 2 ? 2 : n;
        for (int k = i == 0 ? 0 : 1; k <= n && count < MAX_SAMPLES; k++) {
            double at = bt_lerp(s0, s1, (double)k / n);
            if (count > 0)
                length += bt_vec3_distance(bt_shell_ring(shell, s[count - 1], 0.5),
                                           bt_shell_ring(shell, at, 0.5));
            s[count] = at;
            around[count++] = length;
        }
    }
    return count;
}

double bt_shell_around(const bt_shell *shell, double s)
{
    double at[MAX_SAMPLES], around[MAX_SAMPLES];
    int count = sample_columns(shell, 0.05, at, around), i = 0;
    while (i + 2 < count && at[i + 1] < s)
        i++;
    double u = bt_clamp((s - at[i]) / (at[i + 1] - at[i]), 0.0, 1.0);
    return bt_lerp(around[i], around[i + 1], u);
}

double bt_shell_find_x(const bt_shell *shell, double v, double x, double low, double high)
{
    for (int i = 0; i < 40; i++) {
        double middle = 0.5 * (low + high);
        if (bt_shell_ring(shell, middle, v).x > x)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

// Chart height at a height of the ring.
static double ring_up(const bt_shell *shell, double s, double v)
{
    if (!shell->row_up) return bt_shell_ring(shell, s, v).z;
    double u, w[4], sum = 0.0;
    int n = shell->rows, j = span_of(v, n - 1, &u);
    cubic_weights(u, w);
    for (int b = 0; b < 4; b++) {
        int row = j + b - 1;
        double up = row < 0    ? 2.0 * shell->row_up[0] - shell->row_up[1]
                    : row >= n ? 2.0 * shell->row_up[n - 1] - shell->row_up[n - 2]
                               : shell->row_up[row];
        sum += w[b] * up;
    }
    return sum * shell->row_up_scale_m;
}

bt_patch_vertex bt_shell_find(const bt_shell *shell, double around_m, double up_m)
{
    double at[MAX_SAMPLES], around[MAX_SAMPLES];
    int count = sample_columns(shell, 0.05, at, around), i = 0;
    while (i + 2 < count && around[i + 1] < around_m)
        i++;
    double s = bt_lerp(at[i], at[i + 1],
                       bt_clamp((around_m - around[i]) / (around[i + 1] - around[i]), 0.0, 1.0));
    double low = 0.08, high = 1.0; // above the turned-in lower edge height rises all the way
    for (int k = 0; k < 40; k++) {
        double middle = 0.5 * (low + high);
        if (ring_up(shell, s, middle) < up_m)
            low = middle;
        else
            high = middle;
    }
    double v = 0.5 * (low + high), h = 1e-3;
    bt_vec3 ds = bt_vec3_sub(bt_shell_ring(shell, fmin(s + h, 1.0), v),
                             bt_shell_ring(shell, fmax(s - h, 0.0), v));
    bt_vec3 dv = bt_vec3_sub(bt_shell_ring(shell, s, fmin(v + h, 1.0)),
                             bt_shell_ring(shell, s, fmax(v - h, 0.0)));
    return (bt_patch_vertex){bt_shell_ring(shell, s, v), bt_vec3_normalize(bt_vec3_cross(ds, dv)),
                             around_m, up_m};
}

// Normals by angle-weighted means of the patch's own triangles; in the mirror plane without y.
static void measure_normals(bt_patch *patch)
{
    for (size_t t = 0; t < patch->triangle_count; t++) {
        const uint32_t *index = patch->indices + 3 * t;
        bt_vec3 p[3];
        for (int k = 0; k < 3; k++)
            p[k] = patch->vertices[index[k]].pos;
        bt_vec3 n =
            bt_vec3_normalize(bt_vec3_cross(bt_vec3_sub(p[1], p[0]), bt_vec3_sub(p[2], p[0])));
        for (int k = 0; k < 3; k++) {
            bt_vec3 e = bt_vec3_normalize(bt_vec3_sub(p[(k + 1) % 3], p[k]));
            bt_vec3 f = bt_vec3_normalize(bt_vec3_sub(p[(k + 2) % 3], p[k]));
            double angle = bt_acos(bt_clamp(bt_vec3_dot(e, f), -1.0, 1.0));
            bt_vec3 *sum = &patch->vertices[index[k]].normal;
            *sum = bt_vec3_mad(*sum, n, angle);
        }
    }
    for (size_t v = 0; v < patch->vertex_count; v++) {
        bt_patch_vertex *vertex = &patch->vertices[v];
        if (vertex->pos.y == 0.0) vertex->normal.y = 0.0;
        // the ends of the spine, where rows meet, may have no triangle with area
        if (bt_vec3_length(vertex->normal) < 1e-9) vertex->normal = bt_vec3_make(0.0, 0.0, 1.0);
        vertex->normal = bt_vec3_normalize(vertex->normal);
    }
}

static bt_patch_vertex sample_vertex(const bt_shell *shell, const bt_shell_sampling *how, double s,
                                     double around, int row, int ring_rows)
{
    bt_patch_vertex vertex = {.around_m = around};
    if (row < ring_rows) {
        vertex.pos = bt_shell_ring(shell, s, (double)row / (ring_rows - 1));
        vertex.up_m = ring_up(shell, s, (double)row / (ring_rows - 1));
    } else {
        double w = (double)(row - ring_rows + 1) / how->cap_steps;
        bt_vec3 edge = bt_shell_ring(shell, s, 1.0);
        vertex.pos = bt_shell_cap(shell, s, w);
        vertex.up_m =
            ring_up(shell, s, 1.0) + bt_hypot(vertex.pos.x - edge.x, vertex.pos.y - edge.y);
    }
    if (how->detail) vertex.pos = how->detail(how->context, vertex.pos);
    return vertex;
}

void bt_shell_sample(const bt_shell *shell, const bt_shell_sampling *how, bt_patch *patch)
{
    double s[MAX_SAMPLES], around[MAX_SAMPLES];
    int columns = sample_columns(shell, how->step_m, s, around);
    int ring_rows = (shell->rows - 1) * how->row_steps + 1, rows = ring_rows + how->cap_steps;
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            bt_patch_vertex v = sample_vertex(shell, how, s[c], around[c], r, ring_rows);
            bt_patch_add_vertex(patch, &v);
        }
    }
    for (int r = 0; r + 1 < rows; r++) {
        for (int c = 0; c + 1 < columns; c++) {
            uint32_t a = (uint32_t)(r * columns + c), above = a + (uint32_t)columns;
            // the shorter diagonal keeps corners round
            const bt_patch_vertex *p = patch->vertices;
            if (patch->status) return;
            bool rising = bt_vec3_distance(p[a].pos, p[above + 1].pos) <
                          bt_vec3_distance(p[a + 1].pos, p[above].pos);
            bt_patch_add_triangle(patch, a, a + 1, rising ? above + 1 : above);
            if (rising)
                bt_patch_add_triangle(patch, a, above + 1, above);
            else
                bt_patch_add_triangle(patch, a + 1, above + 1, above);
        }
    }
    if (!patch->status) measure_normals(patch);
}
