// exr.c: OpenEXR through OpenEXRCore's context and chunk pipelines, from and into memory.
//
// The library may be given hostile files: before any pixel is decoded, the header must describe the
// plain kind of file that we write, of bounded size.
#include "engine/image/exr.h"

#include <openexr.h>
#include <stdbool.h>
#include <string.h>

#include "engine/core/file.h"
#include "engine/core/memory.h"
#include "engine/image/byte_sink.h"

#define ZIP_LEVEL 4 // as OpenEXR's own default since 3.1.3, where smaller is hardly slower
#define MAX_FILE_BYTES ((size_t)1 << 31)
#define MAX_NAME 31

typedef struct stream {
    byte_sink sink;    // writing
    const char *bytes; // reading
    uint64_t count;
} stream;

// The library's own words become this thread's message; the caller prefixes the path.
static void on_error(exr_const_context_t context, exr_result_t code, const char *message)
{
    (void)context;
    (void)code;
    bt_fail(BT_ERR_INPUT, "%s", message);
}

static bt_status status_of(exr_result_t result)
{
    if (result == EXR_ERR_SUCCESS) return BT_OK;
    if (result == EXR_ERR_OUT_OF_MEMORY) return BT_ERR_MEMORY;
    return BT_ERR_INPUT;
}

static void *on_alloc(size_t bytes)
{
    return bt_alloc(bytes, 1);
}

static int64_t on_read(exr_const_context_t context, void *user, void *buffer, uint64_t count,
                       uint64_t offset, exr_stream_error_func_ptr_t error)
{
    (void)context;
    (void)error;
    const stream *s = user;
    if (offset >= s->count) return 0;
    if (count > s->count - offset) count = s->count - offset;
    memcpy(buffer, s->bytes + offset, count);
    return (int64_t)count;
}

static int64_t on_size(exr_const_context_t context, void *user)
{
    (void)context;
    return (int64_t)((const stream *)user)->count;
}

static int64_t on_write(exr_const_context_t context, void *user, const void *buffer, uint64_t count,
                        uint64_t offset, exr_stream_error_func_ptr_t error)
{
    stream *s = user;
    if (byte_sink_put(&s->sink, offset, buffer, count) == BT_OK) return (int64_t)count;
    error(context, EXR_ERR_OUT_OF_MEMORY, "%s", bt_error_message());
    return -1;
}

static exr_context_initializer_t initializer(stream *s)
{
    exr_context_initializer_t init = EXR_DEFAULT_CONTEXT_INITIALIZER;
    init.error_handler_fn = on_error;
    init.alloc_fn = on_alloc;
    init.free_fn = bt_free;
    init.user_data = s;
    init.read_fn = on_read;
    init.size_fn = on_size;
    init.write_fn = on_write;
    init.max_image_width = BT_EXR_MAX_SIDE_PX;
    init.max_image_height = BT_EXR_MAX_SIDE_PX;
    init.zip_level = ZIP_LEVEL;
    init.flags = EXR_CONTEXT_FLAG_STRICT_HEADER | EXR_CONTEXT_FLAG_DISABLE_CHUNK_RECONSTRUCTION;
    return init;
}

static bt_status check_channels(uint32_t width_px, uint32_t height_px, uint32_t channel_count)
{
    if (width_px == 0 || height_px == 0 || width_px > BT_EXR_MAX_SIDE_PX ||
        height_px > BT_EXR_MAX_SIDE_PX) {
        return bt_fail(BT_ERR_INPUT, "an image of %u x %u pixels: expected 1 to %d each", width_px,
                       height_px, BT_EXR_MAX_SIDE_PX);
    }
    if (channel_count == 0 || channel_count > BT_EXR_MAX_CHANNELS) {
        return bt_fail(BT_ERR_INPUT, "%u channels: expected 1 to %d", channel_count,
                       BT_EXR_MAX_CHANNELS);
    }
    return BT_OK;
}

// ---- writing ----------------------------------------------------------------------------------
typedef struct picture {
    uint32_t width_px, height_px, channel_count;
    const bt_exr_channel *channels;
    exr_result_t (*compress)(exr_encode_pipeline_t *); // the library's own
} picture;

