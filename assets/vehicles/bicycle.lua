-- bicycle.lua: city bicycle with its rider.
--
-- `dynamics` has the fields of bt_vehicle (engine/sim/sim.h); rider_height_m makes it a bicycle: it keeps to the way, leans,
-- and has neither springs nor tyre forces (engine/sim/cycle.h), so that springs' and tyres' numbers only have to be allowed.
-- Wheelbase and wheels are those of its body (engine/sim/gear.c).
return {
    name = "bicycle",
    source = "chosen: typical of the kind; 15 kg and a rider of 77 kg, cd A upright 0.55 m2 (Wilson 2004, Bicycling Science: 0.5 to 0.6)",
    dynamics = {
        mass_kg = 92,
        yaw_inertia_kg_m2 = 12,
        wheelbase_m = 1.08,
        cg_from_rear_m = 0.45,
        cg_height_m = 1.0,
        track_m = 0.3,  -- none: the least that is allowed
        wheel_radius_m = 0.345,
        length_m = 1.79,
        width_m = 0.64,  -- over the bar
        height_m = 1.8,  -- with the rider
        rear_overhang_m = 0.355,
        cornering_front_n_rad = 3000,
        cornering_rear_n_rad = 3000,
        steer_max_rad = 0.6,
        steer_rate_max_rad_s = 1.5,
        accel_max_m_s2 = 1.0,
        brake_max_m_s2 = 4.0,  -- before it tips over its front wheel (Wilson 2004: about 0.5 g)
        power_max_w = 250,
        drag_area_m2 = 0.55,
        roll_resistance = 0.006,
        friction = 0.8,
        roll_gain_rad_s2_m = 0.0005,
        pitch_gain_rad_s2_m = 0.0005,
        rider_height_m = 1.75,
    },
    body = {
        kind = "bicycle",
    },
}
