// limb.c: lofts through oval sections.
//
// Sections are joined by Catmull-Rom curves (Catmull and Rom 1974) in every number.
#include "procedural/support/limb.h"

#include "engine/core/memory.h"

static double catmull(double a, double b, double c, double d, double u)
{
    return b +
           0.5 * u * (c - a + u * (2.0 * a - 5.0 * b + 4.0 * c - d + u * (3.0 * (b - c) + d - a)));
}

bt_limb_section bt_limb_between(const bt_limb_section *s, size_t count, size_t i, double u)
{
    const bt_limb_section *a = &s[i > 0 ? i - 1 : 0], *b = &s[i], *c = &s[i + 1],
                          *d = &s[i + 2 < count ? i + 2 : count - 1];
    bt_limb_section r = {
        .z = catmull(a->z, b->z, c->z, d->z, u),
        .x = catmull(a->x, b->x, c->x, d->x, u),
        .y = catmull(a->y, b->y, c->y, d->y, u),
        .front = fmax(1e-4, catmull(a->front, b->front, c->front, d->front, u)),
        .back = fmax(1e-4, catmull(a->back, b->back, c->back, d->back, u)),
        .side = fmax(1e-4, catmull(a->side, b->side, c->side, d->side, u)),
        .square = bt_clamp(catmull(a->square, b->square, c->square, d->square, u), 0.0, 1.0),
    };
    return r;
}

// What a loft is made of but for its sections.
typedef struct loft {
    unsigned between, segments;
    bt_limb_drape drape;
    unsigned hems;
} loft;

// A superellipse of exponent 2 (oval) to 5 (nearly a box).
bt_vec3 bt_limb_point(const bt_limb_section *s, double angle, double out)
{
    double power = 2.0 / (2.0 + 3.0 * s->square), c = bt_cos(angle), w = bt_sin(angle);
    double x = copysign(bt_pow(fabs(c), power), c) * (c > 0.0 ? s->front : s->back);
    double y = copysign(bt_pow(fabs(w), power), w) * s->side;
    double grown = 1.0 + out / fmax(bt_hypot(x, y), 1e-4);
    return bt_vec3_make(s->x + x * grown, s->y + y * grown, s->z);
}

double bt_limb_girth(const bt_limb_section *s)
{
    enum { STEPS = 96 };
    double girth = 0.0;
    for (int k = 0; k < STEPS; k++)
        girth += bt_vec3_distance(bt_limb_point(s, 2.0 * BT_PI * k / STEPS, 0.0),
                                  bt_limb_point(s, 2.0 * BT_PI * (k + 1) / STEPS, 0.0));
    return girth;
}

// Pushed out by `share` of the drape at height z.
static void section_ring(const loft *l, const bt_limb_section *s, double z, double share,
                         bt_vec3 *ring)
{
    for (unsigned k = 0; k < l->segments; k++) {
        double angle = 2.0 * BT_PI * (double)k / l->segments;
        double out = l->drape.out ? share * l->drape.out(l->drape.context, angle, z) : 0.0;
        ring[k] = bt_limb_point(s, angle, out);
    }
}

// Rows of the closed body: half a ball's worth of shrinking rings at both ends.
#define END_STEPS 3

static void all_rows(const loft *l, const bt_limb_section *s, size_t count, bt_vec3 *points)
{
    size_t rows = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        for (unsigned k = 0; k < l->between + (i + 2 == count ? 1 : 0); k++) {
            bt_limb_section r = bt_limb_between(s, count, i, (double)k / l->between);
            section_ring(l, &r, r.z, 1.0, points + rows++ * l->segments);
        }
    }
}

// Rings that close an end: from `edge` shrinking to its centre, bulging by `depth` along z.
static void end_rows(const loft *l, const bt_limb_section *edge, double depth, bool first,
                     bt_vec3 *points)
{
    for (unsigned k = 1; k <= END_STEPS; k++) {
        double angle = 0.5 * BT_PI * (double)k / (END_STEPS + 0.15);
        bt_limb_section r = *edge;
        r.front *= bt_cos(angle);
        r.back *= bt_cos(angle);
        r.side *= bt_cos(angle);
        r.z += depth * bt_sin(angle);
        unsigned row = first ? END_STEPS - k : k - 1;
        section_ring(l, &r, edge->z, bt_cos(angle), points + row * l->segments);
    }
}

