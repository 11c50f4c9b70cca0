// arguments.c: see arguments.h.
#include "engine/app/arguments.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_PX 16

bt_status bt_argument_u64(const char *option, const char *text, uint64_t least, uint64_t most,
                          uint64_t *value)
{
    char *end;
    errno = 0;
    uint64_t number = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || number < least ||
        number > most)
        return bt_fail(BT_ERR_INPUT,
                       "%s %.60s: expected a whole number from %" PRIu64 " to %" PRIu64, option,
                       text, least, most);
    *value = number;
    return BT_OK;
}

bt_status bt_argument_u32(const char *option, const char *text, uint32_t least, uint32_t most,
                          uint32_t *value)
{
    uint64_t wide = *value;
    bt_status status = bt_argument_u64(option, text, least, most, &wide);
    *value = (uint32_t)wide;
    return status;
}

bt_status bt_argument_number(const char *option, const char *text, double least, double most,
                             double *value)
{
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end != '\0' || !(number >= least && number <= most))
        return bt_fail(BT_ERR_INPUT, "%s %.60s: expected a number from %g to %g", option, text,
                       least, most);
    *value = number;
    return BT_OK;
}

bt_status bt_argument_size(const char *option, const char *text, uint32_t most, uint32_t *width_px,
                           uint32_t *height_px)
{
    unsigned width = 0, height = 0;
    char rest;
    if (sscanf(text, "%5ux%5u%c", &width, &height, &rest) != 2 || width < LEAST_PX ||
        height < LEAST_PX || width > most || height > most)
        return bt_fail(BT_ERR_INPUT, "%s %.60s: expected WIDTHxHEIGHT, %d to %" PRIu32 " each",
                       option, text, LEAST_PX, most);
    *width_px = width;
    *height_px = height;
    return BT_OK;
}

bt_status bt_argument_switch(const char *option, const char *text, bool *value)
{
    *value = strcmp(text, "on") == 0;
    if (*value || strcmp(text, "off") == 0) return BT_OK;
    return bt_fail(BT_ERR_INPUT, "%s %s: expected on or off", option, text);
}
