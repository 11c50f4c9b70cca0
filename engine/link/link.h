// link.h: how an autopilot attaches: it gets what the sensors and permitted signals say, and gives a
// command; and the verdict of the run.
//
// Here: an autopilot in Lua (its own sandbox, apart from the scenario's). The step number of an
// answer is implied by the call; simulated time never waits for wall time. What commands and events
// look like on disk: commands.h.
#ifndef BT_LINK_LINK_H
#define BT_LINK_LINK_H

#include "engine/script/script.h"
#include "engine/sim/sim.h"

#define BT_LINK_MAX_CAMERAS 16u

// ---- verdict ----------------------------------------------------------------------------------
// What ends a run, looked for after every step:
//
//   collision   the ego has hit another actor (engine/sim/crash.h), or a footprint of its (body or trailer)
//               overlaps another's; or what stands beside the road (engine/sim/standing.h), which `thing` then names. value: relative
//               speed at contact, m/s, before the impact.
//   off_road    a wheel of the ego stands more than 0.15 m (half a tyre) outside every lane for
//               vehicles, shoulder, stop, parking or bicycle lane for off_road_s on end; value: the
//               farthest it was outside, m. Sidewalks, medians and verges are not road.
//   wrong_way   the middle of the ego moves (above 0.5 m/s) on driving lanes all of which run more
//               than 120 degrees against its heading, for wrong_way_s on end; value: seconds.
//   red_light   the front of the ego passes a stop line whose signal shows red (also red and amber);
//               other: the signal; value: speed, m/s. Stop lines: stop_line.h.
//   goal        the ego's origin is within 3 m of its route's end, or of goal_m along it.
//   time_out    the end of the run.
typedef enum bt_verdict_kind {
    BT_VERDICT_RUNNING,
    BT_VERDICT_GOAL,      // reached: pass
    BT_VERDICT_TIME_OUT,  // the time is up; pass when the scenario has no goal, else fail
    BT_VERDICT_COLLISION, // fail, all below
    BT_VERDICT_OFF_ROAD,
    BT_VERDICT_WRONG_WAY,
    BT_VERDICT_RED_LIGHT,
    BT_VERDICT_AUTOPILOT, // the autopilot failed or answered nonsense
    BT_VERDICT_COUNT
} bt_verdict_kind;

const char *bt_verdict_name(bt_verdict_kind kind); // "goal_reached", "collision", ...

// What the ego has hit that is no actor.
typedef struct bt_verdict_thing {
    char name[32];      // "street lamp"
    uint32_t id;        // in instance images; 0: has none
    uint32_t class_id;  // bt_class
    double closing_m_s; // across the plane of contact
    double delta_v_m_s; // of the ego, in the first step of the impact
} bt_verdict_thing;

typedef struct bt_verdict_event {
    bt_time_ns time_ns;
    bt_verdict_kind kind;
    uint32_t other;         // an actor's number (bt_actor_desc), or a signal; BT_SIM_NONE
    double value;           // e.g. impact speed m/s, overshoot m
    bt_verdict_thing thing; // a collision's, with what stands there; its name is "" otherwise
} bt_verdict_event;

typedef struct bt_judge bt_judge;

typedef struct bt_judge_desc {
    const bt_sim *sim; // outlives the judge; must have an ego
    bt_time_ns end_ns;
    bool has_goal;
    double goal_m;                  // so far along the ego's route; 0: at its end
    double off_road_s, wrong_way_s; // how long before it counts; 0: 0.5 and 1.0
} bt_judge_desc;

BT_CHECKED bt_status bt_judge_create(const bt_judge_desc *desc, bt_judge **judge);
void bt_judge_destroy(bt_judge *judge); // NULL is fine
// Goes on with the simulation of another window of the same world (engine/sim/carry.h); origins: (its actors)
// who they were in the one before, BT_SIM_NONE: nobody.
BT_CHECKED bt_status bt_judge_carry(bt_judge *judge, const bt_sim *sim, const uint32_t *origins);
// Looks at the state after a step. New events are appended to the list below; each is told once, as
// long as it lasts.
BT_CHECKED bt_status bt_judge_look(bt_judge *judge, const bt_state *state);
// The time is up at time_ns, if it was not before: a story has come to its end.
void bt_judge_end(bt_judge *judge, bt_time_ns time_ns);
bt_verdict_kind bt_judge_verdict(const bt_judge *judge); // first one that ends the run
bool bt_judge_passed(const bt_judge *judge);
uint32_t bt_judge_event_count(const bt_judge *judge);
const bt_verdict_event *bt_judge_event(const bt_judge *judge, uint32_t event);

