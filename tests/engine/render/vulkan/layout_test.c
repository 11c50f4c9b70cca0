// layout_test.c: every struct that the host writes and kernels read has the same members at the same
// offsets, and arrays the same stride, in C and in the compiled SPIR-V.
//
// Reads the names and decorations of the modules (SPIR-V specification 1.5, sections 2.3 and 3.32).
#include "tests/support/check.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "engine/render/vulkan/arguments.h"
#include "engine/render/vulkan/scene.h"

enum { OP_NAME = 5, OP_MEMBER_NAME = 6, OP_RUNTIME_ARRAY = 29, OP_DECORATE = 71, OP_MEMBER = 72 };
enum { ARRAY_STRIDE = 6, OFFSET = 35 };

typedef struct member {
    const char *of, *name; // `name` NULL: the whole struct
    size_t offset;         // or its size in an array
    bool seen;
} member;

#define M(glsl, c, name)                                                                           \
    {                                                                                              \
#glsl, #name, offsetof(c, name), false                                                     \
    }
#define S(glsl, c)                                                                                 \
    {                                                                                              \
#glsl, NULL, sizeof(c), false                                                              \
    }

static member members[] = {
    M(bt_path_arguments, bt_vulkan_arguments, scene),
    M(bt_path_arguments, bt_vulkan_arguments, bvh),
    M(bt_path_arguments, bt_vulkan_arguments, still),
    M(bt_path_arguments, bt_vulkan_arguments, eye),
    M(bt_still, bt_vulkan_still, top),
    M(bt_still, bt_vulkan_still, firsts),
    M(bt_still, bt_vulkan_still, triangles),
    M(bt_path_arguments, bt_vulkan_arguments, setup),
    M(bt_path_arguments, bt_vulkan_arguments, samples),
    M(bt_path_arguments, bt_vulkan_arguments, rates),
    M(bt_path_arguments, bt_vulkan_arguments, wave),
    M(bt_path_arguments, bt_vulkan_arguments, count),
    M(bt_wave, bt_vulkan_wave, paths),
    M(bt_wave, bt_vulkan_wave, shadows),
    M(bt_wave, bt_vulkan_wave, met),
    M(bt_wave, bt_vulkan_wave, lit),
    M(bt_wave, bt_vulkan_wave, open),
    M(bt_wave, bt_vulkan_wave, queue),
    M(bt_wave, bt_vulkan_wave, records),
    M(bt_wave, bt_vulkan_wave, slots),
    {"bt_wave_path", NULL, BT_WAVE_PATH_BYTES, false},
    {"bt_wave_shadow", NULL, BT_WAVE_SHADOW_BYTES, false},
    {"bt_wave_met", NULL, BT_WAVE_MET_BYTES, false},
    M(bt_scene_ref, bt_vulkan_scene, triangles),
    M(bt_scene_ref, bt_vulkan_scene, placed),
    M(bt_scene_ref, bt_vulkan_scene, keys),
    M(bt_scene_ref, bt_vulkan_scene, slots),
    M(bt_scene_ref, bt_vulkan_scene, materials),
    M(bt_scene_ref, bt_vulkan_scene, uvs),
    M(bt_scene_ref, bt_vulkan_scene, lights),
    M(bt_scene_ref, bt_vulkan_scene, light_nodes),
    M(bt_scene_ref, bt_vulkan_scene, lamps),
    M(bt_scene_ref, bt_vulkan_scene, deformed),
    M(bt_scene_ref, bt_vulkan_scene, deformed_vertices),
    M(bt_scene_ref, bt_vulkan_scene, textures),
    M(bt_scene_ref, bt_vulkan_scene, tables),
    M(bt_scene_ref, bt_vulkan_scene, sky),
    M(bt_scene_ref, bt_vulkan_scene, fog),
    M(bt_scene_ref, bt_vulkan_scene, sun_irradiance),
    M(bt_scene_ref, bt_vulkan_scene, sky_irradiance),
    M(bt_scene_ref, bt_vulkan_scene, open_s),
    M(bt_scene_ref, bt_vulkan_scene, span_s),
    M(bt_scene_ref, bt_vulkan_scene, light_count),
    M(bt_textures, bt_vulkan_textures, levels),
    M(bt_textures, bt_vulkan_textures, texels),
    M(bt_textures, bt_vulkan_textures, basis),
    M(bt_texture, bt_texture, wrap_u),
    S(bt_texture, bt_texture),
    M(bt_deformed, bt_deformed, first_vertex),
    S(bt_deformed, bt_deformed),
    M(bt_deformed_vertex, bt_deformed_vertex, normal),
    S(bt_deformed_vertex, bt_deformed_vertex),
    M(bt_scene_tables, bt_vulkan_tables, spectra),
    M(bt_scene_tables, bt_vulkan_tables, ggx),
    M(bt_scene_tables, bt_vulkan_tables, sky_spectra),
    M(bt_scene_tables, bt_vulkan_tables, sky_radiance),
    M(bt_scene_tables, bt_vulkan_tables, sky_pick),
    M(bt_scene_tables, bt_vulkan_tables, fog),
    M(bt_scene_tables, bt_vulkan_tables, webs),
    M(bt_sky_source, bt_sky_source, on),
    M(bt_sky_source, bt_sky_source, dir),
    M(bt_sky_source, bt_sky_source, side),
    M(bt_sky, bt_sky, day),
    M(bt_sky, bt_sky, moon),
    M(bt_sky, bt_sky, sun_height),
    M(bt_sky, bt_sky, sun_angle),
    M(bt_sky, bt_sky, sun_up),
    M(bt_sky, bt_sky, sun_open),
    M(bt_sky, bt_sky, is_moon),
    M(bt_sky, bt_sky, day_moon),
    M(bt_sky, bt_sky, moon_sin),
    M(bt_sky, bt_sky, moon_cos),
    M(bt_sky, bt_sky, moon_scale),
    M(bt_sky, bt_sky, aerosol_g),
    M(bt_sky, bt_sky, aerosol_albedo),
    M(bt_sky, bt_sky, night_ground),
    M(bt_sky, bt_sky, glow_ground),
    M(bt_sky, bt_sky, night_on),
    M(bt_sky, bt_sky, glow_on),
    M(bt_sky, bt_sky, cloud_on),
    M(bt_sky, bt_sky, cloud_ground),
    M(bt_sky, bt_sky, night_depth),
    M(bt_sky, bt_sky, star_on),
    M(bt_sky, bt_sky, sun_dir),
    M(bt_sky, bt_sky, sun_x),
    M(bt_sky, bt_sky, sun_y),
    M(bt_sky, bt_sky, moon_x),
    M(bt_sky, bt_sky, moon_y),
    M(bt_fog, bt_fog, extinction),
    M(bt_fog, bt_fog, base),
    M(bt_fog, bt_fog, inverse_height),
    M(bt_fog, bt_fog, similar),
    M(bt_bvh_ref, bt_vulkan_bvh, things),
    M(bt_bvh_ref, bt_vulkan_bvh, nodes),
    M(bt_bvh_ref, bt_vulkan_bvh, triangles),
    M(bt_bvh_ref, bt_vulkan_bvh, roots),
    M(bt_bvh_ref, bt_vulkan_bvh, thing_triangles),
    M(bt_bvh_ref, bt_vulkan_bvh, thing_roots),
    M(bt_eye, bt_vulkan_eye, lattice),
    M(bt_eye, bt_vulkan_eye, keys),
    M(bt_eye, bt_vulkan_eye, limits_nm),
    M(bt_eye, bt_vulkan_eye, response),
    M(bt_eye, bt_vulkan_eye, vignette),
    M(bt_eye, bt_vulkan_eye, glass),
    M(bt_eye, bt_vulkan_eye, color),
    M(bt_eye, bt_vulkan_eye, pupil),
    M(bt_eye, bt_vulkan_eye, shield),
    M(bt_eye, bt_vulkan_eye, left),
    M(bt_eye, bt_vulkan_eye, top),
    M(bt_eye, bt_vulkan_eye, columns),
    M(bt_eye, bt_vulkan_eye, rows),
    M(bt_eye, bt_vulkan_eye, key_count),
    M(bt_eye, bt_vulkan_eye, band_count),
    M(bt_eye, bt_vulkan_eye, first_log2),
    M(bt_eye, bt_vulkan_eye, seed),
    M(bt_eye, bt_vulkan_eye, theta_max_rad),
    M(bt_eye, bt_vulkan_eye, filter_sigma_px),
    M(bt_eye, bt_vulkan_eye, filter_radius_px),
    M(bt_eye, bt_vulkan_eye, cone_rad),
    M(bt_eye, bt_vulkan_eye, u_first),
    M(bt_eye, bt_vulkan_eye, u_row),
    M(bt_eye, bt_vulkan_eye, u_exposure),
    M(bt_eye, bt_vulkan_eye, row_first),
    M(bt_eye, bt_vulkan_eye, row_last),
    M(bt_eye, bt_vulkan_eye, fog_exact),
    M(bt_eye, bt_vulkan_eye, stretch_count),
    M(bt_eye, bt_vulkan_eye, color_on),
    M(bt_eye, bt_vulkan_eye, stretches),
    M(bt_eye, bt_vulkan_eye, lens),
    M(bt_eye_stretch, bt_eye_stretch, share),
    M(bt_path_setup, bt_path_setup, max_depth),
    M(bt_path_setup, bt_path_setup, caustic_alpha),
    M(bt_path_setup, bt_path_setup, cone_samples),
    M(bt_path_setup, bt_path_setup, scatter_only),
    M(bt_path_setup, bt_path_setup, own_first),
    M(bt_path_setup, bt_path_setup, own_count),
    M(bt_lens, bt_lens, kind),
    M(bt_lens, bt_lens, fx),
    M(bt_lens, bt_lens, cy),
    M(bt_lens, bt_lens, k),
    M(bt_lens, bt_lens, theta_max_rad),
    M(bt_lens, bt_lens, s),
    M(bt_pupil, bt_pupil, focus_m),
    M(bt_pupil, bt_pupil, turn_rad),
    M(bt_shield, bt_shield, turn),
    M(bt_shield, bt_shield, offset),
    M(bt_shield, bt_shield, inner),
    M(bt_shield, bt_shield, outer),
    M(bt_shield, bt_shield, drop_mean),
    M(bt_shield, bt_shield, seed),
    M(bt_shield, bt_shield, period_s),
    M(bt_shield, bt_shield, wiper_count),
    M(bt_shield, bt_shield, wipers),
    M(bt_shield_face, bt_shield_face, bend_y),
    M(bt_shield_wiper, bt_shield_wiper, span_rad),
    M(bt_triangle, bt_triangle, pos),
    M(bt_triangle, bt_triangle, normal),
    M(bt_triangle, bt_triangle, slot),
    M(bt_triangle, bt_triangle, vertex),
    S(bt_triangle, bt_triangle),
    M(bt_placed, bt_placed, noise),
    M(bt_placed, bt_placed, scale),
    M(bt_placed, bt_placed, key_count),
    M(bt_placed, bt_placed, first_light),
    M(bt_placed, bt_placed, mesh),
    S(bt_placed, bt_placed),
    M(bt_snapshot_key, bt_snapshot_key, rot),
    S(bt_snapshot_key, bt_snapshot_key),
    M(bt_slot_shade, bt_slot_shade, lamp_facing),
    M(bt_slot_shade, bt_slot_shade, lamp_least_m2),
    S(bt_slot_shade, bt_slot_shade),
    M(bt_material, bt_material, emission_scale),
    M(bt_material, bt_material, web),
    M(bt_material, bt_material, metal),
    S(bt_material, bt_material),
    M(bt_light, bt_light, depth),
    S(bt_light, bt_light),
    M(bt_light_node, bt_light_node, radius2),
    M(bt_light_node, bt_light_node, axis_x),
    M(bt_light_node, bt_light_node, even),
    M(bt_light_node, bt_light_node, beam),
    M(bt_light_node, bt_light_node, link),
    S(bt_light_node, bt_light_node),
    M(bt_bvh_node, bt_bvh_node, step),
    M(bt_bvh_node, bt_bvh_node, low),
    M(bt_bvh_node, bt_bvh_node, high),
    M(bt_bvh_node, bt_bvh_node, child),
    S(bt_bvh_node, bt_bvh_node),
    M(bt_bvh_triangle, bt_bvh_triangle, triangle),
    M(bt_bvh_triangle, bt_bvh_triangle, edge1),
    M(bt_bvh_triangle, bt_bvh_triangle, part),
    M(bt_bvh_triangle, bt_bvh_triangle, edge2),
    S(bt_bvh_triangle, bt_bvh_triangle),
    M(bt_seen, bt_seen, ray),
    S(bt_seen, bt_seen),
    M(bt_sample_place, bt_sample_place, pixel),
    M(bt_sample_place, bt_sample_place, number),
    S(bt_sample_place, bt_sample_place),
};
#define MEMBERS (sizeof members / sizeof members[0])

