-- story.lua: the smallest story with a clip: a car cuts in, a box lies there, somebody crosses.
return {
    title = "story",
    seed = 4,
    duration_s = 0.6,
    map = "tests/support/straight.xodr",
    ego = { start = { road = "1", s_m = 30, lane = -1 }, speed_m_s = uniform("ego_m_s", 8, 12) },
    actors = {
        { name = "cutter", start = { of = "ego", lanes = 1, ahead_m = 16, heading_deg = 180 }, speed_m_s = 12,
          events = { { name = "cut in", act.lamps { right = true }, act.change_lane { into = "ego", over_s = 2 } } } },
        { name = "box", kind = "thing", size_m = { 1, 0.6, 0.5 }, start = { road = "1", s_m = 70, t_m = -2.5 } },
        { name = "walker", kind = "pedestrian", start = { road = "1", s_m = 60, t_m = -4.6, heading_deg = 90 },
          events = { { name = "cross", when = when.time { after_s = choice("after_s", { 0.1, 0.2 }) },
                       act.cross { to = { road = "1", s_m = 60, t_m = 4.5 } } } } },
    },
    surroundings = { plants = false, buildings = false },
    cameras = { front = {} },
    render = { samples = 2, max_depth = 4, width_px = 64, height_px = 40 },
}
