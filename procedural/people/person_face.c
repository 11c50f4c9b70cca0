// person_face.c: the surface of the head: skull and face, eyes, lids, brows, lips, ears.
//
// Metres of an adult's head of 0.223 m from the chin (z = 0) to the crown, x forward from the head's axis.
// Where things are follows the canon of thirds (hairline 0.186, brows 0.130, below the nose 0.070, chin 0) with the
// eyes half way up, 63 mm apart (Dodgson 2004, "Variation and extrema of human interpupillary distance": mean
// of adults 63 mm), eyeballs 24 mm across and irises 11.7 mm (Rufer et al. 2005: white to white 11.7 mm; all from
// memory). Everything else is chosen by eye.
#include "procedural/people/person_head.h"

#include "engine/core/memory.h"

#define EYE_ASIDE 0.0315
#define EYE_UP 0.1135
#define EYE_RADIUS 0.0120
#define IRIS_RADIUS 0.00585
#define PUPIL_RADIUS 0.0021
#define MOUTH_UP 0.0530
#define MOUTH_HALF 0.0250
#define DOME_FROM 0.130
#define DOME_TALL 0.0935
#define FACE_COLUMNS 64u
#define FACE_ROWS 70u

static double hill(double off, double half)
{
    double x = off / half;
    return bt_exp(-x * x);
}

// ---- surface ------------------------------------------------------------------------------------
static const bt_limb_section face_sections[] = {{0.000, 0.050, 0.0, 0.016, 0.030, 0.017, 0.0},
                                                {0.010, 0.039, 0.0, 0.036, 0.046, 0.034, 0.1},
                                                {0.025, 0.027, 0.0, 0.053, 0.060, 0.046, 0.15},
                                                {0.045, 0.017, 0.0, 0.065, 0.068, 0.054, 0.15},
                                                {0.070, 0.008, 0.0, 0.0765, 0.079, 0.0625, 0.12},
                                                {0.100, 0.001, 0.0, 0.086, 0.092, 0.069, 0.1},
                                                {0.130, -0.006, 0.0, 0.092, 0.098, 0.0745, 0.1},
                                                {0.150, -0.008, 0.0, 0.092, 0.098, 0.0755, 0.1}};
#define FACE_SECTIONS (sizeof face_sections / sizeof face_sections[0])

static bt_limb_section section_at(double z)
{
    size_t i = 0;
    while (i + 3 < FACE_SECTIONS && face_sections[i + 1].z <= z)
        i++;
    double from = face_sections[i].z, to = face_sections[i + 1].z;
    return bt_limb_between(face_sections, FACE_SECTIONS - 1, i,
                           bt_clamp((z - from) / (to - from), 0.0, 1.0));
}

// Above the brows the skull closes as a dome.
static bt_limb_section ring_at(double z)
{
    bt_limb_section s = section_at(fmin(z, DOME_FROM));
    s.z = z;
    if (z <= DOME_FROM) return s;
    double up = fmin((z - DOME_FROM) / DOME_TALL, 0.9999), k = sqrt(1.0 - bt_pow(up, 2.6));
    s.x -= 0.010 * up;
    s.front *= k;
    s.back *= k;
    s.side *= k;
    return s;
}

static double nose(const bt_head *head, double y, double z)
{
    double tip = 0.0790, t = bt_clamp((0.1215 - z) / (0.1215 - tip), 0.0, 1.0);
    double high = (0.0035 + (0.0205 + 0.003 * head->nose) * bt_pow(t, 1.25)) *
                  bt_person_ramp(0.138, 0.1215, z) * bt_person_ramp(0.0680, 0.0765, z);
    double half = (0.0078 + (0.0062 + 0.0014 * head->nose_wide) * t * t);
    double wing = 0.0105 * hill(fabs(y) - 0.0128 - 0.0015 * head->nose_wide, 0.0060) *
                  hill(z - 0.0760, 0.0062);
    return fmax(high * bt_exp(-bt_pow(fabs(y) / half, 2.4)), wing);
}

