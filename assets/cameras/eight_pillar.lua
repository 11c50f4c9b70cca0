-- The door-pillar camera of a rig of eight: 1.2 megapixels, 90 degrees, forward and aside.
local eight = require "cameras.eight"
local guessed = require("sheets.from").guessed

return eight.plain("eight_pillar", "pillar camera of eight, AR0132AT class, 90 degrees, f/2", {
    focal_length_m = guessed(2.7e-3, "90 degrees across with its distortion: published of such a pillar camera"),
    coefficients = guessed({ -0.08, 0.01 }, "barrel of a lens of this angle"),
})
