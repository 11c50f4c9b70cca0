-- The laminated windshield after some years: wiper scratches along the arcs, dust, a film of grease.

local guessed = require("sheets.from").guessed

local shield = require "windshields.laminated"
shield.name = "worn"
shield.description = "laminated windshield with wiper scratches, dust and a film"

shield.scratches = {
    density_m2 = guessed(6e4, "some scratches in each square centimetre"),
    length_m = guessed(0.02, "seen in low sun"),
    width_m = guessed(5e-6, "hairlines of some micrometres"),
    width_sigma = guessed(0.5, "log-normal"),
    opacity = guessed(0.6, "a groove scatters most of what it takes"),
    depth_m = guessed(3e-7, "polished grooves"),
    stray = guessed(0.1, "ice scraper and cloth"),
}
shield.dust = {
    coverage = guessed(0.004, "some days after washing"),
    diameter_m = guessed(2e-5, "road dust"),
    diameter_sigma = guessed(0.6, "log-normal"),
    opacity = guessed(0.9, "mineral grains"),
}
shield.film = {
    model = "harvey",
    scatter = guessed(0.01, "haze of one percent"),
    shoulder = guessed(0.02, "about one degree"),
    slope = guessed(-2.2, "polished surfaces have -1.5 to -3"),
}
shield.wiper = {
    from = "guessed",
    source = "two wipers pivoted below the glass, the camera's window 0.75 m above them",
    arcs = {
        { pivot_m = { -0.35, -0.75 }, radius_min_m = 0.15, radius_max_m = 0.85, from_deg = 5, to_deg = 95 },
        { pivot_m = { 0.35, -0.75 }, radius_min_m = 0.15, radius_max_m = 0.80, from_deg = 5, to_deg = 110 },
    },
}
return shield
