// deer.c: deer and moose from lofts, on the legs of engine/sim/gait.h.
#include "procedural/animals/deer.h"

#include "engine/core/random.h"
#include "engine/sim/gait.h"
#include "procedural/support/limb.h"

#define LEG (BT_GAIT_DOG_UPPER + BT_GAIT_DOG_LOWER)
#define SECTIONS_MAX 12
#define PUPIL_M 0.007 // radius at night: chosen for an eye of 3 cm

// What differs between the two, shares of the withers' height.
typedef struct shape {
    double fore_x, hind_x, leg_y;
    bt_limb_section trunk[10];
    bt_vec3 neck[5]; // along the neck, from the trunk's frame
    double neck_r[5];
    bt_limb_section head[7];
    bt_vec3 ear;
    double ear_long;
    bool bell; // the flap of skin below a moose's throat
} shape;

// Sections: place along x, centre over the leg joints, half height up, down, half width.
static const shape deer_shape = {
    .fore_x = 0.36,
    .hind_x = -0.44,
    .leg_y = 0.085,
    .trunk = {{-0.560, 0.235, 0.0, 0.050, 0.070, 0.055, 0.0},
              {-0.510, 0.205, 0.0, 0.110, 0.130, 0.100, 0.0},
              {-0.410, 0.190, 0.0, 0.135, 0.155, 0.122, 0.0},
              {-0.270, 0.185, 0.0, 0.135, 0.120, 0.110, 0.0},
              {-0.100, 0.180, 0.0, 0.140, 0.150, 0.118, 0.0},
              {0.090, 0.175, 0.0, 0.150, 0.205, 0.125, 0.0},
              {0.250, 0.175, 0.0, 0.165, 0.230, 0.125, 0.0},
              {0.370, 0.180, 0.0, 0.165, 0.200, 0.112, 0.0},
              {0.450, 0.215, 0.0, 0.130, 0.140, 0.085, 0.0},
              {0.500, 0.245, 0.0, 0.070, 0.085, 0.055, 0.0}},
    .neck = {{0.28, 0.0, 0.18},
             {0.38, 0.0, 0.29},
             {0.46, 0.0, 0.41},
             {0.53, 0.0, 0.53},
             {0.58, 0.0, 0.63}},
    .neck_r = {0.120, 0.118, 0.092, 0.074, 0.066},
    .head = {{-0.075, 0.010, 0.0, 0.040, 0.050, 0.042, 0.0},
             {-0.030, 0.018, 0.0, 0.062, 0.066, 0.058, 0.0},
             {0.040, 0.010, 0.0, 0.060, 0.064, 0.055, 0.0},
             {0.110, -0.012, 0.0, 0.044, 0.052, 0.040, 0.0},
             {0.180, -0.032, 0.0, 0.034, 0.040, 0.031, 0.1},
             {0.235, -0.044, 0.0, 0.031, 0.034, 0.031, 0.2},
             {0.258, -0.048, 0.0, 0.020, 0.024, 0.022, 0.2}},
    .ear = {-0.035, 0.070, 0.085},
    .ear_long = 0.075,
};

