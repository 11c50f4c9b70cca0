"""SNR over the whole range, its dips, dynamic range and companding, from frames and the sheet. The closed
form and the fusion are written here again, from camera.md 1.6. numpy, OpenCV reads the files."""
import csv
import math
import statistics
import sys

import cv2
import numpy

import judge
import sheet


class Read:
    """One read of the sensor as the sheet promises it."""

    def __init__(self, camera, entry, setup):
        small = entry is not None and entry["small"]["value"] > 0.5
        self.small = small
        well = camera.number("small" if small else "pixel", "full_well_e")
        counts = 2.0 ** camera.number("readout", "bit_depth") - 1 - camera.number("readout", "black_level_dn")
        conversion = camera.number("readout", "conversion_e_dn")
        if small or conversion <= 0.0:
            conversion = well / counts
        own = {key: value["value"] for key, value in entry.items() if key != "name"} if entry else {}
        conversion = own.get("conversion_e_dn", 0.0) or conversion
        self.gain = camera.number("readout", "analog_gain") / conversion
        self.full = min(well, counts / self.gain, own.get("range_e", 0.0) or well)
        noise = {key: own[key] if own.get(key, -1.0) >= 0.0 else camera.number("readout", key)
                 for key in ("read_noise_e", "row_noise_e")}
        self.noise2 = noise["read_noise_e"] ** 2 + noise["row_noise_e"] ** 2
        self.exposure = self.exposed(camera, own, setup["exposure_s"])
        self.after = own.get("after", 0) > 0.5
        self.answer = float(camera.qe(setup["band"], setup["nm"]))
        if small:
            self.answer *= camera.number("small", "sensitivity") * camera.number("small", setup["band"])
        above = camera.number("pixel", "temperature_kelvin") - camera.number("pixel", "dark_temperature_kelvin")
        self.dark = (camera.number("small" if small else "pixel", "dark_current_e_s") * self.exposure
                     * 2.0 ** (above / camera.number("pixel", "dark_doubling_kelvin")))
        self.low = camera.number("hdr", "blend_low") * self.full * self.gain
        self.high = camera.number("hdr", "blend_high") * self.full * self.gain

    @staticmethod
    def exposed(camera, own, longest):
        """Whole rows of exposure over ratio, within limits."""
        wanted = max(longest / own.get("exposure_ratio", 1.0), own.get("exposure_min_s", 0.0))
        if own.get("exposure_max_s", 0.0) > 0.0:
            wanted = min(wanted, own["exposure_max_s"])
        row = camera.number("shutter", "row_time_s")
        if wanted == longest or row == 0.0:
            return wanted
        return max(1, round(wanted / row)) * row

    def electrons(self, photons_s):
        return photons_s * self.answer * self.exposure + self.dark


