/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "configuration_reading.h"

#include "base/ini_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word;
	bool named; /* "[word NAME]", as many as one likes; others stand once */
} sections[SECTIONS] = {
	{"agent", false},    {"interface", true}, {"target", true},
	{"evidence", false}, {"geo", false},
};

static int begin_interface(struct reading *reading, int line, const char *name,
			   struct failure *failure)
{
	struct configuration *configuration = reading->configuration;
	size_t length = strlen(name);
	if (length == 0 || length >= INTERFACE_NAME_SIZE || strpbrk(name, "/ \t") ||
	    configuration_has_control_characters(name))
		return fail(failure, EXIT_WRONG_USE,
			    "[%s]: allowed is [interface NAME], 1 to %d bytes without blanks, as "
			    "'ip link' lists it, or any",
			    reading->heading, INTERFACE_NAME_SIZE - 1);
	for (size_t i = 0; i < configuration->interfaces; i++)
		if (strcmp(configuration->interface[i].name, name) == 0)
			return fail(failure, EXIT_WRONG_USE,
				    "[%s] stands in line %d already: allowed is one section for "
				    "each interface",
				    reading->heading, reading->interface_line[i]);
	if (configuration->interfaces == CONFIGURATION_INTERFACES_MAX)
		return fail(failure, EXIT_WRONG_USE, "[%s]: allowed are %d interfaces",
			    reading->heading, CONFIGURATION_INTERFACES_MAX);
	reading->interface_line[configuration->interfaces++] = line;
	struct interface_configuration *interface = current_interface(reading);
	*interface = (struct interface_configuration){
		.ring_mib = CONFIGURATION_RING,
		.snapshot_bytes = CONFIGURATION_SNAPSHOT,
	};
	memcpy(interface->name, name, length + 1);
	return 0;
}

static int begin_target(struct reading *reading, int line, const char *name,
			struct failure *failure)
{
	struct configuration *configuration = reading->configuration;
	if (!target_name_valid(name))
		return fail(failure, EXIT_WRONG_USE,
			    "[%s]: allowed is [target NAME], 1 to 64 of A-Z a-z 0-9 . _ - that do "
			    "not begin with a dot, nor targets, lock or import.undo",
			    reading->heading);
	const struct target *before = configuration_find(configuration, name);
	if (before)
		return fail(failure, EXIT_WRONG_USE,
			    "[%s] stands in line %d already: allowed is one section for each "
			    "target",
			    reading->heading, reading->target_line[before - configuration->target]);
	if (configuration->targets == TARGETS_MAX)
		return fail(failure, EXIT_WRONG_USE, "[%s]: allowed are %d targets",
			    reading->heading, TARGETS_MAX);
	reading->target_line[configuration->targets++] = line;
	struct target *target = current_target(reading);
	target_clear(target);
	memcpy(target->name, name, strlen(name) + 1);
	return 0;
}

static int begin_section(void *context, int line, const char *heading, struct failure *failure)
{
	struct reading *reading = context;
	size_t word = strcspn(heading, " \t");
	const char *name = heading + word + strspn(heading + word, " \t");
	snprintf(reading->heading, sizeof reading->heading, "%s", heading);
	reading->keys_seen = 0;
	for (reading->section = 0; reading->section < SECTIONS; reading->section++)
		if (strlen(sections[reading->section].word) == word &&
		    strncmp(heading, sections[reading->section].word, word) == 0 &&
		    (sections[reading->section].named || !*name))
			break;
	if (reading->section == INTERFACE)
		return begin_interface(reading, line, name, failure);
	if (reading->section == TARGET)
		return begin_target(reading, line, name, failure);
	if (reading->section == SECTIONS)
		return fail(
			failure, EXIT_WRONG_USE,
			"[%s] is unknown: allowed are [agent], [interface NAME], [target NAME], "
			"[evidence], [geo]",
			heading);
	int *first = &reading->section_line[reading->section];
	if (*first)
		return fail(failure, EXIT_WRONG_USE,
			    "[%s] stands in line %d already: allowed is one such section", heading,
			    *first);
	*first = line;
	return 0;
}

