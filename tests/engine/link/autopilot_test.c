// autopilot_test.c: what an autopilot is given, what it may answer, and what happens when it fails.
#include "engine/link/link.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "tests/engine/link/fake_sim.h"
#include "tests/support/check.h"

static bt_sim sim;
static bt_state state;
static const char *const roots[] = {"assets"};
static const char file[] = "build/link_test/autopilot.lua";

static bt_status make(const char *text, bt_autopilot **autopilot)
{
    CHECK_OK(bt_folder_make("build/link_test"));
    CHECK_OK(bt_file_write(file, text, strlen(text)));
    return bt_autopilot_create(file, 1, roots, 1, &sim, autopilot);
}

static bt_status ask(bt_autopilot *autopilot, const bt_link_frame *frames, uint32_t count,
                     bt_command *command)
{
    bt_observation observation = {
        .sim = &sim, .state = &state, .frames = frames, .frame_count = count};
    return bt_autopilot_step(autopilot, &observation, command);
}

// Runs one step of an autopilot whose step is `body`, observing `senses`; its answer.
static bt_command answer(const char *senses, const char *body)
{
    char text[4096];
    bt_command command = {NAN, NAN, 77};
    bt_autopilot *autopilot;
    snprintf(text, sizeof text, "return { observe = { %s }, step = function(o)\n%s\nend }\n",
             senses, body);
    CHECK_OK(make(text, &autopilot));
    if (autopilot) CHECK_OK(ask(autopilot, NULL, 0, &command));
    bt_autopilot_destroy(autopilot);
    return command;
}

static void check_failure(bt_status want, const char *senses, const char *body, const char *why)
{
    char text[4096];
    bt_autopilot *autopilot;
    snprintf(text, sizeof text, "return { observe = { %s }, step = function(o)\n%s\nend }\n",
             senses, body);
    CHECK_OK(make(text, &autopilot));
    bt_command command = {0};
    CHECK(ask(autopilot, NULL, 0, &command) == want);
    if (!strstr(bt_error_message(), why)) printf("    %s\n", bt_error_message());
    CHECK_CONTAINS(bt_error_message(), why);
    CHECK_CONTAINS(bt_error_message(), "autopilot.lua");
    CHECK(strchr(bt_error_message(), '\n') == NULL);
    bt_autopilot_destroy(autopilot);
}

// ---- what it is given -------------------------------------------------------------------------
static void test_only_what_was_asked(void)
{
    fake_state_init(&state, &sim);
    fake_place(&state, 1, 60.0, -1.75, 0.0, 4.0);
    static const char count[] = "local n = 0 for k in pairs(o) do n = n + 1 end "
                                "return { steer_rad = 0, accel_m_s2 = n }";
    CHECK(answer("", count).accel_m_s2 == 2.0); // time_s and step
    CHECK(answer("'speed'", count).accel_m_s2 == 6.0);
    CHECK(answer("'lane'", count).accel_m_s2 == 3.0);
    CHECK(answer("'leader'", count).accel_m_s2 == 3.0);
    CHECK(answer("'signals'", count).accel_m_s2 == 3.0);
    CHECK(answer("'cameras'", count).accel_m_s2 == 3.0);
    CHECK(answer("'route'", count).accel_m_s2 == 3.0);

    bt_autopilot *autopilot;
    CHECK_OK(
        make("return { observe = { 'speed', 'cameras' }, step = function() end }", &autopilot));
    CHECK(strcmp(bt_autopilot_privileges(autopilot), "") == 0);
    CHECK(bt_autopilot_sees_cameras(autopilot));
    CHECK(bt_autopilot_period_ns(autopilot) == 50 * BT_NS_PER_MS);
    bt_autopilot_destroy(autopilot);
    CHECK_OK(make("return { observe = { 'signals', 'speed', 'lane', 'lane' }, period_s = 0.02, "
                  "step = function() end }",
                  &autopilot));
    CHECK(strcmp(bt_autopilot_privileges(autopilot), "lane,signals") == 0);
    CHECK(!bt_autopilot_sees_cameras(autopilot));
    CHECK(bt_autopilot_period_ns(autopilot) == 20 * BT_NS_PER_MS);
    bt_autopilot_destroy(autopilot);
}

static double number(const char *senses, const char *expression)
{
    char body[512];
    snprintf(body, sizeof body, "return { steer_rad = (%s) / 1000, accel_m_s2 = 0 }", expression);
    return 1000.0 * answer(senses, body).steer_rad;
}

