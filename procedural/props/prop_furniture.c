// prop_furniture.c: lamps, poles and street furniture, one short function each.
#include "procedural/props/prop_parts.h"

#include <math.h>

// ---- lamps ------------------------------------------------------------------------------------

// Pole, an arm that swings out in a quarter circle, a flat luminaire with its glass below: flat, or a bowl.
static void lamp(bt_mesh_builder *m, double height, double reach, prop_slot light, bool bowl)
{
    rod(m, GALVANISED, at(0, 0, -0.6), at(0, 0, 1.1), 0.085, 0.085, 14);
    rod(m, GALVANISED, at(0, 0, 1.1), at(0, 0, height - 0.6), 0.07, 0.042, 12);
    box(m, GREY, at(-0.05, -0.088, 0.5), at(0.05, -0.07, 0.95)); // the door to its fuses
    bt_vec3 path[8];
    double radii[8];
    for (int i = 0; i < 8; i++) {
        double angle = 0.5 * BT_PI * i / 7.0;
        path[i] = at(0.9 * (1.0 - bt_cos(angle)), 0, height - 0.65 + 0.55 * bt_sin(angle));
        if (i == 7) path[i].x = reach - 0.3;
        radii[i] = 0.034;
    }
    m->slot = GALVANISED;
    bt_mesh_add_tube(m, path, radii, 8, 10);
    double z = height - 0.1;
    rounded(m, GREY, at(reach - 0.38, -0.13, z - 0.045), at(reach + 0.36, 0.13, z + 0.05), 0.035);
    if (bowl)
        rounded(m, light, at(reach - 0.25, -0.1, z - 0.125), at(reach + 0.28, 0.1, z - 0.04), 0.04);
    else
        box(m, light, at(reach - 0.25, -0.1, z - 0.056), at(reach + 0.28, 0.1, z - 0.03));
}

void prop_lamp_street(bt_mesh_builder *m)
{
    lamp(m, 8.0, 1.6, LAMP, true);
}

void prop_lamp_motorway(bt_mesh_builder *m)
{
    lamp(m, 11.0, 2.6, SODIUM, false);
}

void prop_lamp_post(bt_mesh_builder *m)
{
    static const bt_point2 head[] = {{0.0, 4.25}, {0.09, 4.25}, {0.2, 4.62}, {0.0, 4.62}};
    static const bt_point2 hat[] = {
        {0.0, 4.62}, {0.27, 4.62}, {0.22, 4.7}, {0.06, 4.78}, {0.0, 4.78}};
    rod(m, BLACK, at(0, 0, -0.5), at(0, 0, 0.9), 0.075, 0.075, 12);
    rod(m, BLACK, at(0, 0, 0.9), at(0, 0, 4.26), 0.05, 0.038, 12);
    m->slot = LANTERN;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, head, 4, 12, 0.6);
    m->slot = BLACK;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, hat, 5, 20, 0.6);
}

// ---- poles ------------------------------------------------------------------------------------

void prop_utility_pole(bt_mesh_builder *m)
{
    rod(m, WOOD, at(0, 0, -1.0), at(0, 0, 9.0), 0.16, 0.11, 12);
    box(m, WOOD, at(-1.1, -0.06, 8.3), at(1.1, 0.06, 8.42));
    for (int i = -1; i <= 1; i++) {
        rod(m, GALVANISED, at(0.95 * i, 0, 8.42), at(0.95 * i, 0, 8.5), 0.012, 0.012, 6);
        rod(m, WHITE, at(0.95 * i, 0, 8.48), at(0.95 * i, 0, 8.6), 0.04, 0.03, 8);
    }
    rod(m, GALVANISED, at(-0.55, 0.02, 8.3), at(0, 0.02, 7.75), 0.012, 0.012, 5);
    rod(m, GALVANISED, at(0.55, 0.02, 8.3), at(0, 0.02, 7.75), 0.012, 0.012, 5);
}

