// guides.c: see guides.h: rays of the film's own kind, to the first surface that is not a pane.
//
// A pixel is one job item's, and its random numbers are a function of (seed, pixel, sample).
#include "engine/render/guides.h"

#include "engine/core/memory.h"
#include "engine/render/eye_make.h"

#define DEFAULT_SAMPLES 16u
#define MAX_SAMPLES 4096u
#define MAX_PANES_PASSED 8 // as labels do: more than a windshield and two side windows

typedef struct guide_frame {
    const bt_stage *stage;
    const bt_view *view;
    bt_guides *guides;
    float *albedos; // (spectra + 1, the last flat 0.5) x bands
    bt_eye eye;
    bt_seen *lattice; // of the whole film
    float limits_nm[BT_WAVELENGTH_CELLS + 1];
    uint32_t samples;
} guide_frame;

// ---- memory -----------------------------------------------------------------------------------
bt_status bt_guides_create(uint32_t width_px, uint32_t height_px, bt_guides **guides)
{
    *guides = NULL;
    bt_guides *made = bt_alloc(1, sizeof *made);
    size_t pixels = (size_t)width_px * height_px;
    if (made) {
        made->width_px = width_px;
        made->height_px = height_px;
        made->mean = bt_alloc(pixels, BT_GUIDE_CHANNELS * sizeof(float));
        made->variance = bt_alloc(pixels, BT_GUIDE_CHANNELS * sizeof(float));
    }
    if (!made || !made->mean || !made->variance) {
        bt_guides_destroy(made);
        return bt_fail(BT_ERR_MEMORY, "guides of %u x %u px", (unsigned)width_px,
                       (unsigned)height_px);
    }
    *guides = made;
    return BT_OK;
}

void bt_guides_destroy(bt_guides *guides)
{
    if (!guides) return;
    bt_free(guides->mean);
    bt_free(guides->variance);
    bt_free(guides);
}

// ---- colour -----------------------------------------------------------------------------------
// What a band makes of a reflectance under light of equal energy.
static float band_albedo(const float *response, const float *reflectance)
{
    double sum = 0.0, all = 0.0;
    for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
        sum += (double)response[i] * (double)(reflectance ? reflectance[i] : 0.5f);
        all += (double)response[i];
    }
    return all > 0.0 ? (float)(sum / all) : 1.0f;
}

static bt_status albedos_create(guide_frame *f)
{
    const bt_world *world = f->stage->snapshot->world;
    uint32_t bands = f->view->band_count;
    f->albedos = bt_alloc((size_t)world->spectrum_count + 1, bands * sizeof(float));
    if (!f->albedos) return bt_fail(BT_ERR_MEMORY, "guides: no memory for albedos");
    for (uint32_t i = 0; i <= world->spectrum_count; i++)
        for (uint32_t b = 0; b < bands; b++)
            f->albedos[i * bands + b] = band_albedo(
                f->view->response[b],
                i < world->spectrum_count ? world->spectra + (size_t)i * BT_SPECTRUM_BINS : NULL);
    return BT_OK;
}

static const float *albedo_of(const guide_frame *f, uint32_t spectrum)
{
    uint32_t count = f->stage->snapshot->world->spectrum_count;
    return f->albedos + (size_t)min(spectrum, count) * f->view->band_count;
}

// What a band makes of the texture's colour, about: the product of means.
static float texel_albedo(const guide_frame *f, const bt_shade_point *point, uint32_t band)
{
    if (point->material.texture_color == 0) return 1.0f;
    uint32_t basis = f->stage->snapshot->world->texture_basis;
    float sum = 0.0f;
    for (uint32_t k = 0; k < 3; k++)
        sum += point->texel[k] * albedo_of(f, basis + k)[band];
    return sum;
}

static void add_albedo(const guide_frame *f, const bt_shade_point *point, float *out)
{
    const bt_material *m = &point->material;
    const bt_surface *s = &point->surface;
    const float *first = albedo_of(f, m->reflectance), *second = first;
    if (m->reflectance2 != BT_NO_SPECTRUM && m->kind != BT_MATERIAL_LEAF)
        second = albedo_of(f, m->reflectance2);
    float weight = clampf(s->weight, 0.0f, 1.0f);
    for (uint32_t b = 0; b < f->view->band_count; b++)
        out[BT_GUIDE_ALBEDO + b] =
            m->kind == BT_MATERIAL_DIELECTRIC
                ? 1.0f
                : clampf(lerp(first[b], second[b], weight) * s->tint * texel_albedo(f, point, b),
                         0.0f, 1.0f);
}

// ---- one sample -------------------------------------------------------------------------------
// Follows the ray through panes; false: sky.
static bool first_surface(const guide_frame *f, const bt_path_start *start, bt_shade_point *point,
                          float *distance)
{
    bt_tracer tracer = {.stage = f->stage};
    float3 origin = start->origin;
    *distance = 0.0f;
    for (int pane = 0; pane <= MAX_PANES_PASSED; pane++) {
        bt_hit hit;
        if (!bt_tracer_closest(&tracer, origin, start->dir, start->u, &hit)) return false;
        *distance += hit.distance;
        bt_shade_point_find(&f->stage->scene, hit, origin, start->dir, start->u,
                            start->cone_rad * *distance, point);
        if (point->material.kind != BT_MATERIAL_GLASS_THIN) return true;
        origin =
            bt_offset_origin(point->pos, point->surface.normal_geometric, start->dir, point->reach);
    }
    return true;
}

