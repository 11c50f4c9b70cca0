// label_images_test.c: pixels' labels and boxes against closed forms of the played world.
#include "tests/engine/label/label_fixture.h"

#include "shaders/shared/lens.h"

#define W 128u
#define H 80u

// One frame with everything that labels need.
typedef struct frame {
    bt_snapshot *snapshot, *next;
    bt_stage *stage;
    bt_label_images images;
    bt_label_frame desc;
} frame;

#define LABEL_NS (150 * BT_NS_PER_MS)
#define NEXT_NS (250 * BT_NS_PER_MS)

static void frame_begin(const fixture *f, const bt_view *view, frame *x)
{
    x->snapshot = fixture_snapshot(f, view, LABEL_NS);
    x->next = fixture_snapshot(f, view, NEXT_NS);
    CHECK_OK(bt_stage_create(f->renderer, x->snapshot, NULL, 0, &x->stage));
    x->desc = (bt_label_frame){.stage = x->stage,
                               .snapshot = x->snapshot,
                               .next = x->next,
                               .view = view,
                               .label_time_ns = LABEL_NS,
                               .next_label_time_ns = NEXT_NS,
                               .carrier = ACTOR_EGO};
    CHECK_OK(bt_label_images_init(&x->images, view->width_px, view->height_px));
    CHECK_OK(bt_label_images_render(&x->images, &x->desc, f->jobs));
}

static void frame_end(frame *x)
{
    bt_label_images_clear(&x->images);
    bt_stage_destroy(x->stage);
    bt_snapshot_destroy(x->snapshot);
    bt_snapshot_destroy(x->next);
}

// ---- the exact world --------------------------------------------------------------------------
static bt_pose exact_camera(const bt_view *view, double time_ns)
{
    return bt_pose_mul(exact_motion(ACTOR_EGO, time_ns * 1e-9).pose.world_from_actor,
                       view->vehicle_from_cam);
}

static bool exact_ray(const bt_view *view, double x, double y, bt_vec3 *dir_cam)
{
    bt_lens_ray ray = bt_lens_unproject(view->lens, (float)x, (float)y);
    *dir_cam = (bt_vec3){(double)ray.dir[0], (double)ray.dir[1], (double)ray.dir[2]};
    return ray.valid != 0;
}

// Where a point fixed to an actor (or to the world) lands in the next frame.
static bool exact_landing(const bt_view *view, bt_vec3 point, int actor, double first_row,
                          double *x, double *y)
{
    double row = first_row;
    for (int i = 0; i < 20; i++) {
        double time_ns = bt_view_row_middle_ns(view, NEXT_NS, row);
        // rows beyond the image: the snapshot's nearest instant
        bt_time_ns open_ns, close_ns;
        bt_view_interval_ns(view, NEXT_NS, &open_ns, &close_ns);
        time_ns = bt_clamp(time_ns, (double)open_ns, (double)close_ns);
        bt_vec3 at = point;
        if (actor >= 0) {
            at = bt_pose_point(exact_motion((uint32_t)actor, time_ns * 1e-9).pose.world_from_actor,
                               point);
        }
        bt_vec3 p = bt_pose_point(bt_pose_inverse(exact_camera(view, time_ns)), at);
        bt_lens_pixel pixel =
            bt_lens_project(view->lens, float3((float)p.x, (float)p.y, (float)p.z));
        if (!pixel.valid) return false;
        *x = (double)pixel.x;
        *y = (double)pixel.y;
        row = *y;
    }
    return true;
}

// ---- pixels -----------------------------------------------------------------------------------
typedef struct seen {
    uint32_t road, sky, actor, hood, outside;
    double worst_depth, worst_still, worst_moving, worst_sky;
} seen;

static void check_road(const frame *x, const bt_view *view, uint32_t px, uint32_t py, seen *s)
{
    size_t pixel = (size_t)py * W + px;
    double time_ns = bt_view_row_middle_ns(view, LABEL_NS, py);
    bt_pose camera = exact_camera(view, time_ns);
    bt_vec3 dir_cam;
    if (!exact_ray(view, px, py, &dir_cam)) return;
    bt_vec3 dir = bt_pose_dir(camera, dir_cam);
    double d = -camera.pos.z / dir.z; // the ground is z = 0
    double to_x, to_y;
    s->road++;
    s->worst_depth = fmax(s->worst_depth, fabs((double)x->images.depth_d_m[pixel] / d - 1.0));
    bt_vec3 up = bt_quat_rotate(bt_quat_conjugate(camera.rot), (bt_vec3){0, 0, 1});
    CHECK(fabs((double)x->images.normal_x[pixel] - up.x) < 1e-5 &&
          fabs((double)x->images.normal_y[pixel] - up.y) < 1e-5 &&
          fabs((double)x->images.normal_z[pixel] - up.z) < 1e-5);
    bt_vec3 point = bt_vec3_mad(camera.pos, dir, d);
    bool lands = exact_landing(view, point, -1, py, &to_x, &to_y);
    CHECK(lands == !isnan(x->images.flow_x_px[pixel]));
    if (!lands) return;
    double off = hypot((double)x->images.flow_x_px[pixel] - (to_x - px),
                       (double)x->images.flow_y_px[pixel] - (to_y - py));
    s->worst_still = fmax(s->worst_still, off);
}

