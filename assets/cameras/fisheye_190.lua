-- A surround-view fisheye of 190 degrees: Sony ISX031 class, calibration of a real specimen.
--
-- Intrinsics and read-out time are from a public vehicle calibration file; array, pitch and mosaic
-- from the vendor; photometric figures are guessed and say so.

local rgb = require "cameras.rgb_shape"

local from = require "sheets.from"
local datasheet, measured, derived, guessed = from.datasheet, from.measured, from.derived, from.guessed

local vendor = "vendor wiki of an ISX031 camera"
local calibration = "a public vehicle calibration file of an ISX031 with a 190 degree lens"
local peak = "guessed for a 3 um back-illuminated pixel"

return {
    name = "fisheye_190",
    description = "surround-view fisheye, ISX031 class, 190 degrees",

    array = {
        width_px = datasheet(1920, vendor),
        height_px = datasheet(1536, vendor),
        pixel_pitch_m = datasheet(3.0e-6, vendor),
        mosaic = "RGGB",
    },

    lens = {
        model = "kannala_brandt",
        fx_px = measured(513.0, calibration),
        fy_px = measured(512.4, calibration),
        cx_px = measured(960.5, calibration),
        cy_px = measured(769.1, calibration),
        coefficients = {
            value = { 0.1195, -0.02288, -0.00344, 0.00053 },
            from = "measured",
            source = calibration,
        },
        theta_max_deg = datasheet(95, "190 degrees of field"),
        f_number = guessed(2.0, "usual for this class"),
        transmission = guessed(0.85, "seven elements"),
        cos4 = false,
        illumination = {
            theta_deg = { 0, 30, 50, 70, 80, 90, 95 },
            value = { 1, 0.98, 0.93, 0.82, 0.72, 0.55, 0.4 },
            from = "guessed",
            source = "retrofocus fisheyes fall off far less than cos^4",
        },
        blur_sigma_px = guessed(0.45, "Airy disc of 2.7 um and aberration on 3 um pixels"),
    },

    qe = {
        red = rgb.red(0.58, peak),
        green = rgb.green(0.65, peak),
        blue = rgb.blue(0.58, peak),
    },

    shutter = {
        row_time_s = derived(33e-3 / 1536, "33 ms for the frame, " .. calibration),
        auto = true,
        exposure_min_s = guessed(33e-3 / 1536, "one row"),
        exposure_max_s = guessed(16e-3, "half of the frame"),
    },

    pixel = {
        full_well_e = guessed(15000, "one exposure of a 3 um pixel"),
        prnu = guessed(0.006, "0.544 percent fitted to an IMX363, ISET, arXiv 2201.07411"),
        dsnu_e = guessed(0.8, "of the order of back-illuminated pixels"),
        dark_current_e_s = guessed(4.0, "of the order of back-illuminated pixels"),
        dark_temperature_kelvin = guessed(298.15, "not stated"),
        dark_doubling_kelvin = guessed(7, "6 to 8 K is usual for silicon"),
        dark_spread = guessed(0.5, "log-normal tail"),
        hot_fraction = guessed(2e-5, "about 60 pixels"),
        hot_factor = guessed(200, "about 800 e/s at 25 degrees"),
        temperature_kelvin = guessed(318.15, "45 degrees in a bumper"),
    },

    readout = {
        analog_gain_max = guessed(16, "usual"),
        read_noise_e = guessed(2.5, "of the order of back-illuminated pixels"),
        row_noise_e = guessed(0.4, "a sixth of read noise"),
        black_level_dn = guessed(256, "a sixteenth of the range"),
        bit_depth = guessed(12, "one exposure before fusion"),
    },

    isp = {
        white_kelvin = guessed(5500, "sun and sky"),
        key = guessed(0.18, "a mid grey"),
        gain_max = guessed(6, "beyond, read noise shows"),
        highlights = guessed(0.03, "half of the picture is sky"),
        knee = guessed(0.45, "by eye"),
        contrast = guessed(0.3, "by eye"),
        saturation = guessed(1.1, "by eye"),
    },
}
