// fourier.c: see fourier.h.
#include "sensors/camera/optics/fourier.h"

#include <fftw3.h>
#include <pthread.h>
#include <stdbool.h>

#include "engine/core/memory.h"

struct bt_fourier {
    fftw_plan forward, inverse; // inverse NULL: complex squares
    bool real;
};

static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER; // FFTW has one for all

static bt_status finish(bt_fourier *made, double *room, bool whole, bt_fourier **fourier)
{
    bt_free(room);
    if (!whole) {
        bt_fourier_destroy(made);
        return bt_fail(BT_ERR_MEMORY, "no memory for a Fourier transform");
    }
    *fourier = made;
    return BT_OK;
}

bt_status bt_fourier_create_real(uint32_t rows, uint32_t columns, bt_fourier **fourier)
{
    *fourier = NULL;
    bt_fourier *made = bt_alloc(1, sizeof *made);
    double *room = bt_alloc(rows * bt_fourier_stride(columns), sizeof *room);
    if (made && room) {
        made->real = true;
        pthread_mutex_lock(&planner);
        made->forward = fftw_plan_dft_r2c_2d((int)rows, (int)columns, room, (fftw_complex *)room,
                                             FFTW_ESTIMATE);
        made->inverse = fftw_plan_dft_c2r_2d((int)rows, (int)columns, (fftw_complex *)room, room,
                                             FFTW_ESTIMATE);
        pthread_mutex_unlock(&planner);
    }
    return finish(made, room, made && made->forward && made->inverse, fourier);
}

bt_status bt_fourier_create_square(uint32_t n, bt_fourier **fourier)
{
    *fourier = NULL;
    bt_fourier *made = bt_alloc(1, sizeof *made);
    double *room = bt_alloc((size_t)n * n, 2 * sizeof *room);
    if (made && room) {
        pthread_mutex_lock(&planner);
        made->forward = fftw_plan_dft_2d((int)n, (int)n, (fftw_complex *)room,
                                         (fftw_complex *)room, FFTW_FORWARD, FFTW_ESTIMATE);
        pthread_mutex_unlock(&planner);
    }
    return finish(made, room, made && made->forward, fourier);
}

void bt_fourier_destroy(bt_fourier *fourier)
{
    if (!fourier) return;
    pthread_mutex_lock(&planner);
    if (fourier->forward) fftw_destroy_plan(fourier->forward);
    if (fourier->inverse) fftw_destroy_plan(fourier->inverse);
    pthread_mutex_unlock(&planner);
    bt_free(fourier);
}

void bt_fourier_forward(const bt_fourier *fourier, double *data)
{
    if (fourier->real)
        fftw_execute_dft_r2c(fourier->forward, data, (fftw_complex *)data);
    else
        fftw_execute_dft(fourier->forward, (fftw_complex *)data, (fftw_complex *)data);
}

void bt_fourier_inverse(const bt_fourier *fourier, double *data)
{
    fftw_execute_dft_c2r(fourier->inverse, (fftw_complex *)data, data);
}

uint32_t bt_fourier_length(uint32_t n)
{
    for (uint32_t length = n + n % 2;; length += 2) {
        uint32_t rest = length;
        static const uint32_t primes[] = {2, 3, 5};
        for (int i = 0; i < 3; i++)
            while (rest % primes[i] == 0)
                rest /= primes[i];
        if (rest == 1) return length;
    }
}
