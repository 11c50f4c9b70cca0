// observe.c: what an autopilot is told, as Lua tables: only what it asked for.
#include <lauxlib.h>

#include "engine/link/link_internal.h"

static void set_number(lua_State *lua, const char *key, double value)
{
    lua_pushnumber(lua, value);
    lua_setfield(lua, -2, key);
}

static void set_text(lua_State *lua, const char *key, const char *text)
{
    lua_pushstring(lua, text);
    lua_setfield(lua, -2, key);
}

// ---- start ------------------------------------------------------------------------------------
void link_push_info(lua_State *lua, const bt_autopilot *autopilot)
{
    const bt_sim *sim = autopilot->sim;
    const bt_vehicle *vehicle = &bt_sim_actor(sim, bt_sim_ego(sim))->vehicle;
    lua_newtable(lua);
    set_number(lua, "step_s", bt_seconds(bt_sim_step_ns(sim)));
    set_number(lua, "period_s", bt_seconds(autopilot->period_ns));
    lua_newtable(lua);
    set_number(lua, "wheelbase_m", vehicle->wheelbase_m);
    set_number(lua, "length_m", vehicle->length_m);
    set_number(lua, "width_m", vehicle->width_m);
    set_number(lua, "front_m", vehicle->length_m - vehicle->rear_overhang_m);
    set_number(lua, "steer_max_rad", vehicle->steer_max_rad);
    set_number(lua, "accel_max_m_s2", vehicle->accel_max_m_s2);
    set_number(lua, "brake_max_m_s2", vehicle->brake_max_m_s2);
    lua_setfield(lua, -2, "vehicle");
}

// ---- what is on the way -----------------------------------------------------------------------
static void set_route(lua_State *lua, const bt_way *way, bt_pose ego)
{
    static const char *const columns[] = {"x_m", "y_m", "heading_rad", "curvature_1_m"};
    bt_pose vehicle_from_world = bt_pose_inverse(ego);
    double yaw = bt_quat_yaw(ego.rot);
    lua_newtable(lua);
    for (int column = 0; column < 4; column++) {
        lua_createtable(lua, (int)way->count, 0);
        for (uint32_t i = 0; i < way->count; i++) {
            bt_vec3 at = bt_pose_point(vehicle_from_world, way->pos_world_m[i]);
            double value = column == 0   ? at.x
                           : column == 1 ? at.y
                           : column == 2 ? bt_wrap_angle(way->heading_rad[i] - yaw)
                                         : way->curvature_1_m[i];
            lua_pushnumber(lua, value);
            lua_rawseti(lua, -2, (lua_Integer)i + 1);
        }
        lua_setfield(lua, -2, columns[column]);
    }
    set_number(lua, "step_m", BT_WAY_STEP_M);
    set_number(lua, "remaining_m", way->remaining_m);
    set_number(lua, "speed_limit_m_s", way->speed_limit_m_s);
    lua_setfield(lua, -2, "route");
}

static void set_lane(lua_State *lua, const bt_way *way)
{
    lua_newtable(lua);
    set_number(lua, "offset_m", way->offset_m);
    set_number(lua, "heading_error_rad", way->heading_error_rad);
    set_number(lua, "width_m", way->lane_width_m);
    lua_setfield(lua, -2, "lane");
}

static void set_leader(lua_State *lua, const bt_observation *o, const bt_way *way)
{
    bt_leader leader = bt_way_leader(way, o->sim, o->state, LINK_LEADER_REACH_M);
    if (leader.actor == BT_SIM_NONE) return;
    bool walks = bt_sim_actor(o->sim, leader.actor)->kind == BT_ACTOR_WALKER;
    lua_newtable(lua);
    set_number(lua, "gap_m", leader.gap_m);
    set_number(lua, "speed_m_s", leader.speed_m_s);
    set_text(lua, "kind", walks ? "walker" : "vehicle");
    lua_setfield(lua, -2, "leader");
}

static void set_signal(lua_State *lua, const bt_autopilot *autopilot, const bt_observation *o,
                       const bt_way *way)
{
    static const char *const phases[] = {"off", "red", "red_amber", "amber", "green"};
    const bt_vehicle *vehicle = &bt_sim_actor(o->sim, bt_sim_ego(o->sim))->vehicle;
    bt_light_ahead light =
        bt_way_light(way, autopilot->lines, autopilot->line_count,
                     vehicle->length_m - vehicle->rear_overhang_m, LINK_SIGNAL_REACH_M);
    if (light.signal == BT_SIM_NONE) return;
    lua_newtable(lua);
    set_number(lua, "distance_m", light.distance_m);
    set_text(lua, "phase", phases[bt_state_signal(o->state, light.signal)]);
    lua_setfield(lua, -2, "signal");
}

// The ego's place on the way the simulation gave it, or on its own.
static void find_way(bt_autopilot *autopilot, const bt_motion *motion, bt_way *way)
{
    const bt_sim *sim = autopilot->sim;
    const bt_road_network *net = bt_sim_network(sim);
    const bt_route *route = bt_sim_route(sim, bt_sim_ego(sim));
    double along_m = motion->route_m;
    bt_pose ego = motion->pose.world_from_actor;
    if (!route && autopilot->own_route) {
        route = autopilot->own_route;
        along_m = bt_route_project(net, route, ego.pos, autopilot->own_route_m, LINK_ROUTE_WINDOW_M,
                                   NULL);
        autopilot->own_route_m = along_m;
    }
    bt_way_look(net, route, along_m, ego, way);
}

// ---- what the car's own sensors say -----------------------------------------------------------
static void set_speed(lua_State *lua, const bt_motion *motion)
{
    set_number(lua, "speed_m_s", motion->speed_m_s);
    set_number(lua, "accel_m_s2", motion->accel_m_s2);
    set_number(lua, "yaw_rate_rad_s", motion->angular_velocity_rad_s.z);
    set_number(lua, "steer_rad", motion->steer_rad);
}

static void set_cameras(lua_State *lua, const bt_autopilot *autopilot, const bt_observation *o)
{
    lua_newtable(lua);
    for (uint32_t i = 0; i < o->frame_count; i++) {
        bt_frame_lua_push(lua, &o->frames[i], &autopilot->step);
        lua_setfield(lua, -2, o->frames[i].camera);
    }
    lua_setfield(lua, -2, "cameras");
}

void link_push_observation(lua_State *lua, bt_autopilot *autopilot, const bt_observation *o)
{
    unsigned senses = autopilot->senses;
    const bt_motion *motion = bt_state_motion(o->state, bt_sim_ego(o->sim));
    lua_newtable(lua);
    set_number(lua, "time_s", bt_seconds(bt_state_time_ns(o->state)));
    lua_pushinteger(lua, (lua_Integer)autopilot->step);
    lua_setfield(lua, -2, "step");
    if (senses & LINK_SENSE_SPEED) set_speed(lua, motion);
    if (senses & LINK_SENSES_OF_WAY) {
        bt_way way;
        find_way(autopilot, motion, &way);
        if (senses & LINK_SENSE_ROUTE) set_route(lua, &way, motion->pose.world_from_actor);
        if (senses & LINK_SENSE_LANE) set_lane(lua, &way);
        if (senses & LINK_SENSE_LEADER) set_leader(lua, o, &way);
        if (senses & LINK_SENSE_SIGNALS) set_signal(lua, autopilot, o, &way);
    }
    if (senses & LINK_SENSE_CAMERAS) set_cameras(lua, autopilot, o);
}
