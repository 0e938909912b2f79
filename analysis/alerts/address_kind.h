/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * address_kind: addresses that mean more than one host, or one that is near. */
#ifndef STALENODE_ADDRESS_KIND_H
#define STALENODE_ADDRESS_KIND_H

#include "../../observer/target.h"

/* Broadcast (RFC 919) and multicast (RFC 5771, RFC 4291). A directed broadcast looks like a host.
 */
static inline bool address_is_for_many(const struct address *address)
{
	const uint8_t *b = address->bytes;
	if (!address_is_ipv4(address))
		return b[0] == 0xff;
	return (b[12] >= 224 && b[12] <= 239) ||
	       (b[12] == 255 && b[13] == 255 && b[14] == 255 && b[15] == 255);
}

/* Private (RFC 1918, RFC 4193), link-local (RFC 3927, RFC 4291), loopback, and 0.0.0.0: never
 * routed in the Internet. 100.64/10 (RFC 6598) is a provider's own. */
static inline bool address_is_private(const struct address *address)
{
	const uint8_t *b = address->bytes;
	if (!address_is_ipv4(address))
		return (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
	return b[12] == 10 || b[12] == 127 || b[12] == 0 ||
	       (b[12] == 172 && (b[13] & 0xf0) == 16) || (b[12] == 192 && b[13] == 168) ||
	       (b[12] == 169 && b[13] == 254) || (b[12] == 100 && (b[13] & 0xc0) == 64);
}

#endif
