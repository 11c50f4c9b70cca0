// material_lua.h: reads material sheets (assets/materials/*.lua) into a spec.
//
// A sheet returns a table of groups, each a table of materials by name (the groups only keep the
// sheet readable; names are unique over all sheets of a spec):
//
//   return { road = { asphalt = { kind = "coated", albedo = 0.12, color = {0.40, 0.39, 0.37},
//            roughness = 0.9, pattern = "asphalt", pattern_scale_m = 3.5, source = "..." } } }
//
// kind       "diffuse" "conductor" "coated" "glass_thin" "dielectric" "leaf" "retro" "cloth" "paint"
// metal      "aluminium" "copper" "chromium": a conductor's reflectance by its complex index (metal.h)
// color      {r, g, b}, sRGB 0..1, uplifted to a smooth spectrum; or
// reflectance  a spectrum: 0.3 (flat), {{400, 0.05}, {700, 0.2}} (nm, value; ascending), or
//            {csv = "file.csv", column = "name"}
// albedo     scales `color` or `reflectance` to this luminous reflectance under D65
// infrared   reflectance from 800 nm on, along a smooth step from 700 nm; without it the value at
//            780 nm, or of the table's end, is held to 1000 nm
// color2, reflectance2, albedo2, infrared2   the same for the second spectrum
// emission   {luminance_cd_m2 = L, and one of: color = {r, g, b} (as filtered D65, nothing beyond
//            780 nm), blackbody_kelvin = T, peak_nm = N with width_nm = W (Gaussian, full width at half
//            maximum), csv = FILE with column = NAME (its last value is held: end a lamp's table with
//            0)}; instead of the luminance, which is the same in all directions, a web of candela: web = {file = "lamp.ies" or "lamp.ldt"} or {form =
//            "low_beam" with traffic ("right", "left"), dip_deg, level; "high_beam" with level;
//            "signal" with peak_cd, width_deg, height_deg, toward ("front", "rear"); "street" with
//            flux_lm, scattered (0)} (lamp_webs.h), and count (1): lamps that are one slot of a mesh, lens (1):
//            transmittance of a lens that lies before it in the mesh, whose loss is made up for;
//            flicker = {hz = whole hertz, and duty (pulse width modulation) or ripple}: it varies
//            about the mean; both_sides = true: triangles shine from their back too, without a web;
//            dusk = true: shines when the weather says so (bt_weather.dusk_lamps),
//            with hours = {FROM, TO} only then of the local day (bt_spec_light_between)
// roughness roughness2 ior pattern pattern_scale_m bump wear strength   as in bt_material
// retro      for kind "retro": {ra = R_A in cd lx^-1 m^-2 at 0.2 / 4 degrees: sheeting} or {rl = R_L in
//            mcd m^-2 lx^-1 30 m ahead: beads on paint}, with spread_deg (half width of the lobe;
//            0.52, 4) and tail (1.5): shaders/shared/bsdf_retro.h
// sheen      for kind "cloth": 0..1 of fibres that stand off (0)
// flakes     for kind "paint": 0..1 of the body's light that meets flakes of metal (0)
// tint_depth_m  for kind "dielectric": way inside after which `reflectance` is left of light; 0: it is
//            lost at each surface (0)
// wet        0..1: always under water (0); porosity 0..1: how much water darkens it (0.8 for diffuse and
//            cloth, else 0); sheltered 0..1: kept from the weather's water (0)
// source     required: where the numbers come from: measured, fitted or chosen
#ifndef BT_SCENE_MATERIAL_LUA_H
#define BT_SCENE_MATERIAL_LUA_H

#include "engine/scene/spec.h"

// Reads the sheet at `path` into the spec, in sorted order of group and name. CSV files and
// `require` are looked for in the sheet's folder and in ../spectra beside it.
BT_CHECKED bt_status bt_material_sheet_load(bt_spec *spec, const char *path);

#endif
