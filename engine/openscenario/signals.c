// signals.c: traffic lights: the programmes that a file gives them, and what its actions make them show.
#include "engine/openscenario/internal.h"

#include "engine/sim/sim.h"

#include <stdlib.h>
#include <string.h>

// States are any words in the standard; these are those of our signals, and what others call them. esmini's are those
// of three lamps from the top: "on;off;off".
int osc_read_phase(osc_reader *r, const xml_node *n, const char *attribute)
{
    static const struct {
        const char *word;
        bt_signal_phase phase;
    } words[] = {{"off", BT_PHASE_OFF},
                 {"red", BT_PHASE_RED},
                 {"red_amber", BT_PHASE_RED_AMBER},
                 {"amber", BT_PHASE_AMBER},
                 {"green", BT_PHASE_GREEN},
                 {"yellow", BT_PHASE_AMBER},
                 {"redYellow", BT_PHASE_RED_AMBER},
                 {"redAmber", BT_PHASE_RED_AMBER},
                 {"on;off;off", BT_PHASE_RED},
                 {"on;on;off", BT_PHASE_RED_AMBER},
                 {"off;on;off", BT_PHASE_AMBER},
                 {"off;off;on", BT_PHASE_GREEN},
                 {"off;off;off", BT_PHASE_OFF}};
    const char *text = osc_text(r, n, attribute, NULL);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, text) == 0) return words[i].phase;
    osc_fail(r, n,
             "%s = '%.100s': expected off, red, red_amber, amber, green, yellow, redYellow, "
             "redAmber or the state of "
             "three lamps, as on;off;off",
             attribute, text);
    return 0;
}

// ---- programmes -------------------------------------------------------------------------------
static void read_phase(osc_reader *r, xml_node *n)
{
    bt_story_phase phase = {.name = osc_text(r, n, "name", NULL),
                            .duration_s = osc_number_in(r, n, "duration", NAN, 0.0, 1e6),
                            .first_light = (uint32_t)r->story->lights_count};
    osc_ignore(r, n, "TrafficSignalGroupState", "lights are told one by one");
    for (xml_node *s = xml_child(n, "TrafficSignalState"); s && r->status == BT_OK;
         s = xml_next(s)) {
        bt_story_light light = {osc_text(r, s, "trafficSignalId", NULL),
                                osc_read_phase(r, s, "state")};
        if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, lights, light, NULL);
        phase.light_count++;
    }
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, phases, phase, NULL);
}

static void read_programme(osc_reader *r, xml_node *n)
{
    bt_story_programme p = {.name = osc_text(r, n, "name", NULL),
                            .delay_s = osc_number_in(r, n, "delay", 0.0, 0.0, 1e6),
                            .first_phase = (uint32_t)r->story->phases_count};
    const char *after = osc_text(r, n, "reference", "");
    for (xml_node *c = xml_child(n, "Phase"); c && r->status == BT_OK; c = xml_next(c)) {
        read_phase(r, c);
        p.phase_count++;
    }
    if (r->status != BT_OK) return;
    // it begins `delay` after the one it refers to, which is read before it
    uint32_t other = bt_story_find_programme(r->story, after);
    if (after[0] && other == BT_STORY_NONE)
        osc_fail(r, n, "reference = '%s': no such controller before this one", after);
    else if (after[0])
        p.delay_s += r->story->programmes[other].delay_s;
    for (uint32_t i = 0; i < p.phase_count; i++)
        p.cycle_s += r->story->phases[p.first_phase + i].duration_s;
    if (p.phase_count > 0 && p.cycle_s < 0.1)
        osc_fail(r, n, "its phases last for %g s in all, expected at least 0.1", p.cycle_s);
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, programmes, p, NULL);
}

void osc_read_signals(osc_reader *r, xml_node *network)
{
    xml_node *list = xml_child(network, "TrafficSignals");
    for (xml_node *n = xml_child(list, "TrafficSignalController"); n && r->status == BT_OK;
         n = xml_next(n))
        read_programme(r, n);
}

void osc_read_programme_phase(osc_reader *r, const xml_node *n, uint32_t *programme,
                              uint32_t *phase)
{
    const char *name = osc_text(r, n, "trafficSignalControllerRef", NULL);
    const char *word = osc_text(r, n, "phase", NULL);
    *programme = *phase = r->stand_in;
    if (r->status != BT_OK || r->stand_in != BT_STORY_NONE) return;
    *programme = bt_story_find_programme(r->story, name);
    if (*programme == BT_STORY_NONE) {
        osc_fail(r, n, "trafficSignalControllerRef = '%s': no such controller", name);
        return;
    }
    const bt_story_programme *p = &r->story->programmes[*programme];
    for (uint32_t i = 0; i < p->phase_count; i++)
        if (strcmp(r->story->phases[p->first_phase + i].name, word) == 0) *phase = i;
    if (*phase == BT_STORY_NONE) osc_fail(r, n, "phase = '%s': '%s' has no such phase", word, name);
}

// ---- actions ----------------------------------------------------------------------------------
void osc_read_infrastructure(osc_reader *r, xml_node *n, bt_action *a)
{
    xml_node *action = xml_child(n, "TrafficSignalAction");
    xml_node *state = xml_child(action, "TrafficSignalStateAction");
    xml_node *programme = xml_child(action, "TrafficSignalControllerAction");
    if (state) {
        a->kind = BT_DO_SIGNAL;
        a->text = osc_text(r, state, "name", NULL);
        a->value = osc_read_phase(r, state, "state");
    } else if (programme) {
        a->kind = BT_DO_PROGRAMME;
        osc_read_programme_phase(r, programme, &a->item, &a->item2);
    } else {
        osc_mark_node(r, n, BT_OSC_IGNORED, "no action upon a traffic light");
    }
}
