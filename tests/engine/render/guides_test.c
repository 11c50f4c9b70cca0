// guides_test.c: what a denoiser is told of what lies in fog, behind glass and out of focus.
#include "engine/render/guides.h"
#include "tests/engine/render/render_fixture.h"

// A wall of albedo 0.3 at 9 m in fog that leaves exp(-0.9) of it.
static void guides_see_fog(void)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.fog_range_m = -log(0.05) / 0.1;
    s.weather.fog_base_m = 1000.0;
    uint32_t wall = fx_plain(&s, "wall", BT_MATERIAL_DIFFUSE, 0.3, 0.4f);
    fx_static(&s, fx_quad(&s, wall, (bt_vec3){9, -9, -9}, (bt_vec3){0, 0, 18}, (bt_vec3){0, 18, 0}),
              0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 0}, (bt_vec3){1, 0, 0}));
    bt_view v = fx_view(4, 4, 400.0);
    bt_guides *guides;
    CHECK_OK(bt_guides_create(4, 4, &guides));
    CHECK_OK(bt_guides_trace(s.stage, &v, FX_LABEL_NS, 4, 1, NULL, guides));
    double left = exp(-0.9);
    CHECK_NEAR(guides->mean[BT_GUIDE_ALBEDO], left * 0.3 + 1.0 - left, 1e-4);
    CHECK_NEAR(guides->mean[BT_GUIDE_NORMAL + 2], -left, 1e-4); // towards the camera
    CHECK_NEAR(guides->mean[BT_GUIDE_NEARNESS], left / 9.0 + (1.0 - left) * 0.1, 1e-4);
    bt_guides_destroy(guides);
    fx_end(&s);
}

// A shining black bar in the dark, seen by film and guides alike: light and nearness.
typedef struct both_seen {
    double film_row, guide_row;     // of the white's middle, pixels
    double film_width, guide_width; // of the edge's blur: sum of share (1 - share), pixels
} both_seen;

static void read_column(const float *values, size_t step, uint32_t count, double white,
                        double *middle, double *width)
{
    double sum = 0.0;
    *middle = *width = 0.0;
    for (uint32_t y = 0; y < count; y++) {
        double share = (double)values[y * step] / white;
        sum += share;
        *middle += share * y;
        *width += share * (1.0 - share);
    }
    *middle /= sum;
}

static both_seen look_at_bar(const bt_view *v)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    uint32_t lamp = fx_material(&s, "bar",
                                (bt_material){.kind = BT_MATERIAL_DIFFUSE,
                                              .reflectance = fx_flat(&s, 0.0),
                                              .reflectance2 = BT_NO_SPECTRUM,
                                              .emission = fx_flat(&s, 1.0),
                                              .emission_scale = 1.0f});
    fx_static(&s,
              fx_quad(&s, lamp, (bt_vec3){0.5, -1, -1.25e-3}, (bt_vec3){0, 0, 2.5e-3},
                      (bt_vec3){0, 2, 0}),
              0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, 0, 0}, (bt_vec3){1, 0, 0}));
    bt_render_settings settings = {.samples = 256, .seed = 3};
    bt_film *film = fx_render(&s, v, &settings, NULL);
    bt_guides *guides;
    CHECK_OK(bt_guides_create(v->width_px, v->height_px, &guides));
    CHECK_OK(bt_guides_trace(s.stage, v, FX_LABEL_NS, 256, 1, NULL, guides));
    both_seen b;
    double most = 0.0, near_most = 0.0;
    uint32_t w = v->width_px, h = v->height_px;
    for (uint32_t y = 0; y < h; y++) {
        most = fmax(most, (double)film->rate_e_s[y * w + w / 2]);
        near_most = fmax(
            near_most,
            (double)guides->mean[((size_t)y * w + w / 2) * BT_GUIDE_CHANNELS + BT_GUIDE_NEARNESS]);
    }
    CHECK(most > 0.0 && near_most > 1.0);
    read_column(film->rate_e_s + w / 2, w, h, most, &b.film_row, &b.film_width);
    read_column(guides->mean + (size_t)w / 2 * BT_GUIDE_CHANNELS + BT_GUIDE_NEARNESS,
                (size_t)w * BT_GUIDE_CHANNELS, h, near_most, &b.guide_row, &b.guide_width);
    bt_guides_destroy(guides);
    bt_film_destroy(film);
    fx_end(&s);
    return b;
}

// Where a leaning plate of 5 mm lifts the picture by 20.8 px and a pupil blurs an edge over 15 px, so
// it is in the guides.
static void guides_see_as_the_film_does(void)
{
    bt_view v = fx_view(4, 96, 4000.0);
    both_seen plain = look_at_bar(&v);
    v.pupil = (bt_pupil){.radius_m = 1e-3f, .focus_m = 5.0f};
    both_seen wide = look_at_bar(&v);
    v.pupil.radius_m = 0.0f;
    v.shield = (bt_shield){.on = 1, .index = 1.52f, .half_x = 1e9f, .half_y = 1e9f};
    const float turn[9] = {1, 0, 0, 0, 0.5f, 0.8660254f, 0, -0.8660254f, 0.5f};
    memcpy(v.shield.turn, turn, sizeof turn);
    v.shield.offset[1] = -0.0866f;
    v.shield.offset[2] = -0.05f;
    v.shield.outer.height = 5e-3f;
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        v.glass[i] = 1.52f;
    both_seen glass = look_at_bar(&v);
    printf("bar: row %.2f, guide %.2f; through glass %.2f, %.2f; blur %.2f, %.2f px, sharp %.2f\n",
           plain.film_row, plain.guide_row, glass.film_row, glass.guide_row, wide.film_width,
           wide.guide_width, plain.guide_width);
    CHECK(fabs(glass.film_row - plain.film_row) > 15.0);
    CHECK_NEAR(glass.guide_row, glass.film_row, 0.1);
    CHECK_NEAR(plain.guide_row, plain.film_row, 0.1);
    CHECK(wide.film_width > 3.0 && plain.film_width < 1.0);
    CHECK_NEAR(wide.guide_width, wide.film_width, 0.03 * wide.film_width);
}

int main(void)
{
    guides_see_fog();
    guides_see_as_the_film_does();
    return check_end();
}
