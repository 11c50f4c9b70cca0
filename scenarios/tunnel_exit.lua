-- tunnel_exit.lua: out of a tunnel into the light of a low sun.
--
-- Shows a camera that has to follow four decades of light: dim lamps on concrete, then the exit's glare.
-- Exposure goes by the counts of earlier frames (`exposure`, mode auto). Measure: how many frames after
-- the exit stay burnt out; `clip.json` has every frame's exposure and gain.
--
--   blacktop run scenarios/tunnel_exit.lua --out out/exit
--   blacktop run scenarios/tunnel_exit.lua --out out/mouth --set s_m=180 --frames 0     (the other end)

return {
    title = "tunnel exit",
    seed = 2,
    duration_s = setting("seconds", 4.0),
    map = "maps/tunnel.xodr",
    weather = {
        sun_azimuth_deg = setting("sun_azimuth_deg", 50.0),
        sun_elevation_deg = setting("sun_elevation_deg", 14.0),
        sun_radius_deg = setting("sun_radius_deg", 0.2665),
        cloud = setting("cloud", 0.2),
    },
    ego = {
        vehicle = "vehicles/wagon.lua",
        color = { 0.12, 0.16, 0.3 },
        start = { road = "1", s_m = setting("s_m", 415.0), lane = -1 },
        speed_m_s = 20,
        headlamps = true,
        autopilot = "autopilots/lane_follower.lua",
    },
    actors = {
        { name = "oncoming", kind = "vehicle", vehicle = "vehicles/van.lua", speed_m_s = 18,
          start = { road = "1", s_m = 560, lane = 1 }, headlamps = true },
    },
    cameras = {
        front = {
            sheet = setting("sheet", "cameras/front_1mp.lua"),
            rate_hz = 10,
            mount = { x_m = 1.75, z_m = 1.34, pitch_deg = 1 },
            exposure = { mode = "auto" },
        },
    },
    render = { samples = 64 },
}
