/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * signature: which maker's log a line is from, where several makers share a grammar. */
#ifndef STALENODE_SIGNATURE_H
#define STALENODE_SIGNATURE_H

#include "alert_format.h"

/* By what the line contains; `otherwise` when it bears no known signature. */
enum alert_format signature_of(const char *begin, const char *end, enum alert_format otherwise);

#endif
