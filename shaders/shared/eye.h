// eye.h: rays from the lens and what their light becomes: where in its pixel, when and at which
// wavelengths a sample looks, and the electrons that its radiance brings.
#ifndef BT_SHARED_EYE_H
#define BT_SHARED_EYE_H

#include "shaders/shared/lens.h"
#include "shaders/shared/path_types.h"
#include "shaders/shared/pupil.h"
#include "shaders/shared/shield.h"

#define BT_SET_PIXEL 0u           // sampler dimensions: filter x, y, time, wavelength
#define BT_SET_PUPIL 1u           // place on the pupil
#define BT_EYE_VIGNETTE_BINS 129u // linear between: 1e-4 off cos^4 over 95 degrees
#define BT_EYE_MAX_BANDS 4u
#define BT_EYE_MARGIN_PX 3 // of the lattice about the pixels: the filter reaches 2 px at most

// Where the lens looks from a point of the picture: direction in the camera's frame, in the fourth
// lane how much light it lets through there.
STRUCT(bt_seen)
{
    float4 ray;
};
#if defined(VULKAN)
layout(buffer_reference, std430, buffer_reference_align = 16) readonly buffer bt_seen_buffer
{
    bt_seen at[];
};
#endif

#define BT_EYE_STRETCHES 8u

// Some of the time that a row is open, and the share of the rays sent in it. 16 bytes.
STRUCT(bt_eye_stretch)
{
    float begin, span;  // normalised time, from the row's opening
    float first, share; // of the rays, in the order of time
};

STRUCT(bt_eye)
{
    BT_ARRAY(bt_seen) lattice;      // (rows x columns) at pixels' centres
    BT_ARRAY(bt_snapshot_key) keys; // (key_count) snapshot_from_cam
    BT_FLOATS limits_nm;            // (BT_WAVELENGTH_CELLS + 1)
    BT_FLOATS response;             // (bands x BT_SPECTRUM_BINS)
    BT_FLOATS vignette;             // (BT_EYE_VIGNETTE_BINS)
    BT_FLOATS glass; // (2 x BT_SPECTRUM_BINS) of the shield: index, absorption per metre
    BT_FLOATS color; // (BT_SPECTRUM_BINS) lateral colour: magnification less 1
    int left, top;   // pixel of the lattice's first column and row
    int columns, rows;
    uint key_count, band_count;
    uint first_log2, seed;
    float theta_max_rad;
    float filter_sigma_px, filter_radius_px; // radius 0: box
    float cone_rad;
    float u_first, u_row, u_exposure; // normalised time: middle of row 0, per row, open
    float row_first, row_last;        // of the picture; rows beyond have the times of these
    uint fog_exact;                   // 1: bt_path_start.fog_exact
    uint stretch_count;
    uint color_on; // 0: no lateral colour
    bt_eye_stretch stretches[BT_EYE_STRETCHES];
    bt_lens lens;
    bt_pupil pupil;
    bt_shield shield;
};

// Offset within the reconstruction filter, by importance: box, or Gaussian cut off at a radius.
FN float2 bt_eye_filter(IN(bt_eye) eye, float u0, float u1)
{
    if (D(eye).filter_radius_px <= 0.0f) return float2(u0 - 0.5f, u1 - 0.5f);
    float sigma = D(eye).filter_sigma_px;
    float inside = 1.0f - pm_exp(-0.5f * sqr(D(eye).filter_radius_px / sigma));
    float r = sigma * sqrt(max(0.0f, -2.0f * pm_log(1.0f - u0 * inside)));
    float2 sc = pm_sincos(2.0f * BT_PI_F * u1);
    return float2(r * sc[1], r * sc[0]);
}

// Its density at an offset, to a factor.
FN float bt_eye_filter_density(IN(bt_eye) eye, float x, float y)
{
    const float edge = 1.0f + 1e-5f; // what was drawn there lies within, rounded or not
    float radius = D(eye).filter_radius_px;
    if (radius <= 0.0f) return max(abs(x), abs(y)) <= 0.5f * edge ? 1.0f : 0.0f;
    float r2 = x * x + y * y;
    return r2 <= sqr(radius * edge) ? pm_exp(-0.5f * r2 / sqr(D(eye).filter_sigma_px)) : 0.0f;
}

// Where a sample looks, pixels from the pixel's middle, and its weight at each wavelength.
STRUCT(bt_eye_place)
{
    float x, y;
    float4 weight;
};

