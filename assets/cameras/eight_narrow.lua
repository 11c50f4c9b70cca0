-- The narrow forward camera of a rig of eight: 1.2 megapixels, 28 degrees, for 250 m.
local eight = require "cameras.eight"
local guessed = require("sheets.from").guessed

return eight.plain("eight_narrow", "narrow forward camera of eight, AR0132AT class, 28 degrees, f/2", {
    focal_length_m = guessed(9.6e-3, "28 degrees across: 25 to 35 are published of such a narrow camera, 250 m of reach"),
    coefficients = guessed({ -0.05, 0.01 }, "half a percent of barrel"),
    blur_sigma_px = guessed(0.35, "Airy disc and a little aberration on 3.75 um pixels"),
})
