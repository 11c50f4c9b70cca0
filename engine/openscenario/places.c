// places.c: positions, routes, trajectories.
#include "engine/openscenario/internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FAR_M 1e7
#define ROUTES_MAX 1024 // each is looked for on the map

static int32_t lane_id(osc_reader *r, const xml_node *node, const char *name)
{
    return (int32_t)osc_number_in(r, node, name, NAN, -1000.0, 1000.0);
}

static void read_orientation(osc_reader *r, xml_node *node, bt_spot *spot)
{
    static const char *const types[] = {"relative", "absolute", NULL};
    xml_node *o = xml_child(node, "Orientation");
    if (!o) return;
    spot->yaw_rad = osc_number_in(r, o, "h", 0.0, -1e3, 1e3);
    spot->yaw_absolute = osc_choice(r, o, "type", types, 1) == 1;
    (void)osc_number(r, o, "p", 0.0);
    (void)osc_number(r, o, "r", 0.0);
}

static uint32_t add_spot(osc_reader *r, const bt_spot *spot)
{
    uint32_t index = BT_STORY_NONE;
    bt_spot item = *spot;
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, spots, item, &index);
    return index;
}

static void read_world(osc_reader *r, xml_node *n, bt_spot *s)
{
    s->kind = BT_SPOT_WORLD;
    s->x_m = osc_number_in(r, n, "x", NAN, -FAR_M, FAR_M);
    s->y_m = osc_number_in(r, n, "y", NAN, -FAR_M, FAR_M);
    s->z_m = osc_number_in(r, n, "z", 0.0, -FAR_M, FAR_M);
    s->yaw_rad = osc_number_in(r, n, "h", 0.0, -1e3, 1e3);
    s->yaw_absolute = true;
    s->on_ground = true;
}

static void read_lane(osc_reader *r, xml_node *n, bt_spot *s)
{
    s->kind = BT_SPOT_LANE;
    s->road = osc_text(r, n, "roadId", NULL);
    s->lane = lane_id(r, n, "laneId");
    s->s_m = osc_number_in(r, n, "s", NAN, -FAR_M, FAR_M);
    s->lateral_m = osc_number_in(r, n, "offset", 0.0, -FAR_M, FAR_M);
}

static void read_road(osc_reader *r, xml_node *n, bt_spot *s)
{
    s->kind = BT_SPOT_ROAD;
    s->road = osc_text(r, n, "roadId", NULL);
    s->s_m = osc_number_in(r, n, "s", NAN, -FAR_M, FAR_M);
    s->lateral_m = osc_number_in(r, n, "t", 0.0, -FAR_M, FAR_M);
    s->along_road = true;
}

static void read_relative_lane(osc_reader *r, xml_node *n, bt_spot *s)
{
    s->kind = BT_SPOT_RELATIVE_LANE;
    s->ref = osc_entity(r, n, "entityRef");
    s->lane = lane_id(r, n, "dLane");
    s->s_m = osc_number_in(r, n, osc_has(n, "dsLane") ? "dsLane" : "ds", NAN, -FAR_M, FAR_M);
    s->has_lateral = true;
    s->lateral_m = osc_number_in(r, n, "offset", 0.0, -FAR_M, FAR_M);
}

static void read_relative_road(osc_reader *r, xml_node *n, bt_spot *s)
{
    s->kind = BT_SPOT_RELATIVE_ROAD;
    s->ref = osc_entity(r, n, "entityRef");
    s->s_m = osc_number_in(r, n, "ds", NAN, -FAR_M, FAR_M);
    s->lateral_m = osc_number_in(r, n, "dt", NAN, -FAR_M, FAR_M);
}

static void read_relative_point(osc_reader *r, xml_node *n, bt_spot_kind kind, bt_spot *s)
{
    s->kind = kind;
    s->ref = osc_entity(r, n, "entityRef");
    s->x_m = osc_number_in(r, n, "dx", NAN, -FAR_M, FAR_M);
    s->y_m = osc_number_in(r, n, "dy", NAN, -FAR_M, FAR_M);
    s->z_m = osc_number_in(r, n, "dz", 0.0, -FAR_M, FAR_M);
    s->on_ground = true;
}

