// skin_test.c: bent skins against rigid motion and a hinge's half angle; keys; refusals.
#include "engine/scene/skin.h"

#include "engine/core/memory.h"
#include "engine/scene/snapshot.h"
#include "tests/engine/scene/scene_fixture.h"

#include <math.h>

#include "shaders/shared/octahedral.h"

#define VERTICES 6

// A strip upward in the xz plane, 0.1 m wide, 1 m high, normals along -y.
static const float strip[3 * VERTICES] = {0,    0, 0,    0.1f, 0, 0, 0,    0, 0.5f,
                                          0.1f, 0, 0.5f, 0,    0, 1, 0.1f, 0, 1};
static const float strip_normals[3 * VERTICES] = {0, -1, 0, 0, -1, 0, 0, -1, 0,
                                                  0, -1, 0, 0, -1, 0, 0, -1, 0};
static const uint32_t strip_indices[12] = {0, 1, 3, 0, 3, 2, 2, 3, 5, 2, 5, 4};

static uint32_t strip_mesh(bt_spec *spec, uint32_t material)
{
    bt_slot slot = {material, BT_CLASS_PERSON};
    bt_mesh_desc desc = {.name = "strip",
                         .positions = strip,
                         .normals = strip_normals,
                         .vertex_count = VERTICES,
                         .indices = strip_indices,
                         .triangle_count = 4,
                         .slots = &slot,
                         .slot_count = 1};
    uint32_t mesh;
    CHECK_OK(bt_spec_add_mesh(spec, &desc, &mesh));
    return mesh;
}

// A trunk, and above it at z = 0.5 an arm that turns about an axis; the skin is the trunk's.
static bt_status add_body(bt_spec *spec, uint32_t mesh, const bt_skin_vertex *skin, uint32_t count,
                          bt_vec3 axis, uint32_t *model)
{
    const bt_part_desc parts[2] = {{.name = "trunk",
                                    .mesh = mesh,
                                    .parent = BT_NO_INDEX,
                                    .rest = {{0.2, 0.3, 0.4}, BT_QUAT_IDENTITY},
                                    .channel = -1,
                                    .skin = skin,
                                    .skin_count = count},
                                   {.name = "arm",
                                    .mesh = BT_NO_INDEX,
                                    .parent = 0,
                                    .rest = {{0.0, 0.0, 0.5}, BT_QUAT_IDENTITY},
                                    .axis = axis,
                                    .channel = BT_CHANNEL_ELBOW_LEFT}};
    const bt_cuboid_desc cuboid = {BT_CLASS_PERSON, BT_NO_INDEX, {0, 0, 1}, {1, 1, 2}};
    const bt_model_desc desc = {.name = "body",
                                .class_id = BT_CLASS_PERSON,
                                .parts = parts,
                                .part_count = 2,
                                .cuboids = &cuboid,
                                .cuboid_count = 1};
    return bt_spec_add_model(spec, &desc, model);
}

static const bt_skin_vertex only_trunk = {{0}, {1.0f, 0.0f, 0.0f, 0.0f}};
static const bt_skin_vertex only_arm = {{1}, {1.0f, 0.0f, 0.0f, 0.0f}};
static const bt_skin_vertex both = {{0, 1}, {0.5f, 0.5f, 0.0f, 0.0f}};

static bt_world *make_world(void)
{
    const bt_skin_vertex skin[VERTICES] = {only_trunk, only_trunk, both, both, only_arm, only_arm};
    bt_spec *spec;
    bt_world *world;
    uint32_t model, actor;
    CHECK_OK(bt_spec_create(&spec));
    uint32_t mesh = strip_mesh(spec, fixture_material(spec, "grey"));
    CHECK_OK(add_body(spec, mesh, skin, VERTICES, (bt_vec3){0, 1, 0}, &model));
    CHECK_OK(bt_spec_add_actor(spec, model, "one", BT_CLASS_PERSON, &actor));
    CHECK_OK(bt_world_compile(spec, &world));
    bt_spec_destroy(spec);
    return world;
}

