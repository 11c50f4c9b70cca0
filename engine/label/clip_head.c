// clip_head.c: what a reader of a clip needs to know before its frames.
#include "engine/label/clip_head.h"

#include "engine/core/hash.h"
#include "engine/core/memory.h"

#include <string.h>

const char *clip_label_name(uint32_t bit)
{
    static const char *const names[CLIP_LABEL_COUNT] = {"depth",    "normal",   "flow",
                                                        "instance", "semantic", "boxes"};
    return bit < CLIP_LABEL_COUNT ? names[bit] : NULL;
}

static bt_status parse_one(const char *word, size_t length, uint32_t *labels)
{
    for (uint32_t bit = 0; bit < CLIP_LABEL_COUNT; bit++) {
        const char *name = clip_label_name(bit);
        if (strlen(name) == length && strncmp(name, word, length) == 0) {
            *labels |= 1u << bit;
            return BT_OK;
        }
    }
    return bt_fail(BT_ERR_INPUT,
                   "label '%.*s': expected all, none, or names with commas between out of depth, "
                   "normal, flow, instance, semantic, boxes",
                   (int)length, word);
}

bt_status bt_label_parse(const char *list, uint32_t *labels)
{
    *labels = 0;
    if (strcmp(list, "none") == 0) return BT_OK;
    if (strcmp(list, "all") == 0) {
        *labels = BT_LABEL_ALL;
        return BT_OK;
    }
    for (const char *word = list;;) {
        size_t length = strcspn(word, ",");
        bt_status status = parse_one(word, length, labels);
        if (status != BT_OK || word[length] == '\0') return status;
        word += length + 1;
    }
}

// ---- conventions ------------------------------------------------------------------------------
// What each number means, for whoever reads the files without this program.
static const char *const conventions[][2] = {
    {"units", "SI; angles in radians; time in whole nanoseconds since the scenario began"},
    {"world", "right-handed, x east, y north, z up, metres"},
    {"vehicle", "ISO 8855: x forward, y left, z up; origin on the ground below the rear axle's "
                "centre"},
    {"camera", "x right, y down, z forward (OpenCV); the centre of the first pixel is (0, 0)"},
    {"pose", "a_from_b maps coordinates in b to coordinates in a; quaternions are (w, x, y, z)"},
    {"lens",
     "brown_conrady: OpenCV's rational model, k in its order k1 k2 p1 p2 k3 k4 k5 k6; "
     "s its thin prism s1 s2 s3 s4; kannala_brandt: cv::fisheye, k1 k2 k3 k4; f_theta: radius "
     "fx (k1 t + k2 t^2 + ... + k5 t^5) with k1 = 1, affine c d e: u = c x + d y + cx, "
     "v = e x + y + cy; used up to theta_max_rad from the axis"},
    {"glass",
     "a pane before the lens: pos_glass = turn pos_cam + offset; faces z = h + sx x + sy y - "
     "(bx x^2 + by y^2) / 2 as [h, sx, sy, bx, by] in metres; rays bend by index at both"},
    {"label_time",
     "the middle of the centre row's exposure; cuboids and poses are of that instant"},
    {"row_time", "row r is exposed around label_time + (r - (height - 1) / 2) * row_time for "
                 "exposure_ns; each pixel's labels are of the middle of its own exposure"},
    {"shutter", "world_from_cam: poses [x, y, z, w, x, y, z] evenly spaced from open_ns to "
                "close_ns, positions linear and rotations slerped between them"},
    {"label_ray", "one ray through the pixel's centre; through the own car's thin glass, stopped "
                  "by all else"},
    {"raw", "16-bit PNG, counts in the sheet's mosaic: of the ADC, or fused from several reads and "
            "companded (the sheet's companding has the knees)"},
    {"read_NAME", "16-bit PNG, counts of the ADC of one of the reads that raw is fused from"},
    {"image", "8-bit PNG, sRGB, developed from raw"},
    {"depth",
     "EXR, Z: along the camera's z, D: along the ray from the pupil, or from the outer face "
     "of the glass where there is one, metres; sky +inf"},
    {"normal", "EXR, X Y Z: geometric, unit, towards the camera, camera axes; sky 0"},
    {"flow", "EXR, X Y: pixels to where the same surface point is in the next frame, at the time "
             "of the row it lands in; NaN where that is outside the lens's field; sky at infinity"},
    {"instance", "16-bit PNG, object id; 0: no identity"},
    {"semantic", "8-bit PNG, class id"},
    {"samples", "EXR, N: light samples spent on the pixel, E: variance they leave over that of the "
                "sensor's own noise (shot, read, dark, rounding) in the band it reads there, "
                "estimated before any denoiser, rather too large; 0 where the pixel is full"},
    {"no_field", "pixels outside the lens's field: depth, normal, flow NaN, instance 0, class 0"},
    {"box", "[x0, y0, x1, y1], edges in pixels, the first pixel spanning -0.5 to 0.5; visible: "
            "around the object's pixels; amodal: around all its vertices, hidden, outside the "
            "image or not, within the lens's field"},
    {"visible_px", "pixels of the object in the instance image"},
    {"amodal_px", "pixels inside the image that it would have if it were alone"},
    {"occluded", "1 - visible_px / amodal_px"},
    {"truncated", "share of its lone pixels outside the image, the pixel grid continued to the "
                  "edge of the lens's field"},
    {"keypoint", "per camera [x, y, flag]: 0 outside the lens's field, 1 hidden or outside the "
                 "image, 2 seen"},
    {"cuboid", "centre, rotation and size (length x, width y, height z); mirrors excluded"},
};

