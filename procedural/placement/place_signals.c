// place_signals.c: the network's signals: plates on poles, heads on poles and masts.
#include "procedural/placement/placer.h"
#include "procedural/placement/surroundings.h"

#include "engine/core/memory.h"
#include "procedural/props/sign.h"
#include "procedural/props/signal_head.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARM_REACH_M 16.0
#define POLE_CLEAR_M 0.35 // from vehicles' surfaces to a pole's middle
#define STUB_M 0.36       // from a pole to the face of the head on it

static bool pole_may_stand(const bt_placer *p, double x, double y)
{
    return bt_placer_disc_free(p, x, y, 0.05, BT_FOOTPRINT_VEHICLES, POLE_CLEAR_M, 0);
}

// How far to the left (+) or right (-) of the face a pole can stand; 0: right behind it.
static bool find_pole(const bt_placer *p, const bt_pose *face, double *arm)
{
    bt_vec3 back = bt_pose_point(*face, (bt_vec3){-STUB_M, 0.0, 0.0});
    bt_vec3 left = bt_pose_dir(*face, (bt_vec3){0.0, 1.0, 0.0});
    for (double d = 0.0; d <= ARM_REACH_M; d += 0.25) {
        for (int side = 1; side >= -1; side -= 2) {
            if (!pole_may_stand(p, back.x + side * d * left.x, back.y + side * d * left.y))
                continue;
            *arm = -side * d; // from the pole to the head
            return true;
        }
    }
    return false;
}

static bt_pose level_pose(const bt_signal *signal)
{
    bt_pose pose = signal->world_from_signal;
    pose.rot = bt_quat_axis_angle((bt_vec3){0.0, 0.0, 1.0}, bt_quat_yaw(pose.rot));
    return pose;
}

static double road_height(const bt_placer *p, const bt_signal *signal)
{
    return bt_road_point(p->net, signal->road, signal->s_m, signal->t_m).z;
}

// ---- heads ------------------------------------------------------------------------------------

static bool for_walkers(const bt_signal *signal)
{
    const char *type = signal->type ? signal->type : "";
    return strcmp(type, "1000002") ==
           0; // ASAM OpenDRIVE's own types: 1000001 cars, 1000002 walkers
}

static bt_status put_mast(bt_placer *p, const bt_pose *face, double arm, bool arm_found)
{
    if (!arm_found) return BT_OK;
    bt_vec3 foot = bt_pose_point(*face, (bt_vec3){-STUB_M, -arm, 0.0});
    // heads that hang together share a pole
    if (!bt_occupancy_disc_free(&p->taken, foot.x, foot.y, 0.2, BT_TAKEN_SOLID)) {
        if (fabs(arm) < 0.3) return BT_OK;
    }
    foot.z = bt_placer_stand_height(p, foot.x, foot.y);
    uint32_t mesh;
    bt_status status = bt_signal_pole_build(p->spec, face->pos.z - foot.z, arm, &mesh);
    if (!status) status = bt_occupancy_add_disc(&p->taken, foot.x, foot.y, 0.2, BT_TAKEN_SOLID);
    if (status) return status;
    bt_pose pose = {foot, face->rot};
    status = bt_placer_put(p, mesh, pose, 1.0, "signal pole", BT_CLASS_POLE, true);
    const bt_placer_solid solid = bt_placer_round(BT_STANDING_BREAKS, 0.1, 3.0);
    return status ? status : bt_placer_stand(p, &solid, pose);
}

