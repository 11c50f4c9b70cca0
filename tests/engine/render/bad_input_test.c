// bad_input_test.c: worlds that cannot be right: an error or a named warning, never a black frame
// passed off as good.
#include "tests/engine/render/render_fixture.h"

#include "engine/core/log.h"
#include "engine/render/internal.h"

// ---- warnings -------------------------------------------------------------------------------------
typedef struct heard {
    int count;
    char last[512];
} heard;

static void hear(void *context, bt_log_level level, const char *message)
{
    heard *h = context;
    if (level != BT_LOG_WARNING) return;
    h->count++;
    snprintf(h->last, sizeof h->last, "%s", message);
}

// ---- meshes ---------------------------------------------------------------------------------------
typedef struct soup {
    float positions[3 * 12];
    uint32_t indices[3 * 4], triangles;
} soup;

static void soup_add(soup *s, const float corners[9])
{
    memcpy(s->positions + 9 * s->triangles, corners, 9 * sizeof *corners);
    for (uint32_t k = 0; k < 3; k++)
        s->indices[3 * s->triangles + k] = 3 * s->triangles + k;
    s->triangles++;
}

static bt_status soup_mesh(fx_scene *s, uint32_t material, const soup *from, uint32_t *mesh)
{
    bt_slot slot = {material, BT_CLASS_PROP};
    bt_mesh_desc desc = {.name = "soup",
                         .positions = from->positions,
                         .vertex_count = 3 * from->triangles,
                         .indices = from->indices,
                         .triangle_count = from->triangles,
                         .slots = &slot,
                         .slot_count = 1};
    return bt_spec_add_mesh(s->spec, &desc, mesh);
}

static const float big[9] = {4, -3, -3, 4, 3, -3, 4, 0, 4};
static const float point[9] = {3, 0, 0, 3, 0, 0, 3, 0, 0};
static const float line[9] = {3, -1, 0, 3, 0, 0, 3, 1, 0};
static const float sliver[9] = {3, -1, 0.3f, 3, 1, 0.3f, 3, 0, 0.3f + 4e-8f};

static bt_film *render_soup(bool with_flat, heard *h)
{
    fx_scene s;
    soup shape = {.triangles = 0};
    uint32_t mesh;
    fx_begin(&s);
    soup_add(&shape, big);
    if (with_flat) {
        soup_add(&shape, point);
        soup_add(&shape, line);
    }
    uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, 0.5, 0.0f);
    bt_log_set(hear, h, BT_LOG_DEBUG);
    CHECK_OK(soup_mesh(&s, grey, &shape, &mesh));
    bt_log_set(NULL, NULL, BT_LOG_ERROR);
    fx_static(&s, mesh, 0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, BT_POSE_IDENTITY);
    bt_view v = fx_view(24, 24, 20.0);
    bt_film *film = fx_render(&s, &v, &(bt_render_settings){.samples = 16}, NULL);
    fx_end(&s);
    return film;
}

// Triangles without area change nothing and are named.
static void test_flat_triangles(void)
{
    heard with = {0}, without = {0};
    bt_film *a = render_soup(true, &with), *b = render_soup(false, &without);
    CHECK(with.count == 1 && without.count == 0);
    CHECK_CONTAINS(with.last, "mesh 'soup': 2 of its 3 triangles have no area");
    CHECK(memcmp(a->rate_e_s, b->rate_e_s, bt_film_plane_stride(a) * sizeof(float)) == 0);
    bt_film_destroy(a);
    bt_film_destroy(b);
}

