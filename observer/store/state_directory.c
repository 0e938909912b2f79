/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state_directory.h"

#include "../base/decimal.h"
#include "../base/whole_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNDO_VERSION_LINE "stalenode-undo 1"
#define UNDO_LAST_LINE	  "end"
/* 256 targets with files of 20 years of days, 60 bytes a line, are 220 MB; more is damage. */
#define UNDO_SIZE_MAX  ((size_t)256 << 20)
#define UNDO_PATH_SIZE (4096 + 16)
/* Leaves room for the names of files inside. */
#define RELATIVE_SIZE 512 /* "NAME/evidence/DATE.pcap.zst" */
/* Files that only grow, and directories of such files, of each target. counts.rrd is a view and
 * is rebuilt instead. */
static const char *const growing_files[] = {"ledger", "sources"};
static const char *const growing_directories[] = {"evidence", "census"};
/* In these, files are replaced; the one before is FILE.before. */
#define REPLACED_DIRECTORY "census"
#define BEFORE		   ".before"

static int take_lock(struct state_directory *state, struct failure *failure)
{
	char path[4096 + 8];
	snprintf(path, sizeof path, "%s/lock", state->path);
	state->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (state->lock < 0)
		return fail(failure, EXIT_FAILED,
			    "%s: cannot write there: %s: name another directory or mend its "
			    "permissions",
			    state->path, strerror(errno));
	state->busy = flock(state->lock, LOCK_EX | LOCK_NB) != 0;
	if (state->busy)
		return fail(failure, EXIT_FAILED,
			    "%s: in use by another stalenode process: wait for it, or stop it",
			    state->path);
	return 0;
}

static void undo_path(const struct state_directory *state, char path[UNDO_PATH_SIZE])
{
	snprintf(path, UNDO_PATH_SIZE, "%s/import.undo", state->path);
}

static int open_state(struct state_directory *state, struct failure *failure)
{
	char undo[UNDO_PATH_SIZE];
	if (take_lock(state, failure) != 0 ||
	    targets_read(&state->targets, state->path, failure) != 0)
		return -1;
	undo_path(state, undo);
	if (access(undo, F_OK) != 0)
		return 0;
	say_warning("%s: an import was interrupted: what it had written is taken back",
		    state->path);
	return state_transaction_undo(state, failure);
}

static int begin_state(struct state_directory *state, const char *path, struct failure *failure)
{
	*state = (struct state_directory){.lock = -1};
	if (!path[0])
		return fail(failure, EXIT_WRONG_USE, "an empty name is no state directory");
	if (strlen(path) >= STATE_PATH_MAX)
		return fail(failure, EXIT_WRONG_USE, "%.60s...: the directory name is too long",
			    path);
	snprintf(state->path, sizeof state->path, "%s", path);
	for (size_t end = strlen(state->path); end > 1 && state->path[end - 1] == '/'; end--)
		state->path[end - 1] = '\0';
	return 0;
}

int state_directory_open(struct state_directory *state, const char *path, struct failure *failure)
{
	char targets[4096 + 8];
	if (begin_state(state, path, failure) != 0)
		return -1;
	snprintf(targets, sizeof targets, "%s/targets", state->path);
	int result = 0;
	if (access(targets, F_OK) != 0) {
		struct stat status;
		if (stat(state->path, &status) == 0 &&
		    (!S_ISDIR(status.st_mode) || directory_is_empty(state->path) == 0))
			return fail(failure, EXIT_FAILED,
				    "%s: exists and is not a state directory of stalenode: name a "
				    "new one",
				    state->path);
		result = make_directories(state->path, failure);
		if (result == 0)
			result = targets_write(&state->targets, state->path, failure);
	}
	if (result == 0)
		result = open_state(state, failure);
	if (result != 0)
		state_directory_close(state);
	return result;
}

int state_directory_open_existing(struct state_directory *state, const char *path,
				  struct failure *failure)
{
	struct targets targets;
	if (begin_state(state, path, failure) != 0 ||
	    targets_read(&targets, state->path, failure) != 0)
		return -1;
	targets_free(&targets);
	if (open_state(state, failure) == 0)
		return 0;
	state_directory_close(state);
	return -1;
}

void state_directory_close(struct state_directory *state)
{
	if (state->lock >= 0)
		close(state->lock);
	state->lock = -1;
	targets_free(&state->targets);
}

static void note_length(FILE *undo, const struct state_directory *state, const char *relative)
{
	char path[sizeof state->path + RELATIVE_SIZE + 1];
	struct stat status;
	snprintf(path, sizeof path, "%s/%s", state->path, relative);
	if (stat(path, &status) == 0 && S_ISREG(status.st_mode))
		fprintf(undo, "%" PRIdMAX "\t%s\n", (intmax_t)status.st_size, relative);
}

