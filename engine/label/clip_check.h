// clip_check.h: proves a clip consistent with itself, from its files alone.
//
// What is compared (each with the files that it needs; a missing kind of label is no finding):
//   - every file's size and SHA-256 with clip.json; clip.json with its own digest
//   - label times ascend, agree between clip.json and truth.jsonl, and row times span the shutter
//   - map.json with what map.xodr gives
//   - raw counts with the ADC's range; raw with the image, by rank correlation of blocks
//   - instance ids and classes with the object table; sky in depth with sky in semantic
//   - range along z with Euclidean range, through the lens
//   - normals: unit, towards the camera, and square to the surface that depth gives
//   - flow on what stands still with depth and the camera's poses, within 0.05 px; flow on vehicles
//     with their poses
//   - road in semantic with the roads of map.xodr
//   - visible counts and boxes with the instance image; fractions with counts
//   - instance masks with projected cuboids
//   - truth: numbers finite, velocities with positions over time
//   - commands.jsonl: times ascend, verdict as in clip.json
#ifndef BT_LABEL_CLIP_CHECK_H
#define BT_LABEL_CLIP_CHECK_H

#include "engine/core/jobs.h"
#include "engine/core/status.h"

#include <stdint.h>

// One line per finding: "front/000003.flow.exr: 812 of 4096 static pixels off by more than ...".
typedef void (*bt_finding_fn)(void *context, const char *finding);

typedef struct bt_check_counts {
    uint64_t files, frames, checks; // looked at
    uint64_t findings;
} bt_check_counts;

// BT_OK when the check could be made, whatever it found; a folder that is no clip (no readable
// clip.json) is a failure. At most 20 findings per file are reported, all are counted.
BT_CHECKED bt_status bt_clip_check(const char *dir, bt_jobs *jobs, bt_finding_fn report,
                                   void *context, bt_check_counts *counts);

#endif
