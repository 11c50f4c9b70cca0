// check_motion.c: pixels against the world that truth.jsonl and map.xodr describe.
//
//   flow of vehicles   with the rigid motion of their poses from one frame to the next; only most
//                      pixels can agree, because wheels turn in themselves
//   road               pixels that are road in semantic lie on the road network
#include "engine/label/check_internal.h"

#include "engine/core/memory.h"
#include "engine/label/lens.h"

#include <math.h>
#include <string.h>

#define RIGID_MIN_PX 40
#define RIGID_SHARE 0.6         // chosen: a car from the side is a quarter wheels
#define RIGID_TOLERANCE_PX 0.25 // poses between ticks: millimetres, seen from some metres
#define RIGID_TOLERANCE 0.01    // of the flow

// ---- rigid motion -----------------------------------------------------------------------------
typedef struct rigid {
    bt_pose pose;
    bt_vec3 velocity, acceleration, spin;
    double time_ns; // of all these
} rigid;

static bool read_rigid(const json_t *line, int64_t id, rigid *r)
{
    int64_t time_ns;
    const json_t *actor = check_actor(line, id);
    if (!check_read_integer(line, "label_time_ns", &time_ns)) return false;
    r->time_ns = (double)time_ns;
    return check_read_pose(actor, "world_from_actor", &r->pose) &&
           check_read_vec3(actor, "velocity_m_s", &r->velocity) &&
           check_read_vec3(actor, "acceleration_m_s2", &r->acceleration) &&
           check_read_vec3(actor, "angular_velocity_rad_s", &r->spin);
}

static bt_pose rigid_at(const rigid *r, double time_ns)
{
    double dt = (time_ns - r->time_ns) * 1e-9, rate = bt_vec3_length(r->spin);
    bt_pose pose = r->pose;
    pose.pos = bt_vec3_mad(pose.pos, r->velocity, dt);
    pose.pos = bt_vec3_mad(pose.pos, r->acceleration, 0.5 * dt * dt);
    if (rate > 0.0) {
        bt_quat turn = bt_quat_axis_angle(bt_vec3_scale(r->spin, 1.0 / rate), rate * dt);
        pose.rot = bt_quat_mul(turn, pose.rot);
    }
    return pose;
}

// A body without limbs or a trailer: its surfaces keep their places, but for wheels.
static bool is_rigid(const json_t *line, int64_t id)
{
    const char *channel;
    json_t *value, *angles = json_object_get(check_actor(line, id), "articulation_rad");
    json_object_foreach(angles, channel, value)
    {
        if (strncmp(channel, "spin", 4) != 0 && strncmp(channel, "steer", 5) != 0) return false;
    }
    return json_is_object(angles);
}

// ---- flow of vehicles ---------------------------------------------------------------------------
static bool rigid_landing(const check_pictures *p, const rigid *next, bt_vec3 own, double first_row,
                          double *x, double *y)
{
    double row = first_row;
    for (int round = 0; round < 8; round++) {
        double time_ns = bt_view_row_middle_ns(p->view, p->next.label_time_ns, row);
        time_ns = bt_clamp(time_ns, (double)p->next.open_ns, (double)p->next.close_ns);
        bt_vec3 at = bt_pose_point(rigid_at(next, time_ns), own);
        bt_vec3 cam = bt_pose_point(bt_pose_inverse(check_shutter_at(&p->next, time_ns)), at);
        const float point_cam[3] = {(float)cam.x, (float)cam.y, (float)cam.z};
        if (!label_eye_pixel(p->view, point_cam, x, y)) return false;
        row = *y;
    }
    return true;
}

// 1: flows as the body moves, 0: elsewhere, -1: cannot say.
static int rigid_pixel(const check_pictures *p, const rigid *now, const rigid *next, uint32_t x,
                       uint32_t y)
{
    label_ray ray;
    double to_x, to_y;
    size_t pixel = check_pixel(p, x, y);
    double flow_x = check_channel(p, &p->flow, 0, pixel);
    double flow_y = check_channel(p, &p->flow, 1, pixel);
    if (isnan(flow_x) || !label_eye_ray(p->view, x, y, &ray)) return -1;
    double time_ns = bt_view_row_middle_ns(p->view, p->shutter.label_time_ns, y);
    bt_pose camera = check_shutter_at(&p->shutter, time_ns);
    bt_vec3 at = bt_pose_point(camera, label_ray_at(&ray, check_channel(p, &p->depth, 1, pixel)));
    bt_vec3 own = bt_pose_point(bt_pose_inverse(rigid_at(now, time_ns)), at);
    if (!rigid_landing(p, next, own, y, &to_x, &to_y)) return -1;
    double off = bt_hypot(to_x - x - flow_x, to_y - y - flow_y);
    return off <= RIGID_TOLERANCE_PX + RIGID_TOLERANCE * bt_hypot(flow_x, flow_y);
}

