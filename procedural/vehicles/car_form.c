// car_form.c: typical shapes of cars, and cars as one meets them.
//
// Sizes are chosen inside the ranges of today's European market segments (B/C hatchback, D sedan and
// estate, C/D SUV, large van, one-ton pickup), not those of any one make.
#include "procedural/vehicles/car.h"

#include "engine/core/random.h"

static const bt_car_params forms[BT_CAR_KIND_COUNT] = {
    [BT_CAR_HATCH] = {.kind = BT_CAR_HATCH,
                      .length_m = 4.28,
                      .width_m = 1.79,
                      .height_m = 1.46,
                      .wheelbase_m = 2.63,
                      .rear_overhang_m = 0.78,
                      .track_m = 1.54,
                      .wheel_radius_m = 0.317,
                      .tyre_width_m = 0.205,
                      .rim_radius_m = 0.212,
                      .clearance_m = 0.17,
                      .nose_height_m = 0.74,
                      .cowl_behind_m = 0.27,
                      .cowl_height_m = 1.00,
                      .windscreen_run_m = 0.76,
                      .belt_height_m = 0.93,
                      .belt_rise_m = 0.07,
                      .roof_drop_m = 0.05,
                      .roof_rear_m = -0.42,
                      .glass_rear_m = -0.66,
                      .deck_height_m = 1.03,
                      .tumblehome_m = 0.17,
                      .shoulder_m = 0.045,
                      .nose_bow_m = 0.14,
                      .tail_bow_m = 0.09,
                      .side_glass_end_m = -0.10,
                      .doors = 2,
                      .spokes = 5},
    [BT_CAR_SEDAN] = {.kind = BT_CAR_SEDAN,
                      .length_m = 4.75,
                      .width_m = 1.84,
                      .height_m = 1.45,
                      .wheelbase_m = 2.84,
                      .rear_overhang_m = 1.07,
                      .track_m = 1.57,
                      .wheel_radius_m = 0.33,
                      .tyre_width_m = 0.225,
                      .rim_radius_m = 0.225,
                      .clearance_m = 0.165,
                      .nose_height_m = 0.72,
                      .cowl_behind_m = 0.36,
                      .cowl_height_m = 0.985,
                      .windscreen_run_m = 0.82,
                      .belt_height_m = 0.93,
                      .belt_rise_m = 0.05,
                      .roof_drop_m = 0.045,
                      .roof_rear_m = 0.10,
                      .glass_rear_m = -0.50,
                      .deck_height_m = 1.06,
                      .tumblehome_m = 0.19,
                      .shoulder_m = 0.05,
                      .nose_bow_m = 0.15,
                      .tail_bow_m = 0.11,
                      .side_glass_end_m = 0.02,
                      .doors = 2,
                      .spokes = 10},
    [BT_CAR_WAGON] = {.kind = BT_CAR_WAGON,
                      .length_m = 4.76,
                      .width_m = 1.83,
                      .height_m = 1.47,
                      .wheelbase_m = 2.82,
                      .rear_overhang_m = 1.04,
                      .track_m = 1.57,
                      .wheel_radius_m = 0.327,
                      .tyre_width_m = 0.215,
                      .rim_radius_m = 0.216,
                      .clearance_m = 0.165,
                      .nose_height_m = 0.74,
                      .cowl_behind_m = 0.33,
                      .cowl_height_m = 1.00,
                      .windscreen_run_m = 0.80,
                      .belt_height_m = 0.93,
                      .belt_rise_m = 0.06,
                      .roof_drop_m = 0.05,
                      .roof_rear_m = -0.68,
                      .glass_rear_m = -0.90,
                      .deck_height_m = 1.03,
                      .tumblehome_m = 0.18,
                      .shoulder_m = 0.05,
                      .nose_bow_m = 0.15,
                      .tail_bow_m = 0.09,
                      .side_glass_end_m = -0.62,
                      .doors = 2,
                      .roof_rails = true,
                      .spokes = 10},
    [BT_CAR_SUV] = {.kind = BT_CAR_SUV,
                    .length_m = 4.56,
                    .width_m = 1.88,
                    .height_m = 1.67,
                    .wheelbase_m = 2.68,
                    .rear_overhang_m = 0.95,
                    .track_m = 1.60,
                    .wheel_radius_m = 0.355,
                    .tyre_width_m = 0.235,
                    .rim_radius_m = 0.229,
                    .clearance_m = 0.215,
                    .nose_height_m = 0.93,
                    .cowl_behind_m = 0.33,
                    .cowl_height_m = 1.14,
                    .windscreen_run_m = 0.70,
                    .belt_height_m = 1.06,
                    .belt_rise_m = 0.07,
                    .roof_drop_m = 0.06,
                    .roof_rear_m = -0.52,
                    .glass_rear_m = -0.76,
                    .deck_height_m = 1.15,
                    .tumblehome_m = 0.17,
                    .shoulder_m = 0.055,
                    .nose_bow_m = 0.13,
                    .tail_bow_m = 0.09,
                    .side_glass_end_m = -0.45,
                    .doors = 2,
                    .cladding = true,
                    .privacy_glass = true,
                    .roof_rails = true,
                    .spokes = 5},
    [BT_CAR_VAN] = {.kind = BT_CAR_VAN,
                    .length_m = 4.95,
                    .width_m = 1.93,
                    .height_m = 1.93,
                    .wheelbase_m = 3.06,
                    .rear_overhang_m = 0.98,
                    .track_m = 1.63,
                    .wheel_radius_m = 0.335,
                    .tyre_width_m = 0.215,
                    .rim_radius_m = 0.205,
                    .clearance_m = 0.19,
                    .nose_height_m = 0.92,
                    .cowl_behind_m = 0.02,
                    .cowl_height_m = 1.16,
                    .windscreen_run_m = 0.78,
                    .belt_height_m = 1.06,
                    .belt_rise_m = 0.02,
                    .roof_drop_m = 0.03,
                    .roof_rear_m = -0.84,
                    .glass_rear_m = -0.90,
                    .deck_height_m = 1.10,
                    .tumblehome_m = 0.13,
                    .shoulder_m = 0.03,
                    .nose_bow_m = 0.14,
                    .tail_bow_m = 0.05,
                    .side_glass_end_m = -0.68,
                    .doors = 2,
                    .privacy_glass = true,
                    .spokes = 7,
                    .steel_wheels = true},
    [BT_CAR_PICKUP] = {.kind = BT_CAR_PICKUP,
                       .length_m = 5.30,
                       .width_m = 1.90,
                       .height_m = 1.80,
                       .wheelbase_m = 3.20,
                       .rear_overhang_m = 1.20,
                       .track_m = 1.60,
                       .wheel_radius_m = 0.385,
                       .tyre_width_m = 0.26,
                       .rim_radius_m = 0.229,
                       .clearance_m = 0.28,
                       .nose_height_m = 1.06,
                       .cowl_behind_m = 0.38,
                       .cowl_height_m = 1.23,
                       .windscreen_run_m = 0.62,
                       .belt_height_m = 1.16,
                       .belt_rise_m = 0.02,
                       .roof_drop_m = 0.05,
                       .roof_rear_m = 0.92,
                       .glass_rear_m = 0.72,
                       .deck_height_m = 1.14,
                       .tumblehome_m = 0.16,
                       .shoulder_m = 0.05,
                       .nose_bow_m = 0.12,
                       .tail_bow_m = 0.03,
                       .side_glass_end_m = 0.84,
                       .doors = 2,
                       .cladding = true,
                       .spokes = 6},
};

