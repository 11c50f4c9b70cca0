// openscenario.c: the file as a whole, and which of its elements have an effect.
#include "engine/openscenario/internal.h"

#include "engine/core/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool bt_openscenario_is_name(const char *path)
{
    size_t count = strlen(path);
    return count > 5 && strcmp(path + count - 5, ".xosc") == 0;
}

// ---- verdicts ---------------------------------------------------------------------------------
void osc_mark_node(osc_reader *r, const xml_node *node, bt_osc_verdict verdict, const char *reason)
{
    if (verdict == BT_OSC_REFUSED && !r->desc->only_coverage) {
        osc_fail(r, node, "refused: %s", reason);
        return;
    }
    bt_status status = BT_ARRAY_RESERVE(r->marks, r->mark_capacity, r->mark_count + 1);
    if (status != BT_OK) {
        if (r->status == BT_OK) r->status = status;
        return;
    }
    r->marks[r->mark_count++] = (osc_mark){node, verdict, reason};
}

void osc_ignore(osc_reader *r, xml_node *parent, const char *name, const char *reason)
{
    for (xml_node *n = xml_child(parent, name); n; n = xml_next(n))
        osc_mark_node(r, n, BT_OSC_IGNORED, reason);
}

static int compare_marks(const void *a, const void *b)
{
    const osc_mark *x = a, *y = b;
    if (x->node != y->node) return (uintptr_t)x->node < (uintptr_t)y->node ? -1 : 1;
    return (int)y->verdict - (int)x->verdict; // the hardest first
}

static const osc_mark *find_mark(const osc_reader *r, const xml_node *node)
{
    size_t low = 0, high = r->mark_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((uintptr_t)r->marks[middle].node < (uintptr_t)node)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->mark_count && r->marks[low].node == node ? &r->marks[low] : NULL;
}

static bt_osc_element *element_of(osc_reader *r, const char *name)
{
    bt_openscenario *out = r->out;
    for (size_t i = 0; i < out->element_count; i++)
        if (strcmp(out->elements[i].name, name) == 0) return &out->elements[i];
    if (out->element_count == 512 || // an XML of nothing but new names
        BT_ARRAY_RESERVE(out->elements, out->element_capacity, out->element_count + 1) != BT_OK)
        return NULL;
    bt_osc_element *e = &out->elements[out->element_count++];
    *e = (bt_osc_element){.name = osc_copy(r, name), .reason = ""};
    return e;
}

static void count_node(osc_reader *r, const xml_node *node, bt_osc_verdict verdict,
                       const char *reason)
{
    bt_osc_element *e = element_of(r, node->name);
    if (!e) return;
    if (verdict != BT_OSC_SUPPORTED && e->counts[1] + e->counts[2] == 0) {
        e->line = node->line;
        e->reason = reason;
    }
    e->counts[verdict]++;
}

// What lies below an ignored element is ignored with it.
static void count_tree(osc_reader *r, const xml_node *node, const osc_mark *above)
{
    const osc_mark *mark = find_mark(r, node);
    if (!mark || (above && above->verdict != BT_OSC_SUPPORTED)) mark = above ? above : mark;
    if (mark && mark->verdict != BT_OSC_SUPPORTED)
        count_node(r, node, mark->verdict, mark->reason);
    else if (node->known)
        count_node(r, node, BT_OSC_SUPPORTED, "");
    else
        count_node(r, node, BT_OSC_IGNORED, "nobody reads it");
    for (const xml_node *c = node->first; c; c = c->next)
        count_tree(r, c, mark && mark->verdict != BT_OSC_SUPPORTED ? mark : NULL);
}

static int compare_elements(const void *a, const void *b)
{
    return strcmp(((const bt_osc_element *)a)->name, ((const bt_osc_element *)b)->name);
}

static void count_all(osc_reader *r)
{
    if (r->mark_count > 0) qsort(r->marks, r->mark_count, sizeof *r->marks, compare_marks);
    count_tree(r, r->root, NULL);
    for (uint32_t i = 0; i < r->catalog_count; i++)
        for (const xml_node *n = r->catalogs[i].root->first; n; n = n->next)
            if (n->known) count_tree(r, n, NULL);
    if (r->out->element_count > 0)
        qsort(r->out->elements, r->out->element_count, sizeof *r->out->elements, compare_elements);
}

