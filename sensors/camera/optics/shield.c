// shield.c: a windshield as rays meet it, and its ghost.
#include "sensors/camera/optics/shield.h"

#include <string.h>

#define ENDLESS_M 1e9f
#define LEAST_TRANSMISSION 1e-6 // of a tint: its logarithm stays a number

static double get(const bt_windshield *w, bt_windshield_key key)
{
    return bt_windshield_get(w, key);
}

// ---- faces ------------------------------------------------------------------------------------
static double bend(double radius_m, double offset_m)
{
    return radius_m == 0.0 ? 0.0 : 1.0 / (radius_m + offset_m);
}

typedef struct face {
    double height, slope_x, slope_y, bend_x, bend_y;
} face;

// Concentric about the middle surface, whose radii the sheet gives, then wedged.
static void make_faces(const bt_windshield *w, face *inner, face *outer)
{
    double thick = get(w, BT_WINDSHIELD_THICKNESS_M), half = 0.5 * thick;
    double across = get(w, BT_WINDSHIELD_RADIUS_HORIZONTAL_M);
    double down = get(w, BT_WINDSHIELD_RADIUS_VERTICAL_M);
    double wedge = tan(get(w, BT_WINDSHIELD_WEDGE_RAD));
    double where = get(w, BT_WINDSHIELD_WEDGE_DIRECTION_DEG) * BT_RAD_PER_DEG;
    *inner = (face){.bend_x = bend(across, -half), .bend_y = bend(down, -half)};
    *outer = (face){.height = thick,
                    .slope_x = wedge * cos(where),
                    .slope_y = -wedge * sin(where), // the frame's y is down
                    .bend_x = bend(across, half),
                    .bend_y = bend(down, half)};
}

static bt_shield_face face_float(const face *f)
{
    return (bt_shield_face){(float)f->height, (float)f->slope_x, (float)f->slope_y,
                            (float)f->bend_x, (float)f->bend_y};
}

