// road_mesh.c: builds the mesh of a network road by road, tile by tile.
#include "engine/road/mesh_internal.h"

// Connecting roads of a junction lie over each other: each a little above the one before, the first above all that is
// in no junction (a dropped kerb), far less than paint is thick, so that the uppermost alone is seen and none of it
// flickers.
#define LIFT_STEP_M 5e-5
#define LIFT_STEPS 16u

// Which of its junction's roads this is, from 0.
static uint32_t rank_in_junction(const bt_road_network *net, uint32_t road)
{
    uint32_t rank = 0;
    for (uint32_t i = road; i-- > 0 && rank < LIFT_STEPS;)
        if (net->roads.items[i].junction == net->roads.items[road].junction) rank++;
    return rank % LIFT_STEPS;
}

// ---- tiles of a road ------------------------------------------------------------------------------------
// Rows are added to the open tile until it is long enough; a tile may span sections.
static void add_section(mesh_builder *b, const section_grid *grid, double *tile_s0)
{
    uint32_t row = 0;
    uint32_t last = (uint32_t)grid->stations.count - 1;
    while (row < last && b->status == BT_OK) {
        const double *s = grid->stations.items;
        double most = b->desc.tile_length_m + 1e-6;
        if (!b->open || s[row + 1] - *tile_s0 > most) {
            mesh_end_tile(b);
            mesh_begin_tile(b, grid_at(grid, row, grid->lanes[0].first_column)->pos);
            *tile_s0 = s[row];
        }
        uint32_t end = row + 1;
        while (end < last && s[end + 1] - *tile_s0 <= most)
            end++;
        mesh_add_surface(b, grid, row, end);
        mesh_add_marks(b, grid, row, end);
        row = end;
    }
}

static void add_grids(mesh_builder *b, uint32_t road, section_grid *grids)
{
    const bt_road *r = &b->net->roads.items[road];
    double lift = -1.0;
    if (r->junction != BT_ROAD_NONE) lift = LIFT_STEP_M * (1 + rank_in_junction(b->net, road));
    for (uint32_t i = 0; i < r->section_count && b->status == BT_OK; i++)
        b->status = grid_build(b, r->first_section + i, lift, &grids[i]);
    double tile_s0 = 0.0;
    for (uint32_t i = 0; i < r->section_count && b->status == BT_OK; i++)
        if (grids[i].stations.count > 1) add_section(b, &grids[i], &tile_s0);
    mesh_end_tile(b);
    if (b->status == BT_OK) mesh_add_paint(b, road, grids, r->section_count);
}

static void add_road(mesh_builder *b, uint32_t road)
{
    uint32_t count = b->net->roads.items[road].section_count;
    if (count == 0) return;
    section_grid *grids = bt_alloc(count, sizeof *grids);
    if (grids == NULL) {
        b->status = bt_fail(BT_ERR_MEMORY, "no memory for the road mesh");
        return;
    }
    b->road = road;
    b->world_uv = b->net->roads.items[road].junction != BT_ROAD_NONE;
    add_grids(b, road, grids);
    for (uint32_t i = 0; i < count; i++)
        grid_clear(&grids[i]);
    bt_free(grids);
}

// ---- mesh -------------------------------------------------------------------------------------------------
static void clear_scratch(mesh_builder *b)
{
    bt_free(b->positions.items);
    bt_free(b->normals.items);
    bt_free(b->uvs.items);
    bt_free(b->indices.items);
    bt_free(b->kinds.items);
}

bt_status bt_road_mesh_build(const bt_road_network *net, const bt_road_mesh_desc *desc,
                             bt_road_mesh **mesh)
{
    *mesh = NULL;
    mesh_builder b = {.net = net};
    if (desc != NULL) b.desc = *desc;
    if (!(b.desc.chord_error_m > 0.0)) b.desc.chord_error_m = 0.008;
    if (!(b.desc.tile_length_m > 0.0)) b.desc.tile_length_m = 50.0;
    bt_road_mesh *made = bt_alloc(1, sizeof *made);
    if (made == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for the road mesh");

    for (uint32_t road = 0; road < net->roads.count && b.status == BT_OK; road++)
        add_road(&b, road);
    mesh_end_tile(&b);
    clear_scratch(&b);
    made->tiles = b.tiles.items;
    made->tile_count = (uint32_t)b.tiles.count;
    if (b.status != BT_OK) {
        bt_road_mesh_destroy(made);
        return b.status;
    }
    *mesh = made;
    return BT_OK;
}

void bt_road_mesh_destroy(bt_road_mesh *mesh)
{
    if (mesh == NULL) return;
    for (uint32_t i = 0; i < mesh->tile_count; i++) {
        bt_free(mesh->tiles[i].positions);
        bt_free(mesh->tiles[i].normals);
        bt_free(mesh->tiles[i].uvs);
        bt_free(mesh->tiles[i].indices);
        bt_free(mesh->tiles[i].kinds);
    }
    bt_free(mesh->tiles);
    bt_free(mesh);
}
