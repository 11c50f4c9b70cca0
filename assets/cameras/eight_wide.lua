-- The wide forward camera of a rig of eight: 1.2 megapixels, 120 degrees, for 60 m.
local eight = require "cameras.eight"
local guessed = require("sheets.from").guessed

return eight.retrofocus("eight_wide", "wide forward camera of eight, AR0132AT class, 120 degrees, f/2", {
    fx_px = guessed(611.0, "1280 pixels over 120 degrees, equidistant: 120 degrees and 60 m are published"),
    theta_max_deg = guessed(80, "the picture's corner and a little"),
})
