-- roundabout.lua: the ego enters a roundabout of five arms, in which cars go round.
--
-- Shows giving way without lights: who is in the ring goes first. Cars come from the arms to the left and ahead, `gap_s` apart,
-- and leave by all exits, so that their indicators matter. Measure: the gap that was taken, whether somebody in the ring
-- had to brake, whether the ego waits with the ring empty.
--
--   blacktop run scenarios/roundabout.lua --out out/roundabout --set gap_s=3

local gap = uniform("gap_s", 2.5, 6.0)
local speed = 9.0

-- Arms, counted from the ego's as the ring turns: road, which side of it leads in, and how far from the ring its
-- splitter island reaches, which moves the lanes' numbers by one.
local arms = {
    { road = "5", into = 1, near = "start", split_m = 32 },
    { road = "3", into = -1, near = "end", split_m = 65, length_m = 693.6 },
    { road = "2", into = 1, near = "start", split_m = 100 },
    { road = "4", into = 1, near = "start", split_m = 100 },
}
local models = { "vehicles/hatch.lua", "vehicles/van.lua", "vehicles/suv.lua", "vehicles/wagon.lua" }

local function place(arm, distance, side)
    return { road = arm.road, s_m = arm.near == "start" and distance or arm.length_m - distance,
             lane = side * (distance < arm.split_m and 2 or 1) }
end

local actors = {}
for i = 1, 8 do
    local from, to = arms[3 + i % 2], arms[1 + i // 2 % 3]      -- from ahead and from the left
    if from == to then to = arms[1] end
    actors[i] = { name = "car " .. i, vehicle = models[1 + i % 4], speed_m_s = speed,
                  start = place(from, 20 + (i - 1) // 2 * gap * speed, from.into), goal = place(to, 120, -to.into) }
end

return {
    title = "roundabout",
    seed = 1,
    duration_s = setting("seconds", 40.0),
    map = "maps/roundabout.xodr",
    weather = { sun_azimuth_deg = 210, sun_elevation_deg = 40, cloud = 0.3 },
    ego = {
        start = { road = "1", s_m = uniform("from_m", 636, 664), lane = -2 },
        goal = { road = "3", s_m = 560, lane = 1 },
        speed_m_s = 9,
    },
    actors = actors,
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