// Lateral colour: light lands farther from the axis by its magnification, so a pixel (out_x, out_y) from the
// axis gathers it about a place nearer by. One place serves all four wavelengths: it is drawn about that of any
// one of them and weighed for each by the balance heuristic over all (Veach 1997, 9.2).
FN bt_eye_place bt_eye_place_colored(IN(bt_eye) eye, float out_x, float out_y,
                                     bt_wavelengths wavelengths, float u0, float u1)
{
    float4 magnified = bt_spectrum_at(D(eye).color, wavelengths);
    float4 inward = magnified / (magnified + 1.0f);
    float one = min(floor(4.0f * u0), 3.0f);
    float2 offset = bt_eye_filter(eye, 4.0f * u0 - one, u1);
    bt_eye_place place;
    place.x = offset[0] - inward[to_i(one)] * out_x;
    place.y = offset[1] - inward[to_i(one)] * out_y;
    float4 density = splat4(0.0f);
    for (int k = 0; k < 4; k++)
        density[k] =
            bt_eye_filter_density(eye, place.x + inward[k] * out_x, place.y + inward[k] * out_y);
    place.weight = density * (4.0f / max(sum4(density), 1e-30f));
    return place;
}

FN bt_eye_place bt_eye_place_sample(IN(bt_eye) eye, float x, float y, bt_wavelengths wavelengths,
                                    float u0, float u1)
{
    if (D(eye).color_on != 0u)
        return bt_eye_place_colored(eye, x - D(eye).lens.cx, y - D(eye).lens.cy, wavelengths, u0,
                                    u1);
    float2 offset = bt_eye_filter(eye, u0, u1);
    bt_eye_place place;
    place.x = offset[0];
    place.y = offset[1];
    place.weight = splat4(1.0f);
    return place;
}

FN float bt_eye_vignette(IN(bt_eye) eye, float3 dir_cam)
{
    float theta = bt_lens_angle(dir_cam);
    if (!(theta <= D(eye).theta_max_rad)) return 0.0f;
    float x = theta / D(eye).theta_max_rad * to_f(BT_EYE_VIGNETTE_BINS - 1u);
    uint i = to_u(min(x, to_f(BT_EYE_VIGNETTE_BINS - 2u)));
    return lerp(floats_at(D(eye).vignette, i), floats_at(D(eye).vignette, i + 1u), x - to_f(i));
}

FN float4 bt_eye_look(IN(bt_eye) eye, float x, float y)
{
    bt_lens_ray ray = bt_lens_unproject(D(eye).lens, x, y);
    float open = ray.valid != 0u ? bt_eye_vignette(eye, ray.dir) : 0.0f;
    return float4(ray.dir[0], ray.dir[1], ray.dir[2], open);
}

// A lens's inverse takes longer than a ray, so it is asked for at the pixels' centres and samples
// interpolate between them: exact at centres, off by less than 1 / (8 f) pixels between (f in
// pixels), half a thousandth of a pixel at f = 250. What lateral colour takes farther than the lattice goes
// on as straight as its last cell.
FN float4 bt_eye_lattice_look(IN(bt_eye) eye, float x, float y)
{
    float at_x = x - to_f(D(eye).left);
    float at_y = y - to_f(D(eye).top);
    int i = to_i(clampf(at_x, 0.0f, to_f(D(eye).columns) - 2.0f));
    int k = to_i(clampf(at_y, 0.0f, to_f(D(eye).rows) - 2.0f));
    int first = k * D(eye).columns + i;
    float4 a = bt_at(D(eye).lattice, first).ray;
    float4 b = bt_at(D(eye).lattice, first + 1).ray;
    float4 c = bt_at(D(eye).lattice, first + D(eye).columns).ray;
    float4 d = bt_at(D(eye).lattice, first + D(eye).columns + 1).ray;
    // at the edge of the field: ask the lens itself
    if (!(min(min(a[3], b[3]), min(c[3], d[3])) > 0.0f)) return bt_eye_look(eye, x, y);
    float u = at_x - to_f(i);
    float v = at_y - to_f(k);
    return lerp4(lerp4(a, b, u), lerp4(c, d, u), v);
}

FN bt_placement bt_eye_camera_at(IN(bt_eye) eye, float u)
{
    if (D(eye).key_count == 1u) return bt_placement_from_key(bt_at(D(eye).keys, 0u), 1.0f);
    bt_key_place at = bt_key_place_at(D(eye).key_count, u);
    return bt_placement_from_key(
        bt_key_between(bt_at(D(eye).keys, at.first), bt_at(D(eye).keys, at.first + 1u), at.v),
        1.0f);
}

// Normalised time from a row's opening to a ray.
FN float bt_eye_after(IN(bt_eye) eye, float u)
{
    bt_eye_stretch s = D(eye).stretches[0];
    for (uint i = 1u; i < D(eye).stretch_count; i++)
        if (u >= D(eye).stretches[i].first) s = D(eye).stretches[i];
    return s.begin + s.span * clampf((u - s.first) / s.share, 0.0f, 1.0f);
}

