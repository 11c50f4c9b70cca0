-- street.lua: what a street is made of: ground, paint, cars, lamps, people, houses, plants.
--
-- Colours are of surfaces under D65, albedo is the luminous reflectance of the surface without its
-- gloss. Streets are grey: hardly anything here is saturated, as hardly anything outdoors is.

-- ---- helpers ------------------------------------------------------------------------------------
-- A copy of `base` with `changes` put over it.
local function like(base, changes)
    local copy = {}
    for key, value in pairs(base) do copy[key] = value end
    for key, value in pairs(changes) do copy[key] = value end
    return copy
end

-- Chlorophyll absorbs around 450 and 670 nm; green leaks between, infrared beyond 700 nm, with a
-- shallow band of water about 970 nm. `green` is the height of the bump at 550 nm, `red` the floor at
-- 670 nm.
local function green_plant(blue, green, red, infrared)
    return {
        {380, 0.8 * blue}, {400, 0.9 * blue}, {450, blue}, {490, 1.1 * blue}, {510, 0.5 * (blue + green)},
        {530, 0.9 * green}, {550, green}, {570, 0.88 * green}, {590, 0.68 * green + 0.18 * red},
        {620, 0.35 * green + 0.5 * red}, {650, 0.1 * green + 0.85 * red}, {672, red},
        {690, 1.6 * red}, {705, 0.4 * infrared}, {720, 0.65 * infrared}, {740, 0.9 * infrared},
        {780, infrared}, {870, 1.03 * infrared}, {920, 1.02 * infrared}, {970, 0.97 * infrared}, {1000, infrared},
    }
end
local plant_source = "chosen: shape of green vegetation (chlorophyll at 450 and 670 nm, edge at 700 nm), height by eye"

-- ---- road ---------------------------------------------------------------------------------------
local asphalt = {
    -- worn: the bitumen film is gone from the stones; pattern_scale_m is the lane width (3.0 to 3.75 in use)
    kind = "coated", color = {0.44, 0.425, 0.405}, albedo = 0.115, infrared = 0.15, color2 = {0.22, 0.215, 0.21}, albedo2 = 0.035, infrared2 = 0.045,
    roughness = 0.82, roughness2 = 0.55, ior = 1.5, pattern = "asphalt", pattern_scale_m = 3.3,
    bump = 0.6, wear = 0.65, strength = 1.0, porosity = 0.8,
    source = "fitted: published albedos of worn asphalt 0.10 to 0.18, bitumen about 0.04; slope slightly warm as in daylight photographs; it goes on rising into the infrared, as worn asphalt is published to",
}
local road = {
    asphalt = asphalt,
    asphalt_new = like(asphalt, {
        color = {0.30, 0.30, 0.30}, albedo = 0.055, infrared = 0.065, wear = 0.15, roughness = 0.72, bump = 0.7,
        source = "fitted: published albedos of fresh asphalt 0.04 to 0.07",
    }),
    asphalt_junction = like(asphalt, {pattern_scale_m = 0, albedo = 0.105, wear = 0.55}),
    asphalt_shoulder = like(asphalt, {pattern_scale_m = 0, albedo = 0.125, wear = 0.5}),
    parking_asphalt = like(asphalt, {pattern_scale_m = 0, albedo = 0.10, wear = 0.8}),
    bike_lane = like(asphalt, {
        color = {0.47, 0.36, 0.33}, albedo = 0.105, pattern_scale_m = 0, wear = 0.4,
        source = "chosen: red-brown pigmented asphalt, faded",
    }),
    sidewalk = {
        kind = "coated", color = {0.66, 0.645, 0.61}, albedo = 0.34, infrared = 0.42, color2 = {0.3, 0.29, 0.27}, albedo2 = 0.09,
        roughness = 0.85, roughness2 = 0.9, ior = 1.45, pattern = "paving", pattern_scale_m = 0.5,
        bump = 0.5, wear = 0.5, strength = 0.9, porosity = 0.8,
        source = "fitted: published albedos of weathered concrete 0.25 to 0.40; joints hold soil",
    },
    curb = {
        kind = "coated", color = {0.64, 0.63, 0.60}, albedo = 0.31, infrared = 0.38, color2 = {0.28, 0.27, 0.25}, albedo2 = 0.08,
        roughness = 0.85, pattern = "concrete", pattern_scale_m = 1.0, bump = 0.5, wear = 0.7, strength = 1.0, porosity = 0.8,
        source = "fitted: as concrete, scuffed and dirty",
    },
    gravel = {
        kind = "diffuse", color = {0.55, 0.52, 0.47}, albedo = 0.22, color2 = {0.36, 0.32, 0.27}, albedo2 = 0.09,
        roughness = 0.9, pattern = "ground", pattern_scale_m = 0.02, bump = 0.9, wear = 0.2, strength = 0.9,
        source = "chosen: grey-beige crushed stone",
    },
}

-- ---- ground -------------------------------------------------------------------------------------
local ground = {
    grass = {
        kind = "diffuse", reflectance = green_plant(0.034, 0.098, 0.052, 0.36), reflectance2 = {
            {380, 0.05}, {450, 0.075}, {550, 0.135}, {650, 0.19}, {700, 0.23}, {780, 0.30}, {900, 0.37}, {1000, 0.41},
        },
        roughness = 0.9, pattern = "ground", pattern_scale_m = 0.35, bump = 0.8, wear = 0.2, strength = 1.0,
        source = plant_source .. "; second spectrum: dry stems",
    },
    dry_grass = {
        kind = "diffuse", reflectance = {{380, 0.055}, {450, 0.080}, {550, 0.140}, {650, 0.185}, {700, 0.215}, {780, 0.31}, {900, 0.38}, {1000, 0.42}},
        reflectance2 = green_plant(0.034, 0.095, 0.056, 0.34),
        roughness = 0.9, pattern = "ground", pattern_scale_m = 0.4, bump = 0.8, wear = 0.45, strength = 1.0,
        source = "chosen: straw, rising to the red without the chlorophyll dip; green remains between",
    },
    soil = {
        kind = "diffuse", reflectance = {{380, 0.05}, {450, 0.065}, {550, 0.10}, {650, 0.145}, {700, 0.16}, {780, 0.19}, {1000, 0.25}},
        color2 = {0.25, 0.21, 0.17}, albedo2 = 0.04,
        roughness = 0.95, pattern = "ground", pattern_scale_m = 0.08, bump = 0.9, wear = 0.4, strength = 0.9,
        source = "chosen: brown loam, monotone rise typical of soils; second: moist",
    },
    field = {
        kind = "diffuse", reflectance = {{380, 0.055}, {450, 0.08}, {550, 0.15}, {650, 0.185}, {700, 0.23}, {780, 0.31}, {900, 0.37}, {1000, 0.40}},
        reflectance2 = green_plant(0.03, 0.09, 0.045, 0.34),
        roughness = 0.95, pattern = "ground", pattern_scale_m = 1.5, bump = 0.7, wear = 0.5, strength = 1.0,
        source = "chosen: meadow at the end of summer",
    },
}