static bt_actor_pose bent(double angle_rad)
{
    bt_actor_pose pose = {.world_from_actor = {{5.0, -3.0, 1.0}, bt_quat_yaw_pitch_roll(2, 0, 0)}};
    pose.channel_rad[BT_CHANNEL_ELBOW_LEFT] = angle_rad;
    return pose;
}

// What a turn by `angle` about the hinge does to a vertex of the strip.
static bt_vec3 turned(uint32_t vertex, double angle_rad)
{
    double x = (double)strip[3 * vertex], z = (double)strip[3 * vertex + 2] - 0.5;
    return (bt_vec3){x * cos(angle_rad) + z * sin(angle_rad), 0.0,
                     0.5 + z * cos(angle_rad) - x * sin(angle_rad)};
}

// Whole weights move as the part does; half weights turn by half the hinge's angle.
static void test_hinge(void)
{
    bt_world *world = make_world();
    for (int i = -5; i <= 5; i++) {
        double angle = 0.5 * i;
        bt_actor_pose pose = bent(angle);
        bt_deformed_vertex got[VERTICES];
        CHECK_OK(bt_skin_bend(world, 0, 0, &pose, 1, got));
        for (uint32_t v = 0; v < VERTICES; v++) {
            double share = v < 2 ? 0.0 : v < 4 ? 0.5 : 1.0;
            bt_vec3 want = turned(v, share * angle);
            CHECK_NEAR(got[v].pos[0], want.x, 1e-6);
            CHECK_NEAR(got[v].pos[1], want.y, 1e-6);
            CHECK_NEAR(got[v].pos[2], want.z, 1e-6);
            float3 n = bt_normal_unpack(got[v].normal);
            CHECK_NEAR(n[1] / sqrtf(dot3(n, n)), -1.0, 1e-5); // the hinge leaves -y alone
        }
    }
    bt_world_destroy(world);
}

#define ARC_ROWS 33

// A blade up from its hinge, each row following it by its share w of the height: with hinge angle a
// the row is at w (sin wa, cos wa), and its tangent has turned by wa + atan(wa).
static bt_world *make_arc(void)
{
    float positions[6 * ARC_ROWS], normals[6 * ARC_ROWS];
    uint32_t indices[6 * (ARC_ROWS - 1)], model, actor, mesh;
    bt_skin_vertex skin[2 * ARC_ROWS];
    for (uint32_t i = 0; i < 2 * ARC_ROWS; i++) {
        float share = (float)(i / 2) / (ARC_ROWS - 1);
        const float p[3] = {0.1f * (float)(i % 2), 0.0f, 0.5f + share}, n[3] = {0, -1, 0};
        memcpy(positions + 3 * i, p, sizeof p);
        memcpy(normals + 3 * i, n, sizeof n);
        skin[i] = (bt_skin_vertex){{0, 1}, {1.0f - share, share, 0.0f, 0.0f}};
    }
    for (uint32_t row = 0; row + 1 < ARC_ROWS; row++) {
        const uint32_t six[6] = {2 * row, 2 * row + 1, 2 * row + 3,
                                 2 * row, 2 * row + 3, 2 * row + 2};
        memcpy(indices + 6 * row, six, sizeof six);
    }
    bt_spec *spec;
    bt_world *world;
    CHECK_OK(bt_spec_create(&spec));
    bt_slot slot = {fixture_material(spec, "grey"), BT_CLASS_PERSON};
    bt_mesh_desc desc = {.name = "arc",
                         .positions = positions,
                         .normals = normals,
                         .vertex_count = 2 * ARC_ROWS,
                         .indices = indices,
                         .triangle_count = 2 * (ARC_ROWS - 1),
                         .slots = &slot,
                         .slot_count = 1};
    CHECK_OK(bt_spec_add_mesh(spec, &desc, &mesh));
    CHECK_OK(add_body(spec, mesh, skin, 2 * ARC_ROWS, (bt_vec3){1.0, 0.0, 0.0}, &model));
    CHECK_OK(bt_spec_add_actor(spec, model, "one", BT_CLASS_PERSON, &actor));
    CHECK_OK(bt_world_compile(spec, &world));
    bt_spec_destroy(spec);
    return world;
}

