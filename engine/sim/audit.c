// audit.c: see audit.h.
#include "engine/sim/audit_internal.h"

#include "engine/core/memory.h"
#include "engine/sim/grid.h"
#include "engine/sim/standing.h"
#include "engine/sim/wreck.h"

#include <math.h>

#define SLOW_M_S 0.5 // below this jerk does not count
#define STAND_S 180.0
#define STAND_M_S 0.1
#define ROOF_M 0.5 // a trailer of 14 m on a slope of 3 %
#define FORGET_NS (1 * BT_NS_PER_S)
#define TTC_STEPS 4
#define THINGS_DEEP_M 0.05

double bt_audit_limit_default(bt_audit_kind kind)
{
    static const double limits[BT_AUDIT_KIND_COUNT] = {4.5,  9.0,  30.0, 6.0,  30.0, 1.05, 0.02,
                                                       0.01, 0.05, 0.01, 12.0, 0.03, 1.1,  1e-6};
    return limits[kind];
}

const char *bt_audit_kind_name(bt_audit_kind kind)
{
    static const char *const names[BT_AUDIT_KIND_COUNT] = {"acceleration m/s^2",
                                                           "braking m/s^2",
                                                           "jerk m/s^3",
                                                           "side m/s^2",
                                                           "side jerk m/s^3",
                                                           "curvature over the steering's",
                                                           "place against speed m",
                                                           "wheel off road m",
                                                           "standing foot m/s",
                                                           "cyclist's foot off ground m",
                                                           "walker m/s^2",
                                                           "wreck in another m",
                                                           "wreck m/s^2 over mu g",
                                                           "impact's momentum, share"};
    return names[kind];
}

bt_status bt_audit_create(const bt_audit_desc *desc, bt_audit **audit)
{
    *audit = NULL;
    uint32_t n = bt_sim_actor_count(desc->sim);
    bt_audit *a = bt_alloc(1, sizeof *a);
    if (!a) return bt_fail(BT_ERR_MEMORY, "no memory for an audit");
    a->desc = *desc;
    if (a->desc.ttc_s <= 0.0) a->desc.ttc_s = 1.0;
    if (a->desc.stand_s <= 0.0) a->desc.stand_s = STAND_S;
    for (int k = 0; k < BT_AUDIT_KIND_COUNT; k++)
        if (a->desc.limit[k] <= 0.0) a->desc.limit[k] = bt_audit_limit_default((bt_audit_kind)k);
    a->memories = bt_alloc(n, sizeof *a->memories);
    a->places = bt_alloc(4 * (size_t)n, sizeof *a->places);
    a->boxes = bt_alloc(2 * (size_t)n, sizeof *a->boxes);
    a->owner = bt_alloc(2 * (size_t)n, sizeof *a->owner);
    bt_status status = a->memories && a->places && a->boxes && a->owner
                           ? bt_grid_create(2 * n, BT_GRID_CELL_M, &a->grid)
                           : bt_fail(BT_ERR_MEMORY, "no memory for an audit of %u actors", n);
    if (status == BT_OK)
        *audit = a;
    else
        bt_audit_destroy(a);
    return status;
}

void bt_audit_destroy(bt_audit *a)
{
    if (!a) return;
    bt_free(a->memories);
    bt_free(a->places);
    bt_free(a->boxes);
    bt_free(a->owner);
    bt_grid_clear(&a->grid);
    bt_free(a);
}

const bt_audit_report *bt_audit_get(const bt_audit *audit)
{
    return &audit->report;
}

// What a driver or walker chooses; who has been hit is moved by others too.
static bool is_chosen(bt_audit_kind kind)
{
    return kind <= BT_AUDIT_CURVATURE || kind == BT_AUDIT_WALK;
}

void bt_audit_note(bt_audit *a, bt_audit_kind kind, uint32_t actor, bt_time_ns now, double value)
{
    if (a->memories[actor].hit && is_chosen(kind)) return;
    bt_audit_worst *w = &a->report.worst[kind];
    if (value > a->desc.limit[kind]) w->over++;
    if (value <= w->value) return;
    w->value = value;
    w->actor = actor;
    w->time_ns = now;
}

