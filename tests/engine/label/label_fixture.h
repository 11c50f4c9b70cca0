// label_fixture.h: a small world whose motion is known in closed form, and a clip of it.
//
// The simulation is played: the few functions of sim.h that labels use are defined here, so that
// every pose, velocity and signal is exact. World: ground, a wall, a tower; actors: the ego with a
// windshield and a hood, an oncoming car, a parked car behind the wall, a car beside the ego, a
// walker, a signal head.
#ifndef BT_TESTS_LABEL_FIXTURE_H
#define BT_TESTS_LABEL_FIXTURE_H

#include "engine/core/memory.h"
#include "engine/label/clip.h"
#include "engine/road/opendrive.h"
#include "tests/support/check.h"
#include "tests/support/skies.h"

#include <stdlib.h>

// ---- a played simulation ----------------------------------------------------------------------
enum {
    ACTOR_EGO,
    ACTOR_ONCOMING,
    ACTOR_PARKED,
    ACTOR_BESIDE,
    ACTOR_WALKER,
    ACTOR_HEAD,
    ACTOR_COUNT
};

struct bt_sim {
    bt_road_network *net;
};
struct bt_state {
    bt_time_ns time_ns;
    bt_motion motions[ACTOR_COUNT];
};

#define EGO_SPEED_M_S 8.0
#define EGO_YAW_RATE_RAD_S 0.15

static inline bt_motion straight_motion(bt_vec3 start, bt_vec3 velocity, double yaw, double t)
{
    bt_motion m = {
        .velocity_m_s = velocity, .speed_m_s = bt_vec3_length(velocity), .lane = BT_ROAD_NONE};
    m.pose.world_from_actor =
        (bt_pose){bt_vec3_mad(start, velocity, t), bt_quat_yaw_pitch_roll(yaw, 0, 0)};
    for (int i = BT_CHANNEL_SPIN_FRONT_LEFT; i <= BT_CHANNEL_SPIN_REAR_RIGHT; i++) {
        m.pose.channel_rad[i] = m.speed_m_s * t / 0.35;
    }
    return m;
}

static inline bt_motion ego_motion(double t)
{
    double yaw = EGO_YAW_RATE_RAD_S * t, radius = EGO_SPEED_M_S / EGO_YAW_RATE_RAD_S;
    bt_motion m = {.speed_m_s = EGO_SPEED_M_S, .steer_rad = 0.05, .lane = BT_ROAD_NONE};
    m.pose.world_from_actor = (bt_pose){{radius * sin(yaw), radius * (1.0 - cos(yaw)), 0.0},
                                        bt_quat_yaw_pitch_roll(yaw, 0, 0)};
    m.velocity_m_s = (bt_vec3){EGO_SPEED_M_S * cos(yaw), EGO_SPEED_M_S * sin(yaw), 0.0};
    m.acceleration_m_s2 = (bt_vec3){-EGO_SPEED_M_S * EGO_YAW_RATE_RAD_S * sin(yaw),
                                    EGO_SPEED_M_S * EGO_YAW_RATE_RAD_S * cos(yaw), 0.0};
    m.angular_velocity_rad_s = (bt_vec3){0.0, 0.0, EGO_YAW_RATE_RAD_S};
    return m;
}

// Where everybody is at any time, exactly.
static inline bt_motion exact_motion(uint32_t actor, double t)
{
    bt_motion m;
    switch (actor) {
    case ACTOR_EGO:
        return ego_motion(t);
    case ACTOR_ONCOMING:
        return straight_motion((bt_vec3){30, 4, 0}, (bt_vec3){-10, 0, 0}, BT_PI, t);
    case ACTOR_PARKED:
        return straight_motion((bt_vec3){16, -7, 0}, (bt_vec3){0, 0, 0}, 0, t);
    case ACTOR_BESIDE:
        return straight_motion((bt_vec3){5, 3.5, 0}, (bt_vec3){9, 0, 0}, 0, t);
    case ACTOR_WALKER:
        m = straight_motion((bt_vec3){12, -2, 0}, (bt_vec3){0, 1.4, 0}, 0.5 * BT_PI, t);
        m.pose.channel_rad[BT_CHANNEL_HIP_LEFT] = 0.4 * sin(6.0 * t);
        return m;
    default:
        return straight_motion((bt_vec3){20, -4, 4}, (bt_vec3){0, 0, 0}, BT_PI, t);
    }
}

