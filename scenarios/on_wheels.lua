-- on_wheels.lua: a wheelchair and a stroller cross before the ego, others with sticks and scooters are on the pavements.
--
-- Shows what people ride, push and lean on (engine/sim/gear.h). Who crosses does not look (`careless`), and the wheelchair
-- takes twice as long as a walker. Measure: whether the ego waits until both are over; the shares are parameters.
--
--   blacktop run scenarios/on_wheels.lua --out out/on_wheels --set people=30

local at = 160

return {
    title = "on wheels",
    seed = 3,
    duration_s = setting("seconds", 24.0),
    map = "maps/town.xodr",
    weather = { sun_azimuth_deg = 215, sun_elevation_deg = 42, cloud = 0.25 },
    ego = {
        start = { road = "1", s_m = 118, lane = -1 },
        goal = { road = "1", s_m = 200, lane = -1 },
        speed_m_s = uniform("ego_m_s", 6, 10),
    },
    actors = {
        { name = "wheelchair", kind = "pedestrian", with = "wheelchair", careless = true, speed_m_s = uniform("wheelchair_m_s", 0.7, 1.2),
          path = { { road = "1", s_m = at, t_m = -6.0 }, { road = "1", s_m = at, t_m = 6 } } },
        { name = "stroller", kind = "pedestrian", with = "stroller", careless = true, speed_m_s = 1.2,
          path = { { road = "1", s_m = at + 2.5, t_m = 6.0 }, { road = "1", s_m = at + 2, t_m = -6 } } },
        { name = "stick", kind = "pedestrian", with = "cane",
          path = { { road = "1", s_m = at - 12, t_m = -6.0 }, { road = "1", s_m = at + 20, t_m = -6.0 } } },
        { name = "white cane", kind = "pedestrian", with = "white_cane",
          path = { { road = "1", s_m = at + 14, t_m = -6.6 }, { road = "1", s_m = at - 30, t_m = -6.6 } } },
        { name = "scooter", kind = "pedestrian", with = "kick_scooter", height_m = 1.3,
          path = { { road = "1", s_m = at - 16, t_m = 6.2 }, { road = "1", s_m = at + 40, t_m = 6.2 } } },
        { name = "e-scooter", kind = "pedestrian", with = "e_scooter",
          path = { { road = "1", s_m = at + 40, t_m = 7.0 }, { road = "1", s_m = at - 40, t_m = 7.0 } } },
    },
    traffic = { pedestrians = setting("people", 16), radius_m = 90,
                walkers = { stroller = uniform("strollers", 0.0, 0.3), wheelchair = uniform("wheelchairs", 0.0, 0.2), cane = 0.15,
                            e_scooter = 0.1, kick_scooter = 0.1 } },
    cameras = { front = { rate_hz = 5 } },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
