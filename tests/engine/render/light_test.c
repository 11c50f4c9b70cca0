// light_test.c: lamps against closed forms, against brute force, and the light tree against itself.
#include "tests/engine/render/render_fixture.h"

#include "engine/render/internal.h"

#define REFLECTANCE 0.5

// Night over a grey Lambertian ground about (at_m, at_m), which is as far from its mesh's origin.
static void ground_begin_at(fx_scene *s, double at_m)
{
    fx_begin(s);
    s->weather.sun_elevation_rad = -0.6;
    uint32_t grey = fx_plain(s, "grey", BT_MATERIAL_DIFFUSE, REFLECTANCE, 0.0f);
    bt_vec3 corner = {at_m - 50, at_m - 50, 0};
    fx_static(s, fx_quad(s, grey, corner, (bt_vec3){100, 0, 0}, (bt_vec3){0, 100, 0}), 0, 0, 0);
}

static void ground_begin(fx_scene *s)
{
    ground_begin_at(s, 0.0);
}

// Mean radiance over the lamp's, seen through a narrow camera that stands already.
static double seen(fx_scene *s, bool scatter_only, uint32_t samples, double *error)
{
    bt_view v = fx_view(16, 16, 4000.0); // 6 mm of ground
    bt_film *film = fx_render(
        s, &v, &(bt_render_settings){.samples = samples, .scatter_only = scatter_only}, NULL);
    double mean = fx_mean(film, 0) / FX_SPAN_NM; // a response of 1
    *error = fx_standard_error(film) / FX_SPAN_NM;
    bt_film_destroy(film);
    fx_end(s);
    return mean;
}

// The same of the ground about the origin.
static double ground_seen(fx_scene *s, bool scatter_only, uint32_t samples, double *error)
{
    fx_compile(s);
    fx_place_still(s, fx_look((bt_vec3){-1.0, 0, 0.9}, (bt_vec3){0, 0, 0}));
    return seen(s, scatter_only, samples, error);
}

// Irradiance below the middle of a parallel rectangle of half sizes a and b at height h, over its
// radiance: four times the corner's. Siegel and Howell, configuration factor C-11... derived from
// E = L / 2 * sum of edge angles (Lambert 1760), evaluated for one corner.
static double rectangle_irradiance(double a, double b, double h)
{
    double x = a / h, y = b / h;
    double p = sqrt(1.0 + x * x), q = sqrt(1.0 + y * y);
    return 4.0 * 0.5 * (x / p * atan(y / p) + y / q * atan(x / q));
}

// both: the lamp faces up and shines from both sides.
static void test_rectangle(bool brute, bool both)
{
    fx_scene s;
    double error;
    ground_begin(&s);
    uint32_t lamp = fx_lamp_of(&s, "lamp", 1.0, both);
    bt_vec3 along = {1.2, 0, 0}, across = {0, 0.8, 0}, corner = {-0.6, -0.4, 1};
    fx_static(&s, fx_quad(&s, lamp, corner, both ? along : across, both ? across : along), 0, 0, 0);
    double got = ground_seen(&s, brute, brute ? 1024 : 64, &error);
    double want = REFLECTANCE / BT_PI * rectangle_irradiance(0.6, 0.4, 1.0);
    printf("rectangle%s%s: %.5f, closed form %.5f, standard error %.1e\n",
           both ? " of two sides, from behind" : "", brute ? " by scattering alone" : "", got, want,
           error);
    CHECK_NEAR(got, want, 4.0 * error + 0.0005 * want); // haze over 1 m
    CHECK(error < 0.004 * want);
}

