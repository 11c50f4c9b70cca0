// traffic.c: other traffic: a swarm round somebody becomes the run's traffic at its beginning.
#include "engine/openscenario/internal.h"

#include <math.h>

#define SWARM_MAX 500.0 // vehicles

// Our traffic has its own mix of vehicles and drivers, and goes at the speeds of the road.
static void ignore_mix(osc_reader *r, xml_node *n)
{
    osc_ignore(r, n, "TrafficDefinition", "traffic is a mix of its own");
    osc_ignore(r, n, "InitialSpeedRange", "traffic goes as fast as its road allows");
    osc_ignore(r, n, "DirectionOfTravelDistribution", "traffic goes both ways");
}

bool osc_read_swarm(osc_reader *r, xml_node *action)
{
    xml_node *n = xml_child(action, "TrafficSwarmAction");
    if (!n) return false;
    xml_node *center = xml_child(n, "CentralObject");
    if (!center) center = xml_child(n, "CentralSwarmObject");
    if (center) (void)osc_entity(r, center, "entityRef");
    double count = osc_number_in(r, n, "numberOfVehicles", NAN, 0.0, SWARM_MAX);
    double a = osc_number_in(r, n, "semiMajorAxis", NAN, 1.0, 1e5);
    double b = osc_number_in(r, n, "semiMinorAxis", NAN, 1.0, 1e5);
    (void)osc_number_in(r, n, "innerRadius", 0.0, 0.0, 1e5);
    ignore_mix(r, n);
    if (r->status != BT_OK) return true;
    osc_mark_node(r, n, BT_OSC_SUPPORTED, "");
    r->out->traffic.vehicles += (uint32_t)count;
    r->out->traffic.radius_m = fmax(r->out->traffic.radius_m, fmax(a, b));
    return true;
}

void osc_ignore_traffic(osc_reader *r, xml_node *action)
{
    static const struct {
        const char *name, *reason;
    } kinds[] = {
        {"TrafficSwarmAction", "a swarm comes at the beginning or not at all"},
        {"TrafficSourceAction", "nobody comes while the run goes on"},
        {"TrafficSinkAction", "nobody is taken away while the run goes on"},
        {"TrafficAreaAction", "nobody comes or goes while the run goes on"},
        {"TrafficStopAction", "traffic goes on for as long as the run"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        osc_ignore(r, action, kinds[i].name, kinds[i].reason);
}
