// placer.h: what the placement rules of this folder share: the spec being written, what is known of
// the place, what is taken, the prototypes, the counts.
#ifndef BT_PROCEDURAL_PLACER_H
#define BT_PROCEDURAL_PLACER_H

#include "engine/sim/standing.h"
#include "procedural/buildings/building.h"
#include "procedural/draw.h"
#include "procedural/placement/frontage.h"
#include "procedural/placement/occupancy.h"
#include "procedural/plants/ground_plants.h"
#include "procedural/plants/tree.h"
#include "procedural/props/prop.h"
#include "procedural/surfaces/footprint.h"
#include "procedural/terrain/terrain.h"

#define BT_TREE_VARIANTS 3
#define BT_GRASS_VARIANTS 4
#define BT_GROVE_VARIANTS 4
#define BT_BUILDING_VARIANTS 10
#define BT_HEDGE_VARIANTS 3

// Upper bounds, so that the largest maps stay within memory and 16-bit object ids.
#define BT_PLACER_MAX_STATICS 56000u
#define BT_PLACER_MAX_OBJECTS 40000u
#define BT_PLACER_MAX_TUFTS 22000u
#define BT_PLACER_MAX_TREES 14000u
#define BT_PLACER_MAX_GROVES 11000u

// What stands in one tile of a window.
typedef struct bt_placer_share {
    uint32_t statics, objects, trees, tufts;
} bt_placer_share;
#define BT_PLACER_WINDOW_STATICS 120000u
#define BT_PLACER_WINDOW_TUFTS 60000u

typedef struct bt_placer {
    bt_spec *spec;
    const bt_road_network *net;
    bt_surroundings_params params; // filled in
    bt_footprint *footprint;
    bt_terrain *terrain;
    bt_frontage_list frontage;
    bt_occupancy taken;
    bt_surroundings_result *result;
    size_t signal_capacity, parking_capacity, standing_capacity;
    uint32_t last_object; // of bt_placer_put; BT_NO_INDEX: there was no room
    const char *last_name;
    bt_class last_class;
    bt_vec3 *houses; // where people live
    size_t house_count, house_capacity;
    bool built_up; // some land is urban or residential

    // prototypes, made when first asked for (mesh BT_NO_INDEX before)
    bt_plant trees[BT_TREE_KIND_COUNT][BT_TREE_VARIANTS];
    bt_plant far_trees[BT_TREE_KIND_COUNT][BT_TREE_VARIANTS];
    bt_plant grass[3][BT_GRASS_VARIANTS]; // lawn, meadow, tall and dry
    bt_plant weeds[BT_GRASS_VARIANTS];
    bt_plant groves[BT_GROVE_VARIANTS];
    bt_plant hedges[BT_HEDGE_VARIANTS];
    bt_building buildings[BT_BUILDING_KIND_COUNT][BT_BUILDING_VARIANTS];
    bt_prop props[BT_PROP_KIND_COUNT];
    uint32_t signal_models[2];

    uint32_t tree_count, tuft_count;
    bt_placer_share
        *tiles; // (tiles a side, squared, and one for all outside) of a window; NULL: there is none
    uint32_t tiles_a_side;
} bt_placer;

// ---- places in a window -----------------------------------------------------------------------
// What draws of a road, of one of its sides, and at a place go by: their order, or in a window what does not
// depend on what else is loaded.
uint64_t bt_placer_road_key(const bt_placer *placer, uint32_t road);
uint64_t bt_placer_side_key(const bt_placer *placer, size_t side);
uint64_t bt_placer_place_key(const bt_placer *placer, double x_m, double y_m, uint64_t order);
// Low and high corner of what woods and grass cover: the network's, or the window.
void bt_placer_bounds(const bt_placer *placer, bt_vec3 *low, bt_vec3 *high);

// ---- prototypes -------------------------------------------------------------------------------
BT_CHECKED bt_status bt_placer_tree(bt_placer *placer, bt_tree_kind kind, uint32_t variant,
                                    bool far, const bt_plant **plant);
