// ggx_table.h: albedos of rough reflection, integrated once. Layout: shaders/shared/ggx.h.
#ifndef BT_RENDER_GGX_TABLE_H
#define BT_RENDER_GGX_TABLE_H

// Writes BT_GGX_TABLE_FLOATS numbers.
void bt_ggx_table_compute(float *table);

#endif
