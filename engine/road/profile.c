// profile.c: records along s: finding the one that holds, evaluating cubics.
#include "engine/road/road_internal.h"

#include <string.h>

bt_status road_push(void *items_address, size_t *count, size_t *capacity, const void *item,
                    size_t size)
{
    if (*count >= UINT32_MAX - 1) return bt_fail(BT_ERR_LIMIT, "road network too large");
    bt_status status = bt_array_reserve(items_address, capacity, *count + 1, size);
    if (status != BT_OK) return status;
    char *items;
    memcpy(&items, items_address, sizeof items);
    memcpy(items + *count * size, item, size);
    (*count)++;
    return BT_OK;
}

static double record_s0(const void *records, size_t stride, uint32_t index)
{
    double s0;
    memcpy(&s0, (const char *)records + (size_t)index * stride, sizeof s0);
    return s0;
}

uint32_t road_record_at(const void *records, size_t stride, uint32_t count, double s_m)
{
    uint32_t low = 0;
    uint32_t high = count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (record_s0(records, stride, middle) <= s_m) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

double road_profile_at(const bt_road_network *net, road_run run, double s_m, double *slope,
                       double *second)
{
    if (slope != NULL) *slope = 0.0;
    if (second != NULL) *second = 0.0;
    if (run.count == 0) return 0.0;

    const road_cubic *records = net->cubics.items + run.first;
    const road_cubic *r = records + road_record_at(records, sizeof *records, run.count, s_m);
    double ds = bt_max(0.0, s_m - r->s0_m); // constant before the first record
    if (slope != NULL) *slope = r->b + ds * (2.0 * r->c + ds * 3.0 * r->d);
    if (second != NULL) *second = 2.0 * r->c + 6.0 * r->d * ds;
    return r->a + ds * (r->b + ds * (r->c + ds * r->d));
}
