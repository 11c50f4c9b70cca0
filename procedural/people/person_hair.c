// person_hair.c: hair, beards and what covers heads.
//
// Hair is a shell over the scalp, ridged as locks lie, on whose edge and crown single locks lie and from which long
// ones fall. Metres of an adult's head. Lengths and thicknesses are chosen by eye.
#include "procedural/people/person_head.h"

#include "engine/core/memory.h"
#include "engine/core/random.h"

#define SHELL_COLUMNS 64u
#define SHELL_ROWS 14u
#define INSIDE (-0.004) // a shell's other side lies under the skin

enum { DIM_LOCK = 960 };

static double draw(const bt_head *head, uint32_t lock, uint32_t dim)
{
    return bt_random_unit(head->looks, BT_STREAM_PEDESTRIAN, lock, DIM_LOCK + dim);
}

// ---- shells -------------------------------------------------------------------------------------
// A cover of the head above an edge; angles about the head's axis.
typedef struct shell {
    const bt_head *head;
    double (*edge)(const struct shell *, double angle); // height it begins at
    double thick_top, thick_side, thick_edge;
    double ridge; // depth of the grooves between locks
    double lumps; // of curls, of folds
    double ribs;  // of a helmet, with vents between
    double lift;  // raises the edge in front
} shell;

// The smaller angle from straight ahead, 0 to pi.
static double off_front(double angle)
{
    return fabs(remainder(angle, 2.0 * BT_PI));
}

static double through(const double table[][2], size_t count, double at)
{
    for (size_t i = 0; i + 1 < count; i++) {
        if (at > table[i + 1][0]) continue;
        double u = bt_person_ramp(table[i][0], table[i + 1][0], at);
        return table[i][1] + u * (table[i + 1][1] - table[i][1]);
    }
    return table[count - 1][1];
}

// Forehead, temples, sideburns, over the ears, nape.
static double hairline(const shell *s, double angle)
{
    static const double line[][2] = {{0.0, 0.186},  {0.45, 0.185}, {0.80, 0.170}, {1.02, 0.142},
                                     {1.18, 0.108}, {1.34, 0.106}, {1.46, 0.136}, {1.95, 0.136},
                                     {2.15, 0.085}, {2.50, 0.048}, {BT_PI, 0.040}};
    double a = off_front(angle);
    double ragged = 0.0020 * bt_sin(23.0 * angle) + 0.0014 * bt_sin(41.0 * angle + 1.0);
    return through(line, 11, a) +
           s->lift * bt_person_ramp(1.05, 0.55, a) * (1.0 - 0.6 * bt_exp(-16.0 * a * a)) + ragged;
}

// What is left round a bald crown.
static double wreath(const shell *s, double angle)
{
    static const double line[][2] = {{0.0, 0.2229}, {1.00, 0.2229}, {1.18, 0.108},
                                     {1.34, 0.106}, {1.46, 0.136},  {1.95, 0.136},
                                     {2.15, 0.085}, {2.50, 0.048},  {BT_PI, 0.040}};
    (void)s;
    return through(line, 9, off_front(angle));
}

static double cap_edge(const shell *s, double angle)
{
    static const double line[][2] = {{0.0, 0.158}, {1.2, 0.150}, {2.2, 0.118}, {BT_PI, 0.105}};
    return through(line, 4, off_front(angle)) + s->lift;
}

// Round the face and down to the shoulders.
static double veil_edge(const shell *s, double angle)
{
    static const double line[][2] = {{0.0, 0.178},  {0.55, 0.172}, {0.85, 0.135},  {1.02, 0.080},
                                     {1.20, 0.030}, {1.45, 0.000}, {BT_PI, -0.010}};
    (void)s;
    return through(line, 7, off_front(angle));
}

