// setup.c: what a laboratory does to a camera before it measures, and what its sheet then promises.
#include "sensors/bench/bench_internal.h"
#include "sensors/bench/read_model.h"

#include <math.h>
#include <string.h>

#include "engine/spectrum/spectrum.h"
#include "sensors/camera/optics/pupil.h"

#define PLANCK_J_S 6.62607015e-34   // SI, exact
#define LIGHT_SPEED_M_S 299792458.0 // SI, exact
#define EMVA_F_NUMBER 8.0     // EMVA 1288 release 4.0, 6.2: disc of diameter 1/8 of its distance
#define BARE_FOCAL_PX 20000.0 // chosen: the disc is seen from everywhere on the sensor

void bench_set(bench *b, bt_sheet_key key, double value)
{
    b->sheet.numbers[key].value = value;
    b->truth.numbers[key].value = value;
}

static void sharpen(bt_camera_sheet *sheet)
{
    sheet->lateral_color.count = 0;
    sheet->numbers[BT_SHEET_POINT_SPREAD].value = 0.0; // and with it axial colour, scatter, ghosts
}

void bench_sharpen_lens(bench *b)
{
    sharpen(&b->sheet);
    sharpen(&b->truth);
}

static void bare(bt_camera_sheet *sheet)
{
    sheet->lens_kind = BT_LENS_PINHOLE;
    memset(sheet->lens_k, 0, sizeof sheet->lens_k);
    memset(sheet->lens_s, 0, sizeof sheet->lens_s);
    sheet->illumination.count = 0;
    sharpen(sheet);
}

void bench_take_lens_off(bench *b)
{
    bare(&b->sheet);
    bare(&b->truth);
    bench_set(b, BT_SHEET_F_NUMBER, EMVA_F_NUMBER);
    bench_set(b, BT_SHEET_TRANSMISSION, 1.0);
    bench_set(b, BT_SHEET_COS4, 0.0);
    bench_set(b, BT_SHEET_FOCUS_M, 0.0);
    bench_set(b, BT_SHEET_BLUR_SIGMA_PX, 0.0);
    bench_set(b, BT_SHEET_FX_PX, BARE_FOCAL_PX);
    bench_set(b, BT_SHEET_FY_PX, BARE_FOCAL_PX);
    bench_set(b, BT_SHEET_CX_PX, -1.0);
    bench_set(b, BT_SHEET_CY_PX, -1.0);
    bench_set(b, BT_SHEET_THETA_MAX_DEG, 20.0);
}

static void clean(bt_camera_sheet *sheet)
{
    sheet->ghost_count = sheet->surface_count = 0;
    sheet->numbers[BT_SHEET_SCATTER_SHARE].value = 0.0;
}

void bench_clean_lens(bench *b)
{
    clean(&b->sheet);
    clean(&b->truth);
}

static void leave_diffraction(bt_camera_sheet *sheet)
{
    clean(sheet);
    sheet->zernike_count = sheet->axial_color.count = sheet->lateral_color.count = 0;
}

void bench_put_perfect_lens_on(bench *b, double focal_px, double f_number)
{
    bench_take_lens_off(b);
    leave_diffraction(&b->sheet);
    leave_diffraction(&b->truth);
    bench_window(b, 0.0, 0.0, b->width_px, b->height_px);
    bench_set(b, BT_SHEET_CX_PX, -1.0);
    bench_set(b, BT_SHEET_CY_PX, -1.0);
    bench_set(b, BT_SHEET_FX_PX, focal_px);
    bench_set(b, BT_SHEET_FY_PX, focal_px);
    bench_set(b, BT_SHEET_F_NUMBER, f_number);
    bench_set(b, BT_SHEET_OBSCURATION, 0.0);
    bench_set(b, BT_SHEET_BLADES, 0.0);
    bench_set(b, BT_SHEET_FOCUS_SHIFT_M, 0.0);
    bench_set(b, BT_SHEET_POINT_SPREAD, 1.0);
}

// The lens's numbers as the sheet means them, none left to its defaults.
static void spell_out_lens(bt_camera_sheet *sheet)
{
    bt_sheet_number *n = sheet->numbers;
    if (n[BT_SHEET_FX_PX].value <= 0.0)
        n[BT_SHEET_FX_PX].value =
            n[BT_SHEET_FOCAL_LENGTH_M].value / n[BT_SHEET_PIXEL_PITCH_M].value;
    if (n[BT_SHEET_FY_PX].value <= 0.0) n[BT_SHEET_FY_PX].value = n[BT_SHEET_FX_PX].value;
    if (bt_sheet_is_middle(n[BT_SHEET_CX_PX].value))
        n[BT_SHEET_CX_PX].value = 0.5 * (n[BT_SHEET_WIDTH_PX].value - 1.0);
    if (bt_sheet_is_middle(n[BT_SHEET_CY_PX].value))
        n[BT_SHEET_CY_PX].value = 0.5 * (n[BT_SHEET_HEIGHT_PX].value - 1.0);
}

