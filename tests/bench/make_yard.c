// make_yard.c: writes assets/scenes/yard.glb: a small yard that uses each kind of image that the
// glTF reader knows.
//
//   bench.make_yard OUT.glb
//
// Paving and bricks with colour, normal and roughness, the bricks by a texture transform; a ball partly
// metal; a cut-out lattice and leaves; a lit sign; a pane; a veil that covers half. glTF's axes: y up.
#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/image/png.h"
#include "tests/support/check.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define SIDE 128
#define PI 3.14159265358979323846

enum {
    PAVING,
    PAVING_NORMAL,
    PAVING_ROUGH,
    BRICK,
    BRICK_NORMAL,
    METAL,
    LATTICE,
    SIGN,
    LEAF,
    IMAGES
};
enum { GROUND, WALL, BALL, FENCE, LAMP, PANE, VEIL, BUSH, MATERIALS };

typedef struct yard {
    uint8_t *bytes;
    size_t count, room;
    json_t *views, *accessors, *meshes, *nodes, *images, *textures;
} yard;

// ---- images -------------------------------------------------------------------------------------
static double grain(int x, int y, uint32_t seed)
{
    return bt_random_unit(seed, BT_STREAM_TEST, (uint64_t)(y * SIDE + x), 0);
}

// 0 at the middle of a cell's joint .. 1 on the stone, over an edge of `edge` texels.
static double stone(double x, double y, double width, double height, double joint, double edge)
{
    double u = fmod(x, width), v = fmod(y, height);
    double inside = fmin(fmin(u, width - u), fmin(v, height - v)) - joint;
    return fmin(fmax(inside / edge, 0.0), 1.0);
}
static double paving_height(int x, int y)
{
    return stone(x + 0.5, y + 0.5, 64.0, 64.0, 1.5, 3.0);
}
static double brick_height(int x, int y)
{
    int row = y / 16;
    return stone(x + 0.5 + (row % 2 ? 16.0 : 0.0), y + 0.5, 32.0, 16.0, 0.8, 2.0);
}

static void normal_of(double (*height)(int, int), double steep, int x, int y, double c[4])
{
    int right = (x + 1) % SIDE, left = (x + SIDE - 1) % SIDE;
    int down = (y + 1) % SIDE, up = (y + SIDE - 1) % SIDE;
    double n[3] = {steep * (height(left, y) - height(right, y)),
                   steep * (height(x, down) - height(x, up)), 1.0};
    double size = sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
    for (int k = 0; k < 3; k++)
        c[k] = 0.5 + 0.5 * n[k] / size;
}

static void set(double c[4], double r, double g, double b, double a)
{
    c[0] = r;
    c[1] = g;
    c[2] = b;
    c[3] = a;
}

// An arrow to the right in a frame.
static bool on_arrow(double x, double y)
{
    double v = fabs(y - 64.0);
    return (x > 24.0 && x < 70.0 && v < 9.0) || (x >= 70.0 && x < 104.0 && v < 34.0 - (x - 70.0));
}

