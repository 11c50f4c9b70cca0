// mesh_shapes.c: flat shapes, boxes, prisms; what is round is in mesh_round.c.
#include "procedural/mesh_shapes.h"

#include "engine/core/memory.h"

bt_pose bt_pose_along(bt_vec3 pos, bt_vec3 z_axis, bt_vec3 x_hint)
{
    bt_vec3 z = bt_vec3_normalize(z_axis);
    bt_vec3 y = bt_vec3_cross(z, x_hint);
    if (bt_vec3_length(y) < 1e-6) y = bt_vec3_cross(z, bt_vec3_make(0.0, 1.0, 0.0));
    if (bt_vec3_length(y) < 1e-6) y = bt_vec3_cross(z, bt_vec3_make(1.0, 0.0, 0.0));
    y = bt_vec3_normalize(y);
    return (bt_pose){pos, bt_quat_from_axes(bt_vec3_cross(y, z), y, z)};
}

void bt_mesh_add_quad(bt_mesh_builder *mesh, bt_vec3 a, bt_vec3 b, bt_vec3 c, bt_vec3 d)
{
    bt_vec3 corners[4] = {a, b, c, d};
    bt_vec3 normal = bt_vec3_normalize(bt_vec3_cross(bt_vec3_sub(c, a), bt_vec3_sub(d, b)));
    bt_vec3 along = bt_vec3_normalize(bt_vec3_sub(b, a));
    bt_vec3 across = bt_vec3_cross(normal, along);
    uint32_t index[4];
    for (int i = 0; i < 4; i++) {
        bt_vec3 r = bt_vec3_sub(corners[i], a);
        index[i] = bt_mesh_add_vertex(mesh, corners[i], normal, bt_vec3_dot(r, along),
                                      bt_vec3_dot(r, across));
    }
    bt_mesh_add_triangle(mesh, index[0], index[1], index[2]);
    bt_mesh_add_triangle(mesh, index[0], index[2], index[3]);
}

