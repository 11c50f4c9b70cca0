-- The rig of eight of about 2021: three behind the windshield, two in the door pillars looking forward
-- and aside, two in the wings looking back, one above the number plate. Places and angles are chosen
-- for a mid-size saloon; published are the number, rough angle and reach of each.
local function camera(sheet, mount)
    return { sheet = "cameras/" .. sheet .. ".lua", rate_hz = 10, mount = mount }
end

local function behind_glass(sheet, mount)
    local one = camera(sheet, mount)
    one.windshield = "windshields/laminated.lua"
    return one
end

return {
    main = behind_glass("front_1mp", { x_m = 1.75, y_m = 0.0, z_m = 1.34, pitch_deg = 1 }),
    wide = behind_glass("eight_wide", { x_m = 1.75, y_m = 0.04, z_m = 1.34, pitch_deg = 2 }),
    narrow = behind_glass("eight_narrow", { x_m = 1.75, y_m = -0.04, z_m = 1.34, pitch_deg = 0 }),
    pillar_left = camera("eight_pillar", { x_m = 1.25, y_m = 0.82, z_m = 1.28, yaw_deg = 60, pitch_deg = 5 }),
    pillar_right = camera("eight_pillar", { x_m = 1.25, y_m = -0.82, z_m = 1.28, yaw_deg = -60, pitch_deg = 5 }),
    repeater_left = camera("eight_repeater", { x_m = 2.35, y_m = 0.96, z_m = 0.88, yaw_deg = 145, pitch_deg = 6 }),
    repeater_right = camera("eight_repeater", { x_m = 2.35, y_m = -0.96, z_m = 0.88, yaw_deg = -145, pitch_deg = 6 }),
    rear = camera("eight_rear", { x_m = -1.0, y_m = 0.0, z_m = 0.95, yaw_deg = 180, pitch_deg = 15 }),
}
