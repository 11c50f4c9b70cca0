// determinism_test.c: the same bytes for one thread and two, twice, alone and in sequence.
#include "engine/render/ray_log.h"
#include "tests/engine/render/render_fixture.h"

static void fill(fx_scene *s)
{
    uint32_t ground = fx_plain(s, "ground", BT_MATERIAL_DIFFUSE, 0.3, 0.4f);
    uint32_t gloss = fx_plain(s, "gloss", BT_MATERIAL_COATED, 0.5, 0.3f);
    uint32_t pane = fx_plain(s, "pane", BT_MATERIAL_GLASS_THIN, 0.8, 0.0f);
    fx_static(
        s, fx_quad(s, ground, (bt_vec3){-50, -50, 0}, (bt_vec3){100, 0, 0}, (bt_vec3){0, 100, 0}),
        0, 0, 0);
    fx_static(s, fx_sphere(s, gloss, 0.8, 16), 6, 1, 0.8);
    fx_static(s, fx_quad(s, pane, (bt_vec3){4, -2, 0}, (bt_vec3){0, 2, 0}, (bt_vec3){0.2, 0, 2}), 0,
              0, 0);
    fx_actor(s, fx_sphere(s, gloss, 0.5, 16));
}

static fx_scene make(void)
{
    fx_scene s;
    fx_begin(&s);
    fill(&s);
    fx_compile(&s);
    bt_pose from[2] = {fx_look((bt_vec3){0, 0, 1.4}, (bt_vec3){6, 0, 0.9}),
                       {{5, -1.5, 0.6}, {1, 0, 0, 0}}};
    bt_pose to[2] = {from[0], {{5, 2.5, 0.6}, {0, 0, 0, 1}}};
    to[0].pos.x += 1.0;
    fx_place(&s, from, to, 200 * BT_NS_PER_MS, 800 * BT_NS_PER_MS);
    return s;
}

static bt_view view(void)
{
    bt_view v = fx_view(40, 24, 40.0);
    v.exposure_ns = 2e8;
    v.row_time_ns = 5e6;
    v.filter_sigma_px = 0.45f;
    return v;
}

static bool same(const bt_film *a, const bt_film *b)
{
    size_t bytes = (size_t)a->width_px * a->height_px * a->band_count * sizeof(float);
    return memcmp(a->rate_e_s, b->rate_e_s, bytes) == 0 &&
           memcmp(a->variance_e2_s2, b->variance_e2_s2, bytes) == 0;
}

int main(void)
{
    bt_view v = view();
    bt_render_settings frame3 = {.samples = 5, .seed = 9, .frame = 3};
    bt_jobs *two;
    CHECK_OK(bt_jobs_create(2, &two));

    fx_scene a = make();
    bt_film *alone = fx_render(&a, &v, &frame3, NULL);
    fx_scene b = make(); // a whole second renderer
    bt_render_settings before = frame3;
    bt_film *in_sequence[4];
    for (int i = 0; i < 4; i++) {
        before.frame = (uint64_t)i;
        in_sequence[i] = fx_render(&b, &v, &before, two);
    }
    // recorded rays go in other company: 16 paths at a time instead of a tile's
    bt_film *recorded = NULL;
    bt_ray_log log = {0};
    CHECK_OK(bt_film_create_view(&v, &recorded));
    CHECK_OK(bt_render_film_logged(a.stage, &v, FX_LABEL_NS, &frame3, recorded, &log));
    CHECK(log.count > 0 && same(alone, recorded));
    bt_ray_log_clear(&log);
    bt_film_destroy(recorded);

    CHECK(fx_mean(alone, 0) > 0.0);
    CHECK(same(alone, in_sequence[3]));
    CHECK(!same(alone, in_sequence[2])); // other noise
    CHECK_NEAR(fx_mean(in_sequence[2], 0) / fx_mean(alone, 0), 1.0, 0.15);

    for (int i = 0; i < 4; i++)
        bt_film_destroy(in_sequence[i]);
    bt_film_destroy(alone);
    fx_end(&a);
    fx_end(&b);
    bt_jobs_destroy(two);
    return check_end();
}
