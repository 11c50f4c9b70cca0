// precipitation_test.c: drop sizes against their integrals and their own rate; the field against
// the sizes; the same drop for every camera; streaks as long as the shutter makes them; what labels
// and roofs do with all this.
#include "procedural/weather/precipitation.h"
#include "tests/engine/render/render_fixture.h"

// ---- closed forms -----------------------------------------------------------------------------
typedef double (*weight_fn)(bt_fall_kind kind, double diameter_mm);

static double integral(const bt_drop_sizes *s, double low, double high, weight_fn weight)
{
    double sum = 0.0, step = 1e-3;
    for (double d = low + 0.5 * step; d < high; d += step)
        sum += s->n0_m3_mm * exp(-s->slope_mm * d) * step * weight(s->kind, d);
    return sum;
}

static double one(bt_fall_kind kind, double d)
{
    (void)kind;
    (void)d;
    return 1.0;
}
static double water_g(bt_fall_kind kind, double d)
{
    (void)kind;
    return 1e-3 * BT_PI / 6.0 * d * d * d;
}
static double shadow_m2(bt_fall_kind kind, double d)
{
    (void)kind;
    return 2.0 * 1e-6 * BT_PI / 4.0 * d * d;
}
static double flux_mm_h(bt_fall_kind kind, double d) // 1 g m^-2 s^-1 is 3.6 mm/h
{
    return 3.6 * water_g(kind, d) * bt_drop_speed_m_s(kind, d);
}

static void integrals_are_closed(void)
{
    bt_drop_sizes s = bt_drop_sizes_make(BT_FALL_RAIN, 10.0);
    CHECK_NEAR(bt_drop_count_m3(&s, 0.5, 5.0) / integral(&s, 0.5, 5.0, one), 1.0, 1e-5);
    CHECK_NEAR(bt_drop_water_g_m3(&s, 0.5, 5.0) / integral(&s, 0.5, 5.0, water_g), 1.0, 1e-5);
    CHECK_NEAR(bt_drop_extinction_m(&s) / integral(&s, 0.0, 20.0, shadow_m2), 1.0, 1e-5);
    bt_drop_sizes none = bt_drop_sizes_make(BT_FALL_RAIN, 0.0);
    CHECK(bt_drop_count_m3(&none, 0.0, 9.0) == 0.0 && bt_drop_extinction_m(&none) == 0.0);
}

// Sizes and speeds come from different papers: together they must carry the rate they were made
// for. Marshall and Palmer's fit counts too many small drops, so it is not exact.
static void sizes_carry_their_rate(void)
{
    static const double rates[] = {1.0, 5.0, 10.0, 25.0, 50.0};
    for (int i = 0; i < 5; i++) {
        bt_drop_sizes s = bt_drop_sizes_make(BT_FALL_RAIN, rates[i]);
        double carried = integral(&s, 0.12, 8.0, flux_mm_h);
        printf("rain of %g mm/h carries %.2f mm/h, %.2f g/m3, 3.912/extinction %.0f m\n", rates[i],
               carried, bt_drop_water_g_m3(&s, 0.0, 20.0), 3.912 / bt_drop_extinction_m(&s));
        CHECK_NEAR(carried / rates[i], 1.0, 0.2);
    }
    for (double rate = 0.5; rate < 5.0; rate *= 2.0) {
        bt_drop_sizes s = bt_drop_sizes_make(BT_FALL_SNOW, rate);
        double carried = integral(&s, 0.0, 12.0, flux_mm_h);
        printf("snow of %g mm/h carries %.2f mm/h, 3.912/extinction %.0f m\n", rate, carried,
               3.912 / bt_drop_extinction_m(&s));
        if (rate <= 1.0) CHECK_NEAR(carried / rate, 1.0, 0.2); // above: see drop_sizes.h
    }
}

