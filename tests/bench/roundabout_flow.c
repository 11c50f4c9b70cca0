// roundabout_flow.c: how many cars an hour a full entry of a roundabout lets in, by how many pass it on the ring, and
// which gaps its drivers take (full_entry.h).
//
//   bench.roundabout_flow [LANES [SEED [SEEDS]]]    1 lane, seed 1, 1 seed, unless said
//
// Beside it the capacity of the Highway Capacity Manual. For one lane that is what drivers let in who need a critical gap
// of 4.98 s, and 2.61 s for each one more (eq. 22-22): how many they would in the very gaps that came is printed too, and
// both times as they are here: the follow-up headway as the mean between two who go into one gap, the critical gap as
// that with which as many would go in as did (after Siegloch 1973, "Die Leistungsermittlung an Knotenpunkten ohne
// Lichtsignalsteuerung").
#include "tests/procedural/roads/full_entry.h"

#include <stdlib.h>

#define FAR_M 3000.0
#define CRITICAL_S 4.98 // HCM, one lane
#define FOLLOW_UP_S 2.61

// How many go into all gaps if each driver needs so long.
static double would_enter(const tally *t, double critical_s, double follow_up_s)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < t->gaps; i++)
        sum += fmax(0.0, floor((t->gap_s[i] - critical_s) / follow_up_s) + 1.0);
    return sum;
}

static double critical_gap(const tally *t, double follow_up_s)
{
    double low = 0.0, high = 20.0, entered = 0.0;
    for (uint32_t i = 0; i < t->gaps; i++)
        entered += t->into[i];
    for (int i = 0; i < 40; i++) {
        double middle = 0.5 * (low + high);
        *(would_enter(t, middle, follow_up_s) > entered ? &low : &high) = middle;
    }
    return low;
}

static void print_row(int lanes, const tally *t)
{
    double hours = (t->to_s - t->from_s) / 3600.0;
    if (!(hours > 0.0)) return;
    double ring = t->passed / hours, in = t->entered / hours;
    printf("%6.0f %6.0f %6.0f   %.2f   %u   (%.0f s)", ring, in, manual_capacity(lanes, ring),
           in / manual_capacity(lanes, ring), t->touches, 3600.0 * hours);
    if (t->follow_ups > 0) {
        double follow_up = t->follow_up_s / t->follow_ups;
        printf("   %.0f, critical gap %.2f s, follow-up %.2f s",
               would_enter(t, CRITICAL_S, FOLLOW_UP_S) / hours, critical_gap(t, follow_up),
               follow_up);
    }
    printf("\n");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const double gaps_s[] = {0.0, 8.5, 7.0, 5.0, 4.0};
    int lanes = argc > 1 && atoi(argv[1]) == 2 ? 2 : 1;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    uint64_t seeds = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    place p;
    bt_status status = make_place(FAR_M, QUEUE_MOST, lanes, &p);
    printf("%d lane%s: on the ring, in: veh/h; HCM; share; touches; HCM's drivers in these gaps\n",
           lanes, lanes > 1 ? "s" : "");
    for (size_t i = 0; i < sizeof gaps_s / sizeof *gaps_s && status == BT_OK; i++)
        for (uint64_t k = 0; k < seeds && status == BT_OK; k++) {
            static tally t;
            status = observe(&p, gaps_s[i], seed + k, &t);
            if (status == BT_OK) print_row(lanes, &t);
        }
    if (status != BT_OK) fprintf(stderr, "%s\n", bt_error_message());
    bt_road_network_destroy(p.net);
    bt_layout_clear(&p.layout);
    return status == BT_OK ? 0 : 2;
}
