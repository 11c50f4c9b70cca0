// dng.c: see dng.h. Tags of DNG 1.4 as libtiff 4 knows them.
#include "engine/image/dng.h"

#include <stdbool.h>
#include <string.h>
#include <tiffio.h>

#include "engine/core/memory.h"

// ---- a file in memory -----------------------------------------------------------------------------
typedef struct memory_file {
    char *bytes;
    size_t size, capacity, at;
    bool failed;
} memory_file;

static tmsize_t read_bytes(thandle_t handle, void *to, tmsize_t size)
{
    memory_file *f = handle;
    size_t left = f->at < f->size ? f->size - f->at : 0;
    size_t take = left < (size_t)size ? left : (size_t)size;
    memcpy(to, f->bytes + f->at, take);
    f->at += take;
    return (tmsize_t)take;
}
static tmsize_t write_bytes(thandle_t handle, void *from, tmsize_t size)
{
    memory_file *f = handle;
    size_t end = f->at + (size_t)size;
    if (BT_ARRAY_RESERVE(f->bytes, f->capacity, end) != BT_OK) {
        f->failed = true;
        return 0;
    }
    if (f->at > f->size) memset(f->bytes + f->size, 0, f->at - f->size);
    memcpy(f->bytes + f->at, from, (size_t)size);
    f->at = end;
    f->size = end > f->size ? end : f->size;
    return size;
}
static toff_t seek_to(thandle_t handle, toff_t offset, int whence)
{
    memory_file *f = handle;
    size_t from = whence == SEEK_CUR ? f->at : whence == SEEK_END ? f->size : 0;
    f->at = from + (size_t)offset;
    return f->at;
}
static int close_it(thandle_t handle)
{
    (void)handle;
    return 0;
}
static toff_t size_of(thandle_t handle)
{
    const memory_file *f = handle;
    return f->size;
}

// ---- tags -----------------------------------------------------------------------------------------
static bool set_picture(TIFF *tiff, const bt_dng_desc *d)
{
    static const uint8_t version[4] = {1, 4, 0, 0}, backward[4] = {1, 1, 0, 0};
    uint16_t photometric = d->tile_px ? PHOTOMETRIC_CFA : 34892; // 34892: linear raw
    return TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, 0) &&
           TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, d->width_px) &&
           TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, d->height_px) &&
           TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 16) &&
           TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1) &&
           TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE) &&
           TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, photometric) &&
           TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT) &&
           TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) &&
           TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, d->height_px) &&
           TIFFSetField(tiff, TIFFTAG_DNGVERSION, version) &&
           TIFFSetField(tiff, TIFFTAG_DNGBACKWARDVERSION, backward) &&
           TIFFSetField(tiff, TIFFTAG_UNIQUECAMERAMODEL, d->camera);
}

static bool set_levels(TIFF *tiff, const bt_dng_desc *d)
{
    float black = (float)d->black_dn;
    uint32_t white = (uint32_t)(d->white_dn + 0.5);
    bool done = TIFFSetField(tiff, TIFFTAG_BLACKLEVEL, 1, &black) &&
                TIFFSetField(tiff, TIFFTAG_WHITELEVEL, 1, &white);
    if (done && d->linear_of_code)
        done = TIFFSetField(tiff, TIFFTAG_LINEARIZATIONTABLE, d->code_count, d->linear_of_code);
    return done;
}

static bool set_colors(TIFF *tiff, const bt_dng_desc *d)
{
    uint16_t tile[2] = {(uint16_t)d->tile_px, (uint16_t)d->tile_px};
    float matrix[12], neutral[4];
    if (d->tile_px == 0) return true;
    for (uint32_t i = 0; i < 3 * d->plane_count; i++)
        matrix[i] = (float)d->camera_from_xyz[i];
    for (uint32_t i = 0; i < d->plane_count; i++)
        neutral[i] = (float)d->neutral[i];
    return TIFFSetField(tiff, TIFFTAG_CFAREPEATPATTERNDIM, tile) &&
           TIFFSetField(tiff, TIFFTAG_CFAPATTERN, d->tile_px * d->tile_px, d->tile) &&
           TIFFSetField(tiff, TIFFTAG_CFAPLANECOLOR, d->plane_count, d->planes) &&
           TIFFSetField(tiff, TIFFTAG_CFALAYOUT, 1) &&
           TIFFSetField(tiff, TIFFTAG_COLORMATRIX1, 3 * d->plane_count, matrix) &&
           TIFFSetField(tiff, TIFFTAG_ASSHOTNEUTRAL, d->plane_count, neutral) &&
           TIFFSetField(tiff, TIFFTAG_CALIBRATIONILLUMINANT1, d->illuminant);
}

static bool fill(TIFF *tiff, const bt_dng_desc *d, const uint16_t *counts)
{
    tmsize_t size = (tmsize_t)d->width_px * d->height_px * (tmsize_t)sizeof *counts;
    return set_picture(tiff, d) && set_levels(tiff, d) && set_colors(tiff, d) &&
           TIFFWriteEncodedStrip(tiff, 0, (void *)(uintptr_t)counts, size) == size &&
           TIFFWriteDirectory(tiff);
}

bt_status bt_dng_encode(const bt_dng_desc *desc, const uint16_t *counts, char **bytes,
                        size_t *count)
{
    memory_file f = {0};
    *bytes = NULL;
    *count = 0;
    if (desc->width_px == 0 || desc->height_px == 0 || desc->width_px > 16384 ||
        desc->height_px > 16384 || desc->plane_count < 1 || desc->plane_count > 4 ||
        (desc->tile_px != 0 && desc->tile_px != 2 && desc->tile_px != 4))
        return bt_fail(BT_ERR_INPUT, "DNG: %u x %u, %u planes, a tile of %u", desc->width_px,
                       desc->height_px, desc->plane_count, desc->tile_px);
    // classic TIFF, little-endian on every machine
    TIFF *tiff = TIFFClientOpen("dng", "wl", &f, read_bytes, write_bytes, seek_to, close_it,
                                size_of, NULL, NULL);
    bool done = tiff && fill(tiff, desc, counts);
    if (tiff) TIFFClose(tiff);
    if (!done || f.failed) {
        bt_free(f.bytes);
        return bt_fail(f.failed ? BT_ERR_MEMORY : BT_ERR_INTERNAL, "DNG: libtiff refused it");
    }
    *bytes = f.bytes;
    *count = f.size;
    return BT_OK;
}
