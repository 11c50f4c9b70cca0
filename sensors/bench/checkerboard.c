// checkerboard.c: views of a board for calibration, with the true places of its corners.
//
// Scored here: corners exactly, without pixels: rays that the renderer traces meet the board where the
// closed form says, a quarter of a pixel beside each corner (through it they may slip between squares).
// Intrinsics are left to OpenCV. They may be off by three standard deviations of what corners that err by
// the allowed rms tell of them in these views (calibration.h).
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/image/png.h"
#include "sensors/bench/calibration.h"

#define CORNERS_X 9 // inner ones
#define CORNERS_Y 6
#define SQUARE_M 0.1
#define MARGIN 1 // light squares around the board, so that its outline is seen
// chosen: of saturation, the light squares, over the root of the pixels of the array that one of the picture's stands
// for: their shot noise hides the light's, and steps of counts are not seen
#define KEY 0.02
#define SHOWN 0.8 // of an 8-bit picture's range, the same
#define CORNERS (CORNERS_X * CORNERS_Y)
#define RMS_PX 0.05 // camera.md 4, row 7, as the next two
#define EXACT_PX 0.001
#define RADIUS_PX 0.15
#define SIGMAS 3.0
#define BESIDE_PX 0.25
#define WINDOW 4 // pixels to each side of a corner

typedef struct board {
    bench *b;
    bt_camera_sheet lens; // the truth's, at the picture's size
    bench_shot shot;
    lab room;
    uint32_t band; // that tells the board's light: of one wavelength, which costs few samples
    double nm;
    bt_pose *pose;   // (steps) cam_from_board
    double worst_px; // of the exact corners
    double error_squares;
    uint32_t error_count;
    double corner_error_px; // that the light's noise brings to a coordinate of a found corner
    bench_text corners, poses;
    size_t residuals; // the figure
} board;

