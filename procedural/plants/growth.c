// growth.c: Weber and Penn 1995, "Creation and rendering of realistic trees", section 4.
//
// Kept from the paper: crown shapes, taper, curvature with curve-back, splitting with error
// diffusion, child lengths and radii, down angles, vertical attraction. Simplified: no lobed trunk
// sections, no pruning envelope, no wind; clones lose a little girth so that forks look grown.
#include "procedural/plants/growth.h"

#include "engine/core/memory.h"
#include "procedural/draw.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define MAX_SEGMENTS 24
#define MAX_STEMS 60000
#define MAX_LEAVES 250000
#define CLONE_GIRTH 0.82 // chosen: two limbs of 0.82 carry 1.34 times the parent's cross-section

typedef struct grower {
    const bt_tree_species *species;
    bt_tree_form *form;
    bt_draw draw;
    double split_error[BT_TREE_MAX_LEVELS];
    double trunk_length_m, base_length_m;
} grower;

typedef struct stem {
    int level;
    double length_m, radius_m; // of the whole stem, from its own foot
    int first_segment;         // > 0: a clone that begins at a fork
    bt_pose foot;              // z along the stem
    double unbend_rad;         // per segment, to lose a fork's opening again
} stem;

// The stem's frames at its segment ends, and where it forks.
typedef struct stem_path {
    bt_pose at[MAX_SEGMENTS + 1];
    double radius_m[MAX_SEGMENTS + 1];
    stem clones[MAX_SEGMENTS * 2];
    int clone_count;
    int segments;
} stem_path;

static bt_status grow_stem(grower *g, const stem *self);

double bt_crown_shape_ratio(bt_crown_shape shape, double ratio)
{
    double r = bt_clamp(ratio, 0.0, 1.0);
    switch (shape) {
    case BT_CROWN_CONICAL:
        return 0.2 + 0.8 * r;
    case BT_CROWN_SPHERICAL:
        return 0.2 + 0.8 * bt_sin(BT_PI * r);
    case BT_CROWN_HEMISPHERICAL:
        return 0.2 + 0.8 * bt_sin(0.5 * BT_PI * r);
    case BT_CROWN_CYLINDRICAL:
        return 1.0;
    case BT_CROWN_TAPERED_CYLINDRICAL:
        return 0.5 + 0.5 * r;
    case BT_CROWN_FLAME:
        return r <= 0.7 ? r / 0.7 : (1.0 - r) / 0.3;
    case BT_CROWN_INVERSE_CONICAL:
        return 1.0 - 0.8 * r;
    case BT_CROWN_TEND_FLAME:
        return r <= 0.7 ? 0.5 + 0.5 * r / 0.7 : 0.5 + 0.5 * (1.0 - r) / 0.3;
    }
    return 1.0;
}

static bt_quat turn(bt_quat rot, int axis, double angle_rad)
{
    bt_vec3 unit = {axis == 0, axis == 1, axis == 2};
    return bt_quat_normalize(bt_quat_mul(rot, bt_quat_axis_angle(unit, angle_rad)));
}

static bt_vec3 along(bt_quat rot)
{
    return bt_quat_rotate(rot, (bt_vec3){0.0, 0.0, 1.0});
}

static double declination(bt_quat rot)
{
    return bt_acos(bt_clamp(along(rot).z, -1.0, 1.0));
}

// Vertical attraction: turns the stem's axis towards the sky, or away from it.
static bt_quat attract(bt_quat rot, double angle_rad)
{
    bt_vec3 axis = bt_vec3_cross(along(rot), (bt_vec3){0.0, 0.0, 1.0});
    double length = bt_vec3_length(axis);
    if (length < 1e-3) return rot;
    bt_quat world = bt_quat_axis_angle(bt_vec3_scale(axis, 1.0 / length), angle_rad);
    return bt_quat_normalize(bt_quat_mul(world, rot));
}

// ---- one stem's own path ----------------------------------------------------------------------

static double radius_at(const grower *g, const stem *self, double z)
{
    const bt_stem_level *level = &g->species->levels[self->level];
    double radius = self->radius_m * (1.0 - level->taper * z);
    if (self->level == 0) { // section 4.4: flare at the foot
        double y = fmax(0.0, 1.0 - 8.0 * z);
        radius *= 1.0 + g->species->flare * (bt_pow(100.0, y) - 1.0) / 100.0;
    }
    return fmax(radius, 0.0015);
}

