// color.h: linear light, CIE XYZ and the sRGB encoding.
//
// sRGB: IEC 61966-2-1:1999. Linear sRGB and XYZ are relative to the same white: D65 with
// x = 0.3127, y = 0.3290; linear (1, 1, 1) is that white with Y = 1.
#ifndef BT_IMAGE_COLOR_H
#define BT_IMAGE_COLOR_H

#include <stdint.h>

// Linear 0..1 to encoded 0..1 and back; values outside are extended oddly, NaN stays NaN.
double bt_srgb_encode(double linear);
double bt_srgb_decode(double encoded);
// Encoded and rounded to 0..255, clamped; NaN gives 0.
uint8_t bt_srgb_encode_u8(double linear);
double bt_srgb_decode_u8(uint8_t encoded);

void bt_srgb_from_xyz(const double xyz[3], double linear_rgb[3]);
void bt_srgb_to_xyz(const double linear_rgb[3], double xyz[3]);

#endif
