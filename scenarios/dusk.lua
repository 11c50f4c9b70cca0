-- dusk.lua: the first drive's street after sunset, looking at what is left of the day.
--
-- Shows twilight: the sun four degrees down, the road lit by the sky alone, the glow ahead. The
-- camera's longest exposure and most gain are not enough for a picture as bright as by day: that is
-- what the sensor sees. Try -1 and -9, or a full moon: --set sun_elevation_deg=-30 --set moon_elevation_deg=35
--
--   blacktop run scenarios/dusk.lua --out out/dusk

local drive = require "first_drive"

local weather = drive.weather
weather.sun_elevation_deg = setting("sun_elevation_deg", -4.0)
weather.sun_azimuth_deg = setting("sun_azimuth_deg", 15.0)
weather.sky_glow_mcd_m2 = setting("sky_glow_mcd_m2", 1.0)

drive.title = "dusk"
return drive