// Figures of Gunn and Kinzer 1949, "The terminal velocity of fall for water droplets in stagnant
// air", which Atlas's curve was fitted to: 1 mm 4.03, 2 mm 6.49, 4 mm 8.83 m/s; to 2 %.
static void speeds_and_shapes(void)
{
    CHECK_NEAR(bt_drop_speed_m_s(BT_FALL_RAIN, 1.0), 4.03, 0.08);
    CHECK_NEAR(bt_drop_speed_m_s(BT_FALL_RAIN, 2.0), 6.49, 0.13);
    CHECK_NEAR(bt_drop_speed_m_s(BT_FALL_RAIN, 4.0), 8.83, 0.18);
    CHECK(bt_drop_speed_m_s(BT_FALL_RAIN, 0.01) > 0.0);
    CHECK(bt_drop_speed_m_s(BT_FALL_SNOW, 1.0) > 0.8 && bt_drop_speed_m_s(BT_FALL_SNOW, 1.0) < 1.3);
    CHECK(bt_drop_axis_ratio(0.5) > 0.99);
    for (double d = 1.0; d < 6.0; d += 0.25) // flatter and flatter
        CHECK(bt_drop_axis_ratio(d) > bt_drop_axis_ratio(d + 0.25));
    CHECK_NEAR(bt_drop_extent_mm(BT_FALL_RAIN, 0.3), 0.3, 1e-3);
}

// ---- the field --------------------------------------------------------------------------------
static bt_precipitation made(bt_weather weather, bt_spec *spec)
{
    bt_precipitation p;
    CHECK_OK(bt_precipitation_create(spec, &weather, 7, &p));
    return p;
}

// All drops of a class in a block of cells: numbers and water as the distribution says, to four
// standard deviations of a Poisson count; nothing outside its cell or class.
static void cells_hold_what_they_should(const bt_precipitation *p, bt_fall_kind kind)
{
    const bt_drop_sizes *sizes = kind == BT_FALL_RAIN ? &p->rain : &p->snow;
    for (uint32_t number = 0; number < 8; number++) {
        bt_fall_class c = bt_fall_class_make(p, kind, number);
        double count = 0.0, water = 0.0, side = 16.0 * c.cell_m;
        int64_t cell[3];
        for (cell[0] = -8; cell[0] < 8; cell[0]++)
            for (cell[1] = -8; cell[1] < 8; cell[1]++)
                for (cell[2] = -8; cell[2] < 8; cell[2]++) {
                    bt_fall_drop d;
                    for (uint32_t i = 0; bt_fall_drop_at(p, &c, cell, i, 0.0, &d); i++) {
                        count++;
                        water += water_g(kind, d.diameter_mm);
                        CHECK(d.diameter_mm >= c.low_mm && d.diameter_mm <= c.high_mm);
                        CHECK(kind == BT_FALL_SNOW ||
                              (d.pos_world_m.x >= c.cell_m * (double)cell[0] &&
                               d.pos_world_m.x <= c.cell_m * (double)(cell[0] + 1)));
                    }
                }
        double volume = side * side * side, expected = c.count_m3 * volume;
        CHECK_NEAR(count, expected, 4.0 * sqrt(expected));
        double says = bt_drop_water_g_m3(sizes, c.low_mm, c.high_mm) * volume;
        CHECK_NEAR(water / says, 1.0, 5.0 / sqrt(expected));
    }
}

// ---- cameras ----------------------------------------------------------------------------------
typedef struct rainy {
    fx_scene s;
    bt_precipitation p;
} rainy;

static rainy rainy_begin(bt_weather weather)
{
    rainy r;
    fx_begin(&r.s);
    r.p = made(weather, r.s.spec);
    uint32_t ground = fx_plain(&r.s, "ground", BT_MATERIAL_DIFFUSE, 0.3, 0.4f);
    fx_static(
        &r.s,
        fx_quad(&r.s, ground, (bt_vec3){-50, -50, 0}, (bt_vec3){100, 0, 0}, (bt_vec3){0, 100, 0}),
        0, 0, 0);
    fx_compile(&r.s);
    return r;
}

static bt_snapshot *snapshot_of(rainy *r, bt_pose camera, bt_time_ns open_ns, bt_time_ns close_ns,
                                const bt_fall_view *view)
{
    bt_actor_pose pose = {.world_from_actor = camera};
    bt_pose_history_destroy(r->s.history);
    CHECK_OK(bt_pose_history_create(r->s.world, 4, &r->s.history));
    CHECK_OK(bt_pose_history_push(r->s.history, 0, &pose));
    CHECK_OK(bt_pose_history_push(r->s.history, 100 * BT_NS_PER_S, &pose));
    bt_snapshot_desc desc = {.open_ns = open_ns,
                             .close_ns = close_ns,
                             .camera_actor = r->s.camera,
                             .actor_from_cam = {{0, 0, 0}, bt_quat_vehicle_from_camera()}};
    bt_snapshot *snapshot = NULL;
    CHECK_OK(bt_snapshot_create(r->s.world, r->s.history, &desc, &snapshot));
    CHECK_OK(bt_precipitation_place(&r->p, view, snapshot));
    return snapshot;
}

