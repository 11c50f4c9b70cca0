// log.c: hands messages and progress to the app's callbacks, one at a time.
#include "engine/core/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bt_log_fn log_fn;
static void *log_context;
static bt_log_level log_most;
static bt_progress_fn progress_fn;
static void *progress_context;

void bt_log_set(bt_log_fn fn, void *context, bt_log_level most)
{
    pthread_mutex_lock(&lock);
    log_fn = fn;
    log_context = context;
    log_most = most;
    pthread_mutex_unlock(&lock);
}

void bt_log(bt_log_level level, const char *format, ...)
{
    char message[4096];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    pthread_mutex_lock(&lock);
    if (log_fn != NULL && level <= log_most) log_fn(log_context, level, message);
    pthread_mutex_unlock(&lock);
}

void bt_progress_set(bt_progress_fn fn, void *context)
{
    pthread_mutex_lock(&lock);
    progress_fn = fn;
    progress_context = context;
    pthread_mutex_unlock(&lock);
}

void bt_progress(const char *what, uint64_t done, uint64_t total)
{
    pthread_mutex_lock(&lock);
    if (progress_fn != NULL) progress_fn(progress_context, what, done, total);
    pthread_mutex_unlock(&lock);
}