// A sliver of a few hundredths of a micrometre may be hit; what comes back is a number.
static void test_sliver(void)
{
    fx_scene s;
    soup shape = {.triangles = 0};
    uint32_t mesh;
    fx_begin(&s);
    soup_add(&shape, sliver);
    CHECK_OK(
        soup_mesh(&s, fx_plain(&s, "chrome", BT_MATERIAL_CONDUCTOR, 0.9, 0.0f), &shape, &mesh));
    bt_pose pose = BT_POSE_IDENTITY;
    CHECK_OK(bt_spec_add_static(s.spec, mesh, pose, 1.0, 0));
    pose.pos.x = 0.5;
    CHECK_OK(bt_spec_add_static(s.spec, mesh, pose, 1e-6, 0));
    fx_compile(&s);
    fx_place_still(&s, BT_POSE_IDENTITY);
    // shaded wherever it is met, and where it would be met
    for (uint32_t placed = 0; placed < 2; placed++) {
        bt_hit hit = {.distance = 1.0f, .bary_u = 0.3f, .bary_v = 0.3f, .placed = placed};
        bt_shade_point p;
        bt_shade_point_find(&s.stage->scene, hit, splat3(0.0f), float3(1.0f, 0.0f, 0.0f), 0.5f,
                            0.01f, &p);
        CHECK_NEAR(sqrtf(dot3(p.surface.normal, p.surface.normal)), 1.0, 1e-5);
        CHECK_NEAR(sqrtf(dot3(p.surface.normal_geometric, p.surface.normal_geometric)), 1.0, 1e-5);
    }
    bt_view v = fx_view(16, 64, 3000.0);
    v.lens.cy += 300.0f; // about z = 0.3 at x = 3
    bt_film_destroy(fx_render(&s, &v, &(bt_render_settings){.samples = 16}, NULL));
    fx_end(&s);
}

static void test_refused_vertices(void)
{
    fx_scene s;
    const float wild[4] = {NAN, INFINITY, -INFINITY, 2e8f};
    fx_begin(&s);
    uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, 0.5, 0.0f), mesh;
    for (int i = 0; i < 4; i++) {
        soup shape = {.triangles = 0};
        soup_add(&shape, big);
        shape.positions[5] = wild[i];
        CHECK(soup_mesh(&s, grey, &shape, &mesh) == BT_ERR_INPUT && mesh == BT_NO_INDEX);
        CHECK_CONTAINS(bt_error_message(), "vertex 1");
    }
    // nor may a place or a scale take it out of the floats
    soup shape = {.triangles = 0};
    soup_add(&shape, big);
    bt_pose far = BT_POSE_IDENTITY;
    CHECK_OK(soup_mesh(&s, grey, &shape, &mesh));
    shape.positions[5] = 1e7f;
    CHECK_OK(soup_mesh(&s, grey, &shape, &mesh));
    CHECK(bt_spec_add_static(s.spec, mesh, far, 1e3, 0) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "at a scale of 1000");
    far.pos.y = 1e300;
    CHECK(bt_spec_add_static(s.spec, mesh, far, 1.0, 0) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "from the origin");
    soup none = {.triangles = 0};
    CHECK(soup_mesh(&s, grey, &none, &mesh) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "no triangles");
    bt_spec_destroy(s.spec);
}

// ---- lamps ----------------------------------------------------------------------------------------
static uint32_t lamp_material(fx_scene *s)
{
    bt_material m = {.kind = BT_MATERIAL_DIFFUSE,
                     .reflectance = fx_flat(s, 0.5),
                     .reflectance2 = BT_NO_SPECTRUM,
                     .emission = fx_flat(s, 1.0),
                     .emission_scale = 5.0f};
    return fx_material(s, "glow", m);
}

static void test_flat_lamp(void)
{
    fx_scene s;
    heard h = {0};
    soup shape = {.triangles = 0};
    uint32_t mesh;
    fx_begin(&s);
    soup_add(&shape, line);
    uint32_t glow = lamp_material(&s);
    bt_log_set(hear, &h, BT_LOG_DEBUG);
    CHECK_OK(soup_mesh(&s, glow, &shape, &mesh));
    bt_log_set(NULL, NULL, BT_LOG_ERROR);
    CHECK(h.count == 2);
    CHECK_CONTAINS(h.last, "material 'glow' has no area and gives no light");
    fx_static(&s, mesh, 0, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, BT_POSE_IDENTITY);
    CHECK(s.stage->scene.light_count == 0);
    bt_view v = fx_view(8, 8, 20.0);
    bt_film_destroy(fx_render(&s, &v, &(bt_render_settings){.samples = 4}, NULL));
    fx_end(&s);
}

