// report.c: one self-contained page: figures as SVG, values beside truth and tolerance.
#include "sensors/bench/bench_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/memory.h"

#define PLOT_WIDTH 620.0
#define PLOT_HEIGHT 380.0
#define PLOT_LEFT 70.0
#define PLOT_BOTTOM 50.0
#define PLOT_TOP 30.0 // above it are the curves' names
#define PLOT_RIGHT 16.0
#define LETTER 6.2       // width of one, about
#define MARGIN 0.04      // of an axis beyond the values
#define FINE_DECADES 2.5 // of a logarithmic axis: fewer have 2 and 5 written, too
#define MOST_TICKS 40

// ---- gathering --------------------------------------------------------------------------------
bt_status bench_plot_begin(bench *b, const char *title, const char *x_name, const char *y_name,
                           bool log_x, bool log_y, size_t *plot)
{
    *plot = b->plot_count;
    bt_status status = BT_ARRAY_RESERVE(b->plots, b->plot_capacity, b->plot_count + 1);
    if (status != BT_OK) return status;
    bench_plot *p = &b->plots[b->plot_count++];
    *p = (bench_plot){.log_x = log_x, .log_y = log_y};
    snprintf(p->title, sizeof p->title, "%s", title);
    snprintf(p->x_name, sizeof p->x_name, "%s", x_name);
    snprintf(p->y_name, sizeof p->y_name, "%s", y_name);
    return BT_OK;
}

static bench_curve *curve_of(bench_plot *plot, const char *name, bench_mark mark)
{
    for (uint32_t i = 0; i < plot->curve_count; i++)
        if (strcmp(plot->curves[i].name, name) == 0) return &plot->curves[i];
    if (plot->curve_count == BENCH_PLOT_CURVES) return NULL;
    bench_curve *curve = &plot->curves[plot->curve_count++];
    *curve = (bench_curve){.mark = mark};
    snprintf(curve->name, sizeof curve->name, "%s", name);
    return curve;
}

bt_status bench_plot_add(bench *b, size_t plot, const char *name, bench_mark mark, double x,
                         double y)
{
    bench_curve *curve = curve_of(&b->plots[plot], name, mark);
    if (!curve)
        return bt_fail(BT_ERR_INTERNAL, "a figure of more than %d curves", BENCH_PLOT_CURVES);
    bt_status status = BT_ARRAY_RESERVE(curve->points, curve->capacity, curve->count + 1);
    if (status != BT_OK) return status;
    curve->points[curve->count++] = (bench_point){x, y};
    return BT_OK;
}

bt_status bench_plot_level(bench *b, size_t plot, const char *name, double y)
{
    return bench_plot_add(b, plot, name, BENCH_DASHES, (double)NAN, y);
}

// ---- drawing ----------------------------------------------------------------------------------
typedef struct axis {
    double low, high; // of the values, or of their logarithms
    bool log;
} axis;

static double along(const axis *a, double value)
{
    return a->log ? log10(fmax(value, 1e-300)) : value;
}

static void widen(axis *a, double value)
{
    if (!isfinite(value) || (a->log && value <= 0.0)) return;
    a->low = fmin(a->low, along(a, value));
    a->high = fmax(a->high, along(a, value));
}

// Nothing lies on the border; what is never below 0 and comes near it begins there.
static void add_margin(axis *a)
{
    double margin = MARGIN * (a->high - a->low);
    bool from_zero = !a->log && a->low >= 0.0 && a->low < 0.2 * a->high;
    a->low = from_zero ? 0.0 : a->low - margin;
    a->high += margin;
}

static void find_axes(const bench_plot *plot, axis *x, axis *y)
{
    *x = (axis){INFINITY, -INFINITY, plot->log_x};
    *y = (axis){INFINITY, -INFINITY, plot->log_y};
    for (uint32_t i = 0; i < plot->curve_count; i++)
        for (size_t k = 0; k < plot->curves[i].count; k++) {
            widen(x, plot->curves[i].points[k].x);
            widen(y, plot->curves[i].points[k].y);
        }
    if (!(x->high > x->low)) *x = (axis){x->low - 1.0, x->low + 1.0, x->log};
    if (!(y->high > y->low)) *y = (axis){y->low - 1.0, y->low + 1.0, y->log};
    if (!isfinite(x->low)) *x = (axis){0.0, 1.0, false};
    if (!isfinite(y->low)) *y = (axis){0.0, 1.0, false};
    add_margin(x);
    add_margin(y);
}

static double x_place(const axis *a, double value)
{
    double u = (along(a, value) - a->low) / (a->high - a->low);
    return PLOT_LEFT + u * (PLOT_WIDTH - PLOT_LEFT - PLOT_RIGHT);
}

static double y_place(const axis *a, double value)
{
    double u = (along(a, value) - a->low) / (a->high - a->low);
    return PLOT_HEIGHT - PLOT_BOTTOM - u * (PLOT_HEIGHT - PLOT_BOTTOM - PLOT_TOP);
}

