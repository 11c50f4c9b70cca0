// catalog.c: entries of catalogs, found in the folders that the file names.
#include "engine/openscenario/internal.h"

#include "engine/core/file.h"

#include <stdio.h>
#include <string.h>

static const char *const kinds[] = {"VehicleCatalog",    "ControllerCatalog",  "PedestrianCatalog",
                                    "MiscObjectCatalog", "EnvironmentCatalog", "ManeuverCatalog",
                                    "TrajectoryCatalog", "RouteCatalog"};

// A file of the folder that is not a catalog is none of our business.
static void add_file(osc_reader *r, const char *folder, const char *name)
{
    char path[BT_OSC_PATH_MAX];
    char *bytes = NULL;
    size_t count;
    size_t letters = strlen(name);
    if (letters < 5 || strcmp(name + letters - 5, ".xosc") != 0) return;
    if (bt_path_join(path, sizeof path, folder, name) != BT_OK) return;
    for (uint32_t i = 0; i < r->catalog_count; i++)
        if (strcmp(r->catalogs[i].path, path) == 0) return;
    if (r->catalog_count == OSC_CATALOGS_MAX) {
        osc_fail(r, r->root, "more than %u catalogs", OSC_CATALOGS_MAX);
        return;
    }
    if (bt_file_read(path, BT_OSC_MAX_BYTES, &bytes, &count) != BT_OK) return;
    xml_node *root = NULL;
    bt_status status = xml_parse(path, bytes, count, r->story->arena, &root);
    bt_free(bytes);
    if (status != BT_OK) { // asked for an entry of it, the message will be missed: so say it now
        if (r->status == BT_OK) r->status = status;
        return;
    }
    xml_node *catalog = xml_child(root, "Catalog");
    const char *title = catalog ? xml_attribute_of(catalog, "name") : NULL;
    if (!title) return;
    r->catalogs[r->catalog_count++] = (osc_catalog){title, osc_copy(r, path), catalog};
}

static void add_folder(osc_reader *r, const xml_node *node, const char *name)
{
    char folder[BT_OSC_PATH_MAX];
    char **names = NULL;
    size_t count = 0;
    bt_status status =
        name[0] == '/' ? BT_OK : bt_path_join(folder, sizeof folder, r->folder, name);
    if (name[0] == '/') snprintf(folder, sizeof folder, "%s", name);
    if (status == BT_OK) status = bt_folder_list(folder, &names, &count);
    if (status != BT_OK) { // nobody may ask for what is in it
        osc_mark_node(r, node, BT_OSC_IGNORED, "no such folder");
        return;
    }
    for (size_t i = 0; i < count && r->status == BT_OK; i++)
        add_file(r, folder, names[i]);
    bt_folder_list_free(names, count);
}

void osc_read_catalogs(osc_reader *r)
{
    xml_node *locations = xml_child(r->root, "CatalogLocations");
    for (size_t i = 0; locations && i < sizeof kinds / sizeof *kinds; i++) {
        xml_node *directory = xml_child(xml_child(locations, kinds[i]), "Directory");
        if (directory) add_folder(r, directory, osc_text(r, directory, "path", NULL));
    }
}

static xml_node *find_entry(osc_reader *r, const char *catalog, const char *entry,
                            const char **file)
{
    for (uint32_t i = 0; i < r->catalog_count; i++) {
        if (strcmp(r->catalogs[i].name, catalog) != 0) continue;
        for (xml_node *n = r->catalogs[i].root->first; n; n = n->next) {
            const char *name = xml_attribute_of(n, "name");
            if (!name || strcmp(name, entry) != 0) continue;
            *file = r->catalogs[i].path;
            n->known = true;
            return n;
        }
    }
    return NULL;
}

