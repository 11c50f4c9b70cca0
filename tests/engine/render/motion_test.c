// motion_test.c: blur of a moving edge, skew of a rolling shutter, Embree's motion against ours.
#include "tests/engine/render/render_fixture.h"

// At night a lamp whose left edge (in the picture) moves right across the picture in front of the
// dark: 10 m away, focal length 100 px, `speed` in px/s.
static fx_scene make(double speed_px_s)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    uint32_t lamp = fx_lamp(&s, "lamp", 1.0);
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
        double want = FX_SPAN_NM * covered(x, 15.5 - 4.0, 15.5 + 4.0);
        worst = fmax(worst, fabs((double)film->rate_e_s[32 + x] - want) / FX_SPAN_NM);
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
            lit += (double)film->rate_e_s[48 * y + x] / FX_SPAN_NM;
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

// ---- lamps that switch --------------------------------------------------------------------------
// A brake light, lit before 0.5 s or after or both, before the camera or above ground that it lights.
static fx_scene make_brake_light(bool before, bool after, bool on_ground)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    uint32_t lamp = fx_lamp(&s, "lamp", 1.0);
    uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, 0.5, 0.0f);
    // towards the camera, or downwards
    uint32_t mesh =
        on_ground
            ? fx_quad(&s, lamp, (bt_vec3){5, -2, 3}, (bt_vec3){0, 4, 0}, (bt_vec3){4, 0, 0})
            : fx_quad(&s, lamp, (bt_vec3){10, -9, -9}, (bt_vec3){0, 0, 18}, (bt_vec3){0, 18, 0});
    if (on_ground)
        fx_static(
            &s, fx_quad(&s, grey, (bt_vec3){-9, -9, -2}, (bt_vec3){18, 0, 0}, (bt_vec3){0, 18, 0}),
            0, 0, 0);
    uint32_t actor = fx_actor_lamp(&s, mesh, BT_LAMP_BRAKE);
    fx_compile(&s);
    bt_actor_pose poses[FX_MAX_ACTORS];
    for (int i = 0; i < FX_MAX_ACTORS; i++)
        poses[i] = (bt_actor_pose){.world_from_actor = BT_POSE_IDENTITY};
    if (on_ground) poses[0].world_from_actor = fx_look((bt_vec3){0, 0, 0}, (bt_vec3){7, 0, -2});
    poses[actor].lamps = before ? BT_LAMP_BRAKE : 0;
    CHECK_OK(bt_pose_history_push(s.history, 0, poses));
    poses[actor].lamps = after ? BT_LAMP_BRAKE | BT_LAMP_TAIL : BT_LAMP_TAIL;
    CHECK_OK(bt_pose_history_push(s.history, 500 * BT_NS_PER_MS, poses));
    fx_place_poses(&s, NULL, poses, 300 * BT_NS_PER_MS, 700 * BT_NS_PER_MS);
    return s;
}

static bt_film *film_brake_light(bool before, bool after, bool on_ground)
{
    fx_scene s = make_brake_light(before, after, on_ground);
    bt_view v = fx_view(8, 31, 400.0);
    v.exposure_ns = 1e8;
    v.row_time_ns = 8e6;
    bt_film *film = fx_render(&s, &v, &(bt_render_settings){.samples = 256}, NULL);
    fx_end(&s);
    return film;
}

// A row has the light of that share of its exposure in which the lamp was lit.
static void check_rows(const bt_film *film, const bt_film *steady, bool goes_on, bool on_ground)
{
    double worst = 0.0;
    for (int y = 0; y < 31; y++) {
        double got = 0.0, full = 0.0, on = bt_clamp(0.5 + (y - 15) * 8e6 / 1e8, 0.0, 1.0);
        for (int x = 0; x < 8; x++) {
            got += (double)film->rate_e_s[8 * y + x];
            full += (double)steady->rate_e_s[8 * y + x];
        }
        worst = fmax(worst, fabs(got / full - (goes_on ? on : 1.0 - on)));
    }
    printf("lamp %s, %s: worst row off by %.4f of full\n", goes_on ? "on" : "off",
           on_ground ? "on the ground" : "itself", worst);
    CHECK(worst < (on_ground ? 0.03 : 0.004)); // strata of time, and the ground's light is sampled
}

