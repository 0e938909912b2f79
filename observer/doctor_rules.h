/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doctor_rules: what is well and what is not, judged from readings of the machine. Pure: every
 * function adds findings and asks nothing of the machine. */
#ifndef STALENODE_DOCTOR_RULES_H
#define STALENODE_DOCTOR_RULES_H

#include "disk_space.h"
#include "doctor_findings.h"
#include "store/targets.h"

#include <stdbool.h>
#include <stdint.h>

/* What the doctor plans for. */
#define DOCTOR_DAYS (2 * 365)
/* Of one target in that time: the RRD 12.6 MB, a ledger of 210,240 lines of 100 bytes at most, a
 * census of 10 kB a day. Evidence comes on top, within its budget per day. */
#define DOCTOR_TARGET_BYTES 45000000ull
/* A ring of 16 MiB holds 228 ms of a flood; the store must not take longer. */
#define DOCTOR_SYNCHRONISE_MAX_US 200000
/* Ledger, evidence and a file that is being replaced; the process has some of its own. */
#define DOCTOR_FILES_PER_TARGET 3u
#define DOCTOR_FILES_OWN	32u
/* A clock before this time was never set: stalenode was not written yet. 2026-01-01. */
#define DOCTOR_EARLIEST_TIME 1767225600
/* The two clocks are read one after the other, and one is slewed; more than this is a step. */
#define DOCTOR_CLOCK_STEP_US 100000

struct privilege_reading {
	bool effective;	   /* this process has CAP_NET_RAW */
	bool agent_has;	   /* the file of stalenoded carries it */
	const char *agent; /* where stalenoded is, or NULL when it is not found */
};

struct interface_reading {
	const char *name;
	bool exists, up, carrier;
	bool tried;	     /* to open it for capture: needs the privilege */
	bool opened;	     /* it could be */
	const char *refusal; /* why it could not be opened, with the mend */
};

struct clock_reading {
	int64_t now; /* UTC seconds */
	bool synchronised;
	int64_t error_us; /* the kernel's estimate of the greatest error */
	int64_t step_us;  /* how far the clock was set while it was watched */
};

struct version_reading {
	const char *kernel; /* uname -r */
	const char *rrd;
};

struct directory_reading {
	const char *path;
	bool exists;
	const char *refusal;	/* why it cannot be a state directory, with the mend; or NULL */
	const char *unwritable; /* why nothing can be written there; or NULL */
	int64_t synchronise_us; /* how long one fdatasync took */
	struct disk_space disk;
};

void doctor_judge_privilege(struct findings *findings, const struct privilege_reading *reading);
void doctor_judge_interface(struct findings *findings, const struct interface_reading *reading);
void doctor_judge_clock(struct findings *findings, const struct clock_reading *reading);
void doctor_judge_versions(struct findings *findings, const struct version_reading *reading);
/* Room is judged for so many targets, one at least. */
void doctor_judge_directory(struct findings *findings, const struct directory_reading *reading,
			    size_t targets);
void doctor_judge_descriptors(struct findings *findings, uint64_t limit, size_t targets);
/* Which targets have an address of this machine: local[i] for target i. */
void doctor_judge_targets(struct findings *findings, const struct targets *targets,
			  const bool *local);

#endif