// Rings of a hem: round the edge of the cloth, then back inside. `away`: +1 or -1, out of the limb along z.
static void hem_rows(const loft *l, const bt_limb_section *edge, double away, double depth,
                     bool first, bt_vec3 *points)
{
    static const double in_m[END_STEPS] = {0.0008, 0.0042, 0.0060};
    const double out_m[END_STEPS] = {0.0014, 0.0008, -depth};
    for (unsigned k = 0; k < END_STEPS; k++) {
        bt_limb_section r = *edge;
        r.front = fmax(r.front - in_m[k], 0.5 * r.front);
        r.back = fmax(r.back - in_m[k], 0.5 * r.back);
        r.side = fmax(r.side - in_m[k], 0.5 * r.side);
        r.z += away * out_m[k];
        unsigned row = first ? END_STEPS - 1 - k : k;
        section_ring(l, &r, edge->z, 1.0, points + row * l->segments);
    }
}

// How far an end bulges: half a ball, or less where the sections already run together flat.
static double end_depth(const bt_limb_section *before, const bt_limb_section *end)
{
    double radius = fmin(end->side, end->front), shrink = before->side - end->side;
    double flat = shrink > 1e-6 ? 0.55 * fabs(end->z - before->z) / shrink * radius : radius;
    return fmin(0.5 * radius, flat);
}

static void add_limb(bt_mesh_builder *mesh, const bt_limb_section *s, size_t count, const loft *l,
                     bool level)
{
    unsigned segments = l->segments;
    if (mesh->status || count < 2 || l->between < 1 || segments < 6) return;
    size_t inner = (count - 1) * l->between + 1, rows = inner + 2 * END_STEPS;
    bt_vec3 *points = bt_alloc(rows * segments, sizeof *points);
    if (!points) {
        mesh->status = bt_fail(BT_ERR_MEMORY, "no memory for a limb");
        return;
    }
    all_rows(l, s, count, points + END_STEPS * segments);
    const bt_limb_section *last = &s[count - 1];
    double up = last->z > s[0].z ? 1.0 : -1.0;
    double low = end_depth(&s[1], &s[0]), high = end_depth(&s[count - 2], last);
    double depth = fmin(0.015, 0.3 * fabs(last->z - s[0].z));
    bt_vec3 *behind = points + (END_STEPS + inner) * segments;
    if (l->hems & BT_LIMB_HEM_FIRST)
        hem_rows(l, &s[0], -up, depth, true, points);
    else
        end_rows(l, &s[0], -up * low, true, points);
    if (l->hems & BT_LIMB_HEM_LAST)
        hem_rows(l, last, up, depth, false, behind);
    else
        end_rows(l, last, up * high, false, behind);
    for (size_t i = 0; i < rows * segments && level; i++)
        points[i] = bt_vec3_make(points[i].z, points[i].y, points[i].x);
    bt_mesh_mark start = bt_mesh_here(mesh);
    bt_mesh_add_grid(mesh, points, rows, segments,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, BT_PI);
    // level bodies are reflected in x = z; those that go down are inside out
    if ((up < 0.0) != level) bt_mesh_flip(mesh, start);
    bt_free(points);
}

void bt_limb_add(bt_mesh_builder *mesh, const bt_limb_section *sections, size_t count,
                 unsigned between, unsigned segments)
{
    add_limb(mesh, sections, count, &(loft){.between = between, .segments = segments}, false);
}

void bt_limb_add_draped(bt_mesh_builder *mesh, const bt_limb_section *sections, size_t count,
                        unsigned between, unsigned segments, bt_limb_drape drape)
{
    bt_limb_add_hemmed(mesh, sections, count, between, segments, drape, 0);
}

void bt_limb_add_hemmed(bt_mesh_builder *mesh, const bt_limb_section *sections, size_t count,
                        unsigned between, unsigned segments, bt_limb_drape drape, unsigned hems)
{
    add_limb(mesh, sections, count, &(loft){between, segments, drape, hems}, false);
}

void bt_limb_add_level(bt_mesh_builder *mesh, const bt_limb_section *sections, size_t count,
                       unsigned between, unsigned segments)
{
    add_limb(mesh, sections, count, &(loft){.between = between, .segments = segments}, true);
}
