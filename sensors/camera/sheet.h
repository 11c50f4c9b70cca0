// sheet.h: a camera's data sheet: numbers with their origin, curves, names.
//
// Every number says where it comes from: the datasheet, a measurement, a fit, arithmetic on others,
// or a guess. A guess is shown as one, in clip.json and in `blacktop camera sheet`. Sheets are Lua
// files (assets/cameras/*.lua); camera_lua.h reads them.
//
// Ownership: a plain value, copied whole. Threads: constant once read.
//
// Point spread: with lens.point_spread = true from the pupil function (optics/kernel.h); else the
// renderer's Gaussian of lens.blur_sigma_px stands in, as in every sheet that leaves it out. A lens that
// says nothing more is limited by diffraction. More of it, each { value = , from = , source = }:
//   zernike        { { noll = 8, axis_m = 0, edge_m = 50e-9 }, ... }: coefficients, metres rms
//   axial_color    { wavelength_nm = {}, value = {} }: focus shift in metres
//   lateral_color  { wavelength_nm = {}, value = {} }: magnification less 1, by ray: of any lens
//   surfaces       { { radius_m = , thickness_m = , index = , reflectance = }, ... }: all their ghosts
//   ghosts         { { scale = , radius_m = , share = }, ... }: ghosts fitted to pictures
// Marks and dirt are a pane's: optics/windshield.h. A camera's own window is a pane too, upright and thin.
//
// Left out: polarisation; what the imager leaves out stands in imager/readout.h.
#ifndef BT_CAMERA_SHEET_H
#define BT_CAMERA_SHEET_H

#include "engine/core/status.h"
#include "shaders/shared/lens_types.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum bt_origin {
    BT_ORIGIN_DEFAULT, // not in the sheet: the program's own value
    BT_ORIGIN_GUESSED,
    BT_ORIGIN_FITTED,
    BT_ORIGIN_DERIVED, // arithmetic on others
    BT_ORIGIN_MEASURED,
    BT_ORIGIN_DATASHEET,
    BT_ORIGIN_COUNT
} bt_origin;

const char *bt_origin_name(bt_origin origin); // "guessed", ...

typedef struct bt_provenance {
    bt_origin origin;
    char source[160]; // document, page, formula; may be ""
} bt_provenance;

