// prop.c: street furniture, one short function each.
#include "procedural/props/prop.h"

#include "engine/core/random.h"
#include "procedural/mesh_shapes.h"
#include "procedural/palette.h"

#include <math.h>

typedef enum prop_slot {
    GALVANISED,
    GREY,
    GREEN,
    BLACK,
    CONCRETE,
    WOOD,
    FENCE,
    STONE,
    PLASTIC,
    ORANGE,
    WHITE,
    RED,
    LAMP,
    SODIUM,
    LANTERN,
    RAIL,
    BRICK,
    GLASS,
    YELLOW,
    SLOTS
} prop_slot;

static const char *const slot_materials[SLOTS] = {
    [GALVANISED] = "metal_galvanised",
    [GREY] = "metal_painted_grey",
    [GREEN] = "metal_painted_green",
    [BLACK] = "metal_painted_black",
    [CONCRETE] = "concrete_wall",
    [WOOD] = "wood",
    [FENCE] = "fence_wood",
    [STONE] = "stone",
    [PLASTIC] = "bin_plastic",
    [ORANGE] = "cone_orange",
    [WHITE] = "sign_white",
    [RED] = "sign_red",
    [LAMP] = "lamp_street",
    [SODIUM] = "lamp_street_sodium",
    [LANTERN] = "lamp_lantern",
    [RAIL] = "guard_rail",
    [BRICK] = "brick_red",
    [GLASS] = "window_glass",
    [YELLOW] = "sign_yellow",
};

static bt_vec3 at(double x, double y, double z)
{
    return (bt_vec3){x, y, z};
}

static void box(bt_mesh_builder *m, prop_slot slot, bt_vec3 low, bt_vec3 high)
{
    bt_pose pose = {bt_vec3_lerp(low, high, 0.5), BT_QUAT_IDENTITY};
    m->slot = (uint8_t)slot;
    bt_mesh_add_box(m, pose, bt_vec3_sub(high, low));
}

static void rounded(bt_mesh_builder *m, prop_slot slot, bt_vec3 low, bt_vec3 high, double radius)
{
    bt_pose pose = {bt_vec3_lerp(low, high, 0.5), BT_QUAT_IDENTITY};
    m->slot = (uint8_t)slot;
    bt_mesh_add_rounded_box(m, pose, bt_vec3_sub(high, low), radius, 2);
}

static void rod(bt_mesh_builder *m, prop_slot slot, bt_vec3 from, bt_vec3 to, double r0, double r1,
                unsigned sides)
{
    m->slot = (uint8_t)slot;
    bt_mesh_add_cylinder(m, from, to, r0, r1, sides);
}

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
        path[i] = at(0.9 * (1.0 - cos(angle)), 0, height - 0.65 + 0.55 * sin(angle));
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

static void lamp_street(bt_mesh_builder *m)
{
    lamp(m, 8.0, 1.6, LAMP, true);
}

static void lamp_motorway(bt_mesh_builder *m)
{
    lamp(m, 11.0, 2.6, SODIUM, false);
}

static void lamp_post(bt_mesh_builder *m)
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

static void utility_pole(bt_mesh_builder *m)
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

static void delineator(bt_mesh_builder *m)
{
    static const bt_point2 shape[] = {{-0.05, -0.06}, {0.05, -0.02}, {0.05, 0.02}, {-0.05, 0.06}};
    m->slot = WHITE;
    bt_mesh_add_prism(m, BT_POSE_IDENTITY, shape, 4, -0.3, 1.0);
    box(m, BLACK, at(-0.052, -0.062, 0.62), at(0.053, 0.062, 0.84));
    box(m, ORANGE, at(0.053, -0.02, 0.65), at(0.056, 0.02, 0.81));
    box(m, WHITE, at(-0.056, -0.045, 0.65), at(-0.052, 0.045, 0.81));
}

