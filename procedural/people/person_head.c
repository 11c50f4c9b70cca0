// person_head.c: neck, skull, face, ears, hair.
//
// Head height is about 0.13 of an adult's height (Drillis and Contini 1966); children's heads are
// larger for their height.
#include "procedural/people/person_internal.h"

typedef struct head_shape {
    double scale;  // of an adult's head
    double base_z; // chin's place above the head joint
} head_shape;

static void head_loft_draped(bt_mesh_builder *mesh, const bt_limb_section *s, size_t count,
                             const head_shape *shape, double out, unsigned segments,
                             bt_limb_drape drape)
{
    bt_limb_section scaled[16];
    double k = shape->scale;
    for (size_t i = 0; i < count; i++)
        scaled[i] = (bt_limb_section){
            shape->base_z + s[i].z * k, s[i].x * k,          0.0,        s[i].front * k + out,
            s[i].back * k + out,        s[i].side * k + out, s[i].square};
    bt_limb_add_draped(mesh, scaled, count, 3, segments, drape);
}

static void head_loft(bt_mesh_builder *mesh, const bt_limb_section *s, size_t count,
                      const head_shape *shape, double out, unsigned segments)
{
    head_loft_draped(mesh, s, count, shape, out, segments, (bt_limb_drape){0});
}

// Metres of an adult's head of 0.23 m from chin (0) to crown.
static void add_skull(bt_person *p, const head_shape *shape)
{
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->head, p->slots.skin);
    const bt_limb_section skull[] = {{0.004, 0.046, 0.0, 0.020, 0.022, 0.022, 0.0},
                                     {0.016, 0.030, 0.0, 0.045, 0.040, 0.040, 0.05},
                                     {0.040, 0.016, 0.0, 0.066, 0.060, 0.056, 0.1},
                                     {0.068, 0.008, 0.0, 0.079, 0.076, 0.064, 0.1},
                                     {0.100, 0.000, 0.0, 0.086, 0.092, 0.070, 0.1},
                                     {0.135, -0.006, 0.0, 0.091, 0.098, 0.075, 0.1},
                                     {0.165, -0.010, 0.0, 0.090, 0.096, 0.076, 0.05},
                                     {0.193, -0.014, 0.0, 0.077, 0.082, 0.068, 0.0},
                                     {0.214, -0.016, 0.0, 0.050, 0.055, 0.046, 0.0},
                                     {0.222, -0.016, 0.0, 0.024, 0.026, 0.024, 0.0}};
    head_loft(mesh, skull, 10, shape, 0.0, 28);
    const bt_limb_section neck[] = {{-0.075, -0.024, 0.0, 0.060, 0.058, 0.064, 0.0},
                                    {-0.045, -0.020, 0.0, 0.053, 0.053, 0.056, 0.0},
                                    {0.000, -0.014, 0.0, 0.052, 0.054, 0.054, 0.0},
                                    {0.045, -0.012, 0.0, 0.050, 0.060, 0.055, 0.0}};
    head_loft(mesh, neck, 4, shape, 0.0, 20);
}

static bt_vec3 at_head(const head_shape *shape, double x, double y, double z)
{
    return bt_vec3_make(x * shape->scale, y * shape->scale, shape->base_z + z * shape->scale);
}

static void add_ball(bt_mesh_builder *mesh, const head_shape *shape, bt_vec3 at, bt_vec3 radii,
                     double pitch, unsigned segments)
{
    bt_pose pose = {at_head(shape, at.x, at.y, at.z), bt_quat_yaw_pitch_roll(0.0, pitch, 0.0)};
    bt_mesh_add_ellipsoid(mesh, pose, bt_vec3_scale(radii, shape->scale), segments);
}

static void add_face(bt_person *p, const head_shape *shape)
{
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->head, p->slots.skin);
    // nose: bridge and tip; brows; lips; chin
    bt_mesh_add_capsule(mesh, at_head(shape, 0.083, 0.0, 0.118), at_head(shape, 0.097, 0.0, 0.086),
                        0.009 * shape->scale, 0.013 * shape->scale, 12);
    add_ball(mesh, shape, bt_vec3_make(0.090, 0.0, 0.081), bt_vec3_make(0.013, 0.019, 0.009), 0.0,
             12);
    add_ball(mesh, shape, bt_vec3_make(0.079, 0.0, 0.050), bt_vec3_make(0.012, 0.026, 0.010), 0.0,
             12);
    add_ball(mesh, shape, bt_vec3_make(0.066, 0.0, 0.022), bt_vec3_make(0.020, 0.026, 0.018), 0.0,
             12);
    for (int side = -1; side <= 1; side += 2) {
        double y = side;
        mesh->slot = p->slots.skin;
        add_ball(mesh, shape, bt_vec3_make(0.074, y * 0.034, 0.129),
                 bt_vec3_make(0.016, 0.025, 0.010), 0.2, 12);
        // ear: a tilted shell
        add_ball(mesh, shape, bt_vec3_make(-0.008, y * 0.077, 0.103),
                 bt_vec3_make(0.019, 0.009, 0.032), -0.25, 12);
        mesh->slot = p->slots.hair;
        add_ball(mesh, shape, bt_vec3_make(0.087, y * 0.033, 0.131),
                 bt_vec3_make(0.006, 0.021, 0.0045), 0.0, 10);
        add_ball(mesh, shape, bt_vec3_make(0.0785, y * 0.032, 0.113),
                 bt_vec3_make(0.006, 0.012, 0.005), 0.0, 10);
    }
}