static void read_in_route(osc_reader *r, xml_node *n, bt_spot *s)
{
    s->kind = BT_SPOT_ROUTE;
    s->ref = osc_read_route(r, xml_child(n, "RouteRef"));
    xml_node *in = xml_child(n, "InRoutePosition"), *from;
    if ((from = xml_child(in, "FromLaneCoordinates")) != NULL) {
        s->s_m = osc_number_in(r, from, "pathS", NAN, 0.0, FAR_M);
        s->lane = lane_id(r, from, "laneId");
        s->lateral_m = osc_number_in(r, from, "laneOffset", 0.0, -FAR_M, FAR_M);
    } else if ((from = xml_child(in, "FromRoadCoordinates")) != NULL) {
        s->s_m = osc_number_in(r, from, "pathS", NAN, 0.0, FAR_M);
        s->lateral_m = osc_number_in(r, from, "t", 0.0, -FAR_M, FAR_M);
        s->along_road = true;
    } else {
        osc_mark_node(r, n, BT_OSC_REFUSED, "only lane and road coordinates along a route");
    }
}

static void read_in_trajectory(osc_reader *r, xml_node *n, bt_spot *s)
{
    s->kind = BT_SPOT_PATH;
    s->ref = osc_read_trajectory(r, xml_child(n, "TrajectoryRef"));
    s->s_m = osc_number_in(r, n, "s", NAN, 0.0, FAR_M);
    s->lateral_m = osc_number_in(r, n, "t", 0.0, -FAR_M, FAR_M);
}

static const char *where_is(osc_reader *r, const xml_node *node)
{
    char text[BT_OSC_PATH_MAX + 32];
    snprintf(text, sizeof text, "%s:%u", r->file, node->line);
    return osc_copy(r, text);
}

uint32_t osc_read_position(osc_reader *r, xml_node *holder)
{
    bt_spot s = {.ref = BT_STORY_NONE};
    xml_node *n;
    if (!holder) {
        osc_fail(r, r->root, "a position is missing");
        return BT_STORY_NONE;
    }
    s.where = where_is(r, holder);
    if (++r->nesting > OSC_NESTING_MAX) {
        osc_fail(r, holder, "positions refer to each other more than %d deep", OSC_NESTING_MAX);
        return BT_STORY_NONE;
    }
    if ((n = xml_child(holder, "WorldPosition")) != NULL)
        read_world(r, n, &s);
    else if ((n = xml_child(holder, "LanePosition")) != NULL)
        read_lane(r, n, &s);
    else if ((n = xml_child(holder, "RoadPosition")) != NULL)
        read_road(r, n, &s);
    else if ((n = xml_child(holder, "RelativeLanePosition")) != NULL)
        read_relative_lane(r, n, &s);
    else if ((n = xml_child(holder, "RelativeRoadPosition")) != NULL)
        read_relative_road(r, n, &s);
    else if ((n = xml_child(holder, "RelativeObjectPosition")) != NULL)
        read_relative_point(r, n, BT_SPOT_RELATIVE_OBJECT, &s);
    else if ((n = xml_child(holder, "RelativeWorldPosition")) != NULL)
        read_relative_point(r, n, BT_SPOT_RELATIVE_WORLD, &s);
    else if ((n = xml_child(holder, "RoutePosition")) != NULL)
        read_in_route(r, n, &s);
    else if ((n = xml_child(holder, "TrajectoryPosition")) != NULL)
        read_in_trajectory(r, n, &s);
    else
        osc_mark_node(r, holder, BT_OSC_REFUSED, "a position of a kind that is not known here");
    if (n && s.kind != BT_SPOT_WORLD) read_orientation(r, n, &s);
    r->nesting--;
    return add_spot(r, &s);
}

// ---- routes -----------------------------------------------------------------------------------
uint32_t osc_read_route_entry(osc_reader *r, xml_node *route)
{
    bt_story_route item = {.name = osc_text(r, route, "name", "route")};
    item.closed = osc_bool(r, route, "closed", false);
    xml_node *list[256];
    uint32_t count = 0, index = BT_STORY_NONE;
    for (xml_node *w = xml_child(route, "Waypoint"); w && r->status == BT_OK; w = xml_next(w)) {
        if (count == 256) {
            osc_fail(r, w, "more than 256 waypoints");
            return BT_STORY_NONE;
        }
        (void)osc_text(r, w, "routeStrategy", "shortest");
        list[count++] = w;
    }
    if (count < 2) osc_fail(r, route, "a route has at least 2 waypoints, got %u", count);
    if (r->story->routes_count == ROUTES_MAX) osc_fail(r, route, "more than %d routes", ROUTES_MAX);
    // the spots of one route lie together: those they refer to are read first
    bt_spot spots[256];
    for (uint32_t i = 0; i < count && r->status == BT_OK; i++) {
        uint32_t spot = osc_read_position(r, xml_child(list[i], "Position"));
        if (spot != BT_STORY_NONE) spots[i] = r->story->spots[spot];
    }
    item.first_spot = (uint32_t)r->story->spots_count;
    item.spot_count = count;
    for (uint32_t i = 0; i < count && r->status == BT_OK; i++)
        add_spot(r, &spots[i]);
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, routes, item, &index);
    return index;
}

