// building_look.c: walls, roofs, doors and shutters that go together.
#include "procedural/buildings/building_look.h"

#include "procedural/palette.h"

typedef struct tint {
    const char *material;
    double red, green, blue; // sRGB; negative: as the sheet has it
} tint;

// Walls, and the same below a sill, where rain washes dirt down; NULL: nothing shows (brick, boards).
typedef struct wall_look {
    tint face;
    const char *below_sill;
} wall_look;
static const wall_look wall_looks[] = {
    {{"brick_red", -1, 0, 0}, NULL},
    {{"plaster_white", -1, 0, 0}, "plaster_white_sill"},
    {{"plaster_cream", -1, 0, 0}, "plaster_cream_sill"},
    {{"brick_yellow", -1, 0, 0}, NULL},
    {{"plaster", 0.83, 0.81, 0.76}, "plaster_sill"},
    {{"plaster", 0.79, 0.75, 0.68}, "plaster_sill"},
    {{"plaster", 0.72, 0.72, 0.69}, "plaster_sill"},
    {{"plaster", 0.74, 0.69, 0.63}, "plaster_sill"},
    {{"wood_painted_white", -1, 0, 0}, NULL},
    {{"plaster_grey", -1, 0, 0}, "plaster_grey_sill"},
    {{"brick_red", -1, 0, 0}, NULL},
    {{"plaster", 0.70, 0.73, 0.72}, "plaster_sill"},
};
static const tint roof_tints[] = {{"roof_tile_red", -1, 0, 0},
                                  {"roof_tile_grey", -1, 0, 0},
                                  {"roof_tile_red", -1, 0, 0},
                                  {"roof_tile_grey", -1, 0, 0}};
static const tint door_tints[] = {
    {"door_painted", 0.16, 0.24, 0.19}, {"door_painted", 0.13, 0.17, 0.25},
    {"door_painted", 0.32, 0.18, 0.12}, {"door_painted", 0.75, 0.74, 0.70},
    {"door_painted", 0.38, 0.10, 0.09}, {"wood", -1, 0, 0}};
static const tint shutter_tints[] = {{"door_painted", 0.22, 0.30, 0.25},
                                     {"door_painted", 0.35, 0.25, 0.17},
                                     {"door_painted", 0.25, 0.29, 0.34},
                                     {"wood", -1, 0, 0}};
static const tint garage_tints[] = {{"garage_door", -1, 0, 0},
                                    {"garage_door", 0.45, 0.36, 0.27},
                                    {"garage_door", 0.34, 0.35, 0.36}};

static const tint board_tints[] = {
    {"shop_board", 0.14, 0.24, 0.18}, {"shop_board", 0.16, 0.19, 0.30},
    {"shop_board", 0.42, 0.12, 0.11}, {"shop_board", 0.15, 0.15, 0.15},
    {"shop_board", 0.36, 0.30, 0.22}, {"shop_board", 0.20, 0.33, 0.38}};
static const tint spandrel_tints[] = {{"spandrel_glass", -1, 0, 0},
                                      {"tower_stone", -1, 0, 0},
                                      {"spandrel_glass", -1, 0, 0},
                                      {"mullion", -1, 0, 0}};
static const tint podium_tints[] = {{"tower_stone", -1, 0, 0},
                                    {"tower_stone", 0.72, 0.66, 0.56},
                                    {"tower_stone", 0.58, 0.57, 0.55},
                                    {"brick_yellow", -1, 0, 0}};
static const tint sign_tints[] = {{"sign_lit_white", -1, 0, 0}, {"sign_lit_warm", -1, 0, 0}};
static const tint letter_tints[] = {{"shop_board", 0.10, 0.10, 0.11},
                                    {"shop_board", 0.50, 0.09, 0.08},
                                    {"shop_board", 0.10, 0.17, 0.40},
                                    {"shop_board", 0.09, 0.30, 0.16}};
static const tint awning_tints[] = {
    {"awning_sand", -1, 0, 0}, {"awning_red", -1, 0, 0}, {"awning_green", -1, 0, 0}};

#define PICK(list, draw) (&(list)[bt_draw_below((draw), sizeof(list) / sizeof *(list))])

static bt_status find_tint(bt_spec *spec, const tint *t, uint32_t *material)
{
    bt_status status = bt_spec_find_material(spec, t->material, material);
    if (status || t->red < 0.0) return status;
    return bt_spec_tint_material(spec, *material, t->red, t->green, t->blue, material);
}

