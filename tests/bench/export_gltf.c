// export_gltf.c: one instant of a scenario as a glTF 2.0 file, with its sky, sun and camera beside
// it, so that another renderer can draw the same.
//
//   bench.export_gltf SCENARIO.lua FOLDER [RADIUS_M [dark]]
//
// Writes FOLDER/scene.glb (y up, the camera at the origin), sky.exr (equirectangular, the world's
// axes with z up: top row the zenith, middle column along x, azimuth growing to the left; linear
// sRGB, 1 is a white of 1 cd m^-2) and light.json. Only what stands within the radius (default: all).
//
// Lamps that are on shine evenly with all their light, without beams and images; not if it is to be `dark`.
//
// Left out, on both sides of a comparison: patterns, the second reflectance, the light that
// leaves let through; retroreflectors, cloth and flakes become a coat over their colour.
#include "engine/app/production.h"
#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/exr.h"
#include "engine/render/atmosphere.h"
#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"
#include "tests/bench/first_instant.h"
#include "tests/support/check.h"

#include "shaders/shared/web.h"

#include <jansson.h>
#include <stdlib.h>

#define LABEL_NS (500 * BT_NS_PER_MS)
#define SKY_ROWS 256u

typedef struct primitive {
    uint32_t first_vertex, vertex_count; // of all that are written
    uint32_t first_index, index_count;
    uint32_t material;
} primitive;

typedef struct exporter {
    const bt_world *world;
    const bt_snapshot *snapshot;
    double radius_m;
    bool dark;
    uint32_t *mesh_number; // (world's meshes x dark, lit) in the file; BT_NO_INDEX: not there
    float *positions, *normals;
    uint32_t *indices;
    size_t vertex_count, index_count, position_room, normal_room, index_room;
    json_t *accessors, *meshes, *nodes, *children, *materials, *lit;
} exporter;

static json_t *numbers(const double *values, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_real(values[i]));
    return list;
}

// ---- materials ----------------------------------------------------------------------------------
static void linear_color(const bt_world *w, uint32_t spectrum, double rgb[3])
{
    double xyz[3];
    rgb[0] = rgb[1] = rgb[2] = 0.5;
    if (spectrum >= w->spectrum_count) return;
    bt_spectrum_xyz_reflected(w->spectra + (size_t)spectrum * BT_SPECTRUM_BINS, bt_illuminant_d65,
                              xyz);
    bt_srgb_linear_from_xyz(xyz, rgb);
    for (int k = 0; k < 3; k++)
        rgb[k] = bt_clamp(rgb[k], 0.0, 1.0);
}

// Linear sRGB of a spectral radiance or irradiance; a white of 1 cd m^-2 or 1 lx is 1.
static void light_color(const float *spectrum, double rgb[3])
{
    double xyz[3];
    bt_spectrum_xyz_emitted(spectrum, xyz);
    bt_srgb_linear_from_xyz(xyz, rgb);
}

static bool shines(const bt_world *w, uint32_t material)
{
    const bt_material *m = &w->materials[material];
    return m->emission < w->spectrum_count && m->emission_scale > 0.0f;
}

// Lumen of a web: its candela over the sphere, by rings and steps of half a degree.
static double web_flux(const bt_world *w, uint32_t web)
{
    enum { RINGS = 360, STEPS = 720 };
    bt_web of = bt_web_at(w->webs, web);
    double sum = 0.0;
    for (int ring = 0; ring < RINGS; ring++) {
        double polar = BT_PI * (ring + 0.5) / RINGS, round = 0.0;
        for (int step = 0; step < STEPS; step++) {
            double turn = 2.0 * BT_PI * (step + 0.5) / STEPS;
            round += (double)bt_web_intensity(of, float3((float)(sin(polar) * cos(turn)),
                                                         (float)(sin(polar) * sin(turn)),
                                                         (float)cos(polar)));
        }
        sum += round * sin(polar);
    }
    return sum * (BT_PI / RINGS) * (2.0 * BT_PI / STEPS);
}

