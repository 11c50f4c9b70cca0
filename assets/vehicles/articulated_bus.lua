-- articulated_bus.lua: city bus of 18 m in two sections, half full. The engine sits in the rear section in life; here the middle axle
-- drives, as in bt_vehicle all that push do.
--
-- `dynamics` has the fields of bt_vehicle (engine/sim/sim.h), `body` shapes what is seen
-- (procedural/vehicles/vehicle_body_lua.h); sizes are named once, in `dynamics`.
return {
    name = "articulated bus",
    source = "sizes: about a Mercedes-Benz Citaro G, 18.1 m long, 5.9 m and 6.0 m between its axles (shared out by pictures); the rest chosen: typical of the class",
    dynamics = {
        mass_kg = 13000,  -- of the front section, with 30 people
        yaw_inertia_kg_m2 = 100000,  -- of an even beam of its length
        wheelbase_m = 5.9,
        cg_from_rear_m = 2.9,
        cg_height_m = 1.15,
        track_m = 2.05,
        wheel_radius_m = 0.478,
        length_m = 10.0,  -- of the front section
        width_m = 2.55,  -- without mirrors
        height_m = 3.12,
        rear_overhang_m = 1.325,
        cornering_front_n_rad = 430000,  -- whole axle, both tyres
        cornering_rear_n_rad = 640000,
        steer_max_rad = 0.82,  -- road wheels
        steer_rate_max_rad_s = 0.5,
        accel_max_m_s2 = 1.2,
        brake_max_m_s2 = 6.5,
        power_max_w = 260000,
        drag_area_m2 = 5.2,  -- drag coefficient times frontal area
        roll_resistance = 0.007,
        friction = 0.8,
        roll_gain_rad_s2_m = 0.009,
        pitch_gain_rad_s2_m = 0.003,
        ride_frequency_hz = 1.2,  -- air springs: 1.0 to 1.3 (Gillespie 1992, ch. 5)
        ride_damping = 0.25,  -- of critical; 0.2 to 0.4 is usual
        drive_front = 0,  -- share of the drive force at the front axle
        trailer_length_m = 7.4,  -- rear section, from the joint
        hitch_from_rear_m = -2.05,  -- the joint, behind the middle axle
        trailer_wheelbase_m = 3.95,  -- joint to the last axle
        trailer_track_m = 1.83,  -- to the middle of its twin tyres
        trailer_tyre_m = 0.64,  -- both together
        trailer_slip_rad_s2_m = 0.02,  -- 8 t on an axle of 400 kN/rad
    },
    body = {
        kind = "bus",
    },
}
