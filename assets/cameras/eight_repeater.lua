-- The wing camera of a rig of eight, in the side repeater: 1.2 megapixels, 75 degrees, aside and back.
--
-- The sensor and its pixel are those of front_1mp.lua; only the lens differs. Published of such rigs is
-- little more than the angle of each camera; lens and mosaic are guessed and say so.

local sheet = require "cameras.front_1mp"

local function guessed(value, source) return { value = value, from = "guessed", source = source } end

sheet.name = "eight_repeater"
sheet.description = "repeater camera of eight, AR0132AT class, 75 degrees, f/2"
sheet.lens = {
    model = "brown_conrady",
    focal_length_m = guessed(3.3e-3, "about 75 degrees across"),
    coefficients = {
        value = { -0.08, 0.01 },
        from = "guessed",
        source = "barrel of a lens of this angle",
    },
    f_number = guessed(2.0, "f/1.6 to f/2.4 is usual"),
    transmission = guessed(0.9, "six coated elements, 0.5 percent a surface, and the filter"),
    illumination = {
        theta_deg = { 0, 10, 20, 30, 40, 50, 62 },
        value = { 1, 0.995, 0.98, 0.95, 0.9, 0.84, 0.75 },
        from = "guessed",
        source = "mechanical vignetting on top of cos^4",
    },
    blur_sigma_px = guessed(0.4, "Airy disc and a little aberration on 3.75 um pixels"),
}
return sheet
