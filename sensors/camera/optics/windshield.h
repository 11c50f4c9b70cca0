// windshield.h: a pane of glass in front of a camera and what is on it: a data sheet with origins.
//
// Lua files in assets/windshields; windshield_lua.h reads them. One sheet serves both halves of the
// optics: the geometry of rays (shaders/shared/shield.h: refraction, transmission, drops, wiper) and
// the wave optics of the point spread (wedge ghost, scratches, dust, film, fog on the glass).
//
// Glass frame: origin at the anchor on the inner surface, x to the right and y down as the driver
// sees it, z the outward normal there. On the glass the sheet speaks of (u, v) = (x, -y): right, up;
// angles on the glass in degrees, 0 to the right, 90 up.
// The pane is fixed to the car: rake and azimuth are in the vehicle frame (ISO 8855), so that a
// camera's own yaw, pitch and roll change how it sees the glass.
//
// One homogeneous plate: the plastic layer within laminated glass (index 1.48 against 1.52) reflects
// 1.7e-4 at each side and is left out; its tint is in pane.transmission.
//
// Ownership: a plain value, copied whole. Threads: constant once read.
#ifndef BT_CAMERA_OPTICS_WINDSHIELD_H
#define BT_CAMERA_OPTICS_WINDSHIELD_H

#include "engine/math/pose.h"
#include "sensors/camera/sheet.h"

// Named section.key in Lua and JSON; limits and defaults stand in windshield.c.
typedef enum bt_windshield_key {
    BT_WINDSHIELD_RAKE_DEG,    // pane.*: of the glass from the vertical, at the anchor; 0: upright
    BT_WINDSHIELD_AZIMUTH_DEG, // where the outward normal points, from straight ahead to the left
    BT_WINDSHIELD_DISTANCE_M,  // entrance pupil to inner surface along the camera's axis; the
    // anchor is where that axis meets the glass, unless anchor_m is given
    BT_WINDSHIELD_THICKNESS_M,
    BT_WINDSHIELD_WIDTH_M, // clear part, about the anchor; 0: without end
    BT_WINDSHIELD_HEIGHT_M,
    BT_WINDSHIELD_RADIUS_HORIZONTAL_M, // of the middle surface; above 0: bulges outward; 0: flat
    BT_WINDSHIELD_RADIUS_VERTICAL_M,
    BT_WINDSHIELD_WEDGE_RAD,           // angle between the surfaces
    BT_WINDSHIELD_WEDGE_DIRECTION_DEG, // on the glass, where it thickens

    BT_WINDSHIELD_INDEX, // glass.*: refractive index at 587.6 nm
    BT_WINDSHIELD_ABBE,  // (n_d - 1) / (n_F - n_C); 0: no dispersion

    BT_WINDSHIELD_SCRATCH_DENSITY_M2, // scratches.*: of the wipers, along their arcs
    BT_WINDSHIELD_SCRATCH_LENGTH_M,
    BT_WINDSHIELD_SCRATCH_WIDTH_M,     // median
    BT_WINDSHIELD_SCRATCH_WIDTH_SIGMA, // of the logarithm
    BT_WINDSHIELD_SCRATCH_OPACITY,     // share of the light over it that is taken out of the beam
    BT_WINDSHIELD_SCRATCH_DEPTH_M,     // a groove's phase is 2 pi (n - 1) depth / lambda
    BT_WINDSHIELD_SCRATCH_STRAY,       // share that lies anyhow, not along an arc

    BT_WINDSHIELD_DUST_COVERAGE, // dust.*: share of the area
    BT_WINDSHIELD_DUST_DIAMETER_M,
    BT_WINDSHIELD_DUST_DIAMETER_SIGMA,
    BT_WINDSHIELD_DUST_OPACITY,

    // film.*: grease and haze: share of the light scattered, with
    // p(theta) ~ [1 + (sin theta / shoulder)^2]^(slope / 2)          (harvey)
    // p(theta) ~ 1 / (shoulder^-slope + sin theta^-slope)            (abg: B = shoulder^-slope)
    BT_WINDSHIELD_FILM_SCATTER,
    BT_WINDSHIELD_FILM_SHOULDER, // sine
    BT_WINDSHIELD_FILM_SLOPE,    // below 0

    BT_WINDSHIELD_FOG_COVERAGE, // fog.*: droplets of condensed water: share of the area
    BT_WINDSHIELD_FOG_DIAMETER_M,
    BT_WINDSHIELD_FOG_DIAMETER_SIGMA,

    BT_WINDSHIELD_DROP_DENSITY_M2, // drops.*: rain on the outside, long after the wiper has passed
    BT_WINDSHIELD_DROP_RATE_M2_S,  // drops that land; density(t) = d (1 - exp(-rate t / d))
    BT_WINDSHIELD_DROP_DIAMETER_M, // of the wetted circle: median
    BT_WINDSHIELD_DROP_DIAMETER_SIGMA,
    BT_WINDSHIELD_DROP_DIAMETER_MAX_M,
    BT_WINDSHIELD_DROP_CONTACT_DEG, // contact angle of a round one, below 90: spherical caps
    BT_WINDSHIELD_DROP_STRETCH,     // length over width, downhill: of ellipses of the circle's area
    BT_WINDSHIELD_DROP_STRETCH_SIGMA, // spread of its logarithm, in any direction
    BT_WINDSHIELD_DROP_INDEX,

    BT_WINDSHIELD_WIPER_PERIOD_S, // wiper.*: from one sweep's start to the next one's; 0: never
    BT_WINDSHIELD_WIPER_STROKE_S, // of a stroke, out or back; a sweep is both
    BT_WINDSHIELD_WIPER_FIRST_S,  // a sweep starts at this time of the scenario (may be below 0)
    BT_WINDSHIELD_WIPER_BLADE_M,  // width of the blade
    BT_WINDSHIELD_KEY_COUNT
} bt_windshield_key;

