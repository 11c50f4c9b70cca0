// photometry.h: photometric webs: how much light a lamp sends in each direction, in candela.
//
// A web is a grid over half planes about a pole and angles from the pole, as CIE 121:1996 and CIE
// 102:1993 have it: plane angle C, polar angle gamma. Between grid points intensity is linear in
// both angles; outside the grid it is 0. The grid need not be even. `axes` says how the pole lies in
// the lamp's own frame (the frame of the mesh that shines):
//
//   luminaires (BT_AXES_LUMINAIRE)   gamma 0 is -z (down), C0 is +x, C90 is +y; also for headlamps:
//                                    x forward, y left, z up, so gamma - 90 degrees is the height
//                                    over the horizon and C the angle to the left
//   IES type B (BT_AXES_SIDEWAYS)    the pole is +y: planes turn about a level axis
//
// Ownership: whoever creates a web destroys it. Threads: a finished web is constant.
#ifndef BT_SCENE_PHOTOMETRY_H
#define BT_SCENE_PHOTOMETRY_H

#include "engine/core/status.h"
#include "engine/math/pose.h"

#include <stddef.h>
#include <stdint.h>

#define BT_PHOTOMETRY_MAX_ANGLES 2048u
#define BT_PHOTOMETRY_MAX_VALUES (1u << 20)
#define BT_PHOTOMETRY_MAX_CD 1e9 // a lighthouse has some 1e6

typedef struct bt_web_axes {
    bt_vec3 pole, zero, ninety; // gamma 0; C0 and C90 at gamma 90 degrees; unit, perpendicular
} bt_web_axes;

#define BT_AXES_LUMINAIRE ((bt_web_axes){{0.0, 0.0, -1.0}, {1.0, 0.0, 0.0}, {0.0, 1.0, 0.0}})
#define BT_AXES_SIDEWAYS ((bt_web_axes){{0.0, 1.0, 0.0}, {0.0, 0.0, -1.0}, {1.0, 0.0, 0.0}})

typedef struct bt_photometric_web {
    bt_web_axes axes;        // in the mesh that shines
    uint32_t planes, polars; // at least 2 each
    double *plane_rad;       // (planes) ascending; from first to last at most a full turn
    double *polar_rad;       // (polars) ascending in [0, pi]
    double *intensity_cd;    // (planes x polars), row-major
} bt_photometric_web;

// A dark web with angles of zero, to be filled in. Fails beyond the limits above.
BT_CHECKED bt_status bt_photometry_create(uint32_t planes, uint32_t polars,
                                          bt_photometric_web **web);
void bt_photometry_destroy(bt_photometric_web *web); // NULL is fine

// How many of a measured lamp's planes a table holds.
typedef enum bt_web_symmetry {
    BT_WEB_WHOLE,   // all: a last plane a full turn after the first is added where it is missing
    BT_WEB_PART,    // all there are: dark beyond
    BT_WEB_HALF,    // mirrored at the last plane
    BT_WEB_QUARTER, // mirrored at the last plane, and all that at its last plane
    BT_WEB_ROUND,   // one plane, the same all round
} bt_web_symmetry;

typedef struct bt_web_table {
    bt_web_axes axes;
    bt_web_symmetry symmetry;
    uint32_t planes, polars;
    const double *plane_deg, *polar_deg; // ascending; polar in [0, 180]
    const double *intensity_cd;          // (planes x polars)
} bt_web_table;

// The web of a table with its symmetry written out. Fails for angles that do not ascend or lie
// outside, and intensities that are not in 0 .. BT_PHOTOMETRY_MAX_CD.
BT_CHECKED bt_status bt_photometry_expand(const bt_web_table *table, bt_photometric_web **web);

// Refuses what a web cannot be: see the fields.
BT_CHECKED bt_status bt_photometry_check(const bt_photometric_web *web);

// Intensity in a direction (not zero) of the lamp's frame.
double bt_photometry_at(const bt_photometric_web *web, bt_vec3 dir);
// The exact integral of the interpolated intensity over the sphere, lumen.
double bt_photometry_flux_lm(const bt_photometric_web *web);
double bt_photometry_peak_cd(const bt_photometric_web *web);

// ---- files ------------------------------------------------------------------------------------
// IES LM-63 of 1986, 1991, 1995, 2002 and 2019: TILT=NONE, INCLUDE or the name of a file beside it
// (its factor at tilt 0 is applied), types A, B and C with all their symmetries, candela multiplier
// and ballast factors. Absolute: candela as they are with the file's lamp lumens.
BT_CHECKED bt_status bt_ies_load(const char *path, bt_photometric_web **web);
// The same from text in memory; a TILT file is looked for beside `path`.
BT_CHECKED bt_status bt_ies_parse(const char *path, const char *text, size_t count,
                                  bt_photometric_web **web);

// EULUMDAT (.ldt), Stockmar 1990: Isym 0 to 4, point or comma as decimal mark. Candela per 1000 lm
// times the conversion factor times the flux of the first set of lamps. The tilt during measurement
// is not applied.
BT_CHECKED bt_status bt_eulumdat_load(const char *path, bt_photometric_web **web);
BT_CHECKED bt_status bt_eulumdat_parse(const char *path, const char *text, size_t count,
                                       bt_photometric_web **web);

// By the name's end: .ies or .ldt, in any case.
BT_CHECKED bt_status bt_photometry_load(const char *path, bt_photometric_web **web);

#endif
