// stand.c: who leaves the road and hits what stands there: see standing.h.
#include "engine/sim/crash_internal.h"

#include "engine/sim/touch.h"

#include <math.h>
#include <string.h>

#define NEAR_MOST 48u
#define SLACK_M 0.004
#define CLOSES_M_S 1e-3 // slower is rest
#define TOLD_M_S 0.05   // an impact slower than this is no news
#define GOES_ON_NS (250 * BT_NS_PER_MS)
#define ALONG_NS (500 * BT_NS_PER_MS) // who was in a rail so lately goes along it
#define END_M 0.1                     // deeper at the first touch: comes at a rail's end
#define ASKS_M 0.3                    // about a body, and how far ahead is looked for what stands
#define ASKS_S 0.02
#define OBJECT_M 12.0
#define LOW_M 0.1

// ---- what there is ----------------------------------------------------------------------------
bt_status bt_sim_stand(bt_sim *sim, const bt_standing *things, uint32_t count)
{
    bt_standing_field_clear(&sim->standing);
    bt_status status = bt_standing_field_create(things, count, &sim->standing);
    sim->stands = status == BT_OK;
    return status;
}

bool bt_sim_knows_standing(const bt_sim *sim)
{
    return sim->stands;
}

uint32_t bt_sim_standing_count(const bt_sim *sim)
{
    return sim->standing.count;
}

const bt_standing *bt_sim_standing(const bt_sim *sim, uint32_t thing)
{
    return thing < sim->standing.count ? &sim->standing.things[thing] : NULL;
}

static bt_yield *yield_of(const bt_state *state, uint32_t thing)
{
    uint64_t kept = state->yield_count < BT_YIELDS ? state->yield_count : BT_YIELDS;
    for (uint64_t i = 0; i < kept; i++)
        if (state->yields[i].thing == thing) return (bt_yield *)&state->yields[i];
    return NULL;
}

double bt_state_standing_yield_m(const bt_state *state, uint32_t thing)
{
    const bt_yield *y = yield_of(state, thing);
    return !y ? 0.0 : y->gone ? (double)INFINITY : y->depth_m;
}

static bt_yield *begin_yield(bt_state *state, uint32_t thing)
{
    bt_yield *y = yield_of(state, thing);
    if (y) return y;
    y = &state->yields[state->yield_count++ % BT_YIELDS];
    *y = (bt_yield){.thing = thing};
    return y;
}

// ---- who --------------------------------------------------------------------------------------
static bool feels(const bt_crash_scene *s, uint32_t actor)
{
    const bt_actor_desc *d = &s->sim->actors[actor];
    if (d->kind != BT_ACTOR_VEHICLE) return false;
    if (s->state->is_wreck[actor]) return !bt_wreck_rests(&s->state->wrecks[actor]);
    bt_mover mover = (bt_mover)s->sim->movers[actor];
    return mover == BT_MOVER_EGO || (mover == BT_MOVER_LED && bt_crash_spot(s, actor).speed > 0.0);
}

static bool holds_cars(bt_lane_type type)
{
    return bt_lane_type_drivable(type) || type == BT_LANE_SHOULDER || type == BT_LANE_STOP ||
           type == BT_LANE_PARKING || type == BT_LANE_BIKING || type == BT_LANE_BORDER;
}

static bool on_road(const bt_road_network *net, bt_vec3 at)
{
    bt_road_location l;
    if (!bt_road_locate(net, at, BT_ROAD_NONE, &l) || l.distance_m > 0.0) return false;
    return l.lane != BT_ROAD_NONE && holds_cars(bt_road_lane_get(net, l.lane)->type);
}

// Paint and marked spaces: nothing stands there.
static bool is_flat(const bt_road_object *o)
{
    static const char *const flat[] = {"crosswalk", "roadMark", "parkingSpace", "patch"};
    for (size_t i = 0; i < sizeof flat / sizeof flat[0]; i++)
        if (o->type && strcmp(o->type, flat[i]) == 0) return true;
    return o->height_m > 0.0 && o->height_m < LOW_M;
}

static bool object_near(const bt_road_network *net, const bt_spot *at, double reach)
{
    double far = reach + OBJECT_M + at->speed * ASKS_S;
    for (uint32_t i = 0; i < bt_road_object_count(net); i++) {
        const bt_road_object *o = bt_road_object_get(net, i);
        bt_vec3 p = o->world_from_object.pos;
        double size = 0.5 * bt_hypot(o->length_m, o->width_m);
        if (!is_flat(o) && bt_hypot(p.x - at->x, p.y - at->y) < far + size) return true;
    }
    return false;
}

