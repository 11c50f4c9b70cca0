// opendrive.c: reads an OpenDRIVE file: header, the order of its parts, what was not known.
#include "engine/road/reader.h"

#include "engine/core/file.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

// ---- header ---------------------------------------------------------------------------------------
static void read_header(reader *r, xml_node *root)
{
    xml_node *header = xml_child(root, "header");
    r->net->geo_reference = "";
    if (header == NULL) {
        READER_WARN(r, root, "no <header>");
        return;
    }
    int32_t major = read_integer_or(r, header, "revMajor", 1);
    r->net->version_minor = (uint32_t)read_integer_or(r, header, "revMinor", 4);
    if (major != 1 || r->net->version_minor < 4 || r->net->version_minor > 8)
        READER_WARN(r, header, "version %d.%u: read as 1.4 to 1.8", (int)major,
                    r->net->version_minor);
    xml_node *reference = xml_child(header, "geoReference");
    if (reference != NULL) {
        const char *copy = bt_arena_strdup(r->net->arena, reference->text);
        if (copy != NULL) r->net->geo_reference = copy;
    }
    xml_node *offset = xml_child(header, "offset");
    if (offset == NULL) return;
    r->net->offset_x_m = read_number_or(r, offset, "x", 0.0);
    r->net->offset_y_m = read_number_or(r, offset, "y", 0.0);
    r->net->offset_z_m = read_number_or(r, offset, "z", 0.0);
    r->net->offset_heading_rad = read_number_or(r, offset, "hdg", 0.0);
}

// ---- what nobody asked for --------------------------------------------------------------------------
typedef struct unknown_kind {
    const xml_node *first;
    uint32_t count;
} unknown_kind;

typedef struct unknown_list {
    ROAD_ARRAY(unknown_kind) kinds;
} unknown_list;

// Elements that hold other people's data: not ours to know.
static bool is_foreign(const xml_node *node)
{
    static const char *const names[] = {"userData", "include", "dataQuality", "vectorScene"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(node->name, names[i]) == 0) return true;
    return false;
}

