// snapshot_test.c: keys against the exact motion: turning wheels, long roads, far origins.
#include "tests/engine/scene/scene_fixture.h"

#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/scene/snapshot.h"

#define TICK_NS (10 * BT_NS_PER_MS)
#define WHEEL_RAD_S 130.0 // 40 m/s on a 0.31 m wheel
#define SPEED_M_S 40.0
#define YAW_RAD_S 0.6
#define STEER_RAD_S 0.8

typedef struct stage {
    bt_world *world;
    bt_pose_history *history;
    bt_vec3 start;
} stage;

// A body on a straight line that turns, steers and spins at constant rates: then interpolation
// between ticks is exact and the closed form below is the truth.
static bt_actor_pose exact_pose(const stage *s, double t)
{
    bt_actor_pose p = {.world_from_actor = {s->start, {0}},
                       .lamps = t < 0.0995 ? BT_LAMP_BRAKE : 0};
    p.world_from_actor.pos.x += SPEED_M_S * t;
    p.world_from_actor.rot = bt_quat_yaw_pitch_roll(3.0 + YAW_RAD_S * t, 0.0, 0.0);
    p.channel_rad[BT_CHANNEL_STEER_LEFT] = STEER_RAD_S * t;
    p.channel_rad[BT_CHANNEL_SPIN_FRONT_LEFT] = 5000.0 + WHEEL_RAD_S * t;
    return p;
}

static stage make_stage(bt_vec3 start)
{
    stage s = {.start = start};
    bt_spec *spec;
    uint32_t actor;
    CHECK_OK(bt_spec_create(&spec));
    uint32_t mesh = fixture_mesh(spec, fixture_material(spec, "grey"));
    uint32_t cart = fixture_cart(spec, mesh);
    bt_pose post = {bt_vec3_add(start, (bt_vec3){20.123456, 3.7, 0.0}), BT_QUAT_IDENTITY};
    CHECK_OK(bt_spec_add_static(spec, mesh, post, 1.5, 0));
    CHECK_OK(bt_spec_add_actor(spec, cart, "moving", BT_CLASS_EGO, &actor));
    CHECK_OK(bt_spec_add_actor(spec, cart, "parked", BT_CLASS_CAR, &actor));
    CHECK_OK(bt_world_compile(spec, &s.world));
    bt_spec_destroy(spec);

    CHECK_OK(bt_pose_history_create(s.world, 16, &s.history));
    for (int i = 0; i <= 20; i++) {
        bt_actor_pose poses[2] = {exact_pose(&s, 0.01 * i), exact_pose(&s, 0.0)};
        CHECK_OK(bt_pose_history_push(s.history, i * TICK_NS, poses));
    }
    return s;
}

static void clear_stage(stage *s)
{
    bt_pose_history_destroy(s->history);
    bt_world_destroy(s->world);
}

static const bt_snapshot_desc whole = {.open_ns = 61234567,
                                       .close_ns = 131234567,
                                       .camera_actor = 0,
                                       .actor_from_cam = {{1.2, 0.0, 1.3}, {0.5, -0.5, 0.5, -0.5}}};

