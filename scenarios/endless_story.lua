-- endless_story.lua: a story and a goal on a road that goes on for ever.
--
-- Shows events that wait for the way driven and actors placed by the ego: they hold over the borders of the window that
-- follows it. A slower car keeps ahead; after 1900 m, in the second window, it brakes, after 2100 m the ego has arrived.
-- Measure: the same verdict at the same time from a seed and from the folder that was written of it.
--
--   blacktop scenario play scenarios/endless_story.lua
--   blacktop road make --kind rural --km 100 --seed 7 --out out/world/
--   blacktop scenario play scenarios/endless_story.lua --set folder=out/world

local folder = setting("folder", "")
local map = { endless = true, radius = 700 }
if folder ~= "" then
    map.folder = folder
else
    map.kind, map.seed = "rural", 7
end

return {
    title = "endless story",
    seed = 11,
    duration_s = 150,
    map = road.make(map),
    weather = { sun_azimuth_deg = 215, sun_elevation_deg = 38 },
    ego = {
        speed_m_s = 25,
        start = { road = "1", s_m = 300, lane = -1 },
        goal = { after_m = setting("goal_m", 2100) },
    },
    actors = {
        {
            name = "lead", speed_m_s = 19, start = { of = "ego", ahead_m = 60 },
            events = {
                {
                    name = "brakes", when = when.travelled { of = "ego", above_m = 1900 },
                    act.brake { to_m_s = 8, rate_m_s2 = 2 },
                },
            },
        },
    },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
