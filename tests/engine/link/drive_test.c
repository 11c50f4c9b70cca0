// drive_test.c: the shipped autopilots in closed loop with the real simulation, and replay.
#include "engine/link/commands.h"

#include <stdlib.h>

#include "engine/core/memory.h"
#include "engine/road/opendrive.h"
#include "tests/engine/sim/fixture.h"
#include "tests/support/check.h"

// 150 m straight, a left bend of 30 m radius by 90 degrees, 80 m straight, a right bend of 60 m
// radius by 60 degrees, 120 m straight; a light at 120 m. Right-hand traffic, lanes of 3.5 m.
#define PARTS 5
static const double part_length_m[PARTS] = {150.0, 30.0 * BT_PI / 2.0, 80.0, 60.0 * BT_PI / 3.0,
                                            120.0};
static const double part_curvature_1_m[PARTS] = {0.0, 1.0 / 30.0, 0.0, -1.0 / 60.0, 0.0};

static const char lanes[] =
    "<lanes><laneSection s='0'><left><lane id='1' type='driving' level='false'>"
    "<width sOffset='0' a='3.5' b='0' c='0' d='0'/></lane></left>"
    "<center><lane id='0' type='none' level='false'/></center>"
    "<right><lane id='-1' type='driving' level='false'>"
    "<width sOffset='0' a='3.5' b='0' c='0' d='0'/></lane></right></laneSection></lanes>";

static bt_road_network *make_map(bool bends)
{
    static char text[8192];
    double x = 0.0, y = 0.0, heading = 0.0, s = 0.0;
    char geometry[4096] = "";
    size_t used = 0;
    for (int i = 0; i < PARTS; i++) {
        double length = part_length_m[i], k = bends ? part_curvature_1_m[i] : 0.0;
        used += (size_t)snprintf(geometry + used, sizeof geometry - used,
                                 "<geometry s='%.12g' x='%.12g' y='%.12g' hdg='%.12g' "
                                 "length='%.12g'>",
                                 s, x, y, heading, length);
        used += (size_t)(k == 0.0 ? snprintf(geometry + used, sizeof geometry - used, "<line/>")
                                  : snprintf(geometry + used, sizeof geometry - used,
                                             "<arc curvature='%.12g'/>", k));
        used += (size_t)snprintf(geometry + used, sizeof geometry - used, "</geometry>");
        x += k == 0.0 ? length * cos(heading) : (sin(heading + k * length) - sin(heading)) / k;
        y += k == 0.0 ? length * sin(heading) : (cos(heading) - cos(heading + k * length)) / k;
        heading += k * length;
        s += length;
    }
    int count = snprintf(text, sizeof text,
                         "<?xml version='1.0'?><OpenDRIVE><header revMajor='1' revMinor='6'/>"
                         "<road id='1' length='%.12g' junction='-1' rule='RHT'>"
                         "<type s='0' type='town'><speed max='50' unit='km/h'/></type>"
                         "<planView>%s</planView>%s<signals><signal id='7' s='120' t='-4' "
                         "zOffset='3' dynamic='yes' orientation='+' type='1000001' subtype='-1' "
                         "value='-1'/></signals></road></OpenDRIVE>",
                         s, geometry, lanes);
    bt_road_network *net = NULL;
    CHECK_OK(bt_opendrive_parse("bends.xodr", text, (size_t)count, &net));
    return net;
}

typedef struct scene {
    bt_road_network *net;
    bt_sim *sim;
    bt_state *state;
    bt_judge *judge;
    bt_command_log *log;
    double length_m;
} scene;

static void open_scene(scene *s, uint64_t seed, bool bends, bool slow_leader, double goal_m,
                       double lateral_m)
{
    *s = (scene){.net = make_map(bends)};
    if (!s->net) exit(check_end());
    s->length_m = bt_road_get(s->net, 0)->length_m;
    uint32_t lane = bt_lane_find(s->net, 0, 1.0, -1);
    bt_actor_desc actors[2] = {
        {.name = "ego",
         .vehicle = fixture_car(),
         .lane = lane,
         .s_m = 5.0,
         .lateral_m = lateral_m,
         .speed_m_s = 8.0,
         .goal_lane = lane,
         .goal_s_m = goal_m,
         .external = true},
        {.name = "slow",
         .vehicle = fixture_car(),
         .lane = lane,
         .s_m = 45.0,
         .speed_m_s = 5.0,
         .desired_speed_m_s = 5.0,
         .goal_lane = BT_ROAD_NONE},
    };
    bt_sim_desc desc = {.net = s->net,
                        .seed = seed,
                        .actors = actors,
                        .actor_count = slow_leader ? 2 : 1,
                        .ego = 0};
    CHECK_OK(bt_sim_create(&desc, &s->sim));
    if (!s->sim) exit(check_end());
    CHECK_OK(bt_state_create(s->sim, &s->state));
    bt_judge_desc judge = {.sim = s->sim, .end_ns = 150 * BT_NS_PER_S, .has_goal = true};
    CHECK_OK(bt_judge_create(&judge, &s->judge));
    CHECK_OK(bt_command_log_create(&s->log));
}

