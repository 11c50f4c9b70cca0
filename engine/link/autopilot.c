// autopilot.c: an autopilot in Lua: reading its file, asking it, checking its answers.
#include <lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/core/memory.h"
#include "engine/link/link_internal.h"

#define MEMORY_LIMIT_BYTES ((size_t)64 << 20)
#define INSTRUCTION_LIMIT UINT64_C(20000000) // of one call: a fraction of a second
#define PERIOD_S 0.05
#define STEER_LIMIT_RAD 1.5
#define ACCEL_LIMIT_M_S2 30.0

static const char *const sense_words[] = {"speed", "route", "lane", "leader", "signals", "cameras"};
static const bool sense_is_truth[] = {false, true, true, true, true, false};
#define SENSE_COUNT (sizeof sense_words / sizeof sense_words[0])

// ---- reading the file -------------------------------------------------------------------------
static void read_sense(bt_autopilot *autopilot, bt_table *list, size_t item)
{
    const char *word = bt_table_item_string(list, item);
    for (size_t i = 0; i < SENSE_COUNT; i++) {
        if (strcmp(word, sense_words[i]) != 0) continue;
        autopilot->senses |= 1u << i;
        return;
    }
    bt_table_fail(list, "",
                  "expected 'speed', 'route', 'lane', 'leader', 'signals', 'cameras', got '%.40s'",
                  word);
}

static void list_privileges(bt_autopilot *autopilot)
{
    size_t used = 0;
    for (size_t i = 0; i < SENSE_COUNT; i++) {
        if (!sense_is_truth[i] || !(autopilot->senses & 1u << i)) continue;
        used += (size_t)snprintf(autopilot->privileges + used, sizeof autopilot->privileges - used,
                                 "%s%s", used ? "," : "", sense_words[i]);
    }
}

// Leaves the function under a key in the registry; LUA_NOREF when there is none.
static int read_function(bt_table *table, const char *key, bool needed)
{
    lua_State *lua = table->lua;
    // the strict reader has no functions: accept the key by hand
    if (table->key_count < BT_TABLE_MAX_KEYS) table->keys[table->key_count++] = key;
    if (table->status != BT_OK) return LUA_NOREF;
    lua_pushstring(lua, key);
    int type = lua_rawget(lua, table->index);
    if (type == LUA_TFUNCTION) return luaL_ref(lua, LUA_REGISTRYINDEX);
    lua_pop(lua, 1);
    if (needed || type != LUA_TNIL)
        bt_table_fail(table, key, "expected a function, got %s", lua_typename(lua, type));
    return LUA_NOREF;
}

static void read_period(bt_autopilot *autopilot, bt_table *table)
{
    bt_time_ns step_ns = bt_sim_step_ns(autopilot->sim);
    double period_s = bt_table_number(table, "period_s", PERIOD_S, 1e-3, 10.0);
    autopilot->period_ns = bt_from_seconds(period_s);
    if (autopilot->period_ns % step_ns != 0)
        bt_table_fail(table, "period_s", "%g s is no whole multiple of the step of %g s", period_s,
                      bt_seconds(step_ns));
}

static bt_status read_file_table(bt_autopilot *autopilot)
{
    bt_table table, list;
    lua_State *lua = bt_script_lua(autopilot->script);
    bt_table_begin(&table, lua, -1, autopilot->path, "");
    if (bt_table_open(&table, "observe", &list)) {
        for (size_t i = 0; i < bt_table_length(&list) && list.status == BT_OK; i++)
            read_sense(autopilot, &list, i);
        bt_status status = bt_table_end(&list);
        (void)status; // the parent's too
    } else {
        bt_table_fail(&table, "observe", "missing: expected a list such as { 'speed', 'route' }");
    }
    read_period(autopilot, &table);
    autopilot->start_ref = read_function(&table, "start", false);
    autopilot->step_ref = read_function(&table, "step", true);
    bt_status status = bt_table_end(&table);
    list_privileges(autopilot);
    return status;
}