/* Where each target is observed. */
static int place_targets(struct reading *reading, const char *path, struct failure *failure)
{
	struct configuration *configuration = reading->configuration;
	for (size_t i = 0; i < configuration->targets; i++) {
		const char *wanted = reading->target_interface[i];
		uint32_t *index = &configuration->target_interface[i];
		for (*index = 0; *index < configuration->interfaces; ++*index)
			if (strcmp(configuration->interface[*index].name, wanted) == 0)
				break;
		if (!wanted[0] && configuration->interfaces == 1)
			*index = 0;
		else if (!wanted[0])
			return fail(failure, EXIT_WRONG_USE,
				    "%s:%d: [target %s] interface is missing: there are several "
				    "[interface NAME]: name the one that it is observed on",
				    path, reading->target_line[i], configuration->target[i].name);
		else if (*index == configuration->interfaces)
			return fail(failure, EXIT_WRONG_USE,
				    "%s:%d: [target %s] interface '%s': allowed is the name of "
				    "an [interface NAME] of this file",
				    path, reading->target_line[i], configuration->target[i].name,
				    wanted);
	}
	return 0;
}

/* What no single line shows; told at the section's heading, or at the end of the file. */
static int check_whole(const struct reading *reading, const char *path, int lines,
		       struct failure *failure)
{
	const struct configuration *configuration = reading->configuration;
	if (!configuration->state[0])
		return fail(failure, EXIT_WRONG_USE,
			    "%s:%d: [agent] state is missing: give the name of a directory", path,
			    reading->section_line[AGENT] ? reading->section_line[AGENT] : lines);
	if (!configuration->interfaces)
		return fail(failure, EXIT_WRONG_USE,
			    "%s:%d: [interface NAME] is missing: give one, as 'ip link' lists it, "
			    "or any",
			    path, lines);
	if (!configuration->targets)
		return fail(failure, EXIT_WRONG_USE,
			    "%s:%d: [target NAME] is missing: give one with address and ports",
			    path, lines);
	for (size_t i = 0; i < configuration->targets; i++) {
		const struct target *target = &configuration->target[i];
		if (!target->addresses || !target->ports)
			return fail(failure, EXIT_WRONG_USE, "%s:%d: [target %s] %s", path,
				    reading->target_line[i], target->name,
				    target->addresses
					    ? "ports is missing: give one port or several"
					    : "address is missing: give an IPv4 or IPv6 address, "
					      "or one of each");
	}
	return 0;
}

int configuration_read(struct configuration *configuration, const char *path,
		       struct failure *failure)
{
	static const struct ini_handler handler = {begin_section, configuration_read_entry};
	struct reading *reading = calloc(1, sizeof *reading);
	struct configuration *wanted = calloc(1, sizeof *wanted);
	int result, lines;
	if (!reading || !wanted) {
		result = fail(failure, EXIT_FAILED, "%s: out of memory", path);
	} else {
		wanted->attempts = CONFIGURATION_ATTEMPTS;
		wanted->sources = CONFIGURATION_SOURCES;
		wanted->evidence_mib = CONFIGURATION_EVIDENCE;
		reading->configuration = wanted;
		result = ini_file_read(path, &handler, reading, &lines, failure);
		if (result == 0)
			result = check_whole(reading, path, lines ? lines : 1, failure);
		if (result == 0)
			result = place_targets(reading, path, failure);
		if (result == 0)
			*configuration = *wanted;
	}
	free(reading);
	free(wanted);
	return result;
}

const struct target *configuration_find(const struct configuration *configuration, const char *name)
{
	for (size_t i = 0; i < configuration->targets; i++)
		if (strcmp(configuration->target[i].name, name) == 0)
			return &configuration->target[i];
	return NULL;
}
