/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe_configuration.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_and_check(struct configuration *configuration, const char *path,
			  struct failure *failure)
{
	struct configuration *wanted = calloc(1, sizeof *wanted);
	if (!wanted)
		return fail(failure, EXIT_FAILED, "%s: out of memory", path);
	int result = configuration_read(wanted, path, failure);
	if (result == 0)
		*configuration = *wanted;
	free(wanted);
	return result;
}

int observe_configuration_read(struct configuration *configuration, const char *path,
			       struct failure *failure)
{
	if (read_and_check(configuration, path, failure) != 0)
		return -1;
	return 0;
}

/* "a, b, c", cut at its capacity. */
struct list {
	char text[512];
	size_t length;
};

__attribute__((format(printf, 2, 3))) static void list_add(struct list *list, const char *format,
							   ...)
{
	va_list arguments;
	if (list->length && list->length + 2 < sizeof list->text) {
		memcpy(list->text + list->length, ", ", 3);
		list->length += 2;
	}
	va_start(arguments, format);
	int written = vsnprintf(list->text + list->length, sizeof list->text - list->length, format,
				arguments);
	va_end(arguments);
	list->length += written > 0 ? (size_t)written : 0;
	if (list->length >= sizeof list->text)
		list->length = sizeof list->text - 1;
}

static bool same_knowledge(const struct target *a, const struct target *b)
{
	return strcmp(a->client, b->client) == 0 && strcmp(a->version, b->version) == 0 &&
	       strcmp(a->policy, b->policy) == 0 && a->started == b->started &&
	       a->retired == b->retired;
}

static bool same_exclusions(const struct target *a, const struct target *b)
{
	return a->excluded_ports == b->excluded_ports &&
	       memcmp(a->excluded_port, b->excluded_port,
		      a->excluded_ports * sizeof a->excluded_port[0]) == 0;
}

static bool same_interfaces(const struct configuration *a, const struct configuration *b)
{
	if (a->interfaces != b->interfaces)
		return false;
	for (size_t i = 0; i < a->interfaces; i++)
		if (strcmp(a->interface[i].name, b->interface[i].name) != 0 ||
		    a->interface[i].ring_mib != b->interface[i].ring_mib ||
		    a->interface[i].snapshot_bytes != b->interface[i].snapshot_bytes)
			return false;
	return true;
}

static const char *interface_of(const struct configuration *configuration,
				const struct target *target)
{
	size_t index = (size_t)(target - configuration->target);
	return configuration->interface[configuration->target_interface[index]].name;
}

/* What differs from what runs, so that its workers have to begin anew. */
static void list_changes(const struct configuration *running, const struct configuration *wanted,
			 struct list *changes)
{
	if (running->attempts != wanted->attempts)
		list_add(changes, "[agent] attempts");
	if (running->sources != wanted->sources)
		list_add(changes, "[agent] sources");
	if (!same_interfaces(running, wanted))
		list_add(changes, "[interface]");
	if (running->evidence_mib != wanted->evidence_mib ||
	    running->anonymise != wanted->anonymise)
		list_add(changes, "[evidence]");
	if (strcmp(running->countries, wanted->countries) != 0 ||
	    strcmp(running->systems, wanted->systems) != 0)
		list_add(changes, "[geo]");
	for (size_t i = 0; i < wanted->targets; i++) {
		const struct target *target = &wanted->target[i];
		const struct target *before = configuration_find(running, target->name);
		if (!before)
			list_add(changes, "new target %s", target->name);
		else if (!same_exclusions(before, target))
			list_add(changes, "exclude of target %s", before->name);
		else if (before->retired != target->retired)
			list_add(changes, "retired of target %s", before->name);
		else if (strcmp(interface_of(running, before), interface_of(wanted, target)) != 0)
			list_add(changes, "interface of target %s", before->name);
	}
	for (size_t i = 0; i < running->targets; i++)
		if (!configuration_find(wanted, running->target[i].name))
			list_add(changes, "end of target %s", running->target[i].name);
}

/* Adds the wanted targets to the list, all of them to see whether the next start could, or only
 * those that run. */
static int add_targets(struct targets *targets, const struct configuration *running,
		       const struct configuration *wanted, bool all, struct failure *failure)
{
	for (size_t i = 0; i < wanted->targets; i++) {
		struct target given = wanted->target[i];
		if (!all && !configuration_find(running, given.name))
			continue;
		/* The list tells by which exclusions is counted, and these wait. */
		given.excluded_ports = 0;
		if (targets_add(targets, &given, failure) != 0)
			return -1;
	}
	return 0;
}

static struct targets copy_of(const struct targets *targets)
{
	struct targets copy = {calloc(TARGETS_MAX, sizeof copy.target[0]), targets->targets};
	if (copy.target && targets->targets)
		memcpy(copy.target, targets->target, targets->targets * sizeof copy.target[0]);
	return copy;
}

/* Records what the file knows of the running targets; names them in *recorded. */
static int record(const struct configuration *running, const struct configuration *wanted,
		  const char *path, struct state_directory *state, struct list *recorded,
		  struct failure *failure)
{
	struct targets trial = copy_of(&state->targets), updated = copy_of(&state->targets);
	struct failure why = {0};
	int result = 0;
	if (!trial.target || !updated.target)
		result = fail(failure, EXIT_FAILED, "%s: out of memory", path);
	else if (add_targets(&trial, running, wanted, true, &why) != 0 ||
		 add_targets(&updated, running, wanted, false, &why) != 0)
		result = fail(failure, why.status, "%s: %s", path, why.text);
	for (size_t i = 0; result == 0 && i < updated.targets; i++)
		if (!same_knowledge(&updated.target[i], &state->targets.target[i]))
			list_add(recorded, "%s", updated.target[i].name);
	if (result == 0 && recorded->length)
		result = targets_write(&updated, state->path, failure);
	if (result == 0) {
		struct targets old = state->targets;
		state->targets = updated;
		updated = old;
	}
	targets_free(&trial);
	targets_free(&updated);
	return result;
}

static void say_what_was_done(const char *path, const struct list *recorded,
			      const struct list *changes)
{
	const char *of = recorded->length ? "recorded of target " : "";
	if (changes->length)
		printf("%s: read again: %s%s%scounting begins anew with %s\n", path, of,
		       recorded->text, recorded->length ? "; " : "", changes->text);
	else
		printf("%s: read again: %s%s\n", path, of,
		       recorded->length ? recorded->text : "nothing is new");
	fflush(stdout);
}

bool observe_configuration_reread(struct configuration *running, const char *path,
				  struct state_directory *state)
{
	struct failure failure = {0};
	struct list recorded = {.length = 0}, changes = {.length = 0};
	struct configuration *wanted = calloc(1, sizeof *wanted);
	if (!wanted)
		fail(&failure, EXIT_FAILED, "%s: out of memory", path);
	else if (read_and_check(wanted, path, &failure) == 0 &&
		 strcmp(running->state, wanted->state) != 0)
		fail(&failure, EXIT_WRONG_USE,
		     "%s: [agent] state: another directory needs another start: stop the agent "
		     "first",
		     path);
	else if (failure.status == EXIT_DONE &&
		 record(running, wanted, path, state, &recorded, &failure) == 0) {
		list_changes(running, wanted, &changes);
		say_what_was_done(path, &recorded, &changes);
	}
	if (failure.status != EXIT_DONE)
		say_error("%s: refused, what was configured stays", failure.text);
	else
		*running = *wanted;
	free(wanted);
	return changes.length != 0;
}
