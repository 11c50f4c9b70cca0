// bsdf_wet.h: water on and in a surface.
//
// In: pores full of water darken a diffuse body, for light that comes back from it is reflected into
// it again by the water's surface: a (1 - p) / (1 - p a), p the part of diffuse light that
// water of index 1.33 keeps below: Angstrom 1925; Lekner and Dorf 1988, "Why some things are darker
// when wet" (eq. 3, with the solid's own reflectance left as it is).
// On: a film whose surface is smooth where it lies and thin where it runs down. Metal, glass and
// paint, which have no pores, only become smoother.
#ifndef BT_SHARED_BSDF_WET_H
#define BT_SHARED_BSDF_WET_H

#include "shaders/shared/fresnel.h"
#include "shaders/shared/types.h"

#define BT_WATER_IOR 1.33f
// 1 - (1 - r) / 1.33^2, r = 0.0664 the mean reflectance of water for diffuse light from above
#define BT_WATER_KEEPS 0.4722f
#define BT_WATER_GIVES 0.5278f   // the rest
#define BT_WATER_ROUGHNESS 0.06f // of a thin film in light wind, chosen

// Pores are full long before a film stands (chosen: at two fifths).
FN float bt_wet_soaked(float wet)
{
    return clampf(2.5f * wet, 0.0f, 1.0f);
}
FN float4 bt_wet_body(float4 color, float wet, float porosity)
{
    float4 soaked = color * BT_WATER_GIVES / (1.0f - color * BT_WATER_KEEPS);
    return lerp4(color, soaked, bt_wet_soaked(wet) * clampf(porosity, 0.0f, 1.0f));
}
// How much of the surface is a closed film; up: the normal's height.
FN float bt_wet_film(float wet, float up)
{
    float lies = clampf((up - 0.2f) * 1.25f, 0.0f, 1.0f);
    return clampf(wet, 0.0f, 1.0f) * (0.3f + 0.7f * lies);
}
FN bool bt_wet_has_body(uint kind)
{
    return kind == BT_MATERIAL_DIFFUSE || kind == BT_MATERIAL_COATED || kind == BT_MATERIAL_RETRO ||
           kind == BT_MATERIAL_CLOTH;
}

#endif