// Known to the standard, without meaning for surface, lanes, or signals.
static bool is_harmless(const xml_node *node)
{
    static const struct {
        const char *parent, *name;
    } pairs[] = {{"road", "surface"},      {"road", "railroad"},
                 {"OpenDRIVE", "station"}, {"OpenDRIVE", "header"},
                 {"road", "objects"},      {"road", "signals"},
                 {"header", "license"},    {"header", "defaultRegulations"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strcmp(node->name, pairs[i].name) == 0 && node->parent != NULL &&
            strcmp(node->parent->name, pairs[i].parent) == 0)
            return true;
    return false;
}

static void count_unknown(reader *r, unknown_list *list, const xml_node *node)
{
    for (size_t i = 0; i < list->kinds.count; i++) {
        unknown_kind *kind = &list->kinds.items[i];
        if (strcmp(kind->first->name, node->name) != 0 ||
            strcmp(kind->first->parent->name, node->parent->name) != 0)
            continue;
        kind->count++;
        return;
    }
    if (list->kinds.count >= READER_MAX_WARNINGS) {
        r->warnings_lost++;
        return;
    }
    unknown_kind kind = {node, 1};
    reader_keep(r, ROAD_PUSH(list->kinds, kind));
}

// Walks the tree without recursion; an unknown element's children are not looked at.
static void report_unknown(reader *r, const xml_node *root)
{
    unknown_list list = {0};
    const xml_node *node = root;
    while (node != NULL && !reader_failed(r)) {
        bool enter = node->known;
        if (!node->known && !is_foreign(node) && !is_harmless(node)) count_unknown(r, &list, node);
        if (enter && node->first != NULL) {
            node = node->first;
            continue;
        }
        while (node != NULL && node->next == NULL)
            node = node->parent;
        if (node != NULL) node = node->next;
    }
    for (size_t i = 0; i < list.kinds.count; i++) {
        const unknown_kind *kind = &list.kinds.items[i];
        READER_WARN(r, kind->first, "unknown element <%.60s> in <%.60s>, %u in all: not read",
                    kind->first->name, kind->first->parent->name, kind->count);
    }
    bt_free(list.kinds.items);
}

static int warning_order(const void *left, const void *right)
{
    const reader_warning *a = left;
    const reader_warning *b = right;
    if (a->line != b->line) return a->line < b->line ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void store_warnings(reader *r)
{
    if (r->warnings_lost > 0) {
        uint32_t lost = r->warnings_lost;
        if (r->warnings.count > 0) r->warnings.count--; // make room for one line
        reader_warn(r, UINT32_MAX, 1, "%u warnings more", lost + 1);
    }
    if (r->warnings.count > 1)
        qsort(r->warnings.items, r->warnings.count, sizeof *r->warnings.items, warning_order);
    for (size_t i = 0; i < r->warnings.count; i++)
        reader_keep(r, ROAD_PUSH(r->net->warnings, r->warnings.items[i].text));
}

// ---- the whole ----------------------------------------------------------------------------------------
static void build_locator(reader *r)
{
    uint32_t bad_road;
    bt_status status = road_build_locator(r->net, &bad_road);
    if (status != BT_OK && bad_road != BT_ROAD_NONE) {
        const road_detail *detail = &r->net->road_details.items[bad_road];
        status = bt_fail(status, "%s:%u:%u: road '%.40s': %s", r->name, detail->line,
                         detail->column, r->net->roads.items[bad_road].id,
                         "surface not finite, or farther than 1e7 m from the origin");
    }
    reader_keep(r, status);
}

static void blend_surfaces(reader *r)
{
    bool coarse;
    reader_keep(r, road_blend_all(r->net, &coarse));
    if (coarse)
        reader_warn(r, 0, 0,
                    "so much road lies over each other in junctions that heights are made "
                    "one on a coarse grid only");
}

static void read_furniture(reader *r, xml_node *root)
{
    void (*const passes[])(reader *, xml_node *, uint32_t) = {read_objects, read_signals};
    for (int pass = 0; pass < 3; pass++) {
        uint32_t index = 0;
        for (xml_node *road = xml_child(root, "road"); road != NULL && !reader_failed(r);
             road = xml_next(road), index++) {
            if (pass < 2) {
                passes[pass](r, road, index);
            } else {
                read_signal_references(r, road, index);
            }
        }
        if (pass == 1) road_names_sort(r->signals_by_id.items, r->signals_by_id.count);
    }
}

static void read_document(reader *r, xml_node *root)
{
    root->known = true;
    if (strcmp(root->name, "OpenDRIVE") != 0) {
        reader_fail(r, root, "root element is <%.60s>: <OpenDRIVE> is expected", root->name);
        return;
    }
    read_header(r, root);
    read_roads(r, root);
    if (!reader_failed(r)) read_junctions(r, root);
    if (!reader_failed(r)) link_lanes(r);
    if (!reader_failed(r)) build_locator(r);
    if (!reader_failed(r)) blend_surfaces(r);
    if (!reader_failed(r)) drop_sidewalks(r);
    if (!reader_failed(r)) read_furniture(r, root);
    if (!reader_failed(r)) read_controllers(r, root);
    if (!reader_failed(r)) report_unknown(r, root);
    if (!reader_failed(r) && r->net->roads.count == 0) READER_WARN(r, root, "no road");
    if (!reader_failed(r)) store_warnings(r);
}

static bt_status parse_into(const char *name, const char *bytes, size_t count, bt_road_network *net)
{
    reader r = {.name = name, .net = net};
    bt_status status = bt_arena_create(&(bt_arena_desc){.name = "OpenDRIVE tree"}, &r.tree);
    if (status != BT_OK) return status;
    xml_node *root;
    status = xml_parse(name, bytes, count, r.tree, &root);
    if (status == BT_OK) {
        read_document(&r, root);
        status = r.status;
    }
    bt_free(r.warnings.items);
    bt_free(r.road_junctions.items);
    bt_free(r.junctions_by_id.items);
    bt_free(r.connection_sources.items);
    bt_free(r.signals_by_id.items);
    bt_free(r.chains.items);
    bt_free(r.raised.items);
    bt_free(r.drops.items);
    bt_arena_destroy(r.tree);
    return status;
}

bt_status bt_opendrive_parse(const char *name, const char *bytes, size_t count,
                             bt_road_network **net)
{
    *net = NULL;
    bt_road_network *made = bt_alloc(1, sizeof *made);
    if (made == NULL) return bt_fail(BT_ERR_MEMORY, "%s: no memory", name);
    bt_status status = bt_arena_create(&(bt_arena_desc){.name = "road network"}, &made->arena);

    // numbers are read with a decimal point, whatever the program's locale says
    locale_t numbers = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    locale_t before = (locale_t)0;
    if (numbers != (locale_t)0) before = uselocale(numbers);
    if (status == BT_OK) status = parse_into(name, bytes, count, made);
    if (numbers != (locale_t)0) {
        uselocale(before);
        freelocale(numbers);
    }
    if (status != BT_OK) {
        bt_road_network_destroy(made);
        return status;
    }
    *net = made;
    return BT_OK;
}

bt_status bt_opendrive_load(const char *path, bt_road_network **net)
{
    *net = NULL;
    char *bytes;
    size_t count;
    bt_status status = bt_file_read(path, ROAD_XML_MAX_BYTES, &bytes, &count);
    if (status != BT_OK) return status;
    status = bt_opendrive_parse(path, bytes, count, net);
    bt_free(bytes);
    return status;
}