bt_car_params bt_car_defaults(bt_car_kind kind)
{
    bt_car_params params = forms[(unsigned)kind < BT_CAR_KIND_COUNT ? kind : BT_CAR_HATCH];
    static const bt_car_grille_style grilles[] = {BT_GRILLE_TRAPEZOID, BT_GRILLE_TRAPEZOID,
                                                  BT_GRILLE_TRAPEZOID, BT_GRILLE_TALL,
                                                  BT_GRILLE_TRAPEZOID, BT_GRILLE_TALL};
    static const bt_car_tail_style tails[] = {BT_TAILS_SWEPT, BT_TAILS_DECK,   BT_TAILS_SWEPT,
                                              BT_TAILS_SWEPT, BT_TAILS_PILLAR, BT_TAILS_PILLAR};
    bool large = params.kind == BT_CAR_VAN || params.kind == BT_CAR_PICKUP;
    params.grille = grilles[params.kind];
    params.tails = tails[params.kind];
    params.lamps = large ? BT_LAMPS_LARGE : BT_LAMPS_SWEPT;
    params.colour[0] = params.colour[1] = params.colour[2] = 0.55;
    return params;
}

// Lengths behind the front axle scale with the wheelbase, those behind the rear axle with the rear
// overhang, heights with the height.
void bt_car_resize(bt_car_params *p, double length_m, double width_m, double height_m,
                   double wheelbase_m, double rear_overhang_m, double track_m,
                   double wheel_radius_m)
{
    double along = wheelbase_m / p->wheelbase_m, behind = rear_overhang_m / p->rear_overhang_m;
    double up = height_m / p->height_m, across = width_m / p->width_m;
    double *lengths[] = {&p->cowl_behind_m, &p->windscreen_run_m};
    double *rears[] = {&p->roof_rear_m, &p->glass_rear_m, &p->side_glass_end_m};
    double *heights[] = {&p->clearance_m, &p->nose_height_m, &p->cowl_height_m, &p->belt_height_m,
                         &p->belt_rise_m, &p->roof_drop_m,   &p->deck_height_m};
    double *widths[] = {&p->tumblehome_m, &p->shoulder_m};
    for (int i = 0; i < 2; i++)
        *lengths[i] *= along;
    for (int i = 0; i < 3; i++)
        *rears[i] *= *rears[i] < 0.0 ? behind : along;
    for (int i = 0; i < 7; i++)
        *heights[i] *= up;
    for (int i = 0; i < 2; i++)
        *widths[i] *= across;
    p->rim_radius_m *= wheel_radius_m / p->wheel_radius_m;
    p->length_m = length_m;
    p->width_m = width_m;
    p->height_m = height_m;
    p->wheelbase_m = wheelbase_m;
    p->rear_overhang_m = rear_overhang_m;
    p->track_m = track_m;
    p->wheel_radius_m = wheel_radius_m;
}

