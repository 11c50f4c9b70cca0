// measures_test.c: the population that is drawn has the sizes of the published tables, and bodies are modelled to the girths drawn.
#include "procedural/people/measures.h"

#include "procedural/people/person.h"
#include "tests/support/check.h"

#include <math.h>
#include <stdlib.h>

#define DRAWN 20000

static double values[DRAWN];

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

// Of DRAWN people of an age; which: a measure, or one of these.
enum { HEIGHT = BT_PERSON_MEASURES, WEIGHT, MASS_INDEX };
static void draw(bool woman, double age, int which)
{
    for (int i = 0; i < DRAWN; i++) {
        bt_measures m = bt_measures_draw(5, (uint64_t)i, woman, age);
        values[i] = which == HEIGHT       ? 100.0 * m.height_m
                    : which == WEIGHT     ? m.weight_kg
                    : which == MASS_INDEX ? m.weight_kg / (m.height_m * m.height_m)
                                          : 100.0 * m.m[which];
    }
    qsort(values, DRAWN, sizeof *values, compare);
}
static double quantile(double share)
{
    return values[(int)(share * (DRAWN - 1))];
}
static double mean(void)
{
    double sum = 0.0;
    for (int i = 0; i < DRAWN; i++)
        sum += values[i];
    return sum / DRAWN;
}
static double deviation(void)
{
    double sum = 0.0, m = mean();
    for (int i = 0; i < DRAWN; i++)
        sum += (values[i] - m) * (values[i] - m);
    return sqrt(sum / DRAWN);
}

// Percentiles of ANSUR II's public tables (Gordon et al. 2014), centimetres. Means and deviations are not drawn from
// these but from lines over height and weight: 2 % is what the survey's skew leaves between both.
static void test_adults(void)
{
    static const double share[5] = {0.05, 0.25, 0.50, 0.75, 0.95};
    static const double table[2][BT_PERSON_MEASURES][5] = {{{92.2, 99.6, 105.6, 111.7, 120.7},
                                                            {76.8, 85.7, 93.7, 101.6, 113.09},
                                                            {89.9, 96.7, 101.7, 106.8, 114.9},
                                                            {53.2, 58.6, 62.4, 66.2, 72.3},
                                                            {34.6, 37.2, 39.2, 41.2, 44.3},
                                                            {20.6, 21.92, 22.8, 23.9, 25.4},
                                                            {16.2, 17.0, 17.6, 18.2, 19.1},
                                                            {38.4, 40.3, 41.5, 42.8, 44.7}},
                                                           {{82.43, 88.9, 94.0, 99.9, 109.4},
                                                            {71.0, 79.0, 85.2, 92.5, 104.0},
                                                            {90.12, 96.9, 101.85, 106.9, 115.57},
                                                            {52.7, 57.9, 61.3, 65.1, 71.1},
                                                            {32.8, 35.4, 37.2, 39.18, 42.3},
                                                            {19.3, 20.5, 21.5, 22.5, 24.2},
                                                            {14.22, 15.0, 15.4, 16.0, 16.8},
                                                            {33.5, 35.3, 36.5, 37.8, 39.6}}};
    double worst = 0.0;
    for (int woman = 0; woman < 2; woman++) {
        for (int k = 0; k < BT_PERSON_MEASURES; k++) {
            draw(woman, 30.0, k);
            for (int q = 0; q < 5; q++) {
                double off = fabs(quantile(share[q]) / table[woman][k][q] - 1.0);
                worst = fmax(worst, off);
                CHECK(off < 0.020);
                if (off >= 0.020)
                    printf("%s, measure %d, %g: %g, table %g\n", woman ? "women" : "men", k,
                           share[q], quantile(share[q]), table[woman][k][q]);
            }
        }
    }
    printf("percentiles of girths and shoulders: at most %.1f %% off the table\n", 100.0 * worst);
    static const double sizes[2][4] = {{160.16, 192.7, 57.8, 124.21},
                                       {148.26, 177.76, 46.66, 97.45}};
    for (int woman = 0; woman < 2; woman++) {
        for (int k = 0; k < 2; k++) {
            draw(woman, 30.0, HEIGHT + k);
            CHECK_NEAR(quantile(0.01) / sizes[woman][2 * k], 1.0, 0.025);
            CHECK_NEAR(quantile(0.99) / sizes[woman][2 * k + 1], 1.0, 0.025);
        }
    }
    draw(false, 30.0, HEIGHT);
    CHECK_NEAR(mean(), 175.6, 0.15);
    CHECK_NEAR(deviation(), 6.86, 0.12);
    double men = mean();
    draw(false, 70.0, HEIGHT);
    CHECK_NEAR(men - mean(), 3.0, 0.01);
    draw(false, 80.0, HEIGHT);
    CHECK_NEAR(men - mean(), 5.0, 0.4); // Sorkin et al. 1999
    draw(true, 30.0, HEIGHT);
    CHECK_NEAR(deviation(), 6.42, 0.12);
    double women = mean();
    draw(true, 80.0, HEIGHT);
    CHECK_NEAR(women - mean(), 8.0, 0.4);
}

