/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * endpoint: an address and maybe a port as texts write them: "198.51.100.7:4000", ".../4000",
 * "(4000)", "198.51.100.7.4000" and "2001:db8::7.443" (tcpdump), "[2001:db8::7]:443",
 * "outside:198.51.100.7/4000", "198.51.100.7 port 4000". */
#ifndef STALENODE_ENDPOINT_H
#define STALENODE_ENDPOINT_H

#include "field.h"

struct endpoint {
	const char *begin, *behind; /* behind the port */
	struct address address;
	int32_t port; /* -1: none told */
};

/* The first one from `at` on, at a word's beginning; false when there is none. A network
 * ("198.51.100.0/24") is none, unless it stands behind an interface; nor is what stands behind '='.
 */
bool endpoint_next(const char *at, const char *line, const char *end, struct endpoint *endpoint);

#endif
