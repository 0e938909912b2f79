/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target_path.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_MAX_LENGTH 3900

int target_path_split(struct target_path *split, const char *path, struct failure *failure)
{
	size_t length = strlen(path);
	if (length > PATH_MAX_LENGTH)
		return fail(failure, EXIT_WRONG_USE, "%.60s...: the directory name is too long",
			    path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	char trimmed[PATH_MAX_LENGTH + 1];
	snprintf(trimmed, sizeof trimmed, "%.*s", (int)length, path);
	const char *slash = strrchr(trimmed, '/');
	const char *name = slash ? slash + 1 : trimmed;
	if (!target_name_valid(name))
		return fail(failure, EXIT_WRONG_USE,
			    "%s: not a target's directory: name one as STATE/NAME", path);
	snprintf(split->name, sizeof split->name, "%.*s", TARGET_NAME_SIZE - 1, name);
	if (!slash)
		snprintf(split->state, sizeof split->state, ".");
	else
		snprintf(split->state, sizeof split->state, "%.*s",
			 slash == trimmed ? 1 : (int)(slash - trimmed), trimmed);
	snprintf(split->ledger, sizeof split->ledger, "%s/ledger", trimmed);
	snprintf(split->rrd, sizeof split->rrd, "%s/counts.rrd", trimmed);
	if (access(split->ledger, F_OK) != 0)
		return fail(
			failure, EXIT_FAILED,
			"%s: not a target's directory (it has no ledger): name one as STATE/NAME",
			path);
	return 0;
}
