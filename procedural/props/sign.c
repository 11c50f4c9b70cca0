// sign.c: plates.
#include "procedural/props/sign.h"

#include "procedural/mesh_shapes.h"
#include "procedural/palette.h"
#include "procedural/props/sign_symbols.h"
#include "procedural/props/strokes.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum sign_slot { WHITE, RED, BLUE, YELLOW, BLACK, BACK, POLE, SLOTS } sign_slot;

#define PLATE_M 0.003 // thickness of the aluminium sheet
#define FILM_M 0.0012 // between printed layers, so that they do not share a plane

// ---- what a signal means ----------------------------------------------------------------------

typedef struct known_type {
    const char *country, *type, *subtype; // subtype "": any
    bt_sign_face face;
} known_type;

static const known_type known_types[] = {
    {"de", "206", "", BT_SIGN_STOP},       {"de", "205", "", BT_SIGN_YIELD},
    {"de", "274", "", BT_SIGN_SPEED},      {"de", "274.1", "", BT_SIGN_SPEED},
    {"de", "278", "", BT_SIGN_SPEED_END},  {"de", "306", "", BT_SIGN_PRIORITY},
    {"de", "301", "", BT_SIGN_WARNING},    {"de", "267", "", BT_SIGN_NO_ENTRY},
    {"de", "350", "", BT_SIGN_CROSSWALK},  {"de", "101", "", BT_SIGN_WARNING},
    {"de", "250", "", BT_SIGN_PROHIBITED}, {"de", "209", "", BT_SIGN_MANDATORY},
    {"de", "103", "", BT_SIGN_CURVE},      {"de", "105", "", BT_SIGN_CURVE},
    {"de", "123", "", BT_SIGN_WORKS},      {"de", "215", "", BT_SIGN_ROUNDABOUT},
    {"de", "222", "", BT_SIGN_PASS},       {"de", "625", "", BT_SIGN_CHEVRONS},
    {"de", "332", "", BT_SIGN_EXIT},       {"de", "333", "", BT_SIGN_EXIT},
    {"de", "438", "", BT_SIGN_DIRECTION},  {"de", "448", "", BT_SIGN_GUIDE},
    {"se", "b", "1", BT_SIGN_YIELD},       {"se", "b", "2", BT_SIGN_STOP},
    {"se", "b", "3", BT_SIGN_CROSSWALK},   {"se", "b", "4", BT_SIGN_PRIORITY},
    {"se", "c", "1", BT_SIGN_NO_ENTRY},    {"se", "c", "31", BT_SIGN_SPEED},
    {"se", "c", "27", BT_SIGN_PROHIBITED}, {"se", "c", "28", BT_SIGN_SPEED_END},
    {"se", "c", "", BT_SIGN_PROHIBITED},   {"se", "a", "", BT_SIGN_WARNING},
    {"se", "d", "", BT_SIGN_MANDATORY},    {"us", "R1-1", "", BT_SIGN_STOP},
    {"us", "R1-2", "", BT_SIGN_YIELD},     {"us", "R2-1", "", BT_SIGN_SPEED_US},
    {"", "206", "", BT_SIGN_STOP},         {"", "205", "", BT_SIGN_YIELD},
    {"", "274", "", BT_SIGN_SPEED},        {"", "306", "", BT_SIGN_PRIORITY},
    {"", "267", "", BT_SIGN_NO_ENTRY},     {"", "101", "", BT_SIGN_WARNING},
};

static int same_text(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b)) return 0;
    }
    return *a == *b;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

// Swedish files give tens ("5" is 50), German ones the number as value or subtype ("50", "274-50").
static int speed_number(const bt_signal *signal)
{
    const char *subtype = or_empty(signal->subtype);
    double value = signal->value;
    if (same_text(or_empty(signal->country), "se") && value > 0.0 && value < 15.0) value *= 10.0;
    if (value <= 0.0 && strcmp(subtype, "-1") != 0) { // "50", "274-50"
        const char *dash = strrchr(subtype, '-');
        value = atof(dash ? dash + 1 : subtype);
    }
    if (value <= 0.0) value = atof(or_empty(signal->text));
    return (int)bt_clamp(value, 0.0, 199.0);
}