// area_m2: of all that shines by this material in its mesh.
static void add_emission(const bt_world *w, const bt_material *m, double area_m2, json_t *out)
{
    double rgb[3], most = 0.0, bright = (double)m->emission_scale;
    light_color(w->spectra + (size_t)m->emission * BT_SPECTRUM_BINS, rgb);
    for (int k = 0; k < 3; k++)
        most = fmax(most, rgb[k]);
    if (!(most > 0.0)) return;
    for (int k = 0; k < 3; k++)
        rgb[k] = fmax(rgb[k], 0.0) / most;
    if (m->web != 0) bright *= web_flux(w, m->web - 1) / (BT_PI * fmax(area_m2, 1e-6));
    json_object_set_new(out, "emissiveFactor", numbers(rgb, 3));
    json_object_set_new(out, "doubleSided", json_boolean(m->shines_both != 0));
    if (json_object_get(out, "extensions") == NULL)
        json_object_set_new(out, "extensions", json_object());
    json_object_set_new(json_object_get(out, "extensions"), "KHR_materials_emissive_strength",
                        json_pack("{s:f}", "emissiveStrength", most * bright));
}

static json_t *material_json(const bt_world *w, uint32_t index)
{
    const bt_material *m = &w->materials[index];
    bool glass = m->kind == BT_MATERIAL_GLASS_THIN || m->kind == BT_MATERIAL_DIELECTRIC;
    double color[4] = {0.0, 0.0, 0.0, 1.0};
    char name[32];
    linear_color(w, m->reflectance, color);
    snprintf(name, sizeof name, "%s%u", glass ? "glass " : "", index);
    double roughness = m->kind == BT_MATERIAL_DIFFUSE ? 1.0 : (double)m->roughness;
    json_t *pbr = json_pack("{s:o, s:f, s:f}", "baseColorFactor", numbers(color, 4),
                            "metallicFactor", m->kind == BT_MATERIAL_CONDUCTOR ? 1.0 : 0.0,
                            "roughnessFactor", glass ? 0.0 : roughness);
    json_t *out =
        json_pack("{s:s, s:o, s:b}", "name", name, "pbrMetallicRoughness", pbr, "doubleSided", 1);
    if (glass)
        json_object_set_new(
            out, "extensions",
            json_pack("{s:{s:f}}", "KHR_materials_transmission", "transmissionFactor", 1.0));
    return out;
}

// Number of a material in the file; those that are lit follow the others.
static uint32_t material_number(exporter *e, uint32_t index, bool lit, double area_m2)
{
    const bt_world *w = e->world;
    if (!lit || !shines(w, index)) return index;
    json_t *out = material_json(w, index);
    add_emission(w, &w->materials[index], area_m2, out);
    json_array_append_new(e->lit, out);
    return w->material_count + (uint32_t)json_array_size(e->lit) - 1;
}

// ---- meshes -------------------------------------------------------------------------------------
static uint32_t add_accessor(exporter *e, int view, size_t bytes, const char *type, int component,
                             size_t count)
{
    json_array_append_new(e->accessors,
                          json_pack("{s:i, s:I, s:i, s:I, s:s}", "bufferView", view, "byteOffset",
                                    (json_int_t)bytes, "componentType", component, "count",
                                    (json_int_t)count, "type", type));
    return (uint32_t)json_array_size(e->accessors) - 1;
}

static void bounds(const float *positions, size_t count, json_t *accessor)
{
    double low[3], high[3];
    for (int k = 0; k < 3; k++) {
        low[k] = INFINITY;
        high[k] = -INFINITY;
        for (size_t i = 0; i < count; i++) {
            low[k] = fmin(low[k], (double)positions[3 * i + (size_t)k]);
            high[k] = fmax(high[k], (double)positions[3 * i + (size_t)k]);
        }
    }
    json_object_set_new(accessor, "min", numbers(low, 3));
    json_object_set_new(accessor, "max", numbers(high, 3));
}

