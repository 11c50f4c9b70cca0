// truth_json.c: the world and what each camera sees of it, as JSON.
#include "engine/label/truth_json.h"

#include "engine/core/memory.h"
#include "engine/label/label_internal.h"
#include "engine/sim/standing.h"

#include <math.h>
#include <string.h>

// A keypoint lies inside its body (a wheel's centre, a joint): it counts as seen when the surface in
// front of it is no nearer than this.
#define KEYPOINT_DEPTH_M 0.15 // chosen: half the width of a tyre, the thickness of a limb

const char *truth_lamp_name(uint32_t bit)
{
    static const char *const names[] = {
        "low_beam", "tail",        "brake",        "indicator_left", "indicator_right",
        "reverse",  "signal_red",  "signal_amber", "signal_green",   "high_beam",
        "day",      "beacon_left", "beacon_right", "halt_left",      "halt_right"};
    return bit < sizeof names / sizeof names[0] ? names[bit] : NULL;
}

const char *truth_channel_name(uint32_t channel)
{
    static const char *const names[BT_CHANNEL_COUNT] = {
        [BT_CHANNEL_STEER_LEFT] = "steer_left",
        [BT_CHANNEL_STEER_RIGHT] = "steer_right",
        [BT_CHANNEL_SPIN_FRONT_LEFT] = "spin_front_left",
        [BT_CHANNEL_SPIN_FRONT_RIGHT] = "spin_front_right",
        [BT_CHANNEL_SPIN_REAR_LEFT] = "spin_rear_left",
        [BT_CHANNEL_SPIN_REAR_RIGHT] = "spin_rear_right",
        [BT_CHANNEL_HITCH] = "hitch",
        [BT_CHANNEL_SPIN_TRAILER] = "spin_trailer",
        [BT_CHANNEL_HIP_LEFT] = "hip_left",
        [BT_CHANNEL_HIP_RIGHT] = "hip_right",
        [BT_CHANNEL_KNEE_LEFT] = "knee_left",
        [BT_CHANNEL_KNEE_RIGHT] = "knee_right",
        [BT_CHANNEL_ANKLE_LEFT] = "ankle_left",
        [BT_CHANNEL_ANKLE_RIGHT] = "ankle_right",
        [BT_CHANNEL_SHOULDER_LEFT] = "shoulder_left",
        [BT_CHANNEL_SHOULDER_RIGHT] = "shoulder_right",
        [BT_CHANNEL_ELBOW_LEFT] = "elbow_left",
        [BT_CHANNEL_ELBOW_RIGHT] = "elbow_right",
        [BT_CHANNEL_SPINE] = "spine",
        [BT_CHANNEL_HEAD] = "head",
        [BT_CHANNEL_TAIL] = "tail",
        [BT_CHANNEL_TRAVEL_FRONT_LEFT] = "travel_front_left",
        [BT_CHANNEL_TRAVEL_FRONT_RIGHT] = "travel_front_right",
        [BT_CHANNEL_TRAVEL_REAR_LEFT] = "travel_rear_left",
        [BT_CHANNEL_TRAVEL_REAR_RIGHT] = "travel_rear_right",
        [BT_CHANNEL_HITCH_PITCH] = "hitch_pitch",
        [BT_CHANNEL_STOP_ARM] = "stop_arm",
        [BT_CHANNEL_HIP_SIDE_LEFT] = "hip_side_left",
        [BT_CHANNEL_HIP_SIDE_RIGHT] = "hip_side_right",
        [BT_CHANNEL_CRANK] = "crank",
        [BT_CHANNEL_CANE] = "cane",
        [BT_CHANNEL_LIFT] = "lift",
        [BT_CHANNEL_SADDLE] = "saddle",
        [BT_CHANNEL_HITCH_ROLL] = "hitch_roll",
        [BT_CHANNEL_TRAVEL_TRAILER] = "travel_trailer_1_left",
        [BT_CHANNEL_TRAVEL_TRAILER + 1] = "travel_trailer_1_right",
        [BT_CHANNEL_TRAVEL_TRAILER + 2] = "travel_trailer_2_left",
        [BT_CHANNEL_TRAVEL_TRAILER + 3] = "travel_trailer_2_right",
        [BT_CHANNEL_TRAVEL_TRAILER + 4] = "travel_trailer_3_left",
        [BT_CHANNEL_TRAVEL_TRAILER + 5] = "travel_trailer_3_right",
    };
    return channel < BT_CHANNEL_COUNT ? names[channel] : NULL;
}

