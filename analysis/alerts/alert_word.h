/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alert_word: words that many formats share: protocols, what was done with the packet, TCP flags.
 */
#ifndef STALENODE_ALERT_WORD_H
#define STALENODE_ALERT_WORD_H

#include "alert.h"
#include "field.h"

/* Bits of the TCP header's octet of flags (RFC 9293, 3.1). */
enum {
	FLAG_FIN = 1,
	FLAG_SYN = 2,
	FLAG_RST = 4,
	FLAG_PSH = 8,
	FLAG_ACK = 16,
	FLAG_URG = 32,
	FLAG_ECE = 64,
	FLAG_CWR = 128
};

/* "TCP", "udp", "ICMPv6", "6", "tcp/https", "6(TCP)": the IANA number; false when unknown. */
bool alert_word_protocol(struct slice word, uint8_t *protocol);
/* "Deny", "DROP", "blocked", "accept", ... at the word's beginning, any case. */
enum alert_action alert_word_action(struct slice word);
/* The action that any word of the text names; of several the first. */
enum alert_action alert_word_action_within(const char *at, const char *end);
/* "SYN ACK", "SYN,ACK", "SYN-ACK" as words, or "S", "FPU", "SA" as letters: false when anything
 * else is there. */
bool alert_word_flags(struct slice words, int32_t *flags);

#endif
