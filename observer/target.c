/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target.h"

#include "base/decimal.h"
#include "base/timestamp.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

bool target_name_valid(const char *name)
{
	/* A target's directory stands beside these files of the state directory. */
	static const char *const files[] = {"targets", "lock", "import.undo"};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		if (strcmp(name, files[i]) == 0)
			return false;
	size_t length = strlen(name);
	/* "." and ".." would be directories of the file system, not of a target. */
	return length > 0 && length < TARGET_NAME_SIZE && name[0] != '.' &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") ==
		       length;
}

bool address_parse(const char *text, struct address *address)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	struct in_addr ipv4;
	struct in6_addr ipv6;
	if (inet_pton(AF_INET, text, &ipv4) == 1) {
		memcpy(address->bytes, mapped, sizeof mapped);
		memcpy(address->bytes + 12, &ipv4, 4);
		return true;
	}
	if (inet_pton(AF_INET6, text, &ipv6) == 1) {
		memcpy(address->bytes, &ipv6, 16);
		return true;
	}
	return false;
}

bool address_is_ipv4(const struct address *address)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	return memcmp(address->bytes, mapped, sizeof mapped) == 0;
}

char *address_format(const struct address *address, char text[ADDRESS_TEXT_SIZE])
{
	if (address_is_ipv4(address))
		inet_ntop(AF_INET, address->bytes + 12, text, ADDRESS_TEXT_SIZE);
	else
		inet_ntop(AF_INET6, address->bytes, text, ADDRESS_TEXT_SIZE);
	return text;
}

bool target_parse_ports(const char *text, uint16_t *port, size_t capacity, size_t *ports)
{
	*ports = 0;
	while (*ports < capacity) {
		size_t length = strcspn(text, ",");
		uint64_t number;
		if (!decimal_parse(text, length, 65535, &number) || number == 0)
			return false;
		port[(*ports)++] = (uint16_t)number;
		if (text[length] == '\0')
			return true;
		text += length + 1;
	}
	return false;
}

static bool text_is_plain(const char *text, size_t size)
{
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
	return strlen(text) < size;
}

static int set_text(char *field, size_t size, const char *key, const char *value,
		    struct failure *failure)
{
	if (!text_is_plain(value, size))
		return fail(failure, EXIT_WRONG_USE,
			    "%s '%.40s': at most %zu bytes without control characters", key, value,
			    size - 1);
	/* A "-" is how the list of targets writes what is unknown. */
	snprintf(field, size, "%s", strcmp(value, "-") == 0 ? "" : value);
	return 0;
}

static int set_time(int64_t *field, const char *key, const char *value, struct failure *failure)
{
	if (timestamp_parse(value, field))
		return 0;
	return fail(failure, EXIT_WRONG_USE,
		    "%s '%.40s' is not a time: write 2008-02-20T00:00:00Z or Unix seconds", key,
		    value);
}

static int add_address(struct target *target, const char *text, struct failure *failure)
{
	if (target->addresses == sizeof target->address / sizeof target->address[0])
		return fail(failure, EXIT_WRONG_USE,
			    "more than two addresses: one IPv4 and one IPv6");
	if (!address_parse(text, &target->address[target->addresses]))
		return fail(
			failure, EXIT_WRONG_USE,
			"'%.60s' is not an IPv4 or IPv6 address, like 198.51.100.7 or 2001:db8::7",
			text);
	/* Every packet to an address counts once for each time that the target has it. */
	char written[ADDRESS_TEXT_SIZE];
	if (target->addresses &&
	    memcmp(&target->address[0], &target->address[1], sizeof target->address[0]) == 0)
		return fail(failure, EXIT_WRONG_USE, "address %s is given twice",
			    address_format(&target->address[0], written));
	target->addresses++;
	return 0;
}

