// ray_log.c: a growing list of rays.
#include "engine/render/ray_log.h"

#include "engine/core/memory.h"

#include <string.h>

void bt_ray_log_add(bt_ray_log *log, const float origin[3], const float dir[3], float u,
                    float distance, bool occlusion)
{
    if (log->lost || BT_ARRAY_RESERVE(log->rays, log->capacity, log->count + 1) != BT_OK) {
        log->lost = true;
        return;
    }
    bt_logged_ray *ray = &log->rays[log->count++];
    memcpy(ray->origin, origin, sizeof ray->origin);
    memcpy(ray->dir, dir, sizeof ray->dir);
    ray->u = u;
    ray->distance = distance;
    ray->occlusion = occlusion ? 1u : 0u;
}

void bt_ray_log_clear(bt_ray_log *log)
{
    bt_free(log->rays);
    *log = (bt_ray_log){0};
}
