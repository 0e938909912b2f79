/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "targets.h"

#include "../base/timestamp.h"
#include "../base/whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VERSION_LINE "stalenode-targets 1"
#define COLUMNS	     9

static const char *const column_names[COLUMNS] = {
	"name", "client", "version", "address", "ports", "started", "retired", "policy", "exclude",
};

static void targets_path(const char *state_directory, char path[4096])
{
	snprintf(path, 4096, "%s/targets", state_directory);
}

/* Several addresses stand in one column, separated by commas. */
static int set_column(struct target *target, int column, char *value, struct failure *failure)
{
	if (column > 0 && strcmp(value, "-") == 0) /* a target may be named "-" */
		return 0;
	if (column == 0) {
		if (!target_name_valid(value))
			return fail(failure, EXIT_FAILED, "'%.80s' is not a target's name", value);
		snprintf(target->name, sizeof target->name, "%s", value);
		return 0;
	}
	if (strcmp(column_names[column], "ports") == 0) {
		if (!target_parse_ports(value, target->port, TARGET_PORTS_MAX, &target->ports))
			return fail(failure, EXIT_FAILED, "ports '%.60s': numbers 1 to 65535",
				    value);
		return 0;
	}
	if (strcmp(column_names[column], "address") != 0)
		return target_set(target, column_names[column], value, failure);
	char *rest = value;
	for (char *one = strsep(&rest, ","); one; one = strsep(&rest, ","))
		if (target_set(target, "address", one, failure) != 0)
			return -1;
	return 0;
}

static int parse_line(struct target *target, char *line, struct failure *failure)
{
	target_clear(target);
	char *rest = line;
	for (int column = 0; column < COLUMNS; column++) {
		char *value = strsep(&rest, "\t");
		if (!value)
			return fail(failure, EXIT_FAILED, "%d columns instead of %d", column,
				    COLUMNS);
		if (set_column(target, column, value, failure) != 0)
			return -1;
	}
	if (rest)
		return fail(failure, EXIT_FAILED, "more than %d columns", COLUMNS);
	if (!target->name[0] || !target->addresses || !target->ports)
		return fail(failure, EXIT_FAILED, "a target needs a name, an address and a port");
	return 0;
}

static int parse_content(struct targets *targets, const char *path, char *content,
			 struct failure *failure)
{
	char *rest = content;
	char *line = strsep(&rest, "\n");
	if (!line || strcmp(line, VERSION_LINE) != 0)
		return fail(failure, EXIT_FAILED,
			    "%s:1: not a list of targets of this version: the first line should "
			    "read \"%s\"",
			    path, VERSION_LINE);
	for (int number = 2; (line = strsep(&rest, "\n")); number++) {
		if (line[0] == '#' || line[0] == '\0')
			continue;
		if (targets->targets == TARGETS_MAX)
			return fail(failure, EXIT_FAILED, "%s:%d: more than %d targets", path,
				    number, TARGETS_MAX);
		struct failure why = {0};
		struct target *target = &targets->target[targets->targets];
		if (parse_line(target, line, &why) == 0 && targets_find(targets, target->name))
			fail(&why, EXIT_FAILED, "target '%s' stands there twice", target->name);
		if (why.status != EXIT_DONE)
			return fail(failure, EXIT_FAILED, "%s:%d: %s: correct the line by hand",
				    path, number, why.text);
		targets->targets++;
	}
	return 0;
}

int targets_read(struct targets *targets, const char *state_directory, struct failure *failure)
{
	char path[4096];
	targets_path(state_directory, path);
	targets->targets = 0;
	targets->target = NULL;
	if (access(path, R_OK) != 0 && errno == ENOENT)
		return fail(failure, EXIT_FAILED,
			    "%s: not a state directory of stalenode (it has no file 'targets')",
			    state_directory);
	char *content;
	size_t length;
	if (whole_file_read(path, 1 << 20, &content, &length, failure) != 0)
		return -1;
	int result;
	targets->target = calloc(TARGETS_MAX, sizeof targets->target[0]);
	if (!targets->target)
		result = fail(failure, EXIT_FAILED, "%s: out of memory", path);
	else if (memchr(content, '\0', length))
		result =
			fail(failure, EXIT_FAILED,
			     "%s: damaged, zero bytes stand in it: restore it from a backup", path);
	else
		result = parse_content(targets, path, content, failure);
	free(content);
	if (result != 0)
		targets_free(targets);
	return result;
}

static void write_time(FILE *stream, int64_t time)
{
	char text[TIMESTAMP_TEXT_SIZE];
	fprintf(stream, "\t%s", time == TIME_UNKNOWN ? "-" : timestamp_format(time, text));
}

