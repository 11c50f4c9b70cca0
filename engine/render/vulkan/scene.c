// scene.c: puts a world and a snapshot where kernels find them.
#include "engine/core/memory.h"
#include "engine/render/bvh.h"
#include "engine/render/vulkan/scene_internal.h"

_Static_assert(BT_EYE_MAX_BANDS == BT_VIEW_MAX_BANDS, "a float4 of rates");
_Static_assert(BT_EYE_VIGNETTE_BINS == BT_VIEW_VIGNETTE_BINS, "as the view has them");
_Static_assert(BT_EYE_STRETCHES == 2 * BT_VIEW_MAX_PLANES, "as bt_exposures has them");

// ---- the pool of tables -----------------------------------------------------------------------
#define FRAME_LIMITS 0u
#define FRAME_RESPONSE (FRAME_LIMITS + BT_WAVELENGTH_CELLS + 1u)
#define FRAME_VIGNETTE (FRAME_RESPONSE + BT_EYE_MAX_BANDS * BT_SPECTRUM_BINS)
#define FRAME_GLASS (FRAME_VIGNETTE + BT_EYE_VIGNETTE_BINS)
#define FRAME_COLOR (FRAME_GLASS + 2u * BT_SPECTRUM_BINS)
#define FRAME_FLOATS (FRAME_COLOR + BT_SPECTRUM_BINS)

typedef struct pool {
    float *floats;
    size_t count, capacity;
} pool;

// Appends a table and says where it begins.
static bt_status pool_add(pool *p, const void *table, size_t count, uint32_t *at)
{
    bt_status status = BT_ARRAY_RESERVE(p->floats, p->capacity, p->count + count);
    if (status != BT_OK) return status;
    if (p->count + count > UINT32_MAX / sizeof(float))
        return bt_fail(BT_ERR_LIMIT, "Vulkan: tables of more than 4 GiB");
    if (table) memcpy(p->floats + p->count, table, count * sizeof(float));
    *at = (uint32_t)p->count;
    p->count += count;
    return BT_OK;
}

static bt_status make_pool(const bt_renderer *r, bt_vulkan_renderer *made)
{
    pool p = {0};
    bt_vulkan_tables *t = &made->tables;
    size_t spectra = (size_t)(r->world->spectrum_count + 1) * BT_SPECTRUM_BINS;
    uint32_t sobol; // first: bt_sobol_nibble counts on it
    bt_status status = pool_add(&p, bt_sobol_nibbles, BT_SOBOL_WORDS, &sobol);
    if (status == BT_OK) status = pool_add(&p, r->spectra, spectra, &t->spectra);
    if (status == BT_OK) status = pool_add(&p, r->ggx, BT_GGX_TABLE_FLOATS, &t->ggx);
    if (status == BT_OK)
        status = pool_add(&p, r->sky->spectra, BT_SKY_SPECTRA * BT_SPECTRUM_BINS, &t->sky_spectra);
    if (status == BT_OK)
        status = pool_add(&p, r->sky->radiance, BT_SKY_TABLE_FLOATS, &t->sky_radiance);
    if (status == BT_OK) status = pool_add(&p, r->sky->pick, BT_SKY_PICK_FLOATS, &t->sky_pick);
    if (status == BT_OK) status = pool_add(&p, r->fog, r->fog ? BT_FOG_FLOATS : 0, &t->fog);
    if (status == BT_OK) status = pool_add(&p, r->world->webs, r->world->web_floats, &t->webs);
    if (status == BT_OK) status = pool_add(&p, NULL, FRAME_FLOATS, &made->frame_at);
    if (status == BT_OK)
        status = bt_vulkan_upload(made->vulkan, "tables", p.floats, p.count * sizeof(float),
                                  &made->buffers[POOL]);
    bt_free(p.floats);
    return status;
}

// ---- the renderer -----------------------------------------------------------------------------
// Numbers of lamps are kept for the meshes that have any, one after the other.
static size_t lamp_numbers(const bt_renderer *r)
{
    size_t count = 0;
    for (uint32_t i = 0; i < r->world->mesh_count; i++)
        if (r->meshes[i].lamp_count > 0) count += r->world->meshes[i].triangle_count;
    return count;
}

