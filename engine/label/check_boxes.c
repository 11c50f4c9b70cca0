// check_boxes.c: 2-D truth against the instance image; instance masks against projected cuboids.
#include "engine/label/check_internal.h"

#include "engine/core/memory.h"
#include "engine/label/lens.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LAND_ROUNDS 8
#define MASK_MIN_PX 25       // smaller masks are mostly edge
#define HULL_GROW_PX 3.0     // chosen: pixels, and the share of the cuboid's picture, that mirrors
#define HULL_GROW_SHARE 0.10 // and swinging limbs may reach beyond it
#define HULL_SHARE_INSIDE 0.90

// ---- landing ----------------------------------------------------------------------------------
bool check_land(const check_shutter *shutter, const bt_view *view, bt_vec3 point_world_m,
                const bt_vec3 *velocity_m_s, double reference_ns, double first_row, double *x_px,
                double *y_px)
{
    double row = first_row;
    for (int round = 0; round < LAND_ROUNDS; round++) {
        double time_ns = bt_view_row_middle_ns(view, shutter->label_time_ns, row);
        time_ns = bt_clamp(time_ns, (double)shutter->open_ns, (double)shutter->close_ns);
        bt_vec3 at = point_world_m;
        if (velocity_m_s != NULL)
            at = bt_vec3_mad(at, *velocity_m_s, (time_ns - reference_ns) * 1e-9);
        bt_vec3 p = bt_pose_point(bt_pose_inverse(check_shutter_at(shutter, time_ns)), at);
        const float point_cam[3] = {(float)p.x, (float)p.y, (float)p.z};
        if (!label_eye_pixel(view, point_cam, x_px, y_px)) return false;
        if (fabs(*y_px - row) < 1e-4) break;
        row = *y_px;
    }
    return true;
}

// ---- masks ------------------------------------------------------------------------------------
typedef struct mask {
    uint64_t count;
    int32_t x0, y0, x1, y1; // both ends included
} mask;

static mask *find_masks(const bt_view *view, const uint16_t *instance)
{
    mask *masks = bt_alloc(CHECK_MAX_OBJECTS, sizeof *masks);
    if (masks == NULL) return NULL;
    for (int32_t y = 0; y < (int32_t)view->height_px; y++) {
        for (int32_t x = 0; x < (int32_t)view->width_px; x++) {
            mask *m = &masks[instance[(size_t)y * view->width_px + (size_t)x]];
            if (m->count++ == 0) *m = (mask){1, x, y, x, y};
            if (x < m->x0) m->x0 = x;
            if (x > m->x1) m->x1 = x;
            m->y1 = y;
        }
    }
    return masks;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= 1e-9;
}

static const char *visible_error(const json_t *entry, const mask *m)
{
    int64_t visible, amodal;
    double box[4], hull[4], occluded;
    if (!check_read_integer(entry, "visible_px", &visible) || visible < 0 ||
        (uint64_t)visible != m->count) {
        return "visible_px is not the count of its pixels";
    }
    if (!check_read_integer(entry, "amodal_px", &amodal) || amodal < visible) {
        return "amodal_px is less than visible_px";
    }
    if (amodal > 0 && (!check_read_number(entry, "occluded", &occluded) ||
                       !near(occluded, 1.0 - (double)visible / (double)amodal))) {
        return "occluded is not 1 - visible_px / amodal_px";
    }
    if (!check_read_reals(json_object_get(entry, "box_amodal"), hull, 4) || hull[0] > hull[2] ||
        hull[1] > hull[3]) {
        return "no box_amodal";
    }
    if (m->count == 0) return NULL;
    if (!check_read_reals(json_object_get(entry, "box_visible"), box, 4) ||
        !near(box[0], m->x0 - 0.5) || !near(box[1], m->y0 - 0.5) || !near(box[2], m->x1 + 0.5) ||
        !near(box[3], m->y1 + 0.5)) {
        return "box_visible is not the box around its pixels";
    }
    // a pixel's centre lies inside, its edges half a pixel further out
    if (box[0] < hull[0] - 1.0 || box[1] < hull[1] - 1.0 || box[2] > hull[2] + 1.0 ||
        box[3] > hull[3] + 1.0) {
        return "box_visible reaches beyond box_amodal";
    }
    return NULL;
}

