// place_objects.c: what the map file itself says stands there: trees, poles, buildings, barriers,
// obstacles, vegetation, parking spaces; built at their places in their sizes.
#include "procedural/placement/placer.h"

#include "engine/core/memory.h"
#include "procedural/mesh_shapes.h"
#include "procedural/palette.h"

#include <ctype.h>
#include <string.h>

static bool has_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (; text && *text; text++) {
        size_t i = 0;
        while (i < n && text[i] && tolower((unsigned char)text[i]) == word[i])
            i++;
        if (i == n) return true;
    }
    return false;
}

// In type, subtype or name.
static bool says(const bt_road_object *o, const char *word)
{
    return has_word(o->type, word) || has_word(o->subtype, word) || has_word(o->name, word);
}

static double or_else(double value, double fallback)
{
    return value > 1e-3 && value < 1e4 ? value : fallback;
}

static bt_pose upright(const bt_road_object *o)
{
    bt_pose pose = o->world_from_object;
    pose.rot = bt_quat_axis_angle((bt_vec3){0.0, 0.0, 1.0}, bt_quat_yaw(pose.rot));
    return pose;
}

static bt_status mark_box(bt_placer *p, const bt_pose *pose, double length, double width)
{
    bt_vec3 x = bt_pose_dir(*pose, (bt_vec3){1.0, 0.0, 0.0});
    if (length > 400.0 || width > 400.0) return BT_OK;
    return bt_occupancy_add_box(&p->taken, pose->pos.x, pose->pos.y, x.x, x.y, 0.5 * length,
                                0.5 * width, BT_TAKEN_SOLID);
}

// ---- kinds ------------------------------------------------------------------------------------

static uint64_t object_key(const bt_placer *p, const bt_road_object *o, uint32_t index)
{
    bt_vec3 at = o->world_from_object.pos;
    return bt_placer_place_key(p, at.x, at.y, index);
}

static bt_status put_tree(bt_placer *p, const bt_road_object *o, uint32_t index)
{
    bt_draw draw =
        bt_draw_begin(p->params.seed, BT_STREAM_PLACEMENT, 0x100000000u + object_key(p, o, index));
    static const bt_tree_kind kinds[] = {BT_TREE_OAK, BT_TREE_MAPLE, BT_TREE_BIRCH, BT_TREE_MAPLE};
    double height = or_else(o->height_m, 9.0);
    bt_tree_kind kind = height < 6.5 ? BT_TREE_YOUNG : kinds[bt_draw_below(&draw, 4)];
    const bt_plant *plant;
    uint32_t variant = bt_draw_below(&draw, BT_TREE_VARIANTS);
    bt_status status = bt_placer_tree(p, kind, variant, false, &plant);
    if (status) return status;
    bt_pose pose = upright(o);
    status = bt_occupancy_add_disc(&p->taken, pose.pos.x, pose.pos.y, 1.0, BT_TAKEN_SOLID);
    if (status) return status;
    double scale = bt_clamp(height / plant->height_m, 0.15, 4.0);
    status = bt_placer_put(p, plant->mesh, pose, scale, "tree", BT_CLASS_VEGETATION, true);
    return status ? status : bt_placer_stand_tree(p, kind, plant, pose, scale);
}

static bt_status put_hedge(bt_placer *p, const bt_road_object *o, uint32_t index)
{
    double length = bt_clamp(or_else(o->length_m, 3.0), 0.4, 60.0);
    double width = bt_clamp(or_else(o->width_m, 0.8), 0.4, 8.0);
    double height = bt_clamp(or_else(o->height_m, 1.3), 0.3, 5.0);
    bt_plant hedge;
    bt_status status = bt_hedge_build(p->spec, length, width, height, p->params.seed,
                                      0x100000000u + object_key(p, o, index), &hedge);
    if (status) return status;
    bt_pose pose = upright(o);
    status = mark_box(p, &pose, length, width);
    if (status) return status;
    return bt_placer_put(p, hedge.mesh, pose, 1.0, "vegetation", BT_CLASS_VEGETATION, true);
}

