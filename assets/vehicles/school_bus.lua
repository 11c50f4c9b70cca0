-- school_bus.lua: yellow school bus with a bonnet (type C), half full. Its red lamps and its stop arm: the story's act.lamps { school_stop = true }.
--
-- `dynamics` has the fields of bt_vehicle (engine/sim/sim.h), `body` shapes what is seen
-- (procedural/vehicles/vehicle_body_lua.h); sizes are named once, in `dynamics`.
return {
    name = "school bus",
    source = "chosen: typical of the class of some 77 seats, no one make; width and colour by the National School Transportation Specifications and Procedures (from memory)",
    dynamics = {
        mass_kg = 10500,  -- with 36 pupils
        yaw_inertia_kg_m2 = 105000,  -- of an even beam of its length
        wheelbase_m = 6.4,
        cg_from_rear_m = 2.7,
        cg_height_m = 1.25,
        track_m = 2.05,
        wheel_radius_m = 0.5,
        length_m = 10.9,  -- over bumpers
        width_m = 2.44,  -- without mirrors
        height_m = 3.15,
        rear_overhang_m = 3.45,
        cornering_front_n_rad = 340000,  -- whole axle, both tyres
        cornering_rear_n_rad = 600000,
        steer_max_rad = 0.82,  -- road wheels
        steer_rate_max_rad_s = 0.5,
        accel_max_m_s2 = 1.5,
        brake_max_m_s2 = 6.5,
        power_max_w = 165000,
        drag_area_m2 = 5.0,  -- drag coefficient times frontal area
        roll_resistance = 0.007,
        friction = 0.8,
        roll_gain_rad_s2_m = 0.009,
        pitch_gain_rad_s2_m = 0.003,
        ride_frequency_hz = 1.6,  -- heave on leaf springs
        ride_damping = 0.25,  -- of critical; 0.2 to 0.4 is usual
        drive_front = 0,  -- share of the drive force at the front axle
    },
    body = {
        kind = "school_bus",
        colour = {0.96, 0.64, 0.05},
    },
}
