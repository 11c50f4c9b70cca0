// path_lean.h: surfaces in fog that the sun shines on.
//
// What fog scatters for the first time on its way to them comes from about the sun, within a few degrees the most:
// of the directions in which a rough surface scatters a path few go there, and are giants. So a share of its
// directions is drawn from the fog's phase function about the sun, and all go by the density of both ways together: no
// light is added or left out. In fog the like is done at each scattering (path_fog.h).
#ifndef BT_SHARED_PATH_LEAN_H
#define BT_SHARED_PATH_LEAN_H

#include "shaders/shared/bsdf.h"
#include "shaders/shared/path_types.h"

// Chosen by error times time in fog of 50 m to 3 km and in snow (bench.noise_causes).
#define BT_LEAN_MOST 0.5f // of the share
#define BT_LEAN_WIDE 0.5f // of the sunlight that comes from all round: what of it counts

// The share at a place with such a normal: by the light that comes from about the sun, over all but the sun's own. From
// about it comes what the similar fog (path_fog.h) lets through unscattered and this does not. None in the similar fog, whose
// phase function is wide.
FN float bt_lean_share(bt_scene_ref sc, IN(bt_path) p, float3 pos, float3 normal, uint kind)
{
    bt_sky sky = scene_of(sc).sky;
    bool narrow = kind == BT_MATERIAL_GLASS_THIN || kind == BT_MATERIAL_DIELECTRIC ||
                  kind == BT_MATERIAL_CONDUCTOR;
    bool similar = bt_path_fog_similar(p, D(p).scatters);
    if (narrow || similar || D(p).fog_exact || !(sky.sun_up > 0.0f)) return 0.0f;
    float sun = scene_of(sc).sun_irradiance;
    float facing = dot3(normal, sky.sun_dir);
    if (!(scene_of(sc).fog.extinction > 0.0f && sun * facing > 0.0f)) return 0.0f;
    float depth = bt_fog_depth(scene_of(sc).fog, pos[2], sky.sun_dir[2], BT_FAR);
    float passed = pm_exp(-depth * scene_of(sc).fog.similar);
    float about = sun * facing * (passed - pm_exp(-depth));
    float wide = scene_of(sc).sky_irradiance * passed + BT_LEAN_WIDE * sun * (1.0f - passed);
    return BT_LEAN_MOST * about / max(about + wide, 1e-30f);
}
// As bt_bsdf_scatter, with that share. Densities are the surface's own.
FN bt_bsdf_sample bt_lean_scatter(bt_scene_ref sc, IN(bt_path) p, IN(bt_bsdf) bsdf, float4 u)
{
    if (D(bsdf).kind == BT_MATERIAL_GLASS_THIN) return bt_glass_thin_sample(bsdf, u);
    float lean = D(p).lean;
    float3 wi;
    if (u[2] < lean) {
        float q = bt_fog_sample_q(scene_of(sc).tables.fog, D(p).wavelengths.nm[0], u[0]);
        wi = bt_fog_turn(scene_of(sc).sky.sun_dir, q, u[1]);
    } else {
        u[2] = min((u[2] - lean) / (1.0f - lean), 0.99999994f);
        wi = bt_frame_from(D(bsdf).frame, bt_bsdf_direction(bsdf, u));
    }
    return bt_bsdf_towards(bsdf, scene_of(sc).tables.ggx, wi);
}
// Density of a direction that the surface alone draws with density `own`.
FN float4 bt_lean_density(bt_scene_ref sc, IN(bt_path) p, float4 own, float3 dir)
{
    float lean = D(p).lean;
    if (!(lean > 0.0f)) return own;
    float q = bt_fog_q(dir, scene_of(sc).sky.sun_dir);
    float4 lobe = bt_fog_phase(scene_of(sc).tables.fog, D(p).wavelengths, q);
    return own * (1.0f - lean) + lobe * lean;
}

#endif