static bt_status put_block(bt_placer *p, const bt_road_object *o, const char *material,
                           bt_class class_id, const char *name)
{
    double length = bt_clamp(or_else(o->length_m, or_else(2.0 * o->radius_m, 1.0)), 0.05, 2000.0);
    double width = bt_clamp(or_else(o->width_m, or_else(2.0 * o->radius_m, 0.2)), 0.05, 200.0);
    double height = bt_clamp(or_else(o->height_m, 0.9), 0.05, 200.0);
    uint32_t mesh;
    bt_status status =
        bt_prop_block_build(p->spec, material, class_id, length, width, height, &mesh);
    if (status) return status;
    bt_pose pose = o->world_from_object;
    status = mark_box(p, &pose, length, width);
    if (status) return status;
    status = bt_placer_put(p, mesh, pose, 1.0, name, class_id, true);
    const bt_placer_solid solid = {BT_STANDING_RIGID, 0.5 * length, 0.5 * width, height, 0.0};
    return status ? status : bt_placer_stand(p, &solid, pose);
}

static bt_status put_post(bt_placer *p, const bt_road_object *o)
{
    double radius = or_else(o->radius_m, 0.5 * or_else(o->length_m, 0.12));
    double height = bt_clamp(or_else(o->height_m, 3.0), 0.1, 60.0);
    uint32_t mesh;
    bt_status status = bt_prop_post_build(p->spec, "metal_galvanised", BT_CLASS_POLE,
                                          bt_clamp(radius, 0.01, 5.0), height, &mesh);
    if (status) return status;
    bt_pose pose = upright(o);
    status = mark_box(p, &pose, 0.3, 0.3);
    if (status) return status;
    status = bt_placer_put(p, mesh, pose, 1.0, "pole", BT_CLASS_POLE, true);
    const bt_placer_solid solid =
        bt_placer_round(BT_STANDING_BREAKS, bt_clamp(radius, 0.01, 5.0), height);
    return status ? status : bt_placer_stand(p, &solid, pose);
}

// A ready-made prop at the object's pose, x to its left side: props face along +x.
static bt_status put_ready(bt_placer *p, const bt_road_object *o, bt_prop_kind kind,
                           double turn_rad)
{
    const bt_prop *prop;
    bt_status status = bt_placer_prop(p, kind, &prop);
    if (status) return status;
    bt_pose pose = upright(o);
    pose.rot = bt_quat_mul(pose.rot, bt_quat_axis_angle((bt_vec3){0.0, 0.0, 1.0}, turn_rad));
    status =
        bt_occupancy_add_disc(&p->taken, pose.pos.x, pose.pos.y, prop->radius_m, BT_TAKEN_SOLID);
    if (status) return status;
    status = bt_placer_put(p, prop->mesh, pose, 1.0, prop->name, prop->class_id, true);
    return status ? status : bt_placer_stand_prop(p, kind, pose);
}

// Modules along the object's length (x), which is the modules' y.
static bt_status put_modules(bt_placer *p, const bt_road_object *o, bt_prop_kind kind)
{
    const bt_prop *prop;
    bt_status status = bt_placer_prop(p, kind, &prop);
    if (status) return status;
    double length = bt_clamp(or_else(o->length_m, prop->module_m), prop->module_m, 2000.0);
    int count = (int)(length / prop->module_m + 0.5);
    bt_quat turn = bt_quat_axis_angle((bt_vec3){0.0, 0.0, 1.0}, -0.5 * BT_PI);
    for (int i = 0; i < count && !status; i++) {
        bt_vec3 at = {(i - 0.5 * (count - 1)) * prop->module_m, 0.0, 0.0};
        bt_pose pose = {bt_pose_point(o->world_from_object, at),
                        bt_quat_mul(o->world_from_object.rot, turn)};
        status = bt_placer_put(p, prop->mesh, pose, 1.0, prop->name, prop->class_id, true);
        if (!status) status = bt_placer_stand_prop(p, kind, pose);
    }
    if (status) return status;
    return mark_box(p, &o->world_from_object, length, 0.4);
}

// ---- outlines ---------------------------------------------------------------------------------

#define MAX_CORNERS 1000u

