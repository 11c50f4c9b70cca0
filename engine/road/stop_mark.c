// stop_mark.c: marks that make traffic wait, and whom signals hold for.
#include "engine/road/road.h"

#include <math.h>
#include <string.h>

#define CROSSING_ROOM_M 0.5 // before the edge of a crossing

bool bt_lane_obeys(const bt_lane *lane, int orientation, int32_t from_lane, int32_t to_lane)
{
    if (orientation != 0 && (orientation > 0) != lane->forward) return false;
    if (from_lane == 0 && to_lane == 0) return true;
    int32_t low = from_lane < to_lane ? from_lane : to_lane;
    int32_t high = from_lane < to_lane ? to_lane : from_lane;
    return lane->id >= low && lane->id <= high;
}

static bool names_stop_line(const char *text)
{
    static const char *const words[] = {"stopline", "StopLine",  "stop_line",
                                        "Stopline", "stop line", "stopLine"};
    for (size_t i = 0; text && i < sizeof words / sizeof words[0]; i++)
        if (strstr(text, words[i])) return true;
    return false;
}

// Half of an object's extent along its road.
static double half_along(const bt_road_network *net, const bt_road_object *o)
{
    double heading;
    bt_road_heading(net, o->road, o->s_m, &heading, NULL);
    double turn = bt_quat_yaw(o->world_from_object.rot) - heading;
    return 0.5 * (o->length_m * fabs(bt_cos(turn)) + o->width_m * fabs(bt_sin(turn)));
}

bool bt_road_object_stops(const bt_road_network *net, const bt_road_object *o, double *before_m)
{
    *before_m = 0.0;
    if (names_stop_line(o->type) || names_stop_line(o->subtype) || names_stop_line(o->name))
        return true;
    if (!o->type || strcmp(o->type, "crosswalk") != 0) return false;
    *before_m = half_along(net, o) + CROSSING_ROOM_M;
    return true;
}
