-- A forward camera of 2.3 megapixels, onsemi AR0231AT class, 40 degrees. One exposure.

local rgb = require "cameras.rgb_shape"

local from = require "sheets.from"
local datasheet, derived, guessed = from.datasheet, from.derived, from.guessed

local driver = "a public driver and camera table of openpilot (ar0231.cc, ox03c10.cc, camera.py)"

return {
    name = "ar0231",
    description = "forward camera, AR0231AT class, 40 degrees, f/1.8",

    array = {
        width_px = datasheet(1928, driver),
        height_px = datasheet(1208, driver),
        pixel_pitch_m = datasheet(3.0e-6, "AR0231AT, vendor's product page"),
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
        red = rgb.red(0.55, "guessed for a 3 um pixel"),
        green = rgb.green(0.60, "guessed for a 3 um pixel"),
        blue = rgb.blue(0.52, "guessed for a 3 um pixel"),
    },

    shutter = {
        row_time_s = derived(18.9e-6, "22.85 ms over 1208 rows, " .. driver),
        auto = true,
        exposure_min_s = guessed(37.8e-6, "two rows"),
        exposure_max_s = derived(40e-3, "2133 lines, " .. driver),
    },

    pixel = {
        full_well_e = guessed(12000, "one conversion gain of a 3 um pixel"),
        prnu = guessed(0.0054, "0.544 percent fitted to an IMX363, ISET, arXiv 2201.07411"),
        dsnu_e = guessed(1.5, "of the order of other pixels of this age"),
        dark_current_e_s = guessed(9.0, "as the AR0132AT class"),
        dark_temperature_kelvin = guessed(298.15, "not stated"),
        dark_doubling_kelvin = guessed(7, "6 to 8 K is usual for silicon"),
        dark_spread = guessed(0.5, "log-normal tail"),
        hot_fraction = guessed(2e-5, "a few dozen pixels"),
        hot_factor = guessed(200, "chosen"),
        temperature_kelvin = guessed(323.15, "behind a sunlit windshield"),
    },

    readout = {
        analog_gain = guessed(1, "unity; 1/8 to 8 in " .. driver),
        analog_gain_max = datasheet(8, driver),
        read_noise_e = guessed(4.0, "of the order of this class at low conversion gain"),
        row_noise_e = guessed(0.5, "an eighth of read noise"),
        black_level_dn = datasheet(168, driver),
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
