// wet_test.c: puddles grow with the wetness, keep their share with distance, and lie only on ground.
#include "tests/support/check.h"

#include "shaders/shared/wet.h"

static bt_surface ground_at(float x, float y, float footprint_m)
{
    bt_surface s;
    memset(&s, 0, sizeof s);
    s.pos_noise = float3(x, y, 0.0f);
    s.normal_geometric = float3(0.0f, 0.0f, 1.0f);
    s.normal = normalize3(float3(0.2f, 0.0f, 1.0f));
    s.footprint_m = footprint_m;
    s.footprint_max_m = footprint_m;
    return s;
}

static double share(float wet, float footprint_m)
{
    double sum = 0.0;
    for (int y = 0; y < 160; y++)
        for (int x = 0; x < 160; x++) {
            bt_surface s = ground_at((float)x * 0.73f, (float)y * 0.73f, footprint_m);
            sum += (double)bt_wet_puddle(wet, 0.0f, s) / (160.0 * 160.0);
        }
    return sum;
}

static void test_share(void)
{
    double before = -1.0;
    for (int i = 0; i <= 4; i++) {
        float wet = (float)i / 4.0f;
        double near = share(wet, 0.01f), far = share(wet, 40.0f);
        printf("wet %.2f: %.3f under water, from afar %.3f\n", (double)wet, near, far);
        CHECK(near > before);
        CHECK_NEAR(far, near, 0.08);
        before = near;
    }
    CHECK(share(0.0f, 0.01f) < 0.05 && before > 0.5);
}

static void test_place(void)
{
    for (int i = 0; i < 400; i++) {
        bt_material m = {.pattern = BT_PATTERN_ASPHALT, .wet = 0.7f};
        bt_surface s = ground_at((float)i * 0.37f, 3.0f, 0.01f);
        float pool = bt_wet_puddle(m.wet, m.pattern_scale_m, s);
        bt_wet_apply(&m, &s);
        CHECK(m.wet >= 0.38f && m.wet <= 1.0f);
        if (pool >= 1.0f) CHECK(m.wet == 1.0f && s.normal[2] > 0.99999f);
        // a wall and a thing without pools stay as they are
        bt_material wall = {.pattern = BT_PATTERN_ASPHALT, .wet = 0.7f};
        bt_surface upright = ground_at((float)i * 0.37f, 3.0f, 0.01f);
        upright.normal_geometric = float3(1.0f, 0.0f, 0.0f);
        bt_wet_apply(&wall, &upright);
        CHECK(wall.wet == 0.7f);
    }
}

// Of lanes of 3.3 m: water stands in the wheel tracks before it does between them.
static void test_ruts(void)
{
    double track = 0.0, middle = 0.0;
    for (int i = 0; i < 4000; i++) {
        float x = (float)i * 0.73f;
        for (int k = 0; k < 2; k++) {
            bt_surface s = ground_at(x, 0.0f, 0.01f);
            s.uv = float2(x, 1.65f + (k == 0 ? 0.78f : 0.0f));
            *(k == 0 ? &track : &middle) += (double)bt_wet_puddle(0.6f, 3.3f, s) / 4000.0;
        }
    }
    printf("wet 0.60: %.3f of the wheel tracks under water, %.3f between them\n", track, middle);
    CHECK(track > 1.5 * middle);
    CHECK_NEAR(middle, share(0.6f, 0.01f), 0.1);
}

int main(void)
{
    test_ruts();
    test_share();
    test_place();
    return check_end();
}