// ---- as met on the road -----------------------------------------------------------------------
// Dimensions of randomness for BT_STREAM_VEHICLE.
enum {
    DIM_KIND = 100,
    DIM_SIZE,
    DIM_TRIM,
    DIM_COLOUR,
    DIM_SHADE,
    DIM_SPOKES,
    DIM_FACE,
    DIM_LAMPS,
    DIM_TAIL,
    DIM_DOORS
};

typedef struct paint {
    double share; // of new cars, rounded from published popularity reports of paint makers
    double low[3], high[3];
} paint;

static const paint paints[] = {
    {0.33, {0.86, 0.86, 0.85}, {0.93, 0.93, 0.92}},  // white
    {0.20, {0.03, 0.03, 0.035}, {0.09, 0.09, 0.10}}, // black
    {0.18, {0.28, 0.29, 0.30}, {0.48, 0.48, 0.49}},  // grey
    {0.10, {0.66, 0.67, 0.68}, {0.76, 0.76, 0.77}},  // silver
    {0.09, {0.05, 0.11, 0.24}, {0.16, 0.27, 0.46}},  // blue
    {0.05, {0.40, 0.05, 0.06}, {0.60, 0.09, 0.09}},  // red
    {0.03, {0.36, 0.30, 0.24}, {0.60, 0.54, 0.46}},  // brown, beige
    {0.02, {0.10, 0.20, 0.15}, {0.24, 0.33, 0.26}},  // green
};

