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

typedef struct bt_person_slots {
    uint8_t skin, hair, top, legs, shoes, sole, shirt, bag, zip, helmet;
    uint8_t sclera, iris, pupil, lips, lash, brow;
} bt_person_slots;

typedef struct bt_person {
    const bt_person_params *params;
    const bt_person_posture *posture;
    bt_body *body;
    bt_person_slots slots;
    double h, g;  // height, girth scale (metres per unit of the average body's girths)
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
// A place on what is worn above the waist, in the pelvis part's frame: the angle about the trunk, 0 in front,
// growing to the left; z: of the body height above the ground; pushed out by metres.
bt_vec3 bt_person_on_chest(const bt_person *p, double angle_rad, double z, double out_m);
// Weaves stripes into what was added to the skin since, where the shirt has some.
void bt_person_weave(bt_person *p, bt_mesh_mark since, unsigned columns);
void bt_person_add_fastening(bt_person *p);
void bt_person_add_worn(bt_person *p);
// What keeps its shape at a limb's end; side: 1 left, -1 right.
void bt_person_add_hand(bt_person *p, uint32_t forearm, int side);
void bt_person_add_fist(bt_person *p, uint32_t forearm, int side);
void bt_person_add_shoe(bt_person *p, uint32_t foot);

// Trunk, limbs and clothes are one skin, the pelvis part's mesh at rest. These bind what was added to
// it since the last call. person_skin.c
typedef enum bt_person_garment {
    BT_GARMENT_PLAIN,
    BT_GARMENT_SKIRT,
    BT_GARMENT_COAT
} bt_person_garment;
void bt_person_bind_trunk(bt_person *p, bt_person_garment garment);
void bt_person_bind_leg(bt_person *p, bool left);
// An arm's bones; shoulder: pelvis_from_upper at rest.
void bt_person_bind_arm(bt_person *p, uint32_t upper, uint32_t lower, bt_pose shoulder);

#endif
