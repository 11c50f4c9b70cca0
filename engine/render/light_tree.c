// light_tree.c: the lamps that are lit in a snapshot, and the tree over them (light_tree.h samples).
//
// Conty Estevez and Kulla 2018: nodes are split where the surface area orientation heuristic, power
// times area of bounds times measure of the cone of directions, is least. What moves is bounded
// over the whole interval.
#include "engine/core/memory.h"
#include "engine/render/internal.h"

#define BUCKETS 12       // of a split: chosen, as in Pharr et al. 2023
#define EVEN_DEPTH 12    // cuts below which lists are halved, so that no trail outgrows its room
#define LEAST_EVEN 0.02f // of the intensity, wherever bounds let any go: chosen
#define MAX_LIGHTS (1u << 20)
_Static_assert(MAX_LIGHTS >> (2 * BT_LIGHT_MAX_DEPTH - EVEN_DEPTH) <= 1,
               "halved down to one within a trail");

// Bounds of positions, cone of directions (a cosine above 1: of nothing), power; beam about the axis.
typedef struct light_bounds {
    float3 low, high, axis;
    float cos_o, cos_e, power;
    float3 faces; // sum of normals times power
    float beam, cos_b;
    float beam_flux; // of each by itself
} light_bounds;

typedef struct entry {
    light_bounds bounds;
    uint32_t light;
} entry;

typedef struct builder {
    bt_stage *stage;
    entry *entries, *spare; // (lights), the same room
    uint32_t node_count;
} builder;

// ---- bounds -------------------------------------------------------------------------------------
// Solid angle about an axis.
static float cap_of(float cos_half)
{
    return 2.0f * BT_PI_F * (1.0f - cos_half);
}

static light_bounds bounds_of_nothing(void)
{
    return (light_bounds){.low = splat3(INFINITY),
                          .high = splat3(-INFINITY),
                          .axis = float3(0.0f, 0.0f, 1.0f),
                          .cos_o = 2.0f,
                          .cos_e = 1.0f,
                          .cos_b = 1.0f};
}

// The axis turned towards `to` (not parallel) by an angle.
static float3 turn_towards(float3 axis, float3 to, float angle)
{
    float3 side = to - axis * dot3(axis, to);
    float size = length3(side);
    if (!(size > 1e-6f)) return axis;
    float2 sc = pm_sincos(angle);
    return normalize3(axis * sc[1] + side * (sc[0] / size));
}

// Least cone around two. Pharr et al. 2023, section 3.8.4.
static void cone_join(light_bounds *a, const light_bounds *b)
{
    if (b->cos_o > 1.0f) return;
    if (a->cos_o > 1.0f) {
        a->axis = b->axis;
        a->cos_o = b->cos_o;
        return;
    }
    float angle_a = pm_acos(clampf(a->cos_o, -1.0f, 1.0f));
    float angle_b = pm_acos(clampf(b->cos_o, -1.0f, 1.0f));
    float between = pm_acos(clampf(dot3(a->axis, b->axis), -1.0f, 1.0f));
    if (min(between + angle_b, BT_PI_F) <= angle_a) return;
    if (min(between + angle_a, BT_PI_F) <= angle_b) {
        a->axis = b->axis;
        a->cos_o = b->cos_o;
        return;
    }
    float angle = 0.5f * (angle_a + between + angle_b);
    if (angle >= BT_PI_F || dot3(a->axis, b->axis) < -0.9999f) {
        a->cos_o = -1.0f;
        return;
    }
    a->axis = turn_towards(a->axis, b->axis, angle - angle_a);
    a->cos_o = pm_cos(angle);
}

// Half angle of a cone about `axis` that holds the beam.
static float beam_about(const light_bounds *b, float3 axis)
{
    if (!(b->beam > 0.0f)) return 0.0f;
    float between = pm_acos(clampf(dot3(axis, b->axis), -1.0f, 1.0f));
    return between + pm_acos(clampf(b->cos_b, -1.0f, 1.0f));
}

