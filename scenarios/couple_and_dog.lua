-- couple_and_dog.lua: a couple and their dog run across the motorway.
--
-- Shows people where nobody expects them: they come over the shoulder when the ego is `early_s` away and cross all
-- three lanes; the dog is ahead, and she follows him. Measure: distance and speed when the last of them has left
-- the ego's lane.
--
--   blacktop run scenarios/couple_and_dog.lua --out out/couple --set early_s=3

local early = uniform("early_s", 3.0, 5.5)
local from = 300

local function runner(name, kind, behind, aside, speed)
    return {
        name = name, kind = kind,
        start = { road = "1", s_m = from + aside, t_m = -15.2 - behind, heading_deg = 90 },
        events = {
            { name = name .. " runs",
              when = when.time_to_collision { of = "ego", place = { road = "1", s_m = from, lane = -3 }, below_s = early },
              act.cross { to = { road = "1", s_m = from + aside, t_m = 0.3 - behind }, speed_m_s = speed } },
        },
    }
end

local pace = uniform("pace_m_s", 2.6, 4.0)

return {
    title = "couple and dog on the highway",
    seed = 1,
    duration_s = setting("seconds", 16.0),
    map = "maps/motorway.xodr",
    weather = { sun_azimuth_deg = 200, sun_elevation_deg = 12, cloud = 0.3 },
    ego = { start = { road = "1", s_m = 40, lane = -3 }, speed_m_s = uniform("ego_m_s", 24, 30) },
    actors = {
        runner("he", "pedestrian", 0.0, 0.0, pace),
        runner("she", "pedestrian", 1.2, 1.3, pace),
        runner("dog", "dog", -1.4, -1.2, pace + 0.3),
        { name = "oncoming", vehicle = "vehicles/truck.lua", speed_m_s = 23, start = { road = "1", s_m = 420, lane = 3 } },
    },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
