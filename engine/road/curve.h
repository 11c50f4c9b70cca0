// curve.h: plan-view geometry of OpenDRIVE: line, arc, spiral, poly3, paramPoly3.
//
// A curve starts at (x, y, heading) and is asked by arc length along it. The spiral is the Euler
// spiral; its Fresnel integrals are power series about the middles of panels short enough for the
// bound in curve.c, so there is no special case for small curvature or small change.
// Polynomials go through a table of arc lengths: s is metres along the curve, also where a file says
// pRange="arcLength" and its polynomial keeps that promise only nearly (soderleden.xodr: by 17 mm).
#ifndef BT_ROAD_CURVE_H
#define BT_ROAD_CURVE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum road_curve_kind {
    ROAD_CURVE_LINE,
    ROAD_CURVE_ARC,
    ROAD_CURVE_SPIRAL,
    ROAD_CURVE_POLY3, // v(u)
    ROAD_CURVE_PARAM, // u(p), v(p), p in [0, p_end]
} road_curve_kind;

#define ROAD_CURVE_KNOTS 33            // arc length at p_end * i / 32
#define ROAD_SPIRAL_MAX_TURN_RAD 200.0 // more is not a road, and would cost time

typedef struct road_curve {
    double s0_m; // first: see road_record_at
    double length_m;
    road_curve_kind kind;
    double x_m, y_m, heading_rad;
    double cos_heading, sin_heading; // by road_curve_aim
    double curvature_1_m, curvature_rate_1_m2; // at the start; change per metre
    double u[4], v[4];                         // polynomials in p; poly3: u = p
    double p_end;                              // of polynomials
    uint32_t first_knot;                       // into the network's knots
} road_curve;

typedef struct road_plan {
    double x_m, y_m, heading_rad, curvature_1_m;
    double cos_heading, sin_heading;
} road_plan;

// (integral of cos, integral of sin) of heading + curvature u + rate u^2 / 2 over u in [0, s].
// |turn| up to ROAD_SPIRAL_MAX_TURN_RAD; error below 1e-10 of the length.
void road_spiral_integral(double heading_rad, double curvature_1_m, double rate_1_m2, double s_m,
                          double *x_m, double *y_m);

// Turn of the heading over the curve, upper bound: sum of |curvature|.
double road_spiral_turn(double curvature_1_m, double rate_1_m2, double s_m);

// Fills the ROAD_CURVE_KNOTS knots of a polynomial, and p_end of a poly3. `total_m` is its true arc
// length; asked at `ds`, the curve answers at ds * total / length, so that its ends stay where the
// file puts them. False: the polynomial does not make a curve.
bool road_curve_tabulate(road_curve *curve, double *knots, double *total_m);

// Sets the heading at the start, and its cosine and sine: before the curve is asked.
void road_curve_aim(road_curve *curve, double heading_rad);

// At `ds` from the curve's start; may lie outside [0, length]: the curve goes on.
road_plan road_curve_at(const road_curve *curve, const double *knots, double ds_m);

#endif
