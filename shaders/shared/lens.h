// lens.h: where a direction lands on the picture, and which direction a pixel looks along.
//
// Pinhole with Brown-Conrady distortion (Brown 1966, Conrady 1919; OpenCV's 8-term rational form with
// thin prism):
//     x' = x D + 2 p1 x y + p2 (r^2 + 2 x^2) + s1 r^2 + s2 r^4
//     y' = y D + p1 (r^2 + 2 y^2) + 2 p2 x y + s3 r^2 + s4 r^4
//     D = (1 + k1 r^2 + k2 r^4 + k3 r^6) / (1 + k4 r^2 + k5 r^4 + k6 r^6),  x = X/Z, y = Y/Z
// A sensor tilted by (tau_x, tau_y) against the lens then sees (OpenCV's documentation of calib3d, after
// Louhichi et al. 2007, "Self-calibration of Scheimpflug cameras: an easy protocol")
//     s (x", y", 1) = [R33 0 -R13; 0 R33 -R23; 0 0 1] R (x', y', 1),  R = R_y(tau_y) R_x(tau_x).
// Fisheye of Kannala and Brandt 2006 (cv::fisheye), good beyond 180 degrees of field:
//     theta' = theta (1 + k1 theta^2 + k2 theta^4 + k3 theta^6 + k4 theta^8)
// f-theta with an affine sensor (NVIDIA's rigs: angle-to-pixel-distance polynomial, linear_cde):
//     r = k1 theta + k2 theta^2 + ... + k5 theta^5,  (u, v) = (c x + d y + cx, e x + y + cy),
//     (x, y) = r (cos phi, sin phi); kept here with k1 taken out, so that r / k1 is the bent angle.
// Calibrations whose reference is the other way round (pixel distance to angle) give
//     theta = j1 r + j2 r^2 + ... + j5 r^5, kept with j1 taken out: j1 r is the bent angle.
// The others end with u = fx x' + cx, v = fy y' + cy; pixel centres are at integers.
//
// A lens is used up to lens.theta_max_rad only: there it is invertible (sensors/camera/optics/lens.h finds
// the limit when a sheet is read); a pinhole's must be below pi/2. Beyond it nothing is valid.
// The inverse is Newton's method with a fixed count, so that every machine does the same; a step that moves
// nothing is the last, for so would be all that follow.
// Read portable.h first.
#ifndef BT_SHARED_LENS_H
#define BT_SHARED_LENS_H

#include "shaders/shared/portable.h"
#include "shaders/shared/pm_math.h"
#include "shaders/shared/lens_types.h"

#define BT_LENS_STEPS 12
#define BT_LENS_RESIDUAL_PX 0.01f // chosen: ten times what float leaves at 3000 px from the axis

STRUCT(bt_lens_pixel)
{
    float x, y;    // pixels
    bt_uint valid; // 0: outside the field; x and y are 0
};

STRUCT(bt_lens_ray)
{
    float3 dir;    // unit, camera frame: x right, y down, z forward
    bt_uint valid; // 0: outside the field; dir is the axis
};

// Angle from the optical axis, [0, pi].
FN float bt_lens_angle(float3 dir_cam)
{
    float across = sqrt(dir_cam[0] * dir_cam[0] + dir_cam[1] * dir_cam[1]);
    return pm_atan2(across, dir_cam[2]);
}

// ---- Brown-Conrady ----------------------------------------------------------------------------

STRUCT(bt_lens_bend)
{
    float x, y;           // distorted position on the plane z = 1
    float xx, xy, yx, yy; // its derivative: xy is that of x by y
};

