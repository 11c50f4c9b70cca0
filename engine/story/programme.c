// programme.c: traffic lights as a story has them: phases that take turns, and jumps between them.
#include "engine/story/play_internal.h"

#include "engine/core/log.h"

static const bt_story_phase *phase_of(const bt_story *story, const bt_story_programme *p,
                                      uint32_t i)
{
    return &story->phases[p->first_phase + i];
}

static double phase_start(const bt_story *story, const bt_story_programme *p, uint32_t phase)
{
    double start = 0.0;
    for (uint32_t i = 0; i < phase; i++)
        start += phase_of(story, p, i)->duration_s;
    return start;
}

// BT_STORY_NONE: it has not begun.
uint32_t bt_story_programme_phase(const bt_story_player *player, uint32_t index)
{
    const bt_story_programme *p = &player->story->programmes[index];
    double at = bt_seconds(player->time_ns) - player->programmes[index].begun_s;
    if (p->phase_count == 0 || at < 0.0) return BT_STORY_NONE;
    at -= p->cycle_s * floor(at / p->cycle_s);
    for (uint32_t i = 0; i < p->phase_count; i++) {
        at -= phase_of(player->story, p, i)->duration_s;
        if (at < -1e-9) return i;
    }
    return p->phase_count - 1;
}

static void show(bt_story_player *player, const bt_story_phase *phase)
{
    const bt_story_senses *senses = &player->senses;
    for (uint32_t i = 0; i < phase->light_count && senses->show_signal; i++) {
        const bt_story_light *light = &player->story->lights[phase->first_light + i];
        if (!senses->show_signal(senses->context, light->signal, light->shows))
            bt_log(BT_LOG_WARNING, "at %.2f s: no traffic signal '%s' to switch",
                   bt_seconds(player->time_ns), light->signal);
    }
}

void bt_story_programme_jump(bt_story_player *player, uint32_t index, uint32_t phase)
{
    const bt_story_programme *p = &player->story->programmes[index];
    player->programmes[index].begun_s =
        bt_seconds(player->time_ns) - phase_start(player->story, p, phase);
}

void bt_story_programmes_step(bt_story_player *player)
{
    for (uint32_t i = 0; i < player->story->programmes_count; i++) {
        uint32_t phase = bt_story_programme_phase(player, i);
        bt_programme_state *s = &player->programmes[i];
        if (phase == BT_STORY_NONE || phase == s->phase) continue;
        s->phase = phase;
        show(player, phase_of(player->story, &player->story->programmes[i], phase));
    }
}
