/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe_configuration.h"

#include "live_capture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What observe has to refuse, because doing something else would do harm. */
static int check(const struct configuration *configuration, const char *path,
		 struct failure *failure)
{
	if (configuration->interfaces > 1)
		return fail(failure, EXIT_WRONG_USE,
			    "%s: %zu interfaces: one is observed at present: leave one [interface "
			    "NAME], or write [interface any]",
			    path, configuration->interfaces);
	if (configuration->anonymise && configuration->evidence_mib)
		return fail(failure, EXIT_WRONG_USE,
			    "%s: [evidence] anonymise = yes: observe keeps addresses as they came: "
			    "write budget = 0, which keeps none, or anonymise = no",
			    path);
	return 0;
}

static int read_and_check(struct configuration *configuration, const char *path,
			  struct failure *failure)
{
	struct configuration *wanted = calloc(1, sizeof *wanted);
	if (!wanted)
		return fail(failure, EXIT_FAILED, "%s: out of memory", path);
	int result = configuration_read(wanted, path, failure);
	if (result == 0)
		result = check(wanted, path, failure);
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
	if (configuration->interface[0].snapshot_bytes != LIVE_SNAPSHOT_LENGTH)
		say_warning("%s: [interface %s] snapshot: observe takes %d bytes of each packet",
			    path, configuration->interface[0].name, LIVE_SNAPSHOT_LENGTH);
	if (configuration->countries[0] || configuration->systems[0])
		say_warning("%s: [geo]: observe counts neither countries nor systems", path);
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

/* What differs from what runs and is not changed while it runs. */
static void list_waiting(const struct configuration *running, const struct configuration *wanted,
			 struct list *waiting)
{
	const struct interface_configuration *old = &running->interface[0];
	const struct interface_configuration *new = &wanted->interface[0];
	if (strcmp(running->state, wanted->state) != 0)
		list_add(waiting, "[agent] state");
	if (running->attempts != wanted->attempts)
		list_add(waiting, "[agent] attempts");
	if (strcmp(old->name, new->name) != 0 || old->ring_mib != new->ring_mib)
		list_add(waiting, "[interface %s]", new->name);
	if (running->evidence_mib != wanted->evidence_mib)
		list_add(waiting, "[evidence] budget");
	for (size_t i = 0; i < wanted->targets; i++) {
		const struct target *before = configuration_find(running, wanted->target[i].name);
		if (!before)
			list_add(waiting, "new target %s", wanted->target[i].name);
		else if (!same_exclusions(before, &wanted->target[i]))
			list_add(waiting, "exclude of target %s", before->name);
	}
	for (size_t i = 0; i < running->targets; i++)
		if (!configuration_find(wanted, running->target[i].name))
			list_add(waiting, "end of target %s", running->target[i].name);
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
			      const struct list *waiting)
{
	if (waiting->length) {
		say_warning("%s: read again%s%s; waits for the next start: %s", path,
			    recorded->length ? ": recorded of target " : "", recorded->text,
			    waiting->text);
		return;
	}
	printf("%s: read again: %s%s\n", path, recorded->length ? "recorded of target " : "",
	       recorded->length ? recorded->text : "nothing is new");
	fflush(stdout);
}

void observe_configuration_reread(const struct configuration *running, const char *path,
				  struct state_directory *state)
{
	struct failure failure = {0};
	struct list recorded = {.length = 0}, waiting = {.length = 0};
	struct configuration *wanted = calloc(1, sizeof *wanted);
	if (!wanted)
		fail(&failure, EXIT_FAILED, "%s: out of memory", path);
	else if (read_and_check(wanted, path, &failure) == 0 &&
		 record(running, wanted, path, state, &recorded, &failure) == 0) {
		list_waiting(running, wanted, &waiting);
		say_what_was_done(path, &recorded, &waiting);
	}
	if (failure.status != EXIT_DONE)
		say_error("%s: refused, what was configured stays", failure.text);
	free(wanted);
}