// ---- numbers ----------------------------------------------------------------------------------
// Named section.key in Lua and JSON; limits and defaults stand in sheet.c.
typedef enum bt_sheet_key {
    BT_SHEET_WIDTH_PX, // array.*
    BT_SHEET_HEIGHT_PX,
    BT_SHEET_PIXEL_PITCH_M,

    BT_SHEET_FOCAL_LENGTH_M, // lens.*: fx = focal length / pitch unless fx_px is given
    BT_SHEET_FX_PX,
    BT_SHEET_FY_PX, // 0: as fx
    BT_SHEET_CX_PX, // -1: the middle of the array
    BT_SHEET_CY_PX,
    BT_SHEET_THETA_MAX_DEG, // field used, at most what can be inverted
    BT_SHEET_F_NUMBER,
    BT_SHEET_TRANSMISSION,
    BT_SHEET_COS4,    // 1: cos^4 of the field angle times lens.illumination; 0: that table alone
    BT_SHEET_FOCUS_M, // distance of the sharpest object; 0: rays start in one point, all is sharp
    BT_SHEET_BLADES,  // of the stop; 0: round
    BT_SHEET_BLADE_ROTATION_DEG,
    BT_SHEET_OBSCURATION,   // radius of a central stop over the pupil's
    BT_SHEET_BLUR_SIGMA_PX, // Gaussian stand-in for the lens's point spread, pixels of the array
    BT_SHEET_POINT_SPREAD,  // 1: from the pupil function instead (optics/kernel.h), and all below
    BT_SHEET_FOCUS_SHIFT_M, // of the best image behind the sensor, at lens.axial_color's 0
    // of the light, by the lens's surfaces, as a windshield's film.scatter, shoulder and slope (harvey)
    BT_SHEET_SCATTER_SHARE,
    BT_SHEET_SCATTER_SHOULDER, // sine of the angle
    BT_SHEET_SCATTER_SLOPE,    // below 0
    BT_SHEET_ENTRANCE_PUPIL_M, // behind lens.surfaces' first
    BT_SHEET_GUARD_PX,         // of the picture; -1: 1 % of a point spread lies beyond it

    BT_SHEET_ROW_TIME_S, // shutter.*: from one row's readout to the next; exposures are whole rows
    BT_SHEET_GLOBAL,     // 1: all rows open and close together
    BT_SHEET_BOTTOM_UP,  // 1: the last row is read first
    BT_SHEET_AUTO,       // 1: exposure from metering; 0: exposure_s
    BT_SHEET_EXPOSURE_S,
    BT_SHEET_EXPOSURE_MIN_S,
    BT_SHEET_EXPOSURE_MAX_S,

    BT_SHEET_FULL_WELL_E, // pixel.*
    BT_SHEET_PRNU,        // relative standard deviation of gain from pixel to pixel
    BT_SHEET_PRNU_ROW,    // ... from row to row
    BT_SHEET_PRNU_COLUMN, // ... from column to column (EMVA 1288 release 4 splits them like this)
    BT_SHEET_DSNU_E,      // standard deviation of the dark signal, alike
    BT_SHEET_DSNU_ROW_E,
    BT_SHEET_DSNU_COLUMN_E,
    BT_SHEET_DARK_CURRENT_E_S,
    BT_SHEET_DARK_TEMPERATURE_KELVIN,
    BT_SHEET_DARK_DOUBLING_KELVIN,
    BT_SHEET_DARK_SPREAD,  // sigma of the logarithm of dark current from pixel to pixel
    BT_SHEET_HOT_FRACTION, // pixels whose dark current is hot_factor times as large
    BT_SHEET_HOT_FACTOR,
    BT_SHEET_TEMPERATURE_KELVIN, // of the sensor in use
    BT_SHEET_RTS_FRACTION,       // pixels whose signal jumps between two levels
    BT_SHEET_RTS_AMPLITUDE_E,    // mean distance of the two (exponentially distributed)
    BT_SHEET_RTS_RATE_HZ,        // sum of the rates of the two jumps
    BT_SHEET_RTS_DUTY,           // share of time at the higher level
    BT_SHEET_SOFT_WELL,          // share of the full well above which it fills ever slower; 1: hard
    BT_SHEET_BLOOM,              // share of the charge beyond the well that the next pixels get
    BT_SHEET_BLOOM_COLUMN,       // share of that which goes up and down, not left and right
    BT_SHEET_ECLIPSE_E_S, // light above which the reset level is lost: black at twice this; 0: never

    // small.*: a second photodiode under the same lens, for reads with small = true
    BT_SHEET_SMALL_SENSITIVITY, // electrons per electron of the large one; 0: there is none
    BT_SHEET_SMALL_CORNER, // factor on that in the corner of the array (with the radius squared)
    BT_SHEET_SMALL_RED,    // factor on that under each filter
    BT_SHEET_SMALL_GREEN,
    BT_SHEET_SMALL_BLUE,
    BT_SHEET_SMALL_CLEAR,
    BT_SHEET_SMALL_YELLOW,
    BT_SHEET_SMALL_CYAN,
    BT_SHEET_SMALL_MONO,
    BT_SHEET_SMALL_FULL_WELL_E,
    BT_SHEET_SMALL_PRNU,
    BT_SHEET_SMALL_DSNU_E,
    BT_SHEET_SMALL_DARK_CURRENT_E_S,

    BT_SHEET_CONVERSION_E_DN, // readout.*: electrons per count at analog gain 1; 0: full well at top
    BT_SHEET_ANALOG_GAIN,
    BT_SHEET_ANALOG_GAIN_MAX,
    BT_SHEET_READ_NOISE_E,
    BT_SHEET_ROW_NOISE_E,    // new for each row of each frame
    BT_SHEET_COLUMN_NOISE_E, // new for each column of each frame
    BT_SHEET_BLACK_LEVEL_DN,
    BT_SHEET_BIT_DEPTH,    // of the converter
    BT_SHEET_DIGITAL_GAIN, // of the sensor, after the black level, before the reads are fused
    BT_SHEET_DNL_DN,       // standard deviation of the width of a code
    BT_SHEET_BLACK_PIXELS, // covered pixels that the clamp averages; 0: no clamp, dark current adds
    BT_SHEET_BLACK_ROWS,   // 1: the clamp works on each row; 0: on the frame
    BT_SHEET_BLACK_DARK,   // dark current of a covered pixel over that of the others

    BT_SHEET_HDR_BITS,     // hdr.*: bits of the fused linear signal
    BT_SHEET_HDR_BLACK_DN, // its black level
    BT_SHEET_BLEND_LOW,    // shares of a read's range between which the next one takes over
    BT_SHEET_BLEND_HIGH,
    BT_SHEET_FLICKER_SIGMAS, // a longer exposure that sees so many sigmas more light wins; 0: never
    BT_SHEET_OUTPUT_BITS,    // of the raw picture when it is fused or companded

    BT_SHEET_WHITE_KELVIN, // isp.*: daylight of this colour temperature comes out grey
    BT_SHEET_GAIN,         // digital gain after black level, when shutter.auto is 0
    BT_SHEET_GAIN_MAX,
    BT_SHEET_KEY,        // linear output that metering gives the scene's middle
    BT_SHEET_HIGHLIGHTS, // fraction of pixels that metering lets clip
    BT_SHEET_KNEE,       // output above which highlights roll off
    BT_SHEET_CONTRAST,   // 0 .. 1: strength of the S curve
    BT_SHEET_SATURATION, // factor on chroma
    // strengths of the ISP's stages (isp.h), 0: off
    BT_SHEET_DEFECTS,         // standard deviations of noise that a hot pixel's dark current shows
    BT_SHEET_SHADING,         // 0 .. 1: share of the lens's falling light that is made up for
    BT_SHEET_NOISE_REDUCTION, // standard deviations between pixels that are still averaged
    BT_SHEET_SHARPENING,      // of the unsharp mask
    BT_SHEET_LOCAL_TONE,      // 0 .. 1: compression of large areas' light
    BT_SHEET_KEY_COUNT
} bt_sheet_key;

