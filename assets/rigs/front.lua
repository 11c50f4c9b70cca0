-- One forward camera beside the inner mirror, just above the windshield's wiped field, 1 degree down.
return {
    front = {
        sheet = "cameras/front_1mp.lua",
        windshield = "windshields/laminated.lua",
        rate_hz = 10,
        mount = { x_m = 1.75, z_m = 1.34, pitch_deg = 1 },
    },
}
