-- zipper_merge.lua: the ego's lane ends in dense traffic, and it has to find its place in the row beside.
--
-- Shows drivers who merge by turns (engine/sim/right_of_way.c) around an ego that should too. `gap_m` is the room
-- between the cars of the row; the road's outer lane ends between s = 1900 and 2080 m. Measure: does the ego get in,
-- how much does the one behind it have to brake, does it wait at the end for ever.
--
--   blacktop run scenarios/zipper_merge.lua --out out/zipper --set gap_m=9

local gap = uniform("gap_m", 9, 22)
local speed = uniform("speed_m_s", 9, 15)
local models = { "vehicles/hatch.lua", "vehicles/suv.lua", "vehicles/wagon.lua", "vehicles/van.lua", "vehicles/sedan.lua" }

local actors = {}
for i = 1, 9 do                         -- the row beside
    actors[#actors + 1] = {
        name = "row " .. i, vehicle = models[1 + i % #models], speed_m_s = speed, desired_speed_m_s = speed,
        start = { road = "1", s_m = 1790 + (i - 4) * (gap + 5), lane = -3 }, driver = { keep_lane_m_s2 = 1000 } }
end
for i = 1, 3 do                         -- and who merges before the ego
    actors[#actors + 1] = {
        name = "merger " .. i, vehicle = models[1 + (i + 2) % #models], speed_m_s = speed, desired_speed_m_s = speed + 2,
        start = { road = "1", s_m = 1790 + i * 30, lane = -4 } }
end

return {
    title = "zipper merge",
    seed = 1,
    duration_s = setting("seconds", 40.0),
    map = "maps/motorway.xodr",
    ego = {
        start = { road = "1", s_m = 1780, lane = -4 },
        goal = { road = "1", s_m = 2150, lane = -3 },
        speed_m_s = speed,
    },
    actors = actors,
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
