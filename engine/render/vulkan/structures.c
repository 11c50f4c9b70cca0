// structures.c: acceleration structures (Vulkan 1.3 specification, chapter 37).
#include "engine/core/memory.h"
#include "engine/render/vulkan/device_internal.h"
#include "engine/render/vulkan/structures.h"

#define KINDS 3u             // of geometries: BT_BVH_SOLID, BT_BVH_GLASS, BT_BVH_HOLES
#define STRUCTURE_ALIGN 256u // VUID-VkAccelerationStructureCreateInfoKHR-offset-03734

// ---- building ---------------------------------------------------------------------------------
// One structure to be built, from up to three geometries.
typedef struct build {
    VkAccelerationStructureBuildGeometryInfoKHR info;
    VkAccelerationStructureGeometryKHR geometries[KINDS];
    VkAccelerationStructureBuildRangeInfoKHR ranges[KINDS];
    uint32_t counts[KINDS];
} build;

static void build_init(build *b, VkAccelerationStructureTypeKHR type, uint32_t geometries)
{
    b->info = (VkAccelerationStructureBuildGeometryInfoKHR){
        .sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_BUILD_GEOMETRY_INFO_KHR,
        .type = type,
        .flags = VK_BUILD_ACCELERATION_STRUCTURE_PREFER_FAST_TRACE_BIT_KHR,
        .mode = VK_BUILD_ACCELERATION_STRUCTURE_MODE_BUILD_KHR,
        .geometryCount = geometries,
        .pGeometries = b->geometries};
    for (uint32_t i = 0; i < geometries; i++)
        b->ranges[i] = (VkAccelerationStructureBuildRangeInfoKHR){.primitiveCount = b->counts[i]};
}

static VkAccelerationStructureBuildSizesInfoKHR sizes_of(const bt_vulkan *v, const build *b)
{
    VkAccelerationStructureBuildSizesInfoKHR sizes = {
        .sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_BUILD_SIZES_INFO_KHR};
    v->api.GetAccelerationStructureBuildSizesKHR(
        v->device, VK_ACCELERATION_STRUCTURE_BUILD_TYPE_DEVICE_KHR, &b->info, b->counts, &sizes);
    return sizes;
}

static bt_status structure_create(bt_vulkan *v, const build *b, const bt_vulkan_buffer *memory,
                                  VkDeviceSize offset, VkDeviceSize bytes,
                                  VkAccelerationStructureKHR *structure)
{
    VkAccelerationStructureCreateInfoKHR info = {
        .sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_CREATE_INFO_KHR,
        .buffer = memory->buffer,
        .offset = offset,
        .size = bytes,
        .type = b->info.type};
    return bt_vulkan_check(v->api.CreateAccelerationStructureKHR(v->device, &info, NULL, structure),
                           "creating an acceleration structure");
}

static VkDeviceAddress address_of(const bt_vulkan *v, VkAccelerationStructureKHR structure)
{
    VkAccelerationStructureDeviceAddressInfoKHR info = {
        .sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_DEVICE_ADDRESS_INFO_KHR,
        .accelerationStructure = structure};
    return v->api.GetAccelerationStructureDeviceAddressKHR(v->device, &info);
}

// Builds wait for each other: they share what they scratch in.
static void record_build(bt_vulkan *v, build *b, const bt_vulkan_buffer *scratch,
                         VkAccelerationStructureKHR structure)
{
    const VkAccelerationStructureBuildRangeInfoKHR *ranges = b->ranges;
    VkMemoryBarrier built = {.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
                             .srcAccessMask = VK_ACCESS_ACCELERATION_STRUCTURE_WRITE_BIT_KHR,
                             .dstAccessMask = VK_ACCESS_ACCELERATION_STRUCTURE_READ_BIT_KHR |
                                              VK_ACCESS_ACCELERATION_STRUCTURE_WRITE_BIT_KHR};
    b->info.dstAccelerationStructure = structure;
    b->info.scratchData.deviceAddress = bt_vulkan_aligned(scratch->address, v->scratch_align);
    v->api.CmdBuildAccelerationStructuresKHR(v->commands, 1, &b->info, &ranges);
    v->api.CmdPipelineBarrier(v->commands, VK_PIPELINE_STAGE_ACCELERATION_STRUCTURE_BUILD_BIT_KHR,
                              VK_PIPELINE_STAGE_ACCELERATION_STRUCTURE_BUILD_BIT_KHR |
                                  VK_PIPELINE_STAGE_RAY_TRACING_SHADER_BIT_KHR,
                              0, 1, &built, 0, NULL, 0, NULL);
}

