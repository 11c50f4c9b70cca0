// spec_mesh.c: meshes, and the things that stand still.
#include "engine/core/log.h"
#include "engine/core/task.h"
#include "engine/scene/spec_internal.h"

#include <float.h>
#include <math.h>
#include <string.h>

// ---- checks -------------------------------------------------------------------------------------
static bt_status check_counts(const bt_spec *spec, const bt_mesh_desc *desc, const char *name)
{
    if (desc->vertex_count == 0 || desc->triangle_count == 0)
        return bt_fail(BT_ERR_INPUT, "mesh '%s': it has no triangles", name);
    if (desc->slot_count < 1 || desc->slot_count > 255)
        return bt_fail(BT_ERR_INPUT, "mesh '%s': %u slots; expected 1 to 255", name,
                       desc->slot_count);
    // faceted meshes get three vertices of their own per triangle
    uint64_t vertices = desc->normals ? desc->vertex_count : 3 * (uint64_t)desc->triangle_count;
    if (desc->vertex_count > BT_SPEC_MAX_ELEMENTS || desc->triangle_count > BT_SPEC_MAX_ELEMENTS ||
        spec->positions_count + vertices > BT_SPEC_MAX_ELEMENTS ||
        spec->indices_count + (uint64_t)desc->triangle_count > BT_SPEC_MAX_ELEMENTS)
        return bt_fail(BT_ERR_LIMIT, "mesh '%s': the scene exceeds %u vertices or triangles", name,
                       BT_SPEC_MAX_ELEMENTS);
    return BT_OK;
}

static bt_status check_floats(const char *name, const char *what, const float *values,
                              uint32_t vertices, uint32_t width)
{
    for (size_t i = 0; values != NULL && i < (size_t)vertices * width; i++)
        if (!isfinite(values[i]))
            return bt_fail(BT_ERR_INPUT, "mesh '%s': %s of vertex %zu is not finite", name, what,
                           i / width);
    return BT_OK;
}

static bt_status check_positions(const char *name, const float *positions, uint32_t vertices)
{
    for (size_t i = 0; i < 3 * (size_t)vertices; i++)
        if (!(fabs((double)positions[i]) <= BT_SPEC_MAX_POSITION_M))
            return bt_fail(
                BT_ERR_INPUT,
                "mesh '%s': vertex %zu is at %g m; expected at most %g m from the origin", name,
                i / 3, (double)positions[i], BT_SPEC_MAX_POSITION_M);
    return BT_OK;
}

static bt_status check_triangles(const bt_mesh_desc *desc, const char *name)
{
    for (size_t i = 0; i < 3 * (size_t)desc->triangle_count; i++)
        if (desc->indices[i] >= desc->vertex_count)
            return bt_fail(BT_ERR_INPUT, "mesh '%s': triangle %zu names vertex %u of %u", name,
                           i / 3, desc->indices[i], desc->vertex_count);
    for (size_t i = 0; desc->triangle_slots != NULL && i < desc->triangle_count; i++)
        if (desc->triangle_slots[i] >= desc->slot_count)
            return bt_fail(BT_ERR_INPUT, "mesh '%s': triangle %zu has slot %u of %u", name, i,
                           (unsigned)desc->triangle_slots[i], desc->slot_count);
    return BT_OK;
}

static bt_status check_slots(const bt_spec *spec, const bt_mesh_desc *desc, const char *name)
{
    for (uint32_t i = 0; i < desc->slot_count; i++) {
        if (desc->slots[i].material >= spec->materials_count)
            return bt_fail(BT_ERR_INPUT, "mesh '%s': slot %u has material %u of %u", name, i,
                           desc->slots[i].material, spec->materials_count);
        if ((unsigned)desc->slots[i].class_id >= BT_CLASS_COUNT)
            return bt_fail(BT_ERR_INPUT, "mesh '%s': slot %u has class %u of %u", name, i,
                           (unsigned)desc->slots[i].class_id, (unsigned)BT_CLASS_COUNT);
    }
    return BT_OK;
}

