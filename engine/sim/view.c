// view.c: the way ahead as a driver sees it, and where others are along it.
#include "engine/sim/decide_internal.h"
#include "engine/sim/passage.h"

#include <math.h>

#define VIEW_STEP_M 2.0 // at least; at most VIEW_MAX points
#define VIEW_FAR_M 310.0
#define BEHIND_M 4.0 // a junction: more than drivers leave free there

void bt_look_ahead(const bt_traffic *t, uint32_t index, const bt_car *car, bt_view *w)
{
    const bt_passage *p = &t->round->passages[index];
    double see = 40.0 + car->speed_m_s * (2.0 + car->speed_m_s / 3.0);
    if (p->junction != BT_ROAD_NONE && p->entry_m < car->q_m + see)
        see = fmax(see, bt_passage_out(t, index, p) + BEHIND_M + t->radius_max_m - car->q_m);
    see = fmin(see, VIEW_FAR_M);
    w->step_m = fmax(VIEW_STEP_M, see / (VIEW_MAX - 2));
    w->from_m = 0.0;
    w->count = (uint32_t)(see / w->step_m) + 2;
    if (w->count > VIEW_MAX) w->count = VIEW_MAX;
    bt_view_fill(t->graph, &car->way, car, w);
}

static bt_view_part part_of(const bt_lane_point *points, uint32_t count)
{
    const bt_lane_point *middle = &points[count / 2];
    double square = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        double dx = points[i].x_m - middle->x_m, dy = points[i].y_m - middle->y_m;
        square = fmax(square, dx * dx + dy * dy);
    }
    return (bt_view_part){middle->x_m, middle->y_m, sqrt(square)};
}

void bt_view_fill(const bt_lane_graph *graph, const bt_itinerary *way, const bt_car *car,
                  bt_view *w)
{
    bt_itinerary_sample(graph, way, car->q_m + w->from_m, w->step_m, w->count, w->points);
    for (uint32_t i = 0; i < w->count; i += VIEW_PART) {
        uint32_t left = w->count - i;
        w->parts[i / VIEW_PART] = part_of(&w->points[i], left < VIEW_PART ? left : VIEW_PART);
    }
}

// The point of a view nearest to a place; false: none within reach_m. Looks only into circles that reach so far.
static bool find_nearest(const bt_view *w, double x, double y, double reach_m, uint32_t *nearest)
{
    double least = reach_m * reach_m;
    bool found = false;
    for (uint32_t first = 0; first < w->count; first += VIEW_PART) {
        const bt_view_part *part = &w->parts[first / VIEW_PART];
        double px = part->x_m - x, py = part->y_m - y, far = part->radius_m + reach_m;
        if (px * px + py * py > far * far) continue;
        for (uint32_t i = first; i < first + VIEW_PART && i < w->count; i++) {
            double dx = w->points[i].x_m - x, dy = w->points[i].y_m - y;
            if (dx * dx + dy * dy >= least) continue;
            least = dx * dx + dy * dy;
            *nearest = i;
            found = true;
        }
    }
    return found;
}

// False: too far aside to be of concern.
bool bt_see_body(const bt_view *w, const bt_car *car, const bt_obstacle *o, double reach_m,
                 bt_sight *seen)
{
    uint32_t i;
    if (!find_nearest(w, o->box.x_m, o->box.y_m, reach_m + 0.5 * w->step_m, &i)) return false;
    double cw = (double)w->points[i].cos_heading, sw = (double)w->points[i].sin_heading;
    double dx = o->box.x_m - w->points[i].x_m, dy = o->box.y_m - w->points[i].y_m;
    double turn = o->box.yaw_rad - w->points[i].heading_rad;
    double c = fabs(bt_cos(turn)), s = fabs(bt_sin(turn)), l = o->box.half_length_m;
    double course = o->heading_rad - w->points[i].heading_rad;
    *seen = (bt_sight){.q = car->q_m + w->from_m + w->step_m * i + dx * cw + dy * sw,
                       .aside = -dx * sw + dy * cw,
                       .above = o->box.z_low_m - w->points[i].z_m,
                       .half_along = l * c + o->box.half_width_m * s,
                       .half_across = l * s + o->box.half_width_m * c,
                       .along_m_s = o->speed_m_s * bt_cos(course),
                       .across_m_s = o->speed_m_s * bt_sin(course),
                       .facing = bt_cos(turn)};
    return true;
}