// The same on a large map, whose meshes have vertices far from their own origin: rays keep further off the surfaces
// there, which are to lose nothing of lamps nearby.
static void test_rectangle_far_off(double far_m, double height_m)
{
    fx_scene s;
    double error;
    ground_begin_at(&s, far_m);
    uint32_t lamp = fx_lamp(&s, "lamp", 1.0);
    bt_vec3 corner = {far_m - 0.6, far_m - 0.4, height_m};
    fx_static(&s, fx_quad(&s, lamp, corner, (bt_vec3){0, 0.8, 0}, (bt_vec3){1.2, 0, 0}), 0, 0, 0);
    fx_compile(&s);
    bt_vec3 eye = {far_m - 1.0, far_m, 0.5 * height_m};
    fx_place_still(&s, fx_look(eye, (bt_vec3){far_m, far_m, 0}));
    double got = seen(&s, false, 128, &error);
    double want = REFLECTANCE / BT_PI * rectangle_irradiance(0.6, 0.4, height_m);
    printf(
        "rectangle %.2f m above ground, %.0f m off: %.5f, closed form %.5f, standard error %.1e\n",
        height_m, far_m, got, want, error);
    CHECK_NEAR(got, want, 4.0 * error + 0.002 * want); // and rounding of places
    CHECK(error < 0.004 * want);
}

// A sphere of radius r at distance d straight above: E = pi L (r / d)^2.
static void test_sphere(void)
{
    fx_scene s;
    double error;
    ground_begin(&s);
    fx_static(&s, fx_sphere(&s, fx_lamp(&s, "lamp", 1.0), 0.2, 64), 0, 0, 2);
    double got = ground_seen(&s, false, 256, &error);
    double want = REFLECTANCE * 0.1 * 0.1;
    printf("sphere: %.6f, closed form %.6f, standard error %.1e\n", got, want, error);
    CHECK_NEAR(got, want, 4.0 * error + 0.0025 * want); // the mesh is inscribed: 0.16 % less area
    CHECK(error < 0.01 * want);
}

// Lamps of many powers, places and directions, some of them behind a pane, some walled off.
static void many_lamps(fx_scene *s, int count)
{
    uint32_t lamps[3] = {fx_lamp(s, "lamp", 1.0), BT_NO_INDEX, BT_NO_INDEX};
    bt_material m = {.kind = BT_MATERIAL_DIFFUSE,
                     .reflectance = BT_NO_SPECTRUM,
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = fx_flat(s, 7.0),
                     .emission_scale = 1.0f};
    lamps[1] = fx_material(s, "bright", m);
    m.emission_scale = 0.2f;
    lamps[2] = fx_material(s, "dim", m);
    uint32_t meshes[3];
    for (int i = 0; i < 3; i++)
        meshes[i] = fx_quad(s, lamps[i], (bt_vec3){-0.1, -0.1, 0}, (bt_vec3){0, 0.2, 0},
                            (bt_vec3){0.2, 0, 0});
    for (int i = 0; i < count; i++) {
        bt_pose pose = BT_POSE_IDENTITY;
        double turn = 2.4 * i, out = 0.35 * sqrt((double)i) + 0.3;
        pose.pos = (bt_vec3){out * cos(turn), out * sin(turn), 0.8 + 0.01 * (i % 50)};
        pose.rot = bt_quat_axis_angle((bt_vec3){cos(3.0 * i), sin(3.0 * i), 0}, 0.3 * (i % 11));
        CHECK_OK(bt_spec_add_static(s->spec, meshes[i % 3], pose, 1.0 + 0.1 * (i % 4), 0));
    }
    uint32_t wall = fx_plain(s, "wall", BT_MATERIAL_DIFFUSE, 0.0, 0.0f);
    fx_static(s, fx_quad(s, wall, (bt_vec3){0.5, -3, 0}, (bt_vec3){0, 0, 0.9}, (bt_vec3){0, 6, 0}),
              0, 0, 0);
    uint32_t pane = fx_plain(s, "pane", BT_MATERIAL_GLASS_THIN, 0.7, 0.0f);
    fx_static(s, fx_quad(s, pane, (bt_vec3){-3, 0.4, 0}, (bt_vec3){0, 0, 3}, (bt_vec3){6, 0, 0}), 0,
              0, 0);
}