static double curve_step(grower *g, const stem *self, int segment)
{
    const bt_stem_level *level = &g->species->levels[self->level];
    double res = level->curve_res;
    double bend = level->curve_deg / res;
    if (level->curve_back_deg != 0.0) { // first half one way, second half back
        bend = (segment < level->curve_res / 2 ? level->curve_deg : level->curve_back_deg) /
               (0.5 * res);
    }
    return BT_RAD_PER_DEG * bt_draw_about(&g->draw, bend, level->curve_v_deg / res);
}

static int split_count(grower *g, const stem *self, int segment)
{
    const bt_stem_level *level = &g->species->levels[self->level];
    if (segment + 1 >= level->curve_res) return 0;
    if (self->level == 0 && segment == 0 && self->first_segment == 0 && g->species->base_splits > 0)
        return g->species->base_splits;
    double wanted = level->seg_splits + g->split_error[self->level];
    int count = (int)floor(wanted + 0.5);
    if (count > 2) count = 2;
    if (count < 0) count = 0;
    g->split_error[self->level] = wanted - count;
    return count;
}

// Opens a fork at the end of `segment`: the stem leans one way, its clones the others.
static void fork_stem(grower *g, const stem *self, int segment, int count, bt_pose *frame,
                      double *unbend_rad, stem_path *path)
{
    const bt_stem_level *level = &g->species->levels[self->level];
    double lean = bt_draw_about(&g->draw, level->split_angle_deg, level->split_angle_v_deg);
    lean = fmax(0.0, lean * BT_RAD_PER_DEG - 0.5 * declination(frame->rot));
    int left = level->curve_res - segment - 1;
    double back = left > 0 ? 0.6 * lean / left : 0.0; // chosen: forks keep 40 % of their opening
    double around = bt_draw_range(&g->draw, 0.0, 2.0 * BT_PI);
    for (int i = 1; i <= count && path->clone_count < MAX_SEGMENTS * 2; i++) {
        double spin = around + 2.0 * BT_PI * i / (count + 1) + bt_draw_about(&g->draw, 0.0, 0.4);
        stem clone = *self;
        clone.first_segment = segment + 1;
        clone.radius_m *= CLONE_GIRTH;
        clone.length_m *= bt_draw_range(&g->draw, 0.8, 1.0);
        clone.foot = *frame;
        clone.foot.rot = turn(turn(turn(frame->rot, 2, spin), 0, lean), 2, -spin);
        clone.unbend_rad = back;
        path->clones[path->clone_count++] = clone;
    }
    frame->rot = turn(turn(turn(frame->rot, 2, around), 0, lean), 2, -around);
    *unbend_rad += back;
}

static void trace_path(grower *g, const stem *self, stem_path *path)
{
    const bt_stem_level *level = &g->species->levels[self->level];
    double step = self->length_m / level->curve_res;
    double unbend = self->unbend_rad;
    bt_pose frame = self->foot;
    path->clone_count = 0;
    path->segments = level->curve_res;
    for (int i = self->first_segment; i < level->curve_res; i++) {
        path->at[i] = frame;
        path->radius_m[i] = radius_at(g, self, (double)i / level->curve_res);
        frame.pos = bt_vec3_mad(frame.pos, along(frame.rot), step);
        // bend, a little out of plane too, and towards the light
        frame.rot = turn(frame.rot, 0, curve_step(g, self, i));
        double side = 0.5 * level->curve_v_deg / level->curve_res;
        frame.rot = turn(frame.rot, 1, BT_RAD_PER_DEG * bt_draw_about(&g->draw, 0.0, side));
        if (self->level > 0) {
            double pull = g->species->attraction_up * declination(frame.rot) / level->curve_res;
            frame.rot = attract(frame.rot, self->level == 1 ? 0.4 * pull : pull);
        }
        if (unbend > 0.0) frame.rot = attract(frame.rot, fmin(unbend, declination(frame.rot)));
        int clones = split_count(g, self, i);
        if (clones > 0) fork_stem(g, self, i, clones, &frame, &unbend, path);
    }
    path->at[level->curve_res] = frame;
    path->radius_m[level->curve_res] = radius_at(g, self, 1.0);
}