static bt_status put_head(bt_placer *p, const bt_signal *signal, uint32_t index)
{
    bt_signal_head_kind kind = for_walkers(signal) ? BT_SIGNAL_HEAD_WALKERS : BT_SIGNAL_HEAD_CARS;
    bt_status status = BT_OK;
    if (p->signal_models[kind] == BT_NO_INDEX)
        status = bt_signal_head_build(p->spec, kind, &p->signal_models[kind]);
    if (status) return status;
    bt_pose face = level_pose(signal);
    double arm = 0.0, ground = road_height(p, signal);
    bool found = find_pole(p, &face, &arm);
    double least = fabs(arm) > 0.3 ? 4.6 : kind == BT_SIGNAL_HEAD_WALKERS ? 2.1 : 2.3;
    if (face.pos.z < ground + 1.5) face.pos.z = ground + least;
    status = put_mast(p, &face, arm, found);
    if (status) return status;
    status = BT_ARRAY_RESERVE(p->result->signals, p->signal_capacity, p->result->signal_count + 1);
    if (!status)
        p->result->signals[p->result->signal_count++] =
            (bt_signal_actor){index, p->signal_models[kind], BT_NO_INDEX, face};
    return status;
}

bt_status bt_surroundings_add_signals(bt_spec *spec, const bt_road_network *net,
                                      bt_surroundings_result *result)
{
    bt_status status = BT_OK;
    for (size_t i = 0; i < result->signal_count && !status; i++) {
        bt_signal_actor *head = &result->signals[i];
        const char *id = bt_road_signal_get(net, head->signal)->id;
        char name[64];
        snprintf(name, sizeof name, "signal %s", id ? id : "");
        status = bt_spec_add_actor(spec, head->model, name, BT_CLASS_TRAFFIC_LIGHT, &head->actor);
    }
    return status;
}

// ---- plates -----------------------------------------------------------------------------------

static bt_status put_plate(bt_placer *p, const bt_signal *signal)
{
    bt_sign_desc desc = bt_sign_describe(signal);
    bt_pose face = level_pose(signal);
    double ground = bt_placer_stand_height(p, face.pos.x, face.pos.y);
    if (signal->z_offset_m < 0.3) face.pos.z = ground + 2.0;
    bool standing = pole_may_stand(p, face.pos.x, face.pos.y);
    double pole = standing ? bt_clamp(face.pos.z - ground + 0.4, 0.0, 20.0) : 0.0;
    bt_sign sign;
    bt_status status = bt_sign_build(p->spec, &desc, pole, &sign);
    if (!status && !standing && face.pos.z > ground + 3.0) { // over the road: on a mast's arm
        double arm = 0.0;
        bool found = find_pole(p, &face, &arm);
        bt_pose hung = face;
        hung.pos.z -= 0.3;
        status = put_mast(p, &hung, arm, found);
    }
    if (!status)
        status = bt_occupancy_add_disc(&p->taken, face.pos.x, face.pos.y, 0.3, BT_TAKEN_SOLID);
    if (status) return status;
    status = bt_placer_put(p, sign.mesh, face, 1.0, "traffic sign", BT_CLASS_TRAFFIC_SIGN, true);
    if (status || pole <= 0.0) return status;
    const bt_placer_solid solid = bt_placer_round(BT_STANDING_BREAKS, 0.04, pole);
    face.pos.z = ground;
    return bt_placer_stand(p, &solid, face);
}

// Paint, not a plate: crosswalks, stop and yield lines, arrows (StVO signs 293 to 299, 340, 341)
// that files list among their signals.
bool bt_signal_is_painted(const bt_signal *signal)
{
    int type = signal->type ? atoi(signal->type) : 0;
    if ((type >= 293 && type <= 299) || type == 340 || type == 341) return true;
    return signal->height_m <= 0.0 && signal->width_m > 1.5 && signal->z_offset_m < 0.05;
}

bt_status bt_place_signals(bt_placer *p)
{
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < bt_road_signal_count(p->net) && !status; i++) {
        const bt_signal *signal = bt_road_signal_get(p->net, i);
        if (signal->dynamic)
            status = put_head(p, signal, i);
        else if (!bt_signal_is_painted(signal) && bt_placer_room(p, true))
            status = put_plate(p, signal);
    }
    return status;
}
