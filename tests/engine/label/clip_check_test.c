// clip_check_test.c: an honest clip has no findings; a clip tampered with in any of its files has,
// by its hashes, and when the hashes were made to fit, by what the files say about each other.
#include "tests/engine/label/forged_clip.h"

#include "engine/image/exr.h"
#include "engine/image/png.h"
#include "tests/support/mutate.h"
#include "tests/support/temp.h"

// ---- text files -------------------------------------------------------------------------------
static json_t *first_camera(json_t *clip)
{
    return json_array_get(json_object_get(clip, "cameras"), 0);
}

static void test_clip_json(void)
{
    keep("clip.json");
    replace_text("clip.json", "\"seed\": \"7\"", "\"seed\": \"8\"");
    EXPECT("clip.json: its digest is not that of its other members");
    restore();

    keep("clip.json");
    json_t *clip = json_load_file(in_dir("clip.json"), 0, NULL);
    json_object_set_new(json_object_get(first_camera(clip), "lens"), "fx_px", json_real(60.0));
    write_clip(clip);
    json_decref(clip);
    EXPECT("pixels have a Z that is not D along the lens's ray");
    EXPECT("still pixels flow elsewhere");
    restore();

    keep("clip.json");
    clip = json_load_file(in_dir("clip.json"), 0, NULL);
    json_object_set_new(first_camera(clip), "row_time_ns", json_real(100000.0));
    write_clip(clip);
    json_decref(clip);
    EXPECT("its shutter does not span the rows");
    restore();

    keep("clip.json");
    clip = json_load_file(in_dir("clip.json"), 0, NULL);
    json_t *frame = json_array_get(json_object_get(clip, "frames"), 0);
    json_object_set_new(frame, "label_time_ns", json_integer(50000001));
    write_clip(clip);
    json_decref(clip);
    EXPECT("truth.jsonl has no line for it");
    restore();
}

static void test_clip_json_hostile(void)
{
    char *good;
    size_t count;
    bt_check_counts counts;
    keep("clip.json");
    CHECK_OK(bt_file_read(in_dir("clip.json"), 0, &good, &count));
    char *bad = bt_alloc(count + 16, 1);
    for (uint64_t i = 0; i < 6; i++) {
        size_t size = mutate(good, count, i, bad);
        CHECK_OK(bt_file_write(in_dir("clip.json"), bad, size));
        counts = run_check();
        CHECK(counts.findings > 0 || memcmp(good, bad, count) == 0);
    }
    replace_text("clip.json", "x", "y");
    CHECK_OK(bt_file_write(in_dir("clip.json"), "{}", 2));
    EXPECT("clip.json: schema: expected");
    CHECK_OK(bt_file_write(in_dir("clip.json"), good, count));
    replace_text("clip.json", "\"path\": \"map.xodr\"", "\"path\": \"../../etc/passwd\"");
    EXPECT("clip.json: files: missing, of the wrong kind or range");
    restore();
    bt_free(bad);
    bt_free(good);
    CHECK(bt_clip_check(in_dir("front"), pool, hear, NULL, &counts) == BT_ERR_IO);
    CHECK_CONTAINS(bt_error_message(), "is no finished clip");
}

static void test_map(void)
{
    keep("map.xodr");
    replace_text("map.xodr", "length=\"60\" id", "length=\"50\" id");
    EXPECT_BOTH("map.json: it is not what map.xodr gives");
    keep("map.xodr");
    replace_text("map.xodr", "</road>", "</raod>");
    EXPECT_BOTH("map.xodr: ");
    keep("map.xodr");
    replace_text("map.xodr", "y=\"1.75\"", "y=\"9.75\"");
    EXPECT_BOTH("samples of road lie on the roads of map.xodr");
    keep("map.json");
    replace_text("map.json", "1.75", "1.76");
    EXPECT_BOTH("map.json: it is not what map.xodr gives");
}

