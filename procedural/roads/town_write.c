// town_write.c: writes the planned town: streets with their furniture, junctions, controllers.
#include "procedural/roads/town_internal.h"

#include <math.h>

// ---- furniture --------------------------------------------------------------------------------------
typedef struct town_mouth {
    const town_junction *junction; // NULL: none at this end
    bool main;                     // the arm lies along the main street
} town_mouth;

static town_mouth mouth_of(const town *t, int street, bool at_end)
{
    for (int j = 0; j < 3; j++)
        for (int a = 0; a < t->junctions[j].arm_count; a++) {
            const town_arm *arm = &t->junctions[j].arms[a];
            if (arm->street == street && arm->at_end == at_end)
                return (town_mouth){&t->junctions[j], t->styles[street].marked};
        }
    return (town_mouth){NULL, false};
}

static void write_crossings(town *t, bt_xodr_writer *w, int street)
{
    double middle = 0.5 * (TOWN_CROSSING_NEAR_M + TOWN_CROSSING_FAR_M);
    for (int end = 0; end < 2; end++) {
        town_mouth mouth = mouth_of(t, street, end == 1);
        // zebras at the signals, and over the side streets
        if (mouth.junction == NULL || (mouth.main && !mouth.junction->signalised)) continue;
        double length = t->streets[street].alignment.length_m;
        town_write_crossing(w, &t->ids, &t->styles[street], end == 1 ? length - middle : middle);
    }
}

static void write_mouth_signals(town *t, bt_xodr_writer *w, int street, bool at_end)
{
    town_mouth mouth = mouth_of(t, street, at_end);
    if (mouth.junction == NULL || (mouth.main && !mouth.junction->signalised)) return;
    double length = t->streets[street].alignment.length_m;
    double side = at_end ? -1.0 : 1.0; // the right of travel towards the junction
    double kerb = t->styles[street].lane_m + TOWN_GUTTER_M + TOWN_CURB_M;
    bt_furniture_signal line = {.name = "stop line",
                                .type = "294",
                                .s_m = at_end ? length - TOWN_STOP_LINE_M : TOWN_STOP_LINE_M,
                                .t_m = side * 0.5 * t->styles[street].lane_m,
                                .forward = at_end,
                                .width_m = t->styles[street].lane_m,
                                .from_lane = at_end ? -1 : 1,
                                .to_lane = at_end ? -1 : 1};
    bt_furniture_signal head = line;
    head.t_m = side * (kerb + 0.45);
    head.s_m += at_end ? 0.75 : -0.75;
    if (mouth.junction->signalised) {
        int phase = mouth.main ? 0 : 1;
        head.name = mouth.main ? "light main" : "light side";
        head.type = "1000001";
        head.dynamic = true;
        head.z_m = 2.4;
        head.width_m = 0.32;
        head.height_m = 0.96;
        t->light_ids[phase][t->light_counts[phase]++] = town_write_signal(w, &t->ids, &head);
    } else {
        head.name = "stop";
        head.type = "206";
        head.z_m = 2.0;
        head.width_m = head.height_m = 0.75;
        town_write_signal(w, &t->ids, &head);
    }
    town_write_signal(w, &t->ids, &line);
}

static void write_speed_sign(town *t, bt_xodr_writer *w, double s_m, bool forward, double value,
                             double half_m)
{
    bt_furniture_signal sign = {.name = "speed limit",
                                .type = "274",
                                .s_m = s_m,
                                .t_m = forward ? -half_m : half_m,
                                .z_m = 2.0,
                                .forward = forward,
                                .value = value,
                                .width_m = 0.6,
                                .height_m = 0.6};
    town_write_signal(w, &t->ids, &sign);
}