static bt_vec3 particle_world(const bt_snapshot *s, uint32_t i, double time_s)
{
    float u = bt_snapshot_u(s, time_s * 1e9);
    bt_snapshot_key k = bt_snapshot_instance_at(s, s->world->instance_count + i, u);
    bt_vec3 at = {(double)k.pos[0], (double)k.pos[1], (double)k.pos[2]};
    return bt_vec3_add(at, s->origin_world_m);
}

static double nearest(const bt_snapshot *s, bt_vec3 pos, double time_s)
{
    double best = 1e9;
    for (uint32_t i = 0; i < s->particle_count; i++)
        best = fmin(best, bt_vec3_distance(particle_world(s, i, time_s), pos));
    return best;
}

// Two cameras and two shutters: what both see at one instant is at one place.
static void drops_are_the_worlds(bt_weather weather, double tolerance_m)
{
    rainy r = rainy_begin(weather);
    bt_fall_view all = {.budget = 4000}, ahead = {.budget = 1500, .half_angle_rad = 0.5};
    bt_time_ns ms = BT_NS_PER_MS;
    bt_pose here = fx_look((bt_vec3){0, 0, 1.5}, (bt_vec3){9, 0, 1.5});
    bt_pose there = fx_look((bt_vec3){0.3, 0.2, 1.6}, (bt_vec3){0, 9, 1.5});
    bt_snapshot *a = snapshot_of(&r, here, 4000 * ms, 4010 * ms, &all);
    bt_snapshot *again = snapshot_of(&r, here, 4000 * ms, 4010 * ms, &all);
    bt_snapshot *b = snapshot_of(&r, there, 4004 * ms, 4044 * ms, &ahead);
    CHECK(a->particle_count == again->particle_count && a->key_count == again->key_count);
    CHECK(memcmp(a->keys, again->keys, a->key_count * sizeof *a->keys) == 0);
    CHECK_NEAR(a->particle_count, 4000.0, 4.0 * sqrt(4000.0) + 200.0); // within 0.4 m: none
    uint32_t shared = 0, near = 0;
    for (uint32_t i = 0; i < a->particle_count; i++) {
        bt_vec3 at = particle_world(a, i, 4.007);
        bt_vec3 to = bt_vec3_sub(at, there.pos);
        double away = bt_vec3_length(to);
        if (away > 1.2 || away < 0.6 || to.y < 0.9 * away) continue; // well inside what b sees
        near++;
        shared += nearest(b, at, 4.007) < tolerance_m;
    }
    printf("%u of %u drops are seen by both cameras\n", shared, near);
    CHECK(near > 3 && shared == near);
    bt_snapshot_destroy(a);
    bt_snapshot_destroy(again);
    bt_snapshot_destroy(b);
    fx_end(&r.s);
}

// ---- pictures ---------------------------------------------------------------------------------
// A white ball of 4 cm that falls past the camera, alone, as a particle.
#define SPEED_M_S 8.0
#define DEPTH_M 4.0
#define FOCAL_PX 400.0
#define EXPOSURE_NS 2e7

typedef struct falling {
    fx_scene s;
    bt_view view;
} falling;

static falling falling_begin(bool roof)
{
    falling f;
    fx_begin(&f.s);
    uint32_t black = fx_plain(&f.s, "black", BT_MATERIAL_DIFFUSE, 0.0, 0.4f);
    uint32_t white = fx_plain(&f.s, "white", BT_MATERIAL_DIFFUSE, 0.9, 0.4f);
    fx_static(
        &f.s,
        fx_quad(&f.s, black, (bt_vec3){9, -50, -50}, (bt_vec3){0, 0, 100}, (bt_vec3){0, 100, 0}), 0,
        0, 0);
    if (roof)
        fx_static(&f.s,
                  fx_quad(&f.s, black, (bt_vec3){DEPTH_M - 1, -1, 10}, (bt_vec3){2, 0, 0},
                          (bt_vec3){0, 2, 0}),
                  0, 0, 0);
    uint32_t ball = fx_sphere(&f.s, white, 0.5, 12);
    f.s.weather.sun_azimuth_rad = BT_PI; // behind the camera
    fx_compile(&f.s);
    fx_place_still(&f.s, BT_POSE_IDENTITY);
    f.view = fx_view(24, 48, FOCAL_PX);
    f.view.exposure_ns = EXPOSURE_NS;

    bt_snapshot *s = f.s.snapshot;
    float half = (float)(0.5 * SPEED_M_S * bt_seconds(s->close_ns - s->open_ns));
    bt_snapshot_key keys[2] = {{{(float)DEPTH_M, 0, half}, {1, 0, 0, 0}},
                               {{(float)DEPTH_M, 0, -half}, {1, 0, 0, 0}}};
    bt_snapshot_particle what = {.mesh = ball, .hash = 1};
    bt_snapshot_instance where = {.first_key = 0, .key_count = 2, .scale = 0.04f};
    bt_stage_destroy(f.s.stage);
    CHECK_OK(bt_snapshot_add_particles(s, &what, &where, 1, keys, 2));
    CHECK(bt_snapshot_add_particles(s, &what, &where, 1, keys, 1) == BT_ERR_INTERNAL);
    CHECK_OK(bt_stage_create(f.s.renderer, s, NULL, 0, &f.s.stage));
    return f;
}