-- ---- road paint: worn through to the asphalt ------------------------------------------------------
-- rl: dry, by night, in use (EN 1436 class R2: 100 mcd m^-2 lx^-1 at least); colours in
-- proportion to what their paint reflects.
local function marking(color, albedo, wear, rl)
    return {
        kind = "retro", retro = {rl = rl, spread_deg = 4.0, tail = 1.5}, porosity = 0.3, color = color, albedo = albedo, color2 = asphalt.color, albedo2 = asphalt.albedo,
        roughness = 0.7, roughness2 = 0.82, ior = 1.5, pattern = "marking", pattern_scale_m = 3.3,
        bump = 0.35, wear = wear, strength = 0.9,
        source = "chosen: worn road paint with glass beads, half dirty; new white paint reaches about 0.8; R_L as of markings in use, spread of the lobe chosen",
    }
end
local white = {0.84, 0.835, 0.80}
local markings = {
    marking_white = marking(white, 0.60, 0.4, 150),
    marking_yellow = marking({0.84, 0.58, 0.13}, 0.34, 0.45, 100),
    marking_blue = marking({0.20, 0.33, 0.58}, 0.10, 0.45, 30),
    marking_red = marking({0.60, 0.20, 0.17}, 0.10, 0.45, 30),
    marking_orange = marking({0.84, 0.42, 0.12}, 0.22, 0.45, 70),
    marking_green = marking({0.22, 0.44, 0.28}, 0.13, 0.45, 40),
    stop_line = marking(white, 0.57, 0.42, 130),
    crosswalk = marking(white, 0.56, 0.44, 120),
    botts_dot = {
        kind = "coated", color = {0.85, 0.84, 0.79}, albedo = 0.55, color2 = {0.3, 0.29, 0.28}, albedo2 = 0.1,
        roughness = 0.35, pattern = "plaster", wear = 0.6, strength = 0.8,
        source = "chosen: glazed ceramic with tyre dirt",
    },
}

-- ---- cars ---------------------------------------------------------------------------------------
local plastic = {
    kind = "coated", color = {0.16, 0.16, 0.165}, albedo = 0.025, roughness = 0.45, ior = 1.5,
    pattern = "none", source = "chosen: carbon-filled plastic",
}
local car = {
    -- tinted per car; clear coat over the colour; color2 is road dust
    car_paint = {
        kind = "paint", flakes = 0.45, color = {0.55, 0.55, 0.56}, color2 = {0.47, 0.44, 0.40}, albedo2 = 0.16,
        roughness = 0.08, roughness2 = 0.6, ior = 1.5, pattern = "paint", pattern_scale_m = 0.0004,
        bump = 0.05, wear = 0.3, strength = 0.5,
        source = "chosen: polyurethane clear coat, index 1.5; aluminium flakes of 0.4 mm grid in a coloured body, their share chosen; thin dust",
    },
    car_glass = {
        kind = "glass_thin", reflectance = {{380, 0.70}, {420, 0.80}, {480, 0.84}, {530, 0.865}, {580, 0.85}, {650, 0.79}, {700, 0.745}, {780, 0.66}, {850, 0.57}, {900, 0.51}, {950, 0.47}, {1000, 0.44}},
        roughness = 0.0, ior = 1.52,
        source = "chosen: green soda-lime laminate with iron, at least 0.70 through both faces as the rules for windscreens ask; beyond 700 nm ferrous iron's band about 1050 nm, its depth chosen",
    },
    car_glass_dark = {
        kind = "glass_thin", reflectance = {{380, 0.20}, {480, 0.28}, {550, 0.29}, {650, 0.27}, {780, 0.30}, {1000, 0.24}},
        roughness = 0.0, ior = 1.52, source = "chosen: grey privacy glass",
    },
    rubber = {
        kind = "coated", color = {0.20, 0.195, 0.19}, albedo = 0.03, color2 = {0.42, 0.39, 0.35}, albedo2 = 0.12,
        roughness = 0.75, roughness2 = 0.95, ior = 1.5, pattern = "rubber", bump = 0.3, wear = 0.4, strength = 0.6,
        source = "chosen: carbon-black rubber 0.03 with dust",
    },
    wheel_alloy = {
        kind = "conductor", color = {0.76, 0.76, 0.77}, albedo = 0.55, color2 = {0.25, 0.23, 0.21},
        roughness = 0.32, roughness2 = 0.7, pattern = "metal", bump = 0.05, wear = 0.35, strength = 0.5,
        source = "chosen: lacquered aluminium with brake dust",
    },
    car_paint_solid = {
        kind = "coated", color = {0.80, 0.80, 0.79}, color2 = {0.47, 0.44, 0.40}, albedo2 = 0.16,
        roughness = 0.06, roughness2 = 0.6, ior = 1.5, pattern = "plaster", wear = 0.1, strength = 0.1,
        source = "chosen: solid colour under polyurethane clear coat, index 1.5",
    },
    wheel_steel = {
        kind = "coated", color = {0.32, 0.32, 0.33}, albedo = 0.08, color2 = {0.25, 0.20, 0.17},
        roughness = 0.4, pattern = "metal", wear = 0.5, strength = 0.6, source = "chosen: black-grey painted steel",
    },
    chrome = {
        kind = "conductor", metal = "chromium", roughness = 0.06, source = "measured: index of chromium, Rakic et al. 1998; roughness chosen",
    },
    aluminium_polished = {
        kind = "conductor", metal = "aluminium", roughness = 0.2, source = "measured: index of aluminium, Hagemann et al. 1974; roughness chosen",
    },
    copper = {
        kind = "conductor", metal = "copper", roughness = 0.3, source = "measured: index of copper, Hagemann et al. 1974; roughness chosen, no patina",
    },
    plastic_black = plastic,
    plastic_grey = like(plastic, {color = {0.40, 0.40, 0.40}, albedo = 0.14}),
    plastic_trim = like(plastic, {roughness = 0.6, color = {0.20, 0.20, 0.20}, albedo = 0.035, pattern = "rubber", color2 = {0.42, 0.39, 0.35}, strength = 0.4, wear = 0.3}),
    headlamp_lens = {kind = "glass_thin", reflectance = 0.93, roughness = 0.0, ior = 1.58, source = "chosen: clear polycarbonate"},
    tail_lens_red = {
        kind = "glass_thin", reflectance = {{380, 0.02}, {560, 0.02}, {585, 0.06}, {600, 0.30}, {615, 0.60}, {640, 0.76}, {780, 0.82}},
        roughness = 0.05, ior = 1.49, source = "chosen: red signal acrylic, long-pass at 600 nm",
    },
    indicator_lens_amber = {
        kind = "glass_thin", reflectance = {{380, 0.02}, {500, 0.03}, {530, 0.20}, {550, 0.48}, {580, 0.75}, {640, 0.84}, {780, 0.86}},
        roughness = 0.05, ior = 1.49, source = "chosen: amber signal acrylic, long-pass at 550 nm",
    },
    reflector_white = {kind = "conductor", metal = "aluminium", roughness = 0.12, source = "measured: index of aluminium, Hagemann et al. 1974; roughness chosen"},
    license_plate = {
        kind = "retro", retro = {ra = 45}, color = {0.86, 0.86, 0.84}, albedo = 0.62, color2 = {0.45, 0.43, 0.40}, roughness = 0.4,
        pattern = "metal", wear = 0.25, strength = 0.4, source = "chosen: white reflecting plate, R_A at 0.2 degrees about that asked of plates (ISO 7591: 45 at 0.2 and 5 degrees, unverified)",
    },
    underbody = {
        kind = "diffuse", color = {0.16, 0.15, 0.14}, albedo = 0.03, roughness = 0.9,
        source = "chosen: bitumen coating, rust and dirt",
    },
    interior_dark = {kind = "coated", sheltered = 1, color = {0.20, 0.20, 0.205}, albedo = 0.04, roughness = 0.7, source = "chosen: grained dark plastic"},
    seat_cloth = {
        kind = "cloth", sheen = 0.25, sheltered = 1, color = {0.27, 0.27, 0.28}, albedo = 0.06, infrared = 0.35, roughness = 0.9, pattern = "cloth", bump = 0.4,
        strength = 0.5, source = "chosen: dark woven cloth, sheen by eye",
    },
}

