// sanitized.h: a sanitized build walks the same lines for memory and undefined behaviour, a quarter as
// often: what a mean is known to is then twice as wide. Limits that are given in standard errors stay.
#ifndef BT_TESTS_SANITIZED_H
#define BT_TESTS_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED_SHARE 4u // of samples, items
#define SANITIZED_ERROR 2.0
#else
#define SANITIZED_SHARE 1u
#define SANITIZED_ERROR 1.0
#endif

#endif
