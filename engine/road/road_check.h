// road_check.h: is a network sound? What a reader can bear and a driver would stumble over.
#ifndef BT_ROAD_ROAD_CHECK_H
#define BT_ROAD_ROAD_CHECK_H

#include "engine/road/road.h"

// One finding, one line; the text lives until the callback returns.
typedef void (*bt_road_finding_fn)(void *context, const char *finding);

// Reports the reader's warnings, then: spirals that turn right round; kinks and steps within a road's reference line, heights and
// superelevation; ends of linked roads that do not meet; one-sided links; negative widths; lanes
// whose borders do not meet where they are linked; links against the traffic; lanes in junctions
// that lead nowhere; signals beyond their road. Gives how many findings there were.
uint32_t bt_road_check(const bt_road_network *net, bt_road_finding_fn report, void *context);

#endif
