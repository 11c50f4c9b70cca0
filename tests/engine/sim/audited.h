// audited.h: a simulation that is looked at by an audit, for tests of engine/sim.
#ifndef BT_TESTS_SIM_AUDITED_H
#define BT_TESTS_SIM_AUDITED_H

#include "engine/sim/audit.h"
#include "tests/support/check.h"

typedef struct audited {
    bt_sim *sim;
    bt_state *state;
    bt_audit *audit;
} audited;

// `how` but for its sim.
static inline audited audited_begin(const bt_sim_desc *desc, bt_audit_desc how)
{
    audited a = {0};
    CHECK_OK(bt_sim_create(desc, &a.sim));
    CHECK_OK(bt_state_create(a.sim, &a.state));
    how.sim = a.sim;
    CHECK_OK(bt_audit_create(&how, &a.audit));
    return a;
}

// Looks every tenth step: after the first, the eleventh, ...
static inline void audited_step(const audited *a, int step, const bt_command *command)
{
    CHECK_OK(bt_sim_step(a->sim, a->state, command));
    if (step % 10 == 0) bt_audit_look(a->audit, a->state);
}

static inline void audited_end(audited *a)
{
    bt_audit_destroy(a->audit);
    bt_state_destroy(a->state);
    bt_sim_destroy(a->sim);
}

#endif