// A round step that gives about five ticks.
static double tick_step(const axis *a)
{
    double raw = (a->high - a->low) / 5.0, power = pow(10.0, floor(log10(raw)));
    double rest = raw / power;
    return power * (rest < 1.5 ? 1.0 : rest < 3.5 ? 2.0 : rest < 7.5 ? 5.0 : 10.0);
}

typedef struct tick {
    double value;
    bool named;
} tick;

static uint32_t log_ticks(const axis *a, tick *ticks)
{
    static const double parts[3] = {1.0, 2.0, 5.0};
    uint32_t count = 0;
    int every = (int)ceil((a->high - a->low) / 12.0); // decades
    for (int decade = (int)floor(a->low); decade <= (int)a->high; decade++)
        for (int part = 0; part < 3 && count < MOST_TICKS; part++) {
            double value = parts[part] * pow(10.0, decade), at = log10(value);
            bool fine = a->high - a->low < FINE_DECADES;
            if (at < a->low || at > a->high || (part > 0 && !fine)) continue;
            ticks[count++] = (tick){value, fine || decade % every == 0};
        }
    return count;
}

static uint32_t find_ticks(const axis *a, tick *ticks)
{
    if (a->log) return log_ticks(a, ticks);
    double step = tick_step(a);
    uint32_t count = 0;
    for (double v = ceil(a->low / step) + 0.0; v * step <= a->high && count < MOST_TICKS; v += 1.0)
        ticks[count++] = (tick){v * step, true};
    return count;
}

static void draw_ticks(bench_text *t, const axis *x, const axis *y)
{
    tick ticks[MOST_TICKS];
    uint32_t count = find_ticks(x, ticks);
    for (uint32_t i = 0; i < count; i++) {
        double at = x_place(x, ticks[i].value);
        bench_print(t, "<path class=g d='M%.1f %.1fV%.1f'/>", at, PLOT_TOP,
                    PLOT_HEIGHT - PLOT_BOTTOM);
        if (ticks[i].named)
            bench_print(t, "<text x=%.1f y=%.1f text-anchor=middle>%.4g</text>\n", at,
                        PLOT_HEIGHT - PLOT_BOTTOM + 16.0, ticks[i].value);
    }
    count = find_ticks(y, ticks);
    for (uint32_t i = 0; i < count; i++) {
        double at = y_place(y, ticks[i].value);
        bench_print(t, "<path class=g d='M%.1f %.1fH%.1f'/>", PLOT_LEFT, at,
                    PLOT_WIDTH - PLOT_RIGHT);
        if (ticks[i].named)
            bench_print(t, "<text x=%.1f y=%.1f text-anchor=end>%.4g</text>\n", PLOT_LEFT - 6.0,
                        at + 4.0, ticks[i].value);
    }
}

static const char *const colors[BENCH_PLOT_CURVES] = {"#c0392b", "#2c6fbb", "#2e8b57", "#8e44ad",
                                                      "#d68910", "#16a085", "#7f8c8d", "#34495e"};

static bool is_drawn(bench_point p, const axis *x, const axis *y)
{
    return isfinite(p.x) && isfinite(p.y) && !(x->log && p.x <= 0.0) && !(y->log && p.y <= 0.0);
}

// A point without x is a level.
static void draw_line(bench_text *t, const bench_curve *c, const char *color, const axis *x,
                      const axis *y)
{
    bool begun = false;
    bench_print(t, "<path fill=none stroke='%s' stroke-width=1.5%s d='", color,
                c->mark == BENCH_DASHES ? " stroke-dasharray='5 4'" : "");
    for (size_t i = 0; i < c->count; i++) {
        bench_point p = c->points[i];
        if (isnan(p.x))
            bench_print(t, "M%.1f %.1fH%.1f", PLOT_LEFT, y_place(y, p.y), PLOT_WIDTH - PLOT_RIGHT);
        if (!is_drawn(p, x, y)) continue;
        bench_print(t, "%c%.1f %.1f", begun ? 'L' : 'M', x_place(x, p.x), y_place(y, p.y));
        begun = true;
    }
    bench_print(t, "'/>\n");
}

static void draw_dots(bench_text *t, const bench_curve *c, const char *color, const axis *x,
                      const axis *y)
{
    for (size_t i = 0; i < c->count; i++)
        if (is_drawn(c->points[i], x, y))
            bench_print(t, "<circle r=2.5 cx=%.1f cy=%.1f fill='%s'/>\n",
                        x_place(x, c->points[i].x), y_place(y, c->points[i].y), color);
}

// A mark and a name each, side by side above the figure.
static void draw_names(bench_text *t, const bench_plot *plot)
{
    double at = PLOT_LEFT;
    for (uint32_t i = 0; i < plot->curve_count; i++) {
        const bench_curve *c = &plot->curves[i];
        if (c->mark == BENCH_DOTS)
            bench_print(t, "<circle r=3 cx=%.1f cy=14 fill='%s'/>", at + 8.0, colors[i]);
        else
            bench_print(t, "<path stroke='%s' stroke-width=2%s d='M%.1f 14h16'/>", colors[i],
                        c->mark == BENCH_DASHES ? " stroke-dasharray='5 4'" : "", at);
        bench_print(t, "<text x=%.1f y=18>%s</text>\n", at + 21.0, c->name);
        at += 36.0 + LETTER * (double)strlen(c->name);
    }
}

