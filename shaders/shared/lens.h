// lens.h: where a direction lands on the picture, and which direction a pixel looks along.
//
// Pinhole with Brown-Conrady distortion (Brown 1966, Conrady 1919; OpenCV's 8-term rational form with
// thin prism, not its tilted sensor):
//     x' = x D + 2 p1 x y + p2 (r^2 + 2 x^2) + s1 r^2 + s2 r^4
//     y' = y D + p1 (r^2 + 2 y^2) + 2 p2 x y + s3 r^2 + s4 r^4
//     D = (1 + k1 r^2 + k2 r^4 + k3 r^6) / (1 + k4 r^2 + k5 r^4 + k6 r^6),  x = X/Z, y = Y/Z
// Fisheye of Kannala and Brandt 2006 (cv::fisheye), good beyond 180 degrees of field:
//     theta' = theta (1 + k1 theta^2 + k2 theta^4 + k3 theta^6 + k4 theta^8)
// f-theta with an affine sensor (NVIDIA's rigs: angle-to-pixel-distance polynomial, linear_cde):
//     r = k1 theta + k2 theta^2 + ... + k5 theta^5,  (u, v) = (c x + d y + cx, e x + y + cy),
//     (x, y) = r (cos phi, sin phi); kept here with k1 taken out, so that r / k1 is the bent angle.
// The others end with u = fx x' + cx, v = fy y' + cy; pixel centres are at integers.
//
// A lens is used up to lens.theta_max_rad only: there it is invertible (sensors/camera/optics/lens.h finds
// the limit when a sheet is read); a pinhole's must be below pi/2. Beyond it nothing is valid.
// The inverse is Newton's method with a fixed count, so that every machine does the same.
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
        at_x = at_x + (b.yy * off_x - b.xy * off_y) / det;
        at_y = at_y + (b.xx * off_y - b.yx * off_x) / det;
    }
    return float2(at_x, at_y);
}

// ---- Kannala-Brandt and f-theta ---------------------------------------------------------------

FN float2 bt_lens_ftheta_bend(bt_lens lens, float t)
{
    float k2 = lens.k[1];
    float k3 = lens.k[2];
    float k4 = lens.k[3];
    float k5 = lens.k[4];
    float bent = t * (1.0f + t * (k2 + t * (k3 + t * (k4 + t * k5))));
    float slope = 1.0f + t * (2.0f * k2 + t * (3.0f * k3 + t * (4.0f * k4 + t * (5.0f * k5))));
    return float2(bent, slope);
}

// Bent angle and its slope.
FN float2 bt_lens_fisheye_bend(bt_lens lens, float theta)
{
    if (lens.kind == BT_LENS_FTHETA) return bt_lens_ftheta_bend(lens, theta);
    float t2 = theta * theta;
    float k1 = lens.k[0];
    float k2 = lens.k[1];
    float k3 = lens.k[2];
    float k4 = lens.k[3];
    float bent = theta * (1.0f + t2 * (k1 + t2 * (k2 + t2 * (k3 + t2 * k4))));
    float slope = 1.0f + t2 * (3.0f * k1 + t2 * (5.0f * k2 + t2 * (7.0f * k3 + t2 * (9.0f * k4))));
    return float2(bent, slope);
}

// The angle in [0, theta_max] whose bend is `bent`: Newton, with bisection where it would leave
// the bracket.
FN float bt_lens_fisheye_straighten(bt_lens lens, float bent)
{
    float low = 0.0f;
    float high = lens.theta_max_rad;
    float theta = min(bent, high);
    for (int step = 0; step < BT_LENS_STEPS; step++) {
        float2 b = bt_lens_fisheye_bend(lens, theta);
        float over = b[0] - bent;
        if (over < 0.0f) {
            low = theta;
        } else {
            high = theta;
        }
        float next = theta - over / (abs(b[1]) > 1e-6f ? b[1] : 1e-6f);
        theta = next >= low && next <= high ? next : 0.5f * (low + high);
    }
    return theta;
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
        float2 b = bt_lens_fisheye_bend(lens, theta);
        float scale = across > 0.0f ? b[0] / across : 0.0f;
        x = point_cam[0] * scale;
        y = point_cam[1] * scale;
    } else {
        if (point_cam[2] <= 0.0f) return pixel;
        bt_lens_bend b =
            bt_lens_pinhole_bend(lens, point_cam[0] / point_cam[2], point_cam[1] / point_cam[2]);
        x = b.x;
        y = b.y;
    }
    if (lens.kind == BT_LENS_FTHETA) {
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
    float2 edge = bt_lens_fisheye_bend(lens, lens.theta_max_rad);
    if (!(bent <= edge[0])) return ray; // NaN too

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
    float2 at = bt_lens_pinhole_straighten(lens, x, y);
    float across = sqrt(at[0] * at[0] + at[1] * at[1]);
    // a target out of reach leaves an angle beyond the field or a residual
    if (pm_atan2(across, 1.0f) > lens.theta_max_rad) return ray;
    bt_lens_bend b = bt_lens_pinhole_bend(lens, at[0], at[1]);
    float off_px = max(abs((b.x - x) * lens.fx), abs((b.y - y) * lens.fy));
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
    if (lens.kind == BT_LENS_FTHETA) {
        float sheared = x;
        float det = lens.s[0] - lens.s[1] * lens.s[2];
        x = (sheared - lens.s[1] * y) / det;
        y = (lens.s[0] * y - lens.s[2] * sheared) / det;
    }
    if (lens.kind != BT_LENS_PINHOLE) return bt_lens_unproject_fisheye(lens, x, y);
    return bt_lens_unproject_pinhole(lens, x, y);
}

#endif
