// bench_internal.h: what the charts share: the run in hand, its table of truth, its figures.
#ifndef BT_BENCH_BENCH_INTERNAL_H
#define BT_BENCH_BENCH_INTERNAL_H

#include <math.h>

#include "engine/math/pose.h"
#include "engine/render/film.h"
#include "sensors/bench/bench.h"
#include "sensors/camera/camera.h"

// One quantity: its true value, how far a measurement may be off, and what the bench measured.
typedef struct bench_row {
    char quantity[48];
    char where[40]; // plane, patch, field, ...
    char unit[16];
    double value;
    double below, above; // allowed, same unit, not negative
    double light_error;  // standard error that the Monte-Carlo light brings, same unit; NAN: nobody
                         // has computed it
    double
        noise_error; // standard error of the frames' own noise; NAN: the limits leave room for it
    double measured; // NAN: left to outside judges
} bench_row;

typedef struct bench_point {
    double x, y;
} bench_point;

// What is measured is dots, what is true a line beneath them, what is allowed dashes.
typedef enum bench_mark { BENCH_DOTS, BENCH_LINE, BENCH_DASHES } bench_mark;

#define BENCH_PLOT_CURVES 8
typedef struct bench_curve {
    char name[32];
    bench_point *points;
    size_t count, capacity;
    bench_mark mark;
} bench_curve;

typedef struct bench_plot {
    char title[64], x_name[40], y_name[40];
    bool log_x, log_y;
    bench_curve curves[BENCH_PLOT_CURVES];
    uint32_t curve_count;
} bench_plot;

typedef struct bench {
    const bt_bench_desc *desc;
    bt_camera_sheet sheet, truth; // the chart's own copies: with filter, window, lens off
    uint32_t width_px, height_px, steps, samples, reads;
    uint32_t enough_samples; // that the light asked for when it was too noisy; 0: it never was
    bench_row *rows;
    size_t row_count, row_capacity;
    bench_plot *plots;
    size_t plot_count, plot_capacity;
    double
        light_share; // the light's variance over shot noise's, the worst so far; NAN: none was shone
    char taken[128]; // what of the sensor's reads was taken
    char note[1024];
} bench;

// ---- truth ------------------------------------------------------------------------------------
// Adds a row; the text is cut where it does not fit.
BT_CHECKED bt_status bench_add(bench *b, const char *quantity, const char *where, const char *unit,
                               double value, double below, double above, double light_error,
                               double measured);
// Of the row added last: the standard error that the frames' own noise brings.
static inline void bench_last_noise(bench *b, double noise_error)
{
    b->rows[b->row_count - 1].noise_error = noise_error;
}
// A score's standard error from what each of the two renders of the light gives: half of what lies
// between, an estimate of one degree of freedom.
static inline double bench_half_apart(double one, double other)
{
    return 0.5 * fabs(one - other);
}
BT_CHECKED bt_status bench_write_rows(const bench *b);
uint32_t bench_scored(const bench *b, uint32_t *failed);
static inline bool bench_row_holds(const bench_row *row)
{
    return row->measured >= row->value - row->below && row->measured <= row->value + row->above;
}

// ---- figures ----------------------------------------------------------------------------------
BT_CHECKED bt_status bench_plot_begin(bench *b, const char *title, const char *x_name,
                                      const char *y_name, bool log_x, bool log_y, size_t *plot);
// A point of the curve of that name, which is begun with its first point.
BT_CHECKED bt_status bench_plot_add(bench *b, size_t plot, const char *curve, bench_mark mark,
                                    double x, double y);
// A level right across the figure.
BT_CHECKED bt_status bench_plot_level(bench *b, size_t plot, const char *name, double y);
BT_CHECKED bt_status bench_write_report(const bench *b);

