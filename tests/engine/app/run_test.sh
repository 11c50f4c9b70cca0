#!/bin/sh
# run_test.sh: the program as a user meets it: bad input, repeatability, killed runs, full disks.
#
# usage: run_test.sh BLACKTOP GROUP [SIZE], from the project's root. SIZE: of frames long enough to be killed in.
set -u
blacktop=$1
group=$2
long="--size ${3:-160x100} --spp 8"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
tiny=tests/support/tiny.lua

ok() {
    passed=$((passed + 1))
}

bad() {
    failed=$((failed + 1))
    echo "failed: $*" >&2
}

# refuse CODE PART ARGUMENTS...: must exit with CODE and say PART in one line.
refuse() {
    code=$1
    part=$2
    shift 2
    timeout 300 "$blacktop" "$@" >"$work/stdout" 2>"$work/stderr"
    got=$?
    grep '^blacktop: ' "$work/stderr" >"$work/line"
    if [ "$got" -ne "$code" ]; then
        bad "exit $got, expected $code: $*"
        cat "$work/stderr" >&2
    elif [ "$(wc -l <"$work/line")" -ne 1 ] || ! grep -qF -e "$part" "$work/line"; then
        bad "no line with '$part': $*"
        cat "$work/stderr" >&2
    else
        ok
    fi
}

# run OUT ARGUMENTS...: must exit with 0.
run() {
    out=$1
    shift
    if timeout 600 "$blacktop" run "$tiny" --out "$out" --quiet "$@" 2>"$work/stderr"; then
        ok
    else
        bad "run --out $out $*"
        cat "$work/stderr" >&2
    fi
}

same() {
    if diff -r "$1" "$2" >"$work/diff" 2>&1; then ok; else
        bad "$1 and $2 differ"
        head -5 "$work/diff" >&2
    fi
}

lua() { # NAME TEXT: a scenario of that text
    printf '%s\n' "$2" >"$work/$1"
}

test_command_line() {
    "$blacktop" --help | grep -q 'blacktop COMMAND' && ok || bad "--help"
    "$blacktop" run --help | grep -q -- '--frames' && ok || bad "run --help"
    "$blacktop" road --help | grep -q -- '--step' && ok || bad "road --help"
    "$blacktop" check --help | grep -q 'check DIR' && ok || bad "check --help"
    "$blacktop" --version | grep -q 'blacktop [0-9]' && ok || bad "--version"
    refuse 2 "no command 'fly'" fly
    refuse 2 "--out" run "$tiny"
    refuse 2 "expected one scenario" run --out "$work/x"
    refuse 2 "unknown option --fast" run "$tiny" --out "$work/x" --fast
    refuse 2 "needs a value" run "$tiny" --out
    refuse 2 "from 1 to 65536" run "$tiny" --out "$work/x" --spp 0
    refuse 2 "from 1 to 65536" run "$tiny" --out "$work/x" --spp many
    refuse 2 "a number from 0 to 1" run "$tiny" --out "$work/x" --sensor-share 2
    refuse 2 "a number from 0 to 1" run "$tiny" --out "$work/x" --sensor-share some
    refuse 2 "WIDTHxHEIGHT" run "$tiny" --out "$work/x" --size 64
    refuse 2 "comes after" run "$tiny" --out "$work/x" --frames 3:1
    refuse 2 "frames from 900000 on: the run has" run "$tiny" --out "$work/late" --frames 900000:
    refuse 2 "depth" run "$tiny" --out "$work/x" --labels depth,colour
    refuse 2 "on or off" run "$tiny" --out "$work/x" --images maybe
    refuse 2 "expected cpu, vulkan or vulkan-rt" run "$tiny" --out "$work/x" --backend cuda
    VK_DRIVER_FILES=/nowhere.json VK_ICD_FILENAMES=/nowhere.json
    export VK_DRIVER_FILES VK_ICD_FILENAMES
    refuse 2 "driver" run "$tiny" --out "$work/x" --backend vulkan
    unset VK_DRIVER_FILES VK_ICD_FILENAMES
    refuse 2 "from 1 to 1024" run "$tiny" --out "$work/x" --threads 0
    refuse 2 "KEY=VALUE" run "$tiny" --out "$work/x" --set map
    refuse 2 "no such setting; it takes windshield, seconds, map" run "$tiny" --out "$work/x" --set mpa=1
    refuse 2 "expected a number" run "$tiny" --out "$work/x" --set seconds=long
    refuse 2 "no camera 'rear'" run "$tiny" --out "$work/x" --cameras rear
    refuse 2 "expected one folder" check
    refuse 2 "clip.json" check "$work"
}