static const char *class_name(uint32_t class_id)
{
    return bt_class_get((bt_class)class_id)->name;
}

// ---- one actor --------------------------------------------------------------------------------
// An actor at one instant, with the frames of its parts.
typedef struct posed {
    const bt_world *world;
    const bt_sim *sim;
    uint32_t index;
    bt_motion motion;
    bt_pose *parts; // (parts of its model) world_from_part
} posed;

static const bt_world_actor *actor_of(const posed *p)
{
    return &p->world->actors[p->index];
}

static const bt_world_model *model_of(const posed *p)
{
    return &p->world->models[actor_of(p)->model];
}

static bt_pose part_pose(const posed *p, uint32_t part)
{
    return part == BT_NO_INDEX ? p->motion.pose.world_from_actor : p->parts[part];
}

static bt_status posed_at(posed *p, const bt_track *track, bt_time_ns time_ns)
{
    bt_status status = bt_track_motion(track, time_ns, p->index, &p->motion);
    p->sim = bt_track_sim(track);
    if (status == BT_OK) bt_world_actor_parts(p->world, p->index, &p->motion.pose, p->parts);
    return status;
}

static bt_status posed_init(posed *p, const bt_world *world, uint32_t index)
{
    *p = (posed){.world = world, .index = index};
    p->parts = bt_alloc(model_of(p)->part_count, sizeof *p->parts);
    return p->parts != NULL ? BT_OK : bt_fail(BT_ERR_MEMORY, "no memory for an actor's parts");
}

static json_t *cuboids_json(json_maker *m, const posed *p)
{
    const bt_world_model *model = model_of(p);
    json_t *cuboids = json_array();
    for (uint32_t i = 0; i < model->cuboid_count; i++) {
        const bt_cuboid_desc *cuboid = &p->world->cuboids[model->first_cuboid + i];
        bt_pose pose = part_pose(p, cuboid->part);
        json_t *o = json_object();
        out_put(m, o, "class", json_string(class_name(cuboid->class_id)));
        out_put(m, o, "centre_m", out_vec3(m, bt_pose_point(pose, cuboid->centre_m)));
        out_put(m, o, "rot_wxyz", out_quat(m, pose.rot));
        out_put(m, o, "size_m", out_vec3(m, cuboid->size_m));
        out_add(m, cuboids, o);
    }
    return cuboids;
}

static json_t *articulation_json(json_maker *m, const posed *p)
{
    bool used[BT_CHANNEL_COUNT] = {false};
    const bt_world_model *model = model_of(p);
    for (uint32_t i = 0; i < model->part_count; i++) {
        int32_t channel = p->world->parts[model->first_part + i].channel;
        if (channel >= 0 && channel < BT_CHANNEL_COUNT) used[channel] = true;
    }
    json_t *o = json_object();
    for (uint32_t i = 0; i < BT_CHANNEL_COUNT; i++) {
        if (!used[i]) continue;
        out_put(m, o, truth_channel_name(i), out_real(p->motion.pose.channel_rad[i]));
    }
    return o;
}

static json_t *keypoints_json(json_maker *m, const posed *p)
{
    const bt_world_model *model = model_of(p);
    json_t *keypoints = json_array();
    for (uint32_t i = 0; i < model->keypoint_count; i++) {
        const bt_world_keypoint *k = &p->world->keypoints[model->first_keypoint + i];
        json_t *o = json_object();
        out_put(m, o, "name", json_string(bt_world_name(p->world, k->name)));
        out_put(m, o, "pos_m", out_vec3(m, bt_pose_point(part_pose(p, k->part), k->pos_part_m)));
        out_add(m, keypoints, o);
    }
    return keypoints;
}