// ---- vehicles ---------------------------------------------------------------------------------
static void look_at_motion(bt_audit *a, uint32_t actor, const bt_motion *m, bt_time_ns now,
                           double dt)
{
    bt_audit_memory *was = &a->memories[actor];
    double before = was->motion.speed_m_s, speed = 0.5 * (before + m->speed_m_s);
    double turned = bt_wrap_angle(bt_quat_yaw(m->pose.world_from_actor.rot) -
                                  bt_quat_yaw(was->motion.pose.world_from_actor.rot));
    double accel = (m->speed_m_s - before) / dt, side = speed * turned / dt;
    bt_audit_note(a, BT_AUDIT_ACCEL, actor, now, accel);
    bt_audit_note(a, BT_AUDIT_BRAKE, actor, now, -accel);
    bt_audit_note(a, BT_AUDIT_SIDE, actor, now, fabs(side));
    bt_vec3 from = was->motion.pose.world_from_actor.pos, to = m->pose.world_from_actor.pos;
    bt_vec3 mean = bt_vec3_scale(bt_vec3_add(m->velocity_m_s, was->motion.velocity_m_s), 0.5 * dt);
    bt_audit_note(a, BT_AUDIT_JUMP, actor, now,
                  bt_hypot(to.x - from.x - mean.x, to.y - from.y - mean.y));
    if (speed > 1.0) {
        const bt_vehicle *v = &bt_sim_actor(a->desc.sim, actor)->vehicle;
        double most = bt_tan(v->steer_max_rad) / v->wheelbase_m;
        bt_audit_note(a, BT_AUDIT_CURVATURE, actor, now, fabs(turned) / (speed * dt) / most);
    }
    if (was->looks > 1 && fmin(before, m->speed_m_s) > SLOW_M_S) {
        bt_audit_note(a, BT_AUDIT_JERK, actor, now, fabs(accel - was->accel) / dt);
        bt_audit_note(a, BT_AUDIT_SIDE_JERK, actor, now, fabs(side - was->side) / dt);
    }
    was->accel = accel;
    was->side = side;
}

static void look_at_stand(bt_audit *a, uint32_t actor, const bt_motion *m, bt_time_ns now,
                          double dt)
{
    double *stands = &a->memories[actor].stands_s, before = *stands;
    *stands = m->speed_m_s < STAND_M_S ? before + dt : 0.0;
    if (*stands > a->report.longest_s) {
        a->report.longest_s = *stands;
        a->report.longest_actor = actor;
    }
    if (before >= a->desc.stand_s || *stands < a->desc.stand_s) return;
    a->report.stuck++;
    if (!a->desc.log) return;
    bt_vec3 p = m->pose.world_from_actor.pos;
    fprintf(a->desc.log, "%.2f s: %s stands for %.0f s, lane %u, at %.1f %.1f\n", bt_seconds(now),
            bt_sim_actor(a->desc.sim, actor)->name, *stands, m->lane, p.x, p.y);
}

// ---- pairs ------------------------------------------------------------------------------------
static void gather_boxes(bt_audit *a, const bt_state *state)
{
    a->box_count = 0;
    for (uint32_t i = 0; i < bt_sim_actor_count(a->desc.sim); i++) {
        for (uint32_t part = 0; part < 2; part++) {
            bt_footprint *f = &a->boxes[a->box_count];
            if (!bt_state_footprint(a->desc.sim, state, i, part, f)) continue;
            a->places[2 * a->box_count] = f->x_m;
            a->places[2 * a->box_count + 1] = f->y_m;
            a->owner[a->box_count++] = i;
        }
    }
    bt_grid_build(&a->grid, a->places, 2, a->box_count);
}

// A footprint after `t` seconds at constant speed and turn rate, the body turning as one.
static bt_footprint later(const bt_footprint *f, const bt_motion *m, double t)
{
    double rate = m->angular_velocity_rad_s.z, half = 0.5 * rate * t;
    bt_vec3 v = m->velocity_m_s;
    bt_footprint out = *f;
    double dx = f->x_m - m->pose.world_from_actor.pos.x,
           dy = f->y_m - m->pose.world_from_actor.pos.y;
    double c = bt_cos(rate * t), s = bt_sin(rate * t);
    out.x_m = m->pose.world_from_actor.pos.x + dx * c - dy * s +
              (v.x * bt_cos(half) - v.y * bt_sin(half)) * t;
    out.y_m = m->pose.world_from_actor.pos.y + dx * s + dy * c +
              (v.x * bt_sin(half) + v.y * bt_cos(half)) * t;
    out.yaw_rad += rate * t;
    return out;
}

