-- What the cameras of a rig of eight share: front_1mp.lua's sensor and pixel, and two kinds of lens.
--
-- Published of such rigs is little more than the number, rough angle and reach of each camera; lens and
-- mosaic are guessed and say so. Not a sheet: eight_*.lua are.
local guessed = require("sheets.from").guessed

local function plain()
    return {
        model = "brown_conrady",
        f_number = guessed(2.0, "f/1.6 to f/2.4 is usual"),
        transmission = guessed(0.9, "six coated elements, 0.5 percent a surface, and the filter"),
        illumination = {
            theta_deg = { 0, 10, 20, 30, 40, 50, 62 },
            value = { 1, 0.995, 0.98, 0.95, 0.9, 0.84, 0.75 },
            from = "guessed",
            source = "mechanical vignetting on top of cos^4",
        },
        blur_sigma_px = guessed(0.4, "Airy disc and a little aberration on 3.75 um pixels"),
    }
end

local function retrofocus()
    return {
        model = "kannala_brandt",
        coefficients = guessed({ 0.0, -0.004, 0.0, 0.0 }, "nearly equidistant"),
        f_number = guessed(2.0, "usual for wide lenses"),
        transmission = guessed(0.88, "seven coated elements and the filter"),
        cos4 = false,
        illumination = {
            theta_deg = { 0, 30, 50, 70, 80 },
            value = { 1, 0.98, 0.92, 0.8, 0.7 },
            from = "guessed",
            source = "retrofocus lenses fall off far less than cos^4",
        },
        blur_sigma_px = guessed(0.4, "Airy disc and a little aberration on 3.75 um pixels"),
    }
end

-- front_1mp behind a lens of a kind, `own` taking the place of what differs.
local function sheet_with(lens, name, description, own)
    local sheet = require "cameras.front_1mp"
    sheet.name, sheet.description = name, description
    for key, value in pairs(own) do
        lens[key] = value
    end
    sheet.lens = lens
    return sheet
end

return {
    plain = function(...) return sheet_with(plain(), ...) end,
    retrofocus = function(...) return sheet_with(retrofocus(), ...) end,
}
