-- truck.lua: tractor unit with a box semi-trailer, half laden.
--
-- `dynamics` has the fields of bt_vehicle (engine/sim/sim.h), `body` shapes what is seen
-- (procedural/vehicles/vehicle_body_lua.h); sizes are named once, in `dynamics`.
return {
    name = "truck",
    source = "chosen: typical of the class, no one make; sizes within directive 96/53/EC; mass is what the tractor's axles carry",
    dynamics = {
        mass_kg = 12500,  -- on the tractor's axles
        yaw_inertia_kg_m2 = 42500,  -- mass times the distances of both axles from the centre of gravity (dynamic index 1)
        wheelbase_m = 3.7,
        cg_from_rear_m = 1.7,
        cg_height_m = 1.1,
        track_m = 2.05,
        wheel_radius_m = 0.5,
        length_m = 5.95,  -- over bumpers
        width_m = 2.55,  -- without mirrors
        height_m = 4.0,
        rear_overhang_m = 0.85,
        cornering_front_n_rad = 420000,  -- whole axle, both tyres
        cornering_rear_n_rad = 680000,
        steer_max_rad = 0.75,  -- road wheels
        steer_rate_max_rad_s = 0.5,
        accel_max_m_s2 = 1.4,
        brake_max_m_s2 = 7.0,
        power_max_w = 340000,
        drag_area_m2 = 5.6,  -- drag coefficient times frontal area
        roll_resistance = 0.006,
        friction = 0.75,
        roll_gain_rad_s2_m = 0.008,
        pitch_gain_rad_s2_m = 0.004,
        ride_frequency_hz = 1.6,  -- heave on the springs; cars 1.0 to 1.6 (Gillespie 1992, ch. 5), air-sprung axles and vans stiffer
        ride_damping = 0.25,  -- of critical; 0.2 to 0.4 is usual
        drive_front = 0,  -- share of the drive force at the front axle
        trailer_length_m = 13.6,
        hitch_from_rear_m = 0.6,
        trailer_wheelbase_m = 7.7,  -- kingpin to the middle axle
        trailer_axles = 3,
        trailer_axle_gap_m = 1.31,
        trailer_track_m = 2.12,
        trailer_tyre_m = 0.37,  -- 385/65 R 22.5
        trailer_roll_gain_rad_s2_m = 0.012,  -- chosen: a laden box is higher than its tractor
        trailer_slip_rad_s2_m = 0.018,  -- 13 t on its axles over six tyres of 120 kN/rad
    },
    body = {
        kind = "truck",
        cab_length_m = 2.25,
        cab_height_m = 3.85,
    },
}
