-- red_light_runner.lua: the ego has green, and a car from the side does not stop.
--
-- Shows a driver who ignores the signal: timed so that both reach the middle of the crossroads together, whatever
-- the ego's speed (`act.synchronize`), and `late_m` short of that. Measure: does the autopilot look left and right at
-- green.
--
--   blacktop run scenarios/red_light_runner.lua --out out/runner --set late_m=8

local late = uniform("late_m", -2, 10)

return {
    title = "red light runner",
    seed = 3, -- green for the ego
    duration_s = setting("seconds", 12.0),
    crashes = 1, -- of an ego that trusts its green
    map = "maps/town.xodr",
    weather = { sun_azimuth_deg = 190, sun_elevation_deg = 25 },
    ego = {
        start = { road = "1", s_m = 180, lane = -1 },
        goal = { road = "2", s_m = 40, lane = -1 },
        speed_m_s = uniform("ego_m_s", 9, 13),
    },
    actors = {
        { name = "runner", vehicle = "vehicles/suv.lua", color = { 0.1, 0.1, 0.12 },
          start = { road = "7", s_m = 60, lane = 1 }, speed_m_s = 13,
          events = {
              { name = "run",
                act.synchronize { with = "ego", at = { road = "111", s_m = 9, lane = -1 },
                                  when_at = { road = "100", s_m = 11 - late, lane = -1 }, last_m_s = 14 } },
          } },
    },
    traffic = { parked = 6, pedestrians = 4, radius_m = 80 },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
