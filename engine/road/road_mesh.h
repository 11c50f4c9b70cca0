// road_mesh.h: a network's surface and markings as triangles, sampled adaptively: chord error under
// 1 cm. Kerbs where a lane's height steps, sidewalk heights, markings as thin decals 3 mm above.
//
// Cut into tiles along each road, so that float coordinates stay small and a renderer can cull.
#ifndef BT_ROAD_ROAD_MESH_H
#define BT_ROAD_ROAD_MESH_H

#include "engine/road/road.h"

typedef enum bt_surface_kind {
    BT_SURFACE_ASPHALT,   // driving, shoulder, stop, ...
    BT_SURFACE_SIDEWALK,
    BT_SURFACE_CURB,      // the kerb's top and face
    BT_SURFACE_PARKING,
    BT_SURFACE_BIKING,
    BT_SURFACE_GRASS,     // none, border, median lanes
    BT_SURFACE_MARKING_WHITE,
    BT_SURFACE_MARKING_YELLOW,
    BT_SURFACE_MARKING_BLUE,
    BT_SURFACE_MARKING_RED,
    BT_SURFACE_MARKING_ORANGE,
    BT_SURFACE_MARKING_GREEN,
    BT_SURFACE_BOTTS_DOT,
    BT_SURFACE_STOP_LINE,
    BT_SURFACE_CROSSWALK,
    BT_SURFACE_KIND_COUNT
} bt_surface_kind;

typedef struct bt_road_tile {
    bt_vec3 origin_world_m;
    float *positions;      // (vertices x 3), relative to the origin
    float *normals;        // (vertices x 3)
    float *uvs;            // (vertices x 2): (s, t) of the road, metres; in junctions world x, y
    uint32_t vertex_count;
    uint32_t *indices;     // (triangles x 3), counter-clockwise seen from above
    uint8_t *kinds;        // (triangles), bt_surface_kind
    uint32_t triangle_count;
    uint32_t road;
} bt_road_tile;

typedef struct bt_road_mesh {
    bt_road_tile *tiles;
    uint32_t tile_count;
} bt_road_mesh;

typedef struct bt_road_mesh_desc {
    double chord_error_m;  // 0: 0.008
    double tile_length_m;  // 0: 50
} bt_road_mesh_desc;

BT_CHECKED bt_status bt_road_mesh_build(const bt_road_network *net, const bt_road_mesh_desc *desc,
                                        bt_road_mesh **mesh);
void bt_road_mesh_destroy(bt_road_mesh *mesh); // NULL is fine

// The outline of all drivable and walkable surface, for terrain to meet: height of the network at a
// plan point and the plan distance to it (0 inside). False: farther than `reach_m`.
bool bt_road_height_near(const bt_road_network *net, double x_m, double y_m, double reach_m,
                         double *height_m, double *distance_m);

#endif
