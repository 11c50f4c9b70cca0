// gltf_document.h: a glTF file's JSON and bytes, checked and made plain, before Assimp sees them.
//
// Assimp trusts indices, offsets and counts of a file. So the reader first checks every reference
// (gltf_check.c) and repacks the file: all buffers in one, no animations, skins, cameras or
// unknown extensions, materials renamed by their number. Assimp then reads that from memory and
// never opens a file itself.
#ifndef BT_SCENE_GLTF_DOCUMENT_H
#define BT_SCENE_GLTF_DOCUMENT_H

#include "engine/core/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct bt_gltf_document {
    const char *path; // of the file, for messages; kept by pointer
    char folder[1024];
    json_t *json;
    uint8_t *bytes; // all buffers, one after another
    size_t byte_count, byte_capacity;
    uint32_t warnings;
} bt_gltf_document;

// Reads, checks and repacks. On failure the document is empty.
BT_CHECKED bt_status bt_gltf_document_load(const char *path, bt_gltf_document *document);
void bt_gltf_document_clear(bt_gltf_document *document);
// The whole as one binary glTF file in memory, freed with bt_free.
BT_CHECKED bt_status bt_gltf_document_pack(const bt_gltf_document *document, char **bytes,
                                           size_t *count);
// A log line at warning level with the file's name; counted.
void bt_gltf_warn(bt_gltf_document *document, const char *format, ...) BT_PRINTF(2, 3);

// ---- reading JSON -------------------------------------------------------------------------------
// Number of objects in the array under `key`; 0 when there is none.
size_t bt_gltf_count(const json_t *parent, const char *key);
// The item-th object of that array; NULL beyond its end.
json_t *bt_gltf_item(const json_t *parent, const char *key, size_t item);
// A number, or `fallback` where there is none.
double bt_gltf_number(const json_t *object, const char *key, double fallback);
// The object under extensions.NAME, or NULL.
json_t *bt_gltf_extension(const json_t *object, const char *name);

// The file that a URI of the document names: beside the document or below it, else a failure.
BT_CHECKED bt_status bt_gltf_path_of(const bt_gltf_document *document, const char *uri, char *out,
                                     size_t size);

// For gltf_check.c: everything that is referred to exists, and fits.
BT_CHECKED bt_status bt_gltf_check(bt_gltf_document *document);

#endif
