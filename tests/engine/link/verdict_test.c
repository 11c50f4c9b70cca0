// verdict_test.c: every verdict by a scenario in closed form, and the near misses beside it.
#include "engine/link/link.h"

#include "engine/core/memory.h"
#include "tests/engine/link/fake_sim.h"
#include "tests/support/check.h"

#include <string.h>

#define STEP_NS (10 * BT_NS_PER_MS)

static bt_sim sim;
static bt_state state;
static bt_judge *judge;

static void begin(bool has_goal)
{
    bt_judge_destroy(judge);
    bt_judge_desc desc = {.sim = &sim, .end_ns = 60 * BT_NS_PER_S, .has_goal = has_goal};
    CHECK_OK(bt_judge_create(&desc, &judge));
    fake_state_init(&state, &sim);
}

// Moves the ego straight for a time, looking after every step.
static void drive(double x_m, double y_m, double yaw_rad, double speed_m_s, double time_s)
{
    int steps = (int)(time_s * 100.0 + 0.5);
    for (int i = 0; i <= steps; i++) {
        double way = speed_m_s * 0.01 * i;
        fake_place(&state, 0, x_m + way * cos(yaw_rad), y_m + way * sin(yaw_rad), yaw_rad,
                   speed_m_s);
        CHECK_OK(bt_judge_look(judge, &state));
        state.time_ns += STEP_NS;
    }
}

static void check_verdict(bt_verdict_kind kind, double time_s, uint32_t other, double value,
                          double tolerance)
{
    CHECK(bt_judge_verdict(judge) == kind);
    CHECK(bt_judge_event_count(judge) >= 1);
    if (bt_judge_event_count(judge) < 1) return;
    const bt_verdict_event *event = bt_judge_event(judge, 0);
    CHECK(event->kind == kind && event->other == other);
    CHECK_NEAR(bt_seconds(event->time_ns), time_s, 0.0101);
    CHECK_NEAR(event->value, value, tolerance);
    CHECK(bt_judge_passed(judge) == (kind == BT_VERDICT_GOAL));
}

static void test_quiet(void)
{
    begin(true);
    drive(20.0, -1.75, 0.0, 10.0, 5.0);
    CHECK(bt_judge_verdict(judge) == BT_VERDICT_RUNNING);
    CHECK(bt_judge_event_count(judge) == 0);
    CHECK(!bt_judge_passed(judge));
}

// The front bumper is 3.6 m ahead of the rear axle; the car ahead stands with its tail at 59 m:
// contact after (59 - 3.6 - 20) / 10 s, at 10 m/s against 4 m/s... which it drives: relative 6 m/s.
static void test_collision(void)
{
    begin(true);
    fake_place(&state, 1, 60.0, -1.75, 0.0, 0.0);
    state.motions[1].velocity_m_s = bt_vec3_make(4.0, 0.0, 0.0);
    drive(20.0, -1.75, 0.0, 10.0, 4.0);
    check_verdict(BT_VERDICT_COLLISION, (59.0 - 3.6 - 20.0) / 10.0, 1, 6.0, 1e-12);
    CHECK(bt_judge_event_count(judge) == 1); // told once

    // a car beside, 10 cm apart, is none; on a bridge above neither
    begin(true);
    fake_place(&state, 1, 30.0, -1.75 + 1.9, 0.0, 0.0);
    drive(20.0, -1.75, 0.0, 10.0, 3.0);
    CHECK(bt_judge_event_count(judge) == 0);
    begin(true);
    fake_place(&state, 1, 30.0, -1.75, 0.0, 0.0);
    state.motions[1].pose.world_from_actor.pos.z = 6.0;
    drive(20.0, -1.75, 0.0, 10.0, 3.0);
    CHECK(bt_judge_event_count(judge) == 0);

    // a walker
    begin(true);
    fake_place(&state, 2, 40.0, -1.0, 0.0, 0.0);
    drive(20.0, -1.75, 0.0, 10.0, 3.0);
    check_verdict(BT_VERDICT_COLLISION, (39.8 - 3.6 - 20.0) / 10.0, 2, 10.0, 1e-12);
}