static bt_status upload_world(const bt_renderer *r, bt_vulkan_renderer *made)
{
    const bt_world *world = r->world;
    const bt_bvh *bvh = made->bvh;
    const struct {
        int buffer;
        const char *what;
        const void *data;
        size_t count, size;
    } parts[] = {
        {TRIANGLES, "triangles", r->triangles, world->triangle_count, sizeof *r->triangles},
        {SLOTS, "slots", r->slots, world->slot_count, sizeof *r->slots},
        {MATERIALS, "materials", r->materials, world->material_count, sizeof *r->materials},
        {UVS, "uvs", world->uvs, world->vertex_count, 2 * sizeof(float)},
        {LAMPS, "lamps", r->lamps, lamp_numbers(r), sizeof *r->lamps},
        {NODES, "boxes", bvh->nodes, bvh->node_count, sizeof *bvh->nodes},
        {BOXED_TRIANGLES, "triangles of boxes", bvh->triangles, bvh->triangle_count,
         sizeof *bvh->triangles},
        {ROOTS, "roots of boxes", bvh->roots, bvh->root_count, sizeof *bvh->roots},
        {TEXTURES, "textures", world->textures, world->texture_count, sizeof *world->textures},
        {TEXELS, "texels", world->texels, world->texel_count, sizeof *world->texels},
    };
    bt_status status = BT_OK;
    for (size_t i = 0; status == BT_OK && i < sizeof parts / sizeof parts[0]; i++)
        status = bt_vulkan_upload(made->vulkan, parts[i].what, parts[i].data,
                                  parts[i].count * parts[i].size, &made->buffers[parts[i].buffer]);
    return status;
}

bt_status bt_vulkan_renderer_create(const bt_renderer *renderer, bt_vulkan *vulkan,
                                    bt_vulkan_renderer **out)
{
    *out = NULL;
    bt_vulkan_renderer *made = bt_alloc(1, sizeof *made);
    if (!made) return bt_fail(BT_ERR_MEMORY, "Vulkan renderer");
    made->vulkan = vulkan;
    bt_status status = bt_bvh_create(renderer, &made->bvh);
    if (status == BT_OK) status = upload_world(renderer, made);
    if (status == BT_OK && bt_vulkan_has_own_rays(vulkan))
        status = bt_vulkan_structures_create(vulkan, renderer, made->bvh, &made->structures);
    if (status == BT_OK) status = make_pool(renderer, made);
    if (status == BT_OK) status = bt_vulkan_wave_create(made);
    if (status != BT_OK) {
        bt_vulkan_renderer_destroy(made);
        return status;
    }
    *out = made;
    return BT_OK;
}

void bt_vulkan_renderer_destroy(bt_vulkan_renderer *r)
{
    if (!r) return;
    for (int i = 0; i < RENDERER_BUFFERS; i++)
        bt_vulkan_buffer_clear(r->vulkan, &r->buffers[i]);
    bt_vulkan_structures_clear(r->vulkan, &r->structures);
    bt_bvh_destroy(r->bvh);
    bt_free(r);
}

// ---- the stage --------------------------------------------------------------------------------
static bt_status upload_things(const bt_stage *s, bt_vulkan_stage *made)
{
    uint32_t lights = s->scene.light_count;
    const bt_snapshot *snapshot = s->snapshot;
    bt_bvh *things = NULL;
    const bt_vulkan_renderer *r = made->renderer;
    bool own_rays = bt_vulkan_has_own_rays(r->vulkan);
    bt_status status = own_rays ? bt_bvh_create_movers(s, r->bvh, &things)
                                : bt_bvh_create_things(s, r->bvh, &things);
    if (status == BT_OK && own_rays)
        status = bt_vulkan_top_create(r->vulkan, &r->structures, s, &made->top);
    if (status != BT_OK) {
        bt_bvh_destroy(things);
        return status;
    }
    const struct {
        int buffer;
        const char *what;
        const void *data;
        size_t count, size;
    } parts[] = {
        {PLACED, "things", s->placed, s->count, sizeof *s->placed},
        {KEYS, "motion", snapshot->keys, snapshot->key_count, sizeof *snapshot->keys},
        {LIGHTS, "lights", s->lights, lights, sizeof *s->lights},
        {LIGHT_NODES, "tree of lights", s->light_nodes, s->light_node_count,
         sizeof *s->light_nodes},
        {DEFORMED, "what deforms", snapshot->deformed, snapshot->deformed_count,
         sizeof *snapshot->deformed},
        {DEFORMED_VERTICES, "vertices of what deforms", snapshot->deformed_vertices,
         snapshot->deformed_vertex_count, sizeof *snapshot->deformed_vertices},
        {THINGS, "boxes of things", things->nodes, things->node_count, sizeof *things->nodes},
        {THING_TRIANGLES, "triangles of what deforms", things->triangles, things->triangle_count,
         sizeof *things->triangles},
        {THING_ROOTS, "roots of what deforms", things->roots, things->root_count,
         sizeof *things->roots},
        {CAMERA_KEYS, "camera's motion", snapshot->camera, snapshot->camera_key_count,
         sizeof *snapshot->camera},
    };
    for (size_t i = 0; status == BT_OK && i < sizeof parts / sizeof parts[0]; i++)
        status = bt_vulkan_upload(r->vulkan, parts[i].what, parts[i].data,
                                  parts[i].count * parts[i].size, &made->buffers[parts[i].buffer]);
    bt_bvh_destroy(things);
    return status;
}

