// camera_dng.c: a frame as a Digital Negative. The matrix from XYZ is that of the ISP turned round: its
// sRGB is adapted to D65 from the light of the sheet (Bradford), so the way back ends under that light.
#include "sensors/camera/camera.h"

#include <math.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/image/dng.h"
#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"
#include "sensors/camera/camera_internal.h"

#define EXIF_D55 20

static bool invert3(const double m[9], double out[9])
{
    double c0 = m[4] * m[8] - m[5] * m[7], c1 = m[5] * m[6] - m[3] * m[8];
    double c2 = m[3] * m[7] - m[4] * m[6], det = m[0] * c0 + m[1] * c1 + m[2] * c2;
    if (!(fabs(det) > 1e-9)) return false;
    const double adjugate[9] = {c0, m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                                c1, m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                                c2, m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
    for (int i = 0; i < 9; i++)
        out[i] = adjugate[i] / det;
    return true;
}

// Camera colours (less white balance) of XYZ under the sheet's light.
static bool camera_from_xyz(const bt_camera *camera, const double gains[3], double out[9])
{
    double inverse[9], d65[9];
    bt_color_adapt(bt_sheet_get(&camera->sheet, BT_SHEET_WHITE_KELVIN), d65);
    if (!invert3(camera->matrix, inverse)) return false;
    for (int column = 0; column < 3; column++) {
        double xyz[3] = {d65[column], d65[3 + column], d65[6 + column]}, rgb[3];
        bt_srgb_linear_from_xyz(xyz, rgb);
        for (int i = 0; i < 3; i++)
            out[3 * i + column] = (inverse[3 * i] * rgb[0] + inverse[3 * i + 1] * rgb[1] +
                                   inverse[3 * i + 2] * rgb[2]) /
                                  gains[i];
    }
    return true;
}

static void describe_tile(const bt_camera_sheet *sheet, bt_dng_desc *desc)
{
    static const uint8_t colors[BT_FILTER_COUNT] = {BT_DNG_RED,   BT_DNG_GREEN,  BT_DNG_BLUE,
                                                    BT_DNG_WHITE, BT_DNG_YELLOW, BT_DNG_CYAN,
                                                    BT_DNG_WHITE};
    desc->tile_px = sheet->tile_px;
    desc->plane_count = sheet->band_count;
    for (uint32_t i = 0; i < desc->tile_px * desc->tile_px; i++) {
        uint32_t band = bt_sheet_band(sheet, i % desc->tile_px, i / desc->tile_px);
        desc->tile[i] = colors[sheet->filters[band]];
    }
    for (uint32_t b = 0; b < sheet->band_count; b++)
        desc->planes[b] = colors[sheet->filters[b]];
}

// What codes stand for, in 16 bits: where the fused counts go higher, they and the levels are scaled.
static uint16_t *linearise(const bt_camera *camera, bt_dng_desc *desc)
{
    desc->code_count = 1u << bt_camera_raw_bits(camera);
    double top_dn = bt_camera_linear(camera, desc->code_count - 1.0);
    double scale = fmin(1.0, 65535.0 / top_dn);
    uint16_t *linear = bt_alloc(desc->code_count, sizeof *linear);
    for (uint32_t code = 0; linear && code < desc->code_count; code++)
        linear[code] = (uint16_t)(bt_camera_linear(camera, code) * scale + 0.5);
    desc->black_dn *= scale;
    desc->white_dn = top_dn * scale;
    desc->linear_of_code = linear;
    return linear;
}

bt_status bt_camera_dng(const bt_camera *camera, const bt_camera_state *state, const uint16_t *raw,
                        char **bytes, size_t *count)
{
    bt_isp isp = bt_camera_isp(camera, state);
    bt_dng_desc desc = {.width_px = camera->width_px,
                        .height_px = camera->height_px,
                        .camera = camera->sheet.name,
                        .black_dn = isp.black_level_dn,
                        .white_dn = isp.top_dn,
                        .illuminant = EXIF_D55};
    *bytes = NULL;
    *count = 0;
    if (camera->isp_kind != BT_ISP_QUINCUNX && camera->isp_kind != BT_ISP_TILE)
        return bt_fail(BT_ERR_INPUT,
                       "DNG: mosaic %s has no three colours, which its matrix needs; expected one "
                       "of red, green or clear or yellow, and blue or cyan",
                       camera->sheet.mosaic_name);
    describe_tile(&camera->sheet, &desc);
    if (!camera_from_xyz(camera, isp.white_balance, desc.camera_from_xyz))
        return bt_fail(BT_ERR_INPUT, "DNG: the colour matrix of '%s' cannot be turned round",
                       camera->sheet.name);
    for (int i = 0; i < 3; i++)
        desc.neutral[i] = 1.0 / isp.white_balance[i];
    uint16_t *linear = NULL;
    if (bt_camera_is_fused(camera)) {
        linear = linearise(camera, &desc);
        if (!linear)
            return bt_fail(BT_ERR_MEMORY, "no memory for a DNG of '%s'", camera->sheet.name);
    }
    bt_status status = bt_dng_encode(&desc, raw, bytes, count);
    bt_free(linear);
    return status;
}