static void note_hit(bt_audit *a, uint32_t actor, bt_time_ns now)
{
    bt_audit_memory *m = &a->memories[actor];
    if (m->hit) return;
    m->hit = true;
    m->hit_ns = now;
}

// Bodies, not things: a driver who runs over a box drives on.
static void note_crash(bt_audit *a, uint32_t i, uint32_t k, bt_time_ns now)
{
    if (bt_sim_actor(a->desc.sim, i)->kind == BT_ACTOR_THING ||
        bt_sim_actor(a->desc.sim, k)->kind == BT_ACTOR_THING)
        return;
    note_hit(a, i, now);
    note_hit(a, k, now);
}

static void note_touch(bt_audit *a, const bt_state *state, uint32_t i, uint32_t k, bool walkers)
{
    bt_audit_memory *mi = &a->memories[i], *mk = &a->memories[k];
    bt_time_ns now = bt_state_time_ns(state);
    // wrecks in a heap go on touching
    bool heap = mi->hit && mk->hit && bt_state_is_wreck(state, i) && bt_state_is_wreck(state, k);
    if (!walkers) note_crash(a, i, k, now);
    bool going_on = heap || (mi->touched == k + 1 && now - mi->touched_ns < FORGET_NS);
    mi->touched = k + 1;
    mk->touched = i + 1;
    mi->touched_ns = mk->touched_ns = now;
    if (going_on) return;
    if (walkers)
        a->report.walker_touches++;
    else
        a->report.touches++;
    if (!a->desc.log) return;
    const bt_motion *m = bt_state_motion(state, i), *n = bt_state_motion(state, k);
    bt_vec3 p = m->pose.world_from_actor.pos;
    fprintf(a->desc.log,
            "%.2f s: %s (%.1f m/s, lane %u) and %s (%.1f m/s, lane %u) touch at %.1f %.1f\n",
            bt_seconds(now), bt_sim_actor(a->desc.sim, i)->name, m->speed_m_s, m->lane,
            bt_sim_actor(a->desc.sim, k)->name, n->speed_m_s, n->lane, p.x, p.y);
}

static void note_near(bt_audit *a, const bt_state *state, uint32_t b, uint32_t c)
{
    uint32_t i = a->owner[b], k = a->owner[c];
    const bt_motion *m = bt_state_motion(state, i), *n = bt_state_motion(state, k);
    if (m->speed_m_s < SLOW_M_S && n->speed_m_s < SLOW_M_S) return;
    bool meets = false;
    for (int s = 1; s <= TTC_STEPS && !meets; s++) {
        double t = a->desc.ttc_s * s / TTC_STEPS;
        bt_footprint f = later(&a->boxes[b], m, t), g = later(&a->boxes[c], n, t);
        meets = bt_footprint_overlap(&f, &g);
    }
    if (!meets) return;
    bt_audit_memory *mi = &a->memories[i];
    bt_time_ns now = bt_state_time_ns(state);
    bool going_on = mi->near == k + 1 && now - mi->near_ns < FORGET_NS;
    mi->near = k + 1;
    mi->near_ns = now;
    if (!going_on) a->report.near_misses++;
}

// Boxes are level: one that leans reaches higher than its roof does below what lies on that.
static bool lies_on(const bt_audit *a, uint32_t thing, uint32_t carrier)
{
    return bt_sim_actor(a->desc.sim, a->owner[thing])->kind == BT_ACTOR_THING &&
           a->boxes[thing].z_low_m > a->boxes[carrier].z_high_m - ROOF_M;
}

