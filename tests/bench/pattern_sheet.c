// pattern_sheet.c: pictures of materials for the eye, and what their patterns cost.
//
//   pattern_sheet SHEET.lua OUT_DIR [MATERIAL ...]   (none: all that have a pattern)
//
// OUT_DIR/MATERIAL.png: three squares of the surface, lit by a sun at 35 degrees and a sky, at 2, 10
// and 50 mm per pixel. OUT_DIR/road.png: a plane of asphalt with markings as a car sees it.
#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/png.h"
#include "engine/scene/material_lua.h"
#include "engine/scene/world.h"
#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"

#include <stdio.h>
#include <string.h>

#include "shaders/shared/pattern.h"

#define SIDE 420
#define SAMPLES 3 // per axis

typedef struct paint {
    bt_material material;
    double rgb[2][3]; // linear sRGB of the two spectra under D65
} paint;

static void load_paint(const bt_world *w, uint32_t index, paint *out)
{
    out->material = w->materials[index];
    uint32_t spectra[2] = {out->material.reflectance, out->material.reflectance2};
    if (spectra[1] == BT_NO_SPECTRUM || out->material.kind == BT_MATERIAL_LEAF)
        spectra[1] = spectra[0];
    for (int i = 0; i < 2; i++) {
        double xyz[3];
        if (spectra[i] == BT_NO_SPECTRUM) {
            for (int k = 0; k < 3; k++)
                out->rgb[i][k] = 0.5;
            continue;
        }
        bt_spectrum_xyz_reflected(w->spectra + (size_t)spectra[i] * BT_SPECTRUM_BINS,
                                  bt_illuminant_d65, xyz);
        bt_srgb_linear_from_xyz(xyz, out->rgb[i]);
    }
}

static bool is_wall(uint32_t pattern)
{
    return pattern == BT_PATTERN_BRICK || pattern == BT_PATTERN_PLASTER ||
           pattern == BT_PATTERN_BARK || pattern == BT_PATTERN_METAL ||
           pattern == BT_PATTERN_CONCRETE || pattern == BT_PATTERN_WOOD ||
           pattern == BT_PATTERN_PAINT;
}

static bt_surface surface_at(const bt_material *m, bool wall, double u, double v, double f,
                             double f_max)
{
    bt_surface s;
    memset(&s, 0, sizeof s);
    float x = (float)u, y = (float)v;
    s.pos_noise = wall ? float3(x, 0.3f, y) : float3(x, y, 0.0f);
    s.pos_mesh = s.pos_noise;
    s.normal_geometric = wall ? float3(0.0f, -1.0f, 0.0f) : float3(0.0f, 0.0f, 1.0f);
    s.tangent = float3(1.0f, 0.0f, 0.0f);
    s.bitangent = wall ? float3(0.0f, 0.0f, 1.0f) : float3(0.0f, 1.0f, 0.0f);
    s.uv = float2(x, y);
    s.footprint_m = (float)f;
    s.footprint_max_m = (float)f_max;
    s.cos_view = (float)(f / f_max);
    s.hash = 12345u;
    s.normal = s.normal_geometric;
    s.tint = 1.0f;
    s.roughness = m->roughness;
    return s;
}

// Adds the light that a point sends, of sun and sky; a perfect diffuser facing up gives about 1.
static void add_light(const paint *p, const bt_surface *s, bool wall, double rgb[3])
{
    float3 sun = normalize3(wall ? float3(0.6f, -0.7f, 0.55f) : float3(0.55f, 0.6f, 0.57f));
    double direct = (double)max(dot3(s->normal, sun), 0.0f);
    double light = 1.25 * direct + 0.25;
    for (int k = 0; k < 3; k++) {
        double albedo = p->rgb[0][k] + (p->rgb[1][k] - p->rgb[0][k]) * (double)s->weight;
        rgb[k] += light * fmin(albedo * (double)s->tint, 1.0);
    }
}

// Exposed like a photograph of the road: albedo 0.30 becomes near white grey.
static void write_pixel(const double rgb[3], double scale, uint8_t *out)
{
    for (int k = 0; k < 3; k++) {
        double x = rgb[k] * scale;
        double y = x / (x + 0.55) * 1.45; // soft shoulder
        out[k] = (uint8_t)(255.0 * fmin(bt_srgb_encode(fmin(fmax(y, 0.0), 1.0)), 1.0) + 0.5);
    }
}

