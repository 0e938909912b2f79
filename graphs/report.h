/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report: the verb that writes a directory which opens from disk: a page, its figures, and the
 * data behind them. */
#ifndef STALENODE_REPORT_H
#define STALENODE_REPORT_H

#include "../observer/base/verb.h"

extern const struct verb report_verb;

#endif
