/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * status: the verb that tells whether a state directory is still being filled. */
#ifndef STALENODE_STATUS_H
#define STALENODE_STATUS_H

#include "base/verb.h"

extern const struct verb status_verb;

#endif
