// label_ray.c: rays and landing points under a rolling shutter.
#include "engine/label/label_internal.h"

#include "engine/label/lens.h"

#include <math.h>

// A row's time moves a point by (image speed x row time): 2000 px/s x 30 us = 0.06 rows, so each
// round gains more than a digit.
#define LAND_ROUNDS 8
#define LAND_ENOUGH_PX 1e-4
#define GLASS_PANES 8      // chosen: more than a windshield and two side windows
#define GLASS_STEP_M 1e-4f // chosen: beyond a float's rounding at a few metres

label_row label_row_at(const bt_snapshot *snapshot, const bt_view *view, bt_time_ns label_time_ns,
                       double row)
{
    label_row at;
    at.u = bt_snapshot_u(snapshot, bt_view_row_middle_ns(view, label_time_ns, row));
    at.camera = bt_snapshot_camera_at(snapshot, at.u);
    return at;
}

bool label_land(const bt_snapshot *snapshot, const bt_view *view, bt_time_ns label_time_ns,
                double first_row, label_place_fn place, const void *context, double *x_px,
                double *y_px)
{
    double row = first_row;
    for (int round = 0; round < LAND_ROUNDS; round++) {
        label_row at = label_row_at(snapshot, view, label_time_ns, row);
        float pos[3], pos_cam[3];
        place(context, &at, pos);
        bt_snapshot_key_point_inverse(&at.camera, 1.0f, pos, pos_cam);
        if (!label_eye_pixel(view, pos_cam, x_px, y_px)) return false;
        if (fabs(*y_px - row) < LAND_ENOUGH_PX) break;
        row = *y_px;
    }
    return true;
}

static bool own_glass(const bt_label_frame *frame, const bt_surface_hit *hit)
{
    const bt_world *world = frame->snapshot->world;
    const bt_world_instance *instance = &world->instances[hit->instance];
    if (frame->carrier == BT_NO_INDEX || instance->actor != frame->carrier) return false;
    const bt_world_mesh *mesh = &world->meshes[instance->mesh];
    uint32_t slot = mesh->first_slot + world->triangle_slots[mesh->first_triangle + hit->triangle];
    return world->materials[world->slots[slot].material].kind == BT_MATERIAL_GLASS_THIN;
}

bool label_trace(const bt_label_frame *frame, const float origin[3], const float dir[3], float u,
                 bt_surface_hit *hit)
{
    float from[3] = {origin[0], origin[1], origin[2]};
    float before_m = 0.0f;
    for (int pane = 0; pane < GLASS_PANES; pane++) {
        if (!bt_stage_trace(frame->stage, from, dir, u, hit)) return false;
        hit->distance_m += before_m;
        if (!own_glass(frame, hit)) return true;
        before_m = hit->distance_m + GLASS_STEP_M;
        for (int i = 0; i < 3; i++)
            from[i] = origin[i] + dir[i] * before_m;
    }
    return true; // more panes than a car has: the last one is the label
}
