// hash.h: SHA-256 (FIPS 180-4, from OpenSSL) of bytes and files.
#ifndef BT_CORE_HASH_H
#define BT_CORE_HASH_H

#include "engine/core/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct bt_sha256 {
    uint8_t bytes[32];
} bt_sha256;

typedef struct bt_sha256_text {
    char hex[65]; // lower case, zero-terminated
} bt_sha256_text;

BT_CHECKED bt_status bt_sha256_of(const void *bytes, size_t count, bt_sha256 *digest);
BT_CHECKED bt_status bt_sha256_of_file(const char *path, bt_sha256 *digest);
bt_sha256_text bt_sha256_format(const bt_sha256 *digest);

#endif
