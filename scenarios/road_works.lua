-- road_works.lua: cones close the outer lane of the motorway before a truck and two workers.
--
-- Shows a lane that ends where no map says so. The ego must leave it by itself: the reference autopilot, which
-- follows its route, stops before the cones and fails by time. Measure: the speed past the workers, the distance to
-- the cones, whether the gap in the lane beside was taken or forced.
--
--   blacktop run scenarios/road_works.lua --out out/works --set taper_m=60

local from = 260                       -- where the first cone stands
local taper = uniform("taper_m", 60, 120)

local actors = {
    { name = "works truck", vehicle = "vehicles/truck.lua", color = { 0.8, 0.45, 0.05 }, speed_m_s = 0,
      start = { road = "1", s_m = from + taper + 50, lane = -4 },
      events = { { name = "warn", act.lamps { hazard = true } } } },
    { name = "worker 1", kind = "pedestrian", loop = true, speed_m_s = 0.8,
      path = { { road = "1", s_m = from + taper + 14, t_m = -10.2 }, { road = "1", s_m = from + taper + 22, t_m = -11.2 } } },
    { name = "worker 2", kind = "pedestrian", loop = true, speed_m_s = 0.6,
      path = { { road = "1", s_m = from + taper + 30, t_m = -11.4 }, { road = "1", s_m = from + taper + 26, t_m = -10.0 } } },
    { name = "beside", vehicle = "vehicles/wagon.lua", speed_m_s = 22, desired_speed_m_s = 22,
      start = { road = "1", s_m = 40 + uniform("beside_m", -10, 25), lane = -3 } },
}
-- from the outer border of lane -4 (t = -12.3) to its inner one (-8.7), then along it
for i = 0, 19 do
    local along = i * 12
    local t = -12.3 + 3.6 * math.min(1, along / taper)
    actors[#actors + 1] = { name = "cone " .. i + 1, kind = "thing", thing = "cone",
                            start = { road = "1", s_m = from + along, t_m = t } }
end

return {
    title = "road works",
    seed = 1,
    duration_s = setting("seconds", 25.0),
    map = "maps/motorway.xodr",
    weather = { sun_azimuth_deg = 200, sun_elevation_deg = 48 },
    ego = {
        start = { road = "1", s_m = 60, lane = -4 },
        goal = { road = "1", s_m = 520, lane = -3 },
        speed_m_s = uniform("ego_m_s", 18, 25),
    },
    actors = actors,
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