static json_t *lamps_json(json_maker *m, uint32_t lamps)
{
    json_t *names = json_array();
    for (uint32_t bit = 0; truth_lamp_name(bit) != NULL; bit++) {
        if (lamps >> bit & 1u) out_add(m, names, json_string(truth_lamp_name(bit)));
    }
    return names;
}

// null until it crashes; then its hardest impact so far.
static json_t *with_json(json_maker *m, const posed *p)
{
    const bt_standing *thing = bt_sim_standing(p->sim, p->motion.impact_standing);
    uint32_t other = p->motion.impact_actor;
    bool known = thing || other < p->world->actor_count;
    if (!known) return json_null();
    const bt_world_actor *actor = thing ? NULL : &p->world->actors[other];
    json_t *o = json_object();
    out_put(m, o, "id", json_integer(thing ? thing->id : actor->object_id));
    out_put(m, o, "name", json_string(thing ? thing->name : bt_world_name(p->world, actor->name)));
    out_put(m, o, "class", json_string(class_name(thing ? thing->class_id : actor->class_id)));
    return o;
}

static json_t *crash_json(json_maker *m, const posed *p)
{
    const bt_motion *motion = &p->motion;
    if (!motion->wreck) return json_null();
    json_t *o = json_object();
    out_put(m, o, "closing_m_s", out_real(motion->impact_closing_m_s));
    out_put(m, o, "delta_v_m_s", out_real(motion->impact_delta_v_m_s));
    out_put(m, o, "impulse_ns", out_real(motion->impulse_ns));
    out_put(m, o, "with", with_json(m, p));
    return o;
}

static json_t *actor_json(json_maker *m, const posed *p)
{
    const bt_motion *motion = &p->motion;
    json_t *o = json_object();
    out_put(m, o, "id", json_integer(actor_of(p)->object_id));
    out_put(m, o, "name", json_string(bt_world_name(p->world, actor_of(p)->name)));
    out_put(m, o, "class", json_string(class_name(actor_of(p)->class_id)));
    out_put(m, o, "world_from_actor", out_pose(m, motion->pose.world_from_actor));
    out_put(m, o, "velocity_m_s", out_vec3(m, motion->velocity_m_s));
    out_put(m, o, "acceleration_m_s2", out_vec3(m, motion->acceleration_m_s2));
    out_put(m, o, "angular_velocity_rad_s", out_vec3(m, motion->angular_velocity_rad_s));
    out_put(m, o, "speed_m_s", out_real(motion->speed_m_s));
    out_put(m, o, "steer_rad", out_real(motion->steer_rad));
    out_put(m, o, "lane", motion->lane == BT_ROAD_NONE ? json_null() : json_integer(motion->lane));
    out_put(m, o, "cuboids", cuboids_json(m, p));
    out_put(m, o, "articulation_rad", articulation_json(m, p));
    out_put(m, o, "keypoints", keypoints_json(m, p));
    out_put(m, o, "lamps", lamps_json(m, motion->pose.lamps));
    out_put(m, o, "crash", crash_json(m, p));
    return o;
}

// ---- the world --------------------------------------------------------------------------------
static bt_status signals_json(json_maker *m, const bt_track *track, bt_time_ns time_ns,
                              json_t *line)
{
    static const char *const phases[] = {"off", "red", "red_amber", "amber", "green"};
    const bt_road_network *net = bt_sim_network(bt_track_sim(track));
    json_t *signals = json_array();
    out_put(m, line, "signals", signals);
    for (uint32_t i = 0; net != NULL && i < bt_road_signal_count(net); i++) {
        const bt_signal *signal = bt_road_signal_get(net, i);
        if (!signal->dynamic) continue;
        bt_signal_phase phase;
        bt_status status = bt_track_signal(track, time_ns, i, &phase);
        if (status != BT_OK) return status;
        json_t *o = json_object();
        out_put(m, o, "signal", json_integer(i));
        out_put(m, o, "id", json_string(signal->id));
        out_put(m, o, "phase", json_string(phases[phase]));
        out_add(m, signals, o);
    }
    return BT_OK;
}

