// skin.h: a mesh that bends with a body's joints.
//
// Each vertex follows up to four parts by a blend of their motions since rest, as unit dual
// quaternions: Kavan, Collins, Zara, O'Sullivan 2008, "Geometric skinning with approximate dual
// quaternion blending". A limb keeps its girth where it bends, which linear blending pinches.
// Normals turn with the blend, and then as the triangles about their vertex turn further, where
// weights change along the surface.
#ifndef BT_SCENE_SKIN_H
#define BT_SCENE_SKIN_H

#include "engine/scene/world.h"

// Every `step`-th vertex of part `part` of an actor, from the first, in the part's own frame, for one
// pose. With a step above 1 normals turn with the blend alone.
BT_CHECKED bt_status bt_skin_bend(const bt_world *world, uint32_t actor, uint32_t part,
                                  const bt_actor_pose *pose, uint32_t step,
                                  bt_deformed_vertex *vertices);

#endif
