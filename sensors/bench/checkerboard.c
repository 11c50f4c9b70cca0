// checkerboard.c: views of a board for calibration, with the true places of its corners; and a board
// that passes by, whose skew tells the time between rows.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/image/png.h"
#include "engine/spectrum/spectrum.h"

#define CORNERS_X 9 // inner ones
#define CORNERS_Y 6
#define SQUARE_M 0.1
#define MARGIN 1 // light squares around the board, so that its outline is seen
#define KEY 0.8  // chosen: of saturation, the light squares

// ---- the board --------------------------------------------------------------------------------
// In its own plane, z = 0, x right, y down, its middle at the origin.
static void hang_board(lab *l, double z_m, double radiance, const bt_vec3 *velocity_m_s)
{
    enum { ACROSS = CORNERS_X + 1 + 2 * MARGIN, DOWN = CORNERS_Y + 1 + 2 * MARGIN };
    bt_vec3 corners[ACROSS * DOWN * 6];
    uint32_t materials[ACROSS * DOWN * 2], count = 0;
    float d65[BT_SPECTRUM_BINS];
    double nm[BT_SPECTRUM_BINS], values[BT_SPECTRUM_BINS];
    for (unsigned i = 0; i < BT_SPECTRUM_BINS; i++) {
        d65[i] = bt_illuminant_d65[i];
        nm[i] = bt_spectrum_bin_nm(i);
        values[i] = (double)d65[i];
    }
    uint32_t light = lab_lamp(l, lab_spectrum(l, nm, values, BT_SPECTRUM_BINS), radiance);
    uint32_t dark = lab_matte(l, lab_flat(l, 0.0));
    for (int y = 0; y < DOWN; y++)
        for (int x = 0; x < ACROSS; x++) {
            bool inside = x >= MARGIN && y >= MARGIN && x < ACROSS - MARGIN && y < DOWN - MARGIN;
            double x0 = (x - 0.5 * ACROSS) * SQUARE_M, y0 = (y - 0.5 * DOWN) * SQUARE_M;
            bt_vec3 a = {x0, y0, z_m}, c = {x0 + SQUARE_M, y0 + SQUARE_M, z_m};
            bt_vec3 b = {c.x, a.y, z_m}, d = {a.x, c.y, z_m};
            bt_vec3 six[6] = {a, d, c, a, c, b};
            memcpy(&corners[3 * count], six, sizeof six);
            materials[count] = inside && (x + y) % 2 == 0 ? dark : light;
            materials[count + 1] = materials[count];
            count += 2;
        }
    lab_mesh(l, corners, materials, count, velocity_m_s);
}

static bt_vec3 board_corner(int x, int y)
{
    return (bt_vec3){(x - 0.5 * (CORNERS_X - 1)) * SQUARE_M, (y - 0.5 * (CORNERS_Y - 1)) * SQUARE_M,
                     0.0};
}

// ---- poses ------------------------------------------------------------------------------------
static double random_number(const bench *b, uint32_t pose, uint32_t dim, double low, double high)
{
    return bt_random_range(b->desc->seed, BT_STREAM_TEST, pose, dim, low, high);
}

static bool board_fits(const bench *b, const bt_camera_sheet *lens, bt_pose cam_from_board)
{
    for (int y = -1; y <= CORNERS_Y; y++)
        for (int x = -1; x <= CORNERS_X; x++) {
            double px, py;
            bt_vec3 at = bt_pose_point(cam_from_board, board_corner(x, y));
            if (at.z < 0.1) return false;
            bench_project(lens, at, &px, &py);
            if (px < 2.0 || py < 2.0 || px > b->width_px - 3.0 || py > b->height_px - 3.0)
                return false;
        }
    return true;
}

