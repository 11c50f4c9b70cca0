// entities.c: who takes part: vehicles, pedestrians, things.
#include "engine/openscenario/internal.h"

#include <math.h>
#include <string.h>

static void read_box(osc_reader *r, xml_node *node, bt_story_actor *a)
{
    xml_node *box = xml_child(node, "BoundingBox");
    if (!box) return;
    xml_node *center = xml_child(box, "Center"), *size = xml_child(box, "Dimensions");
    if (center) {
        a->center_x_m = osc_number_in(r, center, "x", NAN, -100.0, 100.0);
        a->center_y_m = osc_number_in(r, center, "y", NAN, -100.0, 100.0);
        (void)osc_number(r, center, "z", 0.0);
    }
    if (size) {
        a->length_m = osc_number_in(r, size, "length", NAN, 0.0, 200.0);
        a->width_m = osc_number_in(r, size, "width", NAN, 0.0, 200.0);
        a->height_m = osc_number_in(r, size, "height", NAN, 0.0, 200.0);
    }
}

static void read_performance(osc_reader *r, xml_node *node, bt_story_actor *a)
{
    xml_node *p = xml_child(node, "Performance");
    if (!p) return;
    a->max_speed_m_s = osc_number_in(r, p, "maxSpeed", NAN, 0.0, 1e301);
    a->max_accel_m_s2 = osc_number_in(r, p, "maxAcceleration", NAN, 0.0, 1e301);
    a->max_decel_m_s2 = osc_number_in(r, p, "maxDeceleration", NAN, 0.0, 1e301);
}

// The origin is on the rear axle: the front one's place is the wheelbase. What only moves a wheel is our bodies' own.
static void read_axles(osc_reader *r, xml_node *vehicle, bt_story_actor *a)
{
    xml_node *axles = xml_child(vehicle, "Axles");
    xml_node *front = xml_child(axles, "FrontAxle"), *rear = xml_child(axles, "RearAxle");
    double front_x = front ? osc_number_in(r, front, "positionX", NAN, -100.0, 100.0) : 0.0;
    double rear_x = rear ? osc_number_in(r, rear, "positionX", NAN, -100.0, 100.0) : 0.0;
    if (front && rear && front_x - rear_x > 0.2) a->wheelbase_m = front_x - rear_x;
    osc_ignore(r, axles, "AdditionalAxle", "wheels are those of the body that stands for it");
}

// ---- trailers ---------------------------------------------------------------------------------
// Which entity the trailer is can only be told when all are known.
static void read_trailer(osc_reader *r, xml_node *vehicle, bt_story_actor *a)
{
    xml_node *hitch = xml_child(vehicle, "TrailerHitch");
    xml_node *coupler = xml_child(vehicle, "TrailerCoupler");
    if (hitch) a->hitch_x_m = osc_number_in(r, hitch, "dx", NAN, -100.0, 100.0);
    if (coupler) a->coupler_x_m = osc_number_in(r, coupler, "dx", NAN, -100.0, 100.0);
    xml_node *trailer = xml_child(vehicle, "Trailer");
    xml_node *ref = xml_child(trailer, "TrailerRef");
    osc_ignore(r, trailer, "Trailer", "a trailer is an entity of its own, named by a TrailerRef");
    const char *name = ref ? osc_text(r, ref, "entityRef", "") : "";
    if (name[0] == '\0' || r->stand_in != BT_STORY_NONE) return; // may be, and is not
    if (r->coupling_count == OSC_ACTORS_MAX) {
        osc_fail(r, ref, "more than %u trailers", OSC_ACTORS_MAX);
        return;
    }
    r->couplings[r->coupling_count].actor = (uint32_t)r->story->actors_count; // to be added
    r->couplings[r->coupling_count].trailer = name;
    r->couplings[r->coupling_count].file = r->file;
    r->couplings[r->coupling_count++].line = ref->line;
}