static bt_status keep_path(grower *g, const stem *self, const stem_path *path)
{
    bt_tree_form *form = g->form;
    size_t count = (size_t)(path->segments - self->first_segment + 1);
    if (form->stem_count >= MAX_STEMS)
        return bt_fail(BT_ERR_LIMIT, "tree '%s' has more than %d stems", g->species->name,
                       MAX_STEMS);
    bt_status status = BT_ARRAY_RESERVE(form->nodes, form->node_capacity, form->node_count + count);
    if (status) return status;
    status = BT_ARRAY_RESERVE(form->stems, form->stem_capacity, form->stem_count + 1);
    if (status) return status;
    form->stems[form->stem_count++] =
        (bt_tree_stem){(uint32_t)form->node_count, (uint32_t)count, self->level};
    for (int i = self->first_segment; i <= path->segments; i++)
        form->nodes[form->node_count++] = (bt_tree_node){path->at[i].pos, path->radius_m[i]};
    return BT_OK;
}

// The frame at z in [0, 1] of the stem.
static bt_pose path_at(const stem_path *path, int first, double z)
{
    double place = bt_clamp(z * path->segments, first, path->segments - 1e-6);
    int i = (int)place;
    bt_pose frame = path->at[i];
    frame.pos = bt_vec3_lerp(path->at[i].pos, path->at[i + 1].pos, place - i);
    return frame;
}

// ---- children and leaves ----------------------------------------------------------------------

static double child_length(grower *g, const stem *self, double offset_m)
{
    const bt_stem_level *level = &g->species->levels[self->level + 1];
    double fraction = bt_draw_about(&g->draw, level->length, level->length_v);
    if (self->level == 0) {
        double crown = g->trunk_length_m - g->base_length_m;
        double ratio = (g->trunk_length_m - offset_m) / fmax(crown, 1e-3);
        return self->length_m * fraction * bt_crown_shape_ratio(g->species->shape, ratio);
    }
    return fraction * (self->length_m - 0.6 * offset_m);
}

static double child_down_rad(grower *g, const stem *self, double offset_m)
{
    const bt_stem_level *level = &g->species->levels[self->level + 1];
    double base = self->level == 0 ? g->base_length_m : 0.0;
    double spread = level->down_angle_v_deg;
    if (spread >= 0.0)
        return BT_RAD_PER_DEG * bt_draw_about(&g->draw, level->down_angle_deg, spread);
    double ratio = (self->length_m - offset_m) / fmax(self->length_m - base, 1e-3);
    double shift = spread * (1.0 - 2.0 * bt_crown_shape_ratio(BT_CROWN_CONICAL, ratio));
    return BT_RAD_PER_DEG * bt_draw_about(&g->draw, level->down_angle_deg + shift, 4.0);
}

static int child_count(const grower *g, const stem *self)
{
    double most = g->species->levels[self->level + 1].branches;
    if (self->level == 0) return (int)most;
    const bt_stem_level *own = &g->species->levels[self->level];
    double parent = self->level == 1 ? g->trunk_length_m : 0.35 * g->trunk_length_m;
    double relative = self->length_m / fmax(parent * own->length, 1e-3);
    return (int)(most * (0.2 + 0.8 * fmin(relative, 1.2)) + 0.5);
}

static bt_status grow_children(grower *g, const stem *self, const stem_path *path)
{
    const bt_stem_level *level = &g->species->levels[self->level + 1];
    int count = child_count(g, self);
    double base = self->level == 0 ? g->base_length_m / g->trunk_length_m : 0.08;
    double first = (double)self->first_segment / path->segments;
    double around = bt_draw_range(&g->draw, 0.0, 360.0);
    for (int i = 0; i < count; i++) {
        double z = base + (1.0 - base) * (i + bt_draw_unit(&g->draw)) / count;
        around += level->rotate_deg < 0.0 ? 180.0 : level->rotate_deg;
        double spin = bt_draw_about(&g->draw, around, level->rotate_v_deg) * BT_RAD_PER_DEG;
        double offset = z * self->length_m;
        double length = child_length(g, self, offset);
        double down = child_down_rad(g, self, offset);
        if (z < first || length < 0.02) continue;
        bt_pose foot = path_at(path, self->first_segment, z);
        foot.rot = turn(turn(foot.rot, 2, spin), 0, down);
        double radius = self->radius_m * bt_pow(length / self->length_m, g->species->ratio_power);
        stem child = {.level = self->level + 1, .length_m = length, .foot = foot};
        child.radius_m = fmin(radius, 0.9 * radius_at(g, self, z));
        bt_status status = grow_stem(g, &child);
        if (status) return status;
    }
    return BT_OK;
}

