// spread_view.c: what the point spread of a camera makes of one lamp, as a picture of its logarithm.
//
//   bench.spread_view OUT.png [SHEET [WINDSHIELD [X Y]]]
//
// By default cameras/front_glass.lua behind windshields/scratched.lua, high behind the glass as in
// rigs/front.lua, a third in and down; WINDSHIELD none: no pane.
//
// Grey is eight decades from white, the most, down to black, of the band that has most. Edges of
// blocks, of the near part or of the tables would show as steps and beads.
#include "engine/core/memory.h"
#include "engine/image/png.h"
#include "engine/render/render.h"
#include "sensors/camera/camera.h"
#include "sensors/camera/camera_internal.h"
#include "sensors/camera/camera_lua.h"
#include "sensors/camera/optics/windshield_lua.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>

static void look(const bt_camera *camera, bt_jobs *jobs, uint32_t x, uint32_t y, const char *path)
{
    bt_camera_state state;
    bt_view view;
    bt_film *film = NULL, *out = NULL;
    bt_camera_state_init(camera, &state);
    bt_camera_view(camera, &state, BT_POSE_IDENTITY, &view);
    CHECK_OK(bt_film_create_view(&view, &film));
    CHECK_OK(bt_film_create_planes(view.width_px, view.height_px, view.band_count,
                                   bt_view_planes(&view), &out));
    size_t bands = view.band_count;
    size_t lamp = ((size_t)(y + view.guard_px) * film->width_px + x + view.guard_px) * bands;
    for (size_t b = 0; b < bands; b++)
        film->rate_e_s[lamp + b] = 1e9f;
    CHECK_OK(bt_camera_spread(camera, film, jobs, out));
    size_t pixels = (size_t)view.width_px * view.height_px;
    uint8_t *grey = bt_alloc(pixels, 1);
    for (size_t i = 0; i < pixels; i++) {
        double value = log10(fmax((double)out->rate_e_s[i * bands], 1e-3));
        grey[i] = (uint8_t)(255.0 * fmin(fmax((value - 1.0) / 8.0, 0.0), 1.0));
    }
    CHECK_OK(bt_png_write_u8(path, view.width_px, view.height_px, 1, grey));
    bt_free(grey);
    bt_film_destroy(film);
    bt_film_destroy(out);
}

int main(int argc, char **argv)
{
    static const char *const roots[] = {"assets"};
    static bt_camera_sheet sheet;
    static bt_windshield pane;
    bt_jobs *jobs = NULL;
    bt_camera *camera = NULL;
    if (argc < 2) return 2;
    const char *pane_name = argc > 3 ? argv[3] : "windshields/scratched.lua";
    bool has_pane = strcmp(pane_name, "none") != 0;
    CHECK_OK(
        bt_camera_sheet_load(argc > 2 ? argv[2] : "cameras/front_glass.lua", roots, 1, &sheet));
    if (has_pane) CHECK_OK(bt_windshield_load(pane_name, roots, 1, &pane));
    CHECK_OK(bt_jobs_create(2, &jobs));
    bt_camera_desc desc = {.sheet = &sheet,
                           .width_px = 1280,
                           .height_px = 960,
                           .windshield = has_pane ? &pane : NULL,
                           .vehicle_from_cam =
                               bt_camera_mount(1.75, 0.0, 1.34, 0.0, BT_RAD_PER_DEG, 0.0)};
    CHECK_OK(bt_camera_create(&desc, jobs, &camera));
    if (camera)
        look(camera, jobs, argc > 5 ? (uint32_t)atoi(argv[4]) : 427,
             argc > 5 ? (uint32_t)atoi(argv[5]) : 320, argv[1]);
    bt_camera_destroy(camera);
    bt_jobs_destroy(jobs);
    return check_end();
}
