-- fog.lua: the first drive's street in morning fog.
--
-- Shows light scattered in droplets: contrast that falls off with distance, the pale sun, no
-- horizon. Look at front/000000.png and set fog_range_m to 50, 200 and 1000. Measure: the contrast
-- of a dark car with the air behind it, which is left with 5 % at the range.
--
--   blacktop run scenarios/fog.lua --out out/fog --set fog_range_m=100

local drive = require "first_drive"

local weather = drive.weather
weather.sun_elevation_deg = setting("sun_elevation_deg", 14.0)
weather.fog_range_m = setting("fog_range_m", 150.0)
weather.fog_height_m = setting("fog_height_m", 60.0)
weather.fog_droplet_um = setting("fog_droplet_um", 4.0)

drive.title = "fog"
return drive
