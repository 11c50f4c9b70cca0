// mesh_round.c: grids, lathes, sweeps, tubes, ellipsoids.
#include "procedural/mesh_shapes.h"

#include "engine/core/memory.h"

#define MAX_SEGMENTS 512u

static bt_vec3 *alloc_points(bt_mesh_builder *mesh, size_t count)
{
    if (mesh->status) return NULL;
    bt_vec3 *points = bt_alloc(count, sizeof *points);
    if (!points) mesh->status = bt_fail(BT_ERR_MEMORY, "no memory for %zu points", count);
    return points;
}

static unsigned clamp_segments(unsigned segments)
{
    return segments < 3 ? 3 : segments > MAX_SEGMENTS ? MAX_SEGMENTS : segments;
}

// ---- grids ------------------------------------------------------------------------------------
// u runs along the columns, from the first; v along the rows. A wrapped seam has two vertices.
static void grid_vertices(bt_mesh_builder *mesh, const bt_vec3 *points, size_t rows, size_t columns,
                          size_t out_rows, size_t out_columns, double *v)
{
    for (size_t c = 0; c < out_columns; c++)
        v[c] = 0.0;
    for (size_t r = 0; r < out_rows; r++) {
        const bt_vec3 *row = points + (r % rows) * columns;
        const bt_vec3 *below = points + ((r + rows - 1) % rows) * columns;
        double u = 0.0;
        for (size_t c = 0; c < out_columns; c++) {
            bt_vec3 p = row[c % columns];
            if (c > 0) u += bt_vec3_distance(p, row[c - 1]);
            if (r > 0) v[c] += bt_vec3_distance(p, below[c % columns]);
            bt_mesh_add_vertex(mesh, p, bt_vec3_make(0.0, 0.0, 0.0), u, v[c]);
        }
    }
}

// A fan from a row's centre; `up` as seen from the far end of the rows.
static void grid_cap(bt_mesh_builder *mesh, const bt_vec3 *row, size_t columns, bool up)
{
    bt_vec3 centre = {0.0, 0.0, 0.0};
    for (size_t c = 0; c < columns; c++)
        centre = bt_vec3_add(centre, row[c]);
    centre = bt_vec3_scale(centre, 1.0 / (double)columns);
    bt_vec3 none = {0.0, 0.0, 0.0};
    bt_vec3 along = bt_vec3_normalize(bt_vec3_sub(row[0], centre));
    bt_vec3 normal = bt_vec3_cross(bt_vec3_sub(row[0], centre), bt_vec3_sub(row[1], centre));
    bt_vec3 across = bt_vec3_cross(bt_vec3_normalize(normal), along);
    uint32_t middle = bt_mesh_add_vertex(mesh, centre, none, 0.0, 0.0);
    for (size_t c = 0; c < columns; c++) {
        bt_vec3 r = bt_vec3_sub(row[c], centre);
        bt_mesh_add_vertex(mesh, row[c], none, bt_vec3_dot(r, along), bt_vec3_dot(r, across));
    }
    for (size_t c = 0; c < columns; c++) {
        uint32_t a = middle + 1 + (uint32_t)c;
        uint32_t b = middle + 1 + (uint32_t)((c + 1) % columns);
        bt_mesh_add_triangle(mesh, middle, up ? a : b, up ? b : a);
    }
}

void bt_mesh_add_grid(bt_mesh_builder *mesh, const bt_vec3 *points, size_t rows, size_t columns,
                      unsigned flags, double crease_rad)
{
    if (mesh->status || rows < 2 || columns < 2) return;
    size_t out_rows = rows + (flags & BT_GRID_WRAP_ROWS ? 1 : 0);
    size_t out_columns = columns + (flags & BT_GRID_WRAP_COLUMNS ? 1 : 0);
    double *v = bt_alloc(out_columns, sizeof *v);
    if (!v) {
        mesh->status = bt_fail(BT_ERR_MEMORY, "no memory for a grid");
        return;
    }
    bt_mesh_mark start = bt_mesh_here(mesh);
    grid_vertices(mesh, points, rows, columns, out_rows, out_columns, v);
    bt_free(v);
    for (size_t r = 0; r + 1 < out_rows; r++) {
        for (size_t c = 0; c + 1 < out_columns; c++) {
            uint32_t a = (uint32_t)(start.vertex + r * out_columns + c);
            uint32_t above = a + (uint32_t)out_columns;
            bt_mesh_add_triangle(mesh, a, a + 1, above + 1);
            bt_mesh_add_triangle(mesh, a, above + 1, above);
        }
    }
    if (flags & BT_GRID_CAP_FIRST) grid_cap(mesh, points, columns, false);
    if (flags & BT_GRID_CAP_LAST) grid_cap(mesh, points + (rows - 1) * columns, columns, true);
    bt_mesh_smooth(mesh, start, crease_rad);
}

