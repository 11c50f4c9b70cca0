// lab.h: the room a chart hangs in: surfaces and lamps before a camera, and films of them.
//
// The camera stands at the origin. Places are in its frame: x right, y down, z ahead, metres. Far away there are
// black walls all round; the air is so clear that nothing of it is seen (5e-6 of the light in a metre). Without
// lamps it is dark.
//
// Ownership: lab_clear frees all of it. Calls after a failure do nothing; lab.status holds the first.
#ifndef BT_BENCH_LAB_H
#define BT_BENCH_LAB_H

#include "engine/render/render.h"
#include "sensors/bench/bench_internal.h"

#define LAB_MAX_MOVERS 8
#define LAB_LABEL_NS (500 * BT_NS_PER_MS) // of every frame, plus lab.later_ns

typedef struct lab {
    const bench *bench;
    bt_spec *spec;
    bt_world *world;
    bt_renderer *renderer;
    bt_pose_history *history;
    uint32_t camera;
    uint32_t movers[LAB_MAX_MOVERS];
    bt_vec3 mover_at[LAB_MAX_MOVERS][2]; // where at 0 s and at 1 s, world
    uint32_t mover_count;
    uint32_t spectrum_count;
    uint32_t max_depth; // 0: the renderer's
    bool only_shines; // nothing reflects: no surface asks for light, which costs more than all else
    uint32_t samples; // 0: the bench's
    bool
        ends_early; // a pixel gets samples until BT_BENCH_NOISE_SHARE is kept there (render.h): edges
    int64_t later_ns; // of the next film: after LAB_LABEL_NS, less than half a second
    bt_status status;
} lab;

void lab_begin(lab *l, const bench *b);
void lab_clear(lab *l);

uint32_t lab_flat(lab *l, double value);
uint32_t lab_spectrum(lab *l, const double *wavelengths_nm, const double *values, size_t count);
// A table of BT_SPECTRUM_BINS.
uint32_t lab_table(lab *l, const float *table);
// Shines evenly with spectrum x scale (W m^-2 sr^-1 nm^-1) and reflects nothing.
uint32_t lab_lamp(lab *l, uint32_t spectrum, double scale);
// Lambert reflectance.
uint32_t lab_matte(lab *l, uint32_t spectrum);
uint32_t lab_material(lab *l, const bt_material *material);

// A parallelogram at `corner` with sides `right` and `down`, its front towards the camera when these
// point right and down.
void lab_panel(lab *l, uint32_t material, bt_vec3 corner, bt_vec3 right, bt_vec3 down);
// Four corners in order left top, right top, right bottom, left bottom as the camera sees them.
void lab_quad(lab *l, uint32_t material, const bt_vec3 corner[4]);
// Triangles (three corners each, front counter-clockwise) with a material each.
void lab_mesh(lab *l, const bt_vec3 *corners, const uint32_t *materials, uint32_t triangle_count,
              const bt_vec3 *velocity_m_s);
// The inside of a closed box about the camera, half_m to each side.
void lab_box(lab *l, uint32_t material, double half_m);
// Nothing more can be hung afterwards.
void lab_finish(lab *l);

// Light on the sensor, rendered twice, independently: the mean of both, and half their difference, whose
// square is an unbiased estimate (of one degree of freedom) of the mean's Monte-Carlo variance in each
// pixel. Both are what the camera's lens has spread: of the picture's size.
typedef struct lab_light {
    bt_film *film, *half;
    double share[BT_VIEW_MAX_BANDS]; // of each band, by lab_check_light
} lab_light;

// What the view sees from `pose` (of the camera in the room; NULL: the origin). `number`: another one
// samples otherwise.
BT_CHECKED bt_status lab_film(lab *l, const bt_camera *camera, const bt_view *view,
                              const bt_pose *pose, uint64_t number, lab_light *light);
void lab_light_clear(lab_light *light);
// Where the rays of places on the picture (count) meet a surface, as the renderer traces them, in the
// camera's frame; NAN where they meet none.
BT_CHECKED bt_status lab_trace(lab *l, const bt_view *view, const bt_pose *pose,
                               const bench_point *pixels, uint32_t count, bt_vec3 *places);
// Rate of a pixel in the first exposure plane. sign 0: the mean; 1, -1: one or the other render.
static inline double lab_rate(const lab_light *light, int sign, uint32_t band, uint32_t x,
                              uint32_t y)
{
    return bench_rate(light->film, band, x, y) + sign * bench_rate(light->half, band, x, y);
}
// Each pixel gets the mean of all: light that is the same everywhere. half: of the mean.
void lab_light_even(lab_light *light);
// The same of the pixels in a rectangle, each exposure plane and band by itself.
void lab_light_even_rect(lab_light *light, bench_rect rect);
// The sensor has but its large photodiode, exposed once: for what is judged by the light on it, before any read.
void lab_judge_light(bench *b);
// The first of several reads alone, without companding: for what any of them tells in weak light. The others'
// exposures would take most of the samples.
void lab_take_first_read(bench *b);
// Pixels of the array that one of the picture's stands for (camera.h).
double lab_binned(const bench *b);
// Monte-Carlo variance over the variance of shot noise in one frame of this exposure, in one band: all
// pixels together that read it and are not full (a full well is always the same); the worst of the
// exposure planes, each where it is read.
double lab_light_share(const bench *b, const lab_light *light, uint32_t band, double exposure_s);
// Keeps that of each band as its share and fails when one is above BT_BENCH_NOISE_SHARE; notes the worst there was.
BT_CHECKED bt_status lab_check_light(bench *b, lab_light *light, double exposure_s);
// The same of a share found otherwise.
BT_CHECKED bt_status lab_check_share(bench *b, double share);
// A panel that fills every window of a bare sensor.
void lab_even_panel(lab *l, uint32_t material);
// Light of one radiance (flat, W m^-2 sr^-1 nm^-1) all over a bare sensor.
BT_CHECKED bt_status lab_even_film(const bench *b, const bt_camera *camera, const bt_view *view,
                                   double radiance, uint64_t number, lab_light *light);

#endif
