// world.c: from the growing arrays of a spec to the constant, exact ones of a world.
#include "engine/scene/world.h"

#include "engine/core/memory.h"
#include "engine/scene/spec_internal.h"

#include <math.h>
#include <string.h>

// ---- weather ------------------------------------------------------------------------------------
static bt_status compile_weather(const bt_weather *in, bt_weather *out)
{
    *out = *in;
    if (out->aerosol_optical_depth == 0.0) out->aerosol_optical_depth = 0.10;
    if (out->sun_radius_rad == 0.0) out->sun_radius_rad = 0.2665 * BT_RAD_PER_DEG;
    if (out->angstrom_exponent == 0.0) out->angstrom_exponent = 1.3;
    if (out->ozone_atm_cm == 0.0) out->ozone_atm_cm = 0.34;
    if (out->ground_albedo == 0.0) out->ground_albedo = 0.2;
    if (out->fog_height_m == 0.0) out->fog_height_m = 60.0;
    if (out->fog_droplet_um == 0.0) out->fog_droplet_um = 4.0;
    const struct {
        const char *field;
        double value, low, high;
    } numbers[] = {
        {"sun_azimuth_rad", out->sun_azimuth_rad, -100.0, 100.0},
        {"sun_elevation_rad", out->sun_elevation_rad, -0.5 * BT_PI, 0.5 * BT_PI},
        {"sun_radius_rad", out->sun_radius_rad, 1e-4, 0.2},
        {"moon_azimuth_rad", out->moon_azimuth_rad, -100.0, 100.0},
        {"moon_elevation_rad", out->moon_elevation_rad, -0.5 * BT_PI, 0.5 * BT_PI},
        {"moon_phase_rad", out->moon_phase_rad, -BT_PI, BT_PI},
        {"sky_glow_cd_m2", out->sky_glow_cd_m2, 0.0, 10.0},
        {"cloud", out->cloud, 0.0, 1.0},
        {"hour", out->hour, 0.0, 24.0},
        {"cloud_optical_depth", out->cloud_optical_depth, 0.0, 300.0},
        {"aerosol_optical_depth", out->aerosol_optical_depth, 0.0, 5.0},
        {"angstrom_exponent", out->angstrom_exponent, -1.0, 4.0},
        {"ozone_atm_cm", out->ozone_atm_cm, 0.0, 1.0},
        {"ground_albedo", out->ground_albedo, 0.0, 1.0},
        {"altitude_m", out->altitude_m, -500.0, 9000.0},
        {"rain_mm_h", out->rain_mm_h, 0.0, 150.0},
        {"snow_mm_h", out->snow_mm_h, 0.0, 20.0},
        {"wind_m_s", out->wind_m_s, 0.0, 40.0},
        {"wind_azimuth_rad", out->wind_azimuth_rad, -100.0, 100.0},
        {"fog_range_m", out->fog_range_m, 0.0, 1e6},
        {"fog_base_m", out->fog_base_m, -1e4, 1e4},
        {"fog_height_m", out->fog_height_m, 1.0, 1e4},
        {"fog_droplet_um", out->fog_droplet_um, 0.5, 20.0},
        {"fall_extinction_m", out->fall_extinction_m, 0.0, 1.0},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!(numbers[i].value >= numbers[i].low && numbers[i].value <= numbers[i].high))
            return bt_fail(BT_ERR_INPUT, "weather: %s is %g; expected %g to %g", numbers[i].field,
                           numbers[i].value, numbers[i].low, numbers[i].high);
    // a smaller one would be more extinction than a float holds
    if (out->fog_range_m > 0.0 && out->fog_range_m < 0.01)
        return bt_fail(BT_ERR_INPUT, "weather: fog_range_m is %g; expected 0, or 0.01 to 1e+06",
                       out->fog_range_m);
    return BT_OK;
}

// ---- copying ------------------------------------------------------------------------------------
// An exact copy of `count` items into *to.
static bt_status copy_array(void *to_address, const void *from, size_t count, size_t size)
{
    void *to = bt_alloc(count, size);
    if (to == NULL)
        return bt_fail(BT_ERR_MEMORY, "no memory for a scene of %zu x %zu bytes", count, size);
    if (count > 0) memcpy(to, from, count * size);
    memcpy(to_address, &to, sizeof to);
    return BT_OK;
}