// The ego 0.3 m left of the lane's middle, turned 0.1 rad left, its tail in the map at x = 20.
static void test_truth(void)
{
    fake_state_init(&state, &sim);
    fake_place(&state, 0, 20.0, -1.45, 0.1, 10.0);
    fake_place(&state, 1, 60.0, -1.75, 0.0, 4.0);
    state.motions[0].accel_m_s2 = -1.5;
    state.motions[0].steer_rad = 0.02;
    state.motions[0].angular_velocity_rad_s.z = 0.07;
    state.time_ns = 1500 * BT_NS_PER_MS;
    CHECK_NEAR(number("'speed'", "o.speed_m_s"), 10.0, 1e-9);
    CHECK_NEAR(number("'speed'", "o.accel_m_s2"), -1.5, 1e-9);
    CHECK_NEAR(number("'speed'", "o.steer_rad"), 0.02, 1e-9);
    CHECK_NEAR(number("'speed'", "o.yaw_rate_rad_s"), 0.07, 1e-9);
    CHECK_NEAR(number("", "o.time_s"), 1.5, 1e-9);
    CHECK_NEAR(number("", "o.step"), 0.0, 0.0);
    CHECK_NEAR(number("'lane'", "o.lane.offset_m"), 0.3, 1e-6);
    CHECK_NEAR(number("'lane'", "o.lane.heading_error_rad"), 0.1, 1e-6);
    CHECK_NEAR(number("'lane'", "o.lane.width_m"), 3.5, 1e-6);

    // the way: from beside the rear axle; the sixth point is 10 m on, turned by -0.1 rad
    CHECK_NEAR(number("'route'", "o.route.x_m[6]"), 10.0 * cos(0.1) - 0.3 * sin(0.1), 1e-6);
    CHECK_NEAR(number("'route'", "o.route.y_m[6]"), -10.0 * sin(0.1) - 0.3 * cos(0.1), 1e-6);
    CHECK_NEAR(number("'route'", "o.route.heading_rad[6]"), -0.1, 1e-6);
    CHECK_NEAR(number("'route'", "o.route.curvature_1_m[6]"), 0.0, 1e-9);
    CHECK_NEAR(number("'route'", "o.route.remaining_m"), 270.0, 1e-6);
    CHECK_NEAR(number("'route'", "o.route.speed_limit_m_s"), 50.0 / 3.6, 1e-6);
    CHECK(number("'route'", "#o.route.x_m * o.route.step_m") >= 60.0);

    // tail of the car at 59 m, front bumper at 23.6 m
    CHECK_NEAR(number("'leader'", "o.leader.gap_m"), 59.0 - 23.6, 1e-6);
    CHECK_NEAR(number("'leader'", "o.leader.speed_m_s"), 4.0, 1e-6);
    CHECK_NEAR(number("'leader'", "o.leader.kind == 'vehicle' and 1 or 0"), 1.0, 1e-9);
    fake_place(&state, 2, 40.0, -2.0, BT_PI / 2.0, 1.0); // a walker before it, going across
    CHECK_NEAR(number("'leader'", "o.leader.gap_m"), 40.0 - 0.3 - 23.6, 1e-6);
    CHECK_NEAR(number("'leader'", "o.leader.speed_m_s"), 0.0, 1e-6);
    CHECK_NEAR(number("'leader'", "o.leader.kind == 'walker' and 1 or 0"), 1.0, 1e-9);
    // beside the path, 2.75 m from its middle: 1.45 s before it steps into it, and the ego is there in 1.6 s
    fake_place(&state, 2, 40.0, -4.5, BT_PI / 2.0, 1.0);
    CHECK_NEAR(number("'leader'", "o.leader.gap_m"), 40.0 - 0.3 - 23.6, 1e-6);
    fake_place(&state, 1, 60.0, 1.75, BT_PI, 4.0); // oncoming
    // of no concern: who stands there, walks away, along, or is over the road long before
    static const double others[][4] = {{40.0, -4.5, 0.5 * BT_PI, 0.0},
                                       {40.0, -4.5, -0.5 * BT_PI, 1.0},
                                       {40.0, -4.5, 0.0, 1.0},
                                       {110.0, -4.5, 0.5 * BT_PI, 1.5}};
    for (int i = 0; i < 4; i++) {
        fake_place(&state, 2, others[i][0], others[i][1], others[i][2], others[i][3]);
        CHECK_NEAR(number("'leader'", "o.leader == nil and 1 or 0"), 1.0, 1e-9);
    }

    CHECK_NEAR(number("'signals'", "o.signal.distance_m"), 95.0 - 23.6, 1e-6);
    state.phase = BT_PHASE_RED_AMBER;
    CHECK_NEAR(number("'signals'", "o.signal.phase == 'red_amber' and 1 or 0"), 1.0, 1e-9);
    fake_place(&state, 0, 93.0, -1.75, 0.0, 10.0);
    CHECK_NEAR(number("'signals'", "o.signal == nil and 1 or 0"), 1.0, 1e-9);
}

