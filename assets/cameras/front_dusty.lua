-- front_glass.lua behind a pane that has not been washed for a week: dust, and a film of grease and
-- plasticiser. Guessed throughout.

local sheet = require "cameras.front_glass"

local guessed = require("sheets.from").guessed

sheet.name = "front_dusty"
sheet.description = "front_glass behind a dusty pane"
sheet.dirt = {
    dust_cover = guessed(0.02, "well visible against the sky"),
    dust_diameter_m = guessed(25e-6, "road dust that stays on glass"),
    dust_spread = guessed(0.6, "from 10 to 60 um"),
    film_share = guessed(0.03, "a greasy film, inside"),
    film_shoulder = guessed(0.03, "about two degrees"),
    film_slope = guessed(2.4, "between that of polished glass and of a haze"),
}
return sheet