test_scenarios() {
    refuse 2 "absent.lua" run "$work/absent.lua" --out "$work/x"
    lua syntax.lua 'return { title = '
    refuse 2 "syntax.lua:" run "$work/syntax.lua" --out "$work/x"
    lua raise.lua 'local t = nil
return t.x'
    refuse 2 "raise.lua:2:" run "$work/raise.lua" --out "$work/x"
    grep -q traceback "$work/stderr" && ok || bad "no traceback"
    lua number.lua 'return 5'
    refuse 2 "expected a table" run "$work/number.lua" --out "$work/x"
    lua key.lua 'return { ego = {}, cameras = { a = {} }, colour = 1 }'
    refuse 2 "colour: unknown key" run "$work/key.lua" --out "$work/x"
    lua value.lua 'return { ego = { speed_m_s = -3 }, cameras = { a = {} } }'
    refuse 2 "ego.speed_m_s: expected a number from 0 to 80, got -3" run "$work/value.lua" \
        --out "$work/x"
    lua rain.lua 'return { ego = {}, cameras = { a = {} }, weather = { rain_mm_h = 400 } }'
    refuse 2 "weather.rain_mm_h: expected a number from 0 to 150, got 400" run "$work/rain.lua" \
        --out "$work/x"
    lua denoise.lua 'return { ego = {}, cameras = { a = {} }, render = { denoise = "yes" } }'
    refuse 2 "render.denoise" run "$work/denoise.lua" --out "$work/x"
    lua backend.lua 'return { ego = {}, cameras = { a = {} }, render = { backend = "gpu" } }'
    refuse 2 "render.backend" run "$work/backend.lua" --out "$work/x"
    lua share.lua 'return { ego = {}, cameras = { a = {} }, render = { sensor_share = 2 } }'
    refuse 2 "render.sensor_share: expected a number from 0 to 1" run "$work/share.lua" \
        --out "$work/x"
    lua loop.lua 'while true do end'
    refuse 2 "endless loop" run "$work/loop.lua" --out "$work/x"
    lua eat.lua 'local t = {} while true do t[#t + 1] = ("x"):rep(1000000) .. #t end'
    refuse 2 "memory" run "$work/eat.lua" --out "$work/x"
    lua escape.lua 'return io.open("/etc/passwd")'
    refuse 2 "escape.lua:1:" run "$work/escape.lua" --out "$work/x"
    printf '\033Lua\n' >"$work/bytecode.lua"
    refuse 2 "bytecode.lua" run "$work/bytecode.lua" --out "$work/x"
    lua place.lua 'return { map = "tests/support/straight.xodr", cameras = { a = {} },
        ego = { start = { road = "77", s_m = 1, lane = -1 } } }'
    refuse 2 "77" run "$work/place.lua" --out "$work/x"
}

test_files() {
    refuse 2 "nowhere.xodr" run "$tiny" --out "$work/x" --set map=nowhere.xodr
    echo '<OpenDRIVE><road' >"$work/broken.xodr"
    refuse 2 "broken.xodr:1:" run "$tiny" --out "$work/x" --set map="$work/broken.xodr"
    echo '<OpenDRIVE></OpenDRIVE>' >"$work/empty.xodr"
    refuse 2 "empty.xodr" run "$tiny" --out "$work/x" --set map="$work/empty.xodr"
    refuse 2 "nosheet.lua" run "$tiny" --out "$work/x" --set sheet=nosheet.lua
    lua sheet.lua 'return { name = "s", array = { width_px = "wide" } }'
    refuse 2 "array.width_px" run "$tiny" --out "$work/x" --set sheet="$work/sheet.lua"
    refuse 2 "nopilot.lua" run "$tiny" --out "$work/x" --autopilot nopilot.lua
    echo plain >"$work/plain"
    refuse 2 "--out" run "$tiny" --out "$work/plain/clip"
    # a limit on file sizes is what a full disk looks like to a writer
    (ulimit -f 1 && refuse 75 "cannot write" run "$tiny" --out "$work/full" --size 256x160 && [ "$failed" -eq 0 ]) \
        && ok || bad "full disk"
    [ ! -e "$work/full/clip.json" ] && ok || bad "clip.json on a full disk"
}