static void bollard(bt_mesh_builder *m)
{
    static const bt_point2 profile[] = {{0.0, -0.2},  {0.065, -0.2}, {0.065, 0.72}, {0.075, 0.74},
                                        {0.075, 0.8}, {0.05, 0.86},  {0.0, 0.88}};
    m->slot = BLACK;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, profile, 7, 16, 0.7);
    rod(m, WHITE, at(0, 0, 0.62), at(0, 0, 0.68), 0.0665, 0.0665, 16);
}

// ---- furniture --------------------------------------------------------------------------------

static void bin(bt_mesh_builder *m)
{
    static const bt_point2 profile[] = {{0.0, 0.12}, {0.19, 0.12}, {0.21, 0.75}, {0.23, 0.77},
                                        {0.23, 0.8}, {0.17, 0.8},  {0.165, 0.6}, {0.0, 0.6}};
    m->slot = GREEN;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, profile, 8, 18, 0.6);
    rod(m, GALVANISED, at(-0.24, 0, -0.3), at(-0.24, 0, 1.0), 0.03, 0.03, 10);
}

static void wheeled_bin(bt_mesh_builder *m)
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

static void bench(bt_mesh_builder *m)
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

static void mailbox(bt_mesh_builder *m)
{
    rod(m, GREY, at(0, 0, -0.3), at(0, 0, 1.0), 0.035, 0.035, 10);
    rounded(m, YELLOW, at(-0.16, -0.2, 0.95), at(0.16, 0.2, 1.5), 0.03);
    box(m, BLACK, at(0.155, -0.14, 1.36), at(0.165, 0.14, 1.39));
}

static void cabinet(bt_mesh_builder *m)
{
    box(m, CONCRETE, at(-0.19, -0.42, -0.3), at(0.19, 0.42, 0.12));
    rounded(m, GREY, at(-0.16, -0.38, 0.12), at(0.16, 0.38, 1.15), 0.012);
    box(m, GREY, at(-0.19, -0.41, 1.15), at(0.19, 0.41, 1.2));
    box(m, BLACK, at(0.158, -0.004, 0.16), at(0.163, 0.004, 1.12));
    box(m, GALVANISED, at(0.16, 0.03, 0.6), at(0.185, 0.055, 0.72));
}

static void hydrant(bt_mesh_builder *m)
{
    static const bt_point2 profile[] = {{0.0, -0.1},   {0.14, -0.1}, {0.14, 0.04}, {0.1, 0.06},
                                        {0.095, 0.55}, {0.13, 0.57}, {0.13, 0.61}, {0.1, 0.66},
                                        {0.04, 0.72},  {0.0, 0.73}};
    m->slot = RED;
    bt_mesh_add_lathe(m, BT_POSE_IDENTITY, profile, 10, 16, 0.6);
    rod(m, RED, at(0, -0.17, 0.43), at(0, 0.17, 0.43), 0.05, 0.05, 10);
    rod(m, GALVANISED, at(0.08, 0, 0.4), at(0.17, 0, 0.4), 0.06, 0.06, 10);
}

static void cone(bt_mesh_builder *m)
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

static void drum(bt_mesh_builder *m)
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

static void trestle(bt_mesh_builder *m)
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

static void manhole(bt_mesh_builder *m)
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

static void drain(bt_mesh_builder *m)
{
    box(m, BLACK, at(-0.2, -0.25, -0.05), at(0.2, 0.25, -0.012));
    for (int i = 0; i <= 6; i++)
        box(m, GREY, at(-0.2, -0.25 + 0.078 * i, -0.02), at(0.2, -0.22 + 0.078 * i, 0.003));
    box(m, GREY, at(-0.22, -0.26, -0.02), at(-0.19, 0.26, 0.003));
    box(m, GREY, at(0.19, -0.26, -0.02), at(0.22, 0.26, 0.003));
}

static void bus_shelter(bt_mesh_builder *m)
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

// ---- modules ----------------------------------------------------------------------------------

