"""How often a contrast is seen, from the frames: pairs of pixels again, against all counts that Poisson's electrons,
normal noise and fixed pattern bring, summed up count by count. One read, no companding. numpy, scipy, Pillow."""
import csv
import sys

import colour
import numpy
from PIL import Image
from scipy import special, stats

import judge
import sheet

NM = numpy.arange(380.0, 1000.01, 0.25)
TABLE = numpy.arange(380.0, 1000.1, 5.0)


def counts(camera, gain, electrons_s, exposure_s):
    """Probability of each count."""
    pixel = {key: value.get("value", 0.0) for key, value in camera.root["pixel"].items()}
    readout = {key: value.get("value", 0.0) for key, value in camera.root["readout"].items()}
    top = 2 ** int(readout["bit_depth"]) - 1
    warm = pixel["temperature_kelvin"] - pixel["dark_temperature_kelvin"]
    dark = pixel["dark_current_e_s"] * 2.0 ** (warm / pixel["dark_doubling_kelvin"]) * exposure_s
    mean = electrons_s * exposure_s
    spread = dark * numpy.sqrt(numpy.exp(pixel.get("dark_spread", 0.0) ** 2) - 1.0)
    others = numpy.sqrt(readout["read_noise_e"] ** 2 + readout.get("row_noise_e", 0.0) ** 2
                        + pixel["dsnu_e"] ** 2 + spread**2 + (pixel["prnu"] * mean) ** 2)
    wide = 8.0 * numpy.sqrt(mean + dark + 1.0) + 10.0
    full = pixel["full_well_e"]
    n = numpy.arange(max(0.0, numpy.floor(mean + dark - wide)), numpy.ceil(mean + dark + wide) + 1.0)
    weight = stats.poisson.pmf(n, mean + dark)
    charge = numpy.minimum(n, full) * gain + readout["black_level_dn"]
    edges = numpy.arange(top + 1) + 0.5
    edges[-1] = numpy.inf
    reached = numpy.zeros(top + 1)
    for start in range(0, len(n), 64):
        at = slice(start, start + 64)
        reached += weight[at] @ special.ndtr((edges[None, :] - charge[at, None]) / (gain * others))
    return numpy.diff(numpy.concatenate([[0.0], reached])) / weight.sum()


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    camera = sheet.Sheet(judge.camera(folder))
    gain = camera.derived["system gain K"]["value"]
    d65 = colour.SDS_ILLUMINANTS["D65"]
    v = colour.MSDS_CMFS["CIE 1931 2 Degree Standard Observer"]
    shape = numpy.interp(TABLE, d65.wavelengths, d65.values)
    eye = numpy.interp(TABLE, v.wavelengths, v.values[:, 1], right=0.0)
    shape /= 683.002 * (shape * eye)[TABLE <= 780.0].sum() * 5.0
    band = next(iter(camera.root["qe"]))
    rate = camera.electrons_s(band, NM, numpy.interp(NM, TABLE, shape))
    with open(folder + "/contrast.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    # daylight beyond 830 nm is the bench's extension, as table D65 ends there: its integral, and ours beside it
    bench_rate = float(rows[0]["rate_e_s"])
    if abs(rate / bench_rate - 1.0) > 0.05:
        print("the spectral integral is %.4f times ours" % (bench_rate / rate))
        verdict.failed.append("integral")
    rate = bench_rate
    for row in rows:
        luminance, contrast, dark = (float(row[key]) for key in ("luminance", "contrast", "dark_dn"))
        name = "%s/contrast/%.0f_%.0f" % (folder, luminance, 100.0 * contrast)
        where = "%.0f cd/m2 %.0f %%" % (luminance, 100.0 * contrast)
        seen = []
        for frame in range(int(row["frames"])):
            image = numpy.array(Image.open("%s_%d.tiff" % (name, frame)), float) - dark
            half = image.shape[1] // 2
            one, two = image[:, :half], numpy.roll(image, -(image.shape[0] // 2), axis=0)[:, half:]
            k = (one - two) / (one + two)
            seen.append((numpy.abs(k / contrast - 1.0) <= 0.5).mean())
        if luminance <= 100.0:
            a, b = (counts(camera, gain, rate * luminance * (1.0 + s * contrast), float(row["exposure_s"]))
                    for s in (1, -1))
            ia, ib = numpy.flatnonzero(a > 1e-9), numpy.flatnonzero(b > 1e-9)
            one, two = ia[:, None] - dark, ib[None, :] - dark
            with numpy.errstate(divide="ignore", invalid="ignore"):
                inside = numpy.abs((one - two) / (one + two) / contrast - 1.0) <= 0.5
            verdict.truth["detection", where]["value"] = float(a[ia] @ inside @ b[ib])
        verdict.check("detection", where, float(numpy.mean(seen)))
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
