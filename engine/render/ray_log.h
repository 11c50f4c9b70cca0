// ray_log.h: the rays of a frame, recorded in order, so that a benchmark can ask Embree the same
// again with nothing in between.
#ifndef BT_RENDER_RAY_LOG_H
#define BT_RENDER_RAY_LOG_H

#include "engine/render/render.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bt_logged_ray {
    float origin[3], dir[3];
    float u;
    float distance;     // its end
    uint32_t occlusion; // 1: any hit, 0: closest
} bt_logged_ray;

typedef struct bt_ray_log {
    bt_logged_ray *rays;
    size_t count, capacity;
    bool lost; // memory ran out: some are missing
} bt_ray_log;

void bt_ray_log_add(bt_ray_log *log, const float origin[3], const float dir[3], float u,
                    float distance, bool occlusion);
void bt_ray_log_clear(bt_ray_log *log);

// As bt_render_film, recording every ray; uses this thread alone.
BT_CHECKED bt_status bt_render_film_logged(const bt_stage *stage, const bt_view *view,
                                           bt_time_ns label_time_ns,
                                           const bt_render_settings *settings, bt_film *film,
                                           bt_ray_log *log);
// Asks Embree all of them again, one after the other, and nothing else: the bound of a tracer of
// single rays. Gives how many met something.
uint64_t bt_ray_log_replay(const bt_stage *stage, const bt_ray_log *log);

#endif