static void check_rigid(const check_pictures *p, int64_t id, const rigid *now, const rigid *next)
{
    uint32_t agree = 0, all = 0;
    for (uint32_t y = 0; y < p->view->height_px; y++) {
        for (uint32_t x = 0; x < p->view->width_px; x++) {
            if (p->instance.pixels[check_pixel(p, x, y)] != id) continue;
            int verdict = rigid_pixel(p, now, next, x, y);
            all += verdict >= 0;
            agree += verdict > 0;
        }
    }
    p->c->counts.checks++;
    if (all < RIGID_MIN_PX || agree >= RIGID_SHARE * all) return;
    check_found(p->c, p->frame->paths[BT_CHECK_FLOW],
                "only %u of %u pixels of object %lld flow as its pose moves", agree, all,
                (long long)id);
}

static void check_vehicles(const check_pictures *p)
{
    const check *c = p->c;
    if (p->flow.pixels == NULL || p->depth.pixels == NULL || p->instance.pixels == NULL ||
        !p->has_shutter || !p->has_next || p->frame->next == SIZE_MAX) {
        return;
    }
    const check_frame *follower = &c->frames[p->frame->next];
    if (follower->label_time_ns != p->next.label_time_ns || follower->truth == SIZE_MAX) return;
    const json_t *line = json_array_get(c->truth, p->frame->truth);
    const json_t *next_line = json_array_get(c->truth, follower->truth);
    const json_t *actors = json_object_get(line, "actors");
    int64_t ego = -1;
    check_read_integer(line, "ego", &ego);
    for (size_t i = 0; i < json_array_size(actors); i++) {
        int64_t id;
        rigid now, next;
        if (!check_read_integer(json_array_get(actors, i), "id", &id) || id == ego ||
            !is_rigid(line, id) || !read_rigid(line, id, &now) ||
            !read_rigid(next_line, id, &next)) {
            continue;
        }
        check_rigid(p, id, &now, &next);
    }
}

// ---- road -------------------------------------------------------------------------------------
#define ROAD_SAMPLES 400
#define ROAD_MIN_SAMPLES 50
#define ROAD_SHARE 0.8 // chosen: junctions and margins have surface beyond the lanes
#define ROAD_MARGIN_M 0.75
#define ROAD_HEIGHT_M 0.2

static bool is_road_class(const check *c, uint32_t class_id)
{
    static const char *const names[] = {"road", "road_marking", "crosswalk", "stop_line"};
    const json_t *classes = json_object_get(c->root, "classes");
    const char *name = check_read_text(json_array_get(classes, class_id), "name");
    for (size_t i = 0; name != NULL && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) return true;
    }
    return false;
}

static bool on_network(const check_pictures *p, uint32_t x, uint32_t y, double depth)
{
    label_ray ray;
    bt_road_location location;
    if (!label_eye_ray(p->view, x, y, &ray)) return true;
    double time_ns = bt_view_row_middle_ns(p->view, p->shutter.label_time_ns, y);
    bt_pose camera = check_shutter_at(&p->shutter, time_ns);
    bt_vec3 at = bt_pose_point(camera, label_ray_at(&ray, depth));
    return bt_road_locate(p->c->net, at, BT_ROAD_NONE, &location) &&
           location.distance_m <= ROAD_MARGIN_M && fabs(location.height_m) <= ROAD_HEIGHT_M;
}

static void check_road(const check_pictures *p)
{
    if (p->c->net == NULL || p->semantic.pixels == NULL || p->depth.pixels == NULL ||
        !p->has_shutter) {
        return;
    }
    size_t pixels = (size_t)p->view->width_px * p->view->height_px;
    size_t stride = pixels / (4 * ROAD_SAMPLES) + 1;
    uint32_t on = 0, all = 0;
    for (size_t pixel = stride / 2; pixel < pixels; pixel += stride) {
        double depth = check_channel(p, &p->depth, 1, pixel);
        if (!isfinite(depth) || !is_road_class(p->c, p->semantic.pixels[pixel])) continue;
        all++;
        on += on_network(p, (uint32_t)(pixel % p->view->width_px),
                         (uint32_t)(pixel / p->view->width_px), depth);
    }
    p->c->counts.checks++;
    if (all < ROAD_MIN_SAMPLES || on >= ROAD_SHARE * all) return;
    check_found(p->c, p->frame->paths[BT_CHECK_SEMANTIC],
                "only %u of %u samples of road lie on the roads of map.xodr", on, all);
}

void check_against_world(const check_pictures *p)
{
    check_vehicles(p);
    check_road(p);
}
