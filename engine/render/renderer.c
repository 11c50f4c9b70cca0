// renderer.c: what does not change from frame to frame: meshes in Embree, materials, sky.
#include "engine/core/memory.h"
#include "engine/core/task.h"
#include "engine/render/fog_table.h"
#include "engine/render/ggx_table.h"
#include "engine/render/vulkan/scene.h"
#include "engine/render/internal.h"

#define RAIN_DROPLET_UM 20.0 // the largest of the fog's tables

// ---- meshes -----------------------------------------------------------------------------------
static void fill_triangles(const bt_renderer *renderer, const bt_world_mesh *mesh)
{
    const bt_world *world = renderer->world;
    for (uint32_t i = mesh->first_triangle; i < mesh->first_triangle + mesh->triangle_count; i++) {
        bt_triangle *t = &renderer->triangles[i];
        for (size_t k = 0; k < 3; k++) {
            t->vertex[k] = mesh->first_vertex + world->indices[3 * (size_t)i + k];
            memcpy(&t->pos[3 * k], world->positions + 3 * (size_t)t->vertex[k], 3 * sizeof(float));
            const float *n = world->normals + 3 * (size_t)t->vertex[k];
            t->normal[k] = bt_normal_pack(float3(n[0], n[1], n[2]));
        }
        t->slot = mesh->first_slot + world->triangle_slots[i];
    }
}

// ---- materials --------------------------------------------------------------------------------
static uint32_t spectrum_or(const bt_renderer *renderer, uint32_t index, uint32_t fallback)
{
    return index < renderer->world->spectrum_count ? index : fallback;
}
static float clamp_or(float value, float low, float high, float fallback)
{
    if (!isfinite(value)) return fallback;
    return clampf(value, low, high);
}

static bt_material material_make(const bt_renderer *renderer, const bt_material *from)
{
    bt_material m = *from;
    if (m.kind >= BT_MATERIAL_KIND_COUNT) m.kind = BT_MATERIAL_DIFFUSE;
    m.roughness = clamp_or(m.roughness, 0.0f, 1.0f, 0.5f);
    m.roughness2 = clamp_or(m.roughness2, 0.0f, 1.0f, 0.5f);
    m.ior = m.ior == 0.0f ? 1.5f : clamp_or(m.ior, 1.01f, 4.0f, 1.5f);
    m.wet = clamp_or(m.wet, 0.0f, 1.0f, 0.0f);
    m.wet = max(m.wet, (float)renderer->world->weather.wetness * (1.0f - m.sheltered));
    m.metal = clamp_or(m.metal, 0.0f, 1.0f, 0.0f);
    m.alpha_level = clamp_or(m.alpha_level, 0.0f, 2.0f, 0.5f);
    m.emission_scale = clamp_or(m.emission_scale, 0.0f, 1e12f, 0.0f);
    m.reflectance = spectrum_or(renderer, m.reflectance, renderer->world->spectrum_count);
    m.reflectance2 = spectrum_or(renderer, m.reflectance2, m.reflectance);
    m.emission = spectrum_or(renderer, m.emission, BT_NO_SPECTRUM);
    if (m.web > renderer->world->web_count) m.web = 0;
    m.flicker_hz = truncf(clamp_or(m.flicker_hz, 0.0f, 20000.0f, 0.0f));
    m.flicker_duty = clamp_or(m.flicker_duty, 0.0f, 1.0f, 0.0f);
    m.tint_depth_m = clamp_or(m.tint_depth_m, 0.0f, 1e6f, 0.0f);
    m.flicker_ripple = clamp_or(m.flicker_ripple, 0.0f, 1.0f, 0.0f);
    return m;
}

static bt_status fill_materials(bt_renderer *renderer)
{
    const bt_world *world = renderer->world;
    size_t floats = (size_t)world->spectrum_count * BT_SPECTRUM_BINS;
    renderer->materials = bt_alloc(world->material_count, sizeof *renderer->materials);
    renderer->spectra = bt_alloc(floats + BT_SPECTRUM_BINS, sizeof(float));
    if (!renderer->materials || !renderer->spectra)
        return bt_fail(BT_ERR_MEMORY, "%u materials", (unsigned)world->material_count);
    if (floats > 0) memcpy(renderer->spectra, world->spectra, floats * sizeof(float));
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        renderer->spectra[floats + (size_t)i] = 0.5f;
    for (uint32_t i = 0; i < world->material_count; i++)
        renderer->materials[i] = material_make(renderer, &world->materials[i]);
    renderer->textures = (bt_textures){.levels = world->textures, .texels = world->texels};
    if (world->texture_basis != BT_NO_SPECTRUM)
        renderer->textures.basis =
            renderer->spectra + (size_t)world->texture_basis * BT_SPECTRUM_BINS;
    return BT_OK;
}

