// prop_modules.c: rails, barriers, fences and walls: one module each, to be set in rows.
#include "procedural/props/prop_parts.h"

#include <math.h>

// W-beam of EN 1317 barriers: 310 mm high, 81 mm deep, on posts; as seen from the road (+x).
void prop_guard_rail(bt_mesh_builder *m)
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

void prop_concrete_barrier(bt_mesh_builder *m)
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

void prop_noise_wall(bt_mesh_builder *m)
{
    noise_panels(m, 8);
}

void prop_noise_wall_low(bt_mesh_builder *m)
{
    noise_panels(m, 5);
}

void prop_fence_plank(bt_mesh_builder *m)
{
    for (int i = 0; i < 17; i++) {
        double y = -1.2 + 0.1412 * i, top = 1.72 + 0.012 * ((i * 7) % 3);
        box(m, FENCE, at(0.0, y + 0.004, 0.04), at(0.02, y + 0.136, top));
    }
    box(m, FENCE, at(-0.05, -1.2, 0.4), at(0.0, 1.2, 0.48));
    box(m, FENCE, at(-0.05, -1.2, 1.3), at(0.0, 1.2, 1.38));
    box(m, FENCE, at(-0.13, -1.25, -0.5), at(-0.03, -1.15, 1.8));
}

void prop_fence_picket(bt_mesh_builder *m)
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

void prop_fence_bars(bt_mesh_builder *m)
{
    for (int i = 0; i < 20; i++)
        rod(m, BLACK, at(0, -1.25 + 0.125 * i, 0.1), at(0, -1.25 + 0.125 * i, 1.2), 0.009, 0.009,
            5);
    box(m, BLACK, at(-0.02, -1.25, 0.14), at(0.02, 1.25, 0.17));
    box(m, BLACK, at(-0.02, -1.25, 1.1), at(0.02, 1.25, 1.13));
    box(m, BLACK, at(-0.03, -1.28, -0.4), at(0.03, -1.22, 1.28));
}

void prop_fence_rail(bt_mesh_builder *m)
{
    rod(m, FENCE, at(0, -1.5, -0.5), at(0.02, -1.5, 1.15), 0.055, 0.05, 8);
    rod(m, FENCE, at(0.05, -1.52, 0.5), at(0.05, 1.55, 0.47), 0.035, 0.04, 7);
    rod(m, FENCE, at(0.05, -1.55, 0.95), at(0.05, 1.52, 0.98), 0.04, 0.035, 7);
}

void prop_wall(bt_mesh_builder *m)
{
    box(m, BRICK, at(-0.11, -1.5, -0.5), at(0.11, 1.5, 0.78));
    box(m, STONE, at(-0.15, -1.5, 0.78), at(0.15, 1.5, 0.84));
}
