#!/usr/bin/env python3
"""exposure_sweep.py: how far apart the light is that the raw files of a sweep stand for.

usage: tests/bench/exposure_sweep.py CLIP [CAMERA]      needs numpy and Pillow

CLIP is what `blacktop run scenarios/exposure_sweep.lua` wrote. Blocks of 12 x 12 pixels (each
colour alone) are compared: counts less black over gain and exposure. The reference is all frames
together. Whether a frame takes part in a block is decided by that reference, not by the frame's own
noise, which would choose what is too bright in dim frames: at least 10 counts a pixel are expected
above black, and the brightest pixel at 0.9 of the top at most; of those, from the brightest on, as many as
leave the least error.

The renderer's paths are the same in all frames but for a few, which rounding sends elsewhere when
rays are sent at other times; where such a path is a rare and bright one its pixel is another. A block
that any frame sees 6 standard errors of its own noise away from the others is therefore left out of
all, counted, and they may be 2 % of the blocks at most: a wrong gain, black level or exposure moves all
blocks together, by far less than that each. Prints, per frame, its ratio to the
others over those blocks, the standard error that shot, read, row and quantisation noise and the
pixels' own offsets leave, and how many of them the ratio is from 1: at most 4 for every frame. A frame
of fewer than 8 blocks, or whose error is beyond 0.15 %, can say nothing of 0.5 % and is not judged by
that; fails if fewer than a third of the frames can be: by night the others hold too little light.
"""
import json
import os
import sys

import numpy
from PIL import Image

BLOCK = 12
LIMIT = 0.005
OUTLIER = 6.0
SIGMAS = 4.0
MOST_OUTLIERS = 0.02
OFFSET_E = 1.5  # per pixel, of sheets' dsnu_e


def load(clip, camera):
    head = json.load(open(os.path.join(clip, "clip.json")))
    entry = next(c for c in head["cameras"] if c["name"] == camera)
    counts = entry["sensor"]["in_effect"]["counts"]
    for frame in head["frames"]:
        if frame["camera"] == camera:
            raw = numpy.asarray(Image.open(os.path.join(clip, frame["files"]["raw"]["path"])))
            yield frame, counts, raw.astype(float)


