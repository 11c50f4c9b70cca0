// person_trunk.c: what is worn on the trunk: trousers' seat and skirts, shirts, jackets and coats.
//
// Girths as in person_parts.c: fractions of the body height.
#include "procedural/people/person_internal.h"

#include <string.h>

#define TRUNK_COLUMNS 32

static bt_limb_section trunk_section(const bt_person *p, const bt_limb_section *s, double ease)
{
    double g = p->g;
    return (bt_limb_section){
        s->z * p->h - p->hip_z, s->x * g,           0.0,      s->front * g + ease,
        s->back * g + ease,     s->side * g + ease, s->square};
}

// Sections of a garment, in fractions of the height above the ground; `ease` is the cloth's distance
// from the skin.
static void trunk(const bt_person *p, uint8_t slot, const bt_limb_section *s, size_t count,
                  double ease, bt_person_cut cut)
{
    bt_limb_section scaled[16];
    for (size_t i = 0; i < count; i++)
        scaled[i] = trunk_section(p, &s[i], ease);
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->pelvis, slot);
    bt_person_drape drape;
    if (cut == BT_CUT_TIGHT)
        bt_limb_add(mesh, scaled, count, BT_PERSON_PLAIN_ROWS, 28);
    else
        bt_limb_add_draped(mesh, scaled, count, BT_PERSON_DRAPED_ROWS, TRUNK_COLUMNS,
                           bt_person_drape_make(p, cut, false, &drape));
}

static void add_pelvis(bt_person *p)
{
    double f = p->params->femininity, wide = 0.094 + 0.008 * f;
    const bt_limb_section hips[] = {{0.478, 0.000, 0.0, 0.036, 0.044, 0.062, 0.1},
                                    {0.494, -0.002, 0.0, 0.052, 0.061, wide - 0.010, 0.15},
                                    {0.525, -0.004, 0.0, 0.062, 0.070, wide, 0.15},
                                    {0.560, -0.002, 0.0, 0.062, 0.062, wide - 0.005, 0.1},
                                    {0.600, 0.000, 0.0, 0.060, 0.052, 0.084 - 0.006 * f, 0.1},
                                    {0.630, 0.002, 0.0, 0.057, 0.050, 0.080 - 0.008 * f, 0.1}};
    trunk(p, p->slots.legs, hips, 6, 0.004, BT_CUT_TIGHT);
    bt_person_bind_trunk(p, BT_GARMENT_PLAIN);
    if (p->params->legs != BT_LEGS_SKIRT) return;
    // under a coat a skirt lies close and goes with it
    bool covered = p->params->top == BT_TOP_COAT;
    double in = covered ? 0.022 : 0.0;
    const bt_limb_section skirt[] = {
        {0.315, 0.008, 0.0, 0.088 - in, 0.088 - in, 0.115 - in, 0.1},
        {0.40, 0.004, 0.0, 0.080 - in, 0.084 - in, 0.112 - in, 0.1},
        {0.48, 0.000, 0.0, 0.072 - in, 0.078 - in, 0.106 - in, 0.1},
        {0.55, -0.002, 0.0, 0.065 - 0.5 * in, 0.068 - 0.5 * in, wide + 0.003 - 0.5 * in, 0.1},
        {0.605, 0.0, 0.0, 0.060, 0.054, 0.084, 0.1}};
    trunk(p, p->slots.legs, skirt, 5, covered ? 0.0 : 0.010, covered ? BT_CUT_TIGHT : BT_CUT_SKIRT);
    bt_person_bind_trunk(p, covered ? BT_GARMENT_COAT : BT_GARMENT_SKIRT);
}

// What is worn above the waist.
#define CHEST_SECTIONS 11
static void chest_sections(const bt_person *p, bt_limb_section out[CHEST_SECTIONS])
{
    double f = p->params->femininity, bust = 0.012 * f, broad = 0.102 - 0.010 * f;
    // cloth hangs from the chest rather than follow the waist
    double hang = p->params->top == BT_TOP_SHIRT ? 0.004 : 0.008;
    double waist = 0.080 - 0.008 * f + hang, low = p->params->top == BT_TOP_COAT ? 0.36 : 0.515;
    double open = p->params->top == BT_TOP_COAT ? 0.018 : 0.0;
    const bt_limb_section chest[CHEST_SECTIONS] = {
        {low, -0.004, 0.0, 0.064 + open, 0.071 + open, 0.099 + open, 0.15},
        {0.50 + 0.5 * (low - 0.47), -0.004, 0.0, 0.065 + 0.6 * open, 0.071 + 0.6 * open,
         0.099 + 0.4 * open, 0.15},
        {0.585, 0.000, 0.0, 0.061 + 0.5 * hang, 0.056 + hang, waist + 0.009, 0.12},
        {0.640, 0.003, 0.0, 0.058 + 0.5 * hang, 0.050 + hang, waist + 0.006, 0.12},
        {0.690, 0.004, 0.0, 0.061 + 0.4 * bust, 0.055, 0.087, 0.15},
        {0.735, 0.003, 0.0, 0.066 + bust, 0.061, broad - 0.007, 0.2},
        {0.775, 0.000, 0.0, 0.062 + 0.3 * bust, 0.064, broad, 0.2},
        {0.803, -0.004, 0.0, 0.050, 0.056, broad - 0.001, 0.1},
        {0.822, -0.007, 0.0, 0.042, 0.046, 0.084, 0.0},
        {0.837, -0.009, 0.0, 0.037, 0.040, 0.058, 0.0},
        {0.846, -0.009, 0.0, 0.035, 0.037, 0.044, 0.0}};
    memcpy(out, chest, sizeof chest);
}