static exr_result_t write_header(exr_context_t context, const picture *p)
{
    int part;
    exr_result_t result = exr_add_part(context, NULL, EXR_STORAGE_SCANLINE, &part);
    if (result != EXR_ERR_SUCCESS) return result;
    result = exr_initialize_required_attr_simple(context, part, (int32_t)p->width_px,
                                                 (int32_t)p->height_px, EXR_COMPRESSION_ZIP);
    for (uint32_t i = 0; i < p->channel_count && result == EXR_ERR_SUCCESS; i++) {
        result = exr_add_channel(context, part, p->channels[i].name, EXR_PIXEL_FLOAT,
                                 EXR_PERCEPTUALLY_LINEAR, 1, 1);
    }
    return result == EXR_ERR_SUCCESS ? exr_write_header(context) : result;
}

// The library sorts channels by name.
static const float *plane_named(const picture *p, const char *name)
{
    for (uint32_t i = 0; i < p->channel_count; i++) {
        if (strcmp(p->channels[i].name, name) == 0) return p->channels[i].pixels;
    }
    return NULL;
}

static exr_result_t point_encoder(exr_encode_pipeline_t *pipeline, const picture *p, uint32_t y)
{
    for (int16_t c = 0; c < pipeline->channel_count; c++) {
        exr_coding_channel_info_t *channel = &pipeline->channels[c];
        const float *plane = plane_named(p, channel->channel_name);
        if (plane == NULL) return EXR_ERR_INVALID_ARGUMENT;
        channel->user_pixel_stride = 4;
        channel->user_line_stride = (int32_t)(4 * p->width_px);
        channel->encode_from_ptr = (const uint8_t *)(plane + (size_t)y * p->width_px);
    }
    return EXR_ERR_SUCCESS;
}

// OpenEXRCore 3.1.5 keeps a compressed block that is exactly as long as the plain one, but reads a
// block of that length as plain. So such a block is made plain.
static exr_result_t compress_or_leave(exr_encode_pipeline_t *pipeline)
{
    picture *p = pipeline->encoding_user_data;
    exr_result_t result = p->compress(pipeline);
    if (result == EXR_ERR_SUCCESS && pipeline->compressed_bytes == pipeline->packed_bytes) {
        memcpy(pipeline->compressed_buffer, pipeline->packed_buffer, pipeline->packed_bytes);
    }
    return result;
}

static exr_result_t choose_encoder(exr_context_t context, picture *p,
                                   exr_encode_pipeline_t *pipeline)
{
    exr_result_t result = exr_encoding_choose_default_routines(context, 0, pipeline);
    if (result != EXR_ERR_SUCCESS || pipeline->compress_fn == NULL) return result;
    p->compress = pipeline->compress_fn;
    pipeline->compress_fn = compress_or_leave;
    pipeline->encoding_user_data = p;
    return EXR_ERR_SUCCESS;
}

static exr_result_t write_chunk(exr_context_t context, picture *p, uint32_t y,
                                exr_encode_pipeline_t *pipeline)
{
    exr_chunk_info_t chunk;
    exr_result_t result = exr_write_scanline_chunk_info(context, 0, (int)y, &chunk);
    if (result != EXR_ERR_SUCCESS) return result;
    result = y == 0 ? exr_encoding_initialize(context, 0, &chunk, pipeline)
                    : exr_encoding_update(context, 0, &chunk, pipeline);
    if (result == EXR_ERR_SUCCESS) result = point_encoder(pipeline, p, y);
    if (result == EXR_ERR_SUCCESS && y == 0) {
        result = choose_encoder(context, p, pipeline);
    }
    return result == EXR_ERR_SUCCESS ? exr_encoding_run(context, 0, pipeline) : result;
}

static exr_result_t write_picture(exr_context_t context, picture *p)
{
    exr_result_t result = write_header(context, p);
    int32_t lines = 0;
    if (result == EXR_ERR_SUCCESS) result = exr_get_scanlines_per_chunk(context, 0, &lines);
    if (result != EXR_ERR_SUCCESS || lines < 1) return result;
    exr_encode_pipeline_t pipeline = EXR_ENCODE_PIPELINE_INITIALIZER;
    for (uint32_t y = 0; y < p->height_px && result == EXR_ERR_SUCCESS; y += (uint32_t)lines) {
        result = write_chunk(context, p, y, &pipeline);
    }
    exr_encoding_destroy(context, &pipeline);
    return result;
}

