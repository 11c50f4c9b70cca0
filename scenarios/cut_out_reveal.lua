-- cut_out_reveal.lua: the van ahead changes lane late and reveals a car that stands in the lane.
--
-- Shows what a camera behind a tall vehicle cannot see. The van swerves when it is `late_s` before the standing car, whose
-- hazard lights are on; the lane beside is free. Measure: does the ego stop or follow the van; at which speed does
-- it hit if not. An autopilot that keeps one second behind has no chance at 30 m/s, one that keeps two has.
--
--   blacktop run scenarios/cut_out_reveal.lua --out out/reveal --set late_s=2

local speed = uniform("speed_m_s", 20, 28)

return {
    title = "cut-out that reveals a standing car",
    seed = 1,
    duration_s = setting("seconds", 16.0),
    map = "maps/motorway.xodr",
    weather = { sun_azimuth_deg = 120, sun_elevation_deg = 30, cloud = 0.5 },
    ego = { start = { road = "1", s_m = 40, lane = -3 }, speed_m_s = speed },
    actors = {
        {
            name = "van", vehicle = "vehicles/van.lua", color = { 0.75, 0.75, 0.72 },
            start = { of = "ego", ahead_m = speed * uniform("ego_headway_s", 1.4, 2.2) + 5 }, speed_m_s = speed,
            events = {
                { name = "reveal",
                  when = when.headway { to = "standing", below_s = uniform("late_s", 1.6, 3.0) },
                  act.lamps { left = true },
                  act.change_lane { lanes = 1, over_s = uniform("swerve_s", 2.0, 2.8) } },
            },
        },
        {
            name = "standing", vehicle = "vehicles/wagon.lua", color = { 0.1, 0.12, 0.2 },
            start = { road = "1", s_m = 330, lane = -3, lateral_m = uniform("aside_m", -0.6, 0.6) }, speed_m_s = 0,
            events = { { name = "stands", act.lamps { hazard = true } } },
        },
    },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
