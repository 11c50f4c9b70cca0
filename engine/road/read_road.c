// read_road.c: <road>: link, type, planView, elevationProfile, lateralProfile.
#include "engine/road/reader.h"

#include <string.h>

// ---- link -----------------------------------------------------------------------------------------
static road_link read_link(reader *r, xml_node *link, const char *name)
{
    road_link result = {ROAD_LINK_NONE, BT_ROAD_NONE, ROAD_START, "", 0, 0};
    xml_node *node = xml_child(link, name);
    if (node == NULL) return result;
    result.line = node->line;
    result.column = node->column;
    result.element_id = read_text_or(r, node, "elementId", "");
    result.kind = read_is(node, "elementType", "junction") ? ROAD_LINK_JUNCTION : ROAD_LINK_ROAD;
    if (read_is(node, "contactPoint", "end")) result.contact = ROAD_END;
    if (xml_attribute_of(node, "elementS") != NULL)
        READER_WARN(r, node, "link into the middle of road '%.40s' (elementS): not followed",
                    result.element_id);
    else if (result.kind == ROAD_LINK_ROAD && xml_attribute_of(node, "contactPoint") == NULL)
        READER_WARN(r, node, "road link without contactPoint: 'start' taken");
    if (xml_attribute_of(node, "elementS") != NULL) result.kind = ROAD_LINK_NONE;
    return result;
}

// ---- plan view ------------------------------------------------------------------------------------
static void read_spiral(reader *r, const xml_node *node, road_curve *curve)
{
    double start = read_number(r, node, "curvStart");
    double end = read_number(r, node, "curvEnd");
    curve->kind = ROAD_CURVE_SPIRAL;
    curve->curvature_1_m = start;
    curve->curvature_rate_1_m2 = (end - start) / curve->length_m;
    double turn = fmax(fabs(start), fabs(end)) * curve->length_m;
    if (!(turn <= ROAD_SPIRAL_MAX_TURN_RAD))
        reader_fail(r, node, "spiral turns up to %g rad: at most %g are accepted", turn,
                    ROAD_SPIRAL_MAX_TURN_RAD);
}

static void read_polynomial(reader *r, const xml_node *node, const char *const names[4],
                            double out[4])
{
    for (int i = 0; i < 4; i++)
        out[i] = read_number_or(r, node, names[i], 0.0);
}

static void tabulate(reader *r, const xml_node *node, road_curve *curve)
{
    double knots[ROAD_CURVE_KNOTS];
    double total;
    if (reader_failed(r)) return;
    if (!road_curve_tabulate(curve, knots, &total)) {
        reader_fail(r, node, "<%s> has no length", node->name);
        return;
    }
    if (fabs(total - curve->length_m) > 0.01 + 1e-4 * curve->length_m)
        READER_WARN(r, node, "<%s> is %.3f m long, its geometry says %.3f m: stretched", node->name,
                    total, curve->length_m);
    curve->first_knot = (uint32_t)r->net->knots.count;
    for (int i = 0; i < ROAD_CURVE_KNOTS; i++)
        reader_keep(r, ROAD_PUSH(r->net->knots, knots[i]));
}

static void read_poly3(reader *r, const xml_node *node, road_curve *curve)
{
    static const char *const names[4] = {"a", "b", "c", "d"};
    curve->kind = ROAD_CURVE_POLY3;
    curve->u[1] = 1.0;
    read_polynomial(r, node, names, curve->v);
    tabulate(r, node, curve);
}

static void read_param_poly3(reader *r, const xml_node *node, road_curve *curve)
{
    static const char *const u_names[4] = {"aU", "bU", "cU", "dU"};
    static const char *const v_names[4] = {"aV", "bV", "cV", "dV"};
    read_polynomial(r, node, u_names, curve->u);
    read_polynomial(r, node, v_names, curve->v);
    curve->kind = ROAD_CURVE_PARAM;
    // without pRange: normalized, the default of 1.4; required from 1.5 on
    curve->p_end = read_is(node, "pRange", "arcLength") ? curve->length_m : 1.0;
    tabulate(r, node, curve);
}

