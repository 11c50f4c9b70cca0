"""Flicker modulation index and the bands' period, from frames, against the overlap of two intervals:
the row's exposure and the lamp's pulses. numpy; OpenCV reads the files."""
import csv
import sys

import cv2
import numpy

import judge
import sheet


def seen(start, exposure, hz, duty):
    """Share of its mean light that a row sees which opens at `start`, in seconds from a pulse's begin."""
    def lit(until):
        whole = numpy.floor(until * hz)
        return (whole * duty + numpy.minimum(until * hz - whole, duty)) / hz
    return (lit(start + exposure) - lit(start)) / (exposure * duty)


def fit(signal, rows, exposure, hz, duty, row_time):
    """Row time that explains the bands best, and the residue."""
    def residue(scale, phase):
        model = seen(rows * row_time * scale + phase / hz, exposure, hz, duty)
        factor = (model * signal).sum() / (model * model).sum()
        return float(((signal - factor * model) ** 2).sum())
    best, at, width = None, (1.0, 0.5), (0.02, 0.5)
    for _ in range(7):
        for scale in numpy.linspace(at[0] - width[0], at[0] + width[0], 21):
            for phase in numpy.linspace(at[1] - width[1], at[1] + width[1], 41):
                own = residue(scale, phase % 1.0)
                if best is None or own < best[0]:
                    best = (own, scale, phase)
        at, width = best[1:], (width[0] / 4.0, width[1] / 4.0)
    return best[1]


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    camera = sheet.Sheet(judge.camera(folder))
    row_time = camera.number("shutter", "row_time_s")
    with open(folder + "/flicker.csv", newline="") as file:
        for row in csv.DictReader(file):
            hz, duty, exposure = (float(row[key]) for key in ("hz", "duty", "exposure_s"))
            where = "%.0f Hz %.0f %%" % (hz, 100.0 * duty)
            black = float(row["black"])
            signal = numpy.array([cv2.imread("%s/flicker/%.0f_%.0f_%d.tiff" % (folder, hz, 100 * duty, phase),
                                             cv2.IMREAD_UNCHANGED).mean(axis=1) - black
                                  for phase in range(int(row["phases"]))])
            dense = seen(numpy.arange(100000) / 100000.0 / hz, exposure, hz, duty)
            # the middle of the time that it stays at either level: not the extremes of noise
            below = 50.0 * (dense < dense.min() + 1e-6).mean()
            above = 50.0 * (dense > dense.max() - 1e-6).mean()
            low, high = numpy.percentile(signal, [below, 100.0 - above])
            index = (high - low) / (high + low)
            verdict.truth["flicker_index", where]["value"] = (dense.max() - dense.min()) / (dense.max() + dense.min())
            verdict.check("flicker_index", where, float(index))
            # how often a row sees six tenths of the mean
            verdict.truth["detection", where]["value"] = float((dense >= 0.6 * dense.mean()).mean())
            verdict.check("detection", where, float((signal >= 0.6 * signal.mean()).mean()))
            if ("band_period", where) in verdict.truth:
                rows = numpy.arange(int(row["rows"])) * int(row["rows_per_sample"])
                scale = numpy.mean([fit(own, rows, exposure, hz, duty, row_time) for own in signal])
                verdict.truth["band_period", where]["value"] = 1.0 / (hz * row_time)
                verdict.check("band_period", where, 1.0 / (hz * row_time * scale))
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
