// windshield.c: a far point and an even ground, without and with a pane: double image, transmission.
// camera.md 1.9.
//
// The pane is flat, clear and wedged, thicker at the top; the lens is a long one that diffracts, so that
// both images stand apart. Light mirrored at the outer, then at the inner face comes in at
//     delta = 2 a sqrt(n^2 - sin^2 t) / cos t
// from the straight one, with the share R_s^2 and R_p^2 of it, each weighted by its (1 - R)^2.
// Pictures are the light on the sensor: no noise, no counts.
#include "sensors/bench/lab.h"

#include <math.h>
#include <stdio.h>

#include "sensors/camera/camera_lua.h"

#define FOCAL_PX 12000.0 // chosen: parts the images by 8 pixels at least
#define INDEX 1.52
#define THICK_M 4.96e-3
#define PANE_M 0.2
#define FAR_M 5000.0 // the images' rays are millimetres apart
#define HALF_PX 1.0  // half a side of the point
#define NM 550.0     // whose index rays bend by (optics/shield.h)
#define NEAR_PX 4.0  // about the brightest place that an image's light is gathered from
#define ARCMIN (BT_RAD_PER_DEG / 60.0)

typedef struct pane {
    double wedge_rad, rake_deg;
} pane;

static const pane panes[] = {{3e-4, 60.0}, {1e-4, 70.0}, {2e-4, 65.0}, {3e-4, 70.0}, {2e-4, 55.0}};
#define PANE_COUNT (sizeof panes / sizeof *panes)

typedef struct glazed {
    bench *b;
    uint32_t band;
    bench_text table;
} glazed;

// ---- the sheet's promise ----------------------------------------------------------------------
static void mirrored(double incidence_rad, double share[2])
{
    double inside = asin(sin(incidence_rad) / INDEX);
    double minus = incidence_rad - inside, plus = incidence_rad + inside;
    share[0] = pow(sin(minus) / sin(plus), 2.0);
    share[1] = pow(tan(minus) / tan(plus), 2.0);
}

static double true_angle(pane p)
{
    double t = p.rake_deg * BT_RAD_PER_DEG;
    return 2.0 * p.wedge_rad * sqrt(INDEX * INDEX - sin(t) * sin(t)) / cos(t);
}

static double true_straight(pane p)
{
    double share[2];
    mirrored(p.rake_deg * BT_RAD_PER_DEG, share);
    return 0.5 * (pow(1.0 - share[0], 2.0) + pow(1.0 - share[1], 2.0));
}

static double true_ratio(pane p)
{
    double share[2], ghost = 0.0;
    mirrored(p.rake_deg * BT_RAD_PER_DEG, share);
    for (int i = 0; i < 2; i++)
        ghost += 0.5 * pow((1.0 - share[i]) * share[i], 2.0);
    return ghost / true_straight(p);
}

// ---- pictures ---------------------------------------------------------------------------------
static bt_windshield glass_of(pane p)
{
    bt_windshield w;
    bt_windshield_init(&w);
    snprintf(w.name, sizeof w.name, "bench");
    w.numbers[BT_WINDSHIELD_RAKE_DEG].value = p.rake_deg;
    w.numbers[BT_WINDSHIELD_AZIMUTH_DEG].value = 0.0;
    w.numbers[BT_WINDSHIELD_DISTANCE_M].value = PANE_M;
    w.numbers[BT_WINDSHIELD_THICKNESS_M].value = THICK_M;
    w.numbers[BT_WINDSHIELD_WIDTH_M].value = 0.0;
    w.numbers[BT_WINDSHIELD_HEIGHT_M].value = 0.0;
    w.numbers[BT_WINDSHIELD_RADIUS_HORIZONTAL_M].value = 0.0;
    w.numbers[BT_WINDSHIELD_RADIUS_VERTICAL_M].value = 0.0;
    w.numbers[BT_WINDSHIELD_WEDGE_RAD].value = p.wedge_rad;
    w.numbers[BT_WINDSHIELD_WEDGE_DIRECTION_DEG].value = 90.0;
    w.numbers[BT_WINDSHIELD_INDEX].value = INDEX;
    w.numbers[BT_WINDSHIELD_ABBE].value = 0.0;
    return w;
}

static void hang(lab *l, bool even)
{
    uint32_t lamp = lab_lamp(l, lab_flat(l, 1.0), 1.0);
    double half = even ? FAR_M : HALF_PX * FAR_M / FOCAL_PX;
    lab_panel(l, lamp, (bt_vec3){-half, -half, FAR_M}, (bt_vec3){2.0 * half, 0, 0},
              (bt_vec3){0, 2.0 * half, 0});
}

// The light of a subject through a pane (NULL: none).
static bt_status photograph(const glazed *g, const bt_windshield *glass, bool even, bt_film **film)
{
    lab l;
    bt_view view;
    bt_camera *camera = NULL;
    bt_camera_state state;
    const bench *b = g->b;
    bt_camera_desc desc = {.sheet = &b->sheet,
                           .width_px = b->width_px,
                           .height_px = b->height_px,
                           .seed = b->desc->seed,
                           .windshield = glass,
                           .without_spread = even,
                           .vehicle_from_cam = bt_camera_mount(1.5, 0.0, 1.3, 0.0, 0.0, 0.0)};
    bt_status status = bt_camera_create(&desc, b->desc->jobs, &camera);
    lab_begin(&l, b);
    l.max_depth = 1; // what shines reflects nothing
    hang(&l, even);
    lab_finish(&l);
    if (status == BT_OK) {
        bt_camera_state_init(camera, &state);
        bt_camera_view(camera, &state, BT_POSE_IDENTITY, &view);
        status = lab_film(&l, camera, &view, NULL, even, film, NULL);
    }
    lab_clear(&l);
    bt_camera_destroy(camera);
    return status;
}

