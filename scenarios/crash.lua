-- crash.lua: a car runs a red light and hits one that has green, before the ego's eyes.
--
-- Shows what a crash leaves behind: the car that is struck at its side turns and slides, both come to rest somewhere in
-- the crossroads with their hazard lamps on, and traffic has to cope. `late_m`: how far the other is past the middle of
-- the runner's way when that is there: its door, or its tail, which spins it. What is struck is led by its story no
-- longer; `when.collision` says so. Measure: does the autopilot stop, and keep its distance from what slides towards it.
--
--   blacktop run scenarios/crash.lua --out out/crash --set late_m=3.5 --set runner_m_s=16

local late = uniform("late_m", 1.5, 4)

return {
    title = "crash",
    seed = 3, -- green for the ego and for who drives before it
    duration_s = setting("seconds", 14.0),
    crashes = 1,
    map = "maps/town.xodr",
    weather = { sun_azimuth_deg = 190, sun_elevation_deg = 25 },
    ego = {
        start = { road = "1", s_m = 170, lane = -1 },
        goal = { road = "2", s_m = 40, lane = -1 },
        speed_m_s = uniform("ego_m_s", 8, 10),
    },
    actors = {
        { name = "struck", vehicle = "vehicles/hatch.lua", color = { 0.5, 0.06, 0.05 },
          start = { road = "1", s_m = 200, lane = -1 }, speed_m_s = 11,
          events = {
              { name = "drive", act.speed { to_m_s = uniform("struck_m_s", 10, 12), over_s = 1 } },
              { name = "hit", when = when.collision { with = "runner" }, act.lamps { hazard = true } },
          } },
        { name = "runner", vehicle = "vehicles/suv.lua", color = { 0.1, 0.1, 0.12 },
          start = { road = "7", s_m = 60, lane = 1 }, speed_m_s = 13,
          events = {
              { name = "run",
                act.synchronize { with = "struck", at = { road = "111", s_m = 9, lane = -1 },
                                  when_at = { road = "100", s_m = 11 + late, lane = -1 },
                                  last_m_s = uniform("runner_m_s", 11, 15) } },
          } },
    },
    traffic = { parked = 6, pedestrians = 4, radius_m = 80 },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
