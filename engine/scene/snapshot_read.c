// snapshot_read.c: where a snapshot's things are at an instant of its interval.
#include "engine/scene/snapshot.h"

#include <string.h>

#include "shaders/shared/motion.h"

float bt_snapshot_u(const bt_snapshot *snapshot, double time_ns)
{
    double open_ns = (double)snapshot->open_ns;
    double u = (time_ns - open_ns) / (double)(snapshot->close_ns - snapshot->open_ns);
    return (float)bt_clamp(u, 0.0, 1.0);
}

static bt_snapshot_key interpolate_keys(const bt_snapshot_key *keys, uint32_t count, float u)
{
    if (count == 1) return keys[0];
    bt_key_place at = bt_key_place_at(count, u);
    return bt_key_between(keys[at.first], keys[at.first + 1], at.v);
}

bt_snapshot_key bt_snapshot_instance_at(const bt_snapshot *snapshot, uint32_t instance, float u)
{
    const bt_snapshot_instance *in = &snapshot->instances[instance];
    return interpolate_keys(snapshot->keys + in->first_key, in->key_count, u);
}

void bt_snapshot_vertex_at(const bt_snapshot *snapshot, uint32_t instance, uint32_t vertex, float u,
                           float pos_mesh[3])
{
    const bt_world *world = snapshot->world;
    uint32_t deformed = snapshot->instances[instance].deformed;
    if (deformed == 0) {
        uint32_t first = world->meshes[world->instances[instance].mesh].first_vertex;
        memcpy(pos_mesh, world->positions + 3 * ((size_t)first + vertex), 3 * sizeof *pos_mesh);
        return;
    }
    const bt_deformed *d = &snapshot->deformed[deformed - 1];
    const bt_deformed_vertex *v = snapshot->deformed_vertices + d->first + vertex;
    bt_deformed_vertex at = v[0];
    if (d->key_count > 1) {
        bt_key_place place = bt_key_place_at(d->key_count, u);
        v += (size_t)place.first * d->vertex_count;
        at = bt_deformed_between(v[0], v[d->vertex_count], place.v);
    }
    memcpy(pos_mesh, at.pos, sizeof at.pos);
}

bt_snapshot_key bt_snapshot_camera_at(const bt_snapshot *snapshot, float u)
{
    return interpolate_keys(snapshot->camera, snapshot->camera_key_count, u);
}

// v + 2 w (q x v) + 2 q x (q x v); sign -1: the inverse rotation.
static void rotate(const float rot[4], float sign, const float v[3], float out[3])
{
    float w = rot[0], x = sign * rot[1], y = sign * rot[2], z = sign * rot[3];
    float t[3] = {2.0f * (y * v[2] - z * v[1]), 2.0f * (z * v[0] - x * v[2]),
                  2.0f * (x * v[1] - y * v[0])};
    float r[3] = {v[0] + w * t[0] + (y * t[2] - z * t[1]), v[1] + w * t[1] + (z * t[0] - x * t[2]),
                  v[2] + w * t[2] + (x * t[1] - y * t[0])};
    for (int k = 0; k < 3; k++)
        out[k] = r[k];
}

void bt_snapshot_key_point(const bt_snapshot_key *key, float scale, const float in[3], float out[3])
{
    float scaled[3] = {in[0] * scale, in[1] * scale, in[2] * scale};
    rotate(key->rot, 1.0f, scaled, out);
    for (int k = 0; k < 3; k++)
        out[k] += key->pos[k];
}

void bt_snapshot_key_point_inverse(const bt_snapshot_key *key, float scale, const float in[3],
                                   float out[3])
{
    float moved[3] = {in[0] - key->pos[0], in[1] - key->pos[1], in[2] - key->pos[2]};
    rotate(key->rot, -1.0f, moved, out);
    for (int k = 0; k < 3; k++)
        out[k] /= scale;
}

void bt_snapshot_key_dir(const bt_snapshot_key *key, const float in[3], float out[3])
{
    rotate(key->rot, 1.0f, in, out);
}
