// terrain.h: the ground: a height for every plan point, and the mesh of it.
//
// At the network's outer edge the ground is a few centimetres below the surface; under the surface
// it dips, so that it never shows through. Away from it: verge, shallow ditch, gentle land, and from
// some hundred metres on hills that close the horizon. Under a bridge it follows the lower road.
//
// Ownership: the terrain keeps a pointer to the footprint, which outlives it. Constant once made; with
// far_as_asked it goes on finding what it is asked for, for one thread.
#ifndef BT_PROCEDURAL_TERRAIN_H
#define BT_PROCEDURAL_TERRAIN_H

#include "engine/scene/spec.h"
#include "procedural/surfaces/footprint.h"

typedef struct bt_terrain bt_terrain;

typedef struct bt_terrain_desc {
    uint64_t seed;
    double far_radius_m;  // beyond the network; 0: 4000
    double hill_height_m; // of the far ridges; 0: 165
    double ditch_m;       // depth beside roads without sidewalk; 0: 0.3; negative: none
    double fine_m;        // size of the ground's triangles along edges; 0: by the edges' length
    const bt_vec3 *focus_world_m; // where it is fine; none: everywhere
    size_t focus_count;
    double focus_radius_m;
    double field_share; // of open land that is fields, 0..1
    // A window of a world that goes on, in whole tiles: the ground is then the same in every window, as far as the same
    // roads are near. tile_m 0: the network is all there is.
    double low_x_m, low_y_m, high_x_m, high_y_m, tile_m;
    // Few places will be asked for, and no mesh: land far from roads is found where it is asked for, to the same bits.
    bool far_as_asked;
} bt_terrain_desc;

BT_CHECKED bt_status bt_terrain_create(const bt_footprint *footprint, const bt_terrain_desc *desc,
                                       bt_terrain **terrain);
void bt_terrain_destroy(bt_terrain *terrain); // NULL is fine

double bt_terrain_height(const bt_terrain *terrain, double x_m, double y_m);
// Plan distance to the network's outer edge, positive outside and under bridges; coarse (tens of
// metres) beyond 60 m.
double bt_terrain_edge_distance(const bt_terrain *terrain, double x_m, double y_m);

// What grows there.
typedef enum bt_ground_cover {
    BT_COVER_GRASS,
    BT_COVER_DRY_GRASS,
    BT_COVER_FIELD,
    BT_COVER_SOIL,
    BT_COVER_FOREST_FLOOR,
    BT_COVER_COUNT
} bt_ground_cover;
bt_ground_cover bt_terrain_cover(const bt_terrain *terrain, double x_m, double y_m);
// 0 open land .. 1 closed forest.
double bt_terrain_forest(const bt_terrain *terrain, double x_m, double y_m);

// Middle and half side of the square that is covered.
bt_vec3 bt_terrain_centre(const bt_terrain *terrain, double *half_m);

BT_CHECKED bt_status bt_terrain_add(bt_spec *spec, const bt_terrain *terrain);

#endif
