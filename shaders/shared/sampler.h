// sampler.h: Owen-scrambled Sobol points, four dimensions at a time, spread well over the picture.
//
// Point set: Sobol's first four dimensions (direction numbers of Joe and Kuo 2008), each scrambled
// by a hash with the structure of Owen's random digit scrambling (Laine and Karras 2011; constants
// of Vegdahl 2021). More than four dimensions are padded: Burley 2020, "Practical hash-based Owen
// scrambling".
// Over the picture: pixels are numbered along Morton's curve and the samples of all pixels form one
// long sequence, shuffled by the same kind of hash at every level, so that neighbouring pixels take
// complementary parts of it and the error is spread as blue noise: Ahmed and Wonka 2020,
// "Screen-space blue-noise diffusion of Monte Carlo sampling error via hierarchical ordering of
// pixels".
#ifndef BT_SHARED_SAMPLER_H
#define BT_SHARED_SAMPLER_H

#include "shaders/shared/portable.h"

// XOR of direction numbers for each value of each nibble of the index: (8 nibbles x 16 values x 4
// dimensions).
TABLE uint bt_sobol_nibbles[512] = {
    0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x80000000u, 0x80000000u, 0x80000000u,
    0x80000000u, 0x40000000u, 0xc0000000u, 0xc0000000u, 0xc0000000u, 0xc0000000u, 0x40000000u,
    0x40000000u, 0x40000000u, 0x20000000u, 0xa0000000u, 0x60000000u, 0x20000000u, 0xa0000000u,
    0x20000000u, 0xe0000000u, 0xa0000000u, 0x60000000u, 0x60000000u, 0xa0000000u, 0xe0000000u,
    0xe0000000u, 0xe0000000u, 0x20000000u, 0x60000000u, 0x10000000u, 0xf0000000u, 0x90000000u,
    0x50000000u, 0x90000000u, 0x70000000u, 0x10000000u, 0xd0000000u, 0x50000000u, 0x30000000u,
    0x50000000u, 0x90000000u, 0xd0000000u, 0xb0000000u, 0xd0000000u, 0x10000000u, 0x30000000u,
    0x50000000u, 0xf0000000u, 0x70000000u, 0xb0000000u, 0xd0000000u, 0x70000000u, 0xf0000000u,
    0x70000000u, 0x90000000u, 0x30000000u, 0xb0000000u, 0xf0000000u, 0x10000000u, 0xb0000000u,
    0x30000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x08000000u, 0x88000000u,
    0xe8000000u, 0xf8000000u, 0x04000000u, 0xcc000000u, 0x5c000000u, 0x74000000u, 0x0c000000u,
    0x44000000u, 0xb4000000u, 0x8c000000u, 0x02000000u, 0xaa000000u, 0x8e000000u, 0xa2000000u,
    0x0a000000u, 0x22000000u, 0x66000000u, 0x5a000000u, 0x06000000u, 0x66000000u, 0xd2000000u,
    0xd6000000u, 0x0e000000u, 0xee000000u, 0x3a000000u, 0x2e000000u, 0x01000000u, 0xff000000u,
    0xc5000000u, 0x93000000u, 0x09000000u, 0x77000000u, 0x2d000000u, 0x6b000000u, 0x05000000u,
    0x33000000u, 0x99000000u, 0xe7000000u, 0x0d000000u, 0xbb000000u, 0x71000000u, 0x1f000000u,
    0x03000000u, 0x55000000u, 0x4b000000u, 0x31000000u, 0x0b000000u, 0xdd000000u, 0xa3000000u,
    0xc9000000u, 0x07000000u, 0x99000000u, 0x17000000u, 0x45000000u, 0x0f000000u, 0x11000000u,
    0xff000000u, 0xbd000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00800000u,
    0x80800000u, 0x68800000u, 0xd8800000u, 0x00400000u, 0xc0c00000u, 0x9cc00000u, 0x25400000u,
    0x00c00000u, 0x40400000u, 0xf4400000u, 0xfdc00000u, 0x00200000u, 0xa0a00000u, 0xee600000u,
    0x59e00000u, 0x00a00000u, 0x20200000u, 0x86e00000u, 0x81600000u, 0x00600000u, 0x60600000u,
    0x72a00000u, 0x7ca00000u, 0x00e00000u, 0xe0e00000u, 0x1a200000u, 0xa4200000u, 0x00100000u,
    0xf0f00000u, 0x55900000u, 0xe6d00000u, 0x00900000u, 0x70700000u, 0x3d100000u, 0x3e500000u,
    0x00500000u, 0x30300000u, 0xc9500000u, 0xc3900000u, 0x00d00000u, 0xb0b00000u, 0xa1d00000u,
    0x1b100000u, 0x00300000u, 0x50500000u, 0xbbf00000u, 0xbf300000u, 0x00b00000u, 0xd0d00000u,
    0xd3700000u, 0x67b00000u, 0x00700000u, 0x90900000u, 0x27300000u, 0x9a700000u, 0x00f00000u,
    0x10100000u, 0x4fb00000u, 0x42f00000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u,
    0x00080000u, 0x88880000u, 0x80680000u, 0x78080000u, 0x00040000u, 0xcccc0000u, 0xc09c0000u,
    0xb40c0000u, 0x000c0000u, 0x44440000u, 0x40f40000u, 0xcc040000u, 0x00020000u, 0xaaaa0000u,
    0x60ee0000u, 0x82020000u, 0x000a0000u, 0x22220000u, 0xe0860000u, 0xfa0a0000u, 0x00060000u,
    0x66660000u, 0xa0720000u, 0x360e0000u, 0x000e0000u, 0xeeee0000u, 0x201a0000u, 0x4e060000u,
    0x00010000u, 0xffff0000u, 0x90550000u, 0xc3050000u, 0x00090000u, 0x77770000u, 0x103d0000u,
    0xbb0d0000u, 0x00050000u, 0x33330000u, 0x50c90000u, 0x77090000u, 0x000d0000u, 0xbbbb0000u,
    0xd0a10000u, 0x0f010000u, 0x00030000u, 0x55550000u, 0xf0bb0000u, 0x41070000u, 0x000b0000u,
    0xdddd0000u, 0x70d30000u, 0x390f0000u, 0x00070000u, 0x99990000u, 0x30270000u, 0xf50b0000u,
    0x000f0000u, 0x11110000u, 0xb04f0000u, 0x8d030000u, 0x00000000u, 0x00000000u, 0x00000000u,
    0x00000000u, 0x00008000u, 0x80008000u, 0xe8808000u, 0x208f8000u, 0x00004000u, 0xc000c000u,
    0x5cc0c000u, 0x51474000u, 0x0000c000u, 0x40004000u, 0xb4404000u, 0x71c8c000u, 0x00002000u,
    0xa000a000u, 0x8e606000u, 0xfbea2000u, 0x0000a000u, 0x20002000u, 0x66e0e000u, 0xdb65a000u,
    0x00006000u, 0x60006000u, 0xd2a0a000u, 0xaaad6000u, 0x0000e000u, 0xe000e000u, 0x3a202000u,
    0x8a22e000u, 0x00001000u, 0xf000f000u, 0xc5909000u, 0x75d93000u, 0x00009000u, 0x70007000u,
    0x2d101000u, 0x5556b000u, 0x00005000u, 0x30003000u, 0x99505000u, 0x249e7000u, 0x0000d000u,
    0xb000b000u, 0x71d0d000u, 0x0411f000u, 0x00003000u, 0x50005000u, 0x4bf0f000u, 0x8e331000u,
    0x0000b000u, 0xd000d000u, 0xa3707000u, 0xaebc9000u, 0x00007000u, 0x90009000u, 0x17303000u,
    0xdf745000u, 0x0000f000u, 0x10001000u, 0xffb0b000u, 0xfffbd000u, 0x00000000u, 0x00000000u,
    0x00000000u, 0x00000000u, 0x00000800u, 0x88008800u, 0x6868e800u, 0xa0858800u, 0x00000400u,
    0xcc00cc00u, 0x9c9c5c00u, 0x914e5400u, 0x00000c00u, 0x44004400u, 0xf4f4b400u, 0x31cbdc00u,
    0x00000200u, 0xaa00aa00u, 0xeeee8e00u, 0xdbe79e00u, 0x00000a00u, 0x22002200u, 0x86866600u,
    0x7b621600u, 0x00000600u, 0x66006600u, 0x7272d200u, 0x4aa9ca00u, 0x00000e00u, 0xee00ee00u,
    0x1a1a3a00u, 0xea2c4200u, 0x00000100u, 0xff00ff00u, 0x5555c500u, 0x25db6d00u, 0x00000900u,
    0x77007700u, 0x3d3d2d00u, 0x855ee500u, 0x00000500u, 0x33003300u, 0xc9c99900u, 0xb4953900u,
    0x00000d00u, 0xbb00bb00u, 0xa1a17100u, 0x1410b100u, 0x00000300u, 0x55005500u, 0xbbbb4b00u,
    0xfe3cf300u, 0x00000b00u, 0xdd00dd00u, 0xd3d3a300u, 0x5eb97b00u, 0x00000700u, 0x99009900u,
    0x27271700u, 0x6f72a700u, 0x00000f00u, 0x11001100u, 0x4f4fff00u, 0xcff72f00u, 0x00000000u,
    0x00000000u, 0x00000000u, 0x00000000u, 0x00000080u, 0x80808080u, 0x8000e880u, 0x58800080u,
    0x00000040u, 0xc0c0c0c0u, 0xc0005cc0u, 0xe54000c0u, 0x000000c0u, 0x40404040u, 0x4000b440u,
    0xbdc00040u, 0x00000020u, 0xa0a0a0a0u, 0x60008e60u, 0x79e00020u, 0x000000a0u, 0x20202020u,
    0xe00066e0u, 0x216000a0u, 0x00000060u, 0x60606060u, 0xa000d2a0u, 0x9ca000e0u, 0x000000e0u,
    0xe0e0e0e0u, 0x20003a20u, 0xc4200060u, 0x00000010u, 0xf0f0f0f0u, 0x9000c590u, 0xb6d00050u,
    0x00000090u, 0x70707070u, 0x10002d10u, 0xee5000d0u, 0x00000050u, 0x30303030u, 0x50009950u,
    0x53900090u, 0x000000d0u, 0xb0b0b0b0u, 0xd00071d0u, 0x0b100010u, 0x00000030u, 0x50505050u,
    0xf0004bf0u, 0xcf300070u, 0x000000b0u, 0xd0d0d0d0u, 0x7000a370u, 0x97b000f0u, 0x00000070u,
    0x90909090u, 0x30001730u, 0x2a7000b0u, 0x000000f0u, 0x10101010u, 0xb000ffb0u, 0x72f00030u,
    0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000008u, 0x88888888u, 0xe8006868u,
    0x800800f8u, 0x00000004u, 0xccccccccu, 0x5c009c9cu, 0xc00c0074u, 0x0000000cu, 0x44444444u,
    0xb400f4f4u, 0x4004008cu, 0x00000002u, 0xaaaaaaaau, 0x8e00eeeeu, 0x200200a2u, 0x0000000au,
    0x22222222u, 0x66008686u, 0xa00a005au, 0x00000006u, 0x66666666u, 0xd2007272u, 0xe00e00d6u,
    0x0000000eu, 0xeeeeeeeeu, 0x3a001a1au, 0x6006002eu, 0x00000001u, 0xffffffffu, 0xc5005555u,
    0x50050093u, 0x00000009u, 0x77777777u, 0x2d003d3du, 0xd00d006bu, 0x00000005u, 0x33333333u,
    0x9900c9c9u, 0x900900e7u, 0x0000000du, 0xbbbbbbbbu, 0x7100a1a1u, 0x1001001fu, 0x00000003u,
    0x55555555u, 0x4b00bbbbu, 0x70070031u, 0x0000000bu, 0xddddddddu, 0xa300d3d3u, 0xf00f00c9u,
    0x00000007u, 0x99999999u, 0x17002727u, 0xb00b0045u, 0x0000000fu, 0x11111111u, 0xff004f4fu,
    0x300300bdu,
};