static bool reserve(exporter *e, size_t vertices, size_t indices)
{
    return BT_ARRAY_RESERVE(e->positions, e->position_room, 3 * (e->vertex_count + vertices)) ==
               BT_OK &&
           BT_ARRAY_RESERVE(e->normals, e->normal_room, 3 * (e->vertex_count + vertices)) ==
               BT_OK &&
           BT_ARRAY_RESERVE(e->indices, e->index_room, e->index_count + indices) == BT_OK;
}

static double triangle_area_m2(const float *positions, const uint32_t corners[3])
{
    bt_vec3 p[3];
    for (int k = 0; k < 3; k++) {
        const float *at = positions + 3 * (size_t)corners[k];
        p[k] = (bt_vec3){(double)at[0], (double)at[1], (double)at[2]};
    }
    return 0.5 * bt_vec3_length(bt_vec3_cross(bt_vec3_sub(p[1], p[0]), bt_vec3_sub(p[2], p[0])));
}

// The triangles of one material, with the vertices that they use; NULL: there are none.
static json_t *primitive_json(exporter *e, const bt_world_mesh *mesh, uint32_t material, bool lit)
{
    const bt_world *w = e->world;
    uint32_t *moved = bt_alloc(mesh->vertex_count, sizeof *moved);
    size_t first_vertex = e->vertex_count, first_index = e->index_count;
    double area_m2 = 0.0;
    CHECK(moved != NULL && reserve(e, mesh->vertex_count, 3 * (size_t)mesh->triangle_count));
    for (uint32_t t = mesh->first_triangle; t < mesh->first_triangle + mesh->triangle_count; t++) {
        if (w->slots[mesh->first_slot + w->triangle_slots[t]].material != material) continue;
        area_m2 += triangle_area_m2(w->positions + 3 * (size_t)mesh->first_vertex,
                                    w->indices + 3 * (size_t)t);
        for (size_t k = 0; k < 3; k++) {
            uint32_t from = w->indices[3 * (size_t)t + k];
            if (moved[from] == 0) {
                size_t at = 3 * ((size_t)mesh->first_vertex + from);
                memcpy(e->positions + 3 * e->vertex_count, w->positions + at, 3 * sizeof(float));
                memcpy(e->normals + 3 * e->vertex_count, w->normals + at, 3 * sizeof(float));
                moved[from] = (uint32_t)(++e->vertex_count - first_vertex);
            }
            e->indices[e->index_count++] = moved[from] - 1;
        }
    }
    bt_free(moved);
    size_t vertices = e->vertex_count - first_vertex, indices = e->index_count - first_index;
    if (indices == 0) return NULL;
    uint32_t position = add_accessor(e, 0, 12 * first_vertex, "VEC3", 5126, vertices);
    bounds(e->positions + 3 * first_vertex, vertices, json_array_get(e->accessors, position));
    uint32_t normal = add_accessor(e, 1, 12 * first_vertex, "VEC3", 5126, vertices);
    uint32_t index = add_accessor(e, 2, 4 * first_index, "SCALAR", 5125, indices);
    return json_pack("{s:{s:i, s:i}, s:i, s:i}", "attributes", "POSITION", (int)position, "NORMAL",
                     (int)normal, "indices", (int)index, "material",
                     (int)material_number(e, material, lit, area_m2));
}

static bool has_lamps(const bt_world *w, const bt_world_mesh *mesh)
{
    bool any = false;
    for (uint32_t s = 0; s < mesh->slot_count; s++)
        any = any || shines(w, w->slots[mesh->first_slot + s].material);
    return any;
}

static uint32_t mesh_number(exporter *e, uint32_t index, bool on)
{
    const bt_world_mesh *mesh = &e->world->meshes[index];
    bool lit = on && !e->dark && has_lamps(e->world, mesh);
    uint32_t *number = &e->mesh_number[2 * (size_t)index + lit];
    if (*number != BT_NO_INDEX || mesh->triangle_count == 0) return *number;
    json_t *primitives = json_array();
    for (uint32_t s = 0; s < mesh->slot_count; s++) {
        uint32_t material = e->world->slots[mesh->first_slot + s].material;
        bool done = false;
        for (uint32_t k = 0; k < s; k++)
            done = done || e->world->slots[mesh->first_slot + k].material == material;
        json_t *made = done ? NULL : primitive_json(e, mesh, material, lit);
        if (made != NULL) json_array_append_new(primitives, made);
    }
    json_array_append_new(e->meshes, json_pack("{s:o}", "primitives", primitives));
    return *number = (uint32_t)json_array_size(e->meshes) - 1;
}