// ---- files ------------------------------------------------------------------------------------
typedef struct bench_text {
    char *text;
    size_t count, capacity;
    bt_status status; // the first failure sticks
} bench_text;
void bench_print(bench_text *text, const char *format, ...) BT_PRINTF(2, 3);
// Writes out/name and frees the text.
BT_CHECKED bt_status bench_text_write(const bench *b, bench_text *text, const char *name);
// A film's rate in one band, electrons per second; all of them as rows of a CSV.
double bench_rate(const bt_film *film, uint32_t band, uint32_t x, uint32_t y);
BT_CHECKED bt_status bench_write_rates(const bench *b, const bt_film *film, uint32_t band,
                                       const char *name);
BT_CHECKED bt_status bench_write_tiff(const bench *b, const char *name, uint32_t width_px,
                                      uint32_t height_px, const uint16_t *pixels);
BT_CHECKED bt_status bench_folder(const bench *b, const char *name);

// ---- the camera on the bench ------------------------------------------------------------------
// What is done to the sheet is done to the truth's copy as well.
void bench_set(bench *b, bt_sheet_key key, double value);
void bench_take_lens_off(bench *b);
// That, with only the pixels of the picture, about the axis; a small photodiode as sensitive in all of them.
void bench_bare_sensor(bench *b);
// Another lens, which diffracts and does nothing else, on the window's own middle.
void bench_put_perfect_lens_on(bench *b, double focal_px, double f_number);
// No scatter, no ghosts.
void bench_clean_lens(bench *b);
// Nor any point spread or colour error.
void bench_sharpen_lens(bench *b);
// The lens's numbers as the sheet means them, none left to its defaults.
void bench_spell_out_lens(bench *b);
// Reads only width x height pixels; (x, y): where the array's first of them is.
void bench_window(bench *b, double x, double y, uint32_t width_px, uint32_t height_px);
// A triangular band-pass at a wavelength of the spectral tables, peak 1 (times the sheet's own).
void bench_filter(bench *b, double wavelength_nm);
double bench_nearest_bin_nm(double wavelength_nm);
// Wavelength (of the tables) at which a band answers most, infrared filter included.
double bench_peak_nm(const bt_camera_sheet *sheet, uint32_t band);
const char *bench_band_name(const bt_camera_sheet *sheet, uint32_t band);
BT_CHECKED bt_status bench_camera(const bench *b, bt_camera **camera);

// Photons that one pixel gets in a second of the filtered light of this radiance (W m^-2 sr^-1 nm^-1,
// flat), through the lens as the truth's sheet has it, on the axis.
double bench_photons_s(const bench *b, double radiance, double wavelength_nm);
// Quantum efficiency of the truth's sheet: electrons for each photon that the pixel gets.
double bench_qe(const bt_camera_sheet *sheet, uint32_t band, double wavelength_nm);
// Linear counts per electron at this analog gain, of the first read; electrons of its charge that are
// told by any read; its own black level, or that of what is fused.
double bench_gain_dn_e(const bt_camera_sheet *sheet, double analog_gain);
double bench_saturation_e(const bt_camera_sheet *sheet, double analog_gain);
double bench_black_dn(const bt_camera_sheet *sheet);
// Mean over all pixels, hot ones among them.
double bench_dark_e_s(const bt_camera_sheet *sheet, double temperature_kelvin);

// ---- planes of a mosaic -----------------------------------------------------------------------
// The pixels of one place of the 2 x 2 tile (0 .. 3), as an image of half the size each way; a mono
// sensor has one plane, the whole picture.
uint32_t bench_plane_count(const bt_camera_sheet *sheet);
uint32_t bench_plane_band(const bt_camera_sheet *sheet, uint32_t plane);
uint32_t bench_band_plane(const bt_camera_sheet *sheet, uint32_t band); // the first of the band
const char *bench_plane_name(const bt_camera_sheet *sheet, uint32_t plane);
void bench_plane_size(const bench *b, uint32_t *width_px, uint32_t *height_px);
void bench_plane_cut(const bench *b, uint32_t plane, const uint16_t *raw, uint16_t *out);

// ---- a camera at work -------------------------------------------------------------------------
typedef struct bench_shot {
    bt_camera *camera;
    bt_camera_state state;
    bt_view view;
    uint16_t *raw; // (height x width), the last frame read
    double *mean;  // (height x width), linear DN, of the frames of the last bench_shot_read
    uint64_t frame;
} bench_shot;