bt_sign_desc bt_sign_describe(const bt_signal *signal)
{
    bt_sign_desc desc = {.face = BT_SIGN_PLATE};
    const char *country = or_empty(signal->country), *type = or_empty(signal->type);
    const char *subtype = or_empty(signal->subtype);
    if (!same_text(country, "se") && !same_text(country, "us")) country = "de";
    for (size_t i = 0; i < sizeof known_types / sizeof *known_types; i++) {
        const known_type *known = &known_types[i];
        if (known->country[0] && !same_text(known->country, country)) continue;
        if (!same_text(known->type, type)) continue;
        if (known->subtype[0] && !same_text(known->subtype, subtype)) continue;
        desc.face = known->face;
        break;
    }
    desc.left = same_text(subtype, "10"); // 103, 222, 625: 10 left, 20 right
    desc.number = speed_number(signal);
    if (desc.face == BT_SIGN_SPEED && desc.number == 0) desc.face = BT_SIGN_PROHIBITED;
    const char *text = or_empty(signal->text);
    snprintf(desc.text, sizeof desc.text, "%s", text);
    if (signal->width_m > 0.05 && signal->width_m < 20.0) desc.width_m = signal->width_m;
    if (signal->height_m > 0.05 && signal->height_m < 10.0) desc.height_m = signal->height_m;
    return desc;
}

// ---- plates -----------------------------------------------------------------------------------

#define MAX_OUTLINE 48

typedef struct outline {
    bt_point2 points[MAX_OUTLINE]; // (y, z), counter-clockwise seen from +x
    size_t count;
} outline;

static outline ngon(int sides, double radius, double turn_rad)
{
    outline o = {.count = (size_t)sides};
    for (int i = 0; i < sides; i++) {
        double angle = turn_rad + 2.0 * BT_PI * i / sides;
        o.points[i] = (bt_point2){radius * bt_cos(angle), radius * bt_sin(angle)};
    }
    return o;
}

static outline rectangle(double width, double height)
{
    outline o = {.count = 4};
    for (int i = 0; i < 4; i++)
        o.points[i] =
            (bt_point2){(i == 1 || i == 2 ? 0.5 : -0.5) * width, (i >= 2 ? 0.5 : -0.5) * height};
    return o;
}

// One flat layer at depth x, centred at height z.
static void add_layer(bt_mesh_builder *mesh, const outline *o, double scale, double x, double z,
                      sign_slot slot)
{
    mesh->slot = (uint8_t)slot;
    uint32_t first = (uint32_t)mesh->vertex_count;
    for (size_t i = 0; i < o->count; i++) {
        bt_vec3 p = {x, scale * o->points[i].x, z + scale * o->points[i].y};
        bt_mesh_add_vertex(mesh, p, (bt_vec3){1.0, 0.0, 0.0}, p.y, p.z);
    }
    for (uint32_t i = 1; i + 1 < (uint32_t)o->count; i++)
        bt_mesh_add_triangle(mesh, first, first + i, first + i + 1);
}

// The sheet itself: aluminium behind and at its edge, the ground colour in front.
static void add_sheet(bt_mesh_builder *mesh, const outline *o, double z, sign_slot front)
{
    mesh->slot = BACK;
    // a prism about z, laid down: its axis becomes x, its x becomes y
    bt_quat lay = bt_quat_from_axes((bt_vec3){0, 1, 0}, (bt_vec3){0, 0, 1}, (bt_vec3){1, 0, 0});
    bt_mesh_add_prism(mesh, (bt_pose){{0.0, 0.0, z}, lay}, o->points, o->count, -PLATE_M, 0.0);
    add_layer(mesh, o, 1.0, FILM_M, z, front);
}

static void add_text(bt_mesh_builder *mesh, const char *text, double z, double height, double width,
                     int layer, sign_slot slot)
{
    double natural = bt_strokes_width(text, height);
    if (natural > width) height *= width / natural;
    mesh->slot = (uint8_t)slot;
    bt_pose pose = {{layer * FILM_M, 0.0, z}, BT_QUAT_IDENTITY};
    bt_strokes_add_text(mesh, pose, text, height);
}

static void disc(bt_mesh_builder *mesh, double size, sign_slot rim, sign_slot ground)
{
    outline o = ngon(40, 0.5 * size, 0.0);
    add_sheet(mesh, &o, 0.5 * size, rim);
    if (ground != rim) add_layer(mesh, &o, 0.8, 2.0 * FILM_M, 0.5 * size, ground);
}

