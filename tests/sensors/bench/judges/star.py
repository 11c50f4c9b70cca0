"""Airy's rings, encircled energy, the deep ring and streaks, from the light on the sensor (linear EXR). Airy's
pattern again, by scipy, on a fine grid; the streaks' directions by tracing the pane and differentiating the
projection numerically. numpy, scipy, OpenCV."""
import csv
import os
import sys

os.environ["OPENCV_IO_ENABLE_OPENEXR"] = "1"
import cv2
import numpy
from scipy.special import j1

import judge
import sheet

FINE = 16  # samples of a pixel along a side
RAKE, PANE, PIVOT = numpy.radians(60.0), 0.2, numpy.array([-0.35, -0.25])


def read(folder, name):
    image = cv2.imread("%s/%s.exr" % (folder, name), cv2.IMREAD_UNCHANGED)
    return (image if image.ndim == 2 else image[..., 0]).astype(float)


def fine_airy(lambda_n, half_px, reach):
    """Share of a lamp's light in a pixel at places up to `reach` px about it, 1 / FINE apart."""
    side = numpy.arange(-(reach + 4) * FINE, (reach + 4) * FINE + 1) / FINE
    x = numpy.maximum(numpy.pi * numpy.hypot(*numpy.meshgrid(side, side)) / lambda_n, 1e-9)
    light = (2.0 * j1(x) / x) ** 2 * numpy.pi / (4.0 * lambda_n**2)
    for width in (1.0, 2.0 * half_px):  # the pixel, the lamp: trapezoid rule
        box = numpy.ones(int(round(width * FINE)) + 1)
        box[[0, -1]] = 0.5
        box /= box.sum()
        for axis in (0, 1):
            light = numpy.apply_along_axis(lambda v: numpy.convolve(v, box, "same"), axis, light)
    return light, (reach + 4) * FINE


def between(pictures):
    """Four pictures of lamps half a pixel on, put between each other: rows and columns half a pixel apart."""
    height, width = pictures[0].shape
    fine = numpy.zeros((2 * height, 2 * width))
    # the lamp is half a pixel to the right: the pixel is half a pixel to its left, so comes before
    fine[1::2, 1::2] = pictures[0]
    fine[1::2, 0::2], fine[0::2, 1::2], fine[0::2, 0::2] = pictures[1], pictures[2], pictures[3]
    return fine


def soften(image, step):
    for axis in (0, 1):
        image = (0.25 * numpy.roll(image, step, axis) + 0.5 * image
                 + 0.25 * numpy.roll(image, -step, axis))
    return image