int target_set(struct target *target, const char *key, const char *value, struct failure *failure)
{
	if (strcmp(key, "client") == 0)
		return set_text(target->client, sizeof target->client, key, value, failure);
	if (strcmp(key, "version") == 0)
		return set_text(target->version, sizeof target->version, key, value, failure);
	if (strcmp(key, "started") == 0)
		return set_time(&target->started, key, value, failure);
	if (strcmp(key, "retired") == 0)
		return set_time(&target->retired, key, value, failure);
	if (strcmp(key, "address") == 0)
		return add_address(target, value, failure);
	if (strcmp(key, "policy") == 0) {
		if (strcmp(value, "drop") != 0 && strcmp(value, "rst") != 0)
			return fail(failure, EXIT_WRONG_USE, "policy '%.20s': write drop or rst",
				    value);
		return set_text(target->policy, sizeof target->policy, key, value, failure);
	}
	if (strcmp(key, "exclude") == 0) {
		if (!target_parse_ports(value, target->excluded_port, TARGET_EXCLUDED_MAX,
					&target->excluded_ports))
			return fail(failure, EXIT_WRONG_USE,
				    "exclude '%.60s': ports 1 to 65535, separated by commas, at "
				    "most %d",
				    value, TARGET_EXCLUDED_MAX);
		return 0;
	}
	return fail(
		failure, EXIT_WRONG_USE,
		"unknown key '%.20s': client, version, started, retired, policy, exclude, address",
		key);
}

static const char *const key_names[] = {"client",  "version", "started", "retired",
					"address", "policy",  "exclude"};

/* Finds the ':' before the next known "key=": times and IPv6 addresses hold colons themselves. */
static char *next_key(char *text)
{
	for (char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':'))
		for (size_t i = 0; i < sizeof key_names / sizeof key_names[0]; i++) {
			size_t length = strlen(key_names[i]);
			if (strncmp(colon + 1, key_names[i], length) == 0 &&
			    colon[1 + length] == '=')
				return colon;
		}
	return NULL;
}

static int parse_parts(struct target *target, char *copy, struct failure *failure)
{
	char *equals = strchr(copy, '=');
	char *slash = equals ? strchr(equals, '/') : NULL;
	if (!slash)
		return fail(failure, EXIT_WRONG_USE,
			    "write NAME=ADDRESS/PORT[,PORT...][:retired=TIME]");
	*equals = *slash = '\0';
	if (!target_name_valid(copy))
		return fail(failure, EXIT_WRONG_USE,
			    "the name '%.80s' should be 1 to 64 of A-Z a-z 0-9 . _ - and not begin "
			    "with a dot, nor be targets, lock or import.undo",
			    copy);
	snprintf(target->name, sizeof target->name, "%.*s", TARGET_NAME_SIZE - 1, copy);
	if (add_address(target, equals + 1, failure) != 0)
		return -1;
	char *ports = slash + 1;
	char *key = strchr(ports, ':');
	if (key)
		*key++ = '\0';
	if (!target_parse_ports(ports, target->port, TARGET_PORTS_MAX, &target->ports))
		return fail(failure, EXIT_WRONG_USE,
			    "ports '%.60s': numbers 1 to 65535, separated by commas, at most %d",
			    ports, TARGET_PORTS_MAX);
	while (key) {
		char *next = next_key(key);
		if (next)
			*next++ = '\0';
		char *value = strchr(key, '=');
		if (!value)
			return fail(failure, EXIT_WRONG_USE,
				    "'%.60s' after the ports: write key=value", key);
		*value++ = '\0';
		if (target_set(target, key, value, failure) != 0)
			return -1;
		key = next;
	}
	return 0;
}

void target_clear(struct target *target)
{
	*target = (struct target){.started = TIME_UNKNOWN, .retired = TIME_UNKNOWN};
}

/* Excluded packets are not counted as SYNs: a port cannot be both. */
static int refuse_contradiction(const struct target *target, struct failure *failure)
{
	for (size_t i = 0; i < target->excluded_ports; i++)
		for (size_t j = 0; j < target->ports; j++)
			if (target->excluded_port[i] == target->port[j])
				return fail(
					failure, EXIT_WRONG_USE,
					"port %u is excluded and to be counted: take it out of one",
					target->port[j]);
	return 0;
}

int target_parse(struct target *target, const char *text, struct failure *failure)
{
	char copy[1024];
	target_clear(target);
	if (strlen(text) >= sizeof copy)
		return fail(failure, EXIT_WRONG_USE, "target '%.40s...': longer than %zu bytes",
			    text, sizeof copy - 1);
	snprintf(copy, sizeof copy, "%s", text);
	struct failure why = {0};
	if (parse_parts(target, copy, &why) != 0 || refuse_contradiction(target, &why) != 0)
		return fail(failure, EXIT_WRONG_USE, "target '%.100s': %s", text, why.text);
	return 0;
}
