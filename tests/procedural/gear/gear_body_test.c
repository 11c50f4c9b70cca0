// gear_body_test.c: closed bodies whose hands lie on grips and feet on pedals and decks, in any position; classes, cuboids.
#include "procedural/gear/gear_body.h"

#include "engine/sim/cycle.h"
#include "tests/procedural/support/body_check.h"

static bt_vec3 keypoint(const bt_body *body, const bt_pose *poses, const char *name)
{
    for (uint32_t i = 0; i < body->keypoint_count; i++)
        if (strcmp(body->keypoints[i].name, name) == 0)
            return bt_pose_point(poses[body->keypoints[i].part], body->keypoints[i].pos_part_m);
    CHECK(!"a keypoint of this name");
    return bt_vec3_make(NAN, NAN, NAN);
}

static uint32_t part(const bt_body *body, const char *name)
{
    for (uint32_t i = 0; i < body->part_count; i++)
        if (strcmp(body->parts[i].name, name) == 0) return i;
    CHECK(!"a part of this name");
    return 0;
}

// The middle of a fist in the world.
static bt_vec3 fist(const bt_body *body, const bt_pose *poses, bool right, double height)
{
    uint32_t arm = part(body, right ? "forearm_right" : "forearm_left");
    double reach = (BT_GAIT_FOREARM + BT_GAIT_GRIP) * height;
    return bt_pose_point(poses[arm], bt_vec3_make(0.0, 0.0, -reach));
}

static bt_vec3 ball(const bt_body *body, const bt_pose *poses, bool right, double height)
{
    uint32_t foot = part(body, right ? "foot_right" : "foot_left");
    return bt_pose_point(poses[foot],
                         bt_vec3_make(BT_GAIT_BALL * height, 0.0, -BT_GAIT_ANKLE * height));
}

static void check_sound(const bt_gear_params *p, const bt_body *body)
{
    body_bounds b = check_body_meshes(body, NULL);
    CHECK(b.triangles > 8000 && b.triangles < 120000);
    CHECK(b.against < b.triangles / 50);
    for (uint32_t i = 0; i < body->part_count; i++) {
        bt_mesh_report report;
        if (body->parts[i].mesh.triangle_count == 0) continue;
        CHECK_OK(bt_mesh_check(&body->parts[i].mesh, &report));
        CHECK(report.open_edges == 0);
        CHECK(report.volume_m3 > 0.0);
        if (report.open_edges || !(report.volume_m3 > 0.0))
            printf("%s: part %s: %zu open edges, %g m3\n", bt_gear_name(p->kind),
                   body->parts[i].name, report.open_edges, report.volume_m3);
    }
    CHECK(body->keypoint_count >= 17);
    bool two = bt_gear_is_ridden(p->kind) || p->kind == BT_GEAR_STROLLER;
    CHECK(body->cuboid_count == (two ? 2u : 1u));
    CHECK(body->cuboids[0].class_id == bt_gear_class(p->kind));
}

static void check_rider(const bt_gear_params *p, const bt_body *body)
{
    bt_gear g = bt_gear_make(p->kind, p->person.height_m);
    double worst_hand = 0.0, worst_foot = 0.0;
    for (int i = 0; i < 24; i++) {
        double channels[BT_CHANNEL_COUNT] = {0}, steer = 0.06 * sin(1.7 * i);
        bt_gear_state state = {.stroke = i / 24.0, .steer_rad = steer};
        bt_pose poses[BT_BODY_MAX_PARTS];
        bt_gear_pose_rider(&g, &state, channels);
        bt_body_pose_parts(body, channels, poses);
        for (int right = 0; right < 2; right++) {
            double side = right ? -1.0 : 1.0;
            bt_vec3 hand = fist(body, poses, right, g.height_m);
            double x = g.steer_x_m + (g.grip.x_m - g.steer_x_m) * cos(steer) -
                       side * g.grip_aside_m * sin(steer);
            bt_vec3 grip = {x, side * g.grip_aside_m, g.grip.z_m};
            if (p->kind != BT_GEAR_WHEELCHAIR)
                worst_hand = fmax(worst_hand, bt_vec3_distance(hand, grip));
            if (p->kind != BT_GEAR_BICYCLE) continue;
            bt_vec3 pedal = keypoint(body, poses, right ? "pedal_right" : "pedal_left");
            pedal.z += BT_GEAR_PEDAL_M;
            worst_foot =
                fmax(worst_foot, bt_vec3_distance(ball(body, poses, right, g.height_m), pedal));
        }
    }
    // limbs bend in planes built for straight on: hands and feet are off by what these lean
    CHECK(worst_hand < 0.02 && worst_foot < 0.025);
    if (worst_hand >= 0.02 || worst_foot >= 0.025)
        printf("%s: hands %.1f mm off, feet %.1f mm\n", bt_gear_name(p->kind), 1e3 * worst_hand,
               1e3 * worst_foot);
}