static inline void play_state(bt_state *state, bt_time_ns time_ns)
{
    state->time_ns = time_ns;
    for (uint32_t i = 0; i < ACTOR_COUNT; i++) {
        state->motions[i] = exact_motion(i, bt_seconds(time_ns));
    }
    state->motions[ACTOR_HEAD].pose.lamps =
        time_ns < 200 * BT_NS_PER_MS ? BT_LAMP_SIGNAL_RED : BT_LAMP_SIGNAL_GREEN;
}

uint32_t bt_sim_actor_count(const bt_sim *sim)
{
    (void)sim;
    return ACTOR_COUNT;
}
uint32_t bt_sim_ego(const bt_sim *sim)
{
    (void)sim;
    return ACTOR_EGO;
}
const bt_road_network *bt_sim_network(const bt_sim *sim)
{
    return sim->net;
}
bt_time_ns bt_state_time_ns(const bt_state *state)
{
    return state->time_ns;
}
const bt_motion *bt_state_motion(const bt_state *state, uint32_t actor)
{
    return &state->motions[actor];
}
bt_signal_phase bt_state_signal(const bt_state *state, uint32_t signal)
{
    (void)signal;
    return state->time_ns < 200 * BT_NS_PER_MS ? BT_PHASE_RED : BT_PHASE_GREEN;
}

// ---- the map ----------------------------------------------------------------------------------
static const char fixture_xodr[] =
    "<?xml version=\"1.0\"?>\n<OpenDRIVE><header revMajor=\"1\" revMinor=\"6\"/>\n"
    "<road name=\"r\" length=\"60\" id=\"1\" junction=\"-1\">\n"
    "<planView><geometry s=\"0\" x=\"0\" y=\"1.75\" hdg=\"0\" length=\"60\"><line/></geometry>"
    "</planView>\n<lanes><laneSection s=\"0\">\n"
    "<left><lane id=\"1\" type=\"driving\"><width sOffset=\"0\" a=\"3.5\" b=\"0\" c=\"0\" d=\"0\"/>"
    "</lane></left>\n<center><lane id=\"0\" type=\"none\"/></center>\n"
    "<right><lane id=\"-1\" type=\"driving\"><width sOffset=\"0\" a=\"3.5\" b=\"0\" c=\"0\" "
    "d=\"0\"/>"
    "</lane><lane id=\"-2\" type=\"sidewalk\"><width sOffset=\"0\" a=\"2\" b=\"0\" c=\"0\" "
    "d=\"0\"/>"
    "</lane></right>\n</laneSection></lanes>\n"
    "<objects><object id=\"c\" type=\"crosswalk\" s=\"30\" t=\"0\" zOffset=\"0\" hdg=\"0\" "
    "length=\"3\" width=\"7\" height=\"0\"/></objects>\n"
    "<signals><signal id=\"s1\" name=\"light\" s=\"20\" t=\"-5\" dynamic=\"yes\" orientation=\"+\" "
    "zOffset=\"4\" country=\"OpenDRIVE\" type=\"1000001\" subtype=\"-1\" value=\"-1\" "
    "width=\"0.3\" height=\"0.9\"/></signals>\n</road></OpenDRIVE>\n";

// ---- meshes and models ------------------------------------------------------------------------
typedef struct fixture {
    bt_spec *spec;
    bt_world *world;
    bt_renderer *renderer;
    bt_pose_history *history;
    bt_track *track;
    bt_sim sim;
    bt_jobs *jobs;
    bt_view views[2]; // pinhole with distortion, fisheye
    uint32_t paint, glass;
    bool skin; // the walker is a skin that moves exactly as the parts do
} fixture;

// An axis-aligned box, six faces of their own vertices: 24 of them, numbered from `first`.
static inline void box_fill(bt_vec3 low, bt_vec3 high, uint32_t first, float positions[72],
                            uint32_t indices[36])
{
    static const int faces[6][4] = {{0, 2, 3, 1}, {4, 5, 7, 6}, {0, 1, 5, 4},
                                    {2, 6, 7, 3}, {0, 4, 6, 2}, {1, 3, 7, 5}};
    uint32_t at = 0;
    for (int face = 0; face < 6; face++) {
        for (int corner = 0; corner < 4; corner++) {
            int c = faces[face][corner];
            float *p = positions + 3 * (4 * face + corner);
            p[0] = (float)(c & 1 ? high.x : low.x);
            p[1] = (float)(c & 2 ? high.y : low.y);
            p[2] = (float)(c & 4 ? high.z : low.z);
        }
        const uint32_t quad[6] = {0, 1, 2, 0, 2, 3};
        for (int i = 0; i < 6; i++)
            indices[at++] = first + (uint32_t)(4 * face) + quad[i];
    }
}