// Right wheels 0.8 m to the right of the middle; the shoulder ends at y = -5.
static void test_off_road(void)
{
    begin(true);
    drive(20.0, -4.2, 0.0, 10.0, 2.0); // wheels on the shoulder's edge
    CHECK(bt_judge_event_count(judge) == 0);
    begin(true);
    drive(20.0, -4.3, 0.0, 10.0, 2.0); // 0.1 m outside: half a tyre
    CHECK(bt_judge_event_count(judge) == 0);
    begin(true);
    drive(20.0, -4.6, 0.0, 10.0, 2.0); // 0.4 m
    check_verdict(BT_VERDICT_OFF_ROAD, 0.5, BT_SIM_NONE, 0.4, 1e-6);
    CHECK(bt_judge_event_count(judge) == 1);

    // 0.4 s on the sidewalk, then back, again and again: not long enough
    begin(true);
    for (int i = 0; i < 4; i++) {
        drive(20.0, -4.6, 0.0, 1.0, 0.4);
        drive(20.0, -1.75, 0.0, 1.0, 0.1);
    }
    CHECK(bt_judge_event_count(judge) == 0);

    // drifting out at 1 m/s: 0.15 m beyond the edge is reached by a front wheel first
    begin(true);
    double yaw = -asin(0.1);
    drive(20.0, -3.0, yaw, 10.0, 4.0);
    double front_right = -3.0 + 2.8 * sin(yaw) - 0.8 * cos(yaw); // y of that wheel at the start
    double out_s = (front_right + 5.15) / 1.0;
    check_verdict(BT_VERDICT_OFF_ROAD, out_s + 0.5, BT_SIM_NONE, 0.65, 0.02);

    // beyond the end of the world
    begin(true);
    drive(296.0, -1.75, 0.0, 0.0, 1.0);
    CHECK(bt_judge_event_count(judge) == 1); // goal, long passed
    begin(false);
    drive(299.0, -1.75, 0.0, 0.0, 1.0);
    check_verdict(BT_VERDICT_OFF_ROAD, 0.5, BT_SIM_NONE, 1.8, 0.06);
}

static void test_wrong_way(void)
{
    begin(true);
    drive(20.0, 1.75, 0.0, 10.0, 2.0); // on the lane of the others
    check_verdict(BT_VERDICT_WRONG_WAY, 1.0, BT_SIM_NONE, 1.0, 1e-9);
    begin(true);
    drive(20.0, 1.75, 0.0, 10.0, 0.8); // back in time
    drive(28.0, -1.75, 0.0, 10.0, 2.0);
    CHECK(bt_judge_event_count(judge) == 0);
    begin(true);
    drive(20.0, 1.75, 0.0, 0.3, 3.0); // manoeuvring
    CHECK(bt_judge_event_count(judge) == 0);
    begin(true);
    drive(20.0, -1.0, BT_PI * 0.4, 0.6, 1.5); // across
    CHECK(bt_judge_event_count(judge) == 0);
    begin(true);
    drive(200.0, 1.75, BT_PI, 10.0, 3.0); // along with it
    CHECK(bt_judge_event_count(judge) == 0);
}

// The stop line lies at 95 m: passed when the rear axle is at 91.4 m.
static void test_red_light(void)
{
    begin(true);
    state.phase = BT_PHASE_RED;
    drive(80.0, -1.75, 0.0, 10.0, 3.0);
    check_verdict(BT_VERDICT_RED_LIGHT, 1.14, 0, 10.0, 0.0);
    CHECK(bt_judge_event_count(judge) == 1);

    static const bt_signal_phase fine[] = {BT_PHASE_GREEN, BT_PHASE_AMBER, BT_PHASE_OFF};
    for (int i = 0; i < 3; i++) {
        begin(true);
        state.phase = fine[i];
        drive(80.0, -1.75, 0.0, 10.0, 3.0);
        CHECK(bt_judge_event_count(judge) == 0);
    }
    begin(true);
    state.phase = BT_PHASE_RED_AMBER;
    drive(80.0, -1.75, 0.0, 10.0, 3.0);
    CHECK(bt_judge_verdict(judge) == BT_VERDICT_RED_LIGHT);
    // stands at the line; turns red behind it; the other direction
    begin(true);
    state.phase = BT_PHASE_RED;
    drive(80.0, -1.75, 0.0, 10.0, 1.1);
    drive(91.2, -1.75, 0.0, 0.0, 3.0);
    CHECK(bt_judge_event_count(judge) == 0);
    begin(true);
    drive(80.0, -1.75, 0.0, 10.0, 1.2);
    state.phase = BT_PHASE_RED;
    drive(92.0, -1.75, 0.0, 10.0, 1.0);
    CHECK(bt_judge_event_count(judge) == 0);
    begin(true);
    state.phase = BT_PHASE_RED;
    drive(110.0, 1.75, BT_PI, 10.0, 3.0);
    CHECK(bt_judge_event_count(judge) == 0);
}

