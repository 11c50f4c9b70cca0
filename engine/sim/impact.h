// impact.h: what two bodies do to each other where they hit: planar impulse and momentum.
//
// Kudlich 1966, "Beitrag zur Mechanik des Kraftfahrzeug-Verkehrsunfalls" (TU Wien), and Slibar 1966: rigid bodies meet in one
// point of a contact plane, in no time. In the compression the point of both gets one velocity, along the plane too, if
// friction holds that (full impact); else it slides, with the impulse at the edge of the friction cone. The restitution e
// then makes the whole impulse (1 + e) times that of the compression. As in Brach and Brach 2011, "Vehicle Accident
// Analysis and Reconstruction Methods", 2nd ed., ch. 6, momentum and angular momentum are kept by equal and opposite
// impulses, and energy never grows: where e and friction together would let it, e is taken less.
//
// Restitution falls with the closing speed: Antonetti 1998, "Estimating the Coefficient of Restitution of
// Vehicle-to-Vehicle Bumper Impacts", SAE 980552 (fit from memory, up to about 15 m/s; higher speeds: next to nothing).
//
// Left out: crush (bodies keep their shape), moments at the contact, how long it takes (about 0.1 s), what turns bodies over.
#ifndef BT_SIM_IMPACT_H
#define BT_SIM_IMPACT_H

#include <stdbool.h>

// Friction between bodies that scrape along each other: 0.3 to 0.6 are usual (Brach and Brach 2011, ch. 6); chosen.
#define BT_IMPACT_FRICTION 0.5
#define BT_IMPACT_STICKS_M_S 0.3 // slower nothing springs back: what leans on each other rests

// A body at its centre of gravity, world axes.
typedef struct bt_impact_body {
    double x_m, y_m;
    double vx_m_s, vy_m_s, rate_rad_s;
    double per_kg, per_kg_m2; // inverse of mass and yaw inertia, 0: does not move, or not turn
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
} bt_impact_result;

double bt_impact_restitution(double closing_m_s);

// Velocity of the second body less the first's at a point.
void bt_impact_relative(const bt_impact_body *a, const bt_impact_body *b, double x_m, double y_m,
                        double *vx_m_s, double *vy_m_s);
// Changes the velocities of both, if they close.
bt_impact_result bt_impact_apply(const bt_impact_contact *contact, bt_impact_body *a,
                                 bt_impact_body *b);

#endif
