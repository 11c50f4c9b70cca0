// read_objects.c: <objects>: boxes, outlines, markings; repeats expanded to one object each.
#include "engine/road/reader.h"

#include <math.h>
#include <string.h>

#define MAX_MARKING_POINTS 256

// Everything of an <object> that its repeats may change.
typedef struct object_place {
    double s_m, t_m, z_offset_m;
    double length_m, width_m, height_m, radius_m;
} object_place;

typedef struct object_reader {
    reader *r;
    xml_node *node;
    uint32_t road;
    bt_road_object base; // strings and the object as it stands without repeats
    object_place place;  // of the base
    double heading_rad, pitch_rad, roll_rad;
} object_reader;

// ---- outlines -------------------------------------------------------------------------------------
// One corner of an outline, for the copy of the object that stands at `place`.
static bt_object_corner read_corner(object_reader *o, const xml_node *node, bool on_road,
                                    const object_place *place, const bt_pose *world_from_object)
{
    reader *r = o->r;
    if (++r->corners_seen > READER_MAX_CORNERS)
        reader_fail(r, node, "objects with more than %u corners in all", READER_MAX_CORNERS);
    bt_object_corner corner = {.height_m = read_number_or(r, node, "height", 0.0)};
    if (on_road) { // repeats shift road coordinates with the object
        double s = read_number_or(r, node, "s", 0.0) + place->s_m - o->place.s_m;
        double t = read_number_or(r, node, "t", 0.0) + place->t_m - o->place.t_m;
        double dz = read_number_or(r, node, "dz", 0.0);
        corner.pos_world_m = reader_place(r->net, o->road, s, t, dz, 0.0, 0.0, 0.0).pos;
    } else {
        bt_vec3 local = {read_number_or(r, node, "u", 0.0), read_number_or(r, node, "v", 0.0),
                         read_number_or(r, node, "z", 0.0)};
        corner.pos_world_m = bt_pose_point(*world_from_object, local);
    }
    return corner;
}

static uint32_t read_outline(object_reader *o, xml_node *outline, const object_place *place,
                             const bt_pose *world_from_object)
{
    uint32_t count = 0;
    // the two corner kinds do not mix in one outline
    bool on_road = xml_child(outline, "cornerRoad") != NULL;
    for (xml_node *node = xml_child(outline, on_road ? "cornerRoad" : "cornerLocal");
         node != NULL && !reader_failed(o->r); node = xml_next(node)) {
        bt_object_corner corner = read_corner(o, node, on_road, place, world_from_object);
        reader_keep(o->r, ROAD_PUSH(o->r->net->corners, corner));
        count++;
    }
    return count;
}

// ---- markings -------------------------------------------------------------------------------------
// The corner that a marking names: its id within any outline of the object.
static bool find_corner(object_reader *o, xml_node *outlines, const char *id,
                        const object_place *place, const bt_pose *pose, bt_vec3 *point)
{
    for (xml_node *outline = xml_child(outlines, "outline"); outline != NULL;
         outline = xml_next(outline))
        for (xml_node *node = outline->first; node != NULL; node = node->next) {
            if (++o->r->corners_seen > READER_MAX_CORNERS) return false;
            bool on_road = strcmp(node->name, "cornerRoad") == 0;
            if (!on_road && strcmp(node->name, "cornerLocal") != 0) continue;
            if (!read_is(node, "id", id)) continue;
            *point = read_corner(o, node, on_road, place, pose).pos_world_m;
            return true;
        }
    return false;
}

// A side of the box, for markings that name no corners.
static uint32_t side_points(const xml_node *marking, const object_place *place, const bt_pose *pose,
                            bt_vec3 points[2])
{
    double u = 0.5 * place->length_m;
    double v = 0.5 * place->width_m;
    bt_vec3 a = {-u, v, 0.0};
    bt_vec3 b = {u, v, 0.0};
    if (read_is(marking, "side", "right")) {
        a.y = b.y = -v;
    } else if (read_is(marking, "side", "front")) {
        a = (bt_vec3){u, -v, 0.0};
    } else if (read_is(marking, "side", "rear")) {
        b = (bt_vec3){-u, -v, 0.0};
    } else if (!read_is(marking, "side", "left")) {
        return 0;
    }
    points[0] = bt_pose_point(*pose, a);
    points[1] = bt_pose_point(*pose, b);
    return 2;
}