// Who stands has the right foot flat on the ground beside the leaning bicycle, the left on its pedal, hands on the bar;
// on the way there the foot is never below the ground.
static void check_stand(const bt_gear_params *p, const bt_body *body)
{
    bt_gear g = bt_gear_make(p->kind, p->person.height_m);
    double hands = 0.0, pedals = 0.0, ground = 0.0, flat = 0.0, apart = 0.0, low = 1.0;
    for (int i = 0; i < 120; i++) {
        double channels[BT_CHANNEL_COUNT] = {0};
        bt_gear_state state = {.stroke = i % 12 / 12.0, .foot_down = 1.0 - 0.1 * (i / 12)};
        bt_pose poses[BT_BODY_MAX_PARTS];
        bt_gear_pose_rider(&g, &state, channels);
        bt_body_pose_parts(body, channels, poses);
        bt_quat lean = bt_quat_yaw_pitch_roll(0.0, 0.0, -bt_gear_stand_lean(&state));
        bt_vec3 right = ball(body, poses, true, g.height_m);
        double up = bt_quat_rotate(lean, right).z;
        low = fmin(low, up);
        apart = fmax(apart, bt_vec3_distance(right, bt_gear_right_ball(&g, channels)));
        if (state.foot_down < 1.0) continue;
        ground = fmax(ground, fabs(up));
        bt_vec3 heel = bt_pose_point(
            poses[part(body, "foot_right")],
            bt_vec3_make(-BT_GAIT_HEEL * g.height_m, 0.0, -BT_GAIT_ANKLE * g.height_m));
        flat = fmax(flat, fabs(bt_quat_rotate(lean, heel).z));
        bt_vec3 pedal = keypoint(body, poses, "pedal_left");
        pedal.z += BT_GEAR_PEDAL_M;
        pedals = fmax(pedals, bt_vec3_distance(ball(body, poses, false, g.height_m), pedal));
        for (int k = 0; k < 2; k++) {
            bt_vec3 grip = {g.grip.x_m, (k ? -1.0 : 1.0) * g.grip_aside_m, g.grip.z_m};
            hands = fmax(hands, bt_vec3_distance(fist(body, poses, k == 1, g.height_m), grip));
        }
    }
    printf("%.2f m tall, standing: ball %.1f mm off the ground, heel %.1f, hands %.1f off, left "
           "foot %.1f\n",
           g.height_m, 1e3 * ground, 1e3 * flat, 1e3 * hands, 1e3 * pedals);
    CHECK(apart < 1e-6); // the same by the sim's own figures
    CHECK(ground < 0.005 && flat < 0.01 && low > -0.005);
    CHECK(hands < 0.03 && pedals < 0.03);
}

// Wheels touch the ground, with whoever's height.
static void check_wheels(const bt_body *body)
{
    bt_pose poses[BT_BODY_MAX_PARTS];
    bt_body_pose_parts(body, NULL, poses);
    for (uint32_t i = 0; i < body->part_count; i++) {
        double low = INFINITY;
        const bt_mesh_builder *mesh = &body->parts[i].mesh;
        if (strncmp(body->parts[i].name, "wheel_", 6) != 0) continue;
        for (size_t v = 0; v < mesh->vertex_count; v++)
            low = fmin(low, bt_pose_point(poses[i], bt_mesh_position(mesh, (uint32_t)v)).z);
        CHECK_NEAR(low, 0.0, 1e-3);
    }
}

