// reference_test.c: real OpenSCENARIO files against what the reference player esmini 2.x did with them, step by
// step (data beside the repository: BT_SHARED or ../shared; else the test skips and says so).
//
// Steps are the reference's, 20 ms. A manoeuvre is compared as far as the standard specifies it fully; the
// table says where that ends and why.
#include "engine/core/file.h"
#include "engine/openscenario/openscenario.h"
#include "engine/road/opendrive.h"
#include "engine/story/play.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <zlib.h>

#define STEP_NS (20 * BT_NS_PER_MS)
#define TOLERANCE_M 0.2
#define COLUMNS_MAX 400
#define LINE_MAX_BYTES 16384

typedef struct subject {
    const char *actor;
    double until_s; // 0: to the end
} subject;

typedef struct reference {
    const char *file, *csv;
    subject subjects[6];
} reference;

static const reference references[] = {
    {"esmini/xosc/straight_500m", "straight_500m", {{"Ego", 0}, {"Target", 0}}},
    {"esmini/xosc/slow-lead-vehicle", "slow-lead-vehicle", {{"Ego", 0}, {"Lead", 0}}},
    {"esmini/xosc/speed-profile", "speed-profile", {{"Car1", 0}, {"Car2", 0}}},
    {"esmini/xosc/cut-in", "cut-in", {{"Ego", 0}, {"OverTaker", 0}}},
    {"esmini/xosc/cut-in_simple", "cut-in_simple", {{"Ego", 0}, {"OverTaker", 0}}},
    {"esmini/xosc/lane_change_simple", "lane_change_simple", {{"Ego", 0}}},
    {"esmini/xosc/acc-test", "acc-test", {{"Ego", 0}, {"Target", 0}}},
    {"esmini/xosc/trajectory-test", "trajectory-test", {{"Ego", 0}, {"Target", 0}}},
    {"esmini/xosc/pedestrian", "pedestrian", {{"Ego", 0}, {"pedestrian_adult", 0}}},
    {"esmini/xosc/ltap-od", "ltap-od", {{"Ego", 0}, {"NPC", 0}}},
    {"esmini/xosc/highway_merge", "highway_merge", {{"Ego", 0}, {"A1", 0}, {"A2", 0}, {"A3", 0}, {"A4", 0}, {"A5", 0}}},
    {"alks/alks_scenario_4_1_1_free_driving_template", "alks_scenario_4_1_1_free_driving_template", {{"Ego", 0}}},
    {"alks/alks_scenario_4_2_1_fully_blocking_target_template", "alks_scenario_4_2_1_fully_blocking_target_template", {{"Ego", 0}, {"TargetBlocking", 0}}},
    {"alks/alks_scenario_4_2_3_crossing_pedestrian_template", "alks_scenario_4_2_3_crossing_pedestrian_template", {{"Ego", 0}, {"TargetBlocking", 0}}},
    {"alks/alks_scenario_4_3_1_follow_lead_vehicle_comfortable_template", "alks_scenario_4_3_1_follow_lead_vehicle_comfortable_template", {{"Ego", 0}, {"LeadVehicle", 0}}},
    {"alks/alks_scenario_4_4_1_cut_in_no_collision_template", "alks_scenario_4_4_1_cut_in_no_collision_template", {{"Ego", 0}, {"CutInVehicle", 0}}},
    {"alks/alks_scenario_4_5_1_cut_out_fully_blocking_template", "alks_scenario_4_5_1_cut_out_fully_blocking_template", {{"Ego", 0}, {"TargetBlocking", 0}, {"LeadVehicle", 0}}},
    {"ncap/OpenSCENARIO/NCAP/AEB_C2C_2023/NCAP_AEB_C2C_CCFtap_2023", "NCAP_AEB_C2C_CCFtap_2023", {{"Ego", 0}, {"Target", 0}}},
    {"ncap/OpenSCENARIO/NCAP/AEB_C2C_2023/NCAP_AEB_C2C_CCR_2023", "NCAP_AEB_C2C_CCR_2023", {{"Ego", 0}, {"GVT", 0}}},
    {"ncap/OpenSCENARIO/NCAP/AEB_VRU_2023/NCAP_AEB_VRU_CBNA_2023", "NCAP_AEB_VRU_CBNA_2023", {{"Ego", 0}, {"VRU", 0}, {"ObstructionLarge", 0}, {"ObstructionSmall", 0}}},
    {"ncap/OpenSCENARIO/NCAP/AEB_VRU_2023/NCAP_AEB_VRU_CPNA_2023", "NCAP_AEB_VRU_CPNA_2023", {{"Ego", 0}, {"VRU", 0}}},
};

static const char *find_shared(void)
{
    static const char *const tries[] = {"../shared", "../../shared"};
    const char *given = getenv("BT_SHARED");
    if (given) return given;
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
        if (bt_file_exists(tries[i])) return tries[i];
    return NULL;
}

// ---- the reference's file ---------------------------------------------------------------------
typedef struct sheet {
    gzFile file;
    int columns[6], speed[6]; // of x of each subject
    double x[6], y[6], v[6], time;
} sheet;

static int split(char *line, char *cells[COLUMNS_MAX])
{
    int count = 0;
    for (char *at = line; at && count < COLUMNS_MAX; count++) {
        cells[count] = at + strspn(at, " ");
        at = strchr(at, ',');
        if (at) *at++ = '\0';
    }
    return count;
}

