// lead.h: a story and a simulation side by side: what the story says, the simulation's led actors do; where the
// others are, the story sees.
#ifndef BT_APP_LEAD_H
#define BT_APP_LEAD_H

#include "engine/sim/sim.h"
#include "engine/story/play.h"

typedef struct bt_lead {
    bt_story_player *player;
    const uint32_t *story_actors; // (count) in the story, by actor of the simulation
    uint32_t count;
} bt_lead;

// Where an actor of the story is: by its role; things about the middle of their box, which is where their bodies have
// their origin.
bt_led_place bt_lead_place(const bt_story_player *player, uint32_t story_actor, bool thing);
// What the story may ask besides: signals of `state`.
bt_story_senses bt_lead_senses(bt_state *state);
// Before a step of the simulation: one of the story, of the same length.
BT_CHECKED bt_status bt_lead_step(const bt_lead *lead, const bt_sim *sim, bt_state *state);
// A leg before, that goes on beside: its led actors where the story, on the roads of `now`, has them. `lead`: who they
// are in it.
void bt_lead_echo(const bt_lead *lead, const bt_sim *now, const bt_sim *sim, bt_state *state);
// A hash of the simulation and the story together: of all that decides the future.
BT_CHECKED bt_status bt_lead_digest(const bt_lead *lead, const bt_state *state, uint8_t digest[32]);

#endif
