// shadows.rmiss: a shadow ray that met nothing opaque.
#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference_uvec2 : require
#extension GL_EXT_ray_tracing : require

#include "shaders/loads.h"

layout(location = 0) rayPayloadInEXT bt_shadow_load load;

void main()
{
    load.met = 0u;
}
