// precipitation.c: see precipitation.h.
#include "procedural/weather/precipitation.h"

#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "procedural/weather/precipitation_internal.h"

#include <math.h>
#include <string.h>

#define RAIN_LOW_MM 0.4 // smaller drops are haze to a camera
#define RAIN_STEP_MM 0.4
#define SNOW_LOW_MM 0.3
#define SNOW_STEP_MM 0.15
#define CELL_HOLDS 4.0 // on average
#define MAX_IN_CELL 64u
#define NEAREST_M 0.4
#define FARTHEST_M 60.0
#define DEFAULT_BUDGET 20000u
#define MAX_PLACED 2000000u
#define CONE_BACK_M 0.6 // the cone begins behind the camera: what enters it while open

// ---- classes ----------------------------------------------------------------------------------
static const bt_drop_sizes *sizes_of(const bt_precipitation *p, bt_fall_kind kind)
{
    return kind == BT_FALL_RAIN ? &p->rain : &p->snow;
}

bt_fall_class bt_fall_class_make(const bt_precipitation *p, bt_fall_kind kind, uint32_t number)
{
    double low = kind == BT_FALL_RAIN ? RAIN_LOW_MM : SNOW_LOW_MM;
    double step = kind == BT_FALL_RAIN ? RAIN_STEP_MM : SNOW_STEP_MM;
    bt_fall_class c = {.kind = kind,
                       .number = number,
                       .low_mm = low + step * number,
                       .high_mm = low + step * (number + 1)};
    c.count_m3 = bt_drop_count_m3(sizes_of(p, kind), c.low_mm, c.high_mm);
    c.velocity_world_m_s = p->wind_world_m_s;
    c.velocity_world_m_s.z -= bt_drop_speed_m_s(kind, bt_fall_middle_mm(&c));
    c.cell_m = c.count_m3 > 0.0 ? fmin(bt_pow(CELL_HOLDS / c.count_m3, 1.0 / 3.0), FARTHEST_M)
                                : FARTHEST_M;
    return c;
}

bt_status bt_precipitation_create(bt_spec *spec, const bt_weather *weather, uint64_t seed,
                                  bt_precipitation *p)
{
    *p = (bt_precipitation){.seed = seed,
                            .rain = bt_drop_sizes_make(BT_FALL_RAIN, weather->rain_mm_h),
                            .snow = bt_drop_sizes_make(BT_FALL_SNOW, weather->snow_mm_h)};
    p->wind_world_m_s = (bt_vec3){weather->wind_m_s * bt_cos(weather->wind_azimuth_rad),
                                  weather->wind_m_s * bt_sin(weather->wind_azimuth_rad), 0.0};
    bt_status status = BT_OK;
    if (p->rain.n0_m3_mm > 0.0) status = bt_fall_add_rain_meshes(spec, p);
    if (p->snow.n0_m3_mm > 0.0 && status == BT_OK) status = bt_fall_add_snow_meshes(spec, p);
    return status;
}

double bt_precipitation_extinction_m(const bt_precipitation *p)
{
    return bt_drop_extinction_m(&p->rain) + bt_drop_extinction_m(&p->snow);
}

// ---- one drop ---------------------------------------------------------------------------------
// Finaliser of splitmix64: Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
// generators".
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t cell_hash(const bt_fall_class *c, const int64_t cell[3])
{
    uint64_t h = mix((uint64_t)c->kind << 32 | c->number);
    for (int i = 0; i < 3; i++)
        h = mix(h ^ (uint64_t)cell[i]);
    return h;
}

static double unit_of(uint32_t bits)
{
    return ((double)bits + 0.5) / 4294967296.0;
}

// How many a cell holds: Poisson, by inversion.
static uint32_t cell_count(const bt_precipitation *p, const bt_fall_class *c, uint64_t hash)
{
    double mean = c->count_m3 * c->cell_m * c->cell_m * c->cell_m;
    double left = unit_of(bt_random_u32(p->seed, BT_STREAM_WEATHER, hash, 0));
    double share = bt_exp(-mean);
    uint32_t count = 0;
    while (left > share && count < MAX_IN_CELL) {
        left -= share;
        count++;
        share *= mean / count;
    }
    return count;
}

