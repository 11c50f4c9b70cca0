"""Raw means of the ColorChecker against spectral integrals of colour-science's own tables, and the
colour difference that is left after one matrix: ISO 11664-6 (CIEDE2000).

A patch of few pixels is known to so and so much alone (error_dn of patches.csv), and so is its colour: where
errors of that size bring more than is allowed in one of a thousand tries, the chart cannot tell, and fails."""
import csv
import sys

import colour
import numpy

import judge
import sheet

NM = numpy.arange(380.0, 1000.01, 0.25)
TABLE = numpy.arange(380.0, 1000.1, 5.0)
TRIES = 4000
QUANTILE = 0.999
LIGHTS = {"D65": lambda: colour.SDS_ILLUMINANTS["D65"], "A": lambda: colour.SDS_ILLUMINANTS["A"],
          "LED-B3": lambda: colour.SDS_ILLUMINANTS["LED-B3"],
          "HP1": lambda: colour.SDS_ILLUMINANTS["HP1"]}


def on_table(sd, beyond):
    """A spectrum every 5 nm, straight lines between; `beyond` its end: 'zero' or the last value."""
    values = numpy.interp(TABLE, sd.wavelengths, sd.values)
    if beyond == "zero":
        values[TABLE > sd.wavelengths[-1]] = 0.0
    return numpy.interp(NM, TABLE, values)


def differences(raw, true, matrix, white):
    """CIEDE2000 of each patch, raw against true, after the matrix."""
    lab = [colour.XYZ_to_Lab(values @ matrix, white) for values in (raw, true)]
    return colour.delta_E(lab[0], numpy.broadcast_to(lab[1], lab[0].shape))


def worst_by_chance(true, error, matrix, white):
    """What the worst of all patches exceeds in one of 1 / (1 - QUANTILE) tries, of errors alone."""
    drawn = numpy.random.default_rng(1).standard_normal((TRIES, *true.shape))
    worst = differences(true + drawn * error, true, matrix, white).max(axis=-1)
    return float(numpy.quantile(worst, QUANTILE))


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    camera = sheet.Sheet(judge.camera(folder))
    gain = camera.derived["system gain K"]["value"]
    if camera.root.get("reads"):  # fused counts are those of the first read
        gain = camera.number("readout", "analog_gain") / camera.root["reads"][0]["conversion_e_dn"]["value"]
    patches = list(colour.SDS_COLOURCHECKERS["BabelColor Average"].values())
    raw, want, variance = {}, {}, {}
    with open(folder + "/patches.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        light = on_table(LIGHTS[row["light"]](), "zero")
        patch = int(row["patch"])
        reflectance = on_table(patches[patch - 1], "last")
        band = sheet.BANDS[row["plane"]]
        integral = camera.electrons_s(band, NM, light * reflectance)
        key = row["light"], band, patch
        electrons = float(row["above_dark_dn"]) / gain
        shone = float(row["exposure_s"]) * float(row["relative_illumination"])
        raw.setdefault(key, []).append(electrons / shone)
        variance.setdefault(key, []).append((float(row["error_dn"]) / gain / shone) ** 2)
        want[key] = integral

    # the light's strength is the bench's own table: one factor for all of a light, in green
    for name in sorted({row["light"] for row in rows}):
        for row in [row for row in rows if row["light"] == name]:
            patch, band = int(row["patch"]), sheet.BANDS[row["plane"]]
            electrons = float(row["above_dark_dn"]) / gain
            where = "%s/%d/%s" % (name, patch, row["plane"])
            verdict.check("raw", where, electrons)
            # and the bench's true value itself against our integral
            ours = want[name, band, patch] * float(row["exposure_s"]) * float(
                row["relative_illumination"])
            off = verdict.truth["raw", where]["value"] / ours - 1.0
            if abs(off) > 1e-3:
                print("spectral integral of %s is %.4f %% off ours" % (where, 100.0 * off))
                verdict.failed.append("integral")
        def table(of):
            return numpy.array([[of(name, band, patch) for band in ("red", "green", "blue")]
                                for patch in range(1, 25)])

        got, true = table(lambda *key: numpy.mean(raw[key])), table(lambda *key: want[key])
        error = table(lambda *key: numpy.sqrt(sum(variance[key])) / len(variance[key]))
        cmfs = colour.MSDS_CMFS["CIE 1931 2 Degree Standard Observer"]
        xyz = numpy.array([colour.sd_to_XYZ(p, cmfs, LIGHTS[name]()) for p in patches]) / 100.0
        matrix = numpy.linalg.lstsq(true, xyz, rcond=None)[0]
        white = colour.XYZ_to_xy(colour.sd_to_XYZ(LIGHTS[name]()))
        chance = worst_by_chance(true, error, matrix, white)
        print("errors as stated bring %.3f once in a thousand times" % chance)
        if chance > verdict.truth["delta_E00", name]["above"]:
            print("so few pixels and reads cannot tell")
            verdict.failed.append("delta_E00")
        verdict.check("delta_E00", name, float(numpy.max(differences(got, true, matrix, white))))
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
