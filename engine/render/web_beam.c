// web_beam.c: see web_beam.h.
#include "engine/render/web_beam.h"

#include <math.h>

#include "shaders/shared/web.h"

#define BRIGHT 0.05f // of the peak: what counts as beam; chosen
#define LEAST_STRAY 1e-3f

static float3 direction(const bt_web *w, uint32_t plane, uint32_t polar)
{
    float2 c = pm_sincos(w->plane[plane]), g = pm_sincos(w->polar[polar]);
    return w->zero * (g[0] * c[1]) + w->ninety * (g[0] * c[0]) + w->pole * g[1];
}

static float peak_of(const bt_web *w)
{
    float peak = 0.0f;
    for (uint32_t i = 0; i < w->planes * w->polars; i++)
        peak = max(peak, w->cd[i]);
    return peak;
}

typedef struct sums {
    float3 axis;                   // of the bright part's flux
    float flux[2], solid_angle[2]; // stray, bright
} sums;

// A cell of the grid counts as its brightest corner does.
static void add_cell(const bt_web *w, float bright, uint32_t plane, uint32_t polar, sums *s)
{
    const float *a = w->cd + plane * w->polars + polar, *b = a + w->polars;
    float turn = w->plane[plane + 1] - w->plane[plane];
    float size = turn * (pm_cos(w->polar[polar]) - pm_cos(w->polar[polar + 1]));
    float mean = 0.25f * (a[0] + a[1] + b[0] + b[1]);
    int which = max(max(a[0], a[1]), max(b[0], b[1])) > bright;
    s->flux[which] += mean * size;
    s->solid_angle[which] += size;
    if (!which) return;
    for (uint32_t k = 0; k < 4; k++)
        s->axis = s->axis + direction(w, plane + (k & 1u), polar + k / 2) * (mean * size);
}

static float cell_cos(const bt_web *w, float bright, uint32_t plane, uint32_t polar, float3 axis)
{
    const float *a = w->cd + plane * w->polars + polar, *b = a + w->polars;
    float least = 1.0f;
    if (max(max(a[0], a[1]), max(b[0], b[1])) <= bright) return least;
    for (uint32_t k = 0; k < 4; k++)
        least = min(least, dot3(axis, direction(w, plane + (k & 1u), polar + k / 2)));
    return least;
}

bt_web_beam bt_web_beam_make(const float *webs, uint32_t web)
{
    bt_web w = bt_web_at(webs, web);
    float peak = peak_of(&w), bright = BRIGHT * peak, cos_half = 1.0f;
    sums s = {.axis = splat3(0.0f)};
    for (uint32_t c = 0; c + 1 < w.planes; c++)
        for (uint32_t g = 0; g + 1 < w.polars; g++)
            add_cell(&w, bright, c, g, &s);
    float size = length3(s.axis);
    float3 axis = size > 0.0f ? s.axis * (1.0f / size) : w.pole;
    for (uint32_t c = 0; c + 1 < w.planes; c++)
        for (uint32_t g = 0; g + 1 < w.polars; g++)
            cos_half = min(cos_half, cell_cos(&w, bright, c, g, axis));
    return (bt_web_beam){.axis = {axis[0], axis[1], axis[2]},
                         .cos_half = max(cos_half - 1e-4f, -1.0f),
                         .beam_cd = s.flux[1] / max(s.solid_angle[1], 1e-9f),
                         .stray_cd =
                             max(s.flux[0] / max(s.solid_angle[0], 1e-9f), LEAST_STRAY * peak)};
}
