-- yard.lua: a glTF scene on its own, seen by one camera that stands still.
--
-- Shows what images do to surfaces: paving and bricks with relief, a ball partly metal, a lattice and
-- leaves that are cut out, a lit sign, a pane, a veil. Look at still/000000.png. Any other file:
--
--   blacktop run scenarios/yard.lua --out out/yard --frames 0
--   blacktop run scenarios/yard.lua --out out/mine --frames 0 --set file=FILE.glb --set z_m=3

return {
    title = "yard",
    duration_s = 0.2,

    -- the scene's axes: x to the right, y away (glTF's -z), z up
    scene = scene.gltf(setting("file", "scenes/yard.glb")),

    weather = {
        sun_azimuth_deg = setting("sun_azimuth_deg", 245.0),
        sun_elevation_deg = setting("sun_elevation_deg", 38.0),
    },

    cameras = {
        still = {
            sheet = "cameras/front_1mp.lua",
            pose = {
                x_m = setting("x_m", 0.0),
                y_m = setting("y_m", -6.0),
                z_m = setting("z_m", 1.5),
                yaw_deg = setting("yaw_deg", 90.0),
                pitch_deg = setting("pitch_deg", 5.0),
            },
            rate_hz = 10,
        },
    },

    render = { samples = 64, width_px = 640, height_px = 400 },
}
