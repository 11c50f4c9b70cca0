// mesh_surface.c: lanes as strips; kerb faces, skirts under the outer edges, caps where lanes end.
#include "engine/road/mesh_internal.h"

#define STEP_LEAST_M 2e-4 // smaller steps between lanes are no face
#define STEP_CURB_M 0.02  // from here on a face is a kerb's
#define SKIRT_M 0.35      // below the edge, so that no gap shows where terrain meets the road
#define SAME_M 0.02       // a lane goes on where the next begins this near

// ---- lanes ----------------------------------------------------------------------------------------------
static void add_strip(mesh_builder *b, const section_grid *grid, const grid_lane *lane,
                      uint32_t first_row, uint32_t last_row)
{
    uint32_t base = b->vertex_count;
    uint32_t n = lane->column_count;
    for (uint32_t row = first_row; row <= last_row; row++)
        for (uint32_t c = 0; c < n; c++)
            mesh_grid_vertex(b, grid_at(grid, row, lane->first_column + c),
                             grid->stations.items[row], 0.0);
    if (b->status != BT_OK) return;
    for (uint32_t row = 0; row < last_row - first_row; row++)
        for (uint32_t c = 0; c + 1 < n; c++) {
            uint32_t i = base + row * n + c;
            mesh_add_quad(b, lane->kind, i, i + 1, i + n + 1, i + n);
        }
}

// ---- faces ----------------------------------------------------------------------------------------------
static uint32_t face_vertex(mesh_builder *b, bt_vec3 pos, bt_vec3 normal, double u, double v)
{
    mesh_vertex vertex = {pos, normal, u, v};
    return mesh_add_vertex(b, &vertex);
}

// An upright quad between two rows: `low` and `high` points at each; faces left or right.
typedef struct face_row {
    bt_vec3 low, high, left;
    double s_m, t_m;
} face_row;

static void add_face(mesh_builder *b, bt_surface_kind kind, const face_row rows[2], bool faces_left)
{
    uint32_t v[2][2];
    for (int r = 0; r < 2; r++) {
        bt_vec3 normal = bt_vec3_scale(rows[r].left, faces_left ? 1.0 : -1.0);
        double height = bt_vec3_distance(rows[r].low, rows[r].high);
        // in the face's own metres, whatever the tile's uv are
        v[r][0] = face_vertex(b, rows[r].low, normal, rows[r].s_m, rows[r].t_m - height);
        v[r][1] = face_vertex(b, rows[r].high, normal, rows[r].s_m, rows[r].t_m);
    }
    if (b->status != BT_OK) return;
    if (faces_left) {
        mesh_add_quad(b, kind, v[1][0], v[0][0], v[0][1], v[1][1]);
    } else {
        mesh_add_quad(b, kind, v[0][0], v[1][0], v[1][1], v[0][1]);
    }
}

// Between two neighbouring lanes, where their heights differ.
static void add_step(mesh_builder *b, const section_grid *grid, const grid_lane *left,
                     const grid_lane *right, uint32_t row)
{
    face_row rows[2];
    double most = 0.0;
    for (uint32_t r = 0; r < 2; r++) {
        const grid_point *l = grid_at(grid, row + r, left->first_column + left->column_count - 1);
        const grid_point *q = grid_at(grid, row + r, right->first_column);
        double step = bt_vec3_dot(bt_vec3_sub(l->pos, q->pos), l->normal);
        if (fabs(step) > fabs(most)) most = step;
        rows[r] = (face_row){q->pos, l->pos, grid->lefts.items[row + r],
                             grid->stations.items[row + r], l->t_m};
    }
    if (fabs(most) < STEP_LEAST_M) return;
    const grid_lane *upper = most > 0.0 ? left : right;
    if (most < 0.0)
        for (int r = 0; r < 2; r++) {
            bt_vec3 swap = rows[r].low;
            rows[r].low = rows[r].high;
            rows[r].high = swap;
        }
    bt_surface_kind kind = fabs(most) >= STEP_CURB_M ? BT_SURFACE_CURB : upper->kind;
    add_face(b, kind, rows, most < 0.0);
}

