// gear_body.c: what one meets, and how somebody is put on it.
#include "procedural/gear/gear_internal.h"

#include "engine/core/random.h"

#define CUBOID_ROOM_M 0.02

bt_class bt_gear_class(bt_gear_kind kind)
{
    switch (kind) {
    case BT_GEAR_BICYCLE:
        return BT_CLASS_BICYCLE;
    case BT_GEAR_KICK_SCOOTER:
    case BT_GEAR_E_SCOOTER:
        return BT_CLASS_SCOOTER;
    case BT_GEAR_WHEELCHAIR:
        return BT_CLASS_WHEELCHAIR;
    default:
        return BT_CLASS_PERSON;
    }
}

// ---- as met in a street -----------------------------------------------------------------------
enum { DIM_COLOUR = 400, DIM_AGE, DIM_HELMET };

bt_gear_params bt_gear_random(bt_gear_kind kind, uint64_t seed, uint64_t index)
{
    static const double colours[][3] = {{0.08, 0.08, 0.09}, {0.55, 0.56, 0.57}, {0.30, 0.08, 0.08},
                                        {0.08, 0.18, 0.36}, {0.70, 0.70, 0.66}, {0.10, 0.30, 0.22},
                                        {0.20, 0.22, 0.25}, {0.62, 0.42, 0.10}};
    bt_gear_params p = {.kind = kind, .person = bt_person_random(seed, index)};
    const double *c = colours[bt_random_below(seed, BT_STREAM_PEDESTRIAN, index, DIM_COLOUR, 8)];
    for (int k = 0; k < 3; k++)
        p.colour[k] = c[k];
    if (kind == BT_GEAR_BICYCLE || kind == BT_GEAR_KICK_SCOOTER || kind == BT_GEAR_WHEELCHAIR) {
        // coats and skirts are in the way
        if (p.person.top == BT_TOP_COAT) p.person.top = BT_TOP_JACKET;
        if (p.person.legs == BT_LEGS_SKIRT) p.person.legs = BT_LEGS_TROUSERS;
    }
    bool child = kind == BT_GEAR_KICK_SCOOTER &&
                 bt_random_unit(seed, BT_STREAM_PEDESTRIAN, index, DIM_AGE) < 0.6;
    if (child) p.person.height_m = 1.35;
    if (!child && p.person.height_m < 1.5) p.person.height_m = 1.62; // grown up
    // chosen: half of those who cycle, fewer on scooters
    double share = kind == BT_GEAR_BICYCLE                                     ? 0.5
                   : kind == BT_GEAR_KICK_SCOOTER || kind == BT_GEAR_E_SCOOTER ? 0.3
                                                                               : 0.0;
    if (bt_random_unit(seed, BT_STREAM_PEDESTRIAN, index, DIM_HELMET) < share)
        p.person.hair = BT_HAIR_HELMET;
    if (kind == BT_GEAR_WHEELCHAIR || kind == BT_GEAR_STROLLER) p.person.bag = BT_BAG_NONE;
    return p;
}

bt_status bt_gear_body_check(const bt_gear_params *p)
{
    if ((unsigned)p->kind >= BT_GEAR_KIND_COUNT || p->kind == BT_GEAR_NONE)
        return bt_fail(BT_ERR_INPUT, "gear: no kind %d", (int)p->kind);
    double least = p->kind == BT_GEAR_BICYCLE ? 1.5 : 1.1;
    if (!(p->person.height_m >= least && p->person.height_m <= 2.1))
        return bt_fail(BT_ERR_INPUT, "gear: %s of somebody %g m high: expected %g to 2.1",
                       bt_gear_name(p->kind), p->person.height_m, least);
    for (int k = 0; k < 3; k++)
        if (!(p->colour[k] >= 0.0 && p->colour[k] <= 1.0))
            return bt_fail(BT_ERR_INPUT, "gear: colour is %g: expected from 0 to 1", p->colour[k]);
    return bt_person_check(&p->person);
}