# Scenes of glTF: alone, in the world, and what is refused of them.
test_scenes() {
    small="--size 64x40 --spp 2 --quiet"
    for threads in 1 2; do
        timeout 300 "$blacktop" run scenarios/yard.lua --out "$work/yard$threads" --frames 0 \
            --threads $threads $small 2>"$work/stderr" && ok || bad "yard: $(cat "$work/stderr")"
    done
    same "$work/yard1" "$work/yard2"
    grep -q 'yard.glb ' "$work/yard1/clip.json" && ok || bad "the scene is not recorded"
    "$blacktop" check "$work/yard1" >"$work/stdout" 2>&1 && ok || bad "check: $(head "$work/stdout")"
    sed 's/^}$/    scenery = { scene.gltf { "scenes\/yard.glb", x_m = 60, y_m = -1, heading_deg = 90, scale = 0.5 } },\n}/' \
        "$tiny" >"$work/scenery.lua"
    for scenario in "$tiny" "$work/scenery.lua"; do
        timeout 300 "$blacktop" run "$scenario" --out "$work/$(basename "$scenario" .lua)" --frames 0 \
            $small 2>"$work/stderr" && ok || bad "$scenario: $(cat "$work/stderr")"
    done
    "$blacktop" check "$work/scenery" >"$work/stdout" 2>&1 && ok || bad "check of scenery"
    cmp -s "$work/tiny/front/000000.depth.exr" "$work/scenery/front/000000.depth.exr" &&
        bad "scenery is not seen" || ok
    lua scene.lua 'return { scene = scene.gltf "nowhere.glb", cameras = { a = {} } }'
    refuse 2 "scene.gltf: no file 'nowhere.glb'" run "$work/scene.lua" --out "$work/x"
    lua scene.lua 'return { scene = scene.gltf(5), cameras = { a = {} } }'
    refuse 2 "scene.lua:1:" run "$work/scene.lua" --out "$work/x"
    lua scene.lua 'return { scene = scene.gltf { x_m = 5 }, cameras = { a = {} } }'
    refuse 2 "scene.gltf" run "$work/scene.lua" --out "$work/x"
    lua scene.lua 'return { scene = scene.gltf "scenes/yard.glb", ego = {}, cameras = { a = {} } }'
    refuse 2 "ego: unknown key" run "$work/scene.lua" --out "$work/x"
    lua scene.lua 'return { scene = scene.gltf "scenes/yard.glb", cameras = { a = { mount = { z_m = 1 } } } }'
    refuse 2 "cameras.a.mount: unknown key" run "$work/scene.lua" --out "$work/x"
    echo 'glTF' >"$work/broken.glb"
    lua scene.lua "return { scene = scene.gltf '$work/broken.glb', cameras = { a = {} } }"
    refuse 2 "broken.glb" run "$work/scene.lua" --out "$work/x"
    lua scene.lua 'return { ego = {}, cameras = { a = {} }, scenery = { scene.gltf { "scenes/yard.glb", scale = 0 } } }'
    refuse 2 "scale: expected a number" run "$work/scene.lua" --out "$work/x"
}

# One shipped scenario of each kind of world and light is seen, whatever its verdict. All are played
# without light by stories_test, and seen by tests/bench/every_scenario.sh.
test_shipped() {
    for name in generated_road tunnel_exit yard; do
        scenario=scenarios/$name.lua
        timeout 600 "$blacktop" run "$scenario" --out "$work/$name" --quiet \
            --size 48x30 --spp 1 --frames 0 --labels none 2>"$work/stderr"
        [ $? -le 1 ] && ok || bad "$scenario: $(cat "$work/stderr")"
    done
}

test_repeats() {
    run "$work/a" --threads 1
    run "$work/b" --threads 2
    same "$work/a" "$work/b"
    run "$work/a" --threads 2 # a finished clip of the same run
    same "$work/a" "$work/b"
    run "$work/c" --frames 1:1
    for file in raw.png png depth.exr normal.exr flow.exr instance.png semantic.png; do
        cmp -s "$work/a/front/000001.$file" "$work/c/front/000001.$file" && ok ||
            bad "frame 1 alone: $file differs"
    done
    refuse 2 "" run "$tiny" --out "$work/a" --seed 9
    if "$blacktop" check "$work/a" >"$work/stdout" 2>&1; then ok; else
        bad "check"
        head "$work/stdout" >&2
    fi
    printf 'x' >>"$work/a/truth.jsonl"
    "$blacktop" check "$work/a" >"$work/stdout" 2>&1
    [ $? -eq 1 ] && grep -q truth.jsonl "$work/stdout" && ok || bad "check of a tampered clip"
}