// ---- measuring --------------------------------------------------------------------------------
typedef struct image {
    double x, y, light;
} image;

// Light less that of the place opposite the middle: the straight image's own falls out of it.
static double odd_light(const glazed *g, const bt_film *film, const image *middle, int x, int y)
{
    int width = (int)film->width_px, height = (int)film->height_px;
    if (x < 0 || y < 0 || x >= width || y >= height) return 0.0;
    double light = bench_rate(film, g->band, (uint32_t)x, (uint32_t)y);
    if (!middle) return light;
    int across = (int)floor(2.0 * middle->x + 0.5) - x,
        down = (int)floor(2.0 * middle->y + 0.5) - y;
    if (across < 0 || down < 0 || across >= width || down >= height) return light;
    return light - bench_rate(film, g->band, (uint32_t)across, (uint32_t)down);
}

// Brightest place, at least 3 pixels off the middle, and the centroid of the light about it.
static image find_image(const glazed *g, const bt_film *film, const image *middle)
{
    int best_x = 0, best_y = 0, reach = (int)NEAR_PX;
    double best = -INFINITY;
    image found = {0};
    for (int y = 0; y < (int)film->height_px; y++)
        for (int x = 0; x < (int)film->width_px; x++) {
            double own = odd_light(g, film, middle, x, y);
            if (middle && hypot(x - middle->x, y - middle->y) < 3.0) continue;
            if (own > best) best = own, best_x = x, best_y = y;
        }
    for (int y = best_y - reach; y <= best_y + reach; y++)
        for (int x = best_x - reach; x <= best_x + reach; x++) {
            double own = odd_light(g, film, middle, x, y);
            found.light += own;
            found.x += own * x;
            found.y += own * y;
        }
    found.x /= found.light;
    found.y /= found.light;
    return found;
}

static double sum_of(const glazed *g, const bt_film *film)
{
    double sum = 0.0;
    for (uint32_t y = 0; y < film->height_px; y++)
        for (uint32_t x = 0; x < film->width_px; x++)
            sum += bench_rate(film, g->band, x, y);
    return sum;
}

static bt_status score(glazed *g, pane p, const bt_film *point, double straight)
{
    char where[40];
    image direct = find_image(g, point, NULL), ghost = find_image(g, point, &direct);
    double angle = hypot(ghost.x - direct.x, ghost.y - direct.y) / FOCAL_PX / ARCMIN;
    double ratio = true_ratio(p);
    snprintf(where, sizeof where, "%.0f deg %.2f mrad", p.rake_deg, p.wedge_rad * 1e3);
    bt_status status = bench_add(g->b, "double_angle", where, "arcmin", true_angle(p) / ARCMIN,
                                 0.05, 0.05, NAN, angle);
    if (status == BT_OK)
        status = bench_add(g->b, "double_ratio", where, "", ratio, 0.02 * ratio, 0.02 * ratio, NAN,
                           ghost.light / direct.light);
    double through = true_straight(p);
    if (status == BT_OK)
        status = bench_add(g->b, "transmission", where, "", through, 0.002 * through,
                           0.002 * through, NAN, straight);
    return status;
}

static bt_status take_pane(glazed *g, pane p, double free_light)
{
    bt_film *point = NULL, *even = NULL;
    bt_windshield glass = glass_of(p);
    char name[64];
    snprintf(name, sizeof name, "point_%.0f_%.0f.csv", p.rake_deg, p.wedge_rad * 1e6);
    bt_status status = photograph(g, &glass, false, &point);
    if (status == BT_OK) status = bench_write_rates(g->b, point, g->band, name);
    if (status == BT_OK) status = photograph(g, &glass, true, &even);
    if (status == BT_OK) {
        double straight = sum_of(g, even) / free_light;
        bench_print(&g->table, "%s,%.9g,%.9g,%g,%g,%.9g\n", name, p.rake_deg, p.wedge_rad, INDEX,
                    FOCAL_PX, straight);
        status = score(g, p, point, straight);
    }
    bt_film_destroy(point);
    bt_film_destroy(even);
    return status;
}

bt_status bench_windshield(bench *b)
{
    glazed g = {.b = b, .band = b->truth.band_count > 1 ? 1 : 0};
    bt_film *even = NULL;
    bench_put_perfect_lens_on(b, FOCAL_PX, 8.0);
    bench_filter(b, NM);
    snprintf(b->note, sizeof b->note, "a lens of %g pixels at f/8, %.0f nm\n", FOCAL_PX, NM);
    bench_print(&g.table, "file,rake_deg,wedge_rad,index,focal_px,straight\n");
    bt_status status = photograph(&g, NULL, true, &even);
    double free_light = status == BT_OK ? sum_of(&g, even) : 0.0;
    for (uint32_t i = 0; i < b->steps && i < PANE_COUNT && status == BT_OK; i++)
        status = take_pane(&g, panes[i], free_light);
    bt_film_destroy(even);
    bt_status written = bench_text_write(b, &g.table, "windshield.csv");
    return status != BT_OK ? status : written;
}
