// mesh_accel.c: meshes into Embree: parts, pairs of triangles, geometries.
#include "engine/render/mesh_accel.h"

#include "engine/core/memory.h"
#include "engine/render/internal.h"

// Pairs pay when they leave at most this share of as many primitives as there are triangles: chosen.
#define PAIRED_SHARE 0.7

// ---- parts ------------------------------------------------------------------------------------
static const bt_material *material_of(const bt_world *world, const bt_world_mesh *mesh,
                                      uint32_t triangle)
{
    uint32_t slot = mesh->first_slot + world->triangle_slots[mesh->first_triangle + triangle];
    return &world->materials[world->slots[slot].material];
}

static unsigned part_of(const bt_world *world, const bt_world_mesh *mesh, uint32_t triangle)
{
    const bt_material *m = material_of(world, mesh, triangle);
    if (m->alpha != BT_ALPHA_OPAQUE) return BT_PART_HOLES;
    return m->kind == BT_MATERIAL_GLASS_THIN ? BT_PART_GLASS : 0;
}

// The vertex at a place of the mesh's list of corners.
static const float *corner_pos(const bt_world *world, const bt_world_mesh *mesh, uint32_t corner)
{
    uint32_t vertex = world->indices[3 * (size_t)mesh->first_triangle + corner];
    return world->positions + 3 * ((size_t)mesh->first_vertex + vertex);
}
// The corner so many after this one in its triangle.
static uint32_t corner_after(uint32_t corner, uint32_t steps)
{
    return corner - corner % 3 + (corner + steps) % 3;
}
static bool same_pos(const bt_world *world, const bt_world_mesh *mesh, uint32_t a, uint32_t b)
{
    return memcmp(corner_pos(world, mesh, a), corner_pos(world, mesh, b), 3 * sizeof(float)) == 0;
}

// Do two triangles share an edge, with their fronts on one side?
static bool find_apexes(const bt_world *world, const bt_world_mesh *mesh, uint32_t first,
                        uint32_t second, bt_mesh_pair *pair)
{
    for (uint32_t a = 3 * first; a < 3 * first + 3; a++)
        for (uint32_t b = 3 * second; b < 3 * second + 3; b++)
            if (same_pos(world, mesh, corner_after(a, 1), corner_after(b, 2)) &&
                same_pos(world, mesh, corner_after(a, 2), corner_after(b, 1))) {
                *pair = (bt_mesh_pair){{a, b}};
                return true;
            }
    return false;
}

// Fills the parts' primitives in the order of triangles; `quads`: neighbours that share an edge become
// one. Gives how many there are.
static uint32_t fill_pairs(const bt_world *world, const bt_world_mesh *mesh, bool quads,
                           bt_mesh_accel *accel)
{
    for (unsigned p = 0; p < BT_MESH_PARTS; p++)
        accel->parts[p].count = 0;
    uint32_t count = 0;
    for (uint32_t t = 0; t < mesh->triangle_count; count++) {
        unsigned p = part_of(world, mesh, t);
        bt_mesh_pair *pair = &accel->parts[p].pairs[accel->parts[p].count++];
        *pair = (bt_mesh_pair){{3 * t, BT_APEX_NONE}};
        bool two = quads && t + 1 < mesh->triangle_count && part_of(world, mesh, t + 1) == p &&
                   find_apexes(world, mesh, t, t + 1, pair);
        t += two ? 2 : 1;
    }
    return count;
}

// A part that is as bt_mesh_pair_at says without a list needs none, an empty one neither.
static bool is_plain(const bt_mesh_accel *accel, unsigned part)
{
    bt_mesh_accel plain = {.quads = accel->quads};
    for (uint32_t i = 0; i < accel->parts[part].count; i++) {
        bt_mesh_pair pair = bt_mesh_pair_at(&plain, part, i);
        if (memcmp(&pair, &accel->parts[part].pairs[i], sizeof pair) != 0) return false;
    }
    return true;
}

static bt_status part_triangles(const bt_world *world, const bt_world_mesh *mesh,
                                bt_mesh_accel *accel)
{
    for (uint32_t t = 0; t < mesh->triangle_count; t++)
        accel->parts[part_of(world, mesh, t)].count++;
    for (unsigned p = 0; p < BT_MESH_PARTS; p++) {
        accel->parts[p].pairs = bt_alloc(accel->parts[p].count, sizeof *accel->parts[p].pairs);
        if (!accel->parts[p].pairs) return bt_fail(BT_ERR_MEMORY, "triangle lists");
    }
    uint32_t primitives = fill_pairs(world, mesh, true, accel);
    accel->quads = primitives <= PAIRED_SHARE * mesh->triangle_count;
    if (!accel->quads) fill_pairs(world, mesh, false, accel);
    for (unsigned p = 0; p < BT_MESH_PARTS; p++) {
        if (!is_plain(accel, p)) continue;
        bt_free(accel->parts[p].pairs);
        accel->parts[p].pairs = NULL;
    }
    return BT_OK;
}

