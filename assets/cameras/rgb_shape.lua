-- Shape of red, green and blue sensitivity of a real Bayer sensor behind its infrared filter.
--
-- Nikon D5100, measured at the National Physical Laboratory: Darrodi, Finlayson, Goodman, Mackiewicz
-- 2015, "Reference data set for camera spectral sensitivity estimation", JOSA A 32(3), 381; numbers
-- as carried by colour-science/colour (BSD-3-Clause), rounded to 1e-4, 400 to 720 nm every 5 nm.
-- Each channel's maximum is 1, per unit of energy. Used for cameras whose own curves nobody has
-- published as numbers: `qe(peak)` divides by wavelength (electrons per photon) and sets the peak.

local red = {
    0, .0007, .0029, .0129, .0496, .0761, .0766, .0683, .0613, .0547, .0489, .0428, .0402, .0434,
    .0476, .0508, .0528, .0526, .0479, .0482, .0502, .0551, .0637, .0804, .1004, .1186, .1236,
    .1031, .0763, .0528, .0412, .0390, .0425, .0602, .1118, .2697, .5645, .8536, .9810, 1, .9631,
    .9055, .8343, .7680, .7037, .6392, .5708, .4958, .4383, .3890, .3430, .2928, .2377, .1649,
    .0913, .0421, .0206, .0103, .0054, .0027, .0013, .0008, .0005, .0005, .0002,
}
local green = {
    0, .0012, .0013, .0132, .0650, .1151, .1371, .1524, .1686, .1833, .1960, .2173, .2542, .3086,
    .3735, .4292, .4597, .4711, .4889, .5372, .6165, .7070, .8010, .8814, .9389, .9845, 1, .9908,
    .9615, .9281, .8891, .8349, .7763, .7073, .6358, .5655, .4928, .4248, .3518, .2782, .2117,
    .1567, .1180, .0889, .0701, .0569, .0473, .0412, .0353, .0307, .0268, .0235, .0203, .0155,
    .0094, .0051, .0029, .0016, .0009, .0005, .0004, .0003, .0003, 0, .0002,
}
local blue = {
    .0015, .0057, .0166, .0788, .3617, .6597, .7553, .8105, .8749, .9267, .9631, .9807, 1, .9964,
    .9890, .9566, .9050, .8394, .7515, .6601, .5671, .4794, .3941, .3143, .2498, .2018, .1616,
    .1352, .1100, .0864, .0653, .0479, .0341, .0240, .0198, .0163, .0138, .0120, .0100, .0076,
    .0065, .0052, .0037, .0040, .0040, .0035, .0040, .0042, .0055, .0055, .0060, .0063, .0061,
    .0048, .0030, .0017, .0008, .0006, .0003, .0003, .0002, .0001, .0004, .0002, 0,
}

local source = "shape: Nikon D5100, NPL, Darrodi et al. 2015, JOSA A 32(3) 381; peak: "

-- A quantum efficiency of this shape whose maximum is `peak`; `why` says where the peak is from.
local function qe(energy_shape, peak, why)
    local wavelengths, values, most = {}, {}, 0
    for i, s in ipairs(energy_shape) do
        wavelengths[i] = 395 + 5 * i
        values[i] = s / wavelengths[i]
        most = math.max(most, values[i])
    end
    for i, v in ipairs(values) do
        values[i] = v * peak / most
    end
    return { wavelength_nm = wavelengths, value = values, from = "guessed", source = source .. why }
end

return {
    red = function(peak, why) return qe(red, peak, why) end,
    green = function(peak, why) return qe(green, peak, why) end,
    blue = function(peak, why) return qe(blue, peak, why) end,
}
