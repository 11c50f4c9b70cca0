// path.c: one path of light, walked from the camera: the estimator of radiance.
//
// Unidirectional path tracing with next-event estimation towards the sun's disc and the sky,
// multiple importance sampling by the balance heuristic (Veach 1997), hero wavelengths
// (shaders/shared/spectral.h), Russian roulette on what is left of the weight.
//
// At the first surface both sun and sky are asked, later one of them by chance. Lamps are found by
// scattering alone. Haze is applied on every segment from ground-level coefficients.
//
// A thin pane met straight through is no vertex: the densities of the last true vertex go on, and
// shadow rays pass panes in the same way, so both ways of finding a light agree.
#include "engine/render/internal.h"

#define MAX_PANES_PASSED 24 // mirrored between panes for ever: chosen
#define ROULETTE_DEPTH 2u
#define SUN_SHARE 0.7f // of single light samples that ask the sun, when it faces the surface

// Sets of sampler dimensions.
#define SET_SCATTER 16u // + 2 depth
#define SET_LIGHT 17u

typedef struct walk {
    const bt_path_setup *setup;
    const bt_tracer *tracer;
    const bt_path_start *start;
    const bt_sky *sky;
    bt_sky_light light;
    bt_path_weight weight;
    float4 radiance;
    float3 origin, dir;
    float cone_m, cone_rad; // width at the origin, angle
    float alpha_floor;
    bool sunless;       // a mirror after a rough surface: the disc there would only speckle
    float p_sun, p_sky; // how often light sampling at the last vertex asked for these; 0: never
    uint32_t depth;     // true surfaces met
} walk;

static const bt_sky_tables *tables_of(const walk *w)
{
    return w->setup->stage->renderer->sky;
}

// ---- light that is met ------------------------------------------------------------------------
static void meet_sky(walk *w)
{
    const bt_sky_tables *t = tables_of(w);
    float4 sky = bt_sky_radiance(*w->sky, t->radiance, w->light, w->dir);
    float pdf = w->p_sky > 0.0f ? w->p_sky * bt_sky_pdf(*w->sky, t->pick, w->dir) : 0.0f;
    w->radiance = w->radiance + bt_path_weight_met(w->weight, sky, pdf);
    if (w->sunless || !bt_sky_in_sun(*w->sky, w->dir)) return;
    pdf = w->p_sun / w->sky->sun_angle;
    w->radiance = w->radiance + bt_path_weight_met(w->weight, w->light.sun, pdf);
}

static void meet_haze(walk *w, float distance)
{
    bt_haze haze = bt_sky_haze(*w->sky, w->light, w->dir, distance);
    w->radiance = w->radiance + bt_path_weight_met(w->weight, haze.added, 0.0f);
    w->weight.beta = w->weight.beta * haze.left;
}

static void meet_lamp(walk *w, const bt_shade_point *point)
{
    if (!point->shade->emission || point->emission <= 0.0f) return;
    float4 lamp = bt_spectrum_at(point->shade->emission, w->start->wavelengths) *
                  (point->emission * point->shade->material.emission_scale);
    w->radiance = w->radiance + bt_path_weight_met(w->weight, lamp, 0.0f);
}

// ---- light that is asked for ------------------------------------------------------------------
// Light sampled in one direction; `sun`: the disc, else the sky.
static void ask(walk *w, const bt_shade_point *point, const bt_bsdf *bsdf, bt_direction to,
                float share, bool sun)
{
    const float *ggx = w->setup->stage->renderer->ggx;
    bt_bsdf_value f = bt_bsdf_eval(*bsdf, ggx, to.dir);
    if (!(max_of4(f.f_cos) > 0.0f)) return;
    float4 radiance =
        sun ? w->light.sun : bt_sky_radiance(*w->sky, tables_of(w)->radiance, w->light, to.dir);
    float4 lit = bt_path_weight_lit(w->weight, f.f_cos, f.pdf, radiance, share * to.pdf);
    float3 from =
        bt_offset_origin(point->pos, point->surface.normal_geometric, to.dir, point->reach);
    float4 open = bt_tracer_open(w->tracer, &w->start->wavelengths, from, to.dir, w->start->u);
    w->radiance = w->radiance + lit * open;
}

static bool can_face_sun(const walk *w, const bt_shade_point *point)
{
    if (w->sky->sun_up <= 0.0f) return false;
    bt_uint kind = point->shade->material.kind;
    bool through = kind == BT_MATERIAL_LEAF || kind == BT_MATERIAL_DIELECTRIC;
    return through || dot3(point->surface.normal_geometric, w->sky->sun_dir) > -0.01f;
}

static void ask_lights(walk *w, const bt_shade_point *point, const bt_bsdf *bsdf, float4 u)
{
    bool sun = can_face_sun(w, point), sky = true;
    w->p_sun = sun ? 1.0f : 0.0f;
    w->p_sky = 1.0f;
    if (w->depth > 0 && sun) {
        w->p_sun = SUN_SHARE;
        w->p_sky = 1.0f - SUN_SHARE;
        sun = u[2] < SUN_SHARE;
        sky = !sun;
    }
    if (sun) ask(w, point, bsdf, bt_sun_sample(*w->sky, u[0], u[1]), w->p_sun, true);
    if (!sky) return;
    float u0 = w->depth > 0 ? u[0] : u[2], u1 = w->depth > 0 ? u[1] : u[3];
    bt_direction to = bt_sky_sample(*w->sky, tables_of(w)->pick, u0, u1);
    ask(w, point, bsdf, to, w->p_sky, false);
}

