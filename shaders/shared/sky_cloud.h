// sky_cloud.h: a layer of cloud over the sky, from a table that engine/render/cloud.c computes.
#ifndef BT_SHARED_SKY_CLOUD_H
#define BT_SHARED_SKY_CLOUD_H

#include "shaders/shared/sky_types.h"

STRUCT(bt_cloud)
{
    float open;   // what is left of what is above
    float bright; // radiance over that of BT_SKY_CLOUD
};

FN bt_cloud bt_cloud_texel(BT_FLOATS table, uint row, uint column)
{
    uint at = BT_SKY_CLOUD_AT + (row * BT_CLOUD_COLUMNS + column) * 2u;
    bt_cloud c;
    c.open = floats_at(table, at);
    c.bright = floats_at(table, at + 1u);
    return c;
}
FN bt_cloud bt_cloud_between(bt_cloud a, bt_cloud b, float t)
{
    a.open = lerp(a.open, b.open, t);
    a.bright = lerp(a.bright, b.bright, t);
    return a;
}
// Height of a row's directions (sine of the elevation).
FN float bt_cloud_row_z(uint row)
{
    return sqr(to_f(row) / to_f(BT_CLOUD_ROWS - 1u));
}
// In a direction of the upper half.
FN bt_cloud bt_cloud_at(BT_FLOATS table, float3 dir)
{
    float turn = pm_atan2(dir[1], dir[0]) * (0.5f * BT_INV_PI_F);
    float across = (turn < 0.0f ? turn + 1.0f : turn) * to_f(BT_CLOUD_COLUMNS);
    float up = sqrt(clampf(dir[2], 0.0f, 1.0f)) * to_f(BT_CLOUD_ROWS - 1u);
    uint column = min(to_u(across), BT_CLOUD_COLUMNS - 1u);
    uint next = column + 1u < BT_CLOUD_COLUMNS ? column + 1u : 0u;
    uint row = min(to_u(up), BT_CLOUD_ROWS - 2u);
    float part = across - to_f(column);
    bt_cloud low = bt_cloud_between(bt_cloud_texel(table, row, column),
                                    bt_cloud_texel(table, row, next), part);
    bt_cloud high = bt_cloud_between(bt_cloud_texel(table, row + 1u, column),
                                     bt_cloud_texel(table, row + 1u, next), part);
    return bt_cloud_between(low, high, up - to_f(row));
}

#endif
