// street.c: writes one road as an OpenDRIVE element.
#include "procedural/roads/street.h"

static void write_records(bt_xodr_writer *w, const char *name, const char *key,
                          const bt_street_record *records, int count)
{
    for (int i = 0; i < count; i++) {
        double abcd[4] = {records[i].a, records[i].b, records[i].c, records[i].d};
        bt_xodr_cubic(w, name, key, records[i].s_m, abcd);
    }
}

bt_street_record bt_street_ease(double s_m, double length_m, double value0, double value1)
{
    double rise = value1 - value0;
    double l2 = length_m * length_m;
    return (bt_street_record){s_m, value0, 0.0, 3.0 * rise / l2, -2.0 * rise / (l2 * length_m)};
}

void bt_street_set_elevation(bt_street *street, const bt_street_node *nodes, int count)
{
    street->elevation_count = 0;
    for (int i = 0; i + 1 < count; i++) {
        double length = nodes[i + 1].s_m - nodes[i].s_m;
        double mean = (nodes[i + 1].z_m - nodes[i].z_m) / length;
        double m0 = nodes[i].slope;
        double m1 = nodes[i + 1].slope;
        street->elevation[street->elevation_count++] = (bt_street_record){
            nodes[i].s_m, nodes[i].z_m, m0, (3.0 * mean - 2.0 * m0 - m1) / length,
            (m0 + m1 - 2.0 * mean) / (length * length)};
    }
    if (count == 1)
        street->elevation[street->elevation_count++] =
            (bt_street_record){nodes[0].s_m, nodes[0].z_m, 0.0, 0.0, 0.0};
}

