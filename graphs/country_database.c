/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "country_database.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int country_database_open(struct country_database *database, const char *path,
			  struct failure *failure)
{
	const struct geo_options options = {.countries = path};
	const char *below = getenv("TMPDIR");
	struct stat status;
	*database = (struct country_database){0};
	if (!path)
		return 0;
	if (stat(path, &status) != 0 || access(path, R_OK) != 0)
		return fail(failure, EXIT_FAILED, "%s: %s: name a database in MaxMind's format",
			    path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return fail(failure, EXIT_FAILED,
			    "%s: not a file: name a database in MaxMind's format", path);
	snprintf(database->directory, sizeof database->directory, "%.4000s/stalenode-XXXXXX",
		 below && *below ? below : "/tmp");
	if (!mkdtemp(database->directory)) {
		int error = errno;
		int result =
			fail(failure, EXIT_FAILED, "%s: %s: set TMPDIR to a directory with room",
			     database->directory, strerror(error));
		database->directory[0] = '\0';
		return result;
	}
	return geo_open(&database->geo, &options, database->directory, failure);
}

void country_database_close(struct country_database *database)
{
	geo_close(database->geo);
	DIR *directory = database->directory[0] ? opendir(database->directory) : NULL;
	for (struct dirent *entry; directory && (entry = readdir(directory));)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory)
		closedir(directory);
	if (database->directory[0])
		rmdir(database->directory);
	*database = (struct country_database){0};
}
