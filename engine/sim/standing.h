// standing.h: what stands beside the road, as vehicles feel it: boxes in plan that say what happens to who hits them.
//
// Who has put things there (procedural/placement) hands them to the simulation as data (bt_sim_stand); it copies them and
// sorts them into square cells. Only who can leave the road feels them: an ego driven from outside, vehicles led by a story,
// wrecks. Traffic that keeps to its lanes does not, nor do people on foot, nor who stands.
//
//   rigid   houses, walls, concrete barriers, trees, wooden poles: as a body that nothing moves (impact.h).
//   breaks  lamp posts, signs, posts: rigid until it has taken BT_STANDING_BREAKS_NS, then gone: 400 lbf s = 1780 N s is what
//           the Federal Highway Administration allows a breakaway support in a pendulum test (Wolfe, Bronstad, Michie,
//           Wong, "A breakaway concept for timber utility poles", Transportation Research Board: all that may be there,
//           so a car loses more at ours than at a good one). What flies away is not followed.
//   loose   bins, cones, drums, benches: a body of some mass that is free; gone after the first push. Cars lose momentum to it.
//   rail    guard rails, see below.
//
// A module of a guard rail pushes across itself with BT_RAIL_STIFFNESS_N_M times how deep a body is in it, at the body's deepest
// point, towards the side that its centre of gravity is on, as long as it gets deeper: posts and beam yield, nothing springs
// back. Along itself it rubs with BT_RAIL_FRICTION of that. Deeper than BT_RAIL_DEEPEST_M it has failed, and is gone. Straight
// across and in the middle a body of mass m at v comes to rest v sqrt(m / k) deep. The stiffness is chosen: so that cars and
// pick-ups at 100 km/h and 25 degrees are led back, as the Midwest Guardrail System does (tests MGS7S-1 and -2, Midwest
// Roadside Safety Facility), within a metre and a half. Who comes at its end, where beams are turned down, breaks
// post after post.
//
// Left out: bent rails and fallen poles are still drawn as they stood; crush; what lies lower than a bumper; ropes of wires.
#ifndef BT_SIM_STANDING_H
#define BT_SIM_STANDING_H

#include "engine/scene/classes.h"
#include "engine/sim/sim.h"

#define BT_STANDING_BREAKS_NS 1780.0
#define BT_RAIL_STIFFNESS_N_M 1.5e5
#define BT_RAIL_FRICTION 0.3 // steel along painted steel: chosen
#define BT_RAIL_DEEPEST_M 1.8

typedef enum bt_standing_kind {
    BT_STANDING_RIGID,
    BT_STANDING_BREAKS,
    BT_STANDING_LOOSE,
    BT_STANDING_RAIL, // its box's width is across, its length along the rail
} bt_standing_kind;

typedef struct bt_standing {
    bt_footprint box;
    bt_standing_kind kind;
    double mass_kg;    // loose
    uint32_t id;       // in instance images, in truth; 0: none
    bt_class class_id; // what it is called there
    char name[32];
} bt_standing;

// Sorted: constant, shared by any number of states.
typedef struct bt_standing_field {
    bt_standing *things;    // (count)
    uint32_t *first;        // (columns x rows + 1), into items
    uint32_t *items;        // things by cell, in the order of their indices
    uint32_t *column, *row; // (count) lowest cell of a thing
    double x0_m, y0_m, cell_m;
    uint32_t columns, rows, count;
} bt_standing_field;

BT_CHECKED bt_status bt_standing_field_create(const bt_standing *things, uint32_t count,
                                              bt_standing_field *field);
void bt_standing_field_clear(bt_standing_field *field); // zeroed is fine
// Those whose boxes' extents meet this one, at most so many, each once, in a fixed order.
uint32_t bt_standing_near(const bt_standing_field *field, double x0_m, double y0_m, double x1_m,
                          double y1_m, uint32_t *things, uint32_t most);

// Where a box is deepest in a rail; it comes from the rail's left (side 1) or right (-1), and
// (nx, ny) points there. False: not at all.
typedef struct bt_rail_touch {
    double x_m, y_m, nx, ny, depth_m;
} bt_rail_touch;
bool bt_rail_touch_find(const bt_footprint *rail, const bt_footprint *box, double side,
                        bt_rail_touch *touch);

#endif