// ---- frames ---------------------------------------------------------------------------------------
// Renders from the inside of a dark ball; gives the warnings.
static heard from_inside(double sun_elevation_rad, bool lamp_outside)
{
    fx_scene s;
    heard h = {0};
    fx_begin(&s);
    s.weather.sun_elevation_rad = sun_elevation_rad;
    uint32_t dark = fx_plain(&s, "dark", BT_MATERIAL_DIFFUSE, 0.2, 0.0f);
    fx_static(&s, fx_sphere(&s, dark, 1.0, 16), 0, 0, 0);
    if (lamp_outside) fx_static(&s, fx_sphere(&s, lamp_material(&s), 0.5, 8), 5, 0, 0);
    fx_compile(&s);
    fx_place_still(&s, BT_POSE_IDENTITY);
    bt_view v = fx_view(16, 16, 10.0);
    bt_log_set(hear, &h, BT_LOG_DEBUG);
    bt_film_destroy(fx_render(&s, &v, &(bt_render_settings){.samples = 4}, NULL));
    bt_log_set(NULL, NULL, BT_LOG_ERROR);
    fx_end(&s);
    return h;
}

static void test_black_frames(void)
{
    heard day = from_inside(0.7, false), lamp = from_inside(-0.6, true);
    CHECK(day.count == 1);
    CHECK_CONTAINS(day.last, "the frame at 0.500000 s is black");
    CHECK_CONTAINS(day.last, "though the sky shines");
    CHECK(lamp.count == 1);
    CHECK_CONTAINS(lamp.last, "is black");
}

// A grey ball in the open and a lamp that is far too bright: no warning, and no film that holds what is
// not a number.
static void test_overflow(void)
{
    fx_scene s;
    bt_film *film;
    heard h = {0};
    fx_begin(&s);
    uint32_t grey = fx_plain(&s, "grey", BT_MATERIAL_DIFFUSE, 0.5, 0.0f);
    fx_static(&s, fx_sphere(&s, grey, 1.0, 16), 4, 0, 0);
    bt_material sun = {.kind = BT_MATERIAL_DIFFUSE,
                       .reflectance = fx_flat(&s, 0.5),
                       .reflectance2 = BT_NO_SPECTRUM,
                       .emission = fx_flat(&s, 1e12),
                       .emission_scale = 1e12f};
    fx_static(&s, fx_sphere(&s, fx_material(&s, "too bright", sun), 1.0, 16), -9, 3, 0);
    fx_compile(&s);
    fx_place_still(&s, BT_POSE_IDENTITY);
    bt_view v = fx_view(16, 16, 20.0);
    bt_render_settings settings = {.samples = 4};
    CHECK_OK(bt_film_create(16, 16, 1, &film));
    bt_log_set(hear, &h, BT_LOG_DEBUG);
    CHECK_OK(bt_render_film(s.stage, &v, FX_LABEL_NS, &settings, NULL, film));
    CHECK(h.count == 0);
    bt_log_set(NULL, NULL, BT_LOG_ERROR);
    for (int i = 0; i < BT_SPECTRUM_BINS; i++)
        v.response[0][i] = 1e20f;
    CHECK(bt_render_film(s.stage, &v, FX_LABEL_NS, &settings, NULL, film) == BT_ERR_INTERNAL);
    CHECK_CONTAINS(bt_error_message(), "is not a number");
    v.response[0][7] = NAN;
    CHECK(bt_render_film(s.stage, &v, FX_LABEL_NS, &settings, NULL, film) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "band 0 answers with nan at 415 nm");
    v = fx_view(16, 16, 20.0);
    v.vignette[3] = INFINITY;
    CHECK(bt_render_film(s.stage, &v, FX_LABEL_NS, &settings, NULL, film) == BT_ERR_INPUT);
    bt_film_destroy(film);
    fx_end(&s);
}

int main(void)
{
    test_flat_triangles();
    test_sliver();
    test_refused_vertices();
    test_flat_lamp();
    test_black_frames();
    test_overflow();
    return check_end();
}