// Its corners, a bit larger than it is and a bit ahead of it.
static bool leaves_road(const bt_crash_scene *s, uint32_t actor)
{
    const bt_vehicle *v = &s->sim->actors[actor].vehicle;
    bt_spot at = bt_crash_spot(s, actor);
    double more = ASKS_M + at.speed * ASKS_S, wide = 0.5 * v->width_m + more;
    double c = bt_cos(at.yaw), n = bt_sin(at.yaw);
    for (int i = 0; i < 4; i++) {
        double x = i & 1 ? v->length_m - v->rear_overhang_m + more : -v->rear_overhang_m - more;
        double y = i & 2 ? wide : -wide;
        if (!on_road(s->sim->net, (bt_vec3){at.x + x * c - y * n, at.y + x * n + y * c, at.z}))
            return true;
    }
    return object_near(s->sim->net, &at, bt_crash_reach(&s->sim->actors[actor]));
}

bool bt_state_asks_for_standing(const bt_sim *sim, const bt_state *state)
{
    // only looked at
    bt_crash_scene s = {sim, (bt_state *)(uintptr_t)state, 0.0};
    for (uint32_t i = 0; i < sim->actor_count; i++)
        if (feels(&s, i) && (bt_vehicle_has_trailer(&sim->actors[i].vehicle) || leaves_road(&s, i)))
            return true;
    return false;
}

// ---- news -------------------------------------------------------------------------------------
static bt_impact *record_of(const bt_crash_scene *s, uint32_t actor, uint32_t thing)
{
    bt_state *state = s->state;
    uint64_t kept = state->impact_count < BT_IMPACTS ? state->impact_count : BT_IMPACTS;
    const bt_standing *things = s->sim->standing.things;
    for (uint64_t i = 1; i <= kept; i++) {
        bt_impact *r = &state->impacts[(state->impact_count - i) % BT_IMPACTS];
        if (r->actor[0] != actor || r->standing == BT_SIM_NONE) continue;
        // one module of a rail after another is one impact
        bool rails =
            things[r->standing].kind == BT_STANDING_RAIL && things[thing].kind == BT_STANDING_RAIL;
        if ((rails || r->standing == thing) && state->time_ns - r->last_ns <= GOES_ON_NS) return r;
    }
    return NULL;
}

typedef struct blow {
    double x_m, y_m, closing_m_s, slide_m_s, impulse_ns, dvx_m_s, dvy_m_s;
    bool gave_way;
} blow;

static void note(const bt_crash_scene *s, uint32_t actor, uint32_t thing, const blow *b)
{
    bt_impact *to = record_of(s, actor, thing);
    if (!to) {
        if (b->closing_m_s < TOLD_M_S) return;
        to = bt_crash_begin_record(s,
                                   (bt_impact){.actor = {actor, BT_SIM_NONE},
                                               .standing = thing,
                                               .x_m = b->x_m,
                                               .y_m = b->y_m,
                                               .speed_m_s = bt_hypot(b->closing_m_s, b->slide_m_s),
                                               .closing_m_s = b->closing_m_s});
    }
    to->last_ns = s->state->time_ns;
    to->impulse_ns += b->impulse_ns;
    to->gave_way = to->gave_way || b->gave_way;
    to->delta_v_m_s[0][0] += b->dvx_m_s;
    to->delta_v_m_s[0][1] += b->dvy_m_s;
}

static blow blow_of(const bt_touch *t, const bt_impact_result *r, const bt_impact_body *before,
                    const bt_impact_body *after)
{
    double change[2] = {0.0, 0.0};
    bt_crash_add_change(before, after, change);
    return (blow){
        t->x_m,    t->y_m,    r->closing_m_s, r->slide_m_s, bt_hypot(r->normal_ns, r->tangent_ns),
        change[0], change[1], r->broke};
}

// ---- solid things -----------------------------------------------------------------------------
static bt_impact_result apply(const bt_standing *thing, const bt_impact_contact *c,
                              bt_impact_body *body)
{
    bt_impact_body other = {.x_m = thing->box.x_m, .y_m = thing->box.y_m};
    if (thing->kind == BT_STANDING_LOOSE) other.per_kg = 1.0 / thing->mass_kg;
    bool breaks = thing->kind == BT_STANDING_BREAKS || thing->kind == BT_STANDING_RAIL;
    bt_impact_result r =
        bt_impact_apply_at_most(c, breaks ? BT_STANDING_BREAKS_NS : (double)INFINITY, body, &other);
    r.broke = r.broke || thing->kind == BT_STANDING_LOOSE;
    return r;
}