void bench_spell_out_lens(bench *b)
{
    spell_out_lens(&b->sheet);
    spell_out_lens(&b->truth);
}

// Aberrations are given at the array's corner, and a camera takes those of its own picture's: what the
// window's farthest corner has of them (optics/pupil.h: coma with the angle, the rest with its square).
static void keep_aberrations(bt_camera_sheet *sheet, double whole_rad)
{
    double share = bench_corner_rad(sheet) / whole_rad;
    for (uint32_t i = 0; i < sheet->zernike_count; i++)
        sheet->zernikes[i].edge_m *=
            bt_zernike_order(sheet->zernikes[i].noll) == 1 ? share : share * share;
}

// A millionth of a pixel beside what would mean the middle.
static double moved_to(double at_px)
{
    return bt_sheet_is_middle(at_px) ? at_px - 1e-6 : at_px;
}

void bench_window(bench *b, double x, double y, uint32_t width_px, uint32_t height_px)
{
    bt_camera_sheet *sheets[2] = {&b->sheet, &b->truth};
    for (int i = 0; i < 2; i++) {
        double whole_rad = bench_corner_rad(sheets[i]);
        spell_out_lens(sheets[i]);
        sheets[i]->numbers[BT_SHEET_CX_PX].value =
            moved_to(sheets[i]->numbers[BT_SHEET_CX_PX].value - x);
        sheets[i]->numbers[BT_SHEET_CY_PX].value =
            moved_to(sheets[i]->numbers[BT_SHEET_CY_PX].value - y);
        sheets[i]->numbers[BT_SHEET_WIDTH_PX].value = width_px;
        sheets[i]->numbers[BT_SHEET_HEIGHT_PX].value = height_px;
        if (sheets[i]->zernike_count > 0) keep_aberrations(sheets[i], whole_rad);
    }
    b->width_px = width_px;
    b->height_px = height_px;
}

void bench_bare_sensor(bench *b)
{
    bench_take_lens_off(b);
    bench_window(b, 0.0, 0.0, b->width_px, b->height_px);
    bench_set(b, BT_SHEET_CX_PX, -1.0);
    bench_set(b, BT_SHEET_CY_PX, -1.0);
    bench_set(b, BT_SHEET_SMALL_CORNER, 1.0);
}

// ---- light ------------------------------------------------------------------------------------
double bench_nearest_bin_nm(double wavelength_nm)
{
    double step = (double)BT_SPECTRUM_STEP_NM, first = (double)BT_SPECTRUM_MIN_NM;
    double bin = floor((wavelength_nm - first) / step + 0.5);
    return first + step * bt_clamp(bin, 0.0, BT_SPECTRUM_BINS - 1.0);
}

static void add_filter(bt_camera_sheet *sheet, double nm)
{
    double peak = bt_sheet_curve_at(&sheet->ir_cut, nm, 1.0);
    double step = (double)BT_SPECTRUM_STEP_NM;
    sheet->ir_cut.count = 3;
    for (int i = 0; i < 3; i++) {
        sheet->ir_cut.at[i] = nm + step * (i - 1);
        sheet->ir_cut.value[i] = i == 1 ? peak : 0.0;
    }
}

void bench_filter(bench *b, double wavelength_nm)
{
    double nm = bench_nearest_bin_nm(wavelength_nm);
    add_filter(&b->sheet, nm);
    add_filter(&b->truth, nm);
}

double bench_qe(const bt_camera_sheet *sheet, uint32_t band, double wavelength_nm)
{
    const bt_sheet_curve *qe = &sheet->qe[band];
    // nothing is known beyond the ends; one point is the same everywhere
    if (qe->count == 0) return 0.0;
    if (qe->count > 1 && (wavelength_nm < qe->at[0] || wavelength_nm > qe->at[qe->count - 1]))
        return 0.0;
    return bt_sheet_curve_at(qe, wavelength_nm, 0.0) *
           bt_sheet_curve_at(&sheet->ir_cut, wavelength_nm, 1.0);
}

double bench_peak_nm(const bt_camera_sheet *sheet, uint32_t band)
{
    double best_nm = bt_spectrum_bin_nm(0), best = 0.0;
    for (unsigned bin = 0; bin < BT_SPECTRUM_BINS; bin++) {
        double qe = bench_qe(sheet, band, bt_spectrum_bin_nm(bin));
        if (qe > best) best_nm = bt_spectrum_bin_nm(bin);
        best = fmax(best, qe);
    }
    return best_nm;
}

