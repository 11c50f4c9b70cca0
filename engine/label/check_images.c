// check_images.c: the pictures of one frame against each other, the lens and the camera's poses.
//
// Pixels are counted by rows (the pool), summed in order; one finding per kind of disagreement.
#include "engine/label/check_internal.h"

#include "engine/core/memory.h"
#include "engine/image/exr.h"
#include "engine/image/png.h"
#include "engine/label/lens.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FLOW_TOLERANCE_PX 0.05
// Shares of pixels that may disagree: rims of the lens's field, floats at grazing incidence.
#define FLOW_SHARE 1e-3
#define DEPTH_SHARE 1e-3
// Surfaces of equal direction one behind another (a kerb, a wall's plinth) look like one plane.
#define NORMAL_SHARE 0.08
#define SKY_CLASS_NAME "sky"

// What one row's pixels disagree about.
typedef struct check_tally {
    uint32_t unknown_ids, wrong_class, wrong_sky, no_field;
    uint32_t solid, wrong_depth; // with finite depth
    uint32_t normals, not_unit, away, planes, not_square;
    uint32_t flows, wrong_flow;
} check_tally;

// ---- planes -----------------------------------------------------------------------------------
size_t check_pixel(const check_pictures *p, uint32_t x, uint32_t y)
{
    return (size_t)y * p->view->width_px + x;
}

double check_channel(const check_pictures *p, const bt_exr_image *image, uint32_t plane,
                     size_t pixel)
{
    size_t pixels = (size_t)p->view->width_px * p->view->height_px;
    return (double)image->pixels[plane * pixels + pixel];
}

static bool stands_still(const check_pictures *p, size_t pixel)
{
    return !p->c->objects[p->instance.pixels[pixel]].actor;
}

static bt_pose camera_at_row(const check_pictures *p, double row)
{
    double time_ns = bt_view_row_middle_ns(p->view, p->shutter.label_time_ns, row);
    return check_shutter_at(&p->shutter, time_ns);
}

// ---- ids, classes, sky ------------------------------------------------------------------------
static void look_at_ids(const check_pictures *p, size_t pixel, bool in_field, check_tally *t)
{
    uint32_t id = p->instance.pixels != NULL ? p->instance.pixels[pixel] : 0;
    const check_object *object = &p->c->objects[id];
    if (!object->known) t->unknown_ids++;
    if (p->semantic.pixels == NULL) return;
    uint32_t class_id = p->semantic.pixels[pixel];
    bool sky = class_id == p->sky_class;
    if (!in_field) {
        t->no_field += class_id != 0 || id != 0;
    } else if (class_id >= p->c->class_count || class_id == 0) {
        t->wrong_class++;
    } else if (p->instance.pixels != NULL && object->known) {
        t->wrong_class += sky ? id != 0 : (object->surfaces >> class_id & 1u) == 0;
    }
    if (p->depth.pixels == NULL) return;
    double z = check_channel(p, &p->depth, 0, pixel);
    t->no_field += in_field == isnan(z);
    if (in_field) t->wrong_sky += sky != isinf(z);
}

// ---- depth ------------------------------------------------------------------------------------
// Z and D are floats of one product: they agree to a few of their last places.
static void look_at_depth(const check_pictures *p, size_t pixel, const label_ray *ray,
                          check_tally *t)
{
    double z = check_channel(p, &p->depth, 0, pixel), d = check_channel(p, &p->depth, 1, pixel);
    if (isinf(z) && isinf(d)) return;
    t->solid++;
    t->wrong_depth += !(d > 0.0 && fabs(z - label_ray_at(ray, d).z) <= 1e-5 * d);
}

// ---- normals ----------------------------------------------------------------------------------
static bt_vec3 normal_at(const check_pictures *p, size_t pixel)
{
    return (bt_vec3){check_channel(p, &p->normal, 0, pixel), check_channel(p, &p->normal, 1, pixel),
                     check_channel(p, &p->normal, 2, pixel)};
}

static bool point_at(const check_pictures *p, uint32_t x, uint32_t y, bt_vec3 *point_cam)
{
    label_ray ray;
    double d = check_channel(p, &p->depth, 1, check_pixel(p, x, y));
    if (!isfinite(d) || !label_eye_ray(p->view, x, y, &ray)) return false;
    *point_cam = label_ray_at(&ray, d);
    return true;
}

