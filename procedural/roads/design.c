// design.c: design figures from the design speed.
#include "procedural/roads/design.h"

#include <math.h>

#define REACTION_S 2.5
#define BRAKING_M_S2 3.4
#define JERK_M_S3 1.2
#define SHIFT_M 0.20

// By design speed, km/h; linear in between.
typedef struct figures {
    double speed_km_h, side_friction, runoff_slope, grade;
} figures;
static const figures table[] = {
    {20, 0.35, 0.0080, 0.10},  {30, 0.28, 0.0075, 0.10},  {40, 0.23, 0.0070, 0.09},
    {50, 0.19, 0.0065, 0.08},  {60, 0.17, 0.0060, 0.08},  {70, 0.15, 0.0055, 0.07},
    {80, 0.14, 0.0050, 0.07},  {90, 0.13, 0.0047, 0.06},  {100, 0.12, 0.0044, 0.05},
    {110, 0.11, 0.0041, 0.05}, {120, 0.09, 0.0038, 0.04}, {130, 0.08, 0.0035, 0.04},
};
#define ROWS (sizeof table / sizeof *table)

static figures look_up(double speed)
{
    if (speed <= table[0].speed_km_h) return table[0];
    for (unsigned i = 1; i < ROWS; i++) {
        if (speed > table[i].speed_km_h) continue;
        const figures *a = &table[i - 1];
        const figures *b = &table[i];
        double t = (speed - a->speed_km_h) / (b->speed_km_h - a->speed_km_h);
        return (figures){speed, a->side_friction + t * (b->side_friction - a->side_friction),
                         a->runoff_slope + t * (b->runoff_slope - a->runoff_slope),
                         a->grade + t * (b->grade - a->grade)};
    }
    return table[ROWS - 1];
}

bt_road_design bt_road_design_for(double speed_km_h, double e_max)
{
    figures f = look_up(speed_km_h);
    double v = speed_km_h;
    double sight = 0.278 * v * REACTION_S + 0.039 * v * v / BRAKING_M_S2;
    return (bt_road_design){
        .speed_km_h = v,
        .e_max = e_max,
        .side_friction = f.side_friction,
        .radius_min_m = v * v / (127.0 * (e_max + f.side_friction)),
        .sight_m = sight,
        .k_crest = sight * sight / 658.0,
        .k_sag = sight * sight / (120.0 + 3.5 * sight),
        .grade_max = f.grade,
        .runoff_slope_max = f.runoff_slope,
        .turned_m = 3.6,
    };
}

double bt_road_design_superelevation(const bt_road_design *design, double radius_m)
{
    return design->e_max * fmin(1.0, design->radius_min_m / radius_m);
}

double bt_road_design_spiral(const bt_road_design *design, double radius_m)
{
    double v = design->speed_km_h;
    double shift = sqrt(24.0 * SHIFT_M * radius_m);
    // streets without superelevation: drivers cut their own transition within the lane
    if (design->e_max <= 0.0) return shift;
    double comfort = 0.0214 * v * v * v / (radius_m * JERK_M_S3);
    double runoff = design->turned_m * bt_road_design_superelevation(design, radius_m) /
                    design->runoff_slope_max;
    return fmax(fmax(comfort, shift), runoff);
}

bt_road_design bt_road_design_within(const bt_road_design *design, double radius_m)
{
    double speed = design->speed_km_h;
    bt_road_design slower = *design;
    while (slower.radius_min_m > radius_m && speed > 20.0) {
        speed -= 10.0;
        slower = bt_road_design_for(speed, design->e_max);
        slower.turned_m = design->turned_m;
    }
    return slower;
}
