// idm.c: the Intelligent Driver Model's acceleration and its equilibrium.
#include "engine/sim/idm.h"

#include "engine/math/elementary.h"

#include <math.h>

bt_idm bt_idm_city(double desired_speed_m_s)
{
    return (bt_idm){.desired_speed_m_s = desired_speed_m_s,
                    .headway_s = 1.0,
                    .min_gap_m = 2.0,
                    .accel_m_s2 = 1.0,
                    .brake_m_s2 = 1.5};
}

static double fourth_power(double x)
{
    return x * x * x * x;
}

double bt_idm_accel(const bt_idm *idm, double speed_m_s, double gap_m, double leader_m_s)
{
    double free_road = 1.0 - fourth_power(speed_m_s / fmax(idm->desired_speed_m_s, 0.1));
    if (gap_m >= BT_IDM_NO_GAP) return idm->accel_m_s2 * free_road;
    double closing = speed_m_s - leader_m_s;
    double dynamic = speed_m_s * idm->headway_s +
                     speed_m_s * closing / (2.0 * sqrt(idm->accel_m_s2 * idm->brake_m_s2));
    double wanted_gap = idm->min_gap_m + fmax(0.0, dynamic);
    double ratio = wanted_gap / fmax(gap_m, 0.01);
    return idm->accel_m_s2 * (free_road - ratio * ratio);
}

// Braking needed if the leader keeps its acceleration.
static double constant_heuristic(const bt_idm *idm, double v, double gap, double vl, double al)
{
    double s = fmax(gap, 0.01), a = fmin(al, idm->accel_m_s2), closing = v - vl;
    if (vl * closing <= -2.0 * s * a && vl * vl - 2.0 * s * a > 0.0)
        return v * v * a / (vl * vl - 2.0 * s * a);
    return a - (closing > 0.0 ? closing * closing / (2.0 * s) : 0.0);
}

double bt_idm_accel_cool(const bt_idm *idm, double speed_m_s, double gap_m, double leader_m_s,
                         double leader_m_s2)
{
    const double coolness = 0.99;
    double hasty = bt_idm_accel(idm, speed_m_s, gap_m, leader_m_s);
    double calm = constant_heuristic(idm, speed_m_s, gap_m, leader_m_s, leader_m_s2);
    if (hasty >= calm) return hasty;
    double b = idm->brake_m_s2;
    return (1.0 - coolness) * hasty + coolness * (calm + b * bt_tanh((hasty - calm) / b));
}

double bt_idm_equilibrium_gap(const bt_idm *idm, double speed_m_s)
{
    double free_road = 1.0 - fourth_power(speed_m_s / idm->desired_speed_m_s);
    return (idm->min_gap_m + speed_m_s * idm->headway_s) / sqrt(free_road);
}
