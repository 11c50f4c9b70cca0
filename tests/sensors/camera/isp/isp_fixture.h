// isp_fixture.h: a developer that changes nothing by itself, for tests of its stages.
#ifndef BT_TEST_ISP_FIXTURE_H
#define BT_TEST_ISP_FIXTURE_H

#include "sensors/camera/isp/isp.h"

// Three bands of 12 bits on a 2 x 2 mosaic (kind 0: luma on a diagonal), no gains, no matrix, no
// stage that can be off. mosaic: the band of each pixel of a tile, rows from the top.
static inline bt_isp fixture_isp(uint32_t width_px, uint32_t height_px, const uint8_t mosaic[4])
{
    bt_isp isp = {.width_px = width_px,
                  .height_px = height_px,
                  .band_count = 3,
                  .black_level_dn = 168,
                  .top_dn = 4095,
                  .white_balance = {1, 1, 1},
                  .matrix = {1, 0, 0, 0, 1, 0, 0, 0, 1},
                  .digital_gain = 1,
                  .saturation = 1,
                  .knee = 0.5};
    for (int i = 0; i < 4; i++)
        isp.mosaic[i] = mosaic[i];
    return isp;
}

#endif
