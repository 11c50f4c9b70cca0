// ghost.h: false images of bright things by two reflections inside the lens, and by a wedged pane.
//
// Between n surfaces there are n (n - 1) / 2 pairs. Each is traced paraxially (matrices of height and
// reduced angle; Hecht, "Optics", 6.2): a far source whose image lies at p pixels from the principal
// point gives a disc, the pupil's shape, whose middle lies at scale * p and whose radius does not
// depend on p; its energy, relative to the direct image, is R_i R_j over what both surfaces let through.
// Left out: stops other than the entrance pupil, aberrations, polarisation, four reflections.
// Threads: pure functions.
#ifndef BT_CAMERA_OPTICS_GHOST_H
#define BT_CAMERA_OPTICS_GHOST_H

#include "engine/core/status.h"

#include <stdint.h>

#define BT_GHOST_MAX_SURFACES 20
#define BT_GHOST_MAX 64

typedef struct bt_lens_surface {
    double radius_m;    // of curvature, positive: middle behind the surface; 0: plane
    double thickness_m; // to the next surface, the last one's: to the sensor
    double index;       // behind it
    double reflectance; // 0 to 1, at the wavelengths seen
} bt_lens_surface;

typedef struct bt_ghost {
    double scale;    // of the direct image's place
    double radius_m; // of the disc on the sensor
    double share;    // of the direct image's energy
} bt_ghost;

// All pairs of the surfaces, strongest first (ties: in the order of pairs); those below `least` of
// the direct image's energy are left out. entrance_m: entrance pupil behind the first surface;
// pupil_radius_m: of it. Gives the focal length by the same matrices. *count: at most BT_GHOST_MAX.
BT_CHECKED bt_status bt_ghosts_trace(const bt_lens_surface *surfaces, uint32_t surface_count,
                                     double entrance_m, double pupil_radius_m, double least,
                                     bt_ghost *ghosts, uint32_t *count, double *focal_m);

// Angle between the image through a pane of this wedge and its double (reflected once inside at each
// face), seen at an incidence: 2 alpha sqrt(n^2 - sin^2) / cos, to first order in the wedge.
double bt_pane_double_angle(double wedge_rad, double incidence_rad, double index);
// Energy of the double image over that of the direct one: the mean of R^2 of both polarisations, each
// weighted by what it passes, (R_s^2 T_s + R_p^2 T_p) / (T_s + T_p), T = (1 - R)^2: unpolarised light,
// clear glass. Polarisation of what comes in is not modelled.
double bt_pane_double_ratio(double incidence_rad, double index);

#endif
