// types_check.c: the layouts of structs shared with GLSL, as std430 has them.
#include "shaders/shared/lens_types.h"
#include "shaders/shared/shield_types.h"
#include "shaders/shared/types.h"

#include <stddef.h>

_Static_assert(sizeof(bt_material) == 144, "a multiple of 16");
_Static_assert(offsetof(bt_material, emission_scale) == 20, "4-byte members without gaps");
_Static_assert(offsetof(bt_material, strength) == 48, "4-byte members without gaps");
_Static_assert(offsetof(bt_material, flicker_hz) == 124, "4-byte members without gaps");
_Static_assert(sizeof(bt_texture) == 32, "a multiple of 4");
_Static_assert(sizeof(bt_deformed) == 16, "a multiple of 4");
_Static_assert(sizeof(bt_deformed_vertex) == 16, "a stride that Embree takes too");
_Static_assert(sizeof(bt_lens) == 80, "a multiple of 16");
_Static_assert(offsetof(bt_lens, k) == 20, "float arrays have a stride of 4");
_Static_assert(offsetof(bt_lens, theta_max_rad) == 52, "4-byte members without gaps");
_Static_assert(offsetof(bt_lens, s) == 56, "float arrays have a stride of 4");
_Static_assert(sizeof(bt_shield_face) == 20, "4-byte members without gaps");
_Static_assert(sizeof(bt_shield_wiper) == 24, "4-byte members without gaps");
_Static_assert(sizeof(bt_shield) == 224, "4-byte members without gaps");
_Static_assert(sizeof(bt_pupil) == 20, "4-byte members without gaps");

extern const int bt_types_checked;
const int bt_types_checked = 1;
