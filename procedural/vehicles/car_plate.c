// car_plate.c: a number plate with seven raised characters of blocks: enough to read as one from
// where a camera sees it, and nobody's number.
#include "procedural/vehicles/car_internal.h"

#include "engine/core/random.h"

// EU size, Council Regulation (EC) 2411/98: 520 mm x 110 mm
#define PLATE_WIDTH_M 0.520
#define PLATE_HEIGHT_M 0.110

// Seven-segment patterns: bits a (top), b, c (right), d (bottom), e, f (left), g (middle).
static const uint8_t patterns[16] = {0x3f, 0x06, 0x5b, 0x4f, 0x66, 0x6d, 0x7d, 0x07,
                                     0x7f, 0x6f, 0x77, 0x7c, 0x39, 0x5e, 0x79, 0x71};

typedef struct block {
    double x, y, w, h; // in units of the character's cell: width 1, height 2
} block;

static const block blocks[7] = {{0.5, 1.9, 1.0, 0.2}, {0.9, 1.5, 0.2, 1.0}, {0.9, 0.5, 0.2, 1.0},
                                {0.5, 0.1, 1.0, 0.2}, {0.1, 0.5, 0.2, 1.0}, {0.1, 1.5, 0.2, 1.0},
                                {0.5, 1.0, 1.0, 0.2}};

static void add_character(bt_mesh_builder *mesh, bt_pose plate, double left, uint8_t pattern)
{
    double unit = 0.036;
    for (int i = 0; i < 7; i++) {
        if (!(pattern >> i & 1)) continue;
        double x0 = left + (blocks[i].x - 0.5 * blocks[i].w) * unit;
        double x1 = left + (blocks[i].x + 0.5 * blocks[i].w) * unit;
        double y0 = (blocks[i].y - 0.5 * blocks[i].h - 1.0) * unit;
        double y1 = (blocks[i].y + 0.5 * blocks[i].h - 1.0) * unit;
        double z = 0.0062;
        bt_mesh_add_quad(mesh, bt_pose_point(plate, bt_vec3_make(x0, y0, z)),
                         bt_pose_point(plate, bt_vec3_make(x1, y0, z)),
                         bt_pose_point(plate, bt_vec3_make(x1, y1, z)),
                         bt_pose_point(plate, bt_vec3_make(x0, y1, z)));
    }
}

// Plates are not mirrored: they go into the right-hand text by a part of their own.
void bt_car_add_plate(bt_car *car, const bt_patch_vertex *at, double out_m)
{
    uint32_t part = bt_body_add_part(car->body, at->normal.x > 0.0 ? "plate_front" : "plate_rear",
                                     car->part, BT_POSE_IDENTITY);
    bt_mesh_builder *mesh = bt_body_mesh(car->body, part, car->slots.black);
    bt_pose pose = bt_car_on_skin(at, out_m);
    bt_mesh_add_rounded_slab(mesh, pose,
                             bt_vec3_make(PLATE_WIDTH_M + 0.012, PLATE_HEIGHT_M + 0.012, 0.010),
                             0.008, 0.002, 3);
    mesh->slot = car->slots.plate;
    bt_pose face = bt_pose_mul(pose, (bt_pose){{0.0, 0.0, 0.0015}, BT_QUAT_IDENTITY});
    bt_mesh_add_rounded_slab(mesh, face, bt_vec3_make(PLATE_WIDTH_M, PLATE_HEIGHT_M, 0.009), 0.006,
                             0.001, 3);
    mesh->slot = car->slots.black;
    for (int i = 0; i < 7; i++) {
        uint32_t which = bt_random_below(car->params->seed, BT_STREAM_VEHICLE, 7, (uint32_t)i, 16);
        double left = -0.215 + 0.056 * i + (i > 2 ? 0.035 : 0.0);
        add_character(mesh, pose, left, patterns[which]);
    }
    bt_body_add_keypoint(car->body, at->normal.x > 0.0 ? "plate_front" : "plate_rear", part,
                         bt_vec3_mad(at->pos, at->normal, out_m));
}
