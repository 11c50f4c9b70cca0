-- overcast.lua: the first drive's street under a closed layer of cloud.
--
-- Shows light without shadows: no disc, the sky a third as bright at the horizon as at the zenith.
-- Measure: illuminance under clouds of other depths, or broken ones: --set cloud=0.5
--
--   blacktop run scenarios/overcast.lua --out out/overcast

local drive = require "first_drive"

drive.weather.cloud = setting("cloud", 1.0)
drive.weather.cloud_optical_depth = setting("cloud_optical_depth", 25.0)

drive.title = "overcast"
return drive