static bt_status check_mesh(const bt_spec *spec, const bt_mesh_desc *desc, const char *name)
{
    bt_status status = check_counts(spec, desc, name);
    if (status == BT_OK)
        status = check_floats(name, "the position", desc->positions, desc->vertex_count, 3);
    if (status == BT_OK) status = check_positions(name, desc->positions, desc->vertex_count);
    if (status == BT_OK)
        status = check_floats(name, "the normal", desc->normals, desc->vertex_count, 3);
    if (status == BT_OK) status = check_floats(name, "the uv", desc->uvs, desc->vertex_count, 2);
    if (status == BT_OK) status = check_triangles(desc, name);
    if (status == BT_OK) status = check_slots(spec, desc, name);
    return status;
}

// ---- what is allowed but of no use ---------------------------------------------------------------
static double triangle_area_m2(const bt_mesh_desc *desc, size_t triangle)
{
    const uint32_t *corners = desc->indices + 3 * triangle;
    bt_vec3 p[3];
    for (int k = 0; k < 3; k++) {
        const float *from = desc->positions + 3 * (size_t)corners[k];
        p[k] = (bt_vec3){(double)from[0], (double)from[1], (double)from[2]};
    }
    return 0.5 * bt_vec3_length(bt_vec3_cross(bt_vec3_sub(p[1], p[0]), bt_vec3_sub(p[2], p[0])));
}

// A lamp of no size would stay dark without a word.
static void warn_of_flat_lamps(const bt_spec *spec, const bt_mesh_desc *desc, const char *name,
                               const double areas_m2[255], const uint32_t triangles[255])
{
    for (uint32_t i = 0; i < desc->slot_count; i++) {
        const bt_material *m = &spec->materials[desc->slots[i].material];
        if (m->emission == BT_NO_SPECTRUM || !(m->emission_scale > 0.0f)) continue;
        if (triangles[i] == 0 || (float)areas_m2[i] > 0.0f) continue;
        bt_log(BT_LOG_WARNING,
               "mesh '%s': what shines as material '%s' has no area and gives no light", name,
               spec->names + spec->material_names[desc->slots[i].material]);
    }
}

static void warn_of_flat(const bt_spec *spec, const bt_mesh_desc *desc, const char *name)
{
    double areas_m2[255] = {0.0};
    uint32_t triangles[255] = {0}, flat = 0;
    for (size_t i = 0; i < desc->triangle_count; i++) {
        uint32_t slot = desc->triangle_slots ? desc->triangle_slots[i] : 0;
        double area_m2 = triangle_area_m2(desc, i);
        flat += !((float)area_m2 > 0.0f);
        areas_m2[slot] += area_m2;
        triangles[slot]++;
    }
    if (flat > 0)
        bt_log(BT_LOG_WARNING, "mesh '%s': %u of its %u triangles have no area and are never seen",
               name, flat, desc->triangle_count);
    warn_of_flat_lamps(spec, desc, name, areas_m2, triangles);
}

// ---- copying ------------------------------------------------------------------------------------
// Unit normal of a triangle; +z when it has no area.
static void face_normal(const bt_mesh_desc *desc, size_t triangle, float out[3])
{
    const float *p[3];
    for (size_t k = 0; k < 3; k++)
        p[k] = desc->positions + 3 * (size_t)desc->indices[3 * triangle + k];
    double a[3], b[3];
    for (int k = 0; k < 3; k++) {
        a[k] = (double)p[1][k] - (double)p[0][k];
        b[k] = (double)p[2][k] - (double)p[0][k];
    }
    bt_vec3 n =
        bt_vec3_normalize(bt_vec3_cross((bt_vec3){a[0], a[1], a[2]}, (bt_vec3){b[0], b[1], b[2]}));
    if (!(bt_vec3_dot(n, n) > 0.5)) n = (bt_vec3){0.0, 0.0, 1.0};
    out[0] = (float)n.x;
    out[1] = (float)n.y;
    out[2] = (float)n.z;
}

// Appends vertex `from` of the desc; normal NULL: the desc's own.
static void add_vertex(bt_spec *spec, const bt_mesh_desc *desc, size_t from, const float *normal)
{
    size_t to = spec->positions_count;
    const float *n = normal ? normal : desc->normals + 3 * from;
    memcpy(spec->positions + 3 * to, desc->positions + 3 * from, 3 * sizeof(float));
    double length = sqrt((double)n[0] * (double)n[0] + (double)n[1] * (double)n[1] +
                         (double)n[2] * (double)n[2]);
    for (int k = 0; k < 3; k++)
        spec->normals[3 * to + (size_t)k] =
            length > 1e-12 ? (float)((double)n[k] / length) : (k == 2 ? 1.0f : 0.0f);
    for (size_t k = 0; k < 2; k++)
        spec->uvs[2 * to + k] = desc->uvs ? desc->uvs[2 * from + k] : 0.0f;
    spec->positions_count = spec->normals_count = spec->uvs_count = (uint32_t)to + 1;
}

