# rooms.cmake: how a room, a program and a test are declared, and the flags they share.

add_library(bt_options INTERFACE)
add_library(bt::options ALIAS bt_options)
target_compile_features(bt_options INTERFACE c_std_17)
target_include_directories(bt_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(bt_options INTERFACE _POSIX_C_SOURCE=200809L _DEFAULT_SOURCE)
# -ffp-contract=off and no fast-math: the same bits on every machine (shared shading code).
target_compile_options(bt_options INTERFACE
    -ffp-contract=off -fno-math-errno
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion -Wmissing-prototypes
    -Wstrict-prototypes -Wvla)
# Shading is long chains of small structs: no trap is ever looked at, so that floor, min and max are
# single instructions, and structs are copied by the 16 bytes in which their vectors were written, for
# wider loads would wait until the stores are done. Neither changes a bit of a result.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)
check_c_compiler_flag("-mmove-max=128 -mstore-max=128" BT_HAS_MOVE_MAX)
add_library(bt_shading_options INTERFACE)
target_compile_options(bt_shading_options INTERFACE -fno-trapping-math
    $<$<BOOL:${BT_HAS_MOVE_MAX}>:-mmove-max=128 -mstore-max=128>)
# Where two products and sums are packed side by side gcc 12 joins them to one rounding (vfmaddsub), contraction off
# or not, if the machine can. What moves would then move by the machine's bits: those rooms do without the packing.
add_library(bt_exact_options INTERFACE)
target_compile_options(bt_exact_options INTERFACE -fno-tree-slp-vectorize)
if(BT_WERROR)
    target_compile_options(bt_options INTERFACE -Werror)
endif()
if(BT_NATIVE)
    target_compile_options(bt_options INTERFACE -march=native)
endif()
if(BT_SANITIZE)
    set(bt_sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all
        -fno-omit-frame-pointer)
    target_compile_options(bt_options INTERFACE ${bt_sanitizers})
    target_link_options(bt_options INTERFACE ${bt_sanitizers})
endif()
target_link_libraries(bt_options INTERFACE m)
# Symbols are bound at start: lazy binding enters the dynamic linker with vector registers live, and
# on some virtual machines (glibc 2.41, seen) they come back changed.
target_link_options(bt_options INTERFACE -Wl,-z,now)

set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_FLAGS_RELEASE "-O3")
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()

# bt_room(core SOURCES a.c b.c LINK bt::math PkgConfig::PNG): target bt_core, alias bt::core.
function(bt_room name)
    cmake_parse_arguments(PARSE_ARGV 1 room "" "" "SOURCES;LINK")
    if(room_SOURCES)
        add_library(bt_${name} STATIC ${room_SOURCES})
        target_link_libraries(bt_${name} PUBLIC bt::options ${room_LINK})
        set_target_properties(bt_${name} PROPERTIES C_STANDARD 17 C_STANDARD_REQUIRED ON)
    else()
        add_library(bt_${name} INTERFACE)
        target_link_libraries(bt_${name} INTERFACE bt::options ${room_LINK})
    endif()
    add_library(bt::${name} ALIAS bt_${name})
endfunction()

# A test's own lines mostly ask and compare: they are compiled in a hurry, not to be fast, and linked so where gold is
# there. A test that does the work in its own lines, or compares shared shading as it ships, is HOT: as rooms are.
set(bt_test_level $<$<NOT:$<CONFIG:Debug>>:$<IF:$<BOOL:${BT_SANITIZE}>,-O0,-O1>>)
check_linker_flag(C -fuse-ld=gold BT_HAS_GOLD)
set(bt_test_linker $<$<BOOL:${BT_HAS_GOLD}>:-fuse-ld=gold>)

# bt_test(arena_test.c LINK bt::core) in tests/engine/core: program and test engine.core.arena_test
# (the program's target is test.engine.core.arena_test). It runs in the source folder. Exit code 77
# means skipped.
function(bt_test source)
    cmake_parse_arguments(PARSE_ARGV 1 test "HOT" "TIMEOUT" "LINK;ARGS;LABELS")
    file(RELATIVE_PATH name ${PROJECT_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR}/${source})
    string(REPLACE "/" "." name ${name})
    string(REGEX REPLACE "\\.c$" "" name ${name})
    add_executable(test.${name} ${source})
    target_link_libraries(test.${name} PRIVATE bt::options ${test_LINK})
    target_link_options(test.${name} PRIVATE ${bt_test_linker})
    if(NOT test_HOT)
        target_compile_options(test.${name} PRIVATE ${bt_test_level})
    endif()
    set_target_properties(test.${name} PROPERTIES C_STANDARD 17 C_STANDARD_REQUIRED ON)
    add_test(NAME ${name} COMMAND test.${name} ${test_ARGS}
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    if(NOT test_TIMEOUT)
        set(test_TIMEOUT 120)
    endif()
    if(BT_SANITIZE) # which takes several times as long
        math(EXPR test_TIMEOUT "3 * ${test_TIMEOUT}")
    endif()
    set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT ${test_TIMEOUT})
endfunction()
