-- A forward camera of 2.5 megapixels, OmniVision OX03C10 class, 40 degrees: a split pixel.
--
-- Four reads are fused and companded to 12 bits: the large diode at high and at low conversion gain, the
-- small diode, and a very short exposure after them. Which reads there are, how long they expose and the
-- knees stand in a public driver; noise and wells are guesses, as no sheet of numbers is public.

local rgb = require "cameras.rgb_shape"

local from = require "sheets.from"
local datasheet, derived, guessed = from.datasheet, from.derived, from.guessed

local lut = "expansion of 12-bit codes in openpilot's ox03c10_cl.h, slopes 1 2 4 16 32 64 128 256 of 2^-24"
local iset = "split-pixel set in ISETCam's sensorCreateIMX490.m; whose sensor it describes is unclear"
local driver = "a public driver and camera table of openpilot (ar0231.cc, ox03c10.cc, camera.py)"

return {
    name = "ox03c10",
    description = "forward camera, OX03C10 class, 40 degrees, split pixel, four reads",

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
        read_noise_e = guessed(3.0, "low conversion gain"),
        row_noise_e = guessed(0.2, "an eighth of read noise"),
        black_level_dn = guessed(64, "of the converter; 0 after companding in " .. driver),
        bit_depth = guessed(12, "of each read; 12 is what comes out"),
    },

    small = {
        sensitivity = guessed(0.1, iset),
        full_well_e = guessed(7900, iset),
        prnu = guessed(0.0054, "as the large one"),
        dsnu_e = guessed(1.0, "as the large one"),
        dark_current_e_s = guessed(1.0, "a fifth of the large one, as its area"),
    },

    reads = {
        {
            name = "hcg",
            conversion_e_dn = derived(0.508, "7.32 times the gain of the low one, " .. driver),
            read_noise_e = guessed(0.9, "high conversion gain; 0.83 in " .. iset),
        },
        { name = "lcg", conversion_e_dn = derived(3.72, "full well over 4031 counts") },
        {
            name = "spd",
            small = true,
            exposure_min_s = derived(5.33e-3, "at least a third of the longest exposure, " .. driver),
            read_noise_e = guessed(2.96, iset),
        },
        {
            name = "vs",
            after = true,
            exposure_ratio = datasheet(40, driver),
            exposure_max_s = derived(4.148e-4, "34 rows, " .. driver),
            conversion_e_dn = derived(3.72, "the large diode at low gain"),
        },
    },

    hdr = {
        bits = derived(20, "the knees end at 458496 of 2^20"),
        black_dn = datasheet(0, driver),
        output_bits = datasheet(12, driver),
    },

    companding = {
        linear_dn = { 0, 512, 1024, 4096, 8192, 16384, 32768, 65536, 458496 },
        code_dn = { 0, 512, 768, 1536, 1792, 2048, 2304, 2560, 4095 },
        from = "derived",
        source = lut,
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
