/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * explain: the verb: firewall logs and captures in, what it was, out. */
#ifndef STALENODE_EXPLAIN_H
#define STALENODE_EXPLAIN_H

#include "../observer/base/verb.h"

extern const struct verb explain_verb;

#endif
