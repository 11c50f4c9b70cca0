-- crowd_crossing.lua: three hundred people cross the main street, from both sides at once.
--
-- Shows a crowd that finds its way through itself (engine/sim/people.c) and an ego that has to wait until there is room.
-- Nobody looks for cars (`careless`). Measure: nobody is touched; how long the ego waits, and whether it creeps.
--
--   blacktop run scenarios/crowd_crossing.lua --out out/crowd --set people=300

local people = setting("people", 300)
local at, wide = 176, 8.0              -- the middle and the width of the place where they cross

-- Rows on both sidewalks, ten abreast; even numbers start on the left.
local actors = {}
for i = 0, people - 1 do
    local left, row = i % 2 == 0, i // 20
    local s = at + wide * ((i // 2 % 10) / 9 - 0.5) + 0.3 * (row % 2)
    local from, to = 6.2 + 0.75 * row, -6.2 - 0.75 * row
    if not left then from, to = to, from end
    actors[#actors + 1] = {
        name = "person " .. i + 1, kind = "pedestrian", careless = true,
        speed_m_s = 1.1 + 0.5 * math.random(), start_s = 0.4 * math.random(),
        path = { { road = "1", s_m = s, t_m = from }, { road = "1", s_m = s + 2 * math.random() - 1, t_m = to } },
    }
end

return {
    title = "crowd crossing",
    seed = 1,
    duration_s = setting("seconds", 30.0),
    map = "maps/town.xodr",
    weather = { sun_azimuth_deg = 230, sun_elevation_deg = 50, cloud = 0.2 },
    ego = {
        start = { road = "1", s_m = 110, lane = -1 },
        goal = { road = "1", s_m = 210, lane = -1 },
        speed_m_s = uniform("ego_m_s", 7, 12),
    },
    actors = actors,
    cameras = { front = { rate_hz = 5 } },
    render = { samples = 16, width_px = 640, height_px = 400 },
}