-- ---- lamps --------------------------------------------------------------------------------------
-- Intensities are of one lamp as its maker states them, behind its lens (`lens`: what that lets
-- through here; `count`: lamps that are one part of a body). Limits in candela: UN R148 (position
-- lamps 4 to 140 to the front, 4 to 17 to the rear; stop 60 to 260; indicators 175 to 1000 to the front, 50 to
-- 500 to the rear; reversing 80 to 300), UN R87 (daytime lamps 400 to 1200), UN R112 (headlamps),
-- EN 12368 (signals, 200 at least in class 2), from memory but for position and daytime lamps.
-- Diodes are dimmed by pulse width modulation; lamps on the mains wave at twice its 50 Hz.
local function lens_off(color, albedo)
    return {kind = "coated", color = color, albedo = albedo, roughness = 0.25, ior = 1.5,
            source = "chosen: unlit tinted lens over a dark bowl"}
end
local red_off, amber_off, green_off =
    lens_off({0.34, 0.10, 0.09}, 0.028), lens_off({0.42, 0.29, 0.10}, 0.05), lens_off({0.11, 0.25, 0.20}, 0.035)
local clear_off = {kind = "coated", color = {0.9, 0.9, 0.9}, roughness = 0.3, source = "chosen: white optics behind a clear lens"}
local CLEAR, RED, AMBER = 0.82, 0.58, 0.70 -- transmittance of the lenses: body times two surfaces

-- A narrow diode in a signal's web.
local function diode(off, peak_nm, width_nm, web, flicker, source)
    web.form = "signal"
    return like(off, {emission = {peak_nm = peak_nm, width_nm = width_nm, web = web, flicker = flicker}, source = source})
end
local function white(web, flicker, source)
    return like(clear_off, {emission = {csv = "lamps_5nm.csv", column = "led_b4", web = web, flicker = flicker}, source = source})
end
local function halogen(web, source)
    return like(clear_off, {emission = {blackbody_kelvin = 3200, web = web}, source = source})
end
local function signal(off, peak_nm, width_nm)
    return diode(off, peak_nm, width_nm, {peak_cd = 300, width_deg = 15, height_deg = 11}, {hz = 100, duty = 0.7},
        "chosen: LED module of 300 cd, 200 mm; wavelength of the class; switched by the mains")
end
local lamps = {
    lamp_low_beam = white({form = "low_beam", count = 2, lens = CLEAR}, nil,
        "chosen: beam of lamp_webs.h within UN R112 class B; spectrum measured: CIE LED-B4"),
    lamp_low_beam_halogen = halogen({form = "low_beam", level = 0.75, count = 2, lens = CLEAR},
        "chosen: beam of lamp_webs.h within UN R112 class B; spectrum of a black body of 3200 K"),
    lamp_high_beam = white({form = "high_beam", count = 2, lens = CLEAR}, nil,
        "chosen: beam of lamp_webs.h within UN R112 class B; spectrum measured: CIE LED-B4"),
    lamp_high_beam_halogen = halogen({form = "high_beam", level = 0.75, count = 2, lens = CLEAR},
        "chosen: beam of lamp_webs.h within UN R112 class B; spectrum of a black body of 3200 K"),
    lamp_day = white({form = "signal", peak_cd = 800, count = 2, lens = CLEAR}, nil, "chosen: within UN R87; spectrum measured: CIE LED-B4"),
    lamp_tail = diode(red_off, 625, 18, {peak_cd = 9, toward = "rear", count = 2, lens = RED}, {hz = 200, duty = 0.12},
        "chosen: within UN R148; a stop lamp's diodes dimmed"),
    lamp_brake = diode(red_off, 625, 18, {peak_cd = 90, toward = "rear", count = 2, lens = RED}, nil, "chosen: within UN R148"),
    lamp_indicator = diode(amber_off, 592, 17, {peak_cd = 280, lens = CLEAR}, {hz = 300, duty = 0.5}, "chosen: within UN R148"),
    lamp_indicator_rear = diode(amber_off, 592, 17, {peak_cd = 150, toward = "rear", lens = AMBER}, {hz = 300, duty = 0.5}, "chosen: within UN R148"),
    lamp_bicycle = white({form = "low_beam", level = 0.2, count = 1, lens = CLEAR}, nil,
        "chosen: some 60 lx at 10 m, of which StVZO section 67 asks 10 at least; beam of lamp_webs.h; spectrum measured: CIE LED-B4"),
    lamp_bicycle_rear = diode(red_off, 625, 18, {peak_cd = 6, toward = "rear", count = 1, lens = RED}, nil,
        "chosen: 4 to 12 cd, of rear lamps under StVZO section 67 (from memory)"),
    lamp_reverse = white({form = "signal", peak_cd = 150, width_deg = 30, toward = "rear", count = 2, lens = CLEAR}, nil,
        "chosen: within UN R148; spectrum measured: CIE LED-B4"),
    -- Seen from one side 0.3 m by 0.06 m shine, the same in all directions: 500 cd while lit. In a double flash of twice 50 ms
    -- that is worth 170 cd by Blondel and Rey (0.2 s): UN R65 asks for 120 of blue by day (from memory).
    -- Lenses of real ones gather the light about the horizon: these throw as much up and down, too much on their own roof.
    lamp_beacon_blue = like(lens_off({0.08, 0.15, 0.42}, 0.03), {emission = {peak_nm = 465, width_nm = 22, luminance_cd_m2 = 28000},
        source = "chosen: blue diodes, within UN R65's colour"}),
    lamp_beacon_red = like(red_off, {emission = {peak_nm = 627, width_nm = 18, luminance_cd_m2 = 28000}, source = "chosen: red diodes, as strong as the blue ones"}),
    lamp_school_red = diode(red_off, 627, 18, {peak_cd = 600, width_deg = 20, height_deg = 9}, nil, "chosen: SAE J887 asks for 600 cd of red (from memory)"),
    lamp_school_red_rear = diode(red_off, 627, 18, {peak_cd = 600, width_deg = 20, height_deg = 9, toward = "rear"}, nil, "the same to the rear"),
    lamp_stop_arm = like(red_off, {emission = {peak_nm = 627, width_nm = 18, luminance_cd_m2 = 8000}, source = "chosen: some 60 cd of a lamp of 0.1 m on the arm"}),
    lamp_bus_sign = {kind = "diffuse", sheltered = 1, color = {0.95, 0.55, 0.10}, albedo = 0.02, emission = {peak_nm = 592, width_nm = 17, luminance_cd_m2 = 1500},
        source = "chosen: a dot matrix of amber diodes as one even field, a fifth of it lit"},
    signal_red = signal(red_off, 625, 18),
    signal_amber = signal(amber_off, 590, 16),
    signal_green = signal(green_off, 503, 32),
    signal_red_off = red_off,
    signal_amber_off = amber_off,
    signal_green_off = green_off,
    signal_housing = like(plastic, {albedo = 0.028, roughness = 0.55, pattern = "metal", color2 = {0.42, 0.39, 0.35}, wear = 0.3, strength = 0.4}),
}