static json_t *conventions_json(json_maker *m)
{
    json_t *o = json_object();
    for (size_t i = 0; i < sizeof conventions / sizeof conventions[0]; i++) {
        out_put(m, o, conventions[i][0], json_string(conventions[i][1]));
    }
    return o;
}

// ---- rig --------------------------------------------------------------------------------------
static json_t *lens_json(json_maker *m, const bt_lens *lens)
{
    json_t *o = json_object();
    static const char *const models[] = {"brown_conrady", "kannala_brandt", "f_theta",
                                         "f_theta_inverse"};
    static const int counts[] = {8, 4, 5, 6};
    out_put(m, o, "model", json_string(models[lens->kind]));
    out_put(m, o, "fx_px", out_real((double)lens->fx));
    out_put(m, o, "fy_px", out_real((double)lens->fy));
    out_put(m, o, "cx_px", out_real((double)lens->cx));
    out_put(m, o, "cy_px", out_real((double)lens->cy));
    out_put(m, o, "k", out_floats(m, lens->k, (size_t)counts[lens->kind]));
    bool pinhole = lens->kind == BT_LENS_PINHOLE;
    if (pinhole) out_put(m, o, "s", out_floats(m, lens->s, 4));
    if (pinhole) out_put(m, o, "tilt_rad", out_floats(m, lens->tilt, 2));
    if (!pinhole && lens->kind != BT_LENS_FISHEYE)
        out_put(m, o, "affine", out_floats(m, lens->s, 3));
    out_put(m, o, "theta_max_rad", out_real((double)lens->theta_max_rad));
    return o;
}

static json_t *face_json(json_maker *m, const bt_shield_face *face)
{
    const float v[5] = {face->height, face->slope_x, face->slope_y, face->bend_x, face->bend_y};
    return out_floats(m, v, 5);
}

static json_t *glass_json(json_maker *m, const bt_shield *glass)
{
    json_t *o = json_object();
    const float half[2] = {glass->half_x, glass->half_y};
    out_put(m, o, "turn", out_floats(m, glass->turn, 9));
    out_put(m, o, "offset_m", out_floats(m, glass->offset, 3));
    out_put(m, o, "half_m", out_floats(m, half, 2));
    out_put(m, o, "index", out_real((double)glass->index));
    out_put(m, o, "inner", face_json(m, &glass->inner));
    out_put(m, o, "outer", face_json(m, &glass->outer));
    return o;
}

static bt_status camera_json(json_maker *m, const bt_clip_camera *camera, json_t *cameras)
{
    const bt_view *view = camera->view;
    json_t *sheet;
    bt_status status = out_parse(camera->sheet_json, camera->name, &sheet);
    if (status != BT_OK) return bt_fail_prefix(status, "sensor sheet");
    json_t *o = json_object();
    out_put(m, o, "name", json_string(camera->name));
    out_put(m, o, "width_px", json_integer(view->width_px));
    out_put(m, o, "height_px", json_integer(view->height_px));
    out_put(m, o, "lens", lens_json(m, &view->lens));
    if (view->shield.on != 0) out_put(m, o, "glass", glass_json(m, &view->shield));
    out_put(m, o, "vehicle_from_cam", out_pose(m, view->vehicle_from_cam));
    out_put(m, o, "row_time_ns", out_real(view->row_time_ns));
    out_put(m, o, "exposure_ns", out_real(view->exposure_ns));
    out_put(m, o, "raw_bits", json_integer(camera->raw_bits > 0 ? camera->raw_bits : 12));
    out_put(m, o, "sensor", sheet);
    out_add(m, cameras, o);
    return BT_OK;
}

// ---- classes and objects ----------------------------------------------------------------------
static json_t *classes_json(json_maker *m)
{
    json_t *classes = json_array();
    for (uint32_t id = 0; id < BT_CLASS_COUNT; id++) {
        const bt_class_info *info = bt_class_get((bt_class)id);
        json_t *o = json_object(), *color = json_array();
        for (int i = 0; i < 3; i++)
            out_add(m, color, json_integer(info->color[i]));
        out_put(m, o, "id", json_integer(id));
        out_put(m, o, "name", json_string(info->name));
        out_put(m, o, "cityscapes", json_string(info->cityscapes));
        out_put(m, o, "nuscenes", json_string(info->nuscenes));
        out_put(m, o, "color", color);
        out_add(m, classes, o);
    }
    return classes;
}

