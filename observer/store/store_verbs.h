/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verbs that look after the store: check, rebuild, dump; each in a file of its name. */
#ifndef STALENODE_STORE_VERBS_H
#define STALENODE_STORE_VERBS_H

#include "../base/verb.h"

extern const struct verb check_verb;
extern const struct verb dump_verb;
extern const struct verb rebuild_verb;

#endif
