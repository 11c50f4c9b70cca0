// scatter.h: light that goes astray in wide angles, and marks on a pane in front of the lens.
//
// What is thrown about is described by how much of it stays within an angle: energy is conserved
// whatever the pixel. Angles by their sine, from the undeviated direction.
//
//   haze   scatter of surfaces, films and fog: Harvey and Shack's form [1 + (sin / shoulder)^2]^(-slope/2)
//          per projected solid angle (Harvey 1976, "Light-scattering characteristics of optical
//          surfaces"), normalised over the hemisphere; with slope g at large angles it is the ABg model
//          (Pfisterer 2011, "Approximated scatter models for stray light analysis").
//   dust   opaque grains: Fraunhofer diffraction [2 J1(x) / x]^2, x = pi d sin / lambda, over a
//          log-normal distribution of diameters by covered area (Bohren and Huffman 1983, 4.4). Of the
//          light, a share `cover` is taken away and, by Babinet's principle, as much again is thrown
//          about; between grains it adds up without phase: (1 - c)^2 stays, c (1 - c) is thrown about.
//   marks  arcs that a wiper's grit scratched about its pivot, within its sweep, and stray scratches that lie
//          anyhow, straight and of one length: as lines of the pupil.
//
// Threads: pure functions.
#ifndef BT_CAMERA_OPTICS_SCATTER_H
#define BT_CAMERA_OPTICS_SCATTER_H

#include "engine/math/pose.h"
#include "sensors/camera/optics/pupil.h"

typedef struct bt_haze {
    double share;    // of the light; 0: none
    double shoulder; // sine of the angle where it begins to fall
    double slope;    // above 2: falls faster than 1 / sin^2
    bool abg;        // 1 / (1 + (sin / shoulder)^slope) instead: ABg, B = shoulder^slope
} bt_haze;
// Share of the scattered light within an angle: 0 to 1.
double bt_haze_within(const bt_haze *haze, double sine);

typedef struct bt_dust {
    double cover;      // share of the area; 0: none
    double diameter_m; // median
    double spread;     // standard deviation of the diameter's logarithm
} bt_dust;
double bt_dust_within(const bt_dust *dust, double lambda_m, double sine);

// Encircled energy of an Airy pattern, x = pi d sin / lambda (Rayleigh): 1 - J0^2 - J1^2.
double bt_airy_within(double x);

// A pane: x to the right, y down along it, z its outward normal, from a point of it.
#define BT_PANE_MAX_PIVOTS 2
typedef struct bt_pane_marks {
    bt_pose cam_from_glass;
    uint32_t pivot_count; // of wipers
    double pivot_m[BT_PANE_MAX_PIVOTS][2];
    double radius_min_m[BT_PANE_MAX_PIVOTS], radius_max_m[BT_PANE_MAX_PIVOTS]; // max 0: any
    // of the sweep, angles as seen from the pivot, 0 to the right, up counts; alike: any
    double from_rad[BT_PANE_MAX_PIVOTS], to_rad[BT_PANE_MAX_PIVOTS];
    double scratches_per_m;  // along a radius of a wiper's sweep
    double scratch_length_m; // along its arc; 0: all of it
    double strays_per_m2;    // of scratch_length_m, which is above 0 then
    double scratch_width_m;  // median
    double scratch_spread;   // standard deviation of the width's logarithm
    double scratch_loss;     // share of the light over one that is taken out of the beam
    double scratch_bend_rad; // phase of the rest, at 550 nm
    uint64_t seed;
    bt_dust dust, fog; // fog's droplets send on what they do not diffract, but far aside: lost
    bt_haze film;      // grease
} bt_pane_marks;

// Where the light of a field direction (tangents from the axis) meets the pane, and how the place
// changes with the pupil's x and y: (x, y) + slope (dx, dy).
typedef struct bt_pane_footprint {
    double x_m, y_m;
    double slope[2][2];
} bt_pane_footprint;
bt_pane_footprint bt_pane_footprint_of(bt_pose cam_from_glass, double tan_x, double tan_y);

// Adds the scratches that the light of a field direction meets on its way into a pupil of this radius.
// At most BT_PUPIL_MAX_SCRATCHES in all; gives how many did not fit.
uint32_t bt_pane_scratches(const bt_pane_marks *marks, double tan_x, double tan_y,
                           double pupil_radius_m, bt_exit_pupil *pupil);

#endif
