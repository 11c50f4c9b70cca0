-- fog.lua: a small town in morning fog, an autopilot that keeps to its lane.
--
-- Shows light scattered in droplets: contrast that falls off with distance, the pale sun, no
-- horizon. Look at front/000000.png and set fog_range_m to 50, 200 and 1000. Measure: the contrast
-- of a dark car with the air behind it, which is left with 5 % at the range.
--
--   blacktop run scenarios/fog.lua --out out/fog --set fog_range_m=100

local town = "maps/town.xodr"
local map = setting("map", town)

return {
    title = "fog",
    seed = 5,
    duration_s = setting("seconds", 1.0),
    map = map,

    -- soon after sunrise, a fog that is half as dense 42 m up
    weather = {
        sun_azimuth_deg = setting("sun_azimuth_deg", 215.0),
        sun_elevation_deg = setting("sun_elevation_deg", 14.0),
        aerosol_optical_depth = setting("haze", 0.08),
        fog_range_m = setting("fog_range_m", 150.0),
        fog_height_m = setting("fog_height_m", 60.0),
        fog_droplet_um = setting("fog_droplet_um", 4.0),
    },

    ego = {
        vehicle = "vehicles/hatch.lua",
        color = { 0.16, 0.18, 0.22 },
        -- on another map a long stretch of road is looked for
        start = map == town and { road = "1", s_m = setting("s_m", 165.0), lane = -1 } or nil,
        speed_m_s = setting("speed_m_s", 10.0),
        autopilot = "autopilots/lane_follower.lua",
    },

    traffic = {
        cars = setting("cars", 14),
        trucks = 1,
        parked = setting("parked", 14),
        pedestrians = setting("pedestrians", 30),
        dogs = 4,
        radius_m = 160,
    },

    cameras = {
        front = {
            sheet = "sensors/front_1mp.lua",
            mount = { x_m = 2.0, y_m = 0.0, z_m = 1.40, pitch_deg = 1.5 },
            rate_hz = setting("rate_hz", 10.0),
        },
    },

    render = {
        samples = 32,
        width_px = 640,
        height_px = 400,
    },
}
