/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target_notes.h"

#include <stdio.h>
#include <stdlib.h>

size_t target_notes_memory(const struct census_capacity *capacity)
{
	return sizeof(struct evidence_position) + census_memory_size(capacity);
}

void *target_notes_census(void *memory)
{
	return (uint8_t *)memory + sizeof(struct evidence_position);
}

static int open_both(struct target_notes *notes, const char *directory,
		     const struct target_notes_options *options, struct failure *failure)
{
	char path[sizeof notes->sources_path];
	uint8_t *memory = options->memory;
	if (!memory)
		memory = notes->memory = calloc(1, target_notes_memory(&options->census));
	if (!memory)
		return fail(failure, EXIT_FAILED, "%s: out of memory", directory);
	snprintf(path, sizeof path, "%.900s/evidence", directory);
	if (evidence_open(&notes->evidence, path, options->evidence_budget,
			  (struct evidence_position *)(void *)memory, options->region,
			  options->anonymiser, failure) != 0)
		return -1;
	snprintf(path, sizeof path, "%.900s/census", directory);
	if (census_open(&notes->census, path, target_notes_census(memory), &options->census,
			options->region, options->geo, failure) != 0)
		return -1;
	if (options->in_transaction)
		census_keep_replaced(&notes->census);
	return 0;
}

int target_notes_open(struct target_notes *notes, const char *directory, int64_t since,
		      uint64_t noted, const struct target_notes_options *options,
		      struct failure *failure)
{
	*notes = (struct target_notes){.sources.descriptor = -1};
	snprintf(notes->sources_path, sizeof notes->sources_path, "%.900s/sources", directory);
	if (source_memory_load(&notes->sources, notes->sources_path, since, noted,
			       options->sources_left, failure) != 0)
		return -1;
	if (options->memory)
		source_memory_write_at_once(&notes->sources, notes->sources_path);
	if (open_both(notes, directory, options, failure) == 0)
		return 0;
	target_notes_close(notes);
	return -1;
}

int target_notes_finish(struct target_notes *notes, struct failure *failure)
{
	if (census_finish(&notes->census, failure) != 0 ||
	    evidence_close(&notes->evidence, failure) != 0)
		return -1;
	return source_memory_save(&notes->sources, notes->sources_path, failure);
}

void target_notes_close(struct target_notes *notes)
{
	evidence_close(&notes->evidence, NULL);
	census_free(&notes->census);
	free(notes->memory);
	notes->memory = NULL;
	source_memory_free(&notes->sources);
}
