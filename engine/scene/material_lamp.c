// material_lamp.c: how materials shine: spectrum, directions, flicker.
#include "engine/scene/material_lua_internal.h"

#include "engine/scene/lamp_webs.h"
#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"

#include <math.h>

// ---- spectra ------------------------------------------------------------------------------------
static void gaussian(double peak_nm, double width_nm, float out[BT_SPECTRUM_BINS])
{
    double sigma_nm = width_nm / 2.354820045; // full width at half maximum: 2 sqrt(2 ln 2) sigma
    for (unsigned i = 0; i < BT_SPECTRUM_BINS; i++) {
        double x = (bt_spectrum_bin_nm(i) - peak_nm) / sigma_nm;
        out[i] = (float)bt_exp(-0.5 * x * x);
    }
}

static void read_light(bt_sheet_reader *r, bt_table *table, float out[BT_SPECTRUM_BINS])
{
    double rgb[3];
    double kelvin = bt_table_number(table, "blackbody_kelvin", 0.0, 500.0, 20000.0);
    double peak_nm = bt_table_number(table, "peak_nm", 0.0, 380.0, 780.0);
    bool colored = bt_table_numbers(table, "color", rgb, 3, 0.0, 1.0);
    bool filed = bt_sheet_type_of(table, "csv") != LUA_TNIL;
    if ((kelvin > 0.0) + (peak_nm > 0.0) + colored + filed != 1) {
        bt_table_fail(table, "", "expected one of color, blackbody_kelvin, peak_nm, csv");
        return;
    }
    if (kelvin > 0.0) {
        bt_spectrum_blackbody(kelvin, out);
    } else if (peak_nm > 0.0) {
        gaussian(peak_nm, bt_table_number(table, "width_nm", 20.0, 12.0, 300.0), out);
    } else if (colored) {
        bt_sheet_uplift_color(table, "color", rgb, 0.0, out);
        for (int i = 0; i < BT_SPECTRUM_BINS; i++)
            out[i] = i < BT_SPECTRUM_VISIBLE_BINS ? out[i] * bt_illuminant_d65[i] : 0.0f;
    } else {
        bt_sheet_read_csv(r, table, out);
    }
}

// ---- webs ---------------------------------------------------------------------------------------
typedef enum form { LOW_BEAM, HIGH_BEAM, SIGNAL, STREET } form;

static bt_status make_form(bt_table *t, form kind, bt_photometric_web **web)
{
    static const char *const sides[] = {"right", "left", NULL};
    static const char *const ends[] = {"front", "rear", NULL};
    bt_low_beam_desc low = {0};
    bt_signal_web_desc signal = {0};
    switch (kind) {
    case LOW_BEAM:
        low.left_traffic = bt_table_choice(t, "traffic", 0, sides) == 1;
        low.dip_deg = bt_table_number(t, "dip_deg", 0.0, -5.0, 5.0);
        low.level = bt_table_number(t, "level", 1.0, 0.01, 10.0);
        return bt_web_low_beam(&low, web);
    case HIGH_BEAM:
        return bt_web_high_beam(bt_table_number(t, "level", 1.0, 0.01, 10.0), web);
    case SIGNAL:
        signal.peak_cd = bt_table_number(t, "peak_cd", BT_REQUIRED, 0.01, 1e6);
        signal.width_deg = bt_table_number(t, "width_deg", 18.0, 2.0, 90.0);
        signal.height_deg = bt_table_number(t, "height_deg", 11.0, 2.0, 90.0);
        signal.rear = bt_table_choice(t, "toward", 0, ends) == 1;
        return bt_web_signal(&signal, web);
    case STREET:
        break;
    }
    double flux_lm = bt_table_number(t, "flux_lm", BT_REQUIRED, 1.0, 1e6);
    return bt_web_street(flux_lm, bt_table_number(t, "scattered", 0.0, 0.0, 0.9), web);
}

static bt_status load_web(bt_sheet_reader *r, const char *file, bt_photometric_web **web)
{
    char path[4096];
    bt_status status = bt_script_find_file(r->script, file, path, sizeof path);
    return status == BT_OK ? bt_photometry_load(path, web) : status;
}

