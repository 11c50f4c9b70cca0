// reference_test.c: real OpenSCENARIO files against what the reference player esmini did with them, step by
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
#define LONGEST_S 120.0 // of a run that is compared
#define COLUMNS_MAX 400
#define LINE_MAX_BYTES 16384

typedef struct subject {
    const char *actor;
    double until_s; // 0: to the end
} subject;

typedef struct reference {
    const char *folder, *name;
    subject subjects[6];
} reference;

// until_s:
//   acc-test Ego             when somebody who changes lane is out of one's way is the controller's own idea
//   4_2_3 Ego                the same of people who cross
//   4_3_1 LeadVehicle        gets a speed relative to the ego's: the reference takes the one its controller set out with;
//         Ego                from where it comes up to that
//   ltap-od                  its ego is driven by hand, and stands in the reference
//   highway_merge A2, A3     how a distance is kept is left to the player
//   CCFtap Target            how a synchronisation is approached, too (story_test looks at where it ends)
//   trajectory-test Target   the reference draws the NURBS with few points: 0.5 m off in its bends
#define C2C "ncap/OpenSCENARIO/NCAP/AEB_C2C_2023"
#define VRU "ncap/OpenSCENARIO/NCAP/AEB_VRU_2023"
static const reference references[] = {
    {"esmini/xosc", "straight_500m", {{"Ego", 0}, {"Target", 0}}},
    {"esmini/xosc", "slow-lead-vehicle", {{"Ego", 0}, {"Lead", 0}}},
    {"esmini/xosc", "speed-profile", {{"Car1", 0}, {"Car2", 0}}},
    {"esmini/xosc", "cut-in", {{"Ego", 0}, {"OverTaker", 0}}},
    {"esmini/xosc", "cut-in_simple", {{"Ego", 0}, {"OverTaker", 0}}},
    {"esmini/xosc", "lane_change_simple", {{"Ego", 0}}},
    {"esmini/xosc", "acc-test", {{"Ego", 5.9}, {"Target", 0}}},
    {"esmini/xosc", "trajectory-test", {{"Ego", 0}, {"Target", 12.6}}},
    {"esmini/xosc", "pedestrian", {{"Ego", 0}, {"pedestrian_adult", 0}}},
    {"esmini/xosc", "ltap-od", {{"Ego", 0.01}, {"NPC", 0.01}}},
    {"esmini/xosc",
     "highway_merge",
     {{"Ego", 0}, {"A1", 0}, {"A2", 1.5}, {"A3", 1.5}, {"A4", 0}, {"A5", 0}}},
    {"alks", "alks_scenario_4_1_1_free_driving_template", {{"Ego", 0}}},
    {"alks",
     "alks_scenario_4_2_1_fully_blocking_target_template",
     {{"Ego", 0}, {"TargetBlocking", 0}}},
    {"alks",
     "alks_scenario_4_2_3_crossing_pedestrian_template",
     {{"Ego", 28.9}, {"TargetBlocking", 0}}},
    {"alks",
     "alks_scenario_4_3_1_follow_lead_vehicle_comfortable_template",
     {{"Ego", 44.4}, {"LeadVehicle", 14.9}}},
    {"alks", "alks_scenario_4_4_1_cut_in_no_collision_template", {{"Ego", 0}, {"CutInVehicle", 0}}},
    {"alks",
     "alks_scenario_4_5_1_cut_out_fully_blocking_template",
     {{"Ego", 0}, {"TargetBlocking", 0}, {"LeadVehicle", 0}}},
    {C2C, "NCAP_AEB_C2C_CCFtap_2023", {{"Ego", 0}, {"Target", 1.2}}},
    {C2C, "NCAP_AEB_C2C_CCR_2023", {{"Ego", 0}, {"GVT", 0}}},
    {VRU,
     "NCAP_AEB_VRU_CBNA_2023",
     {{"Ego", 0}, {"VRU", 0}, {"ObstructionLarge", 0}, {"ObstructionSmall", 0}}},
    {VRU, "NCAP_AEB_VRU_CPNA_2023", {{"Ego", 0}, {"VRU", 0}}},
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
    int columns[6];          // of each subject's name
    double x[6], y[6], time; // of the row that was read
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

static bool catch_up(stage *s, double time_s)
{
    bt_status status = BT_OK;
    while (status == BT_OK && bt_seconds(bt_story_player_time_ns(s->player)) < time_s - 1e-6)
        status = bt_story_player_step(s->player, STEP_NS);
    CHECK_OK(status);
    return status == BT_OK;
}

static void compare(const reference *ref, stage *s, sheet *theirs)
{
    double worst[6] = {0};
    for (bool first = true; read_row(theirs, ref, first) && theirs->time <= LONGEST_S;
         first = false) {
        if (!catch_up(s, theirs->time)) return;
        for (int i = 0; i < 6 && ref->subjects[i].actor; i++) {
            double until = ref->subjects[i].until_s;
            uint32_t actor = bt_story_find_actor(s->scenario->story, ref->subjects[i].actor);
            const bt_role *role = bt_story_player_role(s->player, actor);
            double off = hypot(role->pos.x - theirs->x[i], role->pos.y - theirs->y[i]);
            if (until <= 0.0 || theirs->time <= until) worst[i] = fmax(worst[i], off);
        }
    }
    printf("%-61s", ref->name);
    for (int i = 0; i < 6 && ref->subjects[i].actor; i++) {
        double until = ref->subjects[i].until_s;
        printf(" %s %.3f m", ref->subjects[i].actor, worst[i]);
        if (until > 0.0) printf(" (to %g s)", until);
        CHECK(worst[i] <= TOLERANCE_M);
    }
    printf("\n");
}

static void play(const char *shared, const reference *ref)
{
    char path[1024], csv[1024], line[LINE_MAX_BYTES];
    snprintf(path, sizeof path, "%s/data/openscenario/%s/%s.xosc", shared, ref->folder, ref->name);
    snprintf(csv, sizeof csv, "%s/data/openscenario/reference-esmini/%s.csv.gz", shared, ref->name);
    stage s;
    bt_status status = open_stage(path, &s);
    CHECK_OK(status);
    sheet theirs = {.file = gzopen(csv, "rb")};
    CHECK(theirs.file != NULL);
    for (int i = 0; i < 7 && theirs.file; i++)
        gzgets(theirs.file, line, sizeof line);
    if (status == BT_OK && theirs.file) compare(ref, &s, &theirs);
    if (theirs.file) gzclose(theirs.file);
    close_stage(&s);
}

int main(void)
{
    const char *shared = find_shared();
    if (!shared) {
        printf("skipped: no reference data (BT_SHARED or ../shared)\n");
        return CHECK_SKIP;
    }
    for (size_t i = 0; i < sizeof references / sizeof *references; i++)
        play(shared, &references[i]);
    return check_end();
}
