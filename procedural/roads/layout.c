// layout.c: streets and furniture of a network, and its file.
#include "procedural/roads/layout.h"

#include "engine/core/memory.h"

#include <math.h>
#include <string.h>

void bt_layout_init(bt_layout *l, int first_id, const bt_land *land)
{
    *l = (bt_layout){
        .first_id = first_id, .last_id = first_id, .last_furniture_id = first_id, .land = *land};
}

void bt_layout_clear(bt_layout *l)
{
    for (size_t i = 0; i < l->road_count; i++)
        bt_free(l->roads[i].street);
    bt_free(l->roads);
    bt_free(l->signals);
    bt_free(l->items);
    bt_free(l->connections);
    bt_free(l->junctions);
    bt_free(l->controls);
    bt_free(l->shapes);
    *l = (bt_layout){0};
}

// ---- roads ------------------------------------------------------------------------------------
// Are spirals long enough to turn the superelevation in?
static bool spirals_suffice(const bt_corner *corners, uint32_t count, const bt_road_design *design)
{
    for (uint32_t i = 1; i + 1 < count; i++) {
        double lean = bt_road_design_superelevation(design, corners[i].radius_m);
        if (corners[i].spiral_m * design->runoff_slope_max < lean * design->turned_m) return false;
    }
    return true;
}

static bt_road_design slower_by(const bt_road_design *design, double km_h)
{
    bt_road_design slower = bt_road_design_for(design->speed_km_h - km_h, design->e_max);
    slower.turned_m = design->turned_m;
    return slower;
}

// A tight place slows the whole road down; its curves and spirals then fit the lower speed.
static bt_status align_corners(bt_layout_road *road, const bt_layout_road_desc *desc,
                               const bt_road_design *design)
{
    double least = bt_alignment_fit(desc->corners, desc->corner_count, design, desc->wish);
    road->design = bt_road_design_within(design, least);
    bool refit = road->design.speed_km_h < design->speed_km_h;
    for (;;) {
        double wish = fmax(desc->wish * design->radius_min_m / road->design.radius_min_m, 1.0);
        if (refit) (void)bt_alignment_fit(desc->corners, desc->corner_count, &road->design, wish);
        if (road->design.speed_km_h < 30.0 ||
            spirals_suffice(desc->corners, desc->corner_count, &road->design))
            break;
        road->design = slower_by(&road->design, 10.0);
        refit = true;
    }
    return bt_alignment_build(desc->corners, desc->corner_count, &road->street->alignment);
}

static bt_status take_alignment(bt_layout_road *road, const bt_alignment *alignment,
                                const bt_road_design *design)
{
    double tightest = 0.0;
    for (uint32_t i = 0; i < alignment->count; i++)
        tightest = fmax(tightest, fabs(alignment->pieces[i].curvature0_1_m));
    road->design = bt_road_design_within(design, tightest > 0.0 ? 1.0 / tightest : 1e9);
    road->street->alignment = *alignment;
    return BT_OK;
}

static bt_status shape_road(bt_layout *l, bt_layout_road *road, const bt_layout_road_desc *desc)
{
    bt_road_design design = bt_road_design_for(desc->speed_km_h, desc->e_max);
    bt_street *street = road->street;
    bt_status status = desc->alignment != NULL ? take_alignment(road, desc->alignment, &design)
                                               : align_corners(road, desc, &design);
    if (status != BT_OK) return status;
    street->speed_km_h = (int)road->design.speed_km_h;
    bt_street_lay_superelevation(street, &road->design);
    return bt_street_lay_grade(street, &l->land, &road->design, desc->z0_m, desc->z1_m);
}

static uint32_t new_road(bt_layout *l, const char *name, const char *type)
{
    if (l->status == BT_OK) l->status = BT_ARRAY_RESERVE(l->roads, l->road_room, l->road_count + 1);
    bt_street *street = l->status == BT_OK ? bt_alloc(1, sizeof *street) : NULL;
    if (street == NULL) {
        if (l->status == BT_OK) l->status = bt_fail(BT_ERR_MEMORY, "no memory for a road");
        return 0;
    }
    street->id = ++l->last_id;
    street->name = name;
    street->type = type;
    street->junction = -1;
    l->roads[l->road_count] = (bt_layout_road){.street = street};
    return (uint32_t)l->road_count++;
}

uint32_t bt_layout_add_road(bt_layout *l, const bt_layout_road_desc *desc)
{
    uint32_t index = new_road(l, desc->name, desc->type);
    if (l->status != BT_OK) return 0;
    bt_layout_road *road = &l->roads[index];
    road->start = desc->start;
    road->end = desc->end;
    l->status = shape_road(l, road, desc);
    l->length_m += road->street->alignment.length_m;
    return index;
}

