// tiff.c: TIFF through libtiff.
#include "engine/image/tiff.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <tiffio.h>

#include "engine/core/file.h"

#define ROWS_PER_STRIP 64 // chosen

// libtiff has one handler for the whole program and prints by itself otherwise.
static void be_quiet(const char *module, const char *format, va_list args)
{
    (void)module;
    (void)format;
    (void)args;
}

static int write_page(TIFF *tiff, uint32_t width_px, uint32_t height_px, const uint16_t *pixels)
{
    int good = TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width_px) &&
               TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height_px) &&
               TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 16) &&
               TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1) &&
               TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT) &&
               TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK) &&
               TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE) &&
               TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, ROWS_PER_STRIP);
    for (uint32_t y = 0; y < height_px && good; y++) {
        // libtiff does not write to what it is given, but does not say so
        void *row = (void *)(uintptr_t)(pixels + (size_t)y * width_px);
        good = TIFFWriteScanline(tiff, row, y, 0) == 1;
    }
    return good && TIFFFlush(tiff);
}

bt_status bt_tiff_write_u16(const char *path, uint32_t width_px, uint32_t height_px,
                            const uint16_t *pixels)
{
    if (width_px == 0 || height_px == 0 || width_px > BT_TIFF_MAX_SIDE_PX ||
        height_px > BT_TIFF_MAX_SIDE_PX)
        return bt_fail(BT_ERR_INPUT, "an image of %u x %u pixels: expected 1 to %d each", width_px,
                       height_px, BT_TIFF_MAX_SIDE_PX);
    bt_file_pending pending;
    bt_status status = bt_file_begin(path, &pending);
    if (status != BT_OK) return status;
    TIFFSetErrorHandler(be_quiet);
    TIFFSetWarningHandler(be_quiet);
    TIFF *tiff = TIFFOpen(pending.temporary, "wl");
    int good = tiff && write_page(tiff, width_px, height_px, pixels);
    if (tiff) TIFFClose(tiff);
    if (good) return bt_file_commit(&pending);
    bt_file_abort(&pending);
    return bt_fail(BT_ERR_IO, "cannot write '%s': libtiff refused (disk full?)", path);
}