// How far the face stands before the plain oval, at a place seen from the front.
static double relief(const bt_head *head, double y, double z)
{
    double a = fabs(y);
    double brow =
        (0.0042 - 0.0018 * head->soft) * hill(a - 0.027, 0.020) * hill(z - 0.1305, 0.0065);
    double socket = -0.0100 * hill(a - 0.0315, 0.0170) * hill(z - 0.1140, 0.0105);
    double cheek =
        (0.0052 + 0.0018 * head->cheek) * hill(a - 0.045, 0.019) * hill(z - 0.088, 0.016);
    double hollow = -0.0032 * hill(a - 0.048, 0.014) * hill(z - 0.055, 0.016);
    double mouth = 0.0072 * hill(y, 0.028) * hill(z - 0.0530, 0.0165);
    double crease = -0.0030 * hill(a - 0.0275 - 0.35 * (0.066 - z), 0.0045) *
                    bt_person_ramp(0.040, 0.050, z) * bt_person_ramp(0.078, 0.068, z);
    double line = -0.0028 * hill(z - MOUTH_UP, 0.0018) * bt_person_ramp(0.027, 0.021, a);
    double groove = -0.0048 * hill(y, 0.022) * hill(z - 0.0345, 0.0065);
    double philtrum = -0.0012 * hill(y, 0.0028) * hill(z - 0.064, 0.005);
    double chin = (0.0068 + 0.0015 * head->jaw) * hill(y, 0.017) * hill(z - 0.0175, 0.0120);
    return brow + socket + cheek + hollow + mouth + crease + line + groove + philtrum + chin +
           nose(head, y, z);
}

bt_vec3 bt_head_place(const bt_head *head, double x, double y, double z)
{
    return bt_vec3_make(x * head->scale, y * head->scale, head->base_z + z * head->scale);
}

// In metres of an adult's head.
static bt_vec3 surface(const bt_head *head, double angle, double z)
{
    bt_limb_section s = ring_at(z);
    double jaw = bt_person_ramp(0.085, 0.035, z);
    s.side *= 1.0 + jaw * (0.05 * head->jaw - 0.035 * head->soft);
    bt_vec3 p = bt_limb_point(&s, angle, 0.0);
    p.x += bt_person_ramp(0.05, 0.45, bt_cos(angle)) * relief(head, p.y, z);
    return p;
}

bt_vec3 bt_head_point(const bt_head *head, double angle, double z, double out)
{
    bt_vec3 p = surface(head, angle, z);
    bt_vec3 from = {z > 0.12 ? -0.012 : ring_at(z).x, 0.0, fmin(z, 0.12)};
    p = bt_vec3_mad(p, bt_vec3_normalize(bt_vec3_sub(p, from)), out);
    return bt_head_place(head, p.x, p.y, p.z);
}

