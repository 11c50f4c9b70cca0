// windshield.c: limits and defaults of a pane's numbers, what must fit together, where it is.
#include "sensors/camera/optics/windshield.h"

#include <string.h>

#define MUST NAN

static const bt_sheet_key_info key_infos[BT_WINDSHIELD_KEY_COUNT] = {
    [BT_WINDSHIELD_RAKE_DEG] = {"pane", "rake_deg", MUST, -80.0, 80.0, false},
    [BT_WINDSHIELD_AZIMUTH_DEG] = {"pane", "azimuth_deg", 0.0, -180.0, 180.0, false},
    [BT_WINDSHIELD_DISTANCE_M] = {"pane", "distance_m", 0.05, 1e-3, 5.0, false},
    [BT_WINDSHIELD_THICKNESS_M] = {"pane", "thickness_m", MUST, 1e-4, 0.1, false},
    [BT_WINDSHIELD_WIDTH_M] = {"pane", "width_m", 0.0, 0.0, 10.0, false},
    [BT_WINDSHIELD_HEIGHT_M] = {"pane", "height_m", 0.0, 0.0, 10.0, false},
    [BT_WINDSHIELD_RADIUS_HORIZONTAL_M] = {"pane", "radius_horizontal_m", 0.0, -1e4, 1e4, false},
    [BT_WINDSHIELD_RADIUS_VERTICAL_M] = {"pane", "radius_vertical_m", 0.0, -1e4, 1e4, false},
    [BT_WINDSHIELD_WEDGE_RAD] = {"pane", "wedge_rad", 0.0, 0.0, 0.05, false},
    [BT_WINDSHIELD_WEDGE_DIRECTION_DEG] = {"pane", "wedge_direction_deg", 90.0, -360.0, 360.0,
                                           false},

    [BT_WINDSHIELD_INDEX] = {"glass", "index", 1.523, 1.0, 3.0, false},
    [BT_WINDSHIELD_ABBE] = {"glass", "abbe", 0.0, 0.0, 200.0, false},

    [BT_WINDSHIELD_SCRATCH_DENSITY_M2] = {"scratches", "density_m2", 0.0, 0.0, 1e8, false},
    [BT_WINDSHIELD_SCRATCH_LENGTH_M] = {"scratches", "length_m", 0.02, 1e-5, 1.0, false},
    [BT_WINDSHIELD_SCRATCH_WIDTH_M] = {"scratches", "width_m", 5e-6, 1e-7, 1e-3, false},
    [BT_WINDSHIELD_SCRATCH_WIDTH_SIGMA] = {"scratches", "width_sigma", 0.0, 0.0, 2.0, false},
    [BT_WINDSHIELD_SCRATCH_OPACITY] = {"scratches", "opacity", 1.0, 0.0, 1.0, false},
    [BT_WINDSHIELD_SCRATCH_DEPTH_M] = {"scratches", "depth_m", 0.0, 0.0, 1e-4, false},
    [BT_WINDSHIELD_SCRATCH_STRAY] = {"scratches", "stray", 0.0, 0.0, 1.0, false},

    [BT_WINDSHIELD_DUST_COVERAGE] = {"dust", "coverage", 0.0, 0.0, 1.0, false},
    [BT_WINDSHIELD_DUST_DIAMETER_M] = {"dust", "diameter_m", 2e-5, 1e-7, 1e-2, false},
    [BT_WINDSHIELD_DUST_DIAMETER_SIGMA] = {"dust", "diameter_sigma", 0.0, 0.0, 2.0, false},
    [BT_WINDSHIELD_DUST_OPACITY] = {"dust", "opacity", 1.0, 0.0, 1.0, false},

    [BT_WINDSHIELD_FILM_SCATTER] = {"film", "scatter", 0.0, 0.0, 1.0, false},
    [BT_WINDSHIELD_FILM_SHOULDER] = {"film", "shoulder", 0.01, 1e-5, 1.0, false},
    [BT_WINDSHIELD_FILM_SLOPE] = {"film", "slope", -2.0, -10.0, -0.1, false},

    [BT_WINDSHIELD_FOG_COVERAGE] = {"fog", "coverage", 0.0, 0.0, 1.0, false},
    [BT_WINDSHIELD_FOG_DIAMETER_M] = {"fog", "diameter_m", 2e-5, 1e-7, 1e-3, false},
    [BT_WINDSHIELD_FOG_DIAMETER_SIGMA] = {"fog", "diameter_sigma", 0.0, 0.0, 2.0, false},

    [BT_WINDSHIELD_DROP_DENSITY_M2] = {"drops", "density_m2", 0.0, 0.0, 2e5, false},
    [BT_WINDSHIELD_DROP_RATE_M2_S] = {"drops", "rate_m2_s", 0.0, 0.0, 1e6, false},
    [BT_WINDSHIELD_DROP_DIAMETER_M] = {"drops", "diameter_m", 2e-3, 1e-5, 2e-2, false},
    [BT_WINDSHIELD_DROP_DIAMETER_SIGMA] = {"drops", "diameter_sigma", 0.0, 0.0, 1.0, false},
    [BT_WINDSHIELD_DROP_DIAMETER_MAX_M] = {"drops", "diameter_max_m", 8e-3, 1e-5, 2e-2, false},
    [BT_WINDSHIELD_DROP_CONTACT_DEG] = {"drops", "contact_deg", 40.0, 1.0, 89.0, false},
    [BT_WINDSHIELD_DROP_STRETCH] = {"drops", "stretch", 1.0, 1.0, 3.0, false},
    [BT_WINDSHIELD_DROP_STRETCH_SIGMA] = {"drops", "stretch_sigma", 0.0, 0.0, 1.0, false},
    [BT_WINDSHIELD_DROP_INDEX] = {"drops", "index", 1.333, 1.0, 2.0, false},

    [BT_WINDSHIELD_WIPER_PERIOD_S] = {"wiper", "period_s", 0.0, 0.0, 3600.0, false},
    [BT_WINDSHIELD_WIPER_STROKE_S] = {"wiper", "stroke_s", 0.5, 0.05, 60.0, false},
    [BT_WINDSHIELD_WIPER_FIRST_S] = {"wiper", "first_s", 0.0, -3600.0, 3600.0, false},
    [BT_WINDSHIELD_WIPER_BLADE_M] = {"wiper", "blade_m", 0.012, 1e-3, 0.1, false},
};

