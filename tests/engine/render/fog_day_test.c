// fog_day_test.c: walks through fog that lean towards the sun: their directions and those of surfaces against
// their density, their distances within the fog, and what they bring against a walk that draws everything as it happens.
#include "tests/engine/render/render_fixture.h"
#include "tests/support/chi_square.h"
#include "tests/support/sanitized.h"

#include "engine/render/fog_table.h"
#include "engine/render/internal.h"

#include "shaders/shared/path_fog.h"

// ---- directions ---------------------------------------------------------------------------------
static float fog_table[BT_FOG_FLOATS]; // of droplets of 4 um

typedef struct subject {
    bt_scene scene;
    bt_path path;
    float sunward; // in fog
    bt_bsdf bsdf;  // on a surface
} subject;

static bool draw(const void *of, const double u[4], double dir[3])
{
    const subject *s = of;
    float3 to =
        bt_fog_draw(&s->scene, &s->path, s->sunward, (float)u[0] * 0.99999994f, (float)u[1]);
    for (int k = 0; k < 3; k++)
        dir[k] = (double)to[k];
    return true;
}
static double density(const void *of, const double dir[3])
{
    const subject *s = of;
    float3 to = float3((float)dir[0], (float)dir[1], (float)dir[2]);
    float4 phase = bt_path_phase(&s->scene, &s->path, bt_fog_q(s->path.dir, to));
    return (double)bt_fog_density(&s->scene, s->sunward, phase, to)[0];
}

static chi_square_result directions_of(const subject *s, chi_square test, float3 axis)
{
    test.subject = s;
    test.power = 4.0;
    for (int k = 0; k < 3; k++)
        test.axis[k] = (double)axis[k];
    return chi_square_test(&test);
}

static void test_directions(void)
{
    subject s = {.scene = {.fog = {.similar = 0.15f}, .tables = {.fog = fog_table}},
                 .path = {.wavelengths = {.nm = splat4(505.0f)}, .asked = {1.0f, 0.5f, 0.0f}}};
    s.scene.sky.sun_dir = normalize3(float3(0.7f, 0.6f, 0.24f));
    const float3 ways[2] = {normalize3(float3(-0.3f, 0.8f, 0.1f)),
                            normalize3(float3(0.6f, 0.7f, 0.3f))};
    for (uint32_t i = 0; i < 4; i++) {
        s.path.scatters = i / 2;
        s.path.dir = ways[i % 2];
        s.sunward = bt_fog_sunward(&s.scene, &s.path);
        chi_square test = {.draw = draw, .density = density, .split = 8};
        chi_square_result r = directions_of(&s, test, s.path.dir);
        printf("scattering %u, %.2f by the lobe: p %.3f, integral %.5f\n", (unsigned)i / 2,
               (double)s.sunward, r.p, r.integral);
        CHECK(s.sunward > 0.0f && s.sunward <= BT_FOG_LEAN_MOST);
        CHECK(r.p > CHI_SIGNIFICANCE / 4);
        CHECK_NEAR(r.integral, 1.0, 0.01);
    }
}

// On a surface that the sun shines on aslant, some directions are drawn about it: those are refused that go below.
static bool surface_draw(const void *of, const double u[4], double dir[3])
{
    const subject *s = of;
    float4 v = float4((float)u[0], (float)u[1], (float)u[2], (float)u[3]);
    bt_bsdf_sample r = bt_lean_scatter(&s->scene, &s->path, &s->bsdf, min(v, splat4(0.99999994f)));
    for (int k = 0; k < 3; k++)
        dir[k] = (double)r.wi[k];
    return r.scatter == BT_SCATTER_ROUGH;
}
static double surface_density(const void *of, const double dir[3])
{
    const subject *s = of;
    float3 to = float3((float)dir[0], (float)dir[1], (float)dir[2]);
    bt_bsdf_value v = bt_bsdf_eval(&s->bsdf, NULL, to);
    return any_above0(v.f_cos) ? (double)bt_lean_density(&s->scene, &s->path, v.pdf, to)[0] : 0.0;
}

