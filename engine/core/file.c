// file.c: reading and writing files so that a final name always holds a whole file.
//
// A write goes to ".NAME.PID-N.part" beside its target: data are synced before the rename and the
// folder after it, so that neither a kill nor a power cut leaves a half-written file under NAME.
#include "engine/core/file.h"

#include "engine/core/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TEMPORARY_END ".part"

// "cannot WHAT 'PATH': the system's reason"
static bt_status fail_system(const char *what, const char *path)
{
    char reason[128] = "unknown reason";
    int error = errno;
    if (strerror_r(error, reason, sizeof reason) != 0) {
        snprintf(reason, sizeof reason, "error %d", error);
    }
    return bt_fail(error == ENOMEM ? BT_ERR_MEMORY : BT_ERR_IO, "cannot %s '%s': %s", what, path,
                   reason);
}

// ---- reading ----------------------------------------------------------------------------------
static bt_status read_all(int file, const char *path, char *bytes, size_t count)
{
    size_t done = 0;
    while (done < count) {
        ssize_t got = read(file, bytes + done, count - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_system("read", path);
        if (got == 0) return bt_fail(BT_ERR_IO, "cannot read '%s': it shrank meanwhile", path);
        done += (size_t)got;
    }
    return BT_OK;
}

static bt_status regular_size(int file, const char *path, size_t limit_bytes, size_t *count)
{
    struct stat info;
    if (fstat(file, &info) != 0) return fail_system("read", path);
    if (!S_ISREG(info.st_mode)) {
        return bt_fail(BT_ERR_IO, "cannot read '%s': not a regular file", path);
    }
    if ((uint64_t)info.st_size > limit_bytes) {
        return bt_fail(BT_ERR_LIMIT, "'%s' has %lld bytes: expected at most %zu", path,
                       (long long)info.st_size, limit_bytes);
    }
    *count = (size_t)info.st_size;
    return BT_OK;
}

bt_status bt_file_read(const char *path, size_t limit_bytes, char **bytes, size_t *count)
{
    *bytes = NULL;
    *count = 0;
    // a named pipe must not make us wait for a writer
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return fail_system("open", path);

    char *memory = NULL;
    size_t size = 0;
    bt_status status =
        regular_size(file, path, limit_bytes > 0 ? limit_bytes : (size_t)1 << 30, &size);
    if (status != BT_OK) goto done;
    memory = bt_alloc(size + 1, 1);
    if (memory == NULL) {
        status = bt_fail(BT_ERR_MEMORY, "no memory to read '%s' (%zu bytes)", path, size);
        goto done;
    }
    status = read_all(file, path, memory, size);
done:
    close(file);
    if (status != BT_OK) {
        bt_free(memory);
        return status;
    }
    *bytes = memory;
    *count = size;
    return BT_OK;
}

// ---- writing ----------------------------------------------------------------------------------
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

// Devices, folders and pipes are never replaced.
static bt_status check_target(const char *path)
{
    struct stat info;
    if (base_name(path)[0] == '\0') {
        return bt_fail(BT_ERR_IO, "cannot write '%s': the path names no file", path);
    }
    if (stat(path, &info) != 0 || S_ISREG(info.st_mode)) return BT_OK;
    return bt_fail(BT_ERR_IO, "cannot write '%s': it exists and is not a regular file", path);
}

static bt_status name_temporary(bt_file_pending *pending)
{
    static atomic_uint counter;
    const char *name = base_name(pending->path);
    int written = snprintf(pending->temporary, sizeof pending->temporary,
                           "%.*s.%s.%ld-%u" TEMPORARY_END, (int)(name - pending->path),
                           pending->path, name, (long)getpid(), atomic_fetch_add(&counter, 1));
    if (written < 0 || (size_t)written >= sizeof pending->temporary) {
        return bt_fail(BT_ERR_INPUT, "the path '%s' is too long", pending->path);
    }
    return BT_OK;
}

// Creates the temporary file; its descriptor is the caller's.
static bt_status begin_open(const char *path, bt_file_pending *pending, int *file)
{
    memset(pending, 0, sizeof *pending);
    size_t length = strlen(path);
    if (length >= sizeof pending->path) {
        return bt_fail(BT_ERR_INPUT, "the path '%.60s...' is too long", path);
    }
    memcpy(pending->path, path, length + 1);
    bt_status status = check_target(path);
    if (status != BT_OK) return status;

    // a name left behind by a killed process with our number is passed over
    for (int attempt = 0; attempt < 100; attempt++) {
        status = name_temporary(pending);
        if (status != BT_OK) return status;
        *file = open(pending->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (*file >= 0) return BT_OK;
        if (errno != EEXIST) break;
    }
    status = fail_system("write", path);
    pending->temporary[0] = '\0';
    return status;
}

bt_status bt_file_begin(const char *path, bt_file_pending *pending)
{
    int file = -1;
    bt_status status = begin_open(path, pending, &file);
    if (status == BT_OK) close(file);
    return status;
}

void bt_file_abort(bt_file_pending *pending)
{
    if (pending->temporary[0] != '\0') unlink(pending->temporary);
    pending->temporary[0] = '\0';
}

static bt_status sync_path(const char *open_path, int flags, const char *path)
{
    int file = open(open_path, flags | O_CLOEXEC);
    if (file < 0) return fail_system("write", path);
    bt_status status = BT_OK;
    // some file systems cannot sync a folder: that is theirs to say
    if (fsync(file) != 0 && errno != EINVAL) status = fail_system("write", path);
    close(file);
    return status;
}

static bt_status rename_and_sync_folder(bt_file_pending *pending)
{
    if (rename(pending->temporary, pending->path) != 0) {
        return fail_system("write", pending->path);
    }
    pending->temporary[0] = '\0';
    char dir[sizeof pending->path];
    bt_status status = bt_path_dir(dir, sizeof dir, pending->path);
    if (status != BT_OK) return status;
    return sync_path(dir, O_RDONLY | O_DIRECTORY, pending->path);
}

bt_status bt_file_commit(bt_file_pending *pending)
{
    bt_status status = sync_path(pending->temporary, O_RDONLY, pending->path);
    if (status == BT_OK) status = rename_and_sync_folder(pending);
    if (status != BT_OK) bt_file_abort(pending);
    return status;
}

static bt_status write_all(int file, const char *path, const char *bytes, size_t count)
{
    size_t done = 0;
    while (done < count) {
        ssize_t put = write(file, bytes + done, count - done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return fail_system("write", path);
        done += (size_t)put;
    }
    return fsync(file) == 0 ? BT_OK : fail_system("write", path);
}

bt_status bt_file_write(const char *path, const void *bytes, size_t count)
{
    bt_file_pending pending;
    int file = -1;
    bt_status status = begin_open(path, &pending, &file);
    if (status != BT_OK) return status;
    status = write_all(file, path, bytes, count);
    if (close(file) != 0 && status == BT_OK) status = fail_system("write", path);
    if (status == BT_OK) status = rename_and_sync_folder(&pending);
    if (status != BT_OK) bt_file_abort(&pending);
    return status;
}

// ---- folders ----------------------------------------------------------------------------------
static bt_status make_one(const char *path)
{
    struct stat info;
    if (mkdir(path, 0777) == 0) return BT_OK;
    int error = errno;
    if (stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode)) return BT_OK;
        return bt_fail(BT_ERR_IO, "cannot make the folder '%s': a file has that name", path);
    }
    errno = error;
    return fail_system("make the folder", path);
}

bt_status bt_folder_make(const char *path)
{
    char part[4096];
    size_t length = strlen(path);
    if (length == 0) return bt_fail(BT_ERR_INPUT, "cannot make a folder with an empty name");
    if (length >= sizeof part) {
        return bt_fail(BT_ERR_INPUT, "the path '%.60s...' is too long", path);
    }
    // each parent in turn
    memcpy(part, path, length + 1);
    for (size_t i = 1; i < length; i++) {
        if (part[i] != '/' || part[i - 1] == '/') continue;
        part[i] = '\0';
        bt_status status = make_one(part);
        if (status != BT_OK) return status;
        part[i] = '/';
    }
    return make_one(part);
}

// ".NAME.PID-N.part", as name_temporary makes it.
static bool is_temporary(const char *name)
{
    size_t length = strlen(name);
    size_t end = strlen(TEMPORARY_END);
    if (name[0] != '.' || length <= end || strcmp(name + length - end, TEMPORARY_END) != 0) {
        return false;
    }
    size_t i = length - end;
    size_t serial = i;
    while (i > 0 && name[i - 1] >= '0' && name[i - 1] <= '9')
        i--;
    if (i == serial || i == 0 || name[i - 1] != '-') return false;
    size_t process = --i;
    while (i > 0 && name[i - 1] >= '0' && name[i - 1] <= '9')
        i--;
    return i < process && i > 1 && name[i - 1] == '.';
}

bt_status bt_folder_sweep(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) return fail_system("open the folder", path);
    bt_status status = BT_OK;
    struct dirent *entry;
    while (status == BT_OK && (entry = readdir(folder)) != NULL) {
        if (!is_temporary(entry->d_name)) continue;
        if (unlinkat(dirfd(folder), entry->d_name, 0) != 0 && errno != ENOENT) {
            status = fail_system("remove", entry->d_name);
        }
    }
    closedir(folder);
    return status;
}

