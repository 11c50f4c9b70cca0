// surroundings_test.c: what is put around real networks repeats to the byte, is bounded, keeps clear
// of the lanes, and is called by its right name.
#include "procedural/placement/surroundings.h"
#include "engine/road/opendrive.h"
#include "engine/road/road_mesh.h"
#include "procedural/props/prop.h"
#include "procedural/surfaces/footprint.h"
#include "procedural/terrain/terrain.h"
#include "tests/procedural/scene_support.h"

#define TALL_M 3.8 // a truck's height: what hangs higher may reach over the lanes

// Sanitized code is ten times slower: a map of each kind, once, goes everywhere it can.
#if defined(__SANITIZE_ADDRESS__)
#define EVERY_MAP false
#else
#define EVERY_MAP true
#endif

typedef struct place {
    bt_road_network *net;
    bt_world *world;
    bt_surroundings_result result;
} place;

static bool make_place(const char *path, const bt_surroundings_params *params, place *made)
{
    *made = (place){0};
    if (bt_opendrive_load(path, &made->net) != BT_OK) return false;
    bt_spec *spec = support_spec();
    CHECK_OK(bt_surroundings_generate(spec, made->net, params, &made->result));
    CHECK_OK(bt_surroundings_add_signals(spec, made->net, &made->result));
    CHECK_OK(bt_world_compile(spec, &made->world));
    bt_spec_destroy(spec);
    return made->world != NULL;
}

static void clear_place(place *made)
{
    bt_surroundings_result_clear(&made->result);
    bt_world_destroy(made->world);
    bt_road_network_destroy(made->net);
}

// Maps beside the checkout, where there are any.
static bool make_shared(const char *name, const bt_surroundings_params *params, place *made)
{
    for (int up = 1; up <= 2; up++) {
        char path[256];
        snprintf(path, sizeof path, "%s../shared/data/opendrive/%s.xodr", up == 2 ? "../" : "",
                 name);
        if (make_place(path, params, made)) return true;
        clear_place(made);
    }
    return false;
}

// ---- checks -----------------------------------------------------------------------------------

static void check_sound(const place *made)
{
    const bt_world *w = made->world;
    bool finite = true, named = true, placed = true;
    for (size_t i = 0; i < 3 * (size_t)w->vertex_count; i++)
        finite = finite && isfinite(w->positions[i]) && fabsf(w->positions[i]) < 2.0e4f;
    for (uint32_t i = 0; i < w->slot_count; i++)
        named =
            named && w->slots[i].class_id != BT_CLASS_NONE && w->slots[i].class_id < BT_CLASS_COUNT;
    for (uint32_t i = 0; i < w->static_count; i++) {
        const bt_pose *pose = &w->statics[i].world_from_mesh;
        double turn = pose->rot.w * pose->rot.w + pose->rot.x * pose->rot.x +
                      pose->rot.y * pose->rot.y + pose->rot.z * pose->rot.z;
        placed = placed && isfinite(pose->pos.x + pose->pos.y + pose->pos.z) &&
                 fabs(turn - 1.0) < 1e-6 && w->statics[i].scale > 0.0;
    }
    CHECK(finite);
    CHECK(named);
    CHECK(placed);
}

static void check_bounded(const place *made)
{
    CHECK(made->world->static_count <= 80000);
    CHECK(made->world->object_count <= 65535);
    CHECK(made->world->triangle_count < 6000000);
}

// Pieces of outer edge where the ground beside is not just below: more than 10 cm under the surface
// (bridges and banks apart) or above it.
static double gap_share(const place *made)
{
    bt_road_mesh *mesh;
    bt_footprint *footprint;
    bt_terrain *terrain;
    bt_terrain_desc desc = {.seed = 1, .far_radius_m = 300.0};
    CHECK_OK(bt_road_mesh_build(made->net, NULL, &mesh));
    CHECK_OK(bt_footprint_create(mesh, &footprint));
    CHECK_OK(bt_terrain_create(footprint, &desc, &terrain));
    uint32_t bad = 0, count = bt_footprint_edge_count(footprint);
    for (uint32_t i = 0; i < count; i++) {
        const bt_edge_sample *e = bt_footprint_edge(footprint, i);
        double ground = bt_terrain_height(terrain, e->pos_world_m.x + 0.1 * e->out_x,
                                          e->pos_world_m.y + 0.1 * e->out_y);
        double gap = e->pos_world_m.z - ground;
        bad += gap < -0.01 || (gap > 0.1 && gap < 2.0);
    }
    bt_terrain_destroy(terrain);
    bt_footprint_destroy(footprint);
    bt_road_mesh_destroy(mesh);
    return count > 0 ? (double)bad / count : 1.0;
}