// Lines first: dots lie on them.
static void draw_curves(bench_text *t, const bench_plot *plot, const axis *x, const axis *y)
{
    for (uint32_t i = 0; i < plot->curve_count; i++)
        if (plot->curves[i].mark != BENCH_DOTS) draw_line(t, &plot->curves[i], colors[i], x, y);
    for (uint32_t i = 0; i < plot->curve_count; i++)
        if (plot->curves[i].mark == BENCH_DOTS) draw_dots(t, &plot->curves[i], colors[i], x, y);
}

static void draw_plot(bench_text *t, const bench_plot *plot)
{
    axis x, y;
    find_axes(plot, &x, &y);
    bench_print(t, "<figure><figcaption>%s</figcaption><svg viewBox='0 0 %.0f %.0f'>\n",
                plot->title, PLOT_WIDTH, PLOT_HEIGHT);
    draw_ticks(t, &x, &y);
    draw_curves(t, plot, &x, &y);
    draw_names(t, plot);
    bench_print(t, "<text x=%.0f y=%.0f text-anchor=middle>%s</text>\n", PLOT_WIDTH / 2.0,
                PLOT_HEIGHT - 10.0, plot->x_name);
    bench_print(t,
                "<text transform='translate(14 %.0f) rotate(-90)' text-anchor=middle>%s</text>\n"
                "</svg></figure>\n",
                PLOT_HEIGHT / 2.0, plot->y_name);
}

// ---- page -------------------------------------------------------------------------------------
static const char head[] =
    "<!doctype html><meta charset=utf-8><title>camera bench</title><style>\n"
    "body{font:14px sans-serif;max-width:1320px;margin:2em auto;padding:0 1em}\n"
    "table{border-collapse:collapse}td,th{padding:2px 10px;text-align:right;border-bottom:1px "
    "solid "
    "#ddd}td:first-child,th:first-child,td:nth-child(2),th:nth-child(2){text-align:left}\n"
    "figure{display:inline-block;width:620px;margin:1em 1em 0 0}svg text{font:11px sans-serif}\n"
    ".g{stroke:#e4e4e4}.no{background:#f8d0cc}.yes{background:#d8f0d8}\n"
    "</style>\n";

// Names come from files: no mark-up of theirs is ours.
static void print_escaped(bench_text *t, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            bench_print(t, "&lt;");
        else if (*text == '&')
            bench_print(t, "&amp;");
        else
            bench_print(t, "%c", *text);
    }
}

static void print_error(bench_text *t, double error)
{
    if (isnan(error))
        bench_print(t, "not computed");
    else
        bench_print(t, "%.2g", error);
}

static void draw_rows(bench_text *t, const bench *b)
{
    bench_print(t, "<table><tr><th>quantity<th>where<th>true value<th>allowed<th>light's "
                   "error<th>noise's error<th>"
                   "measured here<th>off by<th></tr>\n");
    for (size_t i = 0; i < b->row_count; i++) {
        const bench_row *r = &b->rows[i];
        bench_print(t, "<tr><td>%s<td>%s<td>%.6g %s<td>-%.3g +%.3g<td>", r->quantity, r->where,
                    r->value, r->unit, r->below, r->above);
        print_error(t, r->light_error);
        bench_print(t, "<td>");
        print_error(t, r->noise_error);
        if (isnan(r->measured)) {
            bench_print(t, "<td>left to the judge<td><td></tr>\n");
            continue;
        }
        bool holds = bench_row_holds(r);
        bench_print(t, "<td>%.6g<td>%.3g<td class=%s>%s</tr>\n", r->measured,
                    r->measured - r->value, holds ? "yes" : "no", holds ? "pass" : "FAIL");
    }
    bench_print(t, "</table>\n");
}

bt_status bench_write_report(const bench *b)
{
    bench_text t = {0};
    bench_print(&t, "%s<h1>%s: ", head, b->desc->chart);
    print_escaped(&t, b->desc->sheet->name);
    bench_print(&t, "</h1><p>");
    print_escaped(&t, b->desc->sheet->description);
    bench_print(&t, "<p>%u x %u pixels, %u steps, 2 x %u samples of light, %u frames.\n",
                b->width_px, b->height_px, b->steps, b->samples, b->reads);
    bench_print(&t, "<p>Read: %s. ", b->taken);
    if (!isnan(b->light_share))
        bench_print(&t,
                    "The light's own noise is at most %.2g of shot noise's variance (limit %g).",
                    b->light_share, BT_BENCH_NOISE_SHARE);
    bench_print(&t, "<pre>");
    print_escaped(&t, b->note);
    bench_print(&t, "</pre>\n");
    draw_rows(&t, b);
    for (size_t i = 0; i < b->plot_count; i++)
        draw_plot(&t, &b->plots[i]);
    return bench_text_write(b, &t, "report.html");
}
