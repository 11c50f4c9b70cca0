// film.c: memory of a film.
#include "engine/render/film.h"

#include "engine/core/memory.h"
#include "engine/render/render.h"

#define MAX_EDGE_PX 65536u

bt_status bt_film_create(uint32_t width_px, uint32_t height_px, uint32_t band_count, bt_film **film)
{
    return bt_film_create_planes(width_px, height_px, band_count, 1, film);
}

bt_status bt_film_create_planes(uint32_t width_px, uint32_t height_px, uint32_t band_count,
                                uint32_t plane_count, bt_film **film)
{
    *film = NULL;
    if (width_px == 0 || height_px == 0 || width_px > MAX_EDGE_PX || height_px > MAX_EDGE_PX ||
        band_count == 0 || band_count > 64)
        return bt_fail(BT_ERR_INPUT, "film of %u x %u px and %u bands: 1..%u px, 1..64 bands",
                       (unsigned)width_px, (unsigned)height_px, (unsigned)band_count, MAX_EDGE_PX);
    if (plane_count == 0 || plane_count > BT_VIEW_MAX_PLANES)
        return bt_fail(BT_ERR_INPUT, "film of %u exposure planes: 1 to %d", (unsigned)plane_count,
                       BT_VIEW_MAX_PLANES);
    bt_film *made = bt_alloc(1, sizeof *made);
    if (made) {
        made->width_px = width_px;
        made->height_px = height_px;
        made->band_count = band_count;
        made->plane_count = plane_count;
        made->rate_e_s = bt_alloc(bt_film_plane_stride(made), plane_count * sizeof(float));
        made->variance_e2_s2 = bt_alloc(bt_film_plane_stride(made), plane_count * sizeof(float));
        made->samples = bt_alloc((size_t)width_px * height_px, sizeof *made->samples);
        made->sensor_share = bt_alloc((size_t)width_px * height_px, sizeof *made->sensor_share);
    }
    if (!made || !made->rate_e_s || !made->variance_e2_s2 || !made->samples ||
        !made->sensor_share) {
        bt_film_destroy(made);
        return bt_fail(BT_ERR_MEMORY, "film of %u x %u px, %u bands, %u planes", (unsigned)width_px,
                       (unsigned)height_px, (unsigned)band_count, (unsigned)plane_count);
    }
    *film = made;
    return BT_OK;
}

bt_status bt_film_create_view(const bt_view *view, bt_film **film)
{
    return bt_film_create_planes(bt_view_film_width(view), bt_view_film_height(view),
                                 view->band_count, bt_view_planes(view), film);
}

void bt_film_destroy(bt_film *film)
{
    if (!film) return;
    bt_free(film->rate_e_s);
    bt_free(film->variance_e2_s2);
    bt_free(film->samples);
    bt_free(film->sensor_share);
    bt_free(film);
}
