// windshield_lua.c: reading windshield sheets from Lua.
#include "sensors/camera/optics/windshield_lua.h"

#include <stdio.h>
#include <string.h>

#include "sensors/camera/sheet_lua.h"

static void read_numbers(bt_table *section, const char *name, bt_windshield *shield)
{
    for (int key = 0; key < BT_WINDSHIELD_KEY_COUNT; key++) {
        const bt_sheet_key_info *info = bt_windshield_key_get((bt_windshield_key)key);
        if (strcmp(info->section, name) == 0)
            bt_sheet_read_number(section, info, &shield->numbers[key]);
    }
}

static void read_pane(bt_table *table, bt_windshield *shield)
{
    bt_table section;
    double anchor[3];
    if (!bt_table_open(table, "pane", &section)) {
        bt_table_fail(table, "pane", "missing");
        return;
    }
    bool by_distance = bt_sheet_type_under(&section, "distance_m") != LUA_TNIL;
    read_numbers(&section, "pane", shield);
    size_t count =
        bt_sheet_read_list(&section, "anchor_m", anchor, 3, 50.0, &shield->anchor_provenance);
    if (count != 0 && count != 3)
        bt_table_fail(&section, "anchor_m", "expected x, y and z, got %zu numbers", count);
    if (count == 3 && by_distance)
        bt_table_fail(&section, "distance_m", "expected either this or anchor_m, got both");
    shield->has_anchor = count == 3;
    if (count == 3) shield->anchor_m = (bt_vec3){anchor[0], anchor[1], anchor[2]};
    bt_sheet_end(&section);
}

static void read_glass(bt_table *table, bt_windshield *shield)
{
    bt_table section;
    if (!bt_table_open(table, "glass", &section)) return;
    read_numbers(&section, "glass", shield);
    size_t count = bt_sheet_read_list(&section, "sellmeier", shield->sellmeier, 6, 1e3,
                                      &shield->sellmeier_provenance);
    if (count != 0 && count != 6)
        bt_table_fail(&section, "sellmeier", "expected B1 C1 B2 C2 B3 C3, got %zu numbers", count);
    shield->has_sellmeier = count == 6;
    bt_sheet_read_curve(&section, "transmission", &bt_sheet_spectral, &shield->transmission);
    bt_sheet_end(&section);
}

static void read_arc(bt_table *list, size_t item, bt_windshield_arc *arc)
{
    bt_table table;
    if (!bt_table_open_item(list, item, &table)) return;
    if (!bt_table_numbers(&table, "pivot_m", arc->pivot_m, 2, -5.0, 5.0))
        bt_table_fail(&table, "pivot_m", "missing: { right, up } on the glass");
    arc->radius_min_m = bt_table_number(&table, "radius_min_m", 0.0, 0.0, 5.0);
    arc->radius_max_m = bt_table_number(&table, "radius_max_m", BT_REQUIRED, 1e-3, 5.0);
    arc->from_rad =
        bt_table_number(&table, "from_deg", BT_REQUIRED, -360.0, 360.0) * BT_RAD_PER_DEG;
    arc->to_rad = bt_table_number(&table, "to_deg", BT_REQUIRED, -360.0, 360.0) * BT_RAD_PER_DEG;
    bt_sheet_end(&table);
}

static void read_wiper(bt_table *table, bt_windshield *shield)
{
    bt_table section, list;
    if (!bt_table_open(table, "wiper", &section)) return;
    read_numbers(&section, "wiper", shield);
    bt_sheet_read_provenance(&section, &shield->arc_provenance);
    if (bt_table_open(&section, "arcs", &list)) {
        size_t count = bt_table_length(&list);
        if (count > BT_WINDSHIELD_MAX_ARCS)
            bt_table_fail(&list, "", "expected at most %d wipers, got %zu", BT_WINDSHIELD_MAX_ARCS,
                          count);
        for (size_t i = 0; i < count && list.status == BT_OK; i++)
            read_arc(&list, i, &shield->arcs[i]);
        shield->arc_count = list.status == BT_OK ? (uint32_t)count : 0;
        bt_sheet_end(&list);
    }
    bt_sheet_end(&section);
}

static void read_plain_section(bt_table *table, const char *name, bt_windshield *shield)
{
    static const char *const models[] = {"harvey", "abg", NULL};
    bt_table section;
    if (!bt_table_open(table, name, &section)) return;
    read_numbers(&section, name, shield);
    if (strcmp(name, "film") == 0)
        shield->film = (bt_windshield_film)bt_table_choice(&section, "model", 0, models);
    bt_sheet_end(&section);
}

bt_status bt_windshield_read(bt_table *table, bt_windshield *shield)
{
    static const char *const plain[] = {"scratches", "dust", "film", "fog", "drops"};
    bt_windshield_init(shield);
    const char *name = bt_table_string(table, "name", NULL);
    snprintf(shield->name, sizeof shield->name, "%s", name);
    const char *description = bt_table_string(table, "description", "");
    snprintf(shield->description, sizeof shield->description, "%s", description);
    read_pane(table, shield);
    read_glass(table, shield);
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        read_plain_section(table, plain[i], shield);
    read_wiper(table, shield);
    bt_status status = bt_table_end(table);
    return status != BT_OK ? status : bt_windshield_check(shield);
}

bt_status bt_windshield_load(const char *name, const char *const *roots, size_t root_count,
                             bt_windshield *shield)
{
    bt_windshield_init(shield);
    bt_script *script = NULL;
    bt_table table;
    char path[4096];
    bt_status status = bt_sheet_script(name, roots, root_count, path, sizeof path, &script);
    if (status == BT_OK) {
        bt_table_begin(&table, bt_script_lua(script), -1, path, "");
        status = bt_windshield_read(&table, shield);
    }
    bt_script_destroy(script);
    return status;
}