// Bodies only: they do not turn in themselves.
static void check_actor(const frame *x, const bt_view *view, uint32_t px, uint32_t py, int actor,
                        seen *s)
{
    size_t pixel = (size_t)py * W + px;
    double time_ns = bt_view_row_middle_ns(view, LABEL_NS, py);
    bt_vec3 dir_cam;
    double to_x, to_y;
    if (!exact_ray(view, px, py, &dir_cam)) return;
    bt_pose camera = exact_camera(view, time_ns);
    bt_vec3 point =
        bt_vec3_mad(camera.pos, bt_pose_dir(camera, dir_cam), (double)x->images.depth_d_m[pixel]);
    bt_pose body = exact_motion((uint32_t)actor, time_ns * 1e-9).pose.world_from_actor;
    bt_vec3 own = bt_pose_point(bt_pose_inverse(body), point);
    if (own.z < 0.75 || !exact_landing(view, own, actor, py, &to_x, &to_y)) return; // wheels below
    s->actor++;
    double off = hypot((double)x->images.flow_x_px[pixel] - (to_x - px),
                       (double)x->images.flow_y_px[pixel] - (to_y - py));
    s->worst_moving = fmax(s->worst_moving, off);
}

static void check_sky(const frame *x, const bt_view *view, uint32_t px, uint32_t py, seen *s)
{
    size_t pixel = (size_t)py * W + px;
    bt_vec3 dir_cam;
    double to_x, to_y;
    if (!exact_ray(view, px, py, &dir_cam)) return;
    s->sky++;
    CHECK(isinf(x->images.depth_d_m[pixel]) && isinf(x->images.depth_z_m[pixel]));
    CHECK(x->images.instance[pixel] == 0);
    bt_pose camera = exact_camera(view, bt_view_row_middle_ns(view, LABEL_NS, py));
    bt_vec3 far = bt_vec3_scale(bt_pose_dir(camera, dir_cam), 1e9);
    if (!exact_landing(view, far, -1, py, &to_x, &to_y)) return;
    double off = hypot((double)x->images.flow_x_px[pixel] - (to_x - px),
                       (double)x->images.flow_y_px[pixel] - (to_y - py));
    s->worst_sky = fmax(s->worst_sky, off);
}

static void check_outside(const frame *x, size_t pixel, seen *s)
{
    s->outside++;
    CHECK(isnan(x->images.depth_z_m[pixel]) && isnan(x->images.flow_x_px[pixel]));
    CHECK(isnan(x->images.normal_x[pixel]) && x->images.instance[pixel] == 0);
    CHECK(x->images.semantic[pixel] == BT_CLASS_NONE);
}

static seen look(const fixture *f, const frame *x, const bt_view *view)
{
    seen s = {0};
    for (uint32_t py = 0; py < H; py++) {
        for (uint32_t px = 0; px < W; px++) {
            size_t pixel = (size_t)py * W + px;
            bt_vec3 dir_cam;
            uint32_t id = x->images.instance[pixel];
            if (!exact_ray(view, px, py, &dir_cam)) {
                check_outside(x, pixel, &s);
                continue;
            }
            double z = (double)x->images.depth_d_m[pixel] * dir_cam.z;
            CHECK(!(fabs((double)x->images.depth_z_m[pixel] - z) > 1e-5 * fabs(z)));
            switch (x->images.semantic[pixel]) {
            case BT_CLASS_ROAD:
                check_road(x, view, px, py, &s);
                break;
            case BT_CLASS_SKY:
                check_sky(x, view, px, py, &s);
                break;
            case BT_CLASS_EGO:
                s.hood += id == f->world->actors[ACTOR_EGO].object_id;
                break;
            case BT_CLASS_CAR:
                for (int a = ACTOR_ONCOMING; a <= ACTOR_BESIDE; a++) {
                    if (f->world->actors[a].object_id == id) check_actor(x, view, px, py, a, &s);
                }
                break;
            default:
                break;
            }
        }
    }
    return s;
}

