/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * graph: the verb that draws one figure of targets. */
#ifndef STALENODE_GRAPH_H
#define STALENODE_GRAPH_H

#include "../observer/base/verb.h"

extern const struct verb graph_verb;

#endif