// A web and what its candela are multiplied by; false when absent.
static bool read_web(bt_sheet_reader *r, bt_table *parent, bt_material *m)
{
    static const char *const forms[] = {"low_beam", "high_beam", "signal", "street", NULL};
    bt_table table;
    bt_photometric_web *web = NULL;
    if (!bt_table_open(parent, "web", &table)) return false;
    double count = (double)bt_table_integer(&table, "count", 1, 1, 1000);
    double lens = bt_table_number(&table, "lens", 1.0, 0.01, 1.0);
    bool filed = bt_sheet_type_of(&table, "file") != LUA_TNIL;
    bt_status status;
    if (filed)
        status = load_web(r, bt_table_string(&table, "file", NULL), &web);
    else
        status = make_form(&table, (form)bt_table_choice(&table, "form", 0, forms), &web);
    if (status == BT_OK) status = bt_spec_add_web(r->spec, web, &m->web);
    if (status != BT_OK && table.status == BT_OK) bt_sheet_fail_with(&table, filed ? "file" : "");
    bt_photometry_destroy(web);
    m->emission_scale = (float)(count / lens);
    return bt_table_end(&table) == BT_OK;
}

// ---- flicker ------------------------------------------------------------------------------------
static void read_flicker(bt_table *parent, bt_material *m)
{
    bt_table table;
    if (!bt_table_open(parent, "flicker", &table)) return;
    m->flicker_hz = (float)bt_table_integer(&table, "hz", 0, 1, 20000);
    m->flicker_duty = (float)bt_table_number(&table, "duty", 0.0, 0.01, 1.0);
    m->flicker_ripple = (float)bt_table_number(&table, "ripple", 0.0, 0.0, 1.0);
    if ((m->flicker_duty > 0.0f) == (m->flicker_ripple > 0.0f))
        bt_table_fail(&table, "", "expected hz and one of duty, ripple");
    if (!(m->flicker_hz > 0.0f)) bt_table_fail(&table, "hz", "missing: whole hertz");
    if (bt_table_end(&table) != BT_OK) m->flicker_hz = 0.0f;
}

// ---- all of it ----------------------------------------------------------------------------------
static void read_hours(bt_table *table, bt_lamp_hours *hours)
{
    *hours = (bt_lamp_hours){false, 0.0, 24.0};
    hours->dusk = bt_table_bool(table, "dusk", false);
    double span[2];
    if (!bt_table_numbers(table, "hours", span, 2, 0.0, 24.0)) return;
    hours->from_h = span[0];
    hours->to_h = span[1];
    if (!hours->dusk) bt_table_fail(table, "hours", "expected dusk = true with it");
}

void bt_sheet_read_emission(bt_sheet_reader *r, bt_table *parent, bt_material *m,
                            bt_lamp_hours *hours)
{
    bt_table table;
    float light[BT_SPECTRUM_BINS];
    m->emission = BT_NO_SPECTRUM;
    if (!bt_table_open(parent, "emission", &table)) return;
    bt_sheet_fill(light, 0.0);
    m->emission_scale = 1.0f;
    double luminance = bt_table_number(&table, "luminance_cd_m2", 0.0, 1e-6, 1e10);
    bool webbed = read_web(r, &table, m);
    if (table.status == BT_OK && webbed == (luminance > 0.0))
        bt_table_fail(&table, "luminance_cd_m2", "expected it or a web");
    read_light(r, &table, light);
    read_flicker(&table, m);
    m->shines_both = bt_table_bool(&table, "both_sides", false);
    if (m->shines_both != 0 && webbed)
        bt_table_fail(&table, "both_sides", "expected no web with it");
    read_hours(&table, hours);
    // with a web the spectrum is that of one candela
    if (table.status == BT_OK && !bt_spectrum_set_luminance(light, webbed ? 1.0 : luminance))
        bt_table_fail(&table, "", "this spectrum has no visible light");
    if (table.status == BT_OK) m->emission = bt_sheet_add_spectrum(r, &table, light);
    if (bt_table_end(&table) != BT_OK) m->emission = BT_NO_SPECTRUM;
}