static bt_tree_leaf make_leaf(grower *g, bt_pose frame)
{
    const bt_tree_species *species = g->species;
    bt_vec3 dir = along(frame.rot);
    bt_vec3 normal = bt_quat_rotate(frame.rot, (bt_vec3){0.0, 1.0, 0.0});
    // blades turn to the sky, each by its own amount
    double level = species->leaf_level * bt_draw_range(&g->draw, 0.3, 1.0);
    normal = bt_vec3_normalize(bt_vec3_lerp(normal, (bt_vec3){0.0, 0.0, 1.0}, level));
    dir = bt_vec3_normalize(bt_vec3_mad(dir, normal, -bt_vec3_dot(dir, normal)));
    double size = bt_draw_about(&g->draw, 1.0, 0.3);
    double width = bt_draw_about(&g->draw, 1.0, species->leaf_width_v);
    return (bt_tree_leaf){frame.pos, dir, normal, species->leaf_length_m * size,
                          species->leaf_width_m * size * width};
}

static bt_status grow_leaves(grower *g, const stem *self, const stem_path *path)
{
    bt_tree_form *form = g->form;
    int count = g->species->leaves;
    if (form->leaf_count + (size_t)count > MAX_LEAVES) return BT_OK;
    bt_status status =
        BT_ARRAY_RESERVE(form->leaves, form->leaf_capacity, form->leaf_count + (size_t)count);
    if (status) return status;
    double around = bt_draw_range(&g->draw, 0.0, 360.0);
    for (int i = 0; i < count; i++) {
        double z = 0.12 + 0.88 * (i + bt_draw_unit(&g->draw)) / count;
        around += bt_draw_about(&g->draw, 140.0, 30.0);
        double down = bt_draw_about(&g->draw, g->species->leaf_down_deg, 20.0) * BT_RAD_PER_DEG;
        bt_pose frame = path_at(path, self->first_segment, z);
        frame.rot = turn(turn(frame.rot, 2, around * BT_RAD_PER_DEG), 0, down);
        form->leaves[form->leaf_count++] = make_leaf(g, frame);
    }
    return BT_OK;
}

static bt_status grow_stem(grower *g, const stem *self)
{
    stem_path path;
    trace_path(g, self, &path);
    bt_status status = keep_path(g, self, &path);
    if (status) return status;
    bool last = self->level + 1 >= g->species->level_count;
    status = last ? grow_leaves(g, self, &path) : grow_children(g, self, &path);
    for (int i = 0; !status && i < path.clone_count; i++)
        status = grow_stem(g, &path.clones[i]);
    return status;
}

bt_status bt_tree_grow(const bt_tree_species *species, uint64_t seed, uint64_t index,
                       bt_tree_form *form)
{
    grower g = {.species = species, .form = form};
    g.draw = bt_draw_begin(seed, BT_STREAM_PLANT, index);
    if (species->level_count < 1 || species->level_count > BT_TREE_MAX_LEVELS)
        return bt_fail(BT_ERR_INPUT, "tree '%s' has %d levels; 1 to %d are possible", species->name,
                       species->level_count, BT_TREE_MAX_LEVELS);
    for (int i = 0; i < species->level_count; i++) {
        if (species->levels[i].curve_res < 1 || species->levels[i].curve_res > MAX_SEGMENTS)
            return bt_fail(BT_ERR_INPUT, "tree '%s' level %d: curve_res outside 1..%d",
                           species->name, i, MAX_SEGMENTS);
    }
    double height = bt_draw_about(&g.draw, species->height_m, species->height_v_m);
    const bt_stem_level *trunk = &species->levels[0];
    g.trunk_length_m = height * bt_draw_about(&g.draw, trunk->length, trunk->length_v);
    g.base_length_m = species->base_size * g.trunk_length_m;
    stem root = {.length_m = g.trunk_length_m, .radius_m = g.trunk_length_m * species->ratio};
    root.foot = (bt_pose){{0.0, 0.0, -0.15}, BT_QUAT_IDENTITY};
    root.foot.rot = turn(BT_QUAT_IDENTITY, 2, bt_draw_range(&g.draw, 0.0, 2.0 * BT_PI));
    return grow_stem(&g, &root);
}

void bt_tree_form_clear(bt_tree_form *form)
{
    bt_free(form->nodes);
    bt_free(form->stems);
    bt_free(form->leaves);
    memset(form, 0, sizeof *form);
}
