// edges_internal.h: a slanted square before the camera, between the files that photograph and score it.
#ifndef BT_BENCH_EDGES_INTERNAL_H
#define BT_BENCH_EDGES_INTERNAL_H

#include "sensors/bench/lab.h"
#include "sensors/bench/pupil_mtf.h"

#define TURN_DEG 5.0
#define SQUARE 0.25 // half a side, of the window: esfr.h
#define EDGES 4

typedef struct setup {
    double across,
        down; // -1: the window at the array's left, upper end; 0: in its middle; 1: at its right, lower end
    double nm;         // of the tables
    double distance_m; // along the axis
    bool moved;        // out of focus
    bool field;        // of the whole field
} setup;

typedef struct edges {
    bench *b, own; // own: as it was, before any window
    setup at;
    uint32_t number; // of it
    char name[40];
    bench_shot shot;
    uint32_t plane, band;
    pupil_mtf mtf[EDGES]; // of the square
    lab_light light[2];   // square, ground
    double *samples;      // of a plane
    double *mean[2];      // (height x width): frames above black, of square and ground
    double green_px[2];   // middle of the square at this place, at the first wavelength
    bench_text list;
    size_t plot;
} edges;

// Pixels of the array from one sample of a plane to the next.
uint32_t edges_plane_step(const bench *b);
// The first wavelength, by which the others' lateral colour is told.
double edges_first_nm(void);
// Rows of MTF, MTF50 and lateral colour of the square just photographed.
BT_CHECKED bt_status edges_score(edges *e);
// Adds to the bench's note how far off all its rows of MTF and MTF50 are.
BT_CHECKED bt_status edges_note_summary(bench *b);

#endif
