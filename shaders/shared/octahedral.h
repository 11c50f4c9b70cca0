// octahedral.h: unit vectors folded onto a square, 16 bits each way: Meyer et al. 2010, "On
// floating-point normal vectors".
#ifndef BT_SHARED_OCTAHEDRAL_H
#define BT_SHARED_OCTAHEDRAL_H

#include "shaders/shared/portable.h"

#define BT_NORMAL_UP 0x80008000u // packed +z

// Any length but zero, which gives +z.
FN uint bt_normal_pack(float3 n)
{
    float size = abs(n[0]) + abs(n[1]) + abs(n[2]);
    if (!(size > 0.0f)) return BT_NORMAL_UP;
    float x = n[0] / size;
    float y = n[1] / size;
    if (n[2] < 0.0f) {
        float folded = (1.0f - abs(y)) * (x >= 0.0f ? 1.0f : -1.0f);
        y = (1.0f - abs(x)) * (y >= 0.0f ? 1.0f : -1.0f);
        x = folded;
    }
    uint a = to_u(x * 32767.0f + 32768.5f);
    uint b = to_u(y * 32767.0f + 32768.5f);
    return a | (b << 16);
}
// Unfolds a packed normal; its length is between 0.57 and 1.
FN float3 bt_normal_unpack(uint packed)
{
    float x = (to_f(packed & 0xffffu) - 32768.0f) * (1.0f / 32767.0f);
    float y = (to_f(packed >> 16) - 32768.0f) * (1.0f / 32767.0f);
    float z = 1.0f - abs(x) - abs(y);
    float fold = max(-z, 0.0f);
    return float3(x >= 0.0f ? x - fold : x + fold, y >= 0.0f ? y - fold : y + fold, z);
}

#endif
