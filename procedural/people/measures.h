// measures.h: how large people are: drawn from published tables of what was measured.
//
// Adults (18 and older): ANSUR II, the survey of 4082 men and 1986 women of the US Army in 2012 (Gordon et al. 2014, NATICK/TR-15/007).
// Girths and shoulders follow height and weight by least squares over its public tables, each person off the line by what
// was left over there. Heights and weights: its means and deviations. Height lost with age: Sorkin, Muller and Andres 1999
// (Am. J. Epidemiol. 150: men 3 cm from 30 to 70 years and 5 cm to 80, women 5 and 8; from memory), between them by the square of the years.
// Children of 5 to 17: height and body mass index for age of the WHO Reference 2007 (LMS, Cole 1990, every second
// year). Their girths are an adult's scaled as a cylinder of the same density would be, by the root of weight over height;
// their shoulders are 0.217 of the height (Snyder et al. 1977, from memory).
//
// Soldiers are fitter than a street: nobody here is heavier than the survey's heaviest.
// A pure function of its arguments.
#ifndef BT_PROCEDURAL_MEASURES_H
#define BT_PROCEDURAL_MEASURES_H

#include <stdbool.h>
#include <stdint.h>

typedef enum bt_person_measure {
    BT_PERSON_CHEST, // girths
    BT_PERSON_WAIST, // at the navel
    BT_PERSON_HIP,   // where the buttocks stand out most
    BT_PERSON_THIGH, // below them
    BT_PERSON_CALF,
    BT_PERSON_ANKLE,
    BT_PERSON_WRIST,
    BT_PERSON_SHOULDERS, // breadth between the acromia
    BT_PERSON_MEASURES
} bt_person_measure;

#define BT_MEASURES_YOUNGEST 5.0
#define BT_MEASURES_ADULT 18.0

typedef struct bt_measures {
    double age_years, height_m, weight_kg;
    double m[BT_PERSON_MEASURES]; // metres
} bt_measures;

// Someone of an age (from 5) and sex, from (seed, index).
bt_measures bt_measures_draw(uint64_t seed, uint64_t index, bool woman, double age_years);
// What an adult of this height and weight has on average.
bt_measures bt_measures_mean(bool woman, double height_m, double weight_kg);

#endif
