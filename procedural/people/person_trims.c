// person_trims.c: what makes a garment of a cloth: collars, plackets with zips and buttons, pockets, ribs, prints, and
// vests of high visibility.
//
// All lies on the cloth's own folds and bends with it. Heights are fractions of the body height above the ground, angles
// about the trunk, 0 in front, growing to the left. Sizes are chosen, but for the vest's bands: EN ISO 20471 asks for 50 mm
// at least.
#include "procedural/people/person_internal.h"

#define BAND_M 0.052

// A piece of cloth sewn on: between two angles at its lower edge and two at its upper.
typedef struct patch {
    double low, high;
    double low_from, low_to, high_from, high_to;
    double out_m, thick_m;
    bool disc;  // round instead
    bool flare; // its edges are straight on a neck, which narrows upwards
} patch;
#define PATCH_ROWS 9u
#define PATCH_ACROSS 8u
#define PATCH_INSIDE 2u // nobody sees them
#define PATCH_ROUND (PATCH_ACROSS + PATCH_INSIDE)

static void patch_row(const bt_person *p, const patch *c, double t, bt_vec3 *ring)
{
    double turn = c->flare ? t * t : t;
    double from = c->low_from + turn * (c->high_from - c->low_from);
    double to = c->low_to + turn * (c->high_to - c->low_to);
    if (c->disc) {
        double half = 0.5 * (to - from) * sqrt(fmax(0.02, 1.0 - (2.0 * t - 1.0) * (2.0 * t - 1.0)));
        double middle = 0.5 * (from + to);
        from = middle - half;
        to = middle + half;
    }
    double z = c->low + t * (c->high - c->low);
    for (unsigned k = 0; k < PATCH_ACROSS; k++) {
        double angle = from + (to - from) * k / (PATCH_ACROSS - 1);
        ring[k] = bt_person_on_chest(p, angle, z, c->out_m);
    }
    for (unsigned k = 0; k < PATCH_INSIDE; k++) {
        double angle = to + (from - to) * k / (PATCH_INSIDE - 1);
        ring[PATCH_ACROSS + k] = bt_person_on_chest(p, angle, z, c->out_m - c->thick_m);
    }
}

// Closed: its inside lies below the cloth.
static void add_patch(bt_person *p, uint8_t slot, const patch *c)
{
    bt_vec3 points[PATCH_ROWS * PATCH_ROUND];
    for (unsigned r = 0; r < PATCH_ROWS; r++)
        patch_row(p, c, (double)r / (PATCH_ROWS - 1), points + r * PATCH_ROUND);
    bt_mesh_add_grid(bt_body_mesh(p->body, p->pelvis, slot), points, PATCH_ROWS, PATCH_ROUND,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST,
                     50.0 * BT_RAD_PER_DEG);
}

static void add_both(bt_person *p, uint8_t slot, patch c)
{
    add_patch(p, slot, &c);
    patch other = c;
    other.low_from = -c.low_to;
    other.low_to = -c.low_from;
    other.high_from = -c.high_to;
    other.high_to = -c.high_from;
    add_patch(p, slot, &other);
}

// ---- fastenings ---------------------------------------------------------------------------------
static void add_buttons(bt_person *p, double low, double high, double apart)
{
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->pelvis, p->slots.zip);
    for (double z = high - 0.4 * apart; z > low; z -= apart) {
        bt_vec3 at = bt_person_on_chest(p, 0.0, z, 0.002), on = at;
        on.x += 0.0045;
        double r = p->params->top == BT_TOP_COAT ? 0.011 : 0.006;
        bt_mesh_add_cylinder(mesh, at, on, r, 0.9 * r, 9);
    }
}

static void add_zip(bt_person *p, double low, double high)
{
    enum { STEPS = 16 };
    bt_vec3 path[STEPS];
    double radii[STEPS];
    for (int i = 0; i < STEPS; i++) {
        path[i] = bt_person_on_chest(p, 0.0, low + (high - low) * i / (STEPS - 1.0), 0.0052);
        radii[i] = 0.0028;
    }
    bt_mesh_add_tube(bt_body_mesh(p->body, p->pelvis, p->slots.zip), path, radii, STEPS, 6);
}

// Open from the throat down: the shirt between two fronts that lie apart.
static void add_opening(bt_person *p, double low)
{
    double wide = 0.85 + 0.30 * (double)(p->params->looks % 31) / 30.0;
    patch shirt = {low, 0.842, -0.02, 0.02, -wide, wide, 0.0050, 0.014, false, true};
    patch front = {low, 0.844, 0.015, 0.16, wide - 0.10, wide + 0.42, 0.0110, 0.018, false, true};
    add_patch(p, p->slots.shirt, &shirt);
    add_both(p, p->slots.top, front);
}

static void add_front(bt_person *p)
{
    const bt_person_params *q = p->params;
    double low = bt_person_hem(p) + 0.004, high = q->open_front ? 0.665 : 0.842;
    if (q->top == BT_TOP_SHIRT || q->top == BT_TOP_TSHIRT) return;
    if (q->open_front) add_opening(p, high);
    bool buttons = q->top == BT_TOP_BLOUSE || q->stuff == BT_STUFF_WOOL;
    double half = buttons ? 0.045 : 0.030;
    patch placket = {low, high, -half, half, -half, half, 0.0030, 0.010, false, false};
    add_patch(p, p->slots.top, &placket);
    if (buttons)
        add_buttons(p, fmax(low, 0.45), high, q->top == BT_TOP_BLOUSE ? 0.045 : 0.060);
    else
        add_zip(p, low, high);
}

