// scene_support.h: what tests of generators share: a spec with every material by name, and a road
// mesh made by hand.
#ifndef BT_TESTS_SCENE_SUPPORT_H
#define BT_TESTS_SCENE_SUPPORT_H

#include "engine/core/hash.h"
#include "engine/core/memory.h"
#include "engine/road/road_mesh.h"
#include "engine/scene/world.h"
#include "tests/support/check.h"

#include <math.h>
#include <stdlib.h>

// The names that assets/materials/street.lua promises.
static const char *const support_materials[] = {"asphalt",
                                                "asphalt_new",
                                                "asphalt_junction",
                                                "asphalt_shoulder",
                                                "sidewalk",
                                                "curb",
                                                "parking_asphalt",
                                                "bike_lane",
                                                "gravel",
                                                "grass",
                                                "dry_grass",
                                                "soil",
                                                "field",
                                                "marking_white",
                                                "marking_yellow",
                                                "marking_blue",
                                                "marking_red",
                                                "marking_orange",
                                                "marking_green",
                                                "botts_dot",
                                                "stop_line",
                                                "crosswalk",
                                                "brick_red",
                                                "brick_yellow",
                                                "plaster_white",
                                                "plaster_cream",
                                                "plaster_grey",
                                                "plaster",
                                                "plaster_white_sill",
                                                "plaster_cream_sill",
                                                "plaster_grey_sill",
                                                "plaster_sill",
                                                "plinth",
                                                "concrete_wall",
                                                "tunnel_lining",
                                                "roof_tile_red",
                                                "roof_tile_grey",
                                                "roof_flat",
                                                "wood_painted_white",
                                                "wood",
                                                "window_glass",
                                                "window_frame_white",
                                                "window_dark_room",
                                                "room_wall",
                                                "room_wall_warm",
                                                "room_floor",
                                                "furniture",
                                                "roller_shutter",
                                                "shop_board",
                                                "shop_letter",
                                                "awning_sand",
                                                "awning_red",
                                                "awning_green",
                                                "curtain",
                                                "door_painted",
                                                "garage_door",
                                                "metal_galvanised",
                                                "metal_painted_grey",
                                                "metal_painted_green",
                                                "metal_painted_black",
                                                "pole_concrete",
                                                "sign_white",
                                                "sign_red",
                                                "sign_blue",
                                                "sign_yellow",
                                                "sign_black",
                                                "sign_back_aluminium",
                                                "bark_oak",
                                                "bark_birch",
                                                "leaf_oak",
                                                "leaf_maple",
                                                "leaf_birch",
                                                "leaf_hedge",
                                                "leaf_pine",
                                                "hedge_inner",
                                                "stone",
                                                "fence_wood",
                                                "guard_rail",
                                                "bin_plastic",
                                                "cone_orange",
                                                "lamp_street",
                                                "lamp_street_sodium",
                                                "lamp_lantern",
                                                "lamp_room",
                                                "lamp_room_late",
                                                "lamp_room_night",
                                                "lamp_shop",
                                                "lamp_shop_night",
                                                "lamp_office",
                                                "lamp_office_late",
                                                "lamp_office_night",
                                                "lamp_door",
                                                "sign_lit_white",
                                                "sign_lit_warm",
                                                "lamp_obstacle",
                                                "drape",
                                                "tower_glass",
                                                "spandrel_glass",
                                                "mullion",
                                                "tower_stone",
                                                "office_ceiling",
                                                "vent",
                                                "lamp_tunnel",
                                                "window_light_room",
                                                "signal_red",
                                                "signal_amber",
                                                "signal_green",
                                                "signal_red_off",
                                                "signal_amber_off",
                                                "signal_green_off",
                                                "signal_housing"};

static inline bt_spec *support_spec(void)
{
    bt_spec *spec = NULL;
    CHECK_OK(bt_spec_create(&spec));
    for (size_t i = 0; i < sizeof support_materials / sizeof *support_materials; i++) {
        bt_material material = {.kind = BT_MATERIAL_DIFFUSE,
                                .reflectance = BT_NO_SPECTRUM,
                                .reflectance2 = BT_NO_SPECTRUM,
                                .emission = BT_NO_SPECTRUM};
        uint32_t index;
        CHECK_OK(bt_spec_add_material(spec, support_materials[i], &material, &index));
    }
    return spec;
}