const bt_sheet_key_info *bt_windshield_key_get(bt_windshield_key key)
{
    return &key_infos[key];
}

void bt_windshield_init(bt_windshield *shield)
{
    memset(shield, 0, sizeof *shield);
    for (int key = 0; key < BT_WINDSHIELD_KEY_COUNT; key++)
        shield->numbers[key].value = key_infos[key].fallback;
}

// ---- what must fit together -------------------------------------------------------------------
static bt_status check_curvature(const bt_windshield *shield, bt_windshield_key key)
{
    double radius = fabs(bt_windshield_get(shield, key));
    double least = 0.2; // chosen: no window is rounder; also thicker than thick glass
    if (radius == 0.0 || radius >= least) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "%s: pane.%s %g: expected 0 (flat) or at least %g either way",
                   shield->name, key_infos[key].key, bt_windshield_get(shield, key), least);
}

// A wedge must not bring the surfaces together within a pane whose size is known.
static bt_status check_wedge(const bt_windshield *shield)
{
    double half = 0.5 * hypot(bt_windshield_get(shield, BT_WINDSHIELD_WIDTH_M),
                              bt_windshield_get(shield, BT_WINDSHIELD_HEIGHT_M));
    double wedge = bt_windshield_get(shield, BT_WINDSHIELD_WEDGE_RAD);
    double thick = bt_windshield_get(shield, BT_WINDSHIELD_THICKNESS_M);
    if (half * wedge < thick) return BT_OK;
    return bt_fail(BT_ERR_INPUT,
                   "%s: pane.wedge_rad %g over half its diagonal of %g m is more than "
                   "pane.thickness_m %g",
                   shield->name, wedge, half, thick);
}

static bt_status check_index(const bt_windshield *shield)
{
    static const double ends_nm[] = {350.0, 1100.0};
    for (int i = 0; i < 2; i++) {
        double n = bt_windshield_index(shield, ends_nm[i]);
        if (!(n >= 1.0 && n <= 4.0))
            return bt_fail(BT_ERR_INPUT,
                           "%s: glass has index %g at %g nm: expected 1 to 4 (see index, abbe, "
                           "sellmeier)",
                           shield->name, n, ends_nm[i]);
    }
    return BT_OK;
}

static bt_status check_wiper(const bt_windshield *shield)
{
    double period = bt_windshield_get(shield, BT_WINDSHIELD_WIPER_PERIOD_S);
    double stroke = bt_windshield_get(shield, BT_WINDSHIELD_WIPER_STROKE_S);
    if (period > 0.0 && period < 2.0 * stroke)
        return bt_fail(BT_ERR_INPUT,
                       "%s: wiper.period_s %g is shorter than two strokes of %g s (0: no wiping)",
                       shield->name, period, stroke);
    if (period > 0.0 && shield->arc_count == 0)
        return bt_fail(BT_ERR_INPUT, "%s: wiper.period_s without wiper.arcs", shield->name);
    for (uint32_t i = 0; i < shield->arc_count; i++) {
        const bt_windshield_arc *arc = &shield->arcs[i];
        if (arc->radius_min_m < arc->radius_max_m && arc->from_rad != arc->to_rad) continue;
        return bt_fail(BT_ERR_INPUT,
                       "%s: wiper.arcs[%u] is empty: expected radius_min_m < radius_max_m and "
                       "from_deg other than to_deg",
                       shield->name, (unsigned)i + 1);
    }
    return BT_OK;
}

