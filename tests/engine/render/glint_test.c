// glint_test.c: the sun in a ball of chrome or of glass, smaller than a pixel, against the closed form: a convex mirror sends what it
// meets alike into all directions, E R^2 / 4 per steradian. Few samples are enough, for lobes are as wide as what
// normals turn by between them.
#include "tests/engine/render/render_fixture.h"
#include "tests/support/sanitized.h"

#define BALL_M 0.01
#define AWAY_M 4.0
#define FOCAL_PX 100.0 // a pixel is 4 cm wide there
#define WHITE 0.5
#define FRAMES (1024u / SANITIZED_SHARE) // what is allowed is known by how they scatter
#define WIDTH_PX 4u

// With the sun behind the camera.
static fx_scene begin(void)
{
    fx_scene s;
    fx_begin(&s);
    s.weather.sun_azimuth_rad = 2.6;
    return s;
}

static bt_vec3 sun_dir(const fx_scene *s)
{
    double up = s->weather.sun_elevation_rad, round = s->weather.sun_azimuth_rad;
    return (bt_vec3){cos(up) * cos(round), cos(up) * sin(round), sin(up)};
}

// A black square between the sun and a point, facing both.
static void add_shade(fx_scene *s, bt_vec3 point)
{
    bt_vec3 sun = sun_dir(s), side = bt_vec3_normalize(bt_vec3_cross((bt_vec3){0, 0, 1}, sun));
    bt_vec3 up = bt_vec3_cross(sun, side);
    bt_vec3 middle = bt_vec3_add(point, bt_vec3_scale(sun, 3.0));
    bt_vec3 corner = bt_vec3_sub(middle, bt_vec3_scale(bt_vec3_add(side, up), 0.06));
    uint32_t black = fx_plain(s, "black", BT_MATERIAL_DIFFUSE, 0.0, 0.0f);
    fx_static(s, fx_quad(s, black, corner, bt_vec3_scale(side, 0.12), bt_vec3_scale(up, 0.12)), 0,
              0, 0);
}

typedef struct sums {
    double mean, deviation; // of a frame's
} sums;

// Of the film's pixels.
static sums render(fx_scene *s)
{
    sums r = {0};
    double square = 0.0;
    fx_compile(s);
    fx_place_still(s, fx_look((bt_vec3){0, 0, 0}, (bt_vec3){1, 0, 0}));
    bt_view v = fx_view(WIDTH_PX, WIDTH_PX, FOCAL_PX);
    for (uint32_t frame = 0; frame < FRAMES; frame++) {
        bt_render_settings settings = {.samples = 32, .frame = frame, .seed = 5};
        bt_film *film = fx_render(s, &v, &settings, NULL);
        double sum = fx_mean(film, 0) * v.width_px * v.height_px;
        r.mean += sum / FRAMES;
        square += sum * sum / FRAMES;
        bt_film_destroy(film);
    }
    r.deviation = sqrt(fmax(square - r.mean * r.mean, 0.0));
    fx_end(s);
    return r;
}

// Chrome; or a thin pane blown round a black ball.
static sums ball(bool pane, bool shade)
{
    fx_scene s = begin();
    uint32_t chrome = fx_plain(&s, "chrome", BT_MATERIAL_CONDUCTOR, 1.0, 0.06f);
    uint32_t glass = fx_plain(&s, "glass", BT_MATERIAL_GLASS_THIN, 1.0, 0.0f);
    uint32_t black = fx_plain(&s, "inside", BT_MATERIAL_DIFFUSE, 0.0, 0.0f);
    fx_static(&s, fx_sphere(&s, pane ? glass : chrome, BALL_M, 48), AWAY_M, 0, 0);
    if (pane) fx_static(&s, fx_sphere(&s, black, 0.98 * BALL_M, 48), AWAY_M, 0, 0);
    if (shade) add_shade(&s, (bt_vec3){AWAY_M, 0, 0});
    return render(&s);
}

// Band rates of the sun on a plane that faces it, from how bright it makes a white one.
static double sun_rate(void)
{
    sums lit[2];
    for (int shade = 0; shade < 2; shade++) {
        fx_scene s = begin();
        bt_vec3 sun = sun_dir(&s), side = bt_vec3_normalize(bt_vec3_cross((bt_vec3){0, 0, 1}, sun));
        bt_vec3 up = bt_vec3_cross(sun, side), half = bt_vec3_scale(bt_vec3_add(side, up), 0.01);
        bt_vec3 corner = bt_vec3_sub((bt_vec3){0.1, 0, 0}, half);
        uint32_t white = fx_plain(&s, "white", BT_MATERIAL_DIFFUSE, WHITE, 0.0f);
        fx_static(&s,
                  fx_quad(&s, white, corner, bt_vec3_scale(side, 0.02), bt_vec3_scale(up, 0.02)), 0,
                  0, 0);
        if (shade) add_shade(&s, (bt_vec3){0.1, 0, 0});
        lit[shade] = render(&s);
    }
    return (lit[0].mean - lit[1].mean) / (WIDTH_PX * WIDTH_PX) * BT_PI / WHITE;
}

// What both faces of a pane of index 1.5 mirror, where the sun is seen: at half the angle between it and the eye.
static double pane_mirrors(void)
{
    fx_scene s = begin();
    double half = 0.5 * acos(-sun_dir(&s).x), inside = asin(sin(half) / 1.5);
    double r_s = pow(sin(half - inside) / sin(half + inside), 2.0);
    double r_p = pow(tan(half - inside) / tan(half + inside), 2.0);
    fx_end(&s);
    return r_s / (1.0 + r_s) + r_p / (1.0 + r_p);
}

// `most`: of a frame's deviation, over its mean; as narrow as the surfaces are smooth they have 9 and some 100.
static void check_ball(const char *name, bool pane, double want, double most)
{
    sums with = ball(pane, false), without = ball(pane, true);
    double sun = (with.mean - without.mean) / want;
    double doubt = (with.deviation + without.deviation) / sqrt(FRAMES) / want;
    printf("%s: %.3f of the closed form +- %.3f; a frame's deviation %.3f\n", name, sun, doubt,
           with.deviation / want);
    CHECK(fabs(sun - 1.0) < 0.06 + 3.0 * doubt);
    CHECK(with.deviation < most * want);
}

int main(void)
{
    double rate = sun_rate();
    // per steradian and pixel: E R^2 / 4, over the distance squared, in a pixel's solid angle
    double want = rate * 0.25 * pow(BALL_M / AWAY_M * FOCAL_PX, 2.0);
    check_ball("chrome", false, want, 2.0);
    check_ball("pane", true, want * pane_mirrors(), 4.0);
    return check_end();
}