static const shape moose_shape = {
    .fore_x = 0.33,
    .hind_x = -0.42,
    .leg_y = 0.085,
    .trunk = {{-0.535, 0.190, 0.0, 0.050, 0.070, 0.055, 0.0},
              {-0.485, 0.170, 0.0, 0.110, 0.130, 0.100, 0.0},
              {-0.390, 0.165, 0.0, 0.130, 0.155, 0.120, 0.0},
              {-0.250, 0.170, 0.0, 0.130, 0.140, 0.118, 0.0},
              {-0.090, 0.175, 0.0, 0.145, 0.170, 0.128, 0.0},
              {0.080, 0.185, 0.0, 0.175, 0.215, 0.135, 0.0},
              {0.220, 0.190, 0.0, 0.205, 0.240, 0.132, 0.0},
              {0.330, 0.190, 0.0, 0.200, 0.220, 0.120, 0.0},
              {0.410, 0.200, 0.0, 0.150, 0.160, 0.092, 0.0},
              {0.460, 0.210, 0.0, 0.085, 0.100, 0.060, 0.0}},
    .neck = {{0.28, 0.0, 0.20},
             {0.37, 0.0, 0.25},
             {0.45, 0.0, 0.30},
             {0.52, 0.0, 0.35},
             {0.57, 0.0, 0.39}},
    .neck_r = {0.140, 0.130, 0.115, 0.100, 0.088},
    .head = {{-0.070, 0.010, 0.0, 0.050, 0.060, 0.050, 0.0},
             {-0.020, 0.016, 0.0, 0.068, 0.080, 0.062, 0.0},
             {0.060, 0.006, 0.0, 0.062, 0.072, 0.055, 0.0},
             {0.150, -0.020, 0.0, 0.050, 0.062, 0.044, 0.0},
             {0.240, -0.045, 0.0, 0.052, 0.062, 0.046, 0.1},
             {0.310, -0.072, 0.0, 0.052, 0.052, 0.048, 0.2},
             {0.345, -0.090, 0.0, 0.030, 0.034, 0.034, 0.2}},
    .ear = {-0.040, 0.075, 0.080},
    .ear_long = 0.070,
    .bell = true,
};

typedef struct deer {
    const bt_deer_params *params;
    const shape *shape;
    bt_body *body;
    uint8_t fur, leg, dark, horn, eye;
    double h, g; // withers, girth
    uint32_t trunk, head;
} deer;

bt_deer_params bt_deer_defaults(void)
{
    return (bt_deer_params){.withers_m = 1.2, .antlers = true, .stout = 1.0};
}

bt_deer_params bt_moose_defaults(void)
{
    return (bt_deer_params){.withers_m = 1.9, .moose = true, .antlers = true, .stout = 1.0};
}

enum { DIM_SIZE = 520, DIM_STOUT, DIM_ANTLERS };

bt_deer_params bt_deer_random(uint64_t seed, uint64_t index, bool moose)
{
    uint32_t stream = BT_STREAM_PEDESTRIAN;
    double mean = moose ? 1.9 : 1.15;
    return (bt_deer_params){.withers_m =
                                mean * bt_random_range(seed, stream, index, DIM_SIZE, 0.88, 1.1),
                            .moose = moose,
                            .antlers = bt_random_unit(seed, stream, index, DIM_ANTLERS) < 0.5,
                            .stout = bt_random_range(seed, stream, index, DIM_STOUT, 0.92, 1.1)};
}

bt_status bt_deer_check(const bt_deer_params *p)
{
    if (!(p->withers_m >= 0.6 && p->withers_m <= 2.3))
        return bt_fail(BT_ERR_INPUT, "deer: withers_m is %g: expected from 0.6 to 2.3",
                       p->withers_m);
    if (!(p->stout >= 0.8 && p->stout <= 1.3))
        return bt_fail(BT_ERR_INPUT, "deer: stout is %g: expected from 0.8 to 1.3", p->stout);
    return BT_OK;
}

// Sections in shares; along x when `level`.
static void loft(const deer *d, uint32_t part, uint8_t material, const bt_limb_section *s,
                 size_t count, bool level, unsigned segments)
{
    bt_limb_section scaled[SECTIONS_MAX];
    for (size_t i = 0; i < count; i++)
        scaled[i] =
            (bt_limb_section){s[i].z * d->h,    s[i].x * d->h,    s[i].y * d->h, s[i].front * d->g,
                              s[i].back * d->g, s[i].side * d->g, s[i].square};
    bt_mesh_builder *mesh = bt_body_mesh(d->body, part, material);
    if (level)
        bt_limb_add_level(mesh, scaled, count, 3, segments);
    else
        bt_limb_add(mesh, scaled, count, 3, segments);
}