static void add_normal(const guide_frame *f, const bt_path_start *start,
                       const bt_shade_point *point, float *out)
{
    bt_snapshot_key to_cam = bt_snapshot_camera_at(f->stage->snapshot, start->u);
    for (int i = 1; i < 4; i++)
        to_cam.rot[i] = -to_cam.rot[i];
    float3 n = point->surface.normal;
    float in[3] = {n[0], n[1], n[2]};
    bt_snapshot_key_dir(&to_cam, in, out + BT_GUIDE_NORMAL);
}

// Fog is white, has no side and is as near as light goes in it in the mean: as much of all that is seen as it takes
// from what is behind it.
static void cover_with_fog(const guide_frame *f, const bt_path_start *start, float distance,
                           float *out)
{
    bt_fog fog = f->stage->scene.fog;
    float covers = 1.0f - bt_fog_left(fog, start->origin[2], start->dir[2], distance);
    for (int i = 0; i < BT_GUIDE_CHANNELS; i++)
        out[i] *= 1.0f - covers;
    for (int i = BT_GUIDE_ALBEDO; i < BT_GUIDE_NORMAL; i++)
        out[i] += covers;
    out[BT_GUIDE_NEARNESS] += covers * bt_fog_extinction(fog, start->origin[2] - fog.base);
}

static void sample_guides(const guide_frame *f, uint32_t x, uint32_t y, uint32_t number, float *out)
{
    for (int i = 0; i < BT_GUIDE_CHANNELS; i++)
        out[i] = i < BT_GUIDE_NORMAL ? 1.0f : 0.0f;
    bt_path_start start = {0};
    bt_shade_point point;
    float distance;
    float4 open = bt_eye_start(&f->eye, x, y, number, &start);
    if (!any_above0(open)) return;
    if (first_surface(f, &start, &point, &distance)) {
        add_albedo(f, &point, out);
        add_normal(f, &start, &point, out);
        out[BT_GUIDE_NEARNESS] = 1.0f / max(distance, 1e-3f);
    } else {
        distance = BT_FAR;
    }
    cover_with_fog(f, &start, distance, out);
}

// ---- pixels -----------------------------------------------------------------------------------
static void guide_pixel(const guide_frame *f, uint32_t x, uint32_t y)
{
    double mean[BT_GUIDE_CHANNELS] = {0}, square[BT_GUIDE_CHANNELS] = {0};
    for (uint32_t k = 0; k < f->samples; k++) {
        float values[BT_GUIDE_CHANNELS];
        sample_guides(f, x, y, k, values);
        for (int i = 0; i < BT_GUIDE_CHANNELS; i++) {
            double delta = (double)values[i] - mean[i];
            mean[i] += delta / (k + 1.0);
            square[i] += delta * ((double)values[i] - mean[i]);
        }
    }
    size_t at = ((size_t)y * f->guides->width_px + x) * BT_GUIDE_CHANNELS;
    double n = f->samples;
    for (int i = 0; i < BT_GUIDE_CHANNELS; i++) {
        f->guides->mean[at + (size_t)i] = (float)mean[i];
        f->guides->variance[at + (size_t)i] = n > 1.0 ? (float)(square[i] / (n * (n - 1.0))) : 0.0f;
    }
}

static bt_status guide_row(void *context, uint32_t item, uint32_t worker)
{
    (void)worker;
    if (bt_cancel_signal() != 0) return bt_fail(BT_ERR_CANCELLED, "asked to stop");
    const guide_frame *f = context;
    unsigned old = bt_embree_float_begin();
    for (uint32_t x = 0; x < f->guides->width_px; x++)
        guide_pixel(f, x, item);
    bt_embree_float_end(old);
    return BT_OK;
}

static bt_status eye_prepare(guide_frame *f, bt_time_ns label_time_ns, uint64_t seed)
{
    int columns = (int)f->guides->width_px + 2 * BT_EYE_MARGIN_PX;
    int rows = (int)f->guides->height_px + 2 * BT_EYE_MARGIN_PX;
    f->lattice = bt_alloc((size_t)columns * (size_t)rows, sizeof *f->lattice);
    if (!f->lattice) return bt_fail(BT_ERR_MEMORY, "guides: no memory for a lattice");
    bt_wavelength_limits(f->stage->renderer, f->view, f->limits_nm);
    bt_aim aim = {.stage = f->stage,
                  .view = f->view,
                  .label_time_ns = label_time_ns,
                  .seed = seed,
                  .first_samples = f->samples,
                  .limits_nm = f->limits_nm};
    f->eye = bt_eye_make(&aim);
    bt_eye_fill_lattice(&f->eye, -BT_EYE_MARGIN_PX, -BT_EYE_MARGIN_PX, columns, rows, f->lattice);
    return BT_OK;
}

bt_status bt_guides_trace(const bt_stage *stage, const bt_view *view, bt_time_ns label_time_ns,
                          uint32_t samples, uint64_t seed, bt_jobs *jobs, bt_guides *guides)
{
    if (guides->width_px != bt_view_film_width(view) ||
        guides->height_px != bt_view_film_height(view))
        return bt_fail(BT_ERR_INTERNAL, "guides and view differ in size");
    if (samples > MAX_SAMPLES)
        return bt_fail(BT_ERR_INPUT, "guides: %u samples: at most %u", (unsigned)samples,
                       MAX_SAMPLES);
    guide_frame f = {.stage = stage,
                     .view = view,
                     .guides = guides,
                     .samples = samples ? samples : DEFAULT_SAMPLES};
    bt_status status = albedos_create(&f);
    if (status == BT_OK) status = eye_prepare(&f, label_time_ns, seed);
    if (status == BT_OK) status = bt_jobs_run(jobs, guides->height_px, guide_row, &f);
    bt_free(f.albedos);
    bt_free(f.lattice);
    return status;
}