static void test_lamp_switches(void)
{
    for (int on_ground = 0; on_ground < 2; on_ground++) {
        bt_film *steady = film_brake_light(true, true, on_ground);
        for (int goes_on = 0; goes_on < 2; goes_on++) {
            bt_film *film = film_brake_light(!goes_on, goes_on, on_ground);
            check_rows(film, steady, goes_on, on_ground);
            bt_film_destroy(film);
        }
        bt_film_destroy(steady);
    }
}

// ---- what deforms -------------------------------------------------------------------------------
#define BLADE_COLUMNS 3
#define BLADE_ROWS 17

// A blade on a hinge at the origin, 1 m up and 0.4 m wide, that turns about the line of sight (x),
// dark in front of a wall that shines. How it follows the hinge: rigidly, as a skin that follows
// nothing else, or bending more and more towards its tip.
typedef enum blade_kind { BLADE_RIGID, BLADE_SKIN, BLADE_BENDS } blade_kind;

static uint32_t blade_mesh(fx_scene *s, uint32_t material, bt_skin_vertex *skin, blade_kind kind)
{
    float positions[3 * BLADE_COLUMNS * BLADE_ROWS], normals[3 * BLADE_COLUMNS * BLADE_ROWS];
    uint32_t indices[6 * (BLADE_COLUMNS - 1) * (BLADE_ROWS - 1)], *at = indices;
    for (uint32_t i = 0; i < BLADE_COLUMNS * BLADE_ROWS; i++) {
        float up = (float)(i / BLADE_COLUMNS) / (BLADE_ROWS - 1);
        float p[3] = {0.0f, 0.2f * (float)(i % BLADE_COLUMNS) - 0.2f, up}, n[3] = {-1, 0, 0};
        memcpy(positions + 3 * i, p, sizeof p);
        memcpy(normals + 3 * i, n, sizeof n);
        float share = kind == BLADE_BENDS ? up : 1.0f;
        skin[i] = (bt_skin_vertex){{0, 1, 0, 0}, {1.0f - share, share, 0.0f, 0.0f}};
    }
    for (uint32_t row = 0; row + 1 < BLADE_ROWS; row++)
        for (uint32_t k = 0; k + 1 < BLADE_COLUMNS; k++) {
            uint32_t a = row * BLADE_COLUMNS + k, b = a + BLADE_COLUMNS;
            uint32_t six[6] = {a, b, a + 1, a + 1, b, b + 1};
            memcpy(at, six, sizeof six);
            at += 6;
        }
    bt_slot slot = {material, BT_CLASS_PROP};
    bt_mesh_desc desc = {.name = "blade",
                         .positions = positions,
                         .normals = normals,
                         .vertex_count = BLADE_COLUMNS * BLADE_ROWS,
                         .indices = indices,
                         .triangle_count = 2 * (BLADE_COLUMNS - 1) * (BLADE_ROWS - 1),
                         .slots = &slot,
                         .slot_count = 1};
    uint32_t mesh;
    CHECK_OK(bt_spec_add_mesh(s->spec, &desc, &mesh));
    return mesh;
}