static void couple_all(osc_reader *r)
{
    for (uint32_t i = 0; i < r->coupling_count && r->status == BT_OK; i++) {
        uint32_t trailer = bt_story_find_actor(r->story, r->couplings[i].trailer);
        if (trailer == BT_STORY_NONE) {
            r->status =
                bt_fail(BT_ERR_INPUT, "%s:%u: TrailerRef: entityRef = '%s': no such entity",
                        r->couplings[i].file, r->couplings[i].line, r->couplings[i].trailer);
            return;
        }
        bt_action couple = {.kind = BT_DO_COUPLE,
                            .actor = r->couplings[i].actor,
                            .ref = BT_STORY_NONE,
                            .spot = BT_STORY_NONE,
                            .spot2 = BT_STORY_NONE,
                            .item = trailer};
        osc_add_init(r, &couple);
    }
}

// ---- objects ----------------------------------------------------------------------------------
static const char *const ours[] = {"Vehicle", "Pedestrian", "MiscObject", NULL};

static void read_vehicle(osc_reader *r, xml_node *node, bt_story_actor *a)
{
    a->kind = BT_STORY_CAR;
    a->model = osc_text(r, node, "vehicleCategory", "car");
    read_performance(r, node, a);
    read_axles(r, node, a);
    read_trailer(r, node, a);
}

void osc_read_object(osc_reader *r, xml_node *node, bt_story_actor *a)
{
    node->known = true;
    osc_ignore(r, node, "Properties", "for other programs");
    if (strcmp(node->name, "Vehicle") == 0) {
        read_vehicle(r, node, a);
    } else if (strcmp(node->name, "Pedestrian") == 0) {
        a->kind = BT_STORY_PERSON;
        a->model = osc_text(r, node, "pedestrianCategory", "pedestrian");
        if (strcmp(a->model, "animal") == 0) a->kind = BT_STORY_ANIMAL;
    } else if (strcmp(node->name, "MiscObject") == 0) {
        a->kind = BT_STORY_THING;
        a->model = osc_text(r, node, "miscObjectCategory", "none");
    } else {
        osc_mark_node(r, node, BT_OSC_REFUSED, "only Vehicle, Pedestrian, MiscObject take part");
        return;
    }
    read_box(r, node, a);
}

static xml_node *first_object(xml_node *holder)
{
    for (int i = 0; ours[i]; i++) {
        xml_node *node = xml_child(holder, ours[i]);
        if (node) return node;
    }
    return NULL;
}

static void read_one(osc_reader *r, xml_node *holder)
{
    bt_story_actor a = {.model = "", .line = holder->line};
    a.name = osc_text(r, holder, "name", NULL);
    if (r->status == BT_OK && bt_story_find_actor(r->story, a.name) != BT_STORY_NONE)
        osc_fail(r, holder, "there are two entities named '%s'", a.name);
    xml_node *reference = xml_child(holder, "CatalogReference");
    if (reference) {
        osc_entry entry = osc_enter_entry(r, reference);
        if (entry.node) osc_read_object(r, entry.node, &a);
        osc_leave_entry(r, &entry);
    } else {
        xml_node *object = first_object(holder);
        osc_scope_open(r, holder);
        osc_read_declarations(r, object, false);
        if (object)
            osc_read_object(r, object, &a);
        else
            osc_mark_node(r, holder, BT_OSC_REFUSED, "no Vehicle, Pedestrian or MiscObject in it");
        osc_scope_close(r);
    }
    uint32_t index = BT_STORY_NONE;
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, actors, a, &index);
    if (r->status == BT_OK) osc_read_object_controllers(r, holder, index);
}

// ---- selections -------------------------------------------------------------------------------
uint32_t osc_kinds(osc_reader *r, const xml_node *node, const char *attribute)
{
    static const char *const words[] = {"vehicle", "pedestrian", "miscellaneous", "external", NULL};
    static const uint32_t kinds[] = {
        1u << BT_STORY_CAR, 1u << BT_STORY_PERSON | 1u << BT_STORY_ANIMAL, 1u << BT_STORY_THING, 0};
    return kinds[osc_choice(r, node, attribute, words, -1)];
}

