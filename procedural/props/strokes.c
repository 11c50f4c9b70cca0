// strokes.c: a stroke font on a grid 4 wide and 6 high, our own.
#include "procedural/props/strokes.h"

#include <math.h>
#include <string.h>

// A glyph is a list of polylines: points are two digits (x 0..4, y 0..6), a space lifts the pen.
typedef struct glyph {
    char character;
    const char *path;
} glyph;

static const glyph glyphs[] = {
    {'0', "100105163645413010"},
    {'1', "042620"},
    {'2', "05163645440040"},
    {'3', "0516364544334241301001 1333"},
    {'4', "3630 360242"},
    {'5', "460603334241301001"},
    {'6', "453616050110304142331302"},
    {'7', "064620"},
    {'8', "130405163645443313 1302011030414233"},
    {'9', "011030414536160504133344"},
    {'A', "002640 1232"},
    {'B', "0006364544330333 3342413000"},
    {'C', "4130100105163645"},
    {'D', "00063645413000"},
    {'E', "40000646 0333"},
    {'F', "000646 0333"},
    {'G', "453616050110304143 2343"},
    {'H', "0006 4046 0343"},
    {'I', "2026"},
    {'J', "4641301001"},
    {'K', "0006 4603 1340"},
    {'L', "060040"},
    {'M', "0006234640"},
    {'N', "00064046"},
    {'O', "100105163645413010"},
    {'P', "0006364544330333"},
    {'Q', "100105163645413010 2240"},
    {'R', "0006364544330333 2340"},
    {'S', "4536160504133342413010 1001"},
    {'T', "0646 2620"},
    {'U', "060110304146"},
    {'V', "062046"},
    {'W', "0610233046"},
    {'X', "0046 0640"},
    {'Y', "062346 2320"},
    {'Z', "06460040"},
};

static const char *find_glyph(char character)
{
    if (character >= 'a' && character <= 'z') character = (char)(character - 'a' + 'A');
    for (size_t i = 0; i < sizeof glyphs / sizeof *glyphs; i++) {
        if (glyphs[i].character == character) return glyphs[i].path;
    }
    return NULL;
}

static const double advance = 5.6; // grid units from letter to letter

double bt_strokes_width(const char *text, double height_m)
{
    size_t count = strlen(text);
    return count > 0 ? ((double)count * advance - 1.6) * height_m / 6.0 : 0.0;
}

// A ribbon from a to b in the y-z plane, a little longer than the stroke so that corners close.
static void add_stroke(bt_mesh_builder *mesh, bt_pose pose, double ay, double az, double by,
                       double bz, double half)
{
    double length = bt_hypot(by - ay, bz - az);
    if (length < 1e-9) return;
    double ty = (by - ay) / length, tz = (bz - az) / length;
    ay -= 0.8 * half * ty, az -= 0.8 * half * tz;
    by += 0.8 * half * ty, bz += 0.8 * half * tz;
    double ny = -tz * half, nz = ty * half;
    const double corners[4][2] = {
        {ay - ny, az - nz}, {by - ny, bz - nz}, {by + ny, bz + nz}, {ay + ny, az + nz}};
    bt_vec3 normal = bt_pose_dir(pose, (bt_vec3){1.0, 0.0, 0.0});
    uint32_t first = (uint32_t)mesh->vertex_count;
    for (int i = 0; i < 4; i++) {
        bt_vec3 p = {0.0, corners[i][0], corners[i][1]};
        bt_mesh_add_vertex(mesh, bt_pose_point(pose, p), normal, p.y, p.z);
    }
    bt_mesh_add_triangle(mesh, first, first + 1, first + 2);
    bt_mesh_add_triangle(mesh, first, first + 2, first + 3);
}

void bt_strokes_add_text(bt_mesh_builder *mesh, bt_pose pose, const char *text, double height_m)
{
    double unit = height_m / 6.0, half = 0.42 * unit;
    double left = -0.5 * bt_strokes_width(text, height_m);
    for (size_t i = 0; text[i]; i++) {
        const char *path = find_glyph(text[i]);
        double y0 = left + (double)i * advance * unit, z0 = -0.5 * height_m;
        int pen = 0;
        double y = 0.0, z = 0.0;
        for (; path && *path; path++) {
            if (*path == ' ' || !path[1] || path[1] == ' ') {
                pen = 0;
                continue;
            }
            double ny = y0 + unit * (path[0] - '0'), nz = z0 + unit * (path[1] - '0');
            if (pen) add_stroke(mesh, pose, y, z, ny, nz, half);
            y = ny, z = nz, pen = 1;
            path++;
        }
    }
}
