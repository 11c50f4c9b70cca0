// retro.h: from the numbers on a reflector's sheet to the lobe of shaders/shared/bsdf_retro.h.
#ifndef BT_SCENE_RETRO_H
#define BT_SCENE_RETRO_H

#include "engine/core/status.h"
#include "shaders/shared/types.h"

// Sheeting: R_A in cd lx^-1 m^-2 at 0.2 degrees of observation and 4 of entrance (ASTM D4956). y: the
// luminous reflectance of the material's colour, which tints the lobe.
void bt_retro_sheeting(bt_material *m, double ra, double y, double spread_deg, double tail);

// Beads on paint: R_L in mcd m^-2 lx^-1 as a driver sees it 30 m ahead: 88.76 degrees of entrance, 1.05
// of observation (EN 1436).
void bt_retro_marking(bt_material *m, double rl, double y, double spread_deg, double tail);

#endif
