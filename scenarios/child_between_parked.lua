-- child_between_parked.lua: a child runs out from between two parked cars, after a ball.
--
-- Shows what is hidden until it is too late: the child stands behind a van and runs when the ego is `early_s` away. The
-- ball comes first, half a second before: who brakes for a ball wins. Measure: speed at the child's line; does
-- the autopilot slow down beside parked cars at all.
--
--   blacktop run scenarios/child_between_parked.lua --out out/child --set early_s=1.8

local early = uniform("early_s", 1.5, 2.6)
local at = 175

local function near(extra)
    return when.time_to_collision { of = "ego", place = { road = "1", s_m = at, lane = -1 }, below_s = early + extra }
end

return {
    title = "child between parked cars",
    seed = 1,
    duration_s = setting("seconds", 14.0),
    crashes = 1, -- the child comes to its ball
    map = "maps/town.xodr",
    weather = { sun_azimuth_deg = 215, sun_elevation_deg = 40 },
    ego = {
        start = { road = "1", s_m = 120, lane = -1 },
        goal = { road = "1", s_m = 205, lane = -1 },
        speed_m_s = uniform("ego_m_s", 8, 13),
    },
    actors = {
        { name = "parked van", vehicle = "vehicles/van.lua", parked = true, color = { 0.8, 0.8, 0.78 },
          start = { road = "1", s_m = at - 5.4, lane = -1 }, lateral_m = -2.75 },
        { name = "parked car", vehicle = "vehicles/hatch.lua", parked = true,
          start = { road = "1", s_m = at + 1.6, lane = -1 }, lateral_m = -2.75 },
        { name = "ball", kind = "thing", size_m = { 0.22, 0.22, 0.22 },
          start = { road = "1", s_m = at, t_m = -4.9 },
          events = { { name = "ball rolls", when = near(0.5),
                       act.cross { to = { road = "1", s_m = at, t_m = 3.0 }, speed_m_s = 3.5 } } } },
        { name = "child", kind = "pedestrian", height_m = uniform("height_m", 1.0, 1.35),
          start = { road = "1", s_m = at, t_m = -5.6, heading_deg = 90 },
          events = { { name = "child runs", when = near(0),
                       act.cross { to = { road = "1", s_m = at, t_m = 4.8 },
                                   speed_m_s = uniform("run_m_s", 2.2, 3.4) } } } },
    },
    traffic = { pedestrians = 8, radius_m = 80 },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
