// gltf.c: see gltf.h: from Assimp's scene to meshes and statics.
#include "engine/scene/gltf_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <assimp/cimport.h>
#include <assimp/postprocess.h>
#include <assimp/scene.h>

#include "engine/core/memory.h"

#define MAX_STATICS 1000000u

typedef struct matrix {
    double a[3][3], t[3];
} matrix;

typedef struct builder {
    bt_gltf_document *document;
    bt_spec *spec;
    bt_gltf_info *info;
    const struct aiScene *scene;
    bt_gltf_material *materials;
    uint32_t *meshes; // (scene's meshes) in the spec; BT_NO_INDEX: not added yet
} builder;

// ---- transforms: y up to z up is (x, y, z) -> (x, -z, y), on both sides -------------------------
static matrix matrix_of(const struct aiMatrix4x4 *m)
{
    return (matrix){{{m->a1, -m->a3, m->a2}, {-m->c1, m->c3, -m->c2}, {m->b1, -m->b3, m->b2}},
                    {m->a4, -m->c4, m->b4}};
}

static matrix multiply(const matrix *x, const matrix *y)
{
    matrix r;
    for (int i = 0; i < 3; i++) {
        r.t[i] = x->t[i];
        for (int k = 0; k < 3; k++) {
            r.t[i] += x->a[i][k] * y->t[k];
            r.a[i][k] = 0.0;
            for (int l = 0; l < 3; l++)
                r.a[i][k] += x->a[i][l] * y->a[l][k];
        }
    }
    return r;
}

static double determinant(const matrix *m)
{
    double sum = 0.0;
    for (int k = 0; k < 3; k++)
        sum += m->a[0][k] * (m->a[1][(k + 1) % 3] * m->a[2][(k + 2) % 3] -
                             m->a[1][(k + 2) % 3] * m->a[2][(k + 1) % 3]);
    return sum;
}

// A turn times an even scale? Then its pose.
static bool is_similarity(const matrix *m, bt_pose *pose, double *scale)
{
    double s = bt_pow(determinant(m), 1.0 / 3.0);
    if (!(s > 1e-6 && s < 1e6)) return false;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            double dot = 0.0;
            for (int l = 0; l < 3; l++)
                dot += m->a[l][i] * m->a[l][k] / (s * s);
            if (fabs(dot - (i == k ? 1.0 : 0.0)) > 1e-4) return false;
        }
    // Shepperd 1978 by the largest of four
    double r[3][3], w[4];
    for (int i = 0; i < 9; i++)
        r[i / 3][i % 3] = m->a[i / 3][i % 3] / s;
    w[0] = 1.0 + r[0][0] + r[1][1] + r[2][2];
    for (int k = 0; k < 3; k++)
        w[k + 1] = 1.0 + 2.0 * r[k][k] - r[0][0] - r[1][1] - r[2][2];
    int best = 0;
    for (int k = 1; k < 4; k++)
        best = w[k] > w[best] ? k : best;
    double q[4];
    if (best == 0) {
        q[0] = w[0];
        for (int k = 0; k < 3; k++)
            q[k + 1] = r[(k + 2) % 3][(k + 1) % 3] - r[(k + 1) % 3][(k + 2) % 3];
    } else {
        int i = best - 1, j = (i + 1) % 3, k = (i + 2) % 3;
        q[0] = r[k][j] - r[j][k];
        q[i + 1] = w[best];
        q[j + 1] = r[i][j] + r[j][i];
        q[k + 1] = r[i][k] + r[k][i];
    }
    pose->pos = (bt_vec3){m->t[0], m->t[1], m->t[2]};
    pose->rot = bt_quat_normalize((bt_quat){q[0], q[1], q[2], q[3]});
    *scale = s;
    return true;
}

// ---- meshes ---------------------------------------------------------------------------------------
// Meshes of Assimp's that become one of ours: the primitives of a glTF mesh, as long as all of them
// have normals or none.
#define MAX_PARTS 255u // slots of a mesh

typedef struct parts {
    const unsigned *numbers; // of the scene's meshes
    uint32_t count;
} parts;

typedef struct arrays {
    float *positions, *normals, *uvs;
    uint32_t *indices;
    uint8_t *slots_of; // (triangles)
    bt_slot slots[MAX_PARTS];
    uint32_t vertices, triangles;
} arrays;

static bool allocate(const builder *b, parts p, arrays *a)
{
    size_t vertices = 0, faces = 0;
    for (uint32_t i = 0; i < p.count; i++) {
        vertices += b->scene->mMeshes[p.numbers[i]]->mNumVertices;
        faces += b->scene->mMeshes[p.numbers[i]]->mNumFaces;
    }
    *a = (arrays){.positions = bt_alloc(vertices, 3 * sizeof(float)),
                  .normals = bt_alloc(vertices, 3 * sizeof(float)),
                  .uvs = bt_alloc(vertices, 2 * sizeof(float)),
                  .indices = bt_alloc(faces, 3 * sizeof(uint32_t)),
                  .slots_of = bt_alloc(faces, 1)};
    return vertices < UINT32_MAX && a->positions && a->normals && a->uvs && a->indices &&
           a->slots_of;
}

