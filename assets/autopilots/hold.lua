-- A foot on the brake: the car stands and settles on its springs, sees nothing of the world.
--
-- What a scenario uses when the picture must not move: exposure_sweep.lua.

return {
    observe = { "speed" },
    period_s = 0.05,

    step = function()
        return { steer_rad = 0, accel_m_s2 = -2 }
    end,
}
