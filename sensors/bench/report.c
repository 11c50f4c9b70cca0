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
#define PLOT_TOP 16.0
#define PLOT_RIGHT 16.0

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

static bench_curve *curve_of(bench_plot *plot, const char *name, bool line)
{
    for (uint32_t i = 0; i < plot->curve_count; i++)
        if (strcmp(plot->curves[i].name, name) == 0) return &plot->curves[i];
    if (plot->curve_count == BENCH_PLOT_CURVES) return NULL;
    bench_curve *curve = &plot->curves[plot->curve_count++];
    *curve = (bench_curve){.line = line};
    snprintf(curve->name, sizeof curve->name, "%s", name);
    return curve;
}

bt_status bench_plot_add(bench *b, size_t plot, const char *name, bool line, double x, double y)
{
    bench_curve *curve = curve_of(&b->plots[plot], name, line);
    if (!curve)
        return bt_fail(BT_ERR_INTERNAL, "a figure of more than %d curves", BENCH_PLOT_CURVES);
    bt_status status = BT_ARRAY_RESERVE(curve->points, curve->capacity, curve->count + 1);
    if (status != BT_OK) return status;
    curve->points[curve->count++] = (bench_point){x, y};
    return BT_OK;
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
    if (a->log && raw < 1.0) return 1.0;
    return power * (rest < 1.5 ? 1.0 : rest < 3.5 ? 2.0 : rest < 7.5 ? 5.0 : 10.0);
}

static void draw_ticks(bench_text *t, const axis *x, const axis *y)
{
    double step = tick_step(x);
    for (double v = ceil(x->low / step) * step; v <= x->high + 1e-9 * step; v += step) {
        double value = x->log ? pow(10.0, v) : v, at = x_place(x, value);
        bench_print(t,
                    "<path class=g d='M%.1f %.1fV%.1f'/><text x=%.1f y=%.1f "
                    "text-anchor=middle>%.4g</text>\n",
                    at, PLOT_TOP, PLOT_HEIGHT - PLOT_BOTTOM, at, PLOT_HEIGHT - PLOT_BOTTOM + 16.0,
                    fabs(value) < 1e-12 ? 0.0 : value);
    }
    step = tick_step(y);
    for (double v = ceil(y->low / step) * step; v <= y->high + 1e-9 * step; v += step) {
        double value = y->log ? pow(10.0, v) : v, at = y_place(y, value);
        bench_print(
            t,
            "<path class=g d='M%.1f %.1fH%.1f'/><text x=%.1f y=%.1f text-anchor=end>%.4g</text>\n",
            PLOT_LEFT, at, PLOT_WIDTH - PLOT_RIGHT, PLOT_LEFT - 6.0, at + 4.0,
            fabs(value) < 1e-12 ? 0.0 : value);
    }
}

static const char *const colors[BENCH_PLOT_CURVES] = {"#c0392b", "#2c6fbb", "#2e8b57", "#8e44ad",
                                                      "#d68910", "#16a085", "#7f8c8d", "#34495e"};

static void draw_curve(bench_text *t, const bench_curve *c, uint32_t number, const axis *x,
                       const axis *y)
{
    if (c->line) bench_print(t, "<path fill=none stroke='%s' stroke-width=1.5 d='", colors[number]);
    bool begun = false;
    for (size_t i = 0; i < c->count; i++) {
        bench_point p = c->points[i];
        if (!isfinite(p.x) || !isfinite(p.y) || (x->log && p.x <= 0.0) || (y->log && p.y <= 0.0))
            continue;
        if (c->line)
            bench_print(t, "%c%.1f %.1f", begun ? 'L' : 'M', x_place(x, p.x), y_place(y, p.y));
        else
            bench_print(t, "<circle r=2.5 cx=%.1f cy=%.1f fill='%s'/>\n", x_place(x, p.x),
                        y_place(y, p.y), colors[number]);
        begun = true;
    }
    if (c->line) bench_print(t, "'/>\n");
    bench_print(t, "<text x=%.1f y=%.1f fill='%s'>%s</text>\n", PLOT_LEFT + 10.0,
                PLOT_TOP + 14.0 + 14.0 * number, colors[number], c->name);
}

static void draw_plot(bench_text *t, const bench_plot *plot)
{
    axis x, y;
    find_axes(plot, &x, &y);
    bench_print(t, "<figure><figcaption>%s</figcaption><svg viewBox='0 0 %.0f %.0f'>\n",
                plot->title, PLOT_WIDTH, PLOT_HEIGHT);
    draw_ticks(t, &x, &y);
    for (uint32_t i = 0; i < plot->curve_count; i++)
        draw_curve(t, &plot->curves[i], i, &x, &y);
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

static void draw_rows(bench_text *t, const bench *b)
{
    bench_print(t, "<table><tr><th>quantity<th>where<th>true value<th>allowed<th>light's error<th>"
                   "measured here<th>off by<th></tr>\n");
    for (size_t i = 0; i < b->row_count; i++) {
        const bench_row *r = &b->rows[i];
        bench_print(t, "<tr><td>%s<td>%s<td>%.6g %s<td>-%.3g +%.3g<td>", r->quantity, r->where,
                    r->value, r->unit, r->below, r->above);
        if (isnan(r->light_error))
            bench_print(t, "not computed");
        else
            bench_print(t, "%.2g", r->light_error);
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
