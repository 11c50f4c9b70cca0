// shield.h: a windshield sheet and a mount as what rays need of them; and the glass's ghost in closed
// form.
//
// The shading side is shaders/shared/shield.h; this one is in double and runs when a camera is made.
// Threads: pure functions.
#ifndef BT_CAMERA_OPTICS_SHIELD_H
#define BT_CAMERA_OPTICS_SHIELD_H

#include "engine/render/view.h"
#include "sensors/camera/optics/windshield.h"

// Wavelength whose index rays bend by: the middle of what is seen.
#define BT_SHIELD_BEND_NM 550.0

// `seed`: of the drops. Fills the view's shield and glass; what bt_view_shield says of time is that of
// time 0. BT_ERR_INPUT: bt_windshield_place.
BT_CHECKED bt_status bt_shield_make(const bt_windshield *windshield, bt_pose vehicle_from_cam,
                                    uint32_t seed, bt_shield *shield,
                                    float glass[2 * BT_SPECTRUM_BINS]);

// The ghost: light mirrored at the outer face, then at the inner one, beside what comes straight. Its
// image is turned by the angle that the two faces make there:
//     delta = 2 a sqrt(n^2 - sin^2 t) / cos t   (a: wedge in the plane of incidence; 2 n a at t = 0)
// and, where the glass is curved, by what the displaced ray meets (both traced, see below).
double bt_shield_ghost_angle(double wedge_rad, double index, double incidence_rad);
// Its energy over that of the straight light, unpolarised: mean over s and p of (1 - R)^2 R^2 over the
// mean of (1 - R)^2; times the square of one more inner passage's transmittance where glass is tinted.
double bt_shield_ghost_ratio(double index, double incidence_rad);
// Share that comes straight through a clear plate, unpolarised: mean of (1 - R)^2.
double bt_shield_straight_ratio(double index, double incidence_rad);

typedef struct bt_shield_ghost {
    bool open;               // false: the pane is missed, or the ghost leaves it
    bt_vec3 straight, ghost; // directions, camera frame, of far points that land on the same place
    double incidence_rad;    // at the outer face
    double ratio;            // energy of the ghost over the straight light's, absorption included
} bt_shield_ghost;

// Traces both from a point of the pupil along a direction (camera frame) for a wavelength, in double.
bt_shield_ghost bt_shield_ghost_trace(const bt_windshield *windshield, bt_pose cam_from_glass,
                                      bt_vec3 pupil_cam, bt_vec3 dir_cam, double wavelength_nm);

#endif