// The camera of the bench's sheet in its own state. Clear it in any case.
BT_CHECKED bt_status bench_shot_begin(const bench *b, bench_shot *shot);
void bench_shot_clear(bench_shot *shot);
// Another exposure; the view is that of it.
void bench_shot_expose(bench_shot *shot, double exposure_s);
BT_CHECKED bt_status bench_shot_read(const bench *b, bench_shot *shot, const bt_film *film,
                                     uint32_t reads);

// The mean becomes the last frame: codes again.
void bench_shot_average(const bench *b, bench_shot *shot);
// The shot's mean as 16 bits: linear counts times 65535 over those of saturation; its black there.
BT_CHECKED bt_status bench_write_linear(const bench *b, const bench_shot *shot, const char *name);
double bench_linear_scale(const bench *b);
double bench_linear_black(const bench *b);
// No light at all on this camera: the cap is on.
BT_CHECKED bt_status bench_cap(const bench *b, const bench_shot *shot, bt_film **film);

typedef struct bench_rect {
    uint32_t x0, y0, x1, y1; // x1, y1 excluded
} bench_rect;
// Mean of the shot's mean over the plane's pixels in a rectangle; count may be NULL.
double bench_rect_mean(const bench *b, const bench_shot *shot, uint32_t plane, bench_rect rect,
                       uint32_t *count);

// ---- closed forms -----------------------------------------------------------------------------
// Electrons per second on the axis of a radiance (BT_SPECTRUM_BINS, linear between) times scale, seen
// directly or off a reflectance (NULL: 1): the spectral integral of the truth's sheet.
double bench_rate_e_s(const bench *b, uint32_t band, const float *radiance,
                      const float *reflectance);
// Relative illumination of the truth's lens at a field angle.
double bench_illumination(const bt_camera_sheet *sheet, double theta_rad);
// Its mean over a rectangle of pixels.
double bench_rect_illumination(const bt_camera_sheet *sheet, bench_rect rect);
// Field angle of the array's farthest corner.
double bench_corner_rad(const bt_camera_sheet *sheet);
// A lens as numbers in double: fx and so on as the sheet means them.
typedef struct bench_intrinsics {
    uint32_t kind;
    double fx, fy, cx, cy, k[8], s[6];
} bench_intrinsics;
bench_intrinsics bench_intrinsics_of(const bt_camera_sheet *sheet);
void bench_intrinsics_project(const bench_intrinsics *in, bt_vec3 place, double *x_px,
                              double *y_px);
// Projection in double, written apart from the renderer's: place in the camera's frame -> pixels.
void bench_project(const bt_camera_sheet *sheet, bt_vec3 place, double *x_px, double *y_px);
// Unit direction of a pixel: the inverse, by Newton to 1e-12.
bt_vec3 bench_unproject(const bt_camera_sheet *sheet, double x_px, double y_px);
// The truth's sheet with its lens brought to another picture size, as camera.h says.
void bench_scale_lens(const bt_camera_sheet *sheet, uint32_t width_px, uint32_t height_px,
                      bt_camera_sheet *scaled);

// ---- charts -----------------------------------------------------------------------------------
bt_status bench_flat_field(bench *b);
bt_status bench_spatial(bench *b);
bt_status bench_dark(bench *b);
bt_status bench_spectral(bench *b);
bt_status bench_edges(bench *b);
bt_status bench_checkerboard(bench *b);
bt_status bench_rolling(bench *b);
bt_status bench_colors(bench *b);
bt_status bench_steps(bench *b);
bt_status bench_flicker(bench *b);
bt_status bench_windshield(bench *b);
bt_status bench_flare(bench *b);
bt_status bench_energy(bench *b);
bt_status bench_star(bench *b);
bt_status bench_headlamp(bench *b);
bt_status bench_retro(bench *b);
bt_status bench_contrast(bench *b);

#endif
