// person_internal.h: what the files that make a person share.
#ifndef BT_PROCEDURAL_PERSON_INTERNAL_H
#define BT_PROCEDURAL_PERSON_INTERNAL_H

#include "engine/sim/gait.h"
#include "procedural/people/person.h"
#include "procedural/support/limb.h"

#define BT_PERSON_SEGMENTS 20u
// Rows between sections of trunks and limbs: folds are drawn finer than what lies under them.
#define BT_PERSON_PLAIN_ROWS 3
#define BT_PERSON_DRAPED_ROWS 5
#define BT_PERSON_QUILT_ROWS 9

typedef struct bt_person_slots {
    uint8_t skin, hair, top, legs, shoes, sole, shirt, bag, zip, helmet, rib, vest, band;
    uint8_t sclera, iris, pupil, lips, lash, brow;
} bt_person_slots;

// Factors on the sections' front, back and side, and on limbs' widths. person_shape.c
typedef struct bt_person_shape {
    double hip[3], waist[3], chest[3];
    double shoulder, thigh, calf, ankle, arm, wrist;
} bt_person_shape;
bt_person_shape bt_person_shape_make(const bt_person_params *params);
// The section of the slender body (fractions of the height) as somebody has it.
bt_limb_section bt_person_widen(const bt_person_shape *shape, bt_limb_section section);
// z: below the hip or shoulder joint, in fractions of the height.
double bt_person_leg_width(const bt_person_shape *shape, double z);
double bt_person_arm_width(const bt_person_shape *shape, double z);

typedef struct bt_person {
    const bt_person_params *params;
    const bt_person_posture *posture;
    bt_body *body;
    bt_person_slots slots;
    double h; // height
    bt_person_shape shape;
    double hip_z; // hip joints above the ground
    double shoulder_z, neck_z;
    uint32_t pelvis, spine, head;
    uint32_t thigh[2], shin[2]; // right, left
    uint32_t forearm[2];        // left, right
} bt_person;

// How cloth lies on trunk and limbs. person_folds.c
#define BT_PERSON_FOLD_PHASES 6u
typedef enum bt_person_cut {
    BT_CUT_LEG,
    BT_CUT_SLEEVE,
    BT_CUT_UPPER_BODY,
    BT_CUT_COAT,
    BT_CUT_QUILT, // of a trunk
    BT_CUT_QUILT_SLEEVE,
    BT_CUT_KNIT, // clings, hardly folds
    BT_CUT_SKIRT,
    BT_CUT_TIGHT // has no folds
} bt_person_cut;
typedef struct bt_person_drape {
    bt_person_cut cut;
    bool left;
    double h, base_z; // metres; base_z: of the mesh's frame above the ground, for trunks
    double phase[BT_PERSON_FOLD_PHASES];
} bt_person_drape;
// Fills `drape`, which must outlive what is returned.
bt_limb_drape bt_person_drape_make(const bt_person *p, bt_person_cut cut, bool left,
                                   bt_person_drape *drape);

// 0 at `from`, 1 at `to`, smooth between.
static inline double bt_person_ramp(double from, double to, double at)
{
    double t = bt_clamp((at - from) / (to - from), 0.0, 1.0);
    return t * t * (3.0 - 2.0 * t);
}

void bt_person_add_torso(bt_person *p);
void bt_person_add_legs(bt_person *p);
void bt_person_add_arms(bt_person *p);
void bt_person_add_head(bt_person *p);
// A place on what is worn above the waist, its folds in it, in the pelvis part's frame: the angle about the trunk, 0 in
// front, growing to the left; z: of the body height above the ground; pushed out by metres.
bt_vec3 bt_person_on_chest(const bt_person *p, double angle_rad, double z, double out_m);
// What is worn above the waist at a height, a section of the slender body; rings that follow it.
bt_limb_section bt_person_chest_section(const bt_person *p, double z);
void bt_person_add_ring(const bt_person *p, uint8_t slot, double low, double high, double ease_m,
                        bool folds);
// Weaves stripes into what was added to the skin since, where the shirt has some.
void bt_person_weave(bt_person *p, bt_mesh_mark since, unsigned columns);
// What is sewn on: collars, plackets, pockets, ribs, prints, vests. person_trims.c
void bt_person_add_trims(bt_person *p);
// Where what is worn above the waist ends below, of the height above the ground.
double bt_person_hem(const bt_person *p);
bool bt_person_short_sleeves(const bt_person_params *params);
void bt_person_add_worn(bt_person *p);
// What keeps its shape at a limb's end; side: 1 left, -1 right.
void bt_person_add_hand(bt_person *p, uint32_t forearm, int side);
void bt_person_add_fist(bt_person *p, uint32_t forearm, int side);
void bt_person_add_shoe(bt_person *p, uint32_t foot);

// Trunk, limbs and clothes are one skin, the pelvis part's mesh at rest. These bind what was added to
// it since the last call. person_skin.c
typedef enum bt_person_garment {
    BT_GARMENT_PLAIN, // goes with the thighs below
    BT_GARMENT_TOP,   // hangs over them
    BT_GARMENT_SKIRT,
    BT_GARMENT_COAT
} bt_person_garment;
void bt_person_bind_trunk(bt_person *p, bt_person_garment garment);
void bt_person_bind_leg(bt_person *p, bool left);
// An arm's bones; shoulder: pelvis_from_upper at rest.
void bt_person_bind_arm(bt_person *p, uint32_t upper, uint32_t lower, bt_pose shoulder);

#endif
