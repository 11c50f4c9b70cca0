-- front_1mp with rays from all over its pupil: what is near, drops on the glass above all, is blurred.

local sheet = require "cameras.front_1mp"

sheet.name = "front_1mp_pupil"
sheet.description = "forward camera, AR0132AT class, 52 degrees, f/2, focused at 6 m"
sheet.lens.focus_m = {
    value = 6,
    from = "guessed",
    source = "twice the hyperfocal distance of 3.2 m for a circle of one pixel: sharp from 2 m on",
}

return sheet