class Sensor:
    def __init__(self, camera, setup):
        entries = camera.root.get("reads") or []
        self.names = [entry["name"] for entry in entries] or ["raw"]
        self.reads = [Read(camera, entry, setup) for entry in entries] or [Read(camera, None, setup)]
        first = self.reads[0]
        for read in self.reads:
            read.scale = (first.gain * first.answer * first.exposure) / (read.gain * read.answer * read.exposure)
        knees = camera.root.get("companding")
        self.knees = (knees["linear_dn"], knees["code_dn"]) if knees else None
        self.black = camera.number("readout", "black_level_dn")
        self.fused = len(self.reads) > 1 or self.knees is not None
        several = len(self.reads) > 1
        own = entries[0]["dsnu_e"]["value"] if entries else -1.0
        dsnu = own if own >= 0.0 else camera.number("pixel", "dsnu_e")
        spread = first.dark * math.sqrt(math.exp(camera.number("pixel", "dark_spread") ** 2) - 1.0)
        self.offset = first.gain * math.hypot(dsnu, spread)
        self.fused_black = camera.number("hdr", "black_dn") if several else self.black
        self.top = 2.0 ** (camera.number("hdr", "bits") if several else camera.number("readout", "bit_depth")) - 1

    def compress(self, linear):
        return numpy.interp(linear, *self.knees) if self.knees else linear

    def expand(self, code):
        return numpy.interp(code, self.knees[1], self.knees[0]) if self.knees else code

    def fuse(self, counts):
        """Linear counts, black included, from each read's codes: the most sensitive one that is not near
        its top, blended linearly into the next."""
        value = [counts[k].astype(float) - self.black for k in range(len(self.reads))]
        fused = value[-1] * self.reads[-1].scale
        for k in reversed(range(len(self.reads) - 1)):
            read = self.reads[k]
            share = numpy.clip((read.high - value[k]) / (read.high - read.low), 0.0, 1.0)
            fused = share * value[k] * read.scale + (1.0 - share) * fused
        return numpy.clip(numpy.floor(fused + self.fused_black + 0.5), 0.0, self.top)

    def read_snr(self, k, photons_s):
        read = self.reads[k]
        signal = read.gain * (read.electrons(photons_s) - read.dark)
        return signal / math.sqrt(read.gain**2 * (read.noise2 + read.electrons(photons_s)) + 1.0 / 12.0)

    def linear(self, photons_s):
        """Mean and standard deviation of the fused signal. Reads of one diode and one exposure are of the
        same charge, so their shot noise adds, not its square."""
        left, mean, variance, shot = 1.0, 0.0, 0.0, {}
        for k, read in enumerate(self.reads):
            own = read.gain * min(read.electrons(photons_s), read.full)
            share = 1.0 if k == len(self.reads) - 1 else min(max((read.high - own) / (read.high - read.low), 0.0), 1.0)
            weight, left = left * share * read.scale, left * (1.0 - share)
            mean += weight * own
            variance += weight**2 * (read.gain**2 * read.noise2 + 1.0 / 12.0)
            charge = (read.small, read.exposure, read.after)
            moved = shot.setdefault(charge, [0.0, 0.0])
            moved[0] += weight * read.gain
            moved[1] = read.electrons(photons_s) if read.electrons(photons_s) < read.full else 0.0
        variance += sum(gain**2 * electrons for gain, electrons in shot.values())
        return mean + self.fused_black, math.sqrt(variance)

    def coded(self, photons_s):
        """Mean and standard deviation of expanded codes of a pixel: normal noise at its quantiles, electrons
        of weak light one by one, pixels whose offsets differ; noise below code 0 is cut off."""
        mean, sigma = self.linear(photons_s)
        first = self.reads[0]
        electrons = first.electrons(photons_s)
        signal = mean + sigma * NOISE
        if electrons < 20.0:
            counts = numpy.random.default_rng(1).poisson(electrons, NOISE.size)
            noise = math.sqrt(first.gain**2 * first.noise2 + 1.0 / 12.0)
            signal = self.fused_black + first.gain * counts + noise * NOISE
        linear = numpy.clip(numpy.floor(signal + self.offset * PIXELS[:, None] + 0.5), 0.0, self.top)
        out = self.expand(numpy.floor(self.compress(linear) + 0.5))
        return out.mean(), math.sqrt(out.var(axis=1).mean())

    def fused_snr(self, photons_s):
        bright, sigma = self.coded(photons_s)
        return (bright - self.coded(0.0)[0]) / sigma

    def snr(self, k, photons_s):
        return self.read_snr(k, photons_s) if k < len(self.reads) else self.fused_snr(photons_s)

    def range_db(self, k):
        first = self.reads[0]
        low = 1e-3 / (first.answer * first.exposure)
        high = 1e8 * low
        for _ in range(40):
            middle = math.sqrt(low * high)
            low, high = (middle, high) if self.snr(k, middle) < 1.0 else (low, middle)
        read = self.reads[min(k, len(self.reads) - 1)]
        most = (read.full - read.dark) / (read.answer * read.exposure)
        if k == len(self.reads):
            top = float(self.expand(numpy.floor(self.compress(self.top)))) - self.coded(0.0)[0]
            most = min(most, top / (first.gain * first.answer * first.exposure))
        return 20.0 * math.log10(most / low)


NORMAL = numpy.vectorize(statistics.NormalDist().inv_cdf)  # standard normal quantiles
NOISE = NORMAL((numpy.arange(20000) + 0.5) / 20000)
PIXELS = NORMAL((numpy.arange(20) + 0.5) / 20)