static void add_trunk(deer *d)
{
    bt_pose middle = {{0.0, 0.0, LEG * d->h}, BT_QUAT_IDENTITY};
    d->trunk = bt_body_add_part(d->body, "trunk", BT_NO_INDEX, middle);
    loft(d, d->trunk, d->fur, d->shape->trunk, 10, true, 24);
    bt_vec3 path[5];
    double radii[5];
    for (int i = 0; i < 5; i++) {
        path[i] = bt_vec3_scale(d->shape->neck[i], d->h);
        radii[i] = d->shape->neck_r[i] * d->g;
    }
    bt_mesh_add_tube(bt_body_mesh(d->body, d->trunk, d->fur), path, radii, 5, 18);
    // short tail
    bt_pose tail = {{-0.565 * d->h, 0.0, 0.215 * d->h}, bt_quat_yaw_pitch_roll(0.0, -0.9, 0.0)};
    bt_mesh_add_ellipsoid(bt_body_mesh(d->body, d->trunk, d->dark), tail,
                          bt_vec3_make(0.05 * d->h, 0.022 * d->h, 0.02 * d->h), 12);
}

// A beam with tines, or a palm with points.
static void add_antler(deer *d, int side)
{
    bt_mesh_builder *mesh = bt_body_mesh(d->body, d->head, d->horn);
    double h = d->h, r = 0.014 * h;
    if (d->params->moose) {
        bt_vec3 stem[3] = {{-0.02 * h, side * 0.045 * h, 0.07 * h},
                           {-0.03 * h, side * 0.12 * h, 0.09 * h},
                           {-0.03 * h, side * 0.18 * h, 0.11 * h}};
        double radii[3] = {0.018 * h, 0.017 * h, 0.018 * h};
        bt_mesh_add_tube(mesh, stem, radii, 3, 10);
        bt_pose palm = {{-0.05 * h, side * 0.27 * h, 0.16 * h},
                        bt_quat_yaw_pitch_roll(0.0, 0.25, side * 0.6)};
        bt_mesh_add_ellipsoid(mesh, palm, bt_vec3_make(0.15 * h, 0.11 * h, 0.014 * h), 18);
        for (int i = 0; i < 6; i++) {
            double a = -0.9 + 0.42 * i;
            bt_vec3 from = {(-0.05 + 0.12 * bt_sin(a)) * h, side * (0.30 + 0.05 * bt_cos(a)) * h,
                            0.19 * h};
            bt_vec3 tine[2] = {from,
                               {from.x + 0.05 * h * bt_sin(a), from.y + side * 0.05 * h * bt_cos(a),
                                from.z + 0.07 * h}};
            double tr[2] = {0.010 * h, 0.003 * h};
            bt_mesh_add_tube(mesh, tine, tr, 2, 8);
        }
        return;
    }
    bt_vec3 beam[6] = {
        {-0.02 * h, side * 0.030 * h, 0.06 * h}, {-0.05 * h, side * 0.075 * h, 0.15 * h},
        {-0.10 * h, side * 0.135 * h, 0.25 * h}, {-0.12 * h, side * 0.175 * h, 0.37 * h},
        {-0.08 * h, side * 0.185 * h, 0.48 * h}, {-0.01 * h, side * 0.170 * h, 0.57 * h}};
    double radii[6] = {r, 0.95 * r, 0.85 * r, 0.75 * r, 0.55 * r, 0.2 * r};
    bt_mesh_add_tube(mesh, beam, radii, 6, 10);
    for (int i = 1; i < 5; i++) {
        bt_vec3 tip = {beam[i].x + (0.13 - 0.015 * i) * h, beam[i].y + side * 0.02 * h,
                       beam[i].z + 0.06 * h};
        bt_vec3 tine[2] = {beam[i], tip};
        double tr[2] = {0.7 * radii[i], 0.15 * r};
        bt_mesh_add_tube(mesh, tine, tr, 2, 8);
    }
}

