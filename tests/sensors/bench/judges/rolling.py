"""Row time from a bar that passes by: in every row, where it stood between the two pictures at rest
tells when the row was exposed. numpy; no use of the lens."""
import csv
import sys

import cv2
import numpy

import judge


def centres(folder, name, setup):
    """Centroid of the bar's light in each row of the plane that sees it."""
    step = 1 if setup["plane_count"] == 1 else 2
    image = cv2.imread("%s/%s.tiff" % (folder, name), cv2.IMREAD_UNCHANGED).astype(float)
    plane = (image - setup["black_level_dn"])[int(setup["first_y"])::step, int(setup["first_x"])::step]
    bright = numpy.where(plane > 0.1 * plane.max(axis=1, keepdims=True), plane, 0.0)
    return (bright * numpy.arange(plane.shape[1])).sum(axis=1) / bright.sum(axis=1)


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    with open(folder + "/rolling.csv", newline="") as file:
        setup = {key: float(value) for key, value in next(csv.DictReader(file)).items()}
    step = 1 if setup["plane_count"] == 1 else 2
    place = [centres(folder, name, setup) for name in ("still_left", "moving", "still_right")]
    metres = setup["still_apart_m"] * (place[1] - place[0]) / (place[2] - place[0])
    rows = numpy.arange(metres.size) * step
    verdict.check("row_time", "all", float(numpy.polyfit(rows, metres, 1)[0] / setup["speed_m_s"]))
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