static void write_street(town *t, bt_xodr_writer *w, int street)
{
    double length = t->streets[street].alignment.length_m;
    bt_street_begin(w, &t->streets[street]);
    bt_xodr_begin(w, "objects");
    write_crossings(t, w, street);
    for (int i = 0; i < t->stretch_counts[street]; i++)
        town_write_bays(w, &t->ids, &t->styles[street], &t->stretches[street][i]);
    bt_xodr_end(w);
    bt_xodr_begin(w, "signals");
    write_mouth_signals(t, w, street, false);
    write_mouth_signals(t, w, street, true);
    if (street == STREET_WEST) write_speed_sign(t, w, 8.0, true, 50.0, 4.6);
    if (street == STREET_EAST) write_speed_sign(t, w, length - 8.0, false, 50.0, 4.6);
    if (street == STREET_RING) {
        write_speed_sign(t, w, 10.0, true, 70.0, 5.0);
        write_speed_sign(t, w, length - 10.0, false, 70.0, 5.0);
    }
    bt_xodr_end(w);
    bt_xodr_end(w);
}

// ---- the file ---------------------------------------------------------------------------------------
static void write_header(bt_xodr_writer *w)
{
    bt_xodr_begin(w, "header");
    bt_xodr_integer(w, "revMajor", 1);
    bt_xodr_integer(w, "revMinor", 7);
    bt_xodr_text(w, "name", "Blacktop town");
    bt_xodr_text(w, "version", "1");
    bt_xodr_text(w, "vendor", "Blacktop");
    bt_xodr_begin(w, "geoReference");
    bt_xodr_content(w, "+proj=tmerc +lat_0=48.5 +lon_0=9.0 +k=1 +x_0=0 +y_0=0 +datum=WGS84 "
                       "+units=m +no_defs");
    bt_xodr_end(w);
    bt_xodr_end(w);
}

static void write_controllers(const town *t, bt_xodr_writer *w)
{
    for (int phase = 0; phase < 2; phase++) {
        bt_xodr_begin(w, "controller");
        bt_xodr_integer(w, "id", phase + 1);
        bt_xodr_text(w, "name", phase == 0 ? "main" : "side");
        bt_xodr_integer(w, "sequence", 0);
        for (int i = 0; i < t->light_counts[phase]; i++) {
            bt_xodr_begin(w, "control");
            bt_xodr_integer(w, "signalId", t->light_ids[phase][i]);
            bt_xodr_integer(w, "type", 0);
            bt_xodr_end(w);
        }
        bt_xodr_end(w);
    }
}

static void write_connection(bt_xodr_writer *w, const town_connection *c, int id)
{
    bt_xodr_begin(w, "connection");
    bt_xodr_integer(w, "id", id);
    bt_xodr_integer(w, "incomingRoad", c->incoming + 1);
    bt_xodr_integer(w, "connectingRoad", c->street.id);
    bt_xodr_text(w, "contactPoint", "start");
    for (int i = 0; i < c->lanes; i++) {
        bt_xodr_begin(w, "laneLink");
        bt_xodr_integer(w, "from", c->from_sign * (i + 1));
        bt_xodr_integer(w, "to", -1 - i);
        bt_xodr_end(w);
    }
    bt_xodr_end(w);
}

static void write_junctions(const town *t, bt_xodr_writer *w)
{
    for (int j = 0; j < 3; j++) {
        bt_xodr_begin(w, "junction");
        bt_xodr_integer(w, "id", j + 1);
        bt_xodr_text(w, "name", t->junctions[j].name);
        bt_xodr_text(w, "type", "default");
        int id = 0;
        for (int i = 0; i < t->connection_count; i++)
            if (t->connections[i].junction == j) write_connection(w, &t->connections[i], id++);
        for (int phase = 0; t->junctions[j].signalised && phase < 2; phase++) {
            bt_xodr_begin(w, "controller");
            bt_xodr_integer(w, "id", phase + 1);
            bt_xodr_text(w, "type", "0");
            bt_xodr_end(w);
        }
        bt_xodr_end(w);
    }
}

void town_write(town *t, bt_xodr_writer *w)
{
    bt_xodr_begin(w, "OpenDRIVE");
    write_header(w);
    for (int i = 0; i < STREET_COUNT; i++)
        write_street(t, w, i);
    for (int i = 0; i < t->connection_count; i++) {
        bt_street_begin(w, &t->connections[i].street);
        bt_xodr_end(w);
    }
    write_controllers(t, w);
    write_junctions(t, w);
    bt_xodr_end(w);
}
