// material_lua_test.c: the street sheet has every name and plausible numbers; bad sheets say where.
#include "engine/scene/material_lua.h"

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/scene/world.h"
#include "engine/spectrum/spectrum.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <unistd.h>

static const char *const names[] = {
    "asphalt",
    "asphalt_new",
    "asphalt_junction",
    "asphalt_shoulder",
    "sidewalk",
    "curb",
    "parking_asphalt",
    "bike_lane",
    "gravel",
    "grass",
    "dry_grass",
    "soil",
    "field",
    "marking_white",
    "marking_yellow",
    "marking_blue",
    "marking_red",
    "marking_orange",
    "marking_green",
    "botts_dot",
    "stop_line",
    "crosswalk",
    "car_paint",
    "car_glass",
    "car_glass_dark",
    "rubber",
    "wheel_alloy",
    "wheel_steel",
    "chrome",
    "plastic_black",
    "plastic_grey",
    "plastic_trim",
    "headlamp_lens",
    "tail_lens_red",
    "indicator_lens_amber",
    "reflector_white",
    "license_plate",
    "underbody",
    "interior_dark",
    "seat_cloth",
    "lamp_low_beam",
    "lamp_low_beam_halogen",
    "lamp_high_beam",
    "lamp_high_beam_halogen",
    "lamp_day",
    "lamp_tail",
    "lamp_brake",
    "lamp_indicator",
    "lamp_indicator_rear",
    "lamp_reverse",
    "signal_red",
    "signal_amber",
    "signal_green",
    "signal_red_off",
    "signal_amber_off",
    "signal_green_off",
    "signal_housing",
    "skin_light",
    "skin_medium",
    "skin_dark",
    "hair_dark",
    "hair_blond",
    "hair_brown",
    "hair_grey",
    "cloth",
    "denim",
    "shoe_black",
    "dog_fur_brown",
    "dog_fur_black",
    "brick_red",
    "brick_yellow",
    "plaster_white",
    "plaster_cream",
    "plaster_white_sill",
    "plaster_cream_sill",
    "plaster_grey_sill",
    "plaster_sill",
    "plinth",
    "plaster_grey",
    "plaster",
    "concrete_wall",
    "roof_tile_red",
    "roof_tile_grey",
    "roof_flat",
    "wood_painted_white",
    "wood",
    "window_glass",
    "window_frame_white",
    "window_dark_room",
    "room_wall",
    "room_wall_warm",
    "room_floor",
    "furniture",
    "roller_shutter",
    "shop_board",
    "shop_letter",
    "awning_sand",
    "awning_red",
    "awning_green",
    "curtain",
    "door_painted",
    "garage_door",
    "metal_galvanised",
    "metal_painted_grey",
    "metal_painted_green",
    "metal_painted_black",
    "pole_concrete",
    "sign_white",
    "sign_red",
    "sign_blue",
    "sign_yellow",
    "sign_black",
    "sign_back_aluminium",
    "bark_oak",
    "bark_birch",
    "leaf_oak",
    "leaf_maple",
    "leaf_birch",
    "leaf_hedge",
    "leaf_pine",
    "hedge_inner",
    "stone",
    "fence_wood",
    "guard_rail",
    "bin_plastic",
    "cone_orange",
    "lamp_street",
    "lamp_street_sodium",
    "lamp_lantern",
    "lamp_room",
    "lamp_room_late",
    "lamp_room_night",
    "lamp_shop",
    "lamp_shop_night",
    "lamp_office",
    "lamp_office_late",
    "lamp_office_night",
    "lamp_door",
    "sign_lit_white",
    "sign_lit_warm",
    "lamp_obstacle",
    "drape",
    "tower_glass",
    "spandrel_glass",
    "mullion",
    "tower_stone",
    "office_ceiling",
    "vent",
    "window_light_room",
};

static double albedo_of(const bt_world *w, uint32_t spectrum)
{
    double xyz[3];
    bt_spectrum_xyz_reflected(w->spectra + (size_t)spectrum * BT_SPECTRUM_BINS, bt_illuminant_d65,
                              xyz);
    return xyz[1];
}

