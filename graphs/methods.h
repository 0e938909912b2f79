/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * methods: how a report's numbers came about and how far they can be trusted, in words. */
#ifndef STALENODE_METHODS_H
#define STALENODE_METHODS_H

#include "../analysis/language.h"

/* Ready HTML: the beginning of the section "methods", which the caller ends. */
const char *methods_text(enum language language);

#endif
