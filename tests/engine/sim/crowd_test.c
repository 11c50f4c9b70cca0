// crowd_test.c: half planes against their definition, the programme against a search.
#include "engine/core/random.h"
#include "engine/sim/crowd.h"
#include "tests/support/check.h"

#include <math.h>

static double draw(uint32_t i, uint32_t k, double low, double high)
{
    double u = bt_random_below(7, BT_STREAM_TRAFFIC, i, k, 1u << 20) / (double)(1u << 20);
    return low + u * (high - low);
}

// Nearest that two discs come within the horizon, moving straight on.
static double nearest(bt_plane place, bt_plane relative, double horizon)
{
    double square = relative.x * relative.x + relative.y * relative.y;
    double t = square > 0.0 ? (place.x * relative.x + place.y * relative.y) / square : 0.0;
    t = fmax(0.0, fmin(horizon, t));
    return hypot(place.x - relative.x * t, place.y - relative.y * t);
}

static double outside(const bt_crowd_line *l, bt_plane v)
{
    return l->along.x * (l->at.y - v.y) - l->along.y * (l->at.x - v.x);
}

// Two who both choose allowed velocities do not touch within the horizon (the paper's theorem).
static void test_reciprocal(void)
{
    for (uint32_t i = 0; i < 4000; i++) {
        bt_plane p = {draw(i, 0, -6, 6), draw(i, 1, -6, 6)}, back = {-p.x, -p.y};
        bt_plane a = {draw(i, 2, -2, 2), draw(i, 3, -2, 2)};
        bt_plane b = {draw(i, 4, -2, 2), draw(i, 5, -2, 2)};
        double radius = 0.6, horizon = 3.0;
        if (hypot(p.x, p.y) < radius) continue;
        bt_crowd_line la = bt_crowd_disc(p, a, b, radius, horizon, 0.1, 0.5);
        bt_crowd_line lb = bt_crowd_disc(back, b, a, radius, horizon, 0.1, 0.5);
        bt_plane va = bt_crowd_solve(&la, 1, 0, 9.0, a), vb = bt_crowd_solve(&lb, 1, 0, 9.0, b);
        CHECK(nearest(p, (bt_plane){va.x - vb.x, va.y - vb.y}, horizon) > radius - 1e-6);
        // no more than is needed: who would not touch keeps its velocity
        if (nearest(p, (bt_plane){a.x - b.x, a.y - b.y}, horizon) > radius + 1e-6)
            CHECK(hypot(va.x - a.x, va.y - a.y) < 1e-9);
    }
}

// The programme's velocity is as near to the preferred as the best of a fine grid, or broken as
// little.
static void test_programme(void)
{
    int solved = 0, broken = 0;
    for (uint32_t i = 0; i < 300; i++) {
        bt_crowd_line lines[5];
        double speed = 1.5, best = 1e9, least = 1e9;
        for (uint32_t k = 0; k < 5; k++) {
            double angle = draw(i, k, 0, 2.0 * 3.14159265), most = draw(i, 10 + k, -1.2, 0.9);
            lines[k] = bt_crowd_side((bt_plane){cos(angle), sin(angle)}, most);
        }
        bt_plane wish = {draw(i, 20, -1, 1), draw(i, 21, -1, 1)};
        bt_plane v = bt_crowd_solve(lines, 5, 0, speed, wish);
        double own = -1e9;
        for (uint32_t k = 0; k < 5; k++)
            own = fmax(own, outside(&lines[k], v));
        for (double x = -speed; x <= speed; x += 0.02) {
            for (double y = -speed; y <= speed; y += 0.02) {
                double worst = -1e9;
                if (x * x + y * y > speed * speed) continue;
                for (uint32_t k = 0; k < 5; k++)
                    worst = fmax(worst, outside(&lines[k], (bt_plane){x, y}));
                least = fmin(least, worst);
                if (worst <= 0.0) best = fmin(best, hypot(x - wish.x, y - wish.y));
            }
        }
        CHECK(hypot(v.x, v.y) < speed + 1e-9);
        if (best < 1e8) {
            CHECK(own < 1e-9 && hypot(v.x - wish.x, v.y - wish.y) < best + 1e-6);
            solved++;
        } else if (own > 0.0) {
            CHECK(own < least + 1e-6);
            broken++;
        }
    }
    CHECK(solved > 50 && broken > 50);
}

// A hard line is kept where the others ask the contrary.
static void test_hard(void)
{
    bt_crowd_line lines[2] = {bt_crowd_side((bt_plane){1.0, 0.0}, 0.1),
                              bt_crowd_side((bt_plane){-1.0, 0.0}, 0.6)};
    bt_plane v = bt_crowd_solve(lines, 2, 1, 1.5, (bt_plane){0.0, 1.0});
    CHECK(v.x > 0.1 - 1e-9 && v.x < 0.1 + 1e-6);
    v = bt_crowd_solve(lines, 2, 0, 1.5, (bt_plane){0.0, 1.0});
    CHECK_NEAR(v.x, -0.25, 1e-6); // both as little broken
}

static double turned(double ahead, double left, double along, double left_room, double right_room)
{
    bt_crowd_stream stream = {0};
    bt_crowd_stream_add(ahead, left, along, &stream);
    return bt_crowd_stream_turn_rad(&stream, left_room, right_room);
}

// Away from who comes, towards who goes one's way, a little to the right of nobody; not over the edge.
static void test_stream(void)
{
    double none = turned(-1.0, 0.5, -1.0, 2.0, 2.0); // behind
    CHECK(none < 0.0 && none > -0.2);
    CHECK(turned(1.0, 0.5, -1.0, 2.0, 2.0) < none && turned(1.0, -0.5, -1.0, 2.0, 2.0) > none);
    CHECK(turned(1.0, 0.5, 1.0, 2.0, 2.0) > turned(1.0, -0.5, 1.0, 2.0, 2.0));
    CHECK(turned(1.0, 0.5, -1.0, 2.0, 2.0) <
          turned(4.0, 0.5, -1.0, 2.0, 2.0)); // the nearer, the more
    CHECK(turned(0.5, -0.2, -1.0, 0.0, 2.0) <= 0.0);
    CHECK_NEAR(turned(0.5, 0.2, -1.0, 2.0, 0.0), none, 1e-12); // no room: the little alone
}

int main(void)
{
    test_stream();
    test_reciprocal();
    test_programme();
    test_hard();
    return check_end();
}