// A pose whose board is in the picture: turned up to 35 degrees, at some place of the field.
static bt_pose pick_pose(const bench *b, const bt_camera_sheet *lens, uint32_t number)
{
    bt_pose pose = BT_POSE_IDENTITY;
    for (uint32_t attempt = 0; attempt < 4000; attempt++) {
        uint32_t dim = attempt * 8;
        double far = attempt < 2000 ? 1.0 : 1.5; // nearer boards first: they fill the picture
        double focal = bt_sheet_get(lens, BT_SHEET_FX_PX);
        double z = focal * CORNERS_X * SQUARE_M /
                   (b->width_px * random_number(b, number, dim, 0.4, 0.75)) * far;
        double u = random_number(b, number, dim + 1, 0.15, 0.85) * b->width_px;
        double v = random_number(b, number, dim + 2, 0.15, 0.85) * b->height_px;
        bt_vec3 way = bench_unproject(lens, u, v);
        bt_quat turn = bt_quat_mul(
            bt_quat_axis_angle((bt_vec3){1, 0, 0}, random_number(b, number, dim + 3, -0.6, 0.6)),
            bt_quat_mul(bt_quat_axis_angle((bt_vec3){0, 1, 0},
                                           random_number(b, number, dim + 4, -0.6, 0.6)),
                        bt_quat_axis_angle((bt_vec3){0, 0, 1},
                                           random_number(b, number, dim + 5, -0.4, 0.4))));
        pose = (bt_pose){bt_vec3_scale(way, z), turn};
        if (board_fits(b, lens, pose)) return pose;
    }
    return (bt_pose){{0, 0, 3.0 * SQUARE_M * CORNERS_X}, BT_QUAT_IDENTITY};
}

// The board is the room: the camera is put where it sees the board as the pose says.
static bt_pose room_pose(bt_pose cam_from_board)
{
    bt_quat view = bt_quat_vehicle_from_camera();
    bt_pose board_from_cam = bt_pose_inverse(cam_from_board);
    bt_pose room_from_cam = {bt_quat_rotate(view, board_from_cam.pos),
                             bt_quat_mul(view, board_from_cam.rot)};
    // the stand's own axes: x ahead
    room_from_cam.rot = bt_quat_mul(room_from_cam.rot, bt_quat_conjugate(view));
    return room_from_cam;
}

// ---- files ------------------------------------------------------------------------------------
// One plane of grey: the mean of the developed picture's channels.
static bt_status write_view(const bench *b, bench_shot *shot, const char *name)
{
    size_t pixels = (size_t)b->width_px * b->height_px;
    char path[4096];
    uint8_t *rgb = bt_alloc(pixels, 3);
    if (!rgb) return bt_fail(BT_ERR_MEMORY, "no memory to develop %zu pixels", pixels);
    bt_status status = bt_camera_develop(shot->camera, &shot->state, shot->raw, b->desc->jobs, rgb);
    for (size_t i = 0; i < pixels; i++)
        rgb[i] = (uint8_t)((rgb[3 * i] + 2u * rgb[3 * i + 1] + rgb[3 * i + 2] + 2u) / 4u);
    if (status == BT_OK) status = bt_path_join(path, sizeof path, b->desc->out, name);
    if (status == BT_OK) status = bt_png_write_u8(path, b->width_px, b->height_px, 1, rgb);
    bt_free(rgb);
    return status;
}

static void print_corners(bench_text *table, const bt_camera_sheet *lens, uint32_t number,
                          bt_pose cam_from_board)
{
    for (int y = 0; y < CORNERS_Y; y++)
        for (int x = 0; x < CORNERS_X; x++) {
            double px, py;
            bt_vec3 at = board_corner(x, y);
            bench_project(lens, bt_pose_point(cam_from_board, at), &px, &py);
            bench_print(table, "%u,%d,%d,%.6f,%.6f,%.9f,%.9f\n", number, x, y, at.x, at.y, px, py);
        }
}

// Radiance of D65's table that brings the light squares to KEY of saturation.
static double board_radiance(const bench *b, const bench_shot *shot)
{
    double most = 0.0;
    for (uint32_t band = 0; band < b->truth.band_count; band++)
        most = fmax(most, bench_rate_e_s(b, band, bt_illuminant_d65, NULL));
    return KEY * bench_saturation_e(&b->truth, shot->state.exposure.analog_gain) /
           (most * shot->state.exposure.exposure_s);
}

