// box_truth.c: boxes around actors, and how much of them is seen, hidden, cut off.
#include "engine/label/box_truth.h"

#include "engine/core/memory.h"
#include "engine/label/label_internal.h"
#include "engine/label/lens.h"

#include <math.h>
#include <string.h>

#define OUTSIDE_SAMPLES 16384.0 // chosen: the share is good to about 1 %
#define GLASS_BENDS_RAD 0.1     // at most, chosen
#define CUT_ROUNDS 16           // halvings of an edge at the field's rim: 1e-5 of its length

// ---- where vertices land ----------------------------------------------------------------------
typedef struct vertex_place {
    const bt_snapshot *snapshot;
    uint32_t instance;
    float pos_mesh[3];
} vertex_place;

static void place_vertex(const void *context, const label_row *row, float pos[3])
{
    const vertex_place *v = context;
    bt_snapshot_key key = bt_snapshot_instance_at(v->snapshot, v->instance, row->u);
    bt_snapshot_key_point(&key, v->snapshot->instances[v->instance].scale, v->pos_mesh, pos);
}

bool bt_label_project(const bt_snapshot *snapshot, const bt_view *view, bt_time_ns label_time_ns,
                      uint32_t instance, const float pos_mesh[3], double *x_px, double *y_px)
{
    vertex_place v = {snapshot, instance, {pos_mesh[0], pos_mesh[1], pos_mesh[2]}};
    double middle = 0.5 * ((double)view->height_px - 1.0);
    return label_land(snapshot, view, label_time_ns, middle, place_vertex, &v, x_px, y_px);
}

// A point on an edge of an instance's mesh, which may deform.
typedef struct edge_place {
    const bt_snapshot *snapshot;
    uint32_t instance;
    uint32_t from, to; // vertices of the mesh; the same: that vertex
    float along;
} edge_place;

static void place_on_edge(const void *context, const label_row *row, float pos[3])
{
    const edge_place *e = context;
    vertex_place v = {.snapshot = e->snapshot, .instance = e->instance};
    float to[3];
    bt_snapshot_vertex_at(e->snapshot, e->instance, e->from, row->u, v.pos_mesh);
    if (e->from != e->to) {
        bt_snapshot_vertex_at(e->snapshot, e->instance, e->to, row->u, to);
        for (int i = 0; i < 3; i++)
            v.pos_mesh[i] += e->along * (to[i] - v.pos_mesh[i]);
    }
    place_vertex(&v, row, pos);
}

// ---- amodal boxes -----------------------------------------------------------------------------
typedef struct box_maker {
    const bt_label_frame *frame;
    uint32_t instance;
    const float *positions; // (vertices x 3) of its mesh, at rest
    bt_box box;
    bool any;
} box_maker;

static void grow_box(bt_box *box, bool *any, double x, double y)
{
    if (!*any) *box = (bt_box){x, y, x, y};
    *any = true;
    box->x0 = fmin(box->x0, x);
    box->y0 = fmin(box->y0, y);
    box->x1 = fmax(box->x1, x);
    box->y1 = fmax(box->y1, y);
}

static bool land_mesh_point(const box_maker *m, const float pos[3], double *x, double *y)
{
    const bt_label_frame *f = m->frame;
    return bt_label_project(f->snapshot, f->view, f->label_time_ns, m->instance, pos, x, y);
}

static bool land_edge_point(const box_maker *m, uint32_t from, uint32_t to, float along, double *x,
                            double *y)
{
    const bt_label_frame *f = m->frame;
    edge_place e = {f->snapshot, m->instance, from, to, along};
    double middle = 0.5 * ((double)f->view->height_px - 1.0);
    return label_land(f->snapshot, f->view, f->label_time_ns, middle, place_on_edge, &e, x, y);
}

// Adds the place where the edge from a seen to an unseen vertex leaves the lens's field.
static void add_cut_edge(box_maker *m, uint32_t seen, uint32_t unseen)
{
    float low = 0.0f, high = 1.0f;
    double x, y;
    for (int round = 0; round < CUT_ROUNDS; round++) {
        float middle = 0.5f * (low + high);
        if (land_edge_point(m, seen, unseen, middle, &x, &y))
            low = middle;
        else
            high = middle;
    }
    if (land_edge_point(m, seen, unseen, low, &x, &y)) grow_box(&m->box, &m->any, x, y);
}