// ---- a catalog by itself ----------------------------------------------------------------------
static void read_entry(osc_reader *r, xml_node *n)
{
    bt_story_actor actor;
    bt_story_controller controller;
    if (strcmp(n->name, "Vehicle") == 0 || strcmp(n->name, "Pedestrian") == 0 ||
        strcmp(n->name, "MiscObject") == 0)
        osc_read_object(r, n, &actor);
    else if (strcmp(n->name, "Controller") == 0)
        (void)osc_read_controller(r, n, &controller);
    else if (strcmp(n->name, "Environment") == 0)
        osc_read_environment_entry(r, n);
    else if (strcmp(n->name, "Maneuver") == 0)
        osc_read_maneuver(r, n);
    else if (strcmp(n->name, "Trajectory") == 0)
        (void)osc_read_trajectory_entry(r, n);
    else if (strcmp(n->name, "Route") == 0)
        (void)osc_read_route_entry(r, n);
    else
        osc_mark_node(r, n, BT_OSC_IGNORED, "no kind of entry that is known here");
}

// Whom its entries speak of only its users know: item 0 stands for all of them.
static void stand_in(osc_reader *r)
{
    bt_story_actor actor = {.name = "", .model = ""};
    bt_story_variable variable = {"", "0"};
    bt_story_node story = {.name = "", .kind = BT_NODE_STORY};
    r->status = BT_STORY_ADD(r->story, actors, actor, &r->stand_in);
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, variables, variable, NULL);
    if (r->status == BT_OK)
        r->status = bt_story_add_node(r->story, BT_STORY_NONE, &story, &r->node);
    r->actors[0] = 0;
    r->actor_count = 1;
}

// An entry with a mistake, which only those miss who ask for it.
static void pass_over(osc_reader *r, const xml_node *entry)
{
    const char *why = bt_error_message();
    size_t file = strlen(r->file);
    if (strncmp(why, r->file, file) == 0) why += file + 1; // which is said already
    r->status = BT_OK;
    osc_mark_node(r, entry, BT_OSC_REFUSED, osc_copy(r, why));
}

void osc_read_catalog_entries(osc_reader *r, xml_node *catalog)
{
    if (!r->desc->only_coverage) {
        osc_fail(r, catalog, "a catalog holds what scenarios refer to: nothing happens in it");
        return;
    }
    stand_in(r);
    (void)xml_attribute_of(catalog, "name");
    uint32_t scopes = r->scope_count, node = r->node;
    for (xml_node *n = catalog->first; n && r->status == BT_OK; n = n->next) {
        n->known = true;
        (void)xml_attribute_of(n, "name"); // by which it is found
        osc_scope_open(r, n);
        osc_read_declarations(r, n, false);
        if (r->status == BT_OK) read_entry(r, n);
        while (r->scope_count > scopes)
            osc_scope_close(r);
        r->node = node;
        r->nesting = 0;
        if (r->status == BT_ERR_INPUT) pass_over(r, n);
    }
}

// ---- entries ----------------------------------------------------------------------------------
osc_entry osc_enter_entry(osc_reader *r, xml_node *reference)
{
    osc_entry entry = {.file = r->file};
    const char *catalog = osc_text(r, reference, "catalogName", NULL);
    const char *name = osc_text(r, reference, "entryName", NULL), *file = NULL;
    if (r->status != BT_OK) return entry;
    xml_node *node = find_entry(r, catalog, name, &file);
    if (!node) {
        osc_fail(r, reference, "no catalog '%s' with an entry '%s' in the folders the file names",
                 catalog, name);
        return entry;
    }
    if (++r->nesting > OSC_NESTING_MAX) {
        osc_fail(r, reference, "catalog entries refer to each other more than %d deep",
                 OSC_NESTING_MAX);
        return entry;
    }
    // assignments are of the scope outside
    osc_scope given = {0};
    xml_node *list = xml_child(reference, "ParameterAssignments");
    for (xml_node *a = xml_child(list, "ParameterAssignment"); a; a = xml_next(a))
        osc_scope_set(r, &given, osc_text(r, a, "parameterRef", NULL),
                      osc_text(r, a, "value", NULL));
    osc_scope_open(r, reference);
    if (r->status != BT_OK) {
        bt_free(given.pairs);
        return entry;
    }
    r->scopes[r->scope_count - 1] = given;
    entry.node = node;
    r->file = file;
    osc_read_declarations(r, node, false);
    return entry;
}

void osc_leave_entry(osc_reader *r, osc_entry *entry)
{
    if (!entry->node) return;
    osc_scope_close(r);
    r->nesting--;
    r->file = entry->file;
}
