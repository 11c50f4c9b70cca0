"""Slanted edge by a program that is not ours: quickMTF (PyPI), Carl Asplund's SFR code, after ISO 12233's Annex D.
It bins by quarters of a pixel, which takes up to 2.6 % of what is left at the Nyquist frequency, and cuts the line spread
with a Hann window about as wide as its core: lenses that scatter read 0.02 to 0.04 off. For those edge.py is the judge."""
import csv
import sys

import numpy

import edge
import judge
from quickMTF.SFR_MTF import sfr_mtfcal


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    with open(folder + "/edges.csv", newline="") as file:
        shots = list(csv.DictReader(file))
    for shot in shots:
        image = edge.flat_fielded(folder, shot["name"])
        step = float(shot["pixels_per_sample"])
        curves = [sfr_mtfcal().calc_sfr(part, oversampling=4)[0] for part in edge.edges_of(image)]
        f = numpy.arange(0.0, 0.52, 0.002)
        mtf = numpy.mean([numpy.interp(f, c[:, 0] / step, c[:, 1]) for c in curves], axis=0)
        edge.check_curve(verdict, shot["name"], f, mtf)
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
