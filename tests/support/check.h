// check.h: what a test program needs: checks that count and say where they failed.
#ifndef BT_TESTS_CHECK_H
#define BT_TESTS_CHECK_H

#include <math.h>
#include <stdio.h>
#include <string.h>

static int check_failed_count;
static int check_passed_count;

static inline void check_report(int passed, const char *file, int line, const char *text)
{
    if (passed) {
        check_passed_count++;
        return;
    }
    check_failed_count++;
    fprintf(stderr, "%s:%d: failed: %s\n", file, line, text);
}

static inline void check_near_report(double got, double want, double tolerance, const char *file,
                                     int line, const char *text)
{
    int passed = fabs(got - want) <= tolerance; // false for NaN
    check_report(passed, file, line, text);
    if (!passed) fprintf(stderr, "    got %.9g, want %.9g +- %.3g\n", got, want, tolerance);
}

#define CHECK(condition) check_report((condition) ? 1 : 0, __FILE__, __LINE__, #condition)
#define CHECK_NEAR(got, want, tolerance)                                                           \
    check_near_report((double)(got), (double)(want), (double)(tolerance), __FILE__, __LINE__,      \
                      #got " near " #want)
// For calls that give bt_status: prints the message when they fail.
#define CHECK_OK(call)                                                                             \
    do {                                                                                           \
        int check_status_ = (int)(call);                                                           \
        check_report(check_status_ == 0, __FILE__, __LINE__, #call);                               \
        if (check_status_ != 0) fprintf(stderr, "    %s\n", bt_error_message());                   \
    } while (0)
#define CHECK_CONTAINS(text, part) CHECK(strstr((text), (part)) != NULL)

// Exit code for main: 0 when every check passed and there was at least one.
static inline int check_end(void)
{
    printf("%d passed, %d failed\n", check_passed_count, check_failed_count);
    return check_failed_count > 0 || check_passed_count == 0;
}

#define CHECK_SKIP 77

#endif
