// fourier.h: Fourier transforms of pictures and pupils by FFTW3, in double.
//
// Plans are made without measuring (FFTW_ESTIMATE, no wisdom), so the same machine gives the same
// bytes in every run and for any number of threads. Threads: making and freeing plans is guarded by a
// lock, for FFTW's planner is not thread-safe; a plan may then be used by many threads at once.
#ifndef BT_CAMERA_OPTICS_FOURIER_H
#define BT_CAMERA_OPTICS_FOURIER_H

#include "engine/core/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct bt_fourier bt_fourier;

// Of real pictures (rows x columns). Rows are padded to bt_fourier_stride doubles, and the spectrum,
// columns / 2 + 1 complex numbers a row, takes the picture's place.
BT_CHECKED bt_status bt_fourier_create_real(uint32_t rows, uint32_t columns, bt_fourier **fourier);
// Of complex squares (n x n), pairs of doubles, forward only.
BT_CHECKED bt_status bt_fourier_create_square(uint32_t n, bt_fourier **fourier);
void bt_fourier_destroy(bt_fourier *fourier); // NULL is fine

static inline size_t bt_fourier_stride(uint32_t columns)
{
    return 2u * ((size_t)columns / 2u + 1u);
}

// In place, on memory from bt_alloc (64-byte aligned). Neither is scaled: there and back gives
// rows x columns times what was there.
void bt_fourier_forward(const bt_fourier *fourier, double *data);
void bt_fourier_inverse(const bt_fourier *fourier, double *data); // real pictures only

// The least length from n on that has no prime factor above 5, and is even.
uint32_t bt_fourier_length(uint32_t n);

#endif
