// check_truth.c: what truth.jsonl says, against time, against itself and against clip.json.
//
//   times      label times ascend; a frame's shutter spans the rows of its camera; the shutter that
//              flow leads to is the next frame's
//   poses      the camera in its shutter is where the ego and the rig put it
//   motion     positions move as velocities say
//   ids        actors are known, each once a line
#include "engine/label/check_internal.h"

#include "engine/core/memory.h"

#include <math.h>
#include <string.h>

// A snapshot's straight steps leave the true path by up to 0.2 mm and floats by a few hundredths of
// that; between ticks the vehicle's own motion has kinks. Chosen well above, far below any use.
#define CAMERA_POS_TOLERANCE_M 5e-3
#define CAMERA_ROT_TOLERANCE_RAD 1e-3
// Trapezoid rule over one interval: a ramp of speed that fills half of it is off by |dv| dt / 4; who
// turns round at once (a walker at the end of the path), by up to |dv| dt / 2.
#define MOTION_SLACK_M 0.01
#define MOTION_MAX_GAP_S 0.25

// ---- lines ------------------------------------------------------------------------------------
json_t *check_actor(const json_t *line, int64_t id)
{
    const json_t *actors = json_object_get(line, "actors");
    for (size_t i = 0; i < json_array_size(actors); i++) {
        int64_t other;
        json_t *actor = json_array_get(actors, i);
        if (check_read_integer(actor, "id", &other) && other == id) return actor;
    }
    return NULL;
}

static const char *actor_error(const check *c, const json_t *actor, uint8_t *seen)
{
    int64_t id;
    bt_pose pose;
    bt_vec3 v;
    if (!check_read_integer(actor, "id", &id) || id < 0 || id >= CHECK_MAX_OBJECTS) return "no id";
    if (!c->objects[id].known || !c->objects[id].actor) return "its id is no actor of clip.json";
    if (seen[id]++ != 0) return "it comes twice";
    const char *name = check_read_text(actor, "class");
    const json_t *classes = json_object_get(c->root, "classes");
    const char *known = check_read_text(json_array_get(classes, c->objects[id].class_id), "name");
    if (name == NULL || known == NULL || strcmp(name, known) != 0) {
        return "its class is not that of its object in clip.json";
    }
    if (!check_read_pose(actor, "world_from_actor", &pose)) return "no world_from_actor";
    if (!check_read_vec3(actor, "velocity_m_s", &v) ||
        !check_read_vec3(actor, "acceleration_m_s2", &v) ||
        !check_read_vec3(actor, "angular_velocity_rad_s", &v)) {
        return "no velocity, acceleration or angular velocity";
    }
    return NULL;
}

static void check_line(check *c, size_t index, int64_t *last_ns)
{
    json_t *line = json_array_get(c->truth, index);
    check_enter_window(c, json_integer_value(json_object_get(line, "window")));
    const json_t *actors = json_object_get(line, "actors");
    int64_t time_ns;
    c->counts.checks++;
    if (!check_read_integer(line, "label_time_ns", &time_ns) || time_ns <= *last_ns) {
        check_found(c, "truth.jsonl", "line %zu: label_time_ns does not ascend", index + 1);
    } else {
        *last_ns = time_ns;
    }
    uint8_t *seen = bt_alloc(CHECK_MAX_OBJECTS, 1);
    if (seen == NULL) return;
    for (size_t i = 0; i < json_array_size(actors); i++) {
        const json_t *actor = json_array_get(actors, i);
        const char *wrong = actor_error(c, actor, seen);
        c->counts.checks++;
        if (wrong == NULL) continue;
        check_found(c, "truth.jsonl", "line %zu: actor %lld: %s", index + 1,
                    (long long)json_integer_value(json_object_get(actor, "id")), wrong);
    }
    bt_free(seen);
}

// ---- motion -----------------------------------------------------------------------------------
static void check_motion(check *c, size_t index)
{
    json_t *line = json_array_get(c->truth, index), *next = json_array_get(c->truth, index + 1);
    int64_t from_ns, to_ns;
    if (!check_read_integer(line, "label_time_ns", &from_ns) ||
        !check_read_integer(next, "label_time_ns", &to_ns)) {
        return;
    }
    double dt = (double)(to_ns - from_ns) * 1e-9;
    if (!(dt > 0.0 && dt <= MOTION_MAX_GAP_S)) return;
    const json_t *actors = json_object_get(line, "actors");
    for (size_t i = 0; i < json_array_size(actors); i++) {
        const json_t *a = json_array_get(actors, i);
        const json_t *b = check_actor(next, json_integer_value(json_object_get(a, "id")));
        bt_pose pa, pb;
        bt_vec3 va, vb;
        if (!check_read_pose(a, "world_from_actor", &pa) ||
            !check_read_pose(b, "world_from_actor", &pb) ||
            !check_read_vec3(a, "velocity_m_s", &va) || !check_read_vec3(b, "velocity_m_s", &vb)) {
            continue;
        }
        bt_vec3 moved = bt_vec3_sub(pb.pos, pa.pos);
        bt_vec3 said = bt_vec3_scale(bt_vec3_add(va, vb), 0.5 * dt);
        double off = bt_vec3_distance(moved, said);
        double share = bt_vec3_dot(va, vb) < 0.0 ? 0.5 : 0.25;
        double slack = MOTION_SLACK_M + share * dt * bt_vec3_distance(va, vb);
        c->counts.checks++;
        if (off <= slack) continue;
        check_found(c, "truth.jsonl",
                    "line %zu: actor %lld moves %.3f m off what its velocities say until the next "
                    "line",
                    index + 1, (long long)json_integer_value(json_object_get(a, "id")), off);
    }
}