static void test_arc_normals(void)
{
    const double angle = 0.6;
    bt_world *world = make_arc();
    bt_actor_pose pose = bent(angle);
    bt_deformed_vertex got[2 * ARC_ROWS];
    CHECK_OK(bt_skin_bend(world, 0, 0, &pose, 1, got));
    double worst = 0.0;
    for (uint32_t i = 2; i + 2 < 2 * ARC_ROWS; i++) { // rows within: triangles on both sides
        double share = angle * (i / 2) / (ARC_ROWS - 1), turn = share + atan(share);
        float3 n = normalize3(bt_normal_unpack(got[i].normal));
        double off = acos(fmin(1.0, -cos(turn) * (double)n[1] - sin(turn) * (double)n[2]));
        worst = fmax(worst, off);
    }
    printf("normals along a curve of %.1f rad: off by %.4f rad at worst\n", angle + atan(angle),
           worst);
    // a vertex has two triangles on one side and one on the other: a third of a row's turn
    CHECK(worst < 0.5 * 2.0 * angle / (ARC_ROWS - 1));
    bt_world_destroy(world);
}

// Packing loses little.
static void test_normals(void)
{
    float packed_error = 0.0f;
    for (int i = 0; i < 1000; i++) {
        float a = 0.37f * (float)i, z = (float)(i % 41) / 20.0f - 1.0f, r = sqrtf(1.0f - z * z);
        float3 n = float3(r * cosf(a), r * sinf(a), z);
        float3 back = normalize3(bt_normal_unpack(bt_normal_pack(n)));
        packed_error = fmaxf(packed_error, sqrtf(dot3(back - n, back - n)));
    }
    printf("packed normals: worst error %.1e\n", (double)packed_error);
    CHECK(packed_error < 7e-5f); // two steps of 1/32767 at the most stretched place
    CHECK(bt_normal_pack(splat3(0.0f)) == BT_NORMAL_UP);
}

// As a camera sees it that is so far away.
static bt_snapshot *snapshot_of(const bt_world *world, const bt_pose_history *history,
                                double away_m, double px_per_rad)
{
    bt_snapshot_desc desc = {.open_ns = 2 * BT_NS_PER_MS,
                             .close_ns = 32 * BT_NS_PER_MS,
                             .px_per_rad = px_per_rad,
                             .actor_from_cam = {{-away_m, 0.0, 0.0}, BT_QUAT_IDENTITY}};
    bt_snapshot *snapshot;
    CHECK_OK(bt_snapshot_create(world, history, &desc, &snapshot));
    return snapshot;
}

// Straight lines between keys stay within 0.5 mm of the arc, or within 0.1 px where that is more. Gives the keys.
static uint32_t check_keys(double away_m, double px_per_rad)
{
    double bound = px_per_rad > 0.0 ? fmax(5e-4, 0.1 / px_per_rad * away_m) : 5e-4;
    const double rate_rad_s = 15.0;
    bt_world *world = make_world();
    bt_pose_history *history;
    CHECK_OK(bt_pose_history_create(world, 8, &history));
    for (int i = 0; i <= 4; i++) {
        bt_actor_pose pose = bent(rate_rad_s * 0.01 * i);
        CHECK_OK(bt_pose_history_push(history, i * 10 * BT_NS_PER_MS, &pose));
    }
    bt_snapshot *s = snapshot_of(world, history, away_m, px_per_rad);
    CHECK(s->deformed_count == 1 && s->instances[0].deformed == 1);
    uint32_t keys = s->deformed[0].key_count;
    CHECK(keys >= 2 && keys <= 33);
    CHECK(s->deformed_vertex_count == s->deformed[0].key_count * VERTICES);
    double worst = 0.0;
    for (int i = 0; i <= 300; i++) {
        float u = (float)i / 300.0f, pos[3];
        double angle = rate_rad_s * (0.002 + 0.03 * (double)u);
        for (uint32_t v = 0; v < VERTICES; v++) {
            bt_snapshot_vertex_at(s, 0, v, u, pos);
            bt_vec3 got = {(double)pos[0], (double)pos[1], (double)pos[2]};
            double share = v < 2 ? 0.0 : v < 4 ? 0.5 : 1.0;
            worst = fmax(worst, bt_vec3_distance(got, turned(v, share * angle)));
        }
    }
    printf("keys of a bending skin %g m away: %u, worst error %.2e m\n", away_m, keys, worst);
    CHECK(worst < 1.02 * bound); // and rounding
    CHECK(worst > 0.2 * bound);  // and no more keys than it takes
    bt_snapshot_destroy(s);
    bt_pose_history_destroy(history);
    bt_world_destroy(world);
    return keys;
}

