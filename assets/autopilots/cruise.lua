-- A cruise controller: holds a speed with the wheel straight, sees nothing of the world.
--
-- Proportional-integral control of speed, the integral held within what it may need (anti-windup).
-- What a scenario uses when nothing but the cameras is under test.

local SPEED_M_S = 13.9
local GAIN_1_S = 0.8
local INTEGRAL_1_S2 = 0.05
local INTEGRAL_MOST_M_S2 = 1.0
local ACCEL_MOST_M_S2 = 2.0

local period_s = 0.05
local integral = 0

local function clamp(x, most)
    return math.max(-most, math.min(most, x))
end

return {
    observe = { "speed" },
    period_s = period_s,

    step = function(o)
        local missing = SPEED_M_S - o.speed_m_s
        local direct = GAIN_1_S * missing
        if math.abs(direct) < ACCEL_MOST_M_S2 then
            integral = clamp(integral + INTEGRAL_1_S2 * missing * period_s, INTEGRAL_MOST_M_S2)
        end
        return { steer_rad = 0, accel_m_s2 = clamp(direct + integral, ACCEL_MOST_M_S2) }
    end,
}