static void add_skirt(mesh_builder *b, const section_grid *grid, const grid_lane *lane,
                      uint32_t column, uint32_t row, bool faces_left)
{
    face_row rows[2];
    for (uint32_t r = 0; r < 2; r++) {
        const grid_point *p = grid_at(grid, row + r, column);
        bt_vec3 low = p->pos;
        low.z -= SKIRT_M;
        rows[r] = (face_row){low, p->pos, grid->lefts.items[row + r], grid->stations.items[row + r],
                             p->t_m};
    }
    add_face(b, lane->kind, rows, faces_left);
}

// ---- caps -----------------------------------------------------------------------------------------------
static bt_vec3 border_at(const mesh_builder *b, uint32_t lane, bool at_end, bool outer)
{
    const bt_lane *l = &b->net->lanes.items[lane];
    return bt_lane_border_point(b->net, lane, at_end ? l->s1_m : l->s0_m, outer);
}

// Does another lane's surface carry on where this one ends?
static bool goes_on(const mesh_builder *b, uint32_t lane, bool at_end)
{
    const lane_detail *detail = &b->net->lane_details.items[lane];
    road_run run = at_end ? detail->at_end : detail->at_start;
    bt_vec3 inner = border_at(b, lane, at_end, false);
    bt_vec3 outer = border_at(b, lane, at_end, true);
    for (uint32_t i = 0; i < run.count; i++) {
        road_joint joint = b->net->joints.items[run.first + i];
        bt_vec3 other_inner = border_at(b, joint / 2, joint % 2 == 1, false);
        bt_vec3 other_outer = border_at(b, joint / 2, joint % 2 == 1, true);
        if (bt_vec3_distance(inner, other_inner) < SAME_M &&
            bt_vec3_distance(outer, other_outer) < SAME_M)
            return true;
    }
    return false;
}

static void add_cap(mesh_builder *b, const section_grid *grid, const grid_lane *lane, bool at_end)
{
    if (goes_on(b, lane->lane, at_end)) return;
    uint32_t row = at_end ? (uint32_t)grid->stations.count - 1 : 0;
    for (uint32_t c = lane->first_column; c + 1 < lane->first_column + lane->column_count; c++) {
        const grid_point *p = grid_at(grid, row, c);
        const grid_point *q = grid_at(grid, row, c + 1);
        bt_vec3 along = bt_vec3_normalize(bt_vec3_cross(grid->lefts.items[row], p->normal));
        bt_vec3 normal = bt_vec3_scale(along, at_end ? 1.0 : -1.0);
        bt_vec3 drop = {0.0, 0.0, -SKIRT_M};
        uint32_t top_left = face_vertex(b, p->pos, normal, p->t_m, 0.0);
        uint32_t low_left = face_vertex(b, bt_vec3_add(p->pos, drop), normal, p->t_m, -SKIRT_M);
        uint32_t low_right = face_vertex(b, bt_vec3_add(q->pos, drop), normal, q->t_m, -SKIRT_M);
        uint32_t top_right = face_vertex(b, q->pos, normal, q->t_m, 0.0);
        if (b->status != BT_OK) return;
        if (at_end) {
            mesh_add_quad(b, lane->kind, top_right, low_right, low_left, top_left);
        } else {
            mesh_add_quad(b, lane->kind, top_left, low_left, low_right, top_right);
        }
    }
}

// ---- all of it ------------------------------------------------------------------------------------------
void mesh_add_surface(mesh_builder *b, const section_grid *grid, uint32_t first_row,
                      uint32_t last_row)
{
    for (uint32_t i = 0; i < grid->lane_count && b->status == BT_OK; i++)
        add_strip(b, grid, &grid->lanes[i], first_row, last_row);
    const grid_lane *leftmost = &grid->lanes[0];
    const grid_lane *rightmost = &grid->lanes[grid->lane_count - 1];
    for (uint32_t row = first_row; row < last_row && b->status == BT_OK; row++) {
        for (uint32_t i = 0; i + 1 < grid->lane_count; i++)
            add_step(b, grid, &grid->lanes[i], &grid->lanes[i + 1], row);
        add_skirt(b, grid, leftmost, leftmost->first_column, row, true);
        add_skirt(b, grid, rightmost, rightmost->first_column + rightmost->column_count - 1, row,
                  false);
    }
    for (uint32_t i = 0; i < grid->lane_count && b->status == BT_OK; i++) {
        if (first_row == 0) add_cap(b, grid, &grid->lanes[i], false);
        if (last_row + 1 == grid->stations.count) add_cap(b, grid, &grid->lanes[i], true);
    }
}
