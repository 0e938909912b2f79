/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sources_section: the table of a target's busiest sources, in reports that were asked for it. */
#ifndef STALENODE_SOURCES_SECTION_H
#define STALENODE_SOURCES_SECTION_H

#include "report_target.h"

#include "../analysis/language.h"

#include <stdio.h>

void sources_section_write(FILE *page, enum language language, const struct report_target *target);

#endif