static void note_directory(FILE *undo, const struct state_directory *state, const char *relative)
{
	char path[sizeof state->path + RELATIVE_SIZE + 1];
	snprintf(path, sizeof path, "%s/%s", state->path, relative);
	DIR *directory = opendir(path);
	if (!directory)
		return;
	for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
		char file[RELATIVE_SIZE];
		if (entry->d_name[0] == '.' || strpbrk(entry->d_name, "\t\n"))
			continue;
		snprintf(file, sizeof file, "%s/%s", relative, entry->d_name);
		note_length(undo, state, file);
	}
	closedir(directory);
}

/* Calls visit for every directory of a target; the first result other than 0 ends it. */
static int for_each_target_directory(const struct state_directory *state,
				     int (*visit)(const struct state_directory *, const char *name,
						  void *context, struct failure *failure),
				     void *context, struct failure *failure)
{
	DIR *directory = opendir(state->path);
	if (!directory)
		return fail(failure, EXIT_FAILED, "%s: cannot read the directory: %s", state->path,
			    strerror(errno));
	int result = 0;
	for (struct dirent *entry = readdir(directory); entry && result == 0;
	     entry = readdir(directory)) {
		char path[sizeof state->path + 256 + 2];
		struct stat status;
		snprintf(path, sizeof path, "%s/%s", state->path, entry->d_name);
		if (target_name_valid(entry->d_name) && stat(path, &status) == 0 &&
		    S_ISDIR(status.st_mode))
			result = visit(state, entry->d_name, context, failure);
	}
	closedir(directory);
	return result;
}

/* Only files that carry a date belong to us. */
static bool is_dated(const char *name)
{
	return strlen(name) > 10 && strspn(name, "0123456789-") == 10 && name[10] == '.';
}

/* What a target's census was before an import: puts each file back, or removes what was kept. */
static int settle_replaced(const struct state_directory *state, const char *name, bool put_back,
			   struct failure *failure)
{
	char directory[sizeof state->path + RELATIVE_SIZE + 1];
	snprintf(directory, sizeof directory, "%s/%.*s/" REPLACED_DIRECTORY, state->path,
		 TARGET_NAME_SIZE - 1, name);
	DIR *stream = opendir(directory);
	if (!stream)
		return 0;
	int result = 0;
	for (struct dirent *entry = readdir(stream); entry && result == 0;
	     entry = readdir(stream)) {
		char before[sizeof directory + 256 + 1], file[sizeof before];
		size_t length = strlen(entry->d_name), ending = sizeof BEFORE - 1;
		if (!is_dated(entry->d_name) || length < ending ||
		    strcmp(entry->d_name + length - ending, BEFORE) != 0)
			continue;
		snprintf(before, sizeof before, "%s/%s", directory, entry->d_name);
		snprintf(file, sizeof file, "%s/%.*s", directory, (int)(length - ending),
			 entry->d_name);
		if (put_back ? rename(before, file) != 0 : unlink(before) != 0)
			result = fail(failure, EXIT_FAILED, "%s: cannot %s it: %s", before,
				      put_back ? "put back" : "remove", strerror(errno));
		/* Two names of one file: nothing was replaced, and rename() leaves both. */
		if (put_back)
			unlink(before);
	}
	closedir(stream);
	return result;
}

static int note_target(const struct state_directory *state, const char *name, void *context,
		       struct failure *failure)
{
	FILE *undo = context;
	if (settle_replaced(state, name, false, failure) != 0)
		return -1;
	char relative[TARGET_NAME_SIZE + 16];
	for (size_t i = 0; i < 2; i++) {
		snprintf(relative, sizeof relative, "%.*s/%s", TARGET_NAME_SIZE - 1, name,
			 growing_files[i]);
		note_length(undo, state, relative);
		snprintf(relative, sizeof relative, "%.*s/%s", TARGET_NAME_SIZE - 1, name,
			 growing_directories[i]);
		note_directory(undo, state, relative);
	}
	return 0;
}

int state_transaction_begin(struct state_directory *state, struct failure *failure)
{
	char path[UNDO_PATH_SIZE];
	struct whole_file undo;
	undo_path(state, path);
	if (whole_file_open(&undo, path, failure) != 0)
		return -1;
	fprintf(undo.stream, UNDO_VERSION_LINE "\n");
	if (for_each_target_directory(state, note_target, undo.stream, failure) != 0) {
		whole_file_abandon(&undo);
		return -1;
	}
	fprintf(undo.stream, UNDO_LAST_LINE "\n");
	return whole_file_close(&undo, failure);
}

static int forget_replaced(const struct state_directory *state, const char *name, void *context,
			   struct failure *failure)
{
	(void)context;
	return settle_replaced(state, name, false, failure);
}

/* From the moment that import.undo is gone the import stands; what is left of the files before it
 * would be removed by the next one. */