// The angle at which the face is `y` beside its middle.
static double angle_of(const bt_head *head, double y, double z)
{
    double low = -0.5 * BT_PI, high = 0.5 * BT_PI;
    for (int i = 0; i < 30; i++) {
        double middle = 0.5 * (low + high);
        if (surface(head, middle, z).y < y)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

bt_vec3 bt_head_front(const bt_head *head, double y, double z, double out)
{
    bt_vec3 p = surface(head, angle_of(head, y, z), z);
    return bt_head_place(head, p.x + out, y, z);
}

static void add_skull(bt_mesh_builder *mesh, const bt_head *head)
{
    bt_vec3 *points = bt_alloc(FACE_ROWS * FACE_COLUMNS, sizeof *points);
    if (!points) {
        mesh->status = bt_fail(BT_ERR_MEMORY, "no memory for a head");
        return;
    }
    for (unsigned r = 0; r < FACE_ROWS; r++) {
        // evenly up to above the brows, then along the dome
        double t = (double)r / (FACE_ROWS - 1), z = t < 0.8 ? 0.1875 * t : 0.0;
        if (t >= 0.8) z = 0.15 + 0.0734 * bt_sin(0.5 * BT_PI * (t - 0.8) / 0.2);
        for (unsigned c = 0; c < FACE_COLUMNS; c++) {
            double turn = 2.0 * BT_PI * c / FACE_COLUMNS; // closer together in front
            points[r * FACE_COLUMNS + c] = bt_head_point(head, turn - 0.65 * bt_sin(turn), z, 0.0);
        }
    }
    bt_mesh_add_grid(mesh, points, FACE_ROWS, FACE_COLUMNS,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, BT_PI);
    bt_free(points);
}

static void add_neck(bt_mesh_builder *mesh, const bt_head *head)
{
    static const bt_limb_section neck[] = {{-0.085, -0.024, 0.0, 0.060, 0.058, 0.064, 0.0},
                                           {-0.050, -0.020, 0.0, 0.053, 0.053, 0.056, 0.0},
                                           {-0.010, -0.014, 0.0, 0.051, 0.054, 0.053, 0.0},
                                           {0.040, -0.014, 0.0, 0.048, 0.064, 0.053, 0.0},
                                           // within the skull
                                           {0.085, -0.014, 0.0, 0.040, 0.056, 0.047, 0.0}};
    bt_limb_section scaled[5];
    double slim = 1.0 - 0.08 * head->soft, k = head->scale;
    for (int i = 0; i < 5; i++)
        scaled[i] = (bt_limb_section){
            head->base_z + neck[i].z * k, neck[i].x * k,           0.0, neck[i].front * k * slim,
            neck[i].back * k * slim,      neck[i].side * k * slim, 0.0};
    bt_limb_add(mesh, scaled, 5, 3, 20);
}

// ---- eyes ---------------------------------------------------------------------------------------
// What one eye is built about: its ball, looking straight ahead.
typedef struct eye {
    const bt_head *head;
    bt_mesh_builder *mesh;
    bt_vec3 middle;
    double side; // +1 left
} eye;

// A place by the ball: aside (outwards) and up in radians from straight ahead, as many radii off its middle.
static bt_vec3 by_eye(const eye *e, double aside, double up, double radii)
{
    double r = EYE_RADIUS * radii;
    return bt_head_place(e->head, e->middle.x + r * bt_cos(up) * bt_cos(aside),
                         e->middle.y + e->side * r * bt_cos(up) * bt_sin(aside),
                         e->middle.z + r * bt_sin(up));
}

// The lids' edges, t from the inner corner (-1) to the outer (1).
#define LID_HALF_RAD 1.02
static double lid_edge(const eye *e, double t, bool upper)
{
    double arch = fmax(0.0, 1.0 - t * t);
    double tilt = 0.05 * t;
    if (upper)
        return tilt + 0.004 + (0.31 + 0.06 * e->head->eyes) * bt_pow(arch, 0.75) * (1.0 - 0.10 * t);
    return tilt - (0.32 + 0.03 * e->head->eyes) * bt_pow(arch, 0.85) * (1.0 + 0.12 * t);
}

// A lid wraps the ball from its edge to the socket: a closed sheet, thick at its edge.
static void add_lid(const eye *e, bool upper)
{
    enum { ROWS = 13, COLUMNS = 8 };
    bt_vec3 points[ROWS * COLUMNS];
    double to = upper ? 1.15 : -1.05;
    for (int r = 0; r < ROWS; r++) {
        double t = -1.12 + 2.24 * r / (ROWS - 1), aside = LID_HALF_RAD * t;
        double edge = lid_edge(e, t, upper), middle = lid_edge(e, 0.0, upper);
        double far = edge + (to - edge) * (0.35 + 0.65 * fmax(0.0, 1.0 - t * t));
        double fold = edge + 0.30 * (middle > 0.0 ? 1.0 : -1.0) * fmax(0.0, 1.0 - t * t);
        bt_vec3 *p = points + r * COLUMNS;
        p[0] = by_eye(e, aside, edge, 1.00);
        p[1] = by_eye(e, aside, edge, 1.07);
        p[2] = by_eye(e, aside, edge + 0.5 * (fold - edge), 1.11);
        p[3] = by_eye(e, aside, fold, 1.09);
        p[4] = by_eye(e, aside, 0.5 * (fold + far), 1.10);
        p[5] = by_eye(e, aside, far, 0.95);
        p[6] = by_eye(e, aside, far, 0.75);
        p[7] = by_eye(e, aside, edge, 0.75);
    }
    bt_mesh_mark start = bt_mesh_here(e->mesh);
    bt_mesh_add_grid(e->mesh, points, ROWS, COLUMNS,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, 1.2);
    if (upper == (e->side > 0.0)) bt_mesh_flip(e->mesh, start);
}

// A cap of a ball a little larger than the eye's, closed behind.
static void add_iris(const eye *e, double radius, double radii)
{
    double r = EYE_RADIUS * radii, edge = bt_asin(radius / r), k = e->head->scale;
    bt_point2 profile[6] = {{0.0, 0.0}};
    for (int i = 0; i < 5; i++) {
        double a = edge * (4 - i) / 4.0;
        profile[1 + i] = (bt_point2){k * r * bt_sin(a), k * r * bt_cos(a)};
    }
    profile[0].y = profile[1].y - 0.001 * k;
    bt_vec3 at = bt_head_place(e->head, e->middle.x, e->middle.y, e->middle.z);
    bt_vec3 ahead = {1.0, 0.0, 0.0}, up = {0.0, 0.0, 1.0};
    bt_mesh_add_lathe(e->mesh, bt_pose_along(at, ahead, up), profile, 6, 18, 1.0);
}

// Lashes darken the upper lid's edge.
static void add_lashes(const eye *e)
{
    enum { STEPS = 11 };
    bt_vec3 path[STEPS];
    double radii[STEPS], k = e->head->scale;
    for (int i = 0; i < STEPS; i++) {
        double t = -0.98 + 2.04 * i / (STEPS - 1);
        path[i] = by_eye(e, LID_HALF_RAD * t, lid_edge(e, t, true) + 0.01, 1.10);
        radii[i] = k * (0.00035 + (0.0005 + 0.0003 * e->head->soft) * fmax(0.0, 1.0 - t * t) +
                        0.0003 * bt_person_ramp(0.0, 0.9, t));
    }
    bt_mesh_add_tube(e->mesh, path, radii, STEPS, 6);
}

// Hair on the ridge above the eye: thick inside, running out to a point.
static void add_brow(const eye *e)
{
    enum { STEPS = 12, ROUND = 8 };
    bt_vec3 points[STEPS * ROUND];
    double thick = 0.0031 - 0.0012 * e->head->soft + 0.0005 * e->head->brow;
    for (int i = 0; i < STEPS; i++) {
        double t = (double)i / (STEPS - 1), y = 0.0125 + 0.037 * t;
        double z = 0.1290 + 0.0052 * bt_sin(BT_PI * (0.12 + 0.72 * t)) - 0.0040 * t * t;
        double half =
            thick * (t < 0.12 ? 0.35 + 5.4 * t : 1.0 - 0.90 * bt_person_ramp(0.35, 1.0, t));
        for (int c = 0; c < ROUND; c++) {
            double a = 2.0 * BT_PI * c / ROUND, up = half * bt_sin(a);
            bt_vec3 at = bt_head_front(e->head, e->side * y, z + up, 0.0009 + 0.0016 * bt_cos(a));
            points[i * ROUND + c] = at;
        }
    }
    bt_mesh_mark start = bt_mesh_here(e->mesh);
    bt_mesh_add_grid(e->mesh, points, STEPS, ROUND,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, BT_PI);
    if (e->side > 0.0) bt_mesh_flip(e->mesh, start);
}

static void add_eye(const bt_person *p, const bt_head *head, double side)
{
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->head, p->slots.sclera);
    bt_vec3 front = surface(head, angle_of(head, side * EYE_ASIDE, EYE_UP), EYE_UP);
    eye e = {head, mesh, {front.x - 0.0052, side * EYE_ASIDE, EYE_UP}, side};
    bt_pose ball = {bt_head_place(head, e.middle.x, e.middle.y, e.middle.z), BT_QUAT_IDENTITY};
    double r = EYE_RADIUS * head->scale;
    bt_mesh_add_ellipsoid(mesh, ball, bt_vec3_make(r, r, r), 20);
    mesh->slot = p->slots.iris;
    add_iris(&e, IRIS_RADIUS, 1.012);
    mesh->slot = p->slots.pupil;
    add_iris(&e, PUPIL_RADIUS, 1.022);
    mesh->slot = p->slots.skin;
    add_lid(&e, true);
    add_lid(&e, false);
    mesh->slot = p->slots.lash;
    add_lashes(&e);
    mesh->slot = p->slots.brow;
    add_brow(&e);
}

// ---- mouth and nose -------------------------------------------------------------------------------
// A lip lies on the face between two curves that meet in the corners.
static void add_lip(bt_mesh_builder *mesh, const bt_head *head, bool upper)
{
    enum { STEPS = 17, ROUND = 8 };
    bt_vec3 points[STEPS * ROUND];
    double full = 1.0 + 0.25 * head->lips + 0.15 * head->soft;
    for (int i = 0; i < STEPS; i++) {
        double t = -1.0 + 2.0 * i / (STEPS - 1), y = MOUTH_HALF * t;
        double arch = bt_pow(fmax(0.0, 1.0 - t * t), 0.8);
        double bow = upper ? 1.0 - 0.28 * hill(t, 0.11) : 1.0 - 0.18 * t * t;
        double tall = full * (upper ? 0.0072 : 0.0092) * arch * bow + 0.0002;
        double inner = MOUTH_UP - 0.0012 * t * t;
        for (int c = 0; c < ROUND; c++) {
            double a = 2.0 * BT_PI * c / ROUND,
                   share = 0.5 - 0.5 * bt_cos(a); // from the line outward
            double z = inner + (upper ? 1.0 : -1.0) * (share * tall - 0.0004);
            double out = 0.0004 + (0.0014 + 0.0004 * full) * arch * bt_sin(a);
            points[i * ROUND + c] = bt_head_front(head, y, z, out);
        }
    }
    bt_mesh_mark start = bt_mesh_here(mesh);
    bt_mesh_add_grid(mesh, points, STEPS, ROUND,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, BT_PI);
    if (upper) bt_mesh_flip(mesh, start);
}

static void add_ball(bt_mesh_builder *mesh, const bt_head *head, bt_vec3 at, bt_vec3 radii,
                     double pitch)
{
    bt_pose pose = {bt_head_place(head, at.x, at.y, at.z), bt_quat_yaw_pitch_roll(0.0, pitch, 0.0)};
    bt_mesh_add_ellipsoid(mesh, pose, bt_vec3_scale(radii, head->scale), 12);
}

static void add_mouth_and_nose(const bt_person *p, const bt_head *head)
{
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->head, p->slots.lips);
    add_lip(mesh, head, true);
    add_lip(mesh, head, false);
    mesh->slot = p->slots.pupil; // nostrils
    for (int side = -1; side <= 1; side += 2) {
        bt_vec3 at = surface(head, angle_of(head, 0.0068 * side, 0.0735), 0.0735);
        at.x -= 0.0010;
        at.z = 0.0722;
        add_ball(mesh, head, at, bt_vec3_make(0.0036, 0.0024, 0.0014), -0.35);
    }
}

