-- tiny.lua: the smallest drive with everything in it: for tests, sanitized, in seconds.
local glass = setting("windshield", "none")
return {
    title = "tiny",
    seed = 3,
    duration_s = setting("seconds", 0.45),
    map = setting("map", "tests/support/straight.xodr"),
    ego = {
        vehicle = "vehicles/hatch.lua",
        start = { road = "1", s_m = 30, lane = -1 },
        speed_m_s = 10,
        autopilot = setting("autopilot", "autopilots/lane_follower.lua"),
    },
    actors = {
        { name = "leader", kind = "vehicle", vehicle = "vehicles/sedan.lua",
          start = { road = "1", s_m = 55, lane = -1 }, speed_m_s = 8 },
        { name = "walker", kind = "pedestrian",
          path = { { road = "1", s_m = 48, t_m = -4.5 }, { road = "1", s_m = 90, t_m = -4.5 } } },
    },
    lamps = setting("lamps", "auto"),
    weather = { sun_elevation_deg = setting("sun_elevation_deg", 40), rain_mm_h = setting("rain_mm_h", 0), snow_mm_h = setting("snow_mm_h", 0) },
    surroundings = { plants = false, buildings = false },
    cameras = {
        front = { sheet = setting("sheet", "cameras/front_1mp.lua"), rate_hz = 10,
                  windshield = glass ~= "none" and glass or nil,
                  mount = { x_m = 2.0, y_m = 0, z_m = 1.4 } },
    },
    render = { samples = 2, max_depth = 4, width_px = 64, height_px = 40 },
}