static void clear(arrays *a)
{
    bt_free(a->positions);
    bt_free(a->normals);
    bt_free(a->uvs);
    bt_free(a->indices);
    bt_free(a->slots_of);
}

static void put(const matrix *m, const struct aiVector3D *v, double move, float out[3])
{
    const double in[3] = {(double)v->x, -(double)v->z, (double)v->y};
    for (int i = 0; i < 3; i++)
        out[i] =
            (float)(m->a[i][0] * in[0] + m->a[i][1] * in[1] + m->a[i][2] * in[2] + move * m->t[i]);
}

// Normals turn by the cofactors of what turns positions.
static matrix cofactors(const matrix *m)
{
    matrix c = {0};
    double side = determinant(m) < 0.0 ? -1.0 : 1.0;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            int i1 = (i + 1) % 3, i2 = (i + 2) % 3, k1 = (k + 1) % 3, k2 = (k + 2) % 3;
            c.a[i][k] = side * (m->a[i1][k1] * m->a[i2][k2] - m->a[i1][k2] * m->a[i2][k1]);
        }
    return c;
}

// KHR_texture_transform: scale, then turn, then move; Assimp has turned v upward already.
static void put_uv(const bt_gltf_uv *uv, const struct aiVector3D *from, float out[2])
{
    double u = uv->scale[0] * (double)from->x, v = uv->scale[1] * (1.0 - (double)from->y);
    double c = bt_cos(uv->rotation_rad), s = bt_sin(uv->rotation_rad);
    out[0] = (float)(c * u + s * v + uv->offset[0]);
    out[1] = (float)(1.0 - (c * v - s * u + uv->offset[1]));
}

static void fill_vertices(const struct aiMesh *mesh, const matrix *m, const bt_gltf_uv *uv,
                          arrays *a)
{
    matrix turn = cofactors(m);
    for (size_t i = 0; i < mesh->mNumVertices; i++, a->vertices++) {
        put(m, &mesh->mVertices[i], 1.0, a->positions + 3 * (size_t)a->vertices);
        if (mesh->mNormals != NULL)
            put(&turn, &mesh->mNormals[i], 0.0, a->normals + 3 * (size_t)a->vertices);
        if (mesh->mTextureCoords[0] != NULL)
            put_uv(uv, &mesh->mTextureCoords[0][i], a->uvs + 2 * (size_t)a->vertices);
    }
}

static void fill_triangles(const struct aiMesh *mesh, bool mirrored, uint32_t slot, arrays *a)
{
    uint32_t first = a->vertices;
    for (uint32_t i = 0; i < mesh->mNumFaces; i++) {
        const struct aiFace *face = &mesh->mFaces[i];
        if (face->mNumIndices != 3) continue; // a point or a line
        a->slots_of[a->triangles] = (uint8_t)slot;
        uint32_t *to = a->indices + 3 * (size_t)a->triangles++;
        for (unsigned k = 0; k < 3; k++)
            to[k] = first + face->mIndices[mirrored ? 2 - k : k];
    }
}

// By its name, which is its number (gltf_check.c).
static const bt_gltf_material *material_of(const builder *b, const struct aiMesh *mesh)
{
    struct aiString name = {0};
    (void)aiGetMaterialString(b->scene->mMaterials[mesh->mMaterialIndex], AI_MATKEY_NAME, &name);
    size_t known = bt_gltf_count(b->document->json, "materials");
    char *end;
    unsigned long number = strtoul(name.data, &end, 10);
    if (end == name.data || *end != '\0' || number > known) number = known;
    return &b->materials[number];
}

static void fill(const builder *b, parts p, const matrix *m, arrays *a)
{
    bool mirrored = determinant(m) < 0.0;
    for (uint32_t i = 0; i < p.count; i++) {
        const struct aiMesh *mesh = b->scene->mMeshes[p.numbers[i]];
        const bt_gltf_material *material = material_of(b, mesh);
        a->slots[i] = (bt_slot){.material = material->index, .class_id = BT_CLASS_PROP};
        fill_triangles(mesh, mirrored, i, a);
        fill_vertices(mesh, m, &material->uv, a);
    }
}

// Adds a mesh as `m` bends it; BT_NO_INDEX when it has no triangles.
static bt_status add_mesh(builder *b, parts p, const matrix *m, uint32_t *index)
{
    arrays a;
    bt_status status = BT_OK;
    *index = BT_NO_INDEX;
    if (allocate(b, p, &a))
        fill(b, p, m, &a);
    else
        status = bt_fail(BT_ERR_MEMORY, "%s: no memory for a mesh", b->document->path);
    bt_mesh_desc desc = {.name = b->document->path,
                         .positions = a.positions,
                         .normals = b->scene->mMeshes[p.numbers[0]]->mNormals ? a.normals : NULL,
                         .uvs = a.uvs,
                         .vertex_count = a.vertices,
                         .indices = a.indices,
                         .triangle_count = a.triangles,
                         .triangle_slots = a.slots_of,
                         .slots = a.slots,
                         .slot_count = p.count};
    if (status == BT_OK && a.triangles > 0) {
        status = bt_spec_add_mesh(b->spec, &desc, index);
        b->info->meshes++;
        b->info->triangles += a.triangles;
    }
    clear(&a);
    return status;
}