// An S-shaped road, 400 m long and 8 m wide, climbing 3 %: one tile, stations every 2 m.
#define SUPPORT_STATIONS 201
static inline double support_road_y(double x)
{
    return 40.0 * sin(x / 70.0);
}
static inline double support_road_z(double x)
{
    return 12.0 + 0.03 * x;
}

static inline void support_road(bt_road_mesh *mesh, bt_road_tile *tile)
{
    *mesh = (bt_road_mesh){tile, 1};
    *tile = (bt_road_tile){.origin_world_m = {0.0, 0.0, 0.0}};
    tile->vertex_count = 2 * SUPPORT_STATIONS;
    tile->triangle_count = 2 * (SUPPORT_STATIONS - 1);
    tile->positions = calloc(tile->vertex_count, 3 * sizeof(float));
    tile->normals = calloc(tile->vertex_count, 3 * sizeof(float));
    tile->uvs = calloc(tile->vertex_count, 2 * sizeof(float));
    tile->indices = calloc(tile->triangle_count, 3 * sizeof(uint32_t));
    tile->kinds = calloc(tile->triangle_count, 1); // asphalt
    for (uint32_t i = 0; i < SUPPORT_STATIONS; i++) {
        double x = -200.0 + 2.0 * i, slope = 40.0 / 70.0 * cos(x / 70.0), n = hypot(1.0, slope);
        for (uint32_t side = 0; side < 2; side++) {
            double t = side ? -4.0 : 4.0;
            float *p = tile->positions + 3 * (2 * i + side);
            p[0] = (float)(x - t * slope / n);
            p[1] = (float)(support_road_y(x) + t / n);
            p[2] = (float)support_road_z(x);
            tile->normals[3 * (2 * i + side) + 2] = 1.0f;
        }
        if (i + 1 == SUPPORT_STATIONS) break;
        uint32_t quad[6] = {2 * i, 2 * i + 1, 2 * i + 3, 2 * i, 2 * i + 3, 2 * i + 2};
        memcpy(tile->indices + 6 * (size_t)i, quad, sizeof quad);
    }
}

static inline void support_road_clear(bt_road_tile *tile)
{
    free(tile->positions);
    free(tile->normals);
    free(tile->uvs);
    free(tile->indices);
    free(tile->kinds);
}

// Everything that is seen, as one number.
static inline bt_sha256_text support_world_hash(const bt_world *world)
{
    bt_sha256 parts[4] = {0}, whole = {0};
    CHECK_OK(bt_sha256_of(world->positions, 3 * sizeof(float) * world->vertex_count, &parts[0]));
    CHECK_OK(bt_sha256_of(world->indices, 3 * sizeof(uint32_t) * world->triangle_count, &parts[1]));
    for (uint32_t i = 0; i < world->static_count; i++) {
        const bt_world_static *s = &world->statics[i];
        double numbers[10] = {s->world_from_mesh.pos.x,
                              s->world_from_mesh.pos.y,
                              s->world_from_mesh.pos.z,
                              s->world_from_mesh.rot.w,
                              s->world_from_mesh.rot.x,
                              s->world_from_mesh.rot.y,
                              s->world_from_mesh.rot.z,
                              s->scale,
                              s->mesh,
                              s->object_id};
        memcpy(parts[2].bytes, parts[3].bytes, sizeof parts[2].bytes);
        bt_sha256 one;
        CHECK_OK(bt_sha256_of(numbers, sizeof numbers, &one));
        for (int k = 0; k < 32; k++)
            one.bytes[k] ^= (uint8_t)(parts[2].bytes[k] + i);
        CHECK_OK(bt_sha256_of(one.bytes, sizeof one.bytes, &parts[3]));
    }
    CHECK_OK(bt_sha256_of(parts, sizeof parts, &whole));
    return bt_sha256_format(&whole);
}

#endif
