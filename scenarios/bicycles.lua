-- bicycles.lua: the ego comes up behind a bicycle, others ride towards it and on ahead.
--
-- Shows bicycles among the traffic (engine/sim/cycle.h): they keep to the edge of the lane, lean into bends, pedal; cars pass
-- them when nobody comes (engine/sim/pass.c). The reference autopilot stays in its lane. Measure: the room left
-- beside the cyclist (StVO section 5 asks for 1.5 m in towns), how long the ego follows.
--
--   blacktop run scenarios/bicycles.lua --out out/bicycles --set cyclists=8

return {
    title = "bicycles",
    seed = 1,
    duration_s = setting("seconds", 12.0),
    map = "maps/town.xodr",
    weather = { sun_azimuth_deg = 220, sun_elevation_deg = 40, cloud = 0.2 },
    ego = {
        start = { road = "1", s_m = 110, lane = -1 },
        goal = { road = "1", s_m = 210, lane = -1 },
        speed_m_s = uniform("ego_m_s", 7, 12),
    },
    actors = {
        { name = "cyclist", vehicle = "vehicles/bicycle.lua", speed_m_s = 4.5,
          desired_speed_m_s = uniform("cyclist_m_s", 3.5, 6.0), driver = { accel_m_s2 = 0.6, keep_lane_m_s2 = 1000 },
          start = { road = "1", s_m = 122, lane = -1 }, lateral_m = -0.9 },
        { name = "oncoming", vehicle = "vehicles/bicycle.lua", color = { 0.5, 0.05, 0.05 }, speed_m_s = 5,
          desired_speed_m_s = 5, driver = { accel_m_s2 = 0.6, keep_lane_m_s2 = 1000 },
          start = { road = "1", s_m = 160, lane = 1 }, lateral_m = 0.9 },
        { name = "car", vehicle = "vehicles/hatch.lua", speed_m_s = 8, start = { road = "1", s_m = 92, lane = -1 } },
    },
    traffic = { cyclists = setting("cyclists", 4), cars = 4, parked = 4, pedestrians = 6, radius_m = 120 },
    cameras = { front = { rate_hz = 5 } },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
