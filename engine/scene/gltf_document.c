// gltf_document.c: glTF 2.0 (Khronos, ISO/IEC 12113): containers, buffers, repacking.
#include "engine/scene/gltf_document.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/log.h"
#include "engine/core/memory.h"

#define MAX_FILE_BYTES ((size_t)1 << 30)
#define MAX_JSON_BYTES ((size_t)256 << 20)
#define GLB_MAGIC 0x46546c67u
#define GLB_JSON 0x4e4f534au
#define GLB_BIN 0x004e4942u

void bt_gltf_warn(bt_gltf_document *document, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    bt_log(BT_LOG_WARNING, "%s: %s", document->path, text);
    document->warnings++;
}

// ---- reading JSON -------------------------------------------------------------------------------
size_t bt_gltf_count(const json_t *parent, const char *key)
{
    return json_array_size(json_object_get(parent, key));
}

json_t *bt_gltf_item(const json_t *parent, const char *key, size_t item)
{
    return json_array_get(json_object_get(parent, key), item);
}

double bt_gltf_number(const json_t *object, const char *key, double fallback)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : fallback;
}

json_t *bt_gltf_extension(const json_t *object, const char *name)
{
    return json_object_get(json_object_get(object, "extensions"), name);
}

// ---- containers ---------------------------------------------------------------------------------
static uint32_t word_at(const char *bytes, size_t at)
{
    const unsigned char *b = (const unsigned char *)bytes + at;
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

typedef struct span {
    const char *bytes;
    size_t count;
} span;

static bt_status open_binary(const bt_gltf_document *d, span file, span *json, span *bin)
{
    if (file.count < 20 || word_at(file.bytes, 4) != 2)
        return bt_fail(BT_ERR_INPUT, "%s: expected a binary glTF of version 2", d->path);
    size_t at = 12;
    while (file.count - at >= 8) {
        size_t length = word_at(file.bytes, at);
        uint32_t kind = word_at(file.bytes, at + 4);
        at += 8;
        if (length > file.count - at)
            return bt_fail(BT_ERR_INPUT, "%s: a chunk of %zu bytes, but only %zu follow", d->path,
                           length, file.count - at);
        if (kind == GLB_JSON && json->bytes == NULL) *json = (span){file.bytes + at, length};
        if (kind == GLB_BIN && bin->bytes == NULL) *bin = (span){file.bytes + at, length};
        at += length;
    }
    if (json->bytes == NULL)
        return bt_fail(BT_ERR_INPUT, "%s: a binary glTF without a JSON chunk", d->path);
    return BT_OK;
}

static bt_status parse(bt_gltf_document *d, span text)
{
    json_error_t error;
    if (text.count > MAX_JSON_BYTES)
        return bt_fail(BT_ERR_LIMIT, "%s: %zu bytes of JSON; at most %zu", d->path, text.count,
                       MAX_JSON_BYTES);
    d->json = json_loadb(text.bytes, text.count, JSON_REJECT_DUPLICATES, &error);
    if (d->json == NULL) return bt_fail(BT_ERR_INPUT, "%s:%d: %s", d->path, error.line, error.text);
    const char *version =
        json_string_value(json_object_get(json_object_get(d->json, "asset"), "version"));
    if (version == NULL || strncmp(version, "2.", 2) != 0)
        return bt_fail(BT_ERR_INPUT, "%s: asset.version is %s; expected 2.x", d->path,
                       version ? version : "missing");
    return BT_OK;
}

// ---- buffers --------------------------------------------------------------------------------------
static bt_status append(bt_gltf_document *d, const void *bytes, size_t count)
{
    size_t at = (d->byte_count + 3) & ~(size_t)3; // accessors are aligned to 4
    if (count > MAX_FILE_BYTES || at + count > MAX_FILE_BYTES)
        return bt_fail(BT_ERR_LIMIT, "%s: buffers of more than %zu bytes", d->path, MAX_FILE_BYTES);
    bt_status status = BT_ARRAY_RESERVE(d->bytes, d->byte_capacity, at + count + 4);
    if (status != BT_OK) return status;
    if (count > 0) memcpy(d->bytes + at, bytes, count);
    d->byte_count = at + count;
    return BT_OK;
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    return -1;
}

// Decodes in one go; false for a letter that is none of the alphabet (RFC 4648).
static bool base64_decode(const char *text, uint8_t *out, size_t *count)
{
    uint32_t held = 0;
    int bits = 0;
    *count = 0;
    for (; *text != '\0' && *text != '='; text++) {
        int value = base64_value(*text);
        if (value < 0) return false;
        held = held << 6 | (uint32_t)value;
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out[(*count)++] = (uint8_t)(held >> bits & 0xff);
    }
    return true;
}

static bt_status append_data_uri(bt_gltf_document *d, const char *what, size_t number,
                                 const char *uri)
{
    const char *comma = strchr(uri, ',');
    if (comma == NULL || comma - uri < 12 || strncmp(comma - 7, ";base64", 7) != 0)
        return bt_fail(BT_ERR_INPUT, "%s: %s[%zu]: a data URI that is not base64", d->path, what,
                       number);
    size_t count;
    uint8_t *bytes = bt_alloc(strlen(comma) * 3 / 4 + 4, 1);
    if (bytes == NULL) return bt_fail(BT_ERR_MEMORY, "%s: no memory for a buffer", d->path);
    bt_status status =
        base64_decode(comma + 1, bytes, &count)
            ? append(d, bytes, count)
            : bt_fail(BT_ERR_INPUT, "%s: %s[%zu]: broken base64", d->path, what, number);
    bt_free(bytes);
    return status;
}

// Only files beside or below the scene: a scene from elsewhere may not look around.
static bool is_inside(const char *uri)
{
    if (uri[0] == '\0' || uri[0] == '/' || strchr(uri, '\\') != NULL || strchr(uri, ':') != NULL)
        return false;
    for (const char *part = uri; part != NULL; part = strchr(part, '/')) {
        if (*part == '/') part++;
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0')) return false;
    }
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// A URI's %20 and such undone (RFC 3986), into `out`.
static bool unescape(const char *uri, char *out, size_t size)
{
    size_t used = 0;
    for (; *uri != '\0'; uri++) {
        if (used + 1 >= size) return false;
        int high = *uri == '%' ? hex_value(uri[1]) : -1;
        int low = high >= 0 ? hex_value(uri[2]) : -1;
        char c = low >= 0 ? (char)(high * 16 + low) : *uri;
        if (c == '\0') return false;
        if (low >= 0) uri += 2;
        out[used++] = c;
    }
    out[used] = '\0';
    return true;
}

bt_status bt_gltf_path_of(const bt_gltf_document *d, const char *uri, char *out, size_t size)
{
    char name[1024];
    if (!unescape(uri, name, sizeof name) || !is_inside(name))
        return bt_fail(BT_ERR_INPUT, "%s: '%.80s': expected a file beside the scene or below it",
                       d->path, uri);
    return bt_path_join(out, size, d->folder, name);
}

static bt_status append_file(bt_gltf_document *d, const char *uri)
{
    char path[2048], *bytes;
    size_t count;
    bt_status status = bt_gltf_path_of(d, uri, path, sizeof path);
    if (status == BT_OK) status = bt_file_read(path, MAX_FILE_BYTES, &bytes, &count);
    if (status != BT_OK) return bt_fail_prefix(BT_ERR_INPUT, "%s", d->path);
    status = append(d, bytes, count);
    bt_free(bytes);
    return status;
}

// Appends buffer `number` and gives where it begins; its bytes are at least byteLength.
static bt_status gather_buffer(bt_gltf_document *d, size_t number, span bin, size_t *base)
{
    const json_t *buffer = bt_gltf_item(d->json, "buffers", number);
    const char *uri = json_string_value(json_object_get(buffer, "uri"));
    double length = bt_gltf_number(buffer, "byteLength", -1.0);
    *base = (d->byte_count + 3) & ~(size_t)3;
    bt_status status;
    if (uri == NULL && number == 0 && bin.bytes != NULL)
        status = append(d, bin.bytes, bin.count);
    else if (uri == NULL)
        return bt_fail(BT_ERR_INPUT, "%s: buffers[%zu]: no uri", d->path, number);
    else if (strncmp(uri, "data:", 5) == 0)
        status = append_data_uri(d, "buffers", number, uri);
    else
        status = append_file(d, uri);
    if (status != BT_OK) return status;
    if (!(length >= 1.0 && length <= (double)(d->byte_count - *base)))
        return bt_fail(BT_ERR_INPUT, "%s: buffers[%zu]: byteLength %g, but it has %zu bytes",
                       d->path, number, length, d->byte_count - *base);
    return BT_OK;
}

// Makes views of buffer `number`, whose own length is `length`, views of the one buffer.
static bt_status move_views(bt_gltf_document *d, size_t number, size_t base, double length)
{
    size_t count = bt_gltf_count(d->json, "bufferViews");
    for (size_t i = 0; i < count; i++) {
        json_t *view = bt_gltf_item(d->json, "bufferViews", i);
        if (bt_gltf_number(view, "buffer", -1.0) != (double)number ||
            json_object_get(view, "moved") != NULL)
            continue;
        double offset = bt_gltf_number(view, "byteOffset", 0.0);
        double bytes = bt_gltf_number(view, "byteLength", -1.0);
        if (!(offset >= 0.0 && bytes >= 1.0 && offset + bytes <= length) ||
            offset != (double)(uint64_t)offset || bytes != (double)(uint64_t)bytes)
            return bt_fail(BT_ERR_INPUT, "%s: bufferViews[%zu]: bytes %g to %g of a buffer of %g",
                           d->path, i, offset, offset + bytes, length);
        json_object_set_new(view, "byteOffset",
                            json_integer((json_int_t)base + (json_int_t)offset));
        json_object_set_new(view, "byteLength", json_integer((json_int_t)bytes));
        json_object_set_new(view, "buffer", json_integer(0));
        json_object_set_new(view, "moved", json_true());
    }
    return BT_OK;
}

static bt_status gather_buffers(bt_gltf_document *d, span bin)
{
    size_t count = bt_gltf_count(d->json, "buffers");
    if (count > 1000) return bt_fail(BT_ERR_LIMIT, "%s: %zu buffers; at most 1000", d->path, count);
    for (size_t i = 0; i < count; i++) {
        size_t base;
        bt_status status = gather_buffer(d, i, bin, &base);
        double length = bt_gltf_number(bt_gltf_item(d->json, "buffers", i), "byteLength", 0.0);
        if (status == BT_OK) status = move_views(d, i, base, length);
        if (status != BT_OK) return status;
    }
    size_t views = bt_gltf_count(d->json, "bufferViews");
    for (size_t i = 0; i < views; i++)
        if (json_object_del(bt_gltf_item(d->json, "bufferViews", i), "moved") != 0)
            return bt_fail(BT_ERR_INPUT, "%s: bufferViews[%zu]: it has no buffer among the %zu",
                           d->path, i, count);
    return BT_OK;
}

// Images given as data URIs become views too.
static bt_status gather_images(bt_gltf_document *d)
{
    size_t count = bt_gltf_count(d->json, "images");
    for (size_t i = 0; i < count; i++) {
        json_t *image = bt_gltf_item(d->json, "images", i);
        const char *uri = json_string_value(json_object_get(image, "uri"));
        if (uri == NULL || strncmp(uri, "data:", 5) != 0) continue;
        size_t base = (d->byte_count + 3) & ~(size_t)3;
        bt_status status = append_data_uri(d, "images", i, uri);
        if (status != BT_OK) return status;
        json_t *views = json_object_get(d->json, "bufferViews");
        if (views == NULL) {
            views = json_array();
            json_object_set_new(d->json, "bufferViews", views);
        }
        size_t bytes = d->byte_count - base;
        json_array_append_new(views, json_pack("{s:i, s:I, s:I}", "buffer", 0, "byteOffset",
                                               (json_int_t)base, "byteLength",
                                               (json_int_t)(bytes > 0 ? bytes : 1)));
        json_object_del(image, "uri");
        json_object_set_new(image, "bufferView",
                            json_integer((json_int_t)json_array_size(views) - 1));
        json_object_set_new(image, "mimeType", json_string("image/png"));
    }
    return BT_OK;
}

// ---- the document -------------------------------------------------------------------------------
static bt_status load(bt_gltf_document *d, span file)
{
    span json = {0}, bin = {0};
    bt_status status = BT_OK;
    if (file.count >= 4 && word_at(file.bytes, 0) == GLB_MAGIC)
        status = open_binary(d, file, &json, &bin);
    else
        json = file;
    if (status == BT_OK) status = parse(d, json);
    if (status == BT_OK) status = gather_buffers(d, bin);
    if (status == BT_OK) status = gather_images(d);
    if (status == BT_OK) status = bt_gltf_check(d);
    if (status != BT_OK) return status;
    json_object_set_new(
        d->json, "buffers",
        json_pack("[{s:I}]", "byteLength", (json_int_t)(d->byte_count > 0 ? d->byte_count : 1)));
    return BT_OK;
}

bt_status bt_gltf_document_load(const char *path, bt_gltf_document *document)
{
    *document = (bt_gltf_document){.path = path};
    span file;
    char *bytes = NULL;
    bt_status status = bt_path_dir(document->folder, sizeof document->folder, path);
    if (status == BT_OK) status = bt_file_read(path, MAX_FILE_BYTES, &bytes, &file.count);
    if (status != BT_OK) return status;
    file.bytes = bytes;
    status = load(document, file);
    bt_free(bytes);
    if (status != BT_OK) bt_gltf_document_clear(document);
    return status;
}

void bt_gltf_document_clear(bt_gltf_document *document)
{
    json_decref(document->json);
    bt_free(document->bytes);
    *document = (bt_gltf_document){0};
}

static void put_word(char *out, size_t at, size_t word)
{
    for (size_t k = 0; k < 4; k++)
        out[at + k] = (char)(word >> (8 * k) & 0xff);
}

// The document without what only gltf_material.c reads; materials are their names alone.
static char *text_for_assimp(const bt_gltf_document *document)
{
    json_t *bare = json_copy(document->json), *names = json_array();
    for (size_t i = 0; i < bt_gltf_count(document->json, "materials"); i++)
        json_array_append_new(
            names,
            json_pack("{s:O}", "name",
                      json_object_get(bt_gltf_item(document->json, "materials", i), "name")));
    json_object_set_new(bare, "materials", names);
    json_object_del(bare, "textures");
    json_object_del(bare, "images");
    json_object_del(bare, "samplers");
    char *text = json_dumps(bare, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(bare);
    return text;
}

bt_status bt_gltf_document_pack(const bt_gltf_document *document, char **bytes, size_t *count)
{
    char *text = text_for_assimp(document);
    *bytes = NULL;
    if (text == NULL) return bt_fail(BT_ERR_MEMORY, "%s: no memory for JSON", document->path);
    size_t text_count = strlen(text), text_padded = (text_count + 3) & ~(size_t)3;
    size_t bin = document->byte_count > 0 ? document->byte_count : 1;
    size_t bin_padded = (bin + 3) & ~(size_t)3;
    *count = 12 + 8 + text_padded + 8 + bin_padded;
    char *out = *bytes = bt_alloc(*count, 1);
    if (out != NULL) {
        put_word(out, 0, GLB_MAGIC);
        put_word(out, 4, 2);
        put_word(out, 8, *count);
        put_word(out, 12, text_padded);
        put_word(out, 16, GLB_JSON);
        memset(out + 20, ' ', text_padded);
        memcpy(out + 20, text, text_count);
        put_word(out, 20 + text_padded, bin_padded);
        put_word(out, 24 + text_padded, GLB_BIN);
        if (document->byte_count > 0)
            memcpy(out + 28 + text_padded, document->bytes, document->byte_count);
    }
    free(text);
    return out ? BT_OK : bt_fail(BT_ERR_MEMORY, "%s: no memory for a copy", document->path);
}
