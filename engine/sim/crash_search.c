// crash_search.c: who might touch whom: seldom among all, in each step among those who are near.
#include "engine/sim/crash_internal.h"

#include "engine/core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELL_M 24.0
#define PAIRS_EACH 12
#define MARGIN_S 0.07 // more than between two searches
#define MARGIN_M 0.3
#define WALKS_M_S 4.0
#define NEAR_M 0.02

bt_status bt_crash_search_create(uint32_t n, bt_crash_search *s)
{
    s->pairs_most = PAIRS_EACH * n;
    s->places = bt_alloc(2 * (size_t)n, sizeof *s->places);
    s->actors = bt_alloc(n, sizeof *s->actors);
    s->pairs = bt_alloc(s->pairs_most, sizeof *s->pairs);
    s->near = bt_alloc(s->pairs_most, sizeof *s->near);
    s->hulls = bt_alloc(BT_CRASH_PARTS * (size_t)n, sizeof *s->hulls);
    s->hull_count = bt_alloc(n, sizeof *s->hull_count);
    s->boxes = bt_alloc(BT_CRASH_PARTS * (size_t)n, sizeof *s->boxes);
    s->known = bt_alloc(n, sizeof *s->known);
    if (!s->places || !s->actors || !s->pairs || !s->boxes || !s->near || !s->hulls ||
        !s->hull_count || !s->known)
        return bt_fail(BT_ERR_MEMORY, "no memory for the crashes of %u actors", n);
    return bt_grid_create(n, CELL_M, &s->grid);
}

void bt_crash_search_clear(bt_crash_search *s)
{
    bt_free(s->places);
    bt_free(s->actors);
    bt_free(s->pairs);
    bt_free(s->near);
    bt_free(s->hulls);
    bt_free(s->hull_count);
    bt_free(s->boxes);
    bt_free(s->known);
    bt_grid_clear(&s->grid);
}

// ---- who and where ----------------------------------------------------------------------------
bt_spot bt_crash_spot(const bt_crash_scene *s, uint32_t actor)
{
    uint32_t slot = s->sim->slots[actor];
    if (s->state->is_wreck[actor]) {
        const bt_wreck *w = &s->state->wrecks[actor];
        const bt_drive *d = &w->body.drive;
        double z = bt_wreck_falls(&s->sim->actors[actor]) ? w->body.ground.z_m[0] : d->ride.z_m;
        return (bt_spot){d->x_m, d->y_m, d->yaw_rad, z, bt_hypot(d->vx_m_s, d->vy_m_s), true};
    }
    switch ((bt_mover)s->sim->movers[actor]) {
    case BT_MOVER_CAR: {
        const bt_car *c = &s->state->cars[slot];
        return (bt_spot){c->x_m, c->y_m, c->yaw_rad, c->ride.z_m, fabs(c->speed_m_s), true};
    }
    case BT_MOVER_WALK: {
        const bt_walk *k = &s->state->walks[slot];
        return (bt_spot){k->x_m, k->y_m, k->yaw_rad, 0.0, WALKS_M_S, true};
    }
    case BT_MOVER_EGO: {
        const bt_drive *d = &s->state->ego.drive;
        return (bt_spot){d->x_m, d->y_m, d->yaw_rad, d->ride.z_m, fabs(d->vx_m_s), true};
    }
    case BT_MOVER_LED: {
        const bt_led *l = &s->state->leds[slot];
        bool there = s->sim->actors[actor].kind != BT_ACTOR_THING;
        return (bt_spot){l->x_m, l->y_m, l->yaw_rad, l->z_m, fabs(l->speed_m_s), there};
    }
    case BT_MOVER_STILL:
        break;
    }
    return (bt_spot){.there = false};
}

// How far anything of it is from its origin.
double bt_crash_reach(const bt_actor_desc *d)
{
    if (d->kind == BT_ACTOR_WALKER)
        return 1.2 * d->height_m + 0.8; // with what it pushes, lying too
    const bt_vehicle *v = &d->vehicle;
    double nose = v->length_m - v->rear_overhang_m, tail = v->rear_overhang_m;
    if (bt_vehicle_has_trailer(v))
        tail = fmax(tail, fabs(v->hitch_from_rear_m) + v->trailer_length_m);
    return fmax(nose, tail) + 0.5 * v->width_m;
}