// ---- life -------------------------------------------------------------------------------------
// Everything that touches Lua values runs under lua_pcall: reading a table may need memory, and a
// script can have used up its own.
typedef struct link_job {
    bt_autopilot *autopilot;
    const bt_observation *observation; // of a step
    bt_command *command;
    bt_status status;
} link_job;

static bt_status run_protected(link_job *job, lua_CFunction fn)
{
    lua_State *lua = bt_script_lua(job->autopilot->script);
    lua_pushcfunction(lua, fn); // no upvalues, no memory
    lua_pushlightuserdata(lua, job);
    if (lua_pcall(lua, 1, 0, 0) == LUA_OK) return job->status;
    const char *why = lua_tostring(lua, -1);
    bt_status status =
        bt_fail(BT_ERR_LIMIT, "%s: %s", job->autopilot->path, why ? why : "out of memory");
    lua_settop(lua, 0);
    return status;
}

// Errors of the script name their place; its limits do not.
static bt_status call(bt_autopilot *autopilot, int arguments, int results)
{
    bt_status status = bt_script_call(autopilot->script, arguments, results);
    return status == BT_ERR_LIMIT ? bt_fail_prefix(status, "%s", autopilot->path) : status;
}

static int open_protected(lua_State *lua)
{
    link_job *job = lua_touserdata(lua, 1);
    bt_autopilot *autopilot = job->autopilot;
    luaL_checkstack(lua, 20, NULL);
    bt_frame_lua_open(lua);
    job->status = bt_script_run_file(autopilot->script, autopilot->path, 1);
    if (job->status == BT_OK) job->status = read_file_table(autopilot);
    return 0;
}

static int start_protected(lua_State *lua)
{
    link_job *job = lua_touserdata(lua, 1);
    bt_autopilot *autopilot = job->autopilot;
    luaL_checkstack(lua, 20, NULL);
    if (autopilot->start_ref == LUA_NOREF) return 0;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, autopilot->start_ref);
    link_push_info(lua, autopilot);
    job->status = call(autopilot, 1, 0);
    return 0;
}

static bt_status open_script(bt_autopilot *autopilot, uint64_t seed, const char *const *roots,
                             size_t root_count)
{
    bt_script_desc desc = {.memory_limit_bytes = MEMORY_LIMIT_BYTES,
                           .instruction_limit = INSTRUCTION_LIMIT,
                           .seed = seed,
                           .roots = roots,
                           .root_count = root_count};
    link_job job = {.autopilot = autopilot};
    bt_status status = bt_script_create(&desc, &autopilot->script);
    return status != BT_OK ? status : run_protected(&job, open_protected);
}

// Who has no goal wanders: the way it would be shown is made once.
static bt_status find_way(bt_autopilot *autopilot)
{
    const bt_sim *sim = autopilot->sim;
    const bt_actor_desc *ego = bt_sim_actor(sim, bt_sim_ego(sim));
    if (!(autopilot->senses & LINK_SENSES_OF_WAY)) return BT_OK;
    if (bt_sim_route(sim, bt_sim_ego(sim)) || ego->lane == BT_ROAD_NONE) return BT_OK;
    return bt_route_wander(bt_sim_network(sim), ego->lane, ego->s_m, LINK_WANDER_M, ego->choice,
                           &autopilot->own_route);
}

bt_status bt_autopilot_create(const char *path, uint64_t seed, const char *const *roots,
                              size_t root_count, const bt_sim *sim, bt_autopilot **out)
{
    *out = NULL;
    if (bt_sim_ego(sim) == BT_SIM_NONE)
        return bt_fail(BT_ERR_INPUT, "%s: an autopilot needs an ego vehicle", path);
    bt_autopilot *autopilot = bt_alloc(1, sizeof *autopilot);
    if (!autopilot) return bt_fail(BT_ERR_MEMORY, "no memory for an autopilot");
    snprintf(autopilot->path, sizeof autopilot->path, "%s", path);
    autopilot->sim = sim;
    autopilot->start_ref = autopilot->step_ref = LUA_NOREF;
    bt_status status = open_script(autopilot, seed, roots, root_count);
    if (status == BT_OK && autopilot->senses & LINK_SENSE_SIGNALS)
        status = bt_stop_lines_find(bt_sim_network(sim), &autopilot->lines, &autopilot->line_count);
    if (status == BT_OK) status = find_way(autopilot);
    link_job job = {.autopilot = autopilot};
    if (status == BT_OK) status = run_protected(&job, start_protected);
    if (status != BT_OK) {
        bt_autopilot_destroy(autopilot);
        return status;
    }
    *out = autopilot;
    return BT_OK;
}