uint32_t osc_read_route(osc_reader *r, xml_node *holder)
{
    if (!holder) {
        osc_fail(r, r->root, "a route is missing");
        return BT_STORY_NONE;
    }
    xml_node *own = xml_child(holder, "Route"), *reference = xml_child(holder, "CatalogReference");
    uint32_t index = BT_STORY_NONE;
    if (own) {
        osc_scope_open(r, own);
        osc_read_declarations(r, own, false);
        index = osc_read_route_entry(r, own);
        osc_scope_close(r);
    } else if (reference) {
        osc_entry entry = osc_enter_entry(r, reference);
        if (entry.node) index = osc_read_route_entry(r, entry.node);
        osc_leave_entry(r, &entry);
    } else {
        osc_fail(r, holder, "expected a Route or a CatalogReference");
    }
    return index;
}

// ---- trajectories -----------------------------------------------------------------------------
typedef struct shape_parts {
    uint32_t spots[2048];
    uint32_t spot_count;
    double *numbers;
    size_t number_count, number_capacity;
} shape_parts;

static void put_number(osc_reader *r, shape_parts *p, double value)
{
    if (r->status != BT_OK) return;
    r->status = BT_ARRAY_RESERVE(p->numbers, p->number_capacity, p->number_count + 1);
    if (r->status == BT_OK) p->numbers[p->number_count++] = value;
}

static void put_spot(osc_reader *r, const xml_node *node, shape_parts *p, xml_node *holder)
{
    if (p->spot_count == 2048) {
        osc_fail(r, node, "more than 2048 points");
        return;
    }
    p->spots[p->spot_count++] = osc_read_position(r, holder);
}

static double optional_time(osc_reader *r, const xml_node *node, const char *name)
{
    return osc_has(node, name) ? osc_number_in(r, node, name, NAN, -1e6, 1e9) : (double)NAN;
}

static void read_polyline(osc_reader *r, xml_node *n, shape_parts *p)
{
    for (xml_node *v = xml_child(n, "Vertex"); v && r->status == BT_OK; v = xml_next(v)) {
        put_spot(r, v, p, xml_child(v, "Position"));
        put_number(r, p, optional_time(r, v, "time"));
    }
}

static void read_clothoid(osc_reader *r, xml_node *n, shape_parts *p)
{
    double k0 = osc_number_in(r, n, "curvature", NAN, -100.0, 100.0);
    double length = osc_number_in(r, n, "length", NAN, 0.0, 1e5);
    const char *name = osc_has(n, "curvatureDot") ? "curvatureDot" : "curvaturePrime";
    double slope = osc_number_in(r, n, name, NAN, -100.0, 100.0);
    put_spot(r, n, p, xml_child(n, "Position"));
    put_number(r, p, k0);
    put_number(r, p, k0 + slope * length);
    put_number(r, p, length);
    put_number(r, p, optional_time(r, n, "startTime"));
    put_number(r, p, optional_time(r, n, "stopTime"));
}

static void read_clothoid_spline(osc_reader *r, xml_node *n, shape_parts *p)
{
    bool first = true;
    for (xml_node *s = xml_child(n, "ClothoidSplineSegment"); s && r->status == BT_OK;
         s = xml_next(s)) {
        xml_node *start = xml_child(s, "PositionStart");
        if (first)
            put_spot(r, s, p, start);
        else if (start)
            osc_mark_node(r, start, BT_OSC_IGNORED, "segments begin where the one before ends");
        put_number(r, p, osc_number_in(r, s, "curvatureStart", NAN, -100.0, 100.0));
        put_number(r, p, osc_number_in(r, s, "curvatureEnd", NAN, -100.0, 100.0));
        put_number(r, p, osc_number_in(r, s, "length", NAN, 0.0, 1e5));
        first = false;
    }
    put_number(r, p,
               first ? (double)NAN
                     : optional_time(r, xml_child(n, "ClothoidSplineSegment"), "timeStart"));
    put_number(r, p, optional_time(r, n, "timeEnd"));
}

