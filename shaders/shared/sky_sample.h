// sky_sample.h: directions towards sun, moon and sky for light sampling (sky.h).
#ifndef BT_SHARED_SKY_SAMPLE_H
#define BT_SHARED_SKY_SAMPLE_H

#include "shaders/shared/sky_types.h"

// For sampling the upper half: rows of equal probability between limits in z, in each of them
// columns of equal probability between limits in azimuth (turns from the sun). For finding a
// direction's cell again there is a guide: for even steps of z, or turns, the cell that holds it.
#define BT_SKY_PICK_ROWS 32u
#define BT_SKY_PICK_COLUMNS 64u
#define BT_SKY_PICK_GUIDE 64u
#define BT_SKY_PICK_ROW (BT_SKY_PICK_COLUMNS + 1u + BT_SKY_PICK_GUIDE) // limits, guide
#define BT_SKY_PICK_FIRST (BT_SKY_PICK_ROWS + 1u + BT_SKY_PICK_GUIDE)  // where row 0 begins
#define BT_SKY_PICK_FLOATS (BT_SKY_PICK_FIRST + BT_SKY_PICK_ROWS * BT_SKY_PICK_ROW)

STRUCT(bt_direction)
{
    float3 dir;
    float pdf; // per solid angle
};

// A direction in the disc of sun or moon: across its middle's, and along that.
STRUCT(bt_disc_place)
{
    float x, y, along;
};
// height: 1 - cosine of the disc's radius. Nothing here branches: many are found at once.
FN_IN bt_disc_place bt_disc_sample(float disc_height, float u0, float u1)
{
    float height = u0 * disc_height; // 1 - cosine, which floats do not hold
    float r = sqrt(height * (2.0f - height));
    float2 sc = pm_sincos(2.0f * BT_PI_F * u1);
    bt_disc_place at;
    at.x = r * sc[1];
    at.y = r * sc[0];
    at.along = 1.0f - height;
    return at;
}
FN_IN bt_direction bt_sun_at(bt_sky sky, bt_disc_place at)
{
    bt_direction d;
    d.dir = sky.sun_x * at.x + sky.sun_y * at.y + sky.sun_dir * at.along;
    d.pdf = 1.0f / sky.sun_angle;
    return d;
}
FN bt_direction bt_sun_sample(bt_sky sky, float u0, float u1)
{
    return bt_sun_at(sky, bt_disc_sample(sky.sun_height, u0, u1));
}

// Where in a table of limits (ascending from 0 to 1) and guide x lies.
FN uint bt_sky_cell(BT_FLOATS limits, uint cells, float x)
{
    uint step = min(to_u(max(x, 0.0f) * to_f(BT_SKY_PICK_GUIDE)), BT_SKY_PICK_GUIDE - 1u);
    uint cell = to_u(floats_at(limits, cells + 1u + step));
    while (cell + 1u < cells && floats_at(limits, cell + 1u) <= x)
        cell = cell + 1u;
    return cell;
}
// Density in a cell of this height in z and this many turns.
FN_IN float bt_sky_cell_pdf(float height, float turns)
{
    float cells = to_f(BT_SKY_PICK_ROWS * BT_SKY_PICK_COLUMNS);
    return 1.0f / (cells * 2.0f * BT_PI_F * max(height * turns, 1e-12f));
}
// A direction of the upper half, and its density.
STRUCT(bt_sky_picked)
{
    float x, y, z, pdf;
};
// About as often as it is bright; side: where azimuth is zero. Nothing here branches.
FN_IN bt_sky_picked bt_sky_pick_at(BT_FLOATS pick, float side_x, float side_y, float u0, float u1)
{
    float at = u0 * to_f(BT_SKY_PICK_ROWS);
    uint row = min(to_u(at), BT_SKY_PICK_ROWS - 1u);
    float low = floats_at(pick, row);
    float height = floats_at(pick, row + 1u) - low;
    float z = min(low + height * (at - to_f(row)), 1.0f);
    float along = u1 * to_f(BT_SKY_PICK_COLUMNS);
    uint column = min(to_u(along), BT_SKY_PICK_COLUMNS - 1u);
    uint cell = BT_SKY_PICK_FIRST + row * BT_SKY_PICK_ROW + column;
    low = floats_at(pick, cell);
    float turns = floats_at(pick, cell + 1u) - low;
    float2 sc = pm_sincos(2.0f * BT_PI_F * (low + turns * (along - to_f(column))));
    float r = sqrt(max(0.0f, 1.0f - z * z));
    bt_sky_picked d;
    d.x = r * (sc[1] * side_x - sc[0] * side_y);
    d.y = r * (sc[1] * side_y + sc[0] * side_x);
    d.z = z;
    d.pdf = bt_sky_cell_pdf(height, turns);
    return d;
}
FN bt_direction bt_sky_sample(bt_sky sky, BT_FLOATS pick, float u0, float u1)
{
    bt_sky_picked at = bt_sky_pick_at(pick, sky.day.side[0], sky.day.side[1], u0, u1);
    bt_direction d;
    d.dir = float3(at.x, at.y, at.z);
    d.pdf = at.pdf;
    return d;
}
// Azimuth of (x, y), in turns from where it is zero. Nothing here branches: many are found at once.
FN_IN float bt_sky_turn(float side_x, float side_y, float x, float y)
{
    float turn = pm_atan2(side_x * y - side_y * x, side_x * x + side_y * y) * (0.5f * BT_INV_PI_F);
    return turn < 0.0f ? turn + 1.0f : turn;
}
// Density of bt_sky_sample at a direction of height z and this azimuth; 0 below the horizon.
FN_IN float bt_sky_pdf_at(BT_FLOATS pick, float z, float turn)
{
    if (z < 0.0f) return 0.0f;
    uint row = bt_sky_cell(pick, BT_SKY_PICK_ROWS, z);
    float height = floats_at(pick, row + 1u) - floats_at(pick, row);
    BT_FLOATS limits = floats_from(pick, BT_SKY_PICK_FIRST + row * BT_SKY_PICK_ROW);
    uint column = bt_sky_cell(limits, BT_SKY_PICK_COLUMNS, turn);
    return bt_sky_cell_pdf(height, floats_at(limits, column + 1u) - floats_at(limits, column));
}
FN float bt_sky_pdf(bt_sky sky, BT_FLOATS pick, float3 dir)
{
    return bt_sky_pdf_at(pick, dir[2],
                         bt_sky_turn(sky.day.side[0], sky.day.side[1], dir[0], dir[1]));
}

#endif
