// person.h: pedestrians: smooth bodies in clothes, hinged at hips, knees, ankles, shoulders, elbows
// and neck. Trunk, limbs and clothes are one skin that bends with the joints; head and hair, hands, shoes, hoods,
// scarves and bags keep their shapes.
//
// Frame: x forward, y left, z up, origin on the ground between the feet. At channel angles 0 the
// person stands with straight legs and hanging arms, the soles at z = 0. Segment lengths are those
// of engine/sim/gait.h (Drillis and Contini 1966), so walking feet stay on the ground.
//
// A person is a pure function of the parameters.
#ifndef BT_PROCEDURAL_PERSON_H
#define BT_PROCEDURAL_PERSON_H

#include "procedural/people/measures.h"
#include "procedural/support/body.h"

typedef enum bt_person_skin { BT_SKIN_LIGHT, BT_SKIN_MEDIUM, BT_SKIN_DARK } bt_person_skin;
typedef enum bt_person_legs {
    BT_LEGS_TROUSERS,
    BT_LEGS_JEANS,
    BT_LEGS_SKIRT,
    BT_LEGS_SHORTS
} bt_person_legs;
typedef enum bt_person_top {
    BT_TOP_JACKET,
    BT_TOP_SHIRT, // a pullover; of stripes where striped
    BT_TOP_COAT,
    BT_TOP_TSHIRT, // short sleeves
    BT_TOP_BLOUSE, // buttoned through, with a collar
    BT_TOP_PUFFER  // quilted
} bt_person_top;
typedef enum bt_person_stuff { // of what the top is made
    BT_STUFF_COTTON,
    BT_STUFF_KNIT,
    BT_STUFF_WOOL,
    BT_STUFF_NYLON,
    BT_STUFF_LEATHER
} bt_person_stuff;
typedef enum bt_person_bag { BT_BAG_NONE, BT_BAG_BACKPACK, BT_BAG_SHOULDER } bt_person_bag;
typedef enum bt_person_hair {
    BT_HAIR_SHORT,
    BT_HAIR_LONG,
    BT_HAIR_BALD,
    BT_HAIR_CROP,
    BT_HAIR_CURLY,
    BT_HAIR_TIED, // behind the head, a tail
    BT_HAIR_BUN,
    BT_HAIR_BOB,
    BT_HAIR_CAP,    // these are of the bag's colour
    BT_HAIR_BEANIE, // knitted
    BT_HAIR_VEIL,   // a cloth round head and neck
    BT_HAIR_HELMET  // of who cycles
} bt_person_hair;
typedef enum bt_person_beard { BT_BEARD_NONE, BT_BEARD_SHORT, BT_BEARD_FULL } bt_person_beard;
typedef enum bt_person_eyes { BT_EYES_BROWN, BT_EYES_BLUE, BT_EYES_GREEN } bt_person_eyes;
typedef enum bt_person_shoes { BT_SHOES_LEATHER, BT_SHOES_SNEAKERS } bt_person_shoes;

typedef enum bt_person_hair_tone {
    BT_HAIR_DARK,
    BT_HAIR_BROWN,
    BT_HAIR_BLOND,
    BT_HAIR_GREY,
    BT_HAIR_RED
} bt_person_hair_tone;

typedef struct bt_person_params {
    double height_m; // 0.8 to 2.2, with shoes, without hair
    double
        girth[BT_PERSON_MEASURES]; // measured girths and shoulders over the height; 0: an average
    double age_years;              // 5 to 100; 0: 35. Backs bend with age
    double femininity;             // 0 broad shoulders, 1 broad hips
    bt_person_skin skin;
    bt_person_hair hair;
    bt_person_hair_tone hair_tone;
    bt_person_beard beard;
    bt_person_eyes eyes;
    bt_person_shoes shoes;
    uint64_t looks; // what else is drawn: the face, how hair lies
    bt_person_top top;
    bt_person_legs legs;
    bool open_front; // of a jacket or coat: a shirt shows
    bool striped;    // of a shirt: its second yarn is of the shirt's colour
    bool hood;       // on the back; its jacket has a zip
    bool scarf;      // of the shirt's colour
    bool print;      // on the chest of a T-shirt or pullover, of the shirt's colour
    bool vest; // of high visibility, EN ISO 20471 class 2: two bands round, one over each shoulder
    bt_person_stuff stuff;
    double leg_width; // of trousers, 0 tight to 1 wide
    bt_person_bag bag;
    // sRGB, 0 to 1
    double top_colour[3], legs_colour[3], shirt_colour[3], bag_colour[3], shoes_colour[3];
} bt_person_params;

bt_person_params bt_person_defaults(void);
// Someone as one meets them, from (seed, index).
bt_person_params bt_person_random(uint64_t seed, uint64_t index);

// How somebody is held who sits, stands or leans on something: what that is decides (procedural/gear).
typedef struct bt_person_posture {
    bt_pose hips; // actor_from_hips: between the hip joints, the trunk's lean in it
    // They turn by BT_CHANNEL_SADDLE about a place of the plane of symmetry, where they do.
    bool swings;
    bt_vec3 swing_about;
    double arm_out_rad[2]; // left, right: turned outwards from hanging down
    double leg_out_rad[2]; // likewise
    double head_up_rad;    // looks so far up from where the trunk points
    bool fists;            // hands hold something: BT_GAIT_GRIP beyond the wrists
    bool sits;             // thighs are level, or nearly: what is worn above ends at the lap
    double stoop_rad;      // the back's bend, from the waist up
} bt_person_posture;
// Stands with hanging arms.
bt_person_posture bt_person_upright(double height_m);

// Parts that others hang something on.
typedef struct bt_person_parts {
    uint32_t pelvis, spine, forearm[2]; // left, right
} bt_person_parts;

// Adds somebody to a body that has more than that, without a cuboid. Slots get the body's class.
BT_CHECKED bt_status bt_person_add(const bt_person_params *params, const bt_person_posture *posture,
                                   bt_body *body, bt_person_parts *parts);
// Girths over the height as they are, defaults filled in.
double bt_person_girth(const bt_person_params *params, bt_person_measure which);
// Girth of the bare trunk as it is modelled, metres: chest, waist or hip.
double bt_person_section_girth(const bt_person_params *params, bt_person_measure which);
// Shoulder joint from the middle.
double bt_person_shoulder_aside(const bt_person_params *params);

BT_CHECKED bt_status bt_person_check(const bt_person_params *params);
BT_CHECKED bt_status bt_person_build(const bt_person_params *params, bt_body **body);
BT_CHECKED bt_status bt_person_generate(bt_spec *spec, const bt_person_params *params,
                                        uint32_t *model);

#endif
