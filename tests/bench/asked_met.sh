#!/bin/sh
# asked_met.sh: is all light that is asked for there, in every light of the gallery and far from a map's origin?
#
#   tests/bench/asked_met.sh [SAMPLES [MET_SAMPLES [RENDERS]]]      64, 512, 12: half an hour on two threads
#
# bench.asked_met for each, with a sun of 5 degrees radius, so that it is met often enough. Exit code 1: one of them
# differs by 4 errors or more. Maps of ../shared/data/opendrive are left out where they are not.
set -eu
cd "$(dirname "$0")/../.."
samples=${1:-64}
met_samples=${2:-512}
renders=${3:-12}
maps=../shared/data/opendrive
failed=0

# look NAME SCENARIO [NAME=VALUE...]
look() {
    name=$1 scenario=$2
    shift 2
    echo "$name:"
    build/release/tests/bench/bench.asked_met "scenarios/$scenario.lua" "$samples" "$met_samples" \
        "$renders" 96x60 "$@" || failed=$((failed + 1))
}

look noon first_drive sun_elevation_deg=62 sun_radius_deg=5
look low_sun first_drive sun_elevation_deg=6 sun_azimuth_deg=15 sun_radius_deg=5
look broken_cloud first_drive cloud=0.5 sun_radius_deg=5
look overcast overcast
look dusk dusk
look night night_drive
look moon first_drive sun_elevation_deg=-30 moon_elevation_deg=40
look fog fog sun_radius_deg=5
look fog_at_night night_drive fog_range_m=120
look rain first_drive rain_mm_h=8 wet=1 cloud=1
look snow first_drive snow_mm_h=1 cloud=1
look tunnel_mouth tunnel_exit s_m=185 sun_radius_deg=5
look tunnel_exit tunnel_exit sun_radius_deg=5
look tunnel_at_night tunnel_exit sun_elevation_deg=-30
look far_off endless_road x_m=40000 y_m=40000 kind=mixed sun_radius_deg=5
look far_off_at_night endless_road x_m=40000 y_m=40000 kind=mixed sun_elevation_deg=-30
if [ -d "$maps" ]; then
    look jolengatan_at_night first_drive "map=$maps/esmini/jolengatan.xodr" sun_elevation_deg=-30
    look town_at_night first_drive "map=$maps/carla/Town03.xodr" sun_elevation_deg=-30
    look town first_drive "map=$maps/carla/Town03.xodr" sun_radius_deg=5
else
    echo "no $maps: maps left out"
fi
echo "$failed failed"
[ "$failed" -eq 0 ]
