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
#include "shaders/shared/tables.h"

// XOR of direction numbers for each value of each nibble of the index: (8 nibbles x 16 values x 4
// dimensions). Index and values are bit-reversed, first digit lowest, as the scrambling wants them.
#define BT_SOBOL_WORDS 512
#if defined(VULKAN)
// an array here would be filled anew wherever it is asked
#define bt_sobol_nibble(i) pool_word(i)
#else
TABLE uint bt_sobol_nibbles[BT_SOBOL_WORDS] = {
    0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x80000000u, 0xffffffffu, 0xaaaa00a3u,
    0xc900a00au, 0x40000000u, 0x55555555u, 0x77770071u, 0x45004004u, 0xc0000000u, 0xaaaaaaaau,
    0xdddd00d2u, 0x8c00e00eu, 0x20000000u, 0x33333333u, 0x3939003au, 0x2e003003u, 0xa0000000u,
    0xccccccccu, 0x93930099u, 0xe7009009u, 0x60000000u, 0x66666666u, 0x4e4e004bu, 0x6b007007u,
    0xe0000000u, 0x99999999u, 0xe4e400e8u, 0xa200d00du, 0x10000000u, 0x11111111u, 0x16160017u,
    0x1f001001u, 0x90000000u, 0xeeeeeeeeu, 0xbcbc00b4u, 0xd600b00bu, 0x50000000u, 0x44444444u,
    0x61610066u, 0x5a005005u, 0xd0000000u, 0xbbbbbbbbu, 0xcbcb00c5u, 0x9300f00fu, 0x30000000u,
    0x22222222u, 0x2f2f002du, 0x31002002u, 0xb0000000u, 0xddddddddu, 0x8585008eu, 0xf8008008u,
    0x70000000u, 0x77777777u, 0x5858005cu, 0x74006006u, 0xf0000000u, 0x88888888u, 0xf2f200ffu,
    0xbd00c00cu, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x08000000u, 0x0f0f0f0fu,
    0x09a30009u, 0x0a000b6du, 0x04000000u, 0x05050505u, 0x06710006u, 0x0400079eu, 0x0c000000u,
    0x0a0a0a0au, 0x0fd2000fu, 0x0e000cf3u, 0x02000000u, 0x03030303u, 0x033a0003u, 0x030002a7u,
    0x0a000000u, 0x0c0c0c0cu, 0x0a99000au, 0x090009cau, 0x06000000u, 0x06060606u, 0x054b0005u,
    0x07000539u, 0x0e000000u, 0x09090909u, 0x0ce8000cu, 0x0d000e54u, 0x01000000u, 0x01010101u,
    0x01170001u, 0x0100011au, 0x09000000u, 0x0e0e0e0eu, 0x08b40008u, 0x0b000a77u, 0x05000000u,
    0x04040404u, 0x07660007u, 0x05000684u, 0x0d000000u, 0x0b0b0b0bu, 0x0ec5000eu, 0x0f000de9u,
    0x03000000u, 0x02020202u, 0x022d0002u, 0x020003bdu, 0x0b000000u, 0x0d0d0d0du, 0x0b8e000bu,
    0x080008d0u, 0x07000000u, 0x07070707u, 0x045c0004u, 0x06000423u, 0x0f000000u, 0x08080808u,
    0x0dff000du, 0x0c000f4eu, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00800000u,
    0x00ff00ffu, 0x00a3aaaau, 0x00b6dba4u, 0x00400000u, 0x00550055u, 0x00717777u, 0x0079e7dbu,
    0x00c00000u, 0x00aa00aau, 0x00d2ddddu, 0x00cf3c7fu, 0x00200000u, 0x00330033u, 0x003a3939u,
    0x002a7289u, 0x00a00000u, 0x00cc00ccu, 0x00999393u, 0x009ca92du, 0x00600000u, 0x00660066u,
    0x004b4e4eu, 0x00539552u, 0x00e00000u, 0x00990099u, 0x00e8e4e4u, 0x00e54ef6u, 0x00100000u,
    0x00110011u, 0x00171616u, 0x0011a105u, 0x00900000u, 0x00ee00eeu, 0x00b4bcbcu, 0x00a77aa1u,
    0x00500000u, 0x00440044u, 0x00666161u, 0x006846deu, 0x00d00000u, 0x00bb00bbu, 0x00c5cbcbu,
    0x00de9d7au, 0x00300000u, 0x00220022u, 0x002d2f2fu, 0x003bd38cu, 0x00b00000u, 0x00dd00ddu,
    0x008e8585u, 0x008d0828u, 0x00700000u, 0x00770077u, 0x005c5858u, 0x00423457u, 0x00f00000u,
    0x00880088u, 0x00fff2f2u, 0x00f4eff3u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u,
    0x00080000u, 0x000f000fu, 0x000909a3u, 0x000c9baeu, 0x00040000u, 0x00050005u, 0x00060671u,
    0x000457dfu, 0x000c0000u, 0x000a000au, 0x000f0fd2u, 0x0008cc71u, 0x00020000u, 0x00030003u,
    0x0003033au, 0x0002e28au, 0x000a0000u, 0x000c000cu, 0x000a0a99u, 0x000e7924u, 0x00060000u,
    0x00060006u, 0x0005054bu, 0x0006b555u, 0x000e0000u, 0x00090009u, 0x000c0ce8u, 0x000a2efbu,
    0x00010000u, 0x00010001u, 0x00010117u, 0x0001f104u, 0x00090000u, 0x000e000eu, 0x000808b4u,
    0x000d6aaau, 0x00050000u, 0x00040004u, 0x00070766u, 0x0005a6dbu, 0x000d0000u, 0x000b000bu,
    0x000e0ec5u, 0x00093d75u, 0x00030000u, 0x00020002u, 0x0002022du, 0x0003138eu, 0x000b0000u,
    0x000d000du, 0x000b0b8eu, 0x000f8820u, 0x00070000u, 0x00070007u, 0x0004045cu, 0x00074451u,
    0x000f0000u, 0x00080008u, 0x000d0dffu, 0x000bdfffu, 0x00000000u, 0x00000000u, 0x00000000u,
    0x00000000u, 0x00008000u, 0x0000ffffu, 0x0000aa09u, 0x0000a0c3u, 0x00004000u, 0x00005555u,
    0x00007706u, 0x00004041u, 0x0000c000u, 0x0000aaaau, 0x0000dd0fu, 0x0000e082u, 0x00002000u,
    0x00003333u, 0x00003903u, 0x0000302du, 0x0000a000u, 0x0000ccccu, 0x0000930au, 0x000090eeu,
    0x00006000u, 0x00006666u, 0x00004e05u, 0x0000706cu, 0x0000e000u, 0x00009999u, 0x0000e40cu,
    0x0000d0afu, 0x00001000u, 0x00001111u, 0x00001601u, 0x0000101eu, 0x00009000u, 0x0000eeeeu,
    0x0000bc08u, 0x0000b0ddu, 0x00005000u, 0x00004444u, 0x00006107u, 0x0000505fu, 0x0000d000u,
    0x0000bbbbu, 0x0000cb0eu, 0x0000f09cu, 0x00003000u, 0x00002222u, 0x00002f02u, 0x00002033u,
    0x0000b000u, 0x0000ddddu, 0x0000850bu, 0x000080f0u, 0x00007000u, 0x00007777u, 0x00005804u,
    0x00006072u, 0x0000f000u, 0x00008888u, 0x0000f20du, 0x0000c0b1u, 0x00000000u, 0x00000000u,
    0x00000000u, 0x00000000u, 0x00000800u, 0x00000f0fu, 0x000009aau, 0x00000b67u, 0x00000400u,
    0x00000505u, 0x00000677u, 0x0000079au, 0x00000c00u, 0x00000a0au, 0x00000fddu, 0x00000cfdu,
    0x00000200u, 0x00000303u, 0x00000339u, 0x000002a4u, 0x00000a00u, 0x00000c0cu, 0x00000a93u,
    0x000009c3u, 0x00000600u, 0x00000606u, 0x0000054eu, 0x0000053eu, 0x00000e00u, 0x00000909u,
    0x00000ce4u, 0x00000e59u, 0x00000100u, 0x00000101u, 0x00000116u, 0x0000011bu, 0x00000900u,
    0x00000e0eu, 0x000008bcu, 0x00000a7cu, 0x00000500u, 0x00000404u, 0x00000761u, 0x00000681u,
    0x00000d00u, 0x00000b0bu, 0x00000ecbu, 0x00000de6u, 0x00000300u, 0x00000202u, 0x0000022fu,
    0x000003bfu, 0x00000b00u, 0x00000d0du, 0x00000b85u, 0x000008d8u, 0x00000700u, 0x00000707u,
    0x00000458u, 0x00000425u, 0x00000f00u, 0x00000808u, 0x00000df2u, 0x00000f42u, 0x00000000u,
    0x00000000u, 0x00000000u, 0x00000000u, 0x00000080u, 0x000000ffu, 0x000000a3u, 0x000000c9u,
    0x00000040u, 0x00000055u, 0x00000071u, 0x00000045u, 0x000000c0u, 0x000000aau, 0x000000d2u,
    0x0000008cu, 0x00000020u, 0x00000033u, 0x0000003au, 0x0000002eu, 0x000000a0u, 0x000000ccu,
    0x00000099u, 0x000000e7u, 0x00000060u, 0x00000066u, 0x0000004bu, 0x0000006bu, 0x000000e0u,
    0x00000099u, 0x000000e8u, 0x000000a2u, 0x00000010u, 0x00000011u, 0x00000017u, 0x0000001fu,
    0x00000090u, 0x000000eeu, 0x000000b4u, 0x000000d6u, 0x00000050u, 0x00000044u, 0x00000066u,
    0x0000005au, 0x000000d0u, 0x000000bbu, 0x000000c5u, 0x00000093u, 0x00000030u, 0x00000022u,
    0x0000002du, 0x00000031u, 0x000000b0u, 0x000000ddu, 0x0000008eu, 0x000000f8u, 0x00000070u,
    0x00000077u, 0x0000005cu, 0x00000074u, 0x000000f0u, 0x00000088u, 0x000000ffu, 0x000000bdu,
    0x00000000u, 0x00000000u, 0x00000000u, 0x00000000u, 0x00000008u, 0x0000000fu, 0x00000009u,
    0x0000000au, 0x00000004u, 0x00000005u, 0x00000006u, 0x00000004u, 0x0000000cu, 0x0000000au,
    0x0000000fu, 0x0000000eu, 0x00000002u, 0x00000003u, 0x00000003u, 0x00000003u, 0x0000000au,
    0x0000000cu, 0x0000000au, 0x00000009u, 0x00000006u, 0x00000006u, 0x00000005u, 0x00000007u,
    0x0000000eu, 0x00000009u, 0x0000000cu, 0x0000000du, 0x00000001u, 0x00000001u, 0x00000001u,
    0x00000001u, 0x00000009u, 0x0000000eu, 0x00000008u, 0x0000000bu, 0x00000005u, 0x00000004u,
    0x00000007u, 0x00000005u, 0x0000000du, 0x0000000bu, 0x0000000eu, 0x0000000fu, 0x00000003u,
    0x00000002u, 0x00000002u, 0x00000002u, 0x0000000bu, 0x0000000du, 0x0000000bu, 0x00000008u,
    0x00000007u, 0x00000007u, 0x00000004u, 0x00000006u, 0x0000000fu, 0x00000008u, 0x0000000du,
    0x0000000cu,
};
#define bt_sobol_nibble(i) bt_sobol_nibbles[i]
#endif

