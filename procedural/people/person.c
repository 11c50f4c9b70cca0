// person.c: who one meets, and how a person is put together.
#include "procedural/people/person_internal.h"

#include "engine/core/random.h"
#include "engine/sim/gait.h"

bt_person_params bt_person_defaults(void)
{
    return (bt_person_params){.height_m = 1.75,
                              .age_years = 35.0,
                              .leg_width = 0.6,
                              .femininity = 0.0,
                              .skin = BT_SKIN_LIGHT,
                              .top = BT_TOP_JACKET,
                              .legs = BT_LEGS_JEANS,
                              .top_colour = {0.20, 0.23, 0.27},
                              .legs_colour = {0.20, 0.22, 0.28},
                              .shirt_colour = {0.75, 0.75, 0.73},
                              .bag_colour = {0.30, 0.30, 0.31},
                              .shoes_colour = {0.14, 0.14, 0.14}};
}

// ---- as met in a street -----------------------------------------------------------------------
enum {
    DIM_SEX = 300,
    DIM_HEIGHT,
    DIM_CHILD,
    DIM_BUILD,
    DIM_SKIN,
    DIM_HAIR_TONE,
    DIM_HAIR,
    DIM_TOP,
    DIM_LEGS,
    DIM_BAG,
    DIM_TOP_COLOUR,
    DIM_LEGS_COLOUR,
    DIM_OPEN,
    DIM_SHIRT_COLOUR,
    DIM_BAG_COLOUR,
    DIM_SHADE,
    DIM_BEARD = 340,
    DIM_EYES,
    DIM_LOOKS,
    DIM_SHOES,
    DIM_SHOES_COLOUR,
    DIM_STRIPED,
    DIM_HOOD,
    DIM_SCARF,
    DIM_AGE,
    DIM_AGE_BAND,
    DIM_GREY,
    DIM_STUFF,
    DIM_WIDTH,
    DIM_PRINT,
    DIM_VEST
};

static double unit(uint64_t seed, uint64_t index, uint32_t dim)
{
    return bt_random_unit(seed, BT_STREAM_PEDESTRIAN, index, dim);
}

// Clothes in the street: mostly dark and dull, some light, few bright. Chosen.
static const double top_colours[][3] = {
    {0.10, 0.10, 0.11}, {0.14, 0.14, 0.15}, {0.13, 0.15, 0.20}, {0.16, 0.20, 0.30},
    {0.28, 0.29, 0.30}, {0.47, 0.47, 0.46}, {0.78, 0.77, 0.74}, {0.26, 0.34, 0.44},
    {0.36, 0.30, 0.23}, {0.45, 0.17, 0.16}, {0.28, 0.32, 0.23}, {0.60, 0.53, 0.41},
    {0.60, 0.44, 0.43}, {0.42, 0.46, 0.49}, {0.30, 0.14, 0.17}, {0.66, 0.67, 0.69},
    {0.58, 0.44, 0.20}, {0.18, 0.32, 0.31},
};
static const double leg_colours[][3] = {
    {0.10, 0.10, 0.11}, {0.15, 0.17, 0.23}, {0.26, 0.26, 0.26}, {0.50, 0.44, 0.34},
    {0.33, 0.35, 0.36}, {0.28, 0.23, 0.19}, {0.30, 0.31, 0.24},
};
static const double bag_colours[][3] = {
    {0.12, 0.12, 0.13}, {0.30, 0.30, 0.31}, {0.17, 0.20, 0.28},
    {0.32, 0.27, 0.20}, {0.40, 0.16, 0.15}, {0.22, 0.28, 0.23},
};
static const double shirt_colours[][3] = {
    {0.76, 0.76, 0.74}, {0.62, 0.64, 0.66}, {0.20, 0.21, 0.23},
    {0.40, 0.40, 0.40}, {0.70, 0.66, 0.60},
};
// raw to bleached indigo, black, grey
static const double denim_colours[][3] = {
    {0.14, 0.15, 0.20}, {0.19, 0.22, 0.28}, {0.27, 0.31, 0.37},
    {0.42, 0.44, 0.47}, {0.12, 0.12, 0.13}, {0.30, 0.31, 0.32},
};
static const double shoe_colours[][3] = {
    {0.10, 0.10, 0.10},
    {0.10, 0.10, 0.10},
    {0.28, 0.19, 0.13},
    {0.40, 0.30, 0.20},
};
static const double sneaker_colours[][3] = {
    {0.86, 0.86, 0.84}, {0.86, 0.86, 0.84}, {0.12, 0.12, 0.13},
    {0.45, 0.46, 0.48}, {0.20, 0.25, 0.38}, {0.55, 0.18, 0.16},
};
static const double leather_colours[][3] = {
    {0.11, 0.11, 0.11}, {0.11, 0.11, 0.11}, {0.22, 0.15, 0.11}, {0.36, 0.24, 0.15}};
