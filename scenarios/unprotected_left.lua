-- unprotected_left.lua: the ego turns left at the crossroads while cars come towards it.
--
-- Shows a gap that has to be judged: the oncoming row has gaps of drawn length, green is green for both, and nobody
-- waves. Whoever turns into the first gap hits, whoever waits for the perfect one waits long. Measure: the gap that
-- was taken, the time to the oncoming car after the turn, the verdict.
--
--   blacktop run scenarios/unprotected_left.lua --out out/left --set gap_s=4

local gap = uniform("gap_s", 2.2, 4.0)
local speed = 11.0

local actors = {}
for i = 1, 4 do
    local there = 25 + (i - 1 + (i == 4 and 0.6 or 0)) * speed * gap -- the last leaves more room
    actors[i] = {
        name = "oncoming " .. i, vehicle = ({ "vehicles/suv.lua", "vehicles/hatch.lua", "vehicles/van.lua" })[1 + i % 3],
        speed_m_s = speed, desired_speed_m_s = speed, start = { road = "2", s_m = there, lane = 1 },
        goal = { road = "1", s_m = 60, lane = 1 },
    }
end

return {
    title = "unprotected left turn",
    seed = 3, -- green from the beginning
    duration_s = setting("seconds", 40.0),
    map = "maps/town.xodr",
    weather = { sun_azimuth_deg = 160, sun_elevation_deg = 35 },
    ego = {
        start = { road = "1", s_m = 190, lane = -1 },
        goal = { road = "6", s_m = 60, lane = -1 },
        speed_m_s = 9,
    },
    actors = actors,
    traffic = { parked = 6, pedestrians = 6, radius_m = 90 },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