static bt_status check_drops(const bt_windshield *shield)
{
    double most = bt_windshield_get(shield, BT_WINDSHIELD_DROP_DIAMETER_MAX_M);
    double median = bt_windshield_get(shield, BT_WINDSHIELD_DROP_DIAMETER_M);
    double crowd = bt_windshield_get(shield, BT_WINDSHIELD_DROP_DENSITY_M2) * most * most;
    if (crowd > 4.0)
        return bt_fail(BT_ERR_INPUT,
                       "%s: drops.density_m2 times the square of drops.diameter_max_m is %g: "
                       "expected at most 4",
                       shield->name, crowd);
    if (median <= most) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "%s: drops.diameter_m %g is above drops.diameter_max_m %g",
                   shield->name, median, most);
}

bt_status bt_windshield_check(const bt_windshield *shield)
{
    bt_status status = check_curvature(shield, BT_WINDSHIELD_RADIUS_HORIZONTAL_M);
    if (status == BT_OK) status = check_curvature(shield, BT_WINDSHIELD_RADIUS_VERTICAL_M);
    if (status == BT_OK) status = check_wedge(shield);
    if (status == BT_OK) status = check_index(shield);
    if (status == BT_OK) status = check_wiper(shield);
    if (status == BT_OK) status = check_drops(shield);
    return status;
}

// ---- index ------------------------------------------------------------------------------------
// Fraunhofer's lines d, F and C, in micrometres.
#define LINE_D_UM 0.58756
#define LINE_F_UM 0.48613
#define LINE_C_UM 0.65627

static double sellmeier(const double *c, double um)
{
    double l2 = um * um, n2 = 1.0;
    for (int i = 0; i < 3; i++)
        n2 += c[2 * i] * l2 / (l2 - c[2 * i + 1]);
    return sqrt(n2);
}

double bt_windshield_index(const bt_windshield *shield, double wavelength_nm)
{
    double um = 1e-3 * wavelength_nm;
    if (shield->has_sellmeier) return sellmeier(shield->sellmeier, um);
    double index = bt_windshield_get(shield, BT_WINDSHIELD_INDEX);
    double abbe = bt_windshield_get(shield, BT_WINDSHIELD_ABBE);
    if (abbe <= 0.0) return index;
    double b =
        (index - 1.0) / (abbe * (1.0 / (LINE_F_UM * LINE_F_UM) - 1.0 / (LINE_C_UM * LINE_C_UM)));
    return index + b * (1.0 / (um * um) - 1.0 / (LINE_D_UM * LINE_D_UM));
}

// ---- place ------------------------------------------------------------------------------------
// Vehicle from glass: z the outward normal, x to the right as seen from within, y down the pane.
static bt_quat vehicle_from_glass(const bt_windshield *shield)
{
    double rake = bt_windshield_get(shield, BT_WINDSHIELD_RAKE_DEG) * BT_RAD_PER_DEG;
    double azimuth = bt_windshield_get(shield, BT_WINDSHIELD_AZIMUTH_DEG) * BT_RAD_PER_DEG;
    // raked glass leans back: its outward normal points up
    bt_quat turned = bt_quat_yaw_pitch_roll(azimuth, -rake, 0.0);
    return bt_quat_mul(turned, bt_quat_vehicle_from_camera());
}

bt_status bt_windshield_place(const bt_windshield *shield, bt_pose vehicle_from_cam,
                              bt_pose *cam_from_glass)
{
    bt_quat turned = vehicle_from_glass(shield);
    bt_vec3 normal = bt_quat_rotate(turned, (bt_vec3){0.0, 0.0, 1.0});
    bt_vec3 axis = bt_pose_dir(vehicle_from_cam, (bt_vec3){0.0, 0.0, 1.0});
    double facing = bt_vec3_dot(axis, normal);
    if (facing < 0.05)
        return bt_fail(BT_ERR_INPUT,
                       "%s: the camera looks %.1f degrees off the pane's normal (pane.rake_deg, "
                       "pane.azimuth_deg): expected less than 87",
                       shield->name, acos(bt_clamp(facing, -1.0, 1.0)) / BT_RAD_PER_DEG);
    double distance = bt_windshield_get(shield, BT_WINDSHIELD_DISTANCE_M);
    bt_vec3 anchor = bt_vec3_mad(vehicle_from_cam.pos, axis, distance);
    if (shield->has_anchor) anchor = shield->anchor_m;
    double ahead = bt_vec3_dot(bt_vec3_sub(anchor, vehicle_from_cam.pos), normal);
    if (ahead < 1e-3)
        return bt_fail(BT_ERR_INPUT,
                       "%s: the camera is %g m in front of the glass (pane.anchor_m): expected at "
                       "least 1 mm behind it",
                       shield->name, -ahead);
    bt_pose vehicle = {anchor, turned};
    *cam_from_glass = bt_pose_mul(bt_pose_inverse(vehicle_from_cam), vehicle);
    return BT_OK;
}
