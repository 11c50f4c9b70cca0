"""Row time from a bar that passes by: in every row, where it stood between the two pictures at rest
tells when the row was exposed. numpy; no use of the lens."""
import csv
import sys

import cv2
import numpy

import judge


def centres(folder, name, black, step):
    """Centroid of the bar's light in each row, each colour of the row's own pixels alone."""
    image = cv2.imread("%s/%s.tiff" % (folder, name), cv2.IMREAD_UNCHANGED).astype(float) - black
    found = numpy.zeros(image.shape[0])
    for row in range(image.shape[0]):
        parts = []
        for first in range(step):
            line = image[row, first::step]
            line = numpy.where(line > 0.1 * line.max(), line, 0.0)
            parts.append((line * numpy.arange(first, image.shape[1], step)).sum() / line.sum())
        found[row] = numpy.mean(parts)
    return found


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    with open(folder + "/rolling.csv", newline="") as file:
        setup = {key: float(value) for key, value in next(csv.DictReader(file)).items()}
    step = 1 if setup["plane_count"] == 1 else 2
    place = [centres(folder, name, setup["black_level_dn"], step)
             for name in ("still_left", "moving", "still_right")]
    metres = setup["still_apart_m"] * (place[1] - place[0]) / (place[2] - place[0])
    rows = numpy.arange(metres.size)
    verdict.check("row_time", "all", float(numpy.polyfit(rows, metres, 1)[0] / setup["speed_m_s"]))
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