// Solid glass needs a table that takes a while.
static bool has_glass(const bt_world *world)
{
    for (uint32_t i = 0; i < world->material_count; i++)
        if (world->materials[i].kind == BT_MATERIAL_DIELECTRIC) return true;
    return false;
}

// So do tables of reflection, a fiftieth of a second, which dry dull things and panes never ask.
static bool has_gloss(const bt_world *world)
{
    for (uint32_t i = 0; i < world->material_count; i++) {
        const bt_material *m = &world->materials[i];
        bool plain = m->kind == BT_MATERIAL_DIFFUSE || m->kind == BT_MATERIAL_GLASS_THIN;
        if (!plain || m->wet > 0.0f) return true;
    }
    return world->weather.wetness > 0.0;
}

// ---- lamps ------------------------------------------------------------------------------------
static const bt_material *material_of(const bt_renderer *renderer, const bt_triangle *triangle)
{
    return &renderer->materials[renderer->slots[triangle->slot].material];
}

static float2 uv_of(const bt_renderer *renderer, uint32_t vertex)
{
    const float *uv = renderer->world->uvs + 2 * (size_t)vertex;
    return float2(uv[0], uv[1]);
}

float bt_renderer_lamp_share(const bt_renderer *renderer, const bt_triangle *triangle)
{
    enum { SIDE = 4 }; // four by four small triangles, each by an image as coarse
    uint32_t texture = material_of(renderer, triangle)->texture_emission;
    if (texture == 0) return 1.0f;
    float2 a = uv_of(renderer, triangle->vertex[0]);
    float2 b = uv_of(renderer, triangle->vertex[1]) - a;
    float2 c = uv_of(renderer, triangle->vertex[2]) - a;
    float footprint = bt_sqrt_f(0.5f * abs(b[0] * c[1] - b[1] * c[0])) / (float)SIDE, sum = 0.0f;
    for (int i = 0; i < SIDE; i++)
        for (int k = 0; k < 2 * i + 1; k++) {
            float u = ((float)(k / 2) + (k % 2 ? 2.0f : 1.0f) / 3.0f) / (float)SIDE;
            float rest = ((float)(SIDE - 1 - i) + (k % 2 ? 2.0f : 1.0f) / 3.0f) / (float)SIDE;
            float4 c4 = bt_texture_at(renderer->textures, texture - 1,
                                      a + b * u + c * (1.0f - u - rest), footprint);
            sum += max(c4[0], max(c4[1], c4[2]));
        }
    return sum / (float)(SIDE * SIDE);
}

// A triangle that emits, if it has an area at all and no image that leaves it dark. Of a lamp with a beam
// (a box, a lens) only what faces along the beam does.
static bool is_lamp(const bt_renderer *renderer, const bt_triangle *triangle)
{
    const bt_material *m = material_of(renderer, triangle);
    float3 normal = bt_triangle_normal(*triangle);
    float size = length3(normal);
    if (!bt_material_emits(m) || !(size > 0.0f)) return false;
    if (!(bt_renderer_lamp_share(renderer, triangle) > 1e-4f)) return false;
    if (m->web == 0) return true;
    const bt_web_beam *beam = &renderer->beams[m->web - 1];
    float3 axis = float3(beam->axis[0], beam->axis[1], beam->axis[2]);
    return beam->cos_half <= 0.0f || dot3(normal, axis) > 0.1f * size;
}

static void add_facing(bt_slot_shade *slot, const bt_triangle *t)
{
    float3 facing = bt_triangle_normal(*t) * 0.5f;
    for (int k = 0; k < 3; k++)
        slot->lamp_facing[k] += facing[k];
    slot->lamp_least_m2 += length3(facing); // their areas, until finish_facing
}
// A lamp's horizon and closed bodies: see lamp.h.
static void finish_facing(bt_slot_shade *slot)
{
    float3 facing = float3(slot->lamp_facing[0], slot->lamp_facing[1], slot->lamp_facing[2]);
    float all = slot->lamp_least_m2, size = length3(facing);
    slot->lamp_least_m2 = 0.05f * size;
    if (size >= 0.25f * all) return;
    memset(slot->lamp_facing, 0, sizeof slot->lamp_facing);
    slot->lamp_least_m2 = 0.25f * all;
}

// Counts the mesh's lamps; with `numbers` also numbers them and sums their areas by slot.
static uint32_t number_lamps(const bt_renderer *renderer, const bt_world_mesh *mesh,
                             uint32_t *numbers)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < mesh->triangle_count; i++) {
        const bt_triangle *t = &renderer->triangles[mesh->first_triangle + i];
        bool lamp = is_lamp(renderer, t);
        if (numbers) numbers[i] = lamp ? count : BT_NONE;
        if (numbers && lamp) add_facing(&renderer->slots[t->slot], t);
        count += lamp;
    }
    for (uint32_t i = 0; numbers && i < mesh->slot_count; i++)
        finish_facing(&renderer->slots[mesh->first_slot + i]);
    return count;
}

