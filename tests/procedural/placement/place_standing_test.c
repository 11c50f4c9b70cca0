// place_standing_test.c: what can be hit is what is seen: the same things whether they are drawn or not, each with an id,
// where they stand, clear of the lanes that cars drive on.
#include "engine/road/opendrive.h"
#include "engine/sim/standing.h"
#include "procedural/placement/surroundings.h"
#include "tests/procedural/scene_support.h"

#include <math.h>
#include <string.h>

static bt_surroundings_result make(const bt_road_network *net, bool only, uint32_t *objects)
{
    bt_vec3 focus = {0.0, 0.0, 0.0};
    bt_surroundings_params params = {.seed = 3, .only_standing = only};
    if (!only) params.focus_world_m = &focus, params.focus_count = 1;
    bt_surroundings_result result;
    bt_spec *spec = support_spec();
    if (only) bt_spec_keep_no_meshes(spec);
    CHECK_OK(bt_surroundings_generate(spec, net, &params, &result));
    *objects = bt_spec_object_count(spec);
    bt_spec_destroy(spec);
    return result;
}

static bool alike(const bt_standing *a, const bt_standing *b)
{
    const bt_footprint *f = &a->box, *g = &b->box;
    double off = fabs(f->x_m - g->x_m) + fabs(f->y_m - g->y_m) + fabs(f->yaw_rad - g->yaw_rad) +
                 fabs(f->half_length_m - g->half_length_m) +
                 fabs(f->half_width_m - g->half_width_m) + fabs(f->z_low_m - g->z_low_m);
    return a->kind == b->kind && a->class_id == b->class_id && strcmp(a->name, b->name) == 0 &&
           off < 1e-9;
}

static bool on_driving_lane(const bt_road_network *net, const bt_footprint *f)
{
    bt_road_location at[8];
    uint32_t count = bt_road_locate_all(net, (bt_vec3){f->x_m, f->y_m, f->z_low_m + 0.3}, at, 8);
    for (uint32_t i = 0; i < count && i < 8; i++)
        if (at[i].lane != BT_ROAD_NONE && fabs(at[i].height_m) < 1.0 &&
            bt_lane_type_drivable(bt_road_lane_get(net, at[i].lane)->type))
            return true;
    return false;
}

// drawn: with all that is only seen, to compare; that takes long.
static void check_map(const char *path, bt_standing_kind wanted, bool drawn)
{
    bt_road_network *net;
    CHECK_OK(bt_opendrive_load(path, &net));
    uint32_t objects, others, kinds[4] = {0}, on_lanes = 0;
    bt_surroundings_result seen = make(net, !drawn, &objects), felt = {0};
    if (drawn) felt = make(net, true, &others);
    CHECK(seen.standing_count > 100);
    CHECK(!drawn || seen.standing_count == felt.standing_count);
    for (size_t i = 0; i < seen.standing_count; i++) {
        const bt_standing *s = &seen.standing[i];
        CHECK(i >= felt.standing_count || alike(s, &felt.standing[i]));
        CHECK(s->id > 0 && s->id <= objects && s->name[0] != '\0');
        CHECK(s->kind != BT_STANDING_LOOSE || s->mass_kg > 0.0);
        kinds[s->kind]++;
        on_lanes += on_driving_lane(net, &s->box);
    }
    printf("%s: %u rigid, %u break, %u loose, %u of rails; %u on lanes\n", path, kinds[0], kinds[1],
           kinds[2], kinds[3], on_lanes);
    CHECK(kinds[wanted] > 0);
    CHECK(on_lanes == 0);
    bt_surroundings_result_clear(&seen);
    bt_surroundings_result_clear(&felt);
    bt_road_network_destroy(net);
}

int main(void)
{
    check_map("assets/maps/town.xodr", BT_STANDING_BREAKS, true);
    check_map("assets/maps/motorway.xodr", BT_STANDING_RAIL, false);
    return check_end();
}