static void hit_solid(const bt_crash_scene *s, uint32_t actor, uint32_t part, uint32_t index)
{
    const bt_standing *thing = &s->sim->standing.things[index];
    const bt_footprint *box = bt_crash_box(s, actor, part);
    bt_impact_body body = bt_crash_body(s, actor, part);
    const bt_impact_body fixed = {.x_m = thing->box.x_m, .y_m = thing->box.y_m};
    bt_touch t;
    double vx, vy;
    if (!bt_touch_find(box, &thing->box, &body, &fixed, 1.5 * s->dt, &t)) return;
    bt_impact_relative(&body, &fixed, t.x_m, t.y_m, &vx, &vy);
    double closing = -(vx * t.nx + vy * t.ny);
    bool first = !s->state->is_wreck[actor];
    if (closing <= (first ? BT_CRASH_LEAST_M_S : CLOSES_M_S)) return;
    bt_crash_strike(s, actor);
    if (t.ago_s > 0.0) bt_crash_go(s, actor, -t.ago_s);
    const bt_impact_body before = body = bt_crash_body(s, actor, part);
    bt_impact_contact c = {t.x_m, t.y_m, t.nx, t.ny, 0.0, BT_IMPACT_FRICTION};
    if (thing->kind == BT_STANDING_RIGID) c.restitution = bt_impact_restitution(closing);
    bt_impact_result r = apply(thing, &c, &body);
    blow b = blow_of(&t, &r, &before, &body);
    note(s, actor, index, &b);
    if (r.broke) begin_yield(s->state, index)->gone = 1;
    bt_crash_take_over(s, actor, part, &body, NULL, first);
    if (t.ago_s > 0.0) bt_crash_go(s, actor, t.ago_s);
    bt_crash_forget_box(s, actor);
}

// ---- rails ------------------------------------------------------------------------------------
// Of a step: the spring's push, at most what ends the closing; friction, at most what ends the sliding.
static bt_impact_result push_off(const bt_rail_touch *t, double dt, bt_impact_body *body)
{
    bt_impact_body fixed = {.x_m = t->x_m, .y_m = t->y_m};
    const bt_impact_contact c = {t->x_m, t->y_m, -t->nx, -t->ny, 0.0, BT_RAIL_FRICTION};
    double spring = BT_RAIL_STIFFNESS_N_M * t->depth_m * dt;
    return bt_impact_apply_at_most(&c, spring * bt_hypot(1.0, BT_RAIL_FRICTION), body, &fixed);
}

// Which side of a rail it comes from: where its centre of gravity is; who goes along one has it where that began, pushed
// back as the rail may be.
static double side_of(const bt_footprint *rail, const bt_impact_body *body, const bt_wreck *along)
{
    double nx = -bt_sin(rail->yaw_rad), ny = bt_cos(rail->yaw_rad);
    double at = (body->x_m - rail->x_m) * nx + (body->y_m - rail->y_m) * ny;
    if (along) at = bt_cos(along->railed_rad) * nx + bt_sin(along->railed_rad) * ny;
    return at < 0.0 ? -1.0 : 1.0;
}

