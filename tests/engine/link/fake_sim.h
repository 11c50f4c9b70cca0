// fake_sim.h: a simulation whose state a test sets by hand: the parts of engine/sim/sim.h that the
// link uses, so that every verdict has a scenario in closed form. Include once per program.
//
// The map: a straight road of 300 m along x, right-hand traffic; from the left: sidewalk, lane
// against x, lane along x (y from 0 to -3.5), shoulder (to -5), sidewalk (to -7); a light at s = 100
// for traffic along x, its stop line at s = 95.
#ifndef BT_TESTS_FAKE_SIM_H
#define BT_TESTS_FAKE_SIM_H

#include "engine/road/opendrive.h"
#include "engine/sim/sim.h"
#include "engine/sim/standing.h"

#define FAKE_ACTORS 4 // 0: ego, 1: car, 2: walker, 3: signal head

struct bt_sim {
    bt_road_network *net;
    bt_route *route;
    bt_actor_desc actors[FAKE_ACTORS];
    bt_standing standing; // one thing
};

struct bt_state {
    const bt_sim *sim;
    bt_time_ns time_ns;
    bt_motion motions[FAKE_ACTORS];
    bt_signal_phase phase;
    bt_impact impact; // the only one
    uint64_t impact_count;
};

static const char fake_map[] =
    "<?xml version='1.0'?><OpenDRIVE><header revMajor='1' revMinor='6'/>"
    "<road id='1' length='300' junction='-1' rule='RHT'><type s='0' type='town'>"
    "<speed max='50' unit='km/h'/></type><planView>"
    "<geometry s='0' x='0' y='0' hdg='0' length='300'><line/></geometry></planView><lanes>"
    "<laneSection s='0'><left>"
    "<lane id='2' type='sidewalk' level='false'><width sOffset='0' a='2' b='0' c='0' d='0'/></lane>"
    "<lane id='1' type='driving' level='false'><width sOffset='0' a='3.5' b='0' c='0' "
    "d='0'/></lane>"
    "</left><center><lane id='0' type='none' level='false'/></center><right>"
    "<lane id='-1' type='driving' level='false'><width sOffset='0' a='3.5' b='0' c='0' "
    "d='0'/></lane>"
    "<lane id='-2' type='shoulder' level='false'><width sOffset='0' a='1.5' b='0' c='0' "
    "d='0'/></lane>"
    "<lane id='-3' type='sidewalk' level='false'><width sOffset='0' a='2' b='0' c='0' "
    "d='0'/></lane>"
    "</right></laneSection></lanes><objects>"
    "<object id='9' type='roadMark' subtype='stopLine' name='stopLine' s='95' t='-1.75' "
    "zOffset='0' "
    "hdg='0' length='0.3' width='3.5'/></objects><signals>"
    "<signal id='7' s='100' t='-5' zOffset='3' dynamic='yes' orientation='+' type='1000001' "
    "subtype='-1' country='OpenDRIVE' value='-1'/></signals></road></OpenDRIVE>";

static const bt_vehicle fake_car = {.name = "car",
                                    .wheelbase_m = 2.8,
                                    .track_m = 1.6,
                                    .length_m = 4.6,
                                    .width_m = 1.8,
                                    .height_m = 1.45,
                                    .rear_overhang_m = 1.0,
                                    .steer_max_rad = 0.6,
                                    .accel_max_m_s2 = 3.0,
                                    .brake_max_m_s2 = 9.0};

static inline bt_status fake_sim_init(bt_sim *sim)
{
    *sim = (bt_sim){0};
    bt_status status = bt_opendrive_parse("fake.xodr", fake_map, sizeof fake_map - 1, &sim->net);
    if (status != BT_OK) return status;
    uint32_t lane = bt_lane_find(sim->net, 0, 1.0, -1);
    for (int i = 0; i < FAKE_ACTORS; i++)
        sim->actors[i] = (bt_actor_desc){.number = (uint32_t)i, .vehicle = fake_car, .lane = lane};
    sim->actors[2].kind = BT_ACTOR_WALKER;
    sim->actors[3].kind = BT_ACTOR_FIXTURE;
    return bt_route_find(sim->net, lane, 10.0, lane, 290.0, &sim->route);
}

