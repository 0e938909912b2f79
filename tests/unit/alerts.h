/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alerts: alerts as a test needs them: a SYN of one address to another, at a time. */
#ifndef STALENODE_TESTS_ALERTS_H
#define STALENODE_TESTS_ALERTS_H

#include "../../analysis/alerts/alert.h"
#include "../../observer/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define NOON INT64_C(1795694400) /* 26 November 2026, 12:00 UTC */

static inline struct address address_of(const char *text)
{
	struct address address;
	assert_true(address_parse(text, &address));
	return address;
}

/* 10.0.0.0 and so many on: more addresses than there are for documentation. */
static inline struct address address_number(uint32_t number)
{
	struct address address = address_of("10.0.0.0");
	address.bytes[13] = (uint8_t)(number >> 16);
	address.bytes[14] = (uint8_t)(number >> 8);
	address.bytes[15] = (uint8_t)number;
	return address;
}

static inline struct alert syn_of(const char *source, const char *destination, int32_t port,
				  int64_t seconds)
{
	struct alert alert;
	alert_clear(&alert);
	alert.source = address_of(source);
	alert.destination = address_of(destination);
	alert.protocol = PROTOCOL_TCP;
	alert.source_port = 40000;
	alert.destination_port = port;
	alert.tcp_flags = TCP_SYN;
	alert.time_us = seconds * 1000000;
	return alert;
}

#endif