bt_status bt_exr_encode(uint32_t width_px, uint32_t height_px, const bt_exr_channel *channels,
                        uint32_t channel_count, char **bytes, size_t *count)
{
    *bytes = NULL;
    *count = 0;
    bt_status status = check_channels(width_px, height_px, channel_count);
    if (status != BT_OK) return status;
    for (uint32_t i = 0; i < channel_count; i++) {
        if (channels[i].name[0] == '\0' || strlen(channels[i].name) > MAX_NAME) {
            return bt_fail(BT_ERR_INPUT, "channel name '%s': expected 1 to %d letters",
                           channels[i].name, MAX_NAME);
        }
    }

    stream s = {0};
    exr_context_initializer_t init = initializer(&s);
    exr_context_t context = NULL;
    picture p = {width_px, height_px, channel_count, channels, NULL};
    bt_fail(BT_OK, "OpenEXR cannot write"); // in case it gives no words of its own
    exr_result_t result = exr_start_write(&context, "memory", EXR_WRITE_FILE_DIRECTLY, &init);
    if (result == EXR_ERR_SUCCESS) result = write_picture(context, &p);
    // finishing writes the table of chunks
    exr_result_t finished = context != NULL ? exr_finish(&context) : EXR_ERR_SUCCESS;
    if (result == EXR_ERR_SUCCESS) result = finished;
    if (result != EXR_ERR_SUCCESS) {
        bt_free(s.sink.bytes);
        return status_of(result);
    }
    *bytes = s.sink.bytes;
    *count = s.sink.count;
    return BT_OK;
}

bt_status bt_exr_write(const char *path, uint32_t width_px, uint32_t height_px,
                       const bt_exr_channel *channels, uint32_t channel_count)
{
    char *bytes;
    size_t count;
    bt_status status = bt_exr_encode(width_px, height_px, channels, channel_count, &bytes, &count);
    if (status != BT_OK) return bt_fail_prefix(status, "cannot write '%s'", path);
    status = bt_file_write(path, bytes, count);
    bt_free(bytes);
    return status;
}

// ---- reading ----------------------------------------------------------------------------------
static bool plain_channels(const exr_attr_chlist_t *list)
{
    for (int i = 0; i < list->num_channels; i++) {
        const exr_attr_chlist_entry_t *entry = &list->entries[i];
        if (entry->pixel_type != EXR_PIXEL_FLOAT || entry->x_sampling != 1 ||
            entry->y_sampling != 1) {
            return false;
        }
    }
    return list->num_channels >= 1 && list->num_channels <= BT_EXR_MAX_CHANNELS;
}

static bool has_channel(const exr_attr_chlist_t *list, const char *name)
{
    for (int i = 0; i < list->num_channels; i++) {
        if (strcmp(list->entries[i].name.str, name) == 0) return true;
    }
    return false;
}

static bt_status check_header(exr_const_context_t context, bt_exr_image *image)
{
    int parts = 0;
    exr_storage_t storage = EXR_STORAGE_LAST_TYPE;
    exr_compression_t compression = EXR_COMPRESSION_LAST_TYPE;
    exr_attr_box2i_t window;
    if (exr_get_count(context, &parts) != EXR_ERR_SUCCESS || parts != 1 ||
        exr_get_storage(context, 0, &storage) != EXR_ERR_SUCCESS ||
        storage != EXR_STORAGE_SCANLINE ||
        exr_get_compression(context, 0, &compression) != EXR_ERR_SUCCESS ||
        compression != EXR_COMPRESSION_ZIP) {
        return bt_fail(BT_ERR_INPUT, "expected one part of scan lines with ZIP compression");
    }
    if (exr_get_data_window(context, 0, &window) != EXR_ERR_SUCCESS || window.min.x != 0 ||
        window.min.y != 0 || window.max.x < 0 || window.max.y < 0) {
        return bt_fail(BT_ERR_INPUT, "expected a data window that begins at (0, 0)");
    }
    image->width_px = (uint32_t)window.max.x + 1;
    image->height_px = (uint32_t)window.max.y + 1;
    return check_channels(image->width_px, image->height_px, image->channel_count);
}

static bt_status check_named_channels(exr_const_context_t context, const char *const *names,
                                      uint32_t count)
{
    const exr_attr_chlist_t *list = NULL;
    if (exr_get_channels(context, 0, &list) != EXR_ERR_SUCCESS || !plain_channels(list)) {
        return bt_fail(BT_ERR_INPUT, "expected 1 to %d channels of 32-bit floats",
                       BT_EXR_MAX_CHANNELS);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!has_channel(list, names[i])) {
            return bt_fail(BT_ERR_INPUT, "it has no channel '%s'", names[i]);
        }
    }
    return BT_OK;
}