static double ridges(const shell *s, double angle, double v)
{
    const bt_head *h = s->head;
    double p = 6.28 * draw(h, 0, 1), q = 6.28 * draw(h, 0, 2);
    double whirl = angle + 0.5 * v;
    double locks = 0.5 * bt_sin(17.0 * whirl + 2.0 * bt_sin(3.0 * angle + p)) +
                   0.3 * bt_sin(29.0 * whirl + 5.0 * v + q) + 0.2 * bt_sin(8.0 * whirl - 4.0 * v);
    double curls = bt_sin(13.0 * angle + p) * bt_sin(16.0 * v + q) +
                   0.7 * bt_sin(21.0 * angle - 9.0 * v) * bt_sin(25.0 * v + p + angle);
    return (s->ridge * locks + s->lumps * curls) * bt_person_ramp(1.0, 0.75, v);
}

// Between a helmet's ribs are vents.
static double ribs(double angle, double v)
{
    double rib = bt_pow(0.5 + 0.5 * bt_cos(7.0 * angle), 0.35) - 0.75;
    return rib * bt_person_ramp(0.22, 0.40, v) * bt_person_ramp(0.98, 0.80, v);
}

static bt_vec3 shell_point(const shell *s, double angle, double v, bool inside)
{
    double low = s->edge(s, angle), z = low + (BT_HEAD_TALL - low) * bt_sin(0.5 * BT_PI * v);
    if (inside) return bt_head_point(s->head, angle, z, INSIDE);
    double top = bt_person_ramp(0.15, 0.20, z), grown = bt_person_ramp(0.0, 0.22, v);
    double thick = s->thick_side + top * (s->thick_top - s->thick_side);
    double out = s->thick_edge + (thick - s->thick_edge) * grown + s->ribs * ribs(angle, v);
    return bt_head_point(s->head, angle, z, fmax(out + grown * ridges(s, angle, v), 0.0008));
}

// From the crown's underside out to the edge and back over the top: closed.
static void add_shell(bt_mesh_builder *mesh, const shell *s)
{
    enum { INNER = 4 };
    size_t rows = INNER + SHELL_ROWS;
    bt_vec3 *points = bt_alloc(rows * SHELL_COLUMNS, sizeof *points);
    if (!points) {
        mesh->status = bt_fail(BT_ERR_MEMORY, "no memory for hair");
        return;
    }
    for (size_t r = 0; r < rows; r++) {
        bool inside = r < INNER;
        double v = inside ? 0.97 * (1.0 - (double)r / (INNER - 1))
                          : 0.995 * (double)(r - INNER) / (SHELL_ROWS - 1);
        for (size_t c = 0; c < SHELL_COLUMNS; c++)
            points[r * SHELL_COLUMNS + c] =
                shell_point(s, 2.0 * BT_PI * (double)c / SHELL_COLUMNS, v, inside);
    }
    bt_mesh_add_grid(mesh, points, rows, SHELL_COLUMNS,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, BT_PI);
    bt_free(points);
}

// ---- locks --------------------------------------------------------------------------------------
#define LOCK_STEPS 7u

static void add_lock(bt_mesh_builder *mesh, const bt_head *head, const bt_vec3 *path, double radius)
{
    double radii[LOCK_STEPS];
    for (unsigned i = 0; i < LOCK_STEPS; i++) {
        double t = (double)i / (LOCK_STEPS - 1);
        radii[i] = head->scale * radius * (0.30 + 1.4 * t - 1.55 * t * t);
    }
    bt_mesh_add_tube(mesh, path, radii, LOCK_STEPS, 6);
}

