// crowd.h: how somebody who walks avoids all others: a velocity without collisions for a while.
//
// Optimal reciprocal collision avoidance: van den Berg, Guy, Lin, Manocha 2011, "Reciprocal n-Body
// Collision Avoidance", Robotics Research, STAR 70, 3-19. Each neighbour, taken as a disc, forbids a half
// plane of velocities: those that would touch it within the horizon, half the change (all of it, where
// the other stands) being ours. What stands and the edges of the way forbid half planes too. The
// velocity nearest to the one preferred is found by their randomised-incremental linear programme, here in
// the order given, so that the same lines give the same velocity; where none is allowed, the one that is
// least inside the forbidden (their section 5.3), never at the cost of the first `hard` lines.
//
// Units: metres, seconds. Pure functions; any thread.
#ifndef BT_SIM_CROWD_H
#define BT_SIM_CROWD_H

#include <stdbool.h>
#include <stdint.h>

#define BT_CROWD_LINES 24

typedef struct bt_plane {
    double x, y;
} bt_plane; // a vector in plan

// Velocities to the left of the line through `at` along `along` (of length 1) are allowed.
typedef struct bt_crowd_line {
    bt_plane at, along;
} bt_crowd_line;

// What a disc forbids: `place` and `velocity` are its own less ours; radius_m: sum of both; share: of the
// change, that is ours (0.5 when it evades too, 1 when not); inside it already: to part within part_s.
bt_crowd_line bt_crowd_disc(bt_plane place, bt_plane own_velocity, bt_plane other_velocity,
                            double radius_m, double horizon_s, double part_s, double share);
// Velocity along `normal` (of length 1) must be at least `least_m_s`.
bt_crowd_line bt_crowd_side(bt_plane normal, double least_m_s);
// At most speed_m_s; lines [0, hard) are kept to whatever the others ask.
bt_plane bt_crowd_solve(const bt_crowd_line *lines, uint32_t count, uint32_t hard, double speed_m_s,
                        bt_plane preferred);

#endif