// W-beam of EN 1317 barriers: 310 mm high, 81 mm deep, on posts; as seen from the road (+x).
static void guard_rail(bt_mesh_builder *m)
{
    static const bt_point2 wave[] = {{0.0, -0.155},  {0.03, -0.14},  {0.075, -0.1}, {0.081, -0.075},
                                     {0.075, -0.05}, {0.02, -0.015}, {0.02, 0.015}, {0.075, 0.05},
                                     {0.081, 0.075}, {0.075, 0.1},   {0.03, 0.14},  {0.0, 0.155}};
    bt_vec3 points[2][12];
    for (int end = 0; end < 2; end++) {
        for (int i = 0; i < 12; i++)
            points[end][i] = at(wave[i].x, end ? 2.02 : -2.02, 0.6 + wave[i].y);
    }
    m->slot = RAIL;
    // columns run upward, rows along y: the front is +x
    bt_mesh_add_grid(m, &points[0][0], 2, 12, 0, 0.6);
    for (int i = 0; i < 2; i++) {
        double y = -1.0 + 2.0 * i;
        box(m, RAIL, at(-0.13, y - 0.03, -0.5), at(-0.1, y + 0.03, 0.72));
        box(m, RAIL, at(-0.1, y - 0.006, -0.5), at(-0.07, y + 0.006, 0.72));
        box(m, RAIL, at(-0.1, y - 0.05, 0.52), at(0.02, y + 0.05, 0.68));
    }
}

static void concrete_barrier(bt_mesh_builder *m)
{
    static const bt_point2 shape[] = {{-0.3, 0.0},  {-0.3, 0.08}, {-0.13, 0.33}, {-0.08, 0.81},
                                      {0.08, 0.81}, {0.13, 0.33}, {0.3, 0.08},   {0.3, 0.0}};
    bt_vec3 path[2] = {at(0, -1.495, -0.05), at(0, 1.495, -0.05)};
    m->slot = CONCRETE;
    // the profile's x points to the left of the path: -x; turned round it is the same shape
    bt_point2 closed[8];
    for (int i = 0; i < 8; i++)
        closed[i] = shape[7 - i];
    bt_mesh_add_sweep(m, path, 2, closed, 8, true, 0.2);
}

// Absorbing concrete panels, ribbed towards the road, half a metre each, between steel posts of 160 mm.
static void noise_panels(bt_mesh_builder *m, int panels)
{
    double height = 0.5 * panels;
    for (int end = -1; end <= 1; end += 2)
        box(m, GALVANISED, at(-0.08, end * 2.0 - 0.04, -1.0),
            at(0.08, end * 2.0 + 0.04, height + 0.05));
    box(m, CONCRETE, at(-0.06, -1.96, -0.6), at(0.06, 1.96, 0.5));
    for (int i = 1; i < panels; i++)
        box(m, GREEN, at(-0.05, -1.96, 0.5 * i + 0.005), at(0.05, 1.96, 0.5 * i + 0.495));
    for (int i = 1; i < panels; i++)
        for (int k = 0; k < 4; k++)
            box(m, GREEN, at(0.05, -1.96, 0.5 * i + 0.03 + 0.12 * k),
                at(0.065, 1.96, 0.5 * i + 0.09 + 0.12 * k));
}

static void noise_wall(bt_mesh_builder *m)
{
    noise_panels(m, 8);
}

static void noise_wall_low(bt_mesh_builder *m)
{
    noise_panels(m, 5);
}

static void fence_plank(bt_mesh_builder *m)
{
    for (int i = 0; i < 17; i++) {
        double y = -1.2 + 0.1412 * i, top = 1.72 + 0.012 * ((i * 7) % 3);
        box(m, FENCE, at(0.0, y + 0.004, 0.04), at(0.02, y + 0.136, top));
    }
    box(m, FENCE, at(-0.05, -1.2, 0.4), at(0.0, 1.2, 0.48));
    box(m, FENCE, at(-0.05, -1.2, 1.3), at(0.0, 1.2, 1.38));
    box(m, FENCE, at(-0.13, -1.25, -0.5), at(-0.03, -1.15, 1.8));
}

