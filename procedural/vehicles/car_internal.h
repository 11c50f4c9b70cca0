// car_internal.h: what the files that make a car share.
#ifndef BT_PROCEDURAL_CAR_INTERNAL_H
#define BT_PROCEDURAL_CAR_INTERNAL_H

#include "procedural/vehicles/car.h"
#include "procedural/vehicles/outline.h"
#include "procedural/vehicles/shell.h"

typedef struct bt_car_slots {
    uint8_t paint, glass, glass_dark, rubber, alloy, steel, chrome;
    uint8_t black, grey, trim; // plastics
    uint8_t lens_clear, lens_red, lens_amber, reflector, plate, under, interior, cloth;
    uint8_t low_beam, high_beam, day, tail, brake, indicator, indicator_rear, reverse; // emitters
} bt_car_slots;

// A car being made. Patches hold its left half, y >= 0.
typedef struct bt_car {
    const bt_car_params *params;
    bt_body *body;
    bt_car_slots slots;
    uint32_t part;         // "body"
    bt_mesh_builder *mesh; // of that part
    bt_shell lower, cabin;
    double front_m, rear_m; // x of both ends
    double arch_radius_m;
    double door_split_x;    // the B pillar at the belt
    double mirror_around_m; // side glass's front end in the cabin's chart
    bt_patch skin;          // what is left of the lower body's painted skin
    bt_patch upper;         // and of the cabin's
} bt_car;

// ---- faces and tails, car_style.c -------------------------------------------------------------
typedef struct bt_car_grille {
    double half_low_m, half_high_m, low, high;
    int bars;
    bool bright; // rim and bars of chrome
    struct {
        double half_low_m, half_high_m, low, high;
    } intake; // below
} bt_car_grille;
typedef struct bt_car_lamp_shape {
    bt_corner corners[6];
    bt_corner projectors[2]; // radius is theirs
    double indicator_m;
} bt_car_lamp_shape;
typedef struct bt_car_tail_shape {
    bt_corner corners[6];
    double clear_below, split_m;
} bt_car_tail_shape;
const bt_car_grille *bt_car_grille_of(const bt_car_params *p);
const bt_car_lamp_shape *bt_car_headlamp_of(const bt_car_params *p);
const bt_car_tail_shape *bt_car_tail_of(const bt_car_params *p);

static inline double bt_car_axle_front(const bt_car *car)
{
    return car->params->wheelbase_m;
}

// Fills slots with the body's materials. car.c.
void bt_car_find_slots(bt_car *car);

// ---- cutting, car_region.c --------------------------------------------------------------------
typedef enum bt_car_plane {
    BT_CAR_PLANE_CHART, // (around_m, up_m)
    BT_CAR_PLANE_SIDE,  // (x, z)
    BT_CAR_PLANE_PLAN,  // (x, y)
} bt_car_plane;

// An outline drawn on the skin: in a plane, and limited to x, z and steepness.
typedef struct bt_car_region {
    bt_outline outline;
    bt_car_plane plane;
    double min_x, max_x, min_z, max_z;
    double min_normal_z, max_normal_z; // -1, 1: any
} bt_car_region;

bt_car_region bt_car_region_make(bt_car_plane plane, const bt_corner *corners, size_t count);
// The patch function of a region: its distance, negative inside.
double bt_car_region_distance(const void *region, const bt_patch_vertex *vertex);
// A gap between panels: takes a strip of `width_m` along the outline from the patch and puts it
// back deeper, dark.
void bt_car_shut_line(bt_car *car, bt_patch *patch, const bt_car_region *region, double width_m);

// Cuts a region out of the skin for an opening: walls to depth_m, a back there. What was cut is left
// in `region_patch` (NULL: freed).
void bt_car_recess(bt_car *car, const bt_car_region *region, double depth_m, uint8_t wall_slot,
                   uint8_t back_slot, bt_patch *region_patch);
// Cuts a pane of glass with a dark rim out of the skin: of vans, trucks and buses.
void bt_car_window(bt_car *car, const bt_car_region *region);
// Emits a patch as a lamp at this depth, on both sides: one part when both masks are the same.
void bt_car_lamp(bt_car *car, const bt_patch *patch, double depth_m, const char *name, uint8_t slot,
                 uint32_t mask_left, uint32_t mask_right);
// The mesh of a lamp part that lies on the left; call bt_car_lamp_end when it is built.
bt_mesh_builder *bt_car_lamp_begin(bt_car *car, const char *name, uint8_t slot, uint32_t mask,
                                   uint32_t *part);
void bt_car_lamp_end(bt_car *car, uint32_t part, const char *right_name, uint32_t mask_right);
// A number plate about `at`, looking along its normal. car_plate.c.
void bt_car_add_plate(bt_car *car, const bt_patch_vertex *at, double out_m);
// A pose on the skin: z out of it, x level.
bt_pose bt_car_on_skin(const bt_patch_vertex *at, double out_m);

// car_glass.c: cuts windows and pillars from the cabin's skin.
void bt_car_cut_windows(bt_car *car);
// car_sides.c: wheel arches, doors, sills, cladding.
void bt_car_cut_arches(bt_car *car);
void bt_car_cut_doors(bt_car *car);
void bt_car_add_side_trim(bt_car *car);
// car_wheels.c: wheels behind their joints, wells.
void bt_car_add_wells(bt_car *car);
void bt_car_add_wheels(bt_car *car);
// car_front.c, car_rear.c: lamps, grille, bumpers, plates.
void bt_car_cut_front(bt_car *car);
void bt_car_cut_rear(bt_car *car);
// car_interior.c
void bt_car_add_interior(bt_car *car);
// car_details.c: mirrors, wipers, antenna, exhaust, floor.
void bt_car_add_details(bt_car *car);
// car_labels.c: cuboid and keypoints.
void bt_car_add_labels(bt_car *car);

// car_shell.c: fills lower and cabin.
void bt_car_shape(bt_car *car);
// The height of the belt line and of the roof's edge at x.
double bt_car_belt(const bt_car_params *p, double x);
double bt_car_rail(const bt_car_params *p, double x);

#endif
