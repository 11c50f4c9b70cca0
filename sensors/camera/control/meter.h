// meter.h: exposure from what a film holds: highlights kept, the middle lifted.
//
// The brightest band of each pixel sets how long the sensor may look: all but `highlights` of the
// pixels stay below 90 % of where the linear signal ends: of saturation, or, where several reads are
// fused, of that of the least sensitive one; statistics of such sensors are those of the fused signal. The scene's middle, the geometric mean of the reference
// band with the upper third of the picture (sky) at a third of the weight, should come out at `key`;
// what the exposure leaves short of it is made up by analog gain when the longest exposure does not
// suffice, and by digital gain up to gain_max; beyond that highlights give way. Pixels without any
// light lie beyond the lens's field and do not count.
#ifndef BT_CAMERA_CONTROL_METER_H
#define BT_CAMERA_CONTROL_METER_H

#include "engine/render/film.h"

typedef struct bt_meter {
    double key, highlights, gain_max; // see above
    double saturation_e;              // of the first read, at analog gain 1
    double top_e; // where the fused, linear signal ends, in the same unit; 0: there too
    double exposure_min_s, exposure_max_s;
    double row_time_s; // exposures are whole rows; 0: any
    double analog_gain_min, analog_gain_max;
} bt_meter;

typedef struct bt_metered {
    double highlight_e_s, middle_e_s; // what was found
    double exposure_s, analog_gain, digital_gain;
} bt_metered;

// A black film gives the longest exposure with all gain.
void bt_meter_film(const bt_meter *meter, const bt_film *film, bt_metered *metered);

#endif