// Of one thing and one direction: taken for one plane.
static bool same_plane(const check_pictures *p, size_t a, size_t b)
{
    if (p->instance.pixels[a] != p->instance.pixels[b]) return false;
    if (p->semantic.pixels != NULL && p->semantic.pixels[a] != p->semantic.pixels[b]) return false;
    return bt_vec3_dot(normal_at(p, a), normal_at(p, b)) > 0.99995;
}

// Neighbours in a row are of one instant; neighbours in a column are moved into one camera.
static void look_along(const check_pictures *p, uint32_t x, uint32_t y, bool down, check_tally *t)
{
    size_t here = check_pixel(p, x, y), there = down ? check_pixel(p, x, y + 1) : here + 1;
    bt_vec3 a, b;
    if (!same_plane(p, here, there)) return;
    if (down && !(p->has_shutter && stands_still(p, here))) return;
    if (!point_at(p, x, y, &a) || !point_at(p, down ? x : x + 1, down ? y + 1 : y, &b)) return;
    if (down) {
        bt_pose here_from_there =
            bt_pose_mul(bt_pose_inverse(camera_at_row(p, y)), camera_at_row(p, y + 1.0));
        b = bt_pose_point(here_from_there, b);
    }
    bt_vec3 step = bt_vec3_sub(b, a);
    double off = fabs(bt_vec3_dot(step, normal_at(p, here)));
    t->planes++;
    // floats of depth leave 1e-6 of the distance
    t->not_square += off > 0.02 * bt_vec3_length(step) + 1e-5 * bt_vec3_length(a);
}

static void look_at_normal(const check_pictures *p, uint32_t x, uint32_t y, const label_ray *along,
                           check_tally *t)
{
    size_t pixel = check_pixel(p, x, y);
    bt_vec3 n = normal_at(p, pixel);
    bt_vec3 ray = {(double)along->dir[0], (double)along->dir[1], (double)along->dir[2]};
    if (n.x == 0.0 && n.y == 0.0 && n.z == 0.0) return; // sky
    t->normals++;
    t->not_unit += !(fabs(bt_vec3_length(n) - 1.0) < 1e-3);
    t->away += !(bt_vec3_dot(n, ray) < 1e-3);
    if (p->depth.pixels == NULL || p->instance.pixels == NULL) return;
    if (x + 1 < p->view->width_px) look_along(p, x, y, false, t);
    if (y + 1 < p->view->height_px) look_along(p, x, y, true, t);
}

// ---- flow -------------------------------------------------------------------------------------
// Where a still point, or the sky, is in the next frame.
static bool land_next(const check_pictures *p, uint32_t x, uint32_t y, const label_ray *ray,
                      double *to_x, double *to_y)
{
    bt_pose camera = camera_at_row(p, y);
    double d = check_channel(p, &p->depth, 1, check_pixel(p, x, y));
    // the sky: so far away that the camera's own motion is less than a float
    bt_vec3 at = bt_pose_point(camera, label_ray_at(ray, isinf(d) ? 1e12 : d));
    return check_land(&p->next, p->view, at, NULL, 0.0, y, to_x, to_y);
}

static void look_at_flow(const check_pictures *p, uint32_t x, uint32_t y, const label_ray *ray,
                         check_tally *t)
{
    size_t pixel = check_pixel(p, x, y);
    double to_x, to_y;
    if (!stands_still(p, pixel) || isnan(check_channel(p, &p->depth, 1, pixel))) return;
    double flow_x = check_channel(p, &p->flow, 0, pixel),
           flow_y = check_channel(p, &p->flow, 1, pixel);
    bool lands = land_next(p, x, y, ray, &to_x, &to_y);
    t->flows++;
    if (!lands || isnan(flow_x)) {
        t->wrong_flow += lands != !isnan(flow_x);
        return;
    }
    t->wrong_flow += !(fabs(to_x - x - flow_x) <= FLOW_TOLERANCE_PX &&
                       fabs(to_y - y - flow_y) <= FLOW_TOLERANCE_PX);
}

// ---- rows -------------------------------------------------------------------------------------
static bt_status look_at_row(void *context, uint32_t y, uint32_t worker)
{
    (void)worker;
    const check_pictures *p = context;
    check_tally *t = &p->rows[y];
    for (uint32_t x = 0; x < p->view->width_px; x++) {
        label_ray ray;
        bool in_field = label_eye_ray(p->view, x, y, &ray);
        size_t pixel = check_pixel(p, x, y);
        look_at_ids(p, pixel, in_field, t);
        if (!in_field) continue;
        if (p->depth.pixels != NULL) look_at_depth(p, pixel, &ray, t);
        if (p->normal.pixels != NULL) look_at_normal(p, x, y, &ray, t);
        if (p->flow.pixels != NULL && p->depth.pixels != NULL && p->instance.pixels != NULL &&
            p->has_shutter && p->has_next) {
            look_at_flow(p, x, y, &ray, t);
        }
    }
    return BT_OK;
}

