// story_test.c: a played story against closed forms: changes of speed and lane by their shapes, synchronisation,
// distances, trajectories; edges, delays, priorities of events; copies.
#include "tests/engine/story/story_fixture.h"

// ---- speed ------------------------------------------------------------------------------------
static void check_linear_brake(void)
{
    fixture f;
    open_fixture(&f);
    bt_action a = action(BT_DO_SPEED, f.car);
    a.dynamics = (bt_dynamics){BT_SHAPE_LINEAR, BT_BY_RATE, 2.0};
    add_event(&f, "brake", a, NULL);
    begin(&f);
    run_to(&f, 1.0);
    CHECK_NEAR(role(&f, f.car)->speed_m_s, 8.0, 1e-9);
    CHECK_NEAR(role(&f, f.car)->accel_m_s2, -2.0, 1e-6);
    run_to(&f, 6.0);
    CHECK(role(&f, f.car)->speed_m_s == 0.0);
    // v^2 / 2a, less dv dt / 2 (role.h)
    CHECK_NEAR(role(&f, f.car)->pos.x, 20.0 + 25.0 - 0.5 * 10.0 * STEP_S, 1e-6);
    close_fixture(&f);
}

// By distance: a change of speed takes the way it is given.
static void check_speed_over_way(void)
{
    fixture f;
    open_fixture(&f);
    bt_action a = action(BT_DO_SPEED, f.car);
    a.value = 20.0;
    a.dynamics = (bt_dynamics){BT_SHAPE_SINUSOIDAL, BT_BY_DISTANCE, 60.0};
    uint32_t event = add_event(&f, "faster", a, NULL);
    begin(&f);
    run_to(&f, 4.0); // 2 x 60 / (10 + 20)
    CHECK_NEAR(role(&f, f.car)->speed_m_s, 20.0, 1e-9);
    CHECK_NEAR(role(&f, f.car)->pos.x, 80.0, 0.06);
    run_to(&f, 4.02);
    CHECK(bt_story_player_state(f.player, event) == BT_COMPLETE);
    close_fixture(&f);
}

// A vehicle cannot do what it cannot: 3/2 of the mean is the cubic's steepest.
static void check_limit_of_actor(void)
{
    fixture f;
    open_fixture(&f);
    f.story->actors[f.car].max_accel_m_s2 = 3.0;
    bt_action a = action(BT_DO_SPEED, f.car);
    a.value = 16.0;
    a.dynamics = (bt_dynamics){BT_SHAPE_CUBIC, BT_BY_TIME, 1.0};
    add_event(&f, "faster", a, NULL);
    begin(&f);
    double most = 0.0;
    for (double t = 0.0; t < 3.5; t += STEP_S) {
        run_to(&f, t);
        most = fmax(most, role(&f, f.car)->accel_m_s2);
    }
    CHECK_NEAR(most, 3.0, 0.01);
    run_to(&f, 3.0);
    CHECK_NEAR(role(&f, f.car)->speed_m_s, 16.0, 1e-9);
    close_fixture(&f);
}

// ---- lane -------------------------------------------------------------------------------------
static void check_lane_change(void)
{
    static const bt_shape shapes[] = {BT_SHAPE_LINEAR, BT_SHAPE_SINUSOIDAL, BT_SHAPE_CUBIC};
    for (int k = 0; k < 3; k++) {
        fixture f;
        open_fixture(&f);
        bt_action a = action(BT_DO_CHANGE_LANE, f.car);
        a.lane = 1;
        a.ref = f.car;
        a.dynamics = (bt_dynamics){shapes[k], BT_BY_TIME, 4.0};
        add_event(&f, "change", a, NULL);
        begin(&f);
        for (double t = 0.5; t < 4.0; t += 0.5) {
            run_to(&f, t);
            double p = t / 4.0;
            double share = k == 0 ? p : k == 1 ? 0.5 * (1.0 - cos(BT_PI * p)) : p * p * (3 - 2 * p);
            CHECK_NEAR(role(&f, f.car)->pos.y, -1.75 + 3.5 * share, 1e-9);
        }
        run_to(&f, 5.0);
        CHECK_NEAR(role(&f, f.car)->pos.y, 1.75, 1e-9);
        CHECK(role(&f, f.car)->on.against); // the lane beside runs the other way
        CHECK_NEAR(role(&f, f.car)->yaw_rad, 0.0, 1e-9);
        // the way is that of its speed, part of it went aside
        CHECK_NEAR(role(&f, f.car)->travelled_m, 50.0, 1e-6);
        close_fixture(&f);
    }
}