// Choosing lamps by the tree gives what meeting them by chance gives.
static void test_many_lamps(void)
{
    double got[2], error[2];
    for (int brute = 0; brute < 2; brute++) {
        fx_scene s;
        ground_begin(&s);
        many_lamps(&s, 300);
        got[brute] = ground_seen(&s, brute, brute ? 4096 : 128, &error[brute]);
    }
    printf("300 lamps: asked %.5f +- %.1e, met %.5f +- %.1e\n", got[0], error[0], got[1], error[1]);
    CHECK_NEAR(got[0], got[1], 4.0 * hypot(error[0], error[1]));
    CHECK(error[1] < 0.01 * got[1] && error[0] < 0.01 * got[0]);
}

// Lights are drawn as often as bt_light_probability says: Pearson's chi-square.
static void test_tree_draws(void)
{
    enum { LAMPS = 200, DRAWS = 200000 };
    fx_scene s;
    ground_begin(&s);
    many_lamps(&s, LAMPS);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){-1, 0, 1}, (bt_vec3){0, 0, 0}));
    const bt_scene *sc = &s.stage->scene;
    CHECK(sc->light_count == 2 * LAMPS);
    for (int k = 0; k < 4; k++) { // two on surfaces, one in the air, a ray in the air
        bt_light_asker who = {.pos = float3(0.7f * (float)k, -0.2f, 0.0f),
                              .normal = k < 2 ? float3(0, 0, 1) : splat3(0.0f),
                              .both = k == 1};
        if (k == 3) {
            who.normal = normalize3(float3(0.2f, 1.0f, 0.3f));
            who.along = 5.0f;
            who.fade = 0.3f;
        }
        bt_light_cut cut;
        bt_light_cut_make(sc, who, &cut);
        if (k == 1) bt_light_cut_root(sc, &cut);
        static uint32_t seen[2 * LAMPS + 1];
        memset(seen, 0, sizeof seen);
        for (int i = 0; i < DRAWS; i++) {
            float u = ((float)i + 0.5f) / (float)DRAWS;
            bt_light_choice c = bt_light_choose(sc, who, &cut, u);
            seen[c.light == BT_NONE ? 2 * LAMPS : c.light]++;
            if (c.light != BT_NONE && i % 997 == 0)
                CHECK_NEAR(c.probability / bt_light_probability(sc, who, &cut, c.light), 1.0, 1e-5);
        }
        // draws are stratified: counts are within rounding of the expected ones
        double total = 0.0, worst = 0.0;
        for (uint32_t i = 0; i < sc->light_count; i++) {
            double p = (double)bt_light_probability(sc, who, &cut, i);
            total += p;
            worst = fmax(worst, fabs((double)seen[i] - p * DRAWS));
        }
        printf("tree from place %d: %u in the cut, total probability %.6f, none drawn %u, worst "
               "count off by %.1f\n",
               k, (unsigned)cut.count, total, (unsigned)seen[2 * LAMPS], worst);
        CHECK(total <= 1.0 + 1e-5);
        CHECK_NEAR(total, 1.0 - seen[2 * LAMPS] / (double)DRAWS, 1e-3);
        CHECK(worst < 12.0); // float rounding of u along 9 turns
    }
    fx_end(&s);
}

// A street of lamps 8 m up and 30 m apart on either side, houses with lit windows on all four sides behind them.
static void street_of_lamps(fx_scene *s)
{
    uint32_t lamp = fx_lamp(s, "lamp", 1000.0), window = fx_lamp(s, "window", 1.0);
    uint32_t down =
        fx_quad(s, lamp, (bt_vec3){-0.15, -0.15, 0}, (bt_vec3){0, 0.3, 0}, (bt_vec3){0.3, 0, 0});
    uint32_t pane =
        fx_quad(s, window, (bt_vec3){0, -0.6, 0}, (bt_vec3){0, 1.2, 0}, (bt_vec3){0, 0, 1.4});
    for (int i = -20; i <= 20; i++) {
        for (int side = -1; side <= 1; side += 2) {
            fx_static(s, down, 30.0 * i + 7.0 * side, 6.0 * side, 8.0);
            for (int k = 0; k < 24; k++) {
                bt_pose pose = BT_POSE_IDENTITY;
                double turn = 0.5 * BT_PI * (k % 4), reach = k % 2 == 0 ? 9.0 : 5.0;
                pose.pos = (bt_vec3){30.0 * i + reach * cos(turn), 18.0 * side + reach * sin(turn),
                                     1.0 + 2.6 * (k / 4 % 3)};
                pose.rot = bt_quat_axis_angle((bt_vec3){0, 0, 1}, turn);
                CHECK_OK(bt_spec_add_static(s->spec, pane, pose, 1.0, 0));
            }
        }
    }
}