// Locks that lie on a shell: from the crown outwards, combed to one side in front.
static void add_lying_locks(bt_mesh_builder *mesh, const shell *s, uint32_t count, double length,
                            double radius)
{
    double comb = draw(s->head, 0, 3) < 0.5 ? -1.0 : 1.0;
    for (uint32_t k = 0; k < count; k++) {
        double a = 2.0 * BT_PI * (k + 0.8 * draw(s->head, k, 4)) / count;
        double v = 0.30 + 0.50 * draw(s->head, k, 5), turn = 0.35 * (draw(s->head, k, 6) - 0.5);
        double front = bt_person_ramp(1.3, 0.4, off_front(a));
        double run = length * (0.7 + 0.6 * draw(s->head, k, 7));
        bt_vec3 path[LOCK_STEPS];
        for (unsigned i = 0; i < LOCK_STEPS; i++) {
            double t = (double)i / (LOCK_STEPS - 1);
            double at = bt_clamp(v - run * t, -0.02, 1.0);
            double angle = a + (turn + 0.55 * comb * front) * t;
            double low = s->edge(s, angle),
                   z = low + (BT_HEAD_TALL - low) * bt_sin(0.5 * BT_PI * at);
            double top = bt_person_ramp(0.15, 0.20, z);
            double thick = s->thick_side + top * (s->thick_top - s->thick_side);
            double out = thick * (0.80 - 0.50 * t * t) + 0.0015 * bt_sin(BT_PI * t);
            path[i] = bt_head_point(s->head, angle, z, fmax(out, 0.0));
        }
        add_lock(mesh, s->head, path, radius * (0.7 + 0.6 * draw(s->head, k, 8)));
    }
}

// Locks that fall from the sides and the back of the head to a height.
static void add_falling_locks(bt_mesh_builder *mesh, const shell *s, uint32_t count, double to_z,
                              double from_angle, double radius)
{
    const bt_head *h = s->head;
    double wave = 0.004 + 0.010 * draw(h, 0, 9) * draw(h, 0, 9);
    for (uint32_t k = 0; k < 2 * count; k++) {
        uint32_t layer = k / count, i_in = k % count;
        double a = from_angle + 2.0 * (BT_PI - from_angle) * (i_in + 0.6 * draw(h, k, 10)) / count;
        double end = to_z + 0.035 * draw(h, k, 11), phase = 6.28 * draw(h, k, 12);
        double side = bt_person_ramp(2.6, 1.4, off_front(a));
        bt_vec3 path[LOCK_STEPS];
        for (unsigned i = 0; i < LOCK_STEPS; i++) {
            double t = (double)i / (LOCK_STEPS - 1), z = 0.165 + (end - 0.165) * t;
            double angle = a + wave * 6.0 * bt_sin(5.0 * t + phase) * t;
            double out = s->thick_side * (0.7 + 0.3 * t) - 0.005 * layer;
            bt_vec3 p = bt_head_point(h, angle, fmax(z, 0.118), out);
            // hair hangs from the widest place, a little inward at the sides
            bt_vec3 at = bt_head_place(h, 0.0, 0.0, z);
            double in = 1.0 - 0.16 * side * bt_person_ramp(0.10, -0.05, z);
            path[i] = bt_vec3_make(p.x, p.y * in, at.z);
            if (z > 0.118) path[i].z = p.z;
        }
        add_lock(mesh, h, path, radius * (0.8 + 0.5 * draw(h, k, 13)));
    }
}

// A tail from where hair is tied behind the head, as one bundle of locks.
static void add_tail(bt_mesh_builder *mesh, const bt_head *h, double length)
{
    for (uint32_t k = 0; k < 9; k++) {
        double turn = 2.0 * BT_PI * k / 9.0, wide = k == 0 ? 0.0 : 0.011;
        double end = length * (0.85 + 0.3 * draw(h, k, 14));
        bt_vec3 path[LOCK_STEPS];
        for (unsigned i = 0; i < LOCK_STEPS; i++) {
            double t = (double)i / (LOCK_STEPS - 1), open = wide * (0.5 + bt_sin(2.6 * t));
            double x = -0.108 - 0.040 * bt_sin(2.2 * t),
                   z = 0.152 + 0.012 * bt_sin(3.0 * t) - end * t * t;
            path[i] = bt_head_place(h, x + open * bt_cos(turn), open * bt_sin(turn), z);
        }
        add_lock(mesh, h, path, 0.011);
    }
}

