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

static double intensity_at(const series *s, double cosine)
{
    double pi_before = 0.0, pi_n = 1.0; // n = 0, 1
    double complex s1 = 0.0, s2 = 0.0;
    for (uint32_t n = 1; n <= s->terms; n++) {
        double tau = n * cosine * pi_n - (n + 1.0) * pi_before;
        double factor = (2.0 * n + 1.0) / (n * (n + 1.0));
        s1 += factor * (s->a[n] * pi_n + s->b[n] * tau);
        s2 += factor * (s->a[n] * tau + s->b[n] * pi_n);
        double next = ((2.0 * n + 1.0) * cosine * pi_n - (n + 1.0) * pi_before) / n;
        pi_before = pi_n;
        pi_n = next;
    }
    return 0.5 * (creal(s1 * conj(s1)) + creal(s2 * conj(s2)));
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
        for (uint32_t i = 0; i < count; i++)
            intensity[i] = intensity_at(&s, cosines[i]);
        if (efficiency) *efficiency = efficiency_of(&s, x);
    } else {
        status = bt_fail(BT_ERR_MEMORY, "series of %u terms", (unsigned)s.terms);
    }
    bt_free(s.a);
    bt_free(s.b);
    bt_free(d);
    return status;
}