// ---- search -----------------------------------------------------------------------------------
static int by_order(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void add_pair(bt_crash_search *c, uint32_t a, uint32_t b)
{
    uint32_t low = a < b ? a : b, high = a < b ? b : a;
    if (c->pair_count < c->pairs_most) c->pairs[c->pair_count++] = (uint64_t)high << 32 | low;
}

// A vehicle that moves, or may be pushed by one that has been.
static bool asks(const bt_crash_scene *s, uint32_t actor, const bt_spot *at)
{
    bool vehicle = at->there && s->sim->actors[actor].kind == BT_ACTOR_VEHICLE;
    return vehicle && (at->speed > 0.0 || s->state->is_wreck[actor]);
}

// All that might touch a vehicle that moves, before the next search.
static void search_round(const bt_crash_scene *s, uint32_t actor, const bt_spot *at,
                         double reach_most, double fastest)
{
    bt_crash_search *c = &s->state->crashes;
    double own = bt_crash_reach(&s->sim->actors[actor]);
    double far = own + reach_most + MARGIN_M + (at->speed + fastest) * MARGIN_S;
    bt_grid_begin(&c->grid);
    bt_grid_gather(&c->grid, at->x - far, at->y - far, at->x + far, at->y + far);
    for (uint32_t i = 0; i < c->grid.found_count; i++) {
        uint32_t other = c->actors[c->grid.found[i]];
        if (other == actor) continue;
        bt_spot to = bt_crash_spot(s, other);
        if (asks(s, other, &to) && other < actor) continue; // it has this pair
        double near = own + bt_crash_reach(&s->sim->actors[other]) + MARGIN_M +
                      (at->speed + to.speed) * MARGIN_S;
        double dx = to.x - at->x, dy = to.y - at->y;
        if (dx * dx + dy * dy < near * near) add_pair(c, actor, other);
    }
}

void bt_crash_find_pairs(const bt_crash_scene *s)
{
    bt_crash_search *c = &s->state->crashes;
    double reach_most = 0.0, fastest = 0.0;
    c->place_count = c->pair_count = 0;
    for (uint32_t i = 0; i < s->sim->actor_count; i++) {
        bt_spot at = bt_crash_spot(s, i);
        if (!at.there) continue;
        reach_most = fmax(reach_most, bt_crash_reach(&s->sim->actors[i]));
        fastest = fmax(fastest, at.speed);
        c->places[2 * c->place_count] = at.x;
        c->places[2 * c->place_count + 1] = at.y;
        c->actors[c->place_count++] = i;
    }
    bt_grid_build(&c->grid, c->places, 2, c->place_count);
    for (uint32_t i = 0; i < s->sim->actor_count; i++) {
        bt_spot at = bt_crash_spot(s, i);
        if (asks(s, i, &at)) search_round(s, i, &at, reach_most, fastest);
    }
    qsort(c->pairs, c->pair_count, sizeof *c->pairs, by_order);
    c->searched = true;
}

// ---- near -------------------------------------------------------------------------------------
// A part's outline of now, no smaller than it is.
static bool hull_of(const bt_crash_scene *s, uint32_t actor, uint32_t part, bt_hull *h)
{
    const bt_actor_desc *d = &s->sim->actors[actor];
    bt_spot at = bt_crash_spot(s, actor);
    if (d->kind == BT_ACTOR_WALKER) {
        if (part > 0) return false;
        double reach = bt_crash_reach(d);
        *h = (bt_hull){at.x, at.y, 1.0, 0.0, reach, reach};
        if (s->sim->movers[actor] == BT_MOVER_WALK && !s->state->is_wreck[actor])
            h->half_length = h->half_width = s->sim->walk_bodies[s->sim->slots[actor]].reach_m;
        return true;
    }
    const bt_vehicle *v = &d->vehicle;
    if (part > 0 && !bt_vehicle_has_trailer(v)) return false;
    double c = bt_cos(at.yaw), n = bt_sin(at.yaw), middle = 0.5 * v->length_m - v->rear_overhang_m;
    *h = (bt_hull){at.x + middle * c, at.y + middle * n, c, n, 0.5 * v->length_m, 0.5 * v->width_m};
    if (part == 0) return true;
    double hitch = s->state->motions[actor].pose.channel_rad[BT_CHANNEL_HITCH];
    if (s->sim->movers[actor] == BT_MOVER_CAR && !s->state->is_wreck[actor])
        hitch = s->state->cars[s->sim->slots[actor]].hitch_rad;
    double nose = v->hitch_from_rear_m > 0.0 ? BT_TRAILER_NOSE_M : 0.0;
    double back = 0.5 * v->trailer_length_m - nose;
    h->c = bt_cos(at.yaw + hitch);
    h->s = bt_sin(at.yaw + hitch);
    h->x = at.x + v->hitch_from_rear_m * c - back * h->c;
    h->y = at.y + v->hitch_from_rear_m * n - back * h->s;
    h->half_length = 0.5 * v->trailer_length_m;
    return true;
}

static bool apart_along(const bt_hull *a, const bt_hull *b, double c, double s)
{
    double far = fabs((b->x - a->x) * c + (b->y - a->y) * s);
    double reach =
        a->half_length * fabs(a->c * c + a->s * s) + a->half_width * fabs(a->c * s - a->s * c) +
        b->half_length * fabs(b->c * c + b->s * s) + b->half_width * fabs(b->c * s - b->s * c);
    return far > reach + NEAR_M;
}

static bool hulls_meet(const bt_hull *a, const bt_hull *b)
{
    return !apart_along(a, b, a->c, a->s) && !apart_along(a, b, -a->s, a->c) &&
           !apart_along(a, b, b->c, b->s) && !apart_along(a, b, -b->s, b->c);
}

static uint32_t hulls_of(const bt_crash_scene *s, uint32_t actor, const bt_hull **hulls)
{
    bt_crash_search *c = &s->state->crashes;
    *hulls = &c->hulls[BT_CRASH_PARTS * actor];
    if (c->hull_count[actor] == 0)
        for (uint32_t part = 0; part < BT_CRASH_PARTS; part++)
            c->hull_count[actor] +=
                hull_of(s, actor, part, &c->hulls[BT_CRASH_PARTS * actor + part]);
    return c->hull_count[actor];
}

static bool is_near(const bt_crash_scene *s, uint64_t pair)
{
    const bt_hull *a, *b;
    uint32_t count_a = hulls_of(s, (uint32_t)pair, &a);
    uint32_t count_b = hulls_of(s, (uint32_t)(pair >> 32), &b);
    for (uint32_t i = 0; i < count_a; i++)
        for (uint32_t k = 0; k < count_b; k++)
            if (hulls_meet(&a[i], &b[k])) return true;
    return false;
}

void bt_crash_find_near(const bt_crash_scene *s)
{
    bt_crash_search *c = &s->state->crashes;
    memset(c->hull_count, 0, s->sim->actor_count);
    c->near_count = 0;
    for (uint32_t i = 0; i < c->pair_count; i++)
        if (is_near(s, c->pairs[i])) c->near[c->near_count++] = c->pairs[i];
}
