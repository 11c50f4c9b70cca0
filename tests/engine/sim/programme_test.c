// programme_test.c: phases in their order and length, never two groups green.
#include "engine/sim/programme.h"
#include "tests/support/check.h"

static const bt_programme timing = {15 * BT_NS_PER_S, 3 * BT_NS_PER_S, 2 * BT_NS_PER_S};

static void test_order(void)
{
    // one of three groups: 15 green, 3 amber, red, 1 red and amber: 60 in all
    bt_time_ns seen[5] = {0};
    bt_signal_phase last = BT_PHASE_RED_AMBER;
    for (int t = 0; t < 600; t++) {
        bt_signal_phase now = bt_programme_phase(&timing, 0, 3, t * BT_NS_PER_S / 10);
        seen[now]++;
        if (now != last) {
            CHECK((last == BT_PHASE_RED_AMBER && now == BT_PHASE_GREEN) ||
                  (last == BT_PHASE_GREEN && now == BT_PHASE_AMBER) ||
                  (last == BT_PHASE_AMBER && now == BT_PHASE_RED) ||
                  (last == BT_PHASE_RED && now == BT_PHASE_RED_AMBER));
        }
        last = now;
    }
    CHECK(seen[BT_PHASE_GREEN] == 150 && seen[BT_PHASE_AMBER] == 30);
    CHECK(seen[BT_PHASE_RED] == 410 && seen[BT_PHASE_RED_AMBER] == 10);
    CHECK(seen[BT_PHASE_OFF] == 0);
}

static void test_exclusive(void)
{
    for (uint32_t groups = 1; groups <= 6; groups++) {
        bt_time_ns cycle = bt_programme_cycle_ns(&timing, groups);
        for (bt_time_ns t = -cycle; t < 2 * cycle; t += BT_NS_PER_S / 7) {
            int open = 0;
            for (uint32_t g = 0; g < groups; g++) {
                bt_signal_phase p = bt_programme_phase(&timing, g, groups, t);
                open += p == BT_PHASE_GREEN || p == BT_PHASE_AMBER;
                CHECK(p == bt_programme_phase(&timing, g, groups, t + cycle));
            }
            CHECK(open <= 1);
        }
    }
}

static void test_lamps(void)
{
    CHECK(bt_phase_lamps(BT_PHASE_OFF) == 0);
    CHECK(bt_phase_lamps(BT_PHASE_RED_AMBER) == (BT_LAMP_SIGNAL_RED | BT_LAMP_SIGNAL_AMBER));
    CHECK(bt_phase_lamps(BT_PHASE_GREEN) == BT_LAMP_SIGNAL_GREEN);
}

int main(void)
{
    test_order();
    test_exclusive();
    test_lamps();
    return check_end();
}