static void bounds_join(light_bounds *a, const light_bounds *b)
{
    light_bounds before = *a;
    a->low = min(a->low, b->low);
    a->high = max(a->high, b->high);
    cone_join(a, b);
    a->cos_b = pm_cos(min(max(beam_about(&before, a->axis), beam_about(b, a->axis)), BT_PI_F));
    a->beam += b->beam;
    a->beam_flux += b->beam_flux;
    a->faces = a->faces + b->faces;
    a->cos_e = min(a->cos_e, b->cos_e);
    a->power += b->power;
}

// Measure of directions the cone shines into. Conty Estevez and Kulla 2018, eq. 1.
static float cone_measure(const light_bounds *b)
{
    float o = pm_acos(clampf(b->cos_o, -1.0f, 1.0f)), e = pm_acos(clampf(b->cos_e, -1.0f, 1.0f));
    float w = min(o + e, BT_PI_F), sin_o = pm_sin(o);
    return 2.0f * BT_PI_F * (1.0f - b->cos_o) +
           0.5f * BT_PI_F * (2.0f * w * sin_o - pm_cos(o - 2.0f * w) - 2.0f * o * sin_o + b->cos_o);
}
static float surface_area(const light_bounds *b)
{
    float3 d = b->high - b->low;
    return 2.0f * (d[0] * d[1] + d[1] * d[2] + d[2] * d[0]);
}
static float split_cost(const light_bounds *b, float longest, float along)
{
    float sends = b->beam * cap_of(b->cos_b);
    if (b->power > 0.0f) sends += b->power * cone_measure(b);
    return sends * surface_area(b) * (longest / max(along, 1e-6f));
}

// ---- one light ----------------------------------------------------------------------------------
static float mean_of(const bt_renderer *renderer, const bt_material *m)
{
    const float *spectrum = renderer->spectra + (size_t)m->emission * BT_SPECTRUM_BINS;
    float sum = 0.0f;
    for (int i = 0; i < BT_SPECTRUM_VISIBLE_BINS; i++)
        sum += spectrum[i];
    return sum / (float)BT_SPECTRUM_VISIBLE_BINS * m->emission_scale;
}

// What one triangle sends, about `axis` in its mesh: stray light and beam.
typedef struct shine {
    float3 axis;
    float power, beam, cos_b;
    bool both; // from the back too
} shine;

static shine lambert_shine(const bt_triangle *t, float radiance, float scale, bool both)
{
    float3 normal = bt_triangle_normal(*t); // twice the area long
    float power = (both ? 1.0f : 0.5f) * length3(normal) * scale * scale * radiance;
    return (shine){.axis = normal, .power = power, .cos_b = 1.0f, .both = both};
}

// Its share of the slot's web.
static shine web_shine(const bt_triangle *t, float radiance, const bt_slot_shade *slot,
                       const bt_web_beam *beam)
{
    float3 normal = bt_triangle_normal(*t) * 0.5f;
    float3 facing = float3(slot->lamp_facing[0], slot->lamp_facing[1], slot->lamp_facing[2]);
    float all = length3(facing);
    float own = all > 0.0f ? dot3(normal, facing) / all : length3(normal);
    if (!(all > 0.0f)) all = 4.0f * slot->lamp_least_m2;
    float share = radiance * max(own, 0.1f * length3(normal)) / max(all, 1e-12f);
    return (shine){.axis = float3(beam->axis[0], beam->axis[1], beam->axis[2]),
                   .power = share * beam->stray_cd,
                   .beam = share * beam->beam_cd,
                   .cos_b = beam->cos_half};
}

