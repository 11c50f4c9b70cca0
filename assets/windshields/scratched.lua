-- The laminated windshield that a gritty wiper has scratched for years, otherwise clean: hairlines along its
-- arcs, so the streaks of lamps fan out over the picture.
local guessed = require("sheets.from").guessed

local shield = require "windshields.worn"
shield.name = "scratched"
shield.description = "laminated windshield with wiper scratches"

shield.dust, shield.film = nil, nil
shield.scratches.density_m2 = guessed(2e5, "four across a millimetre: a worn pane under a low sun")
shield.scratches.width_m = guessed(12e-6, "hairlines that grit leaves")
shield.scratches.width_sigma = guessed(0.4, "log-normal")
shield.scratches.opacity = guessed(0.5, "a groove scatters, but is not black")
return shield
