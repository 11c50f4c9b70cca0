-- night_drive.lua: two seconds down the main street of a small town at night.
--
-- Shows lamps: the ego's low beam with its cut-off on road and walls, street lamps, lit rooms,
-- those who come towards it, brake lamps and indicators, signals. Look at front/000000.png: the
-- left of the road is cut off a few car lengths ahead, the right reaches on; nothing but lamps is
-- saturated. Measure: seconds of light per frame against first_drive.lua's.
--
--   blacktop run scenarios/night_drive.lua --out out/night_drive
--   blacktop run scenarios/night_drive.lua --out out/high --set high_beam=true --set lamps=off
--   blacktop run scenarios/night_drive.lua --out out/scratched --set glass=windshields/scratched.lua
--
-- Its lens has wave optics: lamps have spikes and glare. `glass` puts a windshield before it: laminated,
-- scratched, dusty, worn; rain with `sheet=cameras/front_1mp_pupil.lua`, whose rays blur what is near.

local glass = setting("glass", "none")

return {
    title = "night drive",
    seed = 5,
    duration_s = setting("seconds", 2.0),
    map = "maps/town.xodr",
    lamps = setting("lamps", "auto"),

    weather = {
        sun_azimuth_deg = 300.0,
        sun_elevation_deg = setting("sun_elevation_deg", -20.0),
        hour = setting("hour", 21.0),
        sky_glow_mcd_m2 = setting("sky_glow_mcd_m2", 2.0),
        wet = setting("wet", 0.0),
        rain_mm_h = setting("rain_mm_h", 0.0),
        fog_range_m = setting("fog_range_m", 0.0),
    },

    ego = {
        vehicle = "vehicles/hatch.lua",
        color = { 0.16, 0.18, 0.22 },
        start = { road = "1", s_m = setting("s_m", 165.0), lane = -1 },
        speed_m_s = 10.0,
        headlamps = true,
        high_beam = setting("high_beam", false),
        autopilot = "autopilots/lane_follower.lua",
    },

    traffic = {
        cars = setting("cars", 14),
        trucks = 1,
        parked = 14,
        pedestrians = 16,
        dogs = 1,
        radius_m = 160,
    },

    cameras = {
        front = {
            sheet = setting("sheet", "cameras/front_glass.lua"),
            windshield = glass ~= "none" and glass or nil,
            mount = { x_m = 2.0, y_m = 0.0, z_m = 1.40, pitch_deg = 1.5 },
            rate_hz = 10.0,
        },
    },

    render = {
        samples = 64,
        width_px = 640,
        height_px = 400,
    },
}
