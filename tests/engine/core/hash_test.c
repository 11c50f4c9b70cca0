// hash_test.c: SHA-256 of the messages in FIPS 180-4's example document.
#include "engine/core/hash.h"

#include "engine/core/file.h"
#include "tests/support/check.h"
#include "tests/support/temp.h"

static const char *hash_text(const char *text)
{
    static bt_sha256_text kept;
    bt_sha256 digest;
    CHECK_OK(bt_sha256_of(text, strlen(text), &digest));
    kept = bt_sha256_format(&digest);
    return kept.hex;
}

static void test_examples(void)
{
    CHECK(strcmp(hash_text(""),
                 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") == 0);
    CHECK(strcmp(hash_text("abc"),
                 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") == 0);
    CHECK(strcmp(hash_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1") == 0);
}

static void test_file(const char *dir)
{
    char path[4096];
    static char bytes[200000]; // more than one buffer
    bt_sha256 from_memory, from_file;
    memset(bytes, 'x', sizeof bytes);
    CHECK_OK(bt_path_join(path, sizeof path, dir, "bytes"));
    CHECK_OK(bt_file_write(path, bytes, sizeof bytes));
    CHECK_OK(bt_sha256_of(bytes, sizeof bytes, &from_memory));
    CHECK_OK(bt_sha256_of_file(path, &from_file));
    CHECK(memcmp(&from_memory, &from_file, sizeof from_file) == 0);
    CHECK(bt_sha256_of_file("/does/not/exist", &from_file) == BT_ERR_IO);
    CHECK_CONTAINS(bt_error_message(), "cannot open '/does/not/exist': No such file");
}

int main(void)
{
    char dir[4096];
    if (!temp_folder(dir, sizeof dir)) return 1;
    test_examples();
    test_file(dir);
    temp_folder_remove(dir);
    return check_end();
}
