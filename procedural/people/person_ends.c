// person_ends.c: hands and shoes: what keeps its shape at the ends of limbs.
//
// Fractions of the body height. A hand is 0.108 long (Drillis and Contini 1966), a little over half of it the palm;
// lengths of fingers are chosen by eye.
#include "procedural/people/person_internal.h"

#include "engine/core/random.h"

enum { DIM_FINGERS = 930 };

// ---- hands --------------------------------------------------------------------------------------
typedef struct finger {
    double x, z;   // its knuckle in the palm's plane, z from the wrist
    double length; // to the tip
    double radius;
} finger;

static const finger fingers[4] = {{0.0150, -0.0540, 0.0410, 0.0052},
                                  {0.0050, -0.0560, 0.0450, 0.0054},
                                  {-0.0050, -0.0550, 0.0415, 0.0052},
                                  {-0.0145, -0.0515, 0.0330, 0.0045}};
#define FINGER_STEPS 7

// A tube that bends towards the palm, more from joint to joint.
static void add_finger(bt_mesh_builder *mesh, double h, const finger *f, int side, double curl)
{
    bt_vec3 path[FINGER_STEPS];
    double radii[FINGER_STEPS];
    bt_vec3 at = {f->x * h, 0.0, f->z * h - BT_GAIT_FOREARM * h};
    at.z += 0.010 * h; // begins in the palm
    for (int i = 0; i < FINGER_STEPS; i++) {
        double t = (double)i / (FINGER_STEPS - 1), bent = curl * (0.15 + 0.85 * t);
        path[i] = at;
        radii[i] = f->radius * h * (1.0 - 0.28 * t) * (i == FINGER_STEPS - 1 ? 0.55 : 1.0);
        double step = (f->length + 0.010) * h / (FINGER_STEPS - 1);
        at.z -= step * bt_cos(bent);
        at.y -= side * step * bt_sin(bent);
        at.x += 0.10 * f->x * step / 0.015; // spread a little
    }
    bt_mesh_add_tube(mesh, path, radii, FINGER_STEPS, 8);
}

static void add_thumb(bt_mesh_builder *mesh, double h, int side, double open)
{
    double z = -BT_GAIT_FOREARM * h;
    bt_vec3 path[5] = {{0.012 * h, -side * 0.002 * h, z - 0.008 * h},
                       {0.022 * h, -side * 0.005 * h, z - 0.022 * h},
                       {(0.026 + 0.004 * open) * h, -side * 0.010 * h, z - 0.036 * h},
                       {(0.027 + 0.006 * open) * h, -side * 0.014 * h, z - 0.050 * h},
                       {(0.026 + 0.006 * open) * h, -side * 0.016 * h, z - 0.056 * h}};
    double radii[5] = {0.0088 * h, 0.0082 * h, 0.0066 * h, 0.0056 * h, 0.0030 * h};
    bt_mesh_add_tube(mesh, path, radii, 5, 9);
}

// Relaxed: palm, four fingers that curl, each more than the one before, and a thumb ahead.
void bt_person_add_hand(bt_person *p, uint32_t part, int side)
{
    double h = p->h, z = -BT_GAIT_FOREARM * h;
    bt_mesh_builder *mesh = bt_body_mesh(p->body, part, p->slots.skin);
    const bt_limb_section palm[] = {
        {z + 0.012 * h, 0.0, 0.0, 0.0150 * h, 0.0150 * h, 0.0120 * h, 0.1},
        {z - 0.010 * h, 0.0, 0.0, 0.0190 * h, 0.0180 * h, 0.0105 * h, 0.25},
        {z - 0.032 * h, 0.001 * h, 0.0, 0.0215 * h, 0.0205 * h, 0.0092 * h, 0.3},
        {z - 0.052 * h, 0.001 * h, 0.0, 0.0205 * h, 0.0200 * h, 0.0080 * h, 0.35},
        {z - 0.058 * h, 0.001 * h, 0.0, 0.0185 * h, 0.0180 * h, 0.0060 * h, 0.35}};
    bt_limb_add(mesh, palm, 5, 2, 16);
    double rest =
        0.75 + 0.7 * bt_random_unit(p->params->looks, BT_STREAM_PEDESTRIAN, side > 0, DIM_FINGERS);
    for (int i = 0; i < 4; i++)
        add_finger(mesh, h, &fingers[i], side, rest * (0.85 + 0.15 * i));
    add_thumb(mesh, h, side, 1.3 - 0.5 * rest);
}