static bool read_row(sheet *s, const reference *ref, bool first)
{
    static char line[LINE_MAX_BYTES];
    static char *cells[COLUMNS_MAX];
    if (!gzgets(s->file, line, sizeof line)) return false;
    int count = split(line, cells);
    if (count < 10) return false;
    s->time = atof(cells[1]);
    for (int i = 0; i < 6 && ref->subjects[i].actor; i++) {
        // an entity's columns begin with its name
        for (int c = 2; first && c < count; c++)
            if (strcmp(cells[c], ref->subjects[i].actor) == 0) s->columns[i] = c;
        s->v[i] = atof(cells[s->columns[i] + 2]);
        s->x[i] = atof(cells[s->columns[i] + 11]);
        s->y[i] = atof(cells[s->columns[i] + 12]);
    }
    return true;
}

// ---- playing ----------------------------------------------------------------------------------
typedef struct stage {
    bt_openscenario *scenario;
    bt_road_network *net;
    bt_story_player *player;
} stage;

static bt_status open_stage(const char *path, stage *s)
{
    *s = (stage){0};
    bt_osc_desc desc = {.path = path};
    bt_status status = bt_openscenario_load(&desc, &s->scenario);
    if (status == BT_OK) status = bt_opendrive_load(s->scenario->map, &s->net);
    if (status == BT_OK)
        status = bt_story_player_create(s->scenario->story, s->net, NULL, &s->player);
    return status;
}

static void close_stage(stage *s)
{
    bt_story_player_destroy(s->player);
    bt_road_network_destroy(s->net);
    bt_openscenario_destroy(s->scenario);
}

static void compare(const reference *ref, stage *s, sheet *sheet)
{
    double worst[6] = {0}, when[6] = {0}, first_bad[6];
    uint32_t actors[6];
    bool loud = getenv("LOUD") != NULL;
    for (int i = 0; i < 6 && ref->subjects[i].actor; i++) {
        actors[i] = bt_story_find_actor(s->scenario->story, ref->subjects[i].actor);
        first_bad[i] = -1.0;
        CHECK(actors[i] != BT_STORY_NONE);
    }
    double end = 0.0;
    for (bool first = true; read_row(sheet, ref, first); first = false) {
        while (bt_seconds(bt_story_player_time_ns(s->player)) < sheet->time - 1e-6) {
            bt_status status = bt_story_player_step(s->player, STEP_NS);
            CHECK_OK(status);
            if (status != BT_OK) return;
        }
        end = sheet->time;
        for (int i = 0; i < 6 && ref->subjects[i].actor; i++) {
            if (ref->subjects[i].until_s > 0.0 && sheet->time > ref->subjects[i].until_s) continue;
            const bt_role *role = bt_story_player_role(s->player, actors[i]);
            double off = hypot(role->pos.x - sheet->x[i], role->pos.y - sheet->y[i]);
            if (off > TOLERANCE_M && first_bad[i] < 0.0) {
                first_bad[i] = sheet->time;
                if (loud) printf("  %s at %.2f: off %.3f ours (%.3f %.3f) %.3f, theirs (%.3f %.3f) %.3f lane %u s %.3f aside %.3f\n", ref->subjects[i].actor, sheet->time, off, role->pos.x, role->pos.y, role->speed_m_s, sheet->x[i], sheet->y[i], sheet->v[i], role->on.lane, role->on.s_m, role->on.aside_m);
            }
            if (off > worst[i]) worst[i] = off, when[i] = sheet->time;
        }
        if (sheet->time > 120.0) break;
    }
    printf("%-40.40s %7.2f s:", ref->csv, end);
    for (int i = 0; i < 6 && ref->subjects[i].actor; i++) {
        printf("  %s %.3f m at %.2f", ref->subjects[i].actor, worst[i], when[i]);
        if (first_bad[i] >= 0.0) printf(" (bad from %.2f)", first_bad[i]);
        CHECK(worst[i] <= TOLERANCE_M);
    }
    printf("\n");
}

static void play(const char *shared, const reference *ref)
{
    char path[1024], csv[1024];
    snprintf(path, sizeof path, "%s/data/openscenario/%s.xosc", shared, ref->file);
    snprintf(csv, sizeof csv, "%s/data/openscenario/reference-esmini/%s.csv.gz", shared, ref->csv);
    stage s;
    bt_status status = open_stage(path, &s);
    CHECK_OK(status);
    sheet sheet = {.file = gzopen(csv, "rb")};
    CHECK(sheet.file != NULL);
    char line[LINE_MAX_BYTES];
    for (int i = 0; i < 7 && sheet.file; i++)
        gzgets(sheet.file, line, sizeof line);
    if (status == BT_OK && sheet.file) compare(ref, &s, &sheet);
    if (sheet.file) gzclose(sheet.file);
    close_stage(&s);
}

int main(int argc, char **argv)
{
    const char *shared = find_shared();
    if (!shared) {
        printf("skipped: no reference data (BT_SHARED or ../shared)\n");
        return CHECK_SKIP;
    }
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        if (argc < 2 || strstr(references[i].csv, argv[1])) play(shared, &references[i]);
    return check_end();
}
