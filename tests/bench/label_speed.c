// label_speed.c: seconds for the labels of one 640 x 400 frame: images (a ray and a landing point a
// pixel), and boxes (vertices projected, actors traced alone).
#include "tests/engine/label/label_fixture.h"

#include "engine/core/file.h"
#include "tests/support/machine.h"

#define W 640u
#define H 400u
#define LABEL_NS (150 * BT_NS_PER_MS)
#define NEXT_NS (250 * BT_NS_PER_MS)
#define ROUNDS 5 // the best one counts: others on the machine only add time

int main(void)
{
    fixture f;
    char machine[256];
    double images_s = 1e9, boxes_s = 1e9;
    bt_label_images images;
    bt_box_truth boxes[ACTOR_COUNT];
    fixture_begin(&f, W, H, 0);
    bt_snapshot *now = fixture_snapshot(&f, &f.views[0], LABEL_NS);
    bt_snapshot *next = fixture_snapshot(&f, &f.views[0], NEXT_NS);
    bt_label_frame frame = {.snapshot = now,
                            .next = next,
                            .view = &f.views[0],
                            .label_time_ns = LABEL_NS,
                            .next_label_time_ns = NEXT_NS,
                            .carrier = ACTOR_EGO};
    bt_stage *stage = NULL;
    CHECK_OK(bt_stage_create(f.renderer, now, NULL, 0, &stage));
    frame.stage = stage;
    CHECK_OK(bt_label_images_init(&images, W, H));
    for (int round = 0; round < ROUNDS; round++) {
        double start_s = bt_clock_s();
        CHECK_OK(bt_label_images_render(&images, &frame, f.jobs));
        double middle_s = bt_clock_s();
        CHECK_OK(bt_box_truth_measure(f.renderer, &frame, &images, f.jobs, boxes));
        images_s = fmin(images_s, middle_s - start_s);
        boxes_s = fmin(boxes_s, bt_clock_s() - middle_s);
    }
    machine_name(machine, sizeof machine);
    printf("%s, %u threads: %u x %u label images %.3f s (%.2f us a pixel), boxes of %d actors %.3f "
           "s\n",
           machine, bt_jobs_threads(f.jobs), W, H, images_s, images_s / (W * H) * 1e6,
           ACTOR_COUNT - 1, boxes_s);
    bt_label_images_clear(&images);
    bt_stage_destroy(stage);
    bt_snapshot_destroy(now);
    bt_snapshot_destroy(next);
    fixture_end(&f);
    return check_failed_count > 0;
}
