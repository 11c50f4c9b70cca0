-- police.lua: the wagon as a patrol car: red and blue lamps on its roof as in the United States (`beacons = "blue"` for Europe). Its lamps flash while
-- it is an `emergency` vehicle of a scenario.
--
-- `dynamics` has the fields of bt_vehicle (engine/sim/sim.h), `body` shapes what is seen
-- (procedural/vehicles/vehicle_body_lua.h); sizes are named once, in `dynamics`.
return {
    name = "police",
    source = "chosen: typical of the class, no one make; cornering stiffnesses for a little understeer",
    dynamics = {
        mass_kg = 1620,  -- with driver and half a tank
        yaw_inertia_kg_m2 = 3220,  -- mass times the distances of both axles from the centre of gravity (dynamic index 1)
        wheelbase_m = 2.82,
        cg_from_rear_m = 1.46,
        cg_height_m = 0.56,
        track_m = 1.57,
        wheel_radius_m = 0.327,
        length_m = 4.76,  -- over bumpers
        width_m = 1.83,  -- without mirrors
        height_m = 1.47,
        rear_overhang_m = 1.04,
        cornering_front_n_rad = 114000,  -- whole axle, both tyres
        cornering_rear_n_rad = 138000,
        steer_max_rad = 0.62,  -- road wheels
        steer_rate_max_rad_s = 0.7,
        accel_max_m_s2 = 4.2,
        brake_max_m_s2 = 10.0,
        power_max_w = 120000,
        drag_area_m2 = 0.64,  -- drag coefficient times frontal area
        roll_resistance = 0.011,
        friction = 0.95,
        roll_gain_rad_s2_m = 0.0063,
        pitch_gain_rad_s2_m = 0.0042,
        ride_frequency_hz = 1.3,  -- heave on the springs; cars 1.0 to 1.6 (Gillespie 1992, ch. 5), air-sprung axles and vans stiffer
        ride_damping = 0.3,  -- of critical; 0.2 to 0.4 is usual
        drive_front = 1,  -- share of the drive force at the front axle
    },
    body = {
        kind = "wagon",
        colour = {0.90, 0.90, 0.90},
        beacons = "red_blue",
        stripe = {0.05, 0.10, 0.35},
        spokes = 10,
    },
}
