// byte_sink.h: where an encoder's bytes go: memory that grows. For this folder only.
#ifndef BT_IMAGE_BYTE_SINK_H
#define BT_IMAGE_BYTE_SINK_H

#include "engine/core/memory.h"

#include <string.h>

typedef struct byte_sink {
    char *bytes;
    size_t count, capacity;
} byte_sink;

// Puts bytes at an offset, growing; a gap before them is zero.
BT_CHECKED static inline bt_status byte_sink_put(byte_sink *sink, size_t offset, const void *bytes,
                                                 size_t count)
{
    if (count > SIZE_MAX / 4 || offset > SIZE_MAX / 4) {
        return bt_fail(BT_ERR_LIMIT, "an image file of more than %zu bytes", SIZE_MAX / 4);
    }
    bt_status status = BT_ARRAY_RESERVE(sink->bytes, sink->capacity, offset + count);
    if (status != BT_OK) return status;
    memcpy(sink->bytes + offset, bytes, count);
    if (offset + count > sink->count) sink->count = offset + count;
    return BT_OK;
}

#endif
