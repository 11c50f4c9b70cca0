// controllers.c: who drives an entity instead of the story's actions.
//
// The standard gives a controller a name and properties of any words. Those of the reference player esmini that keep a
// distance are stood for by ours (engine/story/drive.c); the rest is named and left out.
#include "engine/openscenario/internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// By the property "esminiController", or where there is none by the controller's own name.
static const struct {
    const char *name;
    bt_controller_kind kind;
    const char *reason; // of those that are left out
} kinds[] = {
    {"ACCController", BT_CONTROLLER_ACC, ""},
    {"ALKSController", BT_CONTROLLER_ACC, ""}, // lanes are kept by whoever is led
    {"NaturalDriver", BT_CONTROLLER_IDM, ""},
    {"InteractiveController", BT_CONTROLLER_NONE, "driven by a person at a keyboard"},
    {"interactiveDriver", BT_CONTROLLER_NONE, "driven by a person at a keyboard"},
    {"HIDController", BT_CONTROLLER_NONE, "driven by a person at a wheel"},
    {"ExternalController", BT_CONTROLLER_NONE, "driven by another program"},
    {"UDPDriverController", BT_CONTROLLER_NONE, "driven by another program"},
    {"SumoController", BT_CONTROLLER_NONE, "driven by another program"},
    {"SloppyDriverController", BT_CONTROLLER_NONE, "a driver who errs by chance"},
    {"FollowGhostController", BT_CONTROLLER_NONE, "follows a ghost of itself, which we have not"},
    {"FollowRouteController", BT_CONTROLLER_NONE, "routes are followed as they are"},
    {"ControllerRel2Abs", BT_CONTROLLER_NONE, "relative speeds are followed as they are"},
};

#define KIND_COUNT (sizeof kinds / sizeof *kinds)

static size_t find_kind(const char *name)
{
    size_t i = 0;
    while (i < KIND_COUNT && strcmp(kinds[i].name, name) != 0)
        i++;
    return i;
}

// ---- properties -------------------------------------------------------------------------------
static xml_node *find_property(osc_reader *r, xml_node *list, const char *name)
{
    for (xml_node *p = xml_child(list, "Property"); p && r->status == BT_OK; p = xml_next(p))
        if (strcmp(osc_text(r, p, "name", ""), name) == 0) return p;
    return NULL;
}

static double property(osc_reader *r, xml_node *list, const char *name, double fallback, double low,
                       double high)
{
    xml_node *p = find_property(r, list, name);
    return p ? osc_number_in(r, p, "value", NAN, low, high) : fallback;
}

// The reference player's names and defaults.
static void read_acc(osc_reader *r, xml_node *list, bt_story_controller *c)
{
    xml_node *mode = find_property(r, list, "mode");
    const char *word = mode ? osc_text(r, mode, "value", "") : "";
    c->gap_m = 3.0;
    c->gap_s = property(r, list, "timeGap", 1.5, 0.1, 60.0);
    c->aside_m = property(r, list, "lateralDist", 5.0, 0.0, 100.0);
    c->set_speed_m_s = property(r, list, "setSpeed", NAN, 0.0, 1000.0);
    c->follows_story = strcmp(word, "override") != 0;
}

// Of Treiber's model: v0, T, s0, a, b. It keeps its lane.
static void read_idm(osc_reader *r, xml_node *list, bt_story_controller *c)
{
    c->set_speed_m_s = property(r, list, "desiredSpeed", 13.89, 0.1, 1000.0);
    c->gap_s = property(r, list, "thw", 1.5, 0.0, 60.0);
    c->gap_m = property(r, list, "desiredDistance", 5.0, 0.1, 1000.0);
    c->accel_m_s2 = property(r, list, "maxAcc", 2.0, 0.01, 100.0);
    c->decel_m_s2 = fabs(property(r, list, "maxDec", -4.0, -100.0, 100.0));
    c->decel_m_s2 = fmax(c->decel_m_s2, 0.01);
    c->aside_m = 5.0;
}

static void ignore_properties(osc_reader *r, xml_node *list, const char *const *read)
{
    for (xml_node *p = xml_child(list, "Property"); p && r->status == BT_OK; p = xml_next(p)) {
        const char *name = osc_text(r, p, "name", "");
        bool known = false;
        for (size_t i = 0; read[i]; i++)
            known = known || strcmp(read[i], name) == 0;
        if (!known) osc_mark_node(r, p, BT_OSC_IGNORED, "not of those that our drivers have");
    }
}

static void read_properties(osc_reader *r, xml_node *list, bt_story_controller *c)
{
    static const char *const acc[] = {"esminiController", "mode",     "timeGap",
                                      "lateralDist",      "setSpeed", NULL};
    static const char *const idm[] = {"esminiController", "desiredSpeed", "thw", "desiredDistance",
                                      "maxAcc",           "maxDec",       NULL};
    if (c->kind == BT_CONTROLLER_ACC) read_acc(r, list, c);
    if (c->kind == BT_CONTROLLER_IDM) read_idm(r, list, c);
    if (list) ignore_properties(r, list, c->kind == BT_CONTROLLER_ACC ? acc : idm);
}