static void test_history(void)
{
    stage s = make_stage((bt_vec3){0.0, 0.0, 0.0});
    bt_actor_pose p;
    CHECK(bt_pose_history_oldest_ns(s.history) == 5 * TICK_NS);
    CHECK(bt_pose_history_newest_ns(s.history) == 20 * TICK_NS);
    CHECK_OK(bt_pose_history_at(s.history, 123456789, 0, &p));
    bt_actor_pose want = exact_pose(&s, 0.123456789);
    CHECK_NEAR(p.world_from_actor.pos.x, want.world_from_actor.pos.x, 1e-9);
    CHECK_NEAR(p.channel_rad[BT_CHANNEL_SPIN_FRONT_LEFT],
               want.channel_rad[BT_CHANNEL_SPIN_FRONT_LEFT], 1e-9);
    // lamps are those of the earlier tick: on until the tick at 100 ms
    CHECK_OK(bt_pose_history_at(s.history, 99999999, 0, &p));
    CHECK(p.lamps == BT_LAMP_BRAKE);
    CHECK_OK(bt_pose_history_at(s.history, 100000000, 0, &p));
    CHECK(p.lamps == 0);
    CHECK_OK(bt_pose_history_at(s.history, 20 * TICK_NS, 1, &p));
    CHECK(bt_pose_history_at(s.history, 5 * TICK_NS - 1, 0, &p) == BT_ERR_INPUT);
    CHECK(bt_pose_history_at(s.history, 20 * TICK_NS + 1, 0, &p) == BT_ERR_INPUT);
    CHECK(bt_pose_history_at(s.history, 10 * TICK_NS, 2, &p) == BT_ERR_INPUT);

    bt_actor_pose poses[2] = {exact_pose(&s, 0.3), exact_pose(&s, 0.3)};
    CHECK(bt_pose_history_push(s.history, 20 * TICK_NS, poses) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "ascend");
    poses[1].channel_rad[3] = NAN;
    CHECK(bt_pose_history_push(s.history, 21 * TICK_NS, poses) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "parked");
    clear_stage(&s);
}

// Every step of every instance: at most 20 degrees, and in one hemisphere.
static void check_keys(const bt_snapshot *snap)
{
    double worst_turn_rad = 0.0, least_dot = 1.0;
    for (uint32_t i = 0; i < snap->world->instance_count; i++) {
        const bt_snapshot_instance *in = &snap->instances[i];
        for (uint32_t k = 1; k < in->key_count; k++) {
            const float *a = snap->keys[in->first_key + k - 1].rot;
            const float *b = snap->keys[in->first_key + k].rot;
            double dot = 0.0;
            for (int c = 0; c < 4; c++)
                dot += (double)a[c] * (double)b[c];
            least_dot = fmin(least_dot, dot);
            worst_turn_rad = fmax(worst_turn_rad, 2.0 * acos(fmin(dot, 1.0)));
        }
    }
    CHECK(least_dot > 0.0);
    CHECK(worst_turn_rad > 0.1); // the wheel does turn
    CHECK(worst_turn_rad <= 20.0 * BT_RAD_PER_DEG + 1e-6);
}

// Distance between the snapshot's and the exact place of a mesh point at time u.
static double point_error(const stage *s, const bt_snapshot *snap, uint32_t instance, double u)
{
    const float in[3] = {0.3f, 0.0f, 0.3f};
    float out[3];
    double t = (61234567.0 + 70e6 * u) * 1e-9;
    bt_actor_pose pose = exact_pose(s, t);
    bt_pose parts[4];
    bt_world_actor_parts(s->world, 0, &pose, parts);
    bt_pose part = parts[s->world->instances[instance].part];
    bt_vec3 want = bt_vec3_sub(bt_pose_point(part, (bt_vec3){(double)in[0], 0.0, (double)in[2]}),
                               snap->origin_world_m);
    bt_snapshot_key key = bt_snapshot_instance_at(snap, instance, (float)u);
    bt_snapshot_key_point(&key, 1.0f, in, out);
    return bt_vec3_distance(want, (bt_vec3){(double)out[0], (double)out[1], (double)out[2]});
}

static void check_motion(const stage *s, const bt_snapshot *snap)
{
    double worst_m = 0.0;
    for (uint32_t i = 0; i < 3000; i++) {
        double u = bt_random_unit(1, BT_STREAM_TEST, i, 0);
        uint32_t instance = 1 + bt_random_below(1, BT_STREAM_TEST, i, 1, 3);
        worst_m = fmax(worst_m, point_error(s, snap, instance, u));
    }
    // chords are cut to 0.2 mm; the rest is float and the tick grid
    CHECK(worst_m < 4e-4);
    CHECK(worst_m > 0.0);
}