typedef struct bt_sheet_number {
    double value;
    bt_provenance provenance;
} bt_sheet_number;

typedef struct bt_sheet_key_info {
    const char *section;
    const char *key;
    double fallback; // NAN: must be given
    double min, max;
    bool whole; // integers only
} bt_sheet_key_info;

const bt_sheet_key_info *bt_sheet_key_get(bt_sheet_key key);

// ---- curves -----------------------------------------------------------------------------------
#define BT_SHEET_CURVE_MAX 512
typedef struct bt_sheet_curve {
    uint32_t count;                // 0: absent
    double at[BT_SHEET_CURVE_MAX]; // ascending: nanometres, or degrees off the axis
    double value[BT_SHEET_CURVE_MAX];
    bt_provenance provenance;
} bt_sheet_curve;

// ---- reads ------------------------------------------------------------------------------------
// Without any the sensor has one. They stand in the order of falling sensitivity, the first is the
// unit of the fused signal. A read of the same photodiode over the same time as another is of the same
// charge: dual conversion gain.
typedef enum bt_read_key {
    BT_READ_SMALL,          // 1: of the small photodiode
    BT_READ_EXPOSURE_RATIO, // it exposes for exposure_s over this, in whole rows and at least one,
    BT_READ_EXPOSURE_MIN_S, // within these limits; 0: none
    BT_READ_EXPOSURE_MAX_S,
    BT_READ_AFTER,           // 1: begins after the read before it; 0: ends with it
    BT_READ_GAP_ROWS,        // between the two, when after
    BT_READ_CONVERSION_E_DN, // 0: as readout.conversion_e_dn, for the small photodiode its full well
    BT_READ_RANGE_E,         // charge that the conversion can take at analog gain 1; 0: the well's
    BT_READ_READ_NOISE_E,    // -1: as readout.* and pixel.* or small.* say
    BT_READ_ROW_NOISE_E,
    BT_READ_DSNU_E,
    BT_READ_KEY_COUNT
} bt_read_key;