BT_CHECKED bt_status bt_placer_grove(bt_placer *placer, uint32_t variant, const bt_plant **plant);
BT_CHECKED bt_status bt_placer_prop(bt_placer *placer, bt_prop_kind kind, const bt_prop **prop);
BT_CHECKED bt_status bt_placer_building(bt_placer *placer, bt_building_kind kind, uint32_t variant,
                                        const bt_building **building);
void bt_placer_forget(bt_placer *placer); // marks all prototypes as not made

// ---- putting things down ----------------------------------------------------------------------
// True when there is room for another instance (and object).
bool bt_placer_room(const bt_placer *placer, bool object);
// An instance with an object of its own; `object` false: object 0.
// The same at a place: in a window its tile has room too.
bool bt_placer_room_at(const bt_placer *placer, double x_m, double y_m, bool object);
// Counts a tuft of grass; false: there is no room for it.
bool bt_placer_take_tuft(bt_placer *placer, double x_m, double y_m);
BT_CHECKED bt_status bt_placer_put(bt_placer *placer, uint32_t mesh, bt_pose pose, double scale,
                                   const char *name, bt_class class_id, bool object);
BT_CHECKED bt_status bt_placer_put_tree(bt_placer *placer, bt_tree_kind kind, uint32_t variant,
                                        bt_draw *draw, double x_m, double y_m, double scale,
                                        bool far);
// A prop on the ground (terrain, or the surface where there is one), yaw about z.
BT_CHECKED bt_status bt_placer_put_prop(bt_placer *placer, bt_prop_kind kind, double x_m,
                                        double y_m, double yaw_rad);
// Height of what one stands on: the highest surface of the network there, else the ground.
double bt_placer_stand_height(const bt_placer *placer, double x_m, double y_m);
// Free of the masked surfaces by `margin`, and of everything placed.
bool bt_placer_disc_free(const bt_placer *placer, double x_m, double y_m, double radius_m,
                         unsigned surfaces, double margin_m, unsigned taken);
bool bt_placer_box_free(const bt_placer *placer, double x_m, double y_m, double ux, double uy,
                        double half_length_m, double half_width_m, unsigned surfaces,
                        double margin_m, unsigned taken);
// What was put last is felt by who drives against it: a box about the pose's origin, x along half_length.
typedef struct bt_placer_solid {
    bt_standing_kind kind;
    double half_length_m, half_width_m, height_m, mass_kg;
} bt_placer_solid;
BT_CHECKED bt_status bt_placer_stand(bt_placer *placer, const bt_placer_solid *solid, bt_pose pose);
// Likewise a prop, as its kind is.
BT_CHECKED bt_status bt_placer_stand_prop(bt_placer *placer, bt_prop_kind kind, bt_pose pose);
BT_CHECKED bt_status bt_placer_stand_tree(bt_placer *placer, bt_tree_kind kind,
                                          const bt_plant *plant, bt_pose pose, double scale);
// A wall from corner to corner of an outline about the pose's origin.
BT_CHECKED bt_status bt_placer_stand_outline(bt_placer *placer, const bt_vec3 *corners,
                                             uint32_t count, bt_pose pose, double height_m);
// A round trunk or pole.
bt_placer_solid bt_placer_round(bt_standing_kind kind, double radius_m, double height_m);
double bt_placer_focus_distance(const bt_placer *placer, double x_m, double y_m);

// A signal that is paint on the road: nothing stands there.
bool bt_signal_is_painted(const bt_signal *signal);

// ---- the rules, in the order they run ---------------------------------------------------------
BT_CHECKED bt_status bt_place_objects(bt_placer *placer); // of the file
BT_CHECKED bt_status bt_place_signals(bt_placer *placer);
BT_CHECKED bt_status bt_place_street(bt_placer *placer);    // lamps, furniture, parking
BT_CHECKED bt_status bt_place_buildings(bt_placer *placer); // with gardens
BT_CHECKED bt_status bt_place_barriers(bt_placer *placer);  // rails, delineators, noise walls
BT_CHECKED bt_status bt_place_trees(bt_placer *placer);     // rows, groups, woods, far groves
BT_CHECKED bt_status bt_place_verges(bt_placer *placer);    // grass and weeds

#endif
