// spread_fixture.h: a lens without aberrations, with scratches and a double image at will, for tests of what it does to films.
#ifndef BT_TEST_SPREAD_FIXTURE_H
#define BT_TEST_SPREAD_FIXTURE_H

#include "sensors/camera/optics/spread.h"

#include "engine/math/pose.h"
#include "tests/support/check.h"

#define LAMBDA_M 550e-9
#define WIDTH 160u
#define HEIGHT 120u
#define GUARD 16u

typedef struct glass {
    bt_exit_pupil pupil;
    double axis_x_px, axis_y_px;
    double double_x_px, double_ratio;
    double scratch_width, turn_per_px; // a scratch's streak turns by so much along x, from the axis
} glass;

// A scratch through the pupil's middle, all but straight, its streak along `turn`.
static inline void add_scratch(const glass *g, double turn, bt_exit_pupil *pupil)
{
    pupil->scratch_count = 1;
    pupil->scratches[0] = (bt_pupil_scratch){.x0 = 1e5 * cos(turn),
                                             .y0 = 1e5 * sin(turn),
                                             .stretch = 1.0,
                                             .radius = 1e5,
                                             .width = g->scratch_width,
                                             .loss = 1.0};
}

static inline void place_at(const void *context, double x_px, double y_px, bt_kernel_place *place)
{
    const glass *g = context;
    (void)y_px;
    *place = (bt_kernel_place){
        .pupil = g->pupil, .double_x_px = g->double_x_px, .double_ratio = g->double_ratio};
    if (g->scratch_width > 0.0)
        add_scratch(g, 0.3 + g->turn_per_px * (x_px - g->axis_x_px), &place->pupil);
}

static inline bt_kernel_desc desc_of(const glass *g, double pitch_m)
{
    return (bt_kernel_desc){.film_width_px = WIDTH + 2 * GUARD,
                            .film_height_px = HEIGHT + 2 * GUARD,
                            .band_count = 1,
                            .pixel_pitch_m = pitch_m,
                            .aperture_px = 1.0,
                            .focal_px = 160.0,
                            .core_nodes = 1,
                            .halo_nodes = 1,
                            .wave_count = 1,
                            .lambda_m = {LAMBDA_M},
                            .weight = {{1.0}},
                            .place_at = place_at,
                            .context = g};
}

static inline bt_kernel *kernel_of(const bt_kernel_desc *desc)
{
    bt_kernel *kernel = NULL;
    CHECK_OK(bt_kernel_create(desc, NULL, &kernel));
    return kernel;
}

static inline bt_spread *spread_of(const bt_kernel *kernel)
{
    bt_spread *spread = NULL;
    bt_spread_desc desc = {.kernel = kernel,
                           .axis_x_px = 0.5 * (kernel->film_width_px - 1.0),
                           .axis_y_px = 0.5 * (kernel->film_height_px - 1.0),
                           .shape = {.f_number = 2.0}};
    CHECK_OK(bt_spread_create(&desc, NULL, &spread));
    return spread;
}

static inline bt_film *film_of(uint32_t width, uint32_t height, uint32_t bands)
{
    bt_film *film = NULL;
    CHECK_OK(bt_film_create(width, height, bands, &film));
    return film;
}

// A lamp in one film pixel, everything else dark.
static inline bt_film *lamp_through(const bt_spread *spread, uint32_t x, uint32_t y, float light)
{
    bt_film *film = film_of(WIDTH + 2 * GUARD, HEIGHT + 2 * GUARD, 1),
            *out = film_of(WIDTH, HEIGHT, 1);
    film->rate_e_s[y * film->width_px + x] = light;
    CHECK_OK(bt_spread_apply(spread, film, NULL, out));
    bt_film_destroy(film);
    return out;
}

static inline double sinc(double f)
{
    return f != 0.0 ? sin(BT_PI * f) / (BT_PI * f) : 1.0;
}

#endif
