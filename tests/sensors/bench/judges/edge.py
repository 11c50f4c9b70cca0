"""Slanted edge e-SFR and lateral colour, written from ISO 12233 (no package of the registry measures it without more):
edge by centroids of row derivatives, a line fitted, pixels binned by their distance from it along their
row, in quarters of a pixel, over rows in which the edge passes whole pixels, each bin's mean moved to its
middle (along the normal, unmoved, bins fill unevenly and lift the Nyquist frequency by 2 %), derivative,
window (flat within half of its reach, then a cosine: a Hamming window would cut into the line spread),
transform, the correction of the derivative's own sinc, and frequencies along the normal."""
import csv
import sys

import numpy

import cv2
import judge

BINS = 4  # per pixel
REACH = 20  # samples to each side of the edge: beyond, there is only noise


def whole_rows(slope, count):
    """Rows about the middle in which the edge passes whole pixels: elsewhere in one its centroid is off by what is
    aliased, which is nothing over a whole one."""
    whole = numpy.floor(abs(slope) * count)
    rows = int(whole / abs(slope) + 0.5) if whole >= 1 else count
    first = (count - rows) // 2
    return slice(first, first + rows)


def fit_edge(image):
    """Column of the edge in each row as a straight line, by centroids of derivatives."""
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
        line = numpy.polyfit(rows[used], found[used], 1)
        centre = numpy.polyval(line, rows)
    return line


def esf_to_mtf(image):
    """Modulation transfer against cycles per sample of the plane, along the normal."""
    slope, offset = fit_edge(image)
    y, x = numpy.mgrid[: image.shape[0], : image.shape[1]]
    used = whole_rows(slope, image.shape[0])
    image, distance = image[used], (x - slope * y - offset)[used]
    half = int(min(distance.max(), -distance.min(), REACH) * BINS) - 1
    place = numpy.floor(distance * BINS + 0.5).astype(int)
    inside = numpy.abs(place) <= half
    sums = numpy.bincount(place[inside] + half, image[inside], 2 * half + 1)
    counts = numpy.bincount(place[inside] + half, minlength=2 * half + 1)
    off = numpy.bincount(place[inside] + half, (distance * BINS - place)[inside], 2 * half + 1)
    known = counts > 0
    at = numpy.arange(2 * half + 1)
    esf = numpy.interp(at, at[known], sums[known] / counts[known])
    # the few pixels of a bin do not lie about its middle
    esf -= numpy.gradient(esf) * numpy.where(known, off / numpy.maximum(counts, 1), 0.0)
    lsf = (esf[2:] - esf[:-2]) / 2.0
    far = numpy.abs(numpy.linspace(-1.0, 1.0, lsf.size))
    lsf *= numpy.where(far < 0.5, 1.0, 0.5 + 0.5 * numpy.cos(2.0 * numpy.pi * (far - 0.5)))
    mtf = numpy.abs(numpy.fft.rfft(lsf, 8192))
    f = numpy.fft.rfftfreq(8192, 1.0 / BINS)
    # derivative over two bins, and the bin itself
    mtf /= numpy.maximum(numpy.abs(numpy.sinc(2.0 * f / BINS) * numpy.sinc(f / BINS)), 1e-3)
    return f, numpy.interp(f, f * numpy.hypot(1.0, slope), mtf / mtf[0])


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


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    with open(folder + "/edges.csv", newline="") as file:
        shots = list(csv.DictReader(file))
    places = {}
    for shot in shots:
        read = lambda name: cv2.imread("%s/%s.tiff" % (folder, name), cv2.IMREAD_UNCHANGED)
        image = read(shot["name"]).astype(float) / read(shot["name"] + "_flat")  # flat field
        step = float(shot["pixels_per_sample"])
        place = numpy.array(middle(image)) * step + [float(shot["first_x"]), float(shot["first_y"])]
        field = shot["name"].split("_w")[0]
        places.setdefault(field, place)
        if ("lateral_color", shot["name"]) in verdict.truth:
            out = numpy.array([float(shot["out_x_px"]), float(shot["out_y_px"])])
            out = out / numpy.hypot(*out) if numpy.hypot(*out) > 1.0 else numpy.array([1.0, 0.0])
            verdict.check("lateral_color", shot["name"], float((place - places[field]) @ out))
        curves = [esf_to_mtf(part) for part in edges_of(image)]
        f = curves[0][0] / step
        mtf = numpy.mean([curve[1] for curve in curves], axis=0)
        for quantity, where in sorted(verdict.truth):
            if quantity == "MTF" and where.rsplit("/", 1)[0] == shot["name"]:
                at = float(where.rsplit("/", 1)[1])
                verdict.check(quantity, where, float(numpy.interp(at, f, mtf)))
            if quantity == "MTF50" and where == shot["name"]:
                first = numpy.flatnonzero(mtf < 0.5)[0]
                share = (mtf[first - 1] - 0.5) / (mtf[first - 1] - mtf[first])
                verdict.check(quantity, where, float(f[first - 1] + share * (f[first] - f[first - 1])))
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
