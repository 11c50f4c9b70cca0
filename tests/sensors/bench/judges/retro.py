"""R_A and R_L from the luminance that a lux across the beam brings (linear EXR): the lobe from its published shape
with its integral by quadrature, the body beneath it, all in angles. numpy, scipy, OpenCV."""
import csv
import os
import sys

os.environ["OPENCV_IO_ENABLE_OPENEXR"] = "1"
import cv2
import numpy
from scipy.integrate import quad

import judge

# measure, reflectance, half width in degrees, tail, exponent of the cosines, observation and entrance it holds at
SHEETS = {"R_A": (250.0, 0.5, 0.52, 1.5, 0.5, 0.2, 4.0), "R_L": (0.150, 0.6, 4.0, 1.5, -0.5, 1.05, 88.76)}


def luminance(quantity, observation, entrance):
    measure, y, width, tail, tilt, known, turned = SHEETS[quantity]

    def lobe(angle):
        return (1.0 + (2.0 * numpy.sin(0.5 * angle) / numpy.radians(width)) ** 2) ** -tail

    def cosines(a):
        return numpy.cos(numpy.radians(entrance)), numpy.cos(numpy.radians(entrance - a))

    i, o = cosines(known)
    peak = measure / (y * lobe(numpy.radians(known)) * (i * o) ** tilt * (i if quantity == "R_L" else i * o))
    # over all directions about the lamp's, as if the surface did not end
    whole = quad(lambda a: 2.0 * numpy.pi * numpy.sin(a) * lobe(a), 0.0, numpy.pi, points=[0.01, 0.1])[0]
    i, o = cosines(observation)

    def taken(cosine):
        return peak * whole * cosine ** (2.0 * tilt + 1.0)

    mean = quad(lambda c: 2.0 * c * taken(c), 0.0, 1.0)[0]
    body = (1.0 - taken(i)) * (1.0 - taken(o)) / (numpy.pi * (1.0 - mean))
    return y * (peak * lobe(numpy.radians(observation)) * (i * o) ** tilt + body) * i


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    with open(folder + "/retro.csv", newline="") as file:
        for row in csv.DictReader(file):
            observation, entrance = float(row["observation_deg"]), float(row["entrance_deg"])
            image = cv2.imread("%s/%s" % (folder, row["file"]), cv2.IMREAD_UNCHANGED).astype(float)
            factor = 1e3 if row["quantity"] == "R_L" else numpy.cos(numpy.radians(entrance - observation))
            want = luminance(row["quantity"], observation, entrance) * factor
            where = "%.2f deg" % observation
            verdict.truth[row["quantity"], where].update(value=want, below=0.01 * want, above=0.01 * want)
            verdict.check(row["quantity"], where, float(image.mean()) * factor)
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
