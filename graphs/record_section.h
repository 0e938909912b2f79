/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * record_section: what was observed of a target and how well: address, ports, policy, coverage,
 * gaps, drops, flags, and where its data are. */
#ifndef STALENODE_RECORD_SECTION_H
#define STALENODE_RECORD_SECTION_H

#include "report_target.h"

#include "../analysis/language.h"

#include <stdio.h>

void record_section_write(FILE *page, enum language language, const struct report_target *target,
			  bool show_sources);

#endif
