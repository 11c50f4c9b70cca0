// streak.h: what the scratches before a pupil throw aside, as lines in the picture.
//
// A scratch is a thin line of the pupil: of width w, length L, and an amplitude z = sqrt(1 - loss)
// exp(i bend) where the bare pupil has 1. By Babinet's principle the field is the bare pupil's less (1 - z)
// times the line's. The bare point spread loses 2 Re(1 - z) a of its energy to it, a = w L / area, and a streak
// across the scratch has |1 - z|^2 a: together a loss of a (1 - |z|^2). Along the streak its energy is
// |FT of a slit|^2, w sinc^2(w u) du, u = r pitch / (2 lambda N) in cycles per radius of the pupil; across, it
// is as narrow as the pupil is wide: a line here. What scratches and edges do together (a^2) is left out, and
// scratches add up without phase: their places are known to no wavelength.
//
// A groove's phase is 2 pi (n - 1) depth / lambda: it falls with the wavelength. All scratches of a glass
// have one loss and one depth. Curved scratches are taken in pieces, each with its direction: fans.
//
// Threads: pure functions of constant data.
#ifndef BT_CAMERA_OPTICS_STREAK_H
#define BT_CAMERA_OPTICS_STREAK_H

#include "engine/core/status.h"
#include "sensors/camera/optics/pupil.h"

#define BT_STREAK_BANDS 4
#define BT_STREAK_STEPS 1024 // of a table: at the squares of a multiple of their number

// What one kind of scratch throws, against q = width (radii) times distance (pixels), for each band. One table
// serves all widths: light per pixel of length, of a scratch with a share 1, is width times this; over all of
// the streak, both ways, it adds up to `thrown`.
typedef struct bt_streak_light {
    uint32_t band_count;
    double q_step; // q = (i q_step)^2
    float along[BT_STREAK_BANDS][BT_STREAK_STEPS + 1];
    double tail[BT_STREAK_BANDS];   // beyond: times 1 / q^2
    double thrown[BT_STREAK_BANDS]; // |1 - z|^2, the band's mean
} bt_streak_light;

typedef struct bt_streak_desc {
    double loss, bend_rad; // of scratches: bt_pupil_scratch
    double f_number, pixel_pitch_m;
    uint32_t band_count, wave_count;
    const double *lambda_m;                // (waves), evenly apart
    const double *weight[BT_STREAK_BANDS]; // (waves): add up to 1
} bt_streak_desc;

// 2 Re(1 - z), what the bare point spread loses of a share 1, and |1 - z|^2, what streaks have of it.
void bt_streak_energies(double loss, double bend_rad, double lambda_m, double *lost,
                        double *thrown);
void bt_streak_light_init(const bt_streak_desc *desc, bt_streak_light *light);
// Light per pixel of length of a scratch with a share 1 of the pupil.
double bt_streak_along(const bt_streak_light *light, uint32_t band, double width, double r_px);

// A piece of a scratch: its streak runs along (x, y) and the other way.
typedef struct bt_streak {
    double x, y;  // unit
    double width; // radii of the pupil
    double share; // a: of the open pupil's area
} bt_streak;
#define BT_STREAK_PIECES 8 // of a scratch at most
#define BT_STREAK_MAX (BT_PUPIL_MAX_SCRATCHES * BT_STREAK_PIECES)

// Streaks of a pupil's scratches; gives their number. *covered: the sum of their shares.
uint32_t bt_streaks_of(const bt_exit_pupil *pupil, bt_streak streaks[BT_STREAK_MAX],
                       double *covered);

// Length of the line through the origin along (x, y) within a square of that side about (at_x, at_y).
double bt_streak_chord(double x, double y, double side, double at_x, double at_y);

#endif
