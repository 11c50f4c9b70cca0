// file_test.c: whole files or none; every refusal of the system becomes one line.
#include "engine/core/file.h"

#include "engine/core/memory.h"
#include "tests/support/check.h"
#include "tests/support/temp.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char dir[4096];

static const char *in_dir(const char *name)
{
    static char path[4][4096];
    static int turn;
    turn = (turn + 1) % 4;
    CHECK_OK(bt_path_join(path[turn], sizeof path[turn], dir, name));
    return path[turn];
}

static int file_count(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    }
    if (folder != NULL) closedir(folder);
    return count;
}

static void test_write_and_read(void)
{
    const char *path = in_dir("a.txt");
    char *bytes;
    size_t count;
    uint64_t size;
    CHECK(!bt_file_exists(path));
    CHECK_OK(bt_file_write(path, "first", 5));
    CHECK_OK(bt_file_write(path, "one\0two", 7));
    CHECK_OK(bt_file_read(path, 0, &bytes, &count));
    CHECK(count == 7 && memcmp(bytes, "one\0two", 8) == 0);
    bt_free(bytes);
    CHECK_OK(bt_file_size(path, &size));
    CHECK(size == 7 && bt_file_exists(path));
    CHECK(file_count(dir) == 1); // no temporary is left

    CHECK(bt_file_read(path, 6, &bytes, &count) == BT_ERR_LIMIT && bytes == NULL);
    CHECK_CONTAINS(bt_error_message(), "has 7 bytes: expected at most 6");
    CHECK(bt_file_read(dir, 0, &bytes, &count) == BT_ERR_IO);
    CHECK_CONTAINS(bt_error_message(), "not a regular file");
    CHECK(bt_file_read(in_dir("none"), 0, &bytes, &count) == BT_ERR_IO);
    CHECK_CONTAINS(bt_error_message(), "none': No such file or directory");

    CHECK_OK(bt_file_write(path, "", 0));
    CHECK_OK(bt_file_read(path, 0, &bytes, &count));
    CHECK(count == 0 && bytes[0] == '\0');
    bt_free(bytes);
    CHECK_OK(bt_file_remove(path));
    CHECK_OK(bt_file_remove(path));
    CHECK(file_count(dir) == 0);
}

// A named pipe without a writer would block a careless reader for ever.
static void test_pipe_is_refused(void)
{
    char *bytes;
    size_t count;
    const char *path = in_dir("pipe");
    CHECK(mkfifo(path, 0600) == 0);
    CHECK(bt_file_read(path, 0, &bytes, &count) == BT_ERR_IO);
    CHECK(bt_file_write(path, "x", 1) == BT_ERR_IO);
    CHECK(bt_file_write("/dev/full", "x", 1) == BT_ERR_IO);
    CHECK_CONTAINS(bt_error_message(), "'/dev/full': it exists and is not a regular file");
    CHECK(bt_file_write(in_dir("no/such/x"), "x", 1) == BT_ERR_IO);
    CHECK_CONTAINS(bt_error_message(), "no/such/x': No such file or directory");
    CHECK(bt_file_write(dir, "x", 1) == BT_ERR_IO);
    CHECK(bt_file_write(in_dir(""), "x", 1) == BT_ERR_IO);
    CHECK_OK(bt_file_remove(path));
}

static void test_pending(void)
{
    bt_file_pending pending;
    const char *path = in_dir("b.png");
    CHECK_OK(bt_file_begin(path, &pending));
    FILE *file = fopen(pending.temporary, "wb");
    CHECK(file != NULL && fputs("whole", file) >= 0 && fclose(file) == 0);
    CHECK(!bt_file_exists(path));
    CHECK_OK(bt_file_commit(&pending));
    CHECK(bt_file_exists(path) && file_count(dir) == 1);

    CHECK_OK(bt_file_begin(path, &pending));
    CHECK(file_count(dir) == 2);
    bt_file_abort(&pending);
    CHECK(file_count(dir) == 1);

    // somebody takes the temporary away: the commit says so, the old file stays
    CHECK_OK(bt_file_begin(path, &pending));
    CHECK(remove(pending.temporary) == 0);
    CHECK(bt_file_commit(&pending) == BT_ERR_IO);
    CHECK(bt_file_exists(path));
    CHECK_OK(bt_file_remove(path));
}

