// types.h: structs that C and GLSL share: buffer layouts. Padding is explicit, sizes are asserted in
// C (engine/render/types_check.c). Needs portable.h first in GLSL; in C it stands alone, so that
// any room may include it.
#ifndef BT_SHARED_TYPES_H
#define BT_SHARED_TYPES_H

#if !defined(VULKAN)
#include <stdint.h>
typedef uint32_t bt_uint;
#else
#define bt_uint uint
#endif

// Spectra are tables from 380 to 1000 nm, as far as silicon sees, every 5 nm, linear between.
#define BT_SPECTRUM_MIN_NM 380.0f
#define BT_SPECTRUM_MAX_NM 1000.0f
#define BT_SPECTRUM_STEP_NM 5.0f
#define BT_SPECTRUM_BINS 125
#define BT_SPECTRUM_VISIBLE_BINS 81 // the first of them, to 780 nm: what the eye sees

#define BT_NO_SPECTRUM 0xffffffffu

// ---- material kinds ---------------------------------------------------------------------------
#define BT_MATERIAL_DIFFUSE 0u       // Lambert, or Oren-Nayar by `roughness`
#define BT_MATERIAL_CONDUCTOR 1u     // rough metal: GGX, `reflectance` is normal-incidence F0
#define BT_MATERIAL_COATED 2u        // GGX dielectric coat (`ior`, `roughness`) over diffuse
#define BT_MATERIAL_GLASS_THIN 3u    // thin pane: both surfaces at once; `reflectance` = tint
                                     // (internal transmittance at normal incidence)
#define BT_MATERIAL_DIELECTRIC 4u    // solid rough dielectric, refracts
#define BT_MATERIAL_LEAF 5u          // two-sided diffuse: reflects `reflectance`, transmits
                                     // `reflectance2`, with a weak coat (`ior`, `roughness`)
#define BT_MATERIAL_RETRO 6u         // as COATED, with a lobe back to the lamp (`retro`...)
#define BT_MATERIAL_CLOTH 7u         // diffuse under `sheen` of fibres
#define BT_MATERIAL_PAINT 8u         // as COATED, with metal `flakes` in the body
#define BT_MATERIAL_KIND_COUNT 9u

// ---- patterns: procedural variation over the surface ------------------------------------------
// uv are metres along the surface, position is in the object's or world's frame (pattern.h says).
#define BT_PATTERN_NONE 0u
#define BT_PATTERN_ASPHALT 1u  // aggregate, wheel tracks, patches, sealed cracks, oil
#define BT_PATTERN_CONCRETE 2u // pores, stains, joints
#define BT_PATTERN_MARKING 3u  // worn road paint with the asphalt (reflectance2) showing through
#define BT_PATTERN_GROUND 4u   // grass, dry grass, soil
#define BT_PATTERN_BRICK 5u    // courses and mortar (reflectance2)
#define BT_PATTERN_PLASTER 6u  // render: mottled, run-off streaks
#define BT_PATTERN_ROOF 7u     // tiles
#define BT_PATTERN_BARK 8u
#define BT_PATTERN_LEAF 9u     // variation of hue from leaf to leaf
#define BT_PATTERN_PAINT 10u   // car paint: flakes, dust towards the sills
#define BT_PATTERN_METAL 11u   // galvanised or painted metal: spangle, grime
#define BT_PATTERN_PAVING 12u  // slabs (pattern_scale_m) and joints
#define BT_PATTERN_RUBBER 13u
#define BT_PATTERN_CLOTH 14u
#define BT_PATTERN_WOOD 15u
#define BT_PATTERN_HAIR 16u    // strands along v, in locks
#define BT_PATTERN_COUNT 17u

// ---- textures ---------------------------------------------------------------------------------
#define BT_TEXTURE_DATA 0u  // numbers, 8 bits each of r, g, b, a in one word, r lowest
#define BT_TEXTURE_COLOR 1u // linear sRGB, 16 bits each: r, g in the first word, b, a in the second
#define BT_WRAP_REPEAT 0u
#define BT_WRAP_MIRROR 1u
#define BT_WRAP_CLAMP 2u

#define BT_ALPHA_OPAQUE 0u
#define BT_ALPHA_CUT 1u   // there or not: leaves, fences (glTF's MASK)
#define BT_ALPHA_SHARE 2u // covers a part of what is behind (BLEND), by chance for each ray

// One level of a texture; each next level, half as large, is the next in the world's array.
// 32 bytes.
#if !defined(VULKAN)
typedef struct bt_texture bt_texture;
#endif
struct bt_texture {
    bt_uint format;        // BT_TEXTURE_*
    bt_uint first;         // word of the first texel; rows from the top, v grows upward
    bt_uint width, height; // texels
    bt_uint levels;        // this one and those that follow it
    bt_uint wrap_u, wrap_v;
    bt_uint pad;
};