#define LIST_MAX 4096

static bt_status add_name(const char *name, char ***names, size_t *count, size_t *capacity)
{
    if (*count == LIST_MAX)
        return bt_fail(BT_ERR_LIMIT, "more than %d files in one folder", LIST_MAX);
    size_t bytes = strlen(name) + 1;
    char *copy = bt_alloc(bytes, 1);
    bt_status status = BT_ARRAY_RESERVE(*names, *capacity, *count + 1);
    if (copy == NULL || status != BT_OK) {
        bt_free(copy);
        return bt_fail(BT_ERR_MEMORY, "no memory for a list of files");
    }
    memcpy(copy, name, bytes);
    (*names)[(*count)++] = copy;
    return BT_OK;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bt_status bt_folder_list(const char *path, char ***names, size_t *count)
{
    *names = NULL;
    *count = 0;
    DIR *folder = opendir(path);
    if (folder == NULL) return fail_system("open the folder", path);
    bt_status status = BT_OK;
    size_t capacity = 0;
    struct dirent *entry;
    while (status == BT_OK && (entry = readdir(folder)) != NULL) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
        status = add_name(name, names, count, &capacity);
    }
    closedir(folder);
    if (status == BT_OK) {
        if (*count > 0) qsort(*names, *count, sizeof **names, compare_names);
        return BT_OK;
    }
    bt_folder_list_free(*names, *count);
    *names = NULL;
    *count = 0;
    return status;
}

