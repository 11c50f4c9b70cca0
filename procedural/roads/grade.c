// grade.c: vertical alignment by points of vertical intersection.
#include "procedural/roads/grade.h"

#include "procedural/terrain/noise.h"

#include <math.h>

#define MAX_POINTS 24

double bt_land_height(const bt_land *land, double x_m, double y_m)
{
    return land->hill_m * bt_noise2(land->seed, x_m / land->length_m, y_m / land->length_m);
}

typedef struct profile {
    double s_m[MAX_POINTS], z_m[MAX_POINTS], curve_m[MAX_POINTS]; // curve: length of the parabola
    int count;
} profile;

// Curve lengths from the grade changes; false when a grade is too steep or curves overlap.
static bool fits(profile *p, const bt_road_design *d, double length_m)
{
    double grade = 0.0; // level before the first point and after the last
    for (int i = 0; i < p->count; i++) {
        double next = 0.0;
        if (i + 1 < p->count) next = (p->z_m[i + 1] - p->z_m[i]) / (p->s_m[i + 1] - p->s_m[i]);
        if (fabs(next) > d->grade_max) return false;
        double percent = 100.0 * (next - grade);
        p->curve_m[i] = fabs(percent) * (percent < 0.0 ? d->k_crest : d->k_sag);
        double before = i > 0 ? p->s_m[i] - p->s_m[i - 1] - 0.5 * p->curve_m[i - 1] : p->s_m[0];
        if (0.5 * p->curve_m[i] > before) return false;
        grade = next;
    }
    int last = p->count - 1;
    return 0.5 * p->curve_m[last] <= length_m - p->s_m[last];
}

static void write_profile(bt_street *street, const profile *p)
{
    int n = 0;
    double grade = 0.0;
    double from_s = 0.0;
    for (int i = 0; i < p->count; i++) {
        double next = 0.0;
        if (i + 1 < p->count) next = (p->z_m[i + 1] - p->z_m[i]) / (p->s_m[i + 1] - p->s_m[i]);
        double begin = p->s_m[i] - 0.5 * p->curve_m[i];
        double z = p->z_m[i] - grade * 0.5 * p->curve_m[i];
        if (begin > from_s + 1e-6)
            street->elevation[n++] =
                (bt_street_record){from_s, z - grade * (begin - from_s), grade, 0.0, 0.0};
        if (p->curve_m[i] > 1e-4)
            street->elevation[n++] =
                (bt_street_record){begin, z, grade, (next - grade) / (2.0 * p->curve_m[i]), 0.0};
        from_s = p->s_m[i] + 0.5 * p->curve_m[i];
        if (p->curve_m[i] <= 1e-4) from_s = p->s_m[i];
        grade = next;
    }
    double end = p->z_m[p->count - 1];
    if (street->alignment.length_m > from_s + 1e-6)
        street->elevation[n++] = (bt_street_record){from_s, end, 0.0, 0.0, 0.0};
    street->elevation_count = n;
}

bt_status bt_street_lay_grade(bt_street *street, const bt_land *land, const bt_road_design *design,
                              double z0_m, double z1_m)
{
    double length = street->alignment.length_m;
    double spacing = fmax(8.0 * fmax(design->k_crest, design->k_sag), 40.0);
    profile p = {.count = 2 + (int)fmin(MAX_POINTS - 2, fmax(0.0, length / spacing - 1.0))};
    double end = fmin(0.25 * length, 0.5 * spacing);
    for (int i = 0; i < p.count; i++)
        p.s_m[i] = end + (length - 2.0 * end) * i / (p.count - 1);
    for (int follow = 8; follow >= 0; follow--) {
        for (int i = 0; i < p.count; i++) {
            double share = (double)i / (p.count - 1);
            bool at_end = i == 0 || i + 1 == p.count;
            bt_plan_pose at = bt_alignment_at(&street->alignment, p.s_m[i]);
            double chord = z0_m + (z1_m - z0_m) * share;
            double ground = bt_land_height(land, at.x_m, at.y_m);
            p.z_m[i] = at_end ? chord : chord + (ground - chord) * follow / 8.0;
        }
        if (!fits(&p, design, length)) continue;
        write_profile(street, &p);
        return BT_OK;
    }
    return bt_fail(BT_ERR_INPUT, "road %d: %.1f m of rise do not fit on %.0f m at %.0f km/h",
                   street->id, z1_m - z0_m, length, design->speed_km_h);
}

void bt_street_lay_superelevation(bt_street *street, const bt_road_design *design)
{
    street->superelevation_count = 0;
    if (design->e_max <= 0.0) return;
    for (uint32_t i = 0; i < street->alignment.count; i++) {
        const bt_alignment_piece *p = &street->alignment.pieces[i];
        double k[2] = {p->curvature0_1_m, p->curvature1_1_m};
        double e[2];
        for (int j = 0; j < 2; j++) // a left curve falls to the left
            e[j] = k[j] == 0.0
                       ? 0.0
                       : -copysign(bt_road_design_superelevation(design, 1.0 / fabs(k[j])), k[j]);
        street->superelevation[street->superelevation_count++] =
            (bt_street_record){p->s_m, e[0], (e[1] - e[0]) / p->length_m, 0.0, 0.0};
    }
}
