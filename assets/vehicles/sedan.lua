-- sedan.lua: saloon of the middle class.
--
-- `dynamics` has the fields of bt_vehicle (engine/sim/sim.h), `body` shapes what is seen
-- (procedural/vehicles/vehicle_body_lua.h); sizes are named once, in `dynamics`.
return {
    name = "sedan",
    source = "chosen: typical of the class, no one make; cornering stiffnesses for a little understeer",
    dynamics = {
        mass_kg = 1560,  -- with driver and half a tank
        yaw_inertia_kg_m2 = 3140,  -- mass times the distances of both axles from the centre of gravity (dynamic index 1)
        wheelbase_m = 2.84,
        cg_from_rear_m = 1.5,
        cg_height_m = 0.54,
        track_m = 1.57,
        wheel_radius_m = 0.33,
        length_m = 4.75,  -- over bumpers
        width_m = 1.84,  -- without mirrors
        height_m = 1.45,
        rear_overhang_m = 1.07,
        cornering_front_n_rad = 112000,  -- whole axle, both tyres
        cornering_rear_n_rad = 132000,
        steer_max_rad = 0.62,  -- road wheels
        steer_rate_max_rad_s = 0.7,
        accel_max_m_s2 = 4.6,
        brake_max_m_s2 = 10.0,
        power_max_w = 135000,
        drag_area_m2 = 0.6,  -- drag coefficient times frontal area
        roll_resistance = 0.011,
        friction = 0.95,
        roll_gain_rad_s2_m = 0.006,
        pitch_gain_rad_s2_m = 0.004,
        ride_frequency_hz = 1.25,  -- heave on the springs; cars 1.0 to 1.6 (Gillespie 1992, ch. 5), air-sprung axles and vans stiffer
        ride_damping = 0.3,  -- of critical; 0.2 to 0.4 is usual
        drive_front = 0,  -- share of the drive force at the front axle
    },
    body = {
        kind = "sedan",
        spokes = 10,
    },
}