static double chest_ease(const bt_person *p)
{
    return p->params->top == BT_TOP_SHIRT ? 0.010 : 0.018;
}

bt_vec3 bt_person_on_chest(const bt_person *p, double angle, double z, double out)
{
    bt_limb_section s[CHEST_SECTIONS];
    chest_sections(p, s);
    size_t i = 0;
    while (i + 2 < CHEST_SECTIONS && s[i + 1].z <= z)
        i++;
    double u = bt_clamp((z - s[i].z) / (s[i + 1].z - s[i].z), 0.0, 1.0);
    bt_limb_section at = bt_limb_between(s, CHEST_SECTIONS, i, u);
    at = trunk_section(p, &at, chest_ease(p));
    return bt_limb_point(&at, angle, out);
}

// Stripes are woven of two yarns: every other pair of rows is of the second.
void bt_person_weave(bt_person *p, bt_mesh_mark since, unsigned columns)
{
    bt_mesh_builder *mesh = &p->body->parts[p->pelvis].mesh;
    if (p->params->top != BT_TOP_SHIRT || !p->params->striped) return;
    for (size_t t = since.triangle; t < mesh->triangle_count; t++)
        if (mesh->slots[t] == p->slots.top && (t - since.triangle) / (2 * columns) / 2 % 2 == 1)
            mesh->slots[t] = p->slots.shirt;
}

static void add_chest(bt_person *p)
{
    bt_limb_section chest[CHEST_SECTIONS];
    chest_sections(p, chest);
    bt_mesh_builder *mesh = &p->body->parts[p->pelvis].mesh;
    bt_mesh_mark start = bt_mesh_here(mesh);
    bool coat = p->params->top == BT_TOP_COAT;
    trunk(p, p->slots.top, chest, CHEST_SECTIONS, chest_ease(p),
          coat ? BT_CUT_COAT : BT_CUT_UPPER_BODY);
    bt_person_weave(p, start, TRUNK_COLUMNS);
    const bt_limb_section collar[] = {{0.836, -0.008, 0.0, 0.046, 0.045, 0.056, 0.0},
                                      {0.852, -0.010, 0.0, 0.037, 0.041, 0.044, 0.0}};
    if (p->params->top != BT_TOP_SHIRT) trunk(p, p->slots.top, collar, 2, 0.010, BT_CUT_TIGHT);
    bt_person_add_fastening(p);
    bt_person_bind_trunk(p, coat ? BT_GARMENT_COAT : BT_GARMENT_PLAIN);
}

// What an open jacket shows of the shirt: a wedge from the collar down to the first button.
static void add_shirt_front(bt_person *p)
{
    double bust = 0.012 * p->params->femininity;
    const bt_limb_section wedge[] = {{0.695, 0.040, 0.0, 0.032 + 0.5 * bust, 0.02, 0.003, 0.0},
                                     {0.735, 0.040, 0.0, 0.042 + bust, 0.02, 0.014, 0.0},
                                     {0.775, 0.035, 0.0, 0.040 + 0.4 * bust, 0.02, 0.024, 0.0},
                                     {0.805, 0.025, 0.0, 0.035, 0.02, 0.031, 0.0},
                                     {0.830, 0.010, 0.0, 0.035, 0.02, 0.033, 0.0},
                                     {0.848, 0.000, 0.0, 0.039, 0.02, 0.032, 0.0}};
    trunk(p, p->slots.shirt, wedge, 6, 0.004, BT_CUT_TIGHT);
    bt_person_bind_trunk(p, BT_GARMENT_PLAIN);
}

void bt_person_add_torso(bt_person *p)
{
    add_pelvis(p);
    add_chest(p);
    if (p->params->top != BT_TOP_SHIRT && p->params->open_front) add_shirt_front(p);
    bt_person_add_worn(p);
}
