// tyre.h: forces between a tyre and the road.
//
// Brush model with parabolic pressure (Fiala 1954; Pacejka 2012, "Tire and Vehicle Dynamics", 3rd
// ed., ch. 3), combined slip as in 3.2.3 with different stiffness along and across (as Hindiyeh and
// Gerdes 2014, J. Dyn. Sys. Meas. Control 136, 051015). With sigma_x = kappa / (1 + kappa),
// sigma_y = tan(alpha) / (1 + kappa), gamma^2 = (Cx sigma_x)^2 + (Ca sigma_y)^2, S = mu Fz:
//
//   F = gamma - gamma^2 / (3 S) + gamma^3 / (27 S^2)  below gamma = 3 S,  S above
//   Fx = Cx sigma_x F / gamma,  Fy = -Ca sigma_y F / gamma
//
// Left out: camber, aligning moment, friction that falls with speed or load, relaxation length.
#ifndef BT_SIM_TYRE_H
#define BT_SIM_TYRE_H

#include <math.h>

typedef struct bt_tyre {
    double load_n;
    double friction_n; // S
    double along_n;    // Cx
    double across_n;   // Ca, newtons per radian
} bt_tyre;

// A tyre of cornering stiffness c_n_rad at a nominal load, now under another load. Stiffness goes
// with load as sin(2 atan(Fz / Fz_peak)) (Bakker, Nyborg, Pacejka 1987, SAE 870421), its peak at
// twice the nominal load, so that load transfer costs cornering stiffness. Cx is 1.5 Ca: chosen, in
// the range of passenger car tyres.
bt_tyre bt_tyre_make(double c_n_rad, double nominal_n, double load_n, double friction);

// F / gamma. Both of what is chosen between is worked out, so that loops over wheels become vector code.
static inline double bt_tyre_secant(double gamma, double friction_n)
{
    double most = 3.0 * friction_n, u = gamma / most;
    double sticks = 1.0 - u + u * u / 3.0, slides = friction_n / gamma;
    return gamma >= most ? slides : sticks;
}

// Force along and across at a slip sigma_x and tan(alpha) (across over along speed, + to the left).
static inline void bt_tyre_force(const bt_tyre *t, double sigma_x, double tan_slip, double *along_n,
                                 double *across_n)
{
    // sigma_y = tan(alpha) / (1 + kappa) = tan(alpha) (1 - sigma_x)
    double x = t->along_n * sigma_x, y = t->across_n * tan_slip * (1.0 - sigma_x);
    double g = bt_tyre_secant(sqrt(x * x + y * y), t->friction_n);
    double along = x * g, across = -y * g;
    *along_n = t->friction_n > 0.0 ? along : 0.0;
    *across_n = t->friction_n > 0.0 ? across : 0.0;
}

// The slip sigma_x at which the tyre pushes with `wanted_n` along, at most as far as where it would
// slide in straight running: an ideal anti-lock brake and traction control. The wheel's own inertia
// is left out: it takes up that slip at once. Found by Newton's method from `guess`, such as the last one's.
double bt_tyre_slip_for(const bt_tyre *tyre, double wanted_n, double tan_slip, double guess);

// Lateral force of an axle of cornering stiffness c_n_rad at a slip tangent, opposing it; +-friction_n
// when it slides. Pure side slip.
double bt_tyre_lateral_n(double c_n_rad, double friction_n, double tan_slip);

#endif