void bt_car_random_colour(uint64_t seed, uint64_t index, double srgb[3])
{
    double u = bt_random_unit(seed, BT_STREAM_VEHICLE, index, DIM_COLOUR);
    double shade = bt_random_unit(seed, BT_STREAM_VEHICLE, index, DIM_SHADE);
    size_t count = sizeof paints / sizeof paints[0], i = 0;
    while (i + 1 < count && u >= paints[i].share)
        u -= paints[i++].share;
    for (int k = 0; k < 3; k++)
        srgb[k] = bt_lerp(paints[i].low[k], paints[i].high[k], shade);
}

static bt_car_kind random_kind(uint64_t seed, uint64_t index)
{
    static const double shares[BT_CAR_KIND_COUNT] = {0.30, 0.20, 0.12, 0.26, 0.09, 0.03};
    double u = bt_random_unit(seed, BT_STREAM_VEHICLE, index, DIM_KIND);
    int kind = 0;
    while (kind + 1 < BT_CAR_KIND_COUNT && u >= shares[kind])
        u -= shares[kind++];
    return (bt_car_kind)kind;
}

// Faces that suit the kind.
void bt_car_random_style(uint64_t seed, uint64_t index, bt_car_params *p)
{
    uint32_t face = bt_random_below(seed, BT_STREAM_VEHICLE, index, DIM_FACE, 3);
    uint32_t lamps = bt_random_below(seed, BT_STREAM_VEHICLE, index, DIM_LAMPS, 3);
    uint32_t tail = bt_random_below(seed, BT_STREAM_VEHICLE, index, DIM_TAIL, 3);
    static const bt_car_tail_style hatches[] = {BT_TAILS_SWEPT, BT_TAILS_SLIM, BT_TAILS_UPRIGHT};
    static const bt_car_tail_style decks[] = {BT_TAILS_DECK, BT_TAILS_SLIM, BT_TAILS_DECK};
    static const bt_car_grille_style tall[] = {BT_GRILLE_TALL, BT_GRILLE_FRAME, BT_GRILLE_SLIM};
    if (p->kind == BT_CAR_PICKUP) return;
    p->grille = p->kind == BT_CAR_SUV ? tall[face] : (bt_car_grille_style)face;
    if (p->kind == BT_CAR_VAN) return;
    p->lamps = (bt_car_lamp_style)lamps;
    p->tails = p->kind == BT_CAR_SEDAN ? decks[tail] : hatches[tail];
}

bt_car_params bt_car_random(uint64_t seed, uint64_t index)
{
    bt_car_params p = bt_car_defaults(random_kind(seed, index));
    double size = bt_random_range(seed, BT_STREAM_VEHICLE, index, DIM_SIZE, 0.96, 1.04);
    double tall = bt_random_range(seed, BT_STREAM_VEHICLE, index, DIM_TRIM, 0.98, 1.02);
    bt_car_resize(&p, p.length_m * size, p.width_m * (0.5 + 0.5 * size), p.height_m * tall,
                  p.wheelbase_m * size, p.rear_overhang_m * size, p.track_m * (0.5 + 0.5 * size),
                  p.wheel_radius_m);
    static const unsigned spokes[] = {5, 6, 7, 10, 14};
    p.spokes = spokes[bt_random_below(seed, BT_STREAM_VEHICLE, index, DIM_SPOKES, 5)];
    // some hatchbacks have two long doors
    if (p.kind == BT_CAR_HATCH && bt_random_unit(seed, BT_STREAM_VEHICLE, index, DIM_DOORS) < 0.15)
        p.doors = 1;
    bt_car_random_style(seed, index, &p);
    bt_car_random_colour(seed, index, p.colour);
    p.seed = seed ^ (index * 0x9E3779B97F4A7C15u);
    return p;
}