STRUCT(bt_sampler)
{
    uint index; // pixel's place on the curve and sample number
    uint seed;  // of the picture
};

FN uint bt_hash(uint x)
{
    x = (x ^ (x >> 16)) * 0x21f0aaadu; // Wellons' hash prospector, "lowbias32" improved
    x = (x ^ (x >> 15)) * 0xd35a2d97u;
    return x ^ (x >> 15);
}
FN uint bt_hash2(uint a, uint b)
{
    return bt_hash(a ^ bt_hash(b + 0x9e3779b9u));
}

// Each bit changes depending on the bits below it only.
FN uint bt_owen_low_to_high(uint x, uint seed)
{
    x = x ^ (x * 0x3d20adeau);
    x = x + seed;
    x = x * ((seed >> 16) | 1u);
    x = x ^ (x * 0x05526c56u);
    x = x ^ (x * 0x53a22864u);
    return x;
}
FN uint4 bt_owen_low_to_high4(uint4 x, uint4 seed)
{
    x = x ^ (x * 0x3d20adeau);
    x = x + seed;
    x = x * ((seed >> 16u) | 1u);
    x = x ^ (x * 0x05526c56u);
    x = x ^ (x * 0x53a22864u);
    return x;
}

FN uint4 bt_sobol4(uint index)
{
    uint4 x = splat_u4(0u);
    for (int nibble = 0; nibble < 8; nibble++) {
        uint row = (to_u(nibble) * 16u + ((index >> to_u(4 * nibble)) & 15u)) * 4u;
        x = x ^ uint4(bt_sobol_nibbles[row], bt_sobol_nibbles[row + 1u], bt_sobol_nibbles[row + 2u],
                      bt_sobol_nibbles[row + 3u]);
    }
    return x;
}

