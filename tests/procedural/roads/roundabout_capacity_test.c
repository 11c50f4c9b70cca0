// roundabout_capacity_test.c: a full entry of a roundabout of one lane lets in what the Highway Capacity Manual says it
// can, one of two lanes that past an empty ring, and more than half of it past a busy one; nobody touches anybody.
#include "tests/procedural/roads/full_entry.h"
#include "tests/support/check.h"

#define FAR_M 3000.0
#define QUEUE 38u
#define FAR_TWO_M 1500.0
#define QUEUE_TWO 18u

// At least such a share of the manual's, which is a mean: entries differ by a fifth (NCHRP 572, from memory).
static void test_capacity(const place *p, double gap_s, double share)
{
    static tally t;
    CHECK_OK(observe(p, gap_s, 1, &t));
    double hours = (t.to_s - t.from_s) / 3600.0;
    CHECK(hours > 0.0);
    if (!(hours > 0.0)) return;
    double ring = t.passed / hours, in = t.entered / hours,
           manual = manual_capacity(p->desc.lanes, ring);
    printf("%.0f veh/h on the ring, %.0f in, by the manual %.0f; touches %u\n", ring, in, manual,
           t.touches);
    CHECK(in > share * manual && in < 1.2 * manual);
    CHECK(t.touches == 0);
}

int main(void)
{
    place p;
    bt_status status = make_place(FAR_M, QUEUE, 1, &p);
    CHECK_OK(status);
    if (status == BT_OK) {
        test_capacity(&p, 0.0, 0.9);
        test_capacity(&p, 8.5, 0.8);
    }
    bt_road_network_destroy(p.net);
    bt_layout_clear(&p.layout);
    status = make_place(FAR_TWO_M, QUEUE_TWO, 2, &p);
    CHECK_OK(status);
    if (status == BT_OK) {
        test_capacity(&p, 0.0, 0.8);
        test_capacity(&p, 9.0, 0.6);
    }
    bt_road_network_destroy(p.net);
    bt_layout_clear(&p.layout);
    return check_end();
}