static uint32_t read_nurbs(osc_reader *r, xml_node *n, shape_parts *p)
{
    uint32_t order = osc_count(r, n, "order", 0);
    double times[200];
    uint32_t count = 0;
    for (xml_node *c = xml_child(n, "ControlPoint"); c && r->status == BT_OK; c = xml_next(c)) {
        if (count == 200) {
            osc_fail(r, c, "more than 200 control points");
            return 0;
        }
        put_spot(r, c, p, xml_child(c, "Position"));
        put_number(r, p, osc_number_in(r, c, "weight", 1.0, 1e-9, 1e9));
        times[count++] = optional_time(r, c, "time");
    }
    for (uint32_t i = 0; i < count; i++)
        put_number(r, p, times[i]);
    uint32_t knots = 0;
    for (xml_node *k = xml_child(n, "Knot"); k && r->status == BT_OK; k = xml_next(k), knots++)
        put_number(r, p, osc_number_in(r, k, "value", NAN, -1e9, 1e9));
    if (r->status == BT_OK && knots != count + order)
        osc_fail(r, n, "%u knots, expected %u control points + order %u", knots, count, order);
    return order;
}

static void read_shape(osc_reader *r, xml_node *trajectory, shape_parts *p, bt_story_path *item)
{
    xml_node *shape = xml_child(trajectory, "Shape"), *n;
    if ((n = xml_child(shape, "Polyline")) != NULL) {
        item->shape = BT_PATH_POLYLINE;
        read_polyline(r, n, p);
    } else if ((n = xml_child(shape, "Clothoid")) != NULL) {
        item->shape = BT_PATH_CLOTHOIDS;
        read_clothoid(r, n, p);
    } else if ((n = xml_child(shape, "ClothoidSpline")) != NULL) {
        item->shape = BT_PATH_CLOTHOIDS;
        read_clothoid_spline(r, n, p);
    } else if ((n = xml_child(shape, "Nurbs")) != NULL) {
        item->shape = BT_PATH_NURBS;
        item->order = read_nurbs(r, n, p);
    } else {
        osc_fail(r, trajectory, "expected a Shape: Polyline, Clothoid, ClothoidSpline or Nurbs");
    }
    if (r->status == BT_OK && p->spot_count == 0) osc_fail(r, trajectory, "no points");
}

static uint32_t keep_trajectory(osc_reader *r, const shape_parts *p, bt_story_path *item)
{
    uint32_t index = BT_STORY_NONE;
    item->first_spot = (uint32_t)r->story->spots_count;
    item->spot_count = p->spot_count;
    for (uint32_t i = 0; i < p->spot_count && r->status == BT_OK; i++) {
        bt_spot copy = r->story->spots[p->spots[i]];
        add_spot(r, &copy);
    }
    item->first_number = (uint32_t)r->story->numbers_count;
    item->number_count = (uint32_t)p->number_count;
    for (size_t i = 0; i < p->number_count && r->status == BT_OK; i++)
        r->status = BT_STORY_ADD(r->story, numbers, p->numbers[i], NULL);
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, paths, *item, &index);
    return index;
}

uint32_t osc_read_trajectory_entry(osc_reader *r, xml_node *n)
{
    bt_story_path item = {.name = osc_text(r, n, "name", "trajectory")};
    item.closed = osc_bool(r, n, "closed", false);
    shape_parts *p = bt_alloc(1, sizeof *p);
    if (!p) {
        osc_fail(r, n, "no memory");
        return BT_STORY_NONE;
    }
    read_shape(r, n, p, &item);
    uint32_t index = r->status == BT_OK ? keep_trajectory(r, p, &item) : BT_STORY_NONE;
    bt_free(p->numbers);
    bt_free(p);
    return index;
}

uint32_t osc_read_trajectory(osc_reader *r, xml_node *holder)
{
    if (!holder) {
        osc_fail(r, r->root, "a trajectory is missing");
        return BT_STORY_NONE;
    }
    xml_node *own = xml_child(holder, "Trajectory");
    xml_node *reference = xml_child(holder, "CatalogReference");
    uint32_t index = BT_STORY_NONE;
    if (own) {
        osc_scope_open(r, own);
        osc_read_declarations(r, own, false);
        index = osc_read_trajectory_entry(r, own);
        osc_scope_close(r);
    } else if (reference) {
        osc_entry entry = osc_enter_entry(r, reference);
        if (entry.node) index = osc_read_trajectory_entry(r, entry.node);
        osc_leave_entry(r, &entry);
    } else {
        osc_fail(r, holder, "expected a Trajectory or a CatalogReference");
    }
    return index;
}