// Bits of x moved to even places; x below 65536.
FN uint bt_spread_bits(uint x)
{
    x = (x | (x << 8)) & 0x00ff00ffu;
    x = (x | (x << 4)) & 0x0f0f0f0fu;
    x = (x | (x << 2)) & 0x33333333u;
    return (x | (x << 1)) & 0x55555555u;
}

// The sampler of one sample of one pixel. `log2_samples` is that of the samples per pixel, rounded
// up. Where the pixel numbers do not fit into 32 bits beside it, the pattern repeats with another
// seed.
FN bt_sampler bt_sampler_begin(uint x, uint y, uint sample_number, uint log2_samples, uint seed)
{
    uint axis_bits = min((32u - log2_samples) / 2u, 16u);
    uint mask = (1u << axis_bits) - 1u;
    uint curve = bt_spread_bits(x & mask) | (bt_spread_bits(y & mask) << 1);
    bt_sampler s;
    s.index = (curve << log2_samples) | sample_number;
    s.seed = bt_hash2(seed, ((y >> axis_bits) << 16) ^ (x >> axis_bits));
    return s;
}

// Four coordinates in [0, 1): `set` names the use; every set is a (0, 2)-like net of its own over
// the samples of a pixel.
FN float4 bt_sampler_4d(bt_sampler s, uint set)
{
    uint key = bt_hash2(s.seed, set);
    uint index = bitrev32(bt_owen_low_to_high(bitrev32(s.index), key));
    uint4 keys = splat_u4(key) * uint4(0x9e3779b1u, 0x85ebca77u, 0xc2b2ae3du, 0x27d4eb2fu) +
                 uint4(0x165667b1u, 0xd3a2646cu, 0xfd7046c5u, 0xb55a4f09u);
    keys = keys ^ (keys >> 15u);
    keys = keys * splat_u4(0x735a2d97u);
    keys = keys ^ (keys >> 15u);
    uint4 x = bitrev4(bt_owen_low_to_high4(bitrev4(bt_sobol4(index)), keys));
    return f4_from_u4(x >> 8u) * (1.0f / 16777216.0f);
}

#endif