// ---- two actors -------------------------------------------------------------------------------
static void check_synchronize(bool has_last)
{
    fixture f;
    open_fixture(&f);
    bt_action a = action(BT_DO_SYNCHRONIZE, f.car);
    a.ref = f.other;
    a.factor = 0.0;
    a.value = 6.0;
    a.item = has_last;
    a.spot = add_spot(&f, 100.0, -1);
    a.spot2 = add_spot(&f, 110.0, -1); // 10 s from there
    add_event(&f, "meet", a, NULL);
    begin(&f);
    run_to(&f, 10.0);
    CHECK_NEAR(role(&f, f.other)->pos.x, 110.0, 1e-6);
    CHECK_NEAR(role(&f, f.car)->pos.x, 100.0, 0.1);
    if (has_last) CHECK_NEAR(role(&f, f.car)->speed_m_s, 6.0, 0.05);
    close_fixture(&f);
}

static void check_distance(void)
{
    fixture f;
    open_fixture(&f);
    bt_action a = action(BT_DO_KEEP_DISTANCE, f.car);
    a.ref = f.other;
    a.value = 12.0;
    a.continuous = a.freespace = true;
    a.item = 1;
    a.max_accel_m_s2 = 2.0;
    a.max_decel_m_s2 = 4.0;
    add_event(&f, "follow", a, NULL);
    begin(&f);
    double hardest = 0.0;
    for (double t = 0.0; t <= 20.0; t += STEP_S) {
        run_to(&f, t);
        hardest = fmin(hardest, role(&f, f.car)->accel_m_s2);
    }
    // boxes of 4 m, alike
    CHECK_NEAR(role(&f, f.other)->pos.x - role(&f, f.car)->pos.x - 4.0, 12.0, 0.05);
    CHECK_NEAR(role(&f, f.car)->speed_m_s, 5.0, 0.02);
    CHECK(hardest > -4.001);
    close_fixture(&f);
}

// ---- trajectories -----------------------------------------------------------------------------
static void check_timed_path(void)
{
    fixture f;
    open_fixture(&f);
    bt_story_path path = {.name = "path", .shape = BT_PATH_POLYLINE};
    path.first_spot = add_spot(&f, 20.0, -1);
    add_spot(&f, 60.0, 1);
    add_spot(&f, 80.0, 1);
    path.spot_count = path.number_count = 3;
    const double times[] = {0.0, 4.0, 6.0};
    for (int i = 0; i < 3; i++)
        CHECK_OK(BT_STORY_ADD(f.story, numbers, times[i], NULL));
    bt_action a = action(BT_DO_FOLLOW_PATH, f.car);
    CHECK_OK(BT_STORY_ADD(f.story, paths, path, &a.item));
    a.timed = true;
    a.item2 = 1;
    add_event(&f, "go", a, NULL);
    begin(&f);
    run_to(&f, 2.0);
    CHECK_NEAR(role(&f, f.car)->pos.x, 40.0, 1e-6);
    CHECK_NEAR(role(&f, f.car)->pos.y, 0.0, 1e-6);
    CHECK_NEAR(role(&f, f.car)->speed_m_s, hypot(40.0, 3.5) / 4.0, 1e-6);
    CHECK_NEAR(role(&f, f.car)->yaw_rad, atan2(3.5, 40.0), 1e-9);
    run_to(&f, 8.0);
    CHECK_NEAR(role(&f, f.car)->pos.x, 80.0, 1e-6); // and stands there
    close_fixture(&f);
}

// ---- triggers ---------------------------------------------------------------------------------
static bt_condition of(fixture *f, uint32_t actor, bt_condition c)
{
    c.first_subject = (uint32_t)f->story->subjects_count;
    c.subject_count = 1;
    CHECK_OK(BT_STORY_ADD(f->story, subjects, actor, NULL));
    return c;
}

// The time at which an event began; -1: never.
static double began(const fixture *f, uint32_t node)
{
    for (uint32_t i = 0; i < bt_story_player_event_count(f->player); i++) {
        const bt_story_event *e = bt_story_player_event(f->player, i);
        if (e->node == node && e->change == BT_STARTS) return bt_seconds(e->time_ns);
    }
    return -1.0;
}