static void read_curve_kind(reader *r, xml_node *geometry, road_curve *curve)
{
    xml_node *node;
    if (xml_child(geometry, "line") != NULL) {
        curve->kind = ROAD_CURVE_LINE;
    } else if ((node = xml_child(geometry, "arc")) != NULL) {
        curve->kind = ROAD_CURVE_ARC;
        curve->curvature_1_m = read_number(r, node, "curvature");
        if (fabs(curve->curvature_1_m) > 100.0)
            reader_fail(r, node, "curvature %g 1/m: at most 100 is accepted", curve->curvature_1_m);
    } else if ((node = xml_child(geometry, "spiral")) != NULL) {
        read_spiral(r, node, curve);
    } else if ((node = xml_child(geometry, "poly3")) != NULL) {
        read_poly3(r, node, curve);
    } else if ((node = xml_child(geometry, "paramPoly3")) != NULL) {
        read_param_poly3(r, node, curve);
    } else {
        reader_fail(r, geometry, "<geometry> without line, arc, spiral, poly3 or paramPoly3");
    }
}

static void apply_header_offset(const bt_road_network *net, road_curve *curve)
{
    double c = bt_cos(net->offset_heading_rad);
    double s = bt_sin(net->offset_heading_rad);
    double x = curve->x_m;
    double y = curve->y_m;
    curve->x_m = x * c - y * s + net->offset_x_m;
    curve->y_m = x * s + y * c + net->offset_y_m;
    road_curve_aim(curve, curve->heading_rad + net->offset_heading_rad);
}

static bool read_geometry(reader *r, xml_node *geometry, road_curve *curve)
{
    memset(curve, 0, sizeof *curve);
    curve->s0_m = read_number(r, geometry, "s");
    curve->x_m = read_number(r, geometry, "x");
    curve->y_m = read_number(r, geometry, "y");
    curve->heading_rad = read_number(r, geometry, "hdg");
    curve->length_m = read_number(r, geometry, "length");
    if (reader_failed(r)) return false;
    if (curve->length_m < 0.0) {
        reader_fail(r, geometry, "length %g of <geometry>: not negative, please", curve->length_m);
        return false;
    }
    if (curve->length_m < 1e-9) {
        for (xml_node *child = geometry->first; child != NULL; child = child->next)
            child->known = true;
        READER_WARN(r, geometry, "<geometry> of no length: left out");
        return false;
    }
    read_curve_kind(r, geometry, curve);
    apply_header_offset(r->net, curve);
    return !reader_failed(r);
}

static void warn_of_gap(reader *r, const xml_node *node, const road_curve *last,
                        const road_curve *curve)
{
    road_plan end = road_curve_at(last, r->net->knots.items, curve->s0_m - last->s0_m);
    double gap = bt_hypot(end.x_m - curve->x_m, end.y_m - curve->y_m);
    if (gap > 0.01)
        READER_WARN(r, node, "gap of %.3f m before this <geometry>, at s %.3f", gap, curve->s0_m);
}

static void read_plan_view(reader *r, xml_node *road, uint32_t index)
{
    xml_node *plan = xml_child(road, "planView");
    road_detail *detail = &r->net->road_details.items[index];
    detail->curves.first = (uint32_t)r->net->curves.count;
    if (plan == NULL) {
        reader_fail(r, road, "road '%.40s' has no <planView>", r->net->roads.items[index].id);
        return;
    }
    node_list list = read_sorted(r, plan, "geometry", "s");
    for (uint32_t i = 0; i < list.count && !reader_failed(r); i++) {
        road_curve curve;
        if (!read_geometry(r, list.items[i], &curve)) continue;
        if (detail->curves.count > 0)
            warn_of_gap(r, list.items[i], &r->net->curves.items[r->net->curves.count - 1], &curve);
        reader_keep(r, ROAD_PUSH(r->net->curves, curve));
        detail->curves.count++;
        detail->geometry_end_m = curve.s0_m + curve.length_m;
    }
}