// Measured barefoot, met in shoes (chosen).
#define SOLE_M 0.025
#define COUNT_OF(colours) ((uint32_t)(sizeof(colours) / sizeof(colours)[0]))

static void pick_colour(const double (*colours)[3], uint32_t count, uint64_t seed, uint64_t index,
                        uint32_t dim, double out[3])
{
    // the first ones, dark and dull, are met more often than the last
    const double *c = colours[(uint32_t)(count * bt_pow(unit(seed, index, dim), 1.4))];
    double shade = 0.85 + 0.3 * unit(seed, index, DIM_SHADE + dim);
    for (int k = 0; k < 3; k++)
        out[k] = bt_clamp(c[k] * shade, 0.0, 1.0);
}

// The first whose share of all, summed up, is above `at`.
static uint32_t pick(const double *shares, uint32_t count, double at)
{
    uint32_t i = 0;
    while (i + 1 < count && at >= shares[i]) {
        at -= shares[i];
        i++;
    }
    return i;
}

// Hair, beard and eyes. Shares are chosen as streets of a European city look.
static void pick_head(uint64_t seed, uint64_t index, bool woman, bt_person_params *p)
{
    static const double of_women[] = {0.10, 0.34, 0.00, 0.01, 0.07, 0.17,
                                      0.09, 0.10, 0.03, 0.04, 0.05};
    static const double of_men[] = {0.42, 0.02, 0.12, 0.20, 0.08, 0.01,
                                    0.01, 0.00, 0.09, 0.05, 0.00};
    static const double of_dark[] = {0.08, 0.08, 0.05, 0.27, 0.28, 0.06,
                                     0.07, 0.02, 0.06, 0.03, 0.00};
    const double *shares = woman ? of_women : of_men;
    if (p->skin == BT_SKIN_DARK) shares = of_dark;
    p->hair = (bt_person_hair)pick(shares, 11, unit(seed, index, DIM_HAIR));
    double beard = unit(seed, index, DIM_BEARD);
    bool adult = p->age_years >= BT_MEASURES_ADULT;
    if (!woman && adult)
        p->beard = beard < 0.18 ? BT_BEARD_FULL : beard < 0.42 ? BT_BEARD_SHORT : BT_BEARD_NONE;
    if ((!adult || woman) && p->hair == BT_HAIR_BALD) p->hair = BT_HAIR_CROP;
    if (!adult && p->hair_tone == BT_HAIR_GREY) p->hair_tone = BT_HAIR_BROWN;
    double eyes = unit(seed, index, DIM_EYES);
    if (p->skin == BT_SKIN_LIGHT)
        p->eyes = eyes < 0.45 ? BT_EYES_BLUE : eyes < 0.65 ? BT_EYES_GREEN : BT_EYES_BROWN;
    p->looks = bt_random_u32(seed, BT_STREAM_PEDESTRIAN, index, DIM_LOOKS);
}

// Children of five to fifteen, adults, and the old: shares are chosen for a European city's pavements by day.
static double draw_age(uint64_t seed, uint64_t index)
{
    double band = unit(seed, index, DIM_AGE_BAND), at = unit(seed, index, DIM_AGE);
    return band < 0.10 ? 6.0 + 9.0 * at : band < 0.82 ? 18.0 + 46.0 * at : 64.0 + 22.0 * at;
}