// A child that says which: an entity, or all of a type (ByType in 1.0, ByObjectType since).
static uint32_t read_member(osc_reader *r, xml_node *n, uint32_t *actors, uint32_t max)
{
    bool by_type = strcmp(n->name, "ByType") == 0, by_object = strcmp(n->name, "ByObjectType") == 0;
    n->known = by_type || by_object || strcmp(n->name, "EntityRef") == 0;
    if (!n->known) return 0;
    if (!by_type && !by_object) return osc_entities(r, n, "entityRef", actors, max);
    uint32_t kinds = osc_kinds(r, n, by_type ? "objectType" : "type"), count = 0;
    for (uint32_t i = 0; i < r->story->actors_count && count < max; i++)
        if (kinds & 1u << r->story->actors[i].kind) actors[count++] = i;
    return count;
}

static void read_selection(osc_reader *r, xml_node *n)
{
    uint32_t actors[OSC_ACTORS_MAX], count = 0;
    xml_node *list = xml_child(n, "Members");
    if (!list) list = xml_child(n, "SelectedEntities"); // as 1.0 has it
    const char *name = osc_text(r, n, "name", NULL);
    for (xml_node *m = list ? list->first : NULL; m && r->status == BT_OK; m = m->next)
        count += read_member(r, m, actors + count, OSC_ACTORS_MAX - count);
    if (r->selection_count == OSC_SELECTIONS_MAX)
        osc_fail(r, n, "more than %u selections", OSC_SELECTIONS_MAX);
    uint32_t *kept = bt_arena_alloc(r->story->arena, count, sizeof *kept);
    if (!kept && count > 0) osc_fail(r, n, "no memory");
    if (r->status != BT_OK) return;
    for (uint32_t i = 0; i < count; i++)
        kept[i] = actors[i];
    r->selections[r->selection_count].name = name;
    r->selections[r->selection_count].actors = kept;
    r->selections[r->selection_count++].count = count;
}

void osc_read_entities(osc_reader *r)
{
    xml_node *entities = xml_child(r->root, "Entities");
    if (!entities) {
        osc_fail(r, r->root, "no Entities");
        return;
    }
    for (xml_node *o = xml_child(entities, "ScenarioObject"); o && r->status == BT_OK;
         o = xml_next(o))
        read_one(r, o);
    for (xml_node *n = xml_child(entities, "EntitySelection"); n && r->status == BT_OK;
         n = xml_next(n))
        read_selection(r, n);
    couple_all(r);
}

uint32_t osc_entity(osc_reader *r, const xml_node *node, const char *attribute)
{
    const char *name = osc_text(r, node, attribute, NULL);
    if (r->status != BT_OK) return BT_STORY_NONE;
    if (r->stand_in != BT_STORY_NONE) return r->stand_in;
    uint32_t actor = bt_story_find_actor(r->story, name);
    if (actor == BT_STORY_NONE) osc_fail(r, node, "%s = '%s': no such entity", attribute, name);
    return actor;
}

uint32_t osc_entities(osc_reader *r, const xml_node *node, const char *attribute, uint32_t *actors,
                      uint32_t max)
{
    const char *name = osc_text(r, node, attribute, NULL);
    for (uint32_t i = 0; i < r->selection_count && r->status == BT_OK; i++) {
        if (strcmp(r->selections[i].name, name) != 0) continue;
        uint32_t count = r->selections[i].count;
        if (count > max) {
            osc_fail(r, node, "more than %u entities", OSC_ACTORS_MAX);
            return 0;
        }
        for (uint32_t k = 0; k < count; k++)
            actors[k] = r->selections[i].actors[k];
        return count;
    }
    uint32_t actor = osc_entity(r, node, attribute);
    if (actor == BT_STORY_NONE) return 0;
    if (max == 0) {
        osc_fail(r, node, "more than %u entities", OSC_ACTORS_MAX);
        return 0;
    }
    actors[0] = actor;
    return 1;
}

uint32_t osc_variable(osc_reader *r, const xml_node *node, const char *attribute)
{
    const char *name = osc_text(r, node, attribute, NULL);
    if (r->stand_in != BT_STORY_NONE) return r->stand_in;
    uint32_t variable = bt_story_find_variable(r->story, name);
    if (r->status == BT_OK && variable == BT_STORY_NONE)
        osc_fail(r, node, "%s = '%s': no such variable", attribute, name);
    return variable;
}