static void test_commands(void)
{
    keep("commands.jsonl");
    replace_text("commands.jsonl", "time_out", "goal_reached");
    EXPECT_BOTH("it has no event 'time_out' up to 350000000 ns");
    keep("commands.jsonl");
    replace_text("commands.jsonl", "{\"time_ns\":0,", "{\"time_ns\":400000000,");
    EXPECT_BOTH("line 2: its time lies before the line above");
    keep("commands.jsonl");
    replace_text("commands.jsonl", "\"steer_rad\":0.05", "\"steer_rad\":null");
    EXPECT_BOTH("line 1: steer_rad or accel_m_s2 missing");
}

// ---- truth ------------------------------------------------------------------------------------
typedef void (*change_fn)(json_t *line);

static void change_truth(size_t number, change_fn change)
{
    char *text;
    size_t bytes, at = 0;
    CHECK_OK(bt_file_read(in_dir("truth.jsonl"), 0, &text, &bytes));
    FILE *file = fopen(in_dir("truth.jsonl"), "wb");
    for (size_t i = 0; at < bytes; i++) {
        size_t length = strcspn(text + at, "\n");
        json_t *line = json_loadb(text + at, length, 0, NULL);
        if (i == number) change(line);
        json_dumpf(line, file, JSON_COMPACT | JSON_REAL_PRECISION(17));
        fputc('\n', file);
        json_decref(line);
        at += length + 1;
    }
    fclose(file);
    bt_free(text);
}

static json_t *truth_actor(json_t *line, size_t actor)
{
    return json_array_get(json_object_get(line, "actors"), actor);
}

static void shift_pos(json_t *pose, double shift)
{
    json_t *pos = json_object_get(pose, "pos_m");
    json_array_set_new(pos, 0, json_real(json_number_value(json_array_get(pos, 0)) + shift));
}

static void move_oncoming(json_t *line)
{
    shift_pos(json_object_get(truth_actor(line, ACTOR_ONCOMING), "world_from_actor"), 0.5);
}
static void move_ego(json_t *line)
{
    shift_pos(json_object_get(truth_actor(line, ACTOR_EGO), "world_from_actor"), 0.02);
}
static void turn_beside(json_t *line)
{
    // a body that turned by a right angle: its pixels flow elsewhere than its pose says
    json_t *pose = json_object_get(truth_actor(line, ACTOR_BESIDE), "world_from_actor");
    json_t *rot = json_pack("[f, i, i, f]", sqrt(0.5), 0, 0, sqrt(0.5));
    json_object_set_new(pose, "rot_wxyz", rot);
}
static void hasten_walker(json_t *line)
{
    json_t *v = json_object_get(truth_actor(line, ACTOR_WALKER), "velocity_m_s");
    json_array_set_new(v, 1, json_real(2.8));
}
static void rename_actor(json_t *line)
{
    json_object_set_new(truth_actor(line, ACTOR_WALKER), "class", json_string("car"));
}
static void repeat_actor(json_t *line)
{
    json_array_append(json_object_get(line, "actors"), truth_actor(line, ACTOR_WALKER));
}
static void move_cuboid(json_t *line)
{
    json_t *cuboids = json_object_get(truth_actor(line, ACTOR_WALKER), "cuboids");
    json_t *centre = json_object_get(json_array_get(cuboids, 0), "centre_m");
    json_array_set_new(centre, 1, json_real(3.0));
}
static json_t *front_of(json_t *line)
{
    return json_object_get(json_object_get(line, "cameras"), "front");
}
static json_t *first_seen(json_t *line)
{
    json_t *actors = json_object_get(front_of(line), "actors"), *entry;
    size_t i;
    json_array_foreach(actors, i, entry)
    {
        if (json_integer_value(json_object_get(entry, "visible_px")) > 0) return entry;
    }
    return NULL;
}
static void miscount(json_t *line)
{
    json_t *entry = first_seen(line);
    json_int_t count = json_integer_value(json_object_get(entry, "visible_px"));
    json_object_set_new(entry, "visible_px", json_integer(count + 1));
}
static void widen_box(json_t *line)
{
    json_array_set_new(json_object_get(first_seen(line), "box_visible"), 2, json_real(1000.0));
}
static void unhide(json_t *line)
{
    json_object_set_new(first_seen(line), "occluded", json_real(0.77));
}
static void forget_seen(json_t *line)
{
    json_array_remove(json_object_get(front_of(line), "actors"), 0);
}
static void bend_shutter(json_t *line)
{
    json_t *poses =
        json_object_get(json_object_get(front_of(line), "next_shutter"), "world_from_cam");
    json_array_set_new(json_array_get(poses, 0), 2, json_real(1.4));
}