// From where the ray leaves the camera, glass included, in the camera's frame; and how much light comes
// that way. A camera with neither pupil nor glass has no use for it.
STRUCT(bt_eye_ray)
{
    float3 origin, dir;
    float4 open;
};

FN bt_eye_ray bt_eye_leave(IN(bt_eye) eye, float3 chief, bt_path_start start)
{
    bt_eye_ray ray;
    ray.origin = splat3(0.0f);
    ray.dir = chief;
    ray.open = splat4(1.0f);
    if (D(eye).pupil.radius_m > 0.0f) {
        float4 u = bt_sampler_4d(start.random, BT_SET_PUPIL);
        bt_pupil_ray from =
            bt_pupil_sample(D(eye).pupil, D(eye).lens.kind, normalize3(chief), u[0], u[1]);
        ray.origin = from.origin;
        ray.dir = from.dir;
        ray.open = splat4(from.weight);
    }
    if (D(eye).shield.on != 0u) {
        bt_shield_ray through =
            bt_shield_through(A(D(eye).shield), ray.origin, normalize3(ray.dir), start.u);
        ray.origin = through.origin;
        ray.dir = through.dir;
        ray.open = ray.open * bt_shield_open(D(eye).glass, through, start.wavelengths);
    }
    return ray;
}

// Normalised time of a ray: that of the row's own exposure.
FN float bt_eye_time(IN(bt_eye) eye, uint y, float u)
{
    float row = clampf(to_f(y), D(eye).row_first, D(eye).row_last) - D(eye).row_first;
    float open = D(eye).u_first + row * D(eye).u_row - 0.5f * D(eye).u_exposure;
    return clampf(open + bt_eye_after(eye, u), 0.0f, 1.0f);
}
// Fills the rest of a start whose random numbers, wavelengths and time are known, as bt_eye_start;
// `place` is in the pixel (x, y), `camera` where it is at that time.
FN float4 bt_eye_start_from(IN(bt_eye) eye, uint x, uint y, bt_eye_place place, bt_placement camera,
                            INOUT(bt_path_start) start)
{
    float4 seen = bt_eye_lattice_look(eye, to_f(x) + place.x, to_f(y) + place.y);
    if (!(seen[3] > 0.0f)) return splat4(0.0f);
    D(start).origin = camera.pos;
    float3 along = float3(seen[0], seen[1], seen[2]);
    float4 through = place.weight * seen[3];
    if (D(eye).pupil.radius_m > 0.0f || D(eye).shield.on != 0u) {
        bt_eye_ray ray = bt_eye_leave(eye, along, D(start));
        D(start).origin = camera.pos + bt_placement_vector(camera, ray.origin);
        along = ray.dir;
        through = through * ray.open;
    }
    D(start).dir = normalize3(bt_placement_vector(camera, along));
    D(start).cone_rad = D(eye).cone_rad;
    D(start).fog_exact = D(eye).fog_exact != 0u;
    return through;
}
// The start of a pixel's sample, and how much of its light the lens and the glass let through, at the
// four wavelengths; 0: nothing.
FN float4 bt_eye_start(IN(bt_eye) eye, uint x, uint y, uint number, INOUT(bt_path_start) start)
{
    D(start).random = bt_sampler_begin_open(x, y, number, D(eye).first_log2, D(eye).seed);
    float4 u = bt_sampler_4d(D(start).random, BT_SET_PIXEL);
    D(start).wavelengths = bt_wavelengths_sample(D(eye).limits_nm, u[3]);
    D(start).u = bt_eye_time(eye, y, u[2]);
    bt_eye_place place =
        bt_eye_place_sample(eye, to_f(x), to_f(y), D(start).wavelengths, u[0], u[1]);
    return bt_eye_start_from(eye, x, y, place, bt_eye_camera_at(eye, D(start).u), start);
}

// Electrons per second in each band from radiance at four wavelengths, each drawn with density pdf:
// the mean of four estimates.
FN float4 bt_eye_rates(IN(bt_eye) eye, bt_wavelengths w, float4 radiance)
{
    float4 share = radiance / w.pdf * 0.25f;
    float4 rates = splat4(0.0f);
    for (uint b = 0u; b < BT_EYE_MAX_BANDS; b++) {
        if (b >= D(eye).band_count) continue;
        BT_FLOATS response = floats_from(D(eye).response, b * to_u(BT_SPECTRUM_BINS));
        rates[b] = sum4(bt_spectrum_at(response, w) * share);
    }
    return rates;
}

#endif
