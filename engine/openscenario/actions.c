// actions.c: what actors are to do.
#include "engine/openscenario/internal.h"

#include "engine/scene/actor_pose.h"

#include <math.h>
#include <string.h>

static bt_dynamics read_dynamics(osc_reader *r, xml_node *n)
{
    static const char *const shapes[] = {"linear", "cubic", "sinusoidal", "step", NULL};
    static const char *const dimensions[] = {"time", "rate", "distance", NULL};
    bt_dynamics d = {.shape = BT_SHAPE_STEP};
    if (!n) return d;
    d.shape = (bt_shape)osc_choice(r, n, "dynamicsShape", shapes, -1);
    d.dimension = (bt_dimension)osc_choice(r, n, "dynamicsDimension", dimensions, -1);
    d.value = osc_number(r, n, "value", NAN);
    osc_ignore(r, n, "followingMode", "values are followed exactly");
    return d;
}

static void read_limits(osc_reader *r, xml_node *n, bt_action *a)
{
    xml_node *d = xml_child(n, "DynamicConstraints");
    if (!d) return;
    a->max_speed_m_s = osc_number_in(r, d, "maxSpeed", 0.0, 0.0, 1e301);
    a->max_accel_m_s2 = osc_number_in(r, d, "maxAcceleration", 0.0, 0.0, 1e301);
    a->max_decel_m_s2 = osc_number_in(r, d, "maxDeceleration", 0.0, 0.0, 1e301);
}

// ---- longitudinal -----------------------------------------------------------------------------
static void read_relative_speed(osc_reader *r, xml_node *n, bt_action *a)
{
    static const char *const types[] = {"delta", "factor", NULL};
    double value = osc_number(r, n, "value", NAN);
    bool factor = osc_choice(r, n, "speedTargetValueType", types, 0) == 1;
    a->factor = factor ? value : 1.0;
    a->value = factor ? 0.0 : value;
}

static void read_speed(osc_reader *r, xml_node *n, bt_action *a)
{
    a->kind = BT_DO_SPEED;
    a->dynamics = read_dynamics(r, xml_child(n, "SpeedActionDynamics"));
    xml_node *target = xml_child(n, "SpeedActionTarget");
    xml_node *absolute = xml_child(target, "AbsoluteTargetSpeed");
    xml_node *relative = xml_child(target, "RelativeTargetSpeed");
    if (absolute) {
        a->value = osc_number_in(r, absolute, "value", NAN, -200.0, 1000.0);
    } else if (relative) {
        a->ref = osc_entity(r, relative, "entityRef");
        read_relative_speed(r, relative, a);
        a->continuous = osc_bool(r, relative, "continuous", false);
    } else {
        osc_fail(r, n, "expected a SpeedActionTarget");
    }
}

static void read_profile(osc_reader *r, xml_node *n, bt_action *a)
{
    a->kind = BT_DO_SPEED_PROFILE;
    a->factor = 0.0;
    a->first_number = (uint32_t)r->story->numbers_count;
    xml_node *limits = xml_child(n, "DynamicConstraints");
    // followed exactly: what follows a position has no inertia to respect
    bool follows = strcmp(osc_text(r, n, "followingMode", "position"), "follow") == 0;
    if (limits && follows) {
        a->value = osc_number_in(r, limits, "maxAccelerationRate", 0.0, 0.0, 1e6);
        a->factor = osc_number_in(r, limits, "maxDecelerationRate", 0.0, 0.0, 1e6);
    }
    for (xml_node *e = xml_child(n, "SpeedProfileEntry"); e && r->status == BT_OK;
         e = xml_next(e)) {
        double pair[2] = {osc_number_in(r, e, "time", 0.0, 0.0, 1e6),
                          osc_number_in(r, e, "speed", NAN, 0.0, 1000.0)};
        for (int i = 0; i < 2 && r->status == BT_OK; i++)
            r->status = BT_STORY_ADD(r->story, numbers, pair[i], NULL);
        a->number_count += 2;
    }
    if (r->status == BT_OK && a->number_count == 0) osc_fail(r, n, "no SpeedProfileEntry");
    if (a->number_count > 120) osc_fail(r, n, "more than 60 entries");
}

static void read_distance(osc_reader *r, xml_node *n, bt_action *a)
{
    static const char *const systems[] = {"entity", "lane", "road", "trajectory", NULL};
    static const char *const sides[] = {"any", "leadingReferencedEntity",
                                        "trailingReferencedEntity", NULL};
    a->kind = BT_DO_KEEP_DISTANCE;
    a->ref = osc_entity(r, n, "entityRef");
    a->continuous = osc_bool(r, n, "continuous", false);
    a->freespace = osc_bool(r, n, "freespace", false);
    a->item = osc_choice(r, n, "coordinateSystem", systems, 0) != 0;
    a->leads = osc_choice(r, n, "displacement", sides, 2) == 1;
    a->by_time = !osc_has(n, "distance");
    a->value = osc_number_in(r, n, a->by_time ? "timeGap" : "distance", NAN, 0.0, 1e6);
    read_limits(r, n, a);
}

