// snapshot.h: what a renderer needs of one frame: where everything is from the first row's opening
// to the last row's closing, camera-relative in float.
//
// A bt_pose_history remembers the actors at the last ticks of the simulation; a snapshot is cut
// from it for one interval. Motion is a polyline of keys, evenly spaced over the interval,
// positions linear and rotations slerped between them, dense enough that no key-to-key turn exceeds
// 20 degrees. What deforms has keys of its own: its vertices in the part's frame, linear between,
// dense enough that straight steps stay within 0.5 mm of the true path (or 32 steps of them).
// Normalised time u in [0, 1] runs over the interval.
//
// Ownership: the caller's. Threads: a finished snapshot is constant and may be shared.
#ifndef BT_SCENE_SNAPSHOT_H
#define BT_SCENE_SNAPSHOT_H

#include "engine/core/time.h"
#include "engine/scene/world.h"

// ---- history ----------------------------------------------------------------------------------
typedef struct bt_pose_history bt_pose_history;

// Keeps the last `ticks` ticks of all actors of the world.
BT_CHECKED bt_status bt_pose_history_create(const bt_world *world, uint32_t ticks,
                                            bt_pose_history **history);
void bt_pose_history_destroy(bt_pose_history *history); // NULL is fine
// Adds a tick (times ascend); forgets the oldest when full. `poses` has one per actor.
BT_CHECKED bt_status bt_pose_history_push(bt_pose_history *history, bt_time_ns time_ns,
                                          const bt_actor_pose *poses);
bt_time_ns bt_pose_history_oldest_ns(const bt_pose_history *history);
bt_time_ns bt_pose_history_newest_ns(const bt_pose_history *history);
// An actor between ticks: poses interpolated, channels linear, lamps of the earlier tick. Fails
// outside [oldest, newest].
BT_CHECKED bt_status bt_pose_history_at(const bt_pose_history *history, bt_time_ns time_ns,
                                        uint32_t actor, bt_actor_pose *pose);

// ---- snapshot ---------------------------------------------------------------------------------
// bt_snapshot_key, where something is at one moment: shaders/shared/types.h
typedef struct bt_snapshot_instance {
    uint32_t first_key;
    uint32_t key_count; // 1: stands still
    float scale;
    float emission;    // 0 or 1: are its lamps lit at any time
    float lamp_switch; // 0: all the time; s above 0: from u = s on; below 0: until u = -s. Only the
                       // first switching within the interval is seen
    uint32_t deformed; // 0: it keeps its shape; n: the snapshot's bt_deformed n - 1
} bt_snapshot_instance;

// Something small that falls: drawn, but no part of the world: no label sees it.
typedef struct bt_snapshot_particle {
    uint32_t mesh; // of the world
    uint32_t hash; // another one for each
} bt_snapshot_particle;

typedef struct bt_snapshot {
    const bt_world *world;
    bt_vec3 origin_world_m; // the camera's position in the middle of the interval
    bt_time_ns open_ns, close_ns;
    bt_snapshot_instance *instances; // (world->instance_count, then particle_count)
    bt_snapshot_key *keys;
    uint32_t key_count;
    bt_snapshot_particle *particles; // (particle_count)
    uint32_t particle_count;
    bt_deformed *deformed; // (deformed_count); bt_deformed: shaders/shared/types.h
    uint32_t deformed_count;
    bt_deformed_vertex *deformed_vertices; // (deformed_vertex_count)
    uint32_t deformed_vertex_count;
    bt_snapshot_key *camera; // (camera_key_count) snapshot_from_cam
    uint32_t camera_key_count;
    uint32_t camera_actor; // that carries it
} bt_snapshot;

typedef struct bt_snapshot_desc {
    bt_time_ns open_ns, close_ns; // open < close, within the history
    uint32_t camera_actor;        // the actor that carries the camera
    bt_pose actor_from_cam;
    // Pixels per radian where the camera sees sharpest: what bends farther away than 5 m may then be off its course
    // between two keys by 0.1 px. 0: by what that is at 5 m and 1000, wherever it is.
    double px_per_rad;
} bt_snapshot_desc;

BT_CHECKED bt_status bt_snapshot_create(const bt_world *world, const bt_pose_history *history,
                                        const bt_snapshot_desc *desc, bt_snapshot **snapshot);
void bt_snapshot_destroy(bt_snapshot *snapshot); // NULL is fine

// Adds particles, each with key_count keys relative to the snapshot's origin: `instances` as in a
// snapshot, first_key counting from `keys`. Before the snapshot is shared.
BT_CHECKED bt_status bt_snapshot_add_particles(bt_snapshot *snapshot,
                                               const bt_snapshot_particle *particles,
                                               const bt_snapshot_instance *instances,
                                               uint32_t count, const bt_snapshot_key *keys,
                                               uint32_t key_count);

// Normalised time of an instant, clamped to [0, 1].
float bt_snapshot_u(const bt_snapshot *snapshot, double time_ns);
// snapshot_from_mesh of an instance at u (scale not included).
bt_snapshot_key bt_snapshot_instance_at(const bt_snapshot *snapshot, uint32_t instance, float u);
// A vertex of an instance's mesh (counted from its first) at u, in the mesh's frame.
void bt_snapshot_vertex_at(const bt_snapshot *snapshot, uint32_t instance, uint32_t vertex, float u,
                           float pos_mesh[3]);
// snapshot_from_cam at u.
bt_snapshot_key bt_snapshot_camera_at(const bt_snapshot *snapshot, float u);
void bt_snapshot_key_point(const bt_snapshot_key *key, float scale, const float in[3],
                           float out[3]);
void bt_snapshot_key_point_inverse(const bt_snapshot_key *key, float scale, const float in[3],
                                   float out[3]);
void bt_snapshot_key_dir(const bt_snapshot_key *key, const float in[3], float out[3]);

#endif