static void test_start_and_step_number(void)
{
    bt_autopilot *autopilot;
    bt_command command;
    CHECK_OK(make("local car, calls, period\n"
                  "return { observe = {}, period_s = 0.1,\n"
                  "  start = function(info) car, period = info.vehicle, info.period_s end,\n"
                  "  step = function(o) return { steer_rad = car.wheelbase_m / 10,\n"
                  "    accel_m_s2 = o.step + period, indicators = 'left' } end }",
                  &autopilot));
    for (int i = 0; i < 3; i++) {
        CHECK_OK(ask(autopilot, NULL, 0, &command));
        CHECK_NEAR(command.steer_rad, 0.28, 1e-12);
        CHECK_NEAR(command.accel_m_s2, i + 0.1, 1e-12);
        CHECK(command.indicators == BT_LAMP_INDICATOR_LEFT);
    }
    bt_autopilot_destroy(autopilot);
}

// ---- cameras ----------------------------------------------------------------------------------
static void check_frame_error(const char *expression, const char *why)
{
    static const uint16_t raw[6] = {0};
    bt_link_frame frame = {"front", 3, 2, raw, NULL, 0};
    char text[1024];
    bt_autopilot *autopilot;
    bt_command command;
    snprintf(text, sizeof text,
             "return { observe = { 'cameras' }, step = function(o)\n"
             "local f = o.cameras.front\nlocal x = %s\nend }",
             expression);
    CHECK_OK(make(text, &autopilot));
    CHECK(ask(autopilot, &frame, 1, &command) == BT_ERR_INPUT);
    if (!strstr(bt_error_message(), why)) printf("    %s\n", bt_error_message());
    CHECK_CONTAINS(bt_error_message(), why);
    CHECK_CONTAINS(bt_error_message(), "autopilot.lua:3:");
    bt_autopilot_destroy(autopilot);
}

static void test_frames(void)
{
    static const uint16_t raw[6] = {100, 200, 300, 400, 500, 4095};
    static const uint8_t image[18] = {0, 0, 0, 10, 20, 30, 255, 255, 255,
                                      1, 2, 3, 4,  5,  6,  7,   8,   9};
    bt_link_frame frames[2] = {{"front", 3, 2, raw, image, 1500 * BT_NS_PER_MS},
                               {"rear", 3, 2, raw, NULL, 0}};
    bt_autopilot *autopilot;
    bt_command command = {0};
    CHECK_OK(make("local kept\n"
                  "return { observe = { 'cameras' }, step = function(o)\n"
                  "  local f = o.cameras.front\n"
                  "  if not f then assert(kept:raw(0, 0)) end\n"
                  "  assert(f.width == 3 and f.height == 2 and f.time_s == 1.5)\n"
                  "  assert(f:raw(0, 0) == 100 and f:raw(2, 1) == 4095)\n"
                  "  local r, g, b = f:rgb(1, 0)\n"
                  "  assert(r == 10 and g == 20 and b == 30)\n"
                  "  local row = f:luma_row(0)\n"
                  "  assert(#row == 3 and row[1] == 0 and row[2] == 18 and row[3] == 255)\n"
                  "  assert(#f:luma_row(1, 1, 2) == 2 and #f:luma_row(1, 2, 1) == 0)\n"
                  "  assert(o.cameras.rear:luma_row(1)[3] == 255)\n"
                  "  assert(getmetatable(f) == false)\n"
                  "  kept = f\n"
                  "  return { steer_rad = 0, accel_m_s2 = 0 }\nend }",
                  &autopilot));
    CHECK_OK(ask(autopilot, frames, 2, &command));
    // a frame kept beyond its call is dead
    CHECK(ask(autopilot, NULL, 0, &command) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "earlier call");
    bt_autopilot_destroy(autopilot);

    check_frame_error("f:raw(3, 0)", "outside the frame");
    check_frame_error("f:raw(0, -1)", "outside the frame");
    check_frame_error("f:raw(0, 2)", "outside the frame");
    check_frame_error("f:raw(0.5, 0)", "no integer representation");
    check_frame_error("f:luma_row(2)", "outside the frame");
    check_frame_error("f:luma_row(0, -1)", "outside the frame");
    check_frame_error("f:luma_row(0, 0, 3)", "outside the frame");
    check_frame_error("f:rgb(0, 0)", "no pictures");
    check_frame_error("f.depth", "not depth");
    check_frame_error("f.raw({}, 0, 0)", "frame");
}