static void add_tally(check_tally *sum, const check_tally *row)
{
    uint32_t *to = (uint32_t *)sum;
    const uint32_t *from = (const uint32_t *)row;
    for (size_t i = 0; i < sizeof *sum / sizeof *to; i++)
        to[i] += from[i];
}

static void report_share(check *c, const char *path, uint32_t wrong, uint32_t of, double share,
                         const char *what)
{
    c->counts.checks++;
    if (path == NULL || wrong <= share * of) return;
    check_found(c, path, "%u of %u %s", wrong, of, what);
}

static void report_tally(const check_pictures *p, const check_tally *t)
{
    const char *const *paths = p->frame->paths;
    uint32_t all = p->view->width_px * p->view->height_px;
    check *c = p->c;
    report_share(c, paths[BT_CHECK_INSTANCE], t->unknown_ids, all, 0.0,
                 "pixels have an id that clip.json does not list");
    report_share(c, paths[BT_CHECK_SEMANTIC], t->wrong_class, all, 0.0,
                 "pixels have a class that their object's surfaces do not have");
    report_share(c, paths[BT_CHECK_SEMANTIC], t->wrong_sky, all, 0.0,
                 "pixels are sky in one of semantic and depth only");
    report_share(c, paths[p->depth.pixels != NULL ? BT_CHECK_DEPTH : BT_CHECK_SEMANTIC],
                 t->no_field, all, 1e-4,
                 "pixels disagree on whether they are within the lens's field");
    report_share(c, paths[BT_CHECK_DEPTH], t->wrong_depth, t->solid, DEPTH_SHARE,
                 "pixels have a Z that is not D along the lens's ray");
    report_share(c, paths[BT_CHECK_NORMAL], t->not_unit, t->normals, 0.0, "normals are not unit");
    report_share(c, paths[BT_CHECK_NORMAL], t->away, t->normals, 1e-3,
                 "normals point away from the camera");
    report_share(c, paths[BT_CHECK_NORMAL], t->not_square, t->planes, NORMAL_SHARE,
                 "steps along a surface are not square to its normal");
    report_share(c, paths[BT_CHECK_FLOW], t->wrong_flow, t->flows, FLOW_SHARE,
                 "still pixels flow elsewhere than depth and poses say (0.05 px)");
}

// ---- raw and image ----------------------------------------------------------------------------
#define BLOCK_PX 8
#define BLOCK_MIN_COUNT 64
#define RANK_MIN 0.7

static void check_raw_range(check *c, const check_frame *frame, const bt_image_u16 *raw)
{
    uint32_t top = (1u << c->cameras[frame->camera].raw_bits) - 1u, above = 0;
    for (size_t i = 0; i < (size_t)raw->width_px * raw->height_px; i++) {
        above += raw->pixels[i] > top;
    }
    c->counts.checks++;
    if (above == 0) return;
    check_found(c, frame->paths[BT_CHECK_RAW], "%u counts are above %u, the ADC's top", above, top);
}

typedef struct block {
    double raw, image, rank;
} block;

static int by_raw(const void *a, const void *b)
{
    double x = ((const block *)a)->raw, y = ((const block *)b)->raw;
    return x < y ? -1 : x > y;
}

static int by_image(const void *a, const void *b)
{
    double x = ((const block *)a)->image, y = ((const block *)b)->image;
    return x < y ? -1 : x > y;
}

static void sum_block(const check_pictures *p, uint32_t bx, uint32_t by, block *b)
{
    *b = (block){0};
    for (uint32_t y = by * BLOCK_PX; y < (by + 1) * BLOCK_PX; y++) {
        for (uint32_t x = bx * BLOCK_PX; x < (bx + 1) * BLOCK_PX; x++) {
            const uint8_t *rgb = p->image.pixels + 3 * check_pixel(p, x, y);
            b->raw += p->raw.pixels[check_pixel(p, x, y)];
            b->image += rgb[0] + rgb[1] + rgb[2];
        }
    }
}