#define BT_SHEET_READS_MAX 4
typedef struct bt_sheet_read {
    char name[16];
    bt_sheet_number numbers[BT_READ_KEY_COUNT];
} bt_sheet_read;

const bt_sheet_key_info *bt_read_key_get(bt_read_key key);

// Linear between points, constant beyond the ends; `fallback` when absent.
double bt_sheet_curve_at(const bt_sheet_curve *curve, double at, double fallback);

// ---- optics -----------------------------------------------------------------------------------
#define BT_SHEET_MAX_ZERNIKES 12
typedef struct bt_sheet_zernike {
    uint32_t noll;         // 4 to 36: optics/pupil.h
    double axis_m, edge_m; // on the axis; what the picture's corner has more
} bt_sheet_zernike;

#define BT_SHEET_MAX_SURFACES 20
typedef struct bt_sheet_surface { // optics/ghost.h
    double radius_m, thickness_m, index, reflectance;
} bt_sheet_surface;

#define BT_SHEET_MAX_GHOSTS 16
typedef struct bt_sheet_ghost { // fitted to pictures: optics/ghost.h
    double scale, radius_m, share;
} bt_sheet_ghost;

// Colour filters. Each kind that a mosaic has is a band of the film; bands are in this order: red,
// green, clear, yellow, blue, cyan, mono. So RGGB has bands 0 red, 1 green, 2 blue; RCCB 0 red,
// 1 clear, 2 blue; RYYCy 0 red, 1 yellow, 2 cyan; RCCC 0 red, 1 clear. Where there are several, band 1
// is the one that metering goes by.
typedef enum bt_filter {
    BT_FILTER_RED,
    BT_FILTER_GREEN,
    BT_FILTER_BLUE,
    BT_FILTER_CLEAR,
    BT_FILTER_YELLOW,
    BT_FILTER_CYAN,
    BT_FILTER_MONO,
    BT_FILTER_COUNT
} bt_filter;

const char *bt_filter_name(bt_filter filter); // "red", ...: the curve's name in qe

// Bands of a mosaic of red, green and blue.
typedef enum bt_band { BT_BAND_RED, BT_BAND_GREEN, BT_BAND_BLUE } bt_band;
#define BT_SHEET_BANDS_MAX 4

