-- first_drive.lua: two seconds down the main street of a small town, or along any OpenDRIVE map.
--
-- Shows the whole thread: a road map, traffic that follows it, a camera that records electrons, an
-- autopilot at the wheel, exact labels. Look at front/000000.png, then run `blacktop check` on the
-- folder. Measure: seconds of light per frame (the last line of the run), and that the same command
-- gives the same bytes.
--
--   blacktop run scenarios/first_drive.lua --out out/first_drive
--   blacktop run scenarios/first_drive.lua --out out/e6 --set map=FILE.xodr --set seconds=1
--   blacktop run scenarios/first_drive.lua --out out/dusk --set sun_elevation_deg=-4

local town = "maps/town.xodr"
local map = setting("map", town)

return {
    title = "first drive",
    seed = 5,
    duration_s = setting("seconds", 2.0),
    map = map,

    -- a clear late morning
    weather = {
        sun_azimuth_deg = setting("sun_azimuth_deg", 215.0),
        sun_elevation_deg = setting("sun_elevation_deg", 42.0),
        sun_radius_deg = setting("sun_radius_deg", 0.2665),
        hour = setting("hour", 21.0),
        aerosol_optical_depth = setting("haze", 0.08),
        moon_azimuth_deg = setting("moon_azimuth_deg", 160.0),
        moon_elevation_deg = setting("moon_elevation_deg", -90.0),
        moon_phase_deg = setting("moon_phase_deg", 0.0),
        sky_glow_mcd_m2 = setting("sky_glow_mcd_m2", 0.0),
        cloud = setting("cloud", 0.0),
        cloud_optical_depth = setting("cloud_optical_depth", 30.0),
        rain_mm_h = setting("rain_mm_h", 0.0),
        snow_mm_h = setting("snow_mm_h", 0.0),
        wet = setting("wet", 0.0),
        wind_m_s = setting("wind_m_s", 0.0),
        wind_azimuth_deg = setting("wind_azimuth_deg", 0.0),
    },

    ego = {
        vehicle = "vehicles/hatch.lua",
        color = { 0.16, 0.18, 0.22 },
        -- on another map a long stretch of road is looked for
        start = map == town and { road = "1", s_m = setting("s_m", 165.0), lane = -1 } or nil,
        speed_m_s = setting("speed_m_s", 10.0),
        autopilot = "autopilots/lane_follower.lua",
    },

    traffic = {
        cars = setting("cars", 14),
        trucks = 1,
        parked = setting("parked", 14),
        pedestrians = setting("pedestrians", 30),
        dogs = 4,
        radius_m = 160,
    },

    cameras = {
        front = {
            sheet = "cameras/front_1mp.lua",
            mount = { x_m = 2.0, y_m = 0.0, z_m = 1.40, pitch_deg = 1.5 },
            rate_hz = setting("rate_hz", 10.0),
        },
    },

    render = {
        samples = 32,
        width_px = 640,
        height_px = 400,
    },
}
