// locate.c: from a world point to (road, s, t).
//
// Candidates come from the hierarchy of locator.c, nearest box first; each is refined by Newton's
// method on the surface itself, and judged by one score: metres outside the lanes weigh most, then
// height, then distance from the lane's centre.
#include "engine/road/road_internal.h"
#include "engine/road/road_mesh.h"

#define REACH_M 50.0
#define OUTSIDE_WEIGHT 4.0
#define PREFER_BONUS_M 0.1
#define JOINT_SLACK_M 0.05 // files leave small gaps and kinks where roads meet
#define HEIGHT_ALL_M 2.0
#define ALL_MOST 64
#define SETTLE_M 1e-3

typedef struct candidate {
    bt_road_location at;
    double score;
    double centre_m; // from the lane's centre
    double surface_z_m;
} candidate;

// ---- one road near one station ----------------------------------------------------------------------
// Newton on plan residual: where the surface at (s, t), raised by h over the plane, is above (x, y).
// Gives the residual along the road that is left at the bounds of s. The frame is that at *s, before and (to 1e-8 m)
// after.
static double solve_station(const bt_road_network *net, uint32_t road, double low, double high,
                            double x, double y, double h, double *s, double *t, road_frame *frame)
{
    double along = 0.0;
    bool rolled = net->road_details.items[road].superelevation.count > 0;
    for (int i = 0; i < 12; i++) {
        if (i > 0) *frame = road_frame_at(net, road, *s);
        double rx = x - frame->origin.x - h * frame->up.x;
        double ry = y - frame->origin.y - h * frame->up.y;
        double c = frame->cos_heading;
        double sn = frame->sin_heading;
        double left_along = frame->left.x * c + frame->left.y * sn; // 0 without roll
        double left_left = -frame->left.x * sn + frame->left.y * c; // cos(roll)
        double r_left = -rx * sn + ry * c;
        *t = fabs(left_left) > 1e-3 ? r_left / left_left : r_left;
        along = rx * c + ry * sn - *t * left_along;
        // plan metres along per metre of s at this t
        double rate = 1.0 - frame->plan.curvature_1_m * r_left;
        if (rolled) {
            bt_vec3 tangent = road_frame_tangent(frame, *t);
            rate = tangent.x * c + tangent.y * sn;
        }
        if (!(rate > 0.05)) rate = 0.05; // beyond the centre of curvature: creep
        double next = bt_clamp(*s + along / rate, low, high);
        double change = next - *s;
        *s = next;
        if (fabs(change) < 1e-8) break; // the next would be its square
    }
    return along;
}

double road_project(const bt_road_network *net, uint32_t road, bt_vec3 point, double s_hint_m,
                    double *s_m, double *t_m)
{
    double length = net->roads.items[road].length_m;
    road_frame frame;
    *s_m = bt_clamp(s_hint_m, 0.0, length);
    frame = road_frame_at(net, road, *s_m);
    return solve_station(net, road, 0.0, length, point.x, point.y, 0.0, s_m, t_m, &frame);
}

static void judge(const bt_road_network *net, uint32_t road, bt_vec3 point, double s, double t,
                  double along, const road_frame *frame, candidate *c)
{
    c->at = (bt_road_location){.road = road, .lane = BT_ROAD_NONE, .s_m = s, .t_m = t};
    uint32_t section = road_section_at(net, road, s);
    double over = bt_max(0.0, fabs(along) - JOINT_SLACK_M);
    double outside = 0.0;
    bt_vec3 surface = frame->origin;
    c->centre_m = fabs(t);
    if (section != BT_ROAD_NONE) {
        road_cut cut;
        road_cut_at(net, section, s, &cut);
        uint32_t index = road_cut_lane(&cut, t);
        double left = cut.t_m[0];
        double right = cut.t_m[cut.lane_count - 1];
        double inside_t = bt_clamp(t, right, left);
        outside = fabs(t - inside_t);
        surface = road_surface_point(net, frame, &cut, index, inside_t);
        c->centre_m = fabs(t - 0.5 * (cut.t_m[index] + road_cut_inner(&cut, index)));
        if (outside <= 1e-6 && over == 0.0 && left > right) c->at.lane = cut.first_lane + index;
    } else {
        outside = fabs(t);
    }
    c->surface_z_m = surface.z;
    c->at.height_m = point.z - surface.z;
    c->at.distance_m = outside <= 1e-6 && over == 0.0 ? 0.0 : bt_hypot(outside, over);
    // what Newton could not bring to zero counts, so that a neighbouring segment wins that could
    c->score =
        OUTSIDE_WEIGHT * (c->at.distance_m + fabs(along)) + fabs(c->at.height_m) + c->centre_m;
}

