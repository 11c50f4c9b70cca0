"""EMVA 1288 evaluation of the bench's descriptors by PyPI `emva1288`, the reference implementation."""
import glob
import logging
import os
import sys

import numpy

if not hasattr(numpy, "asfarray"):  # the package calls it; NumPy 2.0 dropped it
    numpy.asfarray = lambda values: numpy.asarray(values, dtype=float)

from emva1288 import process

import judge


class Series(process.Data1288):
    """A descriptor without stacks: only the temporal part can be asked for."""

    def _get_spatial(self, data):
        return super()._get_spatial(data) if data else {}


def evaluate(path):
    # paths in a descriptor are relative to the descriptor
    info = process.ParseEmvaDescriptorFile(path, loglevel=logging.ERROR)
    images = process.LoadImageData(info.images, loglevel=logging.ERROR)
    return process.Results1288(Series(images.data, loglevel=logging.ERROR).data,
                               loglevel=logging.ERROR)


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    for path in sorted(glob.glob(folder + "/emva1288_*.txt")):
        plane = os.path.basename(path)[len("emva1288_"):-len(".txt")]
        results = evaluate(path)
        found = {"K": lambda: results.K, "eta": lambda: results.QE / 100.0,
                 "mu_e_sat": lambda: results.u_e_sat, "sigma_d": lambda: results.sigma_d,
                 "linearity_error": lambda: max(abs(results.LE_min), abs(results.LE_max)),
                 "PRNU": lambda: results.PRNU1288, "DSNU": lambda: results.DSNU1288}
        for quantity, where in sorted(verdict.truth):
            if where == plane:
                verdict.check(quantity, plane, found[quantity]())
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
