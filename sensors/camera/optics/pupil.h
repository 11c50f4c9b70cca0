// pupil.h: the exit pupil as light sees it: what passes, and with what phase; its point spread.
//
// P(x, y) = A exp(2 pi i W / lambda), x and y in units of the pupil's radius: the disc of diameter
// f / N. Fraunhofer: the amplitude at r metres from the image point is the Fourier transform of P at
// (r / (2 lambda N)) cycles per radius; the point spread is its square (Goodman 2005, "Introduction to
// Fourier Optics", 6.2). Light is unpolarised and the angles in the image are small: no vector effects.
//
// A: a disc, or a polygon of straight blades with the area of that disc; a round central stop; cut off
// the axis by a second one of its shape, moved inward along the field until what is left of the disc is
// the sheet's relative illumination without cos^4 (the "cat's eye" of a lens with two stops); scratches
// of the pane in front of it.
// W: Zernike polynomials in Noll's order and normalisation (Noll 1976, "Zernike polynomials and
// atmospheric turbulence", table I), so that a coefficient is the standard deviation it adds over the
// disc; each grows with the field as the aberrations of Seidel and Schwarzschild do: coma (m = 1)
// with h, the rest with h^2, h = field angle / that of the picture's corner; x points away from the
// axis there. Where W grows with x, light goes to larger x in the picture. Defocus by a focus shift z:
// W = z r^2 / (8 N^2).
//
// Threads: pure functions.
#ifndef BT_CAMERA_OPTICS_PUPIL_H
#define BT_CAMERA_OPTICS_PUPIL_H

#include "sensors/camera/optics/fourier.h"

#include <stdbool.h>

#define BT_PUPIL_MAX_ZERNIKES 12
#define BT_PUPIL_MAX_NOLL 36
#define BT_PUPIL_MAX_SCRATCHES 64
#define BT_PUPIL_BEND_M 550e-9 // the wavelength that phases of grooves are given at
#define BT_PUPIL_EXTENT 1.25   // half side of the square that holds every pupil, in radii

typedef struct bt_pupil_zernike {
    uint32_t noll; // 2 to BT_PUPIL_MAX_NOLL
    double axis_m; // on the axis
    double edge_m; // what the picture's corner has more
} bt_pupil_zernike;

// A line that takes light away: part of a circle on a pane. From the pupil the pane is seen aslant:
// its coordinates are u = (x - x0) + shear (y - y0), v = stretch (y - y0), and the line is where the
// distance of (u, v) from the circle is below half its width. All in radii of the pupil.
typedef struct bt_pupil_scratch {
    double x0, y0, stretch, shear; // (x0, y0): seen there, the circle's middle
    double radius, width;
    double loss;     // share of the energy over it that is taken out of the beam
    double bend_rad; // phase of what passes, as of a groove, at BT_PUPIL_BEND_M
} bt_pupil_scratch;

typedef struct bt_exit_pupil {
    double f_number;
    uint32_t blades; // 0: round
    double blade_rotation_rad;
    double obscuration;    // radius of the central stop
    double clip_x, clip_y; // of the second stop's middle; 0, 0: none
    double field_rad;      // direction of the field point, for the aberrations
    double field;          // h, 0 to 1
    double focus_shift_m;  // of the image behind the sensor
    uint32_t zernike_count;
    bt_pupil_zernike zernikes[BT_PUPIL_MAX_ZERNIKES];
    uint32_t scratch_count;
    bt_pupil_scratch scratches[BT_PUPIL_MAX_SCRATCHES];
} bt_exit_pupil;

// Zernike polynomial of Noll's number j >= 1 on the unit disc.
double bt_zernike(uint32_t noll, double x, double y);
// Its angular order m.
uint32_t bt_zernike_order(uint32_t noll);

// Shift of the second disc, in radii, that leaves this share of the first one: 0 to 2.
double bt_pupil_clip(double share);

// Share of a cell of this size about (x, y) that is open, and without scratches.
double bt_pupil_open(const bt_exit_pupil *pupil, double x, double y, double cell);
// Share of a cell that a scratch covers.
double bt_pupil_covered(const bt_pupil_scratch *scratch, double x, double y, double cell);
// Wavefront, metres.
double bt_pupil_wavefront(const bt_exit_pupil *pupil, double x, double y);
// Largest step of the wavefront between neighbouring cells of that size.
double bt_pupil_steepest(const bt_exit_pupil *pupil, double cell);

// ---- point spread -----------------------------------------------------------------------------
// A pupil in cells, `across` of them over its radius: amplitude and wavefront.
typedef struct bt_pupil_grid {
    int reach;     // (2 reach + 1)^2 cells
    double cell;   // radii
    double focus;  // wavefront per metre of focus shift and squared radius, 1 / (8 N^2)
    double bare;   // energy without scratches, in cells
    double passed; // share of it that scratches leave
    double *open;  // amplitudes
    double *side;  // their imaginary parts before the wavefront; NULL: none
    double *power; // shares of energy: an edge's cell passes part of it whole, not all of it weakly
    double *wave_m; // wavefront; NULL: flat
} bt_pupil_grid;

// `flat`: without phase.
BT_CHECKED bt_status bt_pupil_grid_init(const bt_exit_pupil *pupil, double across, bool flat,
                                        bt_pupil_grid *grid);
// Takes from the wavefront the slope that moves a picture: afterwards its transfer at this wavelength has no phase
// along x and y at a frequency, cycles per unit of 2 lambda N.
void bt_pupil_grid_center(bt_pupil_grid *grid, double lambda_m, double frequency);
void bt_pupil_grid_clear(bt_pupil_grid *grid);

// Point spread on a square of n x n points, zero angle in the middle (n/2, n/2), as sums, so that any
// rectangle's energy takes four look-ups. Lengths are in units of 2 lambda N: of `step` a point.
// Energy 1 is that of the bare pupil: without scratches. Good to some percent up to 0.6 of the side;
// farther out what the cells cannot show is mixed in. What goes beyond is not in it.
typedef struct bt_spread_table {
    uint32_t n;
    double step;
    double *sums; // (n + 1) x (n + 1): energy before each corner
    double *
        transfer; // n x n, real and imaginary: its Fourier transform, frequency 0 first; NULL: not asked for
    double passed; // share of the bare pupil's energy that passes
} bt_spread_table;

// Transform of n x n, fourier of that size; n at least 2.5 times the cells over a radius, 4.5 times
// for points as dense as the pattern's structure. Focus shifts add to the pupil's own.
BT_CHECKED bt_status bt_spread_table_init(const bt_pupil_grid *grid, double lambda_m,
                                          double focus_shift_m, const bt_fourier *fourier,
                                          uint32_t n, bool transfer, bt_spread_table *table);
void bt_spread_table_clear(bt_spread_table *table);
// Energy in a rectangle, in units of 2 lambda N about the image point; what lies off the table is 0.
double bt_spread_table_box(const bt_spread_table *table, double x0, double y0, double x1,
                           double y1);
// Optical transfer at a frequency, cycles per unit: real and imaginary part.
void bt_spread_table_transfer(const bt_spread_table *table, double fx, double fy, double out[2]);
// Half the table's side.
static inline double bt_spread_table_reach(const bt_spread_table *table)
{
    return 0.5 * table->step * table->n;
}

#endif