static void test_keys(void)
{
    uint32_t near = check_keys(0.0, 0.0);
    CHECK(near > 2);
    CHECK(check_keys(40.0, 0.0) == near);     // nothing is said of the camera
    CHECK(check_keys(4.0, 1000.0) == near);   // close up as ever
    CHECK(check_keys(40.0, 1000.0) < near);   // 3.8 mm are 0.1 px
    CHECK(check_keys(40.0, 10000.0) == near); // through a long lens too
}

// Bent but still: one key, the same at every time.
static void test_still(void)
{
    bt_world *world = make_world();
    bt_pose_history *history;
    CHECK_OK(bt_pose_history_create(world, 8, &history));
    for (int i = 0; i <= 4; i++) {
        bt_actor_pose pose = bent(1.2);
        pose.world_from_actor.pos.x += i; // it travels, but does not bend
        CHECK_OK(bt_pose_history_push(history, i * 10 * BT_NS_PER_MS, &pose));
    }
    bt_snapshot *s = snapshot_of(world, history, 0.0, 0.0);
    float pos[3];
    CHECK(s->deformed[0].key_count == 1 && s->instances[0].key_count == 2);
    bt_snapshot_vertex_at(s, 0, 5, 0.7f, pos);
    CHECK_NEAR(pos[0], turned(5, 1.2).x, 1e-6);
    CHECK_NEAR(pos[2], turned(5, 1.2).z, 1e-6);
    bt_snapshot_destroy(s);
    bt_pose_history_destroy(history);
    bt_world_destroy(world);
}

static void refuse(const bt_skin_vertex *skin, uint32_t count, bool lamps, const char *because)
{
    bt_spec *spec;
    uint32_t model;
    CHECK_OK(bt_spec_create(&spec));
    uint32_t material = fixture_material(spec, "grey");
    if (lamps) {
        bt_material m = {.kind = BT_MATERIAL_DIFFUSE, .emission = 0, .emission_scale = 1.0f};
        const double nm[2] = {400, 700}, one[2] = {1, 1};
        uint32_t spectrum;
        CHECK_OK(bt_spec_add_spectrum(spec, "light", nm, one, 2, &spectrum));
        m.emission = spectrum;
        CHECK_OK(bt_spec_add_material(spec, "lamp", &m, &material));
    }
    uint32_t mesh = strip_mesh(spec, material);
    CHECK(add_body(spec, mesh, skin, count, (bt_vec3){0, 1, 0}, &model) == BT_ERR_INPUT);
    CHECK(model == BT_NO_INDEX);
    CHECK_CONTAINS(bt_error_message(), because);
    bt_spec_destroy(spec);
}

static void test_refusals(void)
{
    bt_skin_vertex skin[VERTICES];
    for (int i = 0; i < VERTICES; i++)
        skin[i] = both;
    refuse(skin, VERTICES - 1, false, "a skin of 5 vertices on a mesh of 6");
    refuse(skin, VERTICES, true, "lamps");
    skin[3].part[3] = 2;
    refuse(skin, VERTICES, false, "vertex 3");
    skin[3] = both;
    skin[4].weight[0] = NAN;
    refuse(skin, VERTICES, false, "vertex 4");
    skin[4].weight[0] = 0.4f;
    refuse(skin, VERTICES, false, "a sum of 1");
}

int main(void)
{
    test_hinge();
    test_arc_normals();
    test_normals();
    test_keys();
    test_still();
    test_refusals();
    return check_end();
}
