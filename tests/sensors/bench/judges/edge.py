"""Slanted edge e-SFR and lateral colour, written from ISO 12233, for any lens and mosaics (sfr.py has a program that is not ours):
edge by centroids of row derivatives, a line fitted together with the sine and cosine of what is aliased, pixels put
in one line by their distance from it along their row, over rows in which the edge passes whole pixels, derivative,
window (flat within half of its reach, then a cosine: a Hamming window would cut into the line spread), transform,
the correction of the derivative's own sinc, and frequencies along the normal. Quarters of a pixel, as the standard bins
them, hold two or three pixels each, not evenly: that lifts the Nyquist frequency by 0.01 in a mosaic's plane."""
import csv
import sys

import numpy

import cv2
import judge

REACH_PX = 20.0  # to each side of the edge: beyond, there is only noise


def whole_rows(slope, count):
    """Rows about the middle in which the edge passes whole pixels: elsewhere in one its centroid is off by what is
    aliased, which is nothing over a whole one."""
    whole = numpy.floor(abs(slope) * count)
    rows = int(whole / abs(slope) + 0.5) if whole >= 1 else count
    first = (count - rows) // 2
    return slice(first, first + rows)


def fit_edge(image):
    """Column of the edge in each row as a straight line, by centroids of derivatives. Where in a pixel the edge is
    shifts them by what is aliased: once and twice per pixel, which would tilt a line fitted alone."""
    rows = numpy.arange(image.shape[0])
    columns = numpy.arange(image.shape[1] - 1) + 0.5
    slope = numpy.abs(numpy.diff(image, axis=1))
    centre = None
    for half in (1e9, 6.0, 5.0):
        weight = slope.copy()
        if centre is not None:
            weight *= numpy.abs(columns[None, :] - centre[:, None]) < half
        found = (weight * columns).sum(axis=1) / weight.sum(axis=1)
        used = slice(None) if centre is None else whole_rows(line[0], rows.size)
        terms = [rows[used], numpy.ones(rows[used].size)]
        if centre is not None:
            turn = 2.0 * numpy.pi * centre[used]
            terms += [numpy.cos(turn), numpy.sin(turn), numpy.cos(2.0 * turn), numpy.sin(2.0 * turn)]
        line = numpy.linalg.lstsq(numpy.stack(terms, axis=1), found[used], rcond=None)[0][:2]
        centre = numpy.polyval(line, rows)
    return line


def esf_to_mtf(image, step=1.0):
    """Modulation transfer against cycles per pixel, `step` pixels a sample, along the normal."""
    slope, offset = fit_edge(image)
    y, x = numpy.mgrid[: image.shape[0], : image.shape[1]]
    used = whole_rows(slope, image.shape[0])
    image, distance = image[used], (x - slope * y - offset)[used]
    reach = min(distance[:, -1].min(), -distance[:, 0].max(), REACH_PX / step)
    order = numpy.argsort(distance, axis=None, kind="stable")
    distance, spread = distance.ravel()[order], image.ravel()[order]
    middle, gap = 0.5 * (distance[1:] + distance[:-1]), numpy.diff(distance)
    far = numpy.abs(middle) / reach
    window = numpy.where(far < 0.5, 1.0, 0.5 + 0.5 * numpy.cos(2.0 * numpy.pi * (far - 0.5))) * (far < 1.0)
    line = window * numpy.diff(spread)
    f = numpy.arange(0.0, 0.6, 0.002)
    along = f[:, None] * step / numpy.hypot(1.0, slope)
    # a step between neighbours is the line spread's mean over their gap
    waves = numpy.exp(-2j * numpy.pi * along * middle) / numpy.sinc(along * gap)
    mtf = numpy.abs(waves @ line)
    return f, mtf / mtf[0]


def edges_of(image):
    """The square's left and right edges, and its upper and lower ones turned upright."""
    height, width = image.shape
    cy, cx = height // 2, width // 2
    reach = int(0.17 * height)
    out = int(0.13 * width)
    far = int(0.25 * width)
    rows = slice(cy - reach, cy + reach)
    parts = [image[rows, cx - far - out: cx - far + out], image[rows, cx + far - out: cx + far + out]]
    columns = slice(cx - reach, cx + reach)
    parts += [image[cy - far - out: cy - far + out, columns].T,
              image[cy + far - out: cy + far + out, columns].T]
    return parts


def middle(image):
    """Column and row of the square's middle: its mean upright edge meets its mean level one."""
    height, width = image.shape
    far, out, reach = int(0.25 * width), int(0.13 * width), int(0.17 * height)
    lines = [fit_edge(part) for part in edges_of(image)]
    upright = [lines[i][0] * reach + lines[i][1] + width // 2 + side * far - out for i, side in ((0, -1), (1, 1))]
    level = [lines[i][0] * reach + lines[i][1] + height // 2 + side * far - out for i, side in ((2, -1), (3, 1))]
    # of the mean lines at the middle of the picture: x = x0 + a (y - cy), y = y0 + b (x - cx)
    a, b = (lines[0][0] + lines[1][0]) / 2.0, (lines[2][0] + lines[3][0]) / 2.0
    x0, y0 = numpy.mean(upright), numpy.mean(level)
    x = (x0 + a * (y0 - height // 2 - b * (width // 2))) / (1.0 - a * b)
    return x, y0 + b * (x - width // 2)


def flat_fielded(folder, name):
    """A picture over that of an even light."""
    read = lambda name: cv2.imread("%s/%s.tiff" % (folder, name), cv2.IMREAD_UNCHANGED)
    return read(name).astype(float) / read(name + "_flat")


def check_curve(verdict, name, f, mtf):
    """Modulation transfer at the frequencies of truth, and where it falls to a half."""
    for quantity, where in sorted(verdict.truth):
        if quantity == "MTF" and where.rsplit("/", 1)[0] == name:
            at = float(where.rsplit("/", 1)[1])
            verdict.check(quantity, where, float(numpy.interp(at, f, mtf)))
        if quantity == "MTF50" and where == name:
            first = numpy.flatnonzero(mtf < 0.5)[0]
            share = (mtf[first - 1] - 0.5) / (mtf[first - 1] - mtf[first])
            verdict.check(quantity, where, float(f[first - 1] + share * (f[first] - f[first - 1])))


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    with open(folder + "/edges.csv", newline="") as file:
        shots = list(csv.DictReader(file))
    places = {}
    for shot in shots:
        image = flat_fielded(folder, shot["name"])
        step = float(shot["pixels_per_sample"])
        place = numpy.array(middle(image)) * step + [float(shot["first_x"]), float(shot["first_y"])]
        field = shot["name"].split("_w")[0]
        places.setdefault(field, place)
        if ("lateral_color", shot["name"]) in verdict.truth:
            out = numpy.array([float(shot["out_x_px"]), float(shot["out_y_px"])])
            out = out / numpy.hypot(*out) if numpy.hypot(*out) > 1.0 else numpy.array([1.0, 0.0])
            verdict.check("lateral_color", shot["name"], float((place - places[field]) @ out))
        curves = [esf_to_mtf(part, step) for part in edges_of(image)]
        f = curves[0][0]
        mtf = numpy.mean([curve[1] for curve in curves], axis=0)
        check_curve(verdict, shot["name"], f, mtf)
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