static void hit_rail(const bt_crash_scene *s, uint32_t actor, uint32_t part, uint32_t index)
{
    const bt_standing *rail = &s->sim->standing.things[index];
    bt_state *state = s->state;
    const bt_footprint *box = bt_crash_box(s, actor, part);
    bt_impact_body body = bt_crash_body(s, actor, part);
    bool first = !state->is_wreck[actor];
    bool along = !first && state->wrecks[actor].railed_ns > 0 &&
                 state->time_ns - state->wrecks[actor].railed_ns <= ALONG_NS;
    bt_rail_touch t;
    double side = side_of(&rail->box, &body, along ? &state->wrecks[actor] : NULL);
    if (!bt_rail_touch_find(&rail->box, box, side, &t)) return;
    const bt_impact_body fixed = {.x_m = t.x_m, .y_m = t.y_m};
    double vx, vy;
    bt_impact_relative(&fixed, &body, t.x_m, t.y_m, &vx, &vy);
    double closing = -(vx * t.nx + vy * t.ny);
    const bt_yield *known = yield_of(state, index);
    if (!known && !along && t.depth_m > 1.5 * fmax(closing, 0.0) * s->dt + END_M) {
        hit_solid(s, actor, part, index);
        return;
    }
    double depth = known ? known->depth_m : 0.0;
    bool deeper = t.depth_m > depth && closing > (first ? BT_CRASH_LEAST_M_S : 0.0);
    if (!first && t.depth_m > 0.0) state->wrecks[actor].railed_ns = state->time_ns;
    if (!deeper) return;
    bt_crash_strike(s, actor);
    state->wrecks[actor].railed_ns = state->time_ns;
    state->wrecks[actor].railed_rad = bt_atan2(t.ny, t.nx);
    const bt_impact_body before = body = bt_crash_body(s, actor, part);
    bt_impact_result r = push_off(&t, s->dt, &body);
    bt_yield *y = begin_yield(state, index);
    y->depth_m = t.depth_m;
    y->gone = t.depth_m > BT_RAIL_DEEPEST_M;
    const bt_touch at = {.x_m = t.x_m, .y_m = t.y_m};
    blow b = blow_of(&at, &r, &before, &body);
    b.gave_way = true;
    note(s, actor, index, &b);
    bt_crash_take_over(s, actor, part, &body, NULL, first);
    bt_crash_forget_box(s, actor);
}

// ---- all --------------------------------------------------------------------------------------
static uint32_t near_of(const bt_crash_scene *s, uint32_t actor, uint32_t things[NEAR_MOST])
{
    bt_spot at = bt_crash_spot(s, actor);
    double far = bt_crash_reach(&s->sim->actors[actor]);
    return bt_standing_near(&s->sim->standing, at.x - far, at.y - far, at.x + far, at.y + far,
                            things, NEAR_MOST);
}

static bool overlaps(const bt_crash_scene *s, uint32_t actor, uint32_t part, uint32_t index)
{
    const bt_yield *y = yield_of(s->state, index);
    const bt_footprint *box = bt_crash_box(s, actor, part);
    if (!box || (y && y->gone)) return false;
    return bt_footprint_overlap(box, &s->sim->standing.things[index].box);
}

static void hit_all(const bt_crash_scene *s, uint32_t actor)
{
    uint32_t things[NEAR_MOST], count = near_of(s, actor, things);
    if (count == 0) return;
    bt_crash_forget_box(s, actor);
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t part = 0; part < BT_CRASH_PARTS; part++) {
            if (!overlaps(s, actor, part, things[i])) continue;
            if (s->sim->standing.things[things[i]].kind == BT_STANDING_RAIL)
                hit_rail(s, actor, part, things[i]);
            else
                hit_solid(s, actor, part, things[i]);
        }
}

void bt_crash_hit_standing(const bt_crash_scene *s)
{
    for (uint32_t i = 0; s->sim->standing.count > 0 && i < s->sim->actor_count; i++)
        if (feels(s, i)) hit_all(s, i);
}

static bool part_from(const bt_crash_scene *s, uint32_t actor, uint32_t part, uint32_t index)
{
    const bt_standing *thing = &s->sim->standing.things[index];
    bool solid = thing->kind == BT_STANDING_RIGID || thing->kind == BT_STANDING_BREAKS;
    if (!solid || !overlaps(s, actor, part, index)) return false;
    bt_impact_body body = bt_crash_body(s, actor, part);
    const bt_impact_body fixed = {.x_m = thing->box.x_m, .y_m = thing->box.y_m};
    bt_touch t;
    if (!bt_touch_find(bt_crash_box(s, actor, part), &thing->box, &body, &fixed, 0.0, &t))
        return false;
    double way = t.depth_m - SLACK_M;
    if (way <= 0.0) return false;
    bt_wreck_shift(&s->sim->actors[actor], -way * t.nx, -way * t.ny, 0.0, &s->state->wrecks[actor]);
    bt_crash_forget_box(s, actor);
    return true;
}

bool bt_crash_part_standing(const bt_crash_scene *s)
{
    bool changed = false;
    for (uint32_t i = 0; s->sim->standing.count > 0 && i < s->sim->actor_count; i++) {
        if (!s->state->is_wreck[i] || !feels(s, i)) continue;
        uint32_t things[NEAR_MOST], count = near_of(s, i, things);
        if (count > 0) bt_crash_forget_box(s, i);
        for (uint32_t k = 0; k < count; k++)
            for (uint32_t part = 0; part < BT_CRASH_PARTS; part++)
                changed = part_from(s, i, part, things[k]) || changed;
    }
    return changed;
}