static inline uint32_t boxes_mesh(fixture *f, const float *positions, const uint32_t *indices,
                                  uint32_t boxes, uint32_t material, bt_class class_id)
{
    const bt_slot slot = {material, class_id};
    bt_mesh_desc desc = {.name = "box",
                         .positions = positions,
                         .vertex_count = 24 * boxes,
                         .indices = indices,
                         .triangle_count = 12 * boxes,
                         .slots = &slot,
                         .slot_count = 1};
    uint32_t mesh = 0;
    CHECK_OK(bt_spec_add_mesh(f->spec, &desc, &mesh));
    return mesh;
}

static inline uint32_t box_mesh(fixture *f, bt_vec3 low, bt_vec3 high, uint32_t material,
                                bt_class class_id)
{
    float positions[72];
    uint32_t indices[36];
    box_fill(low, high, 0, positions, indices);
    return boxes_mesh(f, positions, indices, 1, material, class_id);
}

static inline bt_part_desc fixed_part(const char *name, uint32_t mesh)
{
    return (bt_part_desc){.name = name,
                          .mesh = mesh,
                          .parent = BT_NO_INDEX,
                          .rest = BT_POSE_IDENTITY,
                          .axis = {0, 1, 0},
                          .channel = -1};
}

static inline uint32_t add_model(fixture *f, const char *name, bt_class class_id,
                                 const bt_part_desc *parts, uint32_t part_count, bt_vec3 low,
                                 bt_vec3 high)
{
    const bt_keypoint_desc keypoints[2] = {
        {"top", BT_NO_INDEX, {0.5 * (low.x + high.x), 0.5 * (low.y + high.y), high.z}},
        {"last_part", part_count - 1, {0, 0, 0}}};
    const bt_cuboid_desc cuboid = {
        class_id, BT_NO_INDEX, bt_vec3_scale(bt_vec3_add(low, high), 0.5), bt_vec3_sub(high, low)};
    bt_model_desc desc = {.name = name,
                          .class_id = class_id,
                          .parts = parts,
                          .part_count = part_count,
                          .keypoints = keypoints,
                          .keypoint_count = 2,
                          .cuboids = &cuboid,
                          .cuboid_count = 1};
    uint32_t model = 0;
    CHECK_OK(bt_spec_add_model(f->spec, &desc, &model));
    return model;
}

static inline uint32_t car_model(fixture *f)
{
    bt_part_desc parts[5];
    bt_vec3 low = {-1.0, -0.9, 0.25}, high = {3.6, 0.9, 1.5};
    parts[0] = fixed_part("body", box_mesh(f, low, high, f->paint, BT_CLASS_CAR));
    uint32_t wheel = box_mesh(f, (bt_vec3){-0.24, -0.1, -0.24}, (bt_vec3){0.24, 0.1, 0.24},
                              f->paint, BT_CLASS_CAR);
    for (int i = 0; i < 4; i++) {
        parts[1 + i] = fixed_part("wheel", wheel);
        parts[1 + i].rest.pos = (bt_vec3){i < 2 ? 2.7 : 0.0, i % 2 ? -0.95 : 0.95, 0.35};
        parts[1 + i].channel = BT_CHANNEL_SPIN_FRONT_LEFT + i;
    }
    return add_model(f, "car", BT_CLASS_CAR, parts, 5, (bt_vec3){-1.0, -1.05, 0.0},
                     (bt_vec3){3.6, 1.05, 1.5});
}

// The walker's trunk and leg as one mesh, 36 vertices each since it is faceted.
static inline uint32_t walker_skin(fixture *f, bt_skin_vertex skin[72])
{
    float positions[144];
    uint32_t indices[72];
    box_fill((bt_vec3){-0.15, -0.25, 0.8}, (bt_vec3){0.15, 0.25, 1.75}, 0, positions, indices);
    box_fill((bt_vec3){-0.1, 0.0, 0.0}, (bt_vec3){0.1, 0.2, 0.8}, 24, positions + 72, indices + 36);
    for (int i = 0; i < 72; i++)
        skin[i] = (bt_skin_vertex){{(uint16_t)(i / 36)}, {1.0f, 0.0f, 0.0f, 0.0f}};
    return boxes_mesh(f, positions, indices, 2, f->paint, BT_CLASS_PERSON);
}