static void expect_truth(size_t number, change_fn change, const char *words, int line)
{
    keep("truth.jsonl");
    change_truth(number, change);
    expect_both(words, line);
}
#define EXPECT_TRUTH(number, change, words) expect_truth(number, change, words, __LINE__)

static void test_truth(void)
{
    EXPECT_TRUTH(2, move_oncoming, "off what its velocities say");
    EXPECT_TRUTH(0, move_ego, "its camera is not where the ego's pose and the rig put it");
    EXPECT_TRUTH(2, turn_beside, "flow as its pose moves");
    EXPECT_TRUTH(1, hasten_walker, "off what its velocities say");
    EXPECT_TRUTH(0, rename_actor, "its class is not that of its object");
    EXPECT_TRUTH(0, repeat_actor, "it comes twice");
    EXPECT_TRUTH(0, move_cuboid, "lies within its projected cuboids");
    EXPECT_TRUTH(0, miscount, "visible_px is not the count of its pixels");
    EXPECT_TRUTH(0, widen_box, "box_visible is not the box around its pixels");
    EXPECT_TRUTH(0, unhide, "occluded is not 1 - visible_px / amodal_px");
    EXPECT_TRUTH(0, forget_seen, "truth.jsonl has no 2-D truth of it");
    EXPECT_TRUTH(0, bend_shutter, "still pixels flow elsewhere");
    keep("truth.jsonl");
    CHECK_OK(bt_file_write(in_dir("truth.jsonl"), kept, kept_bytes / 2));
    EXPECT_BOTH("truth.jsonl: line ");
}

// ---- pictures ---------------------------------------------------------------------------------
static void test_raw_and_image(void)
{
    bt_image_u16 raw;
    bt_image_u8 image;
    keep("front/000001.raw.png");
    CHECK_OK(bt_png_read_u16(in_dir(kept_name), &raw));
    raw.pixels[100] = 4096;
    CHECK_OK(bt_png_write_u16(in_dir(kept_name), W, H, raw.pixels));
    EXPECT_BOTH("front/000001.raw.png: 1 counts are above 4095, the ADC's top");

    keep("front/000001.raw.png");
    raw.pixels[100] = 200;
    for (uint32_t i = 0; i < W * H; i++)
        raw.pixels[i] = (uint16_t)(4000 - raw.pixels[i]);
    CHECK_OK(bt_png_write_u16(in_dir(kept_name), W, H, raw.pixels));
    EXPECT_BOTH("it does not show what raw holds");
    keep("front/000001.raw.png");
    CHECK_OK(bt_png_write_u16(in_dir(kept_name), W, H - 1, raw.pixels));
    EXPECT_BOTH("it is 96 x 63 pixels, its camera 96 x 64");
    bt_image_u16_clear(&raw);

    keep("wide/000002.png");
    CHECK_OK(bt_png_read_u8(in_dir(kept_name), 3, &image));
    for (uint32_t i = 0; i < W * H * 3; i++)
        image.pixels[i] = (uint8_t)(255 - image.pixels[i]);
    CHECK_OK(bt_png_write_u8(in_dir(kept_name), W, H, 3, image.pixels));
    EXPECT_BOTH("wide/000002.png: it does not show what raw holds");
    bt_image_u8_clear(&image);
}

