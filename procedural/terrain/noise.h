// noise.h: smooth random functions of the plan, for hills, fields and density.
//
// Gradient noise after Perlin 2002, "Improving noise", with hashed gradients; a function of (seed,
// position) alone.
#ifndef BT_PROCEDURAL_NOISE_H
#define BT_PROCEDURAL_NOISE_H

#include <stdint.h>

// About -1 .. 1, mean 0, one hill per unit.
double bt_noise2(uint64_t seed, double x, double y);
// Octaves of halving size; gain in (0, 1) per octave; about -1 .. 1.
double bt_noise_fbm2(uint64_t seed, double x, double y, int octaves, double gain);
// A number in [0, 1) for a cell of an integer grid.
double bt_noise_cell(uint64_t seed, int64_t x, int64_t y);

#endif