// ---- going on ---------------------------------------------------------------------------------
static bt_bsdf bsdf_at(const walk *w, const bt_shade_point *point)
{
    const bt_shade_material *m = point->shade;
    const bt_surface *s = &point->surface;
    const bt_wavelengths *nm = &w->start->wavelengths;
    float4 color = bt_spectrum_at(m->reflectance, *nm);
    float4 second = color;
    if (s->weight > 0.0f || m->material.kind == BT_MATERIAL_LEAF)
        second = bt_spectrum_at(m->reflectance2, *nm);
    if (m->material.kind != BT_MATERIAL_LEAF && s->weight > 0.0f)
        color = lerp4(color, second, clampf(s->weight, 0.0f, 1.0f));
    color = min(max(color * s->tint, splat4(0.0f)), splat4(1.0f));
    second = min(max(second * s->tint, splat4(0.0f)), splat4(1.0f));
    float3 wo = w->dir * -1.0f;
    float3 n = bt_normal_consistent(s->normal, s->normal_geometric, wo);
    return bt_bsdf_make(m->material, w->setup->stage->renderer->ggx, n, s->normal_geometric, wo,
                        clampf(s->roughness, 0.0f, 1.0f), color, second, point->front,
                        w->alpha_floor);
}

static bool roulette(walk *w, float u)
{
    if (w->depth < ROULETTE_DEPTH) return true;
    float left = max_of4(w->weight.beta) / bt_mean4(w->weight.r_u);
    if (left >= 0.95f) return true;
    float stay = max(left, 0.05f);
    if (u >= stay) return false;
    w->weight.beta = w->weight.beta * (1.0f / stay);
    return true;
}

// Widens the cone by what the surface scatters. Akenine-Moller et al. 2021, "Improved shader and
// texture level of detail using ray cones": the rougher, the wider; curvature is left out.
static void widen(walk *w, const bt_bsdf *bsdf, const bt_bsdf_sample *next)
{
    if (next->scatter != BT_SCATTER_ROUGH) return;
    // the hero's density over solid angle tells how wide the lobe is; samples share its directions
    float wide = 0.35f / bt_sqrt_f(max(next->pdf[0], 0.01f) * (float)w->setup->cone_samples);
    w->cone_rad = min(w->cone_rad + wide, 0.35f);
    if (bsdf->alpha > 0.2f || bsdf->kind == BT_MATERIAL_DIFFUSE || next->pdf[0] < 2.0f)
        w->alpha_floor = max(w->alpha_floor, w->setup->caustic_alpha);
}

// Samples the next direction; false: the path ends.
static bool scatter(walk *w, const bt_shade_point *point, const bt_bsdf *bsdf, float4 u)
{
    const float *ggx = w->setup->stage->renderer->ggx;
    bt_bsdf_sample next = bt_bsdf_scatter(*bsdf, ggx, u);
    if (next.scatter == BT_SCATTER_NONE) return false;
    if (next.scatter == BT_SCATTER_ROUGH) {
        w->sunless = false;
        w->weight = bt_path_weight_scatter(w->weight, next.f_cos, next.pdf);
    } else {
        w->weight.beta = w->weight.beta * next.f_cos * (1.0f / next.pdf[0]);
    }
    if (next.scatter == BT_SCATTER_MIRROR) {
        w->weight.r_l = splat4(0.0f); // light sampling cannot make this
        w->p_sun = 0.0f;
        w->p_sky = 0.0f;
        w->sunless = w->alpha_floor > 0.0f;
    }
    widen(w, bsdf, &next);
    w->dir = next.wi;
    w->origin = bt_offset_origin(point->pos, point->surface.normal_geometric, w->dir, point->reach);
    return true;
}

// Deals with what the ray in hand meets; false: the path ends there.
static bool step(walk *w, const bt_first_hit *met, uint32_t *panes)
{
    if (!met->met) {
        meet_sky(w);
        return false;
    }
    bt_hit hit = met->hit;
    // what does not need the surface comes first: its data are on their way meanwhile
    bt_hit_prefetch(w->setup->stage, &hit);
    meet_haze(w, hit.distance);
    float4 u = bt_sampler_4d(w->start->sampler, SET_SCATTER + 2u * w->depth + 64u * *panes);
    float4 u_light = bt_sampler_4d(w->start->sampler, SET_LIGHT + 2u * w->depth);
    bt_shade_point point;
    w->cone_m += w->cone_rad * hit.distance;
    bt_shade_point_at(w->setup->stage, &hit, w->origin, w->dir, w->start->u, w->cone_m, &point);
    meet_lamp(w, &point);
    if (w->depth >= w->setup->max_depth) return false;

    bt_bsdf bsdf = bsdf_at(w, &point);
    bool glass = bsdf.kind == BT_MATERIAL_GLASS_THIN;
    if (glass) {
        *panes += 1;
        return *panes <= MAX_PANES_PASSED && scatter(w, &point, &bsdf, u);
    }
    ask_lights(w, &point, &bsdf, u_light);
    if (!roulette(w, u[3]) || !scatter(w, &point, &bsdf, u)) return false;
    w->depth += 1;
    return true;
}

float4 bt_path_trace(const bt_path_setup *setup, const bt_tracer *tracer,
                     const bt_path_start *start, const bt_first_hit *first)
{
    const bt_sky_tables *tables = setup->stage->renderer->sky;
    walk w = {.setup = setup,
              .tracer = tracer,
              .start = start,
              .sky = &tables->sky,
              .light = bt_sky_light_at(tables->sky, tables->spectra, start->wavelengths),
              .weight = bt_path_weight_begin(),
              .radiance = splat4(0.0f),
              .origin = start->origin,
              .dir = start->dir,
              .cone_rad = start->cone_rad};
    uint32_t panes = 0;
    bt_first_hit met = *first;
    while (step(&w, &met, &panes))
        met.met = bt_tracer_closest(tracer, w.origin, w.dir, start->u, &met.hit);
    return w.radiance;
}
