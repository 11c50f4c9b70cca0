# kernels.cmake: shaders, compiled when the program is built and put into it as C arrays.

find_program(BT_GLSLC glslc REQUIRED)
find_program(BT_SPIRV_AS spirv-as REQUIRED)
find_program(BT_SPIRV_OPT spirv-opt REQUIRED)

# bt_kernel(target shaders/path.comp [STAGES n]): the sources of `target` may say
#     static const uint32_t words[] = {
#     #include "shaders/path.comp.inc"
#     };
# or, with STAGES, path.comp.0.inc and so on, one for each value of its specialization constant 0.
function(bt_kernel target source)
    cmake_parse_arguments(PARSE_ARGV 2 kernel "" STAGES "")
    get_filename_component(path ${source} ABSOLUTE BASE_DIR ${PROJECT_SOURCE_DIR})
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/kernels)
    get_filename_component(below ${folder}/${source} DIRECTORY)
    file(MAKE_DIRECTORY ${below})
    set(scripts ${PROJECT_SOURCE_DIR}/.cmake)
    # presets build below one folder, and share what a shader became
    set(kept "")
    string(FIND ${CMAKE_BINARY_DIR}/ ${PROJECT_SOURCE_DIR}/build/ at)
    if(at EQUAL 0)
        set(kept ${PROJECT_SOURCE_DIR}/build/kernels/${source})
        get_filename_component(below ${kept} DIRECTORY)
        file(MAKE_DIRECTORY ${below})
    endif()
    set(outputs ${folder}/${source}.inc)
    if(kernel_STAGES)
        set(outputs)
        math(EXPR last "${kernel_STAGES} - 1")
        foreach(stage RANGE ${last})
            list(APPEND outputs ${folder}/${source}.${stage}.inc)
        endforeach()
    endif()
    add_custom_command(
        OUTPUT ${outputs}
        COMMAND sh ${scripts}/kernel.sh ${path} ${folder}/${source} ${PROJECT_SOURCE_DIR} "${kept}"
            ${kernel_STAGES}
        DEPENDS ${path} ${scripts}/kernel.sh ${scripts}/exact.awk
        DEPFILE ${folder}/${source}.d
        COMMENT "Compiling ${source}"
        VERBATIM)
    target_sources(${target} PRIVATE ${outputs})
    target_include_directories(${target} PRIVATE ${folder})
endfunction()
