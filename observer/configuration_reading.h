/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * configuration_reading: the state of reading a configuration file, between the half that knows
 * sections (configuration.c) and the half that knows keys (configuration_keys.c). */
#ifndef STALENODE_CONFIGURATION_READING_H
#define STALENODE_CONFIGURATION_READING_H

#include "base/ini_file.h"
#include "configuration.h"

enum section { AGENT, INTERFACE, TARGET, EVIDENCE, GEO, SECTIONS };

/* While a file is read. */
struct reading {
	struct configuration *configuration;
	enum section section;
	char heading[INI_SECTION_MAX + 1]; /* of the current section */
	uint32_t keys_seen;		   /* in it; bits by number of the key */
	int section_line[SECTIONS];	   /* of those without a name; 0 when absent */
	int interface_line[CONFIGURATION_INTERFACES_MAX];
	int target_line[TARGETS_MAX];
	char target_interface[TARGETS_MAX][INTERFACE_NAME_SIZE]; /* as written; "" when not */
};

static inline struct interface_configuration *current_interface(struct reading *reading)
{
	return &reading->configuration->interface[reading->configuration->interfaces - 1];
}

static inline struct target *current_target(struct reading *reading)
{
	return &reading->configuration->target[reading->configuration->targets - 1];
}

bool configuration_has_control_characters(const char *text);

/* One "key = value" of the current section; for ini_file_read(), the context is the reading. */
int configuration_read_entry(void *reading, int line, const char *name, const char *value,
			     struct failure *failure);

#endif
