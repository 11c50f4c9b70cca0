// measures.c: see measures.h.
#include "procedural/people/measures.h"

#include "engine/core/random.h"
#include "engine/math/pose.h"

#include <math.h>

enum { DIM_HEIGHT = 960, DIM_MASS, DIM_LEFT_OVER };

// ---- adults -------------------------------------------------------------------------------------
// ANSUR II: centimetres by height in centimetres and weight in kilograms; left_over: half of what holds 95 % of
// those off the line.
typedef struct line {
    double at_zero, per_cm, per_kg, left_over;
} line;

static const line lines[2][BT_PERSON_MEASURES] = {
    {{103.64341981, -0.29094387, 0.62348753, 6.248},
     {102.49061295, -0.43576782, 0.79623664, 8.673},
     {80.84110807, -0.14014267, 0.53462023, 5.178},
     {59.47446041, -0.18358879, 0.41253826, 4.465},
     {35.09622619, -0.06844723, 0.18884347, 3.151},
     {15.30912845, 0.00791107, 0.07291423, 1.982},
     {9.75001241, 0.02524959, 0.03984016, 1.174},
     {20.45890694, 0.0916795, 0.05855402, 2.900}},
    {{99.03412155, -0.329162, 0.72692053, 8.496},
     {101.41237119, -0.4717187, 0.90758444, 9.468},
     {84.68919559, -0.17840527, 0.68609252, 5.667},
     {58.40135673, -0.19423037, 0.51423135, 4.399},
     {30.58543721, -0.05141444, 0.22304378, 3.429},
     {13.98666689, 0.01407417, 0.07815083, 2.364},
     {8.08619685, 0.0279462, 0.04194465, 1.053},
     {13.19890704, 0.12829292, 0.03606689, 2.905}},
};
// Heights, and body mass indices: their logarithms are normal, as wide as hold the survey's 1st and 99th percentile of
// weight (57.8 and 124.2 kg, 46.7 and 97.4).
typedef struct size {
    double mean_cm, deviation_cm, mass_index, mass_deviation, lost_cm;
} size;
static const size sizes[2] = {{175.6, 6.86, 27.47, 0.1446, 3.0},
                              {162.85, 6.42, 25.41, 0.1373, 5.0}};

static double drawn(uint64_t seed, uint64_t index, uint32_t dim)
{
    return bt_clamp(bt_random_normal(seed, BT_STREAM_PEDESTRIAN, index, dim), -2.6, 2.6);
}

bt_measures bt_measures_mean(bool woman, double height_m, double weight_kg)
{
    bt_measures of = {.age_years = 35.0, .height_m = height_m, .weight_kg = weight_kg};
    for (int k = 0; k < BT_PERSON_MEASURES; k++) {
        const line *l = &lines[woman][k];
        of.m[k] = 0.01 * (l->at_zero + l->per_cm * 100.0 * height_m + l->per_kg * weight_kg);
    }
    return of;
}

static double lost_m(bool woman, double age_years)
{
    double years = fmax(0.0, (age_years - 30.0) / 40.0);
    return 0.01 * sizes[woman].lost_cm * years * years;
}

static bt_measures draw_adult(uint64_t seed, uint64_t index, bool woman, double age_years)
{
    const size *s = &sizes[woman];
    double height = 0.01 * (s->mean_cm + s->deviation_cm * drawn(seed, index, DIM_HEIGHT));
    double mass_index = s->mass_index * bt_exp(s->mass_deviation * drawn(seed, index, DIM_MASS));
    bt_measures of = bt_measures_mean(woman, height, mass_index * height * height);
    for (uint32_t k = 0; k < BT_PERSON_MEASURES; k++)
        of.m[k] += 0.01 * lines[woman][k].left_over / 1.96 * drawn(seed, index, DIM_LEFT_OVER + k);
    of.age_years = age_years;
    of.height_m -= lost_m(woman, age_years);
    return of;
}

// ---- children -----------------------------------------------------------------------------------
// WHO 2007 from 5 to 19 years, every two: height in centimetres (L is 1) and body mass index.
#define AGES 8
typedef struct growth {
    double height_m, height_s, mass_l, mass_m, mass_s;
} growth;
static const growth ages[2][AGES] = {
    {{109.7265, 0.04156, -0.7151, 15.2679, 0.08366},
     {121.7338, 0.04342, -1.2460, 15.4832, 0.09068},
     {132.5652, 0.04535, -1.6318, 16.0490, 0.10038},
     {143.1126, 0.04703, -1.7862, 16.9392, 0.11070},
     {156.0426, 0.04760, -1.7168, 18.2330, 0.11898},
     {168.9580, 0.04619, -1.4961, 19.7744, 0.12412},
     {175.1609, 0.04364, -1.1962, 21.1423, 0.12715},
     {176.5432, 0.04134, -0.8419, 22.1883, 0.12948}},
    {{109.0725, 0.04346, -0.8702, 15.2453, 0.09646},
     {120.8105, 0.04525, -1.2565, 15.4036, 0.10746},
     {132.4944, 0.04612, -1.4650, 16.0964, 0.11816},
     {144.9929, 0.04584, -1.4606, 17.2459, 0.12748},
     {156.3748, 0.04439, -1.3195, 18.8012, 0.13445},
     {161.6692, 0.04255, -1.1311, 20.2125, 0.13904},
     {162.8545, 0.04109, -0.9423, 21.0367, 0.14208},
     {163.1548, 0.04009, -0.7496, 21.4269, 0.14441}},
};

static growth growth_at(bool woman, double age_years)
{
    double at = bt_clamp(0.5 * (age_years - BT_MEASURES_YOUNGEST), 0.0, AGES - 1.0);
    int i = at >= AGES - 1.0 ? AGES - 2 : (int)at;
    const growth *a = &ages[woman][i], *b = a + 1;
    double u = at - i;
    return (growth){
        a->height_m + u * (b->height_m - a->height_m),
        a->height_s + u * (b->height_s - a->height_s), a->mass_l + u * (b->mass_l - a->mass_l),
        a->mass_m + u * (b->mass_m - a->mass_m), a->mass_s + u * (b->mass_s - a->mass_s)};
}

static bt_measures draw_child(uint64_t seed, uint64_t index, bool woman, double age_years)
{
    growth g = growth_at(woman, age_years);
    double z = bt_clamp(drawn(seed, index, DIM_MASS), -2.0, 2.0);
    double height = 0.01 * g.height_m * (1.0 + g.height_s * drawn(seed, index, DIM_HEIGHT));
    double weight =
        g.mass_m * bt_pow(1.0 + g.mass_l * g.mass_s * z, 1.0 / g.mass_l) * height * height;
    const size *s = &sizes[woman];
    double grown = 0.01 * s->mean_cm, heavy = s->mass_index * grown * grown;
    bt_measures of = bt_measures_mean(woman, grown, heavy);
    double thinner = sqrt(weight / height / (heavy / grown));
    for (int k = 0; k < BT_PERSON_MEASURES; k++)
        of.m[k] *= thinner;
    of.m[BT_PERSON_SHOULDERS] = 0.217 * height;
    of.age_years = age_years;
    of.height_m = height;
    of.weight_kg = weight;
    return of;
}

bt_measures bt_measures_draw(uint64_t seed, uint64_t index, bool woman, double age_years)
{
    return age_years < BT_MEASURES_ADULT ? draw_child(seed, index, woman, age_years)
                                         : draw_adult(seed, index, woman, age_years);
}