static void test_pixels(const fixture *f, int camera)
{
    frame x;
    const bt_view *view = &f->views[camera];
    frame_begin(f, view, &x);
    seen s = look(f, &x, view);
    printf("camera %d: road %u, sky %u, cars %u, hood %u, outside %u; depth %.1e, flow %.1e still, "
           "%.1e moving, %.1e sky (px)\n",
           camera, s.road, s.sky, s.actor, s.hood, s.outside, s.worst_depth, s.worst_still,
           s.worst_moving, s.worst_sky);
    CHECK(s.road > 1000 && s.sky > 1000 && s.actor > 200);
    CHECK(s.hood > 20); // seen through the own windshield, which is not
    CHECK(camera == 0 ? s.outside == 0 : s.outside > 100);
    CHECK(s.worst_depth < 3e-4); // a snapshot's straight steps: 0.2 mm of height seen at a slant
    CHECK(s.worst_still < 0.05 && s.worst_moving < 0.05 && s.worst_sky < 0.05);
    frame_end(&x);
}

static void test_threads(const fixture *f)
{
    frame x;
    bt_label_images alone;
    frame_begin(f, &f->views[0], &x);
    CHECK_OK(bt_label_images_init(&alone, W, H));
    CHECK_OK(bt_label_images_render(&alone, &x.desc, NULL));
    size_t floats = sizeof(float) * W * H;
    CHECK(memcmp(alone.depth_d_m, x.images.depth_d_m, floats) == 0);
    CHECK(memcmp(alone.normal_x, x.images.normal_x, floats) == 0);
    CHECK(memcmp(alone.flow_y_px, x.images.flow_y_px, floats) == 0);
    CHECK(memcmp(alone.instance, x.images.instance, (size_t)2 * W * H) == 0);
    bt_label_images wrong;
    CHECK_OK(bt_label_images_init(&wrong, W / 2, H));
    CHECK(bt_label_images_render(&wrong, &x.desc, NULL) == BT_ERR_INTERNAL);
    bt_label_images_clear(&wrong);
    bt_label_images_clear(&alone);
    frame_end(&x);
}

// ---- boxes ------------------------------------------------------------------------------------
static void test_boxes(const fixture *f)
{
    frame x;
    bt_box_truth t[ACTOR_COUNT];
    frame_begin(f, &f->views[0], &x);
    CHECK_OK(bt_box_truth_measure(f->renderer, &x.desc, &x.images, f->jobs, t));

    // in full view: nothing hidden, nothing cut, the box of vertices holds the box of pixels
    const bt_box_truth *walker = &t[ACTOR_WALKER];
    CHECK(walker->visible_count > 50 && walker->visible_count == walker->amodal_count);
    CHECK(walker->occluded == 0.0 && walker->truncated == 0.0);
    CHECK(walker->visible_px.x0 >= walker->amodal_px.x0 - 1.0);
    CHECK(walker->visible_px.y1 <= walker->amodal_px.y1 + 1.0);
    // its height: 1.75 m at about 10.3 m with f = 89.6 px
    CHECK_NEAR(walker->amodal_px.y1 - walker->amodal_px.y0, 1.75 / 9.0 * 89.6, 2.0);

    // behind the wall but for its far side
    const bt_box_truth *parked = &t[ACTOR_PARKED];
    CHECK(parked->in_field && parked->amodal_count > 50);
    CHECK(parked->occluded > 0.3 && parked->occluded <= 1.0 && parked->truncated == 0.0);

    // beside: cut by the left edge
    const bt_box_truth *beside = &t[ACTOR_BESIDE];
    CHECK(beside->truncated > 0.05 && beside->truncated < 0.95);
    CHECK(beside->amodal_px.x0 < -0.5 && beside->visible_px.x0 == -0.5);

    CHECK(!t[ACTOR_EGO].in_field && t[ACTOR_EGO].visible_count == 0);
    for (int i = 0; i < ACTOR_COUNT; i++)
        CHECK(t[i].visible_count <= t[i].amodal_count);

    bt_box_truth again[ACTOR_COUNT];
    CHECK_OK(bt_box_truth_measure(f->renderer, &x.desc, &x.images, NULL, again));
    for (int i = 0; i < ACTOR_COUNT; i++) {
        CHECK(again[i].amodal_count == t[i].amodal_count);
        CHECK(again[i].amodal_px.x1 == t[i].amodal_px.x1);
    }
    frame_end(&x);
}