// 144 bytes, multiple of 16. All zero but for the spectra is a plain material.
#if !defined(VULKAN)
typedef struct bt_material bt_material;
#endif
struct bt_material {
    bt_uint kind;
    bt_uint pattern;
    bt_uint reflectance;  // spectrum index; BT_NO_SPECTRUM: 0.5 flat
    bt_uint reflectance2; // second spectrum: dirt, mortar, transmission; BT_NO_SPECTRUM: as first
    bt_uint emission;     // spectrum index, W m^-2 sr^-1 nm^-1, with a web W sr^-1 nm^-1 per candela
                          // of it; BT_NO_SPECTRUM: none. From the front of its triangles
    float emission_scale;
    float roughness;  // perceptual, 0..1; GGX alpha = roughness^2
    float roughness2; // roughness where reflectance2 shows
    float ior;        // of coat or glass; 0: 1.5
    float pattern_scale_m; // size of the pattern's unit; 0: the pattern's own
    float bump;            // strength of normal variation, 0..1
    float wear;            // 0 new .. 1 worn out
    float strength;        // of the pattern's colour variation, 0..1
    bt_uint web;           // how emission spreads over directions: 0: evenly (Lambert); n: the
                           // world's photometric web n - 1, in the mesh's axes, which is what all of
                           // a slot's triangles send together (lamp.h)
    bt_uint texture_color; // 0: none; n: the world's texture n - 1; linear factor on reflectance
    bt_uint texture_surface;  // green: factor on roughness, blue: metal (glTF 2.0)
    bt_uint texture_normal;   // tangent space (glTF 2.0)
    bt_uint texture_emission; // factor on emission
    float wet;                // 0 dry .. 1 under a film of water
    float sheltered;          // 0: weather's water reaches it .. 1: never
    float porosity;           // 0..1: how much water darkens it
    float retro;            // RETRO: f of a white surface towards the lamp at normal entrance, sr^-1
    float retro_spread_rad; // half width of the lobe
    float retro_tail;       // exponent of its fall, above 1
    float retro_tilt;       // exponent of the cosines: 1/2 sheeting, -1/2 beads on paint
    float sheen;            // CLOTH: 0..1
    float flakes;           // PAINT: 0..1 of the body
    float edge_dip;         // CONDUCTOR: what Schlick's Fresnel has too much at 82 degrees, 0..1
    float metal;            // 0..1: share of a COATED surface that is bare metal (CONDUCTOR with
                            // `reflectance` as F0): glTF 2.0 metalness
    bt_uint alpha;          // BT_ALPHA_*: holes by the fourth channel of texture_color
    float alpha_level;      // CUT: a hole where alpha is less; SHARE: factor on alpha
    float flicker_hz;       // how often emission varies, whole hertz (lamp.h); 0: steady
    float flicker_duty;     // above 0: it shines in this share of each period, as much brighter
    float flicker_ripple;   // else it waves about its mean by this share, 0..1
    float tint_depth_m;     // DIELECTRIC: way inside after which `reflectance` is left of light, by
                            // Beer and Lambert's law; 0: `reflectance` is lost at each surface
    bt_uint shines_both;    // 1: emission leaves the back of its triangles too; without a web
};

// ---- photometric webs -------------------------------------------------------------------------
// A table of webs (web.h) begins with a head for each: pole, C0 and C90 axes, number of planes, of
// polar angles, and where in the table its plane angles begin; then come polar angles and candela.
#define BT_WEB_HEAD 16u
#define BT_WEB_SEARCH_STEPS 13u // at most 8192 angles

// ---- motion -----------------------------------------------------------------------------------
// Where something is at one moment of a snapshot. 28 bytes.
#if !defined(VULKAN)
typedef struct bt_snapshot_key bt_snapshot_key;
#endif
struct bt_snapshot_key {
    float pos[3]; // relative to the snapshot's origin, metres
    float rot[4]; // w, x, y, z; consecutive keys of one thing never lie in opposite hemispheres
};

// Something whose shape changes within the snapshot: every vertex of its mesh at each of some evenly
// spaced keys, straight lines between them. 16 bytes.
#if !defined(VULKAN)
typedef struct bt_deformed bt_deformed;
#endif
struct bt_deformed {
    bt_uint first;        // vertex of the first key; the next key's follow vertex_count later
    bt_uint key_count;    // 1: bent, but still
    bt_uint vertex_count; // of its mesh
    bt_uint first_vertex; // of its mesh, in the world
};

// 16 bytes.
#if !defined(VULKAN)
typedef struct bt_deformed_vertex bt_deformed_vertex;
#endif
struct bt_deformed_vertex {
    float pos[3];   // in the mesh's frame
    bt_uint normal; // packed: octahedral.h
};

#endif
