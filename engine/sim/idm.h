// idm.h: the Intelligent Driver Model: how hard a driver accelerates behind another.
//
// Treiber, Hennecke, Helbing 2000, "Congested traffic states in empirical observations and
// microscopic simulations", Phys. Rev. E 62, 1805. City parameters from Treiber and
// Kesting 2013, "Traffic Flow Dynamics", table 11.2.
#ifndef BT_SIM_IDM_H
#define BT_SIM_IDM_H

#define BT_IDM_NO_GAP 1e9 // nobody ahead

typedef struct bt_idm {
    double desired_speed_m_s; // v0
    double headway_s;         // T
    double min_gap_m;         // s0
    double accel_m_s2;        // a
    double brake_m_s2;        // b, comfortable
} bt_idm;

// T = 1.0 s, s0 = 2 m, a = 1.0 m/s^2, b = 1.5 m/s^2.
bt_idm bt_idm_city(double desired_speed_m_s);

// Acceleration at a speed, a gap (bumper to bumper) and the leader's speed along the lane.
double bt_idm_accel(const bt_idm *idm, double speed_m_s, double gap_m, double leader_m_s);

// The same for drivers who know that the one ahead will not stop at once: a car that cuts in close
// but is no slower causes no panic. Kesting, Treiber, Helbing 2010, "Enhanced intelligent driver
// model to access the impact of driving strategies on traffic capacity", Phil. Trans. R. Soc. A
// 368: the constant-acceleration heuristic bounds IDM's braking, coolness 0.99.
double bt_idm_accel_cool(const bt_idm *idm, double speed_m_s, double gap_m, double leader_m_s,
                         double leader_m_s2);

// The gap at which all drive at one speed for ever.
double bt_idm_equilibrium_gap(const bt_idm *idm, double speed_m_s);

#endif