FN bt_lens_bend bt_lens_pinhole_bend(bt_lens lens, float x, float y)
{
    float p1 = lens.k[2];
    float p2 = lens.k[3];
    float r2 = x * x + y * y;

    // radial factor and its slope in r^2
    float top = 1.0f + r2 * (lens.k[0] + r2 * (lens.k[1] + r2 * lens.k[4]));
    float top_slope = lens.k[0] + r2 * (2.0f * lens.k[1] + r2 * (3.0f * lens.k[4]));
    float low = 1.0f + r2 * (lens.k[5] + r2 * (lens.k[6] + r2 * lens.k[7]));
    float low_slope = lens.k[5] + r2 * (2.0f * lens.k[6] + r2 * (3.0f * lens.k[7]));
    low = abs(low) > 1e-6f ? low : 1e-6f;
    float factor = top / low;
    float slope = (top_slope - factor * low_slope) / low;

    // thin prism and its slope in r^2
    float prism_x = r2 * (lens.s[0] + r2 * lens.s[1]);
    float prism_y = r2 * (lens.s[2] + r2 * lens.s[3]);
    float slope_x = lens.s[0] + 2.0f * r2 * lens.s[1];
    float slope_y = lens.s[2] + 2.0f * r2 * lens.s[3];

    bt_lens_bend b;
    b.x = x * factor + 2.0f * p1 * x * y + p2 * (r2 + 2.0f * x * x) + prism_x;
    b.y = y * factor + p1 * (r2 + 2.0f * y * y) + 2.0f * p2 * x * y + prism_y;
    b.xx = factor + 2.0f * x * x * slope + 2.0f * p1 * y + 6.0f * p2 * x + 2.0f * x * slope_x;
    b.xy = 2.0f * x * y * slope + 2.0f * p1 * x + 2.0f * p2 * y;
    b.yx = b.xy + 2.0f * x * slope_y;
    b.xy = b.xy + 2.0f * y * slope_x;
    b.yy = factor + 2.0f * y * y * slope + 6.0f * p1 * y + 2.0f * p2 * x + 2.0f * y * slope_y;
    return b;
}

// The point of the plane z = 1 whose bend is (x, y), kept within the field while it is sought.
FN float2 bt_lens_pinhole_straighten(bt_lens lens, float x, float y)
{
    float edge = pm_sin(lens.theta_max_rad) / max(pm_cos(lens.theta_max_rad), 1e-3f);
    float at_x = x;
    float at_y = y;
    for (int step = 0; step < BT_LENS_STEPS; step++) {
        float r = sqrt(at_x * at_x + at_y * at_y);
        float inside = r > edge ? edge / r : 1.0f;
        at_x = at_x * inside;
        at_y = at_y * inside;

        bt_lens_bend b = bt_lens_pinhole_bend(lens, at_x, at_y);
        float off_x = x - b.x;
        float off_y = y - b.y;
        float det = b.xx * b.yy - b.xy * b.yx;
        det = abs(det) > 1e-6f ? det : 1e-6f;
        float next_x = at_x + (b.yy * off_x - b.xy * off_y) / det;
        float next_y = at_y + (b.xx * off_y - b.yx * off_x) / det;
        bool still = next_x == at_x && next_y == at_y;
        at_x = next_x;
        at_y = next_y;
        if (still) break;
    }
    return float2(at_x, at_y);
}

// ---- a tilted sensor --------------------------------------------------------------------------

// Sines and cosines of the tilt.
STRUCT(bt_lens_turn)
{
    float sx, cx, sy, cy;
};

FN bt_uint bt_lens_is_tilted(bt_lens lens)
{
    return lens.tilt[0] != 0.0f || lens.tilt[1] != 0.0f ? 1u : 0u;
}

FN bt_lens_turn bt_lens_turn_of(bt_lens lens)
{
    bt_lens_turn t;
    t.sx = pm_sin(lens.tilt[0]);
    t.cx = pm_cos(lens.tilt[0]);
    t.sy = pm_sin(lens.tilt[1]);
    t.cy = pm_cos(lens.tilt[1]);
    return t;
}

// Where a place of the upright plane z = 1 is seen on the tilted one; within the field it is before it.
FN float2 bt_lens_tilt(bt_lens lens, float x, float y)
{
    if (bt_lens_is_tilted(lens) == 0u) return float2(x, y);
    bt_lens_turn t = bt_lens_turn_of(lens);
    float a = t.cy * x + t.sy * t.sx * y - t.sy * t.cx;
    float b = t.cx * y + t.sx;
    float c = t.sy * x - t.cy * t.sx * y + t.cy * t.cx;
    float up = t.cy * t.cx;
    return float2((up * a + t.sy * t.cx * c) / c, (up * b - t.sx * c) / c);
}