// ---- polygons ---------------------------------------------------------------------------------
static double turn(bt_point2 a, bt_point2 b, bt_point2 c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static bool inside(bt_point2 p, bt_point2 a, bt_point2 b, bt_point2 c)
{
    return turn(a, b, p) >= 0.0 && turn(b, c, p) >= 0.0 && turn(c, a, p) >= 0.0;
}

// Is the corner at ring[i] an ear: convex, and no other corner in its triangle?
static bool is_ear(const bt_point2 *points, const uint32_t *ring, size_t count, size_t i)
{
    uint32_t a = ring[(i + count - 1) % count], b = ring[i], c = ring[(i + 1) % count];
    if (turn(points[a], points[b], points[c]) <= 0.0) return false;
    for (size_t k = 0; k < count; k++) {
        uint32_t p = ring[k];
        if (p == a || p == b || p == c) continue;
        if (inside(points[p], points[a], points[b], points[c])) return false;
    }
    return true;
}

// Cuts ears off; where there is none (touching edges), the corner itself.
static void clip_ears(bt_mesh_builder *mesh, const bt_point2 *points, uint32_t first,
                      uint32_t *ring, size_t count)
{
    while (count > 2) {
        size_t ear = 0;
        while (ear < count && !is_ear(points, ring, count, ear))
            ear++;
        if (ear == count) ear = 0;
        bt_mesh_add_triangle(mesh, first + ring[(ear + count - 1) % count], first + ring[ear],
                             first + ring[(ear + 1) % count]);
        for (size_t k = ear; k + 1 < count; k++)
            ring[k] = ring[k + 1];
        count--;
    }
}

// Newell's normal, half as long as the area is large.
static bt_vec3 polygon_normal(const bt_vec3 *points, size_t count)
{
    bt_vec3 sum = {0.0, 0.0, 0.0};
    for (size_t i = 0; i < count; i++)
        sum = bt_vec3_add(sum, bt_vec3_cross(bt_vec3_sub(points[i], points[0]),
                                             bt_vec3_sub(points[(i + 1) % count], points[0])));
    return sum;
}

void bt_mesh_add_polygon(bt_mesh_builder *mesh, const bt_vec3 *points, size_t count)
{
    if (mesh->status || count < 3) return;
    bt_vec3 normal = bt_vec3_normalize(polygon_normal(points, count));
    bt_vec3 along = bt_vec3_normalize(bt_vec3_sub(points[1], points[0]));
    bt_vec3 across = bt_vec3_cross(normal, along);
    bt_point2 *flat = bt_alloc(count, sizeof *flat);
    uint32_t *ring = bt_alloc(count, sizeof *ring);
    uint32_t first = (uint32_t)mesh->vertex_count;
    if (!flat || !ring) mesh->status = bt_fail(BT_ERR_MEMORY, "no memory for a polygon");
    for (size_t i = 0; i < count && !mesh->status; i++) {
        bt_vec3 r = bt_vec3_sub(points[i], points[0]);
        flat[i] = (bt_point2){bt_vec3_dot(r, along), bt_vec3_dot(r, across)};
        ring[i] = (uint32_t)i;
        bt_mesh_add_vertex(mesh, points[i], normal, flat[i].x, flat[i].y);
    }
    if (!mesh->status) clip_ears(mesh, flat, first, ring, count);
    bt_free(flat);
    bt_free(ring);
}

void bt_mesh_add_prism(bt_mesh_builder *mesh, bt_pose pose, const bt_point2 *points, size_t count,
                       double z_low, double z_high)
{
    bt_vec3 *ring = bt_alloc(2 * count, sizeof *ring);
    if (!ring && !mesh->status) mesh->status = bt_fail(BT_ERR_MEMORY, "no memory for a prism");
    if (mesh->status) {
        bt_free(ring);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        ring[i] = bt_pose_point(pose, bt_vec3_make(points[i].x, points[i].y, z_high));
        ring[2 * count - 1 - i] =
            bt_pose_point(pose, bt_vec3_make(points[i].x, points[i].y, z_low));
    }
    bt_mesh_add_polygon(mesh, ring, count);
    bt_mesh_add_polygon(mesh, ring + count, count);
    for (size_t i = 0; i < count; i++) {
        size_t j = (i + 1) % count;
        bt_mesh_add_quad(mesh, ring[2 * count - 1 - i], ring[2 * count - 1 - j], ring[j], ring[i]);
    }
    bt_free(ring);
}

// ---- boxes ------------------------------------------------------------------------------------
void bt_mesh_add_box(bt_mesh_builder *mesh, bt_pose pose, bt_vec3 size)
{
    double x = 0.5 * size.x, y = 0.5 * size.y;
    bt_point2 base[4] = {{-x, -y}, {x, -y}, {x, y}, {-x, y}};
    bt_mesh_add_prism(mesh, pose, base, 4, -0.5 * size.z, 0.5 * size.z);
}

// Step k of 0 .. 2 steps + 1 along one axis of a face: half the rounding of one edge, the flat,
// half the rounding of the other. Gives the inner box's coordinate, and the direction's tangent.
static double face_step(unsigned k, unsigned steps, double flat, double *bend)
{
    bool far = k > steps;
    double angle = (far ? (double)(k - steps - 1) : (double)k - (double)steps) / (double)steps;
    *bend = bt_tan(angle * BT_PI / 4.0);
    return far ? flat : -flat;
}

// One face of a rounded box, normal along `axes.z` of the pose. Each vertex is a corner of the
// inner box (half sizes less the radius) plus the radius along a direction on the sphere.
static void rounded_face(bt_mesh_builder *mesh, bt_pose pose, bt_vec3 flat, double radius,
                         unsigned steps)
{
    unsigned n = 2 * steps + 2;
    uint32_t first = (uint32_t)mesh->vertex_count;
    for (unsigned row = 0; row < n; row++) {
        for (unsigned column = 0; column < n; column++) {
            double bx, by;
            double x = face_step(column, steps, flat.x, &bx);
            double y = face_step(row, steps, flat.y, &by);
            bt_vec3 dir = bt_vec3_normalize(bt_vec3_make(bx, by, 1.0));
            bt_vec3 p = bt_vec3_mad(bt_vec3_make(x, y, flat.z), dir, radius);
            bt_mesh_add_vertex(mesh, bt_pose_point(pose, p), bt_pose_dir(pose, dir), p.x, p.y);
        }
    }
    for (unsigned row = 0; row + 1 < n; row++) {
        for (unsigned column = 0; column + 1 < n; column++) {
            uint32_t a = first + row * n + column;
            bt_mesh_add_triangle(mesh, a, a + 1, a + n + 1);
            bt_mesh_add_triangle(mesh, a, a + n + 1, a + n);
        }
    }
}

void bt_mesh_add_rounded_box(bt_mesh_builder *mesh, bt_pose pose, bt_vec3 size, double radius,
                             unsigned steps)
{
    double most = 0.499 * fmin(size.x, fmin(size.y, size.z));
    radius = bt_clamp(radius, 1e-4, most);
    if (steps < 1) steps = 1;
    double h[3] = {0.5 * size.x - radius, 0.5 * size.y - radius, 0.5 * size.z - radius};
    bt_vec3 axis[3] = {{1.0, 0.0, 0.0}, {0.0, 1.0, 0.0}, {0.0, 0.0, 1.0}};
    for (int k = 0; k < 3; k++) {
        int i = (k + 1) % 3, j = (k + 2) % 3;
        for (int side = 0; side < 2; side++) {
            double s = side ? -1.0 : 1.0;
            bt_quat turn_to =
                bt_quat_from_axes(bt_vec3_scale(axis[i], s), axis[j], bt_vec3_scale(axis[k], s));
            bt_pose face = bt_pose_mul(pose, (bt_pose){{0.0, 0.0, 0.0}, turn_to});
            rounded_face(mesh, face, bt_vec3_make(h[i], h[j], h[k]), radius, steps);
        }
    }
}

// ---- slabs ------------------------------------------------------------------------------------
#define SLAB_MAX_STEPS 16u

// The outline of a rounded rectangle, shrunk by `inset`, at height z; 4 (steps + 1) points.
static void slab_ring(bt_vec3 *ring, bt_vec3 size, double corner, double inset, unsigned steps,
                      double z)
{
    double hx = 0.5 * size.x - corner, hy = 0.5 * size.y - corner;
    double r = fmax(corner - inset, 0.0);
    double over = fmax(inset - corner, 0.0);
    static const double sign_x[4] = {1.0, -1.0, -1.0, 1.0}, sign_y[4] = {1.0, 1.0, -1.0, -1.0};
    for (unsigned q = 0; q < 4; q++) {
        for (unsigned i = 0; i <= steps; i++) {
            double angle = 0.5 * BT_PI * ((double)q + (double)i / (double)steps);
            ring[q * (steps + 1) + i] =
                bt_vec3_make(sign_x[q] * (hx - over) + r * bt_cos(angle),
                             sign_y[q] * (hy - over) + r * bt_sin(angle), z);
        }
    }
}

void bt_mesh_add_rounded_slab(bt_mesh_builder *mesh, bt_pose pose, bt_vec3 size,
                              double corner_radius, double bevel, unsigned steps)
{
    steps = steps < 1 ? 1 : steps > SLAB_MAX_STEPS ? SLAB_MAX_STEPS : steps;
    corner_radius = bt_clamp(corner_radius, 1e-4, 0.499 * fmin(size.x, size.y));
    bevel = bt_clamp(bevel, 0.0, 0.499 * fmin(size.z, fmin(size.x, size.y)));
    size_t n = 4 * (steps + 1);
    double h = 0.5 * size.z;
    double z[4] = {-h, -h + bevel, h - bevel, h};
    double inset[4] = {bevel, 0.0, 0.0, bevel};
    bt_vec3 points[4 * 4 * (SLAB_MAX_STEPS + 1)];
    size_t rows = 0;
    for (size_t k = 0; k < 4; k++) {
        if (bevel <= 0.0 && (k == 1 || k == 2)) continue;
        slab_ring(points + rows++ * n, size, corner_radius, inset[k], steps, z[k]);
    }
    for (size_t i = 0; i < rows * n; i++)
        points[i] = bt_pose_point(pose, points[i]);
    bt_mesh_add_grid(mesh, points, rows, n,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST,
                     50.0 * BT_RAD_PER_DEG);
}