-- Lamps that are lit from dusk on, some of them until a certain hour.
local luminaire = {kind = "coated", color = {0.75, 0.75, 0.72}, albedo = 0.45, roughness = 0.3}
local function room_lamp(emission, what)
    return {kind = "diffuse", sheltered = 1, color = {0.9, 0.9, 0.88}, emission = emission, source = "chosen: " .. what}
end
-- Boxes of opal acrylic over shops. Planners in Britain allow up to 1200 cd/m2 for small ones (ILE technical report 5, second
-- edition, as Havering cites it); those that do not glare have a quarter.
local function lit_sign(color, column, luminance)
    return {kind = "coated", color = color, albedo = 0.6, roughness = 0.2, source = "chosen: opal acrylic before diodes",
        emission = {csv = "lamps_5nm.csv", column = column, luminance_cd_m2 = luminance, dusk = true, hours = {6, 23}}}
end
local dusk = {
    lamp_street = like(luminaire, {emission = {csv = "lamps_5nm.csv", column = "led_b3", web = {form = "street", flux_lm = 8500, scattered = 0.3}, dusk = true},
        source = "chosen: 8.5 klm, 4000 K, bowl of structured glass: CIE semi-cut-off; spectrum measured: CIE LED-B3"}),
    lamp_street_sodium = like(luminaire, {emission = {csv = "lamps_5nm.csv", column = "sodium_high_pressure",
        web = {form = "street", flux_lm = 14000}, flicker = {hz = 100, ripple = 0.6}, dusk = true},
        source = "chosen: 150 W high-pressure sodium, 14 klm out of the luminaire; spectrum measured: CIE HP1"}),
    lamp_lantern = like(luminaire, {emission = {csv = "lamps_5nm.csv", column = "led_b3", luminance_cd_m2 = 2400, dusk = true},
        source = "chosen: about 2500 lm through 0.34 m2 of opal glass; spectrum measured: CIE LED-B3"}),
    lamp_tunnel = like(luminaire, {sheltered = 1, emission = {csv = "lamps_5nm.csv", column = "led_b3", luminance_cd_m2 = 6000},
        source = "chosen: 6800 lm through 0.36 m2 of diffuser, lit day and night; spectrum measured: CIE LED-B3"}),
    -- Rooms of dwellings: a shade of 0.25 m2 with 550 lm, 100 lx in a room of several metres. Which room has which is drawn
    -- (glazing.c); the hours are chosen.
    lamp_room = room_lamp({blackbody_kelvin = 2800, luminance_cd_m2 = 700, dusk = true, hours = {6.5, 22.5}}, "warm white until bedtime"),
    lamp_room_late = room_lamp({csv = "lamps_5nm.csv", column = "led_b3", luminance_cd_m2 = 800, dusk = true, hours = {16, 1}}, "630 lm of neutral white past midnight"),
    lamp_room_night = room_lamp({blackbody_kelvin = 2800, luminance_cd_m2 = 400, dusk = true}, "310 lm, stairs and those who do not sleep"),
    -- EN 12464-1 asks for 300 lx in shops and 500 lx in offices (from memory). A panel of 0.6 m by 1.2 m to 8 m2 of a shop gives
    -- 5650 lm: 420 lx if 0.6 of it arrive; a strip of 0.5 m all along an office of 6 m depth 550 lx likewise.
    lamp_shop = room_lamp({csv = "lamps_5nm.csv", column = "led_b3", luminance_cd_m2 = 2500, dusk = true, hours = {7, 21.5}}, "open shops"),
    lamp_shop_night = room_lamp({csv = "lamps_5nm.csv", column = "led_b3", luminance_cd_m2 = 1100, dusk = true}, "what is on show is lit all night"),
    lamp_office = room_lamp({csv = "lamps_5nm.csv", column = "led_b3", luminance_cd_m2 = 3500, dusk = true, hours = {7, 20}}, "offices in their hours"),
    lamp_office_late = room_lamp({csv = "lamps_5nm.csv", column = "led_b4", luminance_cd_m2 = 3500, dusk = true, hours = {7, 23.5}}, "those who stay, and who clean"),
    lamp_office_night = room_lamp({csv = "lamps_5nm.csv", column = "led_b3", luminance_cd_m2 = 1500, dusk = true}, "corridors and lobbies"),
    lamp_door = {kind = "coated", color = {0.9, 0.9, 0.88}, roughness = 0.3, emission = {blackbody_kelvin = 2800, luminance_cd_m2 = 1400, dusk = true},
        source = "chosen: 450 lm through 0.10 m2 of opal glass"},
    sign_lit_white = lit_sign({0.93, 0.93, 0.91}, "led_b4", 300),
    sign_lit_warm = lit_sign({0.92, 0.84, 0.62}, "led_b3", 260),
    -- Obstacle lights, ICAO annex 14, low intensity, type B: 32 cd of steady red or more, here all round from boxes of which
    -- 0.09 m2 are seen. Tops above 45 m carry the medium type of 2000 cd, which throws them level: left out, for boxes
    -- that shine all round would flood their own tower with red.
    lamp_obstacle = like(red_off, {emission = {peak_nm = 627, width_nm = 18, luminance_cd_m2 = 356, dusk = true},
        source = "32 cd all round: ICAO annex 14, low intensity, type B"}),
}

-- ---- people and animals -------------------------------------------------------------------------
-- Faces as measured; where light goes under the skin it comes out where it went in: no soft edges.
local function skin(column)
    return {kind = "coated", reflectance = {csv = "skin_10nm.csv", column = column}, roughness = 0.5, ior = 1.4, sheltered = 1,
            source = "measured: means of foreheads and cheeks (assets/spectra/SOURCE.md); roughness chosen; no subsurface transport"}
