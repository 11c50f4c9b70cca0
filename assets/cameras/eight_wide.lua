-- The wide forward camera of a rig of eight: 1.2 megapixels, 120 degrees, for 60 m.
--
-- The sensor and its pixel are those of front_1mp.lua; only the lens differs. Published of such rigs is
-- little more than the angle of each camera; lens and mosaic are guessed and say so.

local sheet = require "cameras.front_1mp"

local function guessed(value, source) return { value = value, from = "guessed", source = source } end

sheet.name = "eight_wide"
sheet.description = "wide forward camera of eight, AR0132AT class, 120 degrees, f/2"
sheet.lens = {
    model = "kannala_brandt",
    fx_px = guessed(611.0, "1280 pixels over 120 degrees, equidistant: 120 degrees and 60 m are published"),
    coefficients = {
        value = { 0.0, -0.004, 0.0, 0.0 },
        from = "guessed",
        source = "nearly equidistant",
    },
    theta_max_deg = guessed(80, "the picture's corner and a little"),
    f_number = guessed(2.0, "usual for wide lenses"),
    transmission = guessed(0.88, "seven coated elements and the filter"),
    cos4 = false,
    illumination = {
        theta_deg = { 0, 30, 50, 70, 80 },
        value = { 1, 0.98, 0.92, 0.8, 0.7 },
        from = "guessed",
        source = "retrofocus lenses fall off far less than cos^4",
    },
    blur_sigma_px = guessed(0.4, "Airy disc and a little aberration on 3.75 um pixels"),
}
return sheet
