// car.h: passenger cars from one parametric surface model: hatchback, sedan, estate, SUV, van, pickup.
//
// A car is a pure function of its parameters. Frame: ISO 8855, x forward, y left, z up, origin on the
// ground below the rear axle's centre. The body's extent is length x width (without mirrors) x height;
// the wheels touch z = 0.
//
// Parts: "body" with everything painted, glass and trim; lamps that switch; wheels behind their steer
// joints. Materials are those of assets/materials.
#ifndef BT_PROCEDURAL_CAR_H
#define BT_PROCEDURAL_CAR_H

#include "procedural/support/body.h"
#include "procedural/vehicles/beacon.h"

typedef enum bt_car_kind {
    BT_CAR_HATCH,
    BT_CAR_SEDAN,
    BT_CAR_WAGON,
    BT_CAR_SUV,
    BT_CAR_VAN,
    BT_CAR_PICKUP,
    BT_CAR_KIND_COUNT
} bt_car_kind;

// Faces and tails.
typedef enum bt_car_grille_style {
    BT_GRILLE_TRAPEZOID,
    BT_GRILLE_SLIM,
    BT_GRILLE_FRAME,
    BT_GRILLE_TALL,
    BT_GRILLE_COUNT
} bt_car_grille_style;
typedef enum bt_car_lamp_style {
    BT_LAMPS_SWEPT,
    BT_LAMPS_SLIM,
    BT_LAMPS_BLOCK,
    BT_LAMPS_LARGE,
    BT_LAMPS_COUNT
} bt_car_lamp_style;
typedef enum bt_car_tail_style {
    BT_TAILS_SWEPT,
    BT_TAILS_DECK,
    BT_TAILS_SLIM,
    BT_TAILS_UPRIGHT,
    BT_TAILS_PILLAR,
    BT_TAILS_COUNT
} bt_car_tail_style;

// The `body` table of a vehicle sheet (assets/vehicles/*.lua), with the sizes it shares with the
// sheet's `dynamics` (bt_vehicle in engine/sim/sim.h).
typedef struct bt_car_params {
    bt_car_kind kind;
    double length_m, width_m, height_m; // without mirrors and antenna
    double wheelbase_m, rear_overhang_m, track_m, wheel_radius_m;

    double tyre_width_m, rim_radius_m;
    double clearance_m;   // sill above the ground
    double nose_height_m; // front edge of the hood
    double cowl_behind_m; // foot of the windscreen behind the front axle
    double cowl_height_m;
    double windscreen_run_m;       // foot to head, along x
    double belt_height_m;          // below the side windows, half way
    double belt_rise_m;            // rear end over front end
    double roof_drop_m;            // rear edge of the roof below its highest point
    double roof_rear_m;            // x of the roof's rear edge
    double glass_rear_m;           // x of the rear window's foot
    double deck_height_m;          // rear end of the trunk lid, or the rear window's foot
    double tumblehome_m;           // roof edge inside the belt, each side
    double shoulder_m;             // width of the ledge below the side windows
    double nose_bow_m, tail_bow_m; // roundness of the ends in plan
    double side_glass_end_m;       // x of the side windows' rear end at the belt
    unsigned doors;                // per side
    bool cladding;                 // unpainted sills and arches
    bool privacy_glass;            // dark glass behind the B pillars
    bool roof_rails;
    unsigned spokes;        // of the rims, 5 to 20
    bool steel_wheels;      // hub caps on steel
    bt_beacon_kind beacons; // on the roof
    double stripe[3];       // sRGB of a band along the sides, 0 to 1; all 0: none

    bt_car_grille_style grille;
    bt_car_lamp_style lamps; // head lamps
    bt_car_tail_style tails; // tail lamps
    double detail;    // fineness of the skin's triangles, 0.3 to 2; 0: 1 (some 60 000 triangles)
    double colour[3]; // sRGB of the paint, 0 to 1
    uint64_t seed;    // number plate, small differences of trim
} bt_car_params;

// Typical values of a kind (chosen within the range of its market segment), grey.
bt_car_params bt_car_defaults(bt_car_kind kind);
// Scales all shape parameters so that the sizes shared with bt_vehicle are these.
void bt_car_resize(bt_car_params *params, double length_m, double width_m, double height_m,
                   double wheelbase_m, double rear_overhang_m, double track_m,
                   double wheel_radius_m);
// A car as one meets it: kind, size, trim and colour from (seed, index). Colours are distributed as
// on the road: mostly white, black, grey and silver.
bt_car_params bt_car_random(uint64_t seed, uint64_t index);
// Grille and lamps alone, among those that suit the kind.
void bt_car_random_style(uint64_t seed, uint64_t index, bt_car_params *params);
// A paint colour alone.
void bt_car_random_colour(uint64_t seed, uint64_t index, double srgb[3]);

// Refuses parameters that make no car, naming the field and what is accepted.
BT_CHECKED bt_status bt_car_check(const bt_car_params *params);
// The body alone, owned by the caller.
BT_CHECKED bt_status bt_car_build(const bt_car_params *params, bt_body **body);
// The body as a model of the spec.
BT_CHECKED bt_status bt_car_generate(bt_spec *spec, const bt_car_params *params, uint32_t *model);

#endif