static bt_status fill_lamps(bt_renderer *renderer)
{
    const bt_world *world = renderer->world;
    renderer->beams = bt_alloc(world->web_count, sizeof *renderer->beams);
    if (!renderer->beams) return bt_fail(BT_ERR_MEMORY, "%u webs", (unsigned)world->web_count);
    for (uint32_t i = 0; i < world->web_count; i++)
        renderer->beams[i] = bt_web_beam_make(world->webs, i);
    size_t room = 0;
    for (uint32_t i = 0; i < world->mesh_count; i++) {
        renderer->meshes[i].first_lamp = BT_NONE;
        renderer->meshes[i].lamp_count = number_lamps(renderer, &world->meshes[i], NULL);
        if (renderer->meshes[i].lamp_count == 0) continue;
        renderer->meshes[i].first_lamp = (uint32_t)room;
        room += world->meshes[i].triangle_count;
    }
    renderer->lamps = bt_alloc(room, sizeof *renderer->lamps);
    if (!renderer->lamps) return bt_fail(BT_ERR_MEMORY, "lamps among %zu triangles", room);
    for (uint32_t i = 0; i < world->mesh_count; i++)
        if (renderer->meshes[i].lamp_count > 0)
            number_lamps(renderer, &world->meshes[i],
                         renderer->lamps + renderer->meshes[i].first_lamp);
    return BT_OK;
}

// ---- sky --------------------------------------------------------------------------------------
// What the lights of the sky bring, roughly: mean of four wavelengths, a coarse grid of directions.
static void weigh_sky(bt_renderer *renderer)
{
    const bt_sky_tables *t = renderer->sky;
    bt_wavelengths w = {.nm = float4(450.0f, 530.0f, 590.0f, 650.0f)};
    w.bin = uint4(14u, 30u, 42u, 54u);
    w.part = splat4(0.0f);
    bt_sky_light light = bt_sky_light_at(t->sky, t->spectra, w);
    renderer->sun_irradiance = t->sky.sun_open * t->sky.sun_angle * bt_mean4(light.sun);
    float sum = 0.0f;
    const int rows = 16, columns = 32;
    for (int k = 0; k < rows * columns; k++) {
        float z = ((float)(k / columns) + 0.5f) / (float)rows;
        float2 turn = pm_sincos(2.0f * BT_PI_F * ((float)(k % columns) + 0.5f) / (float)columns);
        float r = bt_sqrt_f(1.0f - z * z);
        float3 dir = float3(r * turn[1], r * turn[0], z);
        sum += z * bt_mean4(bt_sky_radiance(t->sky, t->radiance, light, dir));
    }
    renderer->sky_irradiance = sum * 2.0f * BT_PI_F / (float)(rows * columns);
}

// ---- what the renderer before has -------------------------------------------------------------
static bt_status fill_sky(bt_renderer *renderer, const bt_renderer *before)
{
    const bt_weather *weather = &renderer->world->weather;
    // padding may differ: then the sky is made again
    if (!before || memcmp(weather, &before->world->weather, sizeof *weather) != 0)
        return bt_sky_tables_create(weather, &renderer->sky);
    renderer->sky = bt_alloc(1, sizeof *renderer->sky);
    if (!renderer->sky) return bt_fail(BT_ERR_MEMORY, "no memory for a sky");
    *renderer->sky = *before->sky;
    return BT_OK;
}

// Of the droplets that a table is made for; 0: the air is clear. Rain sends light on as its largest droplets would: but
// for the width of a peak far narrower than a pixel, spheres of any larger size do the same.
static double droplet_um(const bt_world *world)
{
    const bt_weather *w = &world->weather;
    if (w->fog_range_m > 0.0) return w->fog_droplet_um;
    return w->fall_extinction_m > 0.0 ? RAIN_DROPLET_UM : 0.0;
}

static bt_status fill_fog(bt_renderer *renderer, const bt_renderer *before)
{
    double mode_um = droplet_um(renderer->world);
    if (mode_um == 0.0) return BT_OK;
    renderer->fog = bt_alloc(BT_FOG_FLOATS, sizeof(float));
    if (!renderer->fog) return bt_fail(BT_ERR_MEMORY, "fog table");
    bt_status status = BT_OK;
    if (before && before->fog && droplet_um(before->world) == mode_um)
        memcpy(renderer->fog, before->fog, BT_FOG_FLOATS * sizeof *renderer->fog);
    else
        status = bt_fog_table_compute(mode_um, renderer->fog);
    renderer->fog_similar = 1.0f - (float)bt_fog_table_mean_cosine(renderer->fog);
    return status;
}