// Mean rank of each run of equal values in blocks sorted by `value`.
static void rank_blocks(block *blocks, size_t count, bool image)
{
    for (size_t i = 0; i < count;) {
        size_t j = i + 1;
        while (j < count &&
               (image ? blocks[j].image == blocks[i].image : blocks[j].raw == blocks[i].raw)) {
            j++;
        }
        for (size_t k = i; k < j; k++) {
            double rank = 0.5 * (double)(i + j - 1);
            if (image) {
                blocks[k].image = rank;
            } else {
                blocks[k].rank = rank;
            }
        }
        i = j;
    }
}

// Spearman's rank correlation: the image is a rising function of the counts, roughly; NaN when one
// of them is flat.
static double rank_correlation(block *blocks, size_t count)
{
    qsort(blocks, count, sizeof *blocks, by_raw);
    rank_blocks(blocks, count, false);
    qsort(blocks, count, sizeof *blocks, by_image);
    rank_blocks(blocks, count, true);
    double middle = 0.5 * (double)(count - 1), xy = 0.0, xx = 0.0, yy = 0.0;
    for (size_t i = 0; i < count; i++) {
        double x = blocks[i].rank - middle, y = blocks[i].image - middle;
        xy += x * y;
        xx += x * x;
        yy += y * y;
    }
    return xx > 0.0 && yy > 0.0 ? xy / sqrt(xx * yy) : (double)NAN;
}

static void check_image_of_raw(const check_pictures *p)
{
    uint32_t columns = p->view->width_px / BLOCK_PX, rows = p->view->height_px / BLOCK_PX;
    size_t count = (size_t)columns * rows;
    if (p->raw.pixels == NULL || p->image.pixels == NULL || count < BLOCK_MIN_COUNT) return;
    block *blocks = bt_alloc(count, sizeof *blocks);
    if (blocks == NULL) return;
    double low = INFINITY, high = 0.0;
    for (size_t i = 0; i < count; i++) {
        sum_block(p, (uint32_t)(i % columns), (uint32_t)(i / columns), &blocks[i]);
        low = fmin(low, blocks[i].raw);
        high = fmax(high, blocks[i].raw);
    }
    p->c->counts.checks++;
    // a flat picture holds noise alone, which proves nothing
    if (high > 1.25 * low) {
        double correlation = rank_correlation(blocks, count);
        if (!(correlation >= RANK_MIN)) {
            check_found(p->c, p->frame->paths[BT_CHECK_IMAGE],
                        "it does not show what raw holds (rank correlation %.2f)", correlation);
        }
    }
    bt_free(blocks);
}

// ---- loading ----------------------------------------------------------------------------------
// True when it was read and has the camera's size.
static bool good_picture(const check_pictures *p, check_kind kind, bt_status status,
                         uint32_t width_px, uint32_t height_px)
{
    const char *path = p->frame->paths[kind];
    p->c->counts.checks++;
    if (status != BT_OK) {
        check_found(p->c, path, "%s", bt_error_message());
        return false;
    }
    if (width_px == p->view->width_px && height_px == p->view->height_px) return true;
    check_found(p->c, path, "it is %u x %u pixels, its camera %u x %u", width_px, height_px,
                p->view->width_px, p->view->height_px);
    return false;
}

static void load_u16(const check_pictures *p, check_kind kind, bt_image_u16 *image)
{
    char path[4096];
    if (p->frame->paths[kind] == NULL) return;
    bt_status status = check_path(p->c, p->frame->paths[kind], path, sizeof path);
    if (status == BT_OK) status = bt_png_read_u16(path, image);
    if (!good_picture(p, kind, status, image->width_px, image->height_px)) {
        bt_image_u16_clear(image);
    }
}

static void load_u8(const check_pictures *p, check_kind kind, uint32_t channels, bt_image_u8 *image)
{
    char path[4096];
    if (p->frame->paths[kind] == NULL) return;
    bt_status status = check_path(p->c, p->frame->paths[kind], path, sizeof path);
    if (status == BT_OK) status = bt_png_read_u8(path, channels, image);
    if (!good_picture(p, kind, status, image->width_px, image->height_px)) {
        bt_image_u8_clear(image);
    }
}

static void load_exr(const check_pictures *p, check_kind kind, const char *const *names,
                     uint32_t count, bt_exr_image *image)
{
    char path[4096];
    if (p->frame->paths[kind] == NULL) return;
    bt_status status = check_path(p->c, p->frame->paths[kind], path, sizeof path);
    if (status == BT_OK) status = bt_exr_read(path, names, count, image);
    if (!good_picture(p, kind, status, image->width_px, image->height_px)) {
        bt_exr_image_clear(image);
    }
}

