// fall_test.c: what falls from a car against closed forms: free fall, friction, drag.
#include "tests/engine/story/story_fixture.h"

#define ROOF_Z 4.0

// A piece on the roof of the car, loose from 1 s on. Of a density at which air hardly slows it.
static uint32_t add_piece(fixture *f, const char *name, double y_m, double density, double friction)
{
    bt_story_actor a = {.name = name,
                        .kind = BT_STORY_THING,
                        .model = "",
                        .length_m = 0.4,
                        .width_m = 0.4,
                        .height_m = 0.1,
                        .carried_m = {-1.0, y_m, ROOF_Z},
                        .roof_m = {-1.0, 3.0, 1.0}};
    uint32_t index = 0;
    CHECK_OK(BT_STORY_ADD(f->story, actors, a, &index));
    bt_action lie = action(BT_DO_CARRY, index), fall = action(BT_DO_FALL, index);
    lie.ref = f->car;
    add_init(f, lie);
    fall.value = density;
    fall.factor = 0.0;
    fall.lateral_m = friction;
    bt_condition when = {.kind = BT_WHEN_TIME,
                         .rule = BT_RULE_GREATER_EQUAL,
                         .value = 1.0,
                         .ref = BT_STORY_NONE,
                         .spot = BT_STORY_NONE,
                         .node = BT_STORY_NONE};
    add_event(f, name, fall, &when);
    return index;
}

// Height over the road, which climbs by 1 %.
static double height_of(const fixture *f, uint32_t actor)
{
    const bt_role *r = role(f, actor);
    return r->pos.z - 0.01 * r->pos.x;
}

static void check_falling(void)
{
    fixture f;
    open_fixture(&f);
    uint32_t piece = add_piece(&f, "piece", 0.3, 1e9, 0.4);
    uint32_t other = add_piece(&f, "other piece", -0.3, 1e9, 0.4);
    begin(&f);
    run_to(&f, 1.0); // it rides along
    CHECK_NEAR(role(&f, piece)->pos.x, role(&f, f.car)->pos.x - 1.0, 1e-3);
    CHECK_NEAR(height_of(&f, piece), ROOF_Z + 0.01, 1e-3);
    // its middle lies on the roof's edge: it is loose at once, and falls for sqrt(2 h / g)
    double time = sqrt(2.0 * (ROOF_Z + 0.01) / 9.80665), from = role(&f, piece)->pos.x;
    run_to(&f, 1.0 + 0.5 * time);
    CHECK_NEAR(height_of(&f, piece), 0.75 * ROOF_Z,
               0.15); // in steps of 20 ms, and a road that climbs
    CHECK_NEAR(role(&f, piece)->pos.y - role(&f, other)->pos.y, 0.6, 1e-6); // side by side
    run_to(&f, 1.0 + time - 0.04);
    CHECK_NEAR(role(&f, piece)->pos.x, from + 10.0 * (time - 0.04), 0.3);
    // friction takes mu v during the impact, mu g from then on; chance throws it aside by half of v at most
    double down = 9.80665 * time, left = 10.0 - 0.4 * down;
    run_to(&f, 1.0 + time + 0.1);
    CHECK_NEAR(role(&f, piece)->speed_m_s, left, 0.5 * down + 0.5);
    CHECK(fabs(role(&f, piece)->pos.y - role(&f, other)->pos.y - 0.6) > 1e-3); // each its own way
    run_to(&f, 6.0);
    CHECK(role(&f, piece)->speed_m_s == 0.0 && role(&f, other)->speed_m_s == 0.0);
    CHECK_NEAR(height_of(&f, piece), 0.0, 0.01);
    close_fixture(&f);
}

// Free fall with drag tends to v = sqrt(2 m g / (rho Cd A)).
static void check_drag(void)
{
    fixture f;
    open_fixture(&f);
    f.story->actors[f.car].external = true; // stands high up, as a bridge would
    uint32_t piece = add_piece(&f, "flake", 0.0, 4.0, 0.3);
    begin(&f);
    bt_role high = *role(&f, f.car);
    high.pos.z = 200.0;
    high.speed_m_s = 0.0;
    bt_story_player_set_role(f.player, f.car, &high);
    run_to(&f, 4.0);
    double area = 0.5 * (0.16 + 0.04 + 0.04), mass = 4.0 * 0.016;
    double speed = sqrt(2.0 * mass * 9.80665 / (1.25 * 1.05 * area));
    CHECK_NEAR(-role(&f, piece)->velocity_m_s.z, speed, 0.02 * speed);
    close_fixture(&f);
}

int main(void)
{
    check_falling();
    check_drag();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
