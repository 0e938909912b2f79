/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_evidence(const struct dirent *entry)
{
	static const char *const end[] = {".pcap", ".pcap.zst"};
	size_t length = strlen(entry->d_name);
	for (size_t i = 0; i < sizeof end / sizeof end[0]; i++)
		if (length > strlen(end[i]) &&
		    strcmp(entry->d_name + length - strlen(end[i]), end[i]) == 0)
			return entry->d_name[0] >= '0' && entry->d_name[0] <= '9';
	return 0;
}

int evidence_list_read(struct evidence_list *list, const char *directory, struct failure *failure)
{
	char evidence[4200];
	struct dirent **entry;
	*list = (struct evidence_list){0};
	snprintf(evidence, sizeof evidence, "%.4096s/evidence", directory);
	int found = scandir(evidence, &entry, is_evidence, alphasort);
	if (found < 0)
		return errno == ENOENT ? 0
				       : fail(failure, EXIT_FAILED,
					      "%s: %s: read it as the user that the agent runs as",
					      evidence, strerror(errno));
	list->path = calloc((size_t)found + 1, sizeof *list->path);
	for (int i = 0; i < found; i++) {
		char whole[4200 + 256];
		snprintf(whole, sizeof whole, "%s/%s", evidence, entry[i]->d_name);
		if (list->path && (list->path[list->files] = strdup(whole)))
			list->files++;
		free(entry[i]);
	}
	free(entry);
	if (list->path && list->files == (size_t)found)
		return 0;
	evidence_list_free(list);
	return fail(failure, EXIT_FAILED, "%s: no memory for the names of its files", evidence);
}

void evidence_list_free(struct evidence_list *list)
{
	for (size_t i = 0; i < list->files; i++)
		free(list->path[i]);
	free(list->path);
	*list = (struct evidence_list){0};
}