static void speed(bt_mesh_builder *mesh, const bt_sign_desc *desc, double size)
{
    char digits[8];
    snprintf(digits, sizeof digits, "%d", desc->number % 1000);
    disc(mesh, size, RED, WHITE);
    add_text(mesh, digits, 0.5 * size, 0.38 * size, 0.6 * size, 3, BLACK);
}

static void speed_us(bt_mesh_builder *mesh, const bt_sign_desc *desc, double width, double height)
{
    outline o = rectangle(width, height);
    char digits[8];
    snprintf(digits, sizeof digits, "%d", desc->number % 1000);
    add_sheet(mesh, &o, 0.5 * height, BLACK);
    add_layer(mesh, &o, 0.95, 2.0 * FILM_M, 0.5 * height, WHITE);
    add_text(mesh, "SPEED", 0.85 * height, 0.13 * height, 0.8 * width, 3, BLACK);
    add_text(mesh, "LIMIT", 0.65 * height, 0.13 * height, 0.8 * width, 3, BLACK);
    add_text(mesh, digits, 0.29 * height, 0.36 * height, 0.8 * width, 3, BLACK);
}

static void speed_end(bt_mesh_builder *mesh, double size)
{
    disc(mesh, size, WHITE, WHITE);
    mesh->slot = BLACK;
    for (int i = -2; i <= 2; i++) {
        bt_pose pose = {{3.0 * FILM_M, 0.03 * i * size, 0.5 * size - 0.03 * i * size},
                        BT_QUAT_IDENTITY};
        double half = 0.33 * size;
        bt_vec3 a = {0, -half, -half - 0.006}, b = {0, half, half - 0.006};
        bt_mesh_add_quad(mesh, bt_pose_point(pose, a), bt_pose_point(pose, b),
                         bt_pose_point(pose, (bt_vec3){0, half, half + 0.006}),
                         bt_pose_point(pose, (bt_vec3){0, -half, -half + 0.006}));
    }
}

static void triangle(bt_mesh_builder *mesh, double size, bool upright)
{
    double radius = size / sqrt(3.0), turn = upright ? 0.5 * BT_PI : -0.5 * BT_PI;
    outline o = ngon(3, radius, turn);
    double z = upright ? 0.5 * radius : radius;
    add_sheet(mesh, &o, z, RED);
    add_layer(mesh, &o, 0.68, 2.0 * FILM_M, z, WHITE);
}

static void warning(bt_mesh_builder *mesh, const bt_sign_desc *d, double size)
{
    triangle(mesh, size, true);
    mesh->slot = BLACK;
    double z = 0.5 * size / sqrt(3.0);
    bt_symbol_place place = {3.0 * FILM_M, z + 0.02 * size, 0.62 * size};
    if (d->face == BT_SIGN_CURVE) {
        bt_symbol_add_curve(mesh, place, d->left);
    } else if (d->face == BT_SIGN_WORKS) {
        bt_symbol_add_works(mesh, place);
    } else { // an exclamation mark
        bt_pose pose = {{3.0 * FILM_M, 0.0, z}, BT_QUAT_IDENTITY};
        bt_strokes_add_text(mesh, pose, "I", 0.32 * size);
    }
}

static void blue_disc(bt_mesh_builder *mesh, const bt_sign_desc *d, double size)
{
    disc(mesh, size, BLUE, BLUE);
    mesh->slot = WHITE;
    bt_symbol_place place = {3.0 * FILM_M, 0.5 * size, size};
    if (d->face == BT_SIGN_ROUNDABOUT) bt_symbol_add_roundabout(mesh, place);
    if (d->face == BT_SIGN_PASS) bt_symbol_add_pass(mesh, place, d->left);
}

static void chevrons(bt_mesh_builder *mesh, const bt_sign_desc *d, double width, double height)
{
    outline o = rectangle(width, height);
    add_sheet(mesh, &o, 0.5 * height, WHITE);
    mesh->slot = RED;
    int count = (int)bt_clamp(width / height, 1.0, 12.0);
    bt_symbol_place place = {2.0 * FILM_M, 0.5 * height, 0.96 * height};
    for (int i = 0; i < count; i++)
        bt_symbol_add_chevron(mesh, place, width * ((i + 0.5) / count - 0.5), d->left);
}

static void stop(bt_mesh_builder *mesh, double size)
{
    outline o = ngon(8, 0.5 * size / bt_cos(BT_PI / 8.0), BT_PI / 8.0);
    add_sheet(mesh, &o, 0.5 * size, WHITE);
    add_layer(mesh, &o, 0.94, 2.0 * FILM_M, 0.5 * size, RED);
    add_text(mesh, "STOP", 0.5 * size, 0.3 * size, 0.78 * size, 3, WHITE);
}