void prop_delineator(bt_mesh_builder *m)
{
    static const bt_point2 shape[] = {{-0.05, -0.06}, {0.05, -0.02}, {0.05, 0.02}, {-0.05, 0.06}};
    m->slot = WHITE;
    bt_mesh_add_prism(m, BT_POSE_IDENTITY, shape, 4, -0.3, 1.0);
    box(m, BLACK, at(-0.052, -0.062, 0.62), at(0.053, 0.062, 0.84));
    box(m, ORANGE, at(0.053, -0.02, 0.65), at(0.056, 0.02, 0.81));
    box(m, WHITE, at(-0.056, -0.045, 0.65), at(-0.052, 0.045, 0.81));
}

void prop_bollard(bt_mesh_builder *m)
{
    static const bt_point2 profile[] = {{0.0, -0.2},  {0.065, -0.2}, {0.065, 0.72}, {0.075, 0.74},
                                        {0.075, 0.8}, {0.05, 0.86},  {0.0, 0.88}};
    m->slot = BLACK;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, profile, 7, 16, 0.7);
    rod(m, WHITE, at(0, 0, 0.62), at(0, 0, 0.68), 0.0665, 0.0665, 16);
}

// ---- furniture --------------------------------------------------------------------------------

void prop_bin(bt_mesh_builder *m)
{
    static const bt_point2 profile[] = {{0.0, 0.12}, {0.19, 0.12}, {0.21, 0.75}, {0.23, 0.77},
                                        {0.23, 0.8}, {0.17, 0.8},  {0.165, 0.6}, {0.0, 0.6}};
    m->slot = GREEN;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, profile, 8, 18, 0.6);
    rod(m, GALVANISED, at(-0.24, 0, -0.3), at(-0.24, 0, 1.0), 0.03, 0.03, 10);
}

void prop_wheeled_bin(bt_mesh_builder *m)
{
    m->slot = PLASTIC;
    bt_mesh_mark mark = bt_mesh_here(m);
    bt_mesh_add_rounded_slab(m, BT_POSE_IDENTITY, (bt_vec3){0.42, 0.42, 0.88}, 0.04, 0.0, 3);
    bt_mesh_transform(m, mark, (bt_pose){{0, 0, 0.52}, BT_QUAT_IDENTITY});
    // wider at the top
    for (size_t i = mark.vertex; i < m->vertex_count; i++) {
        float *p = m->positions + 3 * i;
        float grow = 1.0f + 0.28f * (p[2] - 0.08f);
        p[0] *= grow;
        p[1] *= grow;
    }
    rounded(m, PLASTIC, at(-0.3, -0.28, 0.97), at(0.29, 0.28, 1.03), 0.02);
    rod(m, PLASTIC, at(-0.31, -0.22, 0.95), at(-0.31, 0.22, 0.95), 0.018, 0.018, 8);
    rod(m, BLACK, at(-0.22, -0.27, 0.1), at(-0.22, -0.22, 0.1), 0.1, 0.1, 16);
    rod(m, BLACK, at(-0.22, 0.22, 0.1), at(-0.22, 0.27, 0.1), 0.1, 0.1, 16);
}

void prop_bench(bt_mesh_builder *m)
{
    for (int i = 0; i < 4; i++)
        box(m, WOOD, at(-0.2 + 0.115 * i, -0.85, 0.43), at(-0.1 + 0.115 * i, 0.85, 0.465));
    for (int i = 0; i < 3; i++) {
        double z = 0.56 + 0.12 * i, x = -0.25 - 0.03 * i;
        box(m, WOOD, at(x - 0.035, -0.85, z), at(x, 0.85, z + 0.1));
    }
    for (int side = -1; side <= 1; side += 2) {
        double y = 0.7 * side;
        box(m, BLACK, at(-0.22, y - 0.025, 0.0), at(-0.17, y + 0.025, 0.43));
        box(m, BLACK, at(0.17, y - 0.025, 0.0), at(0.22, y + 0.025, 0.43));
        box(m, BLACK, at(-0.22, y - 0.025, 0.39), at(0.22, y + 0.025, 0.43));
        rod(m, BLACK, at(-0.2, y, 0.4), at(-0.35, y, 0.92), 0.02, 0.02, 6);
    }
}

