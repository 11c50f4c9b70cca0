// rays.rchit: what a ray met first.
#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference_uvec2 : require
#extension GL_EXT_ray_tracing : require

#include "shaders/loads.h"

layout(location = 0) rayPayloadInEXT bt_ray_load load;
hitAttributeEXT vec2 bary; // weights of the second and third corner

void main()
{
    bt_path_arguments a = bt_path_arguments(bt_push.arguments);
    uint placed = gl_InstanceCustomIndexEXT;
    load.distance = gl_HitTEXT;
    load.bary_u = bary[0];
    load.bary_v = bary[1];
    load.placed = placed;
    load.triangle = bt_still_triangle(a, placed, gl_GeometryIndexEXT, gl_PrimitiveID);
}
