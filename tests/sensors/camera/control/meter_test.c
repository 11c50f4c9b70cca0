// meter_test.c: exposure from scenes whose right exposure is known.
#include "sensors/camera/control/meter.h"

#include "tests/support/check.h"

#define WIDTH 90
#define HEIGHT 60

static float rates[WIDTH * HEIGHT];
static bt_film film = {.width_px = WIDTH, .height_px = HEIGHT, .band_count = 1, .rate_e_s = rates};

static bt_meter plain_meter(void)
{
    return (bt_meter){.key = 0.18,
                      .highlights = 0.01,
                      .gain_max = 6.0,
                      .saturation_e = 20000.0,
                      .exposure_min_s = 1e-5,
                      .exposure_max_s = 2e-2,
                      .analog_gain_min = 1.0,
                      .analog_gain_max = 8.0};
}

static void fill(float low, float high, int high_count)
{
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        rates[i] = i % (WIDTH * HEIGHT / high_count) == 0 ? high : low;
}

static double output(const bt_meter *meter, const bt_metered *m, double rate)
{
    return rate * m->exposure_s * m->analog_gain * m->digital_gain / meter->saturation_e;
}

int main(void)
{
    bt_meter meter = plain_meter();
    bt_metered m;

    // an even scene: key without any gain
    fill(2e6f, 2e6f, 1);
    bt_meter_film(&meter, &film, &m);
    CHECK_NEAR(m.middle_e_s, 2e6, 2.0);
    CHECK_NEAR(m.exposure_s, 0.18 * 20000.0 / 2e6, 1e-8);
    CHECK(m.analog_gain == 1.0);
    CHECK_NEAR(m.digital_gain, 1.0, 1e-6);

    // 10 % of it 12 times as bright: highlights kept below saturation, middle lifted by gain
    fill(2e6f, 2.4e7f, WIDTH * HEIGHT / 10);
    bt_meter_film(&meter, &film, &m);
    CHECK(2.4e7 * m.exposure_s <= 0.9 * 20000.0 * 1.001);
    CHECK(2.4e7 * m.exposure_s >= 0.9 * 20000.0 * 0.957); // a bin of 1/16 stop
    CHECK_NEAR(output(&meter, &m, m.middle_e_s), 0.18, 1e-4);
    CHECK(m.digital_gain > 1.0 && m.digital_gain <= 6.0);

    // fewer than `highlights` of them may clip
    fill(2e6f, 2e9f, 20);
    bt_meter_film(&meter, &film, &m);
    CHECK_NEAR(output(&meter, &m, m.middle_e_s), 0.18, 1e-4);
    CHECK(2e9 * m.exposure_s > 20000.0);

    // beyond gain_max highlights give way
    fill(2e6f, 2e9f, WIDTH * HEIGHT / 10);
    bt_meter_film(&meter, &film, &m);
    CHECK_NEAR(m.digital_gain, 6.0, 1e-6);
    CHECK_NEAR(output(&meter, &m, m.middle_e_s), 0.18, 1e-4);

    // dusk: the longest exposure and analog gain, then digital
    fill(5e4f, 5e4f, 1);
    bt_meter_film(&meter, &film, &m);
    CHECK_NEAR(m.exposure_s, 2e-2, 1e-12);
    CHECK_NEAR(m.analog_gain, 0.18 * 20000.0 / (5e4 * 2e-2), 1e-3);
    CHECK_NEAR(output(&meter, &m, 5e4), 0.18, 1e-4);
    fill(5e2f, 5e2f, 1);
    bt_meter_film(&meter, &film, &m);
    CHECK(m.analog_gain == 8.0 && m.digital_gain == 6.0);

    // whole rows, brightness kept by digital gain
    meter.row_time_s = 1e-4;
    fill(2e6f, 2e6f, 1);
    bt_meter_film(&meter, &film, &m);
    CHECK_NEAR(m.exposure_s, 1.8e-3, 1.01e-4);
    CHECK_NEAR(fmod(m.exposure_s / 1e-4 + 0.5, 1.0), 0.5, 1e-6);
    CHECK_NEAR(output(&meter, &m, 2e6), 0.18, 1e-4);
    CHECK(m.analog_gain == 1.0);

    // beyond a fisheye's field there is nothing: it does not count
    meter = plain_meter();
    fill(2e6f, 2e6f, 1);
    for (int i = 0; i < WIDTH * HEIGHT; i += 3)
        rates[i] = 0.0f;
    bt_meter_film(&meter, &film, &m);
    CHECK_NEAR(m.middle_e_s, 2e6, 2.0);
    CHECK_NEAR(m.digital_gain, 1.0, 1e-6);

    // nothing to see
    fill(0.0f, 0.0f, 1);
    bt_meter_film(&meter, &film, &m);
    CHECK(m.exposure_s <= 2e-2 && m.analog_gain == 8.0 && m.digital_gain == 6.0);
    return check_end();
}