// ---- building ---------------------------------------------------------------------------------
// Arms turned out so that fists lie on the grips, legs so that feet do where they belong.
static bt_person_posture posture_of(const bt_gear_maker *m)
{
    const bt_gear *g = &m->gear;
    bt_person_posture p = bt_person_upright(g->height_m);
    bool both = g->kind != BT_GEAR_CANE && g->kind != BT_GEAR_WHITE_CANE;
    bt_vec3 grip = bt_gear_grip_from_shoulder(g, bt_person_shoulder_aside(&m->params->person));
    double out = bt_atan2(grip.y, fmax(0.05, -grip.z));
    p.arm_out_rad[1] = out;
    if (both) p.arm_out_rad[0] = out;
    p.fists = true;
    if (!bt_gear_is_ridden(g->kind)) return p;
    p.hips =
        (bt_pose){{g->hips.x_m, 0.0, g->hips.z_m}, bt_quat_yaw_pitch_roll(0.0, g->lean_rad, 0.0)};
    p.head_up_rad = 0.8 * g->lean_rad;
    p.swings = g->kind == BT_GEAR_BICYCLE;
    p.sits = g->kind == BT_GEAR_BICYCLE || g->kind == BT_GEAR_WHEELCHAIR;
    p.swing_about = bt_vec3_make(g->swing.x_m, 0.0, g->swing.z_m);
    for (int i = 0; i < 2; i++) {
        p.leg_out_rad[i] = bt_gear_leg_out(g, i == 1);
    }
    return p;
}

static void find_slots(bt_gear_maker *m)
{
    bt_body *b = m->body;
    static const double canvas[3] = {0.10, 0.10, 0.11};
    m->paint = bt_body_tinted(b, "car_paint_solid", m->params->colour);
    m->rubber = bt_body_material(b, "rubber");
    m->alloy = bt_body_material(b, "wheel_alloy");
    m->black = bt_body_material(b, "plastic_black");
    m->cloth = m->params->kind == BT_GEAR_STROLLER ? bt_body_tinted(b, "cloth", m->params->colour)
                                                   : bt_body_tinted(b, "cloth", canvas);
    m->skin = bt_body_material(b, "skin_light");
    m->reflector_clear = bt_body_material(b, "reflector_clear");
    m->reflector_red = bt_body_material(b, "reflector_red");
    m->reflector_amber = bt_body_material(b, "reflector_amber");
}

// Bounds of parts [from, to) in a pose, of those that keep their shape.
static void bounds_of(const bt_body *body, const bt_pose *poses, uint32_t from, uint32_t to,
                      bt_vec3 *low, bt_vec3 *high)
{
    *low = bt_vec3_make(HUGE_VAL, HUGE_VAL, HUGE_VAL);
    *high = bt_vec3_scale(*low, -1.0);
    for (uint32_t i = from; i < to; i++) {
        const bt_mesh_builder *mesh = bt_body_shown_mesh(body, i);
        for (size_t v = 0; v < mesh->vertex_count && !body->parts[i].skin; v++) {
            bt_vec3 p = bt_pose_point(poses[i], bt_mesh_position(mesh, (uint32_t)v));
            *low = bt_vec3_make(fmin(low->x, p.x), fmin(low->y, p.y), fmin(low->z, p.z));
            *high = bt_vec3_make(fmax(high->x, p.x), fmax(high->y, p.y), fmax(high->z, p.z));
        }
    }
}

static void add_cuboid(bt_body *body, bt_class class_id, bt_vec3 low, bt_vec3 high)
{
    // the sides even, so that nothing jumps from step to step
    high.y = fmax(high.y, -low.y) + CUBOID_ROOM_M;
    low.y = -high.y;
    bt_body_add_cuboid(body, class_id, BT_NO_INDEX, low, high);
}

