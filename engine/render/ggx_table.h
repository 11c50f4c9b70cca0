// ggx_table.h: albedos of rough reflection, integrated once. Layouts: shaders/shared/ggx.h,
// ggx_sheen.h, ggx_glass.h.
#ifndef BT_RENDER_GGX_TABLE_H
#define BT_RENDER_GGX_TABLE_H

// Writes BT_GGX_TABLE_FLOATS numbers.
void bt_ggx_table_compute(float *table);

// Integrates the part for rough glass, half a second's work, which is 1 (no compensation) until
// then: for worlds that have a dielectric.
void bt_ggx_table_compute_glass(float *table);

#endif