static void point_decoder(exr_decode_pipeline_t *pipeline, bt_exr_image *image,
                          const char *const *names, uint32_t y)
{
    size_t plane = (size_t)image->width_px * image->height_px;
    for (int16_t c = 0; c < pipeline->channel_count; c++) {
        exr_coding_channel_info_t *channel = &pipeline->channels[c];
        channel->decode_to_ptr = NULL; // skipped
        for (uint32_t i = 0; i < image->channel_count; i++) {
            if (strcmp(names[i], channel->channel_name) != 0) continue;
            float *row = image->pixels + i * plane + (size_t)y * image->width_px;
            channel->user_bytes_per_element = 4;
            channel->user_data_type = EXR_PIXEL_FLOAT;
            channel->user_pixel_stride = 4;
            channel->user_line_stride = (int32_t)(4 * image->width_px);
            channel->decode_to_ptr = (uint8_t *)row;
        }
    }
}

static exr_result_t read_chunk(exr_const_context_t context, bt_exr_image *image,
                               const char *const *names, uint32_t y,
                               exr_decode_pipeline_t *pipeline)
{
    exr_chunk_info_t chunk;
    exr_result_t result = exr_read_scanline_chunk_info(context, 0, (int)y, &chunk);
    if (result != EXR_ERR_SUCCESS) return result;
    // the destination has room from line y on only
    if (chunk.start_y != (int32_t)y || chunk.width != (int32_t)image->width_px ||
        chunk.height < 1 || (uint32_t)chunk.height > image->height_px - y) {
        return EXR_ERR_BAD_CHUNK_LEADER;
    }
    result = y == 0 ? exr_decoding_initialize(context, 0, &chunk, pipeline)
                    : exr_decoding_update(context, 0, &chunk, pipeline);
    if (result != EXR_ERR_SUCCESS) return result;
    point_decoder(pipeline, image, names, y);
    if (y == 0) result = exr_decoding_choose_default_routines(context, 0, pipeline);
    return result == EXR_ERR_SUCCESS ? exr_decoding_run(context, 0, pipeline) : result;
}

static exr_result_t read_pixels(exr_const_context_t context, bt_exr_image *image,
                                const char *const *names)
{
    int32_t lines = 0;
    exr_result_t result = exr_get_scanlines_per_chunk(context, 0, &lines);
    if (result != EXR_ERR_SUCCESS || lines < 1) return EXR_ERR_BAD_CHUNK_LEADER;
    exr_decode_pipeline_t pipeline = EXR_DECODE_PIPELINE_INITIALIZER;
    for (uint32_t y = 0; y < image->height_px && result == EXR_ERR_SUCCESS; y += (uint32_t)lines) {
        result = read_chunk(context, image, names, y, &pipeline);
    }
    exr_decoding_destroy(context, &pipeline);
    return result;
}

static bt_status decode(stream *s, const char *const *names, bt_exr_image *image)
{
    exr_context_initializer_t init = initializer(s);
    exr_context_t context = NULL;
    bt_fail(BT_OK, "OpenEXR cannot read it"); // in case it gives no words of its own
    bt_status status = status_of(exr_start_read(&context, "memory", &init));
    if (status != BT_OK) goto done;
    status = check_header(context, image);
    if (status == BT_OK) status = check_named_channels(context, names, image->channel_count);
    if (status != BT_OK) goto done;

    size_t plane = (size_t)image->width_px * image->height_px;
    image->pixels = bt_alloc(plane * image->channel_count, sizeof(float));
    if (image->pixels == NULL) {
        status = bt_fail(BT_ERR_MEMORY, "no memory for %u x %u pixels", image->width_px,
                         image->height_px);
        goto done;
    }
    status = status_of(read_pixels(context, image, names));
done:
    if (context != NULL) exr_finish(&context);
    return status;
}

bt_status bt_exr_read(const char *path, const char *const *names, uint32_t channel_count,
                      bt_exr_image *image)
{
    *image = (bt_exr_image){.channel_count = channel_count};
    char *bytes;
    size_t count;
    bt_status status = bt_file_read(path, MAX_FILE_BYTES, &bytes, &count);
    if (status == BT_OK) {
        stream s = {.bytes = bytes, .count = count};
        status = decode(&s, names, image);
        bt_free(bytes);
        if (status != BT_OK) bt_fail_prefix(status, "cannot read '%s'", path);
    }
    if (status != BT_OK) bt_exr_image_clear(image);
    return status;
}

void bt_exr_image_clear(bt_exr_image *image)
{
    bt_free(image->pixels);
    *image = (bt_exr_image){0};
}
