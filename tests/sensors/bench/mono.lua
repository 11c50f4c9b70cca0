-- A camera for the bench's tests, nobody's: every model on, no mosaic, a lens that is sampled well.
return {
    name = "bench_mono",
    description = "monochrome test camera, 640 x 480",
    array = { width_px = 640, height_px = 480, pixel_pitch_m = 4e-6, mosaic = "MONO" },
    lens = {
        model = "brown_conrady",
        fx_px = 600,
        coefficients = { value = { -0.12, 0.035, 0.0002, -0.0001 } },
        f_number = 2.8,
        transmission = 0.9,
        blur_sigma_px = 0.55,
    },
    qe = { mono = { wavelength_nm = { 390, 460, 530, 620, 760, 990 }, value = { 0.2, 0.55, 0.7, 0.6, 0.3, 0.02 } } },
    shutter = { row_time_s = 25e-6, auto = false, exposure_s = 1e-3, exposure_max_s = 10e-3 },
    pixel = {
        full_well_e = 20000,
        prnu = 0.005,
        dsnu_e = 2.0,
        dark_current_e_s = 10,
        dark_doubling_kelvin = 7,
        dark_spread = 0.4,
        temperature_kelvin = 300,
    },
    readout = { read_noise_e = 5.0, row_noise_e = 0.3, black_level_dn = 128, bit_depth = 12 },
}