static bt_vulkan_textures textures_make(const bt_vulkan_stage *s)
{
    const bt_world *world = s->stage->renderer->world;
    uint32_t basis = world->texture_basis == BT_NO_SPECTRUM ? 0 : world->texture_basis;
    return (bt_vulkan_textures){.levels = s->renderer->buffers[TEXTURES].address,
                                .texels = s->renderer->buffers[TEXELS].address,
                                .basis = s->renderer->tables.spectra + basis * BT_SPECTRUM_BINS};
}

// The one place where bt_scene becomes what a kernel sees of it.
static bt_vulkan_scene scene_make(const bt_vulkan_stage *s)
{
    const bt_vulkan_buffer *own = s->buffers, *all = s->renderer->buffers;
    const bt_scene *from = &s->stage->scene;
    return (bt_vulkan_scene){.triangles = all[TRIANGLES].address,
                             .placed = own[PLACED].address,
                             .keys = own[KEYS].address,
                             .slots = all[SLOTS].address,
                             .materials = all[MATERIALS].address,
                             .uvs = all[UVS].address,
                             .lights = own[LIGHTS].address,
                             .light_nodes = own[LIGHT_NODES].address,
                             .lamps = all[LAMPS].address,
                             .deformed = own[DEFORMED].address,
                             .deformed_vertices = own[DEFORMED_VERTICES].address,
                             .textures = textures_make(s),
                             .tables = s->renderer->tables,
                             .sky = from->sky,
                             .fog = from->fog,
                             .sun_irradiance = from->sun_irradiance,
                             .sky_irradiance = from->sky_irradiance,
                             .open_s = from->open_s,
                             .span_s = from->span_s,
                             .light_count = from->light_count};
}

bt_status bt_vulkan_stage_create(bt_vulkan_renderer *renderer, const bt_stage *stage,
                                 bt_vulkan_stage **out)
{
    *out = NULL;
    bt_vulkan_stage *made = bt_alloc(1, sizeof *made);
    if (!made) return bt_fail(BT_ERR_MEMORY, "Vulkan stage");
    made->renderer = renderer;
    made->stage = stage;
    bt_status status = upload_things(stage, made);
    if (status == BT_OK)
        status = bt_vulkan_buffer_create(renderer->vulkan, "a kernel's arguments",
                                         sizeof made->arguments, &made->buffers[ARGUMENTS]);
    if (status != BT_OK) {
        bt_vulkan_stage_destroy(made);
        return status;
    }
    bt_vulkan_arguments *a = &made->arguments;
    const bt_vulkan_buffer *all = renderer->buffers;
    a->scene = scene_make(made);
    a->bvh = (bt_vulkan_bvh){.things = made->buffers[THINGS].address,
                             .nodes = all[NODES].address,
                             .triangles = all[BOXED_TRIANGLES].address,
                             .roots = all[ROOTS].address,
                             .thing_triangles = made->buffers[THING_TRIANGLES].address,
                             .thing_roots = made->buffers[THING_ROOTS].address};
    a->still = (bt_vulkan_still){.top = made->top.address,
                                 .firsts = renderer->structures.firsts.address,
                                 .triangles = renderer->structures.triangles.address};
    a->samples = all[SAMPLES].address;
    a->rates = all[RATES].address;
    a->wave = renderer->wave;
    *out = made;
    return BT_OK;
}