bt_status truth_world(json_maker *m, const bt_world *world, const bt_track *track,
                      bt_time_ns time_ns, json_t **line)
{
    uint32_t ego = bt_sim_ego(bt_track_sim(track));
    json_t *actors = json_array();
    bt_status status = BT_OK;
    *line = json_object();
    out_put(m, *line, "label_time_ns", json_integer(time_ns));
    out_put(m, *line, "ego",
            ego < world->actor_count ? json_integer(world->actors[ego].object_id) : json_null());
    out_put(m, *line, "actors", actors);
    for (uint32_t i = 0; i < world->actor_count && status == BT_OK; i++) {
        posed p;
        status = posed_init(&p, world, i);
        if (status == BT_OK) status = posed_at(&p, track, time_ns);
        if (status == BT_OK) out_add(m, actors, actor_json(m, &p));
        bt_free(p.parts);
    }
    if (status == BT_OK) status = signals_json(m, track, time_ns, *line);
    out_put(m, *line, "cameras", json_object());
    if (status != BT_OK) {
        json_decref(*line);
        *line = NULL;
    }
    return status;
}

// ---- one camera -------------------------------------------------------------------------------
// Where the camera was from the first row's opening to the last row's closing: poses evenly spaced
// in time, positions linear and rotations slerped between them.
static json_t *shutter_json(json_maker *m, const bt_snapshot *s, bt_time_ns label_time_ns)
{
    json_t *o = json_object(), *poses = json_array();
    out_put(m, o, "label_time_ns", json_integer(label_time_ns));
    out_put(m, o, "open_ns", json_integer(s->open_ns));
    out_put(m, o, "close_ns", json_integer(s->close_ns));
    for (uint32_t i = 0; i < s->camera_key_count; i++) {
        const bt_snapshot_key *key = &s->camera[i];
        const double pose[7] = {s->origin_world_m.x + (double)key->pos[0],
                                s->origin_world_m.y + (double)key->pos[1],
                                s->origin_world_m.z + (double)key->pos[2],
                                (double)key->rot[0],
                                (double)key->rot[1],
                                (double)key->rot[2],
                                (double)key->rot[3]};
        out_add(m, poses, out_reals(m, pose, 7));
    }
    out_put(m, o, "world_from_cam", poses);
    return o;
}

// A keypoint of a posed actor as label_land moves it through time.
typedef struct keypoint_place {
    posed *actor;
    const bt_track *track;
    const bt_snapshot *snapshot;
    const bt_world_keypoint *keypoint;
    bt_status *status;
} keypoint_place;

static void place_keypoint(const void *context, const label_row *row, float pos[3])
{
    const keypoint_place *k = context;
    const bt_snapshot *s = k->snapshot;
    double span = (double)(s->close_ns - s->open_ns);
    bt_time_ns time_ns = s->open_ns + (bt_time_ns)(span * (double)row->u);
    bt_status status = posed_at(k->actor, k->track, time_ns);
    if (status != BT_OK) *k->status = status;
    bt_pose pose = part_pose(k->actor, k->keypoint->part);
    bt_vec3 at = bt_vec3_sub(bt_pose_point(pose, k->keypoint->pos_part_m), s->origin_world_m);
    pos[0] = (float)at.x;
    pos[1] = (float)at.y;
    pos[2] = (float)at.z;
}

// Nothing of the actor's own or another's stands in front of the keypoint.
static bool keypoint_seen(const truth_frame *f, const keypoint_place *k, double x_px, double y_px)
{
    const bt_label_images *images = f->images;
    double column = floor(x_px + 0.5), line = floor(y_px + 0.5);
    if (!(column >= 0.0 && line >= 0.0 && column < images->width_px && line < images->height_px)) {
        return false;
    }
    label_row row = label_row_at(k->snapshot, f->view, f->frame->label_time_ns, y_px);
    float pos[3], pos_cam[3];
    place_keypoint(k, &row, pos);
    bt_snapshot_key_point_inverse(&row.camera, 1.0f, pos, pos_cam);
    double distance =
        sqrt((double)pos_cam[0] * (double)pos_cam[0] + (double)pos_cam[1] * (double)pos_cam[1] +
             (double)pos_cam[2] * (double)pos_cam[2]);
    size_t pixel = (size_t)line * images->width_px + (size_t)column;
    uint32_t object_id = actor_of(k->actor)->object_id;
    return images->instance[pixel] == object_id &&
           (double)images->depth_d_m[pixel] >= distance - KEYPOINT_DEPTH_M;
}

