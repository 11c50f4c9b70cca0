// luminance.h: how bright a spectrum looks; apart from the shared shading headers, whose names clash
// with those of engine/spectrum.
#ifndef BT_RENDER_LUMINANCE_H
#define BT_RENDER_LUMINANCE_H

// Lumens of a spectrum (BT_SPECTRUM_BINS) in W nm^-1: cd/m2 of W m^-2 sr^-1 nm^-1, and so on. CIE
// 1931.
double bt_luminance_of(const float *spectrum);

#endif