static void load_pictures(check_pictures *p)
{
    load_u16(p, BT_CHECK_RAW, &p->raw);
    load_u8(p, BT_CHECK_IMAGE, 3, &p->image);
    load_exr(p, BT_CHECK_DEPTH, (const char *const[]){"Z", "D"}, 2, &p->depth);
    load_exr(p, BT_CHECK_NORMAL, (const char *const[]){"X", "Y", "Z"}, 3, &p->normal);
    load_exr(p, BT_CHECK_FLOW, (const char *const[]){"X", "Y"}, 2, &p->flow);
    load_u16(p, BT_CHECK_INSTANCE, &p->instance);
    load_u8(p, BT_CHECK_SEMANTIC, 1, &p->semantic);
    const json_t *truth = check_camera_truth(p->c, (size_t)(p->frame - p->c->frames));
    p->has_shutter = check_shutter_read(json_object_get(truth, "shutter"), &p->shutter);
    p->has_next = check_shutter_read(json_object_get(truth, "next_shutter"), &p->next);
}

static uint32_t find_sky_class(const check *c)
{
    const json_t *classes = json_object_get(c->root, "classes");
    for (uint32_t i = 0; i < c->class_count; i++) {
        const char *name = check_read_text(json_array_get(classes, i), "name");
        if (name != NULL && strcmp(name, SKY_CLASS_NAME) == 0) return i;
    }
    return UINT32_MAX;
}

static void clear_pictures(check_pictures *p)
{
    bt_image_u16_clear(&p->raw);
    bt_image_u16_clear(&p->instance);
    bt_image_u8_clear(&p->image);
    bt_image_u8_clear(&p->semantic);
    bt_exr_image_clear(&p->depth);
    bt_exr_image_clear(&p->normal);
    bt_exr_image_clear(&p->flow);
    check_shutter_clear(&p->shutter);
    check_shutter_clear(&p->next);
    bt_free(p->rows);
}

// Counts are whole, shares are shares, and clip.json sums them up rightly.
static void check_samples(const check_pictures *p)
{
    bt_exr_image image = {0};
    load_exr(p, BT_CHECK_SAMPLES, (const char *const[]){"N", "E"}, 2, &image);
    if (image.pixels == NULL) return;
    size_t pixels = (size_t)image.width_px * image.height_px, bad = 0;
    double count = 0.0, left = 0.0, said_count = -1.0, said_left = -1.0;
    for (size_t i = 0; i < pixels; i++) {
        float n = image.pixels[i], e = image.pixels[pixels + i];
        bad += !(n >= 1.0f && n <= 16777216.0f && n == floorf(n) && e >= 0.0f && isfinite(e));
        count += (double)n / (double)pixels;
        left += (double)e / (double)pixels;
    }
    const char *path = p->frame->paths[BT_CHECK_SAMPLES];
    const json_t *frame =
        json_array_get(json_object_get(p->c->root, "frames"), (size_t)(p->frame - p->c->frames));
    const json_t *file = json_object_get(json_object_get(frame, "files"), "samples");
    check_read_number(file, "samples_mean", &said_count);
    check_read_number(file, "left_mean", &said_left);
    p->c->counts.checks += 2;
    if (bad > 0)
        check_found(p->c, path, "%zu pixels have no whole number of samples, or no share left",
                    bad);
    else if (fabs(said_count - count) > 1e-6 * count || fabs(said_left - left) > 1e-6 * left)
        check_found(p->c, path, "%g samples a pixel, %g left: clip.json says %g and %g", count,
                    left, said_count, said_left);
    bt_exr_image_clear(&image);
}

bt_status check_frame_images(check *c, size_t index)
{
    const check_frame *frame = &c->frames[index];
    check_enter_window(c, frame->window);
    check_pictures p = {.c = c,
                        .frame = frame,
                        .view = &c->cameras[frame->camera].view,
                        .sky_class = find_sky_class(c)};
    p.rows = bt_alloc(p.view->height_px, sizeof *p.rows);
    if (p.rows == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for checking a frame");
    load_pictures(&p);
    bt_status status = bt_jobs_run(c->jobs, p.view->height_px, look_at_row, &p);
    check_tally sum = {0};
    for (uint32_t y = 0; y < p.view->height_px; y++)
        add_tally(&sum, &p.rows[y]);
    report_tally(&p, &sum);
    if (p.raw.pixels != NULL) check_raw_range(c, frame, &p.raw);
    check_image_of_raw(&p);
    check_samples(&p);
    if (p.instance.pixels != NULL) check_boxes(c, index, p.instance.pixels);
    check_against_world(&p);
    clear_pictures(&p);
    return status;
}