static void add_instance(exporter *e, uint32_t instance)
{
    const bt_snapshot_instance *in = &e->snapshot->instances[instance];
    bt_snapshot_key key = bt_snapshot_instance_at(e->snapshot, instance, 0.5f);
    const bt_world_mesh *what = &e->world->meshes[e->world->instances[instance].mesh];
    double reach = 0.0;
    for (int k = 0; k < 3; k++)
        reach = fmax(reach, (double)(fmaxf(fabsf(what->bounds_min[k]), fabsf(what->bounds_max[k])) *
                                     in->scale));
    if (hypot((double)key.pos[0], (double)key.pos[1]) - reach > e->radius_m) return;
    uint32_t mesh = mesh_number(e, e->world->instances[instance].mesh, in->emission > 0.0f);
    if (mesh == BT_NO_INDEX) return;
    double pos[3] = {(double)key.pos[0], (double)key.pos[1], (double)key.pos[2]};
    double scale[3] = {(double)in->scale, (double)in->scale, (double)in->scale};
    double rot[4] = {(double)key.rot[1], (double)key.rot[2], (double)key.rot[3],
                     (double)key.rot[0]};
    json_array_append_new(e->nodes, json_pack("{s:i, s:o, s:o, s:o}", "mesh", (int)mesh,
                                              "translation", numbers(pos, 3), "rotation",
                                              numbers(rot, 4), "scale", numbers(scale, 3)));
    json_array_append_new(e->children, json_integer((json_int_t)json_array_size(e->nodes) - 1));
}

// ---- the file -----------------------------------------------------------------------------------
static void put_word(FILE *file, size_t word)
{
    uint8_t bytes[4] = {(uint8_t)word, (uint8_t)(word >> 8), (uint8_t)(word >> 16),
                        (uint8_t)(word >> 24)};
    CHECK(fwrite(bytes, 1, 4, file) == 4);
}

static void write_glb(const char *path, const char *text, const exporter *e)
{
    size_t json = (strlen(text) + 3) & ~(size_t)3;
    size_t vertices = 12 * e->vertex_count, bin = 2 * vertices + 4 * e->index_count;
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    if (file == NULL) return;
    const size_t head[] = {0x46546c67, 2, 28 + json + bin, json, 0x4e4f534a};
    for (size_t i = 0; i < 5; i++)
        put_word(file, head[i]);
    fprintf(file, "%-*s", (int)json, text);
    put_word(file, bin);
    put_word(file, 0x004e4942);
    CHECK(fwrite(e->positions, 1, vertices, file) == vertices);
    CHECK(fwrite(e->normals, 1, vertices, file) == vertices);
    CHECK(fwrite(e->indices, 4, e->index_count, file) == e->index_count);
    CHECK(fclose(file) == 0);
}

