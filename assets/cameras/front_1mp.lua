-- A forward camera of about one megapixel behind the windshield: onsemi AR0132AT class, 52 degrees.
--
-- The sensor's published figures are few (camera sheet: `from`); the rest is guessed and says so.
-- The lens is nobody's: a plain six-element automotive lens of 4.9 mm, f/2.

local rgb = require "cameras.rgb_shape"

local from = require "sheets.from"
local datasheet, derived, guessed = from.datasheet, from.derived, from.guessed

local ar0132 = "onsemi AR0132AT datasheet rev 9"
local peak = "0.78 of the mono AR0130, same pixel, times a dye of 0.7"

return {
    name = "front_1mp",
    description = "forward camera, AR0132AT class, 52 degrees, f/2",

    array = {
        width_px = datasheet(1280, ar0132),
        height_px = datasheet(960, ar0132),
        pixel_pitch_m = datasheet(3.75e-6, ar0132),
        mosaic = "GRBG",
    },

    lens = {
        model = "brown_conrady",
        focal_length_m = guessed(4.9e-3, "52 degrees across, as common for the main camera"),
        coefficients = {
            value = { -0.12, 0.035, 0.0002, -0.0001, -0.004 },
            from = "guessed",
            source = "2 percent of barrel at the left and right border, a trace of decentring",
        },
        f_number = guessed(2.0, "f/1.6 to f/2.0 is usual"),
        transmission = guessed(0.9, "six coated elements, 0.5 percent a surface, and the filter"),
        illumination = {
            theta_deg = { 0, 10, 20, 25, 30, 35, 45 },
            value = { 1, 0.995, 0.97, 0.94, 0.90, 0.85, 0.7 },
            from = "guessed",
            source = "mechanical vignetting on top of cos^4",
        },
        blur_sigma_px = guessed(0.35, "Airy disc of 2.7 um and 2 um of aberration on 3.75 um pixels"),
    },

    qe = {
        red = rgb.red(0.50, peak),
        green = rgb.green(0.55, peak),
        blue = rgb.blue(0.48, peak),
    },

    shutter = {
        row_time_s = derived(22.22e-6, "45 frames/s with 960 rows and 40 of blanking"),
        auto = true,
        exposure_min_s = guessed(22.22e-6, "one row"),
        exposure_max_s = guessed(15e-3, "motion blur below 0.5 m at 30 m/s"),
    },

    pixel = {
        full_well_e = derived(24500, "largest signal-to-noise ratio 43.9 dB in " .. ar0132),
        prnu = guessed(0.0054, "0.544 percent fitted to an IMX363, ISET, arXiv 2201.07411"),
        dsnu_e = guessed(1.5, "of the order of other 3.75 um pixels"),
        dark_current_e_s = guessed(9.1, "ISETCam ar0132atCreate.m, its author's guess"),
        dark_temperature_kelvin = guessed(298.15, "not stated"),
        dark_doubling_kelvin = guessed(7, "6 to 8 K is usual for silicon"),
        dark_spread = guessed(0.5, "log-normal tail"),
        hot_fraction = guessed(2e-5, "about 25 pixels"),
        hot_factor = guessed(200, "about 1800 e/s at 25 degrees"),
        temperature_kelvin = guessed(323.15, "50 degrees behind a sunlit windshield"),
    },

    readout = {
        analog_gain = guessed(1, "unity"),
        analog_gain_max = guessed(8, "as AR0231AT in openpilot's driver"),
        read_noise_e = guessed(9.1, "1 mV at 110 uV/e: ISETCam ar0132atCreate.m, its author's guess"),
        row_noise_e = guessed(1.0, "a ninth of read noise: barely visible"),
        black_level_dn = guessed(168, "as AR0231AT in openpilot's driver"),
        bit_depth = datasheet(12, ar0132),
    },

    isp = {
        white_kelvin = guessed(5500, "sun and sky"),
        white_balance = {
            value = { 1.534, 1, 1.671 },
            from = "derived",
            source = "these curves under ASTM G173-03, global 37 degree tilt",
        },
        key = guessed(0.15, "developed pictures then have the middle of road photographs: 0.05 to 0.146, median 0.128, by the meter's mean over five of udacity/CarND-Advanced-Lane-Lines"),
        gain_max = guessed(5, "beyond, read noise shows"),
        highlights = guessed(0.02, "sun, lamps and glints may clip"),
        knee = guessed(0.45, "by eye"),
        contrast = guessed(0.3, "by eye"),
        saturation = guessed(1.12, "by eye, against road photographs"),
    },
}
