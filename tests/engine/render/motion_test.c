// motion_test.c: blur of a moving edge, skew of a rolling shutter, Embree's motion against ours.
#include "tests/engine/render/render_fixture.h"

// At night a lamp whose left edge (in the picture) moves right across the picture in front of the
// dark: 10 m away, focal length 100 px, `speed` in px/s.
static fx_scene make(double speed_px_s)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    bt_material m = {.kind = BT_MATERIAL_DIFFUSE,
                     .reflectance = fx_flat(&s, 0.0),
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = fx_flat(&s, 1.0),
                     .emission_scale = 1.0f};
    uint32_t lamp = fx_material(&s, "lamp", m);
    // picture right is world -y: the panel lies right of its edge at y = 0
    fx_actor(&s, fx_quad(&s, lamp, (bt_vec3){0, -9, -9}, (bt_vec3){0, 0, 18}, (bt_vec3){0, 9, 0}));
    fx_compile(&s);
    bt_pose from[2] = {BT_POSE_IDENTITY, BT_POSE_IDENTITY}, to[2];
    from[1].pos = (bt_vec3){10, 0.05 * speed_px_s, 0};
    to[0] = from[0];
    to[1] = from[1];
    to[1].pos.y -= 0.1 * speed_px_s;
    fx_place(&s, from, to, 300 * BT_NS_PER_MS, 700 * BT_NS_PER_MS);
    return s;
}

// Share of a pixel right of an edge that moves evenly from a to b while it is exposed.
static double covered(double pixel, double a, double b)
{
    double sum = 0.0;
    for (int i = 0; i < 1000; i++) {
        double edge = a + (b - a) * (i + 0.5) / 1000.0;
        sum += bt_clamp(pixel + 0.5 - edge, 0.0, 1.0) / 1000.0;
    }
    return sum;
}

static void test_blur(void)
{
    fx_scene s = make(200.0); // 8 px in 40 ms
    bt_view v = fx_view(32, 4, 100.0);
    v.exposure_ns = 4e7;
    bt_film *film = fx_render(&s, &v, &(bt_render_settings){.samples = 256}, NULL);
    double worst = 0.0;
    for (int x = 0; x < 32; x++) {
        double want = 400.0 * covered(x, 15.5 - 4.0, 15.5 + 4.0);
        worst = fmax(worst, fabs((double)film->rate_e_s[32 + x] - want) / 400.0);
    }
    printf("moving edge: worst error %.4f of full\n", worst);
    CHECK(worst < 0.01); // 256 stratified samples of time and place
    bt_film_destroy(film);
    fx_end(&s);
}

// Rows open one after the other: the edge leans by speed times row time, sharp at short exposure.
static void test_rolling_shutter(void)
{
    fx_scene s = make(100.0);
    bt_view v = fx_view(48, 21, 100.0);
    v.exposure_ns = 1e5;
    v.row_time_ns = 5e6; // half a pixel from row to row
    bt_film *film = fx_render(&s, &v, &(bt_render_settings){.samples = 128}, NULL);
    for (int y = 0; y < 21; y++) {
        double lit = 0.0;
        for (int x = 0; x < 48; x++)
            lit += (double)film->rate_e_s[48 * y + x] / 400.0;
        double edge = 47.5 - lit, want = 23.5 + 0.5 * (y - 10);
        CHECK_NEAR(edge, want, 0.06); // haze; four sigma of 128 samples' noise in 24 pixels
    }
    bt_film_destroy(film);
    fx_end(&s);
}

// A body that turns and moves: where Embree says a ray meets it is where the snapshot's own
// interpolation puts that point.
static void test_motion_agrees(void)
{
    fx_scene s;
    fx_begin(&s);
    uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, 0.5, 0.0f);
    uint32_t body = fx_actor(&s, fx_sphere(&s, grey, 1.0, 24));
    fx_compile(&s);
    bt_pose from[2] = {BT_POSE_IDENTITY, {{12, -1.0, 0.2}, {1, 0, 0, 0}}}, to[2];
    to[0] = from[0];
    to[1].pos = (bt_vec3){10, 1.0, -0.3};
    to[1].rot = bt_quat_yaw_pitch_roll(2.5, 0.8, -0.4);
    fx_place(&s, from, to, 100 * BT_NS_PER_MS, 900 * BT_NS_PER_MS);
    uint32_t instance = s.world->actors[body].first_instance, hits = 0;
    CHECK(s.snapshot->instances[instance].key_count > 5);
    double worst = 0.0;
    for (int i = 0; i < 2000; i++) {
        float u = (float)(i % 101) / 100.0f;
        float dir[3] = {1.0f, 0.004f * (float)(i % 53 - 26), 0.004f * (float)(i % 47 - 23)};
        float length = sqrtf(dir[0] * dir[0] + dir[1] * dir[1] + dir[2] * dir[2]);
        for (int k = 0; k < 3; k++)
            dir[k] /= length;
        float origin[3] = {0, 0, 0}, back[3];
        bt_surface_hit hit;
        if (!bt_stage_trace(s.stage, origin, dir, u, &hit)) continue;
        hits++;
        CHECK(hit.instance == instance && hit.object_id == s.world->actors[body].object_id);
        bt_snapshot_key key = bt_snapshot_instance_at(s.snapshot, instance, u);
        bt_snapshot_key_point(&key, 1.0f, hit.pos_mesh, back);
        for (int k = 0; k < 3; k++)
            worst = fmax(worst, (double)fabsf(back[k] - hit.pos[k]));
    }
    printf("motion: %u hits, worst difference %.2g m\n", hits, worst);
    CHECK(hits > 500);
    CHECK(worst < 3e-4); // Embree interpolates rotations with an approximate arc cosine
    fx_end(&s);
}

int main(void)
{
    test_blur();
    test_rolling_shutter();
    test_motion_agrees();
    return check_end();
}
