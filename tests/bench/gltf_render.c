// gltf_render.c: a glTF scene under a clear sky, drawn as often as it is told to.
//
//   bench.gltf_render SCENE.glb LIGHT.json WIDTH HEIGHT FOCAL_PX THREADS MAX_DEPTH
//
// The camera stands at the scene's origin; LIGHT.json is what bench.export_gltf writes. Reads lines
// "SAMPLES SEED FILE HOW" and answers each with the processor's seconds that rendering took, of all
// threads together (a busy machine disturbs these less than a clock's); FILE holds floats
// (height x width x 3), linear sRGB, 1 a white of 1 cd m^-2. FILE - : none is written. HOW: `even`, or `need`, by
// which samples go where a sensor of luminance sees their noise: one whose mean pixel holds MEAN_E in the first picture.
#include "engine/scene/gltf.h"
#include "engine/spectrum/color.h"
#include "engine/spectrum/spectrum.h"
#include "tests/engine/render/render_fixture.h"

#include <jansson.h>
#include <time.h>

#define MEAN_E 1500.0 // this and the next two: as in cycles_compare.py
#define FULL_WELL_E 10000.0
#define READ_E 3.0
#define EXPOSURE_NS 1e6

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double number(const json_t *root, const char *key)
{
    return json_number_value(json_object_get(root, key));
}

static void read_light(const char *path, bt_weather *weather, bt_quat *world_from_cam)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    CHECK(root != NULL);
    *weather = (bt_weather){.sun_azimuth_rad = number(root, "sun_azimuth_rad"),
                            .sun_elevation_rad = number(root, "sun_elevation_rad"),
                            .aerosol_optical_depth = number(root, "aerosol_optical_depth"),
                            .angstrom_exponent = number(root, "angstrom_exponent"),
                            .ozone_atm_cm = number(root, "ozone_atm_cm"),
                            .ground_albedo = number(root, "ground_albedo"),
                            .altitude_m = number(root, "altitude_m")};
    const json_t *rot = json_object_get(root, "world_from_cam");
    double q[4];
    for (size_t k = 0; k < 4; k++)
        q[k] = json_number_value(json_array_get(rot, k));
    *world_from_cam = (bt_quat){q[0], q[1], q[2], q[3]};
    json_decref(root);
}

// Bands are the eye's X, Y and Z.
static bt_view eye_view(uint32_t width, uint32_t height, double focal_px)
{
    bt_view v = fx_view(width, height, focal_px);
    const float *const curves[3] = {bt_cie_1931_x, bt_cie_1931_y, bt_cie_1931_z};
    v.band_count = 3;
    for (int b = 0; b < 3; b++)
        for (int i = 0; i < BT_SPECTRUM_BINS; i++)
            v.response[b][i] = (float)BT_LUMINOUS_EFFICACY_LM_W * curves[b][i];
    return v;
}

// A sensor that reads the eye's Y in every pixel, exposed for this picture.
static void set_sensor(const bt_film *film, bt_view *view)
{
    double mean = fx_mean(film, 1), scale = MEAN_E / (mean * EXPOSURE_NS * 1e-9);
    view->exposure_ns = EXPOSURE_NS;
    for (int b = 0; b < 3; b++) {
        view->noise_e2[0][b] = (float)(READ_E * READ_E);
        view->full_e[0][b] = (float)FULL_WELL_E;
        for (int i = 0; i < BT_SPECTRUM_BINS; i++)
            view->response[b][i] *= (float)scale;
    }
    memset(view->read_bands, 2, sizeof view->read_bands);
}

// `scale`: of the film's rates, over luminance.
static void write_film(const bt_film *film, double scale, const char *path)
{
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    for (size_t i = 0; file != NULL && i < (size_t)film->width_px * film->height_px; i++) {
        double xyz[3], rgb[3];
        for (size_t k = 0; k < 3; k++)
            xyz[k] = (double)film->rate_e_s[3 * i + k] / scale;
        bt_srgb_linear_from_xyz(xyz, rgb);
        float out[3] = {(float)rgb[0], (float)rgb[1], (float)rgb[2]};
        CHECK(fwrite(out, sizeof out, 1, file) == 1);
    }
    if (file != NULL) CHECK(fclose(file) == 0);
}

static void answer(const fx_scene *s, const bt_view *eye, uint32_t max_depth, bt_jobs *jobs)
{
    unsigned samples, seed;
    char path[1024], how[16];
    bt_view view = *eye;
    while (scanf("%u %u %1023s %15s", &samples, &seed, path, how) == 4) {
        bt_film *film = NULL;
        bt_render_settings settings = {.samples = samples,
                                       .max_depth = max_depth,
                                       .seed = seed,
                                       .by_need = strcmp(how, "need") == 0};
        CHECK_OK(bt_film_create(view.width_px, view.height_px, 3, &film));
        double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
        CHECK_OK(bt_render_film(s->stage, &view, FX_LABEL_NS, &settings, jobs, film));
        double spent = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
        int y = BT_SPECTRUM_VISIBLE_BINS / 2;
        if (strcmp(path, "-") != 0)
            write_film(film, (double)(view.response[1][y] / eye->response[1][y]), path);
        if (view.exposure_ns == 0.0) set_sensor(film, &view);
        printf("%.4f\n", spent);
        fflush(stdout);
        bt_film_destroy(film);
        if (check_failed_count > 0) return;
    }
}

int main(int argc, char **argv)
{
    if (argc != 8) {
        fprintf(stderr, "usage: %s SCENE.glb LIGHT.json WIDTH HEIGHT FOCAL_PX THREADS MAX_DEPTH\n",
                argv[0]);
        return 2;
    }
    fx_scene s;
    bt_gltf_info info;
    bt_jobs *jobs = NULL;
    bt_quat world_from_cam;
    double start = seconds(CLOCK_MONOTONIC);
    fx_begin(&s);
    read_light(argv[2], &s.weather, &world_from_cam);
    CHECK_OK(bt_gltf_load(s.spec, argv[1], NULL, &info));
    fx_compile(&s);
    // the fixture's camera looks along its actor's x
    bt_quat cam_from_vehicle = bt_quat_conjugate(bt_quat_vehicle_from_camera());
    fx_place_still(&s, (bt_pose){{0, 0, 0}, bt_quat_mul(world_from_cam, cam_from_vehicle)});
    CHECK_OK(bt_jobs_create((uint32_t)atoi(argv[6]), &jobs));
    fprintf(stderr, "Blacktop: %u meshes, %u things, %llu triangles, loaded in %.1f s\n",
            info.meshes, info.statics, (unsigned long long)info.triangles,
            seconds(CLOCK_MONOTONIC) - start);
    bt_view view = eye_view((uint32_t)atoi(argv[3]), (uint32_t)atoi(argv[4]), atof(argv[5]));
    if (check_failed_count == 0) answer(&s, &view, (uint32_t)atoi(argv[7]), jobs);
    bt_jobs_destroy(jobs);
    fx_end(&s);
    return check_failed_count > 0;
}