static bt_status copy_geometry(const bt_spec *s, bt_world *w)
{
    size_t vertices = s->positions_count, triangles = s->indices_count;
    bt_status status = copy_array(&w->positions, s->positions, vertices, 3 * sizeof(float));
    if (status == BT_OK) status = copy_array(&w->normals, s->normals, vertices, 3 * sizeof(float));
    if (status == BT_OK) status = copy_array(&w->uvs, s->uvs, vertices, 2 * sizeof(float));
    if (status == BT_OK)
        status = copy_array(&w->indices, s->indices, triangles, 3 * sizeof(uint32_t));
    if (status == BT_OK) status = copy_array(&w->triangle_slots, s->triangle_slots, triangles, 1);
    if (status == BT_OK)
        status = copy_array(&w->meshes, s->meshes, s->meshes_count, sizeof *s->meshes);
    if (status == BT_OK) status = copy_array(&w->slots, s->slots, s->slots_count, sizeof *s->slots);
    if (status == BT_OK)
        status = copy_array(&w->mesh_origins, s->mesh_origins, s->meshes_count, sizeof(uint32_t));
    return status == BT_OK ? bt_piece_list_copy(&s->pieces, &w->pieces) : status;
}

static bt_status copy_matter(const bt_spec *s, bt_world *w)
{
    bt_status status =
        copy_array(&w->materials, s->materials, s->materials_count, sizeof *s->materials);
    if (status == BT_OK)
        status =
            copy_array(&w->spectra, s->spectra, s->spectra_count, BT_SPECTRUM_BINS * sizeof(float));
    if (status == BT_OK)
        status = copy_array(&w->textures, s->textures, s->textures_count, sizeof *s->textures);
    if (status == BT_OK)
        status = copy_array(&w->texels, s->texels, s->texels_count, sizeof *s->texels);
    if (status == BT_OK) status = bt_spec_copy_webs(s, w);
    return status;
}

static bool is_lit(const bt_dusk_material *m, const bt_weather *weather)
{
    double hour = weather->hour > 0.0 ? weather->hour : 21.0;
    if (hour >= 24.0) hour -= 24.0;
    bool begun = hour >= m->from_h, over = hour >= m->to_h;
    return weather->dusk_lamps && (m->from_h > m->to_h ? begun || !over : begun && !over);
}

// What shines at dusk only, by day; and what is switched off at this hour.
static void darken(const bt_spec *s, bt_world *w)
{
    for (uint32_t i = 0; i < s->dusk_materials_count; i++) {
        const bt_dusk_material *m = &s->dusk_materials[i];
        if (!is_lit(m, &s->weather)) w->materials[m->material].emission_scale = 0.0f;
    }
}

static void set_counts(const bt_spec *s, bt_world *w)
{
    w->vertex_count = s->positions_count;
    w->triangle_count = s->indices_count;
    w->mesh_count = s->meshes_count;
    w->slot_count = s->slots_count;
    w->material_count = s->materials_count;
    w->spectrum_count = s->spectra_count;
    w->texture_count = s->textures_count;
    w->texel_count = s->texels_count;
    w->texture_basis = s->texture_basis;
}

static bt_status copy_placement(const bt_spec *s, bt_world *w)
{
    bt_status status = copy_array(&w->names, s->names, s->names_count, 1);
    if (status == BT_OK)
        status = copy_array(&w->statics, s->statics, s->statics_count, sizeof *s->statics);
    if (status == BT_OK) status = copy_array(&w->parts, s->parts, s->parts_count, sizeof *s->parts);
    if (status == BT_OK) status = copy_array(&w->skins, s->skins, s->skins_count, sizeof *s->skins);
    if (status == BT_OK)
        status = copy_array(&w->models, s->models, s->models_count, sizeof *s->models);
    if (status == BT_OK)
        status = copy_array(&w->keypoints, s->keypoints, s->keypoints_count, sizeof *s->keypoints);
    if (status == BT_OK)
        status = copy_array(&w->cuboids, s->cuboids, s->cuboids_count, sizeof *s->cuboids);
    if (status == BT_OK)
        status = copy_array(&w->actors, s->actors, s->actors_count, sizeof *s->actors);
    w->names_bytes = s->names_count;
    w->static_count = s->statics_count;
    w->part_count = s->parts_count;
    w->skin_count = s->skins_count;
    w->model_count = s->models_count;
    w->keypoint_count = s->keypoints_count;
    w->cuboid_count = s->cuboids_count;
    w->actor_count = s->actors_count;
    return status;
}