_Static_assert(BT_CLASS_COUNT <= 64, "a set of classes fits 64 bits");

// For each object the set of classes that its surfaces may have.
static void collect_classes(const bt_world *world, uint64_t *sets)
{
    for (uint32_t i = 0; i < world->instance_count; i++) {
        const bt_world_instance *instance = &world->instances[i];
        const bt_world_mesh *mesh = &world->meshes[instance->mesh];
        for (uint32_t s = 0; s < mesh->slot_count; s++) {
            uint32_t class_id = world->slots[mesh->first_slot + s].class_id;
            sets[instance->object_id] |= UINT64_C(1) << class_id;
        }
    }
}

static json_t *object_json(json_maker *m, const bt_world *world, uint32_t id, uint64_t set,
                           bool moves)
{
    const bt_world_object *object = &world->objects[id];
    json_t *o = json_object(), *classes = json_array();
    out_put(m, o, "id", json_integer(id));
    out_put(m, o, "name", json_string(id == 0 ? "" : bt_world_name(world, object->name)));
    out_put(m, o, "class", json_integer(object->class_id));
    for (uint32_t c = 0; c < BT_CLASS_COUNT; c++) {
        if (set >> c & 1u) out_add(m, classes, json_integer(c));
    }
    out_put(m, o, "surfaces", classes);
    out_put(m, o, "actor", json_boolean(moves));
    return o;
}

bt_status clip_objects(json_maker *m, const bt_world *world, json_t **out)
{
    json_t *objects = *out = json_array();
    uint64_t *sets = bt_alloc(world->object_count, sizeof *sets);
    bool *moves = bt_alloc(world->object_count, sizeof *moves);
    bt_status status = BT_OK;
    if (sets == NULL || moves == NULL) {
        status = bt_fail(BT_ERR_MEMORY, "no memory for the object table");
        goto done;
    }
    collect_classes(world, sets);
    for (uint32_t i = 0; i < world->actor_count; i++)
        moves[world->actors[i].object_id] = true;
    for (uint32_t i = 0; i < world->object_count; i++) {
        if (i > 0 && world->objects[i].class_id == BT_CLASS_NONE) continue; // nobody has this id
        out_add(m, objects, object_json(m, world, i, sets[i], moves[i]));
    }
done:
    bt_free(sets);
    bt_free(moves);
    return status;
}

// ---- the head ---------------------------------------------------------------------------------
static bt_status scenario_json(json_maker *m, const bt_clip_desc *desc, json_t **scenario)
{
    bt_sha256 digest;
    const char *text = desc->scenario_text != NULL ? desc->scenario_text : "";
    bt_status status = bt_sha256_of(text, strlen(text), &digest);
    *scenario = json_object();
    out_put(m, *scenario, "name",
            json_string(desc->scenario_name != NULL ? desc->scenario_name : ""));
    out_put(m, *scenario, "sha256", json_string(bt_sha256_format(&digest).hex));
    return status;
}

static json_t *labels_json(json_maker *m, uint32_t labels)
{
    json_t *names = json_array();
    for (uint32_t bit = 0; bit < CLIP_LABEL_COUNT; bit++) {
        if (labels >> bit & 1u) out_add(m, names, json_string(clip_label_name(bit)));
    }
    return names;
}

bt_status clip_head(json_maker *m, const bt_clip_desc *desc, json_t **head)
{
    json_t *o = json_object(), *scenario = NULL, *settings = NULL;
    json_t *cameras = json_array(), *objects = NULL;
    *head = NULL;
    out_put(m, o, "schema", json_string(CLIP_SCHEMA));
    out_put(m, o, "program", json_string(desc->program != NULL ? desc->program : "blacktop"));
    bt_status status = scenario_json(m, desc, &scenario);
    out_put(m, o, "scenario", scenario);
    // a seed may exceed what JSON readers keep exactly: as text
    char seed[32];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)desc->seed);
    out_put(m, o, "seed", json_string(seed));
    if (status == BT_OK) status = out_parse(desc->settings_json, "settings", &settings);
    if (status == BT_OK) out_put(m, o, "settings", settings);
    out_put(m, o, "inputs", json_string(desc->inputs != NULL ? desc->inputs : ""));
    out_put(m, o, "labels", labels_json(m, desc->labels));
    out_put(m, o, "conventions", conventions_json(m));
    for (uint32_t i = 0; i < desc->camera_count && status == BT_OK; i++) {
        status = camera_json(m, &desc->cameras[i], cameras);
    }
    out_put(m, o, "cameras", cameras);
    out_put(m, o, "classes", classes_json(m));
    if (status == BT_OK) status = clip_objects(m, desc->world, &objects);
    out_put(m, o, "objects", objects);
    if (status != BT_OK) {
        json_decref(o);
        return status;
    }
    *head = o;
    return BT_OK;
}