static double outline_area(const bt_vec3 *corners, uint32_t count)
{
    double twice = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        bt_vec3 a = corners[i], b = corners[(i + 1) % count];
        twice += a.x * b.y - b.x * a.y;
    }
    return 0.5 * twice;
}

// Corners about the first one, counter-clockwise; their mean height above the base.
static uint32_t read_outline(const bt_placer *p, const bt_road_object *o, bt_vec3 *corners,
                             bt_vec3 *origin, double *height)
{
    uint32_t count = 0;
    double sum = 0.0;
    *origin = bt_road_object_corner(p->net, o->first_corner)->pos_world_m;
    for (uint32_t i = 0; i < o->corner_count && count < MAX_CORNERS; i++) {
        const bt_object_corner *corner = bt_road_object_corner(p->net, o->first_corner + i);
        bt_vec3 local = bt_vec3_sub(corner->pos_world_m, *origin);
        sum += corner->height_m;
        if (count > 0 && bt_vec3_distance(local, corners[count - 1]) < 0.01) continue;
        corners[count++] = local;
    }
    if (count > 2 && bt_vec3_distance(corners[0], corners[count - 1]) < 0.01) count--;
    *height = or_else(sum / o->corner_count, or_else(o->height_m, 1.0));
    if (outline_area(corners, count) >= 0.0) return count;
    for (uint32_t i = 0; i < count / 2; i++) {
        bt_vec3 swap = corners[i];
        corners[i] = corners[count - 1 - i];
        corners[count - 1 - i] = swap;
    }
    return count;
}

static bt_status mark_outline(bt_placer *p, const bt_vec3 *corners, uint32_t count, bt_vec3 origin)
{
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < count && !status; i++) {
        bt_vec3 a = corners[i], b = corners[(i + 1) % count];
        double length = bt_hypot(b.x - a.x, b.y - a.y);
        if (length < 0.05 || length > 500.0) continue;
        status = bt_occupancy_add_box(&p->taken, origin.x + 0.5 * (a.x + b.x),
                                      origin.y + 0.5 * (a.y + b.y), (b.x - a.x) / length,
                                      (b.y - a.y) / length, 0.5 * length, 0.6, BT_TAKEN_SOLID);
    }
    return status;
}

static bt_status put_outline_building(bt_placer *p, const bt_road_object *o, uint32_t index)
{
    bt_vec3 corners[MAX_CORNERS], origin;
    double height;
    uint32_t count = read_outline(p, o, corners, &origin, &height), mesh;
    if (count < 3) return BT_OK;
    bt_status status = bt_building_from_outline(
        p->spec, corners, count, bt_clamp(height, 0.3, 300.0), p->params.seed, index, &mesh);
    if (!status) status = mark_outline(p, corners, count, origin);
    if (status) return status;
    const bt_pose pose = {origin, BT_QUAT_IDENTITY};
    status = bt_placer_put(p, mesh, pose, 1.0, "building", BT_CLASS_BUILDING, true);
    return status ? status : bt_placer_stand_outline(p, corners, count, pose, height);
}

static bt_status put_box_building(bt_placer *p, const bt_road_object *o, uint32_t index)
{
    double x = 0.5 * bt_clamp(or_else(o->length_m, 12.0), 0.5, 500.0);
    double y = 0.5 * bt_clamp(or_else(o->width_m, 10.0), 0.5, 500.0);
    bt_vec3 corners[4] = {{-x, -y, 0.0}, {x, -y, 0.0}, {x, y, 0.0}, {-x, y, 0.0}};
    uint32_t mesh;
    bt_status status = bt_building_from_outline(p->spec, corners, 4,
                                                bt_clamp(or_else(o->height_m, 6.0), 0.3, 300.0),
                                                p->params.seed, index, &mesh);
    bt_pose pose = upright(o);
    if (!status) status = mark_box(p, &pose, 2.0 * x, 2.0 * y);
    if (status) return status;
    status = bt_placer_put(p, mesh, pose, 1.0, "building", BT_CLASS_BUILDING, true);
    const bt_placer_solid solid = {BT_STANDING_RIGID, x, y, or_else(o->height_m, 6.0), 0.0};
    return status ? status : bt_placer_stand(p, &solid, pose);
}

