# kernels.cmake: compute shaders, compiled when the program is built and put into it as C arrays.

find_program(BT_GLSLC glslc REQUIRED)
find_program(BT_SPIRV_AS spirv-as REQUIRED)
find_program(BT_SPIRV_OPT spirv-opt REQUIRED)

# bt_kernel(target shaders/path.comp): the sources of `target` may say
#     static const uint32_t words[] = {
#     #include "shaders/path.comp.inc"
#     };
function(bt_kernel target source)
    get_filename_component(path ${source} ABSOLUTE BASE_DIR ${PROJECT_SOURCE_DIR})
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/kernels)
    get_filename_component(below ${folder}/${source} DIRECTORY)
    file(MAKE_DIRECTORY ${below})
    set(scripts ${PROJECT_SOURCE_DIR}/.cmake)
    add_custom_command(
        OUTPUT ${folder}/${source}.inc
        COMMAND sh ${scripts}/kernel.sh ${path} ${folder}/${source}.inc ${PROJECT_SOURCE_DIR}
        DEPENDS ${path} ${scripts}/kernel.sh ${scripts}/exact.awk
        DEPFILE ${folder}/${source}.inc.d
        COMMENT "Compiling ${source}"
        VERBATIM)
    target_sources(${target} PRIVATE ${folder}/${source}.inc)
    target_include_directories(${target} PRIVATE ${folder})
endfunction()
