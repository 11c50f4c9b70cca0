// tile_ramp.c: one ramp: its section, its way, its signs.
#include "procedural/roads/tile_ramp.h"

#include "engine/math/pose.h"

#define LOOP_MAX_M 180.0
#define WIDE_M 40.0 // where a verge beside a highway is wide again

static bt_cross_section ramp_section(void)
{
    return (bt_cross_section){.left = {.edge_m = 1.0, .verge_m = 2.0},
                              .right = {.drive = 1, .drive_m = 4.0, .edge_m = 2.0, .verge_m = 2.0},
                              .marked = true,
                              .line_m = 6.0,
                              .gap_m = 12.0,
                              .paint_m = 0.15};
}

bt_cross_section ramp_section_two_way(void)
{
    bt_cross_section cross = ramp_section();
    cross.left = cross.right;
    cross.no_passing = true;
    return cross;
}

// Beside a highway the left verge is narrow.
static void add_ramp_sections(tile *t, uint32_t ramp, bool beside_start, bool beside_end)
{
    if (t->layout->status != BT_OK) return;
    bt_layout_road *r = &t->layout->roads[ramp];
    double length = r->street->alignment.length_m;
    bt_cross_section plain = r->start;
    bt_cross_section narrow = plain;
    narrow.left.verge_m = THROUGH_NARROW_VERGE_M;
    if (beside_start) r->start = narrow;
    if (beside_end) r->end = narrow;
    bt_stretch s[5];
    int n = 0;
    double from = beside_start ? WIDE_M : 0.0;
    double to = beside_end ? length - WIDE_M : length;
    if (beside_start) {
        s[n++] = (bt_stretch){.s1_m = THROUGH_NARROW_M, .from = narrow, .to = narrow};
        s[n++] = (bt_stretch){.s0_m = THROUGH_NARROW_M, .s1_m = from, .from = narrow, .to = plain};
    }
    s[n++] = (bt_stretch){.s0_m = from, .s1_m = to, .from = plain, .to = plain};
    if (beside_end) {
        double at = length - THROUGH_NARROW_M;
        s[n++] = (bt_stretch){.s0_m = to, .s1_m = at, .from = plain, .to = narrow};
        s[n++] = (bt_stretch){.s0_m = at, .s1_m = length, .from = narrow, .to = narrow};
    }
    bt_layout_set_stretches(t->layout, ramp, s, n);
}

uint32_t ramp_add(tile *t, const ramp_shape *shape)
{
    bt_cross_section cross = shape->two_way ? ramp_section_two_way() : ramp_section();
    tile_road road = {.name = "Ramp",
                      .type = "motorway",
                      .from = shape->from,
                      .to = shape->to,
                      .z0_m = shape->z0_m,
                      .z1_m = shape->z1_m,
                      .straight0_m = shape->straight0_m,
                      .straight1_m = shape->straight1_m,
                      .alignment = shape->alignment,
                      .speed_km_h = shape->speed_km_h,
                      .e_max = 0.06,
                      .start = cross,
                      .end = cross};
    uint32_t index = tile_add_road(t, &road);
    add_ramp_sections(t, index, shape->beside_start, shape->beside_end);
    tile_speed_signs(t, index);
    tile_curve_signs(t, index);
    return index;
}

uint32_t ramp_add_loop(tile *t, bt_plan_pose from, bt_plan_pose to, double z0_m, double z1_m,
                       bool beside_start)
{
    bt_layout *l = t->layout;
    if (l->status != BT_OK) return 0;
    bt_alignment alignment;
    bt_road_design design = bt_road_design_for(50.0, 0.06);
    bt_road_design slowest = bt_road_design_for(40.0, 0.06);
    double turn = bt_wrap_angle(to.heading_rad - from.heading_rad);
    if (turn > 0.0) turn -= 2.0 * BT_PI;
    l->status =
        bt_alignment_loop(from, to, turn, slowest.radius_min_m, LOOP_MAX_M, &design, &alignment);
    ramp_shape loop = {.from = from,
                       .to = to,
                       .z0_m = z0_m,
                       .z1_m = z1_m,
                       .speed_km_h = 50.0,
                       .alignment = &alignment,
                       .beside_start = beside_start,
                       .beside_end = true};
    return l->status == BT_OK ? ramp_add(t, &loop) : 0;
}

static void note_ramp(tile *t, const ramp_ends *e, uint32_t ramp)
{
    e->from->gores[e->from_gore].off[e->from_direction] = ramp;
    e->to->gores[e->to_gore].on[e->to_direction] = ramp;
    tile_exit_nose(t, ramp);
}

void ramp_join_gores(tile *t, const ramp_ends *e, bool loop, double speed_km_h)
{
    bt_plan_pose from = through_ramp_pose(e->from, e->from_gore, e->from_direction, true);
    bt_plan_pose to = through_ramp_pose(e->to, e->to_gore, e->to_direction, false);
    double z0 = e->from->gores[e->from_gore].z_m;
    double z1 = e->to->gores[e->to_gore].z_m;
    ramp_shape shape = {.from = from,
                        .to = to,
                        .z0_m = z0,
                        .z1_m = z1,
                        .straight0_m = 70.0,
                        .straight1_m = 70.0,
                        .speed_km_h = speed_km_h,
                        .beside_start = true,
                        .beside_end = true};
    note_ramp(t, e, loop ? ramp_add_loop(t, from, to, z0, z1, true) : ramp_add(t, &shape));
}