static void priority(bt_mesh_builder *mesh, double size)
{
    outline o = ngon(4, 0.5 * size * 1.4142, 0.0);
    double z = 0.5 * size * 1.4142;
    add_sheet(mesh, &o, z, WHITE);
    add_layer(mesh, &o, 0.75, 2.0 * FILM_M, z, BLACK);
    add_layer(mesh, &o, 0.72, 3.0 * FILM_M, z, YELLOW);
}

static void no_entry(bt_mesh_builder *mesh, double size)
{
    disc(mesh, size, RED, RED);
    outline bar = rectangle(0.7 * size, 0.17 * size);
    add_layer(mesh, &bar, 1.0, 3.0 * FILM_M, 0.5 * size, WHITE);
}

static void crosswalk(bt_mesh_builder *mesh, double size)
{
    outline square = rectangle(size, size), inner = ngon(3, 0.42 * size, 0.5 * BT_PI);
    add_sheet(mesh, &square, 0.5 * size, BLUE);
    add_layer(mesh, &inner, 1.0, 2.0 * FILM_M, 0.42 * size, WHITE);
    outline body = rectangle(0.06 * size, 0.2 * size), head = ngon(12, 0.035 * size, 0.0);
    add_layer(mesh, &body, 1.0, 3.0 * FILM_M, 0.4 * size, BLACK);
    add_layer(mesh, &head, 1.0, 3.0 * FILM_M, 0.54 * size, BLACK);
    outline leg = rectangle(0.3 * size, 0.025 * size);
    add_layer(mesh, &leg, 1.0, 3.0 * FILM_M, 0.27 * size, BLACK);
}

static void plate(bt_mesh_builder *mesh, const bt_sign_desc *desc, double width, double height,
                  sign_slot ground, sign_slot ink)
{
    outline o = rectangle(width, height);
    add_sheet(mesh, &o, 0.5 * height, ink);
    outline inner = rectangle(width - 0.04, height - 0.04);
    add_layer(mesh, &inner, 1.0, 2.0 * FILM_M, 0.5 * height, ground);
    add_text(mesh, desc->text, 0.5 * height, 0.45 * height, 0.84 * width, 3, ink);
}

// Text above (or before) an arrow.
static void direction(bt_mesh_builder *mesh, const bt_sign_desc *d, double width, double height)
{
    bool yellow = d->face == BT_SIGN_DIRECTION;
    sign_slot ground = yellow ? YELLOW : BLUE, ink = yellow ? BLACK : WHITE;
    outline o = rectangle(width, height), inner = rectangle(width - 0.06, height - 0.06);
    add_sheet(mesh, &o, 0.5 * height, ink);
    add_layer(mesh, &inner, 1.0, 2.0 * FILM_M, 0.5 * height, ground);
    double cap = fmin(0.28 * height, 0.35);
    add_text(mesh, d->text, 0.72 * height, cap, 0.86 * width, 3, ink);
    mesh->slot = (uint8_t)ink;
    bt_symbol_place place = {3.0 * FILM_M, 0.3 * height, 0.5 * height};
    if (yellow) place.size *= 0.9;
    bt_symbol_add_exit(mesh, place);
}

static void make_face(bt_mesh_builder *mesh, const bt_sign_desc *d, double width, double height)
{
    switch (d->face) {
    case BT_SIGN_STOP:
        stop(mesh, width);
        break;
    case BT_SIGN_YIELD:
        triangle(mesh, width, false);
        break;
    case BT_SIGN_SPEED:
        speed(mesh, d, width);
        break;
    case BT_SIGN_SPEED_US:
        speed_us(mesh, d, width, height);
        break;
    case BT_SIGN_SPEED_END:
        speed_end(mesh, width);
        break;
    case BT_SIGN_PRIORITY:
        priority(mesh, width / 1.4142);
        break;
    case BT_SIGN_NO_ENTRY:
        no_entry(mesh, width);
        break;
    case BT_SIGN_WARNING:
    case BT_SIGN_CURVE:
    case BT_SIGN_WORKS:
        warning(mesh, d, width);
        break;
    case BT_SIGN_CHEVRONS:
        chevrons(mesh, d, width, height);
        break;
    case BT_SIGN_DIRECTION:
    case BT_SIGN_EXIT:
        direction(mesh, d, width, height);
        break;
    case BT_SIGN_CROSSWALK:
        crosswalk(mesh, width);
        break;
    case BT_SIGN_MANDATORY:
    case BT_SIGN_ROUNDABOUT:
    case BT_SIGN_PASS:
        blue_disc(mesh, d, width);
        break;
    case BT_SIGN_PROHIBITED:
        disc(mesh, width, RED, WHITE);
        break;
    case BT_SIGN_PLATE:
        plate(mesh, d, width, height, WHITE, BLACK);
        break;
    case BT_SIGN_GUIDE:
        plate(mesh, d, width, height, BLUE, WHITE);
        break;
    }
}

