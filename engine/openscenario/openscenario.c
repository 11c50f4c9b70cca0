// openscenario.c: the file as a whole.
#include "engine/openscenario/internal.h"

#include "engine/core/file.h"

#include <math.h>
#include <string.h>

bool bt_openscenario_is_name(const char *path)
{
    size_t count = strlen(path);
    return count > 5 && strcmp(path + count - 5, ".xosc") == 0;
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
    osc_read_signals(r, network);
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
    xml_node *catalog = xml_child(r->root, "Catalog");
    read_header(r);
    if (r->status != BT_OK) return;
    osc_scope_open(r, r->root);
    if (catalog) {
        osc_read_catalog_entries(r, catalog);
        if (r->status == BT_OK) osc_count_all(r);
        return;
    }
    osc_read_declarations(r, r->root, true);
    if (r->status == BT_OK) osc_read_variables(r);
    if (r->status == BT_OK) osc_read_catalogs(r);
    if (r->status == BT_OK) read_network(r);
    if (r->status == BT_OK) osc_read_entities(r);
    if (r->status == BT_OK) osc_read_storyboard(r);
    if (r->status == BT_OK) osc_count_all(r);
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
        r->node = r->stand_in = BT_STORY_NONE;
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
