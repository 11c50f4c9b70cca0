-- pickup.lua: one-ton pickup with two rows of seats.
--
-- `dynamics` has the fields of bt_vehicle (engine/sim/sim.h), `body` shapes what is seen
-- (procedural/vehicles/vehicle_body_lua.h); sizes are named once, in `dynamics`.
return {
    name = "pickup",
    source = "chosen: typical of the class, no one make; cornering stiffnesses for a little understeer",
    dynamics = {
        mass_kg = 2150,  -- with driver and half a tank
        yaw_inertia_kg_m2 = 5430,  -- mass times the distances of both axles from the centre of gravity (dynamic index 1)
        wheelbase_m = 3.2,
        cg_from_rear_m = 1.78,
        cg_height_m = 0.74,
        track_m = 1.6,
        wheel_radius_m = 0.385,
        length_m = 5.3,  -- over bumpers
        width_m = 1.9,  -- without mirrors
        height_m = 1.8,
        rear_overhang_m = 1.2,
        cornering_front_n_rad = 125000,  -- whole axle, both tyres
        cornering_rear_n_rad = 150000,
        steer_max_rad = 0.6,  -- road wheels
        steer_rate_max_rad_s = 0.7,
        accel_max_m_s2 = 3.6,
        brake_max_m_s2 = 10.0,
        power_max_w = 125000,
        drag_area_m2 = 1.15,  -- drag coefficient times frontal area
        roll_resistance = 0.011,
        friction = 0.95,
        roll_gain_rad_s2_m = 0.0085,
        pitch_gain_rad_s2_m = 0.006,
        ride_frequency_hz = 1.6,  -- heave on the springs; cars 1.0 to 1.6 (Gillespie 1992, ch. 5), air-sprung axles and vans stiffer
        ride_damping = 0.3,  -- of critical; 0.2 to 0.4 is usual
        drive_front = 0,  -- share of the drive force at the front axle
    },
    body = {
        kind = "pickup",
        cladding = true,
        spokes = 6,
    },
}
