// fall.c: things that lie on a vehicle and fall off: a slab of snow or ice slides over the roof, flies as a whole, and breaks
// where it meets the road.
//
// Set loose, a slab has the vehicle's speed; drag pushes it back and the roof holds it by a little friction, until all of it
// is past the edge: it does not tip over it.
//
// In the air: gravity and drag, 1/2 rho Cd A v^2 with Cd = 1.05 (a cube: Hoerner 1965, "Fluid-Dynamic Drag", ch. 3; from memory) and, as it turns
// over at random, A = a quarter of the surface (Cauchy). The pieces of a slab are actors of their own that have one drag, that of the
// slab, and so fly side by side; each goes its own way from where it meets the ground: it springs a little, loses speed to friction
// (Coulomb, during the impact too), is thrown aside by chance, and slides until it rests. Pieces do not meet each other, do not tumble,
// and the wake behind a vehicle is left out.
#include "engine/story/play_internal.h"

#include "engine/core/log.h"
#include "engine/core/random.h"

#define GRAVITY_M_S2 9.80665
#define AIR_KG_M3 1.25 // at 10 degrees
#define DRAG_OF_CUBE 1.05
#define ROOF_FRICTION 0.05 // of ice on wet metal: chosen
#define LANDS_M_S 0.35     // slower than this it does not spring again
#define SCATTER 0.5        // of the speed of the impact, to any side: chosen
#define TURN_RAD_S 6.0     // at most, after an impact: chosen
#define RESTS_M_S 0.05
#define DRAWS (UINT64_C(1) << 40) // keeps these draws apart from those of scripts

// ---- on the vehicle ---------------------------------------------------------------------------
void bt_story_carry(bt_story_player *player, const bt_action *a)
{
    bt_actor_state *actor = &player->actors[a->actor];
    actor->falls = BT_CARRIED;
    actor->carrier = a->ref;
    bt_story_ride(player, a->actor, 0.0);
}

// Where the vehicle has it; its roof is level here.
void bt_story_ride(bt_story_player *player, uint32_t index, double dt)
{
    bt_actor_state *actor = &player->actors[index];
    const bt_role *on = &player->actors[actor->carrier].role;
    const bt_vec3 at = player->story->actors[index].carried_m;
    double c = bt_cos(on->yaw_rad), s = bt_sin(on->yaw_rad);
    bt_vec3 pos = {on->pos.x + c * at.x - s * at.y, on->pos.y + s * at.x + c * at.y,
                   on->pos.z + at.z};
    if (!on->placed) return;
    if (dt > 0.0)
        actor->role.velocity_m_s = bt_vec3_scale(bt_vec3_sub(pos, actor->role.pos), 1.0 / dt);
    actor->role.pos = pos;
    actor->role.yaw_rad = on->yaw_rad;
    actor->role.speed_m_s = on->speed_m_s;
    actor->role.accel_m_s2 = on->accel_m_s2;
    actor->role.placed = 1;
}

// ---- in the air -------------------------------------------------------------------------------
void bt_story_start_fall(bt_story_player *player, const bt_action *a)
{
    bt_actor_state *actor = &player->actors[a->actor];
    const bt_role *on = &player->actors[actor->carrier].role;
    if (actor->falls != BT_CARRIED) {
        bt_log(BT_LOG_WARNING, "%s, at %.2f s: lies on nobody: it does not fall",
               player->story->actors[a->actor].name, bt_seconds(player->time_ns));
        return;
    }
    actor->falls = BT_FLIES;
    actor->fall = (uint32_t)(a - player->story->actions);
    actor->fall_m_s =
        (bt_vec3){on->speed_m_s * bt_cos(on->yaw_rad), on->speed_m_s * bt_sin(on->yaw_rad), 0.0};
}

static void slow_down(bt_vec3 *v, double by_m_s)
{
    double speed = bt_hypot(v->x, v->y), left = speed > 0.0 ? fmax(0.0, 1.0 - by_m_s / speed) : 0.0;
    v->x *= left;
    v->y *= left;
}

static double drag_per_m(const double size[3], double density)
{
    double area = 0.5 * (size[0] * size[1] + size[1] * size[2] + size[2] * size[0]);
    double mass = density * size[0] * size[1] * size[2];
    return mass > 0.0 ? 0.5 * AIR_KG_M3 * DRAG_OF_CUBE * area / mass : 0.0;
}

// Where the middle of the slab is that an actor is a piece of; all pieces move alike until they break.
static bt_vec3 middle_of(const bt_story_player *player, uint32_t index, const bt_action *a)
{
    const bt_story_actor *own = &player->story->actors[index];
    const bt_role *role = &player->actors[index].role;
    if (a->number_count != 6) return role->pos;
    const double *at = player->story->numbers + a->first_number + 3;
    double x = at[0] - own->carried_m.x, y = at[1] - own->carried_m.y;
    double c = bt_cos(role->yaw_rad), s = bt_sin(role->yaw_rad);
    return (bt_vec3){role->pos.x + c * x - s * y, role->pos.y + s * x + c * y, role->pos.z};
}

static bool is_on_roof(const bt_story_player *player, uint32_t index, const bt_action *a)
{
    const double *roof = player->story->actors[index].roof_m;
    const bt_role *on = &player->actors[player->actors[index].carrier].role;
    bt_vec3 at = bt_vec3_sub(middle_of(player, index, a), on->pos);
    double c = bt_cos(on->yaw_rad), s = bt_sin(on->yaw_rad);
    double x = c * at.x + s * at.y, y = c * at.y - s * at.x;
    double half = a->number_count == 6 ? 0.5 * player->story->numbers[a->first_number] : 0.0;
    return x > roof[0] - half && x < roof[1] + half && fabs(y) < roof[2];
}