// A road without any geometry of length still has a place: that of its first <geometry>.
static void settle_length(reader *r, xml_node *road, uint32_t index)
{
    bt_road *b = &r->net->roads.items[index];
    road_detail *detail = &r->net->road_details.items[index];
    if (reader_failed(r)) return;
    if (detail->curves.count == 0) {
        xml_node *geometry = xml_child(xml_child(road, "planView"), "geometry");
        road_curve point = {.kind = ROAD_CURVE_LINE};
        if (geometry != NULL) {
            point.x_m = read_number(r, geometry, "x");
            point.y_m = read_number(r, geometry, "y");
            point.heading_rad = read_number(r, geometry, "hdg");
        }
        apply_header_offset(r->net, &point);
        reader_keep(r, ROAD_PUSH(r->net->curves, point));
        detail->curves.count = 1;
    }
    if (fabs(b->length_m - detail->geometry_end_m) > 0.01)
        READER_WARN(r, road, "road '%.40s' says length %.3f m, its geometry ends at %.3f m", b->id,
                    b->length_m, detail->geometry_end_m);
    b->length_m = fmax(0.0, fmin(b->length_m, detail->geometry_end_m));
    if (b->length_m < 1e-6) READER_WARN(r, road, "road '%.40s' has no length", b->id);
    r->total_length_m += b->length_m;
    if (r->total_length_m > ROAD_MAX_TOTAL_LENGTH_M)
        reader_fail(r, road, "roads longer than %g m in all", ROAD_MAX_TOTAL_LENGTH_M);
}

// ---- profiles -------------------------------------------------------------------------------------
static void read_crossfall(reader *r, xml_node *lateral, road_detail *detail)
{
    // one record may hold for both sides: read once per side, in order
    node_list list = read_sorted(r, lateral, "crossfall", "s");
    for (int side = 0; side < 2; side++) {
        road_run run = {(uint32_t)r->net->cubics.count, 0};
        for (uint32_t i = 0; i < list.count && !reader_failed(r); i++) {
            const xml_node *node = list.items[i];
            if (read_is(node, "side", side == 0 ? "right" : "left")) continue;
            road_cubic cubic = {read_number(r, node, "s"), read_number_or(r, node, "a", 0.0),
                                read_number_or(r, node, "b", 0.0),
                                read_number_or(r, node, "c", 0.0),
                                read_number_or(r, node, "d", 0.0)};
            reader_keep(r, ROAD_PUSH(r->net->cubics, cubic));
            run.count++;
        }
        if (reader_failed(r)) run.count = 0;
        *(side == 0 ? &detail->crossfall_left : &detail->crossfall_right) = run;
    }
}

static void read_shapes(reader *r, xml_node *lateral, road_detail *detail)
{
    // stations ascend in s, and t ascends within each: a stable sort by t, then by s
    node_list list = read_sorted(r, lateral, "shape", "s");
    road_run run = {(uint32_t)r->net->shapes.count, 0};
    for (uint32_t i = 0; i < list.count && !reader_failed(r); i++) {
        const xml_node *node = list.items[i];
        road_shape shape = {read_number(r, node, "s"),         read_number(r, node, "t"),
                            read_number_or(r, node, "a", 0.0), read_number_or(r, node, "b", 0.0),
                            read_number_or(r, node, "c", 0.0), read_number_or(r, node, "d", 0.0)};
        const road_shape *last =
            run.count > 0 ? &r->net->shapes.items[r->net->shapes.count - 1] : NULL;
        if (last != NULL && last->s0_m == shape.s0_m && shape.t0_m <= last->t0_m) {
            READER_WARN(r, node, "<shape> at s %g: t does not ascend, left out", shape.s0_m);
            continue;
        }
        reader_keep(r, ROAD_PUSH(r->net->shapes, shape));
        run.count++;
    }
    if (reader_failed(r)) run.count = 0;
    detail->shapes = run;
}

