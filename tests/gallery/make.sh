#!/bin/sh
# make.sh: renders one street in every light and writes a page of it.
#
#   tests/gallery/make.sh OUT [SIZE] [SAMPLES]      640x400 and 64 unless told
#
# Samples go where the sensor sees their noise (--by-need, from 24 on). OUT/index.html shows each picture with the
# command that made it, and beside them the photographs of ../shared/data/photos where they are. A picture that is
# there already is not made again.
set -eu
cd "$(dirname "$0")/../.."
out=${1:?usage: tests/gallery/make.sh OUT [SIZE] [SAMPLES]}
size=${2:-640x400}
samples=${3:-64}
blacktop=build/release/blacktop
mkdir -p "$out"
page="$out/index.html"

# look NAME "what to see" SCENARIO [options]
look() {
    name=$1 about=$2 scenario=$3
    shift 3
    if [ ! -f "$out/$name.png" ]; then
        echo "gallery: $name"
        "$blacktop" run "scenarios/$scenario.lua" --out "$out/$name" --frames 0:0 --size "$size" \
            --spp "$samples" --by-need --labels none --quiet "$@"
        cp "$out/$name/front/000000.png" "$out/$name.png"
    fi
    printf '<figure><img src="%s.png"><figcaption><b>%s</b>: %s<br><code>blacktop run scenarios/%s.lua --by-need %s</code></figcaption></figure>\n' \
        "$name" "$name" "$about" "$scenario" "$*" >>"$page"
}

photographs() {
    photos=../shared/data/photos
    [ -d "$photos" ] || return 0
    printf '<h2>Photographs</h2>\n' >>"$page"
    for photo in "$photos"/*.jpg; do
        cp "$photo" "$out/"
        printf '<figure><img src="%s"></figure>\n' "$(basename "$photo")" >>"$page"
    done
}

cat >"$page" <<'HTML'
<!doctype html><meta charset="utf-8"><title>Blacktop: gallery</title>
<style>body{font:14px sans-serif;background:#222;color:#ddd}figure{display:inline-block;margin:6px;width:660px;vertical-align:top}
img{width:100%}code{color:#9c9}</style><h1>One street in every light</h1>
HTML

look noon "high sun, clear air" first_drive --set sun_elevation_deg=62 --set sun_azimuth_deg=270
look low_sun "sun 5 degrees up ahead: glare on the road, long shadows" first_drive \
    --set sun_elevation_deg=5 --set sun_azimuth_deg=15
look broken_cloud "half the sky under cloud" first_drive --set cloud=0.5
look overcast "no shadows, no disc" overcast
look dusk "sun 4 degrees down, denoised" dusk --denoise
look night "headlamps, street lamps, those who come the other way; denoised" night_drive --denoise
look fog "what is left at 150 m is a twentieth; denoised" fog --denoise
look fog_at_night "lamps make cones; denoised" night_drive --set fog_range_m=120 --denoise
look rain "8 mm/h under cloud on a wet road" first_drive --set rain_mm_h=8 --set wet=1 \
    --set cloud=1
look snow "1 mm/h of water as flakes" first_drive --set snow_mm_h=1 --set cloud=1
look tunnel_mouth "from the sun into the dark; denoised" tunnel_exit --set s_m=185 --denoise
look tunnel_exit "from the dark into the sun; denoised" tunnel_exit --denoise
photographs
echo "gallery: $page"
