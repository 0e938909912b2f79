/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import: the verb that reads capture files into a state directory. An import lands whole or not
 * at all; time that the ledger covers already is not counted again. */
#ifndef STALENODE_IMPORT_H
#define STALENODE_IMPORT_H

#include "base/verb.h"

extern const struct verb import_verb;

#endif