// ---- what deforms -----------------------------------------------------------------------------
// Pixels of the walker whose depth or flow differ between two ways of making it.
static double walker_flow_off(const fixture *f, const frame *a, const frame *b, uint32_t *pixels)
{
    double worst = 0.0;
    uint16_t id = (uint16_t)f->world->actors[ACTOR_WALKER].object_id;
    for (size_t i = 0; i < (size_t)W * H; i++) {
        CHECK(a->images.instance[i] == b->images.instance[i]);
        if (a->images.instance[i] != id || b->images.instance[i] != id) continue;
        (*pixels)++;
        CHECK_NEAR(b->images.depth_d_m[i], a->images.depth_d_m[i], 1e-3);
        worst = fmax(worst, hypot((double)(a->images.flow_x_px[i] - b->images.flow_x_px[i]),
                                  (double)(a->images.flow_y_px[i] - b->images.flow_y_px[i])));
    }
    return worst;
}

// A skin that moves as the rigid parts do has their labels: ids, depth, flow, boxes, counts.
static void test_skin(const fixture *rigid)
{
    fixture skin;
    fixture_begin_with(&skin, W, H, 2, true);
    for (int camera = 0; camera < 2; camera++) {
        frame a, b;
        uint32_t pixels = 0;
        bt_box_truth boxes[2][ACTOR_COUNT];
        frame_begin(rigid, &rigid->views[camera], &a);
        frame_begin(&skin, &skin.views[camera], &b);
        CHECK(b.desc.snapshot->deformed_count == 1 && b.desc.snapshot->deformed[0].key_count > 1);
        double off = walker_flow_off(&skin, &a, &b, &pixels);
        printf("camera %d: a skin of %u pixels, flow differs by %.1e px\n", camera, pixels, off);
        CHECK(pixels > 8 && off < 0.02); // chords of 0.2 mm at 10 m
        CHECK_OK(bt_box_truth_measure(rigid->renderer, &a.desc, &a.images, NULL, boxes[0]));
        CHECK_OK(bt_box_truth_measure(skin.renderer, &b.desc, &b.images, skin.jobs, boxes[1]));
        const bt_box_truth *p = &boxes[0][ACTOR_WALKER], *q = &boxes[1][ACTOR_WALKER];
        CHECK(p->amodal_count == q->amodal_count && p->visible_count == q->visible_count);
        CHECK_NEAR(q->amodal_px.x0, p->amodal_px.x0, 0.01);
        CHECK_NEAR(q->amodal_px.y0, p->amodal_px.y0, 0.01);
        CHECK_NEAR(q->amodal_px.x1, p->amodal_px.x1, 0.01);
        CHECK_NEAR(q->amodal_px.y1, p->amodal_px.y1, 0.01);
        frame_end(&a);
        frame_end(&b);
    }
    fixture_end(&skin);
}

// ---- track ------------------------------------------------------------------------------------
static void test_track(const fixture *f)
{
    bt_motion m;
    bt_signal_phase phase;
    CHECK_OK(bt_track_motion(f->track, 125 * BT_NS_PER_MS, ACTOR_ONCOMING, &m));
    CHECK_NEAR(m.pose.world_from_actor.pos.x, 30 - 1.25, 1e-12);
    CHECK_NEAR(m.pose.channel_rad[BT_CHANNEL_SPIN_FRONT_LEFT], 1.25 / 0.35, 1e-12);
    CHECK_OK(bt_track_motion(f->track, (FIXTURE_TICKS - 1) * 10 * BT_NS_PER_MS, 0, &m));
    CHECK(bt_track_motion(f->track, FIXTURE_TICKS * 10 * BT_NS_PER_MS, 0, &m) == BT_ERR_INPUT);
    CHECK(bt_track_motion(f->track, -1, 0, &m) == BT_ERR_INPUT);
    CHECK(bt_track_motion(f->track, 0, ACTOR_COUNT, &m) == BT_ERR_INPUT);
    CHECK_OK(bt_track_signal(f->track, 195 * BT_NS_PER_MS, 0, &phase));
    CHECK(phase == BT_PHASE_RED);
    CHECK_OK(bt_track_signal(f->track, 200 * BT_NS_PER_MS, 0, &phase));
    CHECK(phase == BT_PHASE_GREEN);
    bt_state state;
    play_state(&state, 100 * BT_NS_PER_MS);
    CHECK(bt_track_push(f->track, &state) == BT_ERR_INPUT); // time goes back
}

int main(void)
{
    fixture f;
    fixture_begin(&f, W, H, 3);
    test_pixels(&f, 0);
    test_pixels(&f, 1);
    test_threads(&f);
    test_boxes(&f);
    test_skin(&f);
    test_track(&f);
    fixture_end(&f);
    return check_end();
}
