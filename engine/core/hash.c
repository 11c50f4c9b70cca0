// hash.c: SHA-256 through OpenSSL's EVP interface.
#include "engine/core/hash.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

bt_status bt_sha256_of(const void *bytes, size_t count, bt_sha256 *digest)
{
    memset(digest, 0, sizeof *digest);
    if (EVP_Digest(count > 0 ? bytes : "", count, digest->bytes, NULL, EVP_sha256(), NULL) != 1) {
        return bt_fail(BT_ERR_INTERNAL, "libcrypto refuses SHA-256");
    }
    return BT_OK;
}

static bt_status hash_stream(FILE *file, const char *path, EVP_MD_CTX *context)
{
    char buffer[1 << 16];
    size_t count;
    while ((count = fread(buffer, 1, sizeof buffer, file)) > 0) {
        if (EVP_DigestUpdate(context, buffer, count) != 1) {
            return bt_fail(BT_ERR_INTERNAL, "libcrypto refuses SHA-256");
        }
    }
    if (ferror(file)) return bt_fail(BT_ERR_IO, "cannot read '%s': %s", path, strerror(errno));
    return BT_OK;
}

bt_status bt_sha256_of_file(const char *path, bt_sha256 *digest)
{
    memset(digest, 0, sizeof *digest);
    FILE *file = fopen(path, "rbe");
    if (file == NULL) return bt_fail(BT_ERR_IO, "cannot open '%s': %s", path, strerror(errno));
    bt_status status = BT_OK;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (context == NULL || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        status = bt_fail(BT_ERR_INTERNAL, "libcrypto refuses SHA-256");
        goto done;
    }
    status = hash_stream(file, path, context);
    if (status == BT_OK && EVP_DigestFinal_ex(context, digest->bytes, NULL) != 1) {
        status = bt_fail(BT_ERR_INTERNAL, "libcrypto refuses SHA-256");
    }
done:
    EVP_MD_CTX_free(context);
    fclose(file);
    return status;
}

bt_sha256_text bt_sha256_format(const bt_sha256 *digest)
{
    static const char digits[] = "0123456789abcdef";
    bt_sha256_text text = {{0}};
    for (size_t i = 0; i < sizeof digest->bytes; i++) {
        text.hex[2 * i] = digits[digest->bytes[i] >> 4];
        text.hex[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
    return text;
}