// ---- cuboids ----------------------------------------------------------------------------------
typedef struct point2 {
    double x, y;
} point2;

static int by_x(const void *a, const void *b)
{
    const point2 *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return p->y < q->y ? -1 : p->y > q->y;
}

static double turn(point2 a, point2 b, point2 c)
{
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

// Andrew 1979, "Another efficient algorithm for convex hulls in two dimensions". `hull` has room for
// count + 1; gives its size, counter-clockwise for y up.
static size_t convex_hull(point2 *points, size_t count, point2 *hull)
{
    qsort(points, count, sizeof *points, by_x);
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        while (size >= 2 && turn(hull[size - 2], hull[size - 1], points[i]) <= 0.0)
            size--;
        hull[size++] = points[i];
    }
    size_t lower = size + 1;
    for (size_t i = count - 1; i-- > 0;) {
        while (size >= lower && turn(hull[size - 2], hull[size - 1], points[i]) <= 0.0)
            size--;
        hull[size++] = points[i];
    }
    return size - 1;
}

typedef struct hull {
    point2 points[17];
    size_t count;
    double grow;
} hull;

static bool inside_hull(const hull *h, double x, double y)
{
    for (size_t i = 0; i < h->count; i++) {
        point2 a = h->points[i], b = h->points[(i + 1) % h->count];
        double length = bt_hypot(b.x - a.x, b.y - a.y);
        if (length > 0.0 && turn(a, b, (point2){x, y}) < -h->grow * length) return false;
    }
    return true;
}

// The picture of one cuboid, each corner at the time of its row; false when part of it is outside
// the lens's field.
static bool cuboid_hull(const check_shutter *shutter, const bt_view *view, const json_t *cuboid,
                        bt_vec3 origin, bt_vec3 velocity, bt_vec3 spin, hull *h)
{
    bt_pose pose;
    bt_vec3 size;
    point2 corners[8];
    if (!check_read_vec3(cuboid, "centre_m", &pose.pos) ||
        !check_read_quat(cuboid, "rot_wxyz", &pose.rot) ||
        !check_read_vec3(cuboid, "size_m", &size)) {
        return false;
    }
    for (int i = 0; i < 8; i++) {
        bt_vec3 corner = {(i & 1 ? 0.5 : -0.5) * size.x, (i & 2 ? 0.5 : -0.5) * size.y,
                          (i & 4 ? 0.5 : -0.5) * size.z};
        bt_vec3 at = bt_pose_point(pose, corner);
        bt_vec3 v = bt_vec3_add(velocity, bt_vec3_cross(spin, bt_vec3_sub(at, origin)));
        if (!check_land(shutter, view, at, &v, (double)shutter->label_time_ns,
                        0.5 * view->height_px, &corners[i].x, &corners[i].y)) {
            return false;
        }
    }
    h->count = convex_hull(corners, 8, h->points);
    double low = h->points[0].y, high = low, left = h->points[0].x, right = left;
    for (size_t i = 0; i < h->count; i++) {
        low = fmin(low, h->points[i].y);
        high = fmax(high, h->points[i].y);
        left = fmin(left, h->points[i].x);
        right = fmax(right, h->points[i].x);
    }
    h->grow = HULL_GROW_PX + HULL_GROW_SHARE * fmin(high - low, right - left);
    return h->count >= 3;
}

#define MAX_CUBOIDS 8