const bt_sheet_key_info *bt_windshield_key_get(bt_windshield_key key);

// One wiper: its tip and heel run on circles about a pivot, from from_rad to to_rad (out, then back).
typedef struct bt_windshield_arc {
    double pivot_m[2]; // (u, v) on the glass
    double radius_min_m, radius_max_m;
    double from_rad, to_rad;
} bt_windshield_arc;

#define BT_WINDSHIELD_MAX_ARCS 2

typedef enum bt_windshield_film {
    BT_WINDSHIELD_HARVEY,
    BT_WINDSHIELD_ABG,
} bt_windshield_film;

typedef struct bt_windshield {
    char name[64];
    char description[256];
    bt_sheet_number numbers[BT_WINDSHIELD_KEY_COUNT];
    bool has_anchor;
    bt_vec3 anchor_m; // in the vehicle frame
    bt_provenance anchor_provenance;
    // Sellmeier: n^2 = 1 + sum B_i l^2 / (l^2 - C_i), l in micrometres: B1 C1 B2 C2 B3 C3. Takes the
    // place of index and abbe.
    bool has_sellmeier;
    double sellmeier[6];
    bt_provenance sellmeier_provenance;
    bt_sheet_curve transmission; // internal, straight through the thickness, against nm; absent: 1
    bt_windshield_film film;
    uint32_t arc_count;
    bt_windshield_arc arcs[BT_WINDSHIELD_MAX_ARCS];
    bt_provenance arc_provenance;
} bt_windshield;

static inline double bt_windshield_get(const bt_windshield *shield, bt_windshield_key key)
{
    return shield->numbers[key].value;
}

// Fallbacks everywhere, no name.
void bt_windshield_init(bt_windshield *shield);
// Checks numbers against one another: BT_ERR_INPUT names what does not fit.
BT_CHECKED bt_status bt_windshield_check(const bt_windshield *shield);

// Refractive index at a wavelength. From index and abbe by Cauchy's n = A + B / l^2.
double bt_windshield_index(const bt_windshield *shield, double wavelength_nm);

// Glass frame to camera frame, for a camera mounted so. BT_ERR_INPUT when the camera does not look
// through the pane: the axis passes it by or the pupil is in front of or within the glass.
BT_CHECKED bt_status bt_windshield_place(const bt_windshield *shield, bt_pose vehicle_from_cam,
                                         bt_pose *cam_from_glass);

#endif
