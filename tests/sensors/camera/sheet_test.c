// sheet_test.c: sheets from Lua: mosaics, what is refused and by what words, mounts, the shipped rigs.
#include "sensors/camera/optics/windshield_lua.h"
#include "tests/sensors/camera/camera_fixture.h"

// ---- mosaics ------------------------------------------------------------------------------------
// Bands of the first 4 x 4 pixels, and what filters they are.
static void check_mosaic(const char *name, uint32_t band_count, const char *filters,
                         const char *tile)
{
    CHECK_OK(bt_sheet_set_mosaic(&sheet, name));
    CHECK(sheet.band_count == band_count);
    static const char letters[] = "RGBCYcM";
    for (uint32_t band = 0; band < band_count; band++)
        CHECK(letters[sheet.filters[band]] == filters[band]);
    for (uint32_t i = 0; i < 16; i++)
        CHECK(letters[sheet.filters[bt_sheet_band(&sheet, i % 4 + 4, i / 4 + 8)]] == tile[i]);
}

static void test_mosaics(void)
{
    check_mosaic("RGGB", 3, "RGB", "RGRGGBGBRGRGGBGB");
    CHECK(bt_sheet_is_bayer(&sheet));
    check_mosaic("GBRG", 3, "RGB", "GBGBRGRGGBGBRGRG");
    CHECK(bt_sheet_is_bayer(&sheet));
    check_mosaic("RCCB", 3, "RCB", "RCRCCBCBRCRCCBCB");
    check_mosaic("RCCC", 2, "RC", "RCRCCCCCRCRCCCCC");
    check_mosaic("RYYCy", 3, "RYc", "RYRYYcYcRYRYYcYc");
    CHECK(!bt_sheet_is_bayer(&sheet));
    check_mosaic("MONO", 1, "M", "MMMMMMMMMMMMMMMM");
    check_mosaic("RRGGRRGGGGBBGGBB", 3, "RGB", "RRGGRRGGGGBBGGBB"); // four of each colour together
    CHECK(!bt_sheet_is_bayer(&sheet));
    check_mosaic("RGCBGRBCCGRBBCGR", 4, "RGCB", "RGCBGRBCCGRBBCGR");
    check_mosaic("RGRB", 3, "RGB", "RGRGRBRBRGRGRBRB");
    CHECK(!bt_sheet_is_bayer(&sheet));
    static const char *const wrong[] = {"",     "R",       "RGG",   "RGGBB",           "rggb",
                                        "RGBW", "RGBCYCy", "RGGB ", "RGYBCCyRRRRRRRRR"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK(bt_sheet_set_mosaic(&sheet, wrong[i]) == BT_ERR_INPUT);
}

// ---- sheets that are wrong ----------------------------------------------------------------------
static void check_sheet(const char *change, const char *complaint)
{
    bt_status status = load_changed("wrong.lua", change);
    if (!complaint) {
        CHECK_OK(status);
        return;
    }
    CHECK(status == BT_ERR_INPUT);
    if (!strstr(bt_error_message(), complaint)) printf("    %s\n", bt_error_message());
    CHECK_CONTAINS(bt_error_message(), complaint);
    CHECK(strchr(bt_error_message(), '\n') == NULL);
}

static void test_bad_sheets(void)
{
    check_sheet("s.lens.zernike = { value = { { noll = 3, axis_m = 0, edge_m = 0 } } }", "noll");
    check_sheet("s.lens.zernike = { value = { { noll = 4.5, axis_m = 0, edge_m = 0 } } }", "whole");
    check_sheet("s.lens.zernike = { value = { { noll = 5, axis_m = 0 } } }", "edge_m");
    check_sheet("s.lens.surfaces = { from = 'fitted' }", "surfaces.value: missing");
    check_sheet("s.lens.lateral_color = { wavelength_nm = { 500 }, value = { 0.2 } }",
                "lateral_color");
    check_sheet("s.dirt = { dust_cover = 0.1 }", "expected a windshield's sheet");
    check_sheet("s.lens.scatter_slope = 1.6", "lens.scatter_slope");
    check_sheet("s.lens.cx_px = -1", "cx_px: expected 0 to 63, a place on the array, or nothing");
    check_sheet("s.lens.cy_px = { value = 64, from = 'measured' }", "cy_px: expected 0 to 63");
    check_sheet("s.lens.cx_px = 0", NULL);
    check_sheet("", NULL);
    check_sheet("s.array.mosaic = 'MONO'; s.qe = { mono = s.qe.red }", NULL);
    check_sheet("s.array.width_px = nil", "array.width_px: missing");
    check_sheet("s.array.width_px = 64.5", "array.width_px: expected a whole number");
    check_sheet("s.array.width_px = { value = 1e9, from = 'datasheet' }", "width_px.value");
    check_sheet("s.array.width_px = { from = 'datasheet' }", "width_px.value: missing");
    check_sheet("s.array.width_px = { value = 64, from = 'heaven' }", "'datasheet'");
    check_sheet("s.array.mosaic = 'RGXB'", "array.mosaic");
    check_sheet("s.lens.f_number = 0/0", "lens.f_number");
    check_sheet("s.lens.fx_px = nil", "fx_px or focal_length_m");
    check_sheet("s.lens.model = 'sphere'", "'kannala_brandt'");
    check_sheet("s.lens.coefficients = { value = { 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15 } }",
                "at most 14");
    check_sheet("s.lens.coefficients = { value = { 0,0,0,0,0,0,0,0,0,0,0,0,0.1,-0.05 } }", NULL);
    check_sheet("s.lens.coefficients = { value = { 0,0,0,0,0,0,0,0,0,0,0,0,2,0 } }",
                "tilted by less than 1 rad");
    check_sheet("s.lens.model = 'f_theta'; s.lens.coefficients = { value = { 0, 60, -1 } }; "
                "s.lens.affine = { value = { 1.01, 1e-3, 2e-3 } }",
                NULL);
    check_sheet("s.lens.model = 'f_theta'", "k1 of f_theta is 0");
    check_sheet("s.lens.model = 'f_theta'; s.lens.pixeldist_to_angle = { value = { 0, 0.016 } }",
                NULL);
    check_sheet("s.lens.model = 'f_theta'; s.lens.pixeldist_to_angle = { value = { 0, -1 } }",
                "j1 of f_theta is -1 radians a pixel");
    check_sheet("s.lens.model = 'f_theta'; s.lens.pixeldist_to_angle = { value = { 1, 0.016 } }",
                "j0 = 0");
    check_sheet("s.lens.model = 'f_theta'; s.lens.pixeldist_to_angle = { value = { 0, 0.016 } }; "
                "s.lens.coefficients = { value = { 0, 60 } }",
                "either this or coefficients");
    check_sheet("s.lens.pixeldist_to_angle = { value = { 0, 0.016 } }", "unknown key");
    check_sheet("s.lens.model = 'f_theta'; s.lens.coefficients = { value = { 3, 60 } }", "k0 = 0");
    check_sheet("s.lens.model = 'f_theta'; s.lens.coefficients = { value = { 0, 60 } }; "
                "s.lens.affine = { value = { 0, 0, 0 } }",
                "determinant");
    check_sheet("s.lens.focus_m = 1e-4", "lens.focus_m 0.0001");
    check_sheet("s.lens.focus_m = 20 s.lens.focus_shift_m = 5e-6",
                "lens.focus_m 20 and lens.focus_shift_m 5e-06");
    check_sheet("s.lens.blades = 2", "lens.blades 2");
    check_sheet("s.lens.coefficients = { value = { -9e3 } }", "bend the picture back");
    check_sheet("s.lens.focus = 3", "lens.focus: unknown key");
    check_sheet("s.qe.green = nil", "qe.green is missing");
    check_sheet("s.array.mosaic = 'RCCB'", "qe.green: unknown key");
    check_sheet("s.array.mosaic = 'RGCB'", "qe.clear is missing");
    check_sheet("s.qe.green.wavelength_nm = { 1200, 1300 }", "the light that is simulated");
    check_sheet("s.qe.green.wavelength_nm = { 200, 300 }", "the light that is simulated");
    check_sheet("s.qe.green.value = { 1 }", "as many numbers");
    check_sheet("s.qe.green.wavelength_nm = { 700, 400 }", "ascending");
    check_sheet("s.qe.green.value = { 2, 0 }", "qe.green.value");
    check_sheet("s.pixel = nil", "pixel: missing");
    check_sheet("s.readout = { bit_depth = 8, black_level_dn = 200 }", "black_level_dn");
    check_sheet("s.shutter = { exposure_min_s = 0.1, exposure_max_s = 0.01 }", "exposure_min_s");
    check_sheet("s.isp = { white_balance = { value = { 1, 2 } } }", "expected 3 numbers");
    check_sheet("s.isp = { white_balance = { value = { 1, 2, 0 } } }", "at least 0.1");
    check_sheet("s = 3", "expected a table");
    CHECK(bt_camera_sheet_load("cameras/none.lua", roots, 1, &sheet) != BT_OK);
    CHECK_CONTAINS(bt_error_message(), "none.lua");
}

// ---- where cameras are -------------------------------------------------------------------------
static void test_mount(void)
{
    // looking 90 degrees left and 30 down: forward (camera z) is half down, the rest to the left
    bt_pose pose = bt_camera_mount(1.5, 0.2, 1.3, BT_PI / 2.0, BT_PI / 6.0, 0.0);
    bt_vec3 forward = bt_pose_dir(pose, bt_vec3_make(0.0, 0.0, 1.0));
    CHECK_NEAR(forward.x, 0.0, 1e-12);
    CHECK_NEAR(forward.y, sqrt(0.75), 1e-12);
    CHECK_NEAR(forward.z, -0.5, 1e-12);
    bt_vec3 right = bt_pose_dir(pose, bt_vec3_make(1.0, 0.0, 0.0));
    CHECK_NEAR(right.x, 1.0, 1e-12);
    CHECK_NEAR(pose.pos.z, 1.3, 0.0);
}

// Every camera of the shipped rigs has a mount that reads and a sheet that loads.
static void test_rigs(void)
{
    static const char *const rigs[] = {"rigs/front.lua", "rigs/surround.lua",
                                       "rigs/eight_cameras.lua"};
    static const size_t counts[] = {1, 5, 8};
    for (int i = 0; i < 3; i++) {
        bt_script *script;
        bt_script_desc desc = {.roots = roots, .root_count = 1};
        char path[512];
        CHECK_OK(bt_script_create(&desc, &script));
        CHECK_OK(bt_script_find_file(script, rigs[i], path, sizeof path));
        CHECK_OK(bt_script_run_file(script, path, 1));
        bt_table rig, camera, mount;
        bt_table_begin(&rig, bt_script_lua(script), -1, rigs[i], "");
        size_t count = 0;
        for (const char *name; (name = bt_table_key(&rig, count)) != NULL; count++) {
            bt_pose pose;
            CHECK(bt_table_open(&rig, name, &camera));
            bt_status status =
                bt_camera_sheet_load(bt_table_string(&camera, "sheet", NULL), roots, 1, &sheet);
            CHECK_OK(status);
            CHECK(bt_table_number(&camera, "rate_hz", BT_REQUIRED, 1.0, 100.0) == 10.0);
            const char *pane = bt_table_string(&camera, "windshield", "");
            bt_windshield windshield;
            if (pane[0]) CHECK_OK(bt_windshield_load(pane, roots, 1, &windshield));
            CHECK(bt_table_open(&camera, "mount", &mount));
            CHECK_OK(bt_camera_mount_read(&mount, &pose));
            CHECK(pose.pos.z > 0.3 && pose.pos.z < 2.0);
            CHECK_OK(bt_table_end(&camera));
        }
        CHECK(count == counts[i]);
        CHECK_OK(bt_table_end(&rig));
        bt_script_destroy(script);
    }
}

int main(void)
{
    test_rigs();
    test_mosaics();
    test_bad_sheets();
    test_mount();
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