void prop_mailbox(bt_mesh_builder *m)
{
    rod(m, GREY, at(0, 0, -0.3), at(0, 0, 1.0), 0.035, 0.035, 10);
    rounded(m, YELLOW, at(-0.16, -0.2, 0.95), at(0.16, 0.2, 1.5), 0.03);
    box(m, BLACK, at(0.155, -0.14, 1.36), at(0.165, 0.14, 1.39));
}

void prop_cabinet(bt_mesh_builder *m)
{
    box(m, CONCRETE, at(-0.19, -0.42, -0.3), at(0.19, 0.42, 0.12));
    rounded(m, GREY, at(-0.16, -0.38, 0.12), at(0.16, 0.38, 1.15), 0.012);
    box(m, GREY, at(-0.19, -0.41, 1.15), at(0.19, 0.41, 1.2));
    box(m, BLACK, at(0.158, -0.004, 0.16), at(0.163, 0.004, 1.12));
    box(m, GALVANISED, at(0.16, 0.03, 0.6), at(0.185, 0.055, 0.72));
}

void prop_hydrant(bt_mesh_builder *m)
{
    static const bt_point2 profile[] = {{0.0, -0.1},   {0.14, -0.1}, {0.14, 0.04}, {0.1, 0.06},
                                        {0.095, 0.55}, {0.13, 0.57}, {0.13, 0.61}, {0.1, 0.66},
                                        {0.04, 0.72},  {0.0, 0.73}};
    m->slot = RED;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, profile, 10, 16, 0.6);
    rod(m, RED, at(0, -0.17, 0.43), at(0, 0.17, 0.43), 0.05, 0.05, 10);
    rod(m, GALVANISED, at(0.08, 0, 0.4), at(0.17, 0, 0.4), 0.06, 0.06, 10);
}

void prop_cone(bt_mesh_builder *m)
{
    static const bt_point2 low[] = {{0.15, 0.03}, {0.103, 0.28}};
    static const bt_point2 band[] = {{0.103, 0.28}, {0.075, 0.43}};
    static const bt_point2 high[] = {{0.075, 0.43}, {0.03, 0.7}, {0.022, 0.7}, {0.0, 0.6}};
    rounded(m, ORANGE, at(-0.19, -0.19, 0.0), at(0.19, 0.19, 0.035), 0.012);
    m->slot = ORANGE;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, low, 2, 20, 0.6);
    m->slot = WHITE;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, band, 2, 20, 0.6);
    m->slot = ORANGE;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, high, 4, 20, 0.6);
}

void prop_drum(bt_mesh_builder *m)
{
    // MUTCD 6F.67 as remembered: 0.9 m high, 0.46 m wide, two orange and two white bands
    static const double z[] = {0.06, 0.26, 0.41, 0.56, 0.71, 0.9};
    static const double r[] = {0.255, 0.245, 0.235, 0.225, 0.215, 0.2};
    static const bt_point2 foot[] = {{0.38, 0.0}, {0.38, 0.05}, {0.27, 0.075}, {0.25, 0.075}};
    static const bt_point2 lid[] = {{0.2, 0.9}, {0.15, 0.93}, {0.0, 0.93}};
    m->slot = BLACK;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, foot, 4, 24, 0.6);
    for (int i = 0; i < 5; i++) {
        bt_point2 band[] = {{r[i], z[i]}, {r[i + 1], z[i + 1]}};
        m->slot = i % 2 ? WHITE : ORANGE;
        bt_mesh_add_lathe(m, BT_POSE_IDENTITY, band, 2, 24, 0.6);
    }
    m->slot = ORANGE;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, lid, 3, 24, 0.6);
    box(m, ORANGE, at(-0.1, -0.012, 0.92), at(0.1, 0.012, 1.0));
}