static void add_cut_triangles(box_maker *m, const bt_world *world, const bt_world_mesh *mesh,
                              const uint8_t *seen)
{
    const uint32_t *indices = world->indices + 3 * (size_t)mesh->first_triangle;
    for (uint32_t t = 0; t < mesh->triangle_count; t++) {
        for (int e = 0; e < 3; e++) {
            uint32_t a = indices[3 * (size_t)t + (size_t)e];
            uint32_t b = indices[3 * (size_t)t + (size_t)(e + 1) % 3];
            if (seen[a] && !seen[b]) add_cut_edge(m, a, b);
            if (seen[b] && !seen[a]) add_cut_edge(m, b, a);
        }
    }
}

// Bounds of a mesh in its own frame, over all keys where it deforms.
typedef struct reach {
    float low[3], high[3];
} reach;

static reach reach_of(const bt_snapshot *snapshot, uint32_t instance)
{
    const bt_world *world = snapshot->world;
    const bt_world_mesh *mesh = &world->meshes[world->instances[instance].mesh];
    uint32_t deformed = snapshot->instances[instance].deformed;
    reach r;
    memcpy(r.low, mesh->bounds_min, sizeof r.low);
    memcpy(r.high, mesh->bounds_max, sizeof r.high);
    if (deformed == 0) return r;
    const bt_deformed *d = &snapshot->deformed[deformed - 1];
    const bt_deformed_vertex *v = snapshot->deformed_vertices + d->first;
    for (size_t i = 0; i < (size_t)d->key_count * d->vertex_count; i++)
        for (int k = 0; k < 3; k++) {
            r.low[k] = fminf(i > 0 ? r.low[k] : INFINITY, v[i].pos[k]);
            r.high[k] = fmaxf(i > 0 ? r.high[k] : -INFINITY, v[i].pos[k]);
        }
    return r;
}

// False quickly for what is wholly outside the field: the sphere around the mesh's bounds, seen
// from the camera in the middle of the frame, with a margin for motion.
static bool maybe_in_field(const box_maker *m)
{
    const bt_label_frame *f = m->frame;
    label_row row = label_row_at(f->snapshot, f->view, f->label_time_ns,
                                 0.5 * ((double)f->view->height_px - 1.0));
    vertex_place v = {f->snapshot, m->instance, {0}};
    reach r = reach_of(f->snapshot, m->instance);
    double radius2 = 0.0;
    for (int i = 0; i < 3; i++) {
        double half = 0.5 * (double)(r.high[i] - r.low[i]);
        v.pos_mesh[i] = 0.5f * (r.high[i] + r.low[i]);
        radius2 += half * half;
    }
    float centre[3], centre_cam[3];
    place_vertex(&v, &row, centre);
    bt_snapshot_key_point_inverse(&row.camera, 1.0f, centre, centre_cam);
    double across = bt_hypot((double)centre_cam[0], (double)centre_cam[1]);
    double distance = bt_hypot(across, (double)centre_cam[2]);
    double radius =
        sqrt(radius2) * (double)f->snapshot->instances[m->instance].scale + 2.0; // 2 m: motion
    if (distance <= radius) return true;
    double angle = bt_atan2(across, (double)centre_cam[2]) - bt_asin(radius / distance);
    double bent = f->view->shield.on != 0 ? GLASS_BENDS_RAD : 0.0;
    return angle <= (double)f->view->lens.theta_max_rad + bent;
}

// Every vertex at the time of its own row; edges cut where the mesh leaves the field.
static void add_all_vertices(box_maker *m, const bt_world *world, const bt_world_mesh *mesh,
                             uint8_t *seen)
{
    uint32_t unseen = 0;
    for (uint32_t i = 0; i < mesh->vertex_count; i++) {
        double x, y;
        seen[i] = land_edge_point(m, i, i, 0.0f, &x, &y);
        if (seen[i]) grow_box(&m->box, &m->any, x, y);
        unseen += !seen[i];
    }
    if (unseen > 0 && unseen < mesh->vertex_count) add_cut_triangles(m, world, mesh, seen);
}

// ---- meshes wholly in the field ---------------------------------------------------------------
// A mesh that keeps its shape, at one instant: cheap, and off by as much as it moves within the rows
// that it spans.
typedef struct still {
    bt_snapshot_key camera, instance;
    float scale;
    double margin_px; // no vertex is further from its true place
} still;

