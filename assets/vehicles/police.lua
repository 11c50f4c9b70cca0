-- police.lua: the wagon as a patrol car: red and blue lamps on its roof as in the United States (`beacons = "blue"` for Europe). Its lamps flash while
-- it is an `emergency` vehicle of a scenario.
local sheet = require "vehicles.wagon"

sheet.name = "police"
sheet.body.roof_rails = nil
sheet.body.colour = {0.90, 0.90, 0.90}
sheet.body.beacons = "red_blue"
sheet.body.stripe = {0.05, 0.10, 0.35}
return sheet