// Structs all of whose members are listed above: another one in the kernel is one the host forgot.
static const char *const whole[] = {"bt_path_arguments",
                                    "bt_scene_ref",
                                    "bt_scene_tables",
                                    "bt_sky",
                                    "bt_sky_source",
                                    "bt_fog",
                                    "bt_bvh_ref",
                                    "bt_still",
                                    "bt_eye",
                                    "bt_path_setup",
                                    "bt_wave"};

// ---- the module -------------------------------------------------------------------------------
static const uint32_t *module;
static size_t word_count; // of the module

// Calls back for each instruction of a kind.
static void each(uint32_t op, void (*fn)(const uint32_t *words, uint32_t count))
{
    for (size_t at = 5; at < word_count; at += module[at] >> 16)
        if ((module[at] & 0xffffu) == op) fn(module + at, module[at] >> 16);
}

static const char *name_of(uint32_t id)
{
    for (size_t at = 5; at < word_count; at += module[at] >> 16)
        if ((module[at] & 0xffffu) == OP_NAME && module[at + 1] == id)
            return (const char *)(module + at + 2);
    return "";
}
static const char *member_name_of(uint32_t id, uint32_t index)
{
    for (size_t at = 5; at < word_count; at += module[at] >> 16)
        if ((module[at] & 0xffffu) == OP_MEMBER_NAME && module[at + 1] == id &&
            module[at + 2] == index)
            return (const char *)(module + at + 3);
    return "";
}

