// internal.h: what the readers of OpenSCENARIO share.
#ifndef BT_OPENSCENARIO_INTERNAL_H
#define BT_OPENSCENARIO_INTERNAL_H

#include "engine/openscenario/openscenario.h"
#include "engine/road/xml.h"

#define OSC_SCOPES_MAX 32u
#define OSC_CATALOGS_MAX 64u
#define OSC_NESTING_MAX 16  // catalog entries that refer to others
#define OSC_ACTORS_MAX 256u // of a group
#define OSC_SELECTIONS_MAX 64u
#define OSC_ELEMENTS_MAX 1024u // names of elements and attributes that coverage tells apart

typedef struct osc_pair {
    const char *name, *value;
} osc_pair;

// Names of one level: of the file, of a catalog entry, of a story.
typedef struct osc_scope {
    osc_pair *pairs;
    size_t count, capacity;
} osc_scope;

typedef struct osc_catalog {
    const char *name, *path;
    xml_node *root; // its Catalog element
} osc_catalog;

// A verdict on one element, its children with it.
typedef struct osc_mark {
    const xml_node *node;
    bt_osc_verdict verdict;
    const char *reason;
} osc_mark;

typedef struct osc_reader {
    const bt_osc_desc *desc;
    bt_openscenario *out;
    bt_story *story;
    const char *file; // being read, for messages
    char folder[BT_OSC_PATH_MAX];
    xml_node *root;
    osc_scope scopes[OSC_SCOPES_MAX];
    uint32_t scope_count;
    osc_catalog catalogs[OSC_CATALOGS_MAX];
    uint32_t catalog_count;
    osc_mark *marks;
    size_t mark_count, mark_capacity;
    uint32_t actors[OSC_ACTORS_MAX]; // of the group that is read
    uint32_t actor_count;
    struct { // entities by one name
        const char *name;
        uint32_t *actors; // in the story's arena
        uint32_t count;
    } selections[OSC_SELECTIONS_MAX];
    uint32_t selection_count;
    struct { // trailers that may come later
        uint32_t actor;
        const char *trailer, *file;
        uint32_t line;
    } couplings[OSC_ACTORS_MAX];
    uint32_t coupling_count;
    uint32_t
        stand_in; // catalogs: item 0 stands for all that entries refer to; BT_STORY_NONE: a scenario
    uint32_t node; // of the story that is read
    int nesting;
    bt_status status; // of the first failure
    // conditions that name nodes which may come later
    struct {
        uint32_t condition, from;
        bt_node_kind kind;
        const char *name, *file;
        uint32_t line;
    } * waiting;
    size_t waiting_count, waiting_capacity;
} osc_reader;

// ---- failures and verdicts --------------------------------------------------------------------
void osc_fail(osc_reader *r, const xml_node *node, const char *format, ...) BT_PRINTF(3, 4);
void osc_mark_node(osc_reader *r, const xml_node *node, bt_osc_verdict verdict, const char *reason);
void osc_ignore(osc_reader *r, xml_node *parent, const char *name, const char *reason);
// Fills the list of elements, when all is read.
void osc_count_all(osc_reader *r);

// ---- texts, numbers (parameters.c) ------------------------------------------------------------
// Attributes with parameters and expressions resolved. Absent ones give the fallback.
const char *osc_text(osc_reader *r, const xml_node *node, const char *name, const char *fallback);
double osc_number(osc_reader *r, const xml_node *node, const char *name, double fallback);
double osc_number_in(osc_reader *r, const xml_node *node, const char *name, double fallback,
                     double low, double high);
bool osc_bool(osc_reader *r, const xml_node *node, const char *name, bool fallback);
uint32_t osc_count(osc_reader *r, const xml_node *node, const char *name, uint32_t fallback);
// One of words (NULL ends them); `fallback` -1: must be there.
int osc_choice(osc_reader *r, const xml_node *node, const char *name, const char *const *words,
               int fallback);