# What falls is drawn, and no label sees it; metered light would choose another shutter.
test_rain() {
    sed 's/auto = true/auto = false/' assets/cameras/front_1mp.lua >"$work/fixed.lua"
    lit="--set sheet=$work/fixed.lua --set lamps=on"
    wet="--set rain_mm_h=80 --set snow_mm_h=2"
    one="--frames 1"
    run "$work/dry" $one $lit
    run "$work/rain" $one $lit $wet --threads 1
    run "$work/rain2" $one $lit $wet --threads 2
    same "$work/rain" "$work/rain2"
    cmp -s "$work/dry/front/000001.raw.png" "$work/rain/front/000001.raw.png" &&
        bad "rain changes nothing" || ok
    for file in truth.jsonl front/000001.depth.exr front/000001.normal.exr front/000001.flow.exr \
        front/000001.instance.png front/000001.semantic.png; do
        cmp -s "$work/dry/$file" "$work/rain/$file" && ok || bad "rain changes $file"
    done
    "$blacktop" check "$work/rain" >"$work/stdout" 2>&1 && ok || bad "check in rain"
}

test_denoise() {
    run "$work/plain"
    run "$work/d" --denoise --threads 1
    run "$work/e" --denoise --threads 2
    same "$work/d" "$work/e"
    cmp -s "$work/plain/front/000001.depth.exr" "$work/d/front/000001.depth.exr" && ok ||
        bad "--denoise changes labels"
    cmp -s "$work/plain/front/000001.raw.png" "$work/d/front/000001.raw.png" &&
        bad "--denoise changes nothing" || ok
    grep -q '"denoiser": *"none"' "$work/plain/clip.json" && grep -q '"denoiser": *"nfor' "$work/d/clip.json" &&
        ok || bad "the denoiser is not recorded"
}

test_share() {
    run "$work/f" --frames 0:1 --spp 48 --sensor-share 0.9 --threads 1
    run "$work/g" --frames 0:1 --spp 48 --sensor-share 0.9 --threads 2
    same "$work/f" "$work/g"
    rm "$work/f/front/000000.samples.exr" # as if killed before it; frame 1 is found
    run "$work/f" --frames 0:1 --spp 48 --sensor-share 0.9
    same "$work/f" "$work/g"
    grep -q '"sensor_share": *0.9' "$work/f/clip.json" && grep -q samples_mean "$work/f/clip.json" &&
        ok || bad "sampling is not recorded"
    "$blacktop" check "$work/f" >"$work/stdout" 2>&1 && ok || bad "check of maps of samples"
}

# A pane and a point spread together; guides through the pane; a denoiser over several exposures.
test_glass() {
    one="--frames 0:0 --labels depth,instance"
    run "$work/clear" $one
    run "$work/glass" $one --set sheet=cameras/front_glass.lua --set windshield=windshields/worn.lua
    run "$work/calm" $one --set sheet=cameras/front_1mp_pupil.lua --set windshield=windshields/worn.lua --denoise
    run "$work/three" $one --set sheet=cameras/ar0231.lua --denoise
    run "$work/three_noisy" $one --set sheet=cameras/ar0231.lua
    for clip in glass calm three; do
        "$blacktop" check "$work/$clip" >"$work/stdout" 2>&1 && ok || bad "check of $clip"
    done
    cmp -s "$work/clear/front/000000.raw.png" "$work/glass/front/000000.raw.png" && bad "no glass" || ok
    cmp -s "$work/three/front/000000.raw.png" "$work/three_noisy/front/000000.raw.png" &&
        bad "several exposures are not denoised" || ok
}

# lamps OUT WANTED UNWANTED ARGUMENTS...: who drives has that lamp lit, and not the other.
lamps() {
    out=$1
    wanted=$2
    unwanted=$3
    shift 3
    run "$out" --images off --labels none --frames 0 "$@"
    grep -q "\"$wanted\"" "$out/truth.jsonl" && ok || bad "no $wanted: $*"
    grep -q "\"$unwanted\"" "$out/truth.jsonl" && bad "$unwanted: $*" || ok
}