// ---- the board --------------------------------------------------------------------------------
// In its own plane, z = 0, x right, y down, its middle at the origin.
static void hang_board(lab *l, double radiance)
{
    enum { ACROSS = CORNERS_X + 1 + 2 * MARGIN, DOWN = CORNERS_Y + 1 + 2 * MARGIN };
    bt_vec3 corners[ACROSS * DOWN * 6];
    uint32_t materials[ACROSS * DOWN * 2], count = 0;
    uint32_t light = lab_lamp(l, lab_flat(l, 1.0), radiance);
    uint32_t dark = lab_matte(l, lab_flat(l, 0.0));
    for (int y = 0; y < DOWN; y++)
        for (int x = 0; x < ACROSS; x++) {
            bool inside = x >= MARGIN && y >= MARGIN && x < ACROSS - MARGIN && y < DOWN - MARGIN;
            double x0 = (x - 0.5 * ACROSS) * SQUARE_M, y0 = (y - 0.5 * DOWN) * SQUARE_M;
            bt_vec3 a = {x0, y0, 0.0}, c = {x0 + SQUARE_M, y0 + SQUARE_M, 0.0};
            bt_vec3 b = {c.x, a.y, 0.0}, d = {a.x, c.y, 0.0};
            bt_vec3 six[6] = {a, d, c, a, c, b};
            memcpy(&corners[3 * count], six, sizeof six);
            materials[count] = inside && (x + y) % 2 == 0 ? dark : light;
            materials[count + 1] = materials[count];
            count += 2;
        }
    lab_mesh(l, corners, materials, count, NULL);
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
// One plane of grey: the developed picture's second channel, that of the light. Frames are averaged, and
// their dim light brought up by the developer.
static bt_status write_view(const bench *b, bench_shot *shot, const char *name)
{
    size_t pixels = (size_t)b->width_px * b->height_px;
    char path[4096];
    uint8_t *rgb = bt_alloc(pixels, 3);
    if (!rgb) return bt_fail(BT_ERR_MEMORY, "no memory to develop %zu pixels", pixels);
    bench_shot_average(b, shot);
    shot->state.exposure.digital_gain = SHOWN * sqrt(lab_binned(b)) / KEY;
    bt_status status = bt_camera_develop(shot->camera, &shot->state, shot->raw, b->desc->jobs, rgb);
    for (size_t i = 0; i < pixels; i++)
        rgb[i] = rgb[3 * i + 1];
    if (status == BT_OK) status = bt_path_join(path, sizeof path, b->desc->out, name);
    if (status == BT_OK) status = bt_png_write_u8(path, b->width_px, b->height_px, 1, rgb);
    bt_free(rgb);
    return status;
}

static void all_corners(bt_vec3 corners[CORNERS])
{
    for (int i = 0; i < CORNERS; i++)
        corners[i] = board_corner(i % CORNERS_X, i / CORNERS_X);
}

// Where a place of the picture looks at the board, by the closed form.
static bt_vec3 seen_on_board(const board *k, bt_pose cam_from_board, bench_point px)
{
    bt_vec3 normal = bt_pose_dir(cam_from_board, (bt_vec3){0, 0, 1});
    bt_vec3 way = bench_unproject(&k->lens, px.x, px.y);
    return bt_vec3_scale(way, bt_vec3_dot(normal, cam_from_board.pos) / bt_vec3_dot(normal, way));
}

// How far off, in pixels, the renderer's own rays meet the board, at worst.
static bt_status trace_corners(board *k, bt_pose cam_from_board, const bt_pose *place,
                               const bench_point beside[CORNERS])
{
    bt_vec3 met[CORNERS];
    double focal_px = bt_sheet_get(&k->lens, BT_SHEET_FX_PX);
    bt_status status = lab_trace(&k->room, &k->shot.view, place, beside, CORNERS, met);
    for (int i = 0; i < CORNERS && status == BT_OK; i++) {
        bt_vec3 want = seen_on_board(k, cam_from_board, beside[i]);
        bt_vec3 away = bt_vec3_sub(met[i], want);
        double off = sqrt(bt_vec3_dot(away, away)) * focal_px / want.z;
        k->worst_px = isfinite(off) ? fmax(k->worst_px, off) : (double)INFINITY;
        double radius = hypot(beside[i].x - bt_sheet_get(&k->lens, BT_SHEET_CX_PX),
                              beside[i].y - bt_sheet_get(&k->lens, BT_SHEET_CY_PX));
        status = bench_plot_add(k->b, k->residuals, "corners", BENCH_DOTS, radius, off);
    }
    return status;
}

static bt_status take_corners(board *k, uint32_t number, const bt_pose *place)
{
    bench_point beside[CORNERS];
    bt_pose p = k->pose[number];
    for (int i = 0; i < CORNERS; i++) {
        double x, y;
        bt_vec3 corner = board_corner(i % CORNERS_X, i / CORNERS_X);
        bench_project(&k->lens, bt_pose_point(p, corner), &x, &y);
        bench_print(&k->corners, "%u,%d,%d,%.6f,%.6f,%.9f,%.9f\n", number, i % CORNERS_X,
                    i / CORNERS_X, corner.x, corner.y, x, y);
        beside[i] = (bench_point){x + BESIDE_PX, y + BESIDE_PX};
    }
    bench_print(&k->poses, "%u,%.12g,%.12g,%.12g,%.12g,%.12g,%.12g,%.12g\n", number, p.pos.x,
                p.pos.y, p.pos.z, p.rot.w, p.rot.x, p.rot.y, p.rot.z);
    return trace_corners(k, p, place, beside);
}

// Radiance that brings the light squares to KEY.
static double board_radiance(const board *k)
{
    const bench *b = k->b;
    const bt_camera_exposure *exposure = &k->shot.state.exposure;
    double own = bench_photons_s(b, 1.0, k->nm) * bench_qe(&b->truth, k->band, k->nm);
    return KEY * bench_saturation_e(&b->truth, exposure->analog_gain) /
           (own * exposure->exposure_s * sqrt(lab_binned(b)));
}

static bt_status add_intrinsics(const board *k)
{
    static const struct {
        const char *name;
        bt_sheet_key key;
    } keys[] = {{"fx", BT_SHEET_FX_PX},
                {"fy", BT_SHEET_FY_PX},
                {"cx", BT_SHEET_CX_PX},
                {"cy", BT_SHEET_CY_PX}};
    bt_vec3 corners[CORNERS];
    double sigma[4];
    all_corners(corners);
    // rms is of both coordinates together
    bt_status status = calibration_sigma(&k->lens, corners, CORNERS, k->pose, k->b->steps,
                                         RMS_PX / sqrt(2.0), sigma);
    for (size_t i = 0; i < 4 && status == BT_OK; i++)
        status =
            bench_add(k->b, keys[i].name, bt_lens_model_get(k->lens.lens_kind)->name, "px",
                      bt_sheet_get(&k->lens, keys[i].key), SIGMAS * sigma[i], SIGMAS * sigma[i],
                      k->corner_error_px * sigma[i] / (RMS_PX / sqrt(2.0)), NAN);
    return status;
}

static bt_status add_rows(const board *k)
{
    bench *b = k->b;
    bt_status status = add_intrinsics(k);
    for (int i = 0; i < 8 && status == BT_OK; i++) {
        char name[16];
        snprintf(name, sizeof name, "k[%d]", i);
        status =
            bench_add(b, "coefficient", name, "", (double)k->lens.lens_k[i], 1e9, 1e9, 0.0, NAN);
    }
    if (status == BT_OK)
        status = bench_add(b, "exact_corners", "all", "px", 0.0, 0.0, EXACT_PX, 0.0, k->worst_px);
    if (status == BT_OK)
        status = bench_add(b, "calibration_rms", "all", "px", 0.0, RMS_PX, RMS_PX,
                           k->corner_error_px * sqrt(2.0), NAN);
    if (status == BT_OK)
        status = bench_add(b, "radius_error", "all", "px", 0.0, RADIUS_PX, RADIUS_PX,
                           k->corner_error_px, NAN);
    return status;
}

static bt_status plot_distortion(bench *b, const bt_camera_sheet *lens)
{
    size_t plot;
    bt_status status =
        bench_plot_begin(b, "Radius against field angle", "angle from the axis, degrees",
                         "radius, px", false, false, &plot);
    double x, y, cx = bt_sheet_get(lens, BT_SHEET_CX_PX), cy = bt_sheet_get(lens, BT_SHEET_CY_PX);
    for (int i = 0; i <= 60 && status == BT_OK; i++) {
        double theta = 0.01 * i;
        bench_project(lens, (bt_vec3){sin(theta), 0, cos(theta)}, &x, &y);
        double degrees = theta / BT_RAD_PER_DEG, fx = bt_sheet_get(lens, BT_SHEET_FX_PX);
        status = bench_plot_add(b, plot, "truth", BENCH_LINE, degrees, hypot(x - cx, y - cy));
        if (status == BT_OK && fx > 0.0)
            status = bench_plot_add(b, plot, "without distortion", BENCH_DASHES, degrees,
                                    fx * (lens->lens_kind == BT_LENS_PINHOLE ? tan(theta) : theta));
    }
    return status;
}

// ---- what the light's noise does to a corner --------------------------------------------------
// Where gradients about a place point past it at right angles (Foerstner and Guelch 1987; OpenCV's
// cornerSubPix): one step from the truth, in the light of one render (sign: of half). Band of metering.
static bench_point refine(const board *k, const lab_light *light, int sign, bench_point at)
{
    double gxx = 0.0, gxy = 0.0, gyy = 0.0, bx = 0.0, by = 0.0;
    int cx = (int)floor(at.x + 0.5), cy = (int)floor(at.y + 0.5);
    for (int y = cy - WINDOW; y <= cy + WINDOW; y++)
        for (int x = cx - WINDOW; x <= cx + WINDOW; x++) {
            double value[4];
            static const int beside[4][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
            if (x < 1 || y < 1 || x + 1 >= (int)k->b->width_px || y + 1 >= (int)k->b->height_px)
                continue;
            for (int i = 0; i < 4; i++) {
                uint32_t px = (uint32_t)(x + beside[i][0]), py = (uint32_t)(y + beside[i][1]);
                value[i] = lab_rate(light, sign, k->band, px, py);
            }
            double gx = value[1] - value[0], gy = value[3] - value[2];
            gxx += gx * gx;
            gxy += gx * gy;
            gyy += gy * gy;
            bx += gx * gx * x + gx * gy * y;
            by += gx * gy * x + gy * gy * y;
        }
    double det = gxx * gyy - gxy * gxy;
    return (bench_point){(gyy * bx - gxy * by) / det, (gxx * by - gxy * bx) / det};
}

// Adds half of what the two renders' corners lie apart, of both coordinates.
static void take_error(board *k, const lab_light *light, uint32_t number)
{
    for (int i = 0; i < CORNERS; i++) {
        bench_point at, seen[2];
        bt_vec3 corner = board_corner(i % CORNERS_X, i / CORNERS_X);
        bench_project(&k->lens, bt_pose_point(k->pose[number], corner), &at.x, &at.y);
        for (int half = 0; half < 2; half++)
            seen[half] = refine(k, light, half ? 1 : -1, at);
        double dx = 0.5 * (seen[1].x - seen[0].x), dy = 0.5 * (seen[1].y - seen[0].y);
        if (!isfinite(dx) || !isfinite(dy)) continue;
        k->error_squares += dx * dx + dy * dy;
        k->error_count += 2;
    }
    k->corner_error_px = sqrt(k->error_squares / fmax(1.0, k->error_count));
}

static bt_status take_view(board *k, uint32_t number)
{
    bench *b = k->b;
    lab_light light = {0};
    char name[32];
    bt_pose place = room_pose(k->pose[number]);
    snprintf(name, sizeof name, "view_%02u.png", number);
    bt_status status = lab_film(&k->room, k->shot.camera, &k->shot.view, &place, number, &light);
    if (status == BT_OK) status = lab_check_light(b, &light, k->shot.state.exposure.exposure_s);
    if (status == BT_OK) status = bench_shot_read(b, &k->shot, light.film, b->reads);
    if (status == BT_OK) status = write_view(b, &k->shot, name);
    if (status == BT_OK) status = take_corners(k, number, &place);
    if (status == BT_OK) take_error(k, &light, number);
    lab_light_clear(&light);
    return status;
}

bt_status bench_checkerboard(bench *b)
{
    board k = {.b = b,
               .pose = bt_alloc(b->steps, sizeof(bt_pose)),
               .band = b->truth.band_count > 1 ? 1 : 0};
    if (!k.pose) return bt_fail(BT_ERR_MEMORY, "no memory for %u poses", b->steps);
    lab_take_first_read(b);
    k.nm = bench_peak_nm(&b->truth, k.band);
    bench_filter(b, k.nm);
    bench_scale_lens(&b->truth, b->width_px, b->height_px, &k.lens);
    bt_status status = bench_shot_begin(b, &k.shot);
    if (status == BT_OK)
        status = bench_plot_begin(b, "Corners: the renderer's rays against the closed form",
                                  "radius, px", "off by, px", false, true, &k.residuals);
    if (status == BT_OK) status = bench_plot_level(b, k.residuals, "allowed", EXACT_PX);
    lab_begin(&k.room, b);
    k.room.only_shines = true;
    k.room.ends_early = true;
    if (status == BT_OK) hang_board(&k.room, board_radiance(&k));
    lab_finish(&k.room);
    bench_print(&k.corners, "view,corner_x,corner_y,board_x_m,board_y_m,x_px,y_px\n");
    bench_print(&k.poses, "view,x_m,y_m,z_m,qw,qx,qy,qz\n");
    for (uint32_t i = 0; i < b->steps && status == BT_OK; i++) {
        k.pose[i] = pick_pose(b, &k.lens, i);
        status = take_view(&k, i);
    }
    lab_clear(&k.room);
    bench_shot_clear(&k.shot);
    if (status == BT_OK) status = add_rows(&k);
    if (status == BT_OK) status = plot_distortion(b, &k.lens);
    bt_free(k.pose);
    bt_status written = bench_text_write(b, &k.corners, "corners.csv");
    if (status == BT_OK) status = written;
    written = bench_text_write(b, &k.poses, "poses.csv");
    return status != BT_OK ? status : written;
}