// A kerbed island: what lies on the road and is low.
static bt_status put_island(bt_placer *p, const bt_road_object *o)
{
    bt_vec3 corners[MAX_CORNERS], origin;
    bt_point2 plan[MAX_CORNERS];
    double height;
    uint32_t count = read_outline(p, o, corners, &origin, &height), mesh;
    if (count < 3) return BT_OK;
    for (uint32_t i = 0; i < count; i++)
        plan[i] = (bt_point2){corners[i].x, corners[i].y};
    static const bt_palette_entry entry = {"curb", BT_CLASS_CURB};
    bt_slot slot;
    bt_status status = bt_palette_find(p->spec, &entry, 1, &slot);
    if (status) return status;
    bt_mesh_builder builder = {0};
    bt_mesh_add_prism(&builder, BT_POSE_IDENTITY, plan, count, -0.1, bt_clamp(height, 0.03, 0.5));
    status = bt_mesh_finish(&builder, p->spec, "island", &slot, 1, &mesh);
    bt_mesh_clear(&builder);
    if (!status) status = mark_outline(p, corners, count, origin);
    if (status) return status;
    return bt_placer_put(p, mesh, (bt_pose){origin, BT_QUAT_IDENTITY}, 1.0, "island", BT_CLASS_CURB,
                         false);
}

// A barrier given as an outline: a wall along each of its sides.
static bt_status put_outline_wall(bt_placer *p, const bt_road_object *o)
{
    bt_vec3 corners[MAX_CORNERS], origin;
    double height;
    uint32_t count = read_outline(p, o, corners, &origin, &height);
    bt_status status = mark_outline(p, corners, count, origin);
    for (uint32_t i = 0; i < count && !status && count > 1; i++) {
        bt_vec3 a = corners[i], b = corners[(i + 1) % count];
        double length = bt_hypot(b.x - a.x, b.y - a.y);
        if (length < 0.3) continue;
        uint32_t mesh;
        status = bt_prop_block_build(p->spec, "concrete_wall", BT_CLASS_WALL, length, 0.12,
                                     bt_clamp(height, 0.1, 50.0), &mesh);
        bt_pose pose = {bt_vec3_add(origin, bt_vec3_lerp(a, b, 0.5)),
                        bt_quat_axis_angle((bt_vec3){0, 0, 1}, bt_atan2(b.y - a.y, b.x - a.x))};
        if (!status) status = bt_placer_put(p, mesh, pose, 1.0, "barrier", BT_CLASS_WALL, true);
        const bt_placer_solid solid = {BT_STANDING_RIGID, 0.5 * length, 0.06, height, 0.0};
        if (!status) status = bt_placer_stand(p, &solid, pose);
    }
    return status;
}

// ---- all --------------------------------------------------------------------------------------

static bt_status put_parking(bt_placer *p, const bt_road_object *o)
{
    bt_parking_pose space = {upright(o), or_else(o->length_m, 5.0), or_else(o->width_m, 2.5)};
    if (o->corner_count >= 4) { // its first side is taken for the length when it is the longer one
        bt_vec3 c[4], middle = {0.0, 0.0, 0.0};
        for (uint32_t i = 0; i < 4; i++) {
            c[i] = bt_road_object_corner(p->net, o->first_corner + i)->pos_world_m;
            middle = bt_vec3_mad(middle, c[i], 0.25);
        }
        double a = bt_vec3_distance(c[0], c[1]), b = bt_vec3_distance(c[1], c[2]);
        bt_vec3 along = a > b ? bt_vec3_sub(c[1], c[0]) : bt_vec3_sub(c[2], c[1]);
        space.length_m = fmax(a, b);
        space.width_m = fmin(a, b);
        space.world_from_space.pos = middle;
        space.world_from_space.rot =
            bt_quat_axis_angle((bt_vec3){0, 0, 1}, bt_atan2(along.y, along.x));
    } else if (space.width_m > space.length_m) {
        space = (bt_parking_pose){space.world_from_space, space.width_m, space.length_m};
        space.world_from_space.rot = bt_quat_mul(
            space.world_from_space.rot, bt_quat_axis_angle((bt_vec3){0, 0, 1}, 0.5 * BT_PI));
    }
    bt_status status =
        BT_ARRAY_RESERVE(p->result->parking, p->parking_capacity, p->result->parking_count + 1);
    if (status) return status;
    p->result->parking[p->result->parking_count++] = space;
    return mark_box(p, &space.world_from_space, space.length_m, space.width_m);
}

