// pupil_mtf.h: modulation transfer that a sheet promises: its pupil's autocorrelation, the blur of what
// is out of focus, the pixel; along a direction of the picture, at one wavelength.
//
// A lens with a point spread from its pupil: |integral P(x + s/2) P*(x - s/2)| over the same at s = 0,
// s = 2 lambda N f (Goodman 2005, 6.4), by quadrature; P of sensors/camera/optics/pupil.h as the sheet
// says, axial colour in its focus. A lens without: the renderer's Gaussian, cut off at 3 sigma and 2
// pixels, by its Hankel transform. What is out of focus is the program's geometric disc on top
// (shaders/shared/pupil.h), bent as the projection bends the chart there: |integral A exp(2 pi i f r x)| over A's area; wave optics would have the
// defocus in P: pupil_mtf_waves gives that, for comparison.
//
// Edges throw light far: from the kink of the transfer at frequency 0, 1 - k |f|, comes a line spread of
// k / (2 pi^2 x^2). What an evaluator's window cuts off of it raises all else that it finds: pupil_mtf_windowed.
//
// Threads: pure functions.
#ifndef BT_BENCH_PUPIL_MTF_H
#define BT_BENCH_PUPIL_MTF_H

#include "sensors/camera/optics/pupil.h"
#include "sensors/camera/sheet.h"

typedef struct pupil_mtf {
    bool gaussian;
    double blur_sigma_px; // of the Gaussian, with the pixel
    double lambda_m, pitch_m;
    // Geometric blur: where on the picture (x, y) light lands that comes through the pupil's rim at (1, 0), at (0, 1).
    double disc_px[2][2];
    bt_exit_pupil pupil;
    double energy; // of it, as the quadrature has it
} pupil_mtf;

// Of a place on the picture, for an upright chart at a distance along the axis (0: infinitely far).
void pupil_mtf_init(const bt_camera_sheet *sheet, double nm, double x_px, double y_px,
                    double distance_m, pupil_mtf *m);
// At f cycles per pixel along (cos, sin) of an angle.
double pupil_mtf_at(const pupil_mtf *m, double f, double angle_rad);
// Defocus by wave optics.
double pupil_mtf_waves(const pupil_mtf *m, double f, double angle_rad);
// What becomes of a transfer, pupil_mtf_at's or pupil_mtf_waves', when an evaluator multiplies the line spread by a
// window: flat within half of `reach_px`, then falling by a cosine; and takes what is left for the whole.
double pupil_mtf_windowed(const pupil_mtf *m, double mtf, double f, double angle_rad,
                          double reach_px);

#endif
