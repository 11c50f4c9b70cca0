// exposure_plan.c: see plan.h.
#include "sensors/camera/control/exposure_plan.h"

#include <math.h>

static uint32_t read_list(bt_table *table, const char *key, double low, double high, uint32_t most,
                          double *values)
{
    bt_table list;
    if (!bt_table_open(table, key, &list)) return 0;
    size_t count = bt_table_length(&list);
    if (count < 1 || count > most)
        bt_table_fail(&list, "", "%zu numbers; expected 1 to %u", count, (unsigned)most);
    for (size_t i = 0; i < count && i < most && list.status == BT_OK; i++)
        values[i] = bt_table_item_number(&list, i, low, high);
    return bt_table_end(&list) == BT_OK ? (uint32_t)count : 0;
}

static void read_fixed(bt_table *table, bt_exposure_plan *plan)
{
    const double shortest_s = 1e-6, longest_s = 1.0, least = 0.125, most = 64.0;
    if (plan->mode == BT_EXPOSURE_PLAN_MANUAL) {
        plan->exposures_s[0] =
            bt_table_number(table, "exposure_s", BT_REQUIRED, shortest_s, longest_s);
        plan->gains[0] = bt_table_number(table, "gain", 1.0, least, most);
        plan->exposure_count = plan->gain_count = 1;
    } else {
        plan->exposure_count = read_list(table, "exposures_s", shortest_s, longest_s,
                                         BT_EXPOSURE_PLAN_EXPOSURES_MAX, plan->exposures_s);
        plan->gain_count =
            read_list(table, "gains", least, most, BT_EXPOSURE_PLAN_GAINS_MAX, plan->gains);
        plan->instant = bt_table_bool(table, "instant", false);
        if (plan->exposure_count == 0)
            bt_table_fail(table, "exposures_s", "missing: a list of 1 to %d seconds",
                          BT_EXPOSURE_PLAN_EXPOSURES_MAX);
        if (plan->gain_count == 0) plan->gains[0] = 1.0, plan->gain_count = 1;
    }
    plan->digital_gain = bt_table_number(table, "digital_gain", 1.0, 1.0, 64.0);
}

static void read_auto(bt_table *table, bt_exposure_plan *plan)
{
    plan->delay_frames =
        (uint32_t)bt_table_integer(table, "delay_frames", 2, 1, BT_EXPOSURE_PLAN_DELAY_MAX);
    plan->damping = bt_table_number(table, "damping", 0.5, 0.01, 1.0);
    plan->step_stops = bt_table_number(table, "step_stops", 1.5, 0.05, 20.0);
    plan->hold_stops = bt_table_number(table, "hold_stops", 0.15, 0.0, 2.0);
    plan->flicker_hz = bt_table_number(table, "flicker_hz", 0.0, 0.0, 2000.0);
    plan->white_balance = bt_table_bool(table, "white_balance", true);
}

void bt_exposure_plan_read(bt_table *parent, bt_exposure_plan *plan)
{
    static const char *const modes[] = {"metered", "manual", "sweep", "auto", NULL};
    bt_table table;
    *plan = (bt_exposure_plan){.mode = BT_EXPOSURE_PLAN_METERED};
    if (!bt_table_open(parent, "exposure", &table)) return;
    plan->mode =
        (bt_exposure_plan_mode)bt_table_choice(&table, "mode", BT_EXPOSURE_PLAN_METERED, modes);
    if (plan->mode == BT_EXPOSURE_PLAN_AUTO) read_auto(&table, plan);
    if (plan->mode == BT_EXPOSURE_PLAN_MANUAL || plan->mode == BT_EXPOSURE_PLAN_SWEEP)
        read_fixed(&table, plan);
    if (bt_table_end(&table) != BT_OK) plan->mode = BT_EXPOSURE_PLAN_METERED;
}

bt_status bt_exposure_plan_check(const bt_exposure_plan *plan, const bt_camera *camera)
{
    const bt_camera_sheet *sheet = bt_camera_sheet_of(camera);
    double least = fmin(bt_sheet_get(sheet, BT_SHEET_ANALOG_GAIN), 1.0);
    double most = fmax(bt_sheet_get(sheet, BT_SHEET_ANALOG_GAIN_MAX), least);
    for (uint32_t i = 0; i < plan->gain_count; i++)
        if (plan->gains[i] < least || plan->gains[i] > most)
            return bt_fail(BT_ERR_INPUT, "exposure: a gain of %g; '%s' has %g to %g",
                           plan->gains[i], sheet->name, least, most);
    return BT_OK;
}

uint64_t bt_exposure_plan_frames_per_instant(const bt_exposure_plan *plan)
{
    bool still = plan->mode == BT_EXPOSURE_PLAN_SWEEP && plan->instant;
    return still ? (uint64_t)plan->exposure_count * plan->gain_count : 1;
}

bt_camera_exposure bt_exposure_plan_at(const bt_exposure_plan *plan, uint64_t frame)
{
    return (bt_camera_exposure){
        .exposure_s = plan->exposures_s[frame / plan->gain_count % plan->exposure_count],
        .analog_gain = plan->gains[frame % plan->gain_count],
        .digital_gain = plan->digital_gain};
}

double bt_exposure_plan_longest_s(const bt_exposure_plan *plan)
{
    double longest_s = 0.0;
    for (uint32_t i = 0; i < plan->exposure_count; i++)
        longest_s = fmax(longest_s, plan->exposures_s[i]);
    return longest_s;
}
