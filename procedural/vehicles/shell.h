// shell.h: a smooth half of a car's skin: a ring of profiles around its plan outline, closed by a
// cap that rises to a spine in the plane of symmetry.
//
// The ring is a uniform bicubic B-spline over a control net: `columns` run round the left half from
// the front's middle to the rear's middle, `rows` upward. It is curvature-continuous, so highlights
// flow. The cap carries on from the ring's upper edge with its slope, by cubic Hermite curves, to the
// spine z(x).
#ifndef BT_PROCEDURAL_SHELL_H
#define BT_PROCEDURAL_SHELL_H

#include "procedural/vehicles/patch.h"

#define BT_SHELL_MAX_COLUMNS 24
#define BT_SHELL_MAX_ROWS 14
#define BT_CURVE_MAX 16

// A smooth curve z(x) through knots of ascending x: cubic Hermite, ends straight on.
typedef struct bt_curve {
    double x[BT_CURVE_MAX], z[BT_CURVE_MAX];
    int count;
} bt_curve;

void bt_curve_add(bt_curve *curve, double x, double z);
double bt_curve_at(const bt_curve *curve, double x);

typedef struct bt_shell {
    bt_vec3 net[BT_SHELL_MAX_COLUMNS][BT_SHELL_MAX_ROWS]; // y >= 0; first and last column y = 0
    int columns, rows;
    const double *row_up; // (rows): chart heights of rows; NULL: z
    double row_up_scale_m;
    bt_curve spine;                     // height of the cap over y = 0
    double spine_front_m, spine_rear_m; // x between which the cap's rows end
} bt_shell;

// A point of the ring, s and v in [0, 1].
bt_vec3 bt_shell_ring(const bt_shell *shell, double s, double v);
// A point of the cap: w 0 at the ring's edge, 1 at the spine.
bt_vec3 bt_shell_cap(const bt_shell *shell, double s, double w);

// Moves a point of the skin, for flares and creases.
typedef bt_vec3 (*bt_shell_detail)(const void *context, bt_vec3 pos);

// Samples the shell into a patch with edges of about `step_m`. Chart: around_m is the length round
// the ring at half height from the front's middle; up_m is z on the ring and runs on over the cap.
typedef struct bt_shell_sampling {
    double step_m;
    int row_steps;          // per row of the net
    int cap_steps;          // 0: no cap
    bt_shell_detail detail; // NULL: none
    const void *context;
} bt_shell_sampling;

void bt_shell_sample(const bt_shell *shell, const bt_shell_sampling *how, bt_patch *patch);
// Chart length from the front's middle to column parameter s (1: the whole half).
double bt_shell_around(const bt_shell *shell, double s);
// The s at which the ring, at height v, passes this x (searching the side, s in [low, high]).
double bt_shell_find_x(const bt_shell *shell, double v, double x, double low, double high);
// The point and outward normal of the ring at chart length and height z (or chart height).
bt_patch_vertex bt_shell_find(const bt_shell *shell, double around_m, double up_m);

#endif
