// alignment.c: tangents, spirals and arcs from points of intersection.
#include "procedural/roads/alignment.h"

#include "engine/math/pose.h"
#include "engine/road/curve.h"

// Tangent length of a corner: (R + p) tan(turn / 2) + k, with the spiral's end (X, Y) and turn
// a = L / 2R giving the shift p = Y - R (1 - cos a) and k = X - R sin a.
static double tangent_length(double turn_rad, double radius_m, double spiral_m)
{
    double x;
    double y;
    road_spiral_integral(0.0, 0.0, spiral_m > 0.0 ? 1.0 / (radius_m * spiral_m) : 0.0, spiral_m, &x,
                         &y);
    double a = 0.5 * spiral_m / radius_m;
    double shift = y - radius_m * (1.0 - cos(a));
    double k = x - radius_m * sin(a);
    return (radius_m + shift) * tan(0.5 * turn_rad) + k;
}

double bt_alignment_radius(double turn_rad, double spiral_m, double tangent_m)
{
    // spirals must not turn more than the corner
    double low = spiral_m / turn_rad;
    double high = low + tangent_m / tan(0.5 * turn_rad) + 1.0;
    for (int i = 0; i < 80; i++) {
        double middle = 0.5 * (low + high);
        if (tangent_length(turn_rad, middle, spiral_m) < tangent_m) {
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
    double heading = atan2(corners[1].y_m - y, corners[1].x_m - x);
    double taken = 0.0; // of the tangent by the corner behind
    for (uint32_t i = 1; i < count; i++) {
        double side =
            hypot(corners[i].x_m - corners[i - 1].x_m, corners[i].y_m - corners[i - 1].y_m);
        double turn = 0.0;
        double tangent = 0.0;
        if (i + 1 < count) {
            double next =
                atan2(corners[i + 1].y_m - corners[i].y_m, corners[i + 1].x_m - corners[i].x_m);
            turn = bt_wrap_angle(next - heading);
            tangent = tangent_length(fabs(turn), corners[i].radius_m, corners[i].spiral_m);
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
