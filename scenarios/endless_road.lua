-- endless_road.lua: a drive that could go on for ever: the world is laid out round the car as it goes.
--
-- Shows endless = true: a window of tiles follows the ego over their borders; those left behind are
-- forgotten, others and their traffic begin ahead, out of sight. The same seed is the same world, anywhere.
-- Look at the frames on both sides of a border, and at "windows" in clip.json, which
-- names the map and the objects of each; a frame names its window.
-- Measure: memory that does not grow with the way; the same bytes for two runs.
--
--   blacktop scenario play scenarios/endless_road.lua --set seconds=1800
--   blacktop run scenarios/endless_road.lua --out out/endless --set kind=highway --frames 0:20

local kind = setting("kind", "rural")

return {
    title = "endless road",
    seed = 11,
    duration_s = setting("seconds", 120.0),
    map = road.make {
        kind = kind,
        seed = setting("road_seed", 7),
        endless = true,
        around = { setting("x_m", 0.0), setting("y_m", 0.0) },
        radius = setting("radius_m", 1000.0),
    },
    weather = {
        sun_azimuth_deg = 215.0,
        sun_elevation_deg = setting("sun_elevation_deg", 38.0),
        sun_radius_deg = setting("sun_radius_deg", 0.2665),
    },
    ego = {
        vehicle = "vehicles/hatch.lua",
        speed_m_s = setting("speed_m_s", 15.0),
        autopilot = "autopilots/lane_follower.lua",
    },
    traffic = {
        cars = setting("cars", 60),
        trucks = setting("trucks", 3),
        pedestrians = setting("people", 0),
        radius_m = 1000,
    },
    cameras = {
        front = {
            sheet = "cameras/front_1mp.lua",
            mount = { x_m = 2.0, y_m = 0.0, z_m = 1.40, pitch_deg = 1.5 },
            rate_hz = 10.0,
        },
    },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
