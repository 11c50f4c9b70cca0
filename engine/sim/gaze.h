// gaze.h: where people look, and how their heads turn there.
//
// What somebody looks at: where they go, ahead of the bend (the head leads the body into a turn: Grasso, Prevost,
// Ivanenko and Berthoz 1998, "Eye-head coordination for the steering of locomotion in humans", Neurosci. Lett. 253);
// before a roadway and on it, cars that come, else left and right in turns; who walks beside them the same way, now
// and then; else, now and then, what passes or something aside. How often and how long is chosen.
//
// How the head turns: as a critically damped spring towards what is looked at, whose peak velocity is 1/e of the
// frequency times the angle: linear in the angle, as the main sequence of head movements is (Zangemeister, Lehman and
// Stark 1981, "Simulation of head movement trajectories: model and fit to main sequence", Biol. Cybern. 41). The slope,
// 2.6 per second, is chosen for people at ease. No farther than BT_GAZE_MOST_RAD to each side (necks of adults turn
// about 70 to 80 degrees: Youdas et al. 1992, "Normal range of motion of the cervical spine", Phys. Ther. 72; from memory),
// no faster than BT_GAZE_RATE_RAD_S (chosen). Eyes stay in the middle of the head.
//
// Angles in radians, + left of where the body looks. Pure functions; any thread.
#ifndef BT_SIM_GAZE_H
#define BT_SIM_GAZE_H

#include <stdint.h>

#define BT_GAZE_MOST_RAD 1.22   // 70 degrees
#define BT_GAZE_RATE_RAD_S 4.4  // 250 degrees per second
#define BT_GAZE_FREQUENCY_S 7.0 // of the spring, radians per second

typedef struct bt_gaze {
    double head_rad, head_rad_s;
    double watch_rad; // heading in the world of what is looked at
} bt_gaze;

// Goes on for dt towards what is looked at, seen from a body that looks along yaw_rad.
void bt_gaze_step(double yaw_rad, double dt_s, bt_gaze *gaze);

// What somebody is minded to do for a while.
typedef enum bt_gaze_mind {
    BT_GAZE_AHEAD,
    BT_GAZE_COMPANION, // at who walks beside, if anybody does
    BT_GAZE_PASSER,    // at what passes, if anything does
    BT_GAZE_ASIDE
} bt_gaze_mind;
// By the number of who looks; aside_rad: where to, of those who look aside; left: first to the left at a kerb.
bt_gaze_mind bt_gaze_mind_of(uint32_t number, int64_t time_ns, double *aside_rad, int *left);

#endif