static member *find(const char *of, const char *name)
{
    for (size_t i = 0; i < MEMBERS; i++)
        if (strcmp(members[i].of, of) == 0 &&
            (name ? members[i].name && strcmp(members[i].name, name) == 0 : !members[i].name))
            return &members[i];
    return NULL;
}

// ---- comparing --------------------------------------------------------------------------------
static void compare_one(member *m, uint32_t want)
{
    m->seen = true;
    if (m->offset != want)
        fprintf(stderr, "%s.%s: %zu in C, %u in the kernel\n", m->of, m->name ? m->name : "stride",
                m->offset, want);
    CHECK(m->offset == want);
}

static void compare_member(const uint32_t *words, uint32_t count)
{
    if (count < 5 || words[3] != OFFSET) return;
    const char *of = name_of(words[1]), *name = member_name_of(words[1], words[2]);
    member *m = find(of, name);
    if (m) compare_one(m, words[4]);
    for (size_t i = 0; !m && i < sizeof whole / sizeof whole[0]; i++) {
        if (strcmp(whole[i], of) != 0) continue;
        fprintf(stderr, "%s.%s: the host does not know it\n", of, name);
        CHECK(!"a member that the host does not fill");
    }
}

static uint32_t array_id, array_stride;

static void find_stride(const uint32_t *words, uint32_t count)
{
    if (count == 4 && words[1] == array_id && words[2] == ARRAY_STRIDE) array_stride = words[3];
}

static void compare_array(const uint32_t *words, uint32_t count)
{
    (void)count;
    member *m = find(name_of(words[2]), NULL);
    array_id = words[1];
    array_stride = 0;
    each(OP_DECORATE, find_stride);
    if (m && array_stride > 0) compare_one(m, array_stride);
}

int main(void)
{
    for (int stage = 0; stage < BT_VULKAN_PATH_STAGES; stage++) {
        module = bt_path_kernels[stage].words;
        word_count = bt_path_kernels[stage].bytes / sizeof(uint32_t);
        CHECK(word_count > 5 && module[0] == 0x07230203u);
        each(OP_MEMBER, compare_member);
        each(OP_RUNTIME_ARRAY, compare_array);
    }
    for (size_t i = 0; i < MEMBERS; i++) {
        if (!members[i].seen)
            fprintf(stderr, "%s.%s: not in any kernel\n", members[i].of,
                    members[i].name ? members[i].name : "stride");
        CHECK(members[i].seen);
    }
    return check_end();
}