// Variance over the mean squared that drawing one lamp leaves of the light there, if nothing is in the way.
static double tree_variance(const bt_scene *sc, float3 pos)
{
    bt_wavelengths w = {.bin = uint4(10u, 20u, 30u, 40u), .part = splat4(0.0f)};
    bt_light_asker who = {.pos = pos, .normal = float3(0.0f, 0.0f, 1.0f)};
    double sum = 0.0, squares = 0.0;
    bt_light_cut cut;
    bt_light_cut_make(sc, who, &cut);
    for (uint32_t i = 0; i < sc->light_count; i++) {
        bt_lamp_point l = bt_lamp_point_at(sc, scene_light(sc, i), pos, 0.5f, 0.4f, 0.5f);
        float4 radiance = bt_lamp_radiance(sc, l.material, w, l.emission, l.cos_lamp);
        double sends = (double)(sum4(radiance) * l.area * max(l.cos_lamp, 0.0f) *
                                max(l.dir[2], 0.0f) / (l.distance * l.distance));
        if (!(sends > 0.0)) continue;
        sum += sends;
        squares += sends * sends / (double)bt_light_probability(sc, who, &cut, i);
    }
    return squares / (sum * sum) - 1.0;
}

// In the middle of a thousand lamps the one above is drawn as often as it matters.
static void test_tree_finds_the_near(void)
{
    enum { PLACES = 60 };
    double worst = 0.0, mean = 0.0;
    fx_scene s;
    ground_begin(&s);
    street_of_lamps(&s);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){-1, 0, 1}, (bt_vec3){0, 0, 0}));
    for (int i = 0; i < PLACES; i++) {
        double v = tree_variance(
            &s.stage->scene, float3(1.7f * (float)(i - PLACES / 2), (float)(i % 7) - 3.0f, 0.0f));
        worst = fmax(worst, v);
        mean += v / PLACES;
    }
    printf("street of %u lights: one of them leaves a variance of %.2f, %.2f at worst, of the mean "
           "squared\n",
           (unsigned)s.stage->scene.light_count, mean, worst);
    CHECK(mean < 1.0);
    fx_end(&s);
}

// ---- one of several lamps -------------------------------------------------------------------------
// A place that asks: of coated ground, or in the fog.
typedef struct asking_place {
    const bt_scene *sc;
    bt_path path; // that came there
    bt_shade_point point;
    bt_bsdf bsdf;
    bool fog;
} asking_place;

static asking_place place_make(const fx_scene *s, bool fog)
{
    const float limits_nm[2] = {500.0f, 600.0f};
    float cells[BT_WAVELENGTH_CELLS + 1];
    asking_place at = {.sc = &s->stage->scene, .fog = fog};
    bt_tracer tracer = {.stage = s->stage};
    bt_hit hit = {0};
    for (uint32_t i = 0; i <= BT_WAVELENGTH_CELLS; i++)
        cells[i] = lerp(limits_nm[0], limits_nm[1], (float)i / (float)BT_WAVELENGTH_CELLS);
    bt_path_start start = {.dir = normalize3(float3(1.0f, 0.2f, -0.8f)),
                           .wavelengths = bt_wavelengths_sample(cells, 0.1f)};
    bt_path_begin(at.sc, &start, &at.path);
    CHECK(bt_tracer_closest(&tracer, start.origin, start.dir, 0.0f, &hit));
    if (fog) at.path.origin = start.dir * (0.5f * hit.distance);
    bt_shade_point_find(at.sc, hit, start.origin, start.dir, 0.0f, 0.0f, &at.point);
    at.bsdf = bt_path_bsdf(at.sc, &at.path, &at.point);
    return at;
}

