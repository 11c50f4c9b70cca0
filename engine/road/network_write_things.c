// network_write_things.c: objects, tunnels, signals and controllers of a loaded network.
#include "engine/road/network_write_internal.h"

#include "engine/road/reader.h"

#define SAME_M 1e-4 // points that were written from one

// Yaw, pitch, roll of bt_quat_yaw_pitch_roll.
static void angles_of(bt_quat q, double *yaw, double *pitch, double *roll)
{
    bt_vec3 x = bt_quat_rotate(q, (bt_vec3){1.0, 0.0, 0.0});
    bt_vec3 y = bt_quat_rotate(q, (bt_vec3){0.0, 1.0, 0.0});
    bt_vec3 z = bt_quat_rotate(q, (bt_vec3){0.0, 0.0, 1.0});
    *yaw = bt_atan2(x.y, x.x);
    *pitch = bt_atan2(-x.z, bt_hypot(x.x, x.y));
    *roll = bt_atan2(y.z, z.z);
}

static double road_heading(const bt_road_network *net, uint32_t road, double s_m)
{
    double s = bt_clamp(s_m, 0.0, net->roads.items[road].length_m);
    return road_frame_at(net, road, s).plan.heading_rad;
}

// ---- objects ----------------------------------------------------------------------------------
// Its place as a reader would find it again: a continuous thing's pieces lie beside their station.
static void write_place(const bt_road_network *net, const bt_road_object *o, bt_xodr_writer *w)
{
    bt_pose pose = o->world_from_object;
    double s = o->s_m;
    double t = o->t_m;
    double z = o->z_offset_m;
    bt_vec3 again = reader_place(net, o->road, s, t, z, 0.0, 0.0, 0.0).pos;
    if (bt_vec3_distance(again, pose.pos) > SAME_M) {
        (void)road_project(net, o->road, pose.pos, s, &s, &t);
        z = 0.0;
        z = pose.pos.z - reader_place(net, o->road, s, t, 0.0, 0.0, 0.0, 0.0).pos.z;
    }
    double yaw;
    double pitch;
    double roll;
    angles_of(pose.rot, &yaw, &pitch, &roll);
    bt_xodr_exact(w, "s", s);
    bt_xodr_exact(w, "t", t);
    bt_xodr_exact(w, "zOffset", z);
    bt_xodr_exact(w, "hdg", bt_wrap_angle(yaw - road_heading(net, o->road, s)));
    bt_xodr_exact(w, "pitch", pitch);
    bt_xodr_exact(w, "roll", roll);
}

static void write_corner(bt_xodr_writer *w, int id, bt_pose object, bt_vec3 pos, double height_m)
{
    bt_vec3 local = bt_quat_rotate(bt_quat_conjugate(object.rot), bt_vec3_sub(pos, object.pos));
    bt_xodr_begin(w, "cornerLocal");
    bt_xodr_integer(w, "id", id);
    bt_xodr_exact(w, "u", local.x);
    bt_xodr_exact(w, "v", local.y);
    bt_xodr_exact(w, "z", local.z);
    bt_xodr_exact(w, "height", height_m);
    bt_xodr_end(w);
}

// The side of the object's box that a marking of two points runs along, or NULL.
static const char *marking_side(const bt_road_network *net, const bt_road_object *o,
                                const bt_object_marking *m)
{
    static const struct {
        const char *name;
        double ends[2][2];
    } sides[4] = {{"left", {{-0.5, 0.5}, {0.5, 0.5}}},
                  {"right", {{-0.5, -0.5}, {0.5, -0.5}}},
                  {"front", {{0.5, -0.5}, {0.5, 0.5}}},
                  {"rear", {{-0.5, 0.5}, {-0.5, -0.5}}}};
    if (m->point_count != 2) return NULL;
    for (int i = 0; i < 4; i++) {
        bool same = true;
        for (uint32_t k = 0; k < 2; k++) {
            bt_vec3 local = {sides[i].ends[k][0] * o->length_m, sides[i].ends[k][1] * o->width_m,
                             0.0};
            bt_vec3 end = bt_pose_point(o->world_from_object, local);
            same = same &&
                   bt_vec3_distance(end, net->marking_points.items[m->first_point + k]) < SAME_M;
        }
        if (same) return sides[i].name;
    }
    return NULL;
}

// An object and those after it that are its further outlines.
typedef struct object_group {
    const bt_road_object *first;
    uint32_t count;
} object_group;

static object_group group_at(const bt_road_network *net, size_t index)
{
    const bt_road_object *o = &net->objects.items[index];
    object_group g = {o, 1};
    while (o->corner_count > 0 && index + g.count < net->objects.count) {
        const bt_road_object *next = o + g.count;
        bool same = next->road == o->road && next->id == o->id && next->s_m == o->s_m &&
                    next->t_m == o->t_m && next->marking_count == 0 && next->corner_count > 0;
        if (!same) break;
        g.count++;
    }
    return g;
}

