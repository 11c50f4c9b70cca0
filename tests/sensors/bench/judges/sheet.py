"""A sheet as `blacktop camera sheet --json` gives it: numbers, and quantum efficiency as curves."""
import json
import os
import subprocess

import numpy

PLANCK, LIGHT = 6.62607015e-34, 299792458.0  # SI, exact


class Sheet:
    def __init__(self, name):
        text = subprocess.run([os.environ["BLACKTOP"], "camera", "sheet", name, "--json"],
                              capture_output=True, check=True, text=True).stdout
        self.root = json.loads(text)["sheet"]
        self.derived = json.loads(text)["derived"]

    def number(self, section, key):
        return self.root[section][key]["value"]

    def qe(self, band, nm):
        """Electrons per photon; nothing beyond a curve's ends."""
        curve = self.root["qe"][band]
        value = numpy.interp(nm, curve["wavelength_nm"], curve["value"], left=0.0, right=0.0)
        if "ir_cut" in self.root:
            cut = self.root["ir_cut"]
            value = value * numpy.interp(nm, cut["wavelength_nm"], cut["value"])
        return value

    def electrons_s(self, band, nm, radiance):
        """Electrons per second of a radiance in W m^-2 sr^-1 nm^-1 given at fine steps, on the axis."""
        n = self.number("lens", "f_number")
        area = self.number("array", "pixel_pitch_m") ** 2
        optics = area * numpy.pi / (4.0 * n * n + 1.0) * self.number("lens", "transmission")
        # the renderer keeps what a band answers every 5 nm, straight lines between
        table = numpy.arange(380.0, 1000.1, 5.0)
        answer = numpy.interp(nm, table, self.qe(band, table) * table * 1e-9 / (PLANCK * LIGHT))
        return numpy.trapezoid(optics * answer * radiance, nm)


BANDS = {"R": "red", "Gr": "green", "Gb": "green", "G": "green", "B": "blue", "mono": "mono"}