static uint32_t marking_points(object_reader *o, xml_node *marking, const object_place *place,
                               const bt_pose *pose, bt_vec3 *points)
{
    xml_node *outlines = xml_child(o->node, "outlines");
    if (outlines == NULL) outlines = o->node;
    uint32_t count = 0;
    for (xml_node *node = xml_child(marking, "cornerReference");
         node != NULL && count < MAX_MARKING_POINTS; node = xml_next(node)) {
        const char *id = xml_attribute_of(node, "id");
        if (id != NULL && find_corner(o, outlines, id, place, pose, &points[count])) {
            count++;
        } else {
            READER_WARN(o->r, node, "marking refers to corner '%.40s': no such corner",
                        id != NULL ? id : "");
        }
    }
    return count > 0 ? count : side_points(marking, place, pose, points);
}

static void read_marking(object_reader *o, xml_node *node, const object_place *place,
                         const bt_pose *pose)
{
    reader *r = o->r;
    bt_vec3 points[MAX_MARKING_POINTS];
    bt_object_marking marking = {
        .first_point = (uint32_t)r->net->marking_points.count,
        .point_count = marking_points(o, node, place, pose, points),
        .width_m = read_number_or(r, node, "width", 0.12),
        .line_m = read_number_or(r, node, "lineLength", 0.0),
        .space_m = read_number_or(r, node, "spaceLength", 0.0),
        .start_m = read_number_or(r, node, "startOffset", 0.0),
        .stop_m = read_number_or(r, node, "stopOffset", 0.0),
        .z_offset_m = read_number_or(r, node, "zOffset", 0.0),
        .color = (bt_mark_color)read_mark_color(node, BT_MARK_WHITE),
    };
    for (uint32_t i = 0; i < marking.point_count; i++)
        reader_keep(r, ROAD_PUSH(r->net->marking_points, points[i]));
    reader_keep(r, ROAD_PUSH(r->net->object_markings, marking));
}

// ---- one object, placed ---------------------------------------------------------------------------
static bt_road_object placed_object(const object_reader *o, const object_place *place)
{
    bt_road_object object = o->base;
    object.s_m = place->s_m;
    object.t_m = place->t_m;
    object.z_offset_m = place->z_offset_m;
    object.length_m = place->length_m;
    object.width_m = place->width_m;
    object.height_m = place->height_m;
    object.radius_m = place->radius_m;
    object.world_from_object =
        reader_place(o->r->net, o->road, place->s_m, place->t_m, place->z_offset_m, o->heading_rad,
                     o->pitch_rad, o->roll_rad);
    return object;
}

static bool push_object(object_reader *o, const bt_road_object *object)
{
    if (o->r->net->objects.count >= ROAD_MAX_OBJECTS)
        reader_fail(o->r, o->node, "more than %u objects, repeats counted", ROAD_MAX_OBJECTS);
    else
        reader_keep(o->r, ROAD_PUSH(o->r->net->objects, *object));
    return !reader_failed(o->r);
}

static void add_object(object_reader *o, const object_place *place)
{
    bt_road_network *net = o->r->net;
    bt_road_object object = placed_object(o, place);
    bt_pose pose = object.world_from_object;
    xml_node *outlines = xml_child(o->node, "outlines"); // from 1.5 on
    xml_node *outline = xml_child(outlines != NULL ? outlines : o->node, "outline");
    object.first_corner = (uint32_t)net->corners.count;
    if (outline != NULL) object.corner_count = read_outline(o, outline, place, &pose);

    object.first_marking = (uint32_t)net->object_markings.count;
    xml_node *markings = xml_child(o->node, "markings");
    for (xml_node *node = xml_child(markings, "marking"); node != NULL && !reader_failed(o->r);
         node = xml_next(node)) {
        read_marking(o, node, place, &pose);
        object.marking_count++;
    }
    if (!push_object(o, &object)) return;

    // further outlines: an object of its own each, paint stays with the first
    while (outline != NULL && (outline = xml_next(outline)) != NULL && !reader_failed(o->r)) {
        object.first_corner = (uint32_t)net->corners.count;
        object.corner_count = read_outline(o, outline, place, &pose);
        object.marking_count = 0;
        if (!push_object(o, &object)) return;
    }
}

// ---- repeats --------------------------------------------------------------------------------------
typedef struct object_repeat {
    double s_m, length_m, distance_m;
    object_place start, end;
} object_repeat;