static inline uint32_t walker_model(fixture *f)
{
    bt_skin_vertex skin[72];
    bt_part_desc parts[2];
    parts[0] =
        fixed_part("trunk", box_mesh(f, (bt_vec3){-0.15, -0.25, 0.8}, (bt_vec3){0.15, 0.25, 1.75},
                                     f->paint, BT_CLASS_PERSON));
    parts[1] = fixed_part("leg", box_mesh(f, (bt_vec3){-0.1, -0.1, -0.8}, (bt_vec3){0.1, 0.1, 0.0},
                                          f->paint, BT_CLASS_PERSON));
    parts[1].rest.pos = (bt_vec3){0.0, 0.1, 0.8};
    parts[1].channel = BT_CHANNEL_HIP_LEFT;
    if (f->skin) {
        parts[0].mesh = walker_skin(f, skin);
        parts[0].skin = skin;
        parts[0].skin_count = 72;
        parts[1].mesh = BT_NO_INDEX;
    }
    return add_model(f, "walker", BT_CLASS_PERSON, parts, 2, (bt_vec3){-0.4, -0.3, 0.0},
                     (bt_vec3){0.4, 0.3, 1.75});
}

// A windshield right in front of the camera and a hood at the picture's lower edge.
static inline uint32_t ego_model(fixture *f)
{
    bt_part_desc parts[2];
    parts[0] = fixed_part("windshield", box_mesh(f, (bt_vec3){2.1, -1, 0.9},
                                                 (bt_vec3){2.105, 1, 1.8}, f->glass, BT_CLASS_EGO));
    parts[1] = fixed_part("hood", box_mesh(f, (bt_vec3){2.2, -0.8, 0.5}, (bt_vec3){3.4, 0.8, 0.8},
                                           f->paint, BT_CLASS_EGO));
    return add_model(f, "ego", BT_CLASS_EGO, parts, 2, (bt_vec3){-1, -1, 0},
                     (bt_vec3){3.5, 1, 1.8});
}

static inline void add_actors(fixture *f)
{
    uint32_t actor, car = car_model(f);
    bt_part_desc head =
        fixed_part("head", box_mesh(f, (bt_vec3){-0.1, -0.15, 0}, (bt_vec3){0.1, 0.15, 0.9},
                                    f->paint, BT_CLASS_TRAFFIC_LIGHT));
    uint32_t signal = add_model(f, "signal", BT_CLASS_TRAFFIC_LIGHT, &head, 1,
                                (bt_vec3){-0.1, -0.15, 0}, (bt_vec3){0.1, 0.15, 0.9});
    CHECK_OK(bt_spec_add_actor(f->spec, ego_model(f), "ego", BT_CLASS_EGO, &actor));
    CHECK_OK(bt_spec_add_actor(f->spec, car, "oncoming", BT_CLASS_CAR, &actor));
    CHECK_OK(bt_spec_add_actor(f->spec, car, "parked", BT_CLASS_CAR, &actor));
    CHECK_OK(bt_spec_add_actor(f->spec, car, "beside", BT_CLASS_CAR, &actor));
    CHECK_OK(bt_spec_add_actor(f->spec, walker_model(f), "walker", BT_CLASS_PERSON, &actor));
    CHECK_OK(bt_spec_add_actor(f->spec, signal, "head", BT_CLASS_TRAFFIC_LIGHT, &actor));
}

static inline void add_static(fixture *f, const char *name, bt_vec3 low, bt_vec3 high,
                              bt_class class_id, bool object)
{
    uint32_t id = 0, mesh = box_mesh(f, low, high, f->paint, class_id);
    if (object) CHECK_OK(bt_spec_add_object(f->spec, name, class_id, &id));
    CHECK_OK(bt_spec_add_static(f->spec, mesh, BT_POSE_IDENTITY, 1.0, id));
}

static inline void add_materials(fixture *f)
{
    const double nm[2] = {380.0, 780.0}, grey[2] = {0.3, 0.3}, clear[2] = {0.95, 0.95};
    uint32_t spectra[2];
    CHECK_OK(bt_spec_add_spectrum(f->spec, "grey", nm, grey, 2, &spectra[0]));
    CHECK_OK(bt_spec_add_spectrum(f->spec, "clear", nm, clear, 2, &spectra[1]));
    bt_material paint = {.kind = BT_MATERIAL_DIFFUSE,
                         .reflectance = spectra[0],
                         .reflectance2 = BT_NO_SPECTRUM,
                         .emission = BT_NO_SPECTRUM};
    bt_material glass = paint;
    glass.kind = BT_MATERIAL_GLASS_THIN;
    glass.reflectance = spectra[1];
    CHECK_OK(bt_spec_add_material(f->spec, "paint", &paint, &f->paint));
    CHECK_OK(bt_spec_add_material(f->spec, "glass", &glass, &f->glass));
}