// ---- what rays need ---------------------------------------------------------------------------
static void set_place(bt_pose cam_from_glass, bt_shield *shield)
{
    bt_pose glass_from_cam = bt_pose_inverse(cam_from_glass);
    static const bt_vec3 axes[3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    for (int i = 0; i < 3; i++) {
        bt_vec3 column = bt_pose_dir(glass_from_cam, axes[i]);
        shield->turn[i] = (float)column.x;
        shield->turn[3 + i] = (float)column.y;
        shield->turn[6 + i] = (float)column.z;
    }
    shield->offset[0] = (float)glass_from_cam.pos.x;
    shield->offset[1] = (float)glass_from_cam.pos.y;
    shield->offset[2] = (float)glass_from_cam.pos.z;
}

static void set_drops(const bt_windshield *w, uint32_t seed, bt_shield *shield)
{
    double side = get(w, BT_WINDSHIELD_DROP_DIAMETER_MAX_M);
    double density = get(w, BT_WINDSHIELD_DROP_DENSITY_M2);
    double rate = get(w, BT_WINDSHIELD_DROP_RATE_M2_S);
    double contact = get(w, BT_WINDSHIELD_DROP_CONTACT_DEG) * BT_RAD_PER_DEG;
    shield->drop_mean = (float)(density * side * side);
    shield->drop_cell_m = (float)side;
    shield->drop_radius_m = (float)(0.5 * get(w, BT_WINDSHIELD_DROP_DIAMETER_M));
    shield->drop_sigma = (float)get(w, BT_WINDSHIELD_DROP_DIAMETER_SIGMA);
    shield->drop_fill_s = rate > 0.0 ? (float)(density / rate) : 0.0f;
    shield->drop_sin = (float)sin(contact);
    shield->drop_cos = (float)cos(contact);
    shield->drop_index = (float)get(w, BT_WINDSHIELD_DROP_INDEX);
    // of length over width: of each axis half, and a spread of both components of a matrix
    shield->drop_fall = (float)(0.5 * log(get(w, BT_WINDSHIELD_DROP_STRETCH)));
    shield->drop_shape = (float)(0.5 * sqrt(2.0) * get(w, BT_WINDSHIELD_DROP_STRETCH_SIGMA));
    shield->seed = seed;
}

static void set_wipers(const bt_windshield *w, bt_shield *shield)
{
    shield->period_s = (float)get(w, BT_WINDSHIELD_WIPER_PERIOD_S);
    shield->stroke_s = (float)get(w, BT_WINDSHIELD_WIPER_STROKE_S);
    shield->phase_s = (float)-get(w, BT_WINDSHIELD_WIPER_FIRST_S);
    shield->blade_half_m = (float)(0.5 * get(w, BT_WINDSHIELD_WIPER_BLADE_M));
    shield->wiper_count = w->arc_count;
    for (uint32_t i = 0; i < w->arc_count; i++) {
        const bt_windshield_arc *arc = &w->arcs[i];
        shield->wipers[i] = (bt_shield_wiper){
            (float)arc->pivot_m[0],   (float)arc->pivot_m[1], (float)arc->radius_min_m,
            (float)arc->radius_max_m, (float)arc->from_rad,   (float)(arc->to_rad - arc->from_rad)};
    }
}

static double absorption_per_m(const bt_windshield *w, double wavelength_nm)
{
    double left = bt_sheet_curve_at(&w->transmission, wavelength_nm, 1.0);
    return -log(fmax(left, LEAST_TRANSMISSION)) / get(w, BT_WINDSHIELD_THICKNESS_M);
}

bt_status bt_shield_make(const bt_windshield *w, bt_pose vehicle_from_cam, uint32_t seed,
                         bt_shield *shield, float glass[2 * BT_SPECTRUM_BINS])
{
    *shield = (bt_shield){0};
    bt_pose cam_from_glass;
    face inner, outer;
    bt_status status = bt_windshield_place(w, vehicle_from_cam, &cam_from_glass);
    if (status != BT_OK) return status;
    make_faces(w, &inner, &outer);
    double width = get(w, BT_WINDSHIELD_WIDTH_M), height = get(w, BT_WINDSHIELD_HEIGHT_M);
    shield->on = 1;
    shield->index = (float)bt_windshield_index(w, BT_SHIELD_BEND_NM);
    shield->half_x = width > 0.0 ? (float)(0.5 * width) : ENDLESS_M;
    shield->half_y = height > 0.0 ? (float)(0.5 * height) : ENDLESS_M;
    shield->inner = face_float(&inner);
    shield->outer = face_float(&outer);
    set_place(cam_from_glass, shield);
    set_drops(w, seed, shield);
    set_wipers(w, shield);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++) {
        double nm = (double)(BT_SPECTRUM_MIN_NM + BT_SPECTRUM_STEP_NM * (float)i);
        glass[i] = (float)bt_windshield_index(w, nm);
        glass[BT_SPECTRUM_BINS + i] = (float)absorption_per_m(w, nm);
    }
    return BT_OK;
}

// ---- Fresnel ----------------------------------------------------------------------------------
typedef struct mirrored {
    double s, p;
} mirrored;

// From air at cosine c.
static mirrored reflectance(double c, double index)
{
    double inside = sqrt(1.0 - (1.0 - c * c) / (index * index));
    double s = (c - index * inside) / (c + index * inside);
    double p = (index * c - inside) / (index * c + inside);
    return (mirrored){s * s, p * p};
}

double bt_shield_straight_ratio(double index, double incidence_rad)
{
    mirrored r = reflectance(cos(incidence_rad), index);
    return 0.5 * ((1.0 - r.s) * (1.0 - r.s) + (1.0 - r.p) * (1.0 - r.p));
}

double bt_shield_ghost_ratio(double index, double incidence_rad)
{
    mirrored r = reflectance(cos(incidence_rad), index);
    double s = (1.0 - r.s) * r.s, p = (1.0 - r.p) * r.p;
    return 0.5 * (s * s + p * p) / bt_shield_straight_ratio(index, incidence_rad);
}

