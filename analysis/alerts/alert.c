/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "alert.h"

#include <string.h>

void alert_clear(struct alert *alert)
{
	memset(alert, 0, sizeof(*alert));
	alert->time_us = ALERT_TIME_UNKNOWN;
	alert->repeats = 1;
	alert->source_port = ALERT_UNKNOWN;
	alert->destination_port = ALERT_UNKNOWN;
	alert->icmp_type = ALERT_UNKNOWN;
	alert->tcp_flags = ALERT_UNKNOWN;
	alert->tcp_sequence = ALERT_UNKNOWN;
	alert->tcp_window = ALERT_UNKNOWN;
	alert->tcp_options_length = ALERT_UNKNOWN;
	alert->time_to_live = ALERT_UNKNOWN;
	alert->length = ALERT_UNKNOWN;
}
