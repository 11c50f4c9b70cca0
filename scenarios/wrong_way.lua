-- wrong_way.lua: headlights come towards the ego in its own lane of the motorway, at dusk.
--
-- Shows a driver who goes the wrong way. Close before the ego it swerves aside, or not at all (`swerves`). Nobody can
-- stop a head-on crash by braking alone: measure how early the autopilot leaves the lane, or how slow it is when they
-- meet.
--
--   blacktop run scenarios/wrong_way.lua --out out/wrong_way --set swerves=false

local swerves = choice("swerves", { true, false })

return {
    title = "wrong-way driver",
    seed = 2,
    duration_s = setting("seconds", 9.0),
    crashes = 1, -- of an ego that keeps its lane
    map = "maps/motorway.xodr",
    weather = { sun_azimuth_deg = 250, sun_elevation_deg = 1.5, cloud = 0.6 },
    ego = { start = { road = "1", s_m = 30, lane = -3 }, speed_m_s = uniform("ego_m_s", 24, 30) },
    actors = {
        {
            name = "ghost driver", vehicle = "vehicles/sedan.lua", color = { 0.05, 0.05, 0.05 }, high_beam = true,
            start = { road = "1", s_m = uniform("from_m", 380, 460), lane = -3, heading_deg = 180 },
            speed_m_s = uniform("ghost_m_s", 18, 28),
            events = {
                { name = "swerve", when = when.time_to_collision { to = "ego", below_s = swerves and 2.3 or 0 },
                  act.offset { lateral_m = 3.6, over_s = 2.1 } },
            },
        },
    },
    cameras = { front = {} },
    render = { samples = 64, width_px = 640, height_px = 400 },
}