test_lamps() {
    lamps "$work/noon" day low_beam
    lamps "$work/rain" low_beam day --set rain_mm_h=5
    lamps "$work/night" low_beam day --set sun_elevation_deg=-12
    lamps "$work/off" day low_beam --set sun_elevation_deg=-12 --set lamps=off
    lamps "$work/on" tail day --set lamps=on
    refuse 2 "lamps: expected" run "$tiny" --out "$work/x" --set lamps=dim
    lua high.lua 'return { map = "tests/support/straight.xodr", cameras = { a = {} }, duration_s = 0.1,
        render = { samples = 1, width_px = 64, height_px = 40 },
        ego = { high_beam = true, headlamps = false, start = { road = "1", s_m = 30, lane = -1 } } }'
    timeout 300 "$blacktop" run "$work/high.lua" --out "$work/high" --quiet --images off --labels none
    grep -q '"high_beam"' "$work/high/truth.jsonl" && ok || bad "no high beam"
}

test_bench() {
    sheet=tests/sensors/bench/mono.lua
    # the words after the sheet and a folder that would do
    no() {
        part=$1
        shift
        refuse 2 "$part" camera bench "$sheet" --out "$work/bench" "$@"
    }
    no "no chart 'nonsense'; there are flat-field" --chart nonsense
    no "--chart is missing"
    refuse 2 "--out is missing" camera bench "$sheet" --chart dark
    refuse 2 "expected one sheet" camera bench --chart dark --out "$work/bench"
    no "expected one sheet" "$sheet" --chart dark
    no "no/such.lua" --chart dark --truth no/such.lua
    refuse 2 "no/such.lua" camera bench no/such.lua --chart dark --out "$work/bench"
    for size in 16 0x16 16x 17x8 16x16x16 99999x16 -16x16 axb; do
        no "--size $size: expected WIDTHxHEIGHT" --chart dark --size "$size"
    done
    no "expected even sizes" --chart dark --size 17x16
    for option in steps samples reads threads; do
        for value in 0 -1 1.5 x 1e3 99999999999999999999; do
            no "--$option $value: expected a whole number" --chart dark "--$option" "$value"
        done
    done
    no "--seed x: expected a whole number" --chart dark --seed x
    no "'--nonsense' is no option" --chart dark --nonsense
    no "'--steps' is no option, or lacks its value" --chart dark --steps
    no "with 1 steps: expected at least 2" --chart dark --steps 1
    [ ! -e "$work/bench" ] && ok || bad "a folder of a refused bench"
}

# Starts a run and gives it a signal when the first raw frame is there.
interrupt() { # SIGNAL OUT
    "$blacktop" run "$tiny" --out "$2" --quiet $long 2>/dev/null &
    pid=$!
    for _ in $(seq 3000); do
        [ -e "$2/front/000000.raw.png" ] && break
        sleep 0.02
    done
    kill "-$1" "$pid"
    wait "$pid" 2>/dev/null
    code=$?
}

test_stories() {
    story=tests/support/story.lua
    osc=tests/engine/openscenario/broad.xosc
    for threads in 1 2; do
        timeout 600 "$blacktop" run $story --out "$work/s$threads" --threads $threads --quiet &&
            ok || bad "a story with $threads threads"
    done
    same "$work/s1" "$work/s2"
    # one of its frames alone: the story is played up to it
    timeout 600 "$blacktop" run $story --out "$work/s3" --frames 4 --quiet && ok || bad "a frame of a story"
    cmp -s "$work/s1/front/000004.raw.png" "$work/s3/front/000004.raw.png" && ok ||
        bad "a frame of a story alone differs"
    "$blacktop" check "$work/s1" >"$work/stdout" && ok || bad "check of a story: $(cat "$work/stdout")"
    grep -q ego_m_s "$work/s1/clip.json" && ok || bad "no parameters in clip.json"
    "$blacktop" scenario play $osc --csv 1 2>/dev/null | grep -q '^5.000,Walker,' && ok ||
        bad "an OpenSCENARIO file"
    "$blacktop" scenario coverage $osc | grep -q ' 0 refused$' && ok || bad "coverage"
    refuse 2 "declares no such parameter" run $osc --out "$work/x" --set Nobody=1
    refuse 2 "breaks its constraints" run $osc --out "$work/x" --set Speed_kph=500
    refuse 2 "unknown option --fast" scenario play $story --fast 1
    refuse 2 "expected an .xosc file" scenario coverage $story
    refuse 2 "ego_m_s=99: expected a number from 8" scenario play $story --set ego_m_s=99
}