typedef struct bt_camera_sheet {
    char name[64];
    char description[256];
    bt_sheet_number numbers[BT_SHEET_KEY_COUNT];
    uint32_t band_count;                 // 1 to 4
    uint8_t filters[BT_SHEET_BANDS_MAX]; // bt_filter of each band
    uint8_t mosaic[16];   // band of the pixels of a 4 x 4 tile, rows of x; see bt_sheet_band
    uint32_t tile_px;     // 2 or 4: after so many pixels it repeats
    char mosaic_name[36]; // "RGGB", "RYYCy", ..., "MONO"
    uint32_t lens_kind;   // BT_LENS_*
    float lens_k[8]; // f-theta: k1 to k5, pixels of the array a rad^i; its inverse: rad a pixel^i
    float lens_s[6]; // pinhole: thin prism, tilt of the sensor; f-theta: c d e
    bt_provenance lens_provenance; // of the coefficients
    // electrons per photon on the pixel, filter included; 0 beyond its ends, one point: flat
    bt_sheet_curve qe[BT_SHEET_BANDS_MAX];
    bt_sheet_curve ir_cut;     // transmission
    bt_sheet_curve inl;        // of the converter, counts too many, against the share of its range
    bt_sheet_curve companding; // code against fused linear counts: the knees; absent: as it is
    uint32_t read_count;       // 0: one
    bt_sheet_read reads[BT_SHEET_READS_MAX];
    bt_sheet_curve illumination;  // relative, against degrees off the axis
    bt_sheet_curve axial_color;   // focus shift in metres, against nanometres
    bt_sheet_curve lateral_color; // magnification less 1, against nanometres
    uint32_t zernike_count;
    bt_sheet_zernike zernikes[BT_SHEET_MAX_ZERNIKES];
    bt_provenance zernike_provenance;
    uint32_t surface_count;
    bt_sheet_surface surfaces[BT_SHEET_MAX_SURFACES];
    bt_provenance surface_provenance;
    uint32_t ghost_count;
    bt_sheet_ghost ghosts[BT_SHEET_MAX_GHOSTS];
    bt_provenance ghost_provenance;
    bool has_white_balance, has_color_matrix; // else computed from the curves
    double white_balance[3];
    double color_matrix[9]; // linear sRGB from white-balanced camera, row-major
    bt_provenance white_balance_provenance, color_matrix_provenance;
} bt_camera_sheet;

static inline double bt_sheet_get(const bt_camera_sheet *sheet, bt_sheet_key key)
{
    return sheet->numbers[key].value;
}

// Of cx_px and cy_px: a window of an array may have its principal point left of it or above, at other places below 0.
static inline bool bt_sheet_is_middle(double at_px)
{
    return at_px == -1.0;
}

static inline double bt_read_get(const bt_sheet_read *read, bt_read_key key)
{
    return read->numbers[key].value;
}
// The lens's name in JSON, how many coefficients JSON gives of it, in which order.
typedef struct bt_lens_model {
    const char *name, *order;
    int k_count, s_count; // of lens_k, then of lens_s
} bt_lens_model;
const bt_lens_model *bt_lens_model_get(uint32_t lens_kind);
#define BT_LENS_MOST_COEFFICIENTS 14
// The sheet's coefficients in that order.
void bt_sheet_lens_numbers(const bt_camera_sheet *sheet, double numbers[BT_LENS_MOST_COEFFICIENTS]);
// The lens in pixels of the array, its field as wide as can be inverted within theta_max_deg, else within
// what such a lens is used for; that limit in radians.
double bt_sheet_lens(const bt_camera_sheet *sheet, bt_lens *lens);

// Fallbacks everywhere, no name, no curves.
void bt_sheet_init(bt_camera_sheet *sheet);
void bt_sheet_read_init(bt_sheet_read *read);
// Checks numbers against one another (limits of each were checked when it was set) and the lens:
// BT_ERR_INPUT names what does not fit.
BT_CHECKED bt_status bt_sheet_check(const bt_camera_sheet *sheet);
// Band that the pixel at x of row y reads.
static inline uint32_t bt_sheet_band(const bt_camera_sheet *sheet, uint32_t x, uint32_t y)
{
    return sheet->mosaic[4 * (y & 3) + (x & 3)];
}
// Red, green and blue, each on a 2 x 2 tile with green twice on a diagonal.
bool bt_sheet_is_bayer(const bt_camera_sheet *sheet);

// Sets the mosaic: MONO, or the letters of a 2 x 2 or 4 x 4 tile row by row: R red, G green, B blue,
// C clear, Y yellow, Cy cyan: RGGB, RCCB, RCCC, RYYCy, ... At most 4 filters.
BT_CHECKED bt_status bt_sheet_set_mosaic(bt_camera_sheet *sheet, const char *name);

// The whole sheet with provenance as JSON text, for clip.json; the caller frees it with bt_free.
BT_CHECKED bt_status bt_camera_sheet_json(const bt_camera_sheet *sheet, char **text);

#endif