static void texel(int image, int x, int y, double c[4])
{
    double g = grain(x, y, 1), h;
    set(c, 1.0, 1.0, 1.0, 1.0);
    switch (image) {
    case PAVING:
        h = paving_height(x, y) * (0.86 + 0.1 * grain(x / 64, y / 64, 2)) + 0.05 * g;
        set(c, 0.25 + 0.37 * h, 0.24 + 0.35 * h, 0.22 + 0.32 * h, 1.0);
        return;
    case PAVING_NORMAL:
        normal_of(paving_height, 1.0, x, y, c);
        return;
    case PAVING_ROUGH: // worn smooth here and there
        set(c, 0.0, 0.45 + 0.3 * (0.5 + 0.5 * sin(2.0 * PI * x / SIDE) * cos(2.0 * PI * y / SIDE)),
            0.0, 1.0);
        return;
    case BRICK:
        h = brick_height(x, y) * (0.8 + 0.2 * grain((x + (y / 16 % 2 ? 16 : 0)) / 32, y / 16, 3));
        set(c, 0.62 - 0.02 * h + 0.04 * g, 0.60 - 0.28 * h + 0.04 * g, 0.56 - 0.34 * h + 0.03 * g,
            1.0);
        return;
    case BRICK_NORMAL:
        normal_of(brick_height, 1.2, x, y, c);
        return;
    case METAL: // bands of metal, smooth, on what is rough
        h = y / 16 % 2;
        set(c, 0.0, h > 0.0 ? 0.25 : 0.8, h, 1.0);
        return;
    case LATTICE:
        h = (x + y) % 32 < 7 || (x + SIDE - y) % 32 < 7 || x < 6 || y < 6 || x > 121 || y > 121;
        set(c, 0.55 + 0.05 * g, 0.42 + 0.05 * g, 0.28, h);
        return;
    case SIGN:
        h = on_arrow(x + 0.5, y + 0.5) || x < 6 || y < 6 || x > 121 || y > 121;
        set(c, 0.02 + 0.98 * h, 0.02 + 0.93 * h, 0.02 + 0.6 * h, 1.0);
        return;
    default: { // a leaf: two arcs that meet at its ends, with a vein
        double u = (x + 0.5) / SIDE, v = fabs((y + 0.5) / SIDE - 0.5);
        bool inside = v < 0.42 * sin(PI * u);
        double vein = v < 0.015 || fmod(u * 9.0 + v * 7.0, 1.0) < 0.08 ? 0.1 : 0.0;
        set(c, 0.25 + 0.5 * vein + 0.05 * g, 0.42 + vein + 0.08 * g, 0.14 + 0.3 * vein, inside);
    }
    }
}

// Bytes at the end of the file, in a view of their own, aligned to 4.
static int add_view(yard *s, const void *bytes, size_t count)
{
    size_t at = (s->count + 3) & ~(size_t)3;
    CHECK_OK(BT_ARRAY_RESERVE(s->bytes, s->room, at + count));
    memcpy(s->bytes + at, bytes, count);
    s->count = at + count;
    json_array_append_new(s->views, json_pack("{s:i, s:I, s:I}", "buffer", 0, "byteOffset",
                                              (json_int_t)at, "byteLength", (json_int_t)count));
    return (int)json_array_size(s->views) - 1;
}

static void add_images(yard *s)
{
    static uint8_t pixels[SIDE * SIDE * 4];
    for (int i = 0; i < IMAGES; i++) {
        size_t channels = i == LATTICE || i == LEAF ? 4 : 3, count;
        char *png;
        for (int p = 0; p < SIDE * SIDE; p++) {
            double c[4];
            texel(i, p % SIDE, p / SIDE, c);
            for (size_t k = 0; k < channels; k++)
                pixels[channels * (size_t)p + k] =
                    (uint8_t)(fmin(fmax(c[k], 0.0), 1.0) * 255.0 + 0.5);
        }
        CHECK_OK(bt_png_encode_u8(SIDE, SIDE, (uint32_t)channels, pixels, &png, &count));
        json_array_append_new(s->images,
                              json_pack("{s:i, s:s}", "bufferView", add_view(s, png, count),
                                        "mimeType", "image/png"));
        json_array_append_new(s->textures, json_pack("{s:i}", "source", i));
        bt_free(png);
    }
}

// ---- shapes -------------------------------------------------------------------------------------
static int add_accessor(yard *s, const float *values, size_t count, const char *type, int width)
{
    json_t *a = json_pack("{s:i, s:i, s:I, s:s}", "bufferView",
                          add_view(s, values, count * (size_t)width * sizeof *values),
                          "componentType", 5126, "count", (json_int_t)count, "type", type);
    json_array_append_new(s->accessors, a);
    return (int)json_array_size(s->accessors) - 1;
}

static void bound(yard *s, int accessor, const float *positions, size_t count)
{
    json_t *low = json_array(), *high = json_array();
    for (size_t k = 0; k < 3; k++) {
        double least = 1e30, most = -1e30;
        for (size_t i = 0; i < count; i++) {
            least = fmin(least, (double)positions[3 * i + k]);
            most = fmax(most, (double)positions[3 * i + k]);
        }
        json_array_append_new(low, json_real(least));
        json_array_append_new(high, json_real(most));
    }
    json_t *a = json_array_get(s->accessors, (size_t)accessor);
    json_object_set_new(a, "min", low);
    json_object_set_new(a, "max", high);
}

