/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The keys of a configuration file, and what each allows. */
#include "configuration_reading.h"

#include "base/decimal.h"

#include <stdio.h>
#include <string.h>

struct key {
	enum section section;
	const char *name;
	int (*set)(struct reading *reading, const struct key *key, const char *value,
		   struct failure *failure);
	size_t offset; /* in the struct of its section */
	uint32_t least, most;
	const char *unit;
};

/* Where the key's value belongs. */
static void *place_of(struct reading *reading, const struct key *key)
{
	char *begin = (char *)reading->configuration;
	if (key->section == INTERFACE)
		begin = (char *)current_interface(reading);
	return begin + key->offset;
}

static int set_number(struct reading *reading, const struct key *key, const char *value,
		      struct failure *failure)
{
	uint64_t number;
	if (!decimal_parse(value, strlen(value), key->most, &number) || number < key->least)
		return fail(failure, EXIT_WRONG_USE,
			    "[%s] %s '%.40s': allowed is a number of %s, %u to %u",
			    reading->heading, key->name, value, key->unit, key->least, key->most);
	uint32_t narrow = (uint32_t)number;
	memcpy(place_of(reading, key), &narrow, sizeof narrow);
	return 0;
}

static int set_switch(struct reading *reading, const struct key *key, const char *value,
		      struct failure *failure)
{
	bool on = strcmp(value, "yes") == 0;
	if (!on && strcmp(value, "no") != 0)
		return fail(failure, EXIT_WRONG_USE, "[%s] %s '%.40s': allowed is yes or no",
			    reading->heading, key->name, value);
	memcpy(place_of(reading, key), &on, sizeof on);
	return 0;
}

