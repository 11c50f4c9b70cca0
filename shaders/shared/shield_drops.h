// shield_drops.h: raindrops on the glass: caps at random places, few to a cell.
//
// Cells are as wide as the largest drop, so that a place is under drops of its own cell and the eight
// around it only. What a cell holds is a function of (seed, cell, number of its last wiping); drops
// come one after the other as time goes by since then. Where several overlap the highest is met: they
// do not flow together. Drops sit still, do not grow and do not run down.
//
// A drop's outline is an ellipse of the area of its circle, its cap the sphere's stretched with it: so is
// its contact angle greater where it is narrower, as of drops that a slope pulls at and rough glass holds
// (Extrand and Kumagai 1995, "Liquid drops on an inclined plane"). Logarithms of stretches add as
// symmetric matrices: one downhill (y of the glass frame), one of random strength and direction.
#ifndef BT_SHARED_SHIELD_DROPS_H
#define BT_SHARED_SHIELD_DROPS_H

#include "shaders/shared/sampler.h"
#include "shaders/shared/shield_wiper.h"

#define BT_SHIELD_CELL_DROPS 12u // of a cell with a mean of 4 one in 4000 has more

STRUCT(bt_shield_drop)
{
    float x, y;     // centre in the glass frame
    float radius_m; // of the wetted circle; 0: no drop
    float height_m; // over the place asked about
    float stretch;  // of the long axis; the short one's is its inverse
    float along_x, along_y; // of the long axis, unit
};

#define BT_SHIELD_MOST_STRETCH 0.6f // logarithm: drops reach no farther than the next cell

FN float bt_shield_unit(uint hash)
{
    return to_f(hash >> 8) * (1.0f / 16777216.0f);
}

// How many drops a cell has in the end: Poisson, by its distribution.
FN uint bt_shield_drop_count(float mean, float u)
{
    float share = pm_exp(-mean);
    float sum = share;
    uint count = 0u;
    for (uint i = 1u; i <= BT_SHIELD_CELL_DROPS; i++) {
        if (u < sum) break;
        count = i;
        share = share * mean / to_f(i);
        sum = sum + share;
    }
    return count;
}

FN bt_shield_drop bt_shield_drop_of(IN(bt_shield) shield, int column, int row, uint hash)
{
    bt_shield_drop d;
    uint next = bt_hash2(hash, 1u);
    float side = D(shield).drop_cell_m;
    d.x = (to_f(column) + bt_shield_unit(next)) * side;
    next = bt_hash2(next, 2u);
    d.y = (to_f(row) + bt_shield_unit(next)) * side;
    next = bt_hash2(next, 3u);
    float far = sqrt(max(0.0f, -2.0f * pm_log(1.0f - bt_shield_unit(next)))); // Box and Muller
    next = bt_hash2(next, 4u);
    float normal = far * pm_cos(2.0f * BT_PI_F * bt_shield_unit(next));
    d.radius_m = D(shield).drop_radius_m * pm_exp(D(shield).drop_sigma * normal);
    d.radius_m = min(d.radius_m, 0.5f * side);
    d.height_m = 0.0f;
    d.stretch = 1.0f;
    d.along_x = 0.0f;
    d.along_y = 1.0f;
    return d;
}

// Gives a drop its outline.
FN void bt_shield_stretch(IN(bt_shield) shield, uint hash, INOUT(bt_shield_drop) drop)
{
    if (D(shield).drop_fall == 0.0f && D(shield).drop_shape == 0.0f) return;
    uint next = bt_hash2(hash, 5u);
    float strength = D(shield).drop_shape * sqrt(max(0.0f, -pm_log(1.0f - bt_shield_unit(next))));
    float turn = 2.0f * BT_PI_F * bt_shield_unit(bt_hash2(next, 6u));
    // of twice the long axis's angle from x; downhill is half a turn
    float c = strength * pm_cos(turn) - D(shield).drop_fall;
    float s = strength * pm_sin(turn);
    float much = sqrt(c * c + s * s);
    if (much < 1e-6f) return;
    D(drop).stretch = pm_exp(min(much, BT_SHIELD_MOST_STRETCH));
    D(drop).along_x = sqrt(max(0.0f, 0.5f * (1.0f + c / much)));
    D(drop).along_y = sqrt(max(0.0f, 0.5f * (1.0f - c / much))) * (s < 0.0f ? -1.0f : 1.0f);
}

// Square of the distance from a drop's middle, in the plane where it is round.
FN float bt_shield_round2(bt_shield_drop drop, float off_x, float off_y)
{
    float p = (off_x * drop.along_x + off_y * drop.along_y) / drop.stretch;
    float q = (off_y * drop.along_x - off_x * drop.along_y) * drop.stretch;
    return p * p + q * q;
}

// Height of a drop's cap at a distance from its centre; below 0: beside it.
FN float bt_shield_cap(IN(bt_shield) shield, float radius_m, float r2)
{
    if (r2 >= radius_m * radius_m) return -1.0f;
    float sphere = radius_m / D(shield).drop_sin;
    return sqrt(max(0.0f, sphere * sphere - r2)) - sphere * D(shield).drop_cos;
}

FN void bt_shield_cell_meet(IN(bt_shield) shield, int column, int row, float x, float y,
                            float time_u, INOUT(bt_shield_drop) best)
{
    float side = D(shield).drop_cell_m;
    float middle_x = (to_f(column) + 0.5f) * side;
    float middle_y = (to_f(row) + 0.5f) * side;
    bt_shield_wiped wiped = bt_shield_wiped_at(shield, middle_x, -middle_y, time_u);
    uint cell = bt_hash2(bt_hash2(to_u(column + 32768), to_u(row + 32768)),
                         bt_hash2(D(shield).seed, wiped.event));
    uint count = bt_shield_drop_count(D(shield).drop_mean, bt_shield_unit(cell));
    float there =
        D(shield).drop_fill_s > 0.0f ? 1.0f - pm_exp(-wiped.age_s / D(shield).drop_fill_s) : 1.0f;
    for (uint i = 0u; i < BT_SHIELD_CELL_DROPS; i++) {
        if (i >= count) break;
        uint hash = bt_hash2(cell, 16u + i);
        if (bt_shield_unit(hash) >= there) continue; // still to come
        bt_shield_drop d = bt_shield_drop_of(shield, column, row, hash);
        float off_x = x - d.x;
        float off_y = y - d.y;
        if (off_x * off_x + off_y * off_y > 4.0f * d.radius_m * d.radius_m) continue;
        bt_shield_stretch(shield, hash, A(d));
        d.height_m = bt_shield_cap(shield, d.radius_m, bt_shield_round2(d, off_x, off_y));
        if (d.height_m > D(best).height_m) D(best) = d;
    }
}

// The drop over a place of the outer face; radius 0: none.
FN bt_shield_drop bt_shield_drop_at(IN(bt_shield) shield, float x, float y, float time_u)
{
    bt_shield_drop best;
    best.x = 0.0f;
    best.y = 0.0f;
    best.radius_m = 0.0f;
    best.height_m = 0.0f;
    best.stretch = 1.0f;
    best.along_x = 0.0f;
    best.along_y = 1.0f;
    if (D(shield).drop_mean <= 0.0f) return best;
    float side = D(shield).drop_cell_m;
    int column = to_i(floor(x / side)) - 1;
    int row = to_i(floor(y / side)) - 1;
    for (int i = 0; i < 9; i++)
        bt_shield_cell_meet(shield, column + i % 3, row + i / 3, x, y, time_u, A(best));
    return best;
}

#endif
