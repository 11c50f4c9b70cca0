// embree_shim.h: the one place that knows whether Embree is 3.13 or 4: header, and how rays are asked.
//
// The rest of the room uses the calls both versions share, and fills structs by field name.
#ifndef BT_RENDER_EMBREE_SHIM_H
#define BT_RENDER_EMBREE_SHIM_H

#include "engine/core/status.h"

#include <stdbool.h>

#if __has_include(<embree4/rtcore.h>)
#include <embree4/rtcore.h>
#define BT_EMBREE_MAJOR 4
#else
#include <embree3/rtcore.h>
#define BT_EMBREE_MAJOR 3
#endif

// A device that builds with one thread, so that acceleration structures are the same every time, and in
// large pages where the system gives them, for rays look all over a large world.
BT_CHECKED bt_status bt_embree_device_create(RTCDevice *device);
// Turns the device's last error into a status; BT_OK when there was none.
BT_CHECKED bt_status bt_embree_check(RTCDevice device, const char *what);

// Flushes denormals to zero on this thread, as Embree asks, and gives the old state back.
unsigned bt_embree_float_begin(void);
void bt_embree_float_end(unsigned old);

// What filter functions find behind args->context: put it first in a struct of your own.
typedef struct bt_embree_query {
#if BT_EMBREE_MAJOR >= 4
    struct RTCRayQueryContext context;
#else
    struct RTCIntersectContext context;
#endif
} bt_embree_query;

static inline void bt_embree_query_init(bt_embree_query *query)
{
#if BT_EMBREE_MAJOR >= 4
    rtcInitRayQueryContext(&query->context);
#else
    rtcInitIntersectContext(&query->context);
#endif
}

static inline void bt_embree_intersect(RTCScene scene, bt_embree_query *query,
                                       struct RTCRayHit *ray)
{
#if BT_EMBREE_MAJOR >= 4
    struct RTCIntersectArguments arguments;
    rtcInitIntersectArguments(&arguments);
    arguments.context = &query->context;
    rtcIntersect1(scene, ray, &arguments);
#else
    rtcIntersect1(scene, &query->context, ray);
#endif
}

// Sixteen rays; valid: -1 or 0 for each, aligned to 64 bytes. coherent: they start and end near each
// other, and the scene has no intersection filters, with which the traversal for coherent packets of
// Embree 3.13 may never end.
static inline void bt_embree_intersect16(RTCScene scene, bt_embree_query *query, const int *valid,
                                         bool coherent, struct RTCRayHit16 *rays)
{
#if BT_EMBREE_MAJOR >= 4
    struct RTCIntersectArguments arguments;
    rtcInitIntersectArguments(&arguments);
    arguments.context = &query->context;
    if (coherent) arguments.flags = RTC_RAY_QUERY_FLAG_COHERENT;
    rtcIntersect16(valid, scene, rays, &arguments);
#else
    if (coherent) query->context.flags = RTC_INTERSECT_CONTEXT_FLAG_COHERENT;
    rtcIntersect16(valid, scene, &query->context, rays);
#endif
}

static inline void bt_embree_occluded(RTCScene scene, bt_embree_query *query, struct RTCRay *ray)
{
#if BT_EMBREE_MAJOR >= 4
    struct RTCOccludedArguments arguments;
    rtcInitOccludedArguments(&arguments);
    arguments.context = &query->context;
    rtcOccluded1(scene, ray, &arguments);
#else
    rtcOccluded1(scene, &query->context, ray);
#endif
}

// As bt_embree_intersect16; a ray that meets something gets a negative tfar.
static inline void bt_embree_occluded16(RTCScene scene, bt_embree_query *query, const int *valid,
                                        struct RTCRay16 *rays)
{
#if BT_EMBREE_MAJOR >= 4
    struct RTCOccludedArguments arguments;
    rtcInitOccludedArguments(&arguments);
    arguments.context = &query->context;
    rtcOccluded16(valid, scene, rays, &arguments);
#else
    rtcOccluded16(valid, scene, &query->context, rays);
#endif
}

#endif