end
-- Melanin of hair fades towards the infrared: chosen halfway from what it is by eye to 0.5.
local function fur(color, albedo)
    return {kind = "diffuse", color = color, albedo = albedo, infrared = 0.5 * (albedo + 0.4), color2 = color, infrared2 = 0.5 * (albedo + 0.4), roughness = 0.8, pattern = "cloth",
            pattern_scale_m = 0.004, bump = 0.6, strength = 0.7, source = "chosen: short fur as rough cloth"}
end
-- What the melanin of hair leaves: absorption of eumelanin and pheomelanin (d'Eon and others 2011, "An energy-conserving
-- hair reflectance model": 0.697 and 0.4 at 550 nm per unit of concentration; their fall with the wavelength, powers of 3.33 and 4.75,
-- as in Donner and Jensen 2006 after Jacques) becomes the albedo of a head of hair by Chiang and others 2016, "A practical and
-- controllable hair and fur model", eq. 9, at an azimuthal roughness of 0.3 (numbers from memory).
local function melanin_leaves(nm, eumelanin, pheomelanin)
    local absorbed = 0.697 * eumelanin * (nm / 550) ^ -3.33 + 0.4 * pheomelanin * (nm / 550) ^ -4.75
    local b = 0.3
    return math.exp(-math.sqrt(absorbed) * (5.969 - 0.215 * b + 2.532 * b ^ 2 - 10.73 * b ^ 3 + 5.574 * b ^ 4 + 0.245 * b ^ 5))