void bt_folder_list_free(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bt_free(names[i]);
    bt_free(names);
}

bool bt_file_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

bt_status bt_file_size(const char *path, uint64_t *bytes)
{
    struct stat info;
    *bytes = 0;
    if (stat(path, &info) != 0) return fail_system("open", path);
    *bytes = (uint64_t)info.st_size;
    return BT_OK;
}

bt_status bt_file_remove(const char *path)
{
    if (unlink(path) != 0 && errno != ENOENT) return fail_system("remove", path);
    return BT_OK;
}

// ---- paths ------------------------------------------------------------------------------------
bt_status bt_path_join(char *out, size_t out_size, const char *dir, const char *name)
{
    size_t length = strlen(dir);
    const char *between = length == 0 || dir[length - 1] == '/' ? "" : "/";
    int written = snprintf(out, out_size, "%s%s%s", dir, between, name);
    if (written < 0 || (size_t)written >= out_size) {
        return bt_fail(BT_ERR_INPUT, "the path '%.60s.../%.60s' is too long", dir, name);
    }
    return BT_OK;
}

bt_status bt_path_dir(char *out, size_t out_size, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dir = slash == NULL ? "." : slash == path ? "/" : path;
    size_t length = slash == NULL || slash == path ? 1 : (size_t)(slash - path);
    if (length >= out_size) return bt_fail(BT_ERR_INPUT, "the path '%.60s...' is too long", path);
    memcpy(out, dir, length);
    out[length] = '\0';
    return BT_OK;
}

bt_status bt_program_dir(char *out, size_t out_size)
{
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0) return fail_system("read the link", "/proc/self/exe");
    self[length] = '\0';
    return bt_path_dir(out, out_size, self);
}

static double read_clock(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double bt_clock_s(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

double bt_thread_s(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}