// Things may lie on or against their like, and pieces of what has broken begin within each other: those touch that are
// deep within each other, as high as each other, and still get closer.
static bool go_through(const bt_audit *a, const bt_state *state, uint32_t b, uint32_t c)
{
    const bt_footprint *f = &a->boxes[b], *g = &a->boxes[c];
    if (!bt_footprint_overlap(f, g) || bt_footprint_gap(f, g) > -THINGS_DEEP_M) return false;
    bt_vec3 v = bt_vec3_sub(bt_state_motion(state, a->owner[c])->velocity_m_s,
                            bt_state_motion(state, a->owner[b])->velocity_m_s);
    return (g->x_m - f->x_m) * v.x + (g->y_m - f->y_m) * v.y < 0.0 && bt_hypot(v.x, v.y) > SLOW_M_S;
}

static void look_at_pair(bt_audit *a, const bt_state *state, uint32_t b, uint32_t c)
{
    uint32_t i = a->owner[b], k = a->owner[c];
    if (i == k || lies_on(a, b, c) || lies_on(a, c, b)) return;
    bool things = bt_sim_actor(a->desc.sim, i)->kind == BT_ACTOR_THING &&
                  bt_sim_actor(a->desc.sim, k)->kind == BT_ACTOR_THING;
    if (things) {
        if (go_through(a, state, b, c)) note_touch(a, state, i, k, false);
        return;
    }
    bool wi = bt_sim_actor(a->desc.sim, i)->kind == BT_ACTOR_WALKER;
    bool wk = bt_sim_actor(a->desc.sim, k)->kind == BT_ACTOR_WALKER;
    if (bt_footprint_overlap(&a->boxes[b], &a->boxes[c])) {
        bt_audit_depth(a, state, b, c);
        note_touch(a, state, i, k, wi && wk);
    } else if (!wi && !wk)
        note_near(a, state, b, c);
}

static void look_at_pairs(bt_audit *a, const bt_state *state)
{
    gather_boxes(a, state);
    double size = 0.0, fast = 0.0;
    for (uint32_t b = 0; b < a->box_count; b++)
        size = fmax(size, bt_hypot(a->boxes[b].half_length_m, a->boxes[b].half_width_m));
    for (uint32_t i = 0; i < bt_sim_actor_count(a->desc.sim); i++)
        fast = fmax(fast, bt_state_motion(state, i)->speed_m_s);
    for (uint32_t b = 0; b < a->box_count; b++) {
        const bt_footprint *f = &a->boxes[b];
        bool walker = bt_sim_actor(a->desc.sim, a->owner[b])->kind == BT_ACTOR_WALKER;
        double own = bt_state_motion(state, a->owner[b])->speed_m_s;
        double reach = bt_hypot(f->half_length_m, f->half_width_m) + size;
        if (!walker) reach += (own + fmin(fast, own + 15.0)) * a->desc.ttc_s;
        bt_grid_begin(&a->grid);
        bt_grid_gather(&a->grid, f->x_m - reach, f->y_m - reach, f->x_m + reach, f->y_m + reach);
        for (uint32_t n = 0; n < a->grid.found_count; n++)
            if (a->grid.found[n] < b) look_at_pair(a, state, b, a->grid.found[n]);
    }
}

// ---- impacts ----------------------------------------------------------------------------------
// Who has hit what stands there: one touch each.
static void note_standing(bt_audit *a, const bt_state *state, const bt_impact *r, bool goes_on,
                          bool fresh)
{
    bt_audit_memory *m = &a->memories[r->actor[0]];
    const bt_standing *thing = bt_sim_standing(a->desc.sim, r->standing);
    if (goes_on) m->pushed = true;
    if (!fresh) return;
    note_hit(a, r->actor[0], bt_state_time_ns(state));
    a->report.touches++;
    if (!a->desc.log) return;
    fprintf(a->desc.log, "%.2f s: %s hits %s at %.1f %.1f, closing at %.1f m/s\n",
            bt_seconds(r->time_ns), bt_sim_actor(a->desc.sim, r->actor[0])->name,
            thing ? thing->name : "something", r->x_m, r->y_m, r->closing_m_s);
}

