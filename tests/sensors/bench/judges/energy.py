"""Electrons of the lamp, the lit wall and the furnace: closed forms again, from the sheet and from
colour-science's D65 and V(lambda). numpy."""
import csv
import sys

import colour
import numpy

import judge
import sheet

NM = numpy.arange(380.0, 1000.01, 0.25)
TABLE = numpy.arange(380.0, 1000.1, 5.0)


def square_factor(half, distance):
    """View factor of a patch to a parallel square on its axis, by quadrature: cos^2 / (pi r^2)."""
    x, w = numpy.polynomial.legendre.leggauss(64)
    x, y = numpy.meshgrid(half * x, half * x)
    weight = numpy.outer(w, w) * half * half
    return float((weight * distance**2 / (numpy.pi * (x * x + y * y + distance**2) ** 2)).sum())


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    camera = sheet.Sheet(judge.camera(folder))
    d65 = colour.SDS_ILLUMINANTS["D65"]
    shape = numpy.interp(TABLE, d65.wavelengths, d65.values)
    v = colour.MSDS_CMFS["CIE 1931 2 Degree Standard Observer"]
    eye = numpy.interp(TABLE, v.wavelengths, v.values[:, 1], right=0.0)
    factor = square_factor(1.0, 3.0)
    luminance = 1000.0 / (numpy.pi * factor)
    shape *= luminance / (683.002 * (shape * eye)[TABLE <= 780.0].sum() * 5.0)
    # beyond 830 nm daylight is the bench's extension; the sheet's camera does not see it
    radiance = numpy.interp(NM, TABLE, shape)
    share = {"lamp": 1.0, "wall": 0.5 * factor, "furnace": 2.0}
    with open(folder + "/rates.csv", newline="") as file:
        for row in csv.DictReader(file):
            where = "%s/%s" % (row["subject"], row["band"])
            if row["plane"] != "1":
                continue  # the small photodiode's
            ours = share[row["subject"]] * camera.electrons_s(row["band"], NM, radiance)
            ours *= float(row["relative_illumination"])
            verdict.truth["electrons", where]["value"] = ours  # not the bench's word for it
            verdict.check("electrons", where, float(row["mean_e_s"]))
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
