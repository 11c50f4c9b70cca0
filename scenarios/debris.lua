-- debris.lua: boxes lie on the motorway, lost from a pickup that drives on with one still sliding.
--
-- Shows things on the road: small, still, and the same colour as nothing the training set has. Two lie in the ego's
-- lane, one across the line, one slides after the pickup until it rests. Measure: what is hit, and how fast; swerving
-- into the lane beside meets the overtaker.
--
--   blacktop run scenarios/debris.lua --out out/debris --set size_m=0.25

local size = uniform("size_m", 0.25, 0.7)

local function box(name, ahead, lateral, heading)
    return { name = name, kind = "thing", size_m = { 1.4 * size, size, size },
             start = { of = "ego", ahead_m = ahead, lateral_m = lateral, heading_deg = heading } }
end

local sliding = box("box 4", 210, 0.4, 20)
sliding.events = {
    { name = "slide", act.follow { { of = "box 4", ahead_m = 14, left_m = 0.8 }, speed_m_s = 7, stand = true } },
}

return {
    title = "debris on the motorway",
    seed = 1,
    duration_s = setting("seconds", 12.0),
    map = "maps/motorway.xodr",
    ego = { start = { road = "1", s_m = 50, lane = -3 }, speed_m_s = uniform("ego_m_s", 22, 30) },
    actors = {
        box("box 1", 120, uniform("first_lateral_m", -0.9, 0.9), 35),
        box("box 2", 128, -1.6, 80),
        box("box 3", 133, 1.9, 10),
        sliding,
        { name = "pickup", vehicle = "vehicles/pickup.lua", speed_m_s = 24, desired_speed_m_s = 24,
          start = { road = "1", s_m = 300, lane = -3 } },
        { name = "overtaker", vehicle = "vehicles/sedan.lua", speed_m_s = 33, desired_speed_m_s = 33,
          start = { road = "1", s_m = 15, lane = -2 } },
    },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
