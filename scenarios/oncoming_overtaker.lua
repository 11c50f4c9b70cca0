-- oncoming_overtaker.lua: on the country road somebody overtakes a truck towards the ego.
--
-- Shows an overtaking that is too short: the car pulls out when the ego is `far_s` away and comes back as soon as it
-- is past the truck. Measure: how much the ego slows, whether it uses the shoulder.
--
--   blacktop run scenarios/oncoming_overtaker.lua --out out/overtaker --set far_s=5

local truck_speed = 17

return {
    title = "oncoming overtaker",
    seed = 1,
    duration_s = setting("seconds", 14.0),
    crashes = 2, -- of an ego that keeps its lane: head on, and the truck comes upon it
    map = "maps/town.xodr",
    weather = { sun_azimuth_deg = 130, sun_elevation_deg = 22, cloud = 0.3 },
    ego = {
        start = { road = "5", s_m = 420, lane = -1 },
        goal = { road = "5", s_m = 640, lane = -1 },
        speed_m_s = uniform("ego_m_s", 17, 22),
    },
    actors = {
        { name = "truck", vehicle = "vehicles/truck.lua", speed_m_s = truck_speed,
          start = { road = "5", s_m = 760, lane = 1 }, events = { { name = "goes on", act.lamps { low_beam = true } } } },
        { name = "overtaker", vehicle = "vehicles/sedan.lua", color = { 0.5, 0.02, 0.03 }, speed_m_s = truck_speed + 1,
          start = { road = "5", s_m = 790, lane = 1 },
          events = {
              { name = "pull out", when = when.time_to_collision { to = "ego", along = "own", below_s = uniform("far_s", 5.5, 8.0) },
                act.lamps { left = true },
                act.change_lane { lanes = 1, over_s = 2.4 },
                act.speed { to_m_s = truck_speed + uniform("faster_m_s", 8, 12), rate_m_s2 = 3.0 } },
              { name = "back", when = { when.ended { event = "past" } },
                act.lamps { left = false, right = true },
                act.change_lane { lanes = -1, over_s = 2.4 } },
              -- past the truck's nose by a few metres
              { name = "past", when = { when.distance { of = "truck", to = "overtaker", along = "own", above_m = 4 },
                                        when.distance { to = "ego", below_m = 250 },
                                        when.reached { of = "overtaker", place = { of = "truck", ahead_m = 12, left_m = 3.5 }, within_m = 5 } },
                act.lamps { right = true } },
          } },
    },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
