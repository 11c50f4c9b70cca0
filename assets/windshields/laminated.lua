-- A clean laminated windshield of a car before a forward camera: 60 degrees of rake, 4.96 mm.
--
-- No maker publishes wedge and curvature at the camera's window; what is guessed says so.

local from = require "sheets.from"
local derived, guessed = from.derived, from.guessed

local rubin = "Rubin 1985, Solar Energy Materials 12, 275: n = 1.5130 - 0.003169 l^2 + 0.003962 / l^2"

return {
    name = "laminated",
    description = "clean laminated windshield, 60 degrees, two panes of 2.1 mm and 0.76 mm between",

    pane = {
        rake_deg = guessed(60, "58 to 66 degrees is usual for saloons"),
        distance_m = guessed(0.06, "lens close to the glass, within its bracket"),
        thickness_m = derived(4.96e-3, "2.1 mm glass, 0.76 mm PVB, 2.1 mm glass"),
        width_m = guessed(1.4, "of a saloon's windshield"),
        height_m = guessed(0.9, "of a saloon's windshield, along the glass"),
        radius_horizontal_m = guessed(4, "bulge of 6 cm over 1.4 m"),
        radius_vertical_m = guessed(9, "bulge of 1 cm over 0.9 m"),
        wedge_rad = guessed(3e-5, "thickness tolerance of 0.03 mm over a metre"),
        wedge_direction_deg = guessed(90, "thicker at the top"),
    },

    glass = {
        index = derived(1.5234, rubin),
        abbe = derived(63.9, rubin),
        transmission = {
            wavelength_nm = { 380, 400, 420, 450, 500, 550, 600, 650, 700, 750, 800, 900, 1000, 1100 },
            value = { 0.20, 0.72, 0.86, 0.89, 0.91, 0.91, 0.89, 0.86, 0.82, 0.78, 0.73, 0.67, 0.64, 0.64 },
            from = "guessed",
            source = "shape of light green float glass, PVB cuts at 390 nm; above 70 percent as UN R43 wants",
        },
    },
}