// Reads planes, lets `factor` and `shift` change plane `plane`, writes them again.
static void change_exr(const char *name, const char *const *names, uint32_t count, uint32_t plane,
                       float factor, float shift)
{
    bt_exr_image image;
    bt_exr_channel channels[3];
    CHECK_OK(bt_exr_read(in_dir(name), names, count, &image));
    for (uint32_t i = 0; i < count; i++) {
        channels[i] = (bt_exr_channel){names[i], image.pixels + (size_t)i * W * H};
    }
    for (uint32_t i = 0; i < W * H; i++) {
        float *value = &image.pixels[(size_t)plane * W * H + i];
        *value = *value * factor + shift;
    }
    CHECK_OK(bt_exr_write(in_dir(name), W, H, channels, count));
    bt_exr_image_clear(&image);
}

static const char *const zd[] = {"Z", "D"}, *const xyz[] = {"X", "Y", "Z"},
                         *const ne[] = {"N", "E"};

static void test_floats(void)
{
    keep("front/000000.depth.exr");
    change_exr(kept_name, zd, 2, 0, 1.001f, 0.0f);
    EXPECT_BOTH("pixels have a Z that is not D");
    keep("front/000000.depth.exr");
    change_exr(kept_name, zd, 2, 0, 1.05f, 0.0f);
    change_exr(kept_name, zd, 2, 1, 1.05f, 0.0f);
    EXPECT_BOTH("still pixels flow elsewhere");

    keep("wide/000000.normal.exr");
    for (uint32_t i = 0; i < 3; i++)
        change_exr(kept_name, xyz, 3, i, -1.0f, 0.0f);
    EXPECT_BOTH("normals point away from the camera");
    keep("front/000000.normal.exr");
    change_exr(kept_name, xyz, 3, 2, 1.5f, 0.0f);
    EXPECT_BOTH("normals are not unit");
    keep("front/000000.normal.exr");
    change_exr(kept_name, xyz, 3, 0, 0.0f, 0.0f);
    change_exr(kept_name, xyz, 3, 1, 0.0f, 0.0f);
    change_exr(kept_name, xyz, 3, 2, 0.0f, -1.0f); // everything faces the camera
    EXPECT_BOTH("steps along a surface are not square to its normal");

    keep("front/000001.flow.exr");
    change_exr(kept_name, xyz, 2, 0, 1.0f, 0.06f);
    EXPECT_BOTH("front/000001.flow.exr: ");
    keep("wide/000002.flow.exr"); // the last frame, whose next is in no other file
    change_exr(kept_name, xyz, 2, 1, 1.0f, -0.06f);
    EXPECT_BOTH("wide/000002.flow.exr: ");

    keep("front/000001.samples.exr");
    change_exr(kept_name, ne, 2, 0, 1.0f, 0.5f);
    EXPECT_BOTH("pixels have no whole number of samples");
    keep("front/000001.samples.exr");
    change_exr(kept_name, ne, 2, 1, -1.0f, 0.0f);
    EXPECT_BOTH("or no share left");
    keep("front/000001.samples.exr");
    change_exr(kept_name, ne, 2, 0, 1.0f, 16.0f);
    EXPECT_BOTH("left: clip.json says 4");
}

static void change_instance(const char *name, uint16_t from, uint16_t to, uint32_t most)
{
    bt_image_u16 image;
    CHECK_OK(bt_png_read_u16(in_dir(name), &image));
    for (uint32_t i = 0; i < W * H && most > 0; i++) {
        if (image.pixels[i] != from) continue;
        image.pixels[i] = to;
        most--;
    }
    CHECK(most == 0);
    CHECK_OK(bt_png_write_u16(in_dir(name), W, H, image.pixels));
    bt_image_u16_clear(&image);
}