// ---- turned shapes ----------------------------------------------------------------------------
static bool same_point(bt_point2 a, bt_point2 b)
{
    return fabs(a.x - b.x) < 1e-9 && fabs(a.y - b.y) < 1e-9;
}

void bt_mesh_add_lathe(bt_mesh_builder *mesh, bt_pose pose, const bt_point2 *profile, size_t count,
                       unsigned segments, double crease_rad)
{
    segments = clamp_segments(segments);
    bt_vec3 *points = alloc_points(mesh, count * segments);
    if (!points) return;
    bool ring = count > 2 && same_point(profile[0], profile[count - 1]);
    size_t rows = ring ? count - 1 : count;
    for (size_t r = 0; r < rows; r++) {
        for (unsigned c = 0; c < segments; c++) {
            double angle = 2.0 * BT_PI * (double)c / (double)segments;
            bt_vec3 p = {profile[r].x * bt_cos(angle), profile[r].x * bt_sin(angle), profile[r].y};
            points[r * segments + c] = bt_pose_point(pose, p);
        }
    }
    bt_mesh_add_grid(mesh, points, rows, segments,
                     BT_GRID_WRAP_COLUMNS | (ring ? BT_GRID_WRAP_ROWS : 0u), crease_rad);
    bt_free(points);
}

void bt_mesh_add_cylinder(bt_mesh_builder *mesh, bt_vec3 from, bt_vec3 to, double radius_from,
                          double radius_to, unsigned segments)
{
    double length = bt_vec3_distance(from, to);
    bt_point2 profile[4] = {{0.0, 0.0}, {radius_from, 0.0}, {radius_to, length}, {0.0, length}};
    bt_pose pose = bt_pose_along(from, bt_vec3_sub(to, from), bt_vec3_make(1.0, 0.0, 0.0));
    bt_mesh_add_lathe(mesh, pose, profile, 4, segments, 50.0 * BT_RAD_PER_DEG);
}

#define CAP_STEPS 5

void bt_mesh_add_capsule(bt_mesh_builder *mesh, bt_vec3 from, bt_vec3 to, double radius_from,
                         double radius_to, unsigned segments)
{
    double length = bt_vec3_distance(from, to);
    bt_point2 profile[2 * (CAP_STEPS + 1)];
    for (int i = 0; i <= CAP_STEPS; i++) {
        double angle = 0.5 * BT_PI * (double)i / (double)CAP_STEPS;
        profile[i] = (bt_point2){radius_from * bt_sin(angle), -radius_from * bt_cos(angle)};
        profile[CAP_STEPS + 1 + i] =
            (bt_point2){radius_to * bt_cos(angle), length + radius_to * bt_sin(angle)};
    }
    profile[0].x = 0.0;
    profile[2 * CAP_STEPS + 1].x = 0.0;
    bt_pose pose = bt_pose_along(from, bt_vec3_sub(to, from), bt_vec3_make(1.0, 0.0, 0.0));
    bt_mesh_add_lathe(mesh, pose, profile, 2 * (CAP_STEPS + 1), segments, BT_PI);
}

void bt_mesh_add_ellipsoid(bt_mesh_builder *mesh, bt_pose pose, bt_vec3 radii, unsigned segments)
{
    segments = clamp_segments(segments);
    size_t rows = segments / 2 + 1;
    bt_vec3 *points = alloc_points(mesh, rows * segments);
    if (!points) return;
    for (size_t r = 0; r < rows; r++) {
        double polar = BT_PI * (double)r / (double)(rows - 1);
        double ring = r == 0 || r + 1 == rows ? 0.0 : bt_sin(polar);
        for (unsigned c = 0; c < segments; c++) {
            double angle = 2.0 * BT_PI * (double)c / (double)segments;
            bt_vec3 p = {radii.x * ring * bt_cos(angle), radii.y * ring * bt_sin(angle),
                         -radii.z * bt_cos(polar)};
            points[r * segments + c] = bt_pose_point(pose, p);
        }
    }
    bt_mesh_add_grid(mesh, points, rows, segments, BT_GRID_WRAP_COLUMNS, BT_PI);
    bt_free(points);
}

// ---- sweeps -----------------------------------------------------------------------------------
// Halfway between the directions of the segments before and after point i.
static bt_vec3 path_direction(const bt_vec3 *path, size_t count, size_t i)
{
    bt_vec3 in = {0.0, 0.0, 0.0}, out = {0.0, 0.0, 0.0};
    if (i > 0) in = bt_vec3_normalize(bt_vec3_sub(path[i], path[i - 1]));
    if (i + 1 < count) out = bt_vec3_normalize(bt_vec3_sub(path[i + 1], path[i]));
    return bt_vec3_normalize(bt_vec3_add(in, out));
}