def cut(plane):
    """(block rows, block columns, pixels)"""
    height, width = (n // BLOCK * BLOCK for n in plane.shape)
    parts = plane[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK)
    return parts.swapaxes(1, 2).reshape(height // BLOCK, width // BLOCK, BLOCK * BLOCK)


def planes(raw):
    return numpy.array([cut(raw[dy::2, dx::2]) for dy in (0, 1) for dx in (0, 1)])


def light_of(above, units, top):
    """Per pixel, from all frames that do not clip it; a pixel that all clip is endless."""
    fine = above < 0.98 * top
    spent = (fine * units[:, None, None, None, None]).sum(axis=0)
    total = numpy.where(fine, above, 0).sum(axis=0)
    return numpy.where(spent > 0, total / numpy.maximum(spent, 1e-300), numpy.inf)


def relative_error(counts, gain, above, use):
    """Of the sum over the blocks used, from the sensor's own noise."""
    electrons = counts["electrons_per_dn"] * counts["analog_gain"] / gain
    shot = above[use].sum() * electrons
    pixels = use.sum() * BLOCK * BLOCK
    own = counts["read_noise_e"] ** 2 + electrons**2 / 12
    own += OFFSET_E**2 * counts["array_pixels_per_pixel"]
    # a sensor's row is one of two planes
    shared = use.sum(axis=2).reshape(2, 2, -1).sum(axis=1) * BLOCK * counts["row_noise_e"]
    return numpy.sqrt(shot + pixels * own + BLOCK * (shared**2).sum()) / shot


def brightest(counts, gain, want, use):
    """Of the blocks used, those from the brightest on that leave the least error of their sum."""
    electrons = counts["electrons_per_dn"] * counts["analog_gain"] / gain
    own = counts["read_noise_e"] ** 2 + electrons**2 / 12 + OFFSET_E**2 * counts["array_pixels_per_pixel"]
    own += counts["row_noise_e"] ** 2 * BLOCK
    light = numpy.sort(want[use] * electrons)[::-1]
    shot = numpy.cumsum(light)
    error = numpy.sqrt(shot + numpy.arange(1, len(light) + 1) * BLOCK * BLOCK * own) / shot
    return use & (want * electrons >= light[error.argmin()])


def outliers(counts, frames, units, sums, use):
    """Blocks in which some frame is not like the others together."""
    spent = sum(g * u for g, u in zip(use, units))
    total = sum(numpy.where(g, s, 0) for g, s in zip(use, sums))
    odd = numpy.zeros(use[0].shape, bool)
    for (frame, _, _), u, s, g in zip(frames, units, sums, use):
        mine = g & (spent > 1.5 * u)
        k = counts["electrons_per_dn"] * counts["analog_gain"] / frame["analog_gain"]
        want = numpy.where(mine, (total - s) / numpy.where(mine, spent - u, 1), 0) * u
        own = counts["read_noise_e"] ** 2 + counts["array_pixels_per_pixel"] * OFFSET_E**2
        own += counts["row_noise_e"] ** 2 * BLOCK
        shot = numpy.maximum(want, 0) * k * (1 + u / numpy.where(mine, spent - u, u))
        error = numpy.sqrt(shot + own * BLOCK * BLOCK) / k
        odd |= mine & (abs(s - want) > OUTLIER * error)
    return odd


def main():
    clip, camera = sys.argv[1], (sys.argv[2:] or ["front"])[0]
    frames = list(load(clip, camera))
    counts = frames[0][1]
    top = counts["top_dn"] - counts["black_level_dn"]
    above = numpy.array([planes(raw) for _, _, raw in frames]) - counts["black_level_dn"]
    units = numpy.array([f["analog_gain"] * f["exposure_s"] for f, _, _ in frames])
    light = light_of(above, units, top)
    most, mean = light.max(axis=3), light.mean(axis=3)
    sums = above.sum(axis=4)
    use = [(mean * u > 10) & (most * u < 0.9 * top) for u in units]
    odd = outliers(counts, frames, units, sums, use)
    share = odd.sum() / numpy.any(use, axis=0).sum()
    use = [g & ~odd for g in use]
    spent = sum(g * u for g, u in zip(use, units))
    total = sum(numpy.where(g, s, 0) for g, s in zip(use, sums))
    worst, judged, sigmas = 0.0, 0, 0.0
    for i, (frame, _, _) in enumerate(frames):
        name = "frame %2d: %.4g s, gain %g" % (frame["frame"], frame["exposure_s"], frame["analog_gain"])
        mine = use[i] & (spent > 1.5 * units[i] * use[i])  # others see it too
        if not mine.any():
            print("%s: no blocks" % name)
            continue
        mine = brightest(counts, frame["analog_gain"], (mean * units[i] * BLOCK * BLOCK), mine)
        others = (total - sums[i])[mine] / (spent - units[i])[mine]
        ratio = sums[i][mine].sum() / units[i] / others.sum()
        error = relative_error(counts, frame["analog_gain"], sums[i], mine)
        clear = error < 0.3 * LIMIT and mine.sum() >= 8
        print("%s: %.4f +- %.4f (%+.1f errors) over %d blocks%s"
              % (name, ratio, error, (ratio - 1) / error, mine.sum(), "" if clear else ": too little to judge"))
        sigmas = max(sigmas, abs(ratio - 1) / error)
        if clear:
            worst, judged = max(worst, abs(ratio - 1)), judged + 1
    print("worst: %.2f %% of %d frames judged, %.1f errors of all; %d blocks left out, %.2f %%"
          % (100 * worst, judged, sigmas, odd.sum(), 100 * share))
    good = worst < LIMIT and sigmas < SIGMAS and 3 * judged >= len(frames) and share <= MOST_OUTLIERS
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