static void measure(uint64_t seed, uint64_t index, bool woman, bt_person_params *p)
{
    bt_measures m = bt_measures_draw(seed, index, woman, draw_age(seed, index));
    p->height_m = m.height_m + SOLE_M;
    p->age_years = m.age_years;
    for (int k = 0; k < BT_PERSON_MEASURES; k++)
        p->girth[k] = m.m[k] / p->height_m;
    p->femininity = (woman ? 0.8 : 0.1) * bt_clamp((m.age_years - 8.0) / 8.0, 0.0, 1.0);
}

static bt_person_hair_tone pick_tone(uint64_t seed, uint64_t index, const bt_person_params *p)
{
    double tone = unit(seed, index, DIM_HAIR_TONE);
    // chosen: from 30 on, half are grey at 55, nearly all at 80
    double grey = bt_clamp((p->age_years - 32.0) / 46.0, 0.0, 0.95);
    if (unit(seed, index, DIM_GREY) < grey) return BT_HAIR_GREY;
    if (p->skin != BT_SKIN_LIGHT) return BT_HAIR_DARK;
    return tone < 0.06   ? BT_HAIR_RED
           : tone < 0.28 ? BT_HAIR_BLOND
           : tone < 0.70 ? BT_HAIR_BROWN
                         : BT_HAIR_DARK;
}

// Shares are chosen: a mild day in spring.
static void pick_clothes(uint64_t seed, uint64_t index, bool woman, bt_person_params *p)
{
    static const double of_tops[] = {0.30, 0.17, 0.13, 0.16, 0.12, 0.12};
    static const bt_person_top tops[] = {BT_TOP_JACKET, BT_TOP_SHIRT,  BT_TOP_COAT,
                                         BT_TOP_TSHIRT, BT_TOP_BLOUSE, BT_TOP_PUFFER};
    double legs = unit(seed, index, DIM_LEGS), stuff = unit(seed, index, DIM_STUFF);
    p->top = tops[pick(of_tops, 6, unit(seed, index, DIM_TOP))];
    if (p->age_years < 16.0 && (p->top == BT_TOP_COAT || p->top == BT_TOP_BLOUSE))
        p->top = BT_TOP_JACKET;
    bool light = p->top == BT_TOP_TSHIRT || p->top == BT_TOP_BLOUSE || p->top == BT_TOP_SHIRT;
    p->legs = legs < 0.46             ? BT_LEGS_JEANS
              : legs < 0.85 || !woman ? BT_LEGS_TROUSERS
                                      : BT_LEGS_SKIRT;
    if (p->top == BT_TOP_TSHIRT && legs > 0.72) p->legs = woman ? BT_LEGS_SKIRT : BT_LEGS_SHORTS;
    p->leg_width =
        woman ? 0.75 * unit(seed, index, DIM_WIDTH) : 0.25 + 0.75 * unit(seed, index, DIM_WIDTH);
    p->hood = (p->top == BT_TOP_JACKET || p->top == BT_TOP_SHIRT) &&
              unit(seed, index, DIM_HOOD) < (p->age_years < 40.0 ? 0.50 : 0.15);
    p->open_front = !light && p->top != BT_TOP_PUFFER && unit(seed, index, DIM_OPEN) < 0.45;
    p->stuff = BT_STUFF_COTTON;
    if (p->top == BT_TOP_PUFFER) p->stuff = BT_STUFF_NYLON;
    if (p->top == BT_TOP_COAT) p->stuff = stuff < 0.7 ? BT_STUFF_WOOL : BT_STUFF_NYLON;
    if (p->top == BT_TOP_SHIRT && !p->hood) p->stuff = BT_STUFF_KNIT;
    if (p->top == BT_TOP_JACKET && !p->hood)
        p->stuff = stuff < 0.20   ? BT_STUFF_LEATHER
                   : stuff < 0.45 ? BT_STUFF_NYLON
                   : stuff < 0.65 ? BT_STUFF_WOOL
                                  : BT_STUFF_COTTON;
    bool plain = p->top == BT_TOP_TSHIRT || (p->top == BT_TOP_SHIRT && p->hood);
    p->striped = (p->top == BT_TOP_SHIRT || p->top == BT_TOP_TSHIRT) && !p->hood &&
                 unit(seed, index, DIM_STRIPED) < 0.18;
    p->print = plain && !p->striped && unit(seed, index, DIM_PRINT) < 0.5;
    p->vest = p->age_years > 17.0 && p->top != BT_TOP_COAT && unit(seed, index, DIM_VEST) < 0.03;
    p->scarf = !light && !p->hood && unit(seed, index, DIM_SCARF) < 0.22;
}

