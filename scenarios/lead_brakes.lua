-- lead_brakes.lua: the car ahead brakes to a stop, for no reason the ego can see.
--
-- Shows the plainest test of following, after Euro NCAP's car-to-car rear braking (2023 protocol: 50 km/h, gaps of 12
-- and 40 m, 2 and 6 m/s2). Measure: the verdict on a grid of gap and braking; the least time to collision.
--
--   blacktop run scenarios/lead_brakes.lua --out out/lead --set gap_m=12 --set brake_m_s2=6

local speed = setting("speed_m_s", 50 / 3.6)

return {
    title = "lead brakes",
    seed = 1,
    duration_s = setting("seconds", 12.0),
    map = "maps/motorway.xodr",
    ego = { start = { road = "1", s_m = 40, lane = -3 }, speed_m_s = speed },
    actors = {
        { name = "lead", vehicle = "vehicles/hatch.lua", color = { 0.75, 0.75, 0.75 }, speed_m_s = speed,
          -- from rear axle to rear axle: a car's length more than the gap
          start = { of = "ego", ahead_m = choice("gap_m", { 12, 40 }) + 4.3 },
          events = {
              { name = "brake", when = when.time { after_s = uniform("after_s", 1.5, 3.0) },
                act.lamps { brake = true },
                act.brake { rate_m_s2 = choice("brake_m_s2", { 2, 6 }) } },
          } },
    },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
