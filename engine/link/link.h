// link.h: how an autopilot attaches: it gets what the sensors and permitted signals say, and gives a
// command; and the verdict of the run.
//
// Here: an autopilot in Lua (its own sandbox, apart from the scenario's). The step number of an
// answer is implied by the call; simulated time never waits for wall time.
//
// A Lua autopilot file returns a table: { observe = {...wanted...}, start = function(info) end,
// step = function(observation) return { steer_rad = , accel_m_s2 = , indicators = } end }.
#ifndef BT_LINK_LINK_H
#define BT_LINK_LINK_H

#include "engine/script/script.h"
#include "engine/sim/sim.h"

// ---- verdict ----------------------------------------------------------------------------------
typedef enum bt_verdict_kind {
    BT_VERDICT_RUNNING,
    BT_VERDICT_GOAL,      // reached: pass
    BT_VERDICT_TIME_OUT,  // the time is up; pass when the scenario has no goal, else fail
    BT_VERDICT_COLLISION, // fail, all below
    BT_VERDICT_OFF_ROAD,
    BT_VERDICT_WRONG_WAY,
    BT_VERDICT_RED_LIGHT,
    BT_VERDICT_AUTOPILOT, // the autopilot failed or answered nonsense
} bt_verdict_kind;

const char *bt_verdict_name(bt_verdict_kind kind); // "goal_reached", "collision", ...

typedef struct bt_verdict_event {
    bt_time_ns time_ns;
    bt_verdict_kind kind;
    uint32_t other; // actor or signal; BT_SIM_NONE
    double value;   // e.g. impact speed m/s, overshoot m
} bt_verdict_event;

typedef struct bt_judge bt_judge;

typedef struct bt_judge_desc {
    const bt_sim *sim;
    bt_time_ns end_ns;
    bool has_goal;
    double off_road_s, wrong_way_s; // how long before it counts; 0: 0.5 and 1.0
} bt_judge_desc;

BT_CHECKED bt_status bt_judge_create(const bt_judge_desc *desc, bt_judge **judge);
void bt_judge_destroy(bt_judge *judge); // NULL is fine
// Looks at the state after a step. New events are appended to the list below.
BT_CHECKED bt_status bt_judge_look(bt_judge *judge, const bt_state *state);
bt_verdict_kind bt_judge_verdict(const bt_judge *judge); // first one that ends the run
bool bt_judge_passed(const bt_judge *judge);
uint32_t bt_judge_event_count(const bt_judge *judge);
const bt_verdict_event *bt_judge_event(const bt_judge *judge, uint32_t event);

// ---- autopilot --------------------------------------------------------------------------------
typedef struct bt_autopilot bt_autopilot;

#define BT_LINK_MAX_CAMERAS 16u

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
    const bt_state *state; // the link hands on only what the autopilot asked for and may see
    const bt_link_frame *frames; // those that became ready since the last call
    uint32_t frame_count;
} bt_observation;

BT_CHECKED bt_status bt_autopilot_create(const char *path, uint64_t seed,
                                         const char *const *roots, size_t root_count,
                                         const bt_sim *sim, bt_autopilot **autopilot);
void bt_autopilot_destroy(bt_autopilot *autopilot); // NULL is fine
// How often it is called: a whole multiple of the step; default 50 ms.
bt_time_ns bt_autopilot_period_ns(const bt_autopilot *autopilot);
// Signals it asked for that are privileged truth (recorded in clip.json); "" when none.
const char *bt_autopilot_privileges(const bt_autopilot *autopilot);
// Whether it asked for camera frames: then every frame must be rendered, wanted on disk or not.
bool bt_autopilot_sees_cameras(const bt_autopilot *autopilot);
// Missing, NaN or out-of-range answers fail with BT_ERR_INPUT and name what was wrong.
BT_CHECKED bt_status bt_autopilot_step(bt_autopilot *autopilot, const bt_observation *observation,
                                       bt_command *command);

#endif