static bt_status create_scratch(bt_vulkan *v, VkDeviceSize bytes, bt_vulkan_buffer *scratch)
{
    return bt_vulkan_buffer_create(v, "building acceleration structures", bytes + v->scratch_align,
                                   scratch);
}

// ---- meshes -----------------------------------------------------------------------------------
// What the meshes' builds read, and where each geometry's primitives begin in it.
typedef struct source {
    const bt_world *world;
    const bt_bvh *bvh;
    uint32_t *firsts;    // (meshes x KINDS, and one more)
    uint32_t *triangles; // (the trees' triangles) of its mesh
    uint32_t *indices;   // (the trees' triangles x 3)
    bt_vulkan_buffer vertices, corners;
} source;

// Primitives in the order of the mesh's tree, where neighbours are near: those of one kind together.
static void add_primitives(source *s, uint32_t mesh, uint32_t kind, uint32_t *count)
{
    const bt_bvh_mesh *tree = &s->bvh->meshes[mesh];
    const uint32_t *corners = s->world->indices + 3 * (size_t)s->world->meshes[mesh].first_triangle;
    s->firsts[KINDS * mesh + kind] = *count;
    for (uint32_t i = tree->first; i < tree->first + tree->count; i++) {
        const bt_bvh_triangle *t = &s->bvh->triangles[i];
        if (t->part != kind) continue;
        s->triangles[*count] = t->triangle;
        memcpy(s->indices + 3 * (size_t)*count, corners + 3 * (size_t)t->triangle,
               3 * sizeof *corners);
        (*count)++;
    }
}

static bt_status source_init(bt_vulkan *v, const bt_world *world, const bt_bvh *bvh, source *s)
{
    uint32_t count = 0;
    *s = (source){.world = world,
                  .bvh = bvh,
                  .firsts = bt_alloc((size_t)KINDS * world->mesh_count + 1, sizeof *s->firsts),
                  .triangles = bt_alloc(bvh->triangle_count, sizeof *s->triangles),
                  .indices = bt_alloc(bvh->triangle_count, 3 * sizeof *s->indices)};
    if (!s->firsts || !s->triangles || !s->indices)
        return bt_fail(BT_ERR_MEMORY, "what acceleration structures are built from");
    for (uint32_t mesh = 0; mesh < world->mesh_count; mesh++)
        for (uint32_t kind = 0; kind < KINDS; kind++)
            add_primitives(s, mesh, kind, &count);
    s->firsts[(size_t)KINDS * world->mesh_count] = count;
    bt_status status =
        bt_vulkan_upload(v, "vertices", world->positions,
                         (size_t)world->vertex_count * 3 * sizeof(float), &s->vertices);
    if (status != BT_OK) return status;
    return bt_vulkan_upload(v, "corners", s->indices, (size_t)count * 3 * sizeof *s->indices,
                            &s->corners);
}

static void source_clear(bt_vulkan *v, source *s)
{
    bt_vulkan_buffer_clear(v, &s->vertices);
    bt_vulkan_buffer_clear(v, &s->corners);
    bt_free(s->firsts);
    bt_free(s->triangles);
    bt_free(s->indices);
}

static void mesh_build(const source *s, uint32_t mesh, build *b)
{
    const bt_world_mesh *m = &s->world->meshes[mesh];
    for (uint32_t kind = 0; kind < KINDS; kind++) {
        const uint32_t *first = &s->firsts[KINDS * mesh + kind];
        b->counts[kind] = first[1] - first[0];
        b->geometries[kind] = (VkAccelerationStructureGeometryKHR){
            .sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_GEOMETRY_KHR,
            .geometryType = VK_GEOMETRY_TYPE_TRIANGLES_KHR,
            .flags = kind == BT_BVH_SOLID ? VK_GEOMETRY_OPAQUE_BIT_KHR
                                          : VK_GEOMETRY_NO_DUPLICATE_ANY_HIT_INVOCATION_BIT_KHR,
            .geometry.triangles = {
                .sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_GEOMETRY_TRIANGLES_DATA_KHR,
                .vertexFormat = VK_FORMAT_R32G32B32_SFLOAT,
                .vertexData.deviceAddress =
                    s->vertices.address + (VkDeviceSize)m->first_vertex * 3 * sizeof(float),
                .vertexStride = 3 * sizeof(float),
                .maxVertex = m->vertex_count > 0 ? m->vertex_count - 1 : 0,
                .indexType = VK_INDEX_TYPE_UINT32,
                .indexData.deviceAddress =
                    s->corners.address + (VkDeviceSize)first[0] * 3 * sizeof(uint32_t)}};
    }
    build_init(b, VK_ACCELERATION_STRUCTURE_TYPE_BOTTOM_LEVEL_KHR, KINDS);
}