# Nobody in any scenario moves as nothing can, and nobody walks or drives into anybody.
test_audit() {
    refuse 2 "--seconds soon: expected a number" audit --seconds soon scenarios/first_drive.lua
    refuse 2 "which scenario" audit --seed 3
    refuse 2 "with --set one scenario, got 2" audit --set a=1 a.lua b.lua
    refuse 2 "absent.lua" audit "$work/absent.lua"
    if timeout 600 "$blacktop" audit --seconds 6 scenarios/*.lua >"$work/stdout" 2>&1; then ok; else
        bad "audit scenarios/*.lua"
        grep -v ' 0 times' "$work/stdout" >&2
    fi
    grep -q ' 0 findings' "$work/stdout" && ok || bad "no tables"
    # a driver does not count on a child that a story leads to be gone before it
    "$blacktop" audit scenarios/child_between_parked.lua >"$work/stdout" 2>&1 && ok || bad "a child was touched"
}

test_killed() {
    run "$work/whole" $long
    interrupt KILL "$work/killed"
    [ ! -e "$work/killed/clip.json" ] && ok || bad "clip.json of a killed run"
    run "$work/killed" $long
    same "$work/whole" "$work/killed"
    interrupt TERM "$work/ended"
    [ "$code" -eq 143 ] && ok || bad "TERM gives $code, expected 143"
    find "$work/ended" -name '*.part*' | grep -q . && bad "half-written files after TERM" || ok
    run "$work/ended" $long
    same "$work/whole" "$work/ended"
}

# A run over the border of a window: two windows, one drive.
test_endless() {
    lua endless.lua 'return { map = road.make { kind = "rural", seed = 7, endless = true, around = { 800, 800 },
        radius = 700 }, duration_s = 0.75, seed = 11, surroundings = { plants = false, density = 0.05 },
        ego = { speed_m_s = 20, start = { road = "10001", s_m = 196, lane = -1 } },
        actors = { { name = "lead", start = { of = "ego", ahead_m = 40 }, speed_m_s = 20, events = {
            { name = "brakes", when = when.travelled { of = "ego", above_m = 6 }, act.brake { rate_m_s2 = 3 } } } } },
        traffic = { cars = 6, radius_m = 700 }, weather = { sun_elevation_deg = 40 },
        cameras = { front = { rate_hz = 10 } },
        render = { samples = 2, max_depth = 2, width_px = 64, height_px = 40 } }'
    tiny="$work/endless.lua"
    run "$work/a" --threads 1
    grep -q '"window": *1' "$work/a/clip.json" && ok || bad "the window has not moved"
    grep -q '"name": *"lead"' "$work/a/truth.jsonl" && ok || bad "who is led is gone"
    cp -r "$work/a" "$work/b" # as if killed before frame 4 was developed
    rm "$work/b/clip.json" "$work/b/front/000004.raw.png" "$work/b/front/000004.png"
    run "$work/b" --threads 2
    same "$work/a" "$work/b"
    run "$work/d" --ahead off # the next window is made when it is needed
    same "$work/a" "$work/d"
    run "$work/c" --frames 5:5
    for file in raw.png png depth.exr normal.exr flow.exr instance.png semantic.png; do
        cmp -s "$work/a/front/000005.$file" "$work/c/front/000005.$file" && ok ||
            bad "frame 5 alone: $file differs"
    done
    "$blacktop" check "$work/a" >"$work/stdout" 2>&1 && ok || bad "check over a border"
    lua goal.lua 'return { map = road.make { endless = true }, cameras = { a = {} },
        ego = { goal = { road = "1", s_m = 9, lane = -1 } } }'
    refuse 2 "endless = true goes with no place as a goal" run "$work/goal.lua" --out "$work/x"
    # the same drive, story and goal from files; files that are not one's own
    story=scenarios/endless_story.lua
    "$blacktop" road make --kind rural --km 60 --seed 7 --out "$work/world/" >"$work/stdout" || bad "road make"
    "$blacktop" scenario play $story --csv 5 >"$work/made" 2>"$work/stderr" && ok || bad "$story"
    "$blacktop" scenario play $story --csv 5 --set folder="$work/world" >"$work/read" 2>"$work/stderr" && ok ||
        bad "$story of a folder: $(cat "$work/stderr")"
    same "$work/made" "$work/read"
    refuse 2 "no world in '$work/a'" scenario play $story --set folder="$work/a"
    printf '<OpenDRIVE><road' >"$work/world/000000.xodr"
    refuse 2 "000000.xodr:1:" scenario play $story --set folder="$work/world"
    echo '{"kind":"moon"}' >"$work/world/index.json"
    refuse 2 "index.json: kind: expected rural" scenario play $story --set folder="$work/world"
}

"test_$group"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