static inline void fake_sim_clear(bt_sim *sim)
{
    bt_route_destroy(sim->route);
    bt_road_network_destroy(sim->net);
}

// Puts an actor down with its speed along its heading.
static inline void fake_place(bt_state *state, uint32_t actor, double x_m, double y_m,
                              double yaw_rad, double speed_m_s)
{
    bt_motion *m = &state->motions[actor];
    *m = (bt_motion){.speed_m_s = speed_m_s, .lane = state->sim->actors[actor].lane};
    m->pose.world_from_actor.pos = bt_vec3_make(x_m, y_m, 0.0);
    m->pose.world_from_actor.rot = bt_quat_yaw_pitch_roll(yaw_rad, 0.0, 0.0);
    m->velocity_m_s = bt_vec3_make(speed_m_s * cos(yaw_rad), speed_m_s * sin(yaw_rad), 0.0);
    m->route_m = x_m - 10.0;
}

static inline void fake_state_init(bt_state *state, const bt_sim *sim)
{
    *state = (bt_state){.sim = sim, .phase = BT_PHASE_GREEN};
    fake_place(state, 0, 20.0, -1.75, 0.0, 10.0);
    fake_place(state, 1, 1000.0, 0.0, 0.0, 0.0);
    fake_place(state, 2, 1100.0, 0.0, 0.0, 0.0);
    fake_place(state, 3, 100.0, -5.0, 0.0, 0.0);
}

// ---- what engine/sim offers --------------------------------------------------------------------
const bt_actor_desc *bt_sim_actor(const bt_sim *sim, uint32_t actor)
{
    return &sim->actors[actor];
}
uint32_t bt_sim_actor_count(const bt_sim *sim)
{
    (void)sim;
    return FAKE_ACTORS;
}
uint32_t bt_sim_ego(const bt_sim *sim)
{
    (void)sim;
    return 0;
}
const bt_road_network *bt_sim_network(const bt_sim *sim)
{
    return sim->net;
}
bt_time_ns bt_sim_step_ns(const bt_sim *sim)
{
    (void)sim;
    return 10 * BT_NS_PER_MS;
}
const bt_route *bt_sim_route(const bt_sim *sim, uint32_t actor)
{
    return actor == 0 ? sim->route : NULL;
}
bt_time_ns bt_state_time_ns(const bt_state *state)
{
    return state->time_ns;
}
uint64_t bt_state_impact_count(const bt_state *state)
{
    return state->impact_count;
}

const bt_impact *bt_state_impact(const bt_state *state, uint64_t index)
{
    return index < state->impact_count ? &state->impact : NULL;
}

const bt_standing *bt_sim_standing(const bt_sim *sim, uint32_t thing)
{
    return thing == 0 ? &sim->standing : NULL;
}

const bt_motion *bt_state_motion(const bt_state *state, uint32_t actor)
{
    return &state->motions[actor];
}
bt_signal_phase bt_state_signal(const bt_state *state, uint32_t signal)
{
    (void)signal;
    return state->phase;
}
bool bt_state_footprint(const bt_sim *sim, const bt_state *state, uint32_t actor, uint32_t part,
                        bt_footprint *footprint)
{
    if (part != 0 || sim->actors[actor].kind == BT_ACTOR_FIXTURE) return false;
    bt_pose pose = state->motions[actor].pose.world_from_actor;
    bool walks = sim->actors[actor].kind == BT_ACTOR_WALKER;
    double middle_m = walks ? 0.0 : 0.5 * fake_car.length_m - fake_car.rear_overhang_m;
    bt_vec3 centre = bt_pose_point(pose, bt_vec3_make(middle_m, 0.0, 0.0));
    *footprint = (bt_footprint){.x_m = centre.x,
                                .y_m = centre.y,
                                .yaw_rad = bt_quat_yaw(pose.rot),
                                .half_length_m = walks ? 0.2 : 0.5 * fake_car.length_m,
                                .half_width_m = walks ? 0.3 : 0.5 * fake_car.width_m,
                                .z_low_m = pose.pos.z,
                                .z_high_m = pose.pos.z + 1.5};
    return true;
}

#endif