static bt_status add_lens_truth(bench *b, const bt_camera_sheet *lens)
{
    static const struct {
        const char *name;
        bt_sheet_key key;
    } keys[] = {{"fx", BT_SHEET_FX_PX},
                {"fy", BT_SHEET_FY_PX},
                {"cx", BT_SHEET_CX_PX},
                {"cy", BT_SHEET_CY_PX}};
    bt_status status = BT_OK;
    for (size_t i = 0; i < 4 && status == BT_OK; i++)
        status = bench_add(b, keys[i].name, bt_lens_model_get(lens->lens_kind)->name, "px",
                           bt_sheet_get(lens, keys[i].key), 0.5, 0.5, NAN, NAN);
    for (int i = 0; i < 8 && status == BT_OK; i++) {
        char name[16];
        snprintf(name, sizeof name, "k[%d]", i);
        status = bench_add(b, "coefficient", name, "", (double)lens->lens_k[i], 1e9, 1e9, NAN, NAN);
    }
    if (status == BT_OK)
        status = bench_add(b, "calibration_rms", "all", "px", 0.0, 0.05, 0.05, NAN, NAN);
    if (status == BT_OK)
        status = bench_add(b, "radius_error", "all", "px", 0.0, 0.15, 0.15, NAN, NAN);
    return status;
}

static bt_status plot_distortion(bench *b, const bt_camera_sheet *lens)
{
    size_t plot;
    bt_status status =
        bench_plot_begin(b, "Radius against field angle", "degrees", "pixels", false, false, &plot);
    double x, y, cx = bt_sheet_get(lens, BT_SHEET_CX_PX), cy = bt_sheet_get(lens, BT_SHEET_CY_PX);
    for (int i = 0; i <= 60 && status == BT_OK; i++) {
        double theta = 0.01 * i;
        bench_project(lens, (bt_vec3){sin(theta), 0, cos(theta)}, &x, &y);
        status =
            bench_plot_add(b, plot, "truth", true, theta / BT_RAD_PER_DEG, hypot(x - cx, y - cy));
    }
    return status;
}

bt_status bench_checkerboard(bench *b)
{
    lab l;
    bench_shot shot;
    bt_camera_sheet lens;
    bench_text table = {0};
    bench_scale_lens(&b->truth, b->width_px, b->height_px, &lens);
    bt_status status = bench_shot_begin(b, &shot);
    lab_begin(&l, b);
    l.max_depth = 1; // what shines reflects nothing
    if (status == BT_OK) hang_board(&l, 0.0, board_radiance(b, &shot), NULL);
    lab_finish(&l);
    bench_print(&table, "view,corner_x,corner_y,board_x_m,board_y_m,x_px,y_px\n");
    for (uint32_t i = 0; i < b->steps && status == BT_OK; i++) {
        bt_film *film = NULL;
        char name[32];
        bt_pose pose = pick_pose(b, &lens, i), place = room_pose(pose);
        snprintf(name, sizeof name, "view_%02u.png", i);
        status = lab_film(&l, shot.camera, &shot.view, &place, i, &film, NULL);
        if (status == BT_OK) status = bench_shot_read(b, &shot, film, 1);
        if (status == BT_OK) status = write_view(b, &shot, name);
        print_corners(&table, &lens, i, pose);
        bt_film_destroy(film);
    }
    lab_clear(&l);
    bench_shot_clear(&shot);
    if (status == BT_OK) status = add_lens_truth(b, &lens);
    if (status == BT_OK) status = plot_distortion(b, &lens);
    bt_status written = bench_text_write(b, &table, "corners.csv");
    return status != BT_OK ? status : written;
}

// ---- passing by -------------------------------------------------------------------------------
#define PASS_M 2.0        // distance
#define PASS_SKEW_PX 60.0 // chosen: over the read-out, so that a thousandth of it is measurable
#define SHIFT_PX 40.0     // between the two pictures at rest
#define BAR_PX 24.0       // half the bar's width

