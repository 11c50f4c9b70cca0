// bsdf_types.h: what the files of bsdf.h share.
#ifndef BT_SHARED_BSDF_TYPES_H
#define BT_SHARED_BSDF_TYPES_H

#include "shaders/shared/frame.h"
#include "shaders/shared/fresnel.h"
#include "shaders/shared/ggx.h"
#include "shaders/shared/portable.h"
#include "shaders/shared/tables.h"
#include "shaders/shared/types.h"

#define BT_SCATTER_NONE 0u    // absorbed: the path ends
#define BT_SCATTER_ROUGH 1u   // a density over directions
#define BT_SCATTER_MIRROR 2u  // one direction: pdf holds the probability of having chosen it
#define BT_SCATTER_THROUGH 3u // as MIRROR, straight through: as if the surface were only a filter

// The lobe of a retroreflector (bsdf_retro.h).
STRUCT(bt_retro)
{
    float width2; // square of its half width in radians
    float tail;   // exponent of its fall
    float tilt;   // exponent of both cosines in f
    float norm;   // integral over solid angle
};

STRUCT(bt_bsdf)
{
    uint kind;
    bt_frame frame; // about the shading normal
    float3 ng;      // geometric normal on the viewer's side
    float3 wo;      // to the viewer, in the shading frame
    float alpha;
    float roughness;
    float f0;        // of the coat at normal incidence
    float eta;       // DIELECTRIC: index of the far side over the near side's
    float ior;       // GLASS_THIN
    float3 spread;   // GGX's alpha^2 as a matrix, xx, xy, yy (glint.h); 0: alpha is all there is
    float4 color;    // reflectance, F0 or tint
    float4 through;  // LEAF: what passes
    float lambda_o;  // masking of wo
    float rest_o;    // CONDUCTOR: what leaves after more than one bounce, for wo
    float rest_mean; // and its mean
    float coat_o;    // COATED, LEAF: albedo of the coat at wo
    float metal;     // COATED: share of bare metal, whose F0 is the body's colour
    float body;      // (1 - coat_o) / (pi (1 - mean of the coat's albedo))
    float4 p_coat;   // probability of choosing the coat, for each wavelength as hero
    float4 p_second; // RETRO, CLOTH, PAINT: and of choosing the lobe between coat and body
    float edge_dip;  // CONDUCTOR: see bsdf_metal.h
    float again;     // DIELECTRIC: one over the albedo of a single bounce
    float second;    // RETRO: peak; CLOTH: strength of the sheen; PAINT: share of flakes
    float second_o;  // CLOTH: albedo of the sheen; PAINT: masking of wo by flakes
    bt_retro retro;
};

FN float bt_bsdf_d(IN(bt_bsdf) s, float3 h)
{
    if (D(s).spread[0] > 0.0f) return bt_ggx_d_spread(h, D(s).spread);
    return bt_ggx_d(h, D(s).alpha);
}

STRUCT(bt_bsdf_value)
{
    float4 f_cos;
    float4 pdf;
};

STRUCT(bt_bsdf_sample)
{
    uint scatter; // BT_SCATTER_*
    float3 wi;    // in the surface's outer frame
    float4 f_cos; // MIRROR, THROUGH: the factor on radiance
    float4 pdf;   // MIRROR, THROUGH: probability of the choice
};

FN bt_bsdf_value bt_bsdf_nothing(void)
{
    bt_bsdf_value v;
    v.f_cos = splat4(0.0f);
    v.pdf = splat4(0.0f);
    return v;
}

#endif