// ---- taking over ----------------------------------------------------------------------------------
// The array itself, cut to its `count` items.
static bt_status take_array(void *to_address, void *from_address, size_t count, size_t size)
{
    void *array;
    memcpy(&array, from_address, sizeof array);
    void *exact = bt_realloc(array, count, size);
    if (exact == NULL)
        return bt_fail(BT_ERR_MEMORY, "no memory for a scene of %zu x %zu bytes", count, size);
    memcpy(to_address, &exact, sizeof exact);
    memset(from_address, 0, sizeof array);
    return BT_OK;
}

static bt_status take_geometry(bt_spec *s, bt_world *w)
{
    s->given = true;
    size_t vertices = s->positions_count, triangles = s->indices_count, meshes = s->meshes_count;
    bt_status status = take_array(&w->positions, &s->positions, vertices, 3 * sizeof(float));
    if (status == BT_OK) status = take_array(&w->normals, &s->normals, vertices, 3 * sizeof(float));
    if (status == BT_OK) status = take_array(&w->uvs, &s->uvs, vertices, 2 * sizeof(float));
    if (status == BT_OK)
        status = take_array(&w->indices, &s->indices, triangles, 3 * sizeof(uint32_t));
    if (status == BT_OK) status = take_array(&w->triangle_slots, &s->triangle_slots, triangles, 1);
    if (status == BT_OK) status = take_array(&w->meshes, &s->meshes, meshes, sizeof *w->meshes);
    if (status == BT_OK)
        status = take_array(&w->slots, &s->slots, s->slots_count, sizeof *w->slots);
    if (status == BT_OK)
        status = take_array(&w->mesh_origins, &s->mesh_origins, meshes, sizeof(uint32_t));
    return status == BT_OK ? bt_piece_list_copy(&s->pieces, &w->pieces) : status;
}

// ---- ids and instances --------------------------------------------------------------------------
// The ids that the spec was given; those of nobody have no class.
static bt_status make_numbered_objects(const bt_spec *s, bt_world *w)
{
    size_t count = BT_SPEC_MAX_IDS + 1u;
    w->objects = bt_alloc(count, sizeof *w->objects);
    if (w->objects == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for %zu objects", count);
    w->object_count = (uint32_t)count;
    w->objects[0] = s->objects[0];
    for (uint32_t i = 1; i < s->objects_count; i++)
        w->objects[s->object_ids[i - 1]] = s->objects[i];
    for (uint32_t i = 0; i < w->static_count; i++)
        if (w->statics[i].object_id > 0)
            w->statics[i].object_id = s->object_ids[w->statics[i].object_id - 1];
    for (uint32_t i = 0; i < w->actor_count; i++) {
        w->actors[i].object_id = s->actor_ids[i];
        w->objects[s->actor_ids[i]] = (bt_world_object){w->actors[i].class_id, w->actors[i].name};
    }
    return BT_OK;
}

// Object ids: 0 nothing, then the spec's objects, then one per actor.
static bt_status make_objects(const bt_spec *s, bt_world *w)
{
    size_t count = (size_t)s->objects_count + s->actors_count;
    if (count > BT_SPEC_MAX_IDS + 1u)
        return bt_fail(BT_ERR_LIMIT, "%u objects and %u actors; at most %u together (16-bit ids)",
                       s->objects_count - 1u, s->actors_count, BT_SPEC_MAX_IDS);
    if (s->object_ids != NULL) return make_numbered_objects(s, w);
    w->objects = bt_alloc(count, sizeof *w->objects);
    if (w->objects == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for %zu objects", count);
    memcpy(w->objects, s->objects, s->objects_count * sizeof *w->objects);
    w->object_count = (uint32_t)count;
    for (uint32_t i = 0; i < w->actor_count; i++) {
        w->actors[i].object_id = s->objects_count + i;
        w->objects[s->objects_count + i] =
            (bt_world_object){w->actors[i].class_id, w->actors[i].name};
    }
    return BT_OK;
}

static uint32_t parts_with_mesh(const bt_world *w, const bt_world_model *model)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < model->part_count; i++)
        count += w->parts[model->first_part + i].mesh != BT_NO_INDEX ? 1u : 0u;
    return count;
}

