-- school_bus.lua: a school bus stands, its red lamps flashing and its arm out; children cross before it, one comes late.
--
-- Shows children who are hidden by what they leave. The bus stops as the ego comes; its sign swings out as its lamps begin.
-- The first two children cross when the ego is far, the third when it is `early_s` away. Measure: the speed past the bus; the law
-- of its country asks both directions to stop, in Europe for walking pace.
--
--   blacktop run scenarios/school_bus.lua --out out/school --set early_s=2

local stop_m = 178
local early = uniform("early_s", 1.8, 3.5)

local function child(name, ahead, height, condition)
    return {
        name = name, kind = "pedestrian", height_m = height,
        start = { road = "1", s_m = stop_m + ahead, t_m = -5.2, heading_deg = 90 },
        events = { { name = name .. " crosses", when = condition,
                     act.cross { to = { road = "1", s_m = stop_m + ahead, t_m = 5.2 },
                                 speed_m_s = uniform(name:gsub(" ", "_") .. "_m_s", 1.4, 3.0) } } },
    }
end

return {
    title = "school bus",
    seed = 1,
    duration_s = setting("seconds", 14.0),
    map = "maps/town.xodr",
    weather = { sun_azimuth_deg = 100, sun_elevation_deg = 14, cloud = 0.4 },
    ego = {
        start = { road = "1", s_m = 100, lane = -1 },
        goal = { road = "1", s_m = 210, lane = -1 },
        speed_m_s = uniform("ego_m_s", 9, 13),
    },
    actors = {
        { name = "school bus", vehicle = "vehicles/school_bus.lua", speed_m_s = 0,
          start = { road = "1", s_m = stop_m - 8.2, lane = -1, lateral_m = -2.6 },
          events = { { name = "stops", when = when.time { after_s = 0.2 }, act.lamps { school_stop = true } } } },
        child("child 1", 1.0, 1.25, when.time { after_s = 0.5 }),
        child("child 2", 1.8, 1.15, when.time { after_s = 1.2 }),
        child("child 3", 1.4, 1.2, when.time_to_collision {
            of = "ego", place = { road = "1", s_m = stop_m, lane = -1 }, below_s = early }),
    },
    traffic = { pedestrians = 6, radius_m = 80 },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