static void add_head(deer *d)
{
    double h = d->h;
    const shape *s = d->shape;
    bt_vec3 end = bt_vec3_scale(s->neck[4], h);
    bt_pose rest = {{end.x, 0.0, end.z + 0.01 * h}, BT_QUAT_IDENTITY};
    d->head = bt_body_add_joint(d->body, "head", d->trunk, rest, bt_vec3_make(0.0, 0.0, 1.0),
                                BT_CHANNEL_HEAD, 1.0);
    loft(d, d->head, d->fur, s->head, 7, true, 18);
    bt_vec3 muzzle = {s->head[6].z * h, 0.0, s->head[6].x * h};
    bt_mesh_add_ellipsoid(bt_body_mesh(d->body, d->head, d->dark),
                          (bt_pose){muzzle, BT_QUAT_IDENTITY},
                          bt_vec3_make(0.018 * h, 0.024 * h, 0.022 * h), 14);
    for (int side = -1; side <= 1; side += 2) {
        bt_pose ear = {{s->ear.x * h, side * s->ear.y * h, s->ear.z * h},
                       bt_quat_yaw_pitch_roll(0.0, 0.25, -side * 0.75)};
        bt_mesh_add_ellipsoid(bt_body_mesh(d->body, d->head, d->fur), ear,
                              bt_vec3_make(0.026 * h, 0.012 * h, s->ear_long * h), 14);
        bt_pose eye = {{0.045 * h, side * 0.050 * h, 0.030 * h}, BT_QUAT_IDENTITY};
        bt_mesh_add_ellipsoid(bt_body_mesh(d->body, d->head, d->dark), eye,
                              bt_vec3_make(0.012 * h, 0.010 * h, 0.012 * h), 12);
        // the pupil, wide at night, on the outside of the ball
        bt_vec3 pupil = {eye.pos.x + 0.004 * h, side * 0.0565 * h, eye.pos.z};
        bt_mesh_add_ellipsoid(bt_body_mesh(d->body, d->head, d->eye),
                              (bt_pose){pupil, BT_QUAT_IDENTITY},
                              bt_vec3_make(PUPIL_M, 0.6 * PUPIL_M, PUPIL_M), 12);
        if (d->params->antlers) add_antler(d, side);
    }
    if (s->bell) {
        bt_pose bell = {{-0.02 * h, 0.0, -0.13 * h}, BT_QUAT_IDENTITY};
        bt_mesh_add_ellipsoid(bt_body_mesh(d->body, d->head, d->fur), bell,
                              bt_vec3_make(0.025 * h, 0.015 * h, 0.075 * h), 12);
    }
    bt_body_add_keypoint(d->body, "nose", d->head, muzzle);
}

typedef struct leg_names {
    const char *upper, *lower, *hoof;
    bt_channel joint, fold;
} leg_names;