static uint32_t blade_actor(fx_scene *s, uint32_t material, blade_kind kind)
{
    bt_skin_vertex skin[BLADE_COLUMNS * BLADE_ROWS];
    uint32_t mesh = blade_mesh(s, material, skin, kind), model, actor;
    bt_part_desc parts[2] = {
        {.name = "foot", .mesh = mesh, .parent = BT_NO_INDEX, .rest = BT_POSE_IDENTITY},
        {.name = "hinge", .mesh = mesh, .parent = 0, .rest = BT_POSE_IDENTITY}};
    parts[0].channel = -1;
    parts[1].axis = (bt_vec3){1, 0, 0};
    parts[1].channel = BT_CHANNEL_TAIL;
    if (kind == BLADE_RIGID) {
        parts[0].mesh = BT_NO_INDEX;
    } else {
        parts[1].mesh = BT_NO_INDEX;
        parts[0].skin = skin;
        parts[0].skin_count = BLADE_COLUMNS * BLADE_ROWS;
    }
    bt_cuboid_desc cuboid = {BT_CLASS_PROP, BT_NO_INDEX, {0, 0, 0}, {1, 1, 1}};
    bt_model_desc desc = {.name = "blade",
                          .class_id = BT_CLASS_PROP,
                          .parts = parts,
                          .part_count = 2,
                          .cuboids = &cuboid,
                          .cuboid_count = 1};
    CHECK_OK(bt_spec_add_model(s->spec, &desc, &model));
    CHECK_OK(bt_spec_add_actor(s->spec, model, "blade", BT_CLASS_PROP, &actor));
    return actor;
}

// At 1 rad/s, which is exact between keys of angle.
static fx_scene make_blade(blade_kind kind, uint32_t *actor)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    uint32_t lamp = fx_lamp(&s, "lamp", 1.0);
    uint32_t dark = fx_plain(&s, "dark", BT_MATERIAL_DIFFUSE, 0.0, 0.0f);
    fx_static(&s, fx_quad(&s, lamp, (bt_vec3){0, -9, -9}, (bt_vec3){0, 0, 18}, (bt_vec3){0, 18, 0}),
              10, 0, 0);
    *actor = blade_actor(&s, dark, kind);
    fx_compile(&s);
    bt_actor_pose poses[2][2] = {{{.world_from_actor = BT_POSE_IDENTITY}}};
    for (int k = 0; k < 2; k++) {
        poses[k][0].world_from_actor = BT_POSE_IDENTITY;
        poses[k][*actor].world_from_actor = (bt_pose){{5, 0, -0.5}, BT_QUAT_IDENTITY};
        poses[k][*actor].channel_rad[BT_CHANNEL_TAIL] = k - 0.5;
    }
    fx_place_poses(&s, poses[0], poses[1], 300 * BT_NS_PER_MS, 700 * BT_NS_PER_MS);
    return s;
}

// A skin that follows one part alone blurs as the part itself does.
static void test_skin_blurs(void)
{
    bt_film *films[2];
    for (int k = 0; k < 2; k++) {
        uint32_t actor;
        fx_scene s = make_blade(k == 0 ? BLADE_RIGID : BLADE_SKIN, &actor);
        bt_view v = fx_view(24, 24, 100.0);
        v.exposure_ns = 3e8;
        v.row_time_ns = 2e6;
        films[k] = fx_render(&s, &v, &(bt_render_settings){.samples = 256}, NULL);
        fx_end(&s);
    }
    double worst = 0.0, part = 0.0;
    for (int i = 0; i < 24 * 24; i++) {
        double a = (double)films[0]->rate_e_s[i] / FX_SPAN_NM,
               b = (double)films[1]->rate_e_s[i] / FX_SPAN_NM;
        worst = fmax(worst, fabs(a - b));
        part += a > 0.1 && a < 0.9;
    }
    printf("skin against rigid part: worst difference %.4f, %.0f blurred pixels\n", worst, part);
    CHECK(part > 30.0);
    CHECK(worst < 0.02); // the same samples; chords of 0.2 mm are 0.004 px
    bt_film_destroy(films[0]);
    bt_film_destroy(films[1]);
}

