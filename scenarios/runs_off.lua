-- runs_off.lua: a car ahead leaves the road and hits what stands there: a street lamp in town, or the guard rail of a motorway.
--
-- Shows that what stands beside the road is felt: `into=lamp`: the post breaks and takes its impulse, the car goes on over the
-- verge until it rests; `into=rail`: the rail yields and leads the car back along itself. Measure: does the autopilot
-- keep clear of what comes back into its lane, in time and without being hit itself; and who was hit, by what,
-- how hard: `crash.with` of the car in truth.jsonl. An ego that leaves the road itself ends with a collision that names the thing.
--
--   blacktop run scenarios/runs_off.lua --out out/runs_off --set into=rail --set off_m_s=24

local into = setting("into", "lamp")
local rail = into == "rail"

-- town: the lamp on the right side of road 1 at x = 179.5, y = -7.8; motorway: the rail on the right, along y = -15.4
local way = rail
    and { { x_m = 320, y_m = -8 }, { x_m = 350, y_m = -15 }, { x_m = 372, y_m = -22 },
          speed_m_s = uniform("off_m_s", 22, 26), accel_m_s2 = 2 }
    or { { x_m = 150, y_m = -2 }, { x_m = 179.5, y_m = -7.8 }, { x_m = 195, y_m = -11.6 },
         speed_m_s = uniform("off_m_s", 12, 15), accel_m_s2 = 2 }

return {
    title = "runs_off",
    seed = 3,
    duration_s = setting("seconds", 10.0),
    crashes = 2, -- behind the lamp stands a house, behind the rail a delineator
    map = rail and "maps/motorway.xodr" or "maps/town.xodr",
    weather = { sun_azimuth_deg = 190, sun_elevation_deg = 35 },
    ego = {
        start = rail and { road = "1", s_m = 230, lane = -3 } or { road = "1", s_m = 60, lane = -1 },
        speed_m_s = rail and 24 or 9,
    },
    actors = {
        { name = "tired", vehicle = "vehicles/hatch.lua", color = { 0.5, 0.06, 0.05 },
          start = rail and { road = "1", s_m = 265, lane = -3 } or { road = "1", s_m = 80, lane = -1 },
          speed_m_s = rail and 24 or 12,
          events = { { name = "runs off", when = when.time { after_s = 0.2 }, act.follow(way) } } },
    },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