def load(folder, step, name, copy):
    return cv2.imread("%s/steps/%03d_%s_%d.tiff" % (folder, step, name, copy), cv2.IMREAD_UNCHANGED)


def main():
    folder, expected = judge.arguments()
    verdict = judge.Verdict(folder)
    camera = sheet.Sheet(judge.camera(folder))
    with open(folder + "/steps.csv", newline="") as file:
        table = list(csv.DictReader(file))
    setup = {"exposure_s": float(table[0]["exposure_s"]), "band": table[0]["band"],
             "nm": float(table[0]["wavelength_nm"])}
    sensor = Sensor(camera, setup)
    photons = numpy.array([float(row["photons_s"]) for row in table])
    names = sensor.names + (["fused"] if sensor.fused else [])
    mean, sigma, off = {}, {}, 0.0
    for k, name in enumerate(names):
        mean[k], sigma[k] = numpy.zeros(photons.size), numpy.zeros(photons.size)
        for step in range(photons.size):
            a, b = (load(folder, step, name, copy).astype(float) for copy in (0, 1))
            if name == "fused":
                a, b = sensor.expand(a), sensor.expand(b)
            mean[k][step] = 0.5 * (a.mean() + b.mean())
            sigma[k][step] = math.sqrt(max((a - b).var() / 2.0, 1e-12))
    if sensor.fused:
        for step in range(photons.size):
            for copy in (0, 1):
                linear = sensor.fuse([load(folder, step, name, copy) for name in sensor.names])
                code = load(folder, step, "fused", copy)
                off = max(off, float(numpy.abs(code - sensor.compress(linear)).max()))
        verdict.check("companding_error", "fused", off)
    snr, clear = {}, {}
    for k, name in enumerate(names):
        snr[k] = (mean[k] - mean[k][0]) / sigma[k]
        clear[k] = (snr[k] > 1.0) & (mean[k] + 5.0 * sigma[k] < mean[k][-1])
        ours = {step: sensor.snr(k, photons[step]) for step in numpy.flatnonzero(clear[k])}
        worst = max((20.0 * math.log10(snr[k][step] / true) for step, true in ours.items()), key=abs)
        verdict.check("snr_off", name, worst)
        good = int(numpy.flatnonzero(snr[k] > 2.0)[0])
        while snr[k][good - 1] > 1.0:
            good -= 1
        low, high = numpy.log(numpy.maximum(snr[k][good - 1:good + 1], 1e-9))
        least = photons[good - 1] * (photons[good] / photons[good - 1]) ** (-low / (high - low))
        top = mean[k][-1] - mean[k][0]
        inner = int(numpy.flatnonzero(mean[k] - mean[k][0] < 0.7 * top)[-1])
        most = top / ((mean[k][inner] - mean[k][0]) / photons[inner])
        verdict.truth["dynamic_range", name]["value"] = sensor.range_db(k)  # not the bench's word
        verdict.check("dynamic_range", name, 20.0 * math.log10(most / least))
    fused = len(sensor.reads)
    for k, read in enumerate(sensor.reads[:-1]):
        following = sensor.reads[k + 1]
        own = read.gain * numpy.array([read.electrons(p) for p in photons])
        further = following.gain * numpy.array([following.electrons(p) for p in photons])
        before = int(numpy.flatnonzero(own <= read.low)[-1])
        after = [step for step in numpy.flatnonzero(clear[fused]) if step > before and
                 (k + 2 == fused or further[step] <= following.low)]
        where = "%s>%s" % (sensor.names[k], sensor.names[k + 1])
        if before == 0 or not after:
            continue
        lowest = min(after, key=lambda step: sensor.snr(fused, photons[step]))
        verdict.truth["dip", where]["value"] = 20.0 * math.log10(
            sensor.snr(fused, photons[before]) / sensor.snr(fused, photons[lowest]))
        verdict.check("dip", where, 20.0 * math.log10(snr[fused][before] / snr[fused][lowest]))
    return verdict.end(expected)


if __name__ == "__main__":
    sys.exit(main())
