// growth_test.c: trees grow as the model says, the same ones again, within bounds.
#include "procedural/plants/growth.h"
#include "procedural/plants/tree.h"
#include "tests/support/check.h"

#include <math.h>
#include <stdbool.h>

// Weber and Penn 1995, section 4.3: the crown's outline at its base, middle and top.
static void test_crown_shapes(void)
{
    CHECK_NEAR(bt_crown_shape_ratio(BT_CROWN_CONICAL, 0.0), 0.2, 1e-12);
    CHECK_NEAR(bt_crown_shape_ratio(BT_CROWN_CONICAL, 1.0), 1.0, 1e-12);
    CHECK_NEAR(bt_crown_shape_ratio(BT_CROWN_SPHERICAL, 0.5), 1.0, 1e-12);
    CHECK_NEAR(bt_crown_shape_ratio(BT_CROWN_HEMISPHERICAL, 1.0), 1.0, 1e-12);
    CHECK_NEAR(bt_crown_shape_ratio(BT_CROWN_TAPERED_CYLINDRICAL, 0.5), 0.75, 1e-12);
    CHECK_NEAR(bt_crown_shape_ratio(BT_CROWN_FLAME, 0.7), 1.0, 1e-12);
    CHECK_NEAR(bt_crown_shape_ratio(BT_CROWN_TEND_FLAME, 1.0), 0.5, 1e-12);
    CHECK_NEAR(bt_crown_shape_ratio(BT_CROWN_INVERSE_CONICAL, 1.0), 0.2, 1e-12);
}

static bool finite3(bt_vec3 v)
{
    return isfinite(v.x) && isfinite(v.y) && isfinite(v.z);
}

static bool form_is_sound(const bt_tree_form *form)
{
    for (size_t i = 0; i < form->node_count; i++) {
        if (!finite3(form->nodes[i].pos_m) || !(form->nodes[i].radius_m > 0.0)) return false;
    }
    for (size_t i = 0; i < form->leaf_count; i++) {
        const bt_tree_leaf *leaf = &form->leaves[i];
        if (!finite3(leaf->pos_m) || fabs(bt_vec3_length(leaf->dir) - 1.0) > 1e-6) return false;
        if (fabs(bt_vec3_dot(leaf->dir, leaf->normal)) > 1e-6) return false;
        if (!(leaf->length_m > 0.0) || !(leaf->width_m > 0.0)) return false;
    }
    return true;
}

// A cylinder's worth: no stem is thicker at its tip than at its foot, trunks excepted at the flare.
static bool stems_taper(const bt_tree_form *form)
{
    for (size_t i = 0; i < form->stem_count; i++) {
        const bt_tree_stem *stem = &form->stems[i];
        const bt_tree_node *nodes = form->nodes + stem->first_node;
        if (nodes[stem->node_count - 1].radius_m > nodes[0].radius_m + 1e-9) return false;
    }
    return true;
}

static void test_species(bt_tree_kind kind)
{
    const bt_tree_species *species = bt_tree_species_get(kind);
    bt_tree_form first = {0}, again = {0}, other = {0};
    CHECK_OK(bt_tree_grow(species, 7, 1, &first));
    CHECK_OK(bt_tree_grow(species, 7, 1, &again));
    CHECK_OK(bt_tree_grow(species, 7, 2, &other));
    CHECK(form_is_sound(&first));
    CHECK(stems_taper(&first));
    CHECK(first.leaf_count > 500 && first.leaf_count < 40000);
    CHECK(first.leaf_count == again.leaf_count);
    CHECK(memcmp(first.leaves, again.leaves, first.leaf_count * sizeof *first.leaves) == 0);
    CHECK(first.node_count != other.node_count ||
          memcmp(first.nodes, other.nodes, first.node_count * sizeof *first.nodes) != 0);
    bt_tree_form_clear(&first);
    bt_tree_form_clear(&again);
    bt_tree_form_clear(&other);
}

// Section 4.5: a negative nDownAngleV opens the angle towards the foot of the crown: there branches
// lie lower than at its top.
static void test_low_branches_lie_lower(bt_tree_kind kind)
{
    bt_tree_form form = {0};
    double sum[2] = {0.0, 0.0}, low = HUGE_VAL, high = 0.0;
    int count[2] = {0, 0};
    CHECK_OK(bt_tree_grow(bt_tree_species_get(kind), 7, 1, &form));
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < form.stem_count; i++) {
            const bt_tree_node *n = form.nodes + form.stems[i].first_node;
            if (form.stems[i].level != 1) continue;
            if (pass == 0) {
                low = fmin(low, n[0].pos_m.z), high = fmax(high, n[0].pos_m.z);
                continue;
            }
            double share = (n[0].pos_m.z - low) / (high - low);
            if (share > 0.25 && share < 0.75) continue;
            sum[share > 0.5] +=
                (n[1].pos_m.z - n[0].pos_m.z) / bt_vec3_distance(n[1].pos_m, n[0].pos_m);
            count[share > 0.5]++;
        }
    }
    CHECK(count[0] > 2 && count[1] > 2);
    CHECK(sum[0] / count[0] < sum[1] / count[1] - 0.2);
    bt_tree_form_clear(&form);
}

static void test_bad_parameters(void)
{
    bt_tree_species species = *bt_tree_species_get(BT_TREE_OAK);
    bt_tree_form form = {0};
    species.level_count = 5;
    CHECK(bt_tree_grow(&species, 1, 1, &form) == BT_ERR_INPUT);
    species.level_count = 2;
    species.levels[1].curve_res = 1000;
    CHECK(bt_tree_grow(&species, 1, 1, &form) == BT_ERR_INPUT);
    bt_tree_form_clear(&form);
}

int main(void)
{
    test_crown_shapes();
    for (int kind = 0; kind < BT_TREE_KIND_COUNT; kind++)
        test_species((bt_tree_kind)kind);
    test_low_branches_lie_lower(BT_TREE_MAPLE);
    test_low_branches_lie_lower(BT_TREE_SPRUCE);
    test_bad_parameters();
    return check_end();
}
