// windshield_test.c: windshield sheets from Lua, their index, where the pane is, what is refused.
#include "sensors/camera/optics/windshield_lua.h"

#include "engine/core/file.h"
#include "sensors/camera/camera_lua.h"
#include "tests/support/check.h"

#include <string.h>

static const char *const roots[] = {"assets"};

static bt_windshield load(const char *name)
{
    bt_windshield shield;
    CHECK_OK(bt_windshield_load(name, roots, 1, &shield));
    return shield;
}

static void test_sheets(void)
{
    bt_windshield clean = load("windshields/laminated.lua");
    CHECK_NEAR(bt_windshield_get(&clean, BT_WINDSHIELD_RAKE_DEG), 60.0, 0.0);
    CHECK_NEAR(bt_windshield_get(&clean, BT_WINDSHIELD_DROP_DENSITY_M2), 0.0, 0.0);
    CHECK(clean.numbers[BT_WINDSHIELD_INDEX].provenance.origin == BT_ORIGIN_DERIVED);
    CHECK(clean.transmission.count == 14 && clean.arc_count == 0);
    bt_windshield worn = load("windshields/worn.lua");
    CHECK(worn.arc_count == 2);
    CHECK_NEAR(worn.arcs[1].to_rad, 110.0 * BT_RAD_PER_DEG, 1e-12);
    bt_windshield rain = load("windshields/rain.lua");
    CHECK_NEAR(bt_windshield_get(&rain, BT_WINDSHIELD_WIPER_PERIOD_S), 1.4, 0.0);
}

// Cauchy from index and Abbe number against the formula they are derived from (Rubin 1985).
static void test_index(void)
{
    bt_windshield shield = load("windshields/laminated.lua");
    for (double nm = 400.0; nm <= 700.0; nm += 20.0) {
        double l2 = 1e-6 * nm * nm;
        double rubin = 1.5130 - 0.003169 * l2 + 0.003962 / l2;
        CHECK_NEAR(bt_windshield_index(&shield, nm), rubin, 6e-4); // Cauchy has no infrared term
    }
    // Schott's BK7: its catalogue gives n_d 1.51680
    shield.has_sellmeier = true;
    const double bk7[6] = {1.03961212,   0.00600069867, 0.231792344,
                           0.0200179144, 1.01046945,    103.560653};
    memcpy(shield.sellmeier, bk7, sizeof bk7);
    CHECK_NEAR(bt_windshield_index(&shield, 587.56), 1.51680, 1e-5);
}

static double angle_deg(bt_vec3 a, bt_vec3 b)
{
    return acos(bt_clamp(bt_vec3_dot(a, b), -1.0, 1.0)) / BT_RAD_PER_DEG;
}

// The pane keeps its place in the car when the camera is turned.
static void test_place(void)
{
    bt_windshield shield = load("windshields/laminated.lua");
    const bt_vec3 z = {0.0, 0.0, 1.0};
    bt_pose cam_from_glass;
    bt_pose level = bt_camera_mount(1.75, 0.0, 1.34, 0.0, 0.0, 0.0);
    CHECK_OK(bt_windshield_place(&shield, level, &cam_from_glass));
    bt_vec3 normal = bt_pose_dir(cam_from_glass, z);
    CHECK_NEAR(angle_deg(normal, z), 60.0, 1e-6);
    CHECK(normal.y < 0.0); // the camera's y is down, the glass leans back
    CHECK_NEAR(cam_from_glass.pos.z, 0.06, 1e-12);
    CHECK_NEAR(hypot(cam_from_glass.pos.x, cam_from_glass.pos.y), 0.0, 1e-12);
    // looking 10 degrees down: further off the normal
    bt_pose down = bt_camera_mount(1.75, 0.0, 1.34, 0.0, 10.0 * BT_RAD_PER_DEG, 0.0);
    CHECK_OK(bt_windshield_place(&shield, down, &cam_from_glass));
    CHECK_NEAR(angle_deg(bt_pose_dir(cam_from_glass, z), z), 70.0, 1e-6);
    // a place in the car
    shield.has_anchor = true;
    shield.anchor_m = (bt_vec3){1.9, 0.1, 1.3};
    CHECK_OK(bt_windshield_place(&shield, level, &cam_from_glass));
    bt_vec3 back = bt_pose_point(level, cam_from_glass.pos);
    CHECK_NEAR(bt_vec3_distance(back, shield.anchor_m), 0.0, 1e-12);
    shield.anchor_m.x = 1.5;
    CHECK(bt_windshield_place(&shield, level, &cam_from_glass) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "in front of the glass");
    shield.has_anchor = false;
    bt_pose back_cam = bt_camera_mount(1.75, 0.0, 1.34, BT_PI, 0.0, 0.0);
    CHECK(bt_windshield_place(&shield, back_cam, &cam_from_glass) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "off the pane's normal");
}

