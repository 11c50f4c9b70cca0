-- ambulance.lua: the van as an ambulance: blue lamps on its roof, a red band. Its lamps flash while it is an `emergency` vehicle of a scenario.
--
-- `dynamics` has the fields of bt_vehicle (engine/sim/sim.h), `body` shapes what is seen
-- (procedural/vehicles/vehicle_body_lua.h); sizes are named once, in `dynamics`.
return {
    name = "ambulance",
    source = "chosen: typical of the class, no one make; cornering stiffnesses for a little understeer",
    dynamics = {
        mass_kg = 2150,  -- with driver and half a tank
        yaw_inertia_kg_m2 = 5000,  -- mass times the distances of both axles from the centre of gravity (dynamic index 1)
        wheelbase_m = 3.06,
        cg_from_rear_m = 1.65,
        cg_height_m = 0.75,
        track_m = 1.63,
        wheel_radius_m = 0.335,
        length_m = 4.95,  -- over bumpers
        width_m = 1.93,  -- without mirrors
        height_m = 1.93,
        rear_overhang_m = 0.98,
        cornering_front_n_rad = 140000,  -- whole axle, both tyres
        cornering_rear_n_rad = 160000,
        steer_max_rad = 0.66,  -- road wheels
        steer_rate_max_rad_s = 0.7,
        accel_max_m_s2 = 3.4,
        brake_max_m_s2 = 10.0,
        power_max_w = 110000,
        drag_area_m2 = 1.1,  -- drag coefficient times frontal area
        roll_resistance = 0.011,
        friction = 0.95,
        roll_gain_rad_s2_m = 0.0085,
        pitch_gain_rad_s2_m = 0.006,
        ride_frequency_hz = 1.5,  -- heave on the springs; cars 1.0 to 1.6 (Gillespie 1992, ch. 5), air-sprung axles and vans stiffer
        ride_damping = 0.3,  -- of critical; 0.2 to 0.4 is usual
        drive_front = 1,  -- share of the drive force at the front axle
    },
    body = {
        kind = "van",
        privacy_glass = true,
        steel_wheels = true,
        colour = {0.90, 0.89, 0.85},
        beacons = "blue",
        stripe = {0.85, 0.10, 0.08},
    },
}
