// camera.h: a camera: what the renderer needs of it, and what it makes of the light.
//
//   bt_camera        calibration: sheet, intrinsics at the size asked for, spectral response, fixed
//                    pattern of this one specimen (from seed and number), colour matrix. Constant.
//   bt_camera_state  what changes: exposure, gains, temperature.
//
// A frame: bt_camera_meter (once, from a small film) -> bt_camera_view -> the renderer's bt_film ->
// bt_camera_spread: what the lens makes of it -> bt_camera_read: 16-bit raw mosaic ->
// bt_camera_develop: 8-bit sRGB. The stages behind these calls have headers of their own: response.h,
// and those of the folders optics (light to the pixel), imager (electrons to counts), control
// (exposure), isp (counts to a picture).
//
// Another size than the sheet's keeps the field of view: the array is scaled by
// s = max(width / array width, height / array height) and cropped in the middle to fit. A pixel then
// stands for n = 1/s^2 pixels of the array, summed digitally: area, full well and dark current times
// n, read noise and DSNU times sqrt(n), PRNU over sqrt(n), counts per electron over n, readout of
// the whole frame as long as before. So brightness in counts and exposure stay, noise falls. A colour
// pixel sums pixels of its own colour, two apart, and so sees up to twice as wide.
//
// Rays: from one point, or with lens.focus_m from all over the pupil (shaders/shared/pupil.h: diameter
// focal length / f-number); through the windshield when there is one (shaders/shared/shield.h).
//
// Threads: a constant camera may be shared; every function is pure in its inputs and gives the same
// bytes for any number of threads.
#ifndef BT_CAMERA_CAMERA_H
#define BT_CAMERA_CAMERA_H

#include "engine/core/jobs.h"
#include "engine/render/film.h"
#include "engine/render/view.h"
#include "sensors/camera/optics/windshield.h"
#include "sensors/camera/sheet.h"

typedef struct bt_camera bt_camera;

typedef struct bt_camera_desc {
    const bt_camera_sheet *sheet;    // copied
    uint32_t width_px, height_px;    // 0: the array's
    uint64_t seed;                   // of the run
    uint32_t number;                 // which camera of the rig: another specimen
    const bt_windshield *windshield; // before the lens; copied; NULL: none
    bool without_spread;             // no point spread from the pupil: for metering
    bt_pose vehicle_from_cam;        // where the camera is mounted: read with a windshield only
} bt_camera_desc;

BT_CHECKED bt_status bt_camera_create(const bt_camera_desc *desc, bt_jobs *jobs,
                                      bt_camera **camera);
void bt_camera_destroy(bt_camera *camera); // NULL is fine

typedef struct bt_camera_exposure {
    double exposure_s;
    double analog_gain;
    double digital_gain;     // of the ISP
    double white_balance[3]; // of the ISP, each at least 1; first 0: the sheet's
} bt_camera_exposure;

typedef struct bt_camera_state {
    bt_camera_exposure exposure;
    double temperature_kelvin; // of the sensor
    double time_s;             // when the frame is taken: telegraph pixels
} bt_camera_state;

// The sheet's fixed exposure and temperature.
void bt_camera_state_init(const bt_camera *camera, bt_camera_state *state);

// Exposure from a film of any size rendered through any exposure of this camera (rates do not
// depend on it, but for motion blur). A sheet with shutter.auto = false gives its fixed exposure.
// Fails for a film of other bands.
BT_CHECKED bt_status bt_camera_meter(const bt_camera *camera, const bt_film *film,
                                     bt_camera_exposure *exposure);

// The camera as the renderer sees it. A sheet with several exposures gives a view with planes: the film
// is made with bt_film_create_planes(..., bt_view_planes(view), ...).
void bt_camera_view(const bt_camera *camera, const bt_camera_state *state, bt_pose vehicle_from_cam,
                    bt_view *view);

// White balance in effect at an exposure.
void bt_camera_balance(const bt_camera *camera, const bt_camera_exposure *exposure,
                       double gains[3]);

// What the lens makes of the light (optics/kernel.h): film of the view's size with its guard band ->
// picture, a film of the picture's size, as many bands and planes. A camera whose sheet leaves
// lens.point_spread out has no guard band; then the light is copied.
BT_CHECKED bt_status bt_camera_spread(const bt_camera *camera, const bt_film *film, bt_jobs *jobs,
                                      bt_film *picture);

// Reads a frame out: film (the picture's size, or the view's, which is spread first; the view's bands and
// planes) -> counts (height x width). Several reads are fused, and companded where the sheet says so:
// codes of bt_camera_raw_bits bits. `frame` gives each frame its own noise.
BT_CHECKED bt_status bt_camera_read(const bt_camera *camera, const bt_camera_state *state,
                                    const bt_film *film, uint64_t frame, bt_jobs *jobs,
                                    uint16_t *raw);

// As bt_camera_read, with each read's own counts, converter codes before fusion: reads (height x width
// each) for all bt_camera_read_count, or NULL for those that are not wanted; raw may be NULL, too.
BT_CHECKED bt_status bt_camera_read_all(const bt_camera *camera, const bt_camera_state *state,
                                        const bt_film *film, uint64_t frame, bt_jobs *jobs,
                                        uint16_t *raw, uint16_t *const *reads);
// How long a row is open, first exposure's start to last one's end, when the first read exposes so long.
double bt_camera_open_s(const bt_camera *camera, double exposure_s);
uint32_t bt_camera_read_count(const bt_camera *camera); // 1 to 4
const char *bt_camera_read_name(const bt_camera *camera,
                                uint32_t read);       // "raw" when there is but one
uint32_t bt_camera_raw_bits(const bt_camera *camera); // of the raw picture
// Linear counts of the first read, black included, that a code of the raw picture stands for.
double bt_camera_linear(const bt_camera *camera, double code_dn);

// Develops counts into sRGB (height x width x 3); a mono camera gives greys.
BT_CHECKED bt_status bt_camera_develop(const bt_camera *camera, const bt_camera_state *state,
                                       const uint16_t *raw, bt_jobs *jobs, uint8_t *rgb);

// The frame as a Digital Negative (engine/image/dng.h), for mosaics of three colours; others are
// BT_ERR_INPUT. The caller frees *bytes with bt_free.
BT_CHECKED bt_status bt_camera_dng(const bt_camera *camera, const bt_camera_state *state,
                                   const uint16_t *raw, char **bytes, size_t *count);

uint32_t bt_camera_width(const bt_camera *camera);
uint32_t bt_camera_height(const bt_camera *camera);
const bt_camera_sheet *bt_camera_sheet_of(const bt_camera *camera);
const bt_windshield *bt_camera_windshield_of(const bt_camera *camera); // NULL: none

// What is in effect, as JSON text for clip.json: size and binning, intrinsics, shutter, exposure,
// counts, ISP parameters, what the model leaves out. The caller frees it with bt_free.
BT_CHECKED bt_status bt_camera_json(const bt_camera *camera, const bt_camera_state *state,
                                    char **text);

#endif