static bool still_point(const box_maker *m, const still *s, const float pos[3], double *x,
                        double *y)
{
    float at[3], at_cam[3];
    bt_snapshot_key_point(&s->instance, s->scale, pos, at);
    bt_snapshot_key_point_inverse(&s->camera, 1.0f, at, at_cam);
    return label_eye_pixel(m->frame->view, at_cam, x, y);
}

// Measured at the corners of the bounds, doubled, for what lies between them. False when a corner is
// outside the field.
static bool make_still(const box_maker *m, const bt_world_mesh *mesh, still *s)
{
    const bt_label_frame *f = m->frame;
    const float *bounds[2] = {mesh->bounds_min, mesh->bounds_max};
    double x, y, still_x, still_y, off = 0.0;
    float middle[3];
    for (int i = 0; i < 3; i++)
        middle[i] = 0.5f * (bounds[0][i] + bounds[1][i]);
    if (!land_mesh_point(m, middle, &x, &y)) return false;
    label_row row = label_row_at(f->snapshot, f->view, f->label_time_ns, y);
    *s = (still){.camera = row.camera,
                 .instance = bt_snapshot_instance_at(f->snapshot, m->instance, row.u),
                 .scale = f->snapshot->instances[m->instance].scale};
    for (int c = 0; c < 8; c++) {
        const float corner[3] = {bounds[c & 1][0], bounds[c >> 1 & 1][1], bounds[c >> 2][2]};
        if (!land_mesh_point(m, corner, &x, &y) || !still_point(m, s, corner, &still_x, &still_y)) {
            return false;
        }
        off = fmax(off, bt_hypot(x - still_x, y - still_y));
    }
    s->margin_px = 2.0 * off + 0.01;
    return true;
}

// Lands only those vertices that may touch a side of the box.
static bool add_outer_vertices(box_maker *m, const bt_world_mesh *mesh)
{
    still s;
    bt_box box = {0};
    bool any = false;
    double x, y;
    if (!make_still(m, mesh, &s)) return false;
    for (uint32_t i = 0; i < mesh->vertex_count; i++) {
        if (!still_point(m, &s, m->positions + 3 * (size_t)i, &x, &y)) return false;
        grow_box(&box, &any, x, y);
    }
    double margin = 2.0 * s.margin_px;
    for (uint32_t i = 0; i < mesh->vertex_count; i++) {
        const float *pos = m->positions + 3 * (size_t)i;
        if (!still_point(m, &s, pos, &x, &y)) return false;
        if (x > box.x0 + margin && x < box.x1 - margin && y > box.y0 + margin &&
            y < box.y1 - margin) {
            continue;
        }
        if (!land_mesh_point(m, pos, &x, &y)) return false;
        grow_box(&m->box, &m->any, x, y);
    }
    return true;
}

static void add_instance(box_maker *m, uint8_t *seen)
{
    const bt_world *world = m->frame->snapshot->world;
    const bt_world_mesh *mesh = &world->meshes[world->instances[m->instance].mesh];
    if (!maybe_in_field(m)) return;
    m->positions = world->positions + 3 * (size_t)mesh->first_vertex;
    bool deforms = m->frame->snapshot->instances[m->instance].deformed != 0;
    if (deforms || !add_outer_vertices(m, mesh)) add_all_vertices(m, world, mesh, seen);
}

typedef struct boxing {
    const bt_label_frame *frame;
    bt_box_truth *truths;
} boxing;

static uint32_t most_vertices(const bt_world *world, const bt_world_actor *actor)
{
    uint32_t most = 1;
    for (uint32_t i = 0; i < actor->instance_count; i++) {
        uint32_t mesh = world->instances[actor->first_instance + i].mesh;
        if (world->meshes[mesh].vertex_count > most) most = world->meshes[mesh].vertex_count;
    }
    return most;
}