// Where Embree meets a bending mesh is where the snapshot's vertices say, and its normal is theirs.
static void test_skin_agrees(void)
{
    uint32_t actor, hits = 0;
    fx_scene s = make_blade(BLADE_BENDS, &actor);
    uint32_t instance = s.world->actors[actor].first_instance;
    const bt_world_mesh *mesh = &s.world->meshes[s.world->instances[instance].mesh];
    CHECK(s.snapshot->deformed[0].key_count > 4);
    double worst = 0.0;
    for (int i = 0; i < 4000; i++) {
        float u = (float)(i % 101) / 100.0f, origin[3] = {0, 0, 0}, want[3] = {0, 0, 0};
        float y = 0.004f * (float)(i % 53 - 26), z = 0.004f * (float)(i % 47 - 23);
        float length = sqrtf(1.0f + y * y + z * z);
        float dir[3] = {1.0f / length, y / length, z / length};
        bt_surface_hit hit;
        if (!bt_stage_trace(s.stage, origin, dir, u, &hit) || hit.instance != instance) continue;
        hits++;
        const uint32_t *corner = s.world->indices + 3 * (mesh->first_triangle + hit.triangle);
        float weights[3] = {1.0f - hit.bary_u - hit.bary_v, hit.bary_u, hit.bary_v};
        for (int k = 0; k < 3; k++) {
            float pos[3];
            bt_snapshot_vertex_at(s.snapshot, instance, corner[k], u, pos);
            for (int c = 0; c < 3; c++)
                want[c] += weights[k] * pos[c];
        }
        bt_snapshot_key key = bt_snapshot_instance_at(s.snapshot, instance, u);
        float back[3];
        bt_snapshot_key_point(&key, 1.0f, want, back);
        for (int k = 0; k < 3; k++)
            worst = fmax(worst, (double)fabsf(back[k] - hit.pos[k]));
        CHECK(hit.normal[0] < -0.999f); // it stays in its plane
    }
    printf("bending mesh: %u hits, worst difference %.2g m\n", hits, worst);
    CHECK(hits > 200);
    CHECK(worst < 1e-5); // float rounding at 5 m
    fx_end(&s);
}

// A camera that turns while it looks: what stands still leans and blurs as if it had moved the
// other way.
static void test_camera_turns(void)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_elevation_rad = -0.6;
    uint32_t lamp = fx_lamp(&s, "lamp", 1.0);
    // shines over all that is right of the middle
    fx_static(&s,
              fx_quad(&s, lamp, (bt_vec3){0, -30, -9}, (bt_vec3){0, 0, 18}, (bt_vec3){0, 30, 0}),
              10, 0, 0);
    fx_compile(&s);
    bt_pose from = BT_POSE_IDENTITY, to = BT_POSE_IDENTITY;
    from.rot = bt_quat_yaw_pitch_roll(-0.5, 0, 0); // + turns left: the edge goes right
    to.rot = bt_quat_yaw_pitch_roll(0.5, 0, 0);
    fx_place(&s, &from, &to, 300 * BT_NS_PER_MS, 700 * BT_NS_PER_MS);
    bt_view v = fx_view(48, 21, 100.0);
    v.exposure_ns = 4e7; // 4 px
    v.row_time_ns = 5e6;
    bt_film *film = fx_render(&s, &v, &(bt_render_settings){.samples = 1024}, NULL);
    double worst = 0.0;
    for (int y = 0; y < 21; y++) {
        double lit = 0.0, want = 0.0;
        for (int x = 0; x < 48; x++)
            lit += (double)film->rate_e_s[48 * y + x] / FX_SPAN_NM;
        for (int i = 0; i < 100; i++) // the edge's mean place within the row's exposure
            want += 23.5 + 100.0 * tan(0.005 * (y - 10) + 0.04 * ((i + 0.5) / 100.0 - 0.5));
        worst = fmax(worst, fabs(47.5 - lit - want / 100.0));
    }
    printf("turning camera: the edge is off by %.3f px at worst\n", worst);
    CHECK(worst < 0.06); // four sigma of 5 half-covered pixels of 1024 samples, without strata
    bt_film_destroy(film);
    fx_end(&s);
}

int main(void)
{
    test_camera_turns();
    test_lamp_switches();
    test_skin_blurs();
    test_skin_agrees();
    test_blur();
    test_rolling_shutter();
    test_motion_agrees();
    return check_end();
}
