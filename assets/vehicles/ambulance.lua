-- ambulance.lua: the van as an ambulance: blue lamps on its roof, a red band. Its lamps flash while it is an `emergency` vehicle of a scenario.
local sheet = require "vehicles.van"

sheet.name = "ambulance"
sheet.body.colour = {0.90, 0.89, 0.85}
sheet.body.beacons = "blue"
sheet.body.stripe = {0.85, 0.10, 0.08}
return sheet