// Where the surface is raised (kerbs) and tilted, its plan place shifts a little.
static double solve_raised(const bt_road_network *net, uint32_t road, double low, double high,
                           bt_vec3 point, double *s, double *t, road_frame *frame)
{
    *frame = road_frame_at(net, road, *s);
    double along = solve_station(net, road, low, high, point.x, point.y, 0.0, s, t, frame);
    uint32_t section = road_section_at(net, road, *s);
    if (section == BT_ROAD_NONE || (frame->up.x == 0.0 && frame->up.y == 0.0)) return along;
    road_cut cut;
    road_cut_at(net, section, *s, &cut);
    double slope, h = road_cut_height(net, &cut, road_cut_lane(&cut, *t), *t, &slope);
    if (h == 0.0) return along;
    return solve_station(net, road, low, high, point.x, point.y, h, s, t, frame);
}

static void refine(const bt_road_network *net, road_segment segment, bt_vec3 point, double s_start,
                   candidate *c)
{
    const road_sample *a = &net->samples.items[segment.sample];
    road_run run = net->road_samples.items[segment.road];
    bool last = segment.sample + 1 >= run.first + run.count;
    double length = net->roads.items[segment.road].length_m;
    double s1 = last ? a->s_m : a[1].s_m;
    double slack = 0.5 * (s1 - a->s_m);
    double low = bt_max(0.0, a->s_m - slack);
    double high = bt_min(length, s1 + slack);
    double s = s_start;
    double t;
    road_frame frame;
    double along = solve_raised(net, segment.road, low, high, point, &s, &t, &frame);
    judge(net, segment.road, point, s, t, along, &frame, c);
}

// Plan distance from the point to a segment's lanes, never too great; and where along it.
static double segment_distance(const bt_road_network *net, road_segment segment, bt_vec3 point,
                               double *s)
{
    const road_sample *a = &net->samples.items[segment.sample];
    road_run run = net->road_samples.items[segment.road];
    bool last = segment.sample + 1 >= run.first + run.count;
    const road_sample *b = last ? a : a + 1;
    double dx = b->x_m - a->x_m;
    double dy = b->y_m - a->y_m;
    double length2 = dx * dx + dy * dy;
    double px = point.x - a->x_m;
    double py = point.y - a->y_m;
    double u = length2 > 0.0 ? bt_clamp((px * dx + py * dy) / length2, 0.0, 1.0) : 0.0;
    *s = a->s_m + u * (b->s_m - a->s_m);
    double reach = bt_max(fabs(a->left_m), fabs(a->right_m)) + BT_PI * 0.02;
    double off_x = px - u * dx;
    double off_y = py - u * dy;
    return bt_max(0.0, sqrt(off_x * off_x + off_y * off_y) - reach);
}

// ---- search -----------------------------------------------------------------------------------------
static double box_distance(const road_node *node, bt_vec3 p)
{
    double dx = bt_max(0.0, bt_max(node->low[0] - p.x, p.x - node->high[0]));
    double dy = bt_max(0.0, bt_max(node->low[1] - p.y, p.y - node->high[1]));
    return sqrt(dx * dx + dy * dy);
}

// Called for each candidate; gives the distance beyond which others are of no use.
typedef double (*visit_fn)(void *context, const candidate *c);

static void search(const bt_road_network *net, bt_vec3 point, double reach_m, visit_fn visit,
                   void *context)
{
    if (net->nodes.count == 0) return;
    struct {
        uint32_t node;
        double distance;
    } stack[96]; // the tree is balanced: depth below 32, one sibling each
    int top = 0;
    stack[top].node = 0;
    stack[top++].distance = box_distance(&net->nodes.items[0], point);
    while (top > 0) {
        top--;
        const road_node *node = &net->nodes.items[stack[top].node];
        if (!(stack[top].distance <= reach_m)) continue;
        for (uint32_t i = 0; i < node->count; i++) {
            road_segment segment = net->segments.items[node->first + i];
            double s;
            if (segment_distance(net, segment, point, &s) > reach_m) continue;
            candidate c;
            refine(net, segment, point, s, &c);
            reach_m = bt_min(reach_m, visit(context, &c));
        }
        if (node->count > 0) continue;
        uint32_t near = node->first;
        uint32_t far = node->first + 1;
        double near_distance = box_distance(&net->nodes.items[near], point);
        double far_distance = box_distance(&net->nodes.items[far], point);
        if (far_distance < near_distance) {
            uint32_t swap = near;
            near = far;
            far = swap;
            double swap_distance = near_distance;
            near_distance = far_distance;
            far_distance = swap_distance;
        }
        stack[top].node = far;
        stack[top++].distance = far_distance;
        stack[top].node = near;
        stack[top++].distance = near_distance;
    }
}

typedef struct best_search {
    uint32_t prefer;
    bool found;
    candidate best;
} best_search;

// Equal scores (a shared border, the joint of two roads): the lower road, then the lower s, so that
// the answer does not depend on the order of the search.
static bool better(const candidate *a, double score_a, const candidate *b)
{
    if (score_a != b->score) return score_a < b->score;
    if (a->at.road != b->at.road) return a->at.road < b->at.road;
    return a->at.s_m < b->at.s_m;
}