static void write_plan(bt_xodr_writer *w, const bt_alignment *a)
{
    bt_xodr_begin(w, "planView");
    for (uint32_t i = 0; i < a->count; i++) {
        const bt_alignment_piece *p = &a->pieces[i];
        bt_xodr_begin(w, "geometry");
        bt_xodr_metres(w, "s", p->s_m);
        bt_xodr_metres(w, "x", p->x_m);
        bt_xodr_metres(w, "y", p->y_m);
        bt_xodr_number(w, "hdg", p->heading_rad);
        bt_xodr_metres(w, "length", p->length_m);
        if (p->curvature0_1_m != p->curvature1_1_m) {
            bt_xodr_begin(w, "spiral");
            bt_xodr_number(w, "curvStart", p->curvature0_1_m);
            bt_xodr_number(w, "curvEnd", p->curvature1_1_m);
        } else if (p->curvature0_1_m != 0.0) {
            bt_xodr_begin(w, "arc");
            bt_xodr_number(w, "curvature", p->curvature0_1_m);
        } else {
            bt_xodr_begin(w, "line");
        }
        bt_xodr_end(w);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

static void write_mark(bt_xodr_writer *w, const bt_street_mark *mark)
{
    bt_xodr_begin(w, "roadMark");
    bt_xodr_metres(w, "sOffset", mark->s_m);
    bt_xodr_text(w, "type", mark->type);
    bt_xodr_text(w, "weight", "standard");
    bt_xodr_text(w, "color", "white");
    bt_xodr_metres(w, "width", mark->width_m);
    bt_xodr_text(w, "laneChange", mark->space_m > 0.0 ? "both" : "none");
    if (mark->space_m > 0.0) {
        bt_xodr_begin(w, "type");
        bt_xodr_text(w, "name", mark->type);
        bt_xodr_metres(w, "width", mark->width_m);
        bt_xodr_begin(w, "line");
        bt_xodr_metres(w, "length", mark->line_m);
        bt_xodr_metres(w, "space", mark->space_m);
        bt_xodr_metres(w, "tOffset", 0.0);
        bt_xodr_metres(w, "sOffset", 0.0);
        bt_xodr_metres(w, "width", mark->width_m);
        bt_xodr_end(w);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

static void write_lane_link(bt_xodr_writer *w, const char *name, int id)
{
    if (id == 0) return;
    bt_xodr_begin(w, name);
    bt_xodr_integer(w, "id", id);
    bt_xodr_end(w);
}

static void write_lane(bt_xodr_writer *w, int id, const bt_street_lane *lane)
{
    bt_xodr_begin(w, "lane");
    bt_xodr_integer(w, "id", id);
    bt_xodr_text(w, "type", lane->type);
    bt_xodr_text(w, "level", "false");
    bt_xodr_begin(w, "link");
    write_lane_link(w, "predecessor", lane->predecessor);
    write_lane_link(w, "successor", lane->successor);
    bt_xodr_end(w);
    write_records(w, "width", "sOffset", lane->widths, lane->width_count);
    for (int i = 0; i < lane->mark_count; i++)
        write_mark(w, &lane->marks[i]);
    for (int i = 0; i < lane->height_count; i++) {
        bt_xodr_begin(w, "height");
        bt_xodr_metres(w, "sOffset", lane->heights[i].s_m);
        bt_xodr_metres(w, "inner", lane->heights[i].inner_m);
        bt_xodr_metres(w, "outer", lane->heights[i].outer_m);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

static void write_section(bt_xodr_writer *w, const bt_street_section *section)
{
    bt_xodr_begin(w, "laneSection");
    bt_xodr_metres(w, "s", section->s_m);
    if (section->left_count > 0) {
        bt_xodr_begin(w, "left");
        for (int i = section->left_count; i-- > 0;)
            write_lane(w, i + 1, &section->left[i]);
        bt_xodr_end(w);
    }
    bt_xodr_begin(w, "center");
    bt_xodr_begin(w, "lane");
    bt_xodr_integer(w, "id", 0);
    bt_xodr_text(w, "type", "none");
    bt_xodr_text(w, "level", "false");
    for (int i = 0; i < section->centre_count; i++)
        write_mark(w, &section->centre[i]);
    bt_xodr_end(w);
    bt_xodr_end(w);
    if (section->right_count > 0) {
        bt_xodr_begin(w, "right");
        for (int i = 0; i < section->right_count; i++)
            write_lane(w, -1 - i, &section->right[i]);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

static void write_link(bt_xodr_writer *w, const char *name, const bt_street_link *link)
{
    if (link->kind == NULL) return;
    bt_xodr_begin(w, name);
    bt_xodr_text(w, "elementType", link->kind);
    bt_xodr_integer(w, "elementId", link->id);
    if (link->contact != NULL) bt_xodr_text(w, "contactPoint", link->contact);
    bt_xodr_end(w);
}

static void write_type(bt_xodr_writer *w, const bt_street *street)
{
    bt_xodr_begin(w, "type");
    bt_xodr_metres(w, "s", 0.0);
    bt_xodr_text(w, "type", street->type);
    bt_xodr_begin(w, "speed");
    bt_xodr_integer(w, "max", street->speed_km_h);
    bt_xodr_text(w, "unit", "km/h");
    bt_xodr_end(w);
    bt_xodr_end(w);
}

void bt_street_begin(bt_xodr_writer *w, const bt_street *street)
{
    bt_xodr_begin(w, "road");
    bt_xodr_text(w, "name", street->name);
    bt_xodr_metres(w, "length", street->alignment.length_m);
    bt_xodr_integer(w, "id", street->id);
    bt_xodr_integer(w, "junction", street->junction);
    bt_xodr_text(w, "rule", "RHT");
    bt_xodr_begin(w, "link");
    write_link(w, "predecessor", &street->predecessor);
    write_link(w, "successor", &street->successor);
    bt_xodr_end(w);
    write_type(w, street);
    write_plan(w, &street->alignment);
    bt_xodr_begin(w, "elevationProfile");
    write_records(w, "elevation", "s", street->elevation, street->elevation_count);
    bt_xodr_end(w);
    bt_xodr_begin(w, "lateralProfile");
    write_records(w, "superelevation", "s", street->superelevation, street->superelevation_count);
    bt_xodr_end(w);
    bt_xodr_begin(w, "lanes");
    for (int i = 0; i < street->section_count; i++)
        write_section(w, &street->sections[i]);
    bt_xodr_end(w);
}