static inline void make_views(fixture *f, uint32_t width, uint32_t height)
{
    bt_pose mount = {{1.9, 0.1, 1.35}, bt_quat_vehicle_from_camera()};
    mount.rot = bt_quat_mul(bt_quat_yaw_pitch_roll(0.02, 0.06, 0.01), mount.rot);
    bt_view view = {.width_px = width,
                    .height_px = height,
                    .vehicle_from_cam = mount,
                    .row_time_ns = 15e6 / height,
                    .exposure_ns = 4e6,
                    .band_count = 1};
    view.lens = (bt_lens){.kind = BT_LENS_PINHOLE,
                          .fx = 0.7f * (float)width,
                          .fy = 0.7f * (float)width,
                          .cx = 0.5f * (float)width,
                          .cy = 0.5f * (float)height - 1.5f,
                          .k = {-0.1f, 0.02f, 0.001f, -0.0005f},
                          .theta_max_rad = 1.0f};
    f->views[0] = view;
    view.lens = (bt_lens){.kind = BT_LENS_FISHEYE,
                          .fx = 0.3f * (float)width,
                          .fy = 0.3f * (float)width,
                          .cx = 0.5f * (float)width - 0.5f,
                          .cy = 0.5f * (float)height - 0.5f,
                          .k = {-0.02f, 0.002f},
                          .theta_max_rad = 1.6f};
    f->views[1] = view;
}

// ---- the whole --------------------------------------------------------------------------------
#define FIXTURE_TICKS 60

static inline void play_ticks(fixture *f)
{
    bt_state state;
    bt_actor_pose poses[ACTOR_COUNT];
    for (int tick = 0; tick < FIXTURE_TICKS; tick++) {
        play_state(&state, tick * 10 * BT_NS_PER_MS);
        for (int i = 0; i < ACTOR_COUNT; i++)
            poses[i] = state.motions[i].pose;
        CHECK_OK(bt_pose_history_push(f->history, state.time_ns, poses));
        CHECK_OK(bt_track_push(f->track, &state));
    }
}

static inline void fixture_begin_with(fixture *f, uint32_t width, uint32_t height, uint32_t threads,
                                      bool skin)
{
    *f = (fixture){.skin = skin};
    make_views(f, width, height);
    CHECK_OK(bt_jobs_create(threads, &f->jobs));
    CHECK_OK(
        bt_opendrive_parse("fixture.xodr", fixture_xodr, sizeof fixture_xodr - 1, &f->sim.net));
    CHECK_OK(bt_spec_create(&f->spec));
    add_materials(f);
    add_static(f, "road", (bt_vec3){0, -3.75, -1}, (bt_vec3){60, 5.25, 0}, BT_CLASS_ROAD, false);
    add_static(f, "ground", (bt_vec3){-200, -100, -1}, (bt_vec3){200, 100, -0.05}, BT_CLASS_TERRAIN,
               false);
    add_static(f, "wall", (bt_vec3){13, -9, 0}, (bt_vec3){13.4, -5.5, 2.2}, BT_CLASS_WALL, true);
    add_static(f, "tower", (bt_vec3){40, -12, 0}, (bt_vec3){50, -6, 30}, BT_CLASS_BUILDING, true);
    add_actors(f);
    bt_spec_set_weather(f->spec, &(bt_weather){.sun_azimuth_rad = 0.6, .sun_elevation_rad = 0.7});
    CHECK_OK(bt_world_compile(f->spec, &f->world));
    CHECK_OK(skies_renderer_create(f->world, &f->renderer));
    CHECK_OK(bt_pose_history_create(f->world, FIXTURE_TICKS, &f->history));
    CHECK_OK(bt_track_create(&f->sim, FIXTURE_TICKS, &f->track));
    play_ticks(f);
}

static inline void fixture_begin(fixture *f, uint32_t width, uint32_t height, uint32_t threads)
{
    fixture_begin_with(f, width, height, threads, false);
}

static inline void fixture_end(fixture *f)
{
    bt_track_destroy(f->track);
    bt_pose_history_destroy(f->history);
    skies_destroy(f->world, f->renderer);
    bt_spec_destroy(f->spec);
    bt_road_network_destroy(f->sim.net);
    bt_jobs_destroy(f->jobs);
}

static inline bt_snapshot *fixture_snapshot(const fixture *f, const bt_view *view,
                                            bt_time_ns label_time_ns)
{
    bt_snapshot *snapshot = NULL;
    bt_snapshot_desc desc = {.camera_actor = ACTOR_EGO, .actor_from_cam = view->vehicle_from_cam};
    bt_view_interval_ns(view, label_time_ns, &desc.open_ns, &desc.close_ns);
    CHECK_OK(bt_snapshot_create(f->world, f->history, &desc, &snapshot));
    return snapshot;
}

#endif
