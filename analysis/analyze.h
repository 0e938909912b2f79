/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * analyze: the verb `stalenode analyze`. */
#ifndef STALENODE_ANALYZE_H
#define STALENODE_ANALYZE_H

#include "../observer/base/verb.h"

extern const struct verb analyze_verb;

#endif