static shine shine_of(const bt_stage *stage, const bt_placed *p, const bt_triangle *t)
{
    const bt_slot_shade *slot = &stage->scene.slots[t->slot];
    const bt_material *m = &stage->scene.materials[slot->material];
    float radiance =
        p->emission * mean_of(stage->renderer, m) * bt_renderer_lamp_share(stage->renderer, t);
    if (m->web == 0) return lambert_shine(t, radiance, p->scale, m->shines_both != 0);
    return web_shine(t, radiance, slot, &stage->renderer->beams[m->web - 1]);
}

// At one moment. The cone holds the normal and is about the axis.
static light_bounds bounds_at(const bt_placement *at, const bt_triangle *t, const shine *from)
{
    float3 normal = normalize3(bt_placement_vector(*at, bt_triangle_normal(*t)));
    light_bounds b = {.axis = normalize3(bt_placement_vector(*at, from->axis)),
                      .cos_e = 0.0f,
                      .power = from->power,
                      .faces = normal * (from->both ? 0.0f : from->power),
                      .beam = from->beam,
                      .cos_b = from->cos_b};
    b.cos_o = clampf(dot3(normal, b.axis) - (from->beam > 0.0f ? 1e-5f : 0.0f), -1.0f, 1.0f);
    if (from->both) b.cos_o = -1.0f;
    b.low = b.high = bt_placement_vector(*at, bt_triangle_corner(*t, 0)) + at->pos;
    for (int c = 1; c < 3; c++) {
        float3 corner = bt_placement_vector(*at, bt_triangle_corner(*t, c)) + at->pos;
        b.low = min(b.low, corner);
        b.high = max(b.high, corner);
    }
    return b;
}

static light_bounds light_bounds_make(const bt_stage *stage, const bt_light *light)
{
    const bt_placed *p = &stage->placed[light->placed];
    const bt_triangle *t = &stage->scene.triangles[p->first_triangle + light->triangle];
    shine from = shine_of(stage, p, t);
    light_bounds all = bounds_of_nothing();
    // at every key: between keys the way is straight and turns are small, a margin covers them
    for (uint32_t k = 0; k < p->key_count; k++) {
        float u = p->key_count > 1 ? (float)k / (float)(p->key_count - 1) : 0.0f;
        bt_placement at = scene_placement(&stage->scene, *p, u);
        light_bounds b = bounds_at(&at, t, &from);
        bounds_join(&all, &b);
    }
    if (p->key_count > 1) {
        all.low = all.low - 0.01f;
        all.high = all.high + 0.01f;
        all.cos_o = max(all.cos_o - 0.02f, -1.0f);
        all.cos_b = max(all.cos_b - 0.02f, -1.0f);
    }
    // of one moment, not of all its keys
    all.faces = all.faces * (1.0f / (float)p->key_count);
    all.power = from.power;
    all.beam = from.beam;
    all.beam_flux = from.beam * cap_of(from.cos_b);
    return all;
}

// ---- the tree -----------------------------------------------------------------------------------
static int bucket_of(const entry *e, const light_bounds *all, int axis)
{
    float width = all->high[axis] - all->low[axis];
    float middle = 0.5f * (e->bounds.low[axis] + e->bounds.high[axis]);
    float place = (middle - all->low[axis]) / max(width, 1e-12f);
    return (int)clampf(place * (float)BUCKETS, 0.0f, (float)(BUCKETS - 1));
}

// The bucket after which the list is cut along an axis, and what that costs.
static float best_cut(const builder *b, uint32_t first, uint32_t count, const light_bounds *all,
                      int axis, float longest, int *cut)
{
    light_bounds bins[BUCKETS], below[BUCKETS];
    float along = all->high[axis] - all->low[axis], best = INFINITY;
    for (int i = 0; i < BUCKETS; i++)
        bins[i] = bounds_of_nothing();
    for (uint32_t i = first; i < first + count; i++)
        bounds_join(&bins[bucket_of(&b->entries[i], all, axis)], &b->entries[i].bounds);
    below[0] = bins[0];
    for (int i = 1; i < BUCKETS; i++) {
        below[i] = below[i - 1];
        bounds_join(&below[i], &bins[i]);
    }
    light_bounds above = bounds_of_nothing();
    for (int i = BUCKETS - 2; i >= 0; i--) {
        bounds_join(&above, &bins[i + 1]);
        if (below[i].cos_o > 1.0f || above.cos_o > 1.0f) continue; // one side is empty
        float cost = split_cost(&below[i], longest, along) + split_cost(&above, longest, along);
        if (cost < best) {
            best = cost;
            *cut = i;
        }
    }
    return best;
}