// ---- answers that are wrong -------------------------------------------------------------------
static void test_bad_answers(void)
{
    check_failure(BT_ERR_INPUT, "", "", "expected a table");
    check_failure(BT_ERR_INPUT, "", "return 3", "expected a table");
    check_failure(BT_ERR_INPUT, "", "return { accel_m_s2 = 0 }", "steer_rad: missing");
    check_failure(BT_ERR_INPUT, "", "return { steer_rad = 0 }", "accel_m_s2: missing");
    check_failure(BT_ERR_INPUT, "", "return { steer_rad = 0/0, accel_m_s2 = 0 }", "steer_rad");
    check_failure(BT_ERR_INPUT, "", "return { steer_rad = 0, accel_m_s2 = 1/0 }", "accel_m_s2");
    check_failure(BT_ERR_INPUT, "", "return { steer_rad = 2, accel_m_s2 = 0 }", "from -1.5 to 1.5");
    check_failure(BT_ERR_INPUT, "", "return { steer_rad = 0, accel_m_s2 = 0, brake = 1 }", "brake");
    check_failure(BT_ERR_INPUT, "", "return { steer_rad = 0, accel_m_s2 = 0, indicators = 'up' }",
                  "indicators");
    check_failure(BT_ERR_INPUT, "", "return { steer_rad = 0, accel_m_s2 = o.leader.gap_m }",
                  "autopilot.lua:2:");
    check_failure(BT_ERR_INPUT, "", "error('I give up')", "I give up");
    check_failure(BT_ERR_LIMIT, "", "while true do end", "instructions");
    check_failure(BT_ERR_LIMIT, "", "while true do pcall(error) end", "instructions");
    check_failure(BT_ERR_LIMIT, "", "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1e6) .. i end",
                  "memory");
}

// ---- files that are wrong ---------------------------------------------------------------------
static void check_file(const char *text, const char *why)
{
    bt_autopilot *autopilot;
    CHECK(make(text, &autopilot) != BT_OK);
    CHECK(autopilot == NULL);
    if (!strstr(bt_error_message(), why)) printf("    %s\n", bt_error_message());
    CHECK_CONTAINS(bt_error_message(), why);
}

static void test_bad_files(void)
{
    check_file("return 3", "expected a table");
    check_file("return {", "autopilot.lua:1:");
    check_file("return { step = function() end }", "observe: missing");
    check_file("return { observe = { 'lidar' }, step = function() end }", "'lidar'");
    check_file("return { observe = {} }", "step: expected a function");
    check_file("return { observe = {}, step = 7 }", "step: expected a function, got number");
    check_file("return { observe = {}, start = 7, step = function() end }", "start");
    check_file("return { observe = {}, speed = 7, step = function() end }", "speed: unknown key");
    check_file("return { observe = {}, period_s = 0.013, step = function() end }",
               "whole multiple of the step");
    check_file("return { observe = {}, start = function() while true do end end, "
               "step = function() end }",
               "instructions");
    check_file("io.open('/etc/passwd')", "io");
    bt_autopilot *autopilot;
    CHECK(bt_autopilot_create("build/none.lua", 1, roots, 1, &sim, &autopilot) != BT_OK);
    CHECK_CONTAINS(bt_error_message(), "none.lua");
}

// Two of them in one process share nothing, not even random numbers.
static void test_independent(void)
{
    static const char text[] = "n = (n or 0) + 1\n"
                               "return { observe = {}, step = function() m = (m or 0) + 1\n"
                               "return { steer_rad = math.random(), accel_m_s2 = m } end }";
    bt_autopilot *a, *b;
    bt_command first, second;
    CHECK_OK(make(text, &a));
    CHECK_OK(make(text, &b));
    CHECK_OK(ask(a, NULL, 0, &first));
    CHECK_OK(ask(a, NULL, 0, &first));
    CHECK_OK(ask(b, NULL, 0, &second));
    CHECK_OK(ask(b, NULL, 0, &second));
    CHECK(first.accel_m_s2 == 2.0 && second.accel_m_s2 == 2.0);
    CHECK(first.steer_rad == second.steer_rad);
    bt_autopilot_destroy(a);
    bt_autopilot_destroy(b);
}

int main(void)
{
    CHECK_OK(fake_sim_init(&sim));
    if (!sim.net || !sim.route) return check_end();
    fake_state_init(&state, &sim);
    test_only_what_was_asked();
    test_truth();
    test_start_and_step_number();
    test_frames();
    test_bad_answers();
    test_bad_files();
    test_independent();
    fake_sim_clear(&sim);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
