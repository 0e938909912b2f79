/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * status_output: a reading of a state directory, for a person, as JSON, and in the Prometheus text
 * exposition format (version 0.0.4). What is unknown is "-", null, and no sample; never 0. */
#ifndef STALENODE_STATUS_OUTPUT_H
#define STALENODE_STATUS_OUTPUT_H

#include "status_reading.h"

#include <stdio.h>

/* Errors of the stream are left to its owner. */
void status_print_text(const struct status_reading *reading, FILE *stream);
void status_print_metrics(const struct status_reading *reading, FILE *stream);
/* -1 when memory runs out or the stream fails. */
int status_print_json(const struct status_reading *reading, FILE *stream);

#endif