// Moves entries of buckets up to `last` to the front, keeping their order; gives how many.
static uint32_t partition_entries(builder *b, uint32_t first, uint32_t count,
                                  const light_bounds *all, int axis, int last)
{
    uint32_t left = 0, right = 0;
    for (uint32_t i = first; i < first + count; i++) {
        if (bucket_of(&b->entries[i], all, axis) <= last)
            b->entries[first + left++] = b->entries[i];
        else
            b->spare[right++] = b->entries[i];
    }
    memcpy(b->entries + first + left, b->spare, right * sizeof *b->spare);
    return left;
}

// How many entries go to the left child.
static uint32_t divide(builder *b, uint32_t first, uint32_t count, const light_bounds *all,
                       uint32_t depth)
{
    float3 size = all->high - all->low;
    float longest = max(size[0], max(size[1], size[2])), best = INFINITY;
    int best_axis = -1, best_bucket = 0;
    for (int axis = 0; depth < EVEN_DEPTH && axis < 3; axis++) {
        int cut = 0;
        if (!(size[axis] > 0.0f)) continue;
        float cost = best_cut(b, first, count, all, axis, longest, &cut);
        if (!(cost < best)) continue;
        best = cost;
        best_axis = axis;
        best_bucket = cut;
    }
    if (best_axis < 0) return count / 2;
    return partition_entries(b, first, count, all, best_axis, best_bucket);
}

// Entries side by side, and the bounds of them all.
typedef struct part {
    uint32_t first, count;
    light_bounds all;
} part;

static part part_of(const builder *b, uint32_t first, uint32_t count)
{
    part p = {first, count, bounds_of_nothing()};
    for (uint32_t i = first; i < first + count; i++)
        bounds_join(&p.all, &b->entries[i].bounds);
    return p;
}

// Cuts a part in two, unless it is one entry; gives how many there are.
static uint32_t cut(builder *b, const part *p, uint32_t depth, part of[2])
{
    if (p->count == 1) {
        of[0] = *p;
        return 1;
    }
    uint32_t left = divide(b, p->first, p->count, &p->all, depth);
    of[0] = part_of(b, p->first, left);
    of[1] = part_of(b, p->first + left, p->count - left);
    return 2;
}

static void child_write(bt_light_node *n, uint32_t k, const light_bounds *all)
{
    float3 middle = (all->low + all->high) * 0.5f, half_size = (all->high - all->low) * 0.5f;
    float cos_o = clampf(all->cos_o, -1.0f, 1.0f), cos_b = clampf(all->cos_b, -1.0f, 1.0f);
    n->x[k] = middle[0];
    n->y[k] = middle[1];
    n->z[k] = middle[2];
    n->radius2[k] = dot3(half_size, half_size);
    n->axis_x[k] = all->axis[0];
    n->axis_y[k] = all->axis[1];
    n->axis_z[k] = all->axis[2];
    n->cos_o[k] = cos_o;
    n->sin_o[k] = sqrt(max(0.0f, 1.0f - cos_o * cos_o));
    n->cos_e[k] = all->cos_e;
    n->faces_x[k] = all->faces[0];
    n->faces_y[k] = all->faces[1];
    n->faces_z[k] = all->faces[2];
    n->even[k] = 0.25f * max(all->power - length3(all->faces), 0.0f) + LEAST_EVEN * all->power;
    n->beam[k] = min(all->beam, all->beam_flux / max(cap_of(cos_b), 1e-9f));
    n->cos_b[k] = cos_b;
    n->sin_b[k] = sqrt(max(0.0f, 1.0f - cos_b * cos_b));
}