static bt_status photograph_bar(bench *b, bench_shot *shot, double at_px, double speed_m_s,
                                uint64_t number, const char *name)
{
    lab l;
    bt_film *film = NULL;
    double focal = bt_sheet_get(&b->truth, BT_SHEET_FX_PX), px_m = PASS_M / focal;
    double x = (at_px - bt_sheet_get(&b->truth, BT_SHEET_CX_PX)) * px_m;
    bt_vec3 velocity = {speed_m_s, 0, 0};
    lab_begin(&l, b);
    l.max_depth = 1; // what shines reflects nothing
    double electrons = 0.0;
    for (uint32_t band = 0; band < b->truth.band_count; band++)
        electrons = fmax(electrons, bench_rate_e_s(b, band, bt_illuminant_d65, NULL));
    double nm[BT_SPECTRUM_BINS], values[BT_SPECTRUM_BINS];
    for (unsigned i = 0; i < BT_SPECTRUM_BINS; i++) {
        nm[i] = bt_spectrum_bin_nm(i);
        values[i] = (double)bt_illuminant_d65[i];
    }
    uint32_t lamp =
        lab_lamp(&l, lab_spectrum(&l, nm, values, BT_SPECTRUM_BINS), board_radiance(b, shot));
    double w = BAR_PX * px_m, h = 2.0 * PASS_M;
    bt_vec3 a = {x - w, -h, PASS_M}, c = {x + w, h, PASS_M}, p = {c.x, a.y, PASS_M},
            q = {a.x, c.y, PASS_M};
    bt_vec3 six[6] = {a, q, c, a, c, p};
    uint32_t materials[2] = {lamp, lamp};
    lab_mesh(&l, six, materials, 2, &velocity);
    lab_finish(&l);
    bt_status status = lab_film(&l, shot->camera, &shot->view, NULL, number, &film, NULL);
    if (status == BT_OK) status = bench_shot_read(b, shot, film, 1);
    if (status == BT_OK) status = bench_write_tiff(b, name, b->width_px, b->height_px, shot->raw);
    bt_film_destroy(film);
    lab_clear(&l);
    return status;
}

bt_status bench_rolling(bench *b)
{
    bench_shot shot;
    bench_text table = {0};
    double row_s = bt_sheet_get(&b->truth, BT_SHEET_ROW_TIME_S);
    if (!(row_s > 0.0))
        return bt_fail(BT_ERR_INPUT, "rolling: %s reads all rows at once (shutter.row_time_s 0)",
                       b->truth.name);
    double x = 0.5 * (bt_sheet_get(&b->sheet, BT_SHEET_WIDTH_PX) - b->width_px);
    double y = 0.5 * (bt_sheet_get(&b->sheet, BT_SHEET_HEIGHT_PX) - b->height_px);
    bench_window(b, floor(x), floor(y), b->width_px, b->height_px);
    bt_status status = bench_shot_begin(b, &shot);
    double metre_px = bt_sheet_get(&b->truth, BT_SHEET_FX_PX) / PASS_M;
    double speed_px_s = PASS_SKEW_PX / (row_s * b->height_px), middle = 0.5 * b->width_px;
    if (status == BT_OK)
        status = photograph_bar(b, &shot, middle - 0.5 * SHIFT_PX, 0.0, 0, "still_left.tiff");
    if (status == BT_OK)
        status = photograph_bar(b, &shot, middle + 0.5 * SHIFT_PX, 0.0, 1, "still_right.tiff");
    if (status == BT_OK)
        status = photograph_bar(b, &shot, middle, speed_px_s / metre_px, 2, "moving.tiff");
    bench_print(&table, "black_level_dn,speed_m_s,still_apart_m,plane_count\n%g,%.12g,%.12g,%u\n",
                bt_sheet_get(&b->sheet, BT_SHEET_BLACK_LEVEL_DN), speed_px_s / metre_px,
                SHIFT_PX / metre_px, bench_plane_count(&b->sheet));
    if (status == BT_OK)
        status =
            bench_add(b, "row_time", "all", "s", row_s, 0.001 * row_s, 0.001 * row_s, NAN, NAN);
    bench_shot_clear(&shot);
    bt_status written = bench_text_write(b, &table, "rolling.csv");
    return status != BT_OK ? status : written;
}