static void close_scene(scene *s)
{
    bt_command_log_destroy(s->log);
    bt_judge_destroy(s->judge);
    bt_state_destroy(s->state);
    bt_sim_destroy(s->sim);
    bt_road_network_destroy(s->net);
}

typedef struct drive_record {
    double farthest_m;        // from the way's centre, after the first 3 s
    double hardest_side_m_s2; // v times yaw rate
    double hardest_brake_m_s2;
    double standing_s;    // at rest
    double nearest_gap_m; // to the leader, centre distance less two halves
} drive_record;

static void record(const scene *s, drive_record *r)
{
    const bt_motion *m = bt_state_motion(s->state, 0);
    double lateral;
    bt_route_project(s->net, bt_sim_route(s->sim, 0), m->pose.world_from_actor.pos, m->route_m, 5.0,
                     &lateral);
    if (bt_state_time_ns(s->state) > 3 * BT_NS_PER_S)
        r->farthest_m = fmax(r->farthest_m, fabs(lateral));
    r->hardest_side_m_s2 =
        fmax(r->hardest_side_m_s2, fabs(m->speed_m_s * m->angular_velocity_rad_s.z));
    r->hardest_brake_m_s2 = fmax(r->hardest_brake_m_s2, -m->accel_m_s2);
    if (m->speed_m_s < 0.05) r->standing_s += 0.01;
    if (bt_sim_actor_count(s->sim) < 2) return;
    bt_vec3 other = bt_state_motion(s->state, 1)->pose.world_from_actor.pos;
    double gap = bt_vec3_distance(other, m->pose.world_from_actor.pos) - 4.5;
    r->nearest_gap_m = fmin(r->nearest_gap_m, gap);
}

// Drives to the verdict, as the app does: ask when due, step, look.
static drive_record drive(scene *s, const char *path)
{
    static const char *const roots[] = {"assets"};
    bt_autopilot *autopilot;
    bt_command command = {0};
    drive_record r = {.nearest_gap_m = 1e9};
    CHECK_OK(bt_autopilot_create(path, 1, roots, 1, s->sim, &autopilot));
    if (!autopilot) return r;
    while (bt_judge_verdict(s->judge) == BT_VERDICT_RUNNING) {
        bt_time_ns now_ns = bt_state_time_ns(s->state);
        if (now_ns % bt_autopilot_period_ns(autopilot) == 0) {
            bt_observation observation = {.sim = s->sim, .state = s->state};
            bt_status status = bt_autopilot_step(autopilot, &observation, &command);
            CHECK_OK(status);
            if (status != BT_OK) break;
            CHECK_OK(bt_command_log_command(s->log, now_ns, &command));
        }
        CHECK_OK(bt_sim_step(s->sim, s->state, &command));
        CHECK_OK(bt_judge_look(s->judge, s->state));
        record(s, &r);
    }
    bt_autopilot_destroy(autopilot);
    return r;
}

static void print(const char *name, const scene *s, const drive_record *r)
{
    printf("%s: %s after %.1f s; off the centre %.2f m, sideways %.2f, braking %.2f m/s^2, "
           "standing %.1f s, gap %.1f m\n",
           name, bt_verdict_name(bt_judge_verdict(s->judge)),
           bt_seconds(bt_state_time_ns(s->state)), r->farthest_m, r->hardest_side_m_s2,
           r->hardest_brake_m_s2, r->standing_s, r->nearest_gap_m);
}

// To the goal through both bends, past the light, behind a car of 5 m/s; then the commands again.
static void test_lane_follower(bool slow_leader)
{
    scene s;
    uint8_t digest[32], again[32];
    open_scene(&s, 5, true, slow_leader, 420.0, 0.4);
    drive_record r = drive(&s, "assets/autopilots/lane_follower.lua");
    print("lane_follower", &s, &r);
    CHECK(bt_judge_verdict(s.judge) == BT_VERDICT_GOAL && bt_judge_passed(s.judge));
    CHECK(r.farthest_m < 0.35);
    CHECK(r.hardest_side_m_s2 < 3.0);
    CHECK(r.hardest_brake_m_s2 < 5.0);
    if (slow_leader) CHECK(r.nearest_gap_m > 1.5);
    CHECK_OK(bt_state_digest(s.state, digest));
    bt_time_ns end_ns = bt_state_time_ns(s.state);

    size_t bytes;
    const char *text = bt_command_log_text(s.log, &bytes);
    bt_command_list list;
    bt_state *replay;
    CHECK_OK(bt_command_list_parse("commands.jsonl", text, bytes, &list));
    CHECK_OK(bt_state_create(s.sim, &replay));
    while (bt_state_time_ns(replay) < end_ns) {
        bt_command command;
        bt_command_list_at(&list, bt_state_time_ns(replay), &command);
        CHECK_OK(bt_sim_step(s.sim, replay, &command));
    }
    CHECK_OK(bt_state_digest(replay, again));
    CHECK(memcmp(digest, again, sizeof digest) == 0);
    bt_state_destroy(replay);
    bt_command_list_clear(&list);
    close_scene(&s);
}

