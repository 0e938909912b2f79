/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doctor_probe: readings of this machine, for doctor_rules. It leaves nothing behind: the file that
 * it writes to try a directory has lost its name before. */
#ifndef STALENODE_DOCTOR_PROBE_H
#define STALENODE_DOCTOR_PROBE_H

#include "base/failure.h"
#include "doctor_rules.h"

/* Texts that a reading points into. */
struct probe_texts {
	char agent[4096];
	struct failure capture, state, written;
	char kernel[128];
};

struct privilege_reading probe_privilege(struct probe_texts *texts);
/* Opens it for capture when `try_capture`. */
struct interface_reading probe_interface(const char *name, bool try_capture,
					 struct probe_texts *texts);
struct version_reading probe_versions(struct probe_texts *texts);
/* Fills *targets (free with targets_free()), empty when the directory is not made yet. */
struct directory_reading probe_directory(const char *path, struct targets *targets,
					 struct probe_texts *texts);
uint64_t probe_descriptors(void);
/* local[i]: whether one of target i's addresses is of this machine. */
void probe_local(const struct targets *targets, bool *local);

/* Two looks at the clock; what it was set by in between shows in the second. */
struct clock_watch {
	int64_t real_us, boot_us;
};
void probe_clock_begin(struct clock_watch *watch);
struct clock_reading probe_clock_end(const struct clock_watch *watch);

#endif
