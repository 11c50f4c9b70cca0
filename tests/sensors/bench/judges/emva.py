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

# design/camera.md 4, row 1, relative; LE in %. Where there are few pixels the bench allows what chance does as well.
TIER_A = {"K": (0.005, 0.005), "eta": (0.005, 0.005), "sigma_d": (0.01, 0.01), "mu_e_sat": (0.04, 0.01)}
LINEARITY = 0.05


def narrow(truth):
    """Holds the temporal quantities to tier A, whatever the bench allows."""
    for (quantity, _), row in truth.items():
        if quantity in TIER_A:
            for side, share in zip(("below", "above"), TIER_A[quantity]):
                row[side] = min(row[side], share * row["value"])
        if quantity == "linearity_error":
            row["below"] = row["above"] = min(row["above"], LINEARITY)


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
    if "BENCH_TIER_A" in os.environ:
        narrow(verdict.truth)
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
