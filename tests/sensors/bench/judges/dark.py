"""Dark current against temperature, from mean counts at two exposures each, as EMVA 1288 has it (release 4.0, 7.1):
slopes, and the doubling temperature from a line through all of their logarithms. numpy."""
import csv
import sys

import numpy

import judge
import sheet


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    camera = sheet.Sheet(judge.camera(folder))
    gain = camera.derived["system gain K"]["value"]
    pixel = {key: value["value"] for key, value in camera.root["pixel"].items() if "value" in value}
    # a share of pixels is hot: so many times as dark a current
    hot = 1.0 + pixel.get("hot_fraction", 0.0) * (pixel.get("hot_factor", 1.0) - 1.0)
    kelvin, current = [], []
    with open(folder + "/dark.csv", newline="") as file:
        for row in csv.DictReader(file):
            row = {key: float(value) for key, value in row.items()}
            slope = (row["mean_2_dn"] - row["mean_1_dn"]) / (row["exposure_2_s"] - row["exposure_1_s"])
            kelvin.append(row["temperature_kelvin"])
            current.append(slope / gain)
            where = "%.2f K" % kelvin[-1]
            doublings = (kelvin[-1] - pixel["dark_temperature_kelvin"]) / pixel["dark_doubling_kelvin"]
            truth = pixel["dark_current_e_s"] * hot * 2.0**doublings
            verdict.truth["dark_current", where].update(value=truth, below=0.03 * truth, above=0.03 * truth)
            verdict.check("dark_current", where, current[-1])
    slope = numpy.polyfit(kelvin, numpy.log2(current), 1)[0]
    verdict.check("dark_doubling", "all", float(1.0 / slope))
    if len(kelvin) < 5:
        print("five temperatures are wanted")
        verdict.failed.append("dark_current")
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
