-- cut_in.lua: a car overtakes on the motorway and cuts in close ahead of the ego.
--
-- Shows a story: the car is a few m/s faster than the ego, whatever that does, until it is a given headway ahead; then
-- it changes into the ego's lane, and brakes a little. Who keeps too little distance, or takes the gap for granted, runs into it. Measure: the
-- verdict, and the least distance over many seeds (the gap, the time it takes and the braking are drawn).
--
--   blacktop scenario parameters scenarios/cut_in.lua --seed 3
--   blacktop run scenarios/cut_in.lua --out out/cut_in --set gap_s=0.5 --set brake_m_s2=5

local speed = uniform("ego_m_s", 24, 32)
local gap_s = uniform("gap_s", 0.4, 1.0)

return {
    title = "cut-in",
    seed = 1,
    duration_s = setting("seconds", 18.0),
    map = "maps/motorway.xodr",
    ego = {
        start = { road = "1", s_m = 60, lane = -3 },
        goal = { road = "1", s_m = 430, lane = -3 },
        speed_m_s = speed,
    },
    actors = {
        {
            name = "cutter", vehicle = "vehicles/suv.lua", color = { 0.55, 0.05, 0.05 },
            start = { of = "ego", lanes = 1, ahead_m = -25 }, speed_m_s = speed,
            events = {
                { name = "overtake",
                  act.speed { as = "ego", plus_m_s = uniform("faster_m_s", 5, 9), always = true,
                              over_s = 3, shape = "smooth" } },
                { name = "signal", when = when.headway { of = "ego", to = "cutter", above_s = 0.1 },
                  act.lamps { right = true } },
                { name = "cut in", when = when.headway { of = "ego", to = "cutter", above_s = gap_s },
                  act.change_lane { into = "ego", over_s = uniform("change_s", 2.0, 3.5) },
                  act.speed { as = "ego", over_s = 3 } },
                { name = "brake", when = when.ended { event = "cut in" },
                  act.lamps { right = false, brake = true },
                  act.brake { to_m_s = 0.6 * speed, rate_m_s2 = uniform("brake_m_s2", 1, 5) } },
            },
        },
        { name = "truck", vehicle = "vehicles/truck.lua", speed_m_s = 22, desired_speed_m_s = 22,
          start = { road = "1", s_m = 150, lane = -4 } },
    },
    cameras = { front = { mount = { x_m = 1.75, z_m = 1.34, pitch_deg = 1.0 } } },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