static void check_conditions(void)
{
    fixture f;
    open_fixture(&f);
    bt_action nothing = action(BT_DO_NOTHING, BT_STORY_NONE);
    bt_condition gap = of(&f, f.car, condition(BT_WHEN_DISTANCE, BT_RULE_LESS, 16.0));
    gap.ref = f.other;
    gap.freespace = true;
    gap.measure = BT_MEASURE_ROAD;
    bt_condition ttc = gap, headway = gap, delayed = gap, rising, reached;
    ttc.kind = BT_WHEN_TTC;
    ttc.value = 4.0;
    headway.kind = BT_WHEN_HEADWAY;
    headway.value = 2.6;
    delayed.delay_s = 0.5;
    rising =
        of(&f, f.car, condition(BT_WHEN_SPEED, BT_RULE_GREATER, 1.0)); // true from the beginning
    rising.edge = BT_EDGE_RISING;
    reached = of(&f, f.car, condition(BT_WHEN_REACHED, BT_RULE_LESS, 0.5));
    reached.spot = add_spot(&f, 50.0, -1);
    bt_condition way = of(&f, f.car, condition(BT_WHEN_TRAVELLED, BT_RULE_GREATER, 12.3));
    uint32_t events[] = {
        add_event(&f, "gap", nothing, &gap),         add_event(&f, "ttc", nothing, &ttc),
        add_event(&f, "headway", nothing, &headway), add_event(&f, "delayed", nothing, &delayed),
        add_event(&f, "rising", nothing, &rising),   add_event(&f, "reached", nothing, &reached),
        add_event(&f, "way", nothing, &way)};
    bt_condition after = condition(BT_WHEN_NODE, BT_RULE_EQUAL, 0.0);
    after.node = events[0];
    after.node_state = BT_NODE_CHANGE + BT_ENDS;
    uint32_t next = add_event(&f, "after", nothing, &after);
    begin(&f);
    run_to(&f, 6.0);
    // 40 m apart, boxes of 4 m, closing at 5 m/s: gap 36 - 5 t
    CHECK_NEAR(began(&f, events[0]), 4.0, 0.0101);
    CHECK_NEAR(began(&f, events[1]), 3.2, 0.0101); // (36 - 5 t) / 5 < 4
    CHECK_NEAR(began(&f, events[2]), 2.0, 0.0101); // (36 - 5 t) / 10 < 2.6
    CHECK_NEAR(began(&f, events[3]), 4.5, 0.0201);
    CHECK(began(&f, events[4]) == -1.0); // never rises
    CHECK_NEAR(began(&f, events[5]), 2.95, 0.0101);
    CHECK_NEAR(began(&f, events[6]), 1.23, 0.0101);
    CHECK_NEAR(began(&f, next), began(&f, events[0]) + STEP_S, 0.0101);
    close_fixture(&f);
}

// An event that overrides stops the one that runs; one that skips does not begin beside it.
static void check_priorities(void)
{
    fixture f;
    open_fixture(&f);
    bt_action slow = action(BT_DO_SPEED, f.car), fast = slow;
    slow.dynamics = (bt_dynamics){BT_SHAPE_LINEAR, BT_BY_TIME, 10.0};
    fast.value = 20.0;
    fast.dynamics = (bt_dynamics){BT_SHAPE_LINEAR, BT_BY_TIME, 2.0};
    bt_condition at_one = condition(BT_WHEN_TIME, BT_RULE_GREATER_EQUAL, 1.0);
    bt_condition at_two = condition(BT_WHEN_TIME, BT_RULE_GREATER_EQUAL, 2.0);
    uint32_t first = add_event(&f, "slow", slow, NULL);
    uint32_t skips = add_event(&f, "skips", fast, &at_one);
    uint32_t over = add_event(&f, "over", fast, &at_two);
    f.story->nodes[skips].priority = BT_PRIORITY_SKIP;
    f.story->nodes[over].priority = BT_PRIORITY_OVERRIDE;
    begin(&f);
    run_to(&f, 2.0);
    CHECK_NEAR(role(&f, f.car)->speed_m_s, 8.0, 1e-9);
    CHECK(began(&f, skips) == -1.0 && bt_story_player_state(f.player, skips) == BT_COMPLETE);
    run_to(&f, 4.5);
    CHECK_NEAR(role(&f, f.car)->speed_m_s, 20.0, 1e-9);
    CHECK(bt_story_player_state(f.player, first) == BT_COMPLETE &&
          bt_story_player_runs(f.player, first) == 0);
    close_fixture(&f);
}

