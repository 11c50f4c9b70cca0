"""Quantum efficiency from the bench's spectral sweep: counts, gain of the sheet, photons. numpy."""
import csv
import sys

import judge
import sheet


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    gain = sheet.Sheet(judge.camera(folder)).derived["system gain K"]["value"]
    with open(folder + "/spectral.csv", newline="") as file:
        for row in csv.DictReader(file):
            electrons = (float(row["bright_dn"]) - float(row["dark_dn"])) / gain
            verdict.check("QE", "%s/%s" % (row["plane"], row["wavelength_nm"]),
                          electrons / float(row["photons"]))
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
