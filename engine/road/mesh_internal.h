// mesh_internal.h: what the files that build the road mesh share.
//
// A section becomes a grid: rows at stations along s, columns across, a run of columns per lane (so
// that a kerb, where two lanes meet at two heights, has two columns at one t). Everything painted is
// interpolated on this grid, not on the true surface: paint then lies over the triangles it covers,
// however coarse they are.
#ifndef BT_ROAD_MESH_INTERNAL_H
#define BT_ROAD_MESH_INTERNAL_H

#include "engine/road/road_internal.h"
#include "engine/road/road_mesh.h"

#define MESH_PAINT_HEIGHT_M 0.003
#define MESH_OBJECT_PAINT_HEIGHT_M 0.0036 // crosswalks lie over lane markings
#define MESH_MAX_VERTICES 16000000u       // of a network: more is a hostile file
#define MESH_MAX_DASHES 4000000u    // dashes of lane markings, times lanes of their section
// Cells of objects' paint: a base, and more for each thing that is there to be painted.
#define MESH_MAX_CELLS 200000u
#define MESH_MAX_CELLS_EACH 4000u

// ---- tiles ------------------------------------------------------------------------------------------
typedef struct mesh_vertex {
    bt_vec3 pos, normal; // world
    double u, v;
} mesh_vertex;

typedef struct mesh_builder {
    const bt_road_network *net;
    bt_road_mesh_desc desc;
    ROAD_ARRAY(bt_road_tile) tiles;
    // the open tile
    uint32_t road;
    bool world_uv; // roads in junctions: neighbours must look alike
    bool open;
    bt_vec3 origin;
    ROAD_ARRAY(float) positions;
    ROAD_ARRAY(float) normals;
    ROAD_ARRAY(float) uvs;
    ROAD_ARRAY(uint32_t) indices;
    ROAD_ARRAY(uint8_t) kinds;
    uint32_t vertex_count;
    uint32_t total_vertices;
    uint64_t dashes, cells;
    bt_status status; // sticky
} mesh_builder;

void mesh_begin_tile(mesh_builder *b, bt_vec3 origin);
void mesh_end_tile(mesh_builder *b); // nothing is kept of an empty one
uint32_t mesh_add_vertex(mesh_builder *b, const mesh_vertex *vertex);
// Count what is painted; fail when it is more than any honest file has.
void mesh_count_dashes(mesh_builder *b, uint32_t dashes);
void mesh_count_cells(mesh_builder *b, uint32_t cells);
// Degenerate triangles (two equal indices, or no area) are left out.
void mesh_add_triangle(mesh_builder *b, bt_surface_kind kind, uint32_t i, uint32_t j, uint32_t k);
// Corners counter-clockwise seen from the front; split along a-c.
void mesh_add_quad(mesh_builder *b, bt_surface_kind kind, uint32_t a, uint32_t b1, uint32_t c,
                   uint32_t d);

// ---- grid ---------------------------------------------------------------------------------------------
typedef struct grid_point {
    bt_vec3 pos, normal;
    double t_m;
} grid_point;

typedef struct grid_lane {
    uint32_t lane;
    uint32_t first_column, column_count; // from the left (greater t) to the right
    bt_surface_kind kind;
} grid_lane;

typedef struct section_grid {
    uint32_t section;
    double s0_m, s1_m;
    grid_lane *lanes; // (lane_count), without the centre, from left to right
    uint32_t lane_count, columns;
    ROAD_ARRAY(double) stations;
    ROAD_ARRAY(bt_vec3) lefts;     // (stations) unit, along the road's plane
    ROAD_ARRAY(grid_point) points; // (stations x columns), row-major
} section_grid;

BT_CHECKED bt_status grid_build(const mesh_builder *b, uint32_t section, double lift_m,
                                section_grid *grid);
void grid_clear(section_grid *grid);
static inline const grid_point *grid_at(const section_grid *grid, uint32_t row, uint32_t column)
{
    return &grid->points.items[(size_t)row * grid->columns + column];
}
// Row whose interval [row, row + 1] holds s; never the last row when there are two.
uint32_t grid_row(const section_grid *grid, double s_m);
// The surface at (s, t) in one lane of the grid (index into grid->lanes), clamped to that lane.
grid_point grid_point_in_lane(const section_grid *grid, uint32_t lane, double s_m, double t_m);
// t of a lane's left and right border on the grid at s.
void grid_lane_span(const section_grid *grid, uint32_t lane, double s_m, double *left_t_m,
                    double *right_t_m);

// ---- parts --------------------------------------------------------------------------------------------
// Rows first..last of one section: lanes, kerb faces, skirts, and caps where the section ends.
void mesh_add_surface(mesh_builder *b, const section_grid *grid, uint32_t first_row,
                      uint32_t last_row);
void mesh_add_marks(mesh_builder *b, const section_grid *grid, uint32_t first_row,
                    uint32_t last_row);
// Crosswalks, stop lines, paint of objects on a road; `grids` are those of its sections.
void mesh_add_paint(mesh_builder *b, uint32_t road, const section_grid *grids, uint32_t count);

bt_surface_kind mesh_mark_kind(bt_mark_color color);
// A vertex at a grid point, `above_m` along its normal. uv as the tile wants it.
uint32_t mesh_grid_vertex(mesh_builder *b, const grid_point *point, double s_m, double above_m);

#endif
