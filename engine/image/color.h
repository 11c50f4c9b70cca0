// color.h: linear light, CIE XYZ and the sRGB encoding.
//
// sRGB: IEC 61966-2-1:1999. Linear sRGB and XYZ are relative to the same white: D65 with
// x = 0.3127, y = 0.3290; linear (1, 1, 1) is that white with Y = 1.
#ifndef BT_IMAGE_COLOR_H
#define BT_IMAGE_COLOR_H

#include "engine/spectrum/color.h" // bt_srgb_encode, bt_srgb_decode

#include <stdint.h>

// Encoded and rounded to 0..255, clamped; NaN gives 0.
uint8_t bt_srgb_encode_u8(double linear);
double bt_srgb_decode_u8(uint8_t encoded);

void bt_srgb_from_xyz(const double xyz[3], double linear_rgb[3]);
void bt_srgb_to_xyz(const double linear_rgb[3], double xyz[3]);

#endif