// ---- copies -----------------------------------------------------------------------------------
static void check_copy(void)
{
    fixture f;
    open_fixture(&f);
    bt_action a = action(BT_DO_CHANGE_LANE, f.car);
    a.lane = 1;
    a.ref = f.car;
    a.dynamics = (bt_dynamics){BT_SHAPE_SINUSOIDAL, BT_BY_TIME, 4.0};
    bt_condition when = condition(BT_WHEN_TIME, BT_RULE_GREATER_EQUAL, 1.0);
    when.delay_s = 1.0;
    add_event(&f, "change", a, &when);
    begin(&f);
    run_to(&f, 1.5);
    bt_story_player *copy = NULL;
    CHECK_OK(bt_story_player_copy(f.player, &copy));
    run_to(&f, 5.0);
    for (int i = 0; i < 350; i++)
        CHECK_OK(bt_story_player_step(copy, STEP_NS));
    const bt_role *mine = role(&f, f.car), *its = bt_story_player_role(copy, f.car);
    CHECK(memcmp(mine, its, sizeof *mine) == 0);
    CHECK(mine->pos.y > 0.0);
    bt_story_player_destroy(copy);
    close_fixture(&f);
}

// ---- digest -----------------------------------------------------------------------------------
static void digest_of(const bt_story_player *player, uint8_t digest[32])
{
    CHECK_OK(bt_story_player_digest(player, digest));
}

// What a condition waits for and what a variable holds moves nobody yet, and decides what comes.
static void open_waiting(fixture *f, double delay_s)
{
    open_fixture(f);
    bt_condition when = {.kind = BT_WHEN_TIME,
                         .rule = BT_RULE_GREATER_EQUAL,
                         .value = 0.5,
                         .delay_s = delay_s,
                         .edge = BT_EDGE_RISING,
                         .ref = BT_STORY_NONE,
                         .spot = BT_STORY_NONE,
                         .node = BT_STORY_NONE};
    bt_action brake = action(BT_DO_SPEED, f->car);
    brake.dynamics = (bt_dynamics){BT_SHAPE_LINEAR, BT_BY_TIME, 1.0};
    add_event(f, "brake", brake, &when);
    begin(f);
}

static void check_digest(void)
{
    fixture one, two;
    uint8_t a[32], b[32], c[32];
    open_waiting(&one, 0.5);
    open_waiting(&two, 0.7);
    run_to(&one, 0.4);
    run_to(&two, 0.4);
    digest_of(one.player, a);
    digest_of(two.player, b);
    CHECK(memcmp(a, b, sizeof a) == 0); // the same until then
    run_to(&one, 0.6);
    run_to(&two, 0.6);
    digest_of(one.player, a);
    digest_of(two.player, b);
    CHECK(memcmp(role(&one, one.car), role(&two, two.car), sizeof(bt_role)) == 0);
    CHECK(memcmp(a, b, sizeof a) != 0); // nobody has moved otherwise, and will
    // a copy goes on to the same bytes
    bt_story_player *copy = NULL;
    CHECK_OK(bt_story_player_copy(one.player, &copy));
    digest_of(copy, c);
    CHECK(memcmp(a, c, sizeof a) == 0);
    run_to(&one, 1.8);
    while (bt_story_player_time_ns(copy) < bt_story_player_time_ns(one.player))
        CHECK_OK(bt_story_player_step(copy, STEP_NS));
    digest_of(one.player, a);
    digest_of(copy, c);
    CHECK(memcmp(a, c, sizeof a) == 0);
    CHECK(role(&one, one.car)->speed_m_s < 5.0);
    bt_story_player_destroy(copy);
    close_fixture(&one);
    close_fixture(&two);
}

int main(void)
{
    check_linear_brake();
    check_speed_over_way();
    check_limit_of_actor();
    check_lane_change();
    check_synchronize(true);
    check_synchronize(false);
    check_distance();
    check_timed_path();
    check_conditions();
    check_priorities();
    check_copy();
    check_digest();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