// How low a wheel as it is drawn reaches, and whether that is where the sim has its foot.
static void check_foot(const bt_body *body, const bt_pose *poses, const bt_pose *world,
                       const char *wheel, bt_vec3 foot)
{
    uint32_t k = part(body, wheel);
    const bt_mesh_builder *mesh = &body->parts[k].mesh;
    bt_vec3 lowest = {0.0, 0.0, INFINITY};
    for (size_t v = 0; v < mesh->vertex_count; v++) {
        bt_vec3 p = bt_pose_point(poses[k], bt_mesh_position(mesh, (uint32_t)v));
        p = bt_pose_point(*world, p);
        if (p.z < lowest.z) lowest = p;
    }
    // corners of the ring and of its section are 1 mm inside it
    CHECK_NEAR(lowest.z, foot.z, 2e-3);
    CHECK(hypot(lowest.x - foot.x, lowest.y - foot.y) < 0.05);
}

// A bicycle that leans with its bar turned: its wheels as the sim has them are those drawn.
static void check_leaning(const bt_body *body)
{
    bt_vehicle v = {.wheelbase_m = 1.08, .wheel_radius_m = 0.345};
    for (int i = 0; i < 25; i++) {
        double lean = 0.15 * (i % 5 - 2), bar = 0.25 * (i / 5 - 2);
        double channels[BT_CHANNEL_COUNT] = {[BT_CHANNEL_STEER_LEFT] = bar};
        bt_pose poses[BT_BODY_MAX_PARTS];
        bt_pose world = {{0.0, 0.0, 0.0}, bt_quat_yaw_pitch_roll(0.0, 0.0, lean)};
        bt_body_pose_parts(body, channels, poses);
        check_foot(body, poses, &world, "wheel_front", bt_cycle_foot(&v, &world, true, bar));
        check_foot(body, poses, &world, "wheel_rear", bt_cycle_foot(&v, &world, false, bar));
    }
}

static void test_kind(bt_gear_kind kind)
{
    for (uint64_t i = 0; i < 2; i++) {
        bt_gear_params p = bt_gear_random(kind, 11, i);
        bt_body *body = NULL, *again = NULL;
        CHECK_OK(bt_gear_body_build(&p, &body));
        CHECK_OK(bt_gear_body_build(&p, &again));
        if (!body || !again) return;
        check_sound(&p, body);
        check_wheels(body);
        if (bt_gear_is_ridden(kind)) check_rider(&p, body);
        if (kind == BT_GEAR_BICYCLE) check_stand(&p, body);
        if (kind == BT_GEAR_BICYCLE) check_leaning(body);
        CHECK(strcmp(body_digest(body).hex, body_digest(again).hex) == 0);
        bool lit = kind == BT_GEAR_BICYCLE || kind == BT_GEAR_E_SCOOTER;
        if (i == 0) check_body_in_spec(body, lit ? 2 : 0);
        bt_body_destroy(body);
        bt_body_destroy(again);
    }
}

static void test_refusals(void)
{
    bt_gear_params p = bt_gear_random(BT_GEAR_BICYCLE, 1, 0);
    bt_body *body = NULL;
    p.person.height_m = 1.2;
    CHECK(bt_gear_body_build(&p, &body) == BT_ERR_INPUT && body == NULL);
    CHECK_CONTAINS(bt_error_message(), "bicycle");
    p = bt_gear_random(BT_GEAR_BICYCLE, 1, 0);
    p.kind = BT_GEAR_NONE;
    CHECK(bt_gear_body_build(&p, &body) == BT_ERR_INPUT);
    p.kind = BT_GEAR_CANE;
    p.colour[2] = NAN;
    CHECK(bt_gear_body_build(&p, &body) == BT_ERR_INPUT);
}

int main(void)
{
    for (int k = 1; k < BT_GEAR_KIND_COUNT; k++)
        test_kind((bt_gear_kind)k);
    test_refusals();
    return check_end();
}
