// carry.c: a story goes on in another window of a world whose roads are never whole in memory.
//
// What has happened and what goes on is kept; places on lanes become those of the new roads.
#include "engine/story/play_internal.h"

static bool carry_lane(const bt_road_match *match, uint32_t *lane)
{
    bool known = *lane != BT_ROAD_NONE;
    *lane = bt_road_match_lane(match, *lane);
    return !known || *lane != BT_ROAD_NONE;
}

// Lanes that are not there are passed over: the way goes straight on.
static void carry_choice(const bt_road_match *match, bt_lane_choice *choice)
{
    uint32_t *lanes = (uint32_t *)(uintptr_t)choice->lanes, kept = 0;
    for (uint32_t i = 0; i < choice->count; i++) {
        uint32_t lane = lanes[i];
        if (carry_lane(match, &lane)) lanes[kept++] = lane;
    }
    choice->count = kept;
}

void bt_story_player_carry(bt_story_player *p, const bt_road_network *net,
                           const bt_road_match *match)
{
    const bt_story *story = p->story;
    for (size_t i = 0; i < story->actors_count; i++) {
        bt_actor_state *a = &p->actors[i];
        if (!carry_lane(match, &a->role.on.lane)) bt_story_set_speed(p, (uint32_t)i, 0.0);
        carry_choice(match, &p->acquired[i]);
    }
    for (size_t i = 0; i < story->routes_count; i++)
        carry_choice(match, &p->routes[i]);
    p->net = net;
    p->part = true;
}

void bt_story_player_lose(bt_story_player *p, uint32_t actor)
{
    p->actors[actor].role.placed = 0;
}
