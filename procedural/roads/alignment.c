// alignment.c: tangents, spirals and arcs from points of intersection.
#include "procedural/roads/alignment.h"

#include "engine/math/pose.h"
#include "engine/road/curve.h"

#include <stdbool.h>

// Tangent length of a corner: (R + p) tan(turn / 2) + k, with the spiral's end (X, Y) and turn
// a = L / 2R giving the shift p = Y - R (1 - cos a) and k = X - R sin a.
double bt_alignment_tangent(double turn_rad, double radius_m, double spiral_m)
{
    double x;
    double y;
    road_spiral_integral(0.0, 0.0, spiral_m > 0.0 ? 1.0 / (radius_m * spiral_m) : 0.0, spiral_m, &x,
                         &y);
    double a = 0.5 * spiral_m / radius_m;
    double shift = y - radius_m * (1.0 - bt_cos(a));
    double k = x - radius_m * bt_sin(a);
    return (radius_m + shift) * bt_tan(0.5 * turn_rad) + k;
}

double bt_alignment_radius(double turn_rad, double spiral_m, double tangent_m)
{
    // spirals must not turn more than the corner
    double low = spiral_m / turn_rad;
    double high = low + tangent_m / bt_tan(0.5 * turn_rad) + 1.0;
    for (int i = 0; i < 80; i++) {
        double middle = 0.5 * (low + high);
        if (bt_alignment_tangent(turn_rad, middle, spiral_m) < tangent_m) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}

// Appends a piece at the end of the last; positions follow from the pieces before.
static bt_status add_piece(bt_alignment *a, double *x, double *y, double *heading, double length,
                           double k0, double k1)
{
    if (length <= 1e-9) return BT_OK;
    if (a->count == BT_ALIGNMENT_MAX_PIECES)
        return bt_fail(BT_ERR_LIMIT, "alignment of more than %d pieces", BT_ALIGNMENT_MAX_PIECES);
    a->pieces[a->count++] = (bt_alignment_piece){a->length_m, *x, *y, *heading, length, k0, k1};
    double rate = (k1 - k0) / length;
    double dx;
    double dy;
    road_spiral_integral(*heading, k0, rate, length, &dx, &dy);
    *x += dx;
    *y += dy;
    *heading += length * 0.5 * (k0 + k1);
    a->length_m += length;
    return BT_OK;
}

static bt_status add_corner(bt_alignment *a, double *x, double *y, double *heading, double turn,
                            const bt_corner *corner)
{
    double k = (turn < 0.0 ? -1.0 : 1.0) / corner->radius_m;
    double arc = fabs(turn) * corner->radius_m - corner->spiral_m;
    if (arc < 0.0)
        return bt_fail(BT_ERR_INPUT, "corner at (%g, %g): spirals of %g m turn more than it does",
                       corner->x_m, corner->y_m, corner->spiral_m);
    bt_status status = add_piece(a, x, y, heading, corner->spiral_m, 0.0, k);
    if (status == BT_OK) status = add_piece(a, x, y, heading, arc, k, k);
    if (status == BT_OK) status = add_piece(a, x, y, heading, corner->spiral_m, k, 0.0);
    return status;
}

bt_status bt_alignment_build(const bt_corner *corners, uint32_t count, bt_alignment *alignment)
{
    *alignment = (bt_alignment){.count = 0};
    double x = corners[0].x_m;
    double y = corners[0].y_m;
    double heading = bt_atan2(corners[1].y_m - y, corners[1].x_m - x);
    double taken = 0.0; // of the tangent by the corner behind
    for (uint32_t i = 1; i < count; i++) {
        double side =
            bt_hypot(corners[i].x_m - corners[i - 1].x_m, corners[i].y_m - corners[i - 1].y_m);
        double turn = 0.0;
        double tangent = 0.0;
        if (i + 1 < count) {
            double next =
                bt_atan2(corners[i + 1].y_m - corners[i].y_m, corners[i + 1].x_m - corners[i].x_m);
            turn = bt_wrap_angle(next - heading);
            tangent = bt_alignment_tangent(fabs(turn), corners[i].radius_m, corners[i].spiral_m);
        }
        if (side - taken - tangent < -1e-6)
            return bt_fail(BT_ERR_INPUT, "tangent to (%g, %g) is %.3f m too short", corners[i].x_m,
                           corners[i].y_m, taken + tangent - side);
        bt_status status = add_piece(alignment, &x, &y, &heading, side - taken - tangent, 0.0, 0.0);
        if (status == BT_OK && i + 1 < count)
            status = add_corner(alignment, &x, &y, &heading, turn, &corners[i]);
        if (status != BT_OK) return status;
        taken = tangent;
    }
    return BT_OK;
}

// ---- from pose to pose ------------------------------------------------------------------------
static bt_corner ahead(bt_plan_pose pose, double distance_m)
{
    return (bt_corner){pose.x_m + distance_m * bt_cos(pose.heading_rad),
                       pose.y_m + distance_m * bt_sin(pose.heading_rad), 0.0, 0.0};
}

static double turn_at(const bt_corner *c)
{
    double in = bt_atan2(c[0].y_m - c[-1].y_m, c[0].x_m - c[-1].x_m);
    double out = bt_atan2(c[1].y_m - c[0].y_m, c[1].x_m - c[0].x_m);
    return fabs(bt_wrap_angle(out - in));
}

// Spirals of a fifth of the turn each, an arc between.
static void widest_corner(bt_corner *corner, double turn_rad, double tangent_m, double radius_max_m)
{
    double radius = fmin(tangent_m / bt_tan(0.5 * turn_rad), radius_max_m);
    for (int i = 0; i < 20; i++) {
        corner->spiral_m = 0.2 * turn_rad * radius;
        if (bt_alignment_tangent(turn_rad, radius, corner->spiral_m) <= tangent_m) break;
        radius *= 0.97;
    }
    corner->radius_m = radius;
}

// How far ahead of both poses their lines meet; false: behind one, or nearly parallel.
static bool lines_meet(bt_plan_pose a, bt_plan_pose b, double *from_a_m, double *to_b_m)
{
    double cross = bt_sin(b.heading_rad - a.heading_rad);
    if (fabs(cross) < 0.2) return false;
    double dx = b.x_m - a.x_m;
    double dy = b.y_m - a.y_m;
    *from_a_m = (dx * bt_sin(b.heading_rad) - dy * bt_cos(b.heading_rad)) / cross;
    *to_b_m = (dy * bt_cos(a.heading_rad) - dx * bt_sin(a.heading_rad)) / -cross;
    *to_b_m = -*to_b_m;
    double reach = bt_hypot(dx, dy);
    return *from_a_m > 0.1 * reach && *to_b_m > 0.1 * reach;
}

bt_status bt_alignment_join(bt_plan_pose from, bt_plan_pose to, double radius_max_m,
                            bt_alignment *alignment)
{
    bt_corner corners[4] = {ahead(from, 0.0)};
    uint32_t count = 1;
    double a;
    double b;
    double reach = bt_hypot(to.x_m - from.x_m, to.y_m - from.y_m);
    if (lines_meet(from, to, &a, &b)) {
        corners[count++] = ahead(from, a);
    } else {
        corners[count++] = ahead(from, reach / 3.0);
        corners[count++] = ahead(to, -reach / 3.0);
    }
    corners[count++] = ahead(to, 0.0);
    for (uint32_t i = 1; i + 1 < count; i++) {
        double turn = turn_at(&corners[i]);
        double before =
            bt_hypot(corners[i].x_m - corners[i - 1].x_m, corners[i].y_m - corners[i - 1].y_m);
        double after =
            bt_hypot(corners[i + 1].x_m - corners[i].x_m, corners[i + 1].y_m - corners[i].y_m);
        if (turn < 1e-6) { // straight on: no corner
            for (uint32_t j = i; j + 1 < count; j++)
                corners[j] = corners[j + 1];
            count--;
            i--;
            continue;
        }
        double share = count == 4 || i > 1 ? 0.49 : 1.0;
        widest_corner(&corners[i], turn,
                      fmin(i > 1 ? share * before : before, i + 2 < count ? share * after : after),
                      radius_max_m);
    }
    return bt_alignment_build(corners, count, alignment);
}

bt_status bt_alignment_turn(bt_plan_pose from, double turn_rad, double radius_m, double spiral_m,
                            bt_alignment *alignment)
{
    *alignment = (bt_alignment){.count = 0};
    bt_corner corner = {from.x_m, from.y_m, radius_m, spiral_m};
    return add_corner(alignment, &from.x_m, &from.y_m, &from.heading_rad, turn_rad, &corner);
}

bt_status bt_alignment_arc(bt_plan_pose from, double curvature_1_m, double length_m,
                           bt_alignment *alignment)
{
    *alignment = (bt_alignment){.count = 0};
    return add_piece(alignment, &from.x_m, &from.y_m, &from.heading_rad, length_m, curvature_1_m,
                     curvature_1_m);
}

// Lengths of the straights before and behind a curve that ends `curve` from where it begins.
static void straights(bt_plan_pose from, bt_plan_pose to, const bt_plan_pose *curve, double way[2])
{
    double dx = to.x_m - from.x_m - curve->x_m;
    double dy = to.y_m - from.y_m - curve->y_m;
    double c[2] = {bt_cos(from.heading_rad), bt_cos(to.heading_rad)};
    double s[2] = {bt_sin(from.heading_rad), bt_sin(to.heading_rad)};
    double det = c[0] * s[1] - s[0] * c[1];
    way[0] = (dx * s[1] - dy * c[1]) / det;
    way[1] = (c[0] * dy - s[0] * dx) / det;
}

bt_status bt_alignment_loop(bt_plan_pose from, bt_plan_pose to, double turn_rad,
                            double radius_min_m, double radius_max_m, const bt_road_design *design,
                            bt_alignment *alignment)
{
    const double straight_m = 2.0; // at least
    for (double radius = radius_min_m; radius <= radius_max_m; radius *= 1.02) {
        bt_road_design slower = bt_road_design_within(design, radius);
        bt_plan_pose at = {0.0, 0.0, from.heading_rad};
        bt_corner corner = {0.0, 0.0, radius, bt_road_design_spiral(&slower, radius)};
        if (corner.spiral_m > 0.8 * fabs(turn_rad) * radius) continue;
        *alignment = (bt_alignment){.count = 0};
        bt_status status =
            add_corner(alignment, &at.x_m, &at.y_m, &at.heading_rad, turn_rad, &corner);
        if (status != BT_OK) return status;
        double way[2];
        straights(from, to, &at, way);
        if (way[0] < straight_m || way[1] < straight_m) continue;
        *alignment = (bt_alignment){.count = 0};
        at = from;
        status = add_piece(alignment, &at.x_m, &at.y_m, &at.heading_rad, way[0], 0.0, 0.0);
        if (status == BT_OK)
            status = add_corner(alignment, &at.x_m, &at.y_m, &at.heading_rad, turn_rad, &corner);
        if (status == BT_OK)
            status = add_piece(alignment, &at.x_m, &at.y_m, &at.heading_rad, way[1], 0.0, 0.0);
        return status;
    }
    return bt_fail(BT_ERR_INPUT, "no loop of %g to %g m of radius leads from (%g, %g) to (%g, %g)",
                   radius_min_m, radius_max_m, from.x_m, from.y_m, to.x_m, to.y_m);
}

static bt_plan_pose turned_round(bt_plan_pose pose)
{
    pose.heading_rad = bt_wrap_angle(pose.heading_rad + BT_PI);
    return pose;
}

static bt_status append(bt_alignment *a, const bt_alignment *rest)
{
    if (a->count + rest->count > BT_ALIGNMENT_MAX_PIECES)
        return bt_fail(BT_ERR_LIMIT, "alignment of more than %d pieces", BT_ALIGNMENT_MAX_PIECES);
    double heading = rest->pieces[0].heading_rad; // goes on without a jump of whole turns
    if (a->count > 0) {
        const bt_alignment_piece *last = &a->pieces[a->count - 1];
        heading = last->heading_rad +
                  0.5 * last->length_m * (last->curvature0_1_m + last->curvature1_1_m);
    }
    double turns = rint((heading - rest->pieces[0].heading_rad) / (2.0 * BT_PI)) * 2.0 * BT_PI;
    for (uint32_t i = 0; i < rest->count; i++) {
        bt_alignment_piece piece = rest->pieces[i];
        piece.s_m += a->length_m;
        piece.heading_rad += turns;
        a->pieces[a->count++] = piece;
    }
    a->length_m += rest->length_m;
    return BT_OK;
}

bt_status bt_alignment_join_bent(bt_plan_pose from, double from_1_m, bt_plan_pose to, double to_1_m,
                                 double spiral_m, bt_alignment *alignment)
{
    *alignment = (bt_alignment){.count = 0};
    bt_status status = BT_OK;
    bt_plan_pose at = from;
    if (from_1_m != 0.0)
        status = add_piece(alignment, &at.x_m, &at.y_m, &at.heading_rad, spiral_m, from_1_m, 0.0);
    // where the last spiral begins: seen from the end, backwards
    bt_plan_pose lead = turned_round(to);
    bt_alignment backward = {.count = 0};
    if (status == BT_OK && to_1_m != 0.0)
        status =
            add_piece(&backward, &lead.x_m, &lead.y_m, &lead.heading_rad, spiral_m, -to_1_m, 0.0);
    lead = turned_round(lead);
    bt_alignment middle;
    if (status == BT_OK) status = bt_alignment_join(at, lead, 1e4, &middle);
    if (status == BT_OK) status = append(alignment, &middle);
    bt_alignment last = {.count = 0};
    if (status == BT_OK && to_1_m != 0.0)
        status = add_piece(&last, &lead.x_m, &lead.y_m, &lead.heading_rad, spiral_m, 0.0, to_1_m);
    if (status == BT_OK && last.count > 0) status = append(alignment, &last);
    return status;
}

bt_plan_pose bt_alignment_at(const bt_alignment *a, double s_m)
{
    uint32_t i = 0;
    while (i + 1 < a->count && a->pieces[i + 1].s_m <= s_m)
        i++;
    const bt_alignment_piece *p = &a->pieces[i];
    double ds = s_m - p->s_m;
    double rate = (p->curvature1_1_m - p->curvature0_1_m) / p->length_m;
    double dx;
    double dy;
    road_spiral_integral(p->heading_rad, p->curvature0_1_m, rate, ds, &dx, &dy);
    return (bt_plan_pose){p->x_m + dx, p->y_m + dy,
                          p->heading_rad + ds * (p->curvature0_1_m + 0.5 * rate * ds)};
}

// ---- after a design ---------------------------------------------------------------------------
static double designed_spiral(const bt_road_design *design, double turn_rad, double radius_m)
{
    return fmin(bt_road_design_spiral(design, radius_m), 0.8 * turn_rad * radius_m);
}

double bt_alignment_fit(bt_corner *corners, uint32_t count, const bt_road_design *design,
                        double wish)
{
    const double reserve_m = 2.0; // straight at the road's ends
    double least = 1e9;
    for (uint32_t i = 1; i + 1 < count; i++) {
        bt_corner *c = &corners[i];
        double turn = turn_at(c);
        double before = bt_hypot(c->x_m - c[-1].x_m, c->y_m - c[-1].y_m);
        double after = bt_hypot(c[1].x_m - c->x_m, c[1].y_m - c->y_m);
        double room = fmin(i > 1 ? 0.5 * before : before - reserve_m,
                           i + 2 < count ? 0.5 * after : after - reserve_m);
        double radius = wish * design->radius_min_m;
        double spiral = designed_spiral(design, turn, radius);
        // a slight turn takes a wider curve, so that its spirals find room
        while (bt_road_design_spiral(design, radius) > 0.8 * turn * radius &&
               bt_alignment_tangent(turn, 1.1 * radius, spiral) < room && radius < 2e4) {
            radius *= 1.1;
            spiral = designed_spiral(design, turn, radius);
        }
        while (bt_alignment_tangent(turn, radius, spiral) > room && radius > 1.0) {
            radius *= 0.96;
            spiral = designed_spiral(design, turn, radius);
        }
        c->radius_m = radius;
        c->spiral_m = spiral;
        least = fmin(least, radius);
    }
    return least;
}
