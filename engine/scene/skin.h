// skin.h: a mesh that bends with a body's joints.
//
// Each vertex follows up to four parts by a blend of their motions since rest, as unit dual
// quaternions: Kavan, Collins, Zara, O'Sullivan 2008, "Geometric skinning with approximate dual
// quaternion blending". A limb keeps its girth where it bends, which linear blending pinches.
// Normals turn with the blend; that weights change along the surface is left out.
#ifndef BT_SCENE_SKIN_H
#define BT_SCENE_SKIN_H

#include "engine/scene/world.h"

// Every vertex of part `part` of an actor, in the part's own frame, for one pose.
BT_CHECKED bt_status bt_skin_bend(const bt_world *world, uint32_t actor, uint32_t part,
                                  const bt_actor_pose *pose, bt_deformed_vertex *vertices);

// The most that any joint of the actor turns between two poses, relative to the actor: the turns
// along its chain add up.
double bt_skin_turn_rad(const bt_world *world, uint32_t actor, const bt_actor_pose *a,
                        const bt_actor_pose *b);

// The greatest distance of a vertex from a joint that it follows, all at rest. `positions` and
// `skin` are of part `part` of a model.
float bt_skin_reach_m(const bt_world_part *parts, uint32_t part_count, uint32_t part,
                      const float *positions, const bt_skin_vertex *skin, uint32_t vertex_count);

#endif