static void read_synchronize(osc_reader *r, xml_node *n, bt_action *a)
{
    a->kind = BT_DO_SYNCHRONIZE;
    a->ref = osc_entity(r, n, "masterEntityRef");
    (void)osc_number(r, n, "targetToleranceMaster", 0.0);
    (void)osc_number(r, n, "targetTolerance", 0.0);
    a->spot2 = osc_read_position(r, xml_child(n, "TargetPositionMaster"));
    a->spot = osc_read_position(r, xml_child(n, "TargetPosition"));
    xml_node *last = xml_child(n, "FinalSpeed");
    if (!last) return;
    xml_node *absolute = xml_child(last, "AbsoluteSpeed");
    xml_node *relative = xml_child(last, "RelativeSpeedToMaster");
    a->item = 1;
    a->factor = 0.0;
    if (absolute)
        a->value = osc_number_in(r, absolute, "value", NAN, 0.0, 1000.0);
    else if (relative)
        read_relative_speed(r, relative, a);
    xml_node *of = absolute ? absolute : relative;
    xml_node *way = xml_child(of, "TargetDistanceSteadyState");
    xml_node *time = xml_child(of, "TargetTimeSteadyState");
    if (way) a->steady_m = osc_number_in(r, way, "distance", NAN, 0.0, 1e6);
    if (time)
        a->steady_s =
            osc_number_in(r, time, osc_has(time, "time_ss") ? "time_ss" : "time", NAN, 0.0, 1e6);
}

// ---- lateral ----------------------------------------------------------------------------------
static void read_lane_change(osc_reader *r, xml_node *n, bt_action *a)
{
    a->kind = BT_DO_CHANGE_LANE;
    a->lateral_m = osc_number_in(r, n, "targetLaneOffset", 0.0, -100.0, 100.0);
    a->dynamics = read_dynamics(r, xml_child(n, "LaneChangeActionDynamics"));
    xml_node *target = xml_child(n, "LaneChangeTarget");
    xml_node *absolute = xml_child(target, "AbsoluteTargetLane");
    xml_node *relative = xml_child(target, "RelativeTargetLane");
    if (relative) a->ref = osc_entity(r, relative, "entityRef");
    if (absolute || relative)
        a->lane = (int32_t)osc_number_in(r, absolute ? absolute : relative, "value", NAN, -1000.0,
                                         1000.0);
    else
        osc_fail(r, n, "expected a LaneChangeTarget");
}

static void read_offset(osc_reader *r, xml_node *n, bt_action *a)
{
    static const char *const shapes[] = {"linear", "cubic", "sinusoidal", "step", NULL};
    a->kind = BT_DO_OFFSET;
    a->continuous = osc_bool(r, n, "continuous", false);
    xml_node *d = xml_child(n, "LaneOffsetActionDynamics");
    a->dynamics.shape = d ? (bt_shape)osc_choice(r, d, "dynamicsShape", shapes, -1) : BT_SHAPE_STEP;
    if (d) a->max_accel_m_s2 = osc_number_in(r, d, "maxLateralAcc", 0.5, 1e-3, 1e301);
    xml_node *target = xml_child(n, "LaneOffsetTarget");
    xml_node *absolute = xml_child(target, "AbsoluteTargetLaneOffset");
    if (absolute)
        a->lateral_m = osc_number_in(r, absolute, "value", NAN, -100.0, 100.0);
    else
        osc_mark_node(r, n, BT_OSC_REFUSED, "only an AbsoluteTargetLaneOffset");
}

static void read_aside(osc_reader *r, xml_node *n, bt_action *a)
{
    static const char *const systems[] = {"entity", "lane", "road", "trajectory", NULL};
    static const char *const sides[] = {"any", "leftToReferencedEntity", "rightToReferencedEntity",
                                        NULL};
    static const int signs[] = {0, 1, -1};
    a->kind = BT_DO_KEEP_ASIDE;
    a->ref = osc_entity(r, n, "entityRef");
    a->continuous = osc_bool(r, n, "continuous", false);
    a->freespace = osc_bool(r, n, "freespace", false);
    a->item = osc_choice(r, n, "coordinateSystem", systems, 0) != 0;
    a->side = signs[osc_choice(r, n, "displacement", sides, 0)];
    a->value = osc_number_in(r, n, "distance", 0.0, 0.0, 1e3);
    read_limits(r, n, a);
}