// ---- what makes no car ------------------------------------------------------------------------
typedef struct limit {
    const char *name;
    double value, low, high;
} limit;

bt_status bt_car_check(const bt_car_params *p)
{
    const limit limits[] = {
        {"length_m", p->length_m, 2.5, 7.5},
        {"width_m", p->width_m, 1.3, 2.6},
        {"height_m", p->height_m, 1.1, 3.0},
        {"wheelbase_m", p->wheelbase_m, 0.45 * p->length_m, 0.8 * p->length_m},
        {"rear_overhang_m", p->rear_overhang_m, 0.4, 0.3 * p->length_m},
        {"track_m", p->track_m, 0.7 * p->width_m, p->width_m - p->tyre_width_m},
        {"wheel_radius_m", p->wheel_radius_m, 0.2, 0.5},
        {"tyre_width_m", p->tyre_width_m, 0.1, 0.4},
        {"rim_radius_m", p->rim_radius_m, 0.4 * p->wheel_radius_m, 0.85 * p->wheel_radius_m},
        {"clearance_m", p->clearance_m, 0.08, 0.45},
        {"nose_height_m", p->nose_height_m, p->clearance_m + 0.3, p->height_m - 0.3},
        {"cowl_behind_m", p->cowl_behind_m, -0.4, 1.0},
        {"cowl_height_m", p->cowl_height_m, p->nose_height_m, p->height_m - 0.25},
        {"windscreen_run_m", p->windscreen_run_m, 0.15, 1.5},
        {"belt_height_m", p->belt_height_m, p->clearance_m + 0.4, p->height_m - 0.25},
        {"belt_rise_m", p->belt_rise_m, -0.1, 0.2},
        {"roof_drop_m", p->roof_drop_m, 0.0, 0.25},
        {"roof_rear_m", p->roof_rear_m, -p->rear_overhang_m, 0.6 * p->wheelbase_m},
        {"glass_rear_m", p->glass_rear_m, -p->rear_overhang_m, p->roof_rear_m},
        {"deck_height_m", p->deck_height_m, p->belt_height_m - 0.2, p->height_m - 0.2},
        {"tumblehome_m", p->tumblehome_m, 0.02, 0.3},
        {"shoulder_m", p->shoulder_m, 0.01, 0.15},
        {"nose_bow_m", p->nose_bow_m, 0.02, 0.3},
        {"tail_bow_m", p->tail_bow_m, 0.01, 0.3},
        {"side_glass_end_m", p->side_glass_end_m, -p->rear_overhang_m, 0.5 * p->wheelbase_m},
        {"doors", (double)p->doors, 1.0, 2.0},
        {"spokes", (double)p->spokes, 4.0, 20.0},
        {"detail", p->detail == 0.0 ? 1.0 : p->detail, 0.3, 2.0},
        {"grille", (double)p->grille, 0.0, BT_GRILLE_COUNT - 1.0},
        {"lamps", (double)p->lamps, 0.0, BT_LAMPS_COUNT - 1.0},
        {"tails", (double)p->tails, 0.0, BT_TAILS_COUNT - 1.0},
        {"colour red", p->colour[0], 0.0, 1.0},
        {"colour green", p->colour[1], 0.0, 1.0},
        {"colour blue", p->colour[2], 0.0, 1.0},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        const limit *l = &limits[i];
        if (!(l->value >= l->low && l->value <= l->high))
            return bt_fail(BT_ERR_INPUT, "car: %s is %g: expected from %g to %g", l->name, l->value,
                           l->low, l->high);
    }
    double front = p->length_m - p->rear_overhang_m - p->wheelbase_m;
    if (!(front >= p->wheel_radius_m + 0.1))
        return bt_fail(BT_ERR_INPUT,
                       "car: %g m are left before the front axle: expected %g or more", front,
                       p->wheel_radius_m + 0.1);
    return BT_OK;
}