STRUCT(bt_sampler)
{
    uint index; // pixel's place on the curve and sample number, bit-reversed
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

// The point of a bit-reversed index, bit-reversed.
FN uint4 bt_sobol4(uint index)
{
    uint4 x = splat_u4(0u);
    for (int nibble = 0; nibble < 8; nibble++) {
        uint row = (to_u(nibble) * 16u + ((index >> to_u(4 * nibble)) & 15u)) * 4u;
        x = x ^ uint4(bt_sobol_nibble(row), bt_sobol_nibble(row + 1u), bt_sobol_nibble(row + 2u),
                      bt_sobol_nibble(row + 3u));
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
FN_IN bt_sampler bt_sampler_begin(uint x, uint y, uint sample_number, uint log2_samples, uint seed)
{
    uint axis_bits = min((32u - log2_samples) / 2u, 16u);
    uint mask = (1u << axis_bits) - 1u;
    uint curve = bt_spread_bits(x & mask) | (bt_spread_bits(y & mask) << 1);
    bt_sampler s;
    s.index = bitrev32((curve << log2_samples) | sample_number);
    s.seed = bt_hash2(seed, ((y >> axis_bits) << 16) ^ (x >> axis_bits));
    return s;
}

// The same for pixels that end when they like (bt_sampler_begin_open): those that take the same number of samples share nets,
// whatever that is. The first 2^first_log2 samples are one net over the picture and each doubling of
// them is another, with a seed of its own; whole ones are best, then multiples of the first. The
// beginning of one long sequence a pixel would serve each as well, but those of neighbours would be
// unrelated: white noise, not blue.
//
// Log2 of how many samples are in a sample's net.
FN uint bt_sampler_level(uint number, uint first_log2)
{
    uint level = first_log2;
    while ((number >> level) > 1u)
        level++;
    return level;
}
// Nothing here branches: engine/render/starts.c finds many at once.
FN_IN bt_sampler bt_sampler_begin_level(uint x, uint y, uint number, uint first_log2, uint level,
                                        uint seed)
{
    bool first = (number >> first_log2) == 0u;
    uint own_seed = first ? seed : bt_hash2(seed, level);
    return bt_sampler_begin(x, y, first ? number : number - (1u << level), level, own_seed);
}
FN_IN bt_sampler bt_sampler_begin_open(uint x, uint y, uint number, uint first_log2, uint seed)
{
    return bt_sampler_begin_level(x, y, number, first_log2, bt_sampler_level(number, first_log2),
                                  seed);
}

// A key for each coordinate out of a use's, to be mixed.
FN uint4 bt_sampler_keys(uint key)
{
    return splat_u4(key) * uint4(0x9e3779b1u, 0x85ebca77u, 0xc2b2ae3du, 0x27d4eb2fu) +
           uint4(0x165667b1u, 0xd3a2646cu, 0xfd7046c5u, 0xb55a4f09u);
}
FN uint bt_sampler_key_mixed(uint key)
{
    uint mixed = (key ^ (key >> 15)) * 0x735a2d97u;
    return mixed ^ (mixed >> 15);
}
// Four coordinates in [0, 1): `set` names the use; every set is a (0, 2)-like net of its own over
// the samples of a pixel. engine/render/draws.c gives those of many.
FN float4 bt_sampler_4d(bt_sampler s, uint set)
{
    uint key = bt_hash2(s.seed, set);
    uint index = bt_owen_low_to_high(s.index, key);
    uint4 keys = bt_sampler_keys(key);
    keys = keys ^ (keys >> 15u);
    keys = keys * splat_u4(0x735a2d97u);
    keys = keys ^ (keys >> 15u);
    uint4 x = bitrev4(bt_owen_low_to_high4(bt_sobol4(index), keys));
    return f4_from_u4(x >> 8u) * (1.0f / 16777216.0f);
}

#endif