static void add_bun(bt_mesh_builder *mesh, const bt_head *h, double z)
{
    double k = h->scale;
    for (int i = 0; i < 5; i++) { // strands wound round
        double turn = 2.0 * BT_PI * i / 5.0;
        bt_vec3 at = bt_head_place(h, -0.118 - 0.006 * bt_cos(2.0 * turn), 0.013 * bt_cos(turn),
                                   z + 0.013 * bt_sin(turn));
        bt_mesh_add_ellipsoid(mesh, (bt_pose){at, bt_quat_yaw_pitch_roll(turn, 0.5 * turn, turn)},
                              bt_vec3_make(0.021 * k, 0.024 * k, 0.019 * k), 14);
    }
}

// ---- beards ---------------------------------------------------------------------------------------
// Below the cheeks and round the mouth: a sheet over the jaw, its edges in the skin.
static void add_beard(bt_mesh_builder *mesh, const bt_head *h, double thick)
{
    enum { ROWS = 12, HALF = 17, COLUMNS = 2 * HALF };
    static const double top[][2] = {{0.0, 0.038},  {0.24, 0.040}, {0.34, 0.062}, {0.60, 0.060},
                                    {0.95, 0.078}, {1.20, 0.110}, {1.36, 0.112}};
    bt_vec3 points[ROWS * COLUMNS];
    for (int r = 0; r < ROWS; r++) {
        double u = (double)r / (ROWS - 1);
        for (int c = 0; c < HALF; c++) {
            double angle = -1.36 + 2.72 * c / (HALF - 1), a = fabs(angle);
            double high = through(top, 7, a), low = 0.001 + 0.055 * bt_person_ramp(0.7, 1.36, a);
            double z = low + u * (high - low);
            double edge = bt_sin(BT_PI * bt_clamp(u, 0.02, 0.98)) * bt_person_ramp(1.36, 1.15, a);
            double curls =
                1.0 + 0.25 * bt_sin(31.0 * angle + 9.0 * u) + 0.2 * bt_sin(17.0 * angle - 21.0 * u);
            points[r * COLUMNS + c] =
                bt_head_point(h, angle, z, -0.0008 + thick * bt_pow(fmax(edge, 0.0), 0.6) * curls);
            points[r * COLUMNS + COLUMNS - 1 - c] = bt_head_point(h, angle, z, INSIDE);
        }
    }
    bt_mesh_add_grid(mesh, points, ROWS, COLUMNS,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, 1.5);
    // moustache
    bt_vec3 lip[LOCK_STEPS];
    for (int side = -1; side <= 1; side += 2) {
        for (unsigned i = 0; i < LOCK_STEPS; i++) {
            double t = (double)i / (LOCK_STEPS - 1), y = 0.003 + 0.029 * t;
            lip[i] = bt_head_front(h, side * y, 0.0655 - 0.006 * t - 0.012 * t * t, 0.0008);
        }
        add_lock(mesh, h, lip, 0.0062);
    }
}