static bt_status count_instances(bt_world *w)
{
    uint64_t count = w->static_count;
    for (uint32_t i = 0; i < w->actor_count; i++) {
        bt_world_actor *actor = &w->actors[i];
        if (count > BT_SPEC_MAX_ELEMENTS) break;
        actor->first_instance = (uint32_t)count;
        actor->instance_count = parts_with_mesh(w, &w->models[actor->model]);
        count += actor->instance_count;
    }
    if (count > BT_SPEC_MAX_ELEMENTS)
        return bt_fail(BT_ERR_LIMIT, "more than %u instances", BT_SPEC_MAX_ELEMENTS);
    w->instance_count = (uint32_t)count;
    return BT_OK;
}

static bt_status make_instances(bt_world *w)
{
    bt_status status = count_instances(w);
    if (status != BT_OK) return status;
    w->instances = bt_alloc(w->instance_count, sizeof *w->instances);
    if (w->instances == NULL)
        return bt_fail(BT_ERR_MEMORY, "no memory for %u instances", w->instance_count);

    for (uint32_t i = 0; i < w->static_count; i++)
        w->instances[i] = (bt_world_instance){w->statics[i].mesh, w->statics[i].object_id,
                                              BT_NO_INDEX, BT_NO_INDEX};
    for (uint32_t i = 0; i < w->actor_count; i++) {
        const bt_world_actor *actor = &w->actors[i];
        const bt_world_model *model = &w->models[actor->model];
        uint32_t at = actor->first_instance;
        for (uint32_t part = 0; part < model->part_count; part++) {
            uint32_t mesh = w->parts[model->first_part + part].mesh;
            if (mesh == BT_NO_INDEX) continue;
            w->instances[at++] = (bt_world_instance){mesh, actor->object_id, i, part};
        }
    }
    return BT_OK;
}

// ---- the world ----------------------------------------------------------------------------------
// Geometry and matter, without what stands where; `take`: out of the spec's hands.
static bt_status begin(const bt_spec *spec, bt_spec *take, bt_world **world)
{
    *world = NULL;
    if (spec->unseen) return bt_fail(BT_ERR_INTERNAL, "a scene whose meshes were not kept");
    *world = bt_alloc(1, sizeof **world);
    bt_world *w = *world;
    if (w == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a scene");
    bt_status status = compile_weather(&spec->weather, &w->weather);
    if (status == BT_OK) status = take ? take_geometry(take, w) : copy_geometry(spec, w);
    if (status == BT_OK) status = copy_matter(spec, w);
    if (status == BT_OK) darken(spec, w);
    set_counts(spec, w);
    if (status == BT_OK) return BT_OK;
    bt_world_destroy(w);
    *world = NULL;
    return status;
}

bt_status bt_world_compile_begin(bt_spec *spec, bt_world **world)
{
    return begin(spec, spec, world);
}

bt_status bt_world_compile_end(const bt_spec *spec, bt_world *w)
{
    bt_status status = copy_placement(spec, w);
    if (status == BT_OK) status = make_objects(spec, w);
    return status == BT_OK ? make_instances(w) : status;
}

bt_status bt_world_compile(const bt_spec *spec, bt_world **world)
{
    bt_status status = begin(spec, NULL, world);
    if (status == BT_OK) status = bt_world_compile_end(spec, *world);
    if (status == BT_OK) return BT_OK;
    bt_world_destroy(*world);
    *world = NULL;
    return status;
}

void bt_world_destroy(bt_world *world)
{
    if (world == NULL) return;
    void *arrays[] = {world->positions, world->normals, world->uvs,         world->indices,
                      world->meshes,    world->slots,   world->materials,   world->triangle_slots,
                      world->spectra,   world->statics, world->parts,       world->models,
                      world->keypoints, world->cuboids, world->actors,      world->instances,
                      world->objects,   world->names,   world->textures,    world->texels,
                      world->skins,     world->webs,    world->mesh_origins};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        bt_free(arrays[i]);
    if (world->pieces != NULL) bt_piece_list_clear(world->pieces);
    bt_free(world->pieces);
    bt_free(world);
}

void bt_world_actor_parts(const bt_world *world, uint32_t actor, const bt_actor_pose *pose,
                          bt_pose *poses)
{
    const bt_world_model *model = &world->models[world->actors[actor].model];
    for (uint32_t i = 0; i < model->part_count; i++) {
        const bt_world_part *part = &world->parts[model->first_part + i];
        bt_pose world_from_parent =
            part->parent == BT_NO_INDEX ? pose->world_from_actor : poses[part->parent];
        poses[i] = bt_pose_mul(world_from_parent, bt_world_part_pose(part, pose));
    }
}