int state_transaction_commit(struct state_directory *state, struct failure *failure)
{
	char path[UNDO_PATH_SIZE];
	undo_path(state, path);
	if (unlink(path) != 0)
		return fail(failure, EXIT_FAILED, "%s: cannot remove it: %s", path,
			    strerror(errno));
	return for_each_target_directory(state, forget_replaced, NULL, failure);
}

/* The recorded lengths, in the order of the undo file. */
struct lengths {
	char *content; /* owned */
	size_t length;
};

/* Files that a damaged list does not name would be removed. */
static bool lengths_whole(const struct lengths *lengths)
{
	static const char first[] = UNDO_VERSION_LINE "\n", last[] = "\n" UNDO_LAST_LINE "\n";
	return lengths->length >= sizeof first - 1 + sizeof last - 2 &&
	       !memchr(lengths->content, '\0', lengths->length) &&
	       memcmp(lengths->content, first, sizeof first - 1) == 0 &&
	       strcmp(lengths->content + lengths->length - (sizeof last - 1), last) == 0;
}

/* The recorded length of a file, or -1 when it was not there. */
static intmax_t recorded_length(const struct lengths *lengths, const char *relative)
{
	size_t wanted = strlen(relative);
	for (const char *line = lengths->content; *line;) {
		size_t length = strcspn(line, "\n");
		const char *tab = memchr(line, '\t', length);
		uint64_t value;
		if (tab && (size_t)(line + length - tab - 1) == wanted &&
		    memcmp(tab + 1, relative, wanted) == 0 &&
		    decimal_parse(line, (size_t)(tab - line), INT64_MAX, &value))
			return (intmax_t)value;
		line += length + (line[length] == '\n');
	}
	return -1;
}

static int cut_back(const struct state_directory *state, const struct lengths *lengths,
		    const char *relative, struct failure *failure)
{
	char path[sizeof state->path + RELATIVE_SIZE + 1];
	struct stat status;
	snprintf(path, sizeof path, "%s/%s", state->path, relative);
	if (stat(path, &status) != 0)
		return 0;
	intmax_t length = recorded_length(lengths, relative);
	int result = 0;
	if (length < 0)
		result = unlink(path);
	else if (status.st_size > length)
		result = truncate(path, length);
	return result == 0 ? 0
			   : fail(failure, EXIT_FAILED, "%s: cannot take an import back: %s", path,
				  strerror(errno));
}

static int cut_back_directory(const struct state_directory *state, const struct lengths *lengths,
			      const char *relative, struct failure *failure)
{
	char path[sizeof state->path + RELATIVE_SIZE + 1];
	snprintf(path, sizeof path, "%s/%s", state->path, relative);
	DIR *directory = opendir(path);
	if (!directory)
		return 0;
	int result = 0;
	for (struct dirent *entry = readdir(directory); entry && result == 0;
	     entry = readdir(directory)) {
		char file[RELATIVE_SIZE];
		if (!is_dated(entry->d_name))
			continue;
		snprintf(file, sizeof file, "%s/%s", relative, entry->d_name);
		result = cut_back(state, lengths, file, failure);
	}
	closedir(directory);
	return result;
}

static int undo_target(const struct state_directory *state, const char *name, void *context,
		       struct failure *failure)
{
	const struct lengths *lengths = context;
	char relative[TARGET_NAME_SIZE + 16], path[sizeof state->path + RELATIVE_SIZE + 1];
	if (settle_replaced(state, name, true, failure) != 0)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		snprintf(relative, sizeof relative, "%.*s/%s", TARGET_NAME_SIZE - 1, name,
			 growing_files[i]);
		if (cut_back(state, lengths, relative, failure) != 0)
			return -1;
		snprintf(relative, sizeof relative, "%.*s/%s", TARGET_NAME_SIZE - 1, name,
			 growing_directories[i]);
		if (cut_back_directory(state, lengths, relative, failure) != 0)
			return -1;
		/* A directory that the import had made is empty now; others stay. */
		snprintf(path, sizeof path, "%s/%s", state->path, relative);
		rmdir(path);
	}
	snprintf(path, sizeof path, "%s/%s", state->path, name);
	rmdir(path);
	return 0;
}

int state_transaction_undo(struct state_directory *state, struct failure *failure)
{
	char path[UNDO_PATH_SIZE];
	struct lengths lengths;
	undo_path(state, path);
	if (whole_file_read(path, UNDO_SIZE_MAX, &lengths.content, &lengths.length, failure) != 0)
		return -1;
	int result;
	if (lengths_whole(&lengths))
		result = for_each_target_directory(state, undo_target, &lengths, failure);
	else
		result = fail(failure, EXIT_FAILED,
			      "%s: damaged: remove it, then look at the ledgers with 'stalenode "
			      "check %s'",
			      path, state->path);
	free(lengths.content);
	return result == 0 ? state_transaction_commit(state, failure) : -1;
}