void bt_vulkan_stage_destroy(bt_vulkan_stage *s)
{
    if (!s) return;
    for (int i = 0; i < STAGE_BUFFERS; i++)
        bt_vulkan_buffer_clear(s->renderer->vulkan, &s->buffers[i]);
    bt_vulkan_top_clear(s->renderer->vulkan, &s->top);
    bt_free(s);
}

// ---- frames -----------------------------------------------------------------------------------
static bt_vulkan_eye eye_make(const bt_vulkan_stage *s, const bt_eye *eye)
{
    uint32_t frame = s->renderer->frame_at;
    bt_vulkan_eye made = {.lattice = s->buffers[LATTICE].address,
                          .keys = s->buffers[CAMERA_KEYS].address,
                          .limits_nm = frame + FRAME_LIMITS,
                          .response = frame + FRAME_RESPONSE,
                          .vignette = frame + FRAME_VIGNETTE,
                          .glass = frame + FRAME_GLASS,
                          .color = frame + FRAME_COLOR,
                          .left = eye->left,
                          .top = eye->top,
                          .columns = eye->columns,
                          .rows = eye->rows,
                          .key_count = eye->key_count,
                          .band_count = eye->band_count,
                          .first_log2 = eye->first_log2,
                          .seed = eye->seed,
                          .theta_max_rad = eye->theta_max_rad,
                          .filter_sigma_px = eye->filter_sigma_px,
                          .filter_radius_px = eye->filter_radius_px,
                          .cone_rad = eye->cone_rad,
                          .u_first = eye->u_first,
                          .u_row = eye->u_row,
                          .u_exposure = eye->u_exposure,
                          .row_first = eye->row_first,
                          .row_last = eye->row_last,
                          .fog_exact = eye->fog_exact,
                          .stretch_count = eye->stretch_count,
                          .color_on = eye->color_on,
                          .lens = eye->lens,
                          .pupil = eye->pupil,
                          .shield = eye->shield};
    memcpy(made.stretches, eye->stretches, sizeof made.stretches);
    return made;
}

bt_status bt_vulkan_aim(bt_vulkan_stage *s, const bt_eye *eye, const bt_path_setup *setup)
{
    bt_vulkan *v = s->renderer->vulkan;
    float tables[FRAME_FLOATS] = {0};
    memcpy(tables + FRAME_LIMITS, eye->limits_nm, (BT_WAVELENGTH_CELLS + 1u) * sizeof(float));
    memcpy(tables + FRAME_RESPONSE, eye->response,
           eye->band_count * BT_SPECTRUM_BINS * sizeof(float));
    memcpy(tables + FRAME_VIGNETTE, eye->vignette, BT_EYE_VIGNETTE_BINS * sizeof(float));
    if (eye->glass) memcpy(tables + FRAME_GLASS, eye->glass, 2 * BT_SPECTRUM_BINS * sizeof(float));
    if (eye->color) memcpy(tables + FRAME_COLOR, eye->color, BT_SPECTRUM_BINS * sizeof(float));
    size_t lattice = (size_t)eye->columns * (size_t)eye->rows * sizeof *eye->lattice;
    bt_vulkan_buffer_clear(v, &s->buffers[LATTICE]);
    bt_status status = bt_vulkan_upload(v, "the lens", eye->lattice, lattice, &s->buffers[LATTICE]);
    if (status == BT_OK)
        status = bt_vulkan_write(v, &s->renderer->buffers[POOL],
                                 s->renderer->frame_at * sizeof(float), tables, sizeof tables);
    s->arguments.eye = eye_make(s, eye);
    s->arguments.setup = *setup;
    if (status != BT_OK) return status;
    return bt_vulkan_write(v, &s->buffers[ARGUMENTS], 0, &s->arguments, sizeof s->arguments);
}

void bt_vulkan_stage_addresses(const bt_vulkan_stage *s, VkDeviceAddress *tables,
                               VkDeviceAddress *arguments)
{
    *tables = s->renderer->buffers[POOL].address;
    *arguments = s->buffers[ARGUMENTS].address;
}
