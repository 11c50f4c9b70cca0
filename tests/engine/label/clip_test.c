// clip_test.c: a clip comes out whole and always the same, in one run or two; others are refused.
#include "tests/engine/label/clip_fixture.h"

#include "engine/core/file.h"
#include "engine/core/hash.h"
#include "tests/support/temp.h"

#include <jansson.h>
#include <signal.h>
#include <sys/resource.h>

static char root[2048];

static const char *in_root(const char *name)
{
    static char path[4][4096];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", root, name);
    return path[turn];
}

static bool same_file(const char *a, const char *b)
{
    bt_sha256 x, y;
    CHECK_OK(bt_sha256_of_file(in_root(a), &x));
    CHECK_OK(bt_sha256_of_file(in_root(b), &y));
    return memcmp(&x, &y, sizeof x) == 0;
}

static json_t *load(const char *name)
{
    json_t *root_json = json_load_file(in_root(name), 0, NULL);
    CHECK(root_json != NULL);
    return root_json;
}

static void test_whole(const fixture *f)
{
    static const char *const names[] = {"map.xodr",
                                        "map.json",
                                        "truth.jsonl",
                                        "commands.jsonl",
                                        "front/000000.png",
                                        "front/000000.raw.png",
                                        "front/000002.depth.exr",
                                        "wide/000001.normal.exr",
                                        "wide/000002.flow.exr",
                                        "wide/000000.instance.png",
                                        "front/000001.semantic.png"};
    fixture_write_clip(f, in_root("a"), BT_LABEL_ALL, FIXTURE_FRAMES);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[256];
        snprintf(path, sizeof path, "a/%s", names[i]);
        CHECK(bt_file_exists(in_root(path)));
    }
    CHECK(!bt_file_exists(in_root("a/.key")));

    json_t *clip = load("a/clip.json");
    CHECK(json_array_size(json_object_get(clip, "frames")) == 2 * FIXTURE_FRAMES);
    CHECK(json_array_size(json_object_get(clip, "cameras")) == 2);
    CHECK(json_array_size(json_object_get(clip, "classes")) == BT_CLASS_COUNT);
    json_t *frame = json_array_get(json_object_get(clip, "frames"), 3);
    CHECK(json_integer_value(json_object_get(frame, "label_time_ns")) == 170000000);
    CHECK(json_object_size(json_object_get(frame, "files")) == 8);
    json_t *map = json_object_get(json_object_get(frame, "files"), "samples");
    CHECK(json_integer_value(json_object_get(map, "samples_least")) == 16);
    CHECK(json_integer_value(json_object_get(map, "samples_most")) == 80);
    CHECK_NEAR(json_number_value(json_object_get(map, "samples_mean")), 48.0, 0.1);
    json_decref(clip);
}

// Exact values that the played world has at the first label time.
static void test_truth(void)
{
    char *text;
    size_t bytes;
    CHECK_OK(bt_file_read(in_root("a/truth.jsonl"), 0, &text, &bytes));
    json_t *line = json_loads(text, JSON_DISABLE_EOF_CHECK, NULL);
    json_t *actors = json_object_get(line, "actors");
    CHECK(json_integer_value(json_object_get(line, "label_time_ns")) == 50000000);
    CHECK(json_array_size(actors) == ACTOR_COUNT);
    json_t *oncoming = json_array_get(actors, ACTOR_ONCOMING);
    json_t *pose = json_object_get(oncoming, "world_from_actor");
    CHECK_NEAR(json_number_value(json_array_get(json_object_get(pose, "pos_m"), 0)), 29.5, 1e-12);
    json_t *cuboid = json_array_get(json_object_get(oncoming, "cuboids"), 0);
    // 1.3 m ahead of its origin, which looks along -x
    CHECK_NEAR(json_number_value(json_array_get(json_object_get(cuboid, "centre_m"), 0)), 28.2,
               1e-12);
    json_t *articulation = json_object_get(oncoming, "articulation_rad");
    CHECK(json_object_size(articulation) == 4);
    CHECK_NEAR(json_number_value(json_object_get(articulation, "spin_front_left")), 0.5 / 0.35,
               1e-12);
    json_t *lamps = json_object_get(json_array_get(actors, ACTOR_HEAD), "lamps");
    CHECK(strcmp(json_string_value(json_array_get(lamps, 0)), "signal_red") == 0);
    json_t *signal = json_array_get(json_object_get(line, "signals"), 0);
    CHECK(strcmp(json_string_value(json_object_get(signal, "phase")), "red") == 0);

    json_t *front = json_object_get(json_object_get(line, "cameras"), "front");
    CHECK(json_object_get(json_object_get(line, "cameras"), "wide") == NULL);
    json_t *seen = json_object_get(front, "actors");
    CHECK(json_array_size(seen) >= 3);
    json_t *keypoint = json_array_get(json_object_get(json_array_get(seen, 0), "keypoints"), 0);
    CHECK(json_array_size(keypoint) == 3);
    json_decref(line);
    bt_free(text);
}