static bt_status put_barrier(bt_placer *p, const bt_road_object *o)
{
    if (o->corner_count > 1) return put_outline_wall(p, o);
    if (says(o, "guard") || says(o, "leitplanke") || says(o, "crash"))
        return put_modules(p, o, BT_PROP_GUARD_RAIL);
    if (says(o, "fence")) return put_modules(p, o, BT_PROP_FENCE_RAIL);
    if (says(o, "hedge")) return put_hedge(p, o, 0);
    if (says(o, "railing")) return put_modules(p, o, BT_PROP_FENCE_BARS);
    bool jersey = or_else(o->height_m, 0.8) < 1.15 && or_else(o->width_m, 0.5) > 0.3;
    if (jersey && says(o, "jersey")) return put_modules(p, o, BT_PROP_CONCRETE_BARRIER);
    return put_block(p, o, "concrete_wall", BT_CLASS_WALL, "barrier");
}

static bt_status put_object(bt_placer *p, const bt_road_object *o, uint32_t index)
{
    bool outlined = o->corner_count >= 3;
    if (says(o, "crosswalk") || says(o, "roadmark") || says(o, "patch") || says(o, "stopline"))
        return BT_OK; // in the road's surface
    if (says(o, "parkingspace")) return put_parking(p, o);
    if (says(o, "streetlamp") || says(o, "lamp")) return put_ready(p, o, BT_PROP_LAMP_STREET, 0.0);
    if (says(o, "cone")) return put_ready(p, o, BT_PROP_CONE, 0.0);
    if (says(o, "drum") || says(o, "barrel")) return put_ready(p, o, BT_PROP_DRUM, 0.0);
    if (says(o, "works barrier")) return put_ready(p, o, BT_PROP_TRESTLE, 0.0);
    if (says(o, "island") && outlined) return put_island(p, o);
    if (says(o, "guide-post") || says(o, "delineator"))
        return put_ready(p, o, BT_PROP_DELINEATOR, 0.0);
    if (has_word(o->type, "building") || (has_word(o->name, "building") && !says(o, "barrier")))
        return outlined ? put_outline_building(p, o, index) : put_box_building(p, o, index);
    if (has_word(o->type, "tree")) return put_tree(p, o, index);
    if (says(o, "vegetation") || says(o, "hedge") || says(o, "bush")) return put_hedge(p, o, index);
    if (says(o, "railing"))
        return put_modules(p, o, p->built_up ? BT_PROP_FENCE_BARS : BT_PROP_GUARD_RAIL);
    if (has_word(o->type, "barrier") || says(o, "fence") || says(o, "guardrail") || says(o, "wall"))
        return put_barrier(p, o);
    if (says(o, "pole") || says(o, "post")) return put_post(p, o);
    if (says(o, "bench")) return put_ready(p, o, BT_PROP_BENCH, 0.5 * BT_PI);
    if (has_word(o->type, "obstacle") && !outlined)
        return put_block(p, o, "concrete_wall", BT_CLASS_PROP, "obstacle");
    if (outlined && or_else(o->height_m, 0.0) > 2.0) return put_outline_building(p, o, index);
    if (o->height_m > 0.1 && (o->length_m > 0.1 || o->radius_m > 0.0))
        return put_block(p, o, "concrete_wall", BT_CLASS_PROP, "object");
    return BT_OK;
}

bt_status bt_place_objects(bt_placer *p)
{
    bt_status status = BT_OK;
    for (uint32_t i = 0; i < bt_road_object_count(p->net) && !status; i++) {
        if (!bt_placer_room(p, true)) break;
        status = put_object(p, bt_road_object_get(p->net, i), i);
    }
    return status;
}
