// tile_gore.c: what is painted where a ramp leaves a highway.
//
// The neutral area between the lines that part is hatched with chevrons whose points face who comes
// (MUTCD 2009, figure 3B-8, as remembered).
#include "procedural/roads/tile_through.h"

#include "engine/math/elementary.h"

#include <math.h>

#define NARROWEST_M 1.0 // between the lines, at the first chevron
#define CLEAR_M 0.3     // from a line's middle
#define SPACING_M 5.0   // chosen

// How far right of the highway's lanes the ramp's axis is, as far on; -1: not beside it.
static double apart(const bt_alignment *highway, const bt_alignment *ramp, double lanes_m,
                    double ahead_m)
{
    bt_plan_pose h = bt_alignment_at(highway, ahead_m);
    double c = bt_cos(h.heading_rad);
    double s = bt_sin(h.heading_rad);
    double low = 0.0;
    double high = ramp->length_m;
    for (int i = 0; i < 40; i++) {
        double middle = 0.5 * (low + high);
        bt_plan_pose r = bt_alignment_at(ramp, middle);
        if ((r.x_m - h.x_m) * c + (r.y_m - h.y_m) * s < 0.0)
            low = middle;
        else
            high = middle;
    }
    bt_plan_pose r = bt_alignment_at(ramp, low);
    if (ramp->length_m - low < 1e-3) return -1.0;
    return (r.x_m - h.x_m) * s - (r.y_m - h.y_m) * c - lanes_m;
}

static void add_line(bt_furniture_shape *hatch, double s0, double t0, double s1, double t1)
{
    double ends[2][2] = {{s0 - hatch->s_m, t0}, {s1 - hatch->s_m, t1}};
    for (int k = 0; k < 2; k++, hatch->count++)
        for (int i = 0; i < 2; i++)
            hatch->corners_m[hatch->count][i] = ends[k][i];
}

static double lanes_width(const bt_street_section *section)
{
    double sum = 0.0;
    for (int i = 0; i < section->right_count && section->right[i].type[0] == 'd'; i++)
        sum += section->right[i].widths[0].a;
    return sum;
}

void tile_mark_gore(bt_layout *l, uint32_t highway, uint32_t ramp)
{
    if (l->status != BT_OK) return;
    const bt_street *h = l->roads[highway].street;
    const bt_alignment *r = &l->roads[ramp].street->alignment;
    double lanes = lanes_width(&h->sections[0]);
    double length = h->alignment.length_m;
    bt_furniture_shape hatch = {.s_m = 0.75 * length};
    for (double s = 0.0; s < length; s += SPACING_M) {
        double wide = apart(&h->alignment, r, lanes, s);
        if (wide < NARROWEST_M) continue;
        double back = s + 0.5 * wide; // arms at half a right angle
        double behind = apart(&h->alignment, r, lanes, back);
        if (back > length - 0.5 || behind < 0.0) break;
        if (hatch.count + 4 > BT_SHAPE_MAX_CORNERS) {
            bt_layout_add_shape(l, highway, BT_ITEM_HATCH, &hatch);
            hatch.count = 0;
        }
        double middle = -lanes - 0.5 * wide;
        add_line(&hatch, s, middle, back, -lanes - CLEAR_M);
        add_line(&hatch, s, middle, back, -lanes - behind + CLEAR_M);
    }
    if (hatch.count > 0) bt_layout_add_shape(l, highway, BT_ITEM_HATCH, &hatch);
}
