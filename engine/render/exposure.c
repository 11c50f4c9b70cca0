// exposure.c: one ray serves every exposure that is open at its time.
//
// A ray's time is drawn from a mixture: each of K planes is as likely as another, and within it each
// moment. So its density is p(t) = sum of 1 / (K T_k) over the planes k open at t, T_k their exposure
// times, and a plane's mean rate is estimated by rate / (T_k p(t)) where it is open and by 0 elsewhere:
// the balance heuristic (Veach 1997), unbiased, no weight above K. A plane gets at least 1 / K of the
// rays, all of them where planes are the same. The density is constant on stretches between openings
// and closings and its distribution is inverted in the order of time, so that stratified numbers
// stay stratified within each plane.
#include "engine/render/internal.h"

bt_status bt_exposures_check(const bt_view *view)
{
    if (view->plane_count > BT_VIEW_MAX_PLANES)
        return bt_fail(BT_ERR_INPUT, "view of %u exposure planes: at most %d",
                       (unsigned)view->plane_count, BT_VIEW_MAX_PLANES);
    for (uint32_t k = 0; k < view->plane_count; k++) {
        const bt_view_plane *p = &view->planes[k];
        // a millionth for the rounding of sums
        double close_ns = p->offset_ns + p->exposure_ns;
        if (!(p->exposure_ns > 0.0 && p->offset_ns >= 0.0 &&
              close_ns <= view->exposure_ns * (1.0 + 1e-6)))
            return bt_fail(BT_ERR_INPUT,
                           "exposure plane %u: %g ns from %g ns on; expected within the %g ns that "
                           "a row is open",
                           (unsigned)k, p->exposure_ns, p->offset_ns, view->exposure_ns);
        if (!(p->gain >= 0.0f && p->gain <= 1e6f))
            return bt_fail(BT_ERR_INPUT, "exposure plane %u: gain %g; expected 0 to 1e6",
                           (unsigned)k, (double)p->gain);
    }
    return BT_OK;
}

// All openings and closings in order.
static uint32_t find_edges(const bt_view *view, double *edges)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < view->plane_count; k++) {
        const bt_view_plane *p = &view->planes[k];
        edges[count++] = p->offset_ns;
        edges[count++] = p->offset_ns + p->exposure_ns;
    }
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t j = i; j > 0 && edges[j] < edges[j - 1]; j--) {
            double swap = edges[j];
            edges[j] = edges[j - 1];
            edges[j - 1] = swap;
        }
    return count;
}

static bool is_open(const bt_view_plane *p, double after_ns)
{
    return after_ns >= p->offset_ns && after_ns <= p->offset_ns + p->exposure_ns;
}

// The stretch between two edges; false: nothing is open.
static bool stretch_make(const bt_view *view, double begin_ns, double end_ns, double first,
                         bt_exposure_stretch *s)
{
    double middle_ns = 0.5 * (begin_ns + end_ns), density = 0.0; // K p(t)
    *s =
        (bt_exposure_stretch){.begin_ns = begin_ns, .length_ns = end_ns - begin_ns, .first = first};
    for (uint32_t k = 0; k < view->plane_count; k++)
        if (is_open(&view->planes[k], middle_ns)) density += 1.0 / view->planes[k].exposure_ns;
    if (!(density > 0.0 && end_ns > begin_ns)) return false;
    s->share = s->length_ns * density / view->plane_count;
    for (uint32_t k = 0; k < view->plane_count; k++) {
        const bt_view_plane *p = &view->planes[k];
        double gain = p->gain > 0.0f ? (double)p->gain : 1.0;
        if (is_open(p, middle_ns))
            s->weight[k] = (float)(gain * view->plane_count / (p->exposure_ns * density));
    }
    return true;
}

bt_exposures bt_exposures_make(const bt_view *view)
{
    bt_exposures e = {.stretch_count = 0};
    double edges[2 * BT_VIEW_MAX_PLANES], first = 0.0;
    uint32_t count = find_edges(view, edges);
    for (uint32_t i = 0; i + 1 < count; i++) {
        bt_exposure_stretch *s = &e.stretches[e.stretch_count];
        if (!stretch_make(view, edges[i], edges[i + 1], first, s)) continue;
        first += s->share;
        e.stretch_count++;
    }
    if (e.stretch_count > 0) return e;
    // one exposure, all the time
    e.stretch_count = 1;
    e.stretches[0] =
        (bt_exposure_stretch){.length_ns = view->exposure_ns, .share = 1.0, .weight = {1.0f}};
    return e;
}

const bt_exposure_stretch *bt_exposures_pick(const bt_exposures *exposures, double u,
                                             double *after_ns)
{
    const bt_exposure_stretch *s = exposures->stretches;
    const bt_exposure_stretch *last = s + exposures->stretch_count - 1;
    while (s < last && u >= s->first + s->share)
        s++;
    *after_ns = s->begin_ns + s->length_ns * bt_clamp((u - s->first) / s->share, 0.0, 1.0);
    return s;
}