bt_status bt_building_look(bt_spec *spec, bt_draw *draw, bt_slot *slots, bool *streaks)
{
    static const bt_palette_entry fixed[BT_BUILDING_SLOTS] = {
        [BT_WALL] = {"plaster", BT_CLASS_BUILDING},
        [BT_WALL_SECOND] = {"plaster", BT_CLASS_BUILDING},
        [BT_WALL_THIRD] = {"plaster", BT_CLASS_BUILDING},
        [BT_PLINTH] = {"plinth", BT_CLASS_BUILDING},
        [BT_ROOF] = {"roof_tile_red", BT_CLASS_BUILDING},
        [BT_FRAME] = {"window_frame_white", BT_CLASS_BUILDING},
        [BT_GLASS] = {"window_glass", BT_CLASS_BUILDING},
        [BT_ROOM] = {"window_dark_room", BT_CLASS_BUILDING},
        [BT_ROOM_LIGHT] = {"window_light_room", BT_CLASS_BUILDING},
        [BT_ROOM_LAMP] = {"lamp_room", BT_CLASS_BUILDING},
        [BT_ROOM_LAMP_LATE] = {"lamp_room_late", BT_CLASS_BUILDING},
        [BT_ROOM_LAMP_NIGHT] = {"lamp_room_night", BT_CLASS_BUILDING},
        [BT_CURTAIN] = {"curtain", BT_CLASS_BUILDING},
        [BT_DOOR] = {"door_painted", BT_CLASS_BUILDING},
        [BT_GARAGE] = {"garage_door", BT_CLASS_BUILDING},
        [BT_TRIM] = {"wood_painted_white", BT_CLASS_BUILDING},
        [BT_GUTTER] = {"metal_galvanised", BT_CLASS_BUILDING},
        [BT_RAILING] = {"metal_painted_black", BT_CLASS_BUILDING},
        [BT_STEP] = {"stone", BT_CLASS_BUILDING},
        [BT_CHIMNEY] = {"brick_red", BT_CLASS_BUILDING},
        [BT_SHUTTER] = {"door_painted", BT_CLASS_BUILDING},
        [BT_FLAT_ROOF] = {"roof_flat", BT_CLASS_BUILDING},
        [BT_STREAK] = {"plaster_sill", BT_CLASS_BUILDING},
        [BT_ROOM_WALL] = {"room_wall", BT_CLASS_BUILDING},
        [BT_ROOM_WALL_SECOND] = {"room_wall_warm", BT_CLASS_BUILDING},
        [BT_ROOM_FLOOR] = {"room_floor", BT_CLASS_BUILDING},
        [BT_FURNITURE] = {"furniture", BT_CLASS_BUILDING},
        [BT_SHOP_BOARD] = {"shop_board", BT_CLASS_BUILDING},
        [BT_SHOP_LETTER] = {"shop_letter", BT_CLASS_BUILDING},
        [BT_AWNING] = {"awning_sand", BT_CLASS_BUILDING},
        [BT_ROLLER] = {"roller_shutter", BT_CLASS_BUILDING},
        [BT_DRAPE] = {"drape", BT_CLASS_BUILDING},
        [BT_DOOR_LAMP] = {"lamp_door", BT_CLASS_BUILDING},
        [BT_SHOP_LAMP] = {"lamp_shop", BT_CLASS_BUILDING},
        [BT_SHOP_LAMP_NIGHT] = {"lamp_shop_night", BT_CLASS_BUILDING},
        [BT_SHOP_SIGN] = {"sign_lit_white", BT_CLASS_BUILDING},
        [BT_SHOP_SIGN_LETTER] = {"sign_black", BT_CLASS_BUILDING},
        [BT_VENT] = {"vent", BT_CLASS_BUILDING},
        [BT_TOWER_GLASS] = {"tower_glass", BT_CLASS_BUILDING},
        [BT_SPANDREL] = {"spandrel_glass", BT_CLASS_BUILDING},
        [BT_MULLION] = {"mullion", BT_CLASS_BUILDING},
        [BT_CEILING] = {"office_ceiling", BT_CLASS_BUILDING},
        [BT_OFFICE_LAMP] = {"lamp_office", BT_CLASS_BUILDING},
        [BT_OFFICE_LAMP_LATE] = {"lamp_office_late", BT_CLASS_BUILDING},
        [BT_OFFICE_LAMP_NIGHT] = {"lamp_office_night", BT_CLASS_BUILDING},
        [BT_OBSTACLE_LAMP] = {"lamp_obstacle", BT_CLASS_BUILDING},
    };
    bt_status status = bt_palette_find(spec, fixed, BT_BUILDING_SLOTS, slots);
    const wall_look *walls[3] = {PICK(wall_looks, draw), PICK(wall_looks, draw),
                                 PICK(wall_looks, draw)};
    tint washed = walls[0]->face;
    *streaks = walls[0]->below_sill != NULL;
    if (*streaks) washed.material = walls[0]->below_sill;
    bt_draw aside = bt_draw_aside(draw, 6);
    const struct {
        bt_building_slot slot;
        const tint *tint;
    } chosen[] = {{BT_WALL, &walls[0]->face},
                  {BT_WALL_SECOND, &walls[1]->face},
                  {BT_WALL_THIRD, &walls[2]->face},
                  {BT_STREAK, &washed},
                  {BT_SHOP_BOARD, PICK(board_tints, &aside)},
                  {BT_AWNING, PICK(awning_tints, &aside)},
                  {BT_SPANDREL, PICK(spandrel_tints, &aside)},
                  {BT_SHOP_SIGN, PICK(sign_tints, &aside)},
                  {BT_SHOP_SIGN_LETTER, PICK(letter_tints, &aside)},
                  {BT_ROOF, PICK(roof_tints, draw)},
                  {BT_DOOR, PICK(door_tints, draw)},
                  {BT_SHUTTER, PICK(shutter_tints, draw)},
                  {BT_GARAGE, PICK(garage_tints, draw)}};
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen && !status; i++)
        status = find_tint(spec, chosen[i].tint, &slots[chosen[i].slot].material);
    return status;
}

bt_status bt_building_look_tower(bt_spec *spec, const bt_draw *draw, bt_slot *slots)
{
    bt_draw aside = bt_draw_aside(draw, 10);
    return find_tint(spec, PICK(podium_tints, &aside), &slots[BT_WALL].material);
}