bt_status bt_autopilot_carry(bt_autopilot *autopilot, const bt_sim *sim)
{
    bt_stop_line *lines = NULL;
    uint32_t count = 0;
    if (autopilot->own_route)
        return bt_fail(BT_ERR_INPUT, "%s: its own way ends on its own map", autopilot->path);
    bt_status status = autopilot->senses & LINK_SENSE_SIGNALS
                           ? bt_stop_lines_find(bt_sim_network(sim), &lines, &count)
                           : BT_OK;
    if (status != BT_OK) return status;
    bt_free(autopilot->lines);
    autopilot->lines = lines;
    autopilot->line_count = count;
    autopilot->sim = sim;
    return BT_OK;
}

void bt_autopilot_destroy(bt_autopilot *autopilot)
{
    if (!autopilot) return;
    bt_script_destroy(autopilot->script);
    bt_route_destroy(autopilot->own_route);
    bt_free(autopilot->lines);
    bt_free(autopilot);
}

bt_time_ns bt_autopilot_period_ns(const bt_autopilot *autopilot)
{
    return autopilot->period_ns;
}

const char *bt_autopilot_privileges(const bt_autopilot *autopilot)
{
    return autopilot->privileges;
}

bool bt_autopilot_sees_cameras(const bt_autopilot *autopilot)
{
    return (autopilot->senses & LINK_SENSE_CAMERAS) != 0;
}

// ---- asking -----------------------------------------------------------------------------------
static bt_status read_answer(bt_autopilot *autopilot, bt_command *command)
{
    static const char *const words[] = {"none", "left", "right", "both", NULL};
    static const uint32_t bits[] = {0, BT_LAMP_INDICATOR_LEFT, BT_LAMP_INDICATOR_RIGHT,
                                    BT_LAMP_INDICATOR_LEFT | BT_LAMP_INDICATOR_RIGHT};
    bt_table table;
    bt_table_begin(&table, bt_script_lua(autopilot->script), -1, autopilot->path, "answer of step");
    bt_command answer = {0};
    answer.steer_rad =
        bt_table_number(&table, "steer_rad", BT_REQUIRED, -STEER_LIMIT_RAD, STEER_LIMIT_RAD);
    answer.accel_m_s2 =
        bt_table_number(&table, "accel_m_s2", BT_REQUIRED, -ACCEL_LIMIT_M_S2, ACCEL_LIMIT_M_S2);
    answer.indicators = bits[bt_table_choice(&table, "indicators", 0, words)];
    bt_status status = bt_table_end(&table);
    if (status == BT_OK) *command = answer;
    return status;
}

static int step_protected(lua_State *lua)
{
    link_job *job = lua_touserdata(lua, 1);
    bt_autopilot *autopilot = job->autopilot;
    luaL_checkstack(lua, 20, NULL);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, autopilot->step_ref);
    link_push_observation(lua, autopilot, job->observation);
    job->status = call(autopilot, 1, 1);
    if (job->status == BT_OK) job->status = read_answer(autopilot, job->command);
    return 0;
}

bt_status bt_autopilot_step(bt_autopilot *autopilot, const bt_observation *observation,
                            bt_command *command)
{
    if (observation->frame_count > BT_LINK_MAX_CAMERAS)
        return bt_fail(BT_ERR_INTERNAL, "%u frames at once, at most %u", observation->frame_count,
                       BT_LINK_MAX_CAMERAS);
    link_job job = {.autopilot = autopilot, .observation = observation, .command = command};
    bt_status status = run_protected(&job, step_protected);
    autopilot->step++; // frames of this call are dead from here on
    return status;
}
