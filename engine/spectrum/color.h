// color.h: sRGB, XYZ and CIELAB of what the eye sees.
//
// White is D65 as the tables of spectrum.h hold it, so that a flat reflectance of 1 under D65 is
// exactly (1, 1, 1) in linear sRGB. IEC 61966-2-1 primaries and transfer curve.
#ifndef BT_SPECTRUM_COLOR_H
#define BT_SPECTRUM_COLOR_H

extern const double bt_white_d65_xyz[3]; // Y = 1

void bt_srgb_linear_from_xyz(const double xyz[3], double rgb[3]);
void bt_xyz_from_srgb_linear(const double rgb[3], double xyz[3]);

// The transfer curve of one channel; odd beyond 0, not clamped above 1.
double bt_srgb_encode(double linear);
double bt_srgb_decode(double encoded);

// CIE 1976 L*a*b* against bt_white_d65_xyz.
void bt_lab_from_xyz(const double xyz[3], double lab[3]);

#endif
