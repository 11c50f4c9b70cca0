// kernel_handover.c: see kernel_handover.h.
#include "sensors/camera/optics/kernel_handover.h"

#include <math.h>

// A tent of half width h adds h^2 / 12 of the Laplacian to what it averages.
#define TENT (BT_KERNEL_BLOCK * BT_KERNEL_BLOCK / 12.0)
#define TENTS_AT_WORK 2.0 // light in, light out

double bt_kernel_sharpen_straight(double mean, double r_px, bool by_tent)
{
    double tents = TENTS_AT_WORK + (by_tent ? 1.0 : 0.0);
    // of r^-3 the Laplacian is 9 r^-5
    return mean / (1.0 + tents * TENT * 9.0 / (r_px * r_px));
}

double bt_kernel_sharpen(double at, double nearer, double farther, double aside)
{
    double bent = nearer + farther + 2.0 * aside - 4.0 * at; // h^2 times the Laplacian
    return fmax(at - TENTS_AT_WORK / 12.0 * bent, 0.0);
}

// Cubic B-spline at a distance in blocks: two tents.
static double spline(double x)
{
    double t = fabs(x);
    if (t >= 2.0) return 0.0;
    double outer = 2.0 - t, inner = 1.0 - t;
    double sum = outer * outer * outer;
    return (t < 1.0 ? sum - 4.0 * inner * inner * inner : sum) / 6.0;
}

// Light per pixel that the far part brings to an offset, on average over the places within a block.
static double far_mean(const bt_kernel *k, const double *far, int x, int y)
{
    double u = (double)x / BT_KERNEL_BLOCK, v = (double)y / BT_KERNEL_BLOCK, sum = 0.0;
    int first_x = (int)floor(u) - 1, first_y = (int)floor(v) - 1, columns = 2 * k->far_rx + 1;
    for (int by = first_y; by < first_y + 4; by++)
        for (int bx = first_x; bx < first_x + 4; bx++) {
            if (bx < -k->far_rx || bx > k->far_rx || by < -k->far_ry || by > k->far_ry) continue;
            const double *at = far + (size_t)(by + k->far_ry) * (size_t)columns + bx + k->far_rx;
            sum += spline(u - bx) * spline(v - by) * *at;
        }
    return sum;
}

void bt_kernel_hand_over(const bt_kernel *kernel, const double *far, double *near)
{
    int reach = kernel->near_radius;
    for (int y = -reach; y <= reach; y++)
        for (int x = -reach; x <= reach; x++, near++)
            if (*near > 0.0) *near = fmax(*near - far_mean(kernel, far, x, y), 0.0);
}
