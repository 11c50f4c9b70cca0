-- Where a number of a sheet comes from: makers of { value = , from = , source = }.
--
--   local guessed = require("sheets.from").guessed
--   f_number = guessed(2.0, "f/1.6 to f/2.0 is usual")
--
-- datasheet   the maker's document; measured   on a specimen; fitted   to pictures or curves;
-- derived     arithmetic on others; guessed    anything else, and shown as a guess.
local function maker(origin)
    return function(value, source) return { value = value, from = origin, source = source } end
end

local from = {}
for _, origin in ipairs { "datasheet", "measured", "fitted", "derived", "guessed" } do
    from[origin] = maker(origin)
end

return from
