/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * anonymise: replaces addresses so that who shared a prefix shares one afterwards, and nobody who
 * lacks the key can tell whose they were: Crypto-PAn, J. Xu, J. Fan, M. Ammar, S. Moon,
 * "Prefix-Preserving IP Address Anonymization" (ICNP 2002), with AES-128; IPv6 by the same rule
 * over 128 bits. The key, 32 bytes in STATE/anonymise.key, is made at first use: who has it can
 * turn addresses back, who deletes it makes that impossible, and later evidence does not match
 * earlier evidence.
 *
 * Of a packet, both addresses are replaced: the target's as well, which is a customer's and would
 * give the key away bit by bit where it is known; the state directory tells which target it was.
 * Checksums of IP and TCP are adjusted (RFC 1624): right ones stay right and wrong ones wrong.
 * IPv4 options and IPv6 extension headers, which may hold addresses, are blanked, and what follows
 * the TCP header is cut off. Ports, sequence numbers and TCP options stay. */
#ifndef STALENODE_ANONYMISE_H
#define STALENODE_ANONYMISE_H

#include "../base/failure.h"

#include <stddef.h>
#include <stdint.h>

#define ANONYMISE_KEY_SIZE 32

struct anonymiser;

/* With this key; NULL when memory is lacking. */
struct anonymiser *anonymiser_with_key(const uint8_t key[ANONYMISE_KEY_SIZE]);
/* With the key of the state directory, made (mode 0600) when there is none. */
int anonymiser_open(struct anonymiser **anonymiser, const char *state_directory,
		    struct failure *failure);
void anonymiser_close(struct anonymiser *anonymiser);

/* Replaces an address of 4 or 16 bytes. */
void anonymise_address(struct anonymiser *anonymiser, uint8_t *address, size_t size);
/* Replaces the addresses of a packet, from its IP header on, of which `length` bytes were
 * captured; returns how many are left. A packet that is neither version of IP is left with no
 * byte. */
uint32_t anonymise_packet(struct anonymiser *anonymiser, uint8_t *packet, uint32_t length);

#endif