// The light's phase is another for each seed: the reference driver never passes it at red, and has
// to wait at it now and then; the cruise controller, which sees nothing, is caught.
static void test_light(void)
{
    int waited = 0, caught = 0;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        scene s;
        open_scene(&s, seed, false, false, 420.0, 0.0);
        drive_record r = drive(&s, "assets/autopilots/lane_follower.lua");
        if (r.standing_s > 1.0) print("at the light", &s, &r);
        CHECK(bt_judge_verdict(s.judge) == BT_VERDICT_GOAL);
        CHECK(bt_judge_event_count(s.judge) == 1);
        CHECK(r.hardest_brake_m_s2 < 5.0);
        waited += r.standing_s > 1.0;
        close_scene(&s);

        open_scene(&s, seed, false, false, 420.0, 0.0);
        drive(&s, "assets/autopilots/cruise.lua");
        caught += bt_judge_verdict(s.judge) == BT_VERDICT_RED_LIGHT;
        close_scene(&s);
    }
    CHECK(waited >= 1);
    CHECK(caught >= 1);
}

static void test_cruise(void)
{
    scene s;
    open_scene(&s, 5, false, false, 440.0, 0.0);
    drive_record r = drive(&s, "assets/autopilots/cruise.lua");
    print("cruise", &s, &r);
    CHECK_NEAR(bt_state_motion(s.state, 0)->speed_m_s, 13.9, 0.3);
    CHECK(r.farthest_m < 0.2);
    close_scene(&s);
}

// ---- camera_lane on a painted picture -----------------------------------------------------------
#define WIDTH 320
#define HEIGHT 200
#define FOCAL_PX 320.0

// A flat road with white lines of 15 cm at both sides of the lane, as a pinhole camera 1.3 m above
// the rear axle sees it; y is to the left of the lane's middle.
static void paint(double offset_m, double heading_rad, uint8_t *image)
{
    for (int v = 0; v < HEIGHT; v++) {
        double down = (v - 0.5 * (HEIGHT - 1)) / FOCAL_PX;
        for (int u = 0; u < WIDTH; u++) {
            uint8_t value = 170; // sky
            if (down > 0.01) {
                double ahead = 1.3 / down;
                double left = -(u - 0.5 * (WIDTH - 1)) / FOCAL_PX * ahead;
                double y = offset_m + left + heading_rad * ahead;
                bool line = fabs(fabs(y) - 1.75) < 0.075 + 0.3 * ahead / FOCAL_PX;
                value = line ? 220 : 90;
            }
            memset(&image[3 * (v * WIDTH + u)], value, 3);
        }
    }
}

static void test_camera_lane(double lateral_m)
{
    static const char *const roots[] = {"assets"};
    static uint8_t image[WIDTH * HEIGHT * 3];
    static uint16_t raw[WIDTH * HEIGHT];
    scene s;
    bt_autopilot *autopilot;
    bt_command command = {0};
    open_scene(&s, 5, false, false, 420.0, lateral_m);
    CHECK_OK(
        bt_autopilot_create("assets/autopilots/camera_lane.lua", 1, roots, 1, s.sim, &autopilot));
    if (!autopilot) return;
    double worst_late = 0.0;
    for (int step = 0; step < 2000; step++) {
        const bt_motion *m = bt_state_motion(s.state, 0);
        double offset = m->pose.world_from_actor.pos.y + 1.75;
        if (step % 5 == 0) {
            bt_link_frame frame = {"front", WIDTH, HEIGHT, raw, image, bt_state_time_ns(s.state)};
            if (step % 10 == 0) paint(offset, bt_quat_yaw(m->pose.world_from_actor.rot), image);
            bt_observation observation = {
                .sim = s.sim, .state = s.state, .frames = &frame, .frame_count = step % 10 == 0};
            CHECK_OK(bt_autopilot_step(autopilot, &observation, &command));
        }
        CHECK_OK(bt_sim_step(s.sim, s.state, &command));
        if (step > 1000) worst_late = fmax(worst_late, fabs(offset));
    }
    printf("camera_lane from %.1f m: %.2f m off the middle after 10 s\n", lateral_m, worst_late);
    CHECK(worst_late < 0.3);
    CHECK(strcmp(bt_autopilot_privileges(autopilot), "") == 0);
    bt_autopilot_destroy(autopilot);
    close_scene(&s);
}

int main(void)
{
    test_lane_follower(false);
    test_lane_follower(true);
    test_light();
    test_cruise();
    test_camera_lane(0.0);
    test_camera_lane(0.6);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