bool osc_has(const xml_node *node, const char *name);
const char *osc_copy(osc_reader *r, const char *text);
void osc_scope_open(osc_reader *r, const xml_node *node);
void osc_scope_close(osc_reader *r);
void osc_scope_set(osc_reader *r, osc_scope *scope, const char *name, const char *value);
// Reads declarations into the innermost scope; those set there already win. `global`: may be set from outside.
void osc_read_declarations(osc_reader *r, xml_node *owner, bool global);
void osc_read_variables(osc_reader *r);

// ---- catalogs (catalog.c) ---------------------------------------------------------------------
void osc_read_catalogs(osc_reader *r);
// The entry a CatalogReference names; opens a scope with its parameters, which the caller closes by
// osc_leave_entry. NULL after a failure.
typedef struct osc_entry {
    xml_node *node;
    const char *file; // that was read before
} osc_entry;
// Reads every entry of a catalog, for what of it would have an effect.
void osc_read_catalog_entries(osc_reader *r, xml_node *catalog);
osc_entry osc_enter_entry(osc_reader *r, xml_node *reference);
void osc_leave_entry(osc_reader *r, osc_entry *entry);

// ---- parts ------------------------------------------------------------------------------------
void osc_read_entities(osc_reader *r);
// Vehicle, Pedestrian or MiscObject.
void osc_read_object(osc_reader *r, xml_node *node, bt_story_actor *actor);
uint32_t osc_entity(osc_reader *r, const xml_node *node, const char *attribute);
// The entity of this name, or those of the selection; gives how many, writes at most max.
uint32_t osc_entities(osc_reader *r, const xml_node *node, const char *attribute, uint32_t *actors,
                      uint32_t max);
uint32_t osc_variable(osc_reader *r, const xml_node *node, const char *attribute);
// Bit 1 << bt_story_actor_kind of those that a type of object means.
uint32_t osc_kinds(osc_reader *r, const xml_node *node, const char *attribute);
uint32_t osc_read_position(osc_reader *r, xml_node *position); // the element that holds one
uint32_t osc_read_route(osc_reader *r, xml_node *holder);      // Route or CatalogReference inside
uint32_t osc_read_trajectory(osc_reader *r, xml_node *holder);
uint32_t osc_read_route_entry(osc_reader *r, xml_node *route);
uint32_t osc_read_trajectory_entry(osc_reader *r, xml_node *trajectory);
uint32_t osc_read_trigger(osc_reader *r, xml_node *trigger); // may be NULL
// Actions of one PrivateAction or GlobalAction, for an actor (BT_STORY_NONE: none).
uint32_t osc_read_action(osc_reader *r, xml_node *action, uint32_t actor);
bool osc_read_environment(osc_reader *r, xml_node *holder);
void osc_add_init(osc_reader *r, const bt_action *action); // what the file does not write as one
void osc_read_environment_entry(osc_reader *r, xml_node *environment);
void osc_read_storyboard(osc_reader *r);
void osc_read_maneuver(osc_reader *r, xml_node *maneuver);

// ---- who drives (controllers.c) ---------------------------------------------------------------
// False: it does not drive here, and its mark says why.
bool osc_read_controller(osc_reader *r, xml_node *controller, bt_story_controller *item);
void osc_read_object_controllers(osc_reader *r, xml_node *holder, uint32_t actor);
void osc_read_controller_action(osc_reader *r, xml_node *node, bt_action *action);

// ---- other traffic (traffic.c) ----------------------------------------------------------------
// Of the beginning; false: no swarm in it.
bool osc_read_swarm(osc_reader *r, xml_node *action);
void osc_ignore_traffic(osc_reader *r, xml_node *action);

// ---- traffic lights (signals.c) ---------------------------------------------------------------
void osc_read_signals(osc_reader *r, xml_node *network);
int osc_read_phase(osc_reader *r, const xml_node *node, const char *attribute); // bt_signal_phase
void osc_read_programme_phase(osc_reader *r, const xml_node *node, uint32_t *programme,
                              uint32_t *phase);
void osc_read_infrastructure(osc_reader *r, xml_node *node, bt_action *action);

#endif
