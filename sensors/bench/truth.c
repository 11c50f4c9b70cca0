// truth.c: the table of true values, allowed deviations, and what the bench measured.
#include "sensors/bench/bench_internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/tiff.h"

bt_status bench_add(bench *b, const char *quantity, const char *where, const char *unit,
                    double value, double below, double above, double light_error, double measured)
{
    bt_status status = BT_ARRAY_RESERVE(b->rows, b->row_capacity, b->row_count + 1);
    if (status != BT_OK) return status;
    bench_row *row = &b->rows[b->row_count++];
    *row = (bench_row){.value = value,
                       .below = below,
                       .above = above,
                       .light_error = light_error,
                       .noise_error = NAN,
                       .measured = measured};
    snprintf(row->quantity, sizeof row->quantity, "%s", quantity);
    snprintf(row->where, sizeof row->where, "%s", where);
    snprintf(row->unit, sizeof row->unit, "%s", unit);
    return BT_OK;
}

uint32_t bench_scored(const bench *b, uint32_t *failed)
{
    uint32_t scored = 0;
    *failed = 0;
    for (size_t i = 0; i < b->row_count; i++) {
        if (isnan(b->rows[i].measured)) continue;
        scored++;
        *failed += !bench_row_holds(&b->rows[i]);
    }
    return scored;
}

static void print_error(char *text, size_t size, double error)
{
    if (isnan(error))
        snprintf(text, size, "not computed");
    else
        snprintf(text, size, "%.3g", error);
}

bt_status bench_write_rows(const bench *b)
{
    bench_text truth = {0}, scores = {0};
    bench_print(&truth, "quantity,where,value,unit,below,above,light_error,noise_error\n");
    bench_print(&scores,
                "quantity,where,measured,value,unit,below,above,light_error,noise_error,pass\n");
    for (size_t i = 0; i < b->row_count; i++) {
        const bench_row *r = &b->rows[i];
        char light[24], noise[24];
        print_error(light, sizeof light, r->light_error);
        print_error(noise, sizeof noise, r->noise_error);
        bench_print(&truth, "%s,%s,%.9g,%s,%.4g,%.4g,%s,%s\n", r->quantity, r->where, r->value,
                    r->unit, r->below, r->above, light, noise);
        if (!isnan(r->measured))
            bench_print(&scores, "%s,%s,%.9g,%.9g,%s,%.4g,%.4g,%s,%s,%s\n", r->quantity, r->where,
                        r->measured, r->value, r->unit, r->below, r->above, light, noise,
                        bench_row_holds(r) ? "yes" : "no");
    }
    bt_status status = bench_text_write(b, &truth, "truth.csv");
    bt_status second = bench_text_write(b, &scores, "scores.csv");
    return status != BT_OK ? status : second;
}

// ---- text and files ---------------------------------------------------------------------------
void bench_print(bench_text *text, const char *format, ...)
{
    va_list args, again;
    if (text->status != BT_OK) return;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    size_t need = text->count + (size_t)length + 1;
    text->status = BT_ARRAY_RESERVE(text->text, text->capacity, need);
    if (text->status == BT_OK) {
        vsnprintf(text->text + text->count, (size_t)length + 1, format, again);
        text->count += (size_t)length;
    }
    va_end(again);
}

bt_status bench_text_write(const bench *b, bench_text *text, const char *name)
{
    char path[4096];
    bt_status status = text->status;
    if (status == BT_OK) status = bt_path_join(path, sizeof path, b->desc->out, name);
    if (status == BT_OK) status = bt_file_write(path, text->text ? text->text : "", text->count);
    bt_free(text->text);
    *text = (bench_text){0};
    return status;
}

bt_status bench_folder(const bench *b, const char *name)
{
    char path[4096];
    bt_status status = bt_path_join(path, sizeof path, b->desc->out, name);
    return status == BT_OK ? bt_folder_make(path) : status;
}

bt_status bench_write_tiff(const bench *b, const char *name, uint32_t width_px, uint32_t height_px,
                           const uint16_t *pixels)
{
    char path[4096];
    bt_status status = bt_path_join(path, sizeof path, b->desc->out, name);
    if (status == BT_OK) status = bt_tiff_write_u16(path, width_px, height_px, pixels);
    return status;
}

double bench_rate(const bt_film *film, uint32_t band, uint32_t x, uint32_t y)
{
    return (double)film->rate_e_s[((size_t)y * film->width_px + x) * film->band_count + band];
}

bt_status bench_write_rates(const bench *b, const bt_film *film, uint32_t band, const char *name)
{
    bench_text text = {0};
    for (uint32_t y = 0; y < film->height_px; y++)
        for (uint32_t x = 0; x < film->width_px; x++)
            bench_print(&text, "%.9g%c", bench_rate(film, band, x, y),
                        x + 1 < film->width_px ? ',' : '\n');
    return bench_text_write(b, &text, name);
}
