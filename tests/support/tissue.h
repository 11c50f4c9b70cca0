// tissue.h: how much light a layered tissue gives back: a random walk.
//
// Two plane layers, the lower one without end, of one refractive index, rough to nobody; light enters
// straight down, scatters alike into all directions by the reduced coefficients (van de Hulst's
// similarity; good where light scatters many times), leaves where Fresnel lets it. Checked by
// tests/engine/spectrum/tissue_test.c against adding and doubling.
#ifndef BT_TESTS_TISSUE_H
#define BT_TESTS_TISSUE_H

#include "engine/core/random.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct tissue_layer {
    double absorb_cm, scatter_cm; // per centimetre; scattering reduced by 1 - g
} tissue_layer;

typedef struct tissue {
    tissue_layer layers[2];
    double depth_cm; // of the upper layer
    double ior;      // of both, against air
} tissue;

typedef struct tissue_light {
    double back;  // share of what comes that comes back, the surface's gloss (gloss) not among it
    double error; // standard
    double gloss;
} tissue_light;

typedef struct tissue_photon {
    uint64_t index;
    uint32_t drawn;
    bt_random4 block;
    double depth_cm, cosine, weight; // cosine: downwards
} tissue_photon;

// (0, 1], 32 bits.
static inline double tissue_draw(tissue_photon *p)
{
    uint32_t word = p->drawn % 4;
    if (word == 0) p->block = bt_random_block(1, BT_STREAM_TEST, p->index, p->drawn / 4);
    p->drawn++;
    return ((double)p->block.v[word] + 1.0) / 4294967296.0;
}

// Of light that comes from within the medium.
static inline double tissue_fresnel(double cosine, double ior)
{
    double sine = ior * sqrt(fmax(0.0, 1.0 - cosine * cosine));
    if (sine >= 1.0) return 1.0;
    double outside = sqrt(1.0 - sine * sine);
    double s = (ior * cosine - outside) / (ior * cosine + outside);
    double p = (ior * outside - cosine) / (ior * outside + cosine);
    return 0.5 * (s * s + p * p);
}

// On to the next collision. Returns what left through the surface on the way.
static inline double tissue_fly(const tissue *t, tissue_photon *p)
{
    double left = -log(tissue_draw(p)); // mean free paths
    double out = 0.0;
    for (;;) {
        bool upper = p->depth_cm < t->depth_cm || (p->depth_cm == t->depth_cm && p->cosine < 0.0);
        const tissue_layer *layer = &t->layers[upper ? 0 : 1];
        double extinct = layer->absorb_cm + layer->scatter_cm;
        double border =
            p->cosine < 0.0 ? (upper ? 0.0 : t->depth_cm) : (upper ? t->depth_cm : HUGE_VAL);
        double way = p->cosine != 0.0 ? (border - p->depth_cm) / p->cosine : HUGE_VAL;
        if (left < way * extinct) {
            p->depth_cm += left / extinct * p->cosine;
            p->weight *= layer->scatter_cm / extinct;
            return out;
        }
        left -= way * extinct;
        p->depth_cm = border;
        if (border > 0.0) continue;
        double kept = tissue_fresnel(-p->cosine, t->ior);
        out += (1.0 - kept) * p->weight;
        p->weight *= kept;
        p->cosine = -p->cosine;
    }
}

static inline double tissue_walk(const tissue *t, uint64_t index)
{
    tissue_photon p = {.index = index, .cosine = 1.0, .weight = 1.0};
    double out = 0.0;
    while (p.weight > 0.0) {
        out += tissue_fly(t, &p);
        p.cosine = 2.0 * tissue_draw(&p) - 1.0;
        if (p.weight >= 0.05) continue;
        p.weight = tissue_draw(&p) < 0.25 ? 4.0 * p.weight : 0.0; // roulette
    }
    return out;
}

static inline tissue_light tissue_reflect(const tissue *t, uint32_t photons)
{
    double sum = 0.0, squares = 0.0;
    for (uint32_t i = 0; i < photons; i++) {
        double out = tissue_walk(t, i);
        sum += out;
        squares += out * out;
    }
    double mean = sum / photons, gloss = (t->ior - 1.0) / (t->ior + 1.0);
    gloss *= gloss;
    return (tissue_light){.back = (1.0 - gloss) * mean,
                          .error =
                              (1.0 - gloss) * sqrt((squares / photons - mean * mean) / photons),
                          .gloss = gloss};
}

#endif