// ---- collars ------------------------------------------------------------------------------------
static void add_collar(bt_person *p)
{
    const bt_person_params *q = p->params;
    switch (q->top) {
    case BT_TOP_TSHIRT:
    case BT_TOP_SHIRT:
        bt_person_add_ring(p, p->slots.rib, 0.842, 0.856, 0.0015, false);
        break;
    case BT_TOP_BLOUSE: { // falls over, two points in front
        patch fall = {0.826, 0.850, 0.28, 0.62, 0.05, 1.45, 0.0055, 0.008, false, false};
        bt_person_add_ring(p, p->slots.top, 0.843, 0.860, 0.0020, false);
        add_both(p, p->slots.top, fall);
        break;
    }
    default:
        if (!q->hood) bt_person_add_ring(p, p->slots.top, 0.843, 0.866, 0.004, false);
        break;
    }
}

// ---- pockets, ribs, prints ----------------------------------------------------------------------
static void add_pockets(bt_person *p)
{
    const bt_person_params *q = p->params;
    if (p->posture->sits) return;
    if (q->hood && q->top == BT_TOP_SHIRT) { // of a hooded pullover, open to both sides
        patch pouch = {0.545, 0.612, -0.62, 0.62, -0.40, 0.40, 0.0085, 0.014, false, false};
        add_patch(p, p->slots.top, &pouch);
    } else if (q->top == BT_TOP_COAT || (q->top == BT_TOP_JACKET && q->stuff == BT_STUFF_WOOL)) {
        patch flap = {0.545, 0.568, 0.52, 0.98, 0.52, 0.98, 0.0050, 0.010, false, false};
        add_both(p, p->slots.top, flap);
    } else if (q->top == BT_TOP_JACKET || q->top == BT_TOP_PUFFER) { // slanted welts
        patch welt = {0.545, 0.610, 0.78, 0.86, 0.62, 0.70, 0.0055, 0.012, false, false};
        add_both(p, p->slots.top, welt);
    } else if (q->top == BT_TOP_BLOUSE && q->looks % 3 == 0) {
        patch breast = {0.700, 0.748, 0.34, 0.80, 0.34, 0.80, 0.0025, 0.007, false, false};
        add_patch(p, p->slots.top, &breast);
    }
}

static void add_ribs(bt_person *p)
{
    const bt_person_params *q = p->params;
    double hem = bt_person_hem(p);
    bool ribbed = q->hood || q->stuff == BT_STUFF_KNIT ||
                  (q->top == BT_TOP_JACKET && q->stuff == BT_STUFF_NYLON);
    if (ribbed && !p->posture->sits)
        bt_person_add_ring(p, p->slots.rib, hem - 0.018, hem + 0.010, -0.0010, false);
}

static void add_print(bt_person *p)
{
    uint64_t which = p->params->looks / 11 % 4;
    if (!p->params->print) return;
    static const patch prints[4] = {
        {0.715, 0.775, -0.42, 0.42, -0.42, 0.42, 0.0028, 0.008, true, false},
        {0.725, 0.758, -0.55, 0.55, -0.55, 0.55, 0.0028, 0.008, false, false},
        {0.745, 0.765, 0.30, 0.62, 0.30, 0.62, 0.0028, 0.008, false, false},
        {0.690, 0.770, -0.36, 0.36, -0.36, 0.36, 0.0028, 0.008, false, false}};
    add_patch(p, p->slots.shirt, &prints[which]);
}

// ---- vests --------------------------------------------------------------------------------------
static void add_vest(bt_person *p)
{
    double band = BAND_M / p->h, low = fmax(0.500, bt_person_hem(p) - 0.006);
    if (!p->params->vest) return;
    bt_person_add_ring(p, p->slots.vest, low, 0.826, 0.011, true);
    bt_person_add_ring(p, p->slots.band, 0.585, 0.585 + band, 0.0150, true);
    bt_person_add_ring(p, p->slots.band, 0.650, 0.650 + band, 0.0150, true);
    for (int back = 0; back < 2; back++) {
        double m = back ? BT_PI - 0.50 : 0.50;
        patch strip = {0.650 + band, 0.822,  m - 0.15, m + 0.15, m - 0.21,
                       m + 0.21,     0.0190, 0.012,    false,    false};
        add_both(p, p->slots.band, strip);
    }
}

// Of a backpack: over the shoulder, down the chest and back under the arm.
static void add_straps(bt_person *p)
{
    double over = p->params->vest ? 0.018 : 0.0075;
    patch down = {0.672, 0.826, 0.86, 1.10, 0.62, 0.92, over, 0.012, false, false};
    patch under = {0.648, 0.676, 0.98, 2.75, 0.88, 2.75, over - 0.001, 0.010, false, false};
    if (p->params->bag != BT_BAG_BACKPACK) return;
    add_both(p, p->slots.bag, down);
    patch across = {0.820, 0.837, 0.74, 2.50, 0.74, 2.50, over + 0.001, 0.012, false, false};
    add_both(p, p->slots.bag, under);
    add_both(p, p->slots.bag, across);
}

void bt_person_add_trims(bt_person *p)
{
    add_straps(p);
    add_front(p);
    add_collar(p);
    add_pockets(p);
    add_ribs(p);
    add_print(p);
    add_vest(p);
}