// ---- whole ------------------------------------------------------------------------------------
static void read_header(osc_reader *r)
{
    xml_node *header = xml_child(r->root, "FileHeader");
    if (!header) {
        osc_fail(r, r->root, "no FileHeader");
        return;
    }
    osc_ignore(r, header, "License", "for people");
    osc_ignore(r, header, "Properties", "for other programs");
    r->out->major = osc_count(r, header, "revMajor", 1);
    r->out->minor = osc_count(r, header, "revMinor", 0);
    r->out->description = osc_text(r, header, "description", "");
    if (r->status == BT_OK && r->out->major != 1)
        osc_fail(r, header, "OpenSCENARIO XML %u.%u: 1.0 to 1.3 are read", r->out->major,
                 r->out->minor);
}

static void read_network(osc_reader *r)
{
    xml_node *network = xml_child(r->root, "RoadNetwork");
    xml_node *file = xml_child(network, "LogicFile");
    if (!file) {
        osc_fail(r, network ? network : r->root, "no LogicFile: which map is it on?");
        return;
    }
    osc_ignore(r, network, "SceneGraphFile", "what is seen is made from the map");
    osc_ignore(r, network, "TrafficSignals", "signals follow their own programme");
    const char *path = osc_text(r, file, "filepath", NULL);
    if (r->status != BT_OK) return;
    bt_status status = BT_OK;
    if (path[0] == '/' && strlen(path) < BT_OSC_PATH_MAX)
        memcpy(r->out->map, path, strlen(path) + 1);
    else
        status = bt_path_join(r->out->map, sizeof r->out->map, r->folder, path);
    if (status != BT_OK) r->status = status;
}

static void read_root(osc_reader *r)
{
    if (strcmp(r->root->name, "OpenSCENARIO") != 0) {
        osc_fail(r, r->root, "expected the element OpenSCENARIO");
        return;
    }
    r->root->known = true;
    read_header(r);
    if (r->status != BT_OK) return;
    osc_scope_open(r, r->root);
    osc_read_declarations(r, r->root, true);
    if (r->status == BT_OK) osc_read_variables(r);
    if (r->status == BT_OK) osc_read_catalogs(r);
    if (r->status == BT_OK) read_network(r);
    if (r->status == BT_OK) osc_read_entities(r);
    if (r->status == BT_OK) osc_read_storyboard(r);
    if (r->status == BT_OK) count_all(r);
}

static bt_status read_all(osc_reader *r, const char *bytes, size_t count)
{
    bt_status status = bt_path_dir(r->folder, sizeof r->folder, r->desc->path);
    if (status != BT_OK) return status;
    if (count > BT_OSC_MAX_BYTES)
        return bt_fail(BT_ERR_LIMIT, "%s: more than 16 MiB", r->desc->path);
    r->status = xml_parse(r->desc->path, bytes, count, r->story->arena, &r->root);
    if (r->status == BT_OK) read_root(r);
    while (r->scope_count > 0)
        osc_scope_close(r);
    bt_free(r->marks);
    bt_free(r->waiting);
    return r->status;
}

bt_status bt_openscenario_parse(const bt_osc_desc *desc, const char *bytes, size_t count,
                                bt_openscenario **scenario)
{
    *scenario = NULL;
    bt_openscenario *out = bt_alloc(1, sizeof *out);
    osc_reader *r = bt_alloc(1, sizeof *r);
    bt_status status = out && r ? bt_story_create(&out->story)
                                : bt_fail(BT_ERR_MEMORY, "no memory for '%s'", desc->path);
    if (status == BT_OK) {
        double none = (double)NAN;
        out->weather = (bt_osc_weather){none, none, none, none, none, none, none, none};
        out->description = "";
        *r = (osc_reader){.desc = desc, .out = out, .story = out->story, .file = desc->path};
        r->node = BT_STORY_NONE;
        status = read_all(r, bytes, count);
    }
    bt_free(r);
    if (status == BT_OK)
        *scenario = out;
    else
        bt_openscenario_destroy(out);
    return status;
}

bt_status bt_openscenario_load(const bt_osc_desc *desc, bt_openscenario **scenario)
{
    char *bytes;
    size_t count;
    *scenario = NULL;
    bt_status status = bt_file_read(desc->path, BT_OSC_MAX_BYTES, &bytes, &count);
    if (status != BT_OK) return bt_fail_prefix(BT_ERR_INPUT, "scenario");
    status = bt_openscenario_parse(desc, bytes, count, scenario);
    bt_free(bytes);
    return status;
}

void bt_openscenario_destroy(bt_openscenario *s)
{
    if (!s) return;
    bt_story_destroy(s->story);
    bt_free(s->parameters);
    bt_free(s->elements);
    bt_free(s);
}