static void test_surfaces(void)
{
    float3 up = float3(0.0f, 0.0f, 1.0f), eye = normalize3(float3(0.3f, -0.4f, 0.5f));
    bt_material grey = {.kind = BT_MATERIAL_DIFFUSE, .roughness = 0.5f};
    const float extinctions[3] = {0.001f, 0.02f, 0.0f};
    for (uint32_t i = 0; i < 3; i++) {
        subject s = {.scene = {.fog = {.extinction = extinctions[i],
                                       .inverse_height = 0.02f,
                                       .similar = 0.15f},
                               .sun_irradiance = 1.0f,
                               .sky_irradiance = 0.1f,
                               .tables = {.fog = fog_table}},
                     .path = {.wavelengths = {.nm = splat4(505.0f)}},
                     .bsdf = bt_bsdf_plain(grey, up, up, eye)};
        s.scene.sky.sun_dir = normalize3(float3(0.7f, 0.6f, 0.3f));
        s.scene.sky.sun_up = 1.0f;
        s.bsdf.color = splat4(0.4f);
        s.path.lean = bt_lean_share(&s.scene, &s.path, splat3(0.0f), up, grey.kind);
        chi_square test = {.draw = surface_draw, .density = surface_density, .split = 16};
        chi_square_result r = directions_of(&s, test, s.scene.sky.sun_dir);
        printf("extinction %g, %.2f about the sun: p %.3f, integral %.5f, refused %.5f\n",
               (double)extinctions[i], (double)s.path.lean, r.p, r.integral, r.refused);
        CHECK(i == 2 ? s.path.lean == 0.0f : s.path.lean > 0.1f && s.path.lean <= BT_LEAN_MOST);
        CHECK(r.p > CHI_SIGNIFICANCE / 3);
        CHECK_NEAR(r.integral + r.refused, 1.0, 0.01);
    }
}

// ---- distances ----------------------------------------------------------------------------------
// A walk that is scattered is so within the fog, also where little is left of it above and the number that is
// drawn is the last below 1.
static void test_thin(void)
{
    uint64_t state = 3;
    double worst = 0.0;
    float farthest_m = 0.0f;
    for (int i = 0; i < 20000; i++) {
        bt_fog fog = {.extinction = (float)(0.001 + 0.05 * chi_uniform(&state)),
                      .inverse_height = (float)(0.005 + 0.05 * chi_uniform(&state))};
        float z = (float)(300.0 * chi_uniform(&state)), rise = (float)(0.01 + chi_uniform(&state));
        float rate = (float)(0.5 + chi_uniform(&state)), u = (float)chi_uniform(&state);
        float full = bt_fog_depth(fog, z, rise, BT_FAR);
        float last = bt_fog_draw_depth(full, rate, 0.99999994f);
        farthest_m = max(farthest_m, bt_fog_distance(fog, z, rise, last));
        double depth = (double)bt_fog_draw_depth(full, rate, u);
        double part = expm1(-(double)rate * depth) / expm1(-(double)(rate * full));
        if (full > 0.01f) worst = fmax(worst, fabs(part - (double)u));
    }
    printf("depths drawn: %.1e off, %.3g km away at most\n", worst, (double)farthest_m * 1e-3);
    CHECK(worst < 1e-4);
    CHECK(farthest_m < 1e6f);
}

// ---- a walk as it happens -----------------------------------------------------------------------
#define GROUND_M 2.0 // below the camera
#define GROUND_REFLECTS 0.4

typedef struct walker {
    const bt_scene *scene;
    bt_path path; // of one wavelength
    uint64_t state;
} walker;

static float uniform(walker *w)
{
    return (float)(0.99999994 * chi_uniform(&w->state));
}

// What the sun sends by a scattering at the walker's place, in the fog or on the ground, by one place on its
// disc.
static float sun_brings(walker *w, bt_fog fog, bool in_fog)
{
    const bt_scene *sc = w->scene;
    float u = uniform(w), v = uniform(w);
    bt_direction to = bt_sun_sample(sc->sky, u, v);
    float disc = bt_sun_radiance(sc->sky, sc->tables.sky_radiance, w->path.light, to.dir)[0];
    float scatters = (float)(GROUND_REFLECTS / BT_PI) * to.dir[2];
    if (in_fog) scatters = bt_path_phase(sc, &w->path, bt_fog_q(w->path.dir, to.dir))[0];
    return scatters * disc / to.pdf * bt_fog_left(fog, w->path.origin[2], to.dir[2], BT_FAR);
}

static bt_fog fog_after(const bt_scene *scene, uint32_t scatters)
{
    bt_fog fog = scene->fog;
    if (scatters > 0) fog.extinction *= fog.similar / (1.0f - BT_FOG_SIMILAR_G);
    return fog;
}

// Haze takes and adds over a way: by the renderer's own formula, nothing is drawn for it.
static void through_haze(walker *w, float distance)
{
    bt_path_meet_haze(w->scene, bt_path_haze_way(w->scene, distance, &w->path), &w->path);
}

static void meet_fog(walker *w, float distance)
{
    bt_path *p = &w->path;
    p->origin += p->dir * distance;
    p->radiance += p->weight.beta * sun_brings(w, fog_after(w->scene, p->scatters + 1), true);
    float q = bt_path_phase_sample(w->scene, p, uniform(w));
    p->dir = bt_fog_turn(p->dir, q, uniform(w));
    p->scatters++;
}
static void meet_ground(walker *w, float distance)
{
    bt_path *p = &w->path;
    p->origin += p->dir * distance;
    p->origin[2] = (float)-GROUND_M;
    p->radiance += p->weight.beta * sun_brings(w, fog_after(w->scene, p->scatters), false);
    float u = uniform(w), v = uniform(w);
    p->dir = bt_cosine_sample(u, v);
    p->weight.beta *= (float)GROUND_REFLECTS;
}

