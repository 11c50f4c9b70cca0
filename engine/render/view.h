// view.h: a camera as the renderer sees it: projection and its inverse, per-row time, exposure,
// spectral response per colour-filter band. Sensors fill it in; renderer and labels read it.
//
// Pixel centres are at integers: the centre of the first pixel is (0, 0). Row r is open for
// exposure_ns about its middle, which moves by row_time_ns from row to row.
//
// A row may be exposed several times while it is open: each exposure plane of the film integrates an
// interval of its own. They may overlap (a long and a short one that start or end together), lie
// apart (staggered), or be the same (two photodiodes of different size under one lens).
#ifndef BT_RENDER_VIEW_H
#define BT_RENDER_VIEW_H

#include "engine/core/time.h"
#include "engine/math/pose.h"
#include "shaders/shared/lens_types.h"
#include "shaders/shared/shield_types.h"
#include "shaders/shared/types.h"

#include <stdint.h>

#define BT_VIEW_MAX_BANDS 4
#define BT_VIEW_VIGNETTE_BINS 129
#define BT_VIEW_MAX_PLANES 4

typedef struct bt_view_plane {
    double offset_ns;   // from the row's opening
    double exposure_ns; // above 0; ends before the row closes
    float gain;         // factor on the response, as of a smaller photodiode; 0: 1
} bt_view_plane;

typedef struct bt_view {
    uint32_t width_px, height_px;
    // The film is wider than the picture by so much on every side: light there reaches the picture by
    // the lens's point spread. A multiple of 4, so that the mosaic stays in step. Labels and raw know nothing of
    // it. Rows above the first and below the last have the times of those; a quarter of the samples.
    uint32_t guard_px;
    bt_lens lens; // shaders/shared/lens_types.h: intrinsics and distortion
    bt_pose vehicle_from_cam;

    double
        row_time_ns; // from one row's opening to the next below's: negative when the sensor reads
                     // from the bottom up, 0 for a global shutter
    double
        exposure_ns; // open time of each row, from its first exposure's start to the last one's end
    // Row 0 opens at the frame's time + first_open_ns, chosen so that the middle of the centre
    // row's exposure is the frame's label time.

    uint32_t plane_count; // 0: one exposure, all the time that the row is open
    bt_view_plane planes[BT_VIEW_MAX_PLANES];

    uint32_t band_count; // 1 to 4: the filters of the sensor's mosaic
    // Electrons per second per (W m^-2 sr^-1 nm^-1) per nm, at the image centre:
    // A_pix * pi/(4 N^2 + 1) * tau_lens * QE * lambda/(h c); (bands x BT_SPECTRUM_BINS)
    float response[BT_VIEW_MAX_BANDS][BT_SPECTRUM_BINS];
    // Relative illumination against theta/theta_max, 1 at the axis.
    float vignette[BT_VIEW_VIGNETTE_BINS];
    float theta_max_rad; // no light beyond this field angle
    // Where rays start: radius_m 0: in one point, all is sharp (shaders/shared/pupil.h).
    bt_pupil pupil;
    // The glass before the camera (shaders/shared/shield.h); shield.on 0: none. phase_s and sweep are
    // those of time 0, span_s unset: bt_view_shield fills them in for a frame.
    bt_shield shield;
    float glass[2 * BT_SPECTRUM_BINS]; // its index, then its absorption per metre
    // magnification less 1 by wavelength: light lands so much farther from the axis; labels are those of 0
    float lateral_color[BT_SPECTRUM_BINS];
    // Gaussian stand-in for the lens's point spread and the pixel's aperture: standard deviation of
    // the reconstruction filter (truncated at 3 sigma, at most 2 px). 0: box over the pixel.
    float filter_sigma_px;
    // What the sensor itself can tell; a sampler that ends by it needs it, light does not.
    // Variance that is there in the dark, of one exposure: read noise, shot noise of the dark current,
    // rounding to counts; electrons^2. Shot noise of the light comes on top.
    float noise_e2[BT_VIEW_MAX_PLANES][BT_VIEW_MAX_BANDS];
    // electrons above which the raw value of the plane is at its top; 0: none is
    float full_e[BT_VIEW_MAX_PLANES][BT_VIEW_MAX_BANDS];
    uint8_t read_bands[16]; // bits of the bands that the pixels of a 4 x 4 tile read; 0: all
} bt_view;

// Size of the film that this view is rendered to; its pixel (guard, guard) is the picture's first.
static inline uint32_t bt_view_film_width(const bt_view *view)
{
    return view->width_px + 2u * view->guard_px;
}
static inline uint32_t bt_view_film_height(const bt_view *view)
{
    return view->height_px + 2u * view->guard_px;
}

// Planes of the film that this view is rendered to.
static inline uint32_t bt_view_planes(const bt_view *view)
{
    return view->plane_count > 0 ? view->plane_count : 1;
}

// When row r (may be fractional) opens and closes, for the frame with this label time.
static inline double bt_view_row_middle_ns(const bt_view *view, bt_time_ns label_time_ns,
                                           double row)
{
    double centre = 0.5 * ((double)view->height_px - 1.0);
    return (double)label_time_ns + (row - centre) * view->row_time_ns;
}
// The interval a snapshot must span: the first opening to the last closing of a row, whichever row is
// read first, rounded outward.
static inline void bt_view_interval_ns(const bt_view *view, bt_time_ns label_time_ns,
                                       bt_time_ns *open_ns, bt_time_ns *close_ns)
{
    double half = 0.5 * view->exposure_ns + 2.0; // a little slack so that rounding stays inside
    double top = bt_view_row_middle_ns(view, 0, 0.0);
    double bottom = bt_view_row_middle_ns(view, 0, (double)view->height_px - 1.0);
    double first = (top < bottom ? top : bottom) - half;
    double last = (top < bottom ? bottom : top) + half;
    *open_ns = label_time_ns + (bt_time_ns)floor(first);
    *close_ns = label_time_ns + (bt_time_ns)ceil(last);
}

// The glass during a snapshot. Wiping repeats for ever, before and after time 0.
static inline bt_shield bt_view_shield(const bt_view *view, bt_time_ns open_ns, bt_time_ns close_ns)
{
    bt_shield shield = view->shield;
    if (shield.on == 0 || !(shield.period_s > 0.0f)) return shield;
    double period_s = (double)shield.period_s;
    double at_s = (double)shield.phase_s + (double)open_ns * 1e-9;
    double sweep = floor(at_s / period_s);
    shield.phase_s = (float)fmax(at_s - sweep * period_s, 0.0);
    shield.span_s = (float)((double)(close_ns - open_ns) * 1e-9);
    shield.sweep = (bt_uint)(int64_t)sweep;
    return shield;
}

#endif
