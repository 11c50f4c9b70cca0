-- Steers from pixels: finds the nearest bright line left and right of the middle of the forward
-- camera's picture, and keeps between them. A demonstration of the camera interface, not a driver.
--
-- It holds a lane with light markings on both sides, gently curved, in good light, at modest speed.
-- It knows nothing of traffic, lights, junctions, faded or missing paint, shadows as bright as
-- paint: in such places it loses the lane, slows down, and will be judged for it.
--
-- Expects a camera called 'front' that looks forward and whose picture's middle column is straight
-- ahead. A marking is a peak of brightness a few pixels wide against its row; rows at three heights
-- below the horizon vote.

local ROWS = { 0.62, 0.70, 0.80 }  -- of the picture's height
local PEAK = 24                    -- above the mean of its surroundings, of 255
local GAIN = 0.55                  -- steering per unit of offset (fraction of half the width)
local DAMPING_S = 0.25             -- against yaw rate
local SPEED_M_S = 9
local LOST_S = 1.5                 -- without lines for so long: stop

local seen = { offset = 0, time_s = -10, half_lane = {} }

-- Brightness against the mean of the twelve pixels on either side.
local function contrast(luma, x)
    local sum = 0
    for i = 5, 16 do
        sum = sum + luma[x - i] + luma[x + i]
    end
    return luma[x] - sum / 24
end

-- Nearest peak from the middle outwards; nil when there is none.
local function find_line(luma, from, to, step)
    for x = from, to, step do
        if contrast(luma, x) > PEAK then
            -- walk to the top of the peak
            while luma[x + step] > luma[x] and x ~= to do
                x = x + step
            end
            return x
        end
    end
end

-- Offset of the lane's middle from the picture's, in half widths, + right; nil when not both seen.
local function look_at_row(frame, row)
    local luma = frame:luma_row(row)
    local middle = frame.width // 2
    local left = find_line(luma, middle, 18, -1)
    local right = find_line(luma, middle, frame.width - 18, 1)
    local half = seen.half_lane[row]
    if left and right then
        local width = right - left
        -- remember how wide the lane looks here, for when only one line shows
        if width > 0.08 * frame.width then
            seen.half_lane[row] = half and 0.9 * half + 0.1 * width / 2 or width / 2
            return ((left + right) / 2 - middle) / middle
        end
    elseif half and left then
        return (left + half - middle) / middle
    elseif half and right then
        return (right - half - middle) / middle
    end
end

local function look(frame, time_s)
    local sum, count = 0, 0
    for _, height in ipairs(ROWS) do
        local offset = look_at_row(frame, math.floor(height * frame.height))
        if offset then
            sum = sum + offset
            count = count + 1
        end
    end
    if count >= 2 then
        seen.offset, seen.time_s = sum / count, time_s
    end
end

return {
    observe = { "speed", "cameras" },

    step = function(o)
        local frame = o.cameras.front
        if frame then look(frame, o.time_s) end
        local blind_s = o.time_s - seen.time_s
        local wanted = blind_s > LOST_S and o.time_s > LOST_S and 0 or SPEED_M_S
        local steer = -GAIN * seen.offset - DAMPING_S * o.yaw_rate_rad_s
        return {
            steer_rad = math.max(-0.3, math.min(0.3, steer)),
            accel_m_s2 = math.max(-3, math.min(1.5, 0.6 * (wanted - o.speed_m_s))),
        }
    end,
}