bool configuration_has_control_characters(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

static int set_path(struct reading *reading, const struct key *key, const char *value,
		    struct failure *failure)
{
	size_t length = strlen(value);
	if (length == 0 || length >= CONFIGURATION_PATH_SIZE ||
	    configuration_has_control_characters(value))
		return fail(failure, EXIT_WRONG_USE,
			    "[%s] %s '%.40s': allowed is the name of a %s, at most %d bytes",
			    reading->heading, key->name, value, key->unit,
			    CONFIGURATION_PATH_SIZE - 1);
	memcpy(place_of(reading, key), value, length + 1);
	return 0;
}

/* A target's times, and its ports and exclusions, have to make sense together: told at the line
 * that made them not do so. */
static int check_target(struct reading *reading, struct failure *failure)
{
	const struct target *target = current_target(reading);
	if (target->started != TIME_UNKNOWN && target->retired != TIME_UNKNOWN &&
	    target->retired < target->started)
		return fail(failure, EXIT_WRONG_USE,
			    "[%s] retired lies before started: allowed is the same time or a later "
			    "one",
			    reading->heading);
	for (size_t i = 0; i < target->ports; i++)
		for (size_t j = 0; j < target->excluded_ports; j++)
			if (target->port[i] == target->excluded_port[j])
				return fail(failure, EXIT_WRONG_USE,
					    "[%s] exclude: port %u is one of the target's ports: "
					    "allowed are the host's other services",
					    reading->heading, target->port[i]);
	return 0;
}

/* The mistakes of target_set() begin with the key or with the value; ours with section and key. */
static int set_target_key(struct reading *reading, const char *key, const char *value,
			  struct failure *failure)
{
	struct failure why = {0};
	if (target_set(current_target(reading), key, value, &why) == 0)
		return check_target(reading, failure);
	bool named = strncmp(why.text, key, strlen(key)) == 0;
	return fail(failure, EXIT_WRONG_USE, "[%s] %s%s%s", reading->heading, named ? "" : key,
		    named ? "" : ": ", why.text);
}

/* "a , b" as "a,b". A blank between two items that no comma parts stays, and is a mistake. */
static void tidy_list(const char *value, char tidy[INI_LINE_MAX + 1])
{
	size_t length = 0;
	for (const char *c = value; *c && length < INI_LINE_MAX; c++) {
		const char *next = c + strspn(c, " \t");
		if (next > c && (*next == ',' || !*next || (length && tidy[length - 1] == ',')))
			c = next;
		if (!*c)
			break;
		tidy[length++] = *c;
	}
	tidy[length] = '\0';
}

static int set_text(struct reading *reading, const struct key *key, const char *value,
		    struct failure *failure)
{
	return set_target_key(reading, key->name, value, failure);
}

static int set_retired(struct reading *reading, const struct key *key, const char *value,
		       struct failure *failure)
{
	/* What 'stalenode retire' recorded then stands. */
	if (strcmp(value, "auto") == 0)
		return 0;
	struct failure why = {0};
	if (set_target_key(reading, key->name, value, &why) == 0)
		return 0;
	return fail(failure, why.status, "%s, or auto", why.text);
}

static int set_addresses(struct reading *reading, const struct key *key, const char *value,
			 struct failure *failure)
{
	char tidy[INI_LINE_MAX + 1], *rest = tidy;
	tidy_list(value, tidy);
	for (char *one = strsep(&rest, ","); one; one = strsep(&rest, ","))
		if (set_target_key(reading, key->name, one, failure) != 0)
			return -1;
	return 0;
}

static int set_ports(struct reading *reading, const struct key *key, const char *value,
		     struct failure *failure)
{
	char tidy[INI_LINE_MAX + 1];
	struct target *target = current_target(reading);
	tidy_list(value, tidy);
	if (strcmp(key->name, "exclude") == 0)
		return set_target_key(reading, key->name, tidy, failure);
	if (!target_parse_ports(tidy, target->port, TARGET_PORTS_MAX, &target->ports))
		return fail(failure, EXIT_WRONG_USE,
			    "[%s] ports '%.60s': allowed are numbers 1 to 65535, separated by "
			    "commas, at most %d",
			    reading->heading, value, TARGET_PORTS_MAX);
	return check_target(reading, failure);
}

/* The sections of interfaces may come later: what it names is looked up at the end. */
static int set_interface(struct reading *reading, const struct key *key, const char *value,
			 struct failure *failure)
{
	size_t length = strlen(value);
	if (length == 0 || length >= INTERFACE_NAME_SIZE)
		return fail(failure, EXIT_WRONG_USE,
			    "[%s] %s '%.40s': allowed is the name of an [interface NAME]",
			    reading->heading, key->name, value);
	memcpy(reading->target_interface[reading->configuration->targets - 1], value, length + 1);
	return 0;
}

/* The worker looks for it from the state directory. */
static int set_absolute_path(struct reading *reading, const struct key *key, const char *value,
			     struct failure *failure)
{
	if (value[0] != '/')
		return fail(failure, EXIT_WRONG_USE,
			    "[%s] %s '%.40s': allowed is the name of a %s that begins with '/'",
			    reading->heading, key->name, value, key->unit);
	return set_path(reading, key, value, failure);
}

#define IN_CONFIGURATION(field) offsetof(struct configuration, field)
#define IN_INTERFACE(field)	offsetof(struct interface_configuration, field)
#define BOUNDS(name)		CONFIGURATION_##name##_LEAST, CONFIGURATION_##name##_MOST

static const struct key keys[] = {
	{AGENT, "state", set_path, IN_CONFIGURATION(state), 0, 0, "directory"},
	{AGENT, "attempts", set_number, IN_CONFIGURATION(attempts), BOUNDS(ATTEMPTS), "attempts"},
	{AGENT, "sources", set_number, IN_CONFIGURATION(sources), BOUNDS(SOURCES), "sources"},
	{INTERFACE, "ring", set_number, IN_INTERFACE(ring_mib), BOUNDS(RING), "MiB"},
	{INTERFACE, "snapshot", set_number, IN_INTERFACE(snapshot_bytes), BOUNDS(SNAPSHOT),
	 "bytes"},
	{TARGET, "interface", set_interface, 0, 0, 0, NULL},
	{TARGET, "client", set_text, 0, 0, 0, NULL},
	{TARGET, "version", set_text, 0, 0, 0, NULL},
	{TARGET, "address", set_addresses, 0, 0, 0, NULL},
	{TARGET, "ports", set_ports, 0, 0, 0, NULL},
	{TARGET, "started", set_text, 0, 0, 0, NULL},
	{TARGET, "retired", set_retired, 0, 0, 0, NULL},
	{TARGET, "policy", set_text, 0, 0, 0, NULL},
	{TARGET, "exclude", set_ports, 0, 0, 0, NULL},
	{EVIDENCE, "budget", set_number, IN_CONFIGURATION(evidence_mib), BOUNDS(EVIDENCE), "MiB"},
	{EVIDENCE, "anonymise", set_switch, IN_CONFIGURATION(anonymise), 0, 0, NULL},
	{GEO, "country", set_absolute_path, IN_CONFIGURATION(countries), 0, 0, "file .mmdb"},
	{GEO, "as", set_absolute_path, IN_CONFIGURATION(systems), 0, 0, "file .mmdb"},
};
#define KEYS (sizeof keys / sizeof keys[0])
_Static_assert(KEYS <= 32, "keys_seen has a bit for each key");

int configuration_read_entry(void *context, int line, const char *name, const char *value,
			     struct failure *failure)
{
	struct reading *reading = context;
	char allowed[256] = "";
	size_t length = 0;
	(void)line;
	for (size_t i = 0; i < KEYS; i++) {
		if (keys[i].section != reading->section)
			continue;
		int written = snprintf(allowed + length, sizeof allowed - length, "%s%s",
				       length ? ", " : "", keys[i].name);
		length += (size_t)written;
		if (strcmp(keys[i].name, name) != 0)
			continue;
		if (reading->keys_seen & UINT32_C(1) << i)
			return fail(failure, EXIT_WRONG_USE,
				    "[%s] %s is given twice: allowed is one line of it",
				    reading->heading, name);
		reading->keys_seen |= UINT32_C(1) << i;
		return keys[i].set(reading, &keys[i], value, failure);
	}
	return fail(failure, EXIT_WRONG_USE, "[%s] unknown key '%.40s': allowed are %s",
		    reading->heading, name, allowed);
}
