// fresnel.h: how much an interface reflects, and a pane of two.
#ifndef BT_SHARED_FRESNEL_H
#define BT_SHARED_FRESNEL_H

#include "shaders/shared/pm_math.h"
#include "shaders/shared/portable.h"

FN float bt_pow5(float x)
{
    float x2 = x * x;
    return x2 * x2 * x;
}
// Reflectance of a dielectric at normal incidence.
FN float bt_fresnel_f0(float ior)
{
    return sqr((ior - 1.0f) / (ior + 1.0f));
}
// Schlick 1994
FN float4 bt_fresnel_schlick4(float4 f0, float cosine)
{
    float s = bt_pow5(1.0f - clampf(cosine, 0.0f, 1.0f));
    return f0 + (1.0f - f0) * s;
}

STRUCT(bt_interface)
{
    float r_s, r_p; // reflectances of the two polarisations
    float cos_t;    // cosine of the refracted direction, 0 at total reflection
};

// Exact, for light arriving at cosine cos_i >= 0; eta: index of the far side over the near side's.
FN bt_interface bt_fresnel_interface(float cos_i, float eta)
{
    bt_interface f;
    float c = clampf(cos_i, 0.0f, 1.0f);
    float sin2_t = (1.0f - c * c) / (eta * eta);
    if (sin2_t >= 1.0f) {
        f.r_s = 1.0f;
        f.r_p = 1.0f;
        f.cos_t = 0.0f;
        return f;
    }
    f.cos_t = sqrt(1.0f - sin2_t);
    f.r_s = sqr((c - eta * f.cos_t) / (c + eta * f.cos_t));
    f.r_p = sqr((eta * c - f.cos_t) / (eta * c + f.cos_t));
    return f;
}
FN float bt_fresnel_unpolarised(float cos_i, float eta)
{
    bt_interface f = bt_fresnel_interface(cos_i, eta);
    return 0.5f * (f.r_s + f.r_p);
}

STRUCT(bt_pane)
{
    float4 reflected;
    float4 transmitted;
};

// A parallel pane in air, all bounces between its faces summed: with face reflectance r and one
// pass's transmittance t, T = (1 - r)^2 t / (1 - r^2 t^2) and R = r (1 + t T), for each
// polarisation. tint: internal transmittance at normal incidence, (0, 1].
FN bt_pane bt_pane_at(float cos_i, float ior, float4 tint)
{
    bt_interface f = bt_fresnel_interface(cos_i, ior);
    float path = 1.0f / max(f.cos_t, 0.05f);
    float4 clear = float4(pm_pow(tint[0], path), pm_pow(tint[1], path), pm_pow(tint[2], path),
                          pm_pow(tint[3], path));
    float r_s = min(f.r_s, 0.9999f);
    float r_p = min(f.r_p, 0.9999f);
    float4 t_s = clear * sqr(1.0f - r_s) / (1.0f - clear * clear * sqr(r_s));
    float4 t_p = clear * sqr(1.0f - r_p) / (1.0f - clear * clear * sqr(r_p));
    bt_pane pane;
    pane.transmitted = (t_s + t_p) * 0.5f;
    pane.reflected = ((clear * t_s + 1.0f) * r_s + (clear * t_p + 1.0f) * r_p) * 0.5f;
    return pane;
}

#endif