// [x, y, flag]: as COCO's: 0 outside the lens's field, 1 hidden or outside the image, 2 seen.
static json_t *keypoint_json(json_maker *m, const truth_frame *f, const keypoint_place *k)
{
    double x, y, middle = 0.5 * ((double)f->view->height_px - 1.0);
    json_t *o = json_array();
    bool landed = label_land(k->snapshot, f->view, f->frame->label_time_ns, middle, place_keypoint,
                             k, &x, &y);
    bool seen = landed && keypoint_seen(f, k, x, y);
    out_add(m, o, landed ? out_real(x) : json_null());
    out_add(m, o, landed ? out_real(y) : json_null());
    out_add(m, o, json_integer(!landed ? 0 : seen ? 2 : 1));
    return o;
}

static bt_status camera_keypoints(json_maker *m, const truth_frame *f, uint32_t index, json_t *o)
{
    posed p;
    const bt_world *world = f->frame->snapshot->world;
    bt_status status = posed_init(&p, world, index);
    if (status != BT_OK) return status;
    const bt_world_model *model = model_of(&p);
    json_t *keypoints = json_array();
    out_put(m, o, "keypoints", keypoints);
    for (uint32_t i = 0; i < model->keypoint_count && status == BT_OK; i++) {
        keypoint_place k = {&p, f->frame->track, f->frame->snapshot,
                            &world->keypoints[model->first_keypoint + i], &status};
        out_add(m, keypoints, keypoint_json(m, f, &k));
    }
    bt_free(p.parts);
    return status;
}

static bt_status camera_actor(json_maker *m, const truth_frame *f, uint32_t index, json_t *actors)
{
    const bt_box_truth *truth = &f->boxes[index];
    bool seen = truth->visible_count > 0;
    json_t *o = json_object();
    out_add(m, actors, o);
    out_put(m, o, "id", json_integer(f->frame->snapshot->world->actors[index].object_id));
    out_put(m, o, "box_visible", seen ? out_box(m, &truth->visible_px) : json_null());
    out_put(m, o, "box_amodal", out_box(m, &truth->amodal_px));
    out_put(m, o, "visible_px", json_integer((json_int_t)truth->visible_count));
    out_put(m, o, "amodal_px", json_integer((json_int_t)truth->amodal_count));
    out_put(m, o, "occluded", out_real(truth->occluded));
    out_put(m, o, "truncated", out_real(truth->truncated));
    return camera_keypoints(m, f, index, o);
}

bt_status truth_camera(json_maker *m, const truth_frame *f, json_t **camera)
{
    bt_status status = BT_OK;
    json_t *o = json_object();
    *camera = NULL;
    out_put(m, o, "frame", json_integer(f->frame->frame));
    out_put(m, o, "shutter", shutter_json(m, f->frame->snapshot, f->frame->label_time_ns));
    out_put(m, o, "next_shutter",
            f->frame->next == NULL ? json_null()
                                   : shutter_json(m, f->frame->next, f->frame->next_label_time_ns));
    if (f->images != NULL) {
        json_t *actors = json_array();
        out_put(m, o, "actors", actors);
        uint32_t count = f->frame->snapshot->world->actor_count;
        for (uint32_t i = 0; i < count && status == BT_OK; i++) {
            if (i == f->carrier || !f->boxes[i].in_field) continue;
            status = camera_actor(m, f, i, actors);
        }
    }
    if (status != BT_OK) {
        json_decref(o);
        return status;
    }
    *camera = o;
    return BT_OK;
}
