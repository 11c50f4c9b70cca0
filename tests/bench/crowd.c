// crowd.c: two crowds that cross a street towards each other: who touches whom, how long it takes, what it
// costs.
//
//     bench.crowd [PEOPLE [SECONDS [WIDTH_M]]]   500, 90, 20
#include "engine/core/memory.h"
#include "engine/core/random.h"
#include "engine/sim/audit.h"
#include "tests/engine/sim/networks.h"

#include <stdlib.h>
#include <time.h>

#define STREET_M 24.0
#define ROW_M 2.0

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double draw(uint32_t i, uint32_t k)
{
    return bt_random_below(1, BT_STREAM_TRAFFIC, i, k, 1u << 20) / (double)(1u << 20);
}

// Half on each side, in rows behind each other, far off any road.
static void place(uint32_t i, uint32_t count, double width, bt_vec3 path[2], bt_actor_desc *d)
{
    uint32_t side = i % 2, n = i / 2, columns = (uint32_t)(width / 0.9);
    double row = ROW_M * (n / columns), x = 2000.0 + 0.9 * (n % columns) + 0.2 * draw(i, 0);
    double sign = side ? 1.0 : -1.0, from = sign * (0.5 * STREET_M + row + 0.2 * draw(i, 1));
    double last = ROW_M * ((count / 2 - 1) / columns);
    path[0] = (bt_vec3){x, from, 0.0};
    path[1] = (bt_vec3){x + 4.0 * (draw(i, 2) - 0.5), -sign * (0.5 * STREET_M + last - row), 0.0};
    *d = (bt_actor_desc){.kind = BT_ACTOR_WALKER,
                         .height_m = 1.55 + 0.35 * draw(i, 3),
                         .walk_speed_m_s = 1.1 + 0.5 * draw(i, 4),
                         .path = path,
                         .path_count = 2};
    snprintf(d->name, sizeof d->name, "person %u", i);
}

int main(int argc, char **argv)
{
    uint32_t count = argc > 1 ? (uint32_t)atoi(argv[1]) : 500;
    double seconds = argc > 2 ? atof(argv[2]) : 90.0, width = argc > 3 ? atof(argv[3]) : 20.0;
    bt_road_network *net = network_crossing(0);
    bt_actor_desc *actors = bt_alloc(count, sizeof *actors);
    bt_vec3 *paths = bt_alloc(2 * (size_t)count, sizeof *paths);
    for (uint32_t i = 0; i < count; i++)
        place(i, count, width, &paths[2 * i], &actors[i]);
    bt_sim_desc desc = {
        .net = net, .seed = 1, .actors = actors, .actor_count = count, .ego = BT_SIM_NONE};
    bt_sim *sim = NULL;
    bt_state *state = NULL;
    bt_audit *audit = NULL;
    if (bt_sim_create(&desc, &sim) != BT_OK || bt_state_create(sim, &state) != BT_OK) return 1;
    bt_audit_desc how = {.sim = sim};
    if (bt_audit_create(&how, &audit) != BT_OK) return 1;
    double took = 0.0, half = -1.0, all = -1.0;
    for (int i = 0; i < (int)(100.0 * seconds); i++) {
        double begun = cpu_s();
        if (bt_sim_step(sim, state, NULL) != BT_OK) return 1;
        took += cpu_s() - begun;
        if (i % 10 == 0) bt_audit_look(audit, state);
        uint32_t over = 0;
        for (uint32_t k = 0; k < count; k++)
            over += bt_state_motion(state, k)->pose.world_from_actor.pos.y * paths[2 * k].y < 0.0;
        if (half < 0.0 && 2 * over >= count) half = 0.01 * i;
        if (all < 0.0 && over == count) all = 0.01 * i;
    }
    printf(
        "%u people cross a street %g m wide: half past the middle after %.1f s, all after %.1f s; "
        "%.1f times real time, %.2f us per person and step\n",
        count, width, half, all, seconds / took, 1e4 * took / seconds / count);
    bt_audit_print(audit, stdout);
    uint32_t touches = bt_audit_get(audit)->walker_touches;
    bt_audit_destroy(audit);
    bt_state_destroy(state);
    bt_sim_destroy(sim);
    bt_road_network_destroy(net);
    bt_free(actors);
    bt_free(paths);
    return touches > 0;
}