// The ray that is left for lamps, lit as if nothing were in the way; `path` has then asked.
static bt_shadow_ray place_ask(const asking_place *at, uint32_t number, bt_path *path)
{
    bt_shadow_rays rays = {.lamp = bt_shadow_none()};
    *path = at->path;
    path->random = (bt_sampler){.index = bt_hash(number), .seed = bt_hash2(number, 5)};
    if (!at->fog) {
        bt_bsdf bsdf = at->bsdf;
        bt_path_ask(at->sc, &at->point, &bsdf, (bt_glint){0}, bt_path_draw(path), path, &rays);
        return rays.lamp;
    }
    path->asker = (bt_light_asker){.pos = path->origin, .both = true};
    bt_light_samples l = bt_path_pick(at->sc, 0, at->sc->fog, bt_path_draw(path), path);
    path->asked.lamp *= (float)l.lamp.count;
    return l.lamp.asks
               ? bt_fog_ask_lamps(at->sc, path, l.lamp, (bt_glow_line){0}, &(bt_light_cut){0}, 0.0f)
               : rays.lamp;
}

// What asking brings of one triangle in the mean: its share by multiple importance sampling, by quadrature.
static double place_brings(const asking_place *at, const bt_path *path, uint32_t light)
{
    enum { SIDE = 16 };
    double sum = 0.0;
    bt_light_cut cut;
    bt_lamps_cut(at->sc, path->asker, path->asked.lamp, &cut);
    float often = path->asked.lamp * bt_light_probability(at->sc, path->asker, &cut, light);
    for (uint32_t i = 0; i < SIDE * SIDE; i++) {
        float u0 = ((float)(i % SIDE) + 0.5f) / SIDE, u1 = ((float)(i / SIDE) + 0.5f) / SIDE;
        bt_lamp_point l =
            bt_lamp_point_at(at->sc, at->sc->lights[light], path->asker.pos, 0.0f, u0, u1);
        if (!(l.cos_lamp > 0.0f) || !(often > 0.0f)) continue;
        bt_light_sample of = {.dir = l.dir,
                              .distance = l.distance,
                              .radiance = bt_lamp_radiance(at->sc, l.material, path->wavelengths,
                                                           l.emission, l.cos_lamp),
                              .pdf = often * l.distance * l.distance / (l.area * l.cos_lamp)};
        bt_shadow_ray ray = bt_shadow_none();
        if (at->fog)
            ray = bt_fog_ask(at->sc, path, of, false);
        else
            bt_surface_ask(at->sc, path, &at->point, &at->bsdf, &of, false, &ray);
        sum += (double)(sum4(ray.lit) * often) / (SIDE * SIDE);
    }
    return sum;
}

// The thing that a ray goes to.
static uint32_t lamp_met(const asking_place *at, bt_shadow_ray ray)
{
    float3 end = ray.origin + ray.dir * ray.distance;
    uint32_t nearest = 0;
    float least = 1e30f;
    for (uint32_t i = 0; i < at->sc->light_count; i++) {
        bt_lamp_point l = bt_lamp_point_at(at->sc, at->sc->lights[i], ray.origin, 0.0f, 0.5f, 0.5f);
        float off = length3(ray.origin + l.dir * l.distance - end);
        if (off < least) nearest = at->sc->lights[i].placed;
        least = min(least, off);
    }
    return nearest;
}