// ---- autopilot --------------------------------------------------------------------------------
// A Lua autopilot file returns a table:
//
//   observe   list of what it wants, from the words below; it gets nothing else
//   period_s  time between calls, a whole multiple of the simulation's step; default 0.05
//   start     function(info), optional, once: info.step_s, .period_s, .vehicle = { wheelbase_m,
//             length_m, width_m, steer_max_rad, accel_max_m_s2, brake_max_m_s2, front_m (rear axle
//             to front bumper) }
//   step      function(observation) -> { steer_rad = (+ left), accel_m_s2 = (negative brakes),
//             indicators = 'none' | 'left' | 'right' | 'both', optional }
//
// The observation always has time_s and step (calls so far); and, when asked for:
//
//   'speed'    speed_m_s, accel_m_s2, yaw_rate_rad_s, steer_rad: what the car's own sensors say
//   'route'    route = { step_m, x_m = {...}, y_m = {...}, heading_rad = {...}, curvature_1_m =
//              {...}, remaining_m, speed_limit_m_s (0: unknown) }: the way to the goal in vehicle
//              axes, from the place nearest to the rear axle, at least 60 m where it is that long. *
//   'lane'     lane = { offset_m (+ left of the way's centre), heading_error_rad (+ turned left),
//              width_m } *
//   'leader'   leader = { gap_m (bumper to bumper along the way), speed_m_s (along it), kind =
//              'vehicle' | 'walker' } or nil: whoever is nearest in the swept path within 120 m, or, on foot or
//              a thing, comes into it, as fast as now, when the ego does *
//   'signals'  signal = { distance_m (front bumper to stop line), phase = 'red' | 'red_amber' |
//              'amber' | 'green' | 'off' } or nil: the next within 150 m *
//   'cameras'  cameras.NAME = frames that became ready since the last call, see below
//
// Words marked * are truth that no sensor gives: privileges, recorded in the clip.
//
// A frame has width, height, time_s (of its label time) and, with pixel (0, 0) top left:
// frame:raw(x, y) counts; frame:rgb(x, y) three numbers 0..255; frame:luma_row(y [, first, last])
// an array of 0..255 (from the picture, or from raw counts where pictures are off). Frames die with
// the call they came in.
typedef struct bt_autopilot bt_autopilot;

// A frame as the autopilot sees it; lives during the step call.
typedef struct bt_link_frame {
    const char *camera;
    uint32_t width_px, height_px;
    const uint16_t *raw;  // (height x width) counts, mosaic
    const uint8_t *image; // (height x width x 3) sRGB; NULL when images are off
    bt_time_ns label_time_ns;
} bt_link_frame;

typedef struct bt_observation {
    const bt_sim *sim;
    const bt_state *state;       // the link hands on only what the autopilot asked for and may see
    const bt_link_frame *frames; // those that became ready since the last call
    uint32_t frame_count;
} bt_observation;

// Reads the file and calls start. Fails with the script's error, its file and line.
BT_CHECKED bt_status bt_autopilot_create(const char *path, uint64_t seed, const char *const *roots,
                                         size_t root_count, const bt_sim *sim,
                                         bt_autopilot **autopilot);
void bt_autopilot_destroy(bt_autopilot *autopilot); // NULL is fine
// Goes on with the simulation of another window of the same world.
BT_CHECKED bt_status bt_autopilot_carry(bt_autopilot *autopilot, const bt_sim *sim);
// How often it is called: a whole multiple of the step; default 50 ms.
bt_time_ns bt_autopilot_period_ns(const bt_autopilot *autopilot);
// Signals it asked for that are privileged truth, "lane,leader" (recorded in clip.json); "" when
// none.
const char *bt_autopilot_privileges(const bt_autopilot *autopilot);
bool bt_autopilot_sees_cameras(const bt_autopilot *autopilot);
// Missing, NaN or out-of-range answers fail with BT_ERR_INPUT and name what was wrong; running over
// the instruction limit (20 million a call) fails with BT_ERR_LIMIT.
BT_CHECKED bt_status bt_autopilot_step(bt_autopilot *autopilot, const bt_observation *observation,
                                       bt_command *command);

#endif
