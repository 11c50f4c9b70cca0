"""Double image of a wedged pane from the light on the sensor, and its transmission, against Snell and
Fresnel written again. The straight image is round: what lies a quarter turn about its middle is taken
off. numpy."""
import csv
import sys

import numpy

import edge
import judge

ARCMIN = numpy.pi / 180.0 / 60.0


def faces(index, incidence):
    """Reflectances for s and p by Fresnel's amplitudes."""
    c = numpy.cos(incidence)
    k = numpy.sqrt(1.0 - (numpy.sin(incidence) / index) ** 2)
    return numpy.array([((c - index * k) / (c + index * k)) ** 2, ((index * c - k) / (index * c + k)) ** 2])


def bilinear(image, x, y):
    x0, y0 = numpy.floor(x).astype(int), numpy.floor(y).astype(int)
    inside = (x0 >= 0) & (y0 >= 0) & (x0 + 1 < image.shape[1]) & (y0 + 1 < image.shape[0])
    x0, y0 = numpy.where(inside, x0, 0), numpy.where(inside, y0, 0)
    u, v = x - x0, y - y0
    value = ((1 - v) * ((1 - u) * image[y0, x0] + u * image[y0, x0 + 1])
             + v * ((1 - u) * image[y0 + 1, x0] + u * image[y0 + 1, x0 + 1]))
    return numpy.where(inside, value, 0.0)


def gather(image, at, x, y, radius=4):
    """Centroid and light of a square about a place."""
    near = (abs(x - at[1]) <= radius) & (abs(y - at[0]) <= radius)
    light = image[near].sum()
    return (image * x)[near].sum() / light, (image * y)[near].sum() / light, light


def level(image):
    """Transfer of the square's level edges."""
    f, first = edge.esf_to_mtf(edge.edges_of(image)[2])
    return f, 0.5 * (first + edge.esf_to_mtf(edge.edges_of(image)[3])[1])


def deviation(index, incidence, wedge):
    """Of the straight ray, by Snell at two planes that are not parallel."""
    inside = numpy.arcsin(numpy.sin(incidence) / index)
    out = numpy.arcsin(index * numpy.sin(inside + wedge)) - wedge
    return abs(out - incidence)


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    load = lambda name: numpy.loadtxt(folder + "/" + name, delimiter=",")
    free, bare = load("point_free.csv"), level(load("square_free.csv"))
    with open(folder + "/windshield.csv", newline="") as file:
        for row in csv.DictReader(file):
            rake, wedge, index, focal = (float(row[key]) for key in ("rake_deg", "wedge_rad", "index", "focal_px"))
            where = "%.0f deg %.2f mrad" % (rake, wedge * 1e3)
            image = load(row["file"])
            y, x = numpy.indices(image.shape)
            fx, fy, _ = gather(free, numpy.unravel_index(free.argmax(), free.shape), x, y)
            cx, cy, direct = gather(image, numpy.unravel_index(image.argmax(), image.shape), x, y)
            turned = bilinear(image, cx + (y - cy), cy - (x - cx))
            rest = numpy.where(numpy.hypot(x - cx, y - cy) < 4.0, 0.0, image - turned)
            gx, gy, light = gather(rest, numpy.unravel_index(rest.argmax(), rest.shape), x, y)
            incidence = numpy.radians(rake)
            share = faces(index, incidence)
            straight = ((1 - share) ** 2).mean()
            true = {"double_angle": 2 * wedge * numpy.sqrt(index**2 - numpy.sin(incidence) ** 2)
                    / numpy.cos(incidence) / ARCMIN,
                    "double_ratio": ((1 - share) ** 2 * share**2).mean() / straight, "transmission": straight,
                    "prism": deviation(index, incidence, wedge) / ARCMIN}
            for quantity, value in true.items():
                verdict.truth[quantity, where]["value"] = float(value)  # not the bench's word for it
            verdict.check("double_angle", where, float(numpy.hypot(gx - cx, gy - cy) / focal / ARCMIN))
            verdict.check("double_ratio", where, float(light / direct))
            verdict.check("transmission", where, float(row["straight"]))
            verdict.check("prism", where, float(numpy.hypot(cx - fx, cy - fy) / focal / ARCMIN))
            # the double image as a second edge, along the wedge
            glazed = level(load(row["square"]))
            apart = true["double_angle"] * ARCMIN * float(row["short_px"]) * numpy.cos(numpy.radians(5.0))
            for f in (0.1, 0.2, 0.3, 0.4):
                at = "%s/%.1f" % (where, f)
                before, after = (float(numpy.interp(f, *curve)) for curve in (bare, glazed))
                ratio = true["double_ratio"]
                factor = abs(1 + ratio * numpy.exp(2j * numpy.pi * f * apart)) / (1 + ratio)
                verdict.truth["mtf_change", at]["value"] = before * (factor - 1.0)
                verdict.check("mtf_change", at, after - before)
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
