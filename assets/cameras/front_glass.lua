-- The forward camera of front_1mp.lua with its point spread from the pupil function: seven blades,
-- some aberration, colour, scatter and ghosts, behind a pane. No pane figure and no lens figure here is
-- anybody's: the lens is the plain one of front_1mp.lua, and says "guessed" throughout.
--
-- What lies on the pane is said by a sheet of assets/windshields: dusty.lua, scratched.lua, worn.lua, rain.lua.

local sheet = require "cameras.front_1mp"

local guessed = require("sheets.from").guessed

sheet.name = "front_glass"
sheet.description = "front_1mp with wave optics: seven blades, aberrations, scatter, ghosts"

local lens = sheet.lens
lens.blur_sigma_px = nil
lens.point_spread = true
lens.blades = guessed(7, "common for machine-vision lenses; many automotive ones have round stops")
lens.blade_rotation_deg = guessed(12, "as it comes")
lens.zernike = {
    value = {
        { noll = 4, axis_m = 20e-9, edge_m = 60e-9 },  -- defocus, field curvature
        { noll = 6, axis_m = 0, edge_m = 45e-9 },      -- astigmatism
        { noll = 8, axis_m = 0, edge_m = 50e-9 },      -- coma
        { noll = 11, axis_m = 35e-9, edge_m = 0 },     -- spherical
    },
    from = "guessed",
    source = "a twentieth to a tenth of a wave, as plastic and moulded lenses of f/2 leave",
}
lens.axial_color = {
    wavelength_nm = { 380, 440, 500, 550, 600, 650, 700, 780 },
    value = { 14e-6, 5e-6, 1e-6, 0, 1e-6, 3e-6, 5e-6, 9e-6 },
    from = "guessed",
    source = "secondary spectrum of an achromat, about f/2000 at its ends",
}
lens.lateral_color = {
    wavelength_nm = { 380, 440, 500, 550, 600, 650, 700, 780 },
    value = { 9e-4, 5e-4, 1.5e-4, 0, -1e-4, -2e-4, -3e-4, -4.5e-4 },
    from = "guessed",
    source = "half a pixel in the corner from blue to green",
}
lens.scatter_share = guessed(0.006, "a thousandth a surface, clean and polished, twelve of them less what leaves")
lens.scatter_shoulder = guessed(0.01, "where polished glass begins to fall")
lens.scatter_slope = guessed(-1.6, "-1.5 to -2 is usual for polished surfaces")
lens.ghosts = {
    value = {
        { scale = -0.62, radius_m = 180e-6, share = 3e-6 },
        { scale = -1.05, radius_m = 60e-6, share = 4e-6 },
        { scale = 0.45, radius_m = 420e-6, share = 8e-6 },
        { scale = -0.30, radius_m = 700e-6, share = 8e-6 },
        { scale = 1.30, radius_m = 250e-6, share = 4e-6 },
    },
    from = "guessed",
    source = "pairs of surfaces that reflect 0.2 to 0.3 percent each; places by eye",
}

return sheet
