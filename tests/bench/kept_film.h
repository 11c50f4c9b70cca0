// kept_film.h: a reference film that takes long is kept in a file from run to run: its rates, as
// they lie in memory.
#ifndef BT_TESTS_KEPT_FILM_H
#define BT_TESTS_KEPT_FILM_H

#include "engine/core/file.h"
#include "engine/render/render.h"

#include <stdbool.h>
#include <stdio.h>

static inline size_t kept_film_count(const bt_film *film)
{
    return (size_t)film->width_px * film->height_px * film->band_count;
}

// False where there is no such file, or one of another size.
static inline bool kept_film_load(const char *path, bt_film *film)
{
    FILE *file = fopen(path, "rb");
    size_t count = kept_film_count(film);
    bool good = file && fread(film->rate_e_s, sizeof(float), count, file) == count;
    if (file) fclose(file);
    return good;
}

static inline bt_status kept_film_save(const char *path, const bt_film *film)
{
    return bt_file_write(path, film->rate_e_s, kept_film_count(film) * sizeof(float));
}

#endif
