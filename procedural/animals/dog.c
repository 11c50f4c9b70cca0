// dog.c: a dog from lofts. Proportions chosen after a retriever's, as fractions of the withers'
// height.
#include "procedural/animals/dog.h"

#include "engine/core/random.h"
#include "engine/sim/gait.h"
#include "procedural/support/limb.h"

typedef struct dog {
    const bt_dog_params *params;
    bt_body *body;
    uint8_t fur, nose;
    double h, g; // withers, girth
    uint32_t trunk, head;
} dog;

#define LEG (BT_GAIT_DOG_UPPER + BT_GAIT_DOG_LOWER)
#define FORE_X 0.36 // legs ahead of and behind the middle
#define HIND_X -0.40
#define FORE_Y 0.105
#define HIND_Y 0.100

bt_dog_params bt_dog_defaults(void)
{
    return (bt_dog_params){.withers_m = 0.55, .stout = 1.0, .tail_up = 0.4};
}

enum { DIM_SIZE = 500, DIM_STOUT, DIM_FUR, DIM_EARS, DIM_TAIL };

bt_dog_params bt_dog_random(uint64_t seed, uint64_t index)
{
    uint32_t stream = BT_STREAM_PEDESTRIAN;
    return (bt_dog_params){
        .withers_m = bt_random_range(seed, stream, index, DIM_SIZE, 0.32, 0.66),
        .stout = bt_random_range(seed, stream, index, DIM_STOUT, 0.88, 1.15),
        .black = bt_random_unit(seed, stream, index, DIM_FUR) < 0.45,
        .pricked = bt_random_unit(seed, stream, index, DIM_EARS) < 0.4,
        .tail_up = bt_random_unit(seed, stream, index, DIM_TAIL),
    };
}

bt_status bt_dog_check(const bt_dog_params *p)
{
    if (!(p->withers_m >= 0.2 && p->withers_m <= 0.9))
        return bt_fail(BT_ERR_INPUT, "dog: withers_m is %g: expected from 0.2 to 0.9",
                       p->withers_m);
    if (!(p->stout >= 0.8 && p->stout <= 1.3))
        return bt_fail(BT_ERR_INPUT, "dog: stout is %g: expected from 0.8 to 1.3", p->stout);
    if (!(p->tail_up >= 0.0 && p->tail_up <= 1.0))
        return bt_fail(BT_ERR_INPUT, "dog: tail_up is %g: expected from 0 to 1", p->tail_up);
    return BT_OK;
}

// Sections in fractions; along x when `level`.
static void loft(const dog *d, uint32_t part, const bt_limb_section *s, size_t count, bool level,
                 unsigned segments)
{
    bt_limb_section scaled[16];
    for (size_t i = 0; i < count; i++)
        scaled[i] =
            (bt_limb_section){s[i].z * d->h,    s[i].x * d->h,    s[i].y * d->h, s[i].front * d->g,
                              s[i].back * d->g, s[i].side * d->g, s[i].square};
    bt_mesh_builder *mesh = bt_body_mesh(d->body, part, d->fur);
    if (level)
        bt_limb_add_level(mesh, scaled, count, 3, segments);
    else
        bt_limb_add(mesh, scaled, count, 3, segments);
}