// ---- covers ---------------------------------------------------------------------------------------
static void add_cap(bt_mesh_builder *mesh, const bt_head *h, bool knitted)
{
    shell s = {.head = h,
               .edge = cap_edge,
               .thick_top = 0.020,
               .thick_side = 0.012,
               .thick_edge = 0.009,
               .lift = knitted ? -0.004 : 0.006};
    if (knitted) { // with its brim turned up
        s.thick_top = 0.026;
        s.ridge = 0.0008;
        add_shell(mesh, &s);
        bt_vec3 brim[25];
        double radii[25];
        for (int i = 0; i < 25; i++) {
            double a = 2.0 * BT_PI * i / 24.0;
            brim[i] = bt_head_point(h, a, cap_edge(&s, a) + 0.016, 0.010);
            radii[i] = 0.0135 * h->scale;
        }
        bt_mesh_add_tube(mesh, brim, radii, 25, 8);
        return;
    }
    add_shell(mesh, &s);
    enum { ROWS = 6, HALF = 13, COLUMNS = 2 * HALF };
    bt_vec3 points[ROWS * COLUMNS];
    for (int r = 0; r < ROWS; r++) {
        double u = (double)r / (ROWS - 1);
        for (int c = 0; c < HALF; c++) {
            double a = -0.95 + 1.9 * c / (HALF - 1);
            bt_vec3 in = bt_head_point(h, a, cap_edge(&s, a) + 0.003, 0.004);
            double ahead = 0.068 * h->scale * sqrt(fmax(0.0, bt_cos(1.45 * a))) * u;
            double down = h->scale * (0.010 * u * u + 0.16 * u * in.y * in.y / h->scale);
            bt_vec3 at = {in.x + ahead, in.y * (1.0 - 0.05 * u), in.z - down};
            points[r * COLUMNS + c] = at;
            at.z -= 0.0025;
            points[r * COLUMNS + COLUMNS - 1 - c] = at;
        }
    }
    bt_mesh_mark start = bt_mesh_here(mesh);
    bt_mesh_add_grid(mesh, points, ROWS, COLUMNS,
                     BT_GRID_WRAP_COLUMNS | BT_GRID_CAP_FIRST | BT_GRID_CAP_LAST, 1.0);
    bt_mesh_flip(mesh, start);
}

// A cyclist's: a thick shell with vents between its ribs, held by straps under the chin.
static double helmet_edge(const shell *s, double angle)
{
    static const double line[][2] = {
        {0.0, 0.166}, {0.9, 0.160}, {1.6, 0.142}, {2.3, 0.122}, {BT_PI, 0.112}};
    (void)s;
    return through(line, 5, off_front(angle));
}

static void add_helmet(bt_mesh_builder *mesh, const bt_head *h)
{
    shell s = {.head = h,
               .edge = helmet_edge,
               .thick_top = 0.036,
               .thick_side = 0.028,
               .thick_edge = 0.020,
               .ribs = 0.014};
    add_shell(mesh, &s);
    for (int side = -1; side <= 1; side += 2) {
        static const double way[5][3] = {{1.15, 0.155, 0.006},
                                         {1.30, 0.110, 0.004},
                                         {1.30, 0.060, 0.004},
                                         {1.00, 0.020, 0.004},
                                         {0.45, -0.002, 0.002}};
        bt_vec3 path[5];
        double radii[5];
        for (int i = 0; i < 5; i++) {
            path[i] = bt_head_point(h, side * way[i][0], fmax(way[i][1], 0.0), way[i][2]);
            radii[i] = 0.0040 * h->scale;
        }
        bt_mesh_add_tube(mesh, path, radii, 5, 6);
    }
}

// A cloth round head, ears and neck.
static void add_veil(bt_mesh_builder *mesh, const bt_head *h)
{
    shell s = {.head = h,
               .edge = veil_edge,
               .thick_top = 0.012,
               .thick_side = 0.016,
               .thick_edge = 0.007,
               .ridge = 0.0012};
    add_shell(mesh, &s);
    static const bt_limb_section wrap[] = {{-0.105, -0.022, 0.0, 0.092, 0.088, 0.105, 0.0},
                                           {-0.085, -0.022, 0.0, 0.088, 0.082, 0.098, 0.0},
                                           {-0.050, -0.018, 0.0, 0.072, 0.072, 0.078, 0.0},
                                           {-0.015, -0.012, 0.0, 0.068, 0.078, 0.070, 0.0},
                                           {0.012, -0.008, 0.0, 0.060, 0.086, 0.070, 0.0}};
    bt_limb_section scaled[5];
    for (int i = 0; i < 5; i++)
        scaled[i] = (bt_limb_section){h->base_z + wrap[i].z * h->scale,
                                      wrap[i].x * h->scale,
                                      0.0,
                                      wrap[i].front * h->scale,
                                      wrap[i].back * h->scale,
                                      wrap[i].side * h->scale,
                                      0.0};
    bt_limb_add(mesh, scaled, 5, 3, 28);
}