// How many of its cuboids have a hull; 0 also when one of them has none.
static size_t actor_hulls(const check_shutter *shutter, const bt_view *view, const json_t *actor,
                          hull hulls[MAX_CUBOIDS])
{
    const json_t *cuboids = json_object_get(actor, "cuboids");
    size_t count = json_array_size(cuboids);
    bt_pose pose;
    bt_vec3 velocity, spin;
    if (count < 1 || count > MAX_CUBOIDS || !check_read_pose(actor, "world_from_actor", &pose) ||
        !check_read_vec3(actor, "velocity_m_s", &velocity) ||
        !check_read_vec3(actor, "angular_velocity_rad_s", &spin)) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (!cuboid_hull(shutter, view, json_array_get(cuboids, i), pose.pos, velocity, spin,
                         &hulls[i])) {
            return 0;
        }
    }
    return count;
}

static double share_inside(const bt_view *view, const uint16_t *instance, int64_t id, const mask *m,
                           const hull *hulls, size_t count)
{
    uint64_t inside = 0;
    for (int32_t y = m->y0; y <= m->y1; y++) {
        for (int32_t x = m->x0; x <= m->x1; x++) {
            if (instance[(size_t)y * view->width_px + (size_t)x] != id) continue;
            bool in = false;
            for (size_t i = 0; i < count && !in; i++)
                in = inside_hull(&hulls[i], x, y);
            inside += in;
        }
    }
    return (double)inside / (double)m->count;
}

static void check_cuboids(check *c, size_t index, const check_shutter *shutter, int64_t id,
                          const mask *m, const uint16_t *instance)
{
    const check_frame *frame = &c->frames[index];
    const bt_view *view = &c->cameras[frame->camera].view;
    hull hulls[MAX_CUBOIDS];
    const json_t *actor = check_actor(json_array_get(c->truth, frame->truth), id);
    size_t count = m->count < MASK_MIN_PX ? 0 : actor_hulls(shutter, view, actor, hulls);
    if (count == 0) return;
    double share = share_inside(view, instance, id, m, hulls, count);
    c->counts.checks++;
    if (share < HULL_SHARE_INSIDE) {
        check_found(c, frame->paths[BT_CHECK_INSTANCE],
                    "only %.0f %% of object %lld lies within its projected cuboids", 100.0 * share,
                    (long long)id);
    }
}

// ---- the frame --------------------------------------------------------------------------------
static const json_t *entry_of(const json_t *actors, int64_t id)
{
    for (size_t i = 0; i < json_array_size(actors); i++) {
        int64_t other;
        const json_t *entry = json_array_get(actors, i);
        if (check_read_integer(entry, "id", &other) && other == id) return entry;
    }
    return NULL;
}

void check_boxes(check *c, size_t index, const uint16_t *instance)
{
    const check_frame *frame = &c->frames[index];
    const json_t *truth = check_camera_truth(c, index);
    const json_t *actors = json_object_get(truth, "actors");
    check_shutter shutter;
    int64_t ego = -1;
    if (!json_is_array(actors) ||
        !check_shutter_read(json_object_get(truth, "shutter"), &shutter)) {
        return; // said elsewhere, or no 2-D truth was asked for
    }
    check_read_integer(json_array_get(c->truth, frame->truth), "ego", &ego);
    mask *masks = find_masks(&c->cameras[frame->camera].view, instance);
    for (int64_t id = 1; masks != NULL && id < CHECK_MAX_OBJECTS; id++) {
        if (!c->objects[id].actor || id == ego) continue;
        const json_t *entry = entry_of(actors, id);
        if (entry == NULL && masks[id].count == 0) continue;
        const char *wrong = entry == NULL ? "truth.jsonl has no 2-D truth of it, though it is seen"
                                          : visible_error(entry, &masks[id]);
        c->counts.checks += 4;
        if (wrong != NULL) {
            check_found(c, frame->paths[BT_CHECK_INSTANCE], "object %lld: %s", (long long)id,
                        wrong);
        }
        if (masks[id].count > 0) check_cuboids(c, index, &shutter, id, &masks[id], instance);
    }
    bt_free(masks);
    check_shutter_clear(&shutter);
}
