/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doctor_policy.h"

#include "arrival.h"
#include "live_memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void policy_read(struct policy_reading *reading, const char *state_directory,
		 const struct targets *targets)
{
	struct open_target *open = malloc(sizeof *open);
	for (size_t i = 0; i < targets->targets; i++) {
		char path[4096 + LIVE_PATH_SIZE];
		struct stat status;
		reading[i] = (struct policy_reading){0};
		snprintf(path, sizeof path, "%s/%s/open.state", state_directory,
			 targets->target[i].name);
		if (!open || stat(path, &status) != 0 ||
		    !live_memory_read(path, live_memory_content((size_t)status.st_size), open,
				      sizeof *open))
			continue;
		reading[i] = (struct policy_reading){open->asked, open->answered, open->refused};
	}
	free(open);
}

const char *policy_seen(const struct policy_reading *reading)
{
	uint64_t unanswered =
		reading->asked > reading->answered ? reading->asked - reading->answered : 0;
	if (unanswered < POLICY_SYNS_LEAST)
		return NULL;
	if (reading->refused == 0)
		return "drop";
	/* A RST for most SYNs; some of either kind are always lost, or are of another time. */
	return reading->refused * 2 > unanswered ? "rst" : NULL;
}

/* The first target that says nothing, and the first that says something else than was seen. */
struct doubts {
	const struct target *unsaid, *contrary;
	const char *unsaid_seen, *contrary_seen; /* what was seen of them, or NULL */
	size_t unsaids, confirmed;
};

static void look_at(struct doubts *doubts, const struct target *target, const char *seen)
{
	if (!target->policy[0]) {
		if (!doubts->unsaid) {
			doubts->unsaid = target;
			doubts->unsaid_seen = seen;
		}
		doubts->unsaids++;
	} else if (seen && strcmp(seen, target->policy) != 0) {
		doubts->contrary = target;
		doubts->contrary_seen = seen;
	} else if (seen) {
		doubts->confirmed++;
	}
}

void policy_judge(struct findings *findings, const struct targets *targets,
		  const struct policy_reading *reading)
{
	struct doubts doubts = {0};
	for (size_t i = 0; i < targets->targets; i++)
		look_at(&doubts, &targets->target[i], policy_seen(&reading[i]));
	if (doubts.contrary)
		findings_add(findings, FINDING_WARNING, "policy",
			     "target %s is recorded with policy %s, but was seen to %s: record it "
			     "with 'policy = %s'",
			     doubts.contrary->name, doubts.contrary->policy,
			     strcmp(doubts.contrary_seen, "rst") == 0 ? "answer with RST"
								      : "answer nothing",
			     doubts.contrary_seen);
	if (doubts.unsaid)
		findings_add(findings, FINDING_WARNING, "policy",
			     "%zu of %zu targets do not say how the host answers SYNs, the first "
			     "is %s: add 'policy = %s' to its [target], or ':policy=...' to its "
			     "--target; it decides how many SYNs an attempt has",
			     doubts.unsaids, targets->targets, doubts.unsaid->name,
			     doubts.unsaid_seen ? doubts.unsaid_seen : "drop' or 'policy = rst");
	if (!doubts.contrary && !doubts.unsaid && targets->targets)
		findings_add(findings, FINDING_OK, "policy",
			     "every target says how the host answers SYNs; %zu were seen to do so",
			     doubts.confirmed);
}