// Hair lies in locks: a shell with ridges down from the crown, whose edge is ragged where it meets the
// skull.
static double locks_m(const void *context, double angle, double z)
{
    const head_shape *shape = context;
    double up = (z - shape->base_z) / shape->scale; // metres of an adult's head above the chin
    double ridge = 0.6 * sin(7.0 * angle + 30.0 * up) + 0.4 * sin(11.0 * angle - 55.0 * up + 1.0);
    return 0.0035 * shape->scale * ridge * bt_clamp((0.225 - up) / 0.03, 0.0, 1.0);
}

static void add_hair(bt_person *p, const head_shape *shape)
{
    bool cap = p->params->hair == BT_HAIR_CAP;
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->head, cap ? p->slots.bag : p->slots.hair);
    // a shell over the skull, set back from the face; a cap's rim runs lower than hair grows
    double brow = cap ? 0.0 : 0.012;
    const bt_limb_section crown[] = {{0.050, -0.070, 0.0, 0.015, 0.026, 0.048, 0.0},
                                     {0.080, -0.060, 0.0, 0.026, 0.046, 0.068, 0.0},
                                     {0.115, -0.040, 0.0, 0.050, 0.066, 0.079, 0.0},
                                     {0.140, -0.028, 0.0, 0.078 - brow, 0.082, 0.083, 0.05},
                                     {0.160, -0.014, 0.0, 0.098 - brow, 0.097, 0.084, 0.05},
                                     {0.182, -0.012, 0.0, 0.098 - 0.5 * brow, 0.096, 0.082, 0.05},
                                     {0.206, -0.014, 0.0, 0.082, 0.084, 0.071, 0.0},
                                     {0.224, -0.015, 0.0, 0.055, 0.058, 0.048, 0.0},
                                     {0.231, -0.015, 0.0, 0.024, 0.026, 0.022, 0.0}};
    bt_limb_drape locks = {cap ? NULL : locks_m, shape};
    if (p->params->hair != BT_HAIR_BALD) head_loft_draped(mesh, crown, 9, shape, 0.002, 28, locks);
    if (cap) {
        bt_pose brim = {at_head(shape, 0.105, 0.0, 0.160), bt_quat_yaw_pitch_roll(0.0, 0.12, 0.0)};
        bt_mesh_add_rounded_slab(mesh, brim,
                                 bt_vec3_make(0.11 * shape->scale, 0.15 * shape->scale, 0.008),
                                 0.05, 0.003, 6);
    }
    if (p->params->hair != BT_HAIR_LONG) return;
    const bt_limb_section fall[] = {{-0.085, -0.070, 0.0, 0.022, 0.026, 0.070, 0.2},
                                    {-0.030, -0.066, 0.0, 0.034, 0.036, 0.084, 0.15},
                                    {0.040, -0.056, 0.0, 0.048, 0.052, 0.086, 0.1},
                                    {0.100, -0.042, 0.0, 0.056, 0.066, 0.084, 0.1},
                                    {0.160, -0.024, 0.0, 0.070, 0.082, 0.080, 0.0}};
    head_loft_draped(mesh, fall, 5, shape, 0.002, 28, locks);
}

// Puts the crown at the body's height.
static void raise_to_height(bt_person *p, double joint_z, head_shape *shape)
{
    bt_mesh_builder *mesh = &p->body->parts[p->head].mesh;
    bt_mesh_report report;
    bt_status status = bt_mesh_check(mesh, &report);
    if (status) {
        if (!mesh->status) mesh->status = status;
        return;
    }
    double up = p->h - joint_z - report.max_m.z;
    bt_mesh_transform(mesh, (bt_mesh_mark){0, 0}, (bt_pose){{0.0, 0.0, up}, BT_QUAT_IDENTITY});
    shape->base_z += up;
}

void bt_person_add_head(bt_person *p)
{
    double h = p->h, joint = 0.868 * h;
    // children's heads shrink less than their bodies
    head_shape shape = {.scale = bt_clamp(0.45 + 0.55 * h / 1.75, 0.7, 1.08)};
    bt_pose rest = {{-0.004 * h, 0.0, joint - p->hip_z - 0.08 * h},
                    bt_quat_yaw_pitch_roll(0.0, -p->posture->head_up_rad, 0.0)};
    p->head = bt_body_add_joint(p->body, "head", p->spine, rest, bt_vec3_make(0.0, 0.0, 1.0),
                                BT_CHANNEL_HEAD, 1.0);
    add_skull(p, &shape);
    add_face(p, &shape);
    add_hair(p, &shape);
    raise_to_height(p, joint, &shape);
    bt_body *b = p->body;
    bt_body_add_keypoint(b, "nose", p->head, at_head(&shape, 0.108, 0.0, 0.086));
    bt_body_add_keypoint(b, "left_eye", p->head, at_head(&shape, 0.083, 0.032, 0.113));
    bt_body_add_keypoint(b, "right_eye", p->head, at_head(&shape, 0.083, -0.032, 0.113));
    bt_body_add_keypoint(b, "left_ear", p->head, at_head(&shape, -0.008, 0.080, 0.103));
    bt_body_add_keypoint(b, "right_ear", p->head, at_head(&shape, -0.008, -0.080, 0.103));
}