static void test_ends(void)
{
    begin(true);
    drive(270.0, -1.75, 0.0, 10.0, 1.9); // the route ends at 290 m; within 3 m counts
    check_verdict(BT_VERDICT_GOAL, 1.7, BT_SIM_NONE, 3.0, 0.1);

    begin(true);
    state.time_ns = 59 * BT_NS_PER_S;
    drive(20.0, -1.75, 0.0, 1.0, 2.0);
    CHECK(bt_judge_verdict(judge) == BT_VERDICT_TIME_OUT && !bt_judge_passed(judge));
    begin(false);
    state.time_ns = 59 * BT_NS_PER_S;
    drive(20.0, -1.75, 0.0, 1.0, 2.0);
    CHECK(bt_judge_verdict(judge) == BT_VERDICT_TIME_OUT && bt_judge_passed(judge));
    CHECK(bt_judge_event_count(judge) == 1);

    // the first event is the verdict, later ones are still told
    begin(true);
    state.phase = BT_PHASE_RED;
    fake_place(&state, 1, 120.0, -1.75, 0.0, 0.0);
    drive(80.0, -1.75, 0.0, 10.0, 5.0);
    CHECK(bt_judge_verdict(judge) == BT_VERDICT_RED_LIGHT);
    CHECK(bt_judge_event_count(judge) == 2);
    CHECK(bt_judge_event(judge, 1)->kind == BT_VERDICT_COLLISION);
}

static void test_names(void)
{
    CHECK(strcmp(bt_verdict_name(BT_VERDICT_GOAL), "goal_reached") == 0);
    CHECK(strcmp(bt_verdict_name(BT_VERDICT_COLLISION), "collision") == 0);
    CHECK(strcmp(bt_verdict_name((bt_verdict_kind)99), "?") == 0);
}

// What stands beside the road is named, once, before the road's edge is.
static void test_thing(void)
{
    begin(true);
    sim.standing = (bt_standing){
        .kind = BT_STANDING_BREAKS, .id = 812, .class_id = BT_CLASS_POLE, .name = "street lamp"};
    state.impact = (bt_impact){.actor = {0, BT_SIM_NONE},
                               .standing = 0,
                               .speed_m_s = 10.0,
                               .closing_m_s = 9.0,
                               .delta_v_m_s = {{-0.8, 0.6}, {0.0}}};
    state.impact_count = 1;
    drive(20.0, -1.75, 0.0, 10.0, 1.0);
    check_verdict(BT_VERDICT_COLLISION, 0.0, BT_SIM_NONE, 10.0, 1e-12);
    CHECK(bt_judge_event_count(judge) == 1); // told once
    const bt_verdict_thing *thing = &bt_judge_event(judge, 0)->thing;
    CHECK(strcmp(thing->name, "street lamp") == 0 && thing->id == 812);
    CHECK(thing->class_id == BT_CLASS_POLE && thing->closing_m_s == 9.0);
    CHECK_NEAR(thing->delta_v_m_s, 1.0, 1e-12);
    // another's is not the ego's
    begin(true);
    state.impact = (bt_impact){.actor = {1, BT_SIM_NONE}, .standing = 0};
    state.impact_count = 1;
    drive(20.0, -1.75, 0.0, 10.0, 1.0);
    CHECK(bt_judge_event_count(judge) == 0);
}

int main(void)
{
    CHECK_OK(fake_sim_init(&sim));
    if (!sim.net || !sim.route) return check_end();
    test_quiet();
    test_collision();
    test_thing();
    test_off_road();
    test_wrong_way();
    test_red_light();
    test_ends();
    test_names();
    bt_judge_destroy(judge);
    fake_sim_clear(&sim);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
