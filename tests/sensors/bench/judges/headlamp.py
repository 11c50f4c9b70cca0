"""A goniophotometer: the wall's lux (linear EXR) against the IES file that the lamp was read from, read again here
from IES LM-63's text; the cut-off's sharpness; limits of UN R112. numpy, OpenCV."""
import csv
import os
import sys

os.environ["OPENCV_IO_ENABLE_OPENEXR"] = "1"
import cv2
import numpy

import judge

PARTS = 10
POINTS = {"B50L": (3.43, 0.57), "BR": (-2.5, 1.0), "75R": (-1.15, -0.57), "75L": (3.43, -0.57),
          "50R": (-1.72, -0.86), "50L": (3.43, -0.86), "50V": (0.0, -0.86), "25L": (9.0, -1.72),
          "25R": (-9.0, -1.72)}  # degrees left, up


def read_ies(path):
    """Polar and plane angles, candela (planes x polars) of a type C file without tilt."""
    with open(path) as file:
        numbers = numpy.array(file.read().split("TILT=NONE", 1)[1].split(), float)
    multiplier, polars, planes, kind = numbers[2], int(numbers[3]), int(numbers[4]), int(numbers[5])
    assert kind == 1
    at = 13
    polar, plane = numbers[at:at + polars], numbers[at + polars:at + polars + planes]
    at += polars + planes
    candela = numbers[at:at + polars * planes].reshape(planes, polars)
    return polar, plane, candela * multiplier * numbers[10] * numbers[11]


def candela_at(ies, ahead, left, up):
    """Straight lines between the file's angles, gamma from straight down, C from straight ahead to the left."""
    polar, plane, candela = ies
    gamma = numpy.degrees(numpy.arccos(-up / numpy.sqrt(ahead**2 + left**2 + up**2)))
    turn = numpy.degrees(numpy.arctan2(left, ahead)) % 360.0
    i = numpy.clip(numpy.searchsorted(plane, turn, "right") - 1, 0, len(plane) - 2)
    j = numpy.clip(numpy.searchsorted(polar, gamma, "right") - 1, 0, len(polar) - 2)
    u = (turn - plane[i]) / (plane[i + 1] - plane[i])
    v = (gamma - polar[j]) / (polar[j + 1] - polar[j])
    return ((1 - u) * ((1 - v) * candela[i, j] + v * candela[i, j + 1])
            + u * ((1 - v) * candela[i + 1, j] + v * candela[i + 1, j + 1]))


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    with open(folder + "/headlamp.csv", newline="") as file:
        row = next(csv.DictReader(file))
    wall_m, behind_m, focal = float(row["wall_m"]), -float(row["lamp_z_m"]), float(row["focal_px"])
    ies = read_ies("%s/%s" % (folder, row["file"]))
    image = cv2.imread(folder + "/wall.exr", cv2.IMREAD_UNCHANGED)
    planes = image.reshape(*image.shape[:2], -1)
    luminance = planes[..., int(numpy.argmin(planes.mean(axis=(0, 1))))].astype(float)  # rho / pi of lux
    lux = luminance * numpy.pi / float(row["reflectance"])
    middle_x, middle_y = 0.5 * (lux.shape[1] - 1.0), 0.5 * (lux.shape[0] - 1.0)
    ahead = wall_m + behind_m

    def file_lux(x, y):
        """Mean of what the file throws on the wall over a pixel."""
        part = (numpy.arange(PARTS) + 0.5) / PARTS - 0.5
        px, py = numpy.meshgrid(x + part, y + part)
        left, up = -(px - middle_x) / focal * wall_m, -(py - middle_y) / focal * wall_m
        far = numpy.sqrt(ahead**2 + left**2 + up**2)
        return float((candela_at(ies, ahead, left, up) * ahead / far**3).mean())

    def pixel(left_deg, up_deg):
        x_m = -ahead * numpy.tan(numpy.radians(left_deg))
        y_m = -numpy.hypot(ahead, x_m) * numpy.tan(numpy.radians(up_deg))
        return middle_x + focal * x_m / wall_m, middle_y + focal * y_m / wall_m

    for name, place in POINTS.items():
        x, y = (int(numpy.floor(v + 0.5)) for v in pixel(*place))
        near = [(i, j) for j in (y - 1, y, y + 1) for i in (x - 1, x, x + 1)]
        factor = numpy.mean([ahead / (ahead**2 + ((i - middle_x) / focal * wall_m) ** 2
                                      + ((j - middle_y) / focal * wall_m) ** 2) ** 1.5 for i, j in near])
        want = numpy.mean([file_lux(i, j) for i, j in near]) / factor
        have = numpy.mean([lux[j, i] for i, j in near]) / factor
        verdict.truth["intensity", name].update(value=want, below=0.005 * want, above=0.005 * want)
        verdict.check("intensity", name, have)
        verdict.check("un_r112", name, have)
    x = int(numpy.floor(pixel(2.5, 0.0)[0] + 0.5))
    column = lux[:, x - 3:x + 4].mean(axis=1)
    want = numpy.array([numpy.mean([file_lux(i, j) for i in range(x - 3, x + 4)])
                        for j in range(lux.shape[0])])
    sharpest = [float(numpy.log10(v[2:] / v[:-2]).max()) for v in (column, want)]
    verdict.truth["cut_off_G", "2.5 L"]["value"] = sharpest[1]
    verdict.check("cut_off_G", "2.5 L", sharpest[0])
    verdict.check("un_cut_off", "2.5 L", sharpest[0])
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