// And back; what the upright plane does not see goes very far out.
FN float2 bt_lens_untilt(bt_lens lens, float x, float y)
{
    if (bt_lens_is_tilted(lens) == 0u) return float2(x, y);
    bt_lens_turn t = bt_lens_turn_of(lens);
    float up = t.cy * t.cx;
    float a = (x - t.sy * t.cx) / up;
    float b = (y + t.sx) / up;
    float c = max(t.sx * b - t.sy * t.cx * a + up, 1e-6f);
    return float2((t.cy * a + t.sy) / c, (t.sy * t.sx * a + t.cx * b - t.cy * t.sx) / c);
}

// ---- Kannala-Brandt and f-theta ---------------------------------------------------------------

FN bt_uint bt_lens_is_ftheta(bt_lens lens)
{
    return lens.kind == BT_LENS_FTHETA || lens.kind == BT_LENS_FTHETA_INVERSE ? 1u : 0u;
}

FN float2 bt_lens_quintic(bt_lens lens, float t)
{
    float k2 = lens.k[1];
    float k3 = lens.k[2];
    float k4 = lens.k[3];
    float k5 = lens.k[4];
    float bent = t * (1.0f + t * (k2 + t * (k3 + t * (k4 + t * k5))));
    float slope = 1.0f + t * (2.0f * k2 + t * (3.0f * k3 + t * (4.0f * k4 + t * (5.0f * k5))));
    return float2(bent, slope);
}

// The lens's polynomial and its slope: the bent angle of an angle, or the angle of a bent one.
FN float2 bt_lens_polynomial(bt_lens lens, float theta)
{
    if (bt_lens_is_ftheta(lens) != 0u) return bt_lens_quintic(lens, theta);
    float t2 = theta * theta;
    float k1 = lens.k[0];
    float k2 = lens.k[1];
    float k3 = lens.k[2];
    float k4 = lens.k[3];
    float bent = theta * (1.0f + t2 * (k1 + t2 * (k2 + t2 * (k3 + t2 * k4))));
    float slope = 1.0f + t2 * (3.0f * k1 + t2 * (5.0f * k2 + t2 * (7.0f * k3 + t2 * (9.0f * k4))));
    return float2(bent, slope);
}

// The place in [0, most] where the polynomial has this value: Newton, with bisection where it would
// leave the bracket.
FN float bt_lens_solve(bt_lens lens, float value, float most)
{
    float low = 0.0f;
    float high = most;
    float at = min(value, high);
    for (int step = 0; step < BT_LENS_STEPS; step++) {
        float2 b = bt_lens_polynomial(lens, at);
        float over = b[0] - value;
        if (over < 0.0f) {
            low = at;
        } else {
            high = at;
        }
        float next = at - over / (abs(b[1]) > 1e-6f ? b[1] : 1e-6f);
        next = next >= low && next <= high ? next : 0.5f * (low + high);
        bool still = next == at;
        at = next;
        if (still) break;
    }
    return at;
}

// Bent angle of an angle within the field.
FN float bt_lens_fisheye_bend(bt_lens lens, float theta)
{
    if (lens.kind == BT_LENS_FTHETA_INVERSE) return bt_lens_solve(lens, theta, lens.k[5]);
    float2 b = bt_lens_polynomial(lens, theta);
    return b[0];
}

FN float bt_lens_fisheye_straighten(bt_lens lens, float bent)
{
    if (lens.kind != BT_LENS_FTHETA_INVERSE) return bt_lens_solve(lens, bent, lens.theta_max_rad);
    float2 b = bt_lens_polynomial(lens, bent);
    return min(b[0], lens.theta_max_rad);
}

// The bent angle where the field ends.
FN float bt_lens_fisheye_edge(bt_lens lens)
{
    if (lens.kind == BT_LENS_FTHETA_INVERSE) return lens.k[5];
    float2 b = bt_lens_polynomial(lens, lens.theta_max_rad);
    return b[0];
}

// ---- all --------------------------------------------------------------------------------------

