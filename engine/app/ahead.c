// ahead.c: see ahead.h.
#include "engine/app/ahead.h"

#include <math.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/label/map_json.h"

#define LOOK_M                                                                                     \
    400.0 // an ego without goal turns into no way that ends sooner: longer than most cul-de-sacs
#define FASTEST_M_S 70.0 // chosen: 250 km/h
#define STEP_M 2.0       // chosen: a window moves some ten metres behind a border

bt_status bt_ahead_open_window(const bt_scenario *scenario, const bt_world_folder *folder,
                               double x_m, double y_m, bt_window **window)
{
    const bt_road_make *make = &scenario->make;
    int reach = bt_window_reach(make->world.kind, make->radius_m);
    return folder ? bt_window_create_from(folder, reach, x_m, y_m, window)
                  : bt_window_create(&make->world, reach, x_m, y_m, window);
}

bt_route_part bt_ahead_part(const bt_window *window)
{
    double low[2], high[2];
    bt_window_rim(window, low, high);
    return (bt_route_part){LOOK_M, low[0], low[1], high[0], high[1]};
}

static bt_status make(void *context)
{
    bt_ahead *ahead = context;
    double begun_s = bt_thread_s();
    bt_memory_trim(); // what the leg before the last one has left
    bt_status status = bt_task_go_on();
    if (status == BT_OK)
        status = bt_ahead_open_window(ahead->leg_desc.scenario, ahead->folder, ahead->x_m,
                                      ahead->y_m, &ahead->window);
    if (status == BT_OK) status = bt_task_go_on();
    if (status != BT_OK) return status;
    ahead->part = bt_ahead_part(ahead->window);
    ahead->leg_desc.part = &ahead->part;
    ahead->leg_desc.inputs = &ahead->inputs;
    status = bt_leg_prepare(&ahead->leg_desc, bt_window_release(ahead->window), ahead->before,
                            ahead->along_m, &ahead->leg);
    if (status == BT_OK) status = bt_task_go_on();
    if (status == BT_OK && !ahead->leg_desc.without_light)
        status = bt_map_json(ahead->leg.net, &ahead->map_json, &ahead->map_json_bytes);
    ahead->made_s = bt_thread_s() - begun_s;
    return status;
}

bt_status bt_ahead_begin(bt_ahead *ahead)
{
    ahead->begun = true;
    return bt_task_start(make, ahead, &ahead->task);
}

bt_status bt_ahead_end(bt_ahead *ahead)
{
    bt_task *task = ahead->task;
    ahead->task = NULL;
    if (ahead->begun) return bt_task_finish(task);
    ahead->begun = true;
    return make(ahead);
}

void bt_ahead_drop(bt_ahead *ahead)
{
    bt_task_stop(ahead->task);
    bt_leg_clear(&ahead->leg);
    bt_window_destroy(ahead->window);
    bt_free(ahead->map_json);
    bt_input_list_clear(&ahead->inputs);
    *ahead = (bt_ahead){0};
}

bool bt_ahead_foresee(const bt_window *window, const bt_leg *leg, const bt_state *state,
                      bt_time_ns end_ns, bt_ahead *ahead)
{
    const bt_route *route = bt_sim_route(leg->sim, 0);
    double from_m = bt_state_motion(state, 0)->route_m;
    double rest_m = FASTEST_M_S * bt_seconds(end_ns - bt_state_time_ns(state));
    double to_m = fmin(bt_route_length(route), from_m + rest_m);
    for (double at_m = from_m; at_m < to_m; at_m += STEP_M) {
        bt_vec3 at = bt_route_pose(leg->net, route, at_m, 0.0, NULL, NULL).pos;
        if (!bt_window_would_move(window, at.x, at.y)) continue;
        ahead->x_m = at.x;
        ahead->y_m = at.y;
        ahead->along_m = at_m;
        return true;
    }
    return false;
}