static void read_types(reader *r, xml_node *road, road_detail *detail)
{
    node_list list = read_sorted(r, road, "type", "s");
    detail->speeds.first = (uint32_t)r->net->speeds.count;
    for (uint32_t i = 0; i < list.count && !reader_failed(r); i++) {
        xml_node *speed = xml_child(list.items[i], "speed");
        road_speed record = {read_number_or(r, list.items[i], "s", 0.0),
                             speed != NULL ? read_speed_m_s(r, speed) : 0.0};
        reader_keep(r, ROAD_PUSH(r->net->speeds, record));
        detail->speeds.count++;
    }
    if (reader_failed(r)) detail->speeds.count = 0;
}

static void read_profiles(reader *r, xml_node *road, uint32_t index)
{
    road_detail detail = r->net->road_details.items[index];
    xml_node *elevation = xml_child(road, "elevationProfile");
    xml_node *lateral = xml_child(road, "lateralProfile");
    detail.elevation = read_cubics(r, elevation, "elevation", "s", 0.0);
    detail.superelevation = read_cubics(r, lateral, "superelevation", "s", 0.0);
    read_crossfall(r, lateral, &detail);
    read_shapes(r, lateral, &detail);
    read_types(r, road, &detail);
    r->net->road_details.items[index] = detail;
}

// ---- road -----------------------------------------------------------------------------------------
static void read_road(reader *r, xml_node *node)
{
    uint32_t index = (uint32_t)r->net->roads.count;
    xml_node *link = xml_child(node, "link");
    bt_road road = {
        .id = read_text_or(r, node, "id", ""),
        .name = read_text_or(r, node, "name", ""),
        .length_m = read_number(r, node, "length"),
        .junction = BT_ROAD_NONE,
        .left_hand_traffic = read_is(node, "rule", "LHT"),
    };
    road_detail detail = {
        .predecessor = read_link(r, link, "predecessor"),
        .successor = read_link(r, link, "successor"),
        .line = node->line,
        .column = node->column,
    };
    if (road.length_m < 0.0) reader_fail(r, node, "road length %g is negative", road.length_m);
    const char *junction = read_text_or(r, node, "junction", "-1");
    reader_keep(r, ROAD_PUSH(r->net->roads, road));
    reader_keep(r, ROAD_PUSH(r->net->road_details, detail));
    reader_keep(r, ROAD_PUSH(r->road_junctions, junction));
    if (reader_failed(r)) return;

    read_plan_view(r, node, index);
    settle_length(r, node, index);
    read_profiles(r, node, index);
    if (!reader_failed(r)) read_lanes(r, node, index);
}

static void index_roads(reader *r)
{
    for (uint32_t i = 0; i < r->net->roads.count && !reader_failed(r); i++) {
        road_name name = {r->net->roads.items[i].id, i};
        reader_keep(r, ROAD_PUSH(r->net->roads_by_id, name));
    }
    if (reader_failed(r)) return;
    road_names_sort(r->net->roads_by_id.items, r->net->roads_by_id.count);
    for (size_t i = 1; i < r->net->roads_by_id.count; i++) {
        const road_name *name = &r->net->roads_by_id.items[i];
        if (strcmp(name->id, name[-1].id) != 0) continue;
        const road_detail *detail = &r->net->road_details.items[name->index];
        reader_warn(r, detail->line, detail->column,
                    "road id '%.40s' again: links go to the first of that id", name->id);
    }
}

void read_roads(reader *r, xml_node *root)
{
    for (xml_node *node = xml_child(root, "road"); node != NULL && !reader_failed(r);
         node = xml_next(node))
        read_road(r, node);
    index_roads(r);
}