static void write_scene(exporter *e, const char *path)
{
    const bt_world *w = e->world;
    // z up to y up
    json_array_append_new(e->nodes, json_pack("{s:o, s:[f,f,f,f]}", "children", e->children,
                                              "rotation", -sqrt(0.5), 0.0, 0.0, sqrt(0.5)));
    for (uint32_t i = 0; i < w->material_count; i++)
        json_array_append_new(e->materials, material_json(w, i));
    json_array_extend(e->materials, e->lit);
    json_decref(e->lit);
    json_int_t vertices = 12 * (json_int_t)e->vertex_count,
               indices = 4 * (json_int_t)e->index_count;
    json_t *views =
        json_pack("[{s:i, s:I}, {s:i, s:I, s:I}, {s:i, s:I, s:I}]", "buffer", 0, "byteLength",
                  vertices, "buffer", 0, "byteOffset", vertices, "byteLength", vertices, "buffer",
                  0, "byteOffset", 2 * vertices, "byteLength", indices);
    json_t *root = json_pack(
        "{s:{s:s}, s:i, s:[{s:[i]}], s:[s,s], s:o, s:o, s:o, s:o, s:o, s:[{s:I}]}", "asset",
        "version", "2.0", "scene", 0, "scenes", "nodes", (int)json_array_size(e->nodes) - 1,
        "extensionsUsed", "KHR_materials_transmission", "KHR_materials_emissive_strength", "nodes",
        e->nodes, "meshes", e->meshes, "materials", e->materials, "accessors", e->accessors,
        "bufferViews", views, "buffers", "byteLength", 2 * vertices + indices);
    CHECK(root != NULL);
    char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(9));
    if (text != NULL) write_glb(path, text, e);
    free(text);
    json_decref(root);
}

static void export_scene(const bt_world *world, const bt_snapshot *snapshot, double radius_m,
                         bool dark, const char *path)
{
    exporter e = {.world = world,
                  .snapshot = snapshot,
                  .radius_m = radius_m,
                  .dark = dark,
                  .mesh_number = bt_alloc(world->mesh_count, 2 * sizeof(uint32_t)),
                  .accessors = json_array(),
                  .meshes = json_array(),
                  .nodes = json_array(),
                  .children = json_array(),
                  .materials = json_array(),
                  .lit = json_array()};
    for (uint32_t i = 0; i < 2 * world->mesh_count; i++)
        e.mesh_number[i] = BT_NO_INDEX;
    for (uint32_t i = 0; i < world->instance_count; i++)
        add_instance(&e, i);
    printf("%zu instances of %zu meshes, %zu triangles, %zu vertices\n",
           json_array_size(e.children), json_array_size(e.meshes), e.index_count / 3,
           e.vertex_count);
    write_scene(&e, path);
    bt_free(e.mesh_number);
    bt_free(e.positions);
    bt_free(e.normals);
    bt_free(e.indices);
}

// ---- light --------------------------------------------------------------------------------------
// A direction's spectrum, four wavelengths at a time.
static void sky_spectrum(const bt_sky_tables *t, float3 dir, float spectrum[BT_SPECTRUM_BINS])
{
    for (uint first = 0; first < BT_SPECTRUM_BINS; first += 4) {
        uint last = BT_SPECTRUM_BINS - 2;
        uint4 bin = uint4(first, min(first + 1, last), min(first + 2, last), min(first + 3, last));
        bt_wavelengths w = {.bin = bin};
        if (first == BT_SPECTRUM_BINS - 1) {
            w.bin = splat_u4(last);
            w.part = splat4(1.0f);
        }
        bt_sky_light light = bt_sky_light_at(t->sky, t->spectra, w);
        float4 radiance = bt_sky_radiance(t->sky, t->radiance, light, dir);
        for (uint k = 0; k < 4 && first + k < BT_SPECTRUM_BINS; k++)
            spectrum[first + k] = radiance[k];
    }
}

static void write_sky(const bt_sky_tables *t, const char *path)
{
    size_t pixels = 2 * (size_t)SKY_ROWS * SKY_ROWS;
    float *planes = bt_alloc(pixels, 3 * sizeof *planes);
    CHECK(planes != NULL);
    for (uint32_t i = 0; planes != NULL && i < pixels; i++) {
        double polar = BT_PI * (i / (2 * SKY_ROWS) + 0.5) / SKY_ROWS;
        double turn = BT_PI - 2.0 * BT_PI * (i % (2 * SKY_ROWS) + 0.5) / (2.0 * SKY_ROWS);
        float spectrum[BT_SPECTRUM_BINS];
        double rgb[3];
        sky_spectrum(t,
                     float3((float)(sin(polar) * cos(turn)), (float)(sin(polar) * sin(turn)),
                            (float)cos(polar)),
                     spectrum);
        light_color(spectrum, rgb);
        for (size_t k = 0; k < 3; k++)
            planes[k * pixels + i] = (float)fmax(rgb[k], 0.0);
    }
    bt_exr_channel channels[3] = {
        {"R", planes}, {"G", planes + pixels}, {"B", planes + 2 * pixels}};
    CHECK_OK(bt_exr_write(path, 2 * SKY_ROWS, SKY_ROWS, channels, 3));
    bt_free(planes);
}