// Within its class the exponential distribution holds.
static double draw_diameter(const bt_drop_sizes *s, const bt_fall_class *c, double u)
{
    double range = 1.0 - bt_exp(-s->slope_mm * (c->high_mm - c->low_mm));
    return c->low_mm - bt_ln(1.0 - u * range) / s->slope_mm;
}

// Flakes swing about their way down, the larger the wider: chosen.
static bt_vec3 swing(double extent_mm, bt_random4 r, double time_s)
{
    double reach_m = 2e-3 * extent_mm * (0.5 + unit_of(r.v[0]));
    double rate = 2.0 + 3.0 * unit_of(r.v[1]), phase = 2.0 * BT_PI * unit_of(r.v[2]);
    double angle = 2.0 * BT_PI * unit_of(r.v[3]), at = reach_m * bt_sin(rate * time_s + phase);
    return (bt_vec3){at * bt_cos(angle), at * bt_sin(angle), 0.0};
}

static bt_fall_drop drop_make(const bt_precipitation *p, const bt_fall_class *c,
                              const int64_t cell[3], uint64_t hash, uint32_t index, double time_s)
{
    bt_random4 r = bt_random_block(p->seed, BT_STREAM_WEATHER, hash, 1 + 3 * index);
    bt_fall_drop d = {.hash = mix(hash ^ index)};
    d.diameter_mm = draw_diameter(sizes_of(p, c->kind), c, unit_of(r.v[3]));
    bt_vec3 in_lattice = {c->cell_m * ((double)cell[0] + unit_of(r.v[0])),
                          c->cell_m * ((double)cell[1] + unit_of(r.v[1])),
                          c->cell_m * ((double)cell[2] + unit_of(r.v[2]))};
    d.pos_world_m = bt_vec3_mad(in_lattice, c->velocity_world_m_s, time_s);
    if (c->kind == BT_FALL_SNOW) {
        bt_random4 more = bt_random_block(p->seed, BT_STREAM_WEATHER, hash, 2 + 3 * index);
        double extent = bt_drop_extent_mm(c->kind, d.diameter_mm);
        d.pos_world_m = bt_vec3_add(d.pos_world_m, swing(extent, more, time_s));
    }
    return d;
}

bool bt_fall_drop_at(const bt_precipitation *p, const bt_fall_class *c, const int64_t cell[3],
                     uint32_t index, double time_s, bt_fall_drop *drop)
{
    uint64_t hash = cell_hash(c, cell);
    if (index >= cell_count(p, c, hash)) return false;
    *drop = drop_make(p, c, cell, hash, index, time_s);
    return true;
}

// Flakes tumble about an axis of their own, up to half a turn per second.
static bt_quat tumble(uint64_t hash, double time_s)
{
    bt_vec3 axis = {unit_of((uint32_t)hash) - 0.5, unit_of((uint32_t)(hash >> 32)) - 0.5,
                    unit_of((uint32_t)mix(hash)) - 0.5};
    double rate = BT_PI * (2.0 * unit_of((uint32_t)(mix(hash) >> 32)) - 1.0);
    double start = 2.0 * BT_PI * unit_of((uint32_t)mix(hash + 1));
    return bt_quat_axis_angle(bt_vec3_normalize(axis), start + rate * time_s);
}

// ---- a snapshot's share -----------------------------------------------------------------------
typedef struct placer {
    const bt_precipitation *p;
    const bt_snapshot *snapshot;
    bt_vec3 eye, axis; // world; axis zero: all round
    double cos_half, sin_half, theta_rad;
    double open_s, close_s;
    bt_snapshot_particle *particles;
    bt_snapshot_instance *instances;
    bt_snapshot_key *keys;
    size_t particle_capacity, instance_capacity, key_capacity;
    uint32_t count, key_count;
} placer;

static double reach_m(const bt_fall_class *c, double theta_rad)
{
    double extent_mm = bt_drop_extent_mm(c->kind, bt_fall_middle_mm(c));
    return fmin(1e-3 * extent_mm / theta_rad, FARTHEST_M);
}

