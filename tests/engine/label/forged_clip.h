// forged_clip.h: a clip of clip_fixture.h whose files are tampered with and put back: what bt_clip_check finds by
// hashes, and, when the hashes were made to fit, by what the files say about each other.
#ifndef BT_TESTS_FORGED_CLIP_H
#define BT_TESTS_FORGED_CLIP_H

#include "tests/engine/label/clip_fixture.h"

#include "engine/core/file.h"
#include "engine/core/hash.h"
#include "engine/label/clip_check.h"

#include <jansson.h>

#define W 96u
#define H 64u

static char dir[2048];
static bt_jobs *pool;

static inline const char *in_dir(const char *name)
{
    static char path[4][4096];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", dir, name);
    return path[turn];
}

// ---- findings ---------------------------------------------------------------------------------
static char findings[1 << 16];

static inline void hear(void *context, const char *finding)
{
    (void)context;
    size_t length = strlen(findings);
    snprintf(findings + length, sizeof findings - length, "%s\n", finding);
}

static inline bt_check_counts run_check(void)
{
    bt_check_counts counts;
    findings[0] = '\0';
    CHECK_OK(bt_clip_check(dir, pool, hear, NULL, &counts));
    return counts;
}

static inline void expect_clean(void)
{
    bt_check_counts counts = run_check();
    CHECK(counts.findings == 0);
    if (counts.findings != 0) fprintf(stderr, "%s", findings);
}

static inline void expect_finding(const char *words, int line)
{
    bt_check_counts counts = run_check();
    bool found = counts.findings > 0 && strstr(findings, words) != NULL;
    CHECK(found);
    if (!found) fprintf(stderr, "    line %d: '%s' is not in:\n%s", line, words, findings);
}
#define EXPECT(words) expect_finding(words, __LINE__)

// ---- a forger's tools -------------------------------------------------------------------------
static char *kept;
static size_t kept_bytes;
static char kept_name[256], *kept_clip;
static size_t kept_clip_bytes;

// Remembers a file and clip.json, to be put back by restore.
static inline void keep(const char *name)
{
    snprintf(kept_name, sizeof kept_name, "%s", name);
    CHECK_OK(bt_file_read(in_dir(name), 0, &kept, &kept_bytes));
    CHECK_OK(bt_file_read(in_dir("clip.json"), 0, &kept_clip, &kept_clip_bytes));
}

static inline void restore(void)
{
    CHECK_OK(bt_file_write(in_dir(kept_name), kept, kept_bytes));
    CHECK_OK(bt_file_write(in_dir("clip.json"), kept_clip, kept_clip_bytes));
    bt_free(kept);
    bt_free(kept_clip);
}

static inline void fix_file(json_t *file)
{
    bt_sha256 digest;
    uint64_t bytes;
    const char *path = json_string_value(json_object_get(file, "path"));
    CHECK_OK(bt_sha256_of_file(in_dir(path), &digest));
    CHECK_OK(bt_file_size(in_dir(path), &bytes));
    json_object_set_new(file, "sha256", json_string(bt_sha256_format(&digest).hex));
    json_object_set_new(file, "bytes", json_integer((json_int_t)bytes));
}

static inline void write_clip(json_t *clip)
{
    bt_sha256 digest;
    json_object_del(clip, "digest");
    char *text = json_dumps(clip, JSON_COMPACT | JSON_REAL_PRECISION(17));
    size_t length = strlen(text);
    text[length] = '\n'; // in place of the zero: the digest is of the line with its end
    CHECK_OK(bt_sha256_of(text, length + 1, &digest));
    free(text);
    json_object_set_new(clip, "digest", json_string(bt_sha256_format(&digest).hex));
    CHECK(json_dump_file(clip, in_dir("clip.json"), JSON_INDENT(1) | JSON_REAL_PRECISION(17)) == 0);
}

// Makes every hash, size and digest of clip.json fit what lies there now.
static inline void fix_hashes(void)
{
    size_t i;
    json_t *clip = json_load_file(in_dir("clip.json"), 0, NULL), *frame, *file;
    const char *kind;
    json_array_foreach(json_object_get(clip, "files"), i, file) fix_file(file);
    json_array_foreach(json_object_get(clip, "frames"), i, frame)
    {
        json_object_foreach(json_object_get(frame, "files"), kind, file) fix_file(file);
    }
    write_clip(clip);
    json_decref(clip);
}

// After a change to the kept file: found by its hash; with hashes that fit, by `words`.
static inline void expect_both(const char *words, int line)
{
    expect_finding("its SHA-256 is not the one in clip.json", line);
    fix_hashes();
    expect_finding(words, line);
    CHECK(strstr(findings, "SHA-256") == NULL && strstr(findings, "digest") == NULL);
    restore();
}
#define EXPECT_BOTH(words) expect_both(words, __LINE__)

// Replaces the first occurrence; the lengths may differ.
static inline void replace_text(const char *name, const char *old, const char *new)
{
    char *text;
    size_t bytes;
    CHECK_OK(bt_file_read(in_dir(name), 0, &text, &bytes));
    char *at = strstr(text, old);
    CHECK(at != NULL);
    if (at != NULL) {
        FILE *file = fopen(in_dir(name), "wb");
        fwrite(text, 1, (size_t)(at - text), file);
        fputs(new, file);
        fputs(at + strlen(old), file);
        fclose(file);
    }
    bt_free(text);
}

#endif