double bt_shield_ghost_angle(double wedge_rad, double index, double incidence_rad)
{
    double sine = sin(incidence_rad);
    return 2.0 * wedge_rad * sqrt(index * index - sine * sine) / cos(incidence_rad);
}

// ---- the ghost, traced ------------------------------------------------------------------------
typedef struct ray {
    bt_vec3 pos, dir;
} ray;

static bt_vec3 face_normal(const face *f, bt_vec3 at)
{
    return bt_vec3_normalize(
        (bt_vec3){f->bend_x * at.x - f->slope_x, f->bend_y * at.y - f->slope_y, 1.0});
}

// Newton on the distance along the ray: faces are nearly flat.
static bool go_to(const face *f, ray *r)
{
    double t = 0.0;
    for (int step = 0; step < 20; step++) {
        bt_vec3 at = bt_vec3_mad(r->pos, r->dir, t);
        double z = f->height + f->slope_x * at.x + f->slope_y * at.y -
                   0.5 * (f->bend_x * at.x * at.x + f->bend_y * at.y * at.y);
        double slope = r->dir.z - (f->slope_x - f->bend_x * at.x) * r->dir.x -
                       (f->slope_y - f->bend_y * at.y) * r->dir.y;
        t -= (at.z - z) / slope;
    }
    r->pos = bt_vec3_mad(r->pos, r->dir, t);
    return t > 0.0 && isfinite(t);
}

static void bounce(const face *f, ray *r)
{
    bt_vec3 n = face_normal(f, r->pos);
    r->dir = bt_vec3_mad(r->dir, n, -2.0 * bt_vec3_dot(r->dir, n));
}

static bool refract(const face *f, double eta, ray *r)
{
    bt_vec3 n = face_normal(f, r->pos);
    double c = bt_vec3_dot(r->dir, n), rest = 1.0 - eta * eta * (1.0 - c * c);
    r->dir = bt_vec3_mad(bt_vec3_scale(r->dir, eta), n, sqrt(fmax(rest, 0.0)) - eta * c);
    return rest > 0.0;
}

bt_shield_ghost bt_shield_ghost_trace(const bt_windshield *w, bt_pose cam_from_glass,
                                      bt_vec3 pupil_cam, bt_vec3 dir_cam, double wavelength_nm)
{
    bt_shield_ghost g = {0};
    double n = bt_windshield_index(w, wavelength_nm);
    bt_pose glass_from_cam = bt_pose_inverse(cam_from_glass);
    face inner, outer;
    make_faces(w, &inner, &outer);
    ray r = {bt_pose_point(glass_from_cam, pupil_cam), bt_pose_dir(glass_from_cam, dir_cam)};
    g.open = go_to(&inner, &r) && refract(&inner, 1.0 / n, &r) && go_to(&outer, &r);
    if (!g.open) return g;
    ray straight = r, ghost = r;
    g.open = refract(&outer, n, &straight);
    g.incidence_rad =
        acos(bt_clamp(bt_vec3_dot(straight.dir, face_normal(&outer, r.pos)), -1.0, 1.0));
    // backwards: mirrored at the outer face first, then at the inner one
    bt_vec3 first = ghost.pos;
    bounce(&outer, &ghost);
    g.open = g.open && go_to(&inner, &ghost);
    bt_vec3 second = ghost.pos;
    bounce(&inner, &ghost);
    g.open = g.open && go_to(&outer, &ghost);
    double more_m = bt_vec3_distance(first, second) + bt_vec3_distance(second, ghost.pos);
    g.open = g.open && refract(&outer, n, &ghost);
    g.straight = bt_pose_dir(cam_from_glass, straight.dir);
    g.ghost = bt_pose_dir(cam_from_glass, ghost.dir);
    g.ratio = bt_shield_ghost_ratio(n, g.incidence_rad) *
              exp(-absorption_per_m(w, wavelength_nm) * more_m);
    return g;
}
