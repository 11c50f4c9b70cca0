-- suv.lua: sport utility vehicle of the compact class.
--
-- `dynamics` has the fields of bt_vehicle (engine/sim/sim.h), `body` shapes what is seen
-- (procedural/vehicles/vehicle_body_lua.h); sizes are named once, in `dynamics`.
return {
    name = "suv",
    source = "chosen: typical of the class, no one make; cornering stiffnesses for a little understeer",
    dynamics = {
        mass_kg = 1700,  -- with driver and half a tank
        yaw_inertia_kg_m2 = 3020,  -- mass times the distances of both axles from the centre of gravity (dynamic index 1)
        wheelbase_m = 2.68,
        cg_from_rear_m = 1.47,
        cg_height_m = 0.66,
        track_m = 1.6,
        wheel_radius_m = 0.355,
        length_m = 4.56,  -- over bumpers
        width_m = 1.88,  -- without mirrors
        height_m = 1.67,
        rear_overhang_m = 0.95,
        cornering_front_n_rad = 118000,  -- whole axle, both tyres
        cornering_rear_n_rad = 138000,
        steer_max_rad = 0.62,  -- road wheels
        steer_rate_max_rad_s = 0.7,
        accel_max_m_s2 = 4.0,
        brake_max_m_s2 = 10.0,
        power_max_w = 125000,
        drag_area_m2 = 0.82,  -- drag coefficient times frontal area
        roll_resistance = 0.011,
        friction = 0.95,
        roll_gain_rad_s2_m = 0.008,
        pitch_gain_rad_s2_m = 0.0055,
        ride_frequency_hz = 1.4,  -- heave on the springs; cars 1.0 to 1.6 (Gillespie 1992, ch. 5), air-sprung axles and vans stiffer
        ride_damping = 0.32,  -- of critical; 0.2 to 0.4 is usual
        drive_front = 0.5,  -- share of the drive force at the front axle
    },
    body = {
        kind = "suv",
        cladding = true,
        privacy_glass = true,
        roof_rails = true,
        spokes = 5,
    },
}
