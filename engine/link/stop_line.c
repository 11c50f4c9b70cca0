// stop_line.c: where drivers must stop at red.
#include "engine/link/stop_line.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"

#define LINE_NEAR_M 20.0  // a drawn line belongs to a light at most this far
#define LINE_HEIGHT_M 3.0 // roads above and below have lines of their own
#define LINE_BESIDE_M 0.3 // who straddles the lane's border passes its line too

static bool lane_obeys(const bt_lane *lane, const bt_signal_reference *light)
{
    return bt_lane_type_drivable(lane->type) &&
           bt_lane_obeys(lane, light->orientation, light->from_lane, light->to_lane);
}

// Where a mark on the road makes a lane's traffic wait: a drawn line, or before a crossing.
static bool waits_at(const bt_road_network *net, const bt_lane *lane, const bt_road_object *object,
                     double *s_m)
{
    double before_m;
    bool waits = bt_road_object_stops(net, object, &before_m);
    *s_m = object->s_m + (lane->forward ? -before_m : before_m);
    return waits;
}

// A stop line that the file gives as a signal: 294 of the German catalogue.
static bool is_line_signal(const bt_signal *signal, const bt_lane *lane)
{
    if (signal->road != lane->road || !signal->type || strcmp(signal->type, "294") != 0)
        return false;
    bt_signal_reference own = {.orientation = signal->orientation,
                               .from_lane = signal->from_lane,
                               .to_lane = signal->to_lane};
    return lane_obeys(lane, &own);
}

static double line_station(const bt_road_network *net, const bt_lane *lane, double light_s_m)
{
    double best = light_s_m, nearest = LINE_NEAR_M, s_m;
    for (uint32_t i = 0; i < bt_road_signal_count(net); i++) {
        const bt_signal *signal = bt_road_signal_get(net, i);
        if (fabs(signal->s_m - light_s_m) < LINE_NEAR_M && is_line_signal(signal, lane))
            return signal->s_m;
    }
    for (uint32_t i = 0; i < bt_road_object_count(net); i++) {
        const bt_road_object *object = bt_road_object_get(net, i);
        if (object->road != lane->road || !waits_at(net, lane, object, &s_m)) continue;
        if (fabs(s_m - light_s_m) >= nearest) continue;
        nearest = fabs(s_m - light_s_m);
        best = s_m;
    }
    return best;
}

typedef struct line_list {
    bt_stop_line *items;
    size_t count, capacity;
} line_list;

static bt_status add_line(const bt_road_network *net, uint32_t lane, uint32_t signal, double s_m,
                          line_list *list)
{
    bt_status status = BT_ARRAY_RESERVE(list->items, list->capacity, list->count + 1);
    if (status != BT_OK) return status;
    bt_pose pose = bt_lane_pose(net, lane, s_m, 0.0);
    bt_vec3 ahead = bt_pose_dir(pose, bt_vec3_make(1.0, 0.0, 0.0));
    double length = bt_hypot(ahead.x, ahead.y);
    list->items[list->count++] = (bt_stop_line){
        .signal = signal,
        .lane = lane,
        .pos_world_m = pose.pos,
        .dir_x = length > 0.0 ? ahead.x / length : 1.0,
        .dir_y = length > 0.0 ? ahead.y / length : 0.0,
        .half_width_m = 0.5 * bt_lane_width(net, lane, s_m),
    };
    return BT_OK;
}

// Every lane it holds for whose line lies in the lane's section.
static bt_status add_light(const bt_road_network *net, const bt_signal_reference *light,
                           line_list *list)
{
    const bt_road *road = bt_road_get(net, light->road);
    for (uint32_t i = 0; i < road->section_count; i++) {
        const bt_lane_section *section = bt_road_section_get(net, road->first_section + i);
        bool first = i == 0, last = i + 1 == road->section_count;
        for (uint32_t k = 0; k < section->lane_count; k++) {
            uint32_t lane = section->first_lane + k;
            const bt_lane *info = bt_road_lane_get(net, lane);
            if (!lane_obeys(info, light)) continue;
            double s = line_station(net, info, light->s_m);
            if ((s < section->s0_m && !first) || (s >= section->s1_m && !last)) continue;
            s = bt_clamp(s, 0.0, road->length_m);
            bt_status status = add_line(net, lane, light->signal, s, list);
            if (status != BT_OK) return status;
        }
    }
    return BT_OK;
}

static bool is_light_for_cars(const bt_signal *signal)
{
    return signal->dynamic && !(signal->type && strcmp(signal->type, "1000002") == 0);
}

bt_status bt_stop_lines_find(const bt_road_network *net, bt_stop_line **lines, uint32_t *count)
{
    line_list list = {0};
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < bt_road_signal_count(net) && status == BT_OK; i++) {
        const bt_signal *s = bt_road_signal_get(net, i);
        if (!is_light_for_cars(s) || s->road == BT_ROAD_NONE) continue;
        bt_signal_reference own = {i,         s->road, s->s_m, s->t_m, s->orientation, s->from_lane,
                                   s->to_lane};
        status = add_light(net, &own, &list);
    }
    for (uint32_t i = 0; i < bt_road_signal_reference_count(net) && status == BT_OK; i++) {
        const bt_signal_reference *reference = bt_road_signal_reference_get(net, i);
        if (reference->signal == BT_ROAD_NONE || reference->road == BT_ROAD_NONE) continue;
        if (is_light_for_cars(bt_road_signal_get(net, reference->signal)))
            status = add_light(net, reference, &list);
    }
    if (status != BT_OK) bt_free(list.items);
    *lines = status == BT_OK ? list.items : NULL;
    *count = status == BT_OK ? (uint32_t)list.count : 0;
    return status;
}

bool bt_stop_line_passed(const bt_stop_line *line, bt_vec3 from, bt_vec3 to, double *u)
{
    double before =
        (from.x - line->pos_world_m.x) * line->dir_x + (from.y - line->pos_world_m.y) * line->dir_y;
    double after =
        (to.x - line->pos_world_m.x) * line->dir_x + (to.y - line->pos_world_m.y) * line->dir_y;
    if (!(before < 0.0) || !(after >= 0.0)) return false;
    *u = before / (before - after);
    bt_vec3 at = bt_vec3_lerp(from, to, *u);
    double beside =
        (at.y - line->pos_world_m.y) * line->dir_x - (at.x - line->pos_world_m.x) * line->dir_y;
    return fabs(beside) <= line->half_width_m + LINE_BESIDE_M &&
           fabs(at.z - line->pos_world_m.z) <= LINE_HEIGHT_M;
}