end
-- white: share of strands that have hardly any.
local function hair(eumelanin, pheomelanin, white)
    local points = {}
    for nm = 380, 1000, 20 do
        points[#points + 1] = {nm, (1 - white) * melanin_leaves(nm, eumelanin, pheomelanin) + white * melanin_leaves(nm, 0.003, 0)}
    end
    return {kind = "coated", reflectance = points, roughness = 0.42, ior = 1.55, pattern = "hair", bump = 0.8, strength = 1.0,
            source = "fitted: albedo by the absorption of melanin (see above), its concentration chosen; cuticle's index 1.55 (Marschner and others 2003); roughness chosen"}
end
-- Lips: skin whose blood shows. Haemoglobin takes up green and blue.
local function lips(color, albedo)
    return {kind = "coated", color = color, albedo = albedo, infrared = 0.45, roughness = 0.38, ior = 1.4, sheltered = 1,
            source = "chosen: redder and a little darker than the skin beside it (skin_10nm.csv)"}
end
local function eye(color, albedo, source)
    return {kind = "coated", color = color, albedo = albedo, roughness = 0.06, ior = 1.376, sheltered = 1, source = source .. "; wet, index of the cornea 1.376 (Gullstrand)"}
end
local function cloth(color, albedo)
    return {kind = "cloth", sheen = 0.12, color = color, albedo = albedo, infrared = 0.55, roughness = 0.7, pattern = "cloth",
            pattern_scale_m = 0.0012, bump = 0.3, strength = 0.3, source = "chosen: woven cotton, sheen by eye; dyes let the infrared pass to the fibres"}
end
-- Smoother stuffs have less on their surface that stands off.
local function stuff(sheen, roughness, thread_m, bump, what)
    return like(cloth({0.55, 0.55, 0.55}, 0.25), {sheen = sheen, roughness = roughness, pattern_scale_m = thread_m, bump = bump,
        source = "chosen: " .. what .. "; sheen by eye"})
end
local people = {
    cloth_knit = stuff(0.12, 0.8, 0.0035, 1.0, "knitted wool or cotton, loops of some millimetres"),
    cloth_wool = stuff(0.15, 0.9, 0.0016, 0.8, "fulled wool"),
    cloth_nylon = {kind = "coated", color = {0.55, 0.55, 0.55}, albedo = 0.25, infrared = 0.5, roughness = 0.58, ior = 1.38, pattern = "cloth", pattern_scale_m = 0.0006,
        bump = 0.5, strength = 0.3, source = "chosen: coated nylon weave, dull gloss"},
    leather_soft = {kind = "coated", color = {0.20, 0.17, 0.15}, albedo = 0.03, infrared = 0.3, roughness = 0.5, ior = 1.5, pattern = "cloth", pattern_scale_m = 0.0025,
        bump = 0.8, strength = 0.4, source = "chosen: finished grain leather"},
    cloth_fluorescent = {kind = "cloth", sheen = 0.1, color = {0.76, 0.93, 0.18}, albedo = 0.70, infrared = 0.7, roughness = 0.7, pattern = "cloth", pattern_scale_m = 0.0012,
        bump = 0.4, strength = 0.3, source = "published: luminance factor of fluorescent yellow 0.70 at least (EN ISO 20471, table 2), here by reflection alone: no light moves from blue to green"},
    retro_tape = {kind = "retro", retro = {ra = 330}, color = {0.62, 0.63, 0.64}, albedo = 0.35, roughness = 0.4, ior = 1.5, pattern = "none",
        source = "published: coefficient of retroreflection 330 cd/lx/m2 at 12' and 5 degrees (EN ISO 20471, separate performance material); day colour chosen"},
    skin_light = skin("light"),
    skin_medium = skin("medium"),
    skin_dark = skin("dark"),
    lips_light = lips({0.66, 0.48, 0.45}, 0.21),
    lips_medium = lips({0.53, 0.37, 0.34}, 0.115),
    lips_dark = lips({0.36, 0.24, 0.23}, 0.055),
    hair_dark = hair(1.1, 0.05, 0),
    hair_brown = hair(0.42, 0.05, 0),
    hair_blond = hair(0.10, 0.06, 0),
    hair_grey = hair(1.1, 0.05, 0.42),
    hair_red = hair(0.08, 0.45, 0),
    eye_sclera = eye({0.86, 0.83, 0.80}, 0.50, "chosen: white of an eye in the shade of its lids"),
    eye_brown = eye({0.27, 0.17, 0.11}, 0.028, "chosen: iris"),
    eye_blue = eye({0.40, 0.47, 0.55}, 0.14, "chosen: iris"),
    eye_green = eye({0.40, 0.40, 0.28}, 0.10, "chosen: iris"),
    eye_pupil = eye({0.05, 0.05, 0.05}, 0.003, "chosen: no light comes back from it but off the eye"),
    cloth = cloth({0.55, 0.55, 0.55}, 0.25),
    denim = like(cloth({0.26, 0.31, 0.41}, 0.075), {sheen = 0.06, pattern_scale_m = 0.0009, color2 = {0.62, 0.65, 0.70}, albedo2 = 0.30, wear = 0.06,
        source = "chosen: cotton twill of indigo warp and undyed weft, rubbed pale in places"}),
    shoe_leather = {kind = "coated", color = {0.30, 0.24, 0.20}, albedo = 0.05, roughness = 0.35, ior = 1.5, source = "chosen: polished leather"},
    sole_white = {kind = "coated", color = {0.86, 0.86, 0.83}, albedo = 0.55, roughness = 0.6, color2 = {0.45, 0.42, 0.38}, albedo2 = 0.2, wear = 0.3, pattern = "rubber", strength = 0.6, source = "chosen: scuffed white rubber"},
    sole_black = {kind = "coated", color = {0.12, 0.12, 0.12}, albedo = 0.025, roughness = 0.6, source = "chosen: rubber"},
    shoe_black = {kind = "coated", color = {0.14, 0.14, 0.14}, albedo = 0.02, roughness = 0.4, source = "chosen: leather"},
    dog_fur_brown = fur({0.42, 0.29, 0.19}, 0.085),
    dog_fur_black = fur({0.15, 0.145, 0.14}, 0.02),
    deer_fur = fur({0.43, 0.34, 0.26}, 0.09),
    moose_fur = fur({0.22, 0.175, 0.14}, 0.035),
    snow_packed = {kind = "diffuse", color = {0.93, 0.95, 0.97}, albedo = 0.80, infrared = 0.62, color2 = {0.70, 0.70, 0.70}, albedo2 = 0.45, roughness = 0.95,
        pattern = "concrete", pattern_scale_m = 0.2, bump = 0.8, wear = 0.3, strength = 0.6,
        source = "chosen: albedo of aged snow 0.6 to 0.8, falling in the infrared (Warren 1982, Rev. Geophys. 20; from memory)"},
    ice_clear = {kind = "coated", color = {0.72, 0.78, 0.80}, albedo = 0.35, roughness = 0.12, ior = 1.31, pattern = "concrete", pattern_scale_m = 0.1, bump = 0.2,
        source = "chosen: bubbly ice as a grey-white body under a smooth surface of index 1.31; it lets no light through here"},
    moose_leg = like(fur({0.56, 0.52, 0.46}, 0.20), {source = "chosen: a moose's legs are pale grey below the trunk"}),
    -- The pupil of an animal of the night: its tapetum sends back what the eye's optics gather. Chosen: a seventh of the light, within
    -- the half degree or so of an eye that is not quite in focus, yellow-green as deer's and dogs' mostly are.
    eye_tapetum = {kind = "retro", sheltered = 1, retro = {ra = 400, spread_deg = 0.7, tail = 2.0}, color = {0.80, 0.92, 0.55}, albedo = 0.12, roughness = 0.1, ior = 1.38,
        source = "chosen: see above; cornea's index 1.38"},
}

-- ---- houses -------------------------------------------------------------------------------------
local function brick(color, albedo)
    return {kind = "diffuse", color = color, albedo = albedo, infrared = math.min(0.6, albedo + 0.22), color2 = {0.66, 0.63, 0.58}, albedo2 = 0.27,
            roughness = 0.9, pattern = "brick", pattern_scale_m = 0.25, bump = 0.7, wear = 0.5, strength = 0.9,
            source = "chosen: fired clay; stretcher of 240 x 71 mm with 10 mm joints (DIN 105 normal format)"}
end
local function plaster(color, albedo)
    return {kind = "diffuse", color = color, albedo = albedo, color2 = {0.34, 0.32, 0.29}, albedo2 = 0.10,
            roughness = 0.9, pattern = "plaster", bump = 0.4, wear = 0.6, strength = 0.9,
            source = "chosen: mineral render, weathered; white render measures 0.6 to 0.75 when clean"}
end
local function tiles(color, albedo)
    return {kind = "coated", color = color, albedo = albedo, color2 = {0.46, 0.44, 0.36}, albedo2 = 0.15,
            roughness = 0.75, pattern = "roof", pattern_scale_m = 0.3, bump = 0.9, wear = 0.5, strength = 0.9,
            source = "chosen: clay or concrete tiles with lichen and dirt"}
end
-- The same wall below a sill: rain carries the sill's dirt down pattern_scale_m.
local function below_sill(wall)
    return like(wall, {pattern_scale_m = 0.9})
end
local plaster_white = plaster({0.86, 0.85, 0.82}, 0.64)
local plaster_cream = plaster({0.84, 0.81, 0.74}, 0.55)
local plaster_grey = plaster({0.62, 0.62, 0.60}, 0.33)
local plaster_plain = plaster({0.75, 0.74, 0.72}, 0.5)
-- Acrylic cloth of 300 g/m2, which lets a little light through in its own colour.
local function awning(color, albedo)
    return {kind = "leaf", color = color, albedo = albedo, color2 = color, albedo2 = 0.25 * albedo, roughness = 0.9, ior = 1.3, source = "chosen: solution-dyed acrylic"}
end
local houses = {
    awning_sand = awning({0.78, 0.72, 0.60}, 0.42),
    awning_red = awning({0.50, 0.24, 0.21}, 0.085),
    awning_green = awning({0.18, 0.33, 0.24}, 0.07),
    shop_board = {kind = "coated", color = {0.20, 0.22, 0.22}, roughness = 0.35, pattern = "metal", color2 = {0.4, 0.38, 0.35}, bump = 0.1, wear = 0.2, strength = 0.3, source = "chosen: painted sheet"},
    shop_letter = {kind = "coated", color = {0.90, 0.89, 0.85}, albedo = 0.7, roughness = 0.4, source = "chosen: white acrylic letters"},
    brick_red = brick({0.52, 0.33, 0.265}, 0.11),
    brick_yellow = brick({0.66, 0.58, 0.47}, 0.25),
    plaster_white = plaster_white,
    plaster_cream = plaster_cream,
    plaster_grey = plaster_grey,
    plaster = plaster_plain,
    plaster_white_sill = below_sill(plaster_white),
    plaster_cream_sill = below_sill(plaster_cream),
    plaster_grey_sill = below_sill(plaster_grey),
    plaster_sill = below_sill(plaster_plain),
    plinth = like(plaster({0.60, 0.59, 0.56}, 0.28), {wear = 0.8, source = "chosen: cement render, splashed by rain"}),
    tunnel_lining = {
        kind = "coated", color = {0.72, 0.71, 0.67}, albedo = 0.46, infrared = 0.5, color2 = {0.24, 0.23, 0.21}, albedo2 = 0.12,
        roughness = 0.6, pattern = "concrete", pattern_scale_m = 3.0, bump = 0.2, wear = 0.45, strength = 1.0, sheltered = 1,
        source = "chosen: light paint on concrete, greyed by exhaust; CIE 88:2004 asks tunnel walls to be light (from memory)",
    },
    concrete_wall = {
        kind = "diffuse", color = {0.63, 0.62, 0.585}, albedo = 0.31, infrared = 0.38, color2 = {0.30, 0.29, 0.265}, albedo2 = 0.08,
        roughness = 0.9, pattern = "concrete", pattern_scale_m = 2.5, bump = 0.4, wear = 0.6, strength = 1.0,
        source = "fitted: published albedos of weathered concrete 0.25 to 0.40",
    },
    roof_tile_red = tiles({0.52, 0.32, 0.25}, 0.10),
    roof_tile_grey = tiles({0.36, 0.36, 0.365}, 0.09),
    roof_flat = {
        kind = "diffuse", color = {0.36, 0.355, 0.35}, albedo = 0.10, color2 = {0.52, 0.50, 0.46}, albedo2 = 0.2,
        roughness = 0.9, pattern = "plaster", bump = 0.5, wear = 0.6, strength = 0.8, source = "chosen: bitumen felt with grit",
    },
    wood_painted_white = {
        kind = "coated", color = {0.87, 0.865, 0.84}, albedo = 0.66, color2 = {0.45, 0.42, 0.37}, albedo2 = 0.15,
        roughness = 0.5, pattern = "wood", pattern_scale_m = 0.14, bump = 0.25, wear = 0.25, strength = 0.35,
        source = "chosen: oil paint over boards of 140 mm",
    },
    wood = {
        kind = "diffuse", color = {0.52, 0.41, 0.30}, albedo = 0.15, infrared = 0.45, color2 = {0.44, 0.41, 0.37}, albedo2 = 0.13,
        roughness = 0.85, pattern = "wood", pattern_scale_m = 0.14, bump = 0.5, wear = 0.5, strength = 0.9,
        source = "chosen: weathered softwood, silver-grey where wet",
    },
    window_glass = {kind = "glass_thin", reflectance = {{380, 0.86}, {500, 0.91}, {550, 0.92}, {650, 0.89}, {780, 0.86}, {1000, 0.80}},
        roughness = 0.0, ior = 1.80, source = "chosen: two panes of clear soda-lime glass. Four faces of index 1.52 (r = 0.043) reflect 4 r / (1 + 3 r) = 0.15 of light that falls straight in, as one sheet of index 1.80 does"},
    window_frame_white = {kind = "coated", color = {0.90, 0.90, 0.89}, albedo = 0.72, roughness = 0.35, source = "chosen: white PVC"},
    window_dark_room = {kind = "diffuse", sheltered = 1, color = {0.19, 0.18, 0.17}, albedo = 0.028, roughness = 0.9,
        source = "chosen: what is dark behind a pane that has no room"},
    room_wall = {kind = "diffuse", sheltered = 1, color = {0.80, 0.79, 0.75}, albedo = 0.5, roughness = 0.9, source = "chosen: emulsion paint, off-white"},
    room_wall_warm = {kind = "diffuse", sheltered = 1, color = {0.68, 0.61, 0.52}, albedo = 0.33, roughness = 0.9, source = "chosen: papered or panelled walls"},
    room_floor = {kind = "diffuse", sheltered = 1, color = {0.46, 0.36, 0.27}, albedo = 0.12, roughness = 0.7, source = "chosen: oak boards, carpets"},
    furniture = {kind = "diffuse", sheltered = 1, color = {0.38, 0.30, 0.24}, albedo = 0.08, roughness = 0.7, source = "chosen: stained wood and cloth"},
    roller_shutter = {kind = "coated", color = {0.80, 0.80, 0.77}, albedo = 0.55, color2 = {0.45, 0.42, 0.38}, albedo2 = 0.16, roughness = 0.45,
        pattern = "wood", pattern_scale_m = 0.045, bump = 0.3, wear = 0.2, strength = 0.12, source = "chosen: grey-white PVC slats of 45 mm"},
    window_light_room = {kind = "diffuse", sheltered = 1, color = {0.72, 0.69, 0.62}, albedo = 0.42, roughness = 0.9,
        source = "chosen: papered walls"},
    curtain = {kind = "leaf", sheltered = 1, color = {0.80, 0.79, 0.76}, albedo = 0.5, color2 = {0.80, 0.79, 0.76}, albedo2 = 0.2,
        roughness = 0.9, ior = 1.3, source = "chosen: white net curtain"},
    drape = {kind = "leaf", sheltered = 1, color = {0.62, 0.55, 0.45}, albedo = 0.3, color2 = {0.70, 0.55, 0.38}, albedo2 = 0.07,
        roughness = 0.9, ior = 1.3, source = "chosen: woven curtains, sand and ochre, which let little through"},
    -- Curtain walls: solar control glass. Two panes with a thin silver coating let 0.45 of light through and reflect 0.2 (as published
    -- for neutral coatings; the index stands for both faces, as with window_glass).
    tower_glass = {kind = "glass_thin", reflectance = {{380, 0.30}, {450, 0.50}, {500, 0.56}, {550, 0.57}, {600, 0.55}, {650, 0.51}, {700, 0.45}, {780, 0.36}, {1000, 0.20}},
        roughness = 0.0, ior = 2.0, source = "chosen: neutral solar control glazing; index 2.0 reflects 0.2 of light straight in"},
    spandrel_glass = {kind = "coated", color = {0.22, 0.245, 0.26}, albedo = 0.05, roughness = 0.03, ior = 1.9, source = "chosen: enamelled glass before the floor's edge"},
    mullion = {kind = "conductor", color = {0.66, 0.67, 0.68}, albedo = 0.42, roughness = 0.4, source = "chosen: anodised aluminium"},
    tower_stone = {kind = "diffuse", color = {0.66, 0.635, 0.59}, albedo = 0.33, color2 = {0.42, 0.40, 0.37}, albedo2 = 0.13, roughness = 0.8,
        pattern = "concrete", pattern_scale_m = 1.5, bump = 0.2, wear = 0.4, strength = 0.6, source = "chosen: slabs of light limestone"},
    office_ceiling = {kind = "diffuse", sheltered = 1, color = {0.88, 0.88, 0.87}, albedo = 0.7, roughness = 0.9, source = "chosen: mineral tiles"},
    vent = {kind = "conductor", color = {0.50, 0.50, 0.50}, albedo = 0.2, color2 = {0.3, 0.29, 0.28}, roughness = 0.6, pattern = "wood", pattern_scale_m = 0.04,
        bump = 0.8, wear = 0.3, strength = 0.5, source = "chosen: blades of dull aluminium"},
    door_painted = {kind = "coated", color = {0.30, 0.33, 0.33}, albedo = 0.09, color2 = {0.4, 0.38, 0.35}, roughness = 0.4, pattern = "wood",
        pattern_scale_m = 0.2, bump = 0.15, wear = 0.2, strength = 0.3, source = "chosen: painted wood"},
    garage_door = {kind = "coated", color = {0.78, 0.78, 0.76}, albedo = 0.5, color2 = {0.4, 0.38, 0.35}, roughness = 0.45,
        pattern = "metal", bump = 0.15, wear = 0.4, strength = 0.5, source = "chosen: painted sheet steel"},
}

-- ---- street furniture ---------------------------------------------------------------------------
local function painted(color, albedo)
    return {kind = "coated", color = color, albedo = albedo, color2 = {0.36, 0.31, 0.27}, albedo2 = 0.09, roughness = 0.42,
            pattern = "metal", bump = 0.1, wear = 0.4, strength = 0.5, source = "chosen: painted steel with street dirt"}
end
-- ra: minima of new sheeting, ASTM D4956-01 type III, at 0.2 and -4 degrees, in cd lx^-1 m^-2. Its day
-- colours are darker than paint's, for light that goes into the lobe is not there by day.
local function sheeting(color, albedo, ra)
    return {kind = "retro", retro = {ra = ra}, color = color, albedo = albedo, color2 = {0.42, 0.40, 0.37}, roughness = 0.35, ior = 1.5,
            pattern = "metal", wear = 0.2, strength = 0.3, source = "published: R_A of ASTM D4956-01 type III; colours of the class, their albedo chosen"}
end
-- Prisms behind plastic, of bicycles: R_A by the least intensity of class IA of UN R3 at 20' (0.3 cd/lx red, 4 times so white,
-- 2.5 times amber; from memory) over 25 cm2.
local function reflector(color, albedo, ra)
    return {kind = "retro", retro = {ra = ra}, color = color, albedo = albedo, roughness = 0.15, ior = 1.49,
            pattern = "none", source = "from the least intensity of UN R3 class IA over 25 cm2 (from memory); day colours chosen"}