// WHO Reference 2007 at ages between those that are kept.
static void test_children(void)
{
    static const struct {
        bool girl;
        double age, height_m, height_s, mass_m;
    } table[] = {
        {false, 8.0, 127.2651, 0.04438, 15.7368},  {false, 12.0, 149.0807, 0.04753, 17.5334},
        {false, 14.0, 163.1816, 0.04714, 19.0050}, {true, 8.0, 126.5558, 0.04581, 15.6810},
        {true, 12.0, 151.2327, 0.04523, 17.9966},  {true, 14.0, 159.7890, 0.04345, 19.5647}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        draw(table[i].girl, table[i].age, HEIGHT);
        // between two years growth is not straight
        CHECK_NEAR(mean(), table[i].height_m, 0.9);
        CHECK_NEAR(deviation(), table[i].height_m * table[i].height_s, 0.2);
        draw(table[i].girl, table[i].age, MASS_INDEX);
        CHECK_NEAR(quantile(0.5), table[i].mass_m, 0.15);
    }
}

// The bare trunk has the girths that were drawn.
static void test_bodies(void)
{
    double worst = 0.0;
    for (uint64_t i = 0; i < 200; i++) {
        bt_person_params p = bt_person_random(7, i);
        for (bt_person_measure k = BT_PERSON_CHEST; k <= BT_PERSON_HIP; k++) {
            double girth = bt_person_section_girth(&p, k) / (p.girth[k] * p.height_m);
            worst = fmax(worst, fabs(girth - 1.0));
        }
        CHECK_NEAR(2.0 * bt_person_shoulder_aside(&p),
                   p.height_m * (p.girth[BT_PERSON_SHOULDERS] - 2.0 * 0.0175 / 1.7), 1e-9);
    }
    printf("girths of bodies: at most %.2f %% off those drawn\n", 100.0 * worst);
    CHECK(worst < 0.01);
}

// Who one meets is of all ages and not of one body.
static void test_street(void)
{
    int children = 0, old = 0;
    double low = INFINITY, high = 0.0;
    for (uint64_t i = 0; i < 2000; i++) {
        bt_person_params p = bt_person_random(11, i);
        double waist = p.girth[BT_PERSON_WAIST] / p.girth[BT_PERSON_HIP];
        children += p.age_years < 18.0;
        old += p.age_years > 64.0;
        low = fmin(low, waist);
        high = fmax(high, waist);
        CHECK(p.age_years >= 18.0 || (p.hair_tone != BT_HAIR_GREY && p.beard == BT_BEARD_NONE));
    }
    CHECK(children > 140 && children < 260 && old > 280 && old < 440);
    CHECK(low < 0.78 && high > 1.05);
}

int main(void)
{
    test_adults();
    test_children();
    test_bodies();
    test_street();
    return check_end();
}