// The corner of the group's outlines at a point, counted through them; -1: none.
static int corner_at(const bt_road_network *net, object_group g, bt_vec3 point)
{
    int id = 0;
    for (uint32_t k = 0; k < g.count; k++)
        for (uint32_t i = 0; i < g.first[k].corner_count; i++, id++)
            if (bt_vec3_distance(net->corners.items[g.first[k].first_corner + i].pos_world_m,
                                 point) < SAME_M)
                return id;
    return -1;
}

static void write_marking(const bt_road_network *net, object_group g, const bt_object_marking *m,
                          bt_xodr_writer *w)
{
    const char *side = marking_side(net, g.first, m);
    bt_xodr_begin(w, "marking");
    if (side != NULL) bt_xodr_text(w, "side", side);
    bt_xodr_text(w, "color", network_write_color(m->color));
    bt_xodr_exact(w, "width", m->width_m);
    bt_xodr_exact(w, "lineLength", m->line_m);
    bt_xodr_exact(w, "spaceLength", m->space_m);
    bt_xodr_exact(w, "startOffset", m->start_m);
    bt_xodr_exact(w, "stopOffset", m->stop_m);
    bt_xodr_exact(w, "zOffset", m->z_offset_m);
    for (uint32_t i = 0; side == NULL && i < m->point_count; i++) {
        int corner = corner_at(net, g, net->marking_points.items[m->first_point + i]);
        if (corner < 0) continue;
        bt_xodr_begin(w, "cornerReference");
        bt_xodr_integer(w, "id", corner);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

static void write_outlines(const bt_road_network *net, object_group g, bt_xodr_writer *w)
{
    int id = 0;
    bt_xodr_begin(w, "outlines");
    for (uint32_t k = 0; k < g.count; k++) {
        bt_xodr_begin(w, "outline");
        bt_xodr_integer(w, "id", (int)k);
        for (uint32_t i = 0; i < g.first[k].corner_count; i++) {
            const bt_object_corner *c = &net->corners.items[g.first[k].first_corner + i];
            write_corner(w, id++, g.first->world_from_object, c->pos_world_m, c->height_m);
        }
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

static void write_object(const bt_road_network *net, object_group g, bt_xodr_writer *w)
{
    const bt_road_object *o = g.first;
    bt_xodr_begin(w, "object");
    bt_xodr_text(w, "type", o->type);
    if (o->subtype[0] != '\0') bt_xodr_text(w, "subtype", o->subtype);
    bt_xodr_text(w, "name", o->name);
    bt_xodr_text(w, "id", o->id);
    write_place(net, o, w);
    bt_xodr_text(w, "orientation", "none");
    bt_xodr_exact(w, "length", o->length_m);
    bt_xodr_exact(w, "width", o->width_m);
    bt_xodr_exact(w, "height", o->height_m);
    if (o->radius_m != 0.0) bt_xodr_exact(w, "radius", o->radius_m);
    if (o->corner_count > 0) write_outlines(net, g, w);
    if (o->marking_count > 0) {
        bt_xodr_begin(w, "markings");
        for (uint32_t i = 0; i < o->marking_count; i++)
            write_marking(net, g, &net->object_markings.items[o->first_marking + i], w);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

static void write_tunnel(const bt_tunnel *tunnel, bt_xodr_writer *w)
{
    bt_xodr_begin(w, "tunnel");
    bt_xodr_exact(w, "s", tunnel->s_m);
    bt_xodr_exact(w, "length", tunnel->length_m);
    bt_xodr_text(w, "name", tunnel->name);
    bt_xodr_text(w, "id", tunnel->id);
    bt_xodr_text(w, "type", tunnel->underpass ? "underpass" : "standard");
    bt_xodr_exact(w, "lighting", tunnel->lighting);
    bt_xodr_exact(w, "daylight", tunnel->daylight);
    bt_xodr_end(w);
}

// ---- signals ----------------------------------------------------------------------------------
static const char *orientation_of(int orientation)
{
    return orientation > 0 ? "+" : orientation < 0 ? "-" : "none";
}

static void write_validity(int32_t from_lane, int32_t to_lane, bt_xodr_writer *w)
{
    if (from_lane == 0 && to_lane == 0) return;
    bt_xodr_begin(w, "validity");
    bt_xodr_integer(w, "fromLane", from_lane);
    bt_xodr_integer(w, "toLane", to_lane);
    bt_xodr_end(w);
}

static void write_inertial(const bt_road_network *net, bt_pose pose, bt_xodr_writer *w)
{
    double yaw;
    double pitch;
    double roll;
    angles_of(pose.rot, &yaw, &pitch, &roll);
    bt_xodr_begin(w, "positionInertial");
    bt_xodr_exact(w, "x", pose.pos.x);
    bt_xodr_exact(w, "y", pose.pos.y);
    bt_xodr_exact(w, "z", pose.pos.z - net->offset_z_m);
    bt_xodr_exact(w, "hdg", yaw);
    bt_xodr_exact(w, "pitch", pitch);
    bt_xodr_exact(w, "roll", roll);
    bt_xodr_end(w);
}

static void write_signal(const bt_road_network *net, const bt_signal *s, bt_xodr_writer *w)
{
    double yaw;
    double pitch;
    double roll;
    angles_of(s->world_from_signal.rot, &yaw, &pitch, &roll);
    double facing = s->orientation >= 0 ? BT_PI : 0.0;
    bt_xodr_begin(w, "signal");
    bt_xodr_exact(w, "s", s->s_m);
    bt_xodr_exact(w, "t", s->t_m);
    bt_xodr_text(w, "id", s->id);
    bt_xodr_text(w, "name", s->name);
    bt_xodr_text(w, "dynamic", s->dynamic ? "yes" : "no");
    bt_xodr_text(w, "orientation", orientation_of(s->orientation));
    bt_xodr_exact(w, "zOffset", s->z_offset_m);
    bt_xodr_text(w, "country", s->country);
    bt_xodr_text(w, "type", s->type);
    bt_xodr_text(w, "subtype", s->subtype);
    bt_xodr_exact(w, "value", s->value);
    if (s->text[0] != '\0') bt_xodr_text(w, "text", s->text);
    bt_xodr_exact(w, "hOffset", bt_wrap_angle(yaw - road_heading(net, s->road, s->s_m) - facing));
    bt_xodr_exact(w, "pitch", pitch);
    bt_xodr_exact(w, "roll", roll);
    bt_xodr_exact(w, "width", s->width_m);
    bt_xodr_exact(w, "height", s->height_m);
    write_validity(s->from_lane, s->to_lane, w);
    bt_vec3 again = reader_place(net, s->road, s->s_m, s->t_m, s->z_offset_m, 0.0, 0.0, 0.0).pos;
    if (bt_vec3_distance(again, s->world_from_signal.pos) > SAME_M)
        write_inertial(net, s->world_from_signal, w);
    bt_xodr_end(w);
}

static void write_reference(const bt_road_network *net, const bt_signal_reference *r,
                            bt_xodr_writer *w)
{
    bt_xodr_begin(w, "signalReference");
    bt_xodr_exact(w, "s", r->s_m);
    bt_xodr_exact(w, "t", r->t_m);
    bt_xodr_text(w, "id", net->signals.items[r->signal].id);
    bt_xodr_text(w, "orientation", orientation_of(r->orientation));
    write_validity(r->from_lane, r->to_lane, w);
    bt_xodr_end(w);
}

// ---- all of a road ----------------------------------------------------------------------------
// Things lie in the order of their roads.
void network_write_things(const bt_road_network *net, uint32_t road, bt_xodr_writer *w)
{
    bt_xodr_begin(w, "objects");
    for (size_t i = 0; i < net->objects.count;) {
        object_group g = group_at(net, i);
        if (g.first->road == road) write_object(net, g, w);
        i += g.count;
    }
    for (size_t i = 0; i < net->tunnels.count; i++)
        if (net->tunnels.items[i].road == road) write_tunnel(&net->tunnels.items[i], w);
    bt_xodr_end(w);
    bt_xodr_begin(w, "signals");
    for (size_t i = 0; i < net->signals.count; i++)
        if (net->signals.items[i].road == road) write_signal(net, &net->signals.items[i], w);
    for (size_t i = 0; i < net->signal_references.count; i++)
        if (net->signal_references.items[i].road == road)
            write_reference(net, &net->signal_references.items[i], w);
    bt_xodr_end(w);
}

void network_write_controllers(const bt_road_network *net, bt_xodr_writer *w)
{
    for (size_t i = 0; i < net->controllers.count; i++) {
        const bt_controller *c = &net->controllers.items[i];
        bt_xodr_begin(w, "controller");
        bt_xodr_text(w, "id", c->id);
        bt_xodr_text(w, "name", c->name);
        for (uint32_t k = 0; k < c->signal_count; k++) {
            bt_xodr_begin(w, "control");
            uint32_t signal = net->controller_signals.items[c->first_signal + k];
            bt_xodr_text(w, "signalId", net->signals.items[signal].id);
            bt_xodr_end(w);
        }
        bt_xodr_end(w);
    }
}