bt_person_params bt_person_random(uint64_t seed, uint64_t index)
{
    bt_person_params p = bt_person_defaults();
    bool woman = unit(seed, index, DIM_SEX) < 0.5;
    measure(seed, index, woman, &p);
    double skin = unit(seed, index, DIM_SKIN);
    p.skin = skin < 0.6 ? BT_SKIN_LIGHT : skin < 0.85 ? BT_SKIN_MEDIUM : BT_SKIN_DARK;
    p.hair_tone = pick_tone(seed, index, &p);
    pick_head(seed, index, woman, &p);
    pick_clothes(seed, index, woman, &p);
    double bag = unit(seed, index, DIM_BAG);
    p.bag = bag < 0.20                    ? BT_BAG_BACKPACK
            : bag < (woman ? 0.42 : 0.28) ? BT_BAG_SHOULDER
                                          : BT_BAG_NONE;
    pick_colour(top_colours, COUNT_OF(top_colours), seed, index, DIM_TOP_COLOUR, p.top_colour);
    if (p.stuff == BT_STUFF_LEATHER)
        for (int k = 0; k < 3; k++)
            p.top_colour[k] = leather_colours[p.looks % COUNT_OF(leather_colours)][k];
    pick_colour(shirt_colours, COUNT_OF(shirt_colours), seed, index, DIM_SHIRT_COLOUR,
                p.shirt_colour);
    pick_colour(bag_colours, COUNT_OF(bag_colours), seed, index, DIM_BAG_COLOUR, p.bag_colour);
    p.shoes = unit(seed, index, DIM_SHOES) < 0.6 ? BT_SHOES_SNEAKERS : BT_SHOES_LEATHER;
    bool sneakers = p.shoes == BT_SHOES_SNEAKERS;
    pick_colour(sneakers ? sneaker_colours : shoe_colours,
                sneakers ? COUNT_OF(sneaker_colours) : COUNT_OF(shoe_colours), seed, index,
                DIM_SHOES_COLOUR, p.shoes_colour);
    bool jeans = p.legs == BT_LEGS_JEANS;
    pick_colour(jeans ? denim_colours : leg_colours,
                jeans ? COUNT_OF(denim_colours) : COUNT_OF(leg_colours), seed, index,
                DIM_LEGS_COLOUR, p.legs_colour);
    return p;
}

bt_status bt_person_check(const bt_person_params *p)
{
    const struct {
        const char *name;
        double value, low, high;
    } limits[] = {{"height_m", p->height_m, 0.8, 2.2},
                  {"age_years", p->age_years, 0.0, 110.0},
                  {"leg_width", p->leg_width, 0.0, 1.0},
                  {"femininity", p->femininity, 0.0, 1.0}};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (!(limits[i].value >= limits[i].low && limits[i].value <= limits[i].high))
            return bt_fail(BT_ERR_INPUT, "person: %s is %g: expected from %g to %g", limits[i].name,
                           limits[i].value, limits[i].low, limits[i].high);
    for (int k = 0; k < BT_PERSON_MEASURES; k++)
        if (!(p->girth[k] >= 0.0 && p->girth[k] <= 1.1))
            return bt_fail(BT_ERR_INPUT,
                           "person: girth %d is %g of the height: expected from 0 to 1.1", k,
                           p->girth[k]);
    const struct {
        const char *name;
        const double *srgb;
    } colours[] = {{"top", p->top_colour},
                   {"legs", p->legs_colour},
                   {"shirt", p->shirt_colour},
                   {"bag", p->bag_colour},
                   {"shoes", p->shoes_colour}};
    for (size_t i = 0; i < 3 * sizeof colours / sizeof colours[0]; i++) {
        double share = colours[i / 3].srgb[i % 3];
        if (!(share >= 0.0 && share <= 1.0))
            return bt_fail(BT_ERR_INPUT, "person: %s colour holds %g: expected from 0 to 1",
                           colours[i / 3].name, share);
    }
    return BT_OK;
}

