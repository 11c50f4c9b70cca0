// opendrive_join.c: see opendrive_join.h. Trees of XML are written one after another.
#include "engine/road/opendrive_join.h"

#include "engine/road/xml.h"

#include <string.h>

#define MOST_DEEP 28 // OpenDRIVE has no more than a dozen

static const char *const end_names[2] = {"predecessor", "successor"};

typedef struct joining {
    const bt_opendrive_joint *joints;
    uint32_t joint_count;
    bt_xodr_writer *w;
} joining;

static void fail(joining *j, const char *text)
{
    if (j->w->status == BT_OK) j->w->status = bt_fail(BT_ERR_INPUT, "%s", text);
}

static void write_attributes(joining *j, const xml_node *node)
{
    bt_xodr_begin(j->w, node->name);
    for (uint32_t i = 0; i < node->attribute_count; i++)
        bt_xodr_text(j->w, node->attributes[i].name, node->attributes[i].value);
}

static void write_node(joining *j, const xml_node *node)
{
    if (j->w->depth >= MOST_DEEP) {
        fail(j, "elements are nested too deeply");
        return;
    }
    write_attributes(j, node);
    if (strstr(node->text, "]]>") != NULL)
        fail(j, "text that holds ']]>' cannot be joined");
    else if (node->text[0] != '\0')
        bt_xodr_content(j->w, node->text);
    for (const xml_node *child = node->first; child != NULL; child = child->next)
        write_node(j, child);
    bt_xodr_end(j->w);
}

// ---- links ------------------------------------------------------------------------------------
// The road that this one meets at an end; NULL: nothing is joined there.
static const char *met_by(const joining *j, const char *road, bool at_end)
{
    for (uint32_t i = 0; i < j->joint_count; i++) {
        const bt_opendrive_joint *joint = &j->joints[i];
        if (at_end && strcmp(joint->before, road) == 0) return joint->after;
        if (!at_end && strcmp(joint->after, road) == 0) return joint->before;
    }
    return NULL;
}

static bool is(const xml_node *node, const char *name)
{
    return strcmp(node->name, name) == 0;
}

static void write_end(joining *j, int end, const char *met, bool road)
{
    bt_xodr_begin(j->w, end_names[end]);
    if (road) bt_xodr_text(j->w, "elementType", "road");
    bt_xodr_text(j->w, road ? "elementId" : "id", met);
    if (road) bt_xodr_text(j->w, "contactPoint", end == 0 ? "end" : "start");
    bt_xodr_end(j->w);
}

// The link of a road or lane and what it meets now; else what the part has.
static const xml_node *write_link(joining *j, const xml_node *of, const char *const met[2])
{
    const xml_node *link = of->first;
    while (link != NULL && !is(link, "link"))
        link = link->next;
    if (link == NULL && met[0] == NULL && met[1] == NULL) return NULL;
    bt_xodr_begin(j->w, "link");
    for (int k = 0; k < 2; k++)
        if (met[k] != NULL) write_end(j, k, met[k], is(of, "road"));
    for (const xml_node *child = link ? link->first : NULL; child != NULL; child = child->next) {
        bool replaced = (met[0] && is(child, end_names[0])) || (met[1] && is(child, end_names[1]));
        if (!replaced) write_node(j, child);
    }
    bt_xodr_end(j->w);
    return link;
}

// Parts of a world have the same lanes on both sides of a border.
static void write_lane(joining *j, const xml_node *lane, const bool meets[2])
{
    const char *id = xml_attribute_of(lane, "id");
    bool middle = id == NULL || strcmp(id, "0") == 0;
    const char *met[2] = {meets[0] && !middle ? id : NULL, meets[1] && !middle ? id : NULL};
    write_attributes(j, lane);
    const xml_node *link = write_link(j, lane, met);
    for (const xml_node *child = lane->first; child != NULL; child = child->next)
        if (child != link) write_node(j, child);
    bt_xodr_end(j->w);
}

static void write_section(joining *j, const xml_node *section, const bool meets[2])
{
    write_attributes(j, section);
    for (const xml_node *side = section->first; side != NULL; side = side->next) {
        write_attributes(j, side);
        for (const xml_node *lane = side->first; lane != NULL; lane = lane->next)
            write_lane(j, lane, meets);
        bt_xodr_end(j->w);
    }
    bt_xodr_end(j->w);
}

static void write_lanes(joining *j, const xml_node *lanes, const char *const met[2])
{
    const xml_node *first = NULL, *last = NULL;
    for (const xml_node *child = lanes->first; child != NULL; child = child->next) {
        if (!is(child, "laneSection")) continue;
        if (first == NULL) first = child;
        last = child;
    }
    write_attributes(j, lanes);
    for (const xml_node *child = lanes->first; child != NULL; child = child->next) {
        const bool meets[2] = {met[0] && child == first, met[1] && child == last};
        if (meets[0] || meets[1])
            write_section(j, child, meets);
        else
            write_node(j, child);
    }
    bt_xodr_end(j->w);
}

static void write_road(joining *j, const xml_node *road)
{
    const char *id = xml_attribute_of(road, "id");
    const char *met[2] = {met_by(j, id ? id : "", false), met_by(j, id ? id : "", true)};
    write_attributes(j, road);
    const xml_node *link = write_link(j, road, met);
    for (const xml_node *child = road->first; child != NULL; child = child->next) {
        if (is(child, "lanes"))
            write_lanes(j, child, met);
        else if (child != link)
            write_node(j, child);
    }
    bt_xodr_end(j->w);
}

// ---- parts ------------------------------------------------------------------------------------
static bt_status write_part(joining *j, const bt_opendrive_part *part, bool first, bt_arena *arena)
{
    xml_node *root;
    bt_status status = xml_parse(part->name, part->bytes, part->count, arena, &root);
    if (status != BT_OK) return status;
    if (strcmp(root->name, "OpenDRIVE") != 0)
        return bt_fail(BT_ERR_INPUT, "%s:%u:%u: root element is <%.60s>: <OpenDRIVE> is expected",
                       part->name, root->line, root->column, root->name);
    for (const xml_node *child = root->first; child != NULL; child = child->next) {
        if (is(child, "road"))
            write_road(j, child);
        else if (first || !is(child, "header"))
            write_node(j, child);
    }
    return j->w->status == BT_OK ? BT_OK : bt_fail_prefix(j->w->status, "%s", part->name);
}

bt_status bt_opendrive_join(const bt_opendrive_part *parts, uint32_t part_count,
                            const bt_opendrive_joint *joints, uint32_t joint_count,
                            bt_xodr_writer *w)
{
    joining j = {joints, joint_count, w};
    bt_status status = BT_OK;
    bt_xodr_begin(w, "OpenDRIVE");
    for (uint32_t i = 0; i < part_count && status == BT_OK; i++) {
        bt_arena *arena;
        status = bt_arena_create(&(bt_arena_desc){.name = "OpenDRIVE part"}, &arena);
        if (status != BT_OK) break;
        status = write_part(&j, &parts[i], i == 0, arena);
        bt_arena_destroy(arena);
    }
    if (status == BT_OK) bt_xodr_end(w);
    return status == BT_OK ? w->status : status;
}