// Who has hit whom since the last look.
static void look_at_impacts(bt_audit *a, const bt_state *state)
{
    uint64_t count = bt_state_impact_count(state);
    uint64_t from = count > BT_IMPACTS ? count - BT_IMPACTS : 0;
    for (uint64_t n = from; n < count; n++) {
        const bt_impact *r = bt_state_impact(state, n);
        bool goes_on = r->last_ns >= a->last_ns;
        if (r->standing != BT_SIM_NONE && r->actor[0] != BT_SIM_NONE)
            note_standing(a, state, r, goes_on, n >= a->impacts);
        if (r->actor[0] == BT_SIM_NONE || r->actor[1] == BT_SIM_NONE) continue;
        for (int i = 0; goes_on && i < 2; i++)
            a->memories[r->actor[i]].pushed = true;
        if (goes_on) bt_audit_impact(a, r, bt_state_time_ns(state));
        if (n >= a->impacts) note_touch(a, state, r->actor[0], r->actor[1], false);
    }
    a->impacts = count;
}

// ---- whole ------------------------------------------------------------------------------------
void bt_audit_look(bt_audit *a, const bt_state *state)
{
    bt_time_ns now = bt_state_time_ns(state);
    double dt = bt_seconds(now - a->last_ns);
    bool wheels = a->desc.wheels_every > 0 && a->wheel_look++ % a->desc.wheels_every == 0;
    look_at_impacts(a, state);
    for (uint32_t i = 0; i < bt_sim_actor_count(a->desc.sim); i++) {
        const bt_actor_desc *d = bt_sim_actor(a->desc.sim, i);
        const bt_motion *m = bt_state_motion(state, i);
        bt_audit_memory *was = &a->memories[i];
        bool moves = was->looks > 0 && dt > 0.0;
        bool wreck = bt_state_is_wreck(state, i);
        if (wreck && moves) bt_audit_wreck(a, i, m, now, dt);
        if (d->kind == BT_ACTOR_VEHICLE && wreck) {
            if (wheels && !bt_wreck_falls(d)) bt_audit_wheels(a, i, m, now);
        } else if (d->kind == BT_ACTOR_VEHICLE && !d->parked) {
            if (moves) look_at_motion(a, i, m, now, dt);
            if (moves) look_at_stand(a, i, m, now, dt);
            if (moves) bt_audit_cyclist(a, i, m, now, dt);
            if (wheels) bt_audit_wheels(a, i, m, now);
            if (wheels) bt_audit_trailer(a, i, m, now);
            a->report.vehicle_looks++;
            a->report.vehicle_hours += dt / 3600.0;
            a->report.vehicle_km += m->speed_m_s * dt * 1e-3;
        }
        if (d->kind == BT_ACTOR_WALKER && moves && !wreck) bt_audit_walker(a, i, m, now, dt);
        was->motion = *m;
        was->wreck = wreck;
        was->pushed = false;
        if (was->looks < 2) was->looks++;
    }
    look_at_pairs(a, state);
    a->last_ns = now;
    a->report.looks++;
}

static void print_hits(const bt_audit *a, FILE *out)
{
    for (uint32_t i = 0; i < bt_sim_actor_count(a->desc.sim); i++)
        if (a->memories[i].hit)
            fprintf(out, "  %s has crashed at %.2f s: limits of its motion hold until then\n",
                    bt_sim_actor(a->desc.sim, i)->name, bt_seconds(a->memories[i].hit_ns));
}

void bt_audit_print(const bt_audit *a, FILE *out)
{
    const bt_audit_report *r = &a->report;
    fprintf(out,
            "%.1f vehicle hours, %.0f km: %u touch, %u near misses (%.1f s), %u walkers touch; %u "
            "stand "
            "for %.0f s, %.0f s at most\n",
            r->vehicle_hours, r->vehicle_km, r->touches, r->near_misses, a->desc.ttc_s,
            r->walker_touches, r->stuck, a->desc.stand_s, r->longest_s);
    for (int k = 0; k < BT_AUDIT_KIND_COUNT; k++) {
        const bt_audit_worst *w = &r->worst[k];
        fprintf(out, "  %-30s at most %8.3f (limit %5.2f, over %llu times) %s at %.2f s\n",
                bt_audit_kind_name((bt_audit_kind)k), w->value, a->desc.limit[k],
                (unsigned long long)w->over,
                w->value > 0.0 ? bt_sim_actor(a->desc.sim, w->actor)->name : "-",
                bt_seconds(w->time_ns));
    }
    print_hits(a, out);
}