// Vertices of things with an identity (trees, houses, poles) that are lower than a truck and lie
// over a lane for vehicles. Things the file itself puts on the road are not ours to judge.
static size_t count_intruders(const place *made)
{
    bt_road_mesh *mesh;
    bt_footprint *footprint;
    CHECK_OK(bt_road_mesh_build(made->net, NULL, &mesh));
    CHECK_OK(bt_footprint_create(mesh, &footprint));
    const bt_world *w = made->world;
    size_t intruders = 0;
    for (uint32_t i = 0; i < w->static_count; i++) {
        const bt_world_static *s = &w->statics[i];
        if (s->object_id == 0) continue;
        if (w->objects[s->object_id].class_id == BT_CLASS_TRAFFIC_SIGN)
            continue; // the file's place
        const bt_world_mesh *m = &w->meshes[s->mesh];
        const float *p = w->positions + 3 * (size_t)m->first_vertex;
        uint32_t stride = m->vertex_count / 300 + 1;
        for (uint32_t v = 0; v < m->vertex_count; v += stride) {
            bt_vec3 at = {(double)p[3 * v], (double)p[3 * v + 1], (double)p[3 * v + 2]};
            at = bt_pose_point(s->world_from_mesh, bt_vec3_scale(at, s->scale));
            bt_footprint_hit hits[4];
            uint32_t count = bt_footprint_hits(footprint, at.x, at.y, hits, 4);
            for (uint32_t k = 0; k < count; k++) {
                bool lane = hits[k].kind == BT_SURFACE_ASPHALT || hits[k].kind == BT_SURFACE_BIKING;
                double above = at.z - hits[k].height_m;
                if (!lane || above < 0.05 || above > TALL_M) continue;
                if (intruders++ == 0)
                    fprintf(stderr, "    '%s' over a lane at %.1f %.1f\n",
                            bt_world_name(w, w->objects[s->object_id].name), at.x, at.y);
                v = m->vertex_count;
                break;
            }
        }
    }
    bt_footprint_destroy(footprint);
    bt_road_mesh_destroy(mesh);
    return intruders;
}

static size_t count_class(const bt_world *world, bt_class class_id)
{
    size_t count = 0;
    for (uint32_t i = 1; i < world->object_count; i++)
        count += world->objects[i].class_id == class_id;
    return count;
}

// ---- maps -------------------------------------------------------------------------------------

static void test_town(void)
{
    bt_surroundings_params params = {.seed = 3, .far_radius_m = 500.0};
    place town, again;
    CHECK(make_place("assets/maps/town.xodr", &params, &town));
    if (!town.world) return;
    check_sound(&town);
    check_bounded(&town);
    CHECK(count_intruders(&town) == 0);
    CHECK(gap_share(&town) == 0.0);
    CHECK(count_class(town.world, BT_CLASS_BUILDING) > 30);
    CHECK(count_class(town.world, BT_CLASS_VEGETATION) > 300);
    CHECK(count_class(town.world, BT_CLASS_POLE) > 40);
    uint32_t lights = 0, plates = 0;
    for (uint32_t i = 0; i < bt_road_signal_count(town.net); i++) {
        const bt_signal *signal = bt_road_signal_get(town.net, i);
        if (!signal->dynamic) {
            plates += atoi(signal->type) != 294; // stop lines are painted
            continue;
        }
        const bt_signal_actor *actor = &town.result.signals[lights++];
        CHECK(actor->signal == i && actor->actor < town.world->actor_count);
        CHECK(town.world->actors[actor->actor].class_id == BT_CLASS_TRAFFIC_LIGHT);
    }
    CHECK(town.result.signal_count == lights);
    CHECK(count_class(town.world, BT_CLASS_TRAFFIC_SIGN) == plates);
    CHECK(town.result.parking_count > 10);
    if (EVERY_MAP) {
        CHECK(make_place("assets/maps/town.xodr", &params, &again));
        CHECK(strcmp(support_world_hash(town.world).hex, support_world_hash(again.world).hex) == 0);
        clear_place(&again);
    }
    clear_place(&town);
}

