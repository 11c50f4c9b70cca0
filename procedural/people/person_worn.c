// person_worn.c: what is worn over the trunk and keeps its shape: hoods, scarves, bags.
#include "procedural/people/person_internal.h"

// In the frame of the spine part, of a place given in the pelvis part's.
static bt_vec3 from_spine(const bt_person *p, bt_vec3 pos)
{
    pos.z -= 0.08 * p->h;
    return pos;
}

static void tube(bt_mesh_builder *mesh, const bt_vec3 *path, size_t count, double radius,
                 unsigned segments)
{
    double radii[24];
    for (size_t i = 0; i < count; i++)
        radii[i] = radius;
    bt_mesh_add_tube(mesh, path, radii, count, segments);
}

// ---- about the neck -------------------------------------------------------------------------------
static void add_hood(bt_person *p)
{
    enum { STEPS = 15 };
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->spine, p->slots.top);
    bt_vec3 path[STEPS];
    double radii[STEPS], h = p->h;
    for (int i = 0; i < STEPS; i++) {
        double t = (double)i / (STEPS - 1), back = bt_sin(BT_PI * t),
               a = 0.55 + (2.0 * BT_PI - 1.1) * t;
        double round = (0.046 + 0.010 * back) * p->h;
        bt_vec3 at = {-0.012 * h + round * bt_cos(a), round * bt_sin(a),
                      (0.846 - 0.012 * back - 0.010 * (1.0 - back)) * h - p->hip_z};
        path[i] = from_spine(p, at);
        radii[i] = (0.010 + 0.0135 * back * back) * h;
    }
    bt_mesh_add_tube(mesh, path, radii, STEPS, 10);
}

static void add_scarf(bt_person *p)
{
    enum { STEPS = 20 };
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->spine, p->slots.shirt);
    bt_vec3 path[STEPS];
    double radii[STEPS], h = p->h;
    for (int i = 0; i < STEPS; i++) { // once and a half round, rising
        double t = (double)i / (STEPS - 1), a = -0.9 + 3.2 * BT_PI * t;
        double round = (0.043 + 0.004 * bt_sin(5.0 * a)) * h;
        bt_vec3 at = {-0.012 * h + round * bt_cos(a), round * bt_sin(a),
                      (0.842 + 0.016 * t - 0.008 * bt_cos(a)) * h - p->hip_z};
        path[i] = from_spine(p, at);
        radii[i] = (0.0125 + 0.0020 * bt_sin(7.0 * a)) * h;
    }
    bt_mesh_add_tube(mesh, path, radii, STEPS, 9);
    bt_vec3 end[6];
    double ends[6];
    for (int i = 0; i < 6; i++) {
        double t = i / 5.0;
        end[i] = from_spine(p, bt_person_on_chest(p, 0.22 + 0.05 * t, 0.838 - 0.125 * t, 0.008));
        ends[i] = (0.0100 + 0.0035 * t) * h;
    }
    bt_mesh_add_tube(mesh, end, ends, 6, 9);
}

// ---- bags -----------------------------------------------------------------------------------------
// A band that lies on the chest, through angles (times side) and heights.
static void add_strap(bt_person *p, const double through[][2], size_t count, double side,
                      double width)
{
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->spine, p->slots.bag);
    bt_vec3 path[24];
    size_t steps = 3 * (count - 1) + 1;
    for (size_t i = 0; i < steps; i++) {
        size_t k = i / 3 < count - 1 ? i / 3 : count - 2;
        double u = (double)(i - 3 * k) / 3.0;
        double angle = through[k][0] + u * (through[k + 1][0] - through[k][0]);
        double z = through[k][1] + u * (through[k + 1][1] - through[k][1]);
        path[i] = from_spine(p, bt_person_on_chest(p, side * angle, z, 0.003));
    }
    tube(mesh, path, steps, width, 8);
}

// Its straps lie on the cloth (person_trims.c).
static void add_backpack(bt_person *p)
{
    double h = p->h, z = 0.70 * h - p->hip_z - 0.08 * h;
    double back = from_spine(p, bt_person_on_chest(p, BT_PI, 0.74, 0.0)).x;
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->spine, p->slots.bag);
    bt_pose pack = {{back - 0.045 * h, 0.0, z}, bt_quat_yaw_pitch_roll(0.0, 0.06, 0.0)};
    bt_mesh_add_rounded_box(mesh, pack, bt_vec3_make(0.10 * h, 0.165 * h, 0.24 * h), 0.035 * h, 4);
    bt_pose pocket = {{back - 0.092 * h, 0.0, z - 0.04 * h}, BT_QUAT_IDENTITY};
    bt_mesh_add_rounded_box(mesh, pocket, bt_vec3_make(0.04 * h, 0.12 * h, 0.11 * h), 0.018 * h, 3);
}

// Hangs from one shoulder across to the other hip.
static void add_shoulder_bag(bt_person *p)
{
    static const double front[][2] = {{-1.75, 0.828}, {-0.95, 0.815}, {-0.42, 0.765},
                                      {0.15, 0.690},  {0.75, 0.620},  {1.45, 0.565}};
    static const double behind[][2] = {{-1.75, 0.828}, {-2.40, 0.800}, {-2.85, 0.740},
                                       {-3.35, 0.670}, {-4.00, 0.610}, {-4.60, 0.565}};
    double h = p->h;
    add_strap(p, front, 6, 1.0, 0.0075);
    add_strap(p, behind, 6, 1.0, 0.0075);
    bt_vec3 at = from_spine(p, bt_person_on_chest(p, 1.62, 0.548, 0.028));
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->spine, p->slots.bag);
    bt_mesh_add_rounded_box(mesh, (bt_pose){at, bt_quat_yaw_pitch_roll(0.12, 0.0, 0.10)},
                            bt_vec3_make(0.150 * h, 0.042 * h, 0.105 * h), 0.016 * h, 3);
    bt_vec3 flap = {at.x, at.y + 0.018 * h, at.z + 0.020 * h};
    bt_mesh_add_rounded_box(mesh, (bt_pose){flap, bt_quat_yaw_pitch_roll(0.12, 0.0, 0.10)},
                            bt_vec3_make(0.154 * h, 0.016 * h, 0.070 * h), 0.007 * h, 2);
}

void bt_person_add_worn(bt_person *p)
{
    const bt_person_params *q = p->params;
    if (q->hood) add_hood(p);
    if (q->scarf) add_scarf(p);
    if (q->bag == BT_BAG_BACKPACK) add_backpack(p);
    if (q->bag == BT_BAG_SHOULDER) add_shoulder_bag(p);
}