uint32_t bt_layout_add_ring(bt_layout *l, const char *name, bt_plan_pose from, double radius_m,
                            double length_m, double z_m, double speed_km_h,
                            const bt_cross_section *cross)
{
    uint32_t index = new_road(l, name, "town");
    if (l->status != BT_OK) return 0;
    bt_layout_road *road = &l->roads[index];
    road->ring = true;
    road->start = road->end = *cross;
    bt_road_design wish = bt_road_design_for(speed_km_h, 0.0);
    road->design = bt_road_design_within(&wish, radius_m);
    road->street->speed_km_h = (int)speed_km_h; // posted; the bend slows who drives there
    l->status = bt_alignment_arc(from, 1.0 / radius_m, length_m, &road->street->alignment);
    bt_street_set_elevation(road->street, (bt_street_node[]){{0.0, z_m, 0.0}}, 1);
    l->length_m += length_m;
    bt_stretch stretch = {.s1_m = length_m, .from = *cross, .to = *cross};
    bt_layout_set_stretches(l, index, &stretch, 1);
    return index;
}

void bt_layout_set_stretches(bt_layout *l, uint32_t road, const bt_stretch *stretches, int count)
{
    if (l->status != BT_OK) return;
    l->roads[road].first = stretches[0];
    l->roads[road].last = stretches[count - 1];
    l->status = bt_street_set_sections(l->roads[road].street, stretches, count);
}

void bt_layout_add_signal(bt_layout *l, uint32_t road, const bt_furniture_signal *signal)
{
    if (l->status == BT_OK)
        l->status = BT_ARRAY_RESERVE(l->signals, l->signal_room, l->signal_count + 1);
    if (l->status != BT_OK) return;
    l->signals[l->signal_count++] = (bt_layout_signal){road, ++l->last_furniture_id, *signal};
}

void bt_layout_add_item(bt_layout *l, const bt_layout_item *item)
{
    if (l->status == BT_OK) l->status = BT_ARRAY_RESERVE(l->items, l->item_room, l->item_count + 1);
    if (l->status != BT_OK) return;
    l->items[l->item_count] = *item;
    l->items[l->item_count++].id = ++l->last_furniture_id;
}

void bt_layout_add_shape(bt_layout *l, uint32_t road, bt_layout_item_kind kind,
                         const bt_furniture_shape *shape)
{
    if (l->status == BT_OK)
        l->status = BT_ARRAY_RESERVE(l->shapes, l->shape_room, l->shape_count + 1);
    if (l->status != BT_OK) return;
    l->shapes[l->shape_count] = *shape;
    bt_layout_item item = {.road = road, .kind = kind, .shape = l->shape_count++};
    bt_layout_add_item(l, &item);
}

// ---- the file ---------------------------------------------------------------------------------
static void write_header(bt_xodr_writer *w, const char *name)
{
    bt_xodr_begin(w, "header");
    bt_xodr_integer(w, "revMajor", 1);
    bt_xodr_integer(w, "revMinor", 7);
    bt_xodr_text(w, "name", name);
    bt_xodr_text(w, "version", "1");
    bt_xodr_text(w, "vendor", "Blacktop");
    bt_xodr_begin(w, "geoReference");
    bt_xodr_content(w, "+proj=tmerc +lat_0=48.5 +lon_0=9.0 +k=1 +x_0=0 +y_0=0 +datum=WGS84 "
                       "+units=m +no_defs");
    bt_xodr_end(w);
    bt_xodr_end(w);
}

static void write_item(const bt_layout *l, bt_xodr_writer *w, const bt_layout_item *item)
{
    const bt_furniture_object *o = &item->object;
    if (item->kind == BT_ITEM_CROSSING)
        bt_furniture_write_crossing(w, item->id, o->s_m, o->t_m, o->t_end_m);
    else if (item->kind == BT_ITEM_ARROW)
        bt_furniture_write_arrow(w, item->id, o->s_m, o->t_m, item->forward, item->ways);
    else if (item->kind == BT_ITEM_ISLAND)
        bt_furniture_write_island(w, item->id, &l->shapes[item->shape]);
    else if (item->kind == BT_ITEM_HATCH)
        bt_furniture_write_hatch(w, item->id, &l->shapes[item->shape]);
    else
        bt_furniture_write_object(w, item->id, o);
}

// Furniture lies sorted by nothing: one walk per road would be quadratic, so lists are threaded first.
typedef struct threads {
    uint32_t *first_item, *next_item, *first_signal, *next_signal;
} threads;

static uint32_t *thread_array(size_t count)
{
    uint32_t *array = bt_alloc(count + 1, sizeof *array);
    for (size_t i = 0; array != NULL && i <= count; i++)
        array[i] = UINT32_MAX;
    return array;
}

static bt_status thread_furniture(const bt_layout *l, threads *t)
{
    *t = (threads){thread_array(l->road_count), thread_array(l->item_count),
                   thread_array(l->road_count), thread_array(l->signal_count)};
    if (!t->first_item || !t->next_item || !t->first_signal || !t->next_signal)
        return bt_fail(BT_ERR_MEMORY, "no memory to write a network");
    for (size_t i = l->item_count; i-- > 0;) {
        t->next_item[i] = t->first_item[l->items[i].road];
        t->first_item[l->items[i].road] = (uint32_t)i;
    }
    for (size_t i = l->signal_count; i-- > 0;) {
        t->next_signal[i] = t->first_signal[l->signals[i].road];
        t->first_signal[l->signals[i].road] = (uint32_t)i;
    }
    return BT_OK;
}