static void test_same_bytes(fixture *f)
{
    // another pool, another folder
    bt_jobs *jobs = f->jobs;
    f->jobs = NULL;
    fixture_write_clip(f, in_root("b"), BT_LABEL_ALL, FIXTURE_FRAMES);
    f->jobs = jobs;
    CHECK(same_file("a/clip.json", "b/clip.json")); // with the hashes of all others
    CHECK(same_file("a/truth.jsonl", "b/truth.jsonl"));

    // killed in the middle: half the frames, one picture under a temporary name
    fixture_write_clip(f, in_root("c"), BT_LABEL_ALL, 1);
    CHECK(!bt_file_exists(in_root("c/clip.json")) && bt_file_exists(in_root("c/.key")));
    CHECK_OK(bt_file_write(in_root("c/front/.000001.raw.png.1-2.part"), "half", 4));
    fixture_write_clip(f, in_root("c"), BT_LABEL_ALL, FIXTURE_FRAMES);
    CHECK(same_file("a/clip.json", "c/clip.json"));
    CHECK(!bt_file_exists(in_root("c/front/.000001.raw.png.1-2.part")));

    // a finished clip may be written again
    fixture_write_clip(f, in_root("c"), BT_LABEL_ALL, FIXTURE_FRAMES);
    CHECK(same_file("a/clip.json", "c/clip.json"));
}

// A picture of the wrong kind under a final name is as good as none.
static void test_found_pictures(const fixture *f)
{
    bt_clip *clip;
    const bt_clip_camera cameras[2] = {{"front", &f->views[0], NULL, 12},
                                       {"wide", &f->views[1], NULL, 12}};
    bt_clip_desc desc = fixture_clip_desc(f, in_root("d"), cameras, 0);
    CHECK_OK(bt_clip_create(&desc, &clip));
    uint16_t *raw = calloc((size_t)f->views[0].width_px * f->views[0].height_px, sizeof *raw);
    bool found = true;
    CHECK_OK(bt_clip_find_raw(clip, 0, 0, raw, &found));
    CHECK(!found);
    CHECK_OK(bt_file_write(in_root("d/front/000000.raw.png"), "no png", 6));
    CHECK_OK(bt_clip_find_raw(clip, 0, 0, raw, &found));
    CHECK(!found);
    raw[5] = 99;
    CHECK_OK(bt_clip_put_raw(clip, 0, 0, raw));
    raw[5] = 0;
    CHECK_OK(bt_clip_find_raw(clip, 0, 0, raw, &found));
    CHECK(found && raw[5] == 99);
    free(raw);
    CHECK(bt_clip_put_file(clip, "../x", "", 0) == BT_ERR_INPUT);
    CHECK(bt_clip_put_file(clip, ".key", "", 0) == BT_ERR_INPUT);
    CHECK(bt_clip_finish(clip, "[1]") == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "verdict: expected a JSON object");
    bt_clip_destroy(clip);
}

