-- The laminated windshield in rain, the wiper running.

local guessed = require("sheets.from").guessed

local shield = require "windshields.laminated"
shield.name = "rain"
shield.description = "laminated windshield in rain, wiped every 1.4 s"

shield.drops = {
    density_m2 = guessed(2e4, "two drops in each square centimetre when left alone"),
    rate_m2_s = guessed(8e3, "moderate rain met at speed"),
    diameter_m = guessed(2e-3, "drops spread to about twice their size"),
    diameter_sigma = guessed(0.45, "log-normal"),
    diameter_max_m = guessed(6e-3, "larger ones run off"),
    stretch = guessed(1.3, "drops that 60 degrees of slope pull at and the glass still holds, by eye"),
    stretch_sigma = guessed(0.3, "pinned by dirt and by how they fell, by eye"),
    contact_deg = guessed(35, "used glass: clean glass has 20, coated glass 90"),
}
shield.wiper = {
    from = "guessed",
    source = "two wipers pivoted below the glass, the camera's window 0.75 m above them",
    period_s = guessed(1.4, "fast of two speeds: 40 to 60 a minute"),
    stroke_s = guessed(0.6, "out or back"),
    arcs = {
        { pivot_m = { -0.35, -0.75 }, radius_min_m = 0.15, radius_max_m = 0.85, from_deg = 5, to_deg = 95 },
        { pivot_m = { 0.35, -0.75 }, radius_min_m = 0.15, radius_max_m = 0.80, from_deg = 5, to_deg = 110 },
    },
}
return shield