static void write_road(const bt_layout *l, const threads *t, bt_xodr_writer *w, uint32_t road)
{
    bt_street_begin(w, l->roads[road].street);
    bt_xodr_begin(w, "objects");
    for (uint32_t i = t->first_item[road]; i != UINT32_MAX; i = t->next_item[i])
        write_item(l, w, &l->items[i]);
    bt_xodr_end(w);
    bt_xodr_begin(w, "signals");
    for (uint32_t i = t->first_signal[road]; i != UINT32_MAX; i = t->next_signal[i])
        bt_furniture_write_signal(w, l->signals[i].id, &l->signals[i].signal);
    bt_xodr_end(w);
    bt_xodr_end(w);
}

static void write_controllers(const bt_layout *l, bt_xodr_writer *w, const bt_layout_junction *j)
{
    for (int phase = 0; phase < 2; phase++) {
        if (j->controllers[phase] == 0) continue;
        bt_xodr_begin(w, "controller");
        bt_xodr_integer(w, "id", j->controllers[phase]);
        bt_xodr_text(w, "name", phase == 0 ? "main" : "side");
        bt_xodr_integer(w, "sequence", 0);
        for (size_t i = 0; i < l->control_count; i++) {
            if (l->controls[i].controller != j->controllers[phase]) continue;
            bt_xodr_begin(w, "control");
            bt_xodr_integer(w, "signalId", l->controls[i].signal);
            bt_xodr_integer(w, "type", 0);
            bt_xodr_end(w);
        }
        bt_xodr_end(w);
    }
}

static void write_junction(const bt_layout *l, bt_xodr_writer *w, uint32_t junction)
{
    const bt_layout_junction *j = &l->junctions[junction];
    bt_xodr_begin(w, "junction");
    bt_xodr_integer(w, "id", j->id);
    bt_xodr_text(w, "name", j->name);
    bt_xodr_text(w, "type", "default");
    int id = 0;
    for (size_t i = 0; i < l->connection_count; i++) {
        const bt_layout_connection *c = &l->connections[i];
        if (c->junction != junction) continue;
        bt_xodr_begin(w, "connection");
        bt_xodr_integer(w, "id", id++);
        bt_xodr_integer(w, "incomingRoad", l->roads[c->incoming].street->id);
        bt_xodr_integer(w, "connectingRoad", l->roads[c->road].street->id);
        bt_xodr_text(w, "contactPoint", "start");
        for (int k = 0; k < c->link_count; k++) {
            bt_xodr_begin(w, "laneLink");
            bt_xodr_integer(w, "from", c->from[k]);
            bt_xodr_integer(w, "to", c->to[k]);
            bt_xodr_end(w);
        }
        bt_xodr_end(w);
    }
    for (int phase = 0; phase < 2; phase++) {
        if (j->controllers[phase] == 0) continue;
        bt_xodr_begin(w, "controller");
        bt_xodr_integer(w, "id", j->controllers[phase]);
        bt_xodr_text(w, "type", "0");
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

// Junctions of a group follow each other.
static void write_groups(const bt_layout *l, bt_xodr_writer *w)
{
    int open = 0;
    for (size_t i = 0; i < l->junction_count; i++) {
        const bt_layout_junction *j = &l->junctions[i];
        if (open != 0 && j->group != open) bt_xodr_end(w);
        if (j->group != 0 && j->group != open) {
            bt_xodr_begin(w, "junctionGroup");
            bt_xodr_text(w, "name", j->name);
            bt_xodr_integer(w, "id", j->group);
            bt_xodr_text(w, "type", "roundabout");
        }
        open = j->group;
        if (open == 0) continue;
        bt_xodr_begin(w, "junctionReference");
        bt_xodr_integer(w, "junction", j->id);
        bt_xodr_end(w);
    }
    if (open != 0) bt_xodr_end(w);
}

bt_status bt_layout_write(const bt_layout *l, const char *name, bt_xodr_writer *w)
{
    if (l->status != BT_OK) return l->status;
    threads t;
    bt_status status = thread_furniture(l, &t);
    if (status == BT_OK) {
        bt_xodr_begin(w, "OpenDRIVE");
        write_header(w, name);
        for (uint32_t i = 0; i < l->road_count; i++)
            write_road(l, &t, w, i);
        for (size_t i = 0; i < l->junction_count; i++)
            write_controllers(l, w, &l->junctions[i]);
        for (uint32_t i = 0; i < l->junction_count; i++)
            write_junction(l, w, i);
        write_groups(l, w);
        bt_xodr_end(w);
    }
    bt_free(t.first_item);
    bt_free(t.next_item);
    bt_free(t.first_signal);
    bt_free(t.next_signal);
    return status;
}
