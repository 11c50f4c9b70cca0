-- behind_glass.lua: the main street through a windshield: refraction, transmission, drops, a wiper.
--
-- Shows what the glass does between the world and the lens; the lens is focused at 6 m and starts its
-- rays all over its pupil, so that drops are out of focus. Measure: labels stay exact through the glass
-- (`blacktop check`), and a clear pane costs a sixth of the light at 60 degrees.
--
--   blacktop run scenarios/behind_glass.lua --out out/glass
--   blacktop run scenarios/behind_glass.lua --out out/rain --set glass=windshields/rain.lua --set rain_mm_h=8
--   blacktop run scenarios/behind_glass.lua --out out/none --set glass=none

local glass = setting("glass", "windshields/laminated.lua")
local rain_mm_h = setting("rain_mm_h", 0.0)
local wet = rain_mm_h > 0 and 1.0 or 0.0

return {
    title = "behind glass",
    seed = 5,
    duration_s = setting("seconds", 1.0),
    map = "maps/town.xodr",

    weather = {
        sun_azimuth_deg = setting("sun_azimuth_deg", 215.0),
        sun_elevation_deg = setting("sun_elevation_deg", 42.0),
        aerosol_optical_depth = 0.08,
        cloud = wet,
        cloud_optical_depth = 20.0,
        rain_mm_h = rain_mm_h,
        wet = wet,
    },

    ego = {
        vehicle = "vehicles/hatch.lua",
        color = { 0.16, 0.18, 0.22 },
        start = { road = "1", s_m = 165.0, lane = -1 },
        speed_m_s = setting("speed_m_s", 10.0),
        autopilot = "autopilots/lane_follower.lua",
    },

    traffic = { cars = 14, trucks = 1, parked = 14, pedestrians = 30, dogs = 4, radius_m = 160 },

    cameras = {
        front = {
            sheet = setting("sheet", "cameras/front_1mp_pupil.lua"),
            windshield = glass ~= "none" and glass or nil,
            mount = { x_m = 2.0, y_m = 0.0, z_m = 1.40, pitch_deg = 1.5 },
            rate_hz = 10.0,
        },
    },

    render = { samples = 32, width_px = 640, height_px = 400 },
}
