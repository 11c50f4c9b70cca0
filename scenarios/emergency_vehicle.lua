-- emergency_vehicle.lua: an ambulance under siren, its blue lamps flashing, comes up behind the ego in town.
--
-- Shows traffic that makes way (engine/sim/emergency.c): cars ahead and oncoming steer to the edge and slow down. Measure: how
-- long it is held up by the ego; the ego must see it behind, or hear it, which its camera does not. `who` makes it a
-- patrol car with red and blue lamps.
--
--   blacktop run scenarios/emergency_vehicle.lua --out out/siren --cameras rear --set who=police

local who = choice("who", { "ambulance", "police" })
local actors = {
    { name = who, vehicle = "vehicles/" .. who .. ".lua", emergency = true, headlamps = true,
      speed_m_s = 15, desired_speed_m_s = uniform("ambulance_m_s", 15, 20),
      start = { road = "1", s_m = 55, lane = -1 }, goal = { road = "2", s_m = 150, lane = -1 } },
}
for i = 1, 3 do                         -- who drives ahead of the ego, and who comes towards it
    actors[#actors + 1] = { name = "ahead " .. i, vehicle = "vehicles/hatch.lua", speed_m_s = 9,
                            start = { road = "1", s_m = 130 + 22 * i, lane = -1 }, goal = { road = "2", s_m = 180, lane = -1 } }
    actors[#actors + 1] = { name = "oncoming " .. i, vehicle = "vehicles/wagon.lua", speed_m_s = 9,
                            start = { road = "1", s_m = 150 + 28 * i, lane = 1 } }
end

return {
    title = "emergency vehicle",
    seed = 3,
    duration_s = setting("seconds", 18.0),
    map = "maps/town.xodr",
    weather = { sun_azimuth_deg = 230, sun_elevation_deg = 20, cloud = 0.5 },
    ego = {
        start = { road = "1", s_m = 115, lane = -1 },
        goal = { road = "2", s_m = 60, lane = -1 },
        speed_m_s = 9,
    },
    actors = actors,
    traffic = { pedestrians = 8, radius_m = 100 },
    cameras = {
        front = {},
        rear = { mount = { x_m = -0.6, z_m = 1.3, yaw_deg = 180, pitch_deg = 1.5 } },
    },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