double bench_photons_s(const bench *b, double radiance, double wavelength_nm)
{
    double pitch_m = bt_sheet_get(&b->truth, BT_SHEET_PIXEL_PITCH_M);
    double f_number = bt_sheet_get(&b->truth, BT_SHEET_F_NUMBER);
    double irradiance = radiance * (double)BT_SPECTRUM_STEP_NM * BT_PI /
                        (4.0 * f_number * f_number + 1.0) *
                        bt_sheet_get(&b->truth, BT_SHEET_TRANSMISSION);
    double photon_j = PLANCK_J_S * LIGHT_SPEED_M_S / (wavelength_nm * 1e-9);
    return irradiance * pitch_m * pitch_m / photon_j;
}

// ---- electrons and counts ---------------------------------------------------------------------
static read_model model_at(const bt_camera_sheet *sheet, double analog_gain)
{
    read_model m;
    read_model_make(sheet, bt_sheet_get(sheet, BT_SHEET_EXPOSURE_S), analog_gain, 0, 1.0, &m);
    return m;
}

double bench_gain_dn_e(const bt_camera_sheet *sheet, double analog_gain)
{
    return model_at(sheet, analog_gain).reads[0].gain_dn_e;
}

double bench_saturation_e(const bt_camera_sheet *sheet, double analog_gain)
{
    read_model m = model_at(sheet, analog_gain);
    return read_model_range_e(&m);
}

double bench_black_dn(const bt_camera_sheet *sheet)
{
    return model_at(sheet, 1.0).fused_black_dn;
}

double bench_dark_e_s(const bt_camera_sheet *sheet, double temperature_kelvin)
{
    double above = temperature_kelvin - bt_sheet_get(sheet, BT_SHEET_DARK_TEMPERATURE_KELVIN);
    // most pixels' own, but for the hot ones
    double hot = bt_sheet_get(sheet, BT_SHEET_HOT_FRACTION) *
                 (bt_sheet_get(sheet, BT_SHEET_HOT_FACTOR) - 1.0);
    return bt_sheet_get(sheet, BT_SHEET_DARK_CURRENT_E_S) * (1.0 + hot) *
           exp2(above / bt_sheet_get(sheet, BT_SHEET_DARK_DOUBLING_KELVIN));
}

// ---- camera and planes ------------------------------------------------------------------------
bt_status bench_camera(const bench *b, bt_camera **camera)
{
    bt_camera_desc desc = {.sheet = &b->sheet,
                           .width_px = b->width_px,
                           .height_px = b->height_px,
                           .seed = b->desc->seed};
    return bt_camera_create(&desc, b->desc->jobs, camera);
}

const char *bench_band_name(const bt_camera_sheet *sheet, uint32_t band)
{
    return bt_filter_name((bt_filter)sheet->filters[band]);
}

uint32_t bench_plane_count(const bt_camera_sheet *sheet)
{
    return sheet->band_count == 1 ? 1 : 4;
}

uint32_t bench_plane_band(const bt_camera_sheet *sheet, uint32_t plane)
{
    return bt_sheet_band(sheet, plane % 2, plane / 2);
}

uint32_t bench_band_plane(const bt_camera_sheet *sheet, uint32_t band)
{
    uint32_t plane = 0;
    while (bench_plane_band(sheet, plane) != band)
        plane++;
    return plane;
}

// Letter of the filter; where a tile has several of a kind, with its neighbour's in the row: Gr, Gb.
const char *bench_plane_name(const bt_camera_sheet *sheet, uint32_t plane)
{
    static const char *const letters[BT_FILTER_COUNT] = {"R", "G", "B", "C", "Y", "Cy", "mono"};
    static const char *const greens[2][2] = {{"Gr", "Gb"}, {"Cr", "Cb"}};
    static const char *const clears[4] = {"C1", "C2", "C3", "C4"};
    bt_filter own = (bt_filter)sheet->filters[bench_plane_band(sheet, plane)];
    bt_filter beside = (bt_filter)sheet->filters[bench_plane_band(sheet, plane ^ 1u)];
    if (own == BT_FILTER_MONO) return "mono";
    if (own != BT_FILTER_GREEN && own != BT_FILTER_CLEAR) return letters[own];
    if (own == beside) return own == BT_FILTER_CLEAR ? clears[plane] : letters[own];
    if (own == BT_FILTER_CLEAR && sheet->band_count == 2) return clears[plane]; // RCCC
    return greens[own == BT_FILTER_CLEAR][beside != BT_FILTER_RED];
}

void bench_plane_size(const bench *b, uint32_t *width_px, uint32_t *height_px)
{
    uint32_t step = b->sheet.band_count == 1 ? 1 : 2;
    *width_px = b->width_px / step;
    *height_px = b->height_px / step;
}

void bench_plane_cut(const bench *b, uint32_t plane, const uint16_t *raw, uint16_t *out)
{
    uint32_t step = b->sheet.band_count == 1 ? 1 : 2;
    for (uint32_t y = plane / 2; y < b->height_px; y += step)
        for (uint32_t x = plane % 2; x < b->width_px; x += step)
            *out++ = raw[(size_t)y * b->width_px + x];
}
