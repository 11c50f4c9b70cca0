// lamp_webs.h: photometric webs of our own making: headlamps, signal lamps, street lamps.
//
// Shapes are formulas; what they must be is known from type approval, and tests hold them to it. The
// lamp looks along +x of its mesh, z up, y left; with `rear` along -x.
#ifndef BT_SCENE_LAMP_WEBS_H
#define BT_SCENE_LAMP_WEBS_H

#include "engine/scene/photometry.h"

#include <stdbool.h>

typedef struct bt_low_beam_desc {
    bool left_traffic; // mirrored
    double dip_deg;    // of the cut-off under the horizon; 0: 0.573, one per cent
    double level;      // factor on all of it; 0: 1
} bt_low_beam_desc;

// One passing beam as UN R112 class B wants it: a level cut-off on the side of those who come towards
// it, an elbow straight ahead, a shoulder that rises by 15 degrees on the other for a while, a hot spot under
// the elbow, a wide foreground, and the little light above that makes signs readable.
BT_CHECKED bt_status bt_web_low_beam(const bt_low_beam_desc *desc, bt_photometric_web **web);

// One driving beam (UN R112 class B), to be lit together with the passing beam. level: as above.
BT_CHECKED bt_status bt_web_high_beam(double level, bt_photometric_web **web);

typedef struct bt_signal_web_desc {
    double peak_cd;               // on the axis
    double width_deg, height_deg; // to the side and up, where a bell of this half width has fallen
                                  // to half; 0: 18 and 11, which is within UN R148's distribution
    bool rear;
} bt_signal_web_desc;

// A signal lamp behind its lens: a bell about the axis and a fiftieth of it all over the half-space.
BT_CHECKED bt_status bt_web_signal(const bt_signal_web_desc *desc, bt_photometric_web **web);

// A street luminaire that hangs level, shining down: +x across the street, wings along +y and -y that
// peak at 62 degrees from straight down. Under flat glass (scattered: 0) nothing goes at or above the
// horizon; of a bowl of structured glass `scattered` (up to 0.9) of the flux comes evenly from all of it,
// up to 15 degrees above the horizon. CIE calls semi-cut-off what has at most 50 cd/klm at 90 and 100 at 80 degrees.
BT_CHECKED bt_status bt_web_street(double flux_lm, double scattered, bt_photometric_web **web);

#endif