static void write_light(const bt_sky_tables *t, const bt_weather *weather,
                        const bt_snapshot *snapshot, const char *path)
{
    float irradiance[BT_SPECTRUM_BINS];
    double rgb[3];
    for (uint i = 0; i < BT_SPECTRUM_BINS; i++)
        irradiance[i] = t->spectra[BT_SKY_SUN_IRRADIANCE * BT_SPECTRUM_BINS + i] *
                        t->spectra[BT_SKY_SUN_TRANSMITTANCE * BT_SPECTRUM_BINS + i];
    light_color(irradiance, rgb);
    const bt_sky *s = &t->sky;
    double dir[3] = {(double)s->sun_dir[0], (double)s->sun_dir[1], (double)s->sun_dir[2]};
    bt_snapshot_key cam = bt_snapshot_camera_at(snapshot, 0.5f);
    double rot[4];
    for (int k = 0; k < 4; k++)
        rot[k] = (double)cam.rot[k];
    json_t *root = json_pack(
        "{s:o, s:o, s:f, s:o, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "sun_dir", numbers(dir, 3),
        "sun_rgb_lx", numbers(rgb, 3), "sun_angle_rad",
        4.0 * asin(sqrt(0.5 * (double)s->sun_height)), "world_from_cam", numbers(rot, 4),
        "sun_azimuth_rad", weather->sun_azimuth_rad, "sun_elevation_rad",
        weather->sun_elevation_rad, "aerosol_optical_depth", weather->aerosol_optical_depth,
        "angstrom_exponent", weather->angstrom_exponent, "ozone_atm_cm", weather->ozone_atm_cm,
        "ground_albedo", weather->ground_albedo, "altitude_m", weather->altitude_m);
    CHECK(root != NULL &&
          json_dump_file(root, path, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) == 0);
    json_decref(root);
}

// ---- the scenario -------------------------------------------------------------------------------
static void export_all(const bt_production *p, const char *folder, double radius_m, bool dark)
{
    char path[4096];
    bt_sky_tables *sky = NULL;
    bt_snapshot *snapshot = first_instant(p, LABEL_NS - BT_NS_PER_MS, LABEL_NS + BT_NS_PER_MS, 0.0);
    CHECK_OK(bt_sky_tables_create(&p->leg.world->weather, &sky));
    if (snapshot == NULL || sky == NULL) return;
    CHECK_OK(bt_path_join(path, sizeof path, folder, "scene.glb"));
    export_scene(p->leg.world, snapshot, radius_m, dark, path);
    CHECK_OK(bt_path_join(path, sizeof path, folder, "sky.exr"));
    write_sky(sky, path);
    CHECK_OK(bt_path_join(path, sizeof path, folder, "light.json"));
    write_light(sky, &p->leg.world->weather, snapshot, path);
    bt_sky_tables_destroy(sky);
    bt_snapshot_destroy(snapshot);
}

int main(int argc, char **argv)
{
    bool dark = argc > 4 && strcmp(argv[4], "dark") == 0;
    if (argc < 3 || (argc > 4 && !dark)) {
        fprintf(stderr, "usage: %s SCENARIO.lua FOLDER [RADIUS_M [dark]]\n", argv[0]);
        return 2;
    }
    bt_settings settings = {0};
    prepared p;
    CHECK_OK(bt_folder_make(argv[2]));
    prepared_init(argv[1], &settings, 0, 0, NULL, &p);
    double radius_m = argc > 3 ? atof(argv[3]) : 1e9;
    if (check_failed_count == 0) export_all(&p.production, argv[2], radius_m, dark);
    prepared_clear(&p);
    return check_failed_count > 0;
}
