-- A forward camera of 2.5 megapixels, OmniVision OX03C10 class, 40 degrees: the large photodiode at low gain.
--
-- The sensor fuses four reads (large diode at two gains, small diode, a very short one); this sheet is the
-- first of them alone, as the camera here reads one exposure.

local rgb = require "cameras.rgb_shape"

local function datasheet(value, source) return { value = value, from = "datasheet", source = source } end
local function derived(value, source) return { value = value, from = "derived", source = source } end
local function guessed(value, source) return { value = value, from = "guessed", source = source } end

local driver = "a public driver and camera table of openpilot (ar0231.cc, ox03c10.cc, camera.py)"

return {
    name = "ox03c10",
    description = "forward camera, OX03C10 class, 40 degrees, large photodiode",

    array = {
        width_px = datasheet(1928, driver),
        height_px = datasheet(1208, driver),
        pixel_pitch_m = datasheet(3.0e-6, "OX03C10, vendor's product brief"),
        mosaic = "GRBG",
    },

    lens = {
        model = "brown_conrady",
        fx_px = derived(2648, "focal length of the road camera in " .. driver),
        f_number = guessed(1.8, "usual for this class"),
        transmission = guessed(0.9, "six coated elements and the filter"),
        blur_sigma_px = guessed(0.4, "Airy disc of 2.4 um and aberration on 3 um pixels"),
    },

    qe = {
        red = rgb.red(0.62, "guessed for a 3 um back-illuminated pixel"),
        green = rgb.green(0.70, "guessed for a 3 um back-illuminated pixel"),
        blue = rgb.blue(0.60, "guessed for a 3 um back-illuminated pixel"),
    },

    shutter = {
        row_time_s = derived(12.2e-6, "14.697 ms over 1208 rows, " .. driver),
        auto = true,
        exposure_min_s = guessed(24.4e-6, "two rows"),
        exposure_max_s = guessed(16e-3, "motion blur"),
    },

    pixel = {
        full_well_e = guessed(15000, "the large diode at low conversion gain"),
        prnu = guessed(0.0054, "0.544 percent fitted to an IMX363, ISET, arXiv 2201.07411"),
        dsnu_e = guessed(1.0, "of the order of back-illuminated pixels"),
        dark_current_e_s = guessed(5.0, "of the order of back-illuminated pixels"),
        dark_temperature_kelvin = guessed(298.15, "not stated"),
        dark_doubling_kelvin = guessed(7, "6 to 8 K is usual for silicon"),
        dark_spread = guessed(0.5, "log-normal tail"),
        hot_fraction = guessed(2e-5, "a few dozen pixels"),
        hot_factor = guessed(200, "chosen"),
        temperature_kelvin = guessed(323.15, "behind a sunlit windshield"),
    },

    readout = {
        analog_gain = guessed(1, "unity; 1 to 15.5 in " .. driver),
        analog_gain_max = datasheet(15.5, driver),
        read_noise_e = guessed(3.0, "low conversion gain; 7.32 times less gain than the high one"),
        row_noise_e = guessed(0.4, "an eighth of read noise"),
        black_level_dn = guessed(64, "before companding; 0 after it in the driver"),
        bit_depth = datasheet(12, driver),
    },

    isp = {
        white_kelvin = guessed(5500, "sun and sky"),
        key = guessed(0.2, "a mid grey"),
        gain_max = guessed(6, "beyond, read noise shows"),
        highlights = guessed(0.02, "sun, lamps and glints may clip"),
        knee = guessed(0.45, "by eye"),
        contrast = guessed(0.3, "by eye"),
        saturation = guessed(1.1, "by eye"),
    },
}