end
local furniture = {
    reflector_clear = reflector({0.80, 0.80, 0.80}, 0.35, 480),
    reflector_red = reflector({0.62, 0.08, 0.08}, 0.06, 120),
    reflector_amber = reflector({0.85, 0.45, 0.08}, 0.18, 300),
    metal_galvanised = {kind = "conductor", color = {0.70, 0.71, 0.72}, albedo = 0.46, color2 = {0.42, 0.40, 0.37},
        roughness = 0.5, roughness2 = 0.8, pattern = "metal", pattern_scale_m = 0.012, bump = 0.1, wear = 0.5, strength = 0.9,
        source = "chosen: weathered zinc with spangle"},
    guard_rail = {kind = "conductor", color = {0.70, 0.70, 0.70}, albedo = 0.42, color2 = {0.40, 0.37, 0.33},
        roughness = 0.55, roughness2 = 0.85, pattern = "metal", pattern_scale_m = 0.015, bump = 0.1, wear = 0.65, strength = 0.9,
        source = "chosen: weathered zinc, dirtier"},
    metal_painted_grey = painted({0.48, 0.49, 0.50}, 0.20),
    metal_painted_green = painted({0.20, 0.30, 0.24}, 0.06),
    metal_painted_black = painted({0.15, 0.15, 0.15}, 0.02),
    pole_concrete = {kind = "diffuse", color = {0.62, 0.61, 0.58}, albedo = 0.30, color2 = {0.32, 0.31, 0.28}, roughness = 0.9,
        pattern = "concrete", bump = 0.3, wear = 0.4, strength = 0.8, source = "fitted: as concrete"},
    sign_white = sheeting({0.86, 0.86, 0.85}, 0.50, 250),
    sign_red = sheeting({0.66, 0.11, 0.13}, 0.085, 45),
    sign_blue = sheeting({0.10, 0.26, 0.56}, 0.06, 20),
    sign_yellow = sheeting({0.90, 0.68, 0.10}, 0.36, 170),
    sign_black = like(plastic, {color = {0.12, 0.12, 0.12}, albedo = 0.02, roughness = 0.35, source = "chosen: black film, which does not send light back"}),
    sign_back_aluminium = {kind = "conductor", color = {0.72, 0.72, 0.73}, albedo = 0.5, color2 = {0.42, 0.40, 0.37}, roughness = 0.5,
        roughness2 = 0.8, pattern = "metal", wear = 0.4, strength = 0.5, source = "chosen: dull rolled aluminium"},
    stone = {kind = "diffuse", color = {0.56, 0.54, 0.50}, albedo = 0.23, color2 = {0.33, 0.32, 0.27}, roughness = 0.9,
        pattern = "concrete", bump = 0.8, wear = 0.7, strength = 1.0, source = "chosen: sandstone and granite"},
    fence_wood = {kind = "diffuse", color = {0.47, 0.42, 0.37}, albedo = 0.15, infrared = 0.42, color2 = {0.36, 0.35, 0.33}, albedo2 = 0.1,
        roughness = 0.9, pattern = "wood", pattern_scale_m = 0.12, bump = 0.6, wear = 0.7, strength = 1.0,
        source = "chosen: silvered softwood"},
    bin_plastic = like(plastic, {color = {0.24, 0.25, 0.25}, albedo = 0.05, pattern = "metal", color2 = {0.42, 0.39, 0.35}, wear = 0.4, strength = 0.4}),
    cone_orange = {kind = "coated", color = {0.88, 0.36, 0.14}, albedo = 0.2, color2 = {0.35, 0.30, 0.26}, roughness = 0.55,
        pattern = "rubber", wear = 0.4, strength = 0.6, source = "chosen: faded PVC, without fluorescence"},
}