// ---- ears -----------------------------------------------------------------------------------------
// A shell, its rim and lobe.
static void add_ear(bt_mesh_builder *mesh, const bt_head *head, double side)
{
    enum { STEPS = 12 };
    bt_vec3 rim[STEPS];
    double radii[STEPS], k = head->scale;
    bt_vec3 middle = {-0.010, 0.0, 0.104};
    for (int i = 0; i < STEPS; i++) {
        double a = -0.35 + 4.25 * i / (STEPS - 1); // from before the top round behind to the lobe
        double wide = 0.0165 - 0.003 * bt_person_ramp(2.6, 3.9, a), tall = 0.030;
        double x = middle.x + wide * bt_cos(a + 0.25), z = middle.z + tall * bt_sin(a + 0.25);
        double stands = 0.0035 + 0.0115 * bt_person_ramp(0.010, -0.022, x - middle.x);
        rim[i] = bt_head_place(head, x - 0.15 * (z - middle.z), 0.0, z);
        bt_vec3 on = bt_head_point(head, side * (BT_PI * 0.5 + 0.10), z, stands);
        rim[i].y = on.y;
        radii[i] = k * (0.0030 + 0.0016 * bt_person_ramp(3.0, 3.9, a));
    }
    bt_mesh_add_tube(mesh, rim, radii, STEPS, 8);
    double y = bt_head_point(head, side * (BT_PI * 0.5 + 0.10), middle.z, 0.003).y / k;
    bt_pose bowl = {bt_head_place(head, middle.x, y, middle.z),
                    bt_quat_yaw_pitch_roll(side * 0.35, 0.15, 0.0)};
    bt_mesh_add_ellipsoid(mesh, bowl, bt_vec3_make(0.015 * k, 0.0048 * k, 0.027 * k), 14);
}

