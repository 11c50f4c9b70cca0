#!/usr/bin/env python3
"""exposure_sweep.py: how far apart the light is that the raw files of a sweep stand for.

usage: tests/bench/exposure_sweep.py CLIP [CAMERA]      needs numpy and Pillow

CLIP is what `blacktop run scenarios/exposure_sweep.lua` wrote. Blocks of 12 x 12 pixels (each
colour alone) that a frame does not clip, and that hold 10 counts a pixel above black at least, are
compared: counts less black over gain and exposure. Prints, per frame, the mean of its ratio to the
mean of all frames over those blocks. The renderer's paths are the same in all frames.
"""
import json
import os
import sys

import numpy
from PIL import Image

BLOCK = 12


def load(clip, camera):
    head = json.load(open(os.path.join(clip, "clip.json")))
    entry = next(c for c in head["cameras"] if c["name"] == camera)
    counts = entry["sensor"]["in_effect"]["counts"]
    for frame in head["frames"]:
        if frame["camera"] == camera:
            raw = numpy.asarray(Image.open(os.path.join(clip, frame["files"]["raw"]["path"])))
            yield frame, counts, raw.astype(float)


def blocks(plane):
    height, width = (n // BLOCK * BLOCK for n in plane.shape)
    cut = plane[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK)
    return cut.mean(axis=(1, 3)), cut.max(axis=(1, 3))


def main():
    clip, camera = sys.argv[1], (sys.argv[2:] or ["front"])[0]
    light, good, names = [], [], []
    for frame, counts, raw in load(clip, camera):
        unit = frame["analog_gain"] * frame["exposure_s"]
        per_plane, fine = [], []
        for dy in (0, 1):
            for dx in (0, 1):
                mean, most = blocks(raw[dy::2, dx::2])
                above = mean - counts["black_level_dn"]
                per_plane.append(above / unit)
                fine.append((most < 0.98 * counts["top_dn"]) & (above > 10))
        light.append(per_plane)
        good.append(fine)
        names.append((frame["frame"], frame["exposure_s"], frame["analog_gain"]))
    light, good = numpy.array(light), numpy.array(good)
    total = numpy.where(good, light, 0).sum(axis=0) / numpy.maximum(good.sum(axis=0), 1)
    worst = 0.0
    for i, name in enumerate(names):
        use = good[i] & (good.sum(axis=0) >= 2)
        if use.sum() < 8:
            print("frame %2d: %.3g s, gain %g: %d blocks, not compared" % (*name, use.sum()))
            continue
        ratio = light[i][use].sum() / total[use].sum()
        worst = max(worst, abs(ratio - 1))
        print("frame %2d: %.3g s, gain %g: %.4f over %d blocks" % (*name, ratio, use.sum()))
    print("worst: %.2f %%" % (100 * worst))
    return 0 if worst < 0.005 else 1


if __name__ == "__main__":
    sys.exit(main())