static void shade_square(const paint *p, double pixel_m, uint32_t at_px, uint32_t stride,
                         uint8_t *pixels)
{
    bool wall = is_wall(p->material.pattern);
    for (uint32_t y = 0; y < SIDE; y++)
        for (uint32_t x = 0; x < SIDE; x++) {
            double rgb[3] = {0.0, 0.0, 0.0};
            for (int i = 0; i < SAMPLES * SAMPLES; i++) {
                double u = (x + (i % SAMPLES + 0.5) / SAMPLES) * pixel_m;
                double v = (SIDE - y - (i / SAMPLES + 0.5) / SAMPLES) * pixel_m;
                bt_surface s = surface_at(&p->material, wall, u, v, pixel_m, pixel_m);
                bt_pattern_apply(p->material, &s);
                add_light(p, &s, wall, rgb);
            }
            write_pixel(rgb, 0.75 / (SAMPLES * SAMPLES),
                        pixels + 3 * ((size_t)y * stride + at_px + x));
        }
}

static bt_status write_material(const char *dir, const char *name, const paint *p)
{
    static const double scales_m[3] = {0.002, 0.01, 0.05};
    char path[4096], file[256];
    uint8_t *pixels = bt_alloc(3 * SIDE * SIDE, 3);
    if (pixels == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a picture");
    for (uint32_t i = 0; i < 3; i++)
        shade_square(p, scales_m[i], i * SIDE, 3 * SIDE, pixels);
    snprintf(file, sizeof file, "%s.png", name);
    bt_status status = bt_path_join(path, sizeof path, dir, file);
    if (status == BT_OK) status = bt_png_write_u8(path, 3 * SIDE, SIDE, 3, pixels);
    bt_free(pixels);
    return status;
}

// Nanoseconds of one pattern at this footprint: the best of some rounds.
static double measure_round(const paint *p, double footprint_m, float *sum)
{
    const int count = 20000;
    bt_surface s =
        surface_at(&p->material, is_wall(p->material.pattern), 0.0, 0.0, footprint_m, footprint_m);
    double begin = bt_clock_s();
    for (int i = 0; i < count; i++) {
        bt_surface t = s;
        t.uv = float2((float)i * 0.037f, (float)(i % 1000) * 0.011f);
        t.pos_noise = float3(t.uv[0], t.uv[1], (float)(i % 77) * 0.1f);
        bt_pattern_apply(p->material, &t);
        *sum += t.tint + t.weight;
    }
    return (bt_clock_s() - begin) * 1e9 / count;
}

static double measure(const paint *p, double footprint_m)
{
    double best = INFINITY;
    float sum = 0.0f; // used, so that the work is done
    for (int round = 0; round < 12; round++)
        best = fmin(best, measure_round(p, footprint_m, &sum));
    return sum > 0.0f ? best : -best;
}

// ---- the road as a car sees it --------------------------------------------------------------------
typedef struct road_paints {
    paint asphalt, white, yellow, sidewalk, grass;
} road_paints;

// Lanes of 3.5 m to both sides of t = 0.
static const paint *road_at(const road_paints *r, double s, double t)
{
    double dash = fmod(s, 12.0);
    if (fabs(t) < 0.075) return &r->yellow;
    if (fabs(fabs(t) - 3.5) < 0.06 && dash < 4.0) return &r->white;
    if (fabs(fabs(t) - 7.0) < 0.06) return &r->white;
    if (fabs(t) < 7.6) return &r->asphalt;
    return fabs(t) < 9.6 ? &r->sidewalk : &r->grass;
}

static void road_pixel(const road_paints *r, double x, double y, double focal_px, double rgb[3])
{
    double pitch = 0.06, height_m = 1.35, lane_m = -1.75;
    double down = y * cos(pitch) + focal_px * sin(pitch);
    double ahead = focal_px * cos(pitch) - y * sin(pitch);
    if (down <= 2.0) { // sky
        rgb[0] += 0.45;
        rgb[1] += 0.62;
        rgb[2] += 0.95;
        return;
    }
    double s = height_m * ahead / down + 37.0, t = lane_m - height_m * x / down;
    double distance_m = height_m * hypot(hypot(x, y), focal_px) / down;
    double f = distance_m / focal_px;
    const paint *p = road_at(r, s, t);
    bt_surface at = surface_at(&p->material, false, s, t, f, f * distance_m / height_m);
    bt_pattern_apply(p->material, &at);
    add_light(p, &at, false, rgb);
}

static bt_status write_road(const char *dir, const road_paints *r)
{
    const uint32_t width = 1280, height = 640;
    char path[4096];
    uint8_t *pixels = bt_alloc((size_t)width * height, 3);
    if (pixels == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a picture");
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++) {
            double rgb[3] = {0.0, 0.0, 0.0};
            for (int i = 0; i < 16; i++)
                road_pixel(r, x + (i % 4 + 0.5) / 4 - 0.5 * width, y + (i / 4 + 0.5) / 4 - 200.0,
                           1100.0, rgb);
            write_pixel(rgb, 1.25 / 16.0, pixels + 3 * ((size_t)y * width + x));
        }
    bt_status status = bt_path_join(path, sizeof path, dir, "road.png");
    if (status == BT_OK) status = bt_png_write_u8(path, width, height, 3, pixels);
    bt_free(pixels);
    return status;
}

// ---- main ---------------------------------------------------------------------------------------
static bt_status show(const bt_spec *spec, const bt_world *w, const char *dir, const char *name)
{
    uint32_t index;
    paint p;
    bt_status status = bt_spec_find_material(spec, name, &index);
    if (status != BT_OK) return status;
    load_paint(w, index, &p);
    printf("%-20s %6.0f ns at 1 mm, %6.0f ns at 1 cm, %6.0f ns at 10 cm\n", name,
           measure(&p, 0.001), measure(&p, 0.01), measure(&p, 0.1));
    return write_material(dir, name, &p);
}

static bt_status show_road(const bt_spec *spec, const bt_world *w, const char *dir)
{
    static const char *const names[5] = {"asphalt", "marking_white", "marking_yellow", "sidewalk",
                                         "grass"};
    road_paints r;
    paint *paints[5] = {&r.asphalt, &r.white, &r.yellow, &r.sidewalk, &r.grass};
    for (int i = 0; i < 5; i++) {
        uint32_t index;
        bt_status status = bt_spec_find_material(spec, names[i], &index);
        if (status != BT_OK) return status;
        load_paint(w, index, paints[i]);
    }
    return write_road(dir, &r);
}

static bt_status run(int count, char **args)
{
    static const char *const all[] = {
        "asphalt",       "asphalt_new",   "sidewalk",     "curb",
        "gravel",        "grass",         "dry_grass",    "soil",
        "field",         "marking_white", "crosswalk",    "car_paint",
        "rubber",        "cloth",         "hair_brown",   "brick_red",
        "brick_yellow",  "plaster_white", "plaster_grey", "concrete_wall",
        "roof_tile_red", "wood",          "fence_wood",   "metal_galvanised",
        "bark_oak",      "bark_birch",    "leaf_oak",     "stone"};
    bt_spec *spec = NULL;
    bt_world *world = NULL;
    bt_status status = bt_folder_make(args[2]);
    if (status == BT_OK) status = bt_spec_create(&spec);
    if (status == BT_OK) status = bt_material_sheet_load(spec, args[1]);
    if (status == BT_OK) status = bt_world_compile(spec, &world);
    if (status == BT_OK) status = show_road(spec, world, args[2]);
    for (int i = 3; status == BT_OK && i < count; i++)
        status = show(spec, world, args[2], args[i]);
    for (size_t i = 0; status == BT_OK && count == 3 && i < sizeof all / sizeof *all; i++)
        status = show(spec, world, args[2], all[i]);
    bt_world_destroy(world);
    bt_spec_destroy(spec);
    return status;
}

int main(int count, char **args)
{
    if (count < 3) {
        fprintf(stderr, "usage: pattern_sheet SHEET.lua OUT_DIR [MATERIAL ...]\n");
        return 2;
    }
    if (run(count, args) == BT_OK) return 0;
    fprintf(stderr, "%s\n", bt_error_message());
    return 2;
}