void prop_trestle(bt_mesh_builder *m)
{
    // StVO sign 600: a board of 0.25 m with red and white bars, 1 m above the road
    for (int side = -1; side <= 1; side += 2) {
        double y = 0.8 * side;
        box(m, GREY, at(-0.4, y - 0.03, 0.0), at(0.4, y + 0.03, 0.05));
        box(m, GREY, at(-0.02, y - 0.02, 0.05), at(0.02, y + 0.02, 1.05));
        rod(m, YELLOW, at(0.0, y, 1.06), at(0.0, y, 1.22), 0.09, 0.09, 16);
    }
    box(m, GREY, at(-0.015, -1.0, 0.8), at(0.02, 1.0, 1.05));
    for (int i = 0; i < 8; i++) {
        m->slot = i % 2 ? WHITE : RED;
        double y = -1.0 + 0.25 * i;
        bt_mesh_add_quad(m, at(0.022, y, 0.8), at(0.022, y + 0.25, 0.8), at(0.022, y + 0.25, 1.05),
                         at(0.022, y, 1.05));
        bt_mesh_add_quad(m, at(-0.017, y + 0.25, 0.8), at(-0.017, y, 0.8), at(-0.017, y, 1.05),
                         at(-0.017, y + 0.25, 1.05));
    }
}

void prop_manhole(bt_mesh_builder *m)
{
    static const bt_point2 ring[] = {{0.36, -0.05}, {0.36, 0.004}, {0.315, 0.004}, {0.31, -0.005}};
    m->slot = BLACK;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, ring, 4, 32, 0.5);
    rod(m, BLACK, at(0, 0, -0.05), at(0, 0, 0.001), 0.305, 0.305, 32);
    for (int i = -3; i <= 3; i++) {
        double half = sqrt(0.28 * 0.28 - 0.075 * 0.075 * i * i);
        box(m, GREY, at(0.075 * i - 0.02, -half, 0.0), at(0.075 * i + 0.02, half, 0.006));
    }
}

void prop_drain(bt_mesh_builder *m)
{
    box(m, BLACK, at(-0.2, -0.25, -0.05), at(0.2, 0.25, -0.012));
    for (int i = 0; i <= 6; i++)
        box(m, GREY, at(-0.2, -0.25 + 0.078 * i, -0.02), at(0.2, -0.22 + 0.078 * i, 0.003));
    box(m, GREY, at(-0.22, -0.26, -0.02), at(-0.19, 0.26, 0.003));
    box(m, GREY, at(0.19, -0.26, -0.02), at(0.22, 0.26, 0.003));
}

void prop_bus_shelter(bt_mesh_builder *m)
{
    for (int i = 0; i < 3; i++)
        box(m, GREY, at(-0.85, -2.0 + 2.0 * i - 0.04, -0.2), at(-0.77, -2.0 + 2.0 * i + 0.04, 2.4));
    for (int i = 0; i < 2; i++)
        box(m, GLASS, at(-0.815, -1.95 + 2.0 * i, 0.3), at(-0.805, -0.05 + 2.0 * i, 2.2));
    box(m, GLASS, at(-0.75, -2.01, 0.3), at(0.1, -2.0, 2.2));
    box(m, GREY, at(0.08, -2.04, -0.2), at(0.15, -1.97, 2.4));
    rounded(m, GREY, at(-1.0, -2.15, 2.4), at(0.75, 2.15, 2.5), 0.03);
    for (int i = 0; i < 3; i++)
        box(m, WOOD, at(-0.72 + 0.13 * i, -1.2, 0.45), at(-0.61 + 0.13 * i, 1.2, 0.48));
    for (int side = -1; side <= 1; side += 2)
        box(m, GREY, at(-0.7, side * 1.0 - 0.02, 0.0), at(-0.35, side * 1.0 + 0.02, 0.45));
}