// A mesh and a node that shows it.
static void add_mesh(yard *s, int material, const float *positions, const float *normals,
                     const float *uvs, size_t vertices, const uint16_t *indices, size_t count)
{
    int p = add_accessor(s, positions, vertices, "VEC3", 3);
    bound(s, p, positions, vertices);
    int n = add_accessor(s, normals, vertices, "VEC3", 3);
    int t = add_accessor(s, uvs, vertices, "VEC2", 2);
    json_array_append_new(s->accessors,
                          json_pack("{s:i, s:i, s:I, s:s}", "bufferView",
                                    add_view(s, indices, count * sizeof *indices), "componentType",
                                    5123, "count", (json_int_t)count, "type", "SCALAR"));
    int i = (int)json_array_size(s->accessors) - 1;
    json_array_append_new(s->meshes,
                          json_pack("{s:[{s:{s:i, s:i, s:i}, s:i, s:i}]}", "primitives",
                                    "attributes", "POSITION", p, "NORMAL", n, "TEXCOORD_0", t,
                                    "indices", i, "material", material));
    json_array_append_new(s->nodes,
                          json_pack("{s:i}", "mesh", (int)json_array_size(s->meshes) - 1));
}

// A parallelogram from its lower left corner, seen from where right x up points; uv 0..repeat.
static void add_sheet(yard *s, int material, const float corner[3], const float right[3],
                      const float up[3], float repeat)
{
    static const uint16_t indices[6] = {0, 1, 2, 0, 2, 3};
    float positions[12], normals[12], uvs[8];
    for (size_t v = 0; v < 4; v++) {
        float a = v == 1 || v == 2 ? 1.0f : 0.0f, b = v >= 2 ? 1.0f : 0.0f, n[3];
        for (size_t k = 0; k < 3; k++) {
            positions[3 * v + k] = corner[k] + a * right[k] + b * up[k];
            n[k] = right[(k + 1) % 3] * up[(k + 2) % 3] - right[(k + 2) % 3] * up[(k + 1) % 3];
        }
        float size = sqrtf(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
        for (size_t k = 0; k < 3; k++)
            normals[3 * v + k] = n[k] / size;
        uvs[2 * v] = a * repeat;
        uvs[2 * v + 1] = (1.0f - b) * repeat;
    }
    add_mesh(s, material, positions, normals, uvs, 4, indices, 6);
}

static void add_ball(yard *s, int material, const float centre[3], float radius)
{
    enum { ROWS = 24, COLUMNS = 48, VERTICES = (ROWS + 1) * (COLUMNS + 1) };
    static float positions[3 * VERTICES], normals[3 * VERTICES], uvs[2 * VERTICES];
    static uint16_t indices[ROWS * COLUMNS * 6];
    size_t v = 0, i = 0;
    for (int row = 0; row <= ROWS; row++)
        for (int column = 0; column <= COLUMNS; column++, v++) {
            double polar = PI * row / ROWS, turn = 2.0 * PI * column / COLUMNS;
            double n[3] = {sin(polar) * sin(turn), cos(polar), sin(polar) * cos(turn)};
            for (size_t k = 0; k < 3; k++) {
                normals[3 * v + k] = (float)n[k];
                positions[3 * v + k] = centre[k] + radius * (float)n[k];
            }
            uvs[2 * v] = (float)column / COLUMNS;
            uvs[2 * v + 1] = (float)row / ROWS;
        }
    for (uint16_t row = 0; row < ROWS; row++)
        for (uint16_t column = 0; column < COLUMNS; column++) {
            uint16_t a = (uint16_t)(row * (COLUMNS + 1) + column), b = (uint16_t)(a + COLUMNS + 1);
            const uint16_t low[3] = {a, b, (uint16_t)(b + 1)};
            const uint16_t high[3] = {a, (uint16_t)(b + 1), (uint16_t)(a + 1)};
            // at the poles one of them has no area
            if (row < ROWS - 1) memcpy(indices + i, low, sizeof low);
            i += row < ROWS - 1 ? 3 : 0;
            if (row > 0) memcpy(indices + i, high, sizeof high);
            i += row > 0 ? 3 : 0;
        }
    add_mesh(s, material, positions, normals, uvs, VERTICES, indices, i);
}

// Leaves at random about a place, in one mesh.
static void add_bush(yard *s, const float centre[3])
{
    enum { LEAVES = 500 };
    static float positions[12 * LEAVES], normals[12 * LEAVES], uvs[8 * LEAVES];
    static uint16_t indices[6 * LEAVES];
    for (size_t i = 0; i < LEAVES; i++) {
        double u[7];
        for (uint32_t k = 0; k < 7; k++)
            u[k] = bt_random_unit(7, BT_STREAM_TEST, i, k);
        double z = 2.0 * u[0] - 1.0, turn = 2.0 * PI * u[1], r = 0.75 * cbrt(u[2]);
        double way = 2.0 * PI * u[3], lean = 1.2 * (u[4] - 0.5), side = way + PI / 2.0;
        double right[3] = {0.22 * cos(way) * cos(lean), 0.22 * sin(lean),
                           0.22 * sin(way) * cos(lean)};
        double up[3] = {0.13 * cos(side), 0.13 * (u[5] - 0.3), 0.13 * sin(side)};
        double at[3] = {r * sqrt(1.0 - z * z) * cos(turn), r * z,
                        r * sqrt(1.0 - z * z) * sin(turn)};
        for (size_t v = 0; v < 4; v++) {
            double a = v == 1 || v == 2, b = v >= 2;
            for (size_t k = 0; k < 3; k++) {
                double n =
                    right[(k + 1) % 3] * up[(k + 2) % 3] - right[(k + 2) % 3] * up[(k + 1) % 3];
                positions[12 * i + 3 * v + k] =
                    (float)((double)centre[k] + at[k] + a * right[k] + b * up[k]);
                normals[12 * i + 3 * v + k] = (float)(n / 0.0286);
            }
            uvs[8 * i + 2 * v] = (float)a;
            uvs[8 * i + 2 * v + 1] = (float)(1.0 - b);
        }
        const int six[6] = {0, 1, 2, 0, 2, 3};
        for (size_t k = 0; k < 6; k++)
            indices[6 * i + k] = (uint16_t)(4 * i + (size_t)six[k]);
    }
    add_mesh(s, BUSH, positions, normals, uvs, 4 * (size_t)LEAVES, indices, 6 * (size_t)LEAVES);
}

static void add_shapes(yard *s)
{
    add_sheet(s, GROUND, (float[3]){-6, 0, 6}, (float[3]){12, 0, 0}, (float[3]){0, 0, -10}, 5);
    add_sheet(s, WALL, (float[3]){-6, 0, -4}, (float[3]){12, 0, 0}, (float[3]){0, 3, 0}, 1);
    add_ball(s, BALL, (float[3]){-1.1f, 0.6f, -0.6f}, 0.6f);
    add_sheet(s, FENCE, (float[3]){-4.6f, 0, -2.4f}, (float[3]){2, 0, 1}, (float[3]){0, 1.8f, 0},
              1);
    add_sheet(s, LAMP, (float[3]){-0.1f, 1.5f, -3.9f}, (float[3]){1, 0, 0}, (float[3]){0, 0.7f, 0},
              1);
    add_sheet(s, PANE, (float[3]){0.3f, 0, 0.2f}, (float[3]){1.3f, 0, -0.5f},
              (float[3]){0, 1.5f, 0}, 1);
    add_sheet(s, VEIL, (float[3]){1.9f, 0, -1.6f}, (float[3]){0.9f, 0, 0.4f},
              (float[3]){0, 1.7f, 0}, 1);
    add_bush(s, (float[3]){3.9f, 0.8f, -1.8f});
}

// ---- materials ----------------------------------------------------------------------------------
static json_t *materials(void)
{
    static const char *const text =
        "[{'name':'paving','pbrMetallicRoughness':{'metallicFactor':0,'baseColorTexture':{'index':"
        "0},"
        "'metallicRoughnessTexture':{'index':2}},'normalTexture':{'index':1}},"
        "{'name':'brick','pbrMetallicRoughness':{'metallicFactor':0,'roughnessFactor':0.9,"
        "'baseColorTexture':{'index':3,'extensions':{'KHR_texture_transform':{'scale':[10,3]}}}},"
        "'normalTexture':{'index':4,'extensions':{'KHR_texture_transform':{'scale':[10,3]}}}},"
        "{'name':'ball','pbrMetallicRoughness':{'baseColorFactor':[0.95,0.62,0.3,1],"
        "'metallicRoughnessTexture':{'index':5}}},"
        "{'name':'lattice','doubleSided':true,'alphaMode':'MASK','pbrMetallicRoughness':"
        "{'metallicFactor':0,'roughnessFactor':0.7,'baseColorTexture':{'index':6}}},"
        "{'name':'sign','pbrMetallicRoughness':{'metallicFactor':0,'roughnessFactor':0.3,"
        "'baseColorFactor':[0.02,0.02,0.02,1]},'emissiveFactor':[1,1,1],'emissiveTexture':"
        "{'index':7},'extensions':{'KHR_materials_emissive_strength':{'emissiveStrength':6000}}},"
        "{'name':'pane','doubleSided':true,'pbrMetallicRoughness':{'metallicFactor':0,"
        "'roughnessFactor':0,'baseColorFactor':[0.55,0.85,0.7,1]},'extensions':"
        "{'KHR_materials_transmission':{'transmissionFactor':1}}},"
        "{'name':'veil','doubleSided':true,'alphaMode':'BLEND','pbrMetallicRoughness':"
        "{'metallicFactor':0,'roughnessFactor':0.8,'baseColorFactor':[0.75,0.1,0.12,0.5]}},"
        "{'name':'leaf','doubleSided':true,'alphaMode':'MASK','pbrMetallicRoughness':"
        "{'metallicFactor':0,'roughnessFactor':0.5,'baseColorTexture':{'index':8}}}]";
    char json[4096];
    snprintf(json, sizeof json, "%s", text);
    for (char *c = json; *c != '\0'; c++)
        if (*c == '\'') *c = '"';
    json_t *made = json_loads(json, 0, NULL);
    CHECK(json_array_size(made) == MATERIALS);
    return made;
}

// ---- the file -----------------------------------------------------------------------------------
static json_t *document(yard *s)
{
    json_t *shown = json_array();
    for (size_t i = 0; i < json_array_size(s->nodes); i++)
        json_array_append_new(shown, json_integer((json_int_t)i));
    json_t *root = json_object();
    json_object_set_new(root, "asset", json_pack("{s:s}", "version", "2.0"));
    json_object_set_new(root, "scene", json_integer(0));
    json_object_set_new(root, "scenes", json_pack("[{s:o}]", "nodes", shown));
    json_object_set_new(root, "extensionsUsed",
                        json_pack("[s,s,s]", "KHR_texture_transform", "KHR_materials_transmission",
                                  "KHR_materials_emissive_strength"));
    json_object_set_new(root, "nodes", s->nodes);
    json_object_set_new(root, "meshes", s->meshes);
    json_object_set_new(root, "accessors", s->accessors);
    json_object_set_new(root, "bufferViews", s->views);
    json_object_set_new(root, "images", s->images);
    json_object_set_new(root, "textures", s->textures);
    json_object_set_new(root, "materials", materials());
    json_object_set_new(root, "buffers", json_pack("[{s:I}]", "byteLength", (json_int_t)s->count));
    return root;
}

static void put_word(FILE *file, size_t word)
{
    for (int k = 0; k < 4; k++)
        fputc((int)(word >> (8 * k) & 0xff), file);
}

static void write_binary(yard *s, const char *path)
{
    json_t *root = document(s);
    char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(9));
    FILE *file = fopen(path, "wb");
    CHECK(text != NULL && file != NULL);
    if (text != NULL && file != NULL) {
        size_t json = (strlen(text) + 3) & ~(size_t)3, bin = (s->count + 3) & ~(size_t)3;
        const size_t head[] = {0x46546c67, 2, 28 + json + bin, json, 0x4e4f534a};
        for (size_t i = 0; i < 5; i++)
            put_word(file, head[i]);
        fprintf(file, "%-*s", (int)json, text);
        put_word(file, bin);
        put_word(file, 0x004e4942);
        CHECK(fwrite(s->bytes, 1, s->count, file) == s->count);
        for (size_t i = s->count; i < bin; i++)
            fputc(0, file);
        CHECK(fclose(file) == 0);
    }
    free(text);
    json_decref(root);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s OUT.glb\n", argv[0]);
        return 2;
    }
    yard s = {.views = json_array(),
              .accessors = json_array(),
              .meshes = json_array(),
              .nodes = json_array(),
              .images = json_array(),
              .textures = json_array()};
    add_images(&s);
    add_shapes(&s);
    write_binary(&s, argv[1]);
    bt_free(s.bytes);
    return check_failed_count > 0;
}