static double web_peak_cd(const bt_world *w, uint32_t web)
{
    const float *head = w->webs + (web - 1) * BT_WEB_HEAD;
    uint32_t planes = (uint32_t)head[9], polars = (uint32_t)head[10];
    const float *cd = w->webs + (uint32_t)head[11] + planes + polars;
    float peak = 0.0f;
    for (uint32_t i = 0; i < planes * polars; i++)
        peak = fmaxf(peak, cd[i]);
    return (double)peak;
}

// Limits of type approval, of one lamp: tests/engine/scene/lamp_webs_test.c.
static void check_lamps(const bt_spec *spec, const bt_world *w)
{
    const struct {
        const char *name;
        double low, high; // cd
    } lamps[] = {{"lamp_low_beam", 15e3, 44e3},     {"lamp_low_beam_halogen", 10e3, 44e3},
                 {"lamp_high_beam", 40.5e3, 215e3}, {"lamp_high_beam_halogen", 40.5e3, 215e3},
                 {"lamp_day", 400, 1200},           {"lamp_tail", 4, 17},
                 {"lamp_brake", 60, 260},           {"lamp_indicator", 175, 1000},
                 {"lamp_indicator_rear", 50, 500},  {"lamp_reverse", 80, 300},
                 {"signal_red", 200, 2500},         {"signal_green", 200, 2500},
                 {"lamp_street", 2000, 6000}};
    uint32_t index;
    for (size_t i = 0; i < sizeof lamps / sizeof *lamps; i++) {
        CHECK_OK(bt_spec_find_material(spec, lamps[i].name, &index));
        const bt_material *m = &w->materials[index];
        CHECK(m->web != 0 && m->web <= w->web_count);
        if (m->web == 0 || m->web > w->web_count) continue;
        double peak = web_peak_cd(w, m->web);
        CHECK(peak >= lamps[i].low && peak <= lamps[i].high);
        double unit =
            bt_spectrum_luminance_cd_m2(w->spectra + (size_t)m->emission * BT_SPECTRUM_BINS);
        CHECK_NEAR(unit, 1.0, 1e-5);
    }
    // street lamps wait for dusk, cars' lamps for their switches
    CHECK_OK(bt_spec_find_material(spec, "lamp_street", &index));
    CHECK(w->materials[index].emission_scale == 0.0f);
    CHECK_OK(bt_spec_find_material(spec, "lamp_tail", &index));
    CHECK_NEAR((double)w->materials[index].emission_scale, 2.0 / 0.58, 1e-5);
    CHECK(w->materials[index].flicker_hz == 200.0f && w->materials[index].flicker_duty == 0.12f);
}

static void check_numbers(const bt_spec *spec, const bt_world *w)
{
    const struct {
        const char *name;
        double low, high; // luminous reflectance
    } albedos[] = {{"asphalt", 0.06, 0.15}, {"asphalt_new", 0.03, 0.08}, {"sidewalk", 0.3, 0.45},
                   {"grass", 0.05, 0.12},   {"marking_white", 0.5, 0.7}, {"leaf_oak", 0.05, 0.12},
                   {"rubber", 0.01, 0.05},  {"car_glass", 0.75, 0.9}};
    uint32_t index;
    for (size_t i = 0; i < sizeof albedos / sizeof *albedos; i++) {
        CHECK_OK(bt_spec_find_material(spec, albedos[i].name, &index));
        double albedo = albedo_of(w, w->materials[index].reflectance);
        CHECK(albedo >= albedos[i].low && albedo <= albedos[i].high);
    }
    // grass: green bump over its neighbours, red edge
    CHECK_OK(bt_spec_find_material(spec, "grass", &index));
    const float *s = w->spectra + (size_t)w->materials[index].reflectance * BT_SPECTRUM_BINS;
    CHECK(bt_spectrum_value(s, 550) > 1.8 * bt_spectrum_value(s, 450));
    CHECK(bt_spectrum_value(s, 550) > 1.8 * bt_spectrum_value(s, 672));
    CHECK(bt_spectrum_value(s, 750) > 5.0 * bt_spectrum_value(s, 672));
    // the infrared: plants bright, dyed cloth as its fibres, asphalt a little above its visible
    CHECK(bt_spectrum_value(s, 900) > 0.3 && bt_spectrum_value(s, 900) < 0.5);
    CHECK_OK(bt_spec_find_material(spec, "asphalt", &index));
    s = w->spectra + (size_t)w->materials[index].reflectance * BT_SPECTRUM_BINS;
    CHECK_NEAR(bt_spectrum_value(s, 900), 0.15, 1e-6);
    CHECK(bt_spectrum_value(s, 550) < 0.13);
    CHECK_OK(bt_spec_find_material(spec, "car_glass", &index));
    s = w->spectra + (size_t)w->materials[index].reflectance * BT_SPECTRUM_BINS;
    CHECK(bt_spectrum_value(s, 1000) < 0.55 * bt_spectrum_value(s, 530));
}