// ---- trunk ------------------------------------------------------------------------------------
static void add_trunk(dog *d)
{
    bt_pose middle = {{0.0, 0.0, LEG * d->h}, BT_QUAT_IDENTITY};
    d->trunk = bt_body_add_part(d->body, "trunk", BT_NO_INDEX, middle);
    // place along x, centre's height over the leg joints, half heights up and down, half width
    const bt_limb_section trunk[] = {{-0.520, 0.200, 0.0, 0.055, 0.080, 0.060, 0.0},
                                     {-0.470, 0.170, 0.0, 0.115, 0.140, 0.110, 0.0},
                                     {-0.380, 0.160, 0.0, 0.150, 0.165, 0.135, 0.0},
                                     {-0.250, 0.165, 0.0, 0.150, 0.125, 0.120, 0.0},
                                     {-0.100, 0.165, 0.0, 0.150, 0.170, 0.128, 0.0},
                                     {0.080, 0.150, 0.0, 0.165, 0.235, 0.142, 0.0},
                                     {0.240, 0.140, 0.0, 0.180, 0.265, 0.150, 0.0},
                                     {0.370, 0.140, 0.0, 0.188, 0.225, 0.138, 0.0},
                                     {0.450, 0.170, 0.0, 0.150, 0.165, 0.105, 0.0},
                                     {0.495, 0.200, 0.0, 0.085, 0.110, 0.070, 0.0}};
    loft(d, d->trunk, trunk, 10, true, 22);
    // neck rises forward
    bt_mesh_builder *mesh = bt_body_mesh(d->body, d->trunk, d->fur);
    double h = d->h, g = d->g;
    const bt_vec3 path[] = {{0.20 * h, 0.0, 0.11 * h},
                            {0.31 * h, 0.0, 0.20 * h},
                            {0.42 * h, 0.0, 0.29 * h},
                            {0.51 * h, 0.0, 0.39 * h},
                            {0.57 * h, 0.0, 0.48 * h}};
    const double radii[] = {0.12 * g, 0.148 * g, 0.132 * g, 0.108 * g, 0.092 * g};
    bt_mesh_add_tube(mesh, path, radii, 5, 18);
}

// ---- head -------------------------------------------------------------------------------------
static void add_ears(dog *d)
{
    bt_mesh_builder *mesh = bt_body_mesh(d->body, d->head, d->fur);
    double h = d->h;
    for (int side = -1; side <= 1; side += 2) {
        bool up = d->params->pricked;
        bt_vec3 at = {-0.02 * h, side * (up ? 0.060 : 0.088) * h, (up ? 0.135 : 0.040) * h};
        bt_pose pose = {at, bt_quat_yaw_pitch_roll(0.0, 0.15, up ? -side * 0.25 : side * 0.12)};
        bt_mesh_add_ellipsoid(mesh, pose,
                              bt_vec3_make(0.040 * h, 0.013 * h, (up ? 0.075 : 0.080) * h), 14);
    }
}

static void add_head(dog *d)
{
    double h = d->h;
    bt_pose rest = {{0.575 * h, 0.0, 0.49 * h}, BT_QUAT_IDENTITY};
    d->head = bt_body_add_joint(d->body, "head", d->trunk, rest, bt_vec3_make(0.0, 0.0, 1.0),
                                BT_CHANNEL_HEAD, 1.0);
    const bt_limb_section skull[] = {{-0.105, 0.010, 0.0, 0.045, 0.060, 0.050, 0.0},
                                     {-0.060, 0.018, 0.0, 0.078, 0.085, 0.080, 0.0},
                                     {0.000, 0.020, 0.0, 0.088, 0.088, 0.090, 0.0},
                                     {0.060, 0.008, 0.0, 0.080, 0.078, 0.078, 0.0},
                                     {0.105, -0.012, 0.0, 0.052, 0.060, 0.056, 0.1},
                                     {0.160, -0.020, 0.0, 0.042, 0.050, 0.046, 0.2},
                                     {0.215, -0.022, 0.0, 0.037, 0.042, 0.041, 0.25},
                                     {0.245, -0.022, 0.0, 0.026, 0.030, 0.030, 0.2}};
    loft(d, d->head, skull, 8, true, 20);
    add_ears(d);
    bt_mesh_builder *mesh = bt_body_mesh(d->body, d->head, d->nose);
    bt_pose tip = {{0.255 * h, 0.0, -0.010 * h}, BT_QUAT_IDENTITY};
    bt_mesh_add_ellipsoid(mesh, tip, bt_vec3_make(0.018 * h, 0.024 * h, 0.017 * h), 14);
    for (int side = -1; side <= 1; side += 2) {
        bt_pose eye = {{0.085 * h, side * 0.052 * h, 0.040 * h}, BT_QUAT_IDENTITY};
        bt_mesh_add_ellipsoid(mesh, eye, bt_vec3_make(0.013 * h, 0.013 * h, 0.013 * h), 12);
        // the pupil, on the outside of the ball
        eye.pos.x += 0.006 * h;
        eye.pos.y += side * 0.0085 * h;
        mesh->slot = bt_body_material(d->body, "eye_tapetum");
        bt_mesh_add_ellipsoid(mesh, eye, bt_vec3_make(0.005, 0.004, 0.005), 12);
        mesh->slot = d->nose;
    }
    bt_body_add_keypoint(d->body, "nose", d->head, bt_vec3_make(0.27 * h, 0.0, -0.010 * h));
}