// The lamp that is kept of several stands for all of them: what rays to each bring is, in the mean, what
// quadrature over that lamp says (chi-square over the lamps).
static void test_weighed_lamps(bool fog)
{
    enum { LAMPS = 60, ASKS = 20000, THINGS = LAMPS + 3 };
    fx_scene s;
    double got[THINGS] = {0}, square[THINGS] = {0}, want[THINGS] = {0}, chi2 = 0.0;
    int lamps = 0;
    ground_begin(&s);
    if (fog) s.weather.fog_range_m = 50.0;
    many_lamps(&s, LAMPS);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){-1, -0.2, 0.9}, (bt_vec3){0, 0, 0}));
    asking_place at = place_make(&s, fog);
    bt_path path;
    for (uint32_t i = 0; i < ASKS; i++) {
        bt_shadow_ray ray = place_ask(&at, i, &path);
        if (!bt_shadow_asks(ray)) continue;
        double lit = (double)sum4(ray.lit);
        uint32_t thing = lamp_met(&at, ray);
        got[thing] += lit / ASKS;
        square[thing] += lit * lit / ASKS;
    }
    for (uint32_t i = 0; i < at.sc->light_count; i++)
        want[at.sc->lights[i].placed] += place_brings(&at, &path, i);
    for (int i = 0; i < THINGS; i++) {
        double variance = (square[i] - got[i] * got[i]) / ASKS;
        CHECK(want[i] > 0.0 || got[i] == 0.0);
        if (!(variance > 0.0)) continue;
        chi2 += (got[i] - want[i]) * (got[i] - want[i]) / variance;
        lamps++;
    }
    printf("lamps weighed %s: chi-square %.1f of %d lamps\n", fog ? "in fog" : "from the ground",
           chi2, lamps);
    CHECK(lamps >= 10);
    CHECK(chi2 < lamps + 4.0 * sqrt(2.0 * lamps));
    fx_end(&s);
}

// How often the ground at the origin asks for the sun.
static double sun_share(const fx_scene *s)
{
    bt_light_asker who = {.pos = splat3(0.0f), .normal = float3(0, 0, 1)};
    const bt_scene *sc = &s->stage->scene;
    return (double)bt_light_shares_at(bt_light_estimates(sc, sc->fog, who), true).sun;
}

static double hazy_ground(double depth, bool lamp, double *share, double *error)
{
    fx_scene s;
    ground_begin(&s);
    s.weather.sun_elevation_rad = 0.5;
    s.weather.aerosol_optical_depth = depth;
    if (lamp) fx_static(&s, fx_sphere(&s, fx_lamp(&s, "faint", 1e-12), 0.2, 8), 0, 0, 2);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){-1.0, 0, 0.9}, (bt_vec3){0, 0, 0}));
    *share = sun_share(&s);
    bt_view v = fx_view(16, 16, 4000.0);
    bt_film *film = fx_render(&s, &v, &(bt_render_settings){.samples = 128}, NULL);
    double mean = fx_mean(film, 0) / FX_SPAN_NM;
    *error = fx_standard_error(film) / FX_SPAN_NM;
    bt_film_destroy(film);
    fx_end(&s);
    return mean;
}

// A weak sun is asked now and then, whether there are lamps or not: one that sends nothing changes
// nothing.
static void test_weak_sun(void)
{
    int weak = 0;
    for (int i = 0; i < 5; i++) {
        double depth = 1.0 + 0.4 * i, share, share_lamp, error, error_lamp;
        double got = hazy_ground(depth, false, &share, &error);
        double lamp = hazy_ground(depth, true, &share_lamp, &error_lamp);
        printf("haze of depth %.1f, sun asked by %.3f: %.6g, with a dark lamp %.6g +- %.1e\n",
               depth, share, got, lamp, error);
        CHECK_NEAR(got, lamp, 4.0 * hypot(error, error_lamp) + 0.004 * lamp); // the lamp's shadow
        weak += share > 0.1 && share < 0.9;
    }
    CHECK(weak > 0);
}

int main(void)
{
    for (int i = 0; i < 4; i++)
        test_rectangle(i & 1, i & 2);
    test_rectangle_far_off(0.0, 0.05);
    test_rectangle_far_off(500.0, 0.05);
    test_rectangle_far_off(500.0, 1.0);
    test_rectangle_far_off(5000.0, 5.0);
    test_weak_sun();
    test_sphere();
    test_many_lamps();
    test_tree_draws();
    test_tree_finds_the_near();
    test_weighed_lamps(false);
    test_weighed_lamps(true);
    return check_end();
}
