-- A camera of 5.4 megapixels, Sony IMX490 class, 60 degrees: a split pixel.
--
-- Reads of both diodes at the same time are fused on the sensor. The wells and noises are the split-pixel
-- set of ISETCam, whose owner is unclear; how it compands is a guess. The sensor has a fourth read, the
-- small diode at high gain, whose numbers nobody gives: left out.

local rgb = require "cameras.rgb_shape"

local from = require "sheets.from"
local datasheet, derived, guessed = from.datasheet, from.derived, from.guessed

local iset = "split-pixel set in ISETCam's sensorCreateIMX490.m; whose sensor it describes is unclear"

return {
    name = "imx490",
    description = "forward camera, IMX490 class, 60 degrees, split pixel, three of its four reads",

    array = {
        width_px = datasheet(2880, "LUCID TRI054S"),
        height_px = datasheet(1860, "LUCID TRI054S"),
        pixel_pitch_m = datasheet(3.0e-6, "LUCID TRI054S"),
        mosaic = "RGGB",
    },

    lens = {
        model = "brown_conrady",
        focal_length_m = guessed(7.5e-3, "60 degrees across"),
        coefficients = { value = { -0.1, 0.02 }, from = "guessed", source = "three percent of barrel" },
        f_number = guessed(1.8, "usual for this class"),
        transmission = guessed(0.9, "seven coated elements and the filter"),
        blur_sigma_px = guessed(0.4, "Airy disc of 2.4 um and aberration on 3 um pixels"),
    },

    qe = {
        red = rgb.red(0.58, "guessed for a 3 um back-illuminated pixel"),
        green = rgb.green(0.66, "guessed for a 3 um back-illuminated pixel"),
        blue = rgb.blue(0.58, "guessed for a 3 um back-illuminated pixel"),
    },

    shutter = {
        row_time_s = guessed(15e-6, "1860 rows in 28 ms"),
        auto = true,
        exposure_min_s = datasheet(86.128e-6, "LUCID TRI054S, shortest exposure"),
        exposure_max_s = guessed(11e-3, "flicker mitigation of 90 Hz"),
    },

    pixel = {
        full_well_e = guessed(22000, iset),
        prnu = guessed(0.0054, "0.544 percent fitted to an IMX363, ISET, arXiv 2201.07411"),
        dsnu_e = guessed(1.0, "of the order of back-illuminated pixels"),
        dark_current_e_s = guessed(25.6, iset),
        dark_temperature_kelvin = guessed(298.15, "not stated"),
        dark_doubling_kelvin = guessed(7, "6 to 8 K is usual for silicon"),
        dark_spread = guessed(0.5, "log-normal tail"),
        hot_fraction = guessed(2e-5, "a few dozen pixels"),
        hot_factor = guessed(200, "chosen"),
        temperature_kelvin = guessed(323.15, "behind a sunlit windshield"),
    },

    readout = {
        analog_gain_max = guessed(16, "usual"),
        read_noise_e = guessed(3.05, iset),
        row_noise_e = guessed(0.4, "an eighth of read noise"),
        black_level_dn = guessed(64, "usual"),
        bit_depth = datasheet(12, "each of the four reads, LUCID"),
    },

    small = {
        sensitivity = guessed(0.1, iset),
        full_well_e = guessed(7900, iset),
        prnu = guessed(0.0054, "as the large one"),
        dsnu_e = guessed(1.0, "as the large one"),
        dark_current_e_s = guessed(4.2, iset),
    },

    reads = {
        {
            name = "large_hcg",
            conversion_e_dn = derived(1.337, "200 over 49 uV/e times the gain of the low one, " .. iset),
            read_noise_e = guessed(0.83, iset),
        },
        { name = "large_lcg", conversion_e_dn = derived(5.458, "22000 e over 4031 counts") },
        {
            name = "small_lcg",
            small = true,
            conversion_e_dn = derived(1.960, "7900 e over 4031 counts"),
            read_noise_e = guessed(2.96, iset),
        },
    },

    hdr = {
        bits = datasheet(24, "LUCID TRI054S: on-sensor merge of four channels to 24 bit"),
        black_dn = guessed(64, "as the reads"),
        output_bits = guessed(16, "of the raw picture; LUCID compands to 12 and 16"),
    },

    companding = {
        linear_dn = { 0, 32768, 131072, 16777215 },
        code_dn = { 0, 32768, 57344, 65535 },
        from = "guessed",
        source = "no knees are published; steps far below shot noise",
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