// Where a direction or point in the camera frame (any length) lands.
FN bt_lens_pixel bt_lens_project(bt_lens lens, float3 point_cam)
{
    bt_lens_pixel pixel;
    pixel.x = 0.0f;
    pixel.y = 0.0f;
    pixel.valid = 0u;
    float across = sqrt(point_cam[0] * point_cam[0] + point_cam[1] * point_cam[1]);
    if (across + abs(point_cam[2]) <= 0.0f) return pixel;
    float theta = pm_atan2(across, point_cam[2]);
    if (theta > lens.theta_max_rad) return pixel;

    float x = 0.0f;
    float y = 0.0f;
    if (lens.kind != BT_LENS_PINHOLE) {
        float bent = bt_lens_fisheye_bend(lens, theta);
        float scale = across > 0.0f ? bent / across : 0.0f;
        x = point_cam[0] * scale;
        y = point_cam[1] * scale;
    } else {
        if (point_cam[2] <= 0.0f) return pixel;
        bt_lens_bend b =
            bt_lens_pinhole_bend(lens, point_cam[0] / point_cam[2], point_cam[1] / point_cam[2]);
        float2 seen = bt_lens_tilt(lens, b.x, b.y);
        x = seen[0];
        y = seen[1];
    }
    if (bt_lens_is_ftheta(lens) != 0u) {
        float straight = x;
        x = lens.s[0] * straight + lens.s[1] * y;
        y = lens.s[2] * straight + y;
    }
    pixel.x = lens.fx * x + lens.cx;
    pixel.y = lens.fy * y + lens.cy;
    pixel.valid = 1u;
    return pixel;
}

FN bt_lens_ray bt_lens_unproject_fisheye(bt_lens lens, float x, float y)
{
    bt_lens_ray ray;
    ray.dir = float3(0.0f, 0.0f, 1.0f);
    ray.valid = 0u;
    float bent = sqrt(x * x + y * y);
    if (!(bent <= bt_lens_fisheye_edge(lens))) return ray; // NaN too

    float theta = bt_lens_fisheye_straighten(lens, bent);
    float scale = bent > 0.0f ? pm_sin(theta) / bent : 0.0f;
    ray.dir = float3(x * scale, y * scale, pm_cos(theta));
    ray.valid = 1u;
    return ray;
}

FN bt_lens_ray bt_lens_unproject_pinhole(bt_lens lens, float x, float y)
{
    bt_lens_ray ray;
    ray.dir = float3(0.0f, 0.0f, 1.0f);
    ray.valid = 0u;
    float2 upright = bt_lens_untilt(lens, x, y);
    float2 at = bt_lens_pinhole_straighten(lens, upright[0], upright[1]);
    float across = sqrt(at[0] * at[0] + at[1] * at[1]);
    // a target out of reach leaves an angle beyond the field or a residual
    if (pm_atan2(across, 1.0f) > lens.theta_max_rad) return ray;
    bt_lens_bend b = bt_lens_pinhole_bend(lens, at[0], at[1]);
    float off_px = max(abs((b.x - upright[0]) * lens.fx), abs((b.y - upright[1]) * lens.fy));
    if (!(off_px <= BT_LENS_RESIDUAL_PX)) return ray; // NaN too

    float scale = 1.0f / sqrt(across * across + 1.0f);
    ray.dir = float3(at[0] * scale, at[1] * scale, scale);
    ray.valid = 1u;
    return ray;
}

// The direction that a place on the picture (pixels, need not be whole) looks along.
FN bt_lens_ray bt_lens_unproject(bt_lens lens, float pixel_x, float pixel_y)
{
    float x = (pixel_x - lens.cx) / lens.fx;
    float y = (pixel_y - lens.cy) / lens.fy;
    if (bt_lens_is_ftheta(lens) != 0u) {
        float sheared = x;
        float det = lens.s[0] - lens.s[1] * lens.s[2];
        x = (sheared - lens.s[1] * y) / det;
        y = (lens.s[0] * y - lens.s[2] * sheared) / det;
    }
    if (lens.kind != BT_LENS_PINHOLE) return bt_lens_unproject_fisheye(lens, x, y);
    return bt_lens_unproject_pinhole(lens, x, y);
}

#endif