// A full disk, played by a limit on the size of files: one line that names the file, nothing under
// its final name; with room again the run goes on.
static void test_full_disk(const fixture *f)
{
    bt_clip *clip;
    const bt_clip_camera cameras[2] = {{"front", &f->views[0], NULL, 12},
                                       {"wide", &f->views[1], NULL, 12}};
    bt_clip_desc desc = fixture_clip_desc(f, in_root("full"), cameras, BT_LABEL_ALL);
    size_t pixels = (size_t)f->views[0].width_px * f->views[0].height_px;
    uint16_t *raw = calloc(pixels, sizeof *raw);
    for (size_t i = 0; i < pixels; i++)
        raw[i] = (uint16_t)(i * 40503u);
    struct rlimit old_limit, limit;
    signal(SIGXFSZ, SIG_IGN);
    CHECK_OK(bt_clip_create(&desc, &clip));
    getrlimit(RLIMIT_FSIZE, &old_limit);
    limit = old_limit;
    limit.rlim_cur = 1000;
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    CHECK(bt_clip_put_raw(clip, 0, 0, raw) == BT_ERR_IO);
    CHECK_CONTAINS(bt_error_message(), "full/front/000000.raw.png': File too large");
    CHECK(setrlimit(RLIMIT_FSIZE, &old_limit) == 0);
    CHECK(!bt_file_exists(in_root("full/front/000000.raw.png")));
    CHECK_OK(bt_clip_put_raw(clip, 0, 0, raw));
    bt_clip_destroy(clip);
    free(raw);
}

static void expect_refusal(const bt_clip_desc *desc, const char *words)
{
    bt_clip *clip;
    CHECK(bt_clip_create(desc, &clip) != BT_OK && clip == NULL);
    CHECK_CONTAINS(bt_error_message(), words);
}

static void test_refused(const fixture *f)
{
    bt_clip_camera cameras[2] = {{"front", &f->views[0], "{\"mosaic\":\"mono\"}", 12},
                                 {"wide", &f->views[1], NULL, 12}};
    bt_clip_desc desc = fixture_clip_desc(f, in_root("a"), cameras, BT_LABEL_ALL);
    desc.seed = 8;
    expect_refusal(&desc, "holds a finished clip of another run");
    desc.dir = in_root("d");
    expect_refusal(&desc, "holds an unfinished clip of another run");
    desc.dir = "/proc/none";
    expect_refusal(&desc, "cannot make the folder '/proc/none'");
    desc.dir = "";
    expect_refusal(&desc, "clip folder ''");
    desc.dir = in_root("e");
    desc.settings_json = "{";
    expect_refusal(&desc, "settings:1:");
    desc.settings_json = NULL;
    cameras[1].name = "../up";
    expect_refusal(&desc, "camera name '../up'");
    cameras[1].name = "front";
    expect_refusal(&desc, "two cameras are named 'front'");
    cameras[1].name = "wide";
    cameras[1].sheet_json = "nonsense";
    expect_refusal(&desc, "sensor sheet: wide:1:");
    cameras[1].sheet_json = NULL;
    desc.map_xodr = "<OpenDRIVE";
    desc.map_xodr_bytes = 10;
    expect_refusal(&desc, "map.xodr");
}

static void test_labels(void)
{
    uint32_t labels;
    CHECK_OK(bt_label_parse("all", &labels));
    CHECK(labels == BT_LABEL_ALL);
    CHECK_OK(bt_label_parse("none", &labels));
    CHECK(labels == 0);
    CHECK_OK(bt_label_parse("flow,boxes", &labels));
    CHECK(labels == (BT_LABEL_FLOW | BT_LABEL_BOXES));
    CHECK(bt_label_parse("flow,,boxes", &labels) == BT_ERR_INPUT);
    CHECK(bt_label_parse("", &labels) == BT_ERR_INPUT);
    CHECK(bt_label_parse("depht", &labels) == BT_ERR_INPUT);
    CHECK_CONTAINS(bt_error_message(), "label 'depht': expected all, none, or names");
}

int main(void)
{
    fixture f;
    if (!temp_folder(root, sizeof root)) return 1;
    fixture_begin(&f, 64, 40, 2);
    test_whole(&f);
    test_truth();
    test_same_bytes(&f);
    test_found_pictures(&f);
    test_full_disk(&f);
    test_refused(&f);
    test_labels();
    fixture_end(&f);
    skies_clear();
    CHECK(bt_memory_in_use() == 0);
    temp_folder_remove(root);
    return check_end();
}