static void copy_smooth(bt_spec *spec, const bt_mesh_desc *desc)
{
    for (size_t i = 0; i < desc->vertex_count; i++)
        add_vertex(spec, desc, i, NULL);
    memcpy(spec->indices + 3 * (size_t)spec->indices_count, desc->indices,
           3 * (size_t)desc->triangle_count * sizeof *desc->indices);
}

static void copy_faceted(bt_spec *spec, const bt_mesh_desc *desc)
{
    uint32_t *indices = spec->indices + 3 * (size_t)spec->indices_count;
    for (size_t i = 0; i < desc->triangle_count; i++) {
        float normal[3];
        face_normal(desc, i, normal);
        for (size_t k = 0; k < 3; k++) {
            add_vertex(spec, desc, desc->indices[3 * i + k], normal);
            indices[3 * i + k] = (uint32_t)(3 * i + k);
        }
    }
}

static void copy_slots(bt_spec *spec, const bt_mesh_desc *desc)
{
    uint8_t *to = spec->triangle_slots + spec->triangle_slots_count;
    for (size_t i = 0; i < desc->triangle_count; i++)
        to[i] = desc->triangle_slots ? desc->triangle_slots[i] : 0;
    spec->triangle_slots_count += desc->triangle_count;
    for (uint32_t i = 0; i < desc->slot_count; i++)
        spec->slots[spec->slots_count++] =
            (bt_world_slot){desc->slots[i].material, (uint32_t)desc->slots[i].class_id};
}

static void find_bounds(const bt_spec *spec, bt_world_mesh *mesh)
{
    for (int k = 0; k < 3; k++)
        mesh->bounds_min[k] = FLT_MAX, mesh->bounds_max[k] = -FLT_MAX;
    const float *p = spec->positions + 3 * (size_t)mesh->first_vertex;
    for (uint32_t i = 0; i < mesh->vertex_count; i++, p += 3)
        for (int k = 0; k < 3; k++) {
            mesh->bounds_min[k] = fminf(mesh->bounds_min[k], p[k]);
            mesh->bounds_max[k] = fmaxf(mesh->bounds_max[k], p[k]);
        }
}

bt_status bt_spec_reserve_mesh(bt_spec *spec, uint32_t vertices, uint32_t triangles, uint32_t slots)
{
    if (spec->given) return bt_fail(BT_ERR_INTERNAL, "a mesh comes after its scene was compiled");
    bt_status status = bt_task_go_on(); // scenes are what takes long
    if (status == BT_OK) status = BT_SPEC_GROW(spec, positions, vertices, 3);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, normals, vertices, 3);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, uvs, vertices, 2);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, indices, triangles, 3);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, triangle_slots, triangles, 1);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, slots, slots, 1);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, meshes, 1, 1);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, mesh_origins, 1, 1);
    return status;
}

void bt_spec_keep_mesh(bt_spec *spec, const bt_world_mesh *mesh, uint32_t origin)
{
    spec->positions_count = mesh->first_vertex + mesh->vertex_count;
    spec->normals_count = spec->uvs_count = spec->positions_count;
    spec->indices_count = mesh->first_triangle + mesh->triangle_count;
    spec->triangle_slots_count = spec->indices_count;
    spec->slots_count = mesh->first_slot + mesh->slot_count;
    spec->meshes[spec->meshes_count++] = *mesh;
    spec->mesh_origins[spec->mesh_origins_count++] = origin;
}

void bt_spec_keep_no_meshes(bt_spec *spec)
{
    spec->unseen = true;
}

static bt_status count_mesh(bt_spec *spec, const bt_mesh_desc *desc, const char *name,
                            uint32_t *mesh)
{
    bt_status status = check_counts(spec, desc, name);
    if (status == BT_OK) status = check_slots(spec, desc, name);
    if (status == BT_OK) status = bt_spec_reserve_mesh(spec, 0, 0, 0);
    if (status != BT_OK) return status;
    bt_spec_keep_mesh(spec, &(bt_world_mesh){0}, BT_NO_INDEX);
    *mesh = spec->meshes_count - 1;
    return BT_OK;
}