static double expected_count(const bt_precipitation *p, double share, double theta_rad)
{
    double sum = 0.0;
    for (int kind = 0; kind < 2; kind++)
        for (uint32_t i = 0; i < BT_FALL_CLASSES; i++) {
            bt_fall_class c = bt_fall_class_make(p, (bt_fall_kind)kind, i);
            double r = reach_m(&c, theta_rad);
            sum += c.count_m3 * share * 4.0 / 3.0 * BT_PI * r * r * r;
        }
    return sum;
}

// The angle at which as many are placed as the budget allows: more of them the smaller it is.
static double choose_theta(const bt_precipitation *p, double share, double budget)
{
    double low = 1e-6, high = 0.1;
    for (int i = 0; i < 60; i++) {
        double middle = sqrt(low * high);
        if (expected_count(p, share, middle) > budget)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static bool is_seen(const placer *f, bt_vec3 pos, double reach, double slack_m)
{
    bt_vec3 to = bt_vec3_sub(pos, f->eye);
    double away = bt_vec3_length(to);
    if (away < NEAREST_M - slack_m || away > reach + slack_m) return false;
    if (f->cos_half <= -1.0) return true;
    bt_vec3 from_apex = bt_vec3_mad(to, f->axis, CONE_BACK_M + slack_m / fmax(f->sin_half, 0.05));
    return bt_vec3_dot(from_apex, f->axis) >= f->cos_half * bt_vec3_length(from_apex);
}

static bt_snapshot_key key_at(const placer *f, bt_fall_drop drop, bt_quat turn)
{
    bt_vec3 at = bt_vec3_sub(drop.pos_world_m, f->snapshot->origin_world_m);
    return (bt_snapshot_key){{(float)at.x, (float)at.y, (float)at.z},
                             {(float)turn.w, (float)turn.x, (float)turn.y, (float)turn.z}};
}

static bt_status place_drop(placer *f, const bt_fall_class *c, const int64_t cell[3], uint64_t hash,
                            uint32_t index, const bt_fall_drop *middle)
{
    const uint32_t keys = 2; // straight, and 0.1 mm from a flake's swing in 30 ms
    if (f->count >= MAX_PLACED) return bt_fail(BT_ERR_LIMIT, "precipitation: too many drops");
    bt_status status = BT_ARRAY_RESERVE(f->particles, f->particle_capacity, (size_t)f->count + 1);
    if (status == BT_OK)
        status = BT_ARRAY_RESERVE(f->instances, f->instance_capacity, (size_t)f->count + 1);
    if (status == BT_OK)
        status = BT_ARRAY_RESERVE(f->keys, f->key_capacity, (size_t)f->key_count + keys);
    if (status != BT_OK) return status;
    bool rain = c->kind == BT_FALL_RAIN;
    uint32_t mesh =
        rain ? f->p->rain_meshes[c->number] : f->p->snow_meshes[middle->hash % BT_FLAKE_SHAPES];
    double size_mm = rain ? middle->diameter_mm : bt_drop_extent_mm(c->kind, middle->diameter_mm);
    f->particles[f->count] = (bt_snapshot_particle){mesh, (uint32_t)middle->hash};
    f->instances[f->count++] =
        (bt_snapshot_instance){f->key_count, keys, (float)(1e-3 * size_mm), 1.0f, 0.0f, 0};
    // a flake keeps its attitude while the shutter is open: it would turn by 5 degrees in 30 ms,
    // and Embree takes half a millisecond to bound each thing that turns
    bt_quat turn = BT_QUAT_IDENTITY;
    if (!rain) turn = tumble(middle->hash, 0.5 * (f->open_s + f->close_s));
    for (uint32_t k = 0; k < keys; k++) {
        bt_fall_drop drop = drop_make(f->p, c, cell, hash, index, k ? f->close_s : f->open_s);
        f->keys[f->key_count++] = key_at(f, drop, turn);
    }
    return BT_OK;
}

static bt_status place_cell(placer *f, const bt_fall_class *c, const int64_t cell[3], double reach)
{
    double time_s = 0.5 * (f->open_s + f->close_s);
    bt_vec3 middle = {c->cell_m * ((double)cell[0] + 0.5), c->cell_m * ((double)cell[1] + 0.5),
                      c->cell_m * ((double)cell[2] + 0.5)};
    middle = bt_vec3_mad(middle, c->velocity_world_m_s, time_s);
    if (!is_seen(f, middle, reach, c->cell_m)) return BT_OK;
    uint64_t hash = cell_hash(c, cell);
    uint32_t count = cell_count(f->p, c, hash);
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < count && status == BT_OK; i++) {
        bt_fall_drop drop = drop_make(f->p, c, cell, hash, i, time_s);
        if (is_seen(f, drop.pos_world_m, reach, 0.0))
            status = place_drop(f, c, cell, hash, i, &drop);
    }
    return status;
}

static bt_status place_class(placer *f, const bt_fall_class *c)
{
    double reach = reach_m(c, f->theta_rad);
    double time_s = 0.5 * (f->open_s + f->close_s);
    // the eye among the lattice's cells
    bt_vec3 eye = bt_vec3_mad(f->eye, c->velocity_world_m_s, -time_s);
    double centre[3] = {eye.x, eye.y, eye.z};
    int64_t first[3], last[3];
    for (int i = 0; i < 3; i++) {
        first[i] = (int64_t)floor((centre[i] - reach) / c->cell_m);
        last[i] = (int64_t)floor((centre[i] + reach) / c->cell_m);
    }
    bt_status status = BT_OK;
    int64_t cell[3];
    for (cell[2] = first[2]; cell[2] <= last[2]; cell[2]++)
        for (cell[1] = first[1]; cell[1] <= last[1]; cell[1]++)
            for (cell[0] = first[0]; cell[0] <= last[0] && status == BT_OK; cell[0]++)
                status = place_cell(f, c, cell, reach);
    return status;
}

static void look(placer *f, const bt_fall_view *view)
{
    const float ahead[3] = {0.0f, 0.0f, 1.0f};
    float axis[3];
    bt_snapshot_key camera = bt_snapshot_camera_at(f->snapshot, 0.5f);
    bt_snapshot_key_dir(&camera, ahead, axis);
    bool all = !(view->half_angle_rad > 0.0 && view->half_angle_rad < BT_PI);
    f->axis = (bt_vec3){(double)axis[0], (double)axis[1], (double)axis[2]};
    f->eye = f->snapshot->origin_world_m;
    f->cos_half = all ? -1.0 : bt_cos(view->half_angle_rad);
    f->sin_half = all ? 0.0 : bt_sin(view->half_angle_rad);
    double share = 0.5 * (1.0 - f->cos_half), budget = view->budget ? view->budget : DEFAULT_BUDGET;
    f->theta_rad = choose_theta(f->p, share, budget);
}

bt_status bt_precipitation_place(const bt_precipitation *p, const bt_fall_view *view,
                                 bt_snapshot *snapshot)
{
    placer f = {.p = p,
                .snapshot = snapshot,
                .open_s = bt_seconds(snapshot->open_ns),
                .close_s = bt_seconds(snapshot->close_ns)};
    if (p->rain.n0_m3_mm <= 0.0 && p->snow.n0_m3_mm <= 0.0) return BT_OK;
    look(&f, view);
    bt_status status = BT_OK;
    for (int kind = 0; kind < 2; kind++)
        for (uint32_t i = 0; i < BT_FALL_CLASSES && status == BT_OK; i++) {
            bt_fall_class c = bt_fall_class_make(p, (bt_fall_kind)kind, i);
            if (c.count_m3 > 0.0) status = place_class(&f, &c);
        }
    if (status == BT_OK)
        status = bt_snapshot_add_particles(snapshot, f.particles, f.instances, f.count, f.keys,
                                           f.key_count);
    bt_free(f.particles);
    bt_free(f.instances);
    bt_free(f.keys);
    return status;
}
