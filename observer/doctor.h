/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doctor: the verb that tries what this machine would need for months of capture. */
#ifndef STALENODE_DOCTOR_H
#define STALENODE_DOCTOR_H

#include "base/verb.h"

extern const struct verb doctor_verb;

#endif
