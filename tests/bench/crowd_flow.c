// crowd_flow.c: how fast people walk at a density, one way and both ways: the fundamental diagram.
//
//     bench.crowd_flow [SECONDS]   30
//
// A ring of pavement, 3 m wide, its middle of radius 9 m, without ends. Beside it the curve of Weidmann 1993,
// "Transporttechnik der Fussgaenger", ETH Zuerich, IVT 90: v = 1.34 (1 - exp(-1.913 (1 / density - 1 / 5.4))).
// Density counts the width that bodies use: 2.3 m for their middles (walker.c) and 0.45 m.
#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/sim/audit.h"
#include "tests/engine/sim/networks.h"

#define RADIUS_M 9.0
#define WIDE_M 3.0
#define USED_M 2.75
#define SETTLE_S 10.0
#define POINTS 160u // of a path, 1 m apart
#define PEOPLE_MAX 640u

static double draw(uint32_t i, uint32_t k, double low, double high)
{
    return bt_random_range(2, BT_STREAM_TRAFFIC, i, k, low, high);
}

static bt_road_network *make_ring(void)
{
    text *t = calloc(1, sizeof *t);
    double reference = RADIUS_M - 0.5 * WIDE_M;
    text_begin(t);
    for (int i = 0; i < 2; i++) {
        text_add(t, "<road id=\"%d\" length=\"%.12g\" junction=\"-1\"><planView>", i + 1,
                 BT_PI * reference);
        text_add(t,
                 "<geometry s=\"0\" x=\"%.12g\" y=\"0\" hdg=\"%.12g\" length=\"%.12g\">"
                 "<arc curvature=\"%.12g\"/></geometry></planView>",
                 i == 0 ? reference : -reference, (i == 0 ? 0.5 : -0.5) * BT_PI, BT_PI * reference,
                 1.0 / reference);
        text_add(t, "<lanes><laneSection s=\"0\"><center><lane id=\"0\" type=\"none\"/></center>"
                    "<right>");
        text_lane(t, -1, "sidewalk", WIDE_M, "");
        text_add(t, "</right></laneSection></lanes></road>\n");
    }
    text_add(t, "</OpenDRIVE>\n");
    bt_road_network *net = text_parse(t);
    free(t);
    return net;
}

// Spread over the ring: five abreast, a little off their places.
static void place(uint32_t i, uint32_t count, bool both, bt_vec3 *path, bt_actor_desc *d)
{
    uint32_t abreast = 5, rows = (count + abreast - 1) / abreast;
    double way = both && i % 2 ? -1.0 : 1.0;
    double from = 2.0 * BT_PI * ((i / abreast) + draw(i, 0, 0.1, 0.4)) / rows;
    double radius = RADIUS_M + 0.5 * ((double)(i % abreast) - 2.0) + draw(i, 1, -0.05, 0.05);
    for (uint32_t k = 0; k < POINTS; k++) {
        double angle = from + way * k / RADIUS_M;
        path[k] = (bt_vec3){radius * cos(angle), radius * sin(angle), 0.0};
    }
    *d = (bt_actor_desc){.kind = BT_ACTOR_WALKER,
                         .height_m = draw(i, 2, 1.55, 1.9),
                         .walk_speed_m_s = 1.34 + 0.26 * draw(i, 3, -1.7, 1.7),
                         .path = path,
                         .path_count = POINTS};
    snprintf(d->name, sizeof d->name, "person %u", i);
}

// Along the ring, each its own way.
static double mean_speed(const bt_state *state, uint32_t count, bool both)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        const bt_motion *m = bt_state_motion(state, i);
        bt_vec3 p = m->pose.world_from_actor.pos, v = m->velocity_m_s;
        double along = (-p.y * v.x + p.x * v.y) / hypot(p.x, p.y);
        sum += both && i % 2 ? -along : along;
    }
    return sum / count;
}

static double measure(const bt_road_network *net, uint32_t count, bool both, double seconds)
{
    bt_actor_desc *actors = bt_alloc(count, sizeof *actors);
    bt_vec3 *paths = bt_alloc((size_t)count * POINTS, sizeof *paths);
    for (uint32_t i = 0; i < count; i++)
        place(i, count, both, &paths[(size_t)i * POINTS], &actors[i]);
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = count, .ego = BT_SIM_NONE};
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    CHECK_OK(bt_sim_create(&desc, &sim));
    CHECK_OK(bt_state_create(sim, &state));
    double sum = 0.0;
    uint32_t looks = 0;
    for (int i = 0; i < (int)(100.0 * seconds); i++) {
        CHECK_OK(bt_sim_step(sim, state, NULL));
        if (i < 100.0 * SETTLE_S || i % 10) continue;
        sum += mean_speed(state, count, both);
        looks++;
    }
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_free(actors);
    bt_free(paths);
    return looks ? sum / looks : 0.0;
}

int main(int argc, char **argv)
{
    static const double densities[] = {0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0};
    double seconds = argc > 1 ? atof(argv[1]) : 30.0;
    bt_road_network *net = make_ring();
    printf("people/m2  one way  both ways  Weidmann 1993, m/s\n");
    for (size_t i = 0; i < sizeof densities / sizeof densities[0]; i++) {
        double area = 2.0 * BT_PI * RADIUS_M * USED_M, density = densities[i];
        uint32_t count = (uint32_t)(density * area + 0.5);
        if (count > PEOPLE_MAX) count = PEOPLE_MAX;
        double curve = 1.34 * (1.0 - exp(-1.913 * (1.0 / density - 1.0 / 5.4)));
        double one = measure(net, count, false, seconds), two = measure(net, count, true, seconds);
        printf("%9.2f  %7.2f  %9.2f  %.2f\n", density, one, two, curve);
        fflush(stdout);
    }
    bt_road_network_destroy(net);
    return check_end();
}