// What the ball adds to each row: the picture with it, less that of an empty air (haze).
static void ball_rows(double rows[48], const falling *with, const falling *without)
{
    bt_render_settings settings = {.samples = 512, .seed = 1};
    bt_film *film = fx_render(&with->s, &with->view, &settings, NULL);
    bt_film *air = fx_render(&without->s, &without->view, &settings, NULL);
    for (uint32_t y = 0; y < 48; y++) {
        rows[y] = 0.0;
        for (uint32_t x = 0; x < 24; x++)
            rows[y] += (double)film->rate_e_s[y * 24 + x] - (double)air->rate_e_s[y * 24 + x];
    }
    bt_film_destroy(film);
    bt_film_destroy(air);
}

// Along the picture's height light is a trapezoid, whose area over its top is the way covered; as
// wide as a row is, its ends are a ball and a row's time apart. Under a roof it does not fall.
static void streaks_are_as_long_as_the_shutter(void)
{
    falling open = falling_begin(false), roofed = falling_begin(true);
    double rows[48], none[48], top = 0.0, sum = 0.0, under = 0.0;
    ball_rows(rows, &open, &roofed);
    for (uint32_t y = 0; y < 48; y++)
        sum += rows[y];
    for (uint32_t y = 20; y < 28; y++)
        top += rows[y] / 8.0;
    double expected = SPEED_M_S * EXPOSURE_NS * 1e-9 * FOCAL_PX / DEPTH_M;
    printf("streak of %.2f px, expected %.2f\n", sum / top, expected);
    CHECK_NEAR(sum / top, expected, 0.03 * expected); // noise of 512 samples
    CHECK(fabs(rows[2]) < 0.02 * top && fabs(rows[45]) < 0.02 * top);

    falling empty = falling_begin(true);
    CHECK(empty.s.snapshot->particle_count == 1); // there, and not placed
    ball_rows(none, &empty, &roofed);
    for (uint32_t y = 0; y < 48; y++)
        under += fabs(none[y]);
    CHECK(under < 1e-6 * sum);
    fx_end(&open.s);
    fx_end(&roofed.s);
    fx_end(&empty.s);
}

static void labels_see_through(void)
{
    falling f = falling_begin(false);
    const float origin[3] = {0, 0, 0}, dir[3] = {1, 0, 0};
    bt_surface_hit hit;
    CHECK(bt_stage_trace(f.s.stage, origin, dir, 0.5f, &hit));
    CHECK_NEAR(hit.distance_m, 9.0, 1e-4);
    fx_end(&f.s);
}

int main(void)
{
    integrals_are_closed();
    sizes_carry_their_rate();
    speeds_and_shapes();
    bt_spec *spec;
    CHECK_OK(bt_spec_create(&spec));
    bt_precipitation dry = made((bt_weather){0}, spec);
    CHECK(bt_precipitation_extinction_m(&dry) == 0.0);
    bt_precipitation both = made((bt_weather){.rain_mm_h = 20.0, .snow_mm_h = 1.0}, spec);
    cells_hold_what_they_should(&both, BT_FALL_RAIN);
    cells_hold_what_they_should(&both, BT_FALL_SNOW);
    bt_spec_destroy(spec);
    // a float's rounding and a chord of a flake's swing
    drops_are_the_worlds((bt_weather){.rain_mm_h = 30.0, .wind_m_s = 4.0}, 2e-5);
    drops_are_the_worlds((bt_weather){.snow_mm_h = 2.0, .wind_m_s = 4.0}, 2e-4);
    streaks_are_as_long_as_the_shutter();
    labels_see_through();
    return check_end();
}
