// pattern_test.c: every pattern at every scale: bounded, finite, the same again; far away it settles
// to its mean without a jump, so that distance neither brightens nor flickers.
#include "tests/support/check.h"

#include "shaders/shared/pattern.h"

static bt_material material_of(uint pattern)
{
    bt_material m;
    memset(&m, 0, sizeof m);
    m.kind = BT_MATERIAL_DIFFUSE;
    m.pattern = pattern;
    m.roughness = 0.7f;
    m.roughness2 = 0.9f;
    m.bump = 0.6f;
    m.wear = 0.5f;
    m.strength = 1.0f;
    if (pattern == BT_PATTERN_ASPHALT) m.pattern_scale_m = 3.5f;
    return m;
}

static bt_surface surface_of(uint i, float extent_m, float footprint_m)
{
    bt_surface s;
    memset(&s, 0, sizeof s);
    float x = (noise_unit(noise_mix(3u * i)) - 0.5f) * extent_m;
    float y = (noise_unit(noise_mix(3u * i + 1u)) - 0.5f) * extent_m;
    s.uv = float2(x, y);
    s.pos_noise = float3(x, y, noise_unit(noise_mix(3u * i + 2u)) * 3.0f);
    s.pos_mesh = s.pos_noise;
    s.normal_geometric = (i & 1u) ? float3(0.0f, 0.0f, 1.0f) : float3(0.0f, -1.0f, 0.0f);
    s.tangent = float3(1.0f, 0.0f, 0.0f);
    s.bitangent = (i & 1u) ? float3(0.0f, 1.0f, 0.0f) : float3(0.0f, 0.0f, 1.0f);
    s.footprint_m = footprint_m;
    s.footprint_max_m = footprint_m;
    s.cos_view = 1.0f;
    s.hash = noise_mix(i >> 8);
    s.normal = s.normal_geometric;
    s.tint = 1.0f;
    return s;
}

static void check_sound(const bt_surface *s, const bt_surface *before)
{
    CHECK(s->weight >= 0.0f && s->weight <= 1.0f);
    CHECK(s->tint >= 0.0f && s->tint <= 8.0f);
    CHECK(s->roughness >= 0.0f && s->roughness <= 1.0f);
    CHECK_NEAR(dot3(s->normal, s->normal), 1.0, 1e-4);
    CHECK(dot3(s->normal, before->normal_geometric) > 0.5f);
}

static void test_bounds(void)
{
    static const float footprints_m[5] = {0.0f, 0.0005f, 0.01f, 0.3f, 50.0f};
    static const float extents_m[3] = {20.0f, 1.0e4f, 1.0e12f};
    for (uint pattern = 0; pattern < BT_PATTERN_COUNT; pattern++)
        for (uint i = 0; i < 3000; i++) {
            bt_material m = material_of(pattern);
            bt_surface s = surface_of(i, extents_m[i % 3u], footprints_m[i % 5u]);
            bt_surface a = s, b = s;
            bt_pattern_apply(m, A(a));
            bt_pattern_apply(m, A(b));
            check_sound(&a, &s);
            CHECK(a.tint == b.tint && a.weight == b.weight && a.roughness == b.roughness);
        }
}

typedef struct moments {
    double tint, tint2, weight;
} moments;

static moments measure(uint pattern, float footprint_m)
{
    const uint count = 20000;
    moments sum = {0.0, 0.0, 0.0};
    bt_material m = material_of(pattern);
    for (uint i = 0; i < count; i++) {
        bt_surface s = surface_of(i, 2000.0f, footprint_m);
        bt_pattern_apply(m, A(s));
        sum.tint += (double)s.tint;
        sum.tint2 += (double)(s.tint * s.tint);
        sum.weight += (double)s.weight;
    }
    sum.tint /= count;
    sum.tint2 = sum.tint2 / count - sum.tint * sum.tint;
    sum.weight /= count;
    return sum;
}

// The mean reflectance of a surface must not depend on the distance it is seen from.
static void test_means(void)
{
    static const float footprints_m[6] = {0.001f, 0.004f, 0.016f, 0.064f, 0.25f, 1.0f};
    for (uint pattern = 1; pattern < BT_PATTERN_COUNT; pattern++) {
        moments near = measure(pattern, footprints_m[0]);
        double variance = near.tint2;
        for (int k = 1; k < 6; k++) {
            moments m = measure(pattern, footprints_m[k]);
            if (fabs(m.tint - near.tint) > 0.06 || fabs(m.weight - near.weight) > 0.08)
                printf("pattern %u at %g m: tint %.3f of %.3f, weight %.3f of %.3f\n", pattern,
                       (double)footprints_m[k], m.tint, near.tint, m.weight, near.weight);
            CHECK_NEAR(m.tint, near.tint, 0.06);
            CHECK_NEAR(m.weight, near.weight, 0.08);
            // averaging removes contrast, it never adds any
            CHECK(m.tint2 < variance * 1.1 + 1e-4);
            variance = fmin(variance, m.tint2);
        }
    }
}

// Without wear, bump and strength only what is built in remains: joints, plates, tiles.
static void test_plain(void)
{
    static const uint smooth[] = {BT_PATTERN_PLASTER, BT_PATTERN_GROUND, BT_PATTERN_PAINT,
                                  BT_PATTERN_METAL,   BT_PATTERN_RUBBER, BT_PATTERN_CLOTH,
                                  BT_PATTERN_LEAF,    BT_PATTERN_BARK,   BT_PATTERN_HAIR};
    for (size_t k = 0; k < sizeof smooth / sizeof *smooth; k++)
        for (uint i = 0; i < 300; i++) {
            bt_material m = material_of(smooth[k]);
            m.wear = m.bump = m.strength = 0.0f;
            bt_surface s = surface_of(i, 50.0f, 0.002f);
            bt_pattern_apply(m, A(s));
            CHECK_NEAR(s.tint, 1.0, 1e-6);
            CHECK_NEAR(s.weight, 0.0, 1e-6);
            CHECK_NEAR(dot3(s.normal, s.normal_geometric), 1.0, 1e-6);
        }
}

// The piece below a sill is the wall's own face but for the dirt: the same where none comes (at the
// sill itself, beyond its reach), never cleaner, and dirtier within.
static void test_below_sill(void)
{
    const float reach_m = 0.9f;
    bt_material wall = material_of(BT_PATTERN_PLASTER), piece = wall;
    piece.pattern_scale_m = reach_m;
    double more = 0.0;
    for (uint i = 0; i < 4000; i += 2) { // upright ones
        bt_surface a = surface_of(i, 50.0f, 0.002f);
        float below = reach_m * to_f(to_i(i % 8u)) / 6.0f;
        a.uv = float2(0.6f * noise_unit(noise_mix(i)), below);
        bt_surface b = a;
        bt_pattern_apply(wall, A(a));
        bt_pattern_apply(piece, A(b));
        CHECK(a.tint == b.tint && a.roughness <= b.roughness + 1e-6f && a.weight <= b.weight);
        if (below == 0.0f || below >= reach_m) CHECK(a.weight == b.weight);
        more += (double)(b.weight - a.weight) / 2000.0;
    }
    CHECK(more > 0.01 && more < 0.2);
}

int main(void)
{
    test_below_sill();
    test_bounds();
    test_means();
    test_plain();
    return check_end();
}