// ---- routing ----------------------------------------------------------------------------------
static void read_timing(osc_reader *r, xml_node *n, bt_action *a)
{
    static const char *const domains[] = {"relative", "absolute", NULL};
    xml_node *timing = xml_child(xml_child(n, "TimeReference"), "Timing");
    (void)xml_child(xml_child(n, "TimeReference"), "None");
    a->time_scale = 1.0;
    if (!timing) return;
    a->timed = true;
    a->time_absolute = osc_choice(r, timing, "domainAbsoluteRelative", domains, -1) == 1;
    a->time_offset_s = osc_number_in(r, timing, "offset", NAN, -1e6, 1e6);
    a->time_scale = osc_number_in(r, timing, "scale", NAN, 1e-6, 1e6);
}

static void read_follow(osc_reader *r, xml_node *n, bt_action *a)
{
    a->kind = BT_DO_FOLLOW_PATH;
    a->from_m = osc_number_in(r, n, "initialDistanceOffset", 0.0, 0.0, 1e6);
    read_timing(r, n, a);
    (void)xml_child(n, "TrajectoryFollowingMode"); // both modes: exactly
    xml_node *reference = xml_child(n, "TrajectoryRef");
    a->item = osc_read_trajectory(r, reference ? reference : n);
}

static void read_routing(osc_reader *r, xml_node *n, bt_action *a)
{
    xml_node *c;
    if ((c = xml_child(n, "AssignRouteAction")) != NULL) {
        a->kind = BT_DO_ROUTE;
        a->item = osc_read_route(r, c);
    } else if ((c = xml_child(n, "FollowTrajectoryAction")) != NULL) {
        read_follow(r, c, a);
    } else if ((c = xml_child(n, "AcquirePositionAction")) != NULL) {
        a->kind = BT_DO_ACQUIRE;
        a->spot = osc_read_position(r, xml_child(c, "Position"));
    } else {
        osc_mark_node(r, n->first ? n->first : n, BT_OSC_REFUSED, "a way that is not known here");
    }
}

// ---- the rest ---------------------------------------------------------------------------------
static void read_appearance(osc_reader *r, xml_node *n, bt_action *a)
{
    static const struct {
        const char *name;
        uint32_t bits;
    } lamps[] = {{"daytimeRunningLights", BT_LAMP_DAY},
                 {"lowBeam", BT_LAMP_LOW_BEAM | BT_LAMP_TAIL},
                 {"highBeam", BT_LAMP_HIGH_BEAM},
                 {"brakeLights", BT_LAMP_BRAKE},
                 {"reversingLights", BT_LAMP_REVERSE},
                 {"specialPurposeLights", BT_LAMPS_BEACON},
                 {"indicatorLeft", BT_LAMP_INDICATOR_LEFT},
                 {"indicatorRight", BT_LAMP_INDICATOR_RIGHT},
                 {"warningLights", BT_LAMP_INDICATOR_LEFT | BT_LAMP_INDICATOR_RIGHT}};
    xml_node *light = xml_child(n, "LightStateAction");
    xml_node *which = xml_child(xml_child(light, "LightType"), "VehicleLight");
    xml_node *state = xml_child(light, "LightState");
    const char *name = which ? osc_text(r, which, "vehicleLightType", "") : "";
    const char *mode = state ? osc_text(r, state, "mode", "off") : "off";
    for (size_t i = 0; i < sizeof lamps / sizeof *lamps; i++) {
        if (strcmp(lamps[i].name, name) != 0) continue;
        a->kind = BT_DO_LAMPS;
        a->item2 = lamps[i].bits;
        a->item = strcmp(mode, "off") == 0 ? 0 : lamps[i].bits;
    }
    if (a->kind != BT_DO_LAMPS)
        osc_mark_node(r, n->first ? n->first : n, BT_OSC_IGNORED, "a lamp or gesture we have not");
}

static void read_trailer_action(osc_reader *r, xml_node *n, bt_action *a)
{
    xml_node *connect = xml_child(n, "ConnectTrailerAction");
    a->kind = BT_DO_COUPLE;
    a->item = BT_STORY_NONE;
    if (connect)
        a->item = osc_entity(r, connect, "trailerRef");
    else if (!xml_child(n, "DisconnectTrailerAction"))
        osc_fail(r, n, "expected a ConnectTrailerAction or a DisconnectTrailerAction");
}

static void ignore_action(osc_reader *r, xml_node *n, const char *why)
{
    osc_mark_node(r, n, BT_OSC_IGNORED, why);
}