static void check_sheet(const char *change, const char *complaint)
{
    char text[1024];
    snprintf(text, sizeof text,
             "local s = { name = 'x', pane = { rake_deg = 60, thickness_m = 5e-3 }, glass = {} }\n"
             "%s\nreturn s\n",
             change);
    CHECK_OK(bt_folder_make("build/windshield_test"));
    CHECK_OK(bt_file_write("build/windshield_test/sheet.lua", text, strlen(text)));
    bt_windshield shield;
    bt_status status = bt_windshield_load("build/windshield_test/sheet.lua", roots, 1, &shield);
    if (!complaint) {
        CHECK_OK(status);
        return;
    }
    CHECK(status == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), complaint);
    CHECK(strchr(bt_error_message(), '\n') == NULL);
}

static void test_bad_sheets(void)
{
    check_sheet("", NULL);
    check_sheet("s.pane = nil", "pane: missing");
    check_sheet("s.pane.rake_deg = nil", "pane.rake_deg: missing");
    check_sheet("s.pane.rake_deg = 90", "pane.rake_deg");
    check_sheet("s.pane.thickness_m = 0/0", "pane.thickness_m");
    check_sheet("s.pane.radius_vertical_m = 0.1", "pane.radius_vertical_m 0.1: expected 0 (flat)");
    check_sheet("s.pane.wedge_rad = 0.02; s.pane.width_m = 1", "pane.wedge_rad 0.02 over half");
    check_sheet("s.pane.anchor_m = { value = { 1, 2 } }", "pane.anchor_m: expected x, y and z");
    check_sheet("s.pane.anchor_m = { value = { 1, 2, 3 } }; s.pane.distance_m = 0.1", "got both");
    check_sheet("s.pane.tilt_deg = 3", "pane.tilt_deg: unknown key");
    check_sheet("s.glass.index = 0.9", "glass.index");
    check_sheet("s.glass.index = 1.1; s.glass.abbe = 0.5", "glass has index");
    check_sheet("s.glass.sellmeier = { value = { 1, 2, 3 } }", "B1 C1 B2 C2 B3 C3, got 3");
    check_sheet("s.glass.transmission = { wavelength_nm = { 400, 500 }, value = { 2, 1 } }",
                "glass.transmission.value");
    check_sheet("s.film = { model = 'mie' }", "'harvey'");
    check_sheet("s.drops = { diameter_m = 9e-3 }", "drops.diameter_m 0.009 is above");
    check_sheet("s.drops = { contact_deg = 95 }", "drops.contact_deg");
    check_sheet("s.wiper = { period_s = 1 }", "wiper.period_s without wiper.arcs");
    check_sheet("s.wiper = { period_s = 0.5 }", "shorter than two strokes");
    check_sheet("s.wiper = { arcs = { { pivot_m = { 0, 0 }, radius_max_m = 1, from_deg = 3, "
                "to_deg = 3 } } }",
                "wiper.arcs[1] is empty");
    check_sheet("s.wiper = { arcs = { {}, {}, {} } }", "at most 2 wipers");
}

int main(void)
{
    test_sheets();
    test_index();
    test_place();
    test_bad_sheets();
    return check_end();
}