// As it goes straight on; people parts come first.
static void add_cuboids(bt_gear_maker *m, uint32_t people)
{
    bt_body *b = m->body;
    bt_gear_kind kind = m->gear.kind;
    double channels[BT_CHANNEL_COUNT] = {0};
    bt_pose poses[BT_BODY_MAX_PARTS];
    bt_gear_state still = {0};
    bt_vec3 low, high, gear_low, gear_high;
    if (bt_gear_is_ridden(kind)) bt_gear_pose_rider(&m->gear, &still, channels);
    bt_body_pose_parts(b, channels, poses);
    bounds_of(b, poses, 0, people, &low, &high);
    // the trunk's back, knees and thighs are skin, which bends
    double h = m->gear.height_m;
    low.x = fmin(low.x, m->gear.hips.x_m - 0.09 * h);
    high.x = fmax(high.x, m->gear.hips.x_m + 0.13 * h);
    low.y = fmin(low.y, -0.155 * h);
    low.x -= CUBOID_ROOM_M;
    high.x += CUBOID_ROOM_M;
    bt_vec3 all_low = low, all_high = high;
    if (people < b->part_count && (bt_gear_is_ridden(kind) || kind == BT_GEAR_STROLLER)) {
        bounds_of(b, poses, people, b->part_count, &gear_low, &gear_high);
        all_low = bt_vec3_make(fmin(low.x, gear_low.x), fmin(low.y, gear_low.y), 0.0);
        all_high = bt_vec3_make(fmax(high.x, gear_high.x), fmax(high.y, gear_high.y),
                                fmax(high.z, gear_high.z));
    }
    if (bt_gear_is_ridden(kind)) {
        add_cuboid(b, bt_gear_class(kind), all_low, all_high);
        add_cuboid(b, BT_CLASS_RIDER, low, high);
        return;
    }
    low.z = 0.0;
    add_cuboid(b, BT_CLASS_PERSON, low, high);
    if (kind == BT_GEAR_STROLLER) add_cuboid(b, BT_CLASS_STROLLER, gear_low, gear_high);
}

static void add_gear(bt_gear_maker *m)
{
    switch (m->gear.kind) {
    case BT_GEAR_BICYCLE:
        bt_gear_add_bicycle(m);
        break;
    case BT_GEAR_KICK_SCOOTER:
    case BT_GEAR_E_SCOOTER:
        bt_gear_add_scooter(m);
        break;
    case BT_GEAR_WHEELCHAIR:
        bt_gear_add_wheelchair(m);
        break;
    case BT_GEAR_STROLLER:
        bt_gear_add_stroller(m);
        break;
    default:
        bt_gear_add_cane(m);
        break;
    }
}

bt_status bt_gear_body_build(const bt_gear_params *params, bt_body **body)
{
    *body = NULL;
    bt_status status = bt_gear_body_check(params);
    bool ridden = bt_gear_is_ridden(params->kind);
    if (!status) status = bt_body_create(ridden ? BT_CLASS_RIDER : BT_CLASS_PERSON, body);
    if (status) return status;
    bt_gear_maker m = {.params = params,
                       .gear = bt_gear_make(params->kind, params->person.height_m),
                       .body = *body};
    bt_person_posture posture = posture_of(&m);
    status = bt_person_add(&params->person, &posture, *body, &m.person);
    uint32_t people = (*body)->part_count;
    (*body)->class_id =
        params->kind == BT_GEAR_STROLLER ? BT_CLASS_STROLLER : bt_gear_class(params->kind);
    if (!status) {
        find_slots(&m);
        add_gear(&m);
        add_cuboids(&m, people);
        (*body)->class_id = bt_gear_class(params->kind);
        status = bt_body_status(*body);
    }
    if (status) {
        bt_body_destroy(*body);
        *body = NULL;
    }
    return status;
}

bt_status bt_gear_body_generate(bt_spec *spec, const bt_gear_params *params, uint32_t *model)
{
    *model = BT_NO_INDEX;
    bt_body *body = NULL;
    bt_status status = bt_gear_body_build(params, &body);
    if (!status) status = bt_body_finish(body, spec, bt_gear_name(params->kind), model);
    bt_body_destroy(body);
    return status;
}