static void test_map(const char *name)
{
    bt_surroundings_params params = {.seed = 1, .far_radius_m = 400.0, .density = 0.6};
    place made;
    if (!make_shared(name, &params, &made)) {
        printf("skipped: no %s\n", name);
        return;
    }
    check_sound(&made);
    check_bounded(&made);
    CHECK(gap_share(&made) < 0.005); // where roads cross askew at little height
    size_t intruders = count_intruders(&made);
    if (intruders) fprintf(stderr, "    %zu things over the lanes of %s\n", intruders, name);
    CHECK(intruders == 0);
    clear_place(&made);
}

// A camera's neighbourhood in detail, the rest coarse: fewer triangles. Another seed, another place.
static void test_focus(void)
{
    place wide, focused;
    bt_vec3 focus = {0.0, 0.0, 0.0};
    bt_surroundings_params params = {.seed = 1, .far_radius_m = 300.0, .no_plants = true};
    CHECK(make_place("assets/maps/town.xodr", &params, &wide));
    params.focus_world_m = &focus;
    params.focus_count = 1;
    params.focus_radius_m = 40.0;
    params.seed = 2;
    CHECK(make_place("assets/maps/town.xodr", &params, &focused));
    if (wide.world && focused.world) {
        CHECK(focused.world->triangle_count < wide.world->triangle_count);
        CHECK(strcmp(support_world_hash(wide.world).hex, support_world_hash(focused.world).hex));
    }
    clear_place(&wide);
    clear_place(&focused);
}

// A scene that gives its geometry away is the same world, and takes no mesh any more.
static void check_two_steps(bt_spec *spec, const bt_world *world)
{
    bt_world *taken = NULL;
    CHECK_OK(bt_world_compile_begin(spec, &taken));
    if (!taken || !world) return;
    CHECK_OK(bt_world_compile_end(spec, taken));
    CHECK(strcmp(support_world_hash(world).hex, support_world_hash(taken).hex) == 0);
    CHECK(bt_prop_block_build(spec, "wood", BT_CLASS_PROP, 1.0, 1.0, 1.0, &(uint32_t){0}) ==
          BT_ERR_INTERNAL);
    bt_world_destroy(taken);
}

// Nothing at all, and a road from here to the next country: ground all the same.
static void test_odd_networks(void)
{
    static const char *const files[] = {
        "<OpenDRIVE><header revMajor=\"1\" revMinor=\"4\"/></OpenDRIVE>",
        "<OpenDRIVE><header revMajor=\"1\" revMinor=\"4\"/><road name=\"\" length=\"120000\" "
        "id=\"1\" "
        "junction=\"-1\"><planView><geometry s=\"0\" x=\"0\" y=\"0\" hdg=\"0.7\" "
        "length=\"120000\"><line/>"
        "</geometry></planView><lanes><laneSection s=\"0\"><center><lane id=\"0\" type=\"none\" "
        "level=\"false\"/></center><right><lane id=\"-1\" type=\"driving\" level=\"false\"><width "
        "sOffset=\"0\" a=\"3.5\" b=\"0\" c=\"0\" "
        "d=\"0\"/></lane></right></laneSection></lanes></road>"
        "</OpenDRIVE>"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        bt_surroundings_params params = {.far_radius_m = 300.0, .no_plants = true};
        place made = {0};
        CHECK_OK(bt_opendrive_parse("odd.xodr", files[i], strlen(files[i]), &made.net));
        bt_spec *spec = support_spec();
        CHECK_OK(bt_surroundings_generate(spec, made.net, &params, &made.result));
        CHECK_OK(bt_world_compile(spec, &made.world));
        if (made.world) check_bounded(&made);
        check_two_steps(spec, made.world);
        bt_spec_destroy(spec);
        clear_place(&made);
    }
}

// A material that is missing is said by name.
static void test_missing_material(void)
{
    bt_road_network *net;
    bt_spec *spec;
    bt_surroundings_result result;
    CHECK_OK(bt_opendrive_load("assets/maps/town.xodr", &net));
    CHECK_OK(bt_spec_create(&spec));
    CHECK(bt_surroundings_generate(spec, net, NULL, &result) != BT_OK);
    CHECK(result.signal_count == 0 && result.signals == NULL);
    CHECK_CONTAINS(bt_error_message(), "asphalt");
    bt_spec_destroy(spec);
    bt_road_network_destroy(net);
}

int main(void)
{
    test_town();
    if (EVERY_MAP) test_map("carla/Town03");
    test_map("esmini/e6mini-lht");
    if (EVERY_MAP) test_focus();
    test_odd_networks();
    test_missing_material();
    return check_end();
}