static void fence_picket(bt_mesh_builder *m)
{
    for (int i = 0; i < 20; i++) {
        double y = -1.2 + 0.12 * i;
        box(m, WHITE, at(0.0, y + 0.02, 0.06), at(0.02, y + 0.095, 0.92));
        bt_vec3 a = at(0.0, y + 0.02, 0.92), b = at(0.0, y + 0.095, 0.92),
                top = at(0.0, y + 0.0575, 0.98);
        bt_vec3 shift = {0.02, 0, 0};
        m->slot = WHITE;
        bt_mesh_add_quad(m, bt_vec3_add(a, shift), bt_vec3_add(b, shift), bt_vec3_add(top, shift),
                         bt_vec3_add(top, shift));
        bt_mesh_add_quad(m, b, a, top, top);
    }
    box(m, WHITE, at(-0.04, -1.2, 0.25), at(0.0, 1.2, 0.33));
    box(m, WHITE, at(-0.04, -1.2, 0.7), at(0.0, 1.2, 0.78));
    box(m, WHITE, at(-0.11, -1.25, -0.4), at(-0.02, -1.15, 1.02));
}

static void fence_bars(bt_mesh_builder *m)
{
    for (int i = 0; i < 20; i++)
        rod(m, BLACK, at(0, -1.25 + 0.125 * i, 0.1), at(0, -1.25 + 0.125 * i, 1.2), 0.009, 0.009,
            5);
    box(m, BLACK, at(-0.02, -1.25, 0.14), at(0.02, 1.25, 0.17));
    box(m, BLACK, at(-0.02, -1.25, 1.1), at(0.02, 1.25, 1.13));
    box(m, BLACK, at(-0.03, -1.28, -0.4), at(0.03, -1.22, 1.28));
}

static void fence_rail(bt_mesh_builder *m)
{
    rod(m, FENCE, at(0, -1.5, -0.5), at(0.02, -1.5, 1.15), 0.055, 0.05, 8);
    rod(m, FENCE, at(0.05, -1.52, 0.5), at(0.05, 1.55, 0.47), 0.035, 0.04, 7);
    rod(m, FENCE, at(0.05, -1.55, 0.95), at(0.05, 1.52, 0.98), 0.04, 0.035, 7);
}

static void wall(bt_mesh_builder *m)
{
    box(m, BRICK, at(-0.11, -1.5, -0.5), at(0.11, 1.5, 0.78));
    box(m, STONE, at(-0.15, -1.5, 0.78), at(0.15, 1.5, 0.84));
}

// ---- table ------------------------------------------------------------------------------------

typedef struct prop_kind {
    const char *name;
    void (*make)(bt_mesh_builder *);
    bt_class class_id;
    double radius_m, module_m;
} prop_kind;

