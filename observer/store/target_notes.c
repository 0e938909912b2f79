/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target_notes.h"

#include <stdio.h>

int target_notes_open(struct target_notes *notes, const char *directory, int64_t since,
		      uint64_t noted, uint64_t evidence_budget, struct failure *failure)
{
	char path[sizeof notes->sources_path];
	*notes = (struct target_notes){0};
	snprintf(notes->sources_path, sizeof notes->sources_path, "%.4000s/sources", directory);
	if (source_memory_load(&notes->sources, notes->sources_path, since, noted, failure) != 0)
		return -1;
	snprintf(path, sizeof path, "%.4000s/evidence", directory);
	if (evidence_open(&notes->evidence, path, evidence_budget, failure) == 0) {
		snprintf(path, sizeof path, "%.4000s/census", directory);
		if (census_open(&notes->census, path, failure) == 0)
			return 0;
	}
	target_notes_close(notes);
	return -1;
}

int target_notes_finish(struct target_notes *notes, struct failure *failure)
{
	if (census_flush(&notes->census, failure) != 0 ||
	    evidence_close(&notes->evidence, failure) != 0)
		return -1;
	return source_memory_save(&notes->sources, notes->sources_path, failure);
}

void target_notes_close(struct target_notes *notes)
{
	evidence_close(&notes->evidence, NULL);
	census_free(&notes->census);
	source_memory_free(&notes->sources);
}
