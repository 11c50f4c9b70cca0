// bench.h: the virtual laboratory: charts in front of a camera, written as files that outside
// evaluators read, with a table of the true values.
//
// Every chart is an ordinary scene: bt_spec -> world -> stage -> film (the shipping renderer) ->
// bt_camera_read. What the bench changes of a sheet is what a laboratory changes of a camera:
//
//   window     part of the array is read out (array.width_px, height_px, the principal point)
//   lens off   EMVA 1288: the bare sensor sees a disc at f/8 (lens.f_number 8, transmission 1, no
//              fall-off, no distortion, no blur)
//   clean      edges: the lens scatters nothing and has no ghosts
//   filter     a band-pass of 10 nm at its foot, peak 1, before the sensor (factor on ir_cut)
//
// A sensor of several reads is judged by what it fuses from them, expanded where it is companded; the
// charts flat-field, spatial and steps read each of them by itself, as EMVA 1288 wants. Light is then
// chosen so that the reads of the first exposure tell it. windshield, star, headlamp, retro and flare
// (but flare_counts) judge the light on the sensor in the first exposure: no read is in it. rolling, checkerboard
// and flare_counts ask for what any read tells, in weak light: the first is taken alone. The note says what was
// read.
//
// Files in `out`, all charts: truth.csv (quantity, where, value, unit, allowed below, allowed above,
// standard errors of the Monte-Carlo light and of the frames' own noise; what is allowed is at least
// four of the latter where it is computed: flat-field), scores.csv (what the bench itself finds), note.txt
// (chart, size, seed, samples, what was done to the camera); with report also report.html.
//
// Light is sampled twice, independently; the mean is used. Its noise: in each pixel the square of half
// the difference estimates the variance of that mean. Where all pixels of a picture together have more
// than 2 % of the variance of one frame's shot noise, the bench refuses to score and asks for more
// samples. A score's own error is propagated from those variances where pixels are averaged; else it is
// half of what the two renders' scores lie apart (one degree of freedom: good to a factor of a few).
// Charts of points and of corners end a pixel's sampling early (render.h, sensor_share): --samples is then
// the most. Squares get all of them: ending early sharpens edges.
//
// Threads: one bench at a time per job pool. Same seed, same bytes, any number of threads.
#ifndef BT_BENCH_BENCH_H
#define BT_BENCH_BENCH_H

#include "engine/core/jobs.h"
#include "sensors/camera/sheet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BT_BENCH_NOISE_SHARE 0.02 // camera.md 4: MC variance over shot variance, at most

typedef struct bt_bench_desc {
    const bt_camera_sheet *sheet; // of the camera before the chart
    const bt_camera_sheet *truth; // that true values are computed from; NULL: sheet. Another one
                                  // shows that a camera that breaks its word is found out
    const char *chart;
    const char *out;              // folder, made if absent
    const char *assets;           // folder of spectra
    uint32_t width_px, height_px; // 0: the chart's
    uint32_t steps;               // exposures, poses, wavelengths, ...; 0: the chart's
    uint32_t samples; // of light per pixel and render; 0: the chart's, or more where the
                      // light is too noisy with them
    uint32_t reads;   // frames of a stack; 0: the chart's
    uint64_t seed;
    bool report; // also report.html
    bt_jobs *jobs;
} bt_bench_desc;

typedef struct bt_bench_result {
    uint32_t scored, failed; // quantities that the bench itself measured
} bt_bench_result;

// Fails with BT_ERR_INPUT for an unknown chart (the message lists those that exist), a size, count or
// sheet that the chart cannot use, and for light too noisy to score.
BT_CHECKED bt_status bt_bench_run(const bt_bench_desc *desc, bt_bench_result *result);

// The charts, for help and lists.
typedef struct bt_bench_chart_info {
    const char *name;
    const char *summary; // one line
    const char *files;   // what it writes, one line
} bt_bench_chart_info;
size_t bt_bench_chart_count(void);
const bt_bench_chart_info *bt_bench_chart_get(size_t index);

#endif
