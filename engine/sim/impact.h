// impact.h: what two bodies do to each other where they hit: planar impulse and momentum.
//
// Kudlich 1966, "Beitrag zur Mechanik des Kraftfahrzeug-Verkehrsunfalls" (TU Wien), and Slibar 1966: rigid bodies meet in one
// point of a contact plane, in no time. In the compression the point of both gets one velocity, along the plane too, if
// friction holds that (full impact); else it slides, with the impulse at the edge of the friction cone. The restitution e
// then makes the whole impulse (1 + e) times that of the compression. As in Brach and Brach 2011, "Vehicle Accident
// Analysis and Reconstruction Methods", 2nd ed., ch. 6, momentum and angular momentum are kept by equal and opposite
// impulses, and energy never grows: where e and friction together would let it, e is taken less.
//
// Restitution falls with the closing speed, after the form of Antonetti 1998, "Estimating the Coefficient of Restitution of
// Vehicle-to-Vehicle Bumper Impacts", SAE 980552, to 0.1. The fit's coefficients could not be found anywhere to be checked;
// it agrees with what could: 0.2 to 0.4 where velocities change by 2 to 5 mph, about 0.1 at medium and high speeds (SAE
// 931842, "Vehicle Restitution Response in Low Velocity Collisions", abstract), 0.09 to 0.13 at 24 m/s (Rose et al. 2006).
//
// Judged by three staged collisions of Rose et al. 2006, "Restitution Modeling for Crush Analysis: Theory and Validation", SAE
// 2006-01-0908 (impact_test.c): changes of velocity within 4 %, of turning within 17 %; with the restitution on the
// normal impulse alone (Brach) they are the paper's to its last digit, so its (1 + e) on the whole impulse is the difference.
//
// Left out: crush (bodies keep their shape), moments at the contact, how long it takes (about 0.1 s), what turns bodies over.
#ifndef BT_SIM_IMPACT_H
#define BT_SIM_IMPACT_H

#include <stdbool.h>

// Friction between bodies that scrape along each other: 0.3 to 0.6 are usual (Brach and Brach 2011, ch. 6); chosen.
#define BT_IMPACT_FRICTION 0.5
#define BT_IMPACT_STICKS_M_S 0.3 // slower nothing springs back: what leans on each other rests

// What a vehicle draws, at a hitch: a rod without mass with its mass on its own axles, at the far end; what of it rests on the
// hitch is the vehicle's. So pushed at its axle it pulls nobody aside, pushed at the hitch it is its vehicle that is pushed,
// between the two by the lever; and it is dragged along itself. Its wheels do not hold it in the impact.
typedef struct bt_impact_tow {
    double x_m, y_m, c, s;   // hitch; the way it points, forward
    double length_m, per_kg; // hitch to axle; inverse mass; 0: there is none
    bool
        struck; // the contact is on it, and the body's place is the hitch, its velocities those of the rod
    double draws_x_m, draws_y_m, draws_per_kg, draws_per_kg_m2; // who draws, where it is struck
    double draws_vx_m_s, draws_vy_m_s, draws_rate_rad_s;        // changes of that by the impact
} bt_impact_tow;

// A body at its centre of gravity, world axes.
typedef struct bt_impact_body {
    double x_m, y_m;
    double vx_m_s, vy_m_s, rate_rad_s;
    double per_kg, per_kg_m2; // inverse of mass and yaw inertia, 0: does not move, or not turn
    bt_impact_tow tow;
} bt_impact_body;

typedef struct bt_impact_contact {
    double x_m, y_m;
    double nx, ny; // of length 1, from the first body to the second
    double restitution, friction;
} bt_impact_contact;

typedef struct bt_impact_result {
    double closing_m_s;           // along the normal, before; not above 0: nothing happened
    double slide_m_s;             // along the plane, before
    double normal_ns, tangent_ns; // impulse on the second body
    bool sticks;                  // full impact
    bool broke;                   // it took all that it could
} bt_impact_result;

double bt_impact_restitution(double closing_m_s);

// Velocity of the second body less the first's at a point.
void bt_impact_relative(const bt_impact_body *a, const bt_impact_body *b, double x_m, double y_m,
                        double *vx_m_s, double *vy_m_s);
// Changes the velocities of both, if they close.
bt_impact_result bt_impact_apply(const bt_impact_contact *contact, bt_impact_body *a,
                                 bt_impact_body *b);
// The same against what gives way as soon as it has taken so much (N s).
bt_impact_result bt_impact_apply_at_most(const bt_impact_contact *contact, double most_ns,
                                         bt_impact_body *a, bt_impact_body *b);

#endif
