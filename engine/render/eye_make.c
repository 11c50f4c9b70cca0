// eye_make.c: see eye_make.h.
#include "engine/render/eye_make.h"

#define LEAST_SHARE 0.05f // of even sampling among the wavelengths: chosen

// ---- wavelengths ------------------------------------------------------------------------------
// Importance: what all bands together answer to the sun's light, with a little everywhere they
// answer at all. Densities are constant between table wavelengths.
void bt_wavelength_limits(const bt_renderer *renderer, const bt_view *view,
                          float limits_nm[BT_WAVELENGTH_CELLS + 1])
{
    const float *sun = renderer->sky->spectra; // BT_SKY_SUN_IRRADIANCE comes first
    double mass[BT_SPECTRUM_BINS - 1], total = 0.0;
    int used = 0;
    for (int i = 0; i < BT_SPECTRUM_BINS - 1; i++) {
        mass[i] = 0.0;
        for (uint32_t b = 0; b < view->band_count; b++)
            mass[i] += 0.5 * (double)(view->response[b][i] * sun[i] +
                                      view->response[b][i + 1] * sun[i + 1]);
        used += mass[i] > 0.0;
        total += mass[i];
    }
    for (int i = 0; i < BT_SPECTRUM_BINS - 1; i++) {
        if (used == 0)
            mass[i] = 1.0; // a camera that sees nothing
        else if (mass[i] > 0.0)
            mass[i] += (double)LEAST_SHARE * total / used;
    }
    bt_quantiles(mass, BT_SPECTRUM_BINS - 1, BT_WAVELENGTH_CELLS, limits_nm);
    for (uint32_t i = 0; i <= BT_WAVELENGTH_CELLS; i++)
        limits_nm[i] = lerp(BT_SPECTRUM_MIN_NM, BT_SPECTRUM_MAX_NM, limits_nm[i]);
}

// ---- the eye ----------------------------------------------------------------------------------
void bt_eye_fill_lattice(bt_eye *eye, int left, int top, int columns, int rows, bt_seen *lattice)
{
    eye->left = left;
    eye->top = top;
    eye->columns = columns;
    eye->rows = rows;
    eye->lattice = lattice;
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < columns; x++)
            lattice[y * columns + x].ray = bt_eye_look(eye, (float)(left + x), (float)(top + y));
}

static uint has_lateral_color(const bt_view *view)
{
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        if (view->lateral_color[i] != 0.0f) return 1u;
    return 0u;
}

bt_eye bt_eye_make(const bt_aim *aim)
{
    const bt_view *view = aim->view;
    const bt_snapshot *snapshot = aim->stage->snapshot;
    uint64_t seed = aim->seed, number = aim->frame;
    double span_ns = (double)(snapshot->close_ns - snapshot->open_ns);
    double first_ns =
        bt_view_row_middle_ns(view, aim->label_time_ns, 0.0) - (double)snapshot->open_ns;
    float sigma = view->filter_sigma_px;
    bt_eye eye = {.keys = snapshot->camera,
                  .key_count = snapshot->camera_key_count,
                  .limits_nm = aim->limits_nm,
                  .response = view->response[0],
                  .vignette = view->vignette,
                  .glass = view->glass,
                  .color = view->lateral_color,
                  .color_on = has_lateral_color(view),
                  .band_count = view->band_count,
                  .seed = bt_hash2(bt_hash2((uint)seed, (uint)(seed >> 32)),
                                   bt_hash2((uint)number, (uint)(number >> 32))),
                  .theta_max_rad = view->theta_max_rad,
                  .filter_sigma_px = sigma,
                  .filter_radius_px = sigma > 0.0f ? min(3.0f * sigma, 2.0f) : 0.0f,
                  .cone_rad = 1.0f / max(view->lens.fx, view->lens.fy),
                  .u_first = (float)(first_ns / span_ns),
                  .u_row = (float)(view->row_time_ns / span_ns),
                  .u_exposure = (float)(view->exposure_ns / span_ns),
                  .row_first = (float)view->guard_px,
                  .row_last = (float)(view->guard_px + view->height_px - 1u),
                  .fog_exact = aim->fog_exact,
                  .lens = view->lens,
                  .pupil = view->pupil,
                  .shield = bt_view_shield(view, snapshot->open_ns, snapshot->close_ns)};
    // the film's pixels, not the picture's
    eye.lens.cx += (float)view->guard_px;
    eye.lens.cy += (float)view->guard_px;
    while ((1u << eye.first_log2) < aim->first_samples)
        eye.first_log2++;
    bt_exposures exposures = bt_exposures_make(view);
    eye.stretch_count = exposures.stretch_count;
    for (uint32_t i = 0; i < eye.stretch_count; i++) {
        const bt_exposure_stretch *from = &exposures.stretches[i];
        eye.stretches[i] = (bt_eye_stretch){.begin = (float)(from->begin_ns / span_ns),
                                            .span = (float)(from->length_ns / span_ns),
                                            .first = (float)from->first,
                                            .share = (float)from->share};
    }
    return eye;
}