void bt_person_add_face(const bt_person *p, const bt_head *head)
{
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->head, p->slots.skin);
    add_skull(mesh, head);
    add_neck(mesh, head);
    for (int side = -1; side <= 1; side += 2) {
        mesh->slot = p->slots.skin;
        if (p->params->hair != BT_HAIR_VEIL) add_ear(mesh, head, side);
        add_eye(p, head, side);
    }
    add_mouth_and_nose(p, head);
    bt_body *b = p->body;
    bt_vec3 left = surface(head, angle_of(head, EYE_ASIDE, EYE_UP), EYE_UP);
    double eye_x = left.x - 0.0052 + EYE_RADIUS;
    bt_vec3 tip = surface(head, 0.0, 0.079);
    bt_body_add_keypoint(b, "nose", p->head, bt_head_place(head, tip.x, 0.0, tip.z));
    bt_body_add_keypoint(b, "left_eye", p->head, bt_head_place(head, eye_x, EYE_ASIDE, EYE_UP));
    bt_body_add_keypoint(b, "right_eye", p->head, bt_head_place(head, eye_x, -EYE_ASIDE, EYE_UP));
    bt_body_add_keypoint(b, "left_ear", p->head, bt_head_place(head, -0.008, 0.080, 0.103));
    bt_body_add_keypoint(b, "right_ear", p->head, bt_head_place(head, -0.008, -0.080, 0.103));
}
