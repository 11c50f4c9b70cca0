-- front_glass.lua behind a pane that a gritty wiper has scratched for years: arcs about its pivot, so the
-- streaks of lamps fan out over the picture. Guessed throughout.

local sheet = require "cameras.front_glass"

local guessed = require("sheets.from").guessed

sheet.name = "front_scratched"
sheet.description = "front_glass behind a scratched pane"
sheet.dirt = {
    pane_distance_m = guessed(0.06, "a camera behind the mirror, its hood against the glass"),
    pane_rake_deg = guessed(60, "usual for cars"),
    wiper_x_m = guessed(-0.30, "pivot left of the middle"),
    wiper_y_m = guessed(0.75, "along the pane below the mirror"),
    scratches_per_m = guessed(4000, "four a millimetre: a worn pane under a low sun"),
    scratch_width_m = guessed(12e-6, "hairlines that grit leaves"),
    scratch_opacity = guessed(0.5, "a groove scatters, but is not black"),
}
return sheet