static void fill_reflection(bt_renderer *renderer, const bt_renderer *before)
{
    bool gloss = has_gloss(renderer->world), glass = has_glass(renderer->world);
    bool known = before && before->gloss == gloss && before->glass == glass;
    renderer->gloss = gloss;
    renderer->glass = glass;
    if (known) memcpy(renderer->ggx, before->ggx, BT_GGX_TABLE_FLOATS * sizeof *renderer->ggx);
    if (gloss && !known) bt_ggx_table_compute(renderer->ggx);
    if (glass && !known) bt_ggx_table_compute_glass(renderer->ggx);
}

// Mesh by mesh: built, or that of the world before.
static bt_status fill_meshes(bt_renderer *renderer, const bt_renderer *before)
{
    const bt_world *world = renderer->world;
    bt_status status = BT_OK;
    if (before) {
        renderer->device = before->device;
        rtcRetainDevice(renderer->device);
    } else {
        status = bt_embree_device_create(&renderer->device);
    }
    for (uint32_t i = 0; status == BT_OK && i < world->mesh_count; i++) {
        bt_mesh_accel *accel = &renderer->meshes[i];
        uint32_t origin = before ? world->mesh_origins[i] : BT_NO_INDEX;
        status = origin != BT_NO_INDEX ? bt_mesh_accel_share(&before->meshes[origin], accel)
                                       : bt_mesh_accel_init(renderer->device, world, i, accel);
        renderer->has_holes = renderer->has_holes || accel->parts[BT_PART_HOLES].count > 0;
        if (status == BT_OK) status = bt_task_go_on();
    }
    return status;
}

// ---- all of it --------------------------------------------------------------------------------
static bt_status fill(bt_renderer *renderer, const bt_renderer *before)
{
    const bt_world *world = renderer->world;
    renderer->meshes = bt_alloc(world->mesh_count, sizeof *renderer->meshes);
    renderer->slots = bt_alloc(world->slot_count, sizeof *renderer->slots);
    renderer->ggx = bt_alloc(BT_GGX_TABLE_FLOATS, sizeof(float));
    renderer->triangles = bt_alloc(world->triangle_count, sizeof *renderer->triangles);
    if (!renderer->meshes || !renderer->slots || !renderer->ggx || !renderer->triangles)
        return bt_fail(BT_ERR_MEMORY, "renderer of %u meshes", (unsigned)world->mesh_count);
    for (uint32_t i = 0; i < world->slot_count; i++)
        renderer->slots[i].material = world->slots[i].material;
    for (uint32_t i = 0; i < world->mesh_count; i++)
        fill_triangles(renderer, &world->meshes[i]);
    fill_reflection(renderer, before);

    bt_status status = fill_materials(renderer);
    if (status == BT_OK) status = fill_lamps(renderer);
    if (status == BT_OK) status = fill_sky(renderer, before);
    if (status != BT_OK) return status;
    weigh_sky(renderer);
    status = fill_fog(renderer, before);
    return status == BT_OK ? fill_meshes(renderer, before) : status;
}

bt_status bt_renderer_create(const bt_world *world, bt_renderer **renderer)
{
    return bt_renderer_follow(world, NULL, renderer);
}

bt_status bt_renderer_follow(const bt_world *world, const bt_renderer *before,
                             bt_renderer **renderer)
{
    *renderer = NULL;
    bt_renderer *made = bt_alloc(1, sizeof *made);
    if (!made) return bt_fail(BT_ERR_MEMORY, "renderer");
    made->world = world;
    bt_status status = fill(made, before);
    if (status != BT_OK) {
        bt_renderer_destroy(made);
        return status;
    }
    *renderer = made;
    return BT_OK;
}

void bt_renderer_destroy(bt_renderer *renderer)
{
    if (!renderer) return;
    bt_vulkan_renderer_destroy(renderer->vulkan);
    for (uint32_t i = 0; renderer->meshes && i < renderer->world->mesh_count; i++)
        bt_mesh_accel_clear(&renderer->meshes[i]);
    if (renderer->device) rtcReleaseDevice(renderer->device);
    bt_sky_tables_destroy(renderer->sky);
    bt_free(renderer->triangles);
    bt_free(renderer->ggx);
    bt_free(renderer->fog);
    bt_free(renderer->beams);
    bt_free(renderer->lamps);
    bt_free(renderer->spectra);
    bt_free(renderer->materials);
    bt_free(renderer->slots);
    bt_free(renderer->meshes);
    bt_free(renderer);
}

bt_status bt_renderer_use_vulkan(bt_renderer *renderer, bt_vulkan *vulkan)
{
    if (renderer->vulkan) return bt_fail(BT_ERR_INTERNAL, "renderer: it has a device already");
    return bt_vulkan_renderer_create(renderer, vulkan, &renderer->vulkan);
}