static void change_semantic(const char *name, uint8_t from, uint8_t to, uint32_t most)
{
    bt_image_u8 image;
    CHECK_OK(bt_png_read_u8(in_dir(name), 1, &image));
    for (uint32_t i = 0; i < W * H && most > 0; i++) {
        if (image.pixels[i] != from) continue;
        image.pixels[i] = to;
        most--;
    }
    CHECK(most == 0);
    CHECK_OK(bt_png_write_u8(in_dir(name), W, H, 1, image.pixels));
    bt_image_u8_clear(&image);
}

static void test_ids(const fixture *f)
{
    uint16_t walker = (uint16_t)f->world->actors[ACTOR_WALKER].object_id;
    keep("front/000000.instance.png");
    change_instance(kept_name, walker, 0, 1);
    EXPECT_BOTH("visible_px is not the count of its pixels");
    keep("front/000000.instance.png");
    change_instance(kept_name, 0, 60000, 1);
    EXPECT_BOTH("1 of 6144 pixels have an id that clip.json does not list");
    keep("front/000000.semantic.png");
    change_semantic(kept_name, BT_CLASS_PERSON, BT_CLASS_CAR, 1);
    EXPECT_BOTH("1 of 6144 pixels have a class that their object's surfaces do not have");
    keep("front/000000.semantic.png");
    change_semantic(kept_name, BT_CLASS_SKY, BT_CLASS_ROAD, 1);
    EXPECT_BOTH("1 of 6144 pixels are sky in one of semantic and depth only");
    keep("wide/000001.semantic.png");
    change_semantic(kept_name, BT_CLASS_NONE, BT_CLASS_SKY, 9);
    EXPECT_BOTH("disagree on whether they are within the lens's field");
}

// ---- files ------------------------------------------------------------------------------------
static void test_files(void)
{
    keep("front/000000.png");
    CHECK_OK(bt_file_remove(in_dir(kept_name)));
    EXPECT("front/000000.png: cannot open");
    restore();
    CHECK_OK(bt_file_write(in_dir("front/000009.png"), "x", 1));
    EXPECT("front/000009.png: no file of the clip");
    CHECK_OK(bt_file_remove(in_dir("front/000009.png")));
    keep("front/000000.png");
    CHECK_OK(bt_file_write(in_dir(kept_name), kept, kept_bytes - 1));
    EXPECT("bytes, clip.json says");
    restore();
}

// Whatever is in the files: findings, never a crash. The damage is behind hashes that fit, so that
// the readers see it.
static void test_hostile_files(void)
{
    static const char *const names[] = {"truth.jsonl", "commands.jsonl", "map.xodr",
                                        "front/000001.depth.exr", "wide/000000.instance.png"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        keep(names[i]);
        char *bad = bt_alloc(kept_bytes + 16, 1);
        for (uint64_t variant = 0; variant < 3; variant++) {
            size_t size = mutate(kept, kept_bytes, 100 * i + variant, bad);
            CHECK_OK(bt_file_write(in_dir(kept_name), bad, size));
            fix_hashes();
            run_check();
        }
        bt_free(bad);
        restore();
    }
}

int main(void)
{
    fixture f;
    bt_check_counts counts;
    if (!temp_folder(dir, sizeof dir)) return 1;
    fixture_begin(&f, W, H, 2);
    pool = f.jobs;
    fixture_write_clip(&f, dir, BT_LABEL_ALL, FIXTURE_FRAMES);
    expect_clean();
    counts = run_check();
    printf("%llu files, %llu frames, %llu checks\n", (unsigned long long)counts.files,
           (unsigned long long)counts.frames, (unsigned long long)counts.checks);
    CHECK(counts.files == 4 + 6 * 8 && counts.frames == 6 && counts.checks > 200);
    test_clip_json();
    test_clip_json_hostile();
    test_map();
    test_commands();
    test_truth();
    test_raw_and_image();
    test_floats();
    test_ids(&f);
    test_files();
    test_hostile_files();
    expect_clean();
    fixture_end(&f);
    skies_clear();
    CHECK(bt_memory_in_use() == 0);
    temp_folder_remove(dir);
    return check_end();
}
