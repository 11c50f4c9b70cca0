// mesh_accel_test.c: rays find the triangle they meet, and the place on it, however two triangles that
// share an edge lie in the mesh's list.
#include "tests/engine/render/render_fixture.h"

#include "engine/core/random.h"
#include "engine/render/internal.h"

#define SQUARES 9u // every corner of one triangle before every corner of the other
#define RAYS 20000u
#define HEIGHT_M 3.0f

static const float square[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
static const uint32_t halves[2][3] = {{0, 1, 2}, {0, 2, 3}};

// Squares beside each other along x, each cut in two from its origin; the halves' corners are turned as
// the square's number says. `gap`: the second halves come after all the first.
static uint32_t strip(fx_scene *s, const char *name, const uint32_t *materials, bool gap)
{
    float positions[SQUARES * 12];
    uint32_t indices[SQUARES * 6];
    uint8_t slots[SQUARES * 2];
    for (uint32_t i = 0; i < SQUARES; i++) {
        for (uint32_t k = 0; k < 4; k++) {
            float corner[3] = {square[k][0] + (float)i, square[k][1], 0.0f};
            memcpy(positions + 12 * i + 3 * k, corner, sizeof corner);
        }
        for (uint32_t h = 0; h < 2; h++) {
            uint32_t t = gap ? i + h * SQUARES : 2 * i + h, turn = h ? i / 3 : i % 3;
            for (uint32_t k = 0; k < 3; k++)
                indices[3 * t + k] = 4 * i + halves[h][(k + turn) % 3];
            slots[t] = (uint8_t)(i % 2);
        }
    }
    bt_slot both[2] = {{materials[0], BT_CLASS_ROAD}, {materials[1], BT_CLASS_ROAD}};
    bt_mesh_desc desc = {.name = name,
                         .positions = positions,
                         .vertex_count = SQUARES * 4,
                         .indices = indices,
                         .triangle_count = SQUARES * 2,
                         .triangle_slots = slots,
                         .slots = both,
                         .slot_count = 2};
    uint32_t mesh;
    CHECK_OK(bt_spec_add_mesh(s->spec, &desc, &mesh));
    return mesh;
}

// Is x, y of the strip where the hit says?
static bool hit_right(const fx_scene *s, uint32_t mesh, const bt_surface_hit *hit, float x, float y)
{
    const bt_world_mesh *m = &s->world->meshes[mesh];
    const uint32_t *corners = s->world->indices + 3 * (size_t)(m->first_triangle + hit->triangle);
    float weights[3] = {1.0f - hit->bary_u - hit->bary_v, hit->bary_u, hit->bary_v};
    float at[2] = {0, 0};
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < 2; i++)
            at[i] +=
                weights[k] * s->world->positions[3 * (m->first_vertex + corners[k]) + (uint32_t)i];
    return fabsf(at[0] - x) < 1e-5f && fabsf(at[1] - y) < 1e-5f && weights[0] > -1e-5f &&
           weights[1] > -1e-5f && weights[2] > -1e-5f;
}

// From above onto the strip that was placed at (0, row).
static void trace_strip(const fx_scene *s, uint32_t mesh, float row)
{
    uint32_t missed = 0, wrong = 0;
    for (uint32_t i = 0; i < RAYS; i++) {
        float x = (float)(SQUARES * bt_random_unit(3, BT_STREAM_TEST, i, 0));
        float y = (float)bt_random_unit(3, BT_STREAM_TEST, i, 1);
        bt_vec3 eye = s->snapshot->origin_world_m;
        float origin[3] = {x - (float)eye.x, y + row - (float)eye.y, HEIGHT_M - (float)eye.z};
        float down[3] = {0, 0, -1};
        bt_surface_hit hit;
        if (!bt_stage_trace(s->stage, origin, down, 0.0f, &hit))
            missed++;
        else
            wrong += !hit_right(s, mesh, &hit, x, y);
    }
    printf("row %g: %u rays, %u missed, %u wrong\n", (double)row, RAYS, missed, wrong);
    CHECK(missed <= 1 && wrong == 0); // between triangles rounding decides
}

// From one eye onto the edges that halves share: nothing is seen between them.
static void trace_diagonals(const fx_scene *s, float row)
{
    uint32_t missed = 0;
    for (uint32_t i = 0; i < RAYS; i++) {
        float along = (float)(0.01 + 0.98 * bt_random_unit(4, BT_STREAM_TEST, i, 0));
        bt_vec3 eye = s->snapshot->origin_world_m;
        float origin[3] = {0.3f - (float)eye.x, row - 0.2f - (float)eye.y, HEIGHT_M - (float)eye.z};
        float dir[3] = {along + (float)(i % SQUARES) - 0.3f, along + 0.2f, -HEIGHT_M};
        float length = sqrtf(dir[0] * dir[0] + dir[1] * dir[1] + dir[2] * dir[2]);
        bt_surface_hit hit;
        for (int k = 0; k < 3; k++)
            dir[k] /= length;
        missed += !bt_stage_trace(s->stage, origin, dir, 0.0f, &hit);
    }
    printf("row %g: %u rays at diagonals, %u missed\n", (double)row, RAYS, missed);
    CHECK(missed == 0);
}

int main(void)
{
    fx_scene s;
    fx_begin(&s);
    uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, 0.3, 0.4f);
    uint32_t glass = fx_plain(&s, "glass", BT_MATERIAL_GLASS_THIN, 0.8, 0.0f);
    bt_material m = {.kind = BT_MATERIAL_LEAF,
                     .reflectance = fx_flat(&s, 0.1),
                     .reflectance2 = fx_flat(&s, 0.1),
                     .emission = BT_NO_SPECTRUM,
                     .roughness = 0.5f};
    uint32_t leaf = fx_material(&s, "leaf", m);
    uint32_t one[2] = {grey, grey}, two[2] = {grey, glass}, leaves[2] = {leaf, leaf};
    uint32_t meshes[5] = {
        strip(&s, "pairs", one, false), strip(&s, "pairs in two parts", two, false),
        strip(&s, "apart", one, true),
        fx_quad(&s, grey, (bt_vec3){0, 0, 0}, (bt_vec3){SQUARES, 0, 0}, (bt_vec3){0, 1, 0}),
        strip(&s, "leaves", leaves, false)};
    for (int i = 0; i < 5; i++)
        fx_static(&s, meshes[i], 0.0, 4.0 * i, 0.0);
    fx_compile(&s);
    fx_place_still(&s, fx_look((bt_vec3){0, -20, 1}, (bt_vec3){1, 0, 0}));

    const bt_mesh_accel *accel = s.renderer->meshes;
    CHECK(accel[meshes[0]].quads && accel[meshes[0]].parts[0].count == SQUARES);
    CHECK(accel[meshes[1]].quads && accel[meshes[1]].parts[0].count == 5);
    CHECK(accel[meshes[1]].parts[BT_PART_GLASS].count == 4);
    CHECK(!accel[meshes[2]].quads && accel[meshes[2]].parts[0].count == 2 * SQUARES);
    CHECK(accel[meshes[2]].parts[0].pairs == NULL); // plain triangles need no list,
    CHECK(accel[meshes[3]].quads && accel[meshes[3]].parts[0].pairs == NULL); // nor quadrilaterals
    for (int i = 0; i < 5; i++)
        trace_strip(&s, meshes[i], 4.0f * (float)i);
    for (int i = 0; i < 4; i++) // but for leaves, which are not watertight
        trace_diagonals(&s, 4.0f * (float)i);
    fx_end(&s);
    return check_end();
}
