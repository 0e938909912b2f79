/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doctor_policy: how a host answers SYNs to its targets' ports, found out by looking: an agent that
 * is at work on the host sees the RSTs and SYN-ACKs that leave from them. What is recorded is
 * compared with it, since it decides how many SYNs an attempt has. */
#ifndef STALENODE_DOCTOR_POLICY_H
#define STALENODE_DOCTOR_POLICY_H

#include "doctor_findings.h"
#include "store/targets.h"

#include <stdint.h>

/* Fewer SYNs tell nothing: some are always lost. */
#define POLICY_SYNS_LEAST 10

/* What an agent saw since the target's memory was made; all 0 when there was none. */
struct policy_reading {
	uint64_t asked;	   /* SYNs to the target's ports */
	uint64_t answered; /* SYN-ACKs from them: a client was alive */
	uint64_t refused;  /* RSTs from them */
};

void policy_read(struct policy_reading *reading, const char *state_directory,
		 const struct targets *targets);
/* "drop", "rst", or NULL when it cannot be told. */
const char *policy_seen(const struct policy_reading *reading);
void policy_judge(struct findings *findings, const struct targets *targets,
		  const struct policy_reading *reading);

#endif
