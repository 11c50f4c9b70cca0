-- exposure_sweep.lua: one instant of a street at eight exposures and three gains.
--
-- Shows what exposure does and does not change: frames 24 to 47 are of the same instant, 3 s on, when
-- the car has settled on its springs, frame 24 + k with exposure k / 3 and gain k modulo 3. Nothing moves,
-- so that the renderer's paths are the same. Measure: counts less black over gain and exposure are the
-- same light in all of them where nothing is clipped: tests/bench/exposure_sweep.py says how far apart.
-- Street lamps go up and down a hundred times a second (assets/materials/street.lua), so that other
-- exposures see other light; here they are steady. By night exposures are 64 times as long.
--
--   blacktop run scenarios/exposure_sweep.lua --out out/sweep --frames 24:47
--   blacktop run scenarios/exposure_sweep.lua --out out/sweep_night --frames 24:47 --set night=true

local night = setting("night", false)
local longest_s = night and 0.0288 or 0.00045 -- whole rows of 22.5 us
local exposures_s = {}
for i = 1, 8 do exposures_s[i] = longest_s * 2 ^ ((i - 8) / 2) end

return {
    title = night and "exposure sweep, night" or "exposure sweep, day",
    seed = 5,
    render = { steady_lamps = true },
    duration_s = 3.2,
    map = "maps/town.xodr",

    weather = {
        sun_azimuth_deg = 215.0,
        sun_elevation_deg = night and -20.0 or 42.0,
        sky_glow_mcd_m2 = night and 2.0 or 0.0,
        aerosol_optical_depth = 0.08,
    },

    ego = {
        vehicle = "vehicles/hatch.lua",
        color = { 0.16, 0.18, 0.22 },
        start = { road = "1", s_m = 165.0, lane = -1 },
        speed_m_s = 0.0,
        autopilot = "autopilots/hold.lua",
    },

    traffic = { cars = 0, trucks = 0, parked = 14, pedestrians = 0, dogs = 0, radius_m = 160 },

    cameras = {
        front = {
            sheet = "cameras/front_1mp.lua",
            mount = { x_m = 2.0, y_m = 0.0, z_m = 1.40, pitch_deg = 1.5 },
            rate_hz = 1 / 3,
            exposure = { mode = "sweep", exposures_s = exposures_s, gains = { 1, 2, 8 }, instant = true },
        },
    },
}