// A full disk, played by a limit on the size of files: the system says EFBIG instead of ENOSPC.
static void test_refused_write(void)
{
    static char bytes[100000];
    char *kept;
    size_t count;
    const char *path = in_dir("c");
    CHECK_OK(bt_file_write(path, "old", 3));

    struct rlimit old_limit, limit;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old_limit);
    limit = old_limit;
    limit.rlim_cur = 4096;
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    CHECK(bt_file_write(path, bytes, sizeof bytes) == BT_ERR_IO);
    CHECK(setrlimit(RLIMIT_FSIZE, &old_limit) == 0);

    CHECK_CONTAINS(bt_error_message(), "cannot write '");
    CHECK_CONTAINS(bt_error_message(), "c': File too large");
    CHECK_OK(bt_file_read(path, 0, &kept, &count));
    CHECK(count == 3 && memcmp(kept, "old", 3) == 0);
    bt_free(kept);
    CHECK(file_count(dir) == 1);
    CHECK_OK(bt_file_remove(path));
}

// What a process leaves that is killed between begin and commit.
static void test_sweep(void)
{
    bt_file_pending pending;
    CHECK_OK(bt_file_write(in_dir("kept.part"), "x", 1));
    CHECK_OK(bt_file_write(in_dir(".kept.part"), "x", 1));
    CHECK_OK(bt_file_write(in_dir(".kept-1.part"), "x", 1));
    CHECK_OK(bt_file_begin(in_dir("frame.png"), &pending));
    CHECK_OK(bt_file_begin(in_dir("d"), &pending));
    CHECK(file_count(dir) == 5);
    CHECK_OK(bt_folder_sweep(dir));
    CHECK(file_count(dir) == 3);
    CHECK(bt_folder_sweep(in_dir("none")) == BT_ERR_IO);
    CHECK_OK(bt_file_remove(in_dir("kept.part")));
    CHECK_OK(bt_file_remove(in_dir(".kept.part")));
    CHECK_OK(bt_file_remove(in_dir(".kept-1.part")));
}

static void test_folders(void)
{
    CHECK_OK(bt_folder_make(in_dir("x/y//z/")));
    CHECK_OK(bt_folder_make(in_dir("x/y/z")));
    CHECK_OK(bt_file_write(in_dir("x/y/z/file"), "x", 1));
    CHECK(bt_folder_make(in_dir("x/y/z/file")) == BT_ERR_IO);
    CHECK_CONTAINS(bt_error_message(), "a file has that name");
    CHECK(bt_folder_make(in_dir("x/y/z/file/deeper")) == BT_ERR_IO);
    CHECK(bt_folder_make("") == BT_ERR_INPUT);
    CHECK(bt_folder_make("/proc/none/such") == BT_ERR_IO);
    CHECK_CONTAINS(bt_error_message(), "cannot make the folder '/proc/none'");
}

static void test_paths(void)
{
    char out[16];
    CHECK_OK(bt_path_join(out, sizeof out, "a/b", "c"));
    CHECK(strcmp(out, "a/b/c") == 0);
    CHECK_OK(bt_path_join(out, sizeof out, "a/", "c"));
    CHECK(strcmp(out, "a/c") == 0);
    CHECK_OK(bt_path_join(out, sizeof out, "", "c"));
    CHECK(strcmp(out, "c") == 0);
    CHECK(bt_path_join(out, sizeof out, "0123456789", "012345") == BT_ERR_INPUT);
    CHECK_OK(bt_path_dir(out, sizeof out, "a/b/c"));
    CHECK(strcmp(out, "a/b") == 0);
    CHECK_OK(bt_path_dir(out, sizeof out, "/c"));
    CHECK(strcmp(out, "/") == 0);
    CHECK_OK(bt_path_dir(out, sizeof out, "c"));
    CHECK(strcmp(out, ".") == 0);
    CHECK(bt_path_dir(out, 3, "abc/d") == BT_ERR_INPUT);

    char program[4096];
    CHECK_OK(bt_program_dir(program, sizeof program));
    CHECK(program[0] == '/');

    static char endless[8192];
    memset(endless, 'a', sizeof endless - 1);
    CHECK(bt_file_write(endless, "x", 1) == BT_ERR_INPUT);
    CHECK(bt_folder_make(endless) == BT_ERR_INPUT);
    endless[3000] = '\0';
    CHECK(bt_file_write(endless, "x", 1) == BT_ERR_IO); // a name longer than the system's
}

int main(void)
{
    if (!temp_folder(dir, sizeof dir)) return 1;
    test_write_and_read();
    test_pipe_is_refused();
    test_pending();
    test_refused_write();
    test_sweep();
    test_folders();
    test_paths();
    temp_folder_remove(dir);
    double then = bt_clock_s();
    CHECK(bt_clock_s() >= then);
    CHECK(bt_memory_in_use() == 0);
    return check_end();
}
