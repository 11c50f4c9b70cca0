// coverage.c: which elements and attributes have an effect, which have none, and why.
#include "engine/openscenario/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    if (out->element_count == OSC_ELEMENTS_MAX || // an XML of nothing but new names
        BT_ARRAY_RESERVE(out->elements, out->element_capacity, out->element_count + 1) != BT_OK)
        return NULL;
    bt_osc_element *e = &out->elements[out->element_count++];
    *e = (bt_osc_element){.name = osc_copy(r, name), .reason = ""};
    return e;
}

static void count_as(osc_reader *r, const char *name, uint32_t line, bt_osc_verdict verdict,
                     const char *reason)
{
    bt_osc_element *e = element_of(r, name);
    if (!e) return;
    if (verdict != BT_OSC_SUPPORTED && e->counts[1] + e->counts[2] == 0) {
        e->line = line;
        e->reason = reason;
    }
    e->counts[verdict]++;
}

// ---- attributes -------------------------------------------------------------------------------
static const char *why_unread(const char *attribute)
{
    static const struct {
        const char *names, *reason;
    } groups[] = {
        {" date author description ", "for people"},
        {" name parameterType ", "nobody refers to it"},
        {" mass ", "bodies weigh what their sheet says"},
        {" model3d model role ", "all bodies are ours"},
        {" wheelDiameter trackWidth positionZ maxSteering ",
         "wheels are those of the body that stands for it"},
        {" animation ", "the sky stands still"},
        {" intensity illuminance atmosphericPressure temperature ",
         "follows from the sun's place and the weather"},
        {" routeStrategy ", "the shortest way is taken"},
        {" transitionTime fadeIn fadeOut ", "lamps switch at once"},
    };
    char word[80];
    if (strncmp(attribute, "xmlns", 5) == 0 || strncmp(attribute, "xsi:", 4) == 0)
        return "for XML tools";
    snprintf(word, sizeof word, " %.70s ", attribute);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (strstr(groups[i].names, word)) return groups[i].reason;
    return "nobody reads it";
}

// Those that nobody asked for, of an element that has an effect.
static void count_attributes(osc_reader *r, const xml_node *node)
{
    char name[160];
    for (uint32_t i = 0; i < node->attribute_count; i++) {
        const xml_attribute *a = &node->attributes[i];
        if (a->known) continue;
        snprintf(name, sizeof name, "%.70s@%.70s", node->name, a->name);
        count_as(r, name, node->line, BT_OSC_IGNORED, why_unread(a->name));
    }
}

// ---- elements ---------------------------------------------------------------------------------
// What lies below an ignored element is ignored with it.
static void count_tree(osc_reader *r, const xml_node *node, const osc_mark *above)
{
    const osc_mark *mark = find_mark(r, node);
    if (!mark || (above && above->verdict != BT_OSC_SUPPORTED)) mark = above ? above : mark;
    bool refused = mark && mark->verdict != BT_OSC_SUPPORTED;
    if (refused) {
        count_as(r, node->name, node->line, mark->verdict, mark->reason);
    } else if (node->known) {
        count_as(r, node->name, node->line, BT_OSC_SUPPORTED, "");
        count_attributes(r, node);
    } else {
        count_as(r, node->name, node->line, BT_OSC_IGNORED, "nobody reads it");
    }
    for (const xml_node *c = node->first; c; c = c->next)
        count_tree(r, c, refused ? mark : NULL);
}

static int compare_elements(const void *a, const void *b)
{
    return strcmp(((const bt_osc_element *)a)->name, ((const bt_osc_element *)b)->name);
}

void osc_count_all(osc_reader *r)
{
    if (r->mark_count > 0) qsort(r->marks, r->mark_count, sizeof *r->marks, compare_marks);
    count_tree(r, r->root, NULL);
    for (uint32_t i = 0; i < r->catalog_count; i++)
        for (const xml_node *n = r->catalogs[i].root->first; n; n = n->next)
            if (n->known) count_tree(r, n, NULL);
    if (r->out->element_count > 0)
        qsort(r->out->elements, r->out->element_count, sizeof *r->out->elements, compare_elements);
}