// ---- geometries -------------------------------------------------------------------------------
static RTCGeometry geometry_new(RTCDevice device, const bt_mesh_accel *accel)
{
    return rtcNewGeometry(device,
                          accel->quads ? RTC_GEOMETRY_TYPE_QUAD : RTC_GEOMETRY_TYPE_TRIANGLE);
}

static bt_status set_indices(RTCDevice device, const bt_world *world, const bt_world_mesh *mesh,
                             const bt_mesh_accel *accel, unsigned part, RTCGeometry geometry)
{
    size_t corners = accel->quads ? 4 : 3;
    uint32_t *indices = rtcSetNewGeometryBuffer(
        geometry, RTC_BUFFER_TYPE_INDEX, 0, accel->quads ? RTC_FORMAT_UINT4 : RTC_FORMAT_UINT3,
        corners * sizeof(uint32_t), accel->parts[part].count);
    if (!indices) return bt_embree_check(device, "mesh indices");
    const uint32_t *from = world->indices + 3 * (size_t)mesh->first_triangle;
    for (uint32_t i = 0; i < accel->parts[part].count; i++, indices += corners) {
        bt_mesh_pair pair = bt_mesh_pair_at(accel, part, i);
        indices[0] = from[pair.apex[0]];
        indices[1] = from[corner_after(pair.apex[0], 1)];
        uint32_t last = from[corner_after(pair.apex[0], 2)];
        indices[corners - 1] = last;
        // without a second triangle the other half is empty
        if (accel->quads) indices[2] = pair.apex[1] == BT_APEX_NONE ? last : from[pair.apex[1]];
    }
    return BT_OK;
}

static bt_status set_vertices(RTCDevice device, const bt_world *world, const bt_world_mesh *mesh,
                              RTCGeometry geometry)
{
    float *vertices =
        rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3,
                                3 * sizeof(float), mesh->vertex_count);
    if (!vertices) return bt_embree_check(device, "mesh vertices");
    memcpy(vertices, world->positions + 3 * (size_t)mesh->first_vertex,
           3 * sizeof(float) * mesh->vertex_count);
    return BT_OK;
}

// The snapshot's own vertices, shared: one buffer for each of the keys.
static void share_deformed(const bt_snapshot *snapshot, const bt_deformed *deformed,
                           RTCGeometry geometry)
{
    rtcSetGeometryTimeStepCount(geometry, deformed->key_count);
    for (uint32_t k = 0; k < deformed->key_count; k++) {
        size_t first = deformed->first + (size_t)k * deformed->vertex_count;
        rtcSetSharedGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, k, RTC_FORMAT_FLOAT3,
                                   snapshot->deformed_vertices, first * sizeof(bt_deformed_vertex),
                                   sizeof(bt_deformed_vertex), deformed->vertex_count);
    }
}

static void attach(RTCScene scene, RTCGeometry geometry, unsigned part,
                   enum RTCBuildQuality quality)
{
    // a spatial split may show a pane to the filter twice: bt_tracer_glass_filter remembers
    rtcSetGeometryBuildQuality(geometry, quality);
    rtcSetGeometryMask(geometry, 0xffffffffu);
    if (part == BT_PART_GLASS)
        rtcSetGeometryOccludedFilterFunction(geometry, bt_tracer_glass_filter);
    if (part == BT_PART_HOLES) {
        rtcSetGeometryOccludedFilterFunction(geometry, bt_tracer_hole_filter);
        rtcSetGeometryIntersectFilterFunction(geometry, bt_tracer_hole_filter);
    }
    rtcCommitGeometry(geometry);
    rtcAttachGeometryByID(scene, geometry, part);
}

// Copies one part into a geometry and attaches it under the part's number.
static bt_status part_attach(RTCDevice device, const bt_world *world, const bt_world_mesh *mesh,
                             const bt_mesh_accel *accel, unsigned part)
{
    if (accel->parts[part].count == 0) return BT_OK;
    RTCGeometry geometry = geometry_new(device, accel);
    bt_status status = set_vertices(device, world, mesh, geometry);
    if (status == BT_OK) status = set_indices(device, world, mesh, accel, part, geometry);
    if (status == BT_OK) attach(accel->scene, geometry, part, RTC_BUILD_QUALITY_HIGH);
    rtcReleaseGeometry(geometry);
    return status;
}

