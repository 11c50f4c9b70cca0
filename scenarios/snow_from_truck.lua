-- snow_from_truck.lua: slabs of snow and ice come off a lorry's roof as it brakes, fly, and break on the motorway before the ego.
--
-- Shows debris that is in the air before it lies on the road (engine/story/fall.c): each slab slides back over the roof,
-- falls as a whole and breaks into its pieces, which are actors with truth of their own. `ice` makes the second slab ice, thin and
-- heavy. Measure: how early the autopilot leaves room, what it does when something is in the air, what it hits.
--
--   blacktop run scenarios/snow_from_truck.lua --out out/snow --set gap_m=55

local speed = uniform("speed_m_s", 20, 24)
local roof = { -11.4, 2.2, 1.25 }         -- of the trailer: rear end, front end, half width, from the tractor's rear axle
local top = 4.02

-- Pieces of one slab, side by side: nx along, ny across.
local function slab(actors, name, thing, at, size, nx, ny, density)
    local piece = { size[1] / nx - 0.01, size[2] / ny - 0.01, size[3] }
    for i = 1, nx do
        for k = 1, ny do
            local x = at[1] + (i - 0.5 - 0.5 * nx) * size[1] / nx
            local y = at[2] + (k - 0.5 - 0.5 * ny) * size[2] / ny
            actors[#actors + 1] = {
                name = name .. " " .. i .. k, kind = "thing", thing = thing, size_m = piece,
                on = { actor = "lorry", at_m = { x, y, top }, roof_m = roof },
                events = { { name = name .. " " .. i .. k .. " comes off", when = when.brakes { of = "lorry", above_m_s2 = 1.0 },
                             act.fall { density_kg_m3 = density, slab_m = size, slab_at_m = { at[1], at[2], top } } } },
            }
        end
    end
end

local actors = {
    { name = "lorry", vehicle = "vehicles/truck.lua", speed_m_s = speed,
      start = { of = "ego", ahead_m = uniform("gap_m", 55, 75) + 16.0 },
      events = { { name = "brakes", when = when.time { after_s = 1.0 },
                   act.brake { rate_m_s2 = uniform("brake_m_s2", 1.5, 2.5), to_m_s = speed - 6 } } } },
}
slab(actors, "snow", "snow", { -10.2, 0.3, top }, { 1.5, 1.2, 0.16 }, 3, 3, 350)
slab(actors, "ice", choice("ice", { "ice", "snow" }), { -8.2, -0.5, top }, { 1.0, 0.8, 0.05 }, 2, 2, 850)

return {
    title = "snow from a lorry's roof",
    seed = 2,
    duration_s = setting("seconds", 10.0),
    map = "maps/motorway.xodr",
    weather = { sun_azimuth_deg = 160, sun_elevation_deg = 16, cloud = 0.3 },
    ego = { start = { road = "1", s_m = 60, lane = -3 }, speed_m_s = speed },
    actors = actors,
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