// ---- legs and tail ----------------------------------------------------------------------------
typedef struct leg_names {
    const char *upper, *lower, *paw;
    bt_channel joint, fold;
} leg_names;

static void add_leg(dog *d, bool fore, int side, const leg_names *names)
{
    double h = d->h;
    bt_vec3 forward = {0.0, -1.0, 0.0}, backward = {0.0, 1.0, 0.0};
    bt_pose joint = {{(fore ? FORE_X : HIND_X) * h, side * (fore ? FORE_Y : HIND_Y) * h, 0.0},
                     BT_QUAT_IDENTITY};
    bt_pose knee = {{0.0, 0.0, -BT_GAIT_DOG_UPPER * h}, BT_QUAT_IDENTITY};
    uint32_t upper =
        bt_body_add_joint(d->body, names->upper, d->trunk, joint, forward, names->joint, 1.0);
    uint32_t lower = bt_body_add_joint(d->body, names->lower, upper, knee,
                                       fore ? forward : backward, names->fold, 1.0);
    double w = fore ? 0.0 : 0.030; // hind legs are thicker above
    const bt_limb_section top[] = {{0.100, 0.0, -side * 0.015, 0.080 + w, 0.085 + w, 0.050, 0.0},
                                   {0.020, 0.0, 0.0, 0.082 + w, 0.085 + w, 0.058, 0.0},
                                   {-0.100, 0.0, 0.0, 0.068 + 0.7 * w, 0.068 + 0.7 * w, 0.052, 0.0},
                                   {-0.220, 0.0, 0.0, 0.050 + 0.3 * w, 0.050 + 0.3 * w, 0.043, 0.0},
                                   {-0.310, 0.0, 0.0, 0.040, 0.042, 0.036, 0.0},
                                   {-0.335, 0.0, 0.0, 0.034, 0.036, 0.031, 0.0}};
    loft(d, upper, top, 6, false, 16);
    double z = -BT_GAIT_DOG_LOWER;
    const bt_limb_section shank[] = {{0.015, 0.0, 0.0, 0.035, 0.037, 0.032, 0.0},
                                     {-0.010, 0.0, 0.0, 0.039, 0.040, 0.035, 0.0},
                                     {-0.100, -0.002, 0.0, 0.030, 0.034, 0.028, 0.0},
                                     {-0.200, 0.000, 0.0, 0.026, 0.028, 0.026, 0.0},
                                     {-0.270, 0.002, 0.0, 0.028, 0.029, 0.028, 0.0},
                                     {z + 0.038, 0.012, 0.0, 0.038, 0.034, 0.034, 0.1}};
    loft(d, lower, shank, 6, false, 14);
    // paw: flat below
    bt_mesh_builder *mesh = bt_body_mesh(d->body, lower, d->fur);
    bt_mesh_mark start = bt_mesh_here(mesh);
    bt_pose paw = {{0.024 * h, 0.0, (z + 0.026) * h}, BT_QUAT_IDENTITY};
    bt_mesh_add_ellipsoid(mesh, paw, bt_vec3_make(0.066 * h, 0.044 * h, 0.034 * h), 18);
    float ground = (float)(z * h);
    for (size_t i = start.vertex; i < mesh->vertex_count; i++)
        mesh->positions[3 * i + 2] = fmaxf(mesh->positions[3 * i + 2], ground);
    bt_mesh_smooth(mesh, start, 60.0 * BT_RAD_PER_DEG);
    bt_body_add_keypoint(d->body, names->paw, lower, bt_vec3_make(0.02 * h, 0.0, z * h));
}

