// person_trunk.c: what is worn on the trunk: trousers' seat and skirts, shirts, jackets and coats.
//
// Girths as in person_parts.c: fractions of the body height.
#include "procedural/people/person_internal.h"

#include <string.h>

#define TRUNK_COLUMNS 32
#define CHEST_SECTIONS 11

static bt_limb_section trunk_section(const bt_person *p, const bt_limb_section *slender,
                                     double ease)
{
    bt_limb_section s = bt_person_widen(&p->shape, *slender);
    return (bt_limb_section){
        s.z * p->h - p->hip_z, s.x * p->h,           0.0,     s.front * p->h + ease,
        s.back * p->h + ease,  s.side * p->h + ease, s.square};
}

// Sections of a garment, in fractions of the height above the ground; `ease` is the cloth's distance
// from the skin.
typedef struct garment {
    uint8_t slot;
    bt_person_cut cut;
    double ease;
    unsigned hems;
} garment;

static void trunk(const bt_person *p, const bt_limb_section *s, size_t count, garment g)
{
    bt_limb_section scaled[16];
    for (size_t i = 0; i < count; i++)
        scaled[i] = trunk_section(p, &s[i], g.ease);
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->pelvis, g.slot);
    bt_person_drape drape;
    bt_limb_drape folds = {0};
    unsigned rows = g.hems && g.cut == BT_CUT_TIGHT ? 1u
                    : g.cut == BT_CUT_TIGHT         ? BT_PERSON_PLAIN_ROWS
                    : g.cut == BT_CUT_QUILT         ? BT_PERSON_QUILT_ROWS
                    : count > CHEST_SECTIONS        ? 3u
                                                    : BT_PERSON_DRAPED_ROWS;
    if (g.cut != BT_CUT_TIGHT) folds = bt_person_drape_make(p, g.cut, false, &drape);
    bt_limb_add_hemmed(mesh, scaled, count, rows, TRUNK_COLUMNS, folds, g.hems);
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
    trunk(p, hips, 6, (garment){p->slots.legs, BT_CUT_TIGHT, 0.004, 0});
    bt_person_bind_trunk(p, BT_GARMENT_PLAIN);
    if (p->params->legs != BT_LEGS_SKIRT) return;
    // under a coat a skirt lies close and goes with it
    bool covered = p->params->top == BT_TOP_COAT;
    double in = covered ? 0.022 : 0.0;
    const bt_limb_section skirt[] = {
        {0.315, 0.008, 0.0, 0.088 - in, 0.088 - in, 0.115 - in, 0.1},
        {0.40, 0.004, 0.0, 0.077 - in, 0.081 - in, 0.108 - in, 0.1},
        {0.48, 0.000, 0.0, 0.067 - 0.7 * in, 0.073 - 0.7 * in, 0.099 - 0.7 * in, 0.1},
        {0.55, -0.002, 0.0, 0.062 - 0.4 * in, 0.066 - 0.4 * in, wide - 0.001 - 0.4 * in, 0.1},
        {0.605, 0.0, 0.0, 0.060, 0.054, 0.084, 0.1}};
    trunk(p, skirt, 5,
          (garment){p->slots.legs, covered ? BT_CUT_TIGHT : BT_CUT_SKIRT, covered ? 0.0 : 0.010,
                    BT_LIMB_HEM_FIRST});
    bt_person_bind_trunk(p, covered ? BT_GARMENT_COAT : BT_GARMENT_SKIRT);
}

// ---- above the waist ----------------------------------------------------------------------------
double bt_person_hem(const bt_person *p)
{
    static const double hems[] = {
        [BT_TOP_JACKET] = 0.500, [BT_TOP_SHIRT] = 0.515,  [BT_TOP_COAT] = 0.36,
        [BT_TOP_TSHIRT] = 0.505, [BT_TOP_BLOUSE] = 0.495, [BT_TOP_PUFFER] = 0.490};
    double own = 0.018 * ((double)(p->params->looks % 97) / 96.0 - 0.5);
    if (p->posture->sits) return 0.560; // what is longer lies in the lap
    return hems[p->params->top] + own;
}

