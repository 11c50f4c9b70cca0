-- crossing_child.lua: a child runs across the main street in front of the ego.
--
-- Shows an actor of the scenario's own, a goal and a verdict. The reference autopilot knows by truth that the child
-- will be in its way, brakes and goes on: exit code 0. One that sees less, as autopilots/cruise.lua, hits what is there: exit
-- code 1, and the collision is the last line of commands.jsonl. Measure: the verdict of another autopilot
-- (--autopilot FILE).
--
--   blacktop run scenarios/crossing_child.lua --out out/crossing_child --set start_s=0.4
return {
    title = "crossing child",
    seed = 2,
    duration_s = setting("seconds", 14.0),
    ego = {
        start = { road = "1", s_m = 140, lane = -1 },
        goal = { road = "1", s_m = 205, lane = -1 },
        speed_m_s = setting("speed_m_s", 11.0),
    },
    actors = {
        {
            name = "child", kind = "pedestrian", height_m = 1.2, speed_m_s = 2.5,
            start_s = setting("start_s", 0.0), careless = true,
            path = { { road = "1", s_m = 185, t_m = 4.6 }, { road = "1", s_m = 185, t_m = -7 } },
        },
    },
    traffic = { parked = 8, pedestrians = 4, radius_m = 80 },
    cameras = {
        front = { rate_hz = setting("rate_hz", 2.0), mount = { x_m = 2.0, z_m = 1.4, pitch_deg = 1.5 } },
    },
    render = { samples = 16, width_px = 640, height_px = 400 },
}
