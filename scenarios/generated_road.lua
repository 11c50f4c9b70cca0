-- generated_road.lua: two seconds on a road network that nobody drew.
--
-- Shows road.make: the map is laid out from a kind, a length and a seed when the scenario loads.
-- Look at front/000000.png and at map.xodr in the clip. Measure: the same seed gives the same map.
--
--   blacktop run scenarios/generated_road.lua --out out/rural
--   blacktop run scenarios/generated_road.lua --out out/downtown --set kind=downtown --set road_seed=4

return {
    title = "generated road",
    seed = 5,
    duration_s = setting("seconds", 2.0),
    map = road.make {
        kind = setting("kind", "rural"),
        km = setting("km", 3.0),
        seed = setting("road_seed", 7),
    },
    weather = { sun_azimuth_deg = 215.0, sun_elevation_deg = 38.0 },
    ego = {
        vehicle = "vehicles/hatch.lua",
        speed_m_s = setting("speed_m_s", 10.0),
        autopilot = "autopilots/lane_follower.lua",
    },
    traffic = {
        cars = setting("cars", 8),
        parked = setting("parked", 8),
        cyclists = setting("cyclists", 0),
        radius_m = 160,
    },
    cameras = {
        front = {
            sheet = "cameras/front_1mp.lua",
            mount = { x_m = 2.0, y_m = 0.0, z_m = 1.40, pitch_deg = 1.5 },
            rate_hz = 10.0,
        },
    },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