// The roof carries it, and drags it along a little.
static void slide_on_roof(const bt_story_player *player, uint32_t index, double dt)
{
    bt_actor_state *actor = &player->actors[index];
    const bt_role *on = &player->actors[actor->carrier].role;
    bt_vec3 roof = {on->speed_m_s * bt_cos(on->yaw_rad), on->speed_m_s * bt_sin(on->yaw_rad), 0.0};
    bt_vec3 over = bt_vec3_sub(actor->fall_m_s, roof);
    slow_down(&over, ROOF_FRICTION * GRAVITY_M_S2 * dt);
    over.z = 0.0;
    actor->fall_m_s = bt_vec3_add(roof, over);
    actor->role.pos.z = on->pos.z + player->story->actors[index].carried_m.z;
}

static void fly(bt_actor_state *actor, double drag, double dt)
{
    double slow = drag * bt_vec3_length(actor->fall_m_s) * dt;
    actor->fall_m_s =
        bt_vec3_scale(actor->fall_m_s, 1.0 / (1.0 + slow)); // implicit: never turns round
    actor->fall_m_s.z -= GRAVITY_M_S2 * dt;
}

// ---- on the road ------------------------------------------------------------------------------
static void hit(const bt_action *a, uint32_t index, bt_actor_state *actor)
{
    double down = fmax(0.0, -actor->fall_m_s.z);
    actor->falls = BT_BROKEN;
    actor->fall_m_s.z = down > LANDS_M_S ? a->factor * down : 0.0;
    slow_down(&actor->fall_m_s, a->lateral_m * (1.0 + a->factor) * down);
    if (down <= LANDS_M_S) return;
    uint64_t draw = DRAWS + index;
    uint32_t dim = 4 * actor->hits++;
    double angle = bt_random_range(a->item, BT_STREAM_SCENARIO, draw, dim, 0.0, 2.0 * BT_PI);
    double share = bt_random_range(a->item, BT_STREAM_SCENARIO, draw, dim + 1, 0.0, SCATTER);
    double turn = bt_random_range(a->item, BT_STREAM_SCENARIO, draw, dim + 2, -1.0, 1.0);
    actor->fall_m_s.x += share * down * bt_cos(angle);
    actor->fall_m_s.y += share * down * bt_sin(angle);
    actor->turn_rad_s = TURN_RAD_S * turn * fmin(1.0, down);
}

// Height of a place above the road; a place beside all roads is over the plane of the last one.
static double above_ground(const bt_story_player *player, const bt_actor_state *actor)
{
    bt_road_location at;
    uint32_t road = actor->role.on.lane == BT_ROAD_NONE
                        ? BT_ROAD_NONE
                        : bt_road_lane_get(player->net, actor->role.on.lane)->road;
    return bt_road_locate(player->net, actor->role.pos, road, &at) ? at.height_m : 1e9;
}

static void rest_or_slide(const bt_action *a, bt_actor_state *actor, double dt)
{
    slow_down(&actor->fall_m_s, a->lateral_m * GRAVITY_M_S2 * dt);
    actor->turn_rad_s *= fmax(0.0, 1.0 - 4.0 * dt);
    if (bt_hypot(actor->fall_m_s.x, actor->fall_m_s.y) > RESTS_M_S) return;
    actor->fall_m_s = (bt_vec3){0};
    actor->turn_rad_s = 0.0;
    actor->falls = BT_RESTS;
}

void bt_story_fall_step(bt_story_player *player, uint32_t index)
{
    bt_actor_state *actor = &player->actors[index];
    const bt_action *a = &player->story->actions[actor->fall];
    const bt_story_actor *own = &player->story->actors[index];
    double dt = player->dt_s, piece[3] = {own->length_m, own->width_m, own->height_m};
    bt_role *role = &actor->role, before = *role;
    if (actor->falls == BT_RESTS) {
        role->velocity_m_s = (bt_vec3){0};
        role->speed_m_s = role->accel_m_s2 = 0.0;
        role->stands_s += dt;
        return;
    }
    bool whole = actor->falls == BT_FLIES && a->number_count == 6;
    const double *size = whole ? player->story->numbers + a->first_number : piece;
    fly(actor, drag_per_m(size, a->value), dt);
    if (actor->falls == BT_FLIES && is_on_roof(player, index, a)) slide_on_roof(player, index, dt);
    role->pos = bt_vec3_mad(role->pos, actor->fall_m_s, dt);
    role->yaw_rad = bt_wrap_angle(role->yaw_rad + actor->turn_rad_s * dt);
    double height = above_ground(player, actor);
    if (height <= 0.0) {
        role->pos.z -= height;
        hit(a, index, actor);
        if (actor->fall_m_s.z <= 0.0) rest_or_slide(a, actor, dt);
    }
    role->on = bt_lane_place_find(player->net, role->pos, role->yaw_rad, BT_ROAD_NONE);
    role->velocity_m_s = bt_vec3_scale(bt_vec3_sub(role->pos, before.pos), 1.0 / dt);
    role->speed_m_s = bt_hypot(role->velocity_m_s.x, role->velocity_m_s.y);
    role->accel_m_s2 = (role->speed_m_s - before.speed_m_s) / dt;
    role->travelled_m += bt_hypot(role->pos.x - before.pos.x, role->pos.y - before.pos.y);
}