// ---- building ---------------------------------------------------------------------------------
static void find_slots(bt_person *p)
{
    const bt_person_params *params = p->params;
    static const char *const skins[] = {"skin_light", "skin_medium", "skin_dark"};
    static const char *const lips[] = {"lips_light", "lips_medium", "lips_dark"};
    static const char *const hairs[] = {"hair_dark", "hair_brown", "hair_blond", "hair_grey",
                                        "hair_red"};
    static const char *const irises[] = {"eye_brown", "eye_blue", "eye_green"};
    static const char *const stuffs[] = {"cloth", "cloth_knit", "cloth_wool", "cloth_nylon",
                                         "leather_soft"};
    bt_body *b = p->body;
    bool sneakers = params->shoes == BT_SHOES_SNEAKERS;
    uint8_t dark = bt_body_material(b, "hair_dark");
    bool pale = params->hair_tone == BT_HAIR_GREY || params->hair_tone == BT_HAIR_BLOND;
    p->slots = (bt_person_slots){
        .skin = bt_body_material(b, skins[(unsigned)params->skin % 3]),
        .lips = bt_body_material(b, lips[(unsigned)params->skin % 3]),
        .hair = bt_body_material(b, hairs[(unsigned)params->hair_tone % 5]),
        .lash = dark,
        .brow = pale ? bt_body_material(b, "hair_brown") : dark, // brows keep their pigment
        .sclera = bt_body_material(b, "eye_sclera"),
        .iris = bt_body_material(b, irises[(unsigned)params->eyes % 3]),
        .pupil = bt_body_material(b, "eye_pupil"),
        .top = bt_body_tinted(b, stuffs[(unsigned)params->stuff % 5], params->top_colour),
        .rib = bt_body_tinted(b, "cloth_knit", params->top_colour),
        .legs = bt_body_tinted(b, params->legs == BT_LEGS_JEANS ? "denim" : "cloth",
                               params->legs_colour),
        .shoes = bt_body_tinted(b, sneakers ? "cloth" : "shoe_leather", params->shoes_colour),
        .sole = bt_body_material(b, sneakers ? "sole_white" : "sole_black"),
        .shirt = bt_body_tinted(b, "cloth", params->shirt_colour),
        .bag = bt_body_tinted(b, "cloth", params->bag_colour),
        .zip = bt_body_material(b, "plastic_black"),
    };
    if (params->vest) {
        static const double colours[2][3] = {{0.76, 0.93, 0.18}, {0.98, 0.42, 0.12}};
        p->slots.vest = bt_body_tinted(b, "cloth_fluorescent", colours[params->looks / 7 % 2]);
        p->slots.band = bt_body_material(b, "retro_tape");
    }
    if (params->hair == BT_HAIR_HELMET)
        p->slots.helmet = bt_body_tinted(b, "car_paint_solid", params->bag_colour);
}

// Standing; the sides even, so that walking turns nothing.
static void add_cuboid(bt_body *body)
{
    bt_vec3 low, high;
    bt_body_rest_bounds(body, &low, &high);
    high.y = fmax(high.y, -low.y);
    low.y = -high.y;
    bt_body_add_cuboid(body, BT_CLASS_PERSON, BT_NO_INDEX, low, high);
}

bt_person_posture bt_person_upright(double height)
{
    // arms hang a little out, so that they clear the hips
    return (bt_person_posture){.hips = {{0.0, 0.0, BT_GAIT_HIP * height}, BT_QUAT_IDENTITY},
                               .arm_out_rad = {0.10, 0.10}};
}