static const prop_kind kinds[BT_PROP_KIND_COUNT] = {
    [BT_PROP_LAMP_STREET] = {"street lamp", lamp_street, BT_CLASS_POLE, 0.12, 0},
    [BT_PROP_LAMP_POST] = {"lamp post", lamp_post, BT_CLASS_POLE, 0.1, 0},
    [BT_PROP_LAMP_MOTORWAY] = {"motorway lamp", lamp_motorway, BT_CLASS_POLE, 0.12, 0},
    [BT_PROP_UTILITY_POLE] = {"utility pole", utility_pole, BT_CLASS_POLE, 0.17, 0},
    [BT_PROP_DELINEATOR] = {"delineator", delineator, BT_CLASS_POLE, 0.08, 0},
    [BT_PROP_BOLLARD] = {"bollard", bollard, BT_CLASS_POLE, 0.08, 0},
    [BT_PROP_BIN] = {"bin", bin, BT_CLASS_PROP, 0.3, 0},
    [BT_PROP_WHEELED_BIN] = {"wheeled bin", wheeled_bin, BT_CLASS_PROP, 0.4, 0},
    [BT_PROP_BENCH] = {"bench", bench, BT_CLASS_PROP, 0.9, 0},
    [BT_PROP_MAILBOX] = {"mailbox", mailbox, BT_CLASS_PROP, 0.25, 0},
    [BT_PROP_CABINET] = {"cabinet", cabinet, BT_CLASS_PROP, 0.45, 0},
    [BT_PROP_HYDRANT] = {"hydrant", hydrant, BT_CLASS_PROP, 0.2, 0},
    [BT_PROP_CONE] = {"cone", cone, BT_CLASS_PROP, 0.27, 0},
    [BT_PROP_DRUM] = {"drum", drum, BT_CLASS_PROP, 0.38, 0},
    [BT_PROP_TRESTLE] = {"barrier board", trestle, BT_CLASS_PROP, 1.0, 0},
    [BT_PROP_MANHOLE] = {"manhole cover", manhole, BT_CLASS_ROAD, 0.36, 0},
    [BT_PROP_DRAIN] = {"drain", drain, BT_CLASS_ROAD, 0.3, 0},
    [BT_PROP_GUARD_RAIL] = {"guard rail", guard_rail, BT_CLASS_GUARD_RAIL, 0.2, 4.0},
    [BT_PROP_CONCRETE_BARRIER] = {"concrete barrier", concrete_barrier, BT_CLASS_GUARD_RAIL, 0.3,
                                  3.0},
    [BT_PROP_NOISE_WALL] = {"noise wall", noise_wall, BT_CLASS_WALL, 0.15, 4.0},
    [BT_PROP_NOISE_WALL_LOW] = {"noise wall", noise_wall_low, BT_CLASS_WALL, 0.15, 4.0},
    [BT_PROP_FENCE_PLANK] = {"plank fence", fence_plank, BT_CLASS_FENCE, 0.15, 2.4},
    [BT_PROP_FENCE_PICKET] = {"picket fence", fence_picket, BT_CLASS_FENCE, 0.12, 2.4},
    [BT_PROP_FENCE_BARS] = {"bar fence", fence_bars, BT_CLASS_FENCE, 0.05, 2.5},
    [BT_PROP_FENCE_RAIL] = {"field fence", fence_rail, BT_CLASS_FENCE, 0.1, 3.0},
    [BT_PROP_WALL] = {"garden wall", wall, BT_CLASS_WALL, 0.15, 3.0},
    [BT_PROP_BUS_SHELTER] = {"bus shelter", bus_shelter, BT_CLASS_PROP, 2.2, 0},
};

static bt_status finish(bt_mesh_builder *mesh, bt_spec *spec, const char *name, bt_class class_id,
                        uint32_t *index)
{
    bt_palette_entry entries[SLOTS];
    bt_slot slots[SLOTS];
    for (int i = 0; i < SLOTS; i++)
        entries[i] = (bt_palette_entry){slot_materials[i], class_id};
    bt_status status = bt_palette_find(spec, entries, SLOTS, slots);
    if (!status) status = bt_mesh_finish(mesh, spec, name, slots, SLOTS, index);
    bt_mesh_clear(mesh);
    return status;
}

bt_status bt_prop_build(bt_spec *spec, bt_prop_kind kind, bt_prop *prop)
{
    const prop_kind *k = &kinds[kind];
    bt_mesh_builder mesh = {0};
    k->make(&mesh);
    double height = 0.0;
    for (size_t i = 0; i < mesh.vertex_count; i++)
        height = fmax(height, (double)mesh.positions[3 * i + 2]);
    *prop = (bt_prop){BT_NO_INDEX, k->class_id, k->radius_m, height, k->module_m, k->name};
    return finish(&mesh, spec, k->name, k->class_id, &prop->mesh);
}