static void read_private(osc_reader *r, xml_node *n, bt_action *a)
{
    xml_node *c, *inner;
    if ((c = xml_child(n, "LongitudinalAction")) != NULL) {
        if ((inner = xml_child(c, "SpeedAction")) != NULL)
            read_speed(r, inner, a);
        else if ((inner = xml_child(c, "SpeedProfileAction")) != NULL)
            read_profile(r, inner, a);
        else if ((inner = xml_child(c, "LongitudinalDistanceAction")) != NULL)
            read_distance(r, inner, a);
        else
            osc_mark_node(r, c, BT_OSC_REFUSED, "not known here");
    } else if ((c = xml_child(n, "LateralAction")) != NULL) {
        if ((inner = xml_child(c, "LaneChangeAction")) != NULL)
            read_lane_change(r, inner, a);
        else if ((inner = xml_child(c, "LaneOffsetAction")) != NULL)
            read_offset(r, inner, a);
        else if ((inner = xml_child(c, "LateralDistanceAction")) != NULL)
            read_aside(r, inner, a);
        else
            osc_mark_node(r, c->first ? c->first : c, BT_OSC_REFUSED, "not known here");
    } else if ((c = xml_child(n, "SynchronizeAction")) != NULL) {
        read_synchronize(r, c, a);
    } else if ((c = xml_child(n, "TeleportAction")) != NULL) {
        a->kind = BT_DO_TELEPORT;
        a->spot = osc_read_position(r, xml_child(c, "Position"));
    } else if ((c = xml_child(n, "RoutingAction")) != NULL) {
        read_routing(r, c, a);
    } else if ((c = xml_child(n, "AppearanceAction")) != NULL) {
        read_appearance(r, c, a);
    } else if ((c = xml_child(n, "ControllerAction")) != NULL ||
               (c = xml_child(n, "ActivateControllerAction")) != NULL) {
        osc_read_controller_action(r, c, a);
    } else if ((c = xml_child(n, "TrailerAction")) != NULL) {
        read_trailer_action(r, c, a);
    } else if ((c = xml_child(n, "VisibilityAction")) != NULL) {
        ignore_action(r, c, "all that is there is seen");
    } else {
        osc_mark_node(r, n->first ? n->first : n, BT_OSC_REFUSED,
                      "an action that is not known here");
    }
}

static void read_variable_action(osc_reader *r, xml_node *n, const char *ref, bt_action *a)
{
    uint32_t variable = osc_variable(r, n, ref);
    xml_node *set = xml_child(n, "SetAction"), *modify = xml_child(n, "ModifyAction");
    xml_node *rule = xml_child(modify, "Rule");
    xml_node *add = xml_child(rule, "AddValue"), *times = xml_child(rule, "MultiplyByValue");
    if (variable == BT_STORY_NONE) return;
    a->kind = BT_DO_SET_VARIABLE;
    a->item = variable;
    a->factor = 1.0;
    if (set)
        a->text = osc_text(r, set, "value", NULL);
    else if (add)
        a->value = osc_number(r, add, "value", NAN);
    else if (times)
        a->factor = osc_number(r, times, "value", NAN);
    else
        osc_fail(r, n, "expected a SetAction or a ModifyAction");
}

static void read_global(osc_reader *r, xml_node *n, bt_action *a)
{
    xml_node *c;
    if ((c = xml_child(n, "VariableAction")) != NULL)
        read_variable_action(r, c, "variableRef", a);
    else if ((c = xml_child(n, "EnvironmentAction")) != NULL)
        ignore_action(r, c, "the weather is that of the beginning");
    else if ((c = xml_child(n, "TrafficAction")) != NULL)
        osc_ignore_traffic(r, c);
    else if ((c = xml_child(n, "InfrastructureAction")) != NULL)
        osc_read_infrastructure(r, c, a);
    else if ((c = xml_child(n, "EntityAction")) != NULL)
        ignore_action(r, c, "nobody comes or goes");
    else
        osc_mark_node(r, n->first ? n->first : n, BT_OSC_REFUSED,
                      "an action that is not known here");
}

uint32_t osc_read_action(osc_reader *r, xml_node *n, uint32_t actor)
{
    bt_action a = {.actor = actor,
                   .ref = BT_STORY_NONE,
                   .spot = BT_STORY_NONE,
                   .spot2 = BT_STORY_NONE,
                   .factor = 1.0};
    uint32_t index = BT_STORY_NONE;
    if (strcmp(n->name, "PrivateAction") == 0)
        read_private(r, n, &a);
    else if (strcmp(n->name, "GlobalAction") == 0)
        read_global(r, n, &a);
    else
        ignore_action(r, n, "for other programs");
    if (a.kind == BT_DO_SET_VARIABLE || a.kind == BT_DO_SIGNAL || a.kind == BT_DO_PROGRAMME ||
        a.kind == BT_DO_NOTHING)
        a.actor = BT_STORY_NONE;
    if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, actions, a, &index);
    return index;
}