def airy(verdict, folder, row, places, pitch):
    lambda_n = float(row["wavelength_nm"]) * 1e-9 * float(row["f_number"]) / pitch
    light = soften(between([read(folder, "stars_%d" % i) for i in range(4)]), 1)[1::2, 1::2]
    light /= float(row["lamp_e_s"])
    pattern, zero = fine_airy(lambda_n, float(places[0]["half_px"]), 20)
    pattern = soften(pattern, FINE // 2)
    y, x = numpy.indices(light.shape)
    for star in places:
        dx, dy = x - float(star["x_px"]), y - float(star["y_px"])
        away = numpy.hypot(dx, dy)
        near = away < 20.0
        truth = numpy.zeros_like(light)
        for other in places:  # from far: Keller's third power
            if other is not star:
                far = numpy.hypot(x - float(other["x_px"]), y - float(other["y_px"]))
                truth[near] += lambda_n / (numpy.pi * far[near]) ** 3
        # to the nearest sample: 1/32 px
        truth[near] += pattern[numpy.rint(dy[near] * FINE).astype(int) + zero,
                               numpy.rint(dx[near] * FINE).astype(int) + zero]
        dark = numpy.array([0.0, 1.220, 2.233, 3.238]) * lambda_n
        for k in (1, 2, 3):
            where, disc = "%s/%.1f px" % (star["star"], dark[k]), away < dark[k]
            verdict.truth["encircled", where]["value"] = float(truth[disc].sum())
            verdict.check("encircled", where, float(light[disc].sum()))
            if k == 1:
                continue
            ring = disc & (away >= dark[k - 1])
            value = float(truth[ring].mean())
            verdict.truth["airy_ring", where].update(value=value, below=0.01 * value, above=0.01 * value)
            verdict.check("airy_ring", where, float(light[ring].mean()))


def deep(verdict, folder, row, places, pitch):
    """Keller's third power from the encircled energy 1 - J0^2 - J1^2 -> 1 - 2 lambda N / (pi^2 r)."""
    lambda_n = float(row["wavelength_nm"]) * 1e-9 * float(row["f_number"]) / pitch
    light = read(folder, "bare") / float(row["lamp_e_s"])
    y, x = numpy.indices(light.shape)
    for star in places:
        away = numpy.hypot(x - float(star["x_px"]), y - float(star["y_px"]))
        ring = (away >= 11.0) & (away < 15.0)
        value = float((lambda_n / numpy.pi**3 / away[ring] ** 3).mean())
        where = "%s/15.0 px" % star["star"]
        verdict.truth["deep_ring", where].update(value=value, below=0.05 * value, above=0.05 * value)
        verdict.check("deep_ring", where, float(light[ring].mean()))


def true_streak(x_px, y_px, focal):
    """Light is thrown across a scratch: its plane holds the line of sight and is square to the scratch."""
    up = numpy.array([0.0, -numpy.cos(RAKE), -numpy.sin(RAKE)])
    right = numpy.array([1.0, 0.0, 0.0])
    normal = numpy.cross(right, up)
    sight = numpy.array([x_px / focal, y_px / focal, 1.0])
    met = sight * (normal[2] * PANE) / (normal @ sight)
    on = met - numpy.array([0.0, 0.0, PANE])
    out = numpy.array([on @ right, on @ up]) - PIVOT
    scratch = -out[1] * right + out[0] * up
    across = numpy.cross(scratch, sight)
    step = 1e-6 * across / numpy.linalg.norm(across)
    one, other = sight + step, sight - step
    moved = one[:2] / one[2] - other[:2] / other[2]
    return numpy.degrees(numpy.arctan2(moved[1], moved[0]))


def streaks(verdict, folder, row, places):
    more = read(folder, "scratched") - read(folder, "bare")
    y, x = numpy.indices(more.shape)
    middle = 0.5 * (numpy.array(more.shape) - 1.0)
    for star in places:
        dx, dy = x - float(star["x_px"]), y - float(star["y_px"])
        away = numpy.hypot(dx, dy)
        ring = (away >= 6.0) & (away < 24.0)
        turn = numpy.exp(2j * numpy.arctan2(dy[ring], dx[ring]))
        angle = 0.5 * numpy.degrees(numpy.angle((more[ring] * turn).sum()))
        truth = true_streak(float(star["x_px"]) - middle[1], float(star["y_px"]) - middle[0],
                            float(row["focal_px"]))
        truth = (truth + 90.0) % 180.0 - 90.0
        verdict.truth["streak_angle", star["star"]]["value"] = truth
        verdict.check("streak_angle", star["star"], (angle - truth + 90.0) % 180.0 - 90.0 + truth)


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    pitch = sheet.Sheet(judge.camera(folder)).number("array", "pixel_pitch_m")
    with open(folder + "/places.csv", newline="") as file:
        places = list(csv.DictReader(file))
    with open(folder + "/star.csv", newline="") as file:
        rows = {row["chart"]: row for row in csv.DictReader(file)}
    airy(verdict, folder, rows["rings"], places, pitch)
    deep(verdict, folder, rows["streaks"], places, pitch)
    streaks(verdict, folder, rows["streaks"], places)
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