static void add_leg(deer *d, bool fore, int side, const leg_names *names)
{
    double h = d->h, w = fore ? 0.0 : 0.035, z = -BT_GAIT_DOG_LOWER;
    bt_vec3 forward = {0.0, -1.0, 0.0}, backward = {0.0, 1.0, 0.0};
    bt_pose joint = {
        {(fore ? d->shape->fore_x : d->shape->hind_x) * h, side * d->shape->leg_y * h, 0.0},
        BT_QUAT_IDENTITY};
    bt_pose knee = {{0.0, 0.0, -BT_GAIT_DOG_UPPER * h}, BT_QUAT_IDENTITY};
    uint32_t upper =
        bt_body_add_joint(d->body, names->upper, d->trunk, joint, forward, names->joint, 1.0);
    uint32_t lower = bt_body_add_joint(d->body, names->lower, upper, knee,
                                       fore ? forward : backward, names->fold, 1.0);
    const bt_limb_section top[] = {{0.110, 0.0, -side * 0.012, 0.070 + w, 0.075 + w, 0.045, 0.0},
                                   {0.020, 0.0, 0.0, 0.070 + w, 0.072 + w, 0.050, 0.0},
                                   {-0.100, 0.0, 0.0, 0.052 + 0.7 * w, 0.052 + 0.7 * w, 0.040, 0.0},
                                   {-0.220, 0.0, 0.0, 0.034 + 0.3 * w, 0.034 + 0.3 * w, 0.030, 0.0},
                                   {-0.310, 0.0, 0.0, 0.028, 0.030, 0.026, 0.0},
                                   {-0.335, 0.0, 0.0, 0.025, 0.026, 0.023, 0.0}};
    loft(d, upper, d->fur, top, 6, false, 16);
    const bt_limb_section shank[] = {{0.015, 0.0, 0.0, 0.026, 0.028, 0.024, 0.0},
                                     {-0.010, 0.0, 0.0, 0.028, 0.030, 0.026, 0.0},
                                     {-0.100, 0.0, 0.0, 0.019, 0.022, 0.018, 0.0},
                                     {-0.220, 0.0, 0.0, 0.017, 0.019, 0.017, 0.0},
                                     {-0.290, 0.004, 0.0, 0.021, 0.022, 0.020, 0.0},
                                     {z + 0.040, 0.012, 0.0, 0.024, 0.022, 0.022, 0.1}};
    loft(d, lower, d->leg, shank, 6, false, 14);
    // hoof: a block that is flat below
    const bt_limb_section hoof[] = {{z + 0.042, 0.014, 0.0, 0.025, 0.022, 0.023, 0.2},
                                    {z + 0.020, 0.020, 0.0, 0.034, 0.026, 0.026, 0.3},
                                    {z, 0.024, 0.0, 0.040, 0.028, 0.028, 0.4}};
    bt_mesh_builder *mesh = bt_body_mesh(d->body, lower, d->dark);
    bt_mesh_mark start = bt_mesh_here(mesh);
    loft(d, lower, d->dark, hoof, 3, false, 14);
    float ground = (float)(z * h);
    for (size_t i = start.vertex; i < mesh->vertex_count; i++)
        mesh->positions[3 * i + 2] = fmaxf(mesh->positions[3 * i + 2], ground);
    bt_mesh_smooth(mesh, start, 60.0 * BT_RAD_PER_DEG);
    bt_body_add_keypoint(d->body, names->hoof, lower, bt_vec3_make(0.02 * h, 0.0, z * h));
}

bt_status bt_deer_build(const bt_deer_params *params, bt_body **body)
{
    *body = NULL;
    bt_status status = bt_deer_check(params);
    if (!status) status = bt_body_create(BT_CLASS_ANIMAL, body);
    if (status) return status;
    deer d = {.params = params,
              .shape = params->moose ? &moose_shape : &deer_shape,
              .body = *body,
              .h = params->withers_m};
    d.g = d.h * params->stout;
    d.fur = bt_body_material(d.body, params->moose ? "moose_fur" : "deer_fur");
    d.leg = params->moose ? bt_body_material(d.body, "moose_leg") : d.fur;
    d.eye = bt_body_material(d.body, "eye_tapetum");
    d.dark = bt_body_material(d.body, "shoe_black");
    d.horn = bt_body_material(d.body, "bark_oak");
    static const leg_names names[4] = {{"fore_upper_left", "fore_lower_left", "hoof_fore_left",
                                        BT_CHANNEL_SHOULDER_LEFT, BT_CHANNEL_ELBOW_LEFT},
                                       {"fore_upper_right", "fore_lower_right", "hoof_fore_right",
                                        BT_CHANNEL_SHOULDER_RIGHT, BT_CHANNEL_ELBOW_RIGHT},
                                       {"hind_upper_left", "hind_lower_left", "hoof_hind_left",
                                        BT_CHANNEL_HIP_LEFT, BT_CHANNEL_KNEE_LEFT},
                                       {"hind_upper_right", "hind_lower_right", "hoof_hind_right",
                                        BT_CHANNEL_HIP_RIGHT, BT_CHANNEL_KNEE_RIGHT}};
    add_trunk(&d);
    add_head(&d);
    for (int i = 0; i < 4; i++)
        add_leg(&d, i < 2, i % 2 == 0 ? 1 : -1, &names[i]);
    return bt_body_seal(body, BT_CLASS_ANIMAL);
}

bt_status bt_deer_generate(bt_spec *spec, const bt_deer_params *params, uint32_t *model)
{
    *model = BT_NO_INDEX;
    bt_body *body = NULL;
    bt_status status = bt_deer_build(params, &body);
    if (!status) status = bt_body_finish(body, spec, params->moose ? "moose" : "deer", model);
    bt_body_destroy(body);
    return status;
}