static void chest_sections(const bt_person *p, bt_limb_section out[CHEST_SECTIONS])
{
    double f = p->params->femininity, bust = 0.012 * f, broad = 0.102 - 0.010 * f;
    bt_person_top top = p->params->top;
    // cloth hangs from the chest rather than follow the waist
    double hang = top == BT_TOP_TSHIRT || top == BT_TOP_SHIRT ? 0.003 : 0.005;
    double waist = 0.080 - 0.008 * f + hang, low = bt_person_hem(p);
    double open = top == BT_TOP_COAT ? 0.024 : 0.0;
    const bt_limb_section chest[CHEST_SECTIONS] = {
        {low, -0.004, 0.0, 0.064 + open, 0.069 + open, 0.097 + open, 0.15},
        {low + 0.4 * (0.585 - low), -0.004, 0.0, 0.064 + 0.6 * open, 0.068 + 0.6 * open,
         0.096 + 0.4 * open, 0.15},
        {0.585, 0.000, 0.0, 0.060 + 0.5 * hang, 0.056 + hang, waist + 0.004, 0.12},
        {0.640, 0.003, 0.0, 0.058 + 0.5 * hang, 0.050 + hang, waist + 0.001, 0.12},
        {0.690, 0.004, 0.0, 0.061 + 0.4 * bust, 0.055, 0.087 - 0.006 * f, 0.15},
        {0.735, 0.003, 0.0, 0.066 + bust, 0.061, broad - 0.007, 0.2},
        {0.775, 0.000, 0.0, 0.062 + 0.3 * bust, 0.064, broad, 0.2},
        {0.803, -0.004, 0.0, 0.050, 0.056, broad - 0.001, 0.1},
        {0.822, -0.007, 0.0, 0.042, 0.046, 0.084, 0.0},
        {0.837, -0.009, 0.0, 0.038, 0.041, 0.064, 0.0},
        {0.848, -0.009, 0.0, 0.035, 0.037, 0.044, 0.0}};
    memcpy(out, chest, sizeof chest);
}

static double chest_ease(const bt_person *p)
{
    switch (p->params->top) {
    case BT_TOP_TSHIRT:
    case BT_TOP_BLOUSE:
        return 0.009;
    case BT_TOP_SHIRT:
        return 0.010;
    default:
        return 0.014;
    }
}

static bt_person_cut chest_cut(const bt_person_params *q)
{
    if (q->top == BT_TOP_COAT) return BT_CUT_COAT;
    if (q->top == BT_TOP_PUFFER) return BT_CUT_QUILT;
    return q->stuff == BT_STUFF_KNIT ? BT_CUT_KNIT : BT_CUT_UPPER_BODY;
}

bt_limb_section bt_person_chest_section(const bt_person *p, double z)
{
    bt_limb_section s[CHEST_SECTIONS];
    chest_sections(p, s);
    size_t i = 0;
    while (i + 2 < CHEST_SECTIONS && s[i + 1].z <= z)
        i++;
    double u = bt_clamp((z - s[i].z) / (s[i + 1].z - s[i].z), 0.0, 1.0);
    bt_limb_section at = bt_limb_between(s, CHEST_SECTIONS, i, u);
    at.z = z;
    return at;
}

bt_vec3 bt_person_on_chest(const bt_person *p, double angle, double z, double out)
{
    bt_limb_section at = bt_person_chest_section(p, z);
    bt_person_drape folds;
    bt_limb_drape drape = bt_person_drape_make(p, chest_cut(p->params), false, &folds);
    at = trunk_section(p, &at, chest_ease(p));
    return bt_limb_point(&at, angle, out + drape.out(drape.context, angle, at.z));
}

void bt_person_add_ring(const bt_person *p, uint8_t slot, double low, double high, double ease,
                        bool folds)
{
    bt_limb_section s[14];
    size_t count = high - low < 0.05 ? 3 : 14; // as fine as the cloth below
    for (size_t i = 0; i < count; i++)
        s[i] = bt_person_chest_section(p, low + (high - low) * (double)i / (double)(count - 1));
    trunk(p, s, count,
          (garment){slot, folds ? chest_cut(p->params) : BT_CUT_TIGHT, chest_ease(p) + ease,
                    BT_LIMB_HEM_FIRST | BT_LIMB_HEM_LAST});
}

// Stripes are woven of two yarns: every other pair of rows is of the second.
void bt_person_weave(bt_person *p, bt_mesh_mark since, unsigned columns)
{
    bt_mesh_builder *mesh = &p->body->parts[p->pelvis].mesh;
    if (!p->params->striped) return;
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
    trunk(p, chest, CHEST_SECTIONS,
          (garment){p->slots.top, chest_cut(p->params), chest_ease(p),
                    BT_LIMB_HEM_FIRST | BT_LIMB_HEM_LAST});
    bt_person_weave(p, start, TRUNK_COLUMNS);
    bt_person_add_trims(p);
    bt_person_bind_trunk(p, p->params->top == BT_TOP_COAT ? BT_GARMENT_COAT : BT_GARMENT_TOP);
}

void bt_person_add_torso(bt_person *p)
{
    add_pelvis(p);
    add_chest(p);
    bt_person_add_worn(p);
}