// Room for all meshes' structures, and for building any of them.
static bt_status reserve_meshes(bt_vulkan *v, const source *s, bt_vulkan_structures *made,
                                bt_vulkan_buffer *scratch)
{
    VkDeviceSize bytes = 0, most = 0;
    for (uint32_t i = 0; i < made->mesh_count; i++) {
        build b;
        mesh_build(s, i, &b);
        VkAccelerationStructureBuildSizesInfoKHR sizes = sizes_of(v, &b);
        bytes += bt_vulkan_aligned(sizes.accelerationStructureSize, STRUCTURE_ALIGN);
        if (sizes.buildScratchSize > most) most = sizes.buildScratchSize;
    }
    bt_status status =
        bt_vulkan_buffer_create(v, "acceleration structures of meshes", bytes, &made->memory);
    return status == BT_OK ? create_scratch(v, most, scratch) : status;
}

static bt_status build_meshes(bt_vulkan *v, const source *s, bt_vulkan_structures *made,
                              const bt_vulkan_buffer *scratch)
{
    VkDeviceSize at = 0;
    bt_status status = bt_vulkan_begin(v);
    for (uint32_t i = 0; i < made->mesh_count && status == BT_OK; i++) {
        build b;
        mesh_build(s, i, &b);
        VkDeviceSize bytes = sizes_of(v, &b).accelerationStructureSize;
        status = structure_create(v, &b, &made->memory, at, bytes, &made->meshes[i]);
        if (status == BT_OK) record_build(v, &b, scratch, made->meshes[i]);
        at += bt_vulkan_aligned(bytes, STRUCTURE_ALIGN);
    }
    bt_status finished = bt_vulkan_finish(v, "building the meshes' acceleration structures");
    return status == BT_OK ? finished : status;
}

bt_status bt_vulkan_structures_create(bt_vulkan *v, const bt_renderer *renderer,
                                      const bt_bvh *meshes, bt_vulkan_structures *made)
{
    const bt_world *world = renderer->world;
    *made = (bt_vulkan_structures){.mesh_count = world->mesh_count,
                                   .meshes = bt_alloc(world->mesh_count, sizeof *made->meshes)};
    if (!made->meshes) return bt_fail(BT_ERR_MEMORY, "acceleration structures");
    source s;
    bt_vulkan_buffer scratch = {0};
    bt_status status = source_init(v, world, meshes, &s);
    if (status == BT_OK)
        status =
            bt_vulkan_upload(v, "first primitives", s.firsts,
                             (size_t)KINDS * world->mesh_count * sizeof *s.firsts, &made->firsts);
    if (status == BT_OK)
        status = bt_vulkan_upload(v, "primitives", s.triangles,
                                  meshes->triangle_count * sizeof *s.triangles, &made->triangles);
    if (status == BT_OK) status = reserve_meshes(v, &s, made, &scratch);
    if (status == BT_OK) status = build_meshes(v, &s, made, &scratch);
    bt_vulkan_buffer_clear(v, &scratch);
    source_clear(v, &s);
    return status;
}

void bt_vulkan_structures_clear(bt_vulkan *v, bt_vulkan_structures *s)
{
    for (uint32_t i = 0; s->meshes && i < s->mesh_count; i++)
        if (s->meshes[i]) v->api.DestroyAccelerationStructureKHR(v->device, s->meshes[i], NULL);
    bt_vulkan_buffer_clear(v, &s->memory);
    bt_vulkan_buffer_clear(v, &s->firsts);
    bt_vulkan_buffer_clear(v, &s->triangles);
    bt_free(s->meshes);
    *s = (bt_vulkan_structures){0};
}

