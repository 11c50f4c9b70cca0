// label_images.c: one ray per pixel: depth, normal, flow, ids.
#include "engine/label/label_images.h"

#include "engine/core/memory.h"
#include "engine/label/label_internal.h"
#include "engine/label/lens.h"

#include <math.h>
#include <string.h>

bt_status bt_label_images_init(bt_label_images *images, uint32_t width_px, uint32_t height_px)
{
    size_t pixels = (size_t)width_px * height_px;
    float **planes[] = {&images->depth_z_m, &images->depth_d_m, &images->normal_x,
                        &images->normal_y,  &images->normal_z,  &images->flow_x_px,
                        &images->flow_y_px};
    bool failed = false;
    *images = (bt_label_images){.width_px = width_px, .height_px = height_px};
    for (size_t i = 0; i < sizeof planes / sizeof planes[0]; i++) {
        *planes[i] = bt_alloc(pixels, sizeof(float));
        failed = failed || *planes[i] == NULL;
    }
    images->instance = bt_alloc(pixels, sizeof *images->instance);
    images->semantic = bt_alloc(pixels, sizeof *images->semantic);
    if (!failed && images->instance != NULL && images->semantic != NULL) return BT_OK;
    bt_label_images_clear(images);
    return bt_fail(BT_ERR_MEMORY, "no memory for label images of %u x %u pixels", width_px,
                   height_px);
}

void bt_label_images_clear(bt_label_images *images)
{
    bt_free(images->depth_z_m);
    bt_free(images->depth_d_m);
    bt_free(images->normal_x);
    bt_free(images->normal_y);
    bt_free(images->normal_z);
    bt_free(images->flow_x_px);
    bt_free(images->flow_y_px);
    bt_free(images->instance);
    bt_free(images->semantic);
    *images = (bt_label_images){0};
}

// ---- flow -------------------------------------------------------------------------------------
// A point as the next frame sees it.
typedef struct travelling {
    const bt_snapshot *next;
    uint32_t instance;          // BT_NO_INDEX: it stands still at pos
    float pos[3];               // in the next snapshot's frame, or in the instance's mesh
    const bt_surface_hit *bent; // where it is on a mesh that deforms; NULL: pos says
    bool sky;                   // pos is a direction
} travelling;

// Where the point of the hit's triangle is at u, in its mesh's frame.
static void bend_hit(const bt_snapshot *snapshot, const bt_surface_hit *hit, float u, float pos[3])
{
    const bt_world *world = snapshot->world;
    const bt_world_mesh *mesh = &world->meshes[world->instances[hit->instance].mesh];
    const uint32_t *corners =
        world->indices + 3 * ((size_t)mesh->first_triangle + (size_t)hit->triangle);
    const float weights[3] = {1.0f - hit->bary_u - hit->bary_v, hit->bary_u, hit->bary_v};
    memset(pos, 0, 3 * sizeof *pos);
    for (int k = 0; k < 3; k++) {
        float corner[3];
        bt_snapshot_vertex_at(snapshot, hit->instance, corners[k], u, corner);
        for (int i = 0; i < 3; i++)
            pos[i] += weights[k] * corner[i];
    }
}

static void place_travelling(const void *context, const label_row *row, float pos[3])
{
    const travelling *t = context;
    if (t->sky) { // infinitely far: the camera's own place does not matter
        for (int i = 0; i < 3; i++)
            pos[i] = row->camera.pos[i] + t->pos[i];
    } else if (t->instance == BT_NO_INDEX) {
        memcpy(pos, t->pos, sizeof t->pos);
    } else {
        // pos_mesh comes scaled
        float pos_mesh[3] = {t->pos[0], t->pos[1], t->pos[2]};
        if (t->bent) bend_hit(t->next, t->bent, row->u, pos_mesh);
        bt_snapshot_key key = bt_snapshot_instance_at(t->next, t->instance, row->u);
        bt_snapshot_key_point(&key, 1.0f, pos_mesh, pos);
    }
}

static travelling travelling_from_hit(const bt_label_frame *frame, const bt_surface_hit *hit)
{
    const bt_snapshot *now = frame->snapshot;
    travelling t = {.next = frame->next, .instance = hit->instance};
    if (now->world->instances[hit->instance].actor != BT_NO_INDEX) {
        memcpy(t.pos, hit->pos_mesh, sizeof t.pos);
        if (now->instances[hit->instance].deformed != 0) t.bent = hit;
        return t;
    }
    // what stands still is carried over near the camera, where floats are finest
    bt_vec3 shift = bt_vec3_sub(now->origin_world_m, frame->next->origin_world_m);
    const double shifts[3] = {shift.x, shift.y, shift.z};
    t.instance = BT_NO_INDEX;
    for (int i = 0; i < 3; i++)
        t.pos[i] = (float)((double)hit->pos[i] + shifts[i]);
    return t;
}

