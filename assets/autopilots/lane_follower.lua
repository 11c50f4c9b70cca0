-- The reference autopilot: follows the route, keeps its distance, stops at red. All of it by truth.
--
-- Steering: pure pursuit (Coulter 1992, "Implementation of the pure pursuit path tracking
-- algorithm") of the way's centre, aimed from the rear axle. Speed: IDM (Treiber, Hennecke, Helbing
-- 2000) behind whoever is ahead, even braking up to stop lines, slower before curves (2 m/s^2
-- sideways), limited in jerk.

local AIM_S = 0.85            -- looks this far ahead in time,
local AIM_MIN_M = 4.5         -- but at least so far: below 0.75 s the loop with the wheels' lag swings
local LATERAL_M_S2 = 2.0      -- comfortable in curves
local SPEED_FALLBACK_M_S = 13.9
local ACCEL_M_S2 = 1.6        -- IDM a
local BRAKE_M_S2 = 2.0        -- IDM b, comfortable
local HEADWAY_S = 1.4         -- IDM T
local GAP_M = 2.5             -- IDM s0
local STOP_SHORT_M = 1.0      -- stands this far before a stop line
local JERK_M_S3 = 4.0         -- comfortable; hard braking may come faster
local HARD_M_S2 = -4.0
local STEER_RATE_RAD_S = 0.6
local HILL_S = 0.6            -- how fast slope and drag are learned

local car = { wheelbase_m = 2.8, front_m = 3.7, steer_max_rad = 0.6 }
local period_s = 0.05
local last = { steer_rad = 0, accel_m_s2 = 0, asked_m_s2 = 0 }
local hill_m_s2 = 0           -- what slope and drag take from what is asked for

local function clamp(x, low, high)
    return math.max(low, math.min(high, x))
end

-- The point of the way that lies `distance` ahead of the rear axle, as the crow flies.
local function aim_point(route, distance)
    local x, y = route.x_m, route.y_m
    local last = 0
    for i = 1, #x do
        local away = math.sqrt(x[i] * x[i] + y[i] * y[i])
        if i > 1 and away >= distance and x[i] > 0 then
            local u = clamp((distance - last) / math.max(away - last, 1e-6), 0, 1)
            return x[i - 1] + (x[i] - x[i - 1]) * u, y[i - 1] + (y[i] - y[i - 1]) * u
        end
        last = away
    end
    -- the way ends before: go on along its last heading
    local n = #x
    if n == 0 then return distance, 0 end
    local heading = route.heading_rad[n]
    return x[n] + distance * math.cos(heading), y[n] + distance * math.sin(heading)
end

local function steer(route, speed)
    local distance = math.max(AIM_MIN_M, AIM_S * speed)
    local x, y = aim_point(route, distance)
    local curvature = 2 * y / math.max(x * x + y * y, 1)
    return clamp(math.atan(curvature * car.wheelbase_m), -car.steer_max_rad, car.steer_max_rad)
end

-- The speed from which comfortable braking still meets every curve ahead.
local function curve_speed(route, limit)
    local allowed = limit
    for i, curvature in ipairs(route.curvature_1_m) do
        local slow = math.sqrt(LATERAL_M_S2 / math.max(math.abs(curvature), 1e-4))
        local ahead = (i - 1) * route.step_m
        allowed = math.min(allowed, math.sqrt(slow * slow + 2 * 1.2 * ahead))
    end
    return allowed
end

local function idm(speed, wanted, gap, leader_speed)
    local free = 1 - (speed / wanted) ^ 4
    if not gap then return ACCEL_M_S2 * free end
    local closing = speed * (speed - leader_speed) / (2 * math.sqrt(ACCEL_M_S2 * BRAKE_M_S2))
    local desired = GAP_M + math.max(0, speed * HEADWAY_S + closing)
    return ACCEL_M_S2 * (free - (desired / math.max(gap, 0.1)) ^ 2)
end

-- Amber: stop when that is comfortable, else go on.
local function must_stop(signal, speed)
    if signal.phase == "red" or signal.phase == "red_amber" then return true end
    if signal.phase ~= "amber" then return false end
    return speed * speed / (2 * 3.0) < signal.distance_m
end

local function stop_accel(speed, distance)
    local left = distance - STOP_SHORT_M
    if left < 0.3 then return -3 end
    -- hold back until braking is due, then brake evenly to the line
    local needed = speed * speed / (2 * left)
    if needed < 0.8 * BRAKE_M_S2 then return nil end
    return -needed
end

local function accelerate(o)
    local route = o.route
    local limit = route.speed_limit_m_s > 0 and route.speed_limit_m_s or SPEED_FALLBACK_M_S
    local wanted = math.max(0.5, curve_speed(route, limit))
    local accel = idm(o.speed_m_s, wanted)
    if o.leader then
        accel = math.min(accel, idm(o.speed_m_s, wanted, o.leader.gap_m, o.leader.speed_m_s))
    end
    if o.signal and must_stop(o.signal, o.speed_m_s) then
        local stop = stop_accel(o.speed_m_s, o.signal.distance_m)
        if stop then accel = math.min(accel, stop) end
    end
    return accel
end

-- A command is what the wheels push with; slope and drag are learned from what comes of it.
local function learn_hill(o)
    if o.speed_m_s < 0.5 and last.asked_m_s2 <= 0 then return end
    local missing = clamp(last.asked_m_s2 - o.accel_m_s2, -3, 4)
    hill_m_s2 = hill_m_s2 + (missing - hill_m_s2) * period_s / HILL_S
end

return {
    observe = { "speed", "route", "leader", "signals" },
    period_s = period_s,

    start = function(info)
        car = info.vehicle
    end,

    step = function(o)
        local wanted_steer = steer(o.route, o.speed_m_s)
        local turn = STEER_RATE_RAD_S * period_s
        local steer_rad = clamp(wanted_steer, last.steer_rad - turn, last.steer_rad + turn)

        learn_hill(o)
        local wanted_accel = clamp(accelerate(o), -8, ACCEL_M_S2)
        local jerk = JERK_M_S3 * period_s
        local low = wanted_accel < HARD_M_S2 and wanted_accel or last.accel_m_s2 - jerk
        local accel_m_s2 = clamp(wanted_accel, low, last.accel_m_s2 + jerk)

        last.steer_rad, last.accel_m_s2 = steer_rad, accel_m_s2
        last.asked_m_s2 = clamp(accel_m_s2 + hill_m_s2, -10, 6)
        local side = o.route.heading_rad[math.min(11, #o.route.heading_rad)] or 0
        return {
            steer_rad = steer_rad,
            accel_m_s2 = last.asked_m_s2,
            indicators = side > 0.6 and "left" or side < -0.6 and "right" or "none",
        }
    end,
}