static void test_street(void)
{
    bt_spec *spec;
    bt_world *w;
    uint32_t index;
    CHECK_OK(bt_spec_create(&spec));
    CHECK_OK(bt_material_sheet_load(spec, "assets/materials/street.lua"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_OK(bt_spec_find_material(spec, names[i], &index));
    CHECK_OK(bt_world_compile(spec, &w));
    if (w != NULL) check_numbers(spec, w);
    if (w != NULL) check_lamps(spec, w);
    bt_world_destroy(w);
    bt_spec_set_weather(spec, &(bt_weather){.dusk_lamps = true});
    CHECK_OK(bt_world_compile(spec, &w));
    CHECK_OK(bt_spec_find_material(spec, "lamp_street", &index));
    CHECK(w->materials[index].emission_scale == 1.0f);
    // late rooms: until one in the morning, not at two
    bt_world_destroy(w);
    bt_spec_set_weather(spec, &(bt_weather){.dusk_lamps = true, .hour = 2.0});
    CHECK_OK(bt_world_compile(spec, &w));
    CHECK(w->materials[index].emission_scale == 1.0f);
    CHECK_OK(bt_spec_find_material(spec, "lamp_room_late", &index));
    CHECK(w->materials[index].emission_scale == 0.0f);
    bt_world_destroy(w);
    bt_spec_set_weather(spec, &(bt_weather){.dusk_lamps = true, .hour = 24.0});
    CHECK_OK(bt_world_compile(spec, &w));
    CHECK(w->materials[index].emission_scale == 1.0f);
    // a second reading of the same sheet meets its own names
    CHECK(bt_material_sheet_load(spec, "assets/materials/street.lua") == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "there already");
    bt_world_destroy(w);
    bt_spec_destroy(spec);
}

static bt_status load_text(const char *path, const char *text)
{
    bt_spec *spec;
    CHECK_OK(bt_file_write(path, text, strlen(text)));
    CHECK_OK(bt_spec_create(&spec));
    bt_status status = bt_material_sheet_load(spec, path);
    bt_spec_destroy(spec);
    return status;
}

static void test_bad_sheets(void)
{
    char path[64] = "/tmp/bt_sheet_XXXXXX";
    const struct {
        const char *text, *message;
    } bad[] = {
        {"return 5", "expected a table"},
        {"return {a = 1}", "a: expected a table"},
        {"return {g = {m = {color = {1, 1, 1}}}}", "g.m.source"},
        {"return {g = {m = {source = 'chosen'}}}", "g.m: expected a color"},
        {"return {g = {m = {color = {1, 1}, source = 'chosen'}}}", "expected 3 numbers"},
        {"return {g = {m = {color = {1, 1, 2}, source = 'chosen'}}}", "g.m.color"},
        {"return {g = {m = {color = {1, 1, 1}, shine = 3, source = 'chosen'}}}", "shine"},
        {"return {g = {m = {kind = 'jelly', color = {1, 1, 1}, source = 'chosen'}}}", "jelly"},
        {"return {g = {m = {color = {1, 0, 0}, albedo = 0.9, source = 'chosen'}}}", "g.m.color"},
        {"return {g = {m = {kind = 'retro', color = {1, 1, 1}, source = 'chosen'}}}", "g.m.retro"},
        {"return {g = {m = {kind = 'retro', retro = {}, color = {1, 1, 1}, source = 'chosen'}}}",
         "expected one of ra, rl"},
        {"return {g = {m = {retro = {ra = 70}, color = {1, 1, 1}, source = 'chosen'}}}",
         "expected kind \"retro\""},
        {"return {g = {m = {metal = 'copper', source = 'chosen'}}}", "expected kind \"conductor\""},
        {"return {g = {m = {kind = 'conductor', metal = 'brass', source = 'chosen'}}}", "brass"},
        {"return {g = {m = {kind = 'conductor', metal = 'copper', color = {1, 1, 1},"
         " source = 'chosen'}}}",
         "not both"},
        {"return {g = {m = {sheen = 0.5, color = {1, 1, 1}, source = 'chosen'}}}", "g.m.sheen"},
        {"return {g = {m = {flakes = 0.5, color = {1, 1, 1}, source = 'chosen'}}}", "g.m.flakes"},
        {"return {g = {m = {reflectance = 1.5, source = 'chosen'}}}", "g.m.reflectance"},
        {"return {g = {m = {reflectance = {{500, 0.5}, {400, 0.5}}, source = 'chosen'}}}",
         "ascend"},
        {"return {g = {m = {reflectance = {{500}}, source = 'chosen'}}}", "pair"},
        {"return {g = {m = {reflectance = {csv = 'no.csv', column = 'a'}, source = 'chosen'}}}",
         "no.csv"},
        {"return {g = {m = {emission = {peak_nm = 600}, source = 'chosen'}}}", "luminance_cd_m2"},
        {"return {g = {m = {emission = {luminance_cd_m2 = 5}, source = 'chosen'}}}",
         "expected one of"},
        {"return {g = {m = {emission = {peak_nm = 600, luminance_cd_m2 = 5, web = {form = 'signal',"
         " peak_cd = 5}}, source = 'chosen'}}}",
         "expected it or a web"},
        {"return {g = {m = {emission = {peak_nm = 600, web = {form = 'signal'}}, source = "
         "'chosen'}}}",
         "emission.web.peak_cd"},
        {"return {g = {m = {emission = {peak_nm = 600, web = {form = 'laser'}}, source = "
         "'chosen'}}}",
         "laser"},
        {"return {g = {m = {emission = {peak_nm = 600, web = {form = 'street', flux_lm = 1},"
         " both_sides = true}, source = 'chosen'}}}",
         "both_sides"},
        {"return {g = {m = {emission = {peak_nm = 600, web = {form = 'street', flux_lm = 1,"
         " count = 2.5}}, source = 'chosen'}}}",
         "emission.web.count"},
        {"return {g = {m = {emission = {peak_nm = 600, web = {file = 'no.ies'}}, source = "
         "'chosen'}}}",
         "no.ies"},
        {"return {g = {m = {emission = {peak_nm = 600, luminance_cd_m2 = 5, flicker = {hz = 99.5,"
         " duty = 0.5}}, source = 'chosen'}}}",
         "emission.flicker.hz"},
        {"return {g = {m = {emission = {peak_nm = 600, luminance_cd_m2 = 5, flicker = {hz = 100}},"
         " source = 'chosen'}}}",
         "one of duty, ripple"},
        {"return {g = {m = {roughness = 0/0, color = {1, 1, 1}, source = 'chosen'}}}", "roughness"},
        {"return {g = setmetatable({}, {__index = error})}, 5", ""},
        {"while true do end", ""},
        {"local t = {} for i = 1, 1e9 do t[i] = {} end", ""},
        {"return {", ":1:"},
    };
    int file = mkstemp(path);
    CHECK(file >= 0);
    if (file >= 0) close(file);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        bt_status status = load_text(path, bad[i].text);
        CHECK(status != BT_OK || bad[i].message[0] == '\0');
        if (status == BT_OK) continue;
        CHECK_CONTAINS(bt_error_message(), bad[i].message);
        CHECK(strchr(bt_error_message(), '\n') == NULL);
        if (!strstr(bt_error_message(), bad[i].message)) printf("%s\n", bt_error_message());
    }
    CHECK_OK(bt_file_remove(path));
}

int main(void)
{
    size_t before = bt_memory_in_use();
    test_street();
    test_bad_sheets();
    CHECK(bt_memory_in_use() == before);
    return check_end();
}
