-- A forward camera and four fisheyes that see the ground all around the car.
local fisheye = "cameras/fisheye_190.lua"

return {
    front = {
        sheet = "cameras/front_1mp.lua",
        windshield = "windshields/laminated.lua",
        rate_hz = 10,
        mount = { x_m = 1.75, z_m = 1.34, pitch_deg = 1 },
    },
    around_front = {
        sheet = fisheye,
        rate_hz = 10,
        mount = { x_m = 3.72, z_m = 0.65, pitch_deg = 25 },
    },
    around_left = {
        sheet = fisheye,
        rate_hz = 10,
        mount = { x_m = 2.05, y_m = 1.02, z_m = 0.98, yaw_deg = 90, pitch_deg = 45 },
    },
    around_right = {
        sheet = fisheye,
        rate_hz = 10,
        mount = { x_m = 2.05, y_m = -1.02, z_m = 0.98, yaw_deg = -90, pitch_deg = 45 },
    },
    around_rear = {
        sheet = fisheye,
        rate_hz = 10,
        mount = { x_m = -0.98, z_m = 0.95, yaw_deg = 180, pitch_deg = 30 },
    },
}