static double visit_best(void *context, const candidate *c)
{
    best_search *search_state = context;
    double score = c->score - (c->at.road == search_state->prefer ? PREFER_BONUS_M : 0.0);
    if (c->at.distance_m <= REACH_M &&
        (!search_state->found || better(c, score, &search_state->best))) {
        search_state->best = *c;
        search_state->best.score = score;
        search_state->found = true;
    }
    if (!search_state->found) return REACH_M;
    return (search_state->best.score + PREFER_BONUS_M) / OUTSIDE_WEIGHT;
}

// The same place from a start that does not depend on which segment it was found by: to the last bit then, whatever
// else is in the network.
static void settle(const bt_road_network *net, bt_vec3 point, candidate *c)
{
    uint32_t road = c->at.road;
    double length = net->roads.items[road].length_m, t;
    double s = bt_clamp(round(c->at.s_m / SETTLE_M) * SETTLE_M, 0.0, length);
    road_frame frame;
    candidate settled;
    double along = solve_raised(net, road, 0.0, length, point, &s, &t, &frame);
    judge(net, road, point, s, t, along, &frame, &settled);
    if (fabs(settled.at.s_m - c->at.s_m) < SETTLE_M) *c = settled;
}

bool bt_road_locate(const bt_road_network *net, bt_vec3 point_world_m, uint32_t prefer_road,
                    bt_road_location *location)
{
    best_search state = {.prefer = prefer_road};
    *location = (bt_road_location){.road = BT_ROAD_NONE, .lane = BT_ROAD_NONE};
    search(net, point_world_m, REACH_M, visit_best, &state);
    if (!state.found) return false;
    settle(net, point_world_m, &state.best);
    *location = state.best.at;
    return true;
}

bool bt_road_follow(const bt_road_network *net, bt_vec3 point, bt_road_location *location)
{
    if (location->lane == BT_ROAD_NONE || location->road >= net->roads.count) return false;
    double length = net->roads.items[location->road].length_m, s = location->s_m, t;
    road_frame frame;
    candidate c;
    double along = solve_raised(net, location->road, 0.0, length, point, &s, &t, &frame);
    judge(net, location->road, point, s, t, along, &frame, &c);
    if (c.at.lane != location->lane) return false;
    *location = c.at;
    return true;
}

typedef struct all_search {
    candidate found[ALL_MOST];
    uint32_t count;
} all_search;

static double visit_all(void *context, const candidate *c)
{
    all_search *all = context;
    const double reach = 1.0;
    if (c->at.lane == BT_ROAD_NONE || fabs(c->at.height_m) > HEIGHT_ALL_M) return reach;
    uint32_t i = 0;
    while (i < all->count && all->found[i].at.road != c->at.road)
        i++;
    if (i < all->count) {
        if (better(c, c->score, &all->found[i])) all->found[i] = *c;
    } else if (all->count < ALL_MOST) {
        all->found[all->count++] = *c;
    }
    return reach;
}

static bool nearer_centre(const candidate *a, const candidate *b)
{
    if (a->centre_m != b->centre_m) return a->centre_m < b->centre_m;
    return a->at.road < b->at.road;
}

uint32_t bt_road_locate_all(const bt_road_network *net, bt_vec3 point_world_m,
                            bt_road_location *locations, uint32_t max)
{
    all_search all;
    all.count = 0;
    search(net, point_world_m, 1.0, visit_all, &all);
    for (uint32_t i = 1; i < all.count; i++) {
        candidate c = all.found[i];
        uint32_t j = i;
        for (; j > 0 && nearer_centre(&c, &all.found[j - 1]); j--)
            all.found[j] = all.found[j - 1];
        all.found[j] = c;
    }
    uint32_t count = all.count < max ? all.count : max;
    for (uint32_t i = 0; i < count; i++)
        locations[i] = all.found[i].at;
    return count;
}

// ---- for the terrain --------------------------------------------------------------------------------
typedef struct height_search {
    double reach_m;
    bool found;
    double distance_m, height_m;
} height_search;

static double visit_height(void *context, const candidate *c)
{
    height_search *h = context;
    const double same_m = 0.01; // roads side by side: the lower one counts
    if (c->at.distance_m > h->reach_m) return h->reach_m;
    bool nearer = !h->found || c->at.distance_m < h->distance_m - same_m;
    bool lower =
        h->found && c->at.distance_m < h->distance_m + same_m && c->surface_z_m < h->height_m;
    if (nearer || lower) {
        h->distance_m = h->found ? bt_min(h->distance_m, c->at.distance_m) : c->at.distance_m;
        h->height_m = c->surface_z_m;
        h->found = true;
    }
    return h->distance_m + 2.0 * same_m;
}

bool bt_road_height_near(const bt_road_network *net, double x_m, double y_m, double reach_m,
                         double *height_m, double *distance_m)
{
    height_search h = {.reach_m = reach_m};
    search(net, (bt_vec3){x_m, y_m, 0.0}, reach_m, visit_height, &h);
    *height_m = h.found ? h.height_m : 0.0;
    *distance_m = h.found ? h.distance_m : 0.0;
    return h.found;
}
