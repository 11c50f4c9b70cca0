-- The wing camera of a rig of eight, in the side repeater: 1.2 megapixels, 75 degrees, aside and back.
local eight = require "cameras.eight"
local guessed = require("sheets.from").guessed

return eight.plain("eight_repeater", "repeater camera of eight, AR0132AT class, 75 degrees, f/2", {
    focal_length_m = guessed(3.3e-3, "about 75 degrees across"),
    coefficients = guessed({ -0.08, 0.01 }, "barrel of a lens of this angle"),
})
