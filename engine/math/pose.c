// pose.c: the parts of pose.h that are too long for a header.
#include "engine/math/pose.h"

// Shepperd 1978, "Quaternion from rotation matrix": divide by the largest of the four components.
bt_quat bt_quat_from_axes(bt_vec3 x_axis, bt_vec3 y_axis, bt_vec3 z_axis)
{
    double trace = x_axis.x + y_axis.y + z_axis.z;
    bt_quat q;
    if (trace >= x_axis.x && trace >= y_axis.y && trace >= z_axis.z) {
        q = (bt_quat){1.0 + trace, y_axis.z - z_axis.y, z_axis.x - x_axis.z, x_axis.y - y_axis.x};
    } else if (x_axis.x >= y_axis.y && x_axis.x >= z_axis.z) {
        q = (bt_quat){y_axis.z - z_axis.y, 1.0 + x_axis.x - y_axis.y - z_axis.z,
                      y_axis.x + x_axis.y, z_axis.x + x_axis.z};
    } else if (y_axis.y >= z_axis.z) {
        q = (bt_quat){z_axis.x - x_axis.z, y_axis.x + x_axis.y,
                      1.0 + y_axis.y - x_axis.x - z_axis.z, z_axis.y + y_axis.z};
    } else {
        q = (bt_quat){x_axis.y - y_axis.x, z_axis.x + x_axis.z, z_axis.y + y_axis.z,
                      1.0 + z_axis.z - x_axis.x - y_axis.y};
    }
    return bt_quat_normalize(q);
}

bt_quat bt_quat_slerp(bt_quat a, bt_quat b, double u)
{
    double cosine = a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z;
    // the two quaternions of one rotation: take the nearer
    double sign = cosine < 0.0 ? -1.0 : 1.0;
    cosine = fabs(cosine);

    double weight_a = 1.0 - u;
    double weight_b = u;
    // below 1e-3 rad the chord and the arc differ by less than 1e-7 of the angle
    if (cosine < 1.0 - 1e-7) {
        double angle = bt_acos(cosine);
        weight_a = bt_sin((1.0 - u) * angle) / bt_sin(angle);
        weight_b = bt_sin(u * angle) / bt_sin(angle);
    }
    weight_b *= sign;
    return bt_quat_normalize(
        (bt_quat){a.w * weight_a + b.w * weight_b, a.x * weight_a + b.x * weight_b,
                  a.y * weight_a + b.y * weight_b, a.z * weight_a + b.z * weight_b});
}

double bt_wrap_turns(double angle_rad)
{
    double wrapped = remainder(angle_rad, 2.0 * BT_PI);
    return wrapped <= -BT_PI ? BT_PI : wrapped;
}
