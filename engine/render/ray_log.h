// ray_log.h: the rays of a frame, recorded in order, so that a benchmark can ask Embree the same
// again with nothing in between.
#ifndef BT_RENDER_RAY_LOG_H
#define BT_RENDER_RAY_LOG_H

#include "engine/core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bt_logged_ray {
    float origin[3], dir[3];
    float u;
    uint32_t occlusion; // 1: any hit, 0: closest
} bt_logged_ray;

typedef struct bt_ray_log {
    bt_logged_ray *rays;
    size_t count, capacity;
    bool lost; // memory ran out: some are missing
} bt_ray_log;

void bt_ray_log_add(bt_ray_log *log, const float origin[3], const float dir[3], float u,
                    bool occlusion);
void bt_ray_log_clear(bt_ray_log *log);

#endif
