// retro.c: inverts the measures at their geometries.
#include "engine/scene/retro.h"

#include "engine/math/elementary.h"

#include <math.h>

static double radians(double deg)
{
    return deg * 3.14159265358979323846 / 180.0;
}
static double shape(double observation_deg, double spread_rad, double tail)
{
    double chord = 2.0 * bt_sin(0.5 * radians(observation_deg));
    return bt_pow(1.0 + chord * chord / (spread_rad * spread_rad), -tail);
}
static void fill(bt_material *m, double f, double spread_rad, double tail, double tilt)
{
    m->retro = (float)f;
    m->retro_spread_rad = (float)spread_rad;
    m->retro_tail = (float)tail;
    m->retro_tilt = (float)tilt;
}

void bt_retro_sheeting(bt_material *m, double ra, double y, double spread_deg, double tail)
{
    double spread = radians(spread_deg), tilt = 0.5;
    double i = bt_cos(radians(4.0)), o = bt_cos(radians(4.0 - 0.2));
    double f = ra / (y * shape(0.2, spread, tail) * bt_pow(i * o, tilt + 1.0));
    fill(m, f, spread, tail, tilt);
}

void bt_retro_marking(bt_material *m, double rl, double y, double spread_deg, double tail)
{
    double spread = radians(spread_deg), tilt = -0.5;
    double i = bt_cos(radians(88.76)), o = bt_cos(radians(88.76 - 1.05));
    double f = 0.001 * rl / (y * shape(1.05, spread, tail) * bt_pow(i * o, tilt) * i);
    fill(m, f, spread, tail, tilt);
}