// ---- nodes ----------------------------------------------------------------------------------------
// The parts of a node that can be one mesh, from the first of `rest` on.
static parts take_parts(const builder *b, parts rest)
{
    parts p = {rest.numbers, 1};
    bool normals = b->scene->mMeshes[rest.numbers[0]]->mNormals != NULL;
    while (p.count < rest.count && p.count < MAX_PARTS &&
           (b->scene->mMeshes[rest.numbers[p.count]]->mNormals != NULL) == normals)
        p.count++;
    return p;
}

// Nodes that show one glTF mesh have the same parts: the first stands for all.
static bt_status add_static(builder *b, parts p, const matrix *m)
{
    static const matrix identity = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, {0, 0, 0}};
    bt_pose pose = BT_POSE_IDENTITY;
    double scale = 1.0;
    uint32_t own, *index = &own;
    bt_status status = BT_OK;
    if (b->info->statics >= MAX_STATICS)
        return bt_fail(BT_ERR_LIMIT, "%s: more than %u things", b->document->path, MAX_STATICS);
    if (is_similarity(m, &pose, &scale)) {
        index = &b->meshes[p.numbers[0]];
        if (*index == BT_NO_INDEX) status = add_mesh(b, p, &identity, index);
    } else {
        status = add_mesh(b, p, m, index);
    }
    if (status != BT_OK || *index == BT_NO_INDEX) return status;
    b->info->statics++;
    return bt_spec_add_static(b->spec, *index, pose, scale, 0);
}

// As deep as gltf_check.c lets nodes be.
static bt_status add_node(builder *b, const struct aiNode *node, const matrix *parent)
{
    matrix own = matrix_of(&node->mTransformation), m = multiply(parent, &own);
    bt_status status = BT_OK;
    parts rest = {node->mMeshes, node->mNumMeshes};
    while (rest.count > 0 && status == BT_OK) {
        parts p = take_parts(b, rest);
        status = add_static(b, p, &m);
        rest = (parts){rest.numbers + p.count, rest.count - p.count};
    }
    for (unsigned i = 0; i < node->mNumChildren && status == BT_OK; i++)
        status = add_node(b, node->mChildren[i], &m);
    return status;
}

static matrix matrix_of_place(const bt_gltf_place *place)
{
    static const bt_gltf_place origin = {0};
    if (place == NULL) place = &origin;
    double scale = place->scale > 0.0 ? place->scale : 1.0;
    double c = scale * bt_cos(place->heading_rad), s = scale * bt_sin(place->heading_rad);
    return (matrix){{{c, -s, 0}, {s, c, 0}, {0, 0, scale}},
                    {place->pos_world_m.x, place->pos_world_m.y, place->pos_world_m.z}};
}

static bt_status build(builder *b, const bt_gltf_place *place)
{
    matrix root = matrix_of_place(place);
    bt_status status = bt_gltf_add_materials(b->document, b->spec, &b->materials, b->info);
    b->meshes = bt_alloc(b->scene->mNumMeshes, sizeof *b->meshes);
    if (b->meshes == NULL) status = bt_fail(BT_ERR_MEMORY, "%s: no memory", b->document->path);
    for (unsigned i = 0; i < b->scene->mNumMeshes && b->meshes != NULL; i++)
        b->meshes[i] = BT_NO_INDEX;
    if (status == BT_OK) status = add_node(b, b->scene->mRootNode, &root);
    if (status == BT_OK && b->info->statics == 0)
        status = bt_fail(BT_ERR_INPUT, "%s: nothing in it can be seen", b->document->path);
    bt_free(b->meshes);
    bt_free(b->materials);
    return status;
}

bt_status bt_gltf_load(bt_spec *spec, const char *path, const bt_gltf_place *place,
                       bt_gltf_info *info)
{
    bt_gltf_document document;
    char *packed = NULL;
    size_t count = 0;
    *info = (bt_gltf_info){0};
    bt_status status = bt_gltf_document_load(path, &document);
    if (status != BT_OK) return status;
    status = bt_gltf_document_pack(&document, &packed, &count);
    if (status == BT_OK) {
        builder b = {.document = &document, .spec = spec, .info = info};
        b.scene = aiImportFileFromMemory(packed, (unsigned)count, aiProcess_Triangulate, "glb");
        if (b.scene == NULL || b.scene->mRootNode == NULL)
            status = bt_fail(BT_ERR_INPUT, "%s: %.200s", path, aiGetErrorString());
        else
            status = build(&b, place);
        if (b.scene != NULL) aiReleaseImport(b.scene);
    }
    info->warnings = document.warnings;
    bt_free(packed);
    bt_gltf_document_clear(&document);
    return status;
}