// ---- styles -------------------------------------------------------------------------------------
static void add_style(const bt_person *p, const bt_head *h, bt_mesh_builder *mesh)
{
    shell s = {.head = h,
               .edge = hairline,
               .thick_top = 0.014,
               .thick_side = 0.007,
               .thick_edge = 0.0015,
               .ridge = 0.0022,
               .lift = 0.007 * draw(h, 0, 15)};
    bool soft = h->soft > 0.5;
    switch (p->params->hair) {
    case BT_HAIR_BALD:
        s = (shell){.head = h,
                    .edge = wreath,
                    .thick_top = 0.003,
                    .thick_side = 0.004,
                    .thick_edge = 0.0008,
                    .ridge = 0.0008};
        if (draw(h, 0, 16) < 0.5) add_shell(mesh, &s);
        return;
    case BT_HAIR_CROP:
        s.thick_top = 0.0055;
        s.thick_side = 0.003;
        s.ridge = 0.0007;
        add_shell(mesh, &s);
        return;
    case BT_HAIR_CURLY:
        s.thick_top = soft ? 0.040 : 0.024;
        s.thick_side = soft ? 0.034 : 0.013;
        s.lumps = soft ? 0.0065 : 0.0045;
        add_shell(mesh, &s);
        return;
    case BT_HAIR_TIED:
    case BT_HAIR_BUN:
        s.thick_top = 0.008;
        s.thick_side = 0.0055;
        s.ridge = 0.0014;
        s.lift = 0.0;
        add_shell(mesh, &s);
        if (p->params->hair == BT_HAIR_TIED)
            add_tail(mesh, h, 0.16 + 0.10 * draw(h, 0, 17));
        else
            add_bun(mesh, h, draw(h, 0, 17) < 0.5 ? 0.190 : 0.120);
        return;
    case BT_HAIR_LONG:
    case BT_HAIR_BOB:
        s.thick_top = 0.013;
        s.thick_side = 0.012;
        add_shell(mesh, &s);
        add_lying_locks(mesh, &s, 40, 0.50, 0.0042);
        add_falling_locks(mesh, &s, 26,
                          p->params->hair == BT_HAIR_BOB ? -0.010 : -0.09 - 0.07 * draw(h, 0, 18),
                          1.16, 0.0135);
        return;
    default:
        add_shell(mesh, &s);
        add_lying_locks(mesh, &s, 56, 0.42, 0.0040);
    }
}

void bt_person_add_hair(const bt_person *p, const bt_head *h)
{
    bt_mesh_builder *mesh = bt_body_mesh(p->body, p->head, p->slots.hair);
    if (p->params->beard) add_beard(mesh, h, p->params->beard == BT_BEARD_FULL ? 0.010 : 0.0026);
    bool helmet = p->params->hair == BT_HAIR_HELMET;
    bool capped = helmet || p->params->hair == BT_HAIR_CAP || p->params->hair == BT_HAIR_BEANIE;
    if (capped) {
        shell under = {.head = h,
                       .edge = hairline,
                       .thick_top = 0.004,
                       .thick_side = 0.0045,
                       .thick_edge = 0.001,
                       .ridge = 0.001};
        add_shell(mesh, &under);
        if (h->soft > 0.5) {
            under.thick_side = 0.009;
            add_falling_locks(mesh, &under, 18, -0.09, 1.35, 0.011);
        }
        if (helmet)
            add_helmet(bt_body_mesh(p->body, p->head, p->slots.helmet), h);
        else
            add_cap(bt_body_mesh(p->body, p->head, p->slots.bag), h,
                    p->params->hair == BT_HAIR_BEANIE);
        return;
    }
    if (p->params->hair == BT_HAIR_VEIL)
        add_veil(bt_body_mesh(p->body, p->head, p->slots.bag), h);
    else
        add_style(p, h, mesh);
}
