-- The rear camera of a rig of eight, above the number plate: 1.2 megapixels, 130 degrees.
local eight = require "cameras.eight"
local guessed = require("sheets.from").guessed

return eight.retrofocus("eight_rear", "rear camera of eight, AR0132AT class, 130 degrees, f/2.2", {
    fx_px = guessed(564.0, "1280 pixels over 130 degrees, equidistant"),
    theta_max_deg = guessed(85, "the picture's corner and a little"),
    f_number = guessed(2.2, "usual for wide lenses"),
})