static void read_ramp(reader *r, const xml_node *node, const char *start_name, const char *end_name,
                      double fallback, double *start, double *end)
{
    *start = read_number_or(r, node, start_name, fallback);
    *end = read_number_or(r, node, end_name, *start);
}

static object_repeat read_repeat(object_reader *o, const xml_node *node)
{
    reader *r = o->r;
    object_repeat p = {.s_m = read_number_or(r, node, "s", o->place.s_m),
                       .length_m = read_number_or(r, node, "length", 0.0),
                       .distance_m = read_number_or(r, node, "distance", 0.0)};
    read_ramp(r, node, "tStart", "tEnd", o->place.t_m, &p.start.t_m, &p.end.t_m);
    read_ramp(r, node, "zOffsetStart", "zOffsetEnd", o->place.z_offset_m, &p.start.z_offset_m,
              &p.end.z_offset_m);
    read_ramp(r, node, "lengthStart", "lengthEnd", o->place.length_m, &p.start.length_m,
              &p.end.length_m);
    read_ramp(r, node, "widthStart", "widthEnd", o->place.width_m, &p.start.width_m,
              &p.end.width_m);
    read_ramp(r, node, "heightStart", "heightEnd", o->place.height_m, &p.start.height_m,
              &p.end.height_m);
    read_ramp(r, node, "radiusStart", "radiusEnd", o->place.radius_m, &p.start.radius_m,
              &p.end.radius_m);
    // where the road ends, so do the repeats
    double room = r->net->roads.items[o->road].length_m - p.s_m;
    if (p.length_m > room) p.length_m = room;
    return p;
}

static object_place repeat_at(const object_repeat *p, double ds)
{
    double u = p->length_m > 0.0 ? ds / p->length_m : 0.0;
    return (object_place){p->s_m + ds,
                          bt_lerp(p->start.t_m, p->end.t_m, u),
                          bt_lerp(p->start.z_offset_m, p->end.z_offset_m, u),
                          bt_lerp(p->start.length_m, p->end.length_m, u),
                          bt_lerp(p->start.width_m, p->end.width_m, u),
                          bt_lerp(p->start.height_m, p->end.height_m, u),
                          bt_lerp(p->start.radius_m, p->end.radius_m, u)};
}

// A continuous thing (distance 0) as straight pieces, each within 2 cm of the curve it follows.
static void add_piece(object_reader *o, const object_place *from, const object_place *to)
{
    const bt_road_network *net = o->r->net;
    bt_vec3 a = reader_place(net, o->road, from->s_m, from->t_m, from->z_offset_m, 0, 0, 0).pos;
    bt_vec3 b = reader_place(net, o->road, to->s_m, to->t_m, to->z_offset_m, 0, 0, 0).pos;
    object_place middle = *from;
    middle.s_m = 0.5 * (from->s_m + to->s_m);
    middle.t_m = 0.5 * (from->t_m + to->t_m);
    middle.length_m = bt_vec3_distance(a, b);
    middle.height_m = 0.5 * (from->height_m + to->height_m);
    middle.width_m = 0.5 * (from->width_m + to->width_m);
    bt_road_object object = placed_object(o, &middle);
    object.world_from_object.pos = bt_vec3_lerp(a, b, 0.5);
    double rise = bt_atan2(b.z - a.z, bt_hypot(b.x - a.x, b.y - a.y));
    object.world_from_object.rot =
        bt_quat_yaw_pitch_roll(bt_atan2(b.y - a.y, b.x - a.x), -rise, 0.0);
    (void)push_object(o, &object);
}

static void add_continuous(object_reader *o, const object_repeat *p)
{
    double ds = 0.0;
    while (ds < p->length_m - 1e-6 && !reader_failed(o->r)) {
        object_place from = repeat_at(p, ds);
        double curvature = fabs(road_plan_at(o->r->net, o->road, from.s_m).curvature_1_m);
        double step = bt_clamp(sqrt(8.0 * 0.02 / fmax(curvature, 1e-9)), 1.0, 10.0);
        ds = fmin(ds + step, p->length_m);
        object_place to = repeat_at(p, ds);
        add_piece(o, &from, &to);
    }
}