static void add_tail(dog *d)
{
    double h = d->h, up = bt_lerp(-1.0, 0.9, d->params->tail_up);
    bt_pose rest = {{-0.50 * h, 0.0, 0.245 * h}, BT_QUAT_IDENTITY};
    uint32_t tail = bt_body_add_joint(d->body, "tail", d->trunk, rest, bt_vec3_make(0.0, 0.0, 1.0),
                                      BT_CHANNEL_TAIL, 1.0);
    bt_vec3 path[7];
    double radii[7], angle = -0.15, step = 0.075 * h;
    bt_vec3 at = {0.03 * h, 0.0, 0.0};
    for (int i = 0; i < 7; i++) {
        path[i] = at;
        radii[i] = bt_lerp(0.040, 0.014, i / 6.0) * d->g;
        angle += (up - angle) * 0.3;
        at = bt_vec3_add(at, bt_vec3_make(-step * bt_cos(angle), 0.0, step * bt_sin(angle)));
    }
    bt_mesh_add_tube(bt_body_mesh(d->body, tail, d->fur), path, radii, 7, 12);
    bt_body_add_keypoint(d->body, "tail_base", tail, bt_vec3_make(0.0, 0.0, 0.0));
    bt_body_add_keypoint(d->body, "tail_tip", tail, path[6]);
}

bt_status bt_dog_build(const bt_dog_params *params, bt_body **body)
{
    *body = NULL;
    bt_status status = bt_dog_check(params);
    if (!status) status = bt_body_create(BT_CLASS_ANIMAL, body);
    if (status) return status;
    dog d = {.params = params, .body = *body, .h = params->withers_m};
    d.g = d.h * params->stout;
    d.fur = bt_body_material(d.body, params->black ? "dog_fur_black" : "dog_fur_brown");
    d.nose = bt_body_material(d.body, "shoe_black"); // wet and black
    static const leg_names names[4] = {{"fore_upper_left", "fore_lower_left", "paw_fore_left",
                                        BT_CHANNEL_SHOULDER_LEFT, BT_CHANNEL_ELBOW_LEFT},
                                       {"fore_upper_right", "fore_lower_right", "paw_fore_right",
                                        BT_CHANNEL_SHOULDER_RIGHT, BT_CHANNEL_ELBOW_RIGHT},
                                       {"hind_upper_left", "hind_lower_left", "paw_hind_left",
                                        BT_CHANNEL_HIP_LEFT, BT_CHANNEL_KNEE_LEFT},
                                       {"hind_upper_right", "hind_lower_right", "paw_hind_right",
                                        BT_CHANNEL_HIP_RIGHT, BT_CHANNEL_KNEE_RIGHT}};
    add_trunk(&d);
    add_head(&d);
    for (int i = 0; i < 4; i++)
        add_leg(&d, i < 2, i % 2 == 0 ? 1 : -1, &names[i]);
    add_tail(&d);
    return bt_body_seal(body, BT_CLASS_ANIMAL);
}

bt_status bt_dog_generate(bt_spec *spec, const bt_dog_params *params, uint32_t *model)
{
    *model = BT_NO_INDEX;
    bt_body *body = NULL;
    bt_status status = bt_dog_build(params, &body);
    if (!status) status = bt_body_finish(body, spec, "dog", model);
    bt_body_destroy(body);
    return status;
}