static void write_flow(const bt_label_images *images, const bt_label_frame *frame, size_t pixel,
                       uint32_t x, uint32_t y, const travelling *t)
{
    double x_px, y_px;
    images->flow_x_px[pixel] = NAN;
    images->flow_y_px[pixel] = NAN;
    if (frame->next == NULL || !label_land(frame->next, frame->view, frame->next_label_time_ns,
                                           (double)y, place_travelling, t, &x_px, &y_px)) {
        return;
    }
    images->flow_x_px[pixel] = (float)(x_px - (double)x);
    images->flow_y_px[pixel] = (float)(y_px - (double)y);
}

// ---- one pixel --------------------------------------------------------------------------------
static void write_nothing(const bt_label_images *images, size_t pixel)
{
    images->depth_z_m[pixel] = images->depth_d_m[pixel] = NAN;
    images->normal_x[pixel] = images->normal_y[pixel] = images->normal_z[pixel] = NAN;
    images->flow_x_px[pixel] = images->flow_y_px[pixel] = NAN;
    images->instance[pixel] = 0;
    images->semantic[pixel] = BT_CLASS_NONE;
}

static void write_sky(const bt_label_images *images, size_t pixel)
{
    images->depth_z_m[pixel] = images->depth_d_m[pixel] = INFINITY;
    images->normal_x[pixel] = images->normal_y[pixel] = images->normal_z[pixel] = 0.0f;
    images->instance[pixel] = 0;
    images->semantic[pixel] = BT_CLASS_SKY;
}

static void write_surface(const bt_label_images *images, size_t pixel, const label_row *row,
                          const label_ray *ray, const bt_surface_hit *hit)
{
    bt_snapshot_key turn = row->camera;
    memset(turn.pos, 0, sizeof turn.pos);
    float normal_cam[3];
    bt_snapshot_key_point_inverse(&turn, 1.0f, hit->normal, normal_cam);
    images->depth_z_m[pixel] = ray->origin[2] + hit->distance_m * ray->dir[2];
    images->depth_d_m[pixel] = hit->distance_m;
    images->normal_x[pixel] = normal_cam[0];
    images->normal_y[pixel] = normal_cam[1];
    images->normal_z[pixel] = normal_cam[2];
    images->instance[pixel] = (uint16_t)hit->object_id;
    images->semantic[pixel] = (uint8_t)hit->class_id;
}

static void write_pixel(const bt_label_images *images, const bt_label_frame *frame,
                        const label_row *row, uint32_t x, uint32_t y)
{
    size_t pixel = (size_t)y * images->width_px + x;
    label_ray ray;
    float origin[3], dir[3];
    if (!label_eye_ray(frame->view, x, y, &ray)) {
        write_nothing(images, pixel);
        return;
    }
    bt_snapshot_key_point(&row->camera, 1.0f, ray.origin, origin);
    bt_snapshot_key_dir(&row->camera, ray.dir, dir);
    bt_surface_hit hit;
    travelling t;
    if (label_trace(frame, origin, dir, row->u, &hit)) {
        write_surface(images, pixel, row, &ray, &hit);
        if (frame->next != NULL) t = travelling_from_hit(frame, &hit);
    } else {
        write_sky(images, pixel);
        t = (travelling){.next = frame->next, .sky = true};
        // far from the glass that shifts rays; without one any distance does
        float far_m = frame->view->shield.on != 0 ? 0x1p20f : 1.0f;
        for (int i = 0; i < 3; i++)
            t.pos[i] = far_m * dir[i];
    }
    write_flow(images, frame, pixel, x, y, &t);
}

// ---- the frame --------------------------------------------------------------------------------
typedef struct rendering {
    bt_label_images *images;
    const bt_label_frame *frame;
} rendering;

static bt_status render_row(void *context, uint32_t y, uint32_t worker)
{
    (void)worker;
    const rendering *r = context;
    const bt_label_frame *f = r->frame;
    label_row row = label_row_at(f->snapshot, f->view, f->label_time_ns, (double)y);
    for (uint32_t x = 0; x < r->images->width_px; x++)
        write_pixel(r->images, f, &row, x, y);
    return BT_OK;
}

bt_status bt_label_images_render(bt_label_images *images, const bt_label_frame *frame,
                                 bt_jobs *jobs)
{
    const bt_view *view = frame->view;
    if (images->width_px != view->width_px || images->height_px != view->height_px) {
        return bt_fail(BT_ERR_INTERNAL, "label images of %u x %u for a view of %u x %u",
                       images->width_px, images->height_px, view->width_px, view->height_px);
    }
    rendering r = {images, frame};
    return bt_jobs_run(jobs, images->height_px, render_row, &r);
}
