-- moose_at_night.lua: a moose walks onto the country road at night, in the low beams of the ego alone.
--
-- Shows the darkest animal there is against the darkest background: its pale legs are lit, its body is above the cut-off of the
-- low beam (UN R112) and its fur sends 3.5 % back; its eyes (a tapetum, `eye_tapetum`) shine when the high beam meets them. It comes from the right when the ego is `early_s` away, and may stop in the lane (`stops`). Measure: at which
-- distance the autopilot reacts; low beams reach some 60 m, so that at 22 m/s nobody can stop in time.
--
--   blacktop run scenarios/moose_at_night.lua --out out/moose --set ego_m_s=16

local early = uniform("early_s", 3.0, 5.0)
local stops = choice("stops", { true, false })
local at = 520

return {
    title = "moose at night",
    seed = 1,
    duration_s = setting("seconds", 14.0),
    map = "maps/town.xodr",
    weather = { sun_elevation_deg = -25, moon_elevation_deg = 30, moon_azimuth_deg = 200, moon_phase_deg = 60 },
    ego = {
        start = { road = "5", s_m = 380, lane = -1 },
        speed_m_s = uniform("ego_m_s", 15, 22),
    },
    actors = {
        { name = "moose", kind = "moose",
          start = { road = "5", s_m = at, t_m = -6.5, heading_deg = 90 },
          events = {
              { name = "walks", when = when.time_to_collision {
                    of = "ego", place = { road = "5", s_m = at, lane = -1 }, below_s = early },
                act.cross { to = { road = "5", s_m = at, t_m = stops and -1.5 or 6.5 },
                            speed_m_s = uniform("walk_m_s", 1.2, 2.4) } },
          } },
    },
    cameras = { front = {} },
    render = { samples = 128, width_px = 640, height_px = 400 },
}
