// sign_symbols.c: strokes and heads of arrows.
#include "procedural/props/sign_symbols.h"

#include <math.h>

// A stroke between two points of the symbol's plane, in parts of its size.
static void stroke(bt_mesh_builder *m, bt_symbol_place at, bt_point2 a, bt_point2 b, double width)
{
    double length = bt_hypot(b.x - a.x, b.y - a.y);
    if (length < 1e-9) return;
    double ny = -0.5 * width * (b.y - a.y) / length;
    double nz = 0.5 * width * (b.x - a.x) / length;
    const bt_point2 p[4] = {
        {a.x - ny, a.y - nz}, {b.x - ny, b.y - nz}, {b.x + ny, b.y + nz}, {a.x + ny, a.y + nz}};
    bt_vec3 v[4];
    for (int i = 0; i < 4; i++)
        v[i] = (bt_vec3){at.x, at.size * p[i].x, at.z + at.size * p[i].y};
    bt_mesh_add_quad(m, v[0], v[1], v[2], v[3]);
}

static void triangle(bt_mesh_builder *m, bt_symbol_place at, bt_point2 a, bt_point2 b, bt_point2 c)
{
    const bt_point2 p[3] = {a, b, c};
    bool turned = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) < 0.0;
    uint32_t v[3];
    for (int i = 0; i < 3; i++) {
        bt_vec3 pos = {at.x, at.size * p[i].x, at.z + at.size * p[i].y};
        v[i] = bt_mesh_add_vertex(m, pos, (bt_vec3){1.0, 0.0, 0.0}, pos.y, pos.z);
    }
    bt_mesh_add_triangle(m, v[0], turned ? v[2] : v[1], turned ? v[1] : v[2]);
}

// Strokes along the points, a head at the last one.
static void arrow(bt_mesh_builder *m, bt_symbol_place at, const bt_point2 *points, int count,
                  double width, double head)
{
    for (int i = 0; i + 1 < count; i++)
        stroke(m, at, points[i], points[i + 1], width);
    bt_point2 a = points[count - 2];
    bt_point2 b = points[count - 1];
    double length = bt_hypot(b.x - a.x, b.y - a.y);
    double u = (b.x - a.x) / length;
    double v = (b.y - a.y) / length;
    triangle(m, at, (bt_point2){b.x + head * u, b.y + head * v},
             (bt_point2){b.x - 0.9 * head * v, b.y + 0.9 * head * u},
             (bt_point2){b.x + 0.9 * head * v, b.y - 0.9 * head * u});
}

void bt_symbol_add_curve(bt_mesh_builder *m, bt_symbol_place at, bool left)
{
    double side = left ? -1.0 : 1.0;
    bt_point2 points[8];
    points[0] = (bt_point2){-0.12 * side, -0.3};
    for (int i = 0; i < 7; i++) { // a quarter of a circle, then the head
        double angle = 1.1 * i / 6.0;
        points[i + 1] =
            (bt_point2){side * (-0.12 + 0.3 * (1.0 - bt_cos(angle))), -0.08 + 0.3 * bt_sin(angle)};
    }
    arrow(m, at, points, 8, 0.09, 0.12);
}

void bt_symbol_add_roundabout(bt_mesh_builder *m, bt_symbol_place at)
{
    for (int k = 0; k < 3; k++) { // clockwise as seen would be left-hand traffic
        bt_point2 points[7];
        for (int i = 0; i < 7; i++) {
            double angle = (120.0 * k + 90.0 + 72.0 * i / 6.0) * 3.14159265358979324 / 180.0;
            points[i] = (bt_point2){0.28 * bt_cos(angle), 0.28 * bt_sin(angle)};
        }
        arrow(m, at, points, 7, 0.08, 0.13);
    }
}

void bt_symbol_add_pass(bt_mesh_builder *m, bt_symbol_place at, bool left)
{
    double side = left ? -1.0 : 1.0;
    const bt_point2 points[2] = {{-0.24 * side, 0.24}, {0.13 * side, -0.13}};
    arrow(m, at, points, 2, 0.12, 0.2);
}

void bt_symbol_add_exit(bt_mesh_builder *m, bt_symbol_place at)
{
    const bt_point2 points[2] = {{-0.3, -0.3}, {0.2, 0.2}};
    arrow(m, at, points, 2, 0.14, 0.25);
}

void bt_symbol_add_works(bt_mesh_builder *m, bt_symbol_place at)
{
    static const struct {
        bt_point2 a, b;
        double width;
    } limbs[] = {{{0.02, 0.06}, {0.09, -0.1}, 0.09},   // back
                 {{0.09, -0.1}, {-0.02, -0.3}, 0.055}, // legs
                 {{0.09, -0.1}, {0.18, -0.3}, 0.055},
                 {{0.02, 0.05}, {-0.1, -0.06}, 0.045},   // arm
                 {{0.06, 0.02}, {-0.22, -0.26}, 0.025}}; // shovel
    for (int i = 0; i < 5; i++)
        stroke(m, at, limbs[i].a, limbs[i].b, limbs[i].width);
    for (int i = 0; i < 8; i++) { // head
        double a = 0.7854 * i;
        double b = 0.7854 * (i + 1);
        triangle(m, at, (bt_point2){-0.02, 0.15},
                 (bt_point2){-0.02 + 0.055 * bt_cos(a), 0.15 + 0.055 * bt_sin(a)},
                 (bt_point2){-0.02 + 0.055 * bt_cos(b), 0.15 + 0.055 * bt_sin(b)});
    }
    triangle(m, at, (bt_point2){-0.34, -0.3}, (bt_point2){-0.1, -0.3}, (bt_point2){-0.22, -0.18});
}

void bt_symbol_add_chevron(bt_mesh_builder *m, bt_symbol_place at, double y, bool left)
{
    double side = left ? -1.0 : 1.0;
    double middle = y / at.size;
    for (int k = -1; k <= 1; k += 2) {
        bt_vec3 p[4];
        const bt_point2 corners[4] = {{-0.42, 0.5 * k}, {-0.12, 0.5 * k}, {0.38, 0.0}, {0.08, 0.0}};
        for (int i = 0; i < 4; i++)
            p[i] = (bt_vec3){at.x, at.size * (middle + side * corners[i].x),
                             at.z + at.size * corners[i].y};
        bool turned = (side > 0.0) == (k > 0);
        bt_mesh_add_quad(m, p[0], turned ? p[3] : p[1], p[2], turned ? p[1] : p[3]);
    }
}