// Closed round a bar that lies across the forearm: fingers beside each other round it, the thumb over them.
void bt_person_add_fist(bt_person *p, uint32_t part, int side)
{
    double h = p->h, wrist = -BT_GAIT_FOREARM * h, z = wrist - BT_GAIT_GRIP * h;
    bt_mesh_builder *mesh = bt_body_mesh(p->body, part, p->slots.skin);
    const bt_limb_section palm[] = {
        {wrist + 0.012 * h, 0.0, 0.0, 0.0150 * h, 0.0150 * h, 0.0125 * h, 0.1},
        {wrist - 0.012 * h, 0.0, 0.0, 0.0180 * h, 0.0165 * h, 0.0165 * h, 0.25},
        {z + 0.016 * h, 0.0, 0.0, 0.0205 * h, 0.0180 * h, 0.0220 * h, 0.35},
        {z - 0.002 * h, 0.0, 0.0, 0.0160 * h, 0.0150 * h, 0.0215 * h, 0.4},
        {z - 0.012 * h, 0.0, 0.0, 0.0120 * h, 0.0120 * h, 0.0190 * h, 0.4}};
    bt_limb_add(mesh, palm, 5, 2, 16);
    for (int i = 0; i < 4; i++) {
        bt_vec3 path[FINGER_STEPS];
        double radii[FINGER_STEPS], y = -side * (0.0165 - 0.0110 * i) * h;
        double round = (i == 3 ? 0.0155 : 0.0170) * h;
        for (int k = 0; k < FINGER_STEPS; k++) {
            double t = (double)k / (FINGER_STEPS - 1), a = 0.75 - 3.9 * t;
            path[k] = bt_vec3_make(round * bt_cos(a), y, z + round * bt_sin(a));
            radii[k] =
                fingers[i].radius * h * (1.16 - 0.28 * t) * (k == FINGER_STEPS - 1 ? 0.6 : 1.0);
        }
        bt_mesh_add_tube(mesh, path, radii, FINGER_STEPS, 8);
    }
    bt_vec3 thumb[4] = {{0.002 * h, -side * 0.017 * h, z + 0.026 * h},
                        {-0.012 * h, -side * 0.023 * h, z + 0.014 * h},
                        {-0.019 * h, -side * 0.020 * h, z - 0.002 * h},
                        {-0.017 * h, -side * 0.012 * h, z - 0.014 * h}};
    double radii[4] = {0.0085 * h, 0.0080 * h, 0.0066 * h, 0.0040 * h};
    bt_mesh_add_tube(mesh, thumb, radii, 4, 9);
}

// ---- shoes --------------------------------------------------------------------------------------
#define SHOE_SECTIONS 8
static const double shoe_x[SHOE_SECTIONS] = {-0.042, -0.030, -0.005, 0.022,
                                             0.050,  0.074,  0.092,  0.100};
static const double shoe_half[SHOE_SECTIONS] = {0.014,  0.0190, 0.0205, 0.021,
                                                0.0245, 0.0255, 0.020,  0.013};
// the toe springs up: there is no joint in it
static const double shoe_rise[SHOE_SECTIONS] = {0.003, 0.0, 0.0, 0.0, 0.0, 0.0, 0.006, 0.009};

// From the heel to the toe, `tall` above the ground, flat below from `low`, which is on it where 0.
static void add_shell(bt_mesh_builder *mesh, double h, const double tall[SHOE_SECTIONS], double low,
                      double wide)
{
    double a = BT_GAIT_ANKLE * h;
    bt_limb_section s[SHOE_SECTIONS];
    for (int i = 0; i < SHOE_SECTIONS; i++) {
        double height = tall[i] * h, under = (0.0012 + shoe_rise[i] + low) * h;
        s[i] = (bt_limb_section){.z = shoe_x[i] * h * wide,
                                 .x = 0.5 * (height + under) - a,
                                 .front = 0.5 * (height - under),
                                 .back = 0.5 * (height - under),
                                 .side = shoe_half[i] * h * wide,
                                 .square = low > 0.0 ? 0.30 : 0.5};
    }
    bt_mesh_mark start = bt_mesh_here(mesh);
    bt_limb_add_level(mesh, s, SHOE_SECTIONS, 2, 18);
    if (low > 0.0) return;
    // the sole is flat
    float ground = (float)-a, least = INFINITY;
    for (size_t i = start.vertex; i < mesh->vertex_count; i++) {
        mesh->positions[3 * i + 2] = fmaxf(mesh->positions[3 * i + 2], ground);
        least = fminf(least, mesh->positions[3 * i + 2]);
    }
    for (size_t i = start.vertex; i < mesh->vertex_count; i++)
        if (mesh->positions[3 * i + 2] < least + 0.003f * (float)h)
            mesh->positions[3 * i + 2] = ground;
    bt_mesh_smooth(mesh, start, 60.0 * BT_RAD_PER_DEG);
}

void bt_person_add_shoe(bt_person *p, uint32_t foot)
{
    static const double upper[] = {0.034, 0.046, 0.052, 0.046, 0.035, 0.029, 0.026, 0.022};
    static const double sole[] = {0.0140, 0.0140, 0.0125, 0.0115, 0.0110, 0.0110, 0.0150, 0.0165};
    static const double heeled[] = {0.0135, 0.0135, 0.0120, 0.0085, 0.0080, 0.0080, 0.0125, 0.0145};
    bool sneakers = p->params->shoes == BT_SHOES_SNEAKERS;
    double h = p->h;
    bt_mesh_builder *mesh = bt_body_mesh(p->body, foot, p->slots.shoes);
    add_shell(mesh, h, upper, 0.004, 0.965);
    mesh->slot = p->slots.sole;
    add_shell(mesh, h, sneakers ? sole : heeled, 0.0, 1.0);
    if (!sneakers) return;
    for (int i = 0; i < 4; i++) { // laces
        double x = (0.024 + 0.010 * i) * h, z = (0.0462 - 0.0044 * i) * h - BT_GAIT_ANKLE * h;
        bt_vec3 lace[3] = {{x, 0.010 * h, z - 0.0028 * h},
                           {x + 0.002 * h, 0.0, z},
                           {x, -0.010 * h, z - 0.0028 * h}};
        double radii[3] = {0.0018 * h, 0.0018 * h, 0.0018 * h};
        bt_mesh_add_tube(mesh, lace, radii, 3, 6);
    }
}