// ---- things -----------------------------------------------------------------------------------
static VkAccelerationStructureInstanceKHR instance_of(const bt_placed *p, uint32_t placed,
                                                      VkDeviceAddress mesh)
{
    VkAccelerationStructureInstanceKHR i = {.instanceCustomIndex = placed & 0xffffffu,
                                            .mask = 0xff,
                                            .accelerationStructureReference = mesh};
    for (int k = 0; k < 3; k++) {
        i.transform.matrix[k][0] = p->x[k];
        i.transform.matrix[k][1] = p->y[k];
        i.transform.matrix[k][2] = p->z[k];
        i.transform.matrix[k][3] = p->pos[k];
    }
    return i;
}

// An instance for each thing that keeps still.
static bt_status upload_instances(bt_vulkan *v, const bt_vulkan_structures *meshes,
                                  const bt_stage *stage, uint32_t *count,
                                  bt_vulkan_buffer *instances)
{
    *count = 0;
    if (stage->count > 1u << 24)
        return bt_fail(BT_ERR_LIMIT, "Vulkan: %u things: its own ray tracing takes at most %u",
                       stage->count, 1u << 24);
    VkAccelerationStructureInstanceKHR *all = bt_alloc(stage->count, sizeof *all);
    if (!all) return bt_fail(BT_ERR_MEMORY, "instances of %u things", stage->count);
    for (uint32_t i = 0; i < stage->count; i++) {
        const bt_placed *p = &stage->placed[i];
        if (bt_placed_moves(p)) continue;
        all[(*count)++] = instance_of(p, i, address_of(v, meshes->meshes[p->mesh]));
    }
    bt_status status = bt_vulkan_upload(v, "instances", all, *count * sizeof *all, instances);
    bt_free(all);
    return status;
}

static bt_status build_top(bt_vulkan *v, uint32_t count, const bt_vulkan_buffer *instances,
                           bt_vulkan_top *top)
{
    bt_vulkan_buffer scratch = {0};
    build b = {.counts = {count}};
    b.geometries[0] = (VkAccelerationStructureGeometryKHR){
        .sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_GEOMETRY_KHR,
        .geometryType = VK_GEOMETRY_TYPE_INSTANCES_KHR,
        .geometry.instances = {
            .sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_GEOMETRY_INSTANCES_DATA_KHR,
            .data.deviceAddress = instances->address}};
    build_init(&b, VK_ACCELERATION_STRUCTURE_TYPE_TOP_LEVEL_KHR, 1);
    VkAccelerationStructureBuildSizesInfoKHR sizes = sizes_of(v, &b);
    bt_status status = bt_vulkan_buffer_create(v, "an acceleration structure of things",
                                               sizes.accelerationStructureSize, &top->memory);
    if (status == BT_OK)
        status = structure_create(v, &b, &top->memory, 0, sizes.accelerationStructureSize,
                                  &top->structure);
    if (status == BT_OK) status = create_scratch(v, sizes.buildScratchSize, &scratch);
    if (status == BT_OK) status = bt_vulkan_begin(v);
    if (status == BT_OK) {
        record_build(v, &b, &scratch, top->structure);
        status = bt_vulkan_finish(v, "building an acceleration structure of things");
    }
    bt_vulkan_buffer_clear(v, &scratch);
    return status;
}

bt_status bt_vulkan_top_create(bt_vulkan *v, const bt_vulkan_structures *meshes,
                               const bt_stage *stage, bt_vulkan_top *top)
{
    uint32_t count;
    bt_vulkan_buffer instances = {0};
    *top = (bt_vulkan_top){0};
    bt_status status = upload_instances(v, meshes, stage, &count, &instances);
    if (status == BT_OK) status = build_top(v, count, &instances, top);
    if (status == BT_OK) top->address = address_of(v, top->structure);
    bt_vulkan_buffer_clear(v, &instances);
    return status;
}

void bt_vulkan_top_clear(bt_vulkan *v, bt_vulkan_top *top)
{
    if (top->structure) v->api.DestroyAccelerationStructureKHR(v->device, top->structure, NULL);
    bt_vulkan_buffer_clear(v, &top->memory);
    *top = (bt_vulkan_top){0};
}
