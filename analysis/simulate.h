/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * simulate: the verb that makes captures and series of simulated retired nodes, from a seed. */
#ifndef STALENODE_SIMULATE_H
#define STALENODE_SIMULATE_H

#include "../observer/base/verb.h"

extern const struct verb simulate_verb;

#endif