bt_status bt_prop_wires_build(bt_spec *spec, bt_pose from, bt_pose to, double slack, uint32_t *mesh)
{
    bt_mesh_builder builder = {0};
    for (int wire = -1; wire <= 1; wire++) {
        bt_vec3 hook = at(0.95 * wire, 0, 8.6);
        bt_vec3 a = bt_vec3_sub(bt_pose_point(from, hook), from.pos);
        bt_vec3 b = bt_vec3_sub(bt_pose_point(to, hook), from.pos);
        double sag = slack * bt_vec3_distance(a, b);
        bt_vec3 path[13];
        double radii[13];
        for (int i = 0; i < 13; i++) {
            double u = i / 12.0;
            path[i] = bt_vec3_lerp(a, b, u);
            path[i].z -= 4.0 * sag * u * (1.0 - u); // a parabola: a taut catenary to first order
            radii[i] = 0.008;
        }
        builder.slot = BLACK;
        bt_mesh_add_tube(&builder, path, radii, 13, 3);
    }
    return finish(&builder, spec, "wires", BT_CLASS_POLE, mesh);
}

static bt_status finish_plain(bt_mesh_builder *mesh, bt_spec *spec, const char *name,
                              const char *material, bt_class class_id, uint32_t *index)
{
    bt_palette_entry entry = {material, class_id};
    bt_slot slot;
    bt_status status = bt_palette_find(spec, &entry, 1, &slot);
    if (!status) status = bt_mesh_finish(mesh, spec, name, &slot, 1, index);
    bt_mesh_clear(mesh);
    return status;
}

bt_status bt_prop_block_build(bt_spec *spec, const char *material, bt_class class_id,
                              double length_m, double width_m, double height_m, uint32_t *mesh)
{
    bt_mesh_builder builder = {0};
    double bevel = fmin(0.03, 0.2 * fmin(length_m, fmin(width_m, height_m)));
    bt_pose pose = {{0, 0, 0.5 * height_m - 0.1}, BT_QUAT_IDENTITY};
    bt_mesh_add_rounded_box(&builder, pose, (bt_vec3){length_m, width_m, height_m + 0.2}, bevel, 1);
    return finish_plain(&builder, spec, "block", material, class_id, mesh);
}

// An ellipsoid squared off, its corners pushed in by chance.
bt_status bt_prop_lump_build(bt_spec *spec, const char *material, bt_class class_id,
                             const double size[3], uint64_t seed, uint32_t index, uint32_t *mesh)
{
    bt_mesh_builder builder = {0};
    bt_mesh_add_ellipsoid(&builder, BT_POSE_IDENTITY, (bt_vec3){1.0, 1.0, 1.0}, 14);
    for (size_t i = 0; i < builder.vertex_count; i++) {
        float *v = builder.positions + 3 * i;
        // the same place gets the same push, whatever its number: seams stay closed
        uint32_t place = (uint32_t)(lroundf(50.0f * v[0]) * 7919 + lroundf(50.0f * v[1]) * 104729 +
                                    lroundf(50.0f * v[2]) * 1299709);
        double push = bt_random_range(seed ^ index, BT_STREAM_PLACEMENT, place, 90, 0.82, 1.0);
        for (int k = 0; k < 3; k++) {
            double squared = copysign(pow(fabs((double)v[k]), 0.45), (double)v[k]) * push;
            v[k] = (float)(0.5 * size[k] * bt_clamp(squared, -1.0, 1.0));
        }
        v[2] += (float)(0.5 * size[2]);
    }
    bt_mesh_smooth(&builder, (bt_mesh_mark){0, 0}, 0.6);
    return finish_plain(&builder, spec, "lump", material, class_id, mesh);
}

bt_status bt_prop_post_build(bt_spec *spec, const char *material, bt_class class_id,
                             double radius_m, double height_m, uint32_t *mesh)
{
    bt_mesh_builder builder = {0};
    bt_mesh_add_cylinder(&builder, at(0, 0, -0.3), at(0, 0, height_m), radius_m, radius_m, 16);
    return finish_plain(&builder, spec, "post", material, class_id, mesh);
}
