"""Flare in a black patch and a ghost's place and energy, from the light on the sensor. Scatter by quadrature
of Harvey's form over the hemisphere, diffraction by quadrature of Airy's pattern. numpy, scipy."""
import csv
import sys

import numpy
from scipy.special import j1

import judge


def within(density, low, high):
    """Integral of a radial density over the ring between two radii."""
    edges = numpy.geomspace(max(low, 1e-7), high, 400001)
    middle = 0.5 * (edges[1:] + edges[:-1])
    return float((2.0 * numpy.pi * middle * density(middle) * numpy.diff(edges)).sum())


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    with open(folder + "/flare.csv", newline="") as file:
        p = {key: float(value) for key, value in next(csv.DictReader(file)).items()}
    patch, white, point, ghost = (numpy.loadtxt("%s/%s.csv" % (folder, name), delimiter=",")
                                  for name in ("patch", "white", "point", "ghost"))

    def harvey(sine):
        return (1.0 + (sine / p["shoulder"]) ** 2) ** (-0.5 * p["slope"])

    def airy(radius_px):
        x = numpy.pi * radius_px * p["pitch_m"] / (p["wavelength_nm"] * 1e-9 * p["f_number"])
        return (2.0 * j1(x) / x) ** 2

    sines = [numpy.sin(numpy.arctan(p[key] / p["focal_px"])) for key in ("patch_px", "field_px")]
    all_airy = within(airy, 0.0, 1e4)
    ring = (p["share"] * within(harvey, *sines) / within(harvey, 0.0, 1.0)
            + (1 - p["share"]) * within(airy, p["patch_px"], p["field_px"]) / all_airy)
    field = (p["share"] * within(harvey, 0.0, sines[1]) / within(harvey, 0.0, 1.0)
             + (1 - p["share"]) * within(airy, 0.0, p["field_px"]) / all_airy)
    verdict.truth["flare", "middle"]["value"] = 100.0 * ring / field  # not the bench's word for it
    middle = tuple(slice(size // 2 - 2, size // 2 + 2) for size in patch.shape)
    verdict.check("flare", "middle", float(100.0 * patch[middle].sum() / white[middle].sum()))
    verdict.truth["flare_counts", "middle"]["value"] = verdict.truth["flare", "middle"]["value"]
    verdict.check("flare_counts", "middle", 100.0 * p["patch_dn"] / p["times"] / p["white_dn"])
    glare = numpy.loadtxt(folder + "/glare.csv", delimiter=",")
    y, x = numpy.indices(glare.shape)
    radius = numpy.hypot(*(numpy.array([y, x]) - 0.5 * (numpy.array(glare.shape)[:, None, None] - 1.0)))
    all_harvey = within(harvey, 0.0, 1.0)
    for inner, outer in ((6, 9), (12, 18), (24, 36), (48, 64)):
        low, high = numpy.arctan(inner / p["focal_px"]), numpy.arctan(outer / p["focal_px"])
        where, solid = "%.2f deg" % numpy.degrees(0.5 * (low + high)), 2 * numpy.pi * (numpy.cos(low) - numpy.cos(high))
        share = (p["share"] * within(harvey, numpy.sin(low), numpy.sin(high)) / all_harvey
                 + (1 - p["share"]) * within(airy, inner, outer) / all_airy)
        verdict.truth["glare_spread", where]["value"] = share / solid
        ring = glare[(radius >= inner) & (radius < outer)]
        mean = ring.mean() * numpy.pi * (outer**2 - inner**2) / p["point_e_s"]
        verdict.check("glare_spread", where, float(mean / solid))
    more = ghost - point
    y, x = numpy.indices(more.shape)
    centre = 0.5 * (numpy.array(more.shape) - 1.0)
    verdict.truth["ghost_x", "point"]["value"] = p["ghost_scale"] * p["point_x_px"]
    verdict.truth["ghost_y", "point"]["value"] = p["ghost_scale"] * p["point_y_px"]
    verdict.check("ghost_x", "point", float((more * x).sum() / more.sum() - centre[1]))
    verdict.check("ghost_y", "point", float((more * y).sum() / more.sum() - centre[0]))
    verdict.check("ghost_energy", "point", float(more.sum() / point.sum()))
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
