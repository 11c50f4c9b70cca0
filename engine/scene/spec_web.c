// spec_web.c: photometric webs as shading reads them: shaders/shared/web.h.
#include "engine/scene/photometry.h"
#include "engine/scene/spec_internal.h"

#include <string.h>

#define MAX_VALUES (1u << 24) // a float counts no further

static void put_axis(float *to, bt_vec3 axis)
{
    to[0] = (float)axis.x;
    to[1] = (float)axis.y;
    to[2] = (float)axis.z;
}

static void put_numbers(bt_spec *spec, const double *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        spec->web_values[spec->web_values_count++] = (float)from[i];
}

// Angles that doubles tell apart must stay apart as floats.
static bt_status check_apart(const double *angle, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (!((float)angle[i] > (float)angle[i - 1]))
            return bt_fail(BT_ERR_INPUT, "angles of a photometric web are %g degrees apart",
                           (angle[i] - angle[i - 1]) / BT_RAD_PER_DEG);
    return BT_OK;
}

bt_status bt_spec_add_web(bt_spec *spec, const bt_photometric_web *desc, uint32_t *web)
{
    *web = 0;
    bt_status status = bt_photometry_check(desc);
    if (status == BT_OK) status = check_apart(desc->plane_rad, desc->planes);
    if (status == BT_OK) status = check_apart(desc->polar_rad, desc->polars);
    if (status != BT_OK) return status;
    size_t cells = (size_t)desc->planes * desc->polars;
    size_t values = cells + desc->planes + desc->polars;
    if (spec->web_values_count + values + (size_t)(spec->web_heads_count + 1u) * BT_WEB_HEAD >
        MAX_VALUES)
        return bt_fail(BT_ERR_LIMIT, "photometric webs of more than %u numbers", MAX_VALUES);
    status = BT_SPEC_GROW(spec, web_heads, 1, BT_WEB_HEAD);
    if (status == BT_OK) status = BT_SPEC_GROW(spec, web_values, values, 1);
    if (status != BT_OK) return status;

    float *head = spec->web_heads + (size_t)spec->web_heads_count * BT_WEB_HEAD;
    memset(head, 0, BT_WEB_HEAD * sizeof *head);
    put_axis(head, desc->axes.pole);
    put_axis(head + 3, desc->axes.zero);
    put_axis(head + 6, desc->axes.ninety);
    head[9] = (float)desc->planes;
    head[10] = (float)desc->polars;
    head[11] = (float)spec->web_values_count;
    put_numbers(spec, desc->plane_rad, desc->planes);
    put_numbers(spec, desc->polar_rad, desc->polars);
    put_numbers(spec, desc->intensity_cd, cells);
    *web = ++spec->web_heads_count;
    return BT_OK;
}

bt_status bt_spec_copy_webs(const bt_spec *spec, bt_world *world)
{
    size_t heads = (size_t)spec->web_heads_count * BT_WEB_HEAD;
    world->webs = bt_alloc(heads + spec->web_values_count, sizeof *world->webs);
    if (world->webs == NULL) return bt_fail(BT_ERR_MEMORY, "no memory for photometric webs");
    if (heads > 0) {
        memcpy(world->webs, spec->web_heads, heads * sizeof *world->webs);
        memcpy(world->webs + heads, spec->web_values, spec->web_values_count * sizeof *world->webs);
    }
    for (uint32_t i = 0; i < spec->web_heads_count; i++)
        world->webs[i * BT_WEB_HEAD + 11] += (float)heads;
    world->web_count = spec->web_heads_count;
    world->web_floats = (uint32_t)(heads + spec->web_values_count);
    return BT_OK;
}