// ---- scenes -----------------------------------------------------------------------------------
// Of rays within a rounding of an edge that is shared, some pass between: the halves of a quadrilateral let 8 % of
// them through, triangles 0 to 0.2 % (mesh_accel_test, Embree 3.13). A robust scene none, and takes longer.
static RTCScene scene_new(RTCDevice device, bool robust)
{
    RTCScene scene = rtcNewScene(device);
    if (scene && robust) rtcSetSceneFlags(scene, RTC_SCENE_FLAG_ROBUST);
    return scene;
}

// Is much of it leaves and blades? Rays pass beside such everywhere: those that slip between two of the mesh's
// triangles see nothing else.
static bool is_leafy(const bt_world *world, const bt_world_mesh *mesh)
{
    uint32_t leaves = 0;
    for (uint32_t t = 0; t < mesh->triangle_count; t++)
        leaves += material_of(world, mesh, t)->kind == BT_MATERIAL_LEAF;
    return leaves > mesh->triangle_count / 4; // the rest are twigs
}

bt_status bt_deformed_scene_create(RTCDevice device, const bt_mesh_accel *accel,
                                   const bt_snapshot *snapshot, uint32_t instance, RTCScene *scene)
{
    const bt_world *world = snapshot->world;
    const bt_world_mesh *mesh = &world->meshes[world->instances[instance].mesh];
    const bt_deformed *deformed = &snapshot->deformed[snapshot->instances[instance].deformed - 1];
    *scene = scene_new(device, true);
    if (!*scene) return bt_embree_check(device, "new scene");
    bt_status status = BT_OK;
    for (unsigned part = 0; part < BT_MESH_PARTS && status == BT_OK; part++) {
        if (accel->parts[part].count == 0) continue;
        RTCGeometry geometry = geometry_new(device, accel);
        share_deformed(snapshot, deformed, geometry);
        status = set_indices(device, world, mesh, accel, part, geometry);
        if (status == BT_OK) attach(*scene, geometry, part, RTC_BUILD_QUALITY_MEDIUM);
        rtcReleaseGeometry(geometry);
    }
    if (status != BT_OK) return status;
    rtcCommitScene(*scene);
    return bt_embree_check(device, "build of what deforms");
}

bt_status bt_mesh_accel_init(RTCDevice device, const bt_world *world, uint32_t index,
                             bt_mesh_accel *accel)
{
    const bt_world_mesh *mesh = &world->meshes[index];
    if (mesh->triangle_count == 0) return BT_OK;
    bt_status status = part_triangles(world, mesh, accel);
    if (status != BT_OK) return status;
    accel->scene = scene_new(device, !is_leafy(world, mesh));
    if (!accel->scene) return bt_embree_check(device, "new scene");
    rtcSetSceneBuildQuality(accel->scene, RTC_BUILD_QUALITY_HIGH);
    for (unsigned part = 0; part < BT_MESH_PARTS; part++) {
        status = part_attach(device, world, mesh, accel, part);
        if (status != BT_OK) return status;
    }
    rtcCommitScene(accel->scene);
    return bt_embree_check(device, "mesh build");
}

bt_status bt_mesh_accel_share(const bt_mesh_accel *from, bt_mesh_accel *accel)
{
    accel->quads = from->quads;
    for (unsigned p = 0; p < BT_MESH_PARTS; p++) {
        const bt_mesh_part *part = &from->parts[p];
        accel->parts[p].count = part->count;
        if (!part->pairs) continue;
        accel->parts[p].pairs = bt_alloc(part->count, sizeof *part->pairs);
        if (!accel->parts[p].pairs) return bt_fail(BT_ERR_MEMORY, "triangle lists");
        memcpy(accel->parts[p].pairs, part->pairs, part->count * sizeof *part->pairs);
    }
    accel->scene = from->scene;
    if (accel->scene) rtcRetainScene(accel->scene);
    return BT_OK;
}

void bt_mesh_accel_clear(bt_mesh_accel *accel)
{
    for (unsigned p = 0; p < BT_MESH_PARTS; p++)
        bt_free(accel->parts[p].pairs);
    if (accel->scene) rtcReleaseScene(accel->scene);
}