// ---- frames -----------------------------------------------------------------------------------
static bool same_shutter(const check_shutter *a, const check_shutter *b)
{
    if (a->label_time_ns != b->label_time_ns || a->open_ns != b->open_ns ||
        a->close_ns != b->close_ns || a->key_count != b->key_count) {
        return false;
    }
    for (uint32_t i = 0; i < a->key_count; i++) {
        // a frame's own snapshot may have another origin, hence other roundings of floats
        if (bt_vec3_distance(a->keys[i].pos, b->keys[i].pos) > 1e-4) return false;
    }
    return true;
}

static double angle_between(bt_quat a, bt_quat b)
{
    bt_quat d = bt_quat_mul(bt_quat_conjugate(a), b);
    return 2.0 * bt_atan2(sqrt(d.x * d.x + d.y * d.y + d.z * d.z), fabs(d.w));
}

static const char *camera_pose_error(const check *c, const check_frame *frame,
                                     const check_shutter *shutter)
{
    const json_t *line = json_array_get(c->truth, frame->truth);
    int64_t ego;
    bt_pose world_from_ego;
    if (!check_read_integer(line, "ego", &ego)) return NULL; // no ego, no rig
    if (!check_read_pose(check_actor(line, ego), "world_from_actor", &world_from_ego)) {
        return "the ego has no pose";
    }
    bt_pose want = bt_pose_mul(world_from_ego, c->cameras[frame->camera].view.vehicle_from_cam);
    bt_pose got = check_shutter_at(shutter, (double)frame->label_time_ns);
    if (bt_vec3_distance(want.pos, got.pos) > CAMERA_POS_TOLERANCE_M ||
        angle_between(want.rot, got.rot) > CAMERA_ROT_TOLERANCE_RAD) {
        return "its camera is not where the ego's pose and the rig put it";
    }
    return NULL;
}

static const char *shutter_error(const check *c, const check_frame *frame,
                                 const check_shutter *shutter)
{
    bt_time_ns open_ns, close_ns;
    bt_view view = c->cameras[frame->camera].view;
    if (frame->exposure_s > 0.0) view.exposure_ns = frame->exposure_s * 1e9;
    bt_view_interval_ns(&view, frame->label_time_ns, &open_ns, &close_ns);
    if (shutter->label_time_ns != frame->label_time_ns) {
        return "its shutter has another label time than clip.json";
    }
    if (shutter->open_ns != open_ns || shutter->close_ns != close_ns) {
        return "its shutter does not span the rows that row time and exposure give";
    }
    return camera_pose_error(c, frame, shutter);
}

static const char *next_error(const check *c, const check_frame *frame, const json_t *truth)
{
    check_shutter next, after;
    if (frame->next == SIZE_MAX) return NULL;
    const check_frame *follower = &c->frames[frame->next];
    if (follower->label_time_ns <= frame->label_time_ns) return "label times do not ascend";
    if (follower->frame != frame->frame + 1) return NULL; // frames were left out
    if (!check_shutter_read(json_object_get(truth, "next_shutter"), &next)) {
        return "no next_shutter, though a frame follows";
    }
    const char *wrong = NULL;
    const json_t *follows = check_camera_truth(c, frame->next);
    if (check_shutter_read(json_object_get(follows, "shutter"), &after)) {
        if (!same_shutter(&next, &after))
            wrong = "its next_shutter is not the next frame's shutter";
        check_shutter_clear(&after);
    }
    check_shutter_clear(&next);
    return wrong;
}

static const char *frame_error(const check *c, size_t index)
{
    const check_frame *frame = &c->frames[index];
    const json_t *truth = check_camera_truth(c, index);
    check_shutter shutter;
    int64_t number;
    if (truth == NULL) return "truth.jsonl has no line for it";
    if (!check_read_integer(truth, "frame", &number) || number != frame->frame) {
        return "truth.jsonl has another frame at its label time";
    }
    if (!check_shutter_read(json_object_get(truth, "shutter"), &shutter)) return "no shutter";
    const char *wrong = shutter_error(c, frame, &shutter);
    check_shutter_clear(&shutter);
    return wrong != NULL ? wrong : next_error(c, frame, truth);
}

void check_truth(check *c)
{
    int64_t last_ns = INT64_MIN;
    size_t count = json_array_size(c->truth);
    for (size_t i = 0; i < count; i++)
        check_line(c, i, &last_ns);
    for (size_t i = 0; i + 1 < count; i++)
        check_motion(c, i);
    for (size_t i = 0; i < c->frame_count; i++) {
        const char *wrong = frame_error(c, i);
        c->counts.checks += 4;
        if (wrong == NULL) continue;
        check_found(c, "truth.jsonl", "frame %u of camera '%s': %s", c->frames[i].frame,
                    c->cameras[c->frames[i].camera].name, wrong);
    }
}
