-- bus.lua: low-floor city bus of 12 m, half full.
--
-- `dynamics` has the fields of bt_vehicle (engine/sim/sim.h), `body` shapes what is seen
-- (procedural/vehicles/vehicle_body_lua.h); sizes are named once, in `dynamics`.
return {
    name = "bus",
    source = "sizes: Mercedes-Benz Citaro, 12 135 x 2550 x 3120 mm, 5900 mm between the axles (maker's vehicle profile, omnibusarchiv.de); the rest chosen: typical of the class",
    dynamics = {
        mass_kg = 14500,  -- with 40 people
        yaw_inertia_kg_m2 = 175000,  -- of an even beam of its length
        wheelbase_m = 5.9,
        cg_from_rear_m = 2.3,
        cg_height_m = 1.15,
        track_m = 2.05,
        wheel_radius_m = 0.478,
        length_m = 12.135,  -- over bumpers
        width_m = 2.55,  -- without mirrors
        height_m = 3.12,
        rear_overhang_m = 3.46,
        cornering_front_n_rad = 400000,  -- whole axle, both tyres
        cornering_rear_n_rad = 720000,
        steer_max_rad = 0.82,  -- road wheels
        steer_rate_max_rad_s = 0.5,
        accel_max_m_s2 = 1.5,
        brake_max_m_s2 = 6.5,
        power_max_w = 220000,
        drag_area_m2 = 4.8,  -- drag coefficient times frontal area
        roll_resistance = 0.007,
        friction = 0.8,
        roll_gain_rad_s2_m = 0.009,
        pitch_gain_rad_s2_m = 0.003,
        ride_frequency_hz = 1.2,  -- air springs: 1.0 to 1.3 (Gillespie 1992, ch. 5)
        ride_damping = 0.25,  -- of critical; 0.2 to 0.4 is usual
        drive_front = 0,  -- share of the drive force at the front axle
    },
    body = {
        kind = "bus",
    },
}