-- ---- plants -------------------------------------------------------------------------------------
-- kind "leaf": reflectance of the upper side, reflectance2 is transmitted. Leaves of trees reflect
-- about 0.10 to 0.15 at 550 nm and let through as much or less.
local function leaf(blue, green, red, infrared, through)
    return {
        kind = "leaf", reflectance = green_plant(blue, green, red, infrared),
        reflectance2 = green_plant(0.25 * blue, through * green, 0.45 * red, 0.9 * infrared),
        roughness = 0.45, ior = 1.4, pattern = "leaf", bump = 0.3, wear = 0.3, strength = 0.8, source = plant_source,
    }
end
local function bark(color, albedo, color2, albedo2)
    return {kind = "diffuse", color = color, albedo = albedo, infrared = math.min(0.6, 2.2 * albedo + 0.1), color2 = color2, albedo2 = albedo2, roughness = 0.95,
            pattern = "bark", pattern_scale_m = 0.03, bump = 0.9, wear = 0.5, strength = 1.0, source = "chosen: bark and its cracks, rising into the infrared as wood does"}
end
local plants = {
    bark_oak = bark({0.43, 0.39, 0.34}, 0.125, {0.20, 0.18, 0.15}, 0.03),
    bark_birch = like(bark({0.80, 0.78, 0.74}, 0.48, {0.17, 0.16, 0.15}, 0.03), {bump = 0.3}),
    leaf_oak = leaf(0.035, 0.090, 0.042, 0.44, 0.85),
    leaf_maple = leaf(0.036, 0.105, 0.046, 0.45, 0.95),
    leaf_birch = leaf(0.038, 0.120, 0.052, 0.45, 1.0),
    leaf_hedge = leaf(0.034, 0.082, 0.040, 0.43, 0.7),
    leaf_pine = leaf(0.030, 0.065, 0.038, 0.36, 0.4),
    hedge_inner = {kind = "diffuse", color = {0.20, 0.19, 0.14}, albedo = 0.03, roughness = 0.95, source = "chosen: twigs in shade"},
}

return {
    road = road, ground = ground, markings = markings, car = car, lamps = lamps, dusk = dusk, people = people,
    houses = houses, furniture = furniture, plants = plants,
}