bt_status bt_person_add(const bt_person_params *params, const bt_person_posture *posture,
                        bt_body *body, bt_person_parts *parts)
{
    bt_status status = bt_person_check(params);
    if (status) return status;
    bt_person p = {.params = params, .posture = posture, .body = body, .h = params->height_m};
    p.shape = bt_person_shape_make(params);
    p.hip_z = BT_GAIT_HIP * p.h;
    p.shoulder_z = BT_GAIT_SHOULDER * p.h;
    p.neck_z = 0.855 * p.h;
    find_slots(&p);
    bt_pose hips = posture->hips;
    uint32_t saddle = BT_NO_INDEX;
    if (posture->swings) {
        saddle = bt_body_add_joint(p.body, "saddle_swing", BT_NO_INDEX,
                                   (bt_pose){posture->swing_about, BT_QUAT_IDENTITY},
                                   bt_vec3_make(0.0, 1.0, 0.0), BT_CHANNEL_SADDLE, 1.0);
        hips.pos = bt_vec3_sub(hips.pos, posture->swing_about);
    }
    p.pelvis = bt_body_add_part(p.body, "pelvis", saddle, hips);
    bt_pose waist = {{0.0, 0.0, 0.08 * p.h},
                     bt_quat_axis_angle(bt_vec3_make(0.0, 1.0, 0.0), posture->stoop_rad)};
    p.spine = bt_body_add_joint(p.body, "torso", p.pelvis, waist, bt_vec3_make(0.0, 0.0, 1.0),
                                BT_CHANNEL_SPINE, 1.0);
    bt_person_add_head(&p);
    bt_person_add_arms(&p);
    bt_person_add_legs(&p);
    bt_person_add_torso(&p);
    *parts = (bt_person_parts){p.pelvis, p.spine, {p.forearm[0], p.forearm[1]}};
    return bt_body_status(body);
}

// Backs bend with age: thoracic kyphosis grows from about 20 to 40 degrees between 40 and 80 years (Fon, Pitt and Thies
// 1980, from memory); half of what it grows by is taken to tilt the trunk (chosen).
static double stoop_rad(const bt_person_params *p)
{
    double t = bt_clamp((p->age_years - 50.0) / 35.0, 0.0, 1.0);
    return 12.0 * BT_RAD_PER_DEG * t;
}

// Arms hang clear of the hips and of what is worn over them.
static double arm_out_rad(const bt_person_params *p)
{
    bt_person_shape shape = bt_person_shape_make(p);
    double cloth = p->top == BT_TOP_TSHIRT || p->top == BT_TOP_BLOUSE ? 0.004 : 0.010;
    double shoulder = bt_person_shoulder_aside(p) / p->height_m, out = 0.05;
    static const double below[2] = {BT_GAIT_SHOULDER - 0.535, BT_GAIT_SHOULDER - 0.615};
    const bt_limb_section at[2] = {
        bt_person_widen(&shape,
                        (bt_limb_section){.z = 0.535, .side = 0.094 + 0.008 * p->femininity}),
        bt_person_widen(&shape,
                        (bt_limb_section){.z = 0.615, .side = 0.082 - 0.007 * p->femininity})};
    for (int i = 0; i < 2; i++)
        out = fmax(out, bt_atan((at[i].side + cloth + 0.016 * shape.arm - shoulder) / below[i]));
    return bt_clamp(out, 0.05, 0.30);
}

bt_status bt_person_build(const bt_person_params *params, bt_body **body)
{
    *body = NULL;
    bt_person_posture posture = bt_person_upright(params->height_m);
    bt_person_parts parts;
    bt_status status = bt_person_check(params);
    if (status) return status;
    posture.stoop_rad = stoop_rad(params);
    posture.arm_out_rad[0] = posture.arm_out_rad[1] = arm_out_rad(params);
    status = bt_body_create(BT_CLASS_PERSON, body);
    if (!status) status = bt_person_add(params, &posture, *body, &parts);
    if (!status) add_cuboid(*body);
    if (!status) status = bt_body_status(*body);
    if (status) {
        bt_body_destroy(*body);
        *body = NULL;
    }
    return status;
}

bt_status bt_person_generate(bt_spec *spec, const bt_person_params *params, uint32_t *model)
{
    *model = BT_NO_INDEX;
    bt_body *body = NULL;
    bt_status status = bt_person_build(params, &body);
    if (!status) status = bt_body_finish(body, spec, "person", model);
    bt_body_destroy(body);
    return status;
}