static void usual_size(const bt_sign_desc *desc, double *width, double *height)
{
    switch (desc->face) {
    case BT_SIGN_STOP:
    case BT_SIGN_YIELD:
    case BT_SIGN_WARNING:
    case BT_SIGN_CURVE:
    case BT_SIGN_WORKS:
        *width = 0.9;
        *height = desc->face == BT_SIGN_STOP ? 0.9 : 0.9 * 0.866;
        break;
    case BT_SIGN_SPEED_US:
        *width = 0.61;
        *height = 0.76;
        break;
    case BT_SIGN_PLATE:
    case BT_SIGN_GUIDE:
    case BT_SIGN_DIRECTION:
    case BT_SIGN_EXIT:
        *width = desc->text[0] ? 0.9 : 0.6;
        *height = desc->text[0] ? 0.35 : 0.6;
        break;
    case BT_SIGN_CHEVRONS:
        *width = *height = 0.6;
        break;
    case BT_SIGN_PRIORITY:
        *width = *height = 0.84;
        break;
    default:
        *width = *height = 0.6;
        break;
    }
}

bt_status bt_sign_build(bt_spec *spec, const bt_sign_desc *desc, double pole_m, bt_sign *sign)
{
    static const bt_palette_entry entries[SLOTS] = {
        [WHITE] = {"sign_white", BT_CLASS_TRAFFIC_SIGN},
        [RED] = {"sign_red", BT_CLASS_TRAFFIC_SIGN},
        [BLUE] = {"sign_blue", BT_CLASS_TRAFFIC_SIGN},
        [YELLOW] = {"sign_yellow", BT_CLASS_TRAFFIC_SIGN},
        [BLACK] = {"sign_black", BT_CLASS_TRAFFIC_SIGN},
        [BACK] = {"sign_back_aluminium", BT_CLASS_TRAFFIC_SIGN},
        [POLE] = {"metal_galvanised", BT_CLASS_POLE},
    };
    *sign = (bt_sign){.mesh = BT_NO_INDEX};
    bt_slot slots[SLOTS];
    bt_status status = bt_palette_find(spec, entries, SLOTS, slots);
    if (status) return status;
    usual_size(desc, &sign->width_m, &sign->height_m);
    bool free_form = desc->face == BT_SIGN_PLATE || desc->face == BT_SIGN_GUIDE ||
                     desc->face == BT_SIGN_DIRECTION || desc->face == BT_SIGN_EXIT ||
                     desc->face == BT_SIGN_CHEVRONS;
    if (desc->width_m > 0.0) sign->width_m = desc->width_m;
    if (desc->width_m > 0.0 && !free_form) sign->height_m = desc->width_m;
    if (desc->height_m > 0.0 && free_form) sign->height_m = desc->height_m;
    bt_mesh_builder mesh = {0};
    make_face(&mesh, desc, sign->width_m, sign->height_m);
    mesh.slot = POLE;
    if (pole_m > 0.0) { // a tube behind the plate, with two clamps
        bt_mesh_add_cylinder(&mesh, (bt_vec3){-0.035, 0, -pole_m},
                             (bt_vec3){-0.035, 0, sign->height_m + 0.04}, 0.03, 0.03, 12);
        for (int i = 0; i < 2; i++) {
            bt_pose clamp = {{-0.02, 0, sign->height_m * (0.25 + 0.5 * i)}, BT_QUAT_IDENTITY};
            bt_mesh_add_box(&mesh, clamp, (bt_vec3){0.035, 0.14, 0.03});
        }
    }
    status = bt_mesh_finish(&mesh, spec, "traffic sign", slots, SLOTS, &sign->mesh);
    bt_mesh_clear(&mesh);
    return status;
}
