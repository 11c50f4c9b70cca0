// path_phase.h: where fog sends a path at its next scattering, Mie's phase function or that of the similar
// fog (path_fog.h), and what it sends on of a light that was asked.
#ifndef BT_SHARED_PATH_PHASE_H
#define BT_SHARED_PATH_PHASE_H

#include "shaders/shared/fog.h"
#include "shaders/shared/path_light.h"

// sin^2 of half an angle drawn from bt_phase_aerosol.
FN float bt_fog_lobe_q(float g, float u)
{
    float root = (1.0f - g * g) / (1.0f - g + 2.0f * g * u);
    return clampf(0.5f - (1.0f + g * g - root * root) / (4.0f * g), 0.0f, 1.0f);
}
// The phase function at the path's next scattering, and a draw from it.
FN float4 bt_path_phase(bt_scene_ref sc, IN(bt_path) p, float q)
{
    if (bt_path_fog_similar(p, D(p).scatters))
        return splat4(bt_phase_aerosol(1.0f - 2.0f * q, BT_FOG_SIMILAR_G));
    return bt_fog_phase(scene_of(sc).tables.fog, D(p).wavelengths, q);
}
FN float bt_path_phase_sample(bt_scene_ref sc, IN(bt_path) p, float u)
{
    if (!bt_path_fog_similar(p, D(p).scatters))
        return bt_fog_sample_q(scene_of(sc).tables.fog, D(p).wavelengths.nm[0], u);
    return bt_fog_lobe_q(BT_FOG_SIMILAR_G, u);
}
// The shadow ray towards a light from a place where fog scatters it so, at which paths arrive `often` and would go on to
// the light with density `met`.
FN bt_shadow_ray bt_fog_shadow(bt_scene_ref sc, IN(bt_path) p, IN(bt_light_sample) l, float3 from,
                               float often, float4 phase, float4 met)
{
    bt_fog fog = bt_path_fog(sc, p, D(p).scatters + 1u);
    float left = bt_fog_left(fog, from[2], D(l).dir[2], D(l).distance) * often;
    bt_shadow_ray s = bt_shadow_none();
    s.lit = bt_path_weight_lit(D(p).weight, phase, met, D(l).radiance * left, D(l).pdf);
    s.origin = from;
    bt_shadow_aim(l, A(s));
    return s;
}

#endif
