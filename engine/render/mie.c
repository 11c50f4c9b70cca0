// mie.c: the series of Bohren and Huffman, their notation: psi and xi = psi - i chi are the
// Riccati-Bessel functions, D the logarithmic derivative of psi inside the sphere, pi and tau the
// angular functions.
#include "engine/render/mie.h"

#include "engine/core/memory.h"

#include <complex.h>
#include <math.h>

typedef struct series {
    uint32_t terms;
    double complex *a, *b; // (terms + 1), from 1
} series;

static uint32_t terms_for(double x)
{
    return (uint32_t)(x + 4.0 * cbrt(x) + 2.0);
}

// D_n(m x) for n = 0 .. terms, by downward recurrence, which is stable; from well above the turning
// point at m x, whose width goes with the cube root.
static void log_derivatives(double mx, uint32_t terms, double *d)
{
    uint32_t start = (uint32_t)(fmax(terms, mx) + 8.0 * cbrt(mx)) + 16u;
    double down = 0.0;
    for (uint32_t n = start; n > 0; n--) {
        down = n / mx - 1.0 / (down + n / mx);
        if (n - 1 <= terms) d[n - 1] = down;
    }
}

static void fill_coefficients(double x, double m, const double *d, series *s)
{
    double psi_before = cos(x), psi = sin(x); // n = -1, 0
    double chi_before = -sin(x), chi = cos(x);
    for (uint32_t n = 1; n <= s->terms; n++) {
        double psi_n = (2.0 * n - 1.0) / x * psi - psi_before;
        double chi_n = (2.0 * n - 1.0) / x * chi - chi_before;
        double complex xi_n = CMPLX(psi_n, -chi_n), xi = CMPLX(psi, -chi);
        double electric = d[n] / m + n / x, magnetic = d[n] * m + n / x;
        s->a[n] = (electric * psi_n - psi) / (electric * xi_n - xi);
        s->b[n] = (magnetic * psi_n - psi) / (magnetic * xi_n - xi);
        psi_before = psi;
        psi = psi_n;
        chi_before = chi;
        chi = chi_n;
    }
}

// Angles whose series are summed side by side, as each term waits for the one before it: as many as a register holds,
// for gcc takes wider vectors apart badly. No bit of a result depends on it.
#if defined(__AVX512F__)
#define ABREAST 8u
#elif defined(__AVX__)
#define ABREAST 4u
#else
#define ABREAST 2u
#endif
typedef double lanes __attribute__((vector_size(ABREAST * sizeof(double))));

static void intensities_at(const series *s, const lanes *cosines, lanes *intensity)
{
    lanes cosine = *cosines, pi_before = {0.0}, pi_n = pi_before + 1.0; // n = 0, 1
    lanes s1_re = {0.0}, s1_im = {0.0}, s2_re = {0.0}, s2_im = {0.0};
    for (uint32_t i = 1; i <= s->terms; i++) {
        double n = i, factor = (2.0 * n + 1.0) / (n * (n + 1.0));
        double a_re = creal(s->a[i]), a_im = cimag(s->a[i]);
        double b_re = creal(s->b[i]), b_im = cimag(s->b[i]);
        lanes tau = n * cosine * pi_n - (n + 1.0) * pi_before;
        s1_re += factor * (a_re * pi_n + b_re * tau);
        s1_im += factor * (a_im * pi_n + b_im * tau);
        s2_re += factor * (a_re * tau + b_re * pi_n);
        s2_im += factor * (a_im * tau + b_im * pi_n);
        lanes next = ((2.0 * n + 1.0) * cosine * pi_n - (n + 1.0) * pi_before) / n;
        pi_before = pi_n;
        pi_n = next;
    }
    *intensity = 0.5 * (s1_re * s1_re + s1_im * s1_im + (s2_re * s2_re + s2_im * s2_im));
}

// The last angles stand beside copies of the very last.
static void fill_intensities(const series *s, const double *cosines, uint32_t count,
                             double *intensity)
{
    for (uint32_t first = 0; first < count; first += ABREAST) {
        lanes some, of;
        for (uint32_t k = 0; k < ABREAST; k++)
            some[k] = cosines[first + k < count ? first + k : count - 1];
        intensities_at(s, &some, &of);
        for (uint32_t k = 0; k < ABREAST && first + k < count; k++)
            intensity[first + k] = of[k];
    }
}

static double efficiency_of(const series *s, double x)
{
    double sum = 0.0;
    for (uint32_t n = 1; n <= s->terms; n++)
        sum += (2.0 * n + 1.0) * creal(s->a[n] * conj(s->a[n]) + s->b[n] * conj(s->b[n]));
    return 2.0 / (x * x) * sum;
}

bt_status bt_mie_intensity(double x, double index, const double *cosines, uint32_t count,
                           double *intensity, double *efficiency)
{
    if (!(x >= 0.01 && x <= 5000.0))
        return bt_fail(BT_ERR_INTERNAL, "sphere of size %g: 0.01 to 5000", x);
    series s = {.terms = terms_for(x)};
    double *d = bt_alloc(s.terms + 1u, sizeof *d);
    s.a = bt_alloc(s.terms + 1u, sizeof *s.a);
    s.b = bt_alloc(s.terms + 1u, sizeof *s.b);
    bt_status status = BT_OK;
    if (d && s.a && s.b) {
        log_derivatives(index * x, s.terms, d);
        fill_coefficients(x, index, d, &s);
        fill_intensities(&s, cosines, count, intensity);
        if (efficiency) *efficiency = efficiency_of(&s, x);
    } else {
        status = bt_fail(BT_ERR_MEMORY, "series of %u terms", (unsigned)s.terms);
    }
    bt_free(s.a);
    bt_free(s.b);
    bt_free(d);
    return status;
}