static void write_ports(FILE *stream, const uint16_t *port, size_t ports)
{
	fputc('\t', stream);
	for (size_t i = 0; i < ports; i++)
		fprintf(stream, "%s%u", i ? "," : "", port[i]);
	if (!ports)
		fputc('-', stream);
}

static void write_target(FILE *stream, const struct target *target)
{
	char address[ADDRESS_TEXT_SIZE];
	fprintf(stream, "%s\t%s\t%s\t", target->name, target->client[0] ? target->client : "-",
		target->version[0] ? target->version : "-");
	for (size_t i = 0; i < target->addresses; i++)
		fprintf(stream, "%s%s", i ? "," : "", address_format(&target->address[i], address));
	write_ports(stream, target->port, target->ports);
	write_time(stream, target->started);
	write_time(stream, target->retired);
	fprintf(stream, "\t%s", target->policy[0] ? target->policy : "-");
	write_ports(stream, target->excluded_port, target->excluded_ports);
	fputc('\n', stream);
}

int targets_write(const struct targets *targets, const char *state_directory,
		  struct failure *failure)
{
	char path[4096];
	targets_path(state_directory, path);
	struct whole_file file;
	if (whole_file_open(&file, path, failure) != 0)
		return -1;
	fprintf(file.stream, VERSION_LINE "\n#");
	for (int column = 0; column < COLUMNS; column++)
		fprintf(file.stream, "%s%s", column ? "\t" : "", column_names[column]);
	fputc('\n', file.stream);
	for (size_t i = 0; i < targets->targets; i++)
		write_target(file.stream, &targets->target[i]);
	return whole_file_close(&file, failure);
}

void targets_free(struct targets *targets)
{
	free(targets->target);
	*targets = (struct targets){0};
}

struct target *targets_find(const struct targets *targets, const char *name)
{
	for (size_t i = 0; i < targets->targets; i++)
		if (strcmp(targets->target[i].name, name) == 0)
			return &targets->target[i];
	return NULL;
}

static bool same_node(const struct target *a, const struct target *b)
{
	return a->addresses == b->addresses && a->ports == b->ports &&
	       memcmp(a->address, b->address, a->addresses * sizeof a->address[0]) == 0 &&
	       memcmp(a->port, b->port, a->ports * sizeof a->port[0]) == 0;
}

static void bring_up_to_date(struct target *recorded, const struct target *given)
{
	if (given->client[0])
		memcpy(recorded->client, given->client, sizeof recorded->client);
	if (given->version[0])
		memcpy(recorded->version, given->version, sizeof recorded->version);
	if (given->policy[0])
		memcpy(recorded->policy, given->policy, sizeof recorded->policy);
	if (given->started != TIME_UNKNOWN)
		recorded->started = given->started;
	if (given->retired != TIME_UNKNOWN)
		recorded->retired = given->retired;
	if (given->excluded_ports) {
		memcpy(recorded->excluded_port, given->excluded_port,
		       sizeof recorded->excluded_port);
		recorded->excluded_ports = given->excluded_ports;
	}
}

int targets_add(struct targets *targets, const struct target *given, struct failure *failure)
{
	struct target *recorded = targets_find(targets, given->name);
	if (recorded && !same_node(recorded, given))
		return fail(
			failure, EXIT_WRONG_USE,
			"target '%s' is recorded with another address or port: take another name",
			given->name);
	if (recorded) {
		bring_up_to_date(recorded, given);
		return 0;
	}
	if (!targets->target)
		targets->target = calloc(TARGETS_MAX, sizeof targets->target[0]);
	if (!targets->target)
		return fail(failure, EXIT_FAILED, "out of memory");
	if (targets->targets == TARGETS_MAX)
		return fail(failure, EXIT_WRONG_USE, "more than %d targets in one state directory",
			    TARGETS_MAX);
	targets->target[targets->targets++] = *given;
	return 0;
}

int targets_append_given(struct target *given, size_t *count, const char *text,
			 struct failure *failure)
{
	if (*count == TARGETS_MAX)
		return fail(failure, EXIT_WRONG_USE, "more than %d targets", TARGETS_MAX);
	if (target_parse(&given[*count], text, failure) != 0)
		return -1;
	for (size_t i = 0; i < *count; i++)
		if (strcmp(given[i].name, given[*count].name) == 0)
			return fail(failure, EXIT_WRONG_USE, "target '%s' is named twice",
				    given[i].name);
	(*count)++;
	return 0;
}
