-- articulated_truck.lua: a truck with a trailer turns right at the crossroads, and its rear wheels climb the kerb.
--
-- Shows off-tracking: the tractor takes the turn as tight as it can, the trailer's axle cuts the corner over the
-- sidewalk. The ego waits behind it. Measure: keep clear of the tail, which swings out to the other side; the trailer
-- is two cuboids in the labels.
--
--   blacktop run scenarios/articulated_truck.lua --out out/truck --set speed_m_s=4

local speed = uniform("speed_m_s", 3.0, 5.0)
local tight = uniform("radius_m", 7.5, 10.0)

-- From the lane of road 1 into the outer lane of road 7 by an arc: that lane lies 22.1 m ahead of where the truck
-- begins.
local function arc()
    local places = { speed_m_s = speed }
    for i = 0, 8 do
        local a = i / 8 * math.pi / 2
        places[#places + 1] = { of = "truck", ahead_m = 22.1 - tight * (1 - math.sin(a)), left_m = -tight * (1 - math.cos(a)) }
    end
    places[#places + 1] = { of = "truck", ahead_m = 22.1, left_m = -tight - 45 }
    return places
end

return {
    title = "articulated truck mounts the kerb",
    seed = 1,
    duration_s = setting("seconds", 18.0),
    map = "maps/town.xodr",
    ego = {
        start = { road = "1", s_m = 195, lane = -1 },
        goal = { road = "2", s_m = 30, lane = -1 },
        speed_m_s = 6,
    },
    actors = {
        { name = "truck", vehicle = "vehicles/truck.lua", color = { 0.2, 0.35, 0.6 }, speed_m_s = speed,
          start = { road = "1", s_m = 228, lane = -1, lateral_m = 0.4 },
          events = {
              { name = "turn", act.lamps { right = true }, act.follow(arc()) },
          } },
    },
    traffic = { parked = 4, radius_m = 60 },
    cameras = { front = {} },
    render = { samples = 32, width_px = 640, height_px = 400 },
}
