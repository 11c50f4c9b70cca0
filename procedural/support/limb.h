// limb.h: soft bodies of people and animals: tubes through oval sections along a curve.
#ifndef BT_PROCEDURAL_LIMB_H
#define BT_PROCEDURAL_LIMB_H

#include "procedural/mesh_shapes.h"

#define BT_LIMB_MAX_SECTIONS 40

// A section: centre, half widths along x (front and back apart) and y. Between sections the
// surface runs along smooth curves.
typedef struct bt_limb_section {
    double z;           // height of the section; sections go up or down, all level
    double x, y;        // centre
    double front, back; // half widths along +x and -x
    double side;        // along +-y
    double square;      // 0 oval .. 1 box with round corners
} bt_limb_section;

// The section between the i-th and the next, u of the way from 0 to 1.
bt_limb_section bt_limb_between(const bt_limb_section *sections, size_t count, size_t i, double u);
// A section's edge at an angle about its centre (0 towards +x, growing towards +y), pushed out by metres.
bt_vec3 bt_limb_point(const bt_limb_section *section, double angle_rad, double out_m);

// A closed body through the sections, `between` steps from one to the next, ends rounded.
void bt_limb_add(bt_mesh_builder *mesh, const bt_limb_section *sections, size_t count,
                 unsigned between, unsigned segments);
// The same, worn: `out` pushes the surface outward by metres, at an angle about the section's centre
// (0 towards +x, growing towards +y) and a height. It repeats every turn.
typedef struct bt_limb_drape {
    double (*out)(const void *context, double angle_rad, double z);
    const void *context;
} bt_limb_drape;
void bt_limb_add_draped(bt_mesh_builder *mesh, const bt_limb_section *sections, size_t count,
                        unsigned between, unsigned segments, bt_limb_drape drape);
// The same with hems instead of round ends: cloth of some millimetres, turned in and closed 15 mm inside (30 % of what is shorter), where limbs
// that come out of it begin.
#define BT_LIMB_HEM_FIRST 1u
#define BT_LIMB_HEM_LAST 2u
void bt_limb_add_hemmed(bt_mesh_builder *mesh, const bt_limb_section *sections, size_t count,
                        unsigned between, unsigned segments, bt_limb_drape drape, unsigned hems);
// Length of the way round a section, pushed out by nothing, metres.
double bt_limb_girth(const bt_limb_section *section);
// As bt_limb_add along x instead of z: `z` of a section is its place along x, `x` its centre's height,
// front is up and back is down.
void bt_limb_add_level(bt_mesh_builder *mesh, const bt_limb_section *sections, size_t count,
                       unsigned between, unsigned segments);

#endif