// The shortest rotation that takes one unit direction to another carries the frame along.
static bt_vec3 carry(bt_vec3 from, bt_vec3 to, bt_vec3 v)
{
    bt_vec3 axis = bt_vec3_cross(from, to);
    double sine = bt_vec3_length(axis), cosine = bt_vec3_dot(from, to);
    if (sine < 1e-12) return v;
    bt_quat q = bt_quat_axis_angle(bt_vec3_scale(axis, 1.0 / sine), bt_atan2(sine, cosine));
    return bt_quat_rotate(q, v);
}

// Carries `up` from point i - 1 of a path to point i, by way of the segment between them.
static bt_vec3 carry_up(const bt_vec3 *path, size_t count, size_t i, bt_vec3 up)
{
    if (i == 0) return up;
    bt_vec3 between = bt_vec3_normalize(bt_vec3_sub(path[i], path[i - 1]));
    up = carry(path_direction(path, count, i - 1), between, up);
    return carry(between, path_direction(path, count, i), up);
}

static bt_vec3 first_up(bt_vec3 dir)
{
    bt_vec3 hint = fabs(dir.z) < 0.99 ? bt_vec3_make(0.0, 0.0, 1.0) : bt_vec3_make(1.0, 0.0, 0.0);
    return bt_vec3_normalize(bt_vec3_mad(hint, dir, -bt_vec3_dot(hint, dir)));
}

// At bends the profile is stretched in the plane of the bend so that straight runs keep their
// width (a mitre), at most doubled.
static double mitre(const bt_vec3 *path, size_t count, size_t i, bt_vec3 *bend)
{
    *bend = bt_vec3_make(0.0, 0.0, 0.0);
    if (i == 0 || i + 1 >= count) return 1.0;
    bt_vec3 in = bt_vec3_normalize(bt_vec3_sub(path[i], path[i - 1]));
    bt_vec3 out = bt_vec3_normalize(bt_vec3_sub(path[i + 1], path[i]));
    *bend = bt_vec3_normalize(bt_vec3_sub(out, in));
    double half = sqrt(fmax(0.5 * (1.0 + bt_vec3_dot(in, out)), 0.25));
    return 1.0 / half;
}

// Points of one row: column k at offset (x left, y up) from the path.
static void sweep_row(bt_vec3 *row, bt_vec3 at, bt_vec3 left, bt_vec3 up, const bt_point2 *profile,
                      size_t profile_count, double stretch, bt_vec3 bend)
{
    for (size_t k = 0; k < profile_count; k++) {
        bt_vec3 offset =
            bt_vec3_add(bt_vec3_scale(left, profile[k].x), bt_vec3_scale(up, profile[k].y));
        double along = bt_vec3_dot(offset, bend);
        offset = bt_vec3_mad(offset, bend, along * (stretch - 1.0));
        row[k] = bt_vec3_add(at, offset);
    }
}

void bt_mesh_add_sweep(bt_mesh_builder *mesh, const bt_vec3 *path, size_t path_count,
                       const bt_point2 *profile, size_t profile_count, bool closed,
                       double crease_rad)
{
    if (path_count < 2 || profile_count < 2) return;
    bt_vec3 *points = alloc_points(mesh, path_count * profile_count);
    if (!points) return;
    bt_vec3 dir = path_direction(path, path_count, 0), up = first_up(dir);
    for (size_t i = 0; i < path_count; i++) {
        up = carry_up(path, path_count, i, up);
        dir = path_direction(path, path_count, i);
        bt_vec3 bend, left = bt_vec3_cross(up, dir);
        double stretch = mitre(path, path_count, i, &bend);
        sweep_row(points + i * profile_count, path[i], left, up, profile, profile_count, stretch,
                  bend);
    }
    unsigned flags = closed ? BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST : 0u;
    bt_mesh_add_grid(mesh, points, path_count, profile_count, flags, crease_rad);
    bt_free(points);
}

void bt_mesh_add_tube(bt_mesh_builder *mesh, const bt_vec3 *path, const double *radii, size_t count,
                      unsigned segments)
{
    if (count < 2) return;
    segments = clamp_segments(segments);
    bt_vec3 *points = alloc_points(mesh, count * segments);
    if (!points) return;
    bt_vec3 dir = path_direction(path, count, 0), up = first_up(dir);
    for (size_t i = 0; i < count; i++) {
        up = carry_up(path, count, i, up);
        dir = path_direction(path, count, i);
        bt_vec3 side = bt_vec3_cross(dir, up); // up, side, dir: right-handed
        for (unsigned c = 0; c < segments; c++) {
            double angle = 2.0 * BT_PI * (double)c / (double)segments;
            bt_vec3 offset = bt_vec3_add(bt_vec3_scale(up, radii[i] * bt_cos(angle)),
                                         bt_vec3_scale(side, radii[i] * bt_sin(angle)));
            points[i * segments + c] = bt_vec3_add(path[i], offset);
        }
    }
    bt_mesh_add_grid(mesh, points, count, segments,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST,
                     60.0 * BT_RAD_PER_DEG);
    bt_free(points);
}