// One walk from the camera; its radiance.
static double walk(walker *w, float nm, float3 dir)
{
    const bt_scene *sc = w->scene;
    bt_path_start start = {.dir = dir, .wavelengths = {.nm = splat4(nm)}};
    float place = (nm - BT_SPECTRUM_MIN_NM) / BT_SPECTRUM_STEP_NM;
    start.wavelengths.bin = splat_u4((uint32_t)place);
    start.wavelengths.part = splat4(place - floorf(place));
    bt_path *p = &w->path;
    bt_path_begin(sc, &start, p);
    for (;;) {
        bt_fog fog = fog_after(sc, p->scatters);
        float depth = -logf(1.0f - uniform(w)), z = p->origin[2], rise = p->dir[2];
        float ground = rise < 0.0f ? (z + (float)GROUND_M) / -rise : BT_FAR;
        float distance = bt_fog_distance(fog, z, rise, depth);
        if (distance >= BT_FAR && ground >= BT_FAR) break;
        through_haze(w, fminf(distance, ground));
        if (ground <= distance)
            meet_ground(w, ground);
        else
            meet_fog(w, distance);
    }
    // the disc was asked for at each vertex
    bt_sky_spot spot = bt_path_sky_spot(sc, p->dir);
    float sky = bt_sky_radiance_at(sc->sky, sc->tables.sky_radiance, p->light, p->dir, spot)[0];
    return (double)(p->radiance[0] + p->weight.beta[0] * sky);
}

static double walked(const fx_scene *s, bt_vec3 to, int walks, double *error)
{
    walker w = {.scene = &s->stage->scene, .state = 11};
    float3 dir = normalize3(float3((float)to.x, (float)to.y, (float)to.z));
    double mean = 0.0, square = 0.0;
    for (int i = 0; i < walks; i++) {
        float nm = BT_SPECTRUM_MIN_NM + (float)FX_SPAN_NM * ((float)i + 0.5f) / (float)walks;
        double got = walk(&w, nm, dir), delta = got - mean;
        mean += delta / (i + 1);
        square += delta * (got - mean);
    }
    *error = sqrt(square / walks / walks);
    return mean;
}

// ---- the renderer's -----------------------------------------------------------------------------
static void day(fx_scene *s, double range_m)
{
    fx_begin(s);
    s->weather.sun_elevation_rad = 0.244;
    s->weather.sun_azimuth_rad = 0.6;
    s->weather.fog_range_m = range_m;
    s->weather.fog_height_m = 60.0;
    uint32_t grey = fx_plain(s, "grey", BT_MATERIAL_DIFFUSE, GROUND_REFLECTS, 0.0f);
    double far_m = 4000.0;
    fx_static(s,
              fx_quad(s, grey, (bt_vec3){-far_m, -far_m, -GROUND_M}, (bt_vec3){2.0 * far_m, 0, 0},
                      (bt_vec3){0, 2.0 * far_m, 0}),
              0, 0, 0);
}

// Towards the sun, across, and away from it: into the fog, up through it, and at the ground, there in thin fog too.
static void test_walks(void)
{
    const bt_vec3 ways[5] = {
        {0.8, 0.4, 0.1}, {0.6, -0.8, 0.02}, {-0.7, -0.5, 0.5}, {0.2, 0.9, -0.4}, {0.2, 0.9, -0.4}};
    for (int i = 0; i < 5; i++) {
        fx_scene s;
        double error;
        int walks =
            (i < 4 ? 600000 : 1200000) / (int)SANITIZED_SHARE; // few of them meet the sun there
        day(&s, i < 4 ? 150.0 : 500.0);
        fx_compile(&s);
        fx_place_still(&s, fx_look((bt_vec3){0, 0, 0}, ways[i]));
        bt_view v = fx_view(16, 16, 2000.0);
        bt_render_settings settings = {.samples = 2048 / SANITIZED_SHARE};
        bt_film *film = fx_render(&s, &v, &settings, NULL);
        double got = fx_mean(film, 0) / FX_SPAN_NM;
        double own = fx_standard_error(film) / FX_SPAN_NM,
               want = walked(&s, ways[i], walks, &error);
        double both = hypot(own, error);
        printf("leaning %.6g, as it happens %.6g, standard errors %.1e, %.1e\n", got, want, own,
               error);
        CHECK_NEAR(got, want, 4.0 * both);
        CHECK(both < SANITIZED_ERROR * 0.01 * want);
        bt_film_destroy(film);
        fx_end(&s);
    }
}

int main(void)
{
    CHECK_OK(bt_fog_table_compute(4.0, fog_table));
    test_directions();
    test_surfaces();
    test_thin();
    test_walks();
    return check_end();
}