static bt_status box_actor(void *context, uint32_t index, uint32_t worker)
{
    (void)worker;
    const boxing *b = context;
    if (index == b->frame->carrier) return BT_OK;
    const bt_world *world = b->frame->snapshot->world;
    const bt_world_actor *actor = &world->actors[index];
    uint8_t *seen = bt_alloc(most_vertices(world, actor), 1);
    if (seen == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for the box of an actor");
    box_maker m = {.frame = b->frame};
    for (uint32_t i = 0; i < actor->instance_count; i++) {
        m.instance = actor->first_instance + i;
        add_instance(&m, seen);
    }
    b->truths[index].in_field = m.any;
    b->truths[index].amodal_px = m.box;
    bt_free(seen);
    return BT_OK;
}

// ---- the instance image -----------------------------------------------------------------------
static bt_status count_visible(const bt_world *world, const bt_label_images *images,
                               bt_box_truth *truths)
{
    uint32_t *actor_of = bt_alloc((size_t)UINT16_MAX + 1, sizeof *actor_of); // index + 1
    if (actor_of == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for counting pixels");
    for (uint32_t i = 0; i < world->actor_count; i++) {
        if (world->actors[i].object_id <= UINT16_MAX) actor_of[world->actors[i].object_id] = i + 1;
    }
    for (uint32_t y = 0; y < images->height_px; y++) {
        for (uint32_t x = 0; x < images->width_px; x++) {
            uint32_t actor = actor_of[images->instance[(size_t)y * images->width_px + x]];
            if (actor == 0) continue;
            bt_box_truth *truth = &truths[actor - 1];
            bool any = truth->visible_count++ > 0;
            grow_box(&truth->visible_px, &any, x - 0.5, y - 0.5);
            grow_box(&truth->visible_px, &any, x + 0.5, y + 0.5);
        }
    }
    bt_free(actor_of);
    return BT_OK;
}

// ---- pixels it would have if it were alone ----------------------------------------------------
// Whole pixels whose centres a box may hold: columns x0 .. x1, rows y0 .. y1, both included.
typedef struct grid {
    int64_t x0, y0, x1, y1;
} grid;

typedef struct counting {
    const bt_label_frame *frame; // its stage holds the actor alone
    const bt_label_images *images;
    uint32_t object_id;
    grid grid;
    int64_t stride;    // outside the image every stride-th row and column counts
    uint64_t *inside;  // (rows of the grid)
    uint64_t *outside; // (rows of the grid)
} counting;

static bool hit_alone(const counting *c, const label_row *row, int64_t x, int64_t y)
{
    label_ray ray;
    float origin[3], dir[3];
    bt_surface_hit hit;
    if (!label_eye_ray(c->frame->view, (double)x, (double)y, &ray)) return false;
    bt_snapshot_key_point(&row->camera, 1.0f, ray.origin, origin);
    bt_snapshot_key_dir(&row->camera, ray.dir, dir);
    return bt_stage_trace(c->frame->stage, origin, dir, row->u, &hit);
}

static bt_status count_row(void *context, uint32_t index, uint32_t worker)
{
    (void)worker;
    const counting *c = context;
    int64_t y = c->grid.y0 + index;
    int64_t width = c->images->width_px, height = c->images->height_px;
    label_row row =
        label_row_at(c->frame->snapshot, c->frame->view, c->frame->label_time_ns, (double)y);
    for (int64_t x = c->grid.x0; x <= c->grid.x1; x++) {
        if (x >= 0 && x < width && y >= 0 && y < height) {
            // what is seen of it needs no second ray
            bool known = c->images->instance[y * width + x] == c->object_id;
            if (known || hit_alone(c, &row, x, y)) c->inside[index]++;
        } else if (x % c->stride == 0 && y % c->stride == 0 && hit_alone(c, &row, x, y)) {
            c->outside[index] += (uint64_t)(c->stride * c->stride);
        }
    }
    return BT_OK;
}

static grid grid_of(const bt_box *box)
{
    // no lens reaches further; a wild box must not make the loop endless
    const double most = 1e5;
    return (grid){
        (int64_t)ceil(fmax(box->x0 - 1.0, -most)), (int64_t)ceil(fmax(box->y0 - 1.0, -most)),
        (int64_t)floor(fmin(box->x1 + 1.0, most)), (int64_t)floor(fmin(box->y1 + 1.0, most))};
}

static int64_t outside_stride(const grid *g, const bt_label_images *images)
{
    double columns = (double)(g->x1 - g->x0 + 1), rows = (double)(g->y1 - g->y0 + 1);
    double in_x = fmin((double)g->x1, images->width_px - 1.0) - fmax((double)g->x0, 0.0) + 1.0;
    double in_y = fmin((double)g->y1, images->height_px - 1.0) - fmax((double)g->y0, 0.0) + 1.0;
    double outside = columns * rows - fmax(in_x, 0.0) * fmax(in_y, 0.0);
    return outside <= OUTSIDE_SAMPLES ? 1 : (int64_t)ceil(sqrt(outside / OUTSIDE_SAMPLES));
}

static void finish_truth(const counting *c, uint32_t rows, bt_box_truth *truth)
{
    uint64_t outside = 0;
    for (uint32_t i = 0; i < rows; i++) {
        truth->amodal_count += c->inside[i];
        outside += c->outside[i];
    }
    double in = (double)truth->amodal_count, out = (double)outside;
    truth->occluded = in > 0.0 ? 1.0 - (double)truth->visible_count / in : (double)NAN;
    truth->truncated = in + out > 0.0 ? out / (in + out) : (double)NAN;
}

static bt_status count_amodal(const bt_label_frame *alone, const bt_label_images *images,
                              uint32_t object_id, bt_jobs *jobs, bt_box_truth *truth)
{
    counting c = {.frame = alone,
                  .images = images,
                  .object_id = object_id,
                  .grid = grid_of(&truth->amodal_px)};
    if (c.grid.y1 < c.grid.y0 || c.grid.x1 < c.grid.x0) return BT_OK;
    uint32_t rows = (uint32_t)(c.grid.y1 - c.grid.y0 + 1);
    c.stride = outside_stride(&c.grid, images);
    c.inside = bt_alloc(rows, sizeof *c.inside);
    c.outside = bt_alloc(rows, sizeof *c.outside);
    bt_status status = BT_OK;
    if (c.inside == NULL || c.outside == NULL) {
        status = bt_fail(BT_ERR_MEMORY, "no memory for counting pixels");
    } else {
        status = bt_jobs_run(jobs, rows, count_row, &c);
        if (status == BT_OK) finish_truth(&c, rows, truth);
    }
    bt_free(c.inside);
    bt_free(c.outside);
    return status;
}

static bt_status measure_alone(bt_renderer *renderer, const bt_label_frame *frame,
                               const bt_label_images *images, uint32_t index, bt_jobs *jobs,
                               bt_box_truth *truth)
{
    const bt_world_actor *actor = &frame->snapshot->world->actors[index];
    uint32_t *instances = bt_alloc(actor->instance_count, sizeof *instances);
    if (instances == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for a stage of one actor");
    for (uint32_t i = 0; i < actor->instance_count; i++)
        instances[i] = actor->first_instance + i;
    bt_stage *stage = NULL;
    bt_status status =
        bt_stage_create(renderer, frame->snapshot, instances, actor->instance_count, &stage);
    if (status == BT_OK) {
        bt_label_frame alone = *frame;
        alone.stage = stage;
        status = count_amodal(&alone, images, actor->object_id, jobs, truth);
    }
    bt_stage_destroy(stage);
    bt_free(instances);
    return status;
}

// A surface may cross the field though no vertex of it lies inside.
static void hold_visible(bt_box_truth *truth)
{
    if (truth->visible_count == 0) return;
    const bt_box *v = &truth->visible_px;
    // a box of vertices may be up to half a pixel inside the edges of the pixels whose centres it
    // covers
    grow_box(&truth->amodal_px, &truth->in_field, v->x0 + 0.5, v->y0 + 0.5);
    grow_box(&truth->amodal_px, &truth->in_field, v->x1 - 0.5, v->y1 - 0.5);
}

bt_status bt_box_truth_measure(bt_renderer *renderer, const bt_label_frame *frame,
                               const bt_label_images *images, bt_jobs *jobs, bt_box_truth *truths)
{
    const bt_world *world = frame->snapshot->world;
    for (uint32_t i = 0; i < world->actor_count; i++) {
        truths[i] = (bt_box_truth){.occluded = NAN, .truncated = NAN};
    }
    boxing b = {frame, truths};
    bt_status status = bt_jobs_run(jobs, world->actor_count, box_actor, &b);
    if (status == BT_OK) status = count_visible(world, images, truths);
    for (uint32_t i = 0; i < world->actor_count && status == BT_OK; i++) {
        if (i == frame->carrier) {
            truths[i] = (bt_box_truth){.occluded = NAN, .truncated = NAN};
            continue;
        }
        hold_visible(&truths[i]);
        if (!truths[i].in_field) continue;
        status = measure_alone(renderer, frame, images, i, jobs, &truths[i]);
    }
    return status;
}