static void add_repeats(object_reader *o, const xml_node *node)
{
    object_repeat p = read_repeat(o, node);
    if (reader_failed(o->r) || p.length_m < 0.0) return;
    if (p.distance_m <= 0.0) {
        add_continuous(o, &p);
        return;
    }
    double copies = floor(p.length_m / p.distance_m + 1e-9) + 1.0;
    if (copies > (double)ROAD_MAX_OBJECTS) {
        reader_fail(o->r, node, "<repeat> of %g objects: at most %u are accepted", copies,
                    ROAD_MAX_OBJECTS);
        return;
    }
    for (uint32_t i = 0; i < (uint32_t)copies && !reader_failed(o->r); i++) {
        object_place place = repeat_at(&p, fmin(p.distance_m * i, p.length_m));
        add_object(o, &place);
    }
}

// ---- all of a road ----------------------------------------------------------------------------------
static void know_rest(xml_node *node)
{
    // part of the standard, without geometry of its own that is used here
    static const char *const names[] = {"material", "validity", "parkingSpace",
                                        "borders",  "surface",  "skeleton"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (xml_node *child = xml_child(node, names[i]); child != NULL; child = xml_next(child))
            for (xml_node *inner = child->first; inner != NULL; inner = inner->next)
                inner->known = true;
}

static void read_object(reader *r, xml_node *node, uint32_t road)
{
    object_reader o = {
        .r = r,
        .node = node,
        .road = road,
        .base = {.id = read_text_or(r, node, "id", ""),
                 .name = read_text_or(r, node, "name", ""),
                 .type = read_text_or(r, node, "type", ""),
                 .subtype = read_text_or(r, node, "subtype", ""),
                 .road = road},
        .place = {.s_m = read_number_or(r, node, "s", 0.0),
                  .t_m = read_number_or(r, node, "t", 0.0),
                  .z_offset_m = read_number_or(r, node, "zOffset", 0.0),
                  .length_m = read_number_or(r, node, "length", 0.0),
                  .width_m = read_number_or(r, node, "width", 0.0),
                  .height_m = read_number_or(r, node, "height", 0.0),
                  .radius_m = read_number_or(r, node, "radius", 0.0)},
        .heading_rad = read_number_or(r, node, "hdg", 0.0),
        .pitch_rad = read_number_or(r, node, "pitch", 0.0),
        .roll_rad = read_number_or(r, node, "roll", 0.0),
    };
    know_rest(node);
    xml_node *repeat = xml_child(node, "repeat");
    if (repeat == NULL) add_object(&o, &o.place);
    for (; repeat != NULL && !reader_failed(r); repeat = xml_next(repeat))
        add_repeats(&o, repeat);
}

// Clipped to the road; what lies outside it is left out with a warning.
static void read_tunnel(reader *r, xml_node *node, uint32_t road)
{
    double length_m = r->net->roads.items[road].length_m;
    double s_m = read_number(r, node, "s");
    double end_m = s_m + read_number(r, node, "length");
    bt_tunnel tunnel = {.id = read_text_or(r, node, "id", ""),
                        .name = read_text_or(r, node, "name", ""),
                        .road = road,
                        .s_m = fmax(s_m, 0.0),
                        .underpass = read_is(node, "type", "underpass"),
                        .lighting = bt_clamp(read_number_or(r, node, "lighting", 0.0), 0.0, 1.0),
                        .daylight = bt_clamp(read_number_or(r, node, "daylight", 0.0), 0.0, 1.0)};
    tunnel.length_m = fmin(end_m, length_m) - tunnel.s_m;
    know_rest(node);
    if (reader_failed(r)) return;
    if (!(tunnel.length_m > 0.0)) {
        READER_WARN(r, node, "tunnel '%s' from s = %g to %g: the road is %g m long; left out",
                    tunnel.id, s_m, end_m, length_m);
        return;
    }
    reader_keep(r, ROAD_PUSH(r->net->tunnels, tunnel));
}

void read_objects(reader *r, xml_node *road, uint32_t index)
{
    xml_node *objects = xml_child(road, "objects");
    for (xml_node *node = xml_child(objects, "object"); node != NULL && !reader_failed(r);
         node = xml_next(node))
        read_object(r, node, index);
    for (xml_node *node = xml_child(objects, "tunnel"); node != NULL && !reader_failed(r);
         node = xml_next(node))
        read_tunnel(r, node, index);
    static const char *const others[] = {"bridge", "objectReference"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        for (xml_node *other = xml_child(objects, others[i]); other != NULL;
             other = xml_next(other))
            for (xml_node *inner = other->first; inner != NULL; inner = inner->next)
                inner->known = true;
}
