// fixture.h: vehicles and small networks that several tests of engine/sim share.
#ifndef BT_TESTS_SIM_FIXTURE_H
#define BT_TESTS_SIM_FIXTURE_H

#include "engine/sim/sim.h"
#include "tests/support/check.h"

#include <stdio.h>

// A mid-size car: round numbers of the right order.
static inline bt_vehicle fixture_car(void)
{
    return (bt_vehicle){.name = "test car",
                        .mass_kg = 1500.0,
                        .yaw_inertia_kg_m2 = 2500.0,
                        .wheelbase_m = 2.7,
                        .cg_from_rear_m = 1.5,
                        .cg_height_m = 0.55,
                        .track_m = 1.55,
                        .wheel_radius_m = 0.32,
                        .length_m = 4.5,
                        .width_m = 1.8,
                        .height_m = 1.5,
                        .rear_overhang_m = 0.9,
                        .cornering_front_n_rad = 110000.0,
                        .cornering_rear_n_rad = 140000.0,
                        .steer_max_rad = 0.6,
                        .steer_rate_max_rad_s = 0.5,
                        .accel_max_m_s2 = 4.0,
                        .brake_max_m_s2 = 12.0,
                        .power_max_w = 100000.0,
                        .drag_area_m2 = 0.65,
                        .roll_resistance = 0.01,
                        .friction = 0.9,
                        .roll_gain_rad_s2_m = 0.006,
                        .pitch_gain_rad_s2_m = 0.004};
}

// A tractor with a semi-trailer.
static inline bt_vehicle fixture_truck(void)
{
    bt_vehicle v = fixture_car();
    snprintf(v.name, sizeof v.name, "test truck");
    v.mass_kg = 16000.0;
    v.yaw_inertia_kg_m2 = 60000.0;
    v.wheelbase_m = 3.7;
    v.cg_from_rear_m = 1.6;
    v.cg_height_m = 1.2;
    v.track_m = 2.05;
    v.wheel_radius_m = 0.5;
    v.length_m = 6.0;
    v.width_m = 2.5;
    v.height_m = 3.8;
    v.rear_overhang_m = 0.9;
    v.cornering_front_n_rad = 500000.0;
    v.cornering_rear_n_rad = 700000.0;
    v.accel_max_m_s2 = 1.5;
    v.power_max_w = 330000.0;
    v.drag_area_m2 = 6.0;
    v.trailer_length_m = 12.0;
    v.hitch_from_rear_m = 0.6;
    v.trailer_wheelbase_m = 7.5;
    return v;
}

// Makes of a car what traffic takes for a bicycle: its measures.
static inline void fixture_narrow(bt_vehicle *v)
{
    v->width_m = 0.65;
    v->track_m = 0.3;
    v->length_m = 1.8;
    v->rear_overhang_m = 0.4;
    v->wheelbase_m = 1.05;
    v->cg_from_rear_m = 0.5;
}

// A bicycle with its rider.
static inline bt_vehicle fixture_bicycle(void)
{
    bt_vehicle v = fixture_car();
    snprintf(v.name, sizeof v.name, "test bicycle");
    v.mass_kg = 90.0;
    v.yaw_inertia_kg_m2 = 12.0;
    v.wheelbase_m = 1.08;
    v.cg_from_rear_m = 0.45;
    v.cg_height_m = 1.0;
    v.track_m = 0.3;
    v.wheel_radius_m = 0.345;
    v.length_m = 1.8;
    v.width_m = 0.65;
    v.height_m = 1.8;
    v.rear_overhang_m = 0.355;
    v.cornering_front_n_rad = v.cornering_rear_n_rad = 3000.0;
    v.accel_max_m_s2 = 1.0;
    v.brake_max_m_s2 = 4.0;
    v.power_max_w = 250.0;
    v.rider_height_m = 1.75;
    return v;
}

// A driver of that car, who wanders.
static inline bt_actor_desc fixture_driver(uint32_t lane, double s_m, double speed_m_s,
                                           double desired_speed_m_s)
{
    bt_actor_desc d = {.kind = BT_ACTOR_VEHICLE,
                       .vehicle = fixture_car(),
                       .lane = lane,
                       .s_m = s_m,
                       .speed_m_s = speed_m_s,
                       .goal_lane = BT_ROAD_NONE,
                       .desired_speed_m_s = desired_speed_m_s};
    snprintf(d.name, sizeof d.name, "car %u %.0f", lane, s_m);
    return d;
}

// A sim without an ego, and its state.
static inline bt_sim *fixture_sim(const bt_road_network *net, const bt_actor_desc *actors,
                                  uint32_t count, bt_state **state)
{
    bt_sim *sim = NULL;
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = count, .ego = BT_SIM_NONE};
    CHECK_OK(bt_sim_create(&desc, &sim));
    CHECK_OK(bt_state_create(sim, state));
    return sim;
}

#define FIXTURE_MOST 64 // actors that are looked at

// Pairs of bodies and trailers that are in each other now.
static inline uint32_t fixture_touches(const bt_sim *sim, const bt_state *state)
{
    bt_footprint boxes[2 * FIXTURE_MOST];
    uint32_t owner[2 * FIXTURE_MOST], count = 0, found = 0;
    CHECK(bt_sim_actor_count(sim) <= FIXTURE_MOST);
    for (uint32_t i = 0; i < bt_sim_actor_count(sim) && i < FIXTURE_MOST; i++)
        for (uint32_t part = 0; part < 2; part++)
            if (bt_state_footprint(sim, state, i, part, &boxes[count])) owner[count++] = i;
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < i; k++)
            found += owner[i] != owner[k] && bt_footprint_overlap(&boxes[i], &boxes[k]);
    return found;
}

#endif
