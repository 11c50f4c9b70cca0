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

static void read_axles(osc_reader *r, xml_node *vehicle)
{
    xml_node *axles = xml_child(vehicle, "Axles");
    (void)xml_child(axles, "FrontAxle");
    (void)xml_child(axles, "RearAxle");
    osc_ignore(r, vehicle, "Axles", "wheels are those of the body that stands for it");
}

static const char *const ours[] = {"Vehicle", "Pedestrian", "MiscObject", NULL};

static bool read_object(osc_reader *r, xml_node *node, bt_story_actor *a)
{
    int kind = -1;
    for (int i = 0; ours[i]; i++)
        if (strcmp(node->name, ours[i]) == 0) kind = i;
    node->known = true;
    if (kind < 0) {
        osc_mark_node(r, node, BT_OSC_REFUSED, "only Vehicle, Pedestrian, MiscObject take part");
        return false;
    }
    osc_ignore(r, node, "Properties", "for other programs");
    osc_ignore(r, node, "TrailerHitch", "no trailers");
    osc_ignore(r, node, "TrailerCoupler", "no trailers");
    osc_ignore(r, node, "Trailer", "no trailers");
    if (kind == 0) {
        a->kind = BT_STORY_CAR;
        a->model = osc_text(r, node, "vehicleCategory", "car");
        read_performance(r, node, a);
        read_axles(r, node);
    } else if (kind == 1) {
        a->kind = BT_STORY_PERSON;
        a->model = osc_text(r, node, "pedestrianCategory", "pedestrian");
        if (strcmp(a->model, "animal") == 0) a->kind = BT_STORY_ANIMAL;
    } else {
        a->kind = BT_STORY_THING;
        a->model = osc_text(r, node, "miscObjectCategory", "none");
    }
    read_box(r, node, a);
    return true;
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
        if (entry.node) read_object(r, entry.node, &a);
        osc_leave_entry(r, &entry);
    } else {
        xml_node *object = first_object(holder);
        if (object)
            read_object(r, object, &a);
        else
            osc_mark_node(r, holder, BT_OSC_REFUSED, "no Vehicle, Pedestrian or MiscObject in it");
    }
    osc_ignore(r, holder, "ObjectController", "who drives is asked for outside");
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, actors, a, NULL);
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
    xml_node *selection = xml_child(entities, "EntitySelection");
    for (; selection; selection = xml_next(selection))
        osc_mark_node(r, selection, BT_OSC_REFUSED, "groups of entities by selection");
}

uint32_t osc_entity(osc_reader *r, const xml_node *node, const char *attribute)
{
    const char *name = osc_text(r, node, attribute, NULL);
    if (r->status != BT_OK) return BT_STORY_NONE;
    uint32_t actor = bt_story_find_actor(r->story, name);
    if (actor == BT_STORY_NONE) osc_fail(r, node, "%s = '%s': no such entity", attribute, name);
    return actor;
}