static void test_snapshot(bt_vec3 start)
{
    stage s = make_stage(start);
    bt_snapshot *snap;
    CHECK_OK(bt_snapshot_create(s.world, s.history, &whole, &snap));
    // 70 ms at 130 rad/s are 9.1 rad: the bound is taken with steering and yaw added
    const bt_snapshot_instance *wheel = &snap->instances[2];
    CHECK(wheel->key_count >= 9.1 / (20.0 * BT_RAD_PER_DEG) + 1.0 && wheel->key_count < 40);
    CHECK(snap->instances[0].key_count == 1 && snap->instances[4].key_count == 1);
    CHECK_NEAR(snap->instances[0].scale, 1.5, 0.0);
    check_keys(snap);
    check_motion(&s, snap);

    // brake lamps at the middle of the interval (96 ms: still on); parked: on; body: always
    CHECK_NEAR(snap->instances[3].emission, 1.0, 0.0);
    CHECK_NEAR(snap->instances[1].emission, 1.0, 0.0);

    // the camera is at the origin in the middle, and the static post where it belongs
    bt_snapshot_key cam = bt_snapshot_camera_at(snap, 0.5f);
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(cam.pos[k], 0.0, 1e-5);
    bt_snapshot_key post = bt_snapshot_instance_at(snap, 0, 0.3f);
    CHECK_NEAR((double)post.pos[0] + (snap->origin_world_m.x - s.start.x), 20.123456, 1e-5);

    const float point[3] = {1.5f, -2.0f, 0.5f};
    float there[3], back[3];
    bt_snapshot_key key = bt_snapshot_instance_at(snap, 2, 0.77f);
    bt_snapshot_key_point(&key, 1.5f, point, there);
    bt_snapshot_key_point_inverse(&key, 1.5f, there, back);
    for (int k = 0; k < 3; k++)
        CHECK_NEAR(back[k], point[k], 1e-5);
    CHECK_NEAR(bt_snapshot_u(snap, 61234567.0 + 35e6), 0.5, 1e-6);
    CHECK_NEAR(bt_snapshot_u(snap, 0.0), 0.0, 0.0);
    bt_snapshot_destroy(snap);
    clear_stage(&s);
}

static void test_bad_desc(void)
{
    stage s = make_stage((bt_vec3){0.0, 0.0, 0.0});
    bt_snapshot *snap;
    bt_snapshot_desc d = whole;
    d.close_ns = 201 * BT_NS_PER_MS;
    CHECK(bt_snapshot_create(s.world, s.history, &d, &snap) == BT_ERR_INPUT && snap == NULL);
    CHECK_CONTAINS(bt_error_message(), "outside the history");
    d = whole;
    d.close_ns = d.open_ns;
    CHECK(bt_snapshot_create(s.world, s.history, &d, &snap) == BT_ERR_INPUT);
    d = whole;
    d.camera_actor = 2;
    CHECK(bt_snapshot_create(s.world, s.history, &d, &snap) == BT_ERR_INPUT);

    // a wheel that turns 500 rad in a tick cannot be followed
    bt_actor_pose poses[2] = {exact_pose(&s, 0.21), exact_pose(&s, 0.0)};
    poses[0].channel_rad[BT_CHANNEL_SPIN_FRONT_LEFT] += 500.0;
    CHECK_OK(bt_pose_history_push(s.history, 21 * TICK_NS, poses));
    d = (bt_snapshot_desc){
        .open_ns = 20 * TICK_NS, .close_ns = 21 * TICK_NS, .actor_from_cam = BT_POSE_IDENTITY};
    CHECK(bt_snapshot_create(s.world, s.history, &d, &snap) == BT_ERR_LIMIT);
    CHECK_CONTAINS(bt_error_message(), "moving");
    clear_stage(&s);
}

int main(void)
{
    size_t before = bt_memory_in_use();
    test_history();
    test_snapshot((bt_vec3){0.0, 0.0, 0.0});
    test_snapshot((bt_vec3){10000.0, -12345.678, 230.0});
    test_snapshot((bt_vec3){4.5e6, -6e5, 900.0}); // as far as UTM northings
    test_bad_desc();
    CHECK(bt_memory_in_use() == before);
    return check_end();
}
