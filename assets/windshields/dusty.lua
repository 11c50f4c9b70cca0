-- The laminated windshield that has not been washed for a week: dust, and a film of grease and plasticiser.
local guessed = require("sheets.from").guessed

local shield = require "windshields.laminated"
shield.name = "dusty"
shield.description = "laminated windshield, dusty and greasy"

shield.dust = {
    coverage = guessed(0.02, "well visible against the sky"),
    diameter_m = guessed(25e-6, "road dust that stays on glass"),
    diameter_sigma = guessed(0.6, "from 10 to 60 um"),
    opacity = guessed(1, "mineral grains"),
}
shield.film = {
    model = "harvey",
    scatter = guessed(0.03, "a greasy film, inside"),
    shoulder = guessed(0.03, "about two degrees"),
    slope = guessed(-2.4, "between that of polished glass and of a haze"),
}
return shield