// ---- elements ---------------------------------------------------------------------------------
bool osc_read_controller(osc_reader *r, xml_node *n, bt_story_controller *c)
{
    *c = (bt_story_controller){.name = osc_text(r, n, "name", "")};
    xml_node *list = xml_child(n, "Properties");
    xml_node *type = find_property(r, list, "esminiController");
    size_t kind = find_kind(type ? osc_text(r, type, "value", "") : c->name);
    c->kind = kind < KIND_COUNT ? kinds[kind].kind : BT_CONTROLLER_NONE;
    if (c->kind != BT_CONTROLLER_NONE) {
        read_properties(r, list, c);
        return r->status == BT_OK;
    }
    osc_mark_node(r, n, BT_OSC_IGNORED,
                  kind < KIND_COUNT ? kinds[kind].reason
                                    : "a driver that is not known here: the story leads instead");
    return false;
}

// A Controller, or a reference to one; BT_STORY_NONE: none that drives.
static uint32_t read_holder(osc_reader *r, xml_node *holder, uint32_t actor)
{
    xml_node *own = xml_child(holder, "Controller");
    xml_node *reference = xml_child(holder, "CatalogReference");
    bt_story_controller c;
    bool drives = false;
    uint32_t index = BT_STORY_NONE;
    if (own) {
        osc_scope_open(r, own);
        osc_read_declarations(r, own, false);
        drives = osc_read_controller(r, own, &c);
        osc_scope_close(r);
    } else if (reference) {
        osc_entry entry = osc_enter_entry(r, reference);
        if (entry.node) drives = osc_read_controller(r, entry.node, &c);
        osc_leave_entry(r, &entry);
        if (entry.node && !drives)
            osc_mark_node(r, reference, BT_OSC_IGNORED, "see its Controller");
    }
    if (!drives || r->status != BT_OK) return BT_STORY_NONE;
    c.actor = actor;
    r->status = BT_STORY_ADD(r->story, controllers, c, &index);
    return index;
}

void osc_read_object_controllers(osc_reader *r, xml_node *holder, uint32_t actor)
{
    for (xml_node *n = xml_child(holder, "ObjectController"); n && r->status == BT_OK;
         n = xml_next(n)) {
        uint32_t index = read_holder(r, n, actor);
        if (index == BT_STORY_NONE) continue;
        if (osc_has(n, "name")) r->story->controllers[index].name = osc_text(r, n, "name", "");
        bt_action give = {.kind = BT_DO_CONTROL,
                          .actor = actor,
                          .ref = BT_STORY_NONE,
                          .spot = BT_STORY_NONE,
                          .spot2 = BT_STORY_NONE,
                          .item = index};
        osc_add_init(r, &give);
    }
}

// ---- actions ----------------------------------------------------------------------------------
// Of the controllers that an actor has, by name; the last one has it.
static uint32_t find_controller(const osc_reader *r, uint32_t actor, const char *name)
{
    for (size_t i = r->story->controllers_count; i-- > 0;) {
        const bt_story_controller *c = &r->story->controllers[i];
        if (c->actor == actor && strcmp(c->name, name) == 0) return (uint32_t)i;
    }
    return BT_STORY_NONE;
}

static void read_activation(osc_reader *r, xml_node *n, const char *along, bt_action *a)
{
    bool on = osc_bool(r, n, along, false);
    if (osc_has(n, along)) a->item2 = on ? BT_CONTROL_ON : BT_CONTROL_OFF;
}

// Only how fast somebody goes is a controller's: lanes are kept by all who are led.
static void read_activate(osc_reader *r, xml_node *n, bt_action *a)
{
    (void)osc_bool(r, n, "lateral", false);
    read_activation(r, n, "longitudinal", a);
    const char *ref = osc_has(n, "objectControllerRef") ? "objectControllerRef" : "controllerRef";
    if (osc_has(n, ref)) a->item = find_controller(r, a->actor, osc_text(r, n, ref, ""));
}

void osc_read_controller_action(osc_reader *r, xml_node *n, bt_action *a)
{
    xml_node *assign = xml_child(n, "AssignControllerAction");
    xml_node *activate = strcmp(n->name, "ActivateControllerAction") == 0
                             ? n
                             : xml_child(n, "ActivateControllerAction");
    osc_ignore(r, n, "OverrideControllerValueAction", "nobody's pedals are pressed");
    a->kind = BT_DO_CONTROL;
    a->item = BT_STORY_NONE;
    if (assign) {
        a->item = read_holder(r, assign, a->actor);
        (void)osc_bool(r, assign, "activateLateral", false);
        read_activation(r, assign, "activateLongitudinal", a);
    }
    if (activate) read_activate(r, activate, a);
    bool has = a->item != BT_STORY_NONE;
    for (size_t i = 0; i < r->story->controllers_count; i++)
        has = has || r->story->controllers[i].actor == a->actor;
    if (activate && !has)
        osc_mark_node(r, activate, BT_OSC_IGNORED, "no controller of it is known here");
}