bt_status bt_spec_add_mesh(bt_spec *spec, const bt_mesh_desc *desc, uint32_t *mesh)
{
    const char *name = desc->name ? desc->name : "";
    *mesh = BT_NO_INDEX;
    if (spec->unseen) return count_mesh(spec, desc, name, mesh);
    bt_status status = check_mesh(spec, desc, name);
    if (status != BT_OK) return status;

    uint32_t vertices = desc->normals ? desc->vertex_count : 3 * desc->triangle_count;
    status = bt_spec_reserve_mesh(spec, vertices, desc->triangle_count, desc->slot_count);
    if (status != BT_OK) return status;

    bt_world_mesh m = {.first_vertex = spec->positions_count,
                       .vertex_count = vertices,
                       .first_triangle = spec->indices_count,
                       .triangle_count = desc->triangle_count,
                       .first_slot = spec->slots_count,
                       .slot_count = desc->slot_count};
    if (desc->normals)
        copy_smooth(spec, desc);
    else
        copy_faceted(spec, desc);
    copy_slots(spec, desc);
    find_bounds(spec, &m);
    bt_spec_keep_mesh(spec, &m, BT_NO_INDEX);
    *mesh = spec->meshes_count - 1;
    warn_of_flat(spec, desc, name);
    return BT_OK;
}

// ---- things that stand still --------------------------------------------------------------------
bt_status bt_spec_add_object(bt_spec *spec, const char *name, bt_class class_id, uint32_t *object)
{
    uint32_t name_offset;
    *object = 0;
    if ((unsigned)class_id >= BT_CLASS_COUNT)
        return bt_fail(BT_ERR_INPUT, "object '%s': class %u of %u", name ? name : "",
                       (unsigned)class_id, (unsigned)BT_CLASS_COUNT);
    if (spec->objects_count > BT_SPEC_MAX_IDS)
        return bt_fail(BT_ERR_LIMIT, "more than %u objects: ids are 16 bits", BT_SPEC_MAX_IDS);
    bt_status status = bt_spec_keep_name(spec, name, &name_offset);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, objects, 1, 1);
    if (status != BT_OK) return status;
    spec->objects[spec->objects_count] = (bt_world_object){(uint32_t)class_id, name_offset};
    *object = spec->objects_count++;
    return BT_OK;
}

// How far a mesh reaches from its own origin along any axis.
static double reach_m(const bt_world_mesh *mesh)
{
    double reach = 0.0;
    for (int k = 0; k < 3; k++)
        reach = fmax(reach, fmax(-(double)mesh->bounds_min[k], (double)mesh->bounds_max[k]));
    return reach;
}

bt_status bt_spec_add_static(bt_spec *spec, uint32_t mesh, bt_pose world_from_mesh, double scale,
                             uint32_t object)
{
    if (mesh >= spec->meshes_count)
        return bt_fail(BT_ERR_INPUT, "static: there is no mesh %u of %u", mesh, spec->meshes_count);
    if (object >= spec->objects_count)
        return bt_fail(BT_ERR_INPUT, "static: there is no object %u of %u", object,
                       spec->objects_count);
    if (!(scale >= 1e-6 && scale <= 1e6))
        return bt_fail(BT_ERR_INPUT, "static: scale %g; expected 1e-6 to 1e6", scale);
    if (!(scale * reach_m(&spec->meshes[mesh]) <= BT_SPEC_MAX_POSITION_M))
        return bt_fail(BT_ERR_INPUT, "static: %g m at a scale of %g; expected at most %g m",
                       reach_m(&spec->meshes[mesh]), scale, BT_SPEC_MAX_POSITION_M);
    if (spec->statics_count >= BT_SPEC_MAX_ELEMENTS)
        return bt_fail(BT_ERR_LIMIT, "more than %u statics", BT_SPEC_MAX_ELEMENTS);
    bt_world_static s = {.scale = scale, .mesh = mesh, .object_id = object};
    bt_status status = bt_task_go_on();
    if (status == BT_OK) status = bt_spec_check_pose("static", world_from_mesh, &s.world_from_mesh);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, statics, 1, 1);
    if (status != BT_OK) return status;
    spec->statics[spec->statics_count++] = s;
    return BT_OK;
}
