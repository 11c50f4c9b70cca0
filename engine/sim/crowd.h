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
// Where to go in a crowd before that, so that lanes form and nobody walks into a wall of people: Moussaid,
// Helbing, Theraulaz 2011, "How simple rules determine pedestrian behavior and crowd disasters", PNAS 108,
// 6884-6888: the direction in which the way to the next collision brings one nearest to the goal (their eq. 1),
// and no faster than the free way ahead over a reaction time (their heuristic 2).
//
// People who meet in a crowd form lanes: they keep out of the way of those who come and follow those who go
// their way, with a weak preference for one side (that there is one, and that it makes lanes: Moussaid et al. 2009,
// "Experimental study of the behavioural mechanisms underlying self-organization in human crowds", Proc. R. Soc. B
// 276, 2755-2762). How strongly is chosen so that streams in two directions flow (bench.crowd_flow), not measured.
//
// Units: metres, seconds. Pure functions; any thread.
#ifndef BT_SIM_CROWD_H
#define BT_SIM_CROWD_H

#include <stdbool.h>
#include <stdint.h>

#define BT_CROWD_LINES 24
#define BT_CROWD_SEEN 48 // others at most, for a heading

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
// Somebody else, as a disc: place relative to us, radius_m: sum of both.
typedef struct bt_crowd_other {
    bt_plane place, velocity;
    double radius_m;
} bt_crowd_other;
// The velocity to wish for: `goal` is the velocity if nobody were there. Sees see_m far; room to the left and right of
// the goal's direction. Looks at `turns` directions to each side, 5 degrees apart (the paper: 75 degrees); of equal
// ones straight on, then to the right. course: its direction, though there be no way to go.
bt_plane bt_crowd_heading(const bt_crowd_other *others, uint32_t count, bt_plane goal, double see_m,
                          double left_m, double right_m, uint32_t turns, bt_plane *course);
// Those ahead, weighed by how near they are.
typedef struct bt_crowd_stream {
    double pull, weight; // pull: to the left
    bool faces;          // somebody who comes stands right before one
} bt_crowd_stream;

// Another who is ahead_m before and left_m beside; along: cosine between the ways of both.
void bt_crowd_stream_add(double ahead_m, double left_m, double along, bt_crowd_stream *stream);
// How far to the left of the goal to go, so that lanes form. room_m: to the edges of the way.
double bt_crowd_stream_turn_rad(const bt_crowd_stream *stream, double left_room_m,
                                double right_room_m);

// Somebody's place in plan: all within radius_m of the line between two points.
typedef struct bt_crowd_body {
    bt_plane from, to;
    double radius_m;
} bt_crowd_body;
// From the line of one to that of another where they are nearest: zero where they cross.
bt_plane bt_crowd_between(const bt_crowd_body *a, const bt_crowd_body *b);

// At most speed_m_s; lines [0, hard) are kept to whatever the others ask.
bt_plane bt_crowd_solve(const bt_crowd_line *lines, uint32_t count, uint32_t hard, double speed_m_s,
                        bt_plane preferred);

#endif