// Builds the node over a part in depth-first order, and all below it; gives its number. `trail`, `depth`:
// how it is reached.
static uint32_t build(builder *b, const part *p, uint32_t trail, uint32_t depth)
{
    uint32_t at = b->node_count++, count = 0;
    part halves[2], parts[4];
    uint32_t half_count = cut(b, p, 2 * depth, halves);
    for (uint32_t i = 0; i < half_count; i++)
        count += cut(b, &halves[i], 2 * depth + 1, parts + count);
    for (uint32_t k = 0; k < count; k++) {
        bt_light_node *n = &b->stage->light_nodes[at];
        uint32_t turn = trail | k << 2 * depth;
        child_write(n, k, &parts[k].all);
        if (parts[k].count > 1) {
            n->link[k] = build(b, &parts[k], turn, depth + 1);
            continue;
        }
        uint32_t number = b->entries[parts[k].first].light;
        bt_light *light = &b->stage->lights[number];
        light->trail = turn;
        light->depth = depth + 1;
        n->link[k] = BT_LIGHT_LEAF | number;
    }
    return at;
}

// ---- all of them --------------------------------------------------------------------------------
static uint32_t lights_of(const bt_stage *stage, uint32_t index)
{
    const bt_placed *p = &stage->placed[index];
    if (!(p->emission > 0.0f)) return 0;
    return stage->renderer->meshes[p->mesh].lamp_count;
}

static void list_lights(bt_stage *stage)
{
    const bt_renderer *r = stage->renderer;
    uint32_t count = 0;
    for (uint32_t i = 0; i < stage->count; i++) {
        bt_placed *p = &stage->placed[i];
        if (lights_of(stage, i) == 0) continue;
        p->first_light = count;
        uint32_t triangles = r->world->meshes[p->mesh].triangle_count;
        for (uint32_t t = 0; t < triangles; t++)
            if (r->lamps[p->first_lamp + t] != BT_NONE)
                stage->lights[count++] = (bt_light){.placed = i, .triangle = t};
    }
}

static bt_status build_tree(bt_stage *stage, uint32_t count)
{
    builder b = {.stage = stage,
                 .entries = bt_alloc(count, sizeof(entry)),
                 .spare = bt_alloc(count, sizeof(entry))};
    bt_status status = BT_OK;
    if (!b.entries || !b.spare)
        status = bt_fail(BT_ERR_MEMORY, "tree of %u lights", (unsigned)count);
    for (uint32_t i = 0; status == BT_OK && i < count; i++)
        b.entries[i] = (entry){light_bounds_make(stage, &stage->lights[i]), i};
    if (status == BT_OK) {
        part all = part_of(&b, 0, count);
        (void)build(&b, &all, 0, 0);
        stage->light_node_count = b.node_count;
    }
    bt_free(b.entries);
    bt_free(b.spare);
    return status;
}

bt_status bt_stage_add_lights(bt_stage *stage)
{
    size_t count = 0;
    for (uint32_t i = 0; i < stage->count; i++)
        count += lights_of(stage, i);
    if (count == 0) return BT_OK;
    if (count > MAX_LIGHTS)
        return bt_fail(BT_ERR_LIMIT, "%zu triangles emit light: at most %u", count, MAX_LIGHTS);
    stage->lights = bt_alloc(count, sizeof *stage->lights);
    stage->light_nodes = bt_alloc(count, sizeof *stage->light_nodes);
    if (!stage->lights || !stage->light_nodes) return bt_fail(BT_ERR_MEMORY, "%zu lights", count);
    list_lights(stage);
    stage->scene.lights = stage->lights;
    stage->scene.light_nodes = stage->light_nodes;
    stage->scene.light_count = (uint32_t)count;
    return build_tree(stage, (uint32_t)count);
}
