/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * country_name: how people call a country or region that a registry knows by two letters. Short
 * forms, for the margin of a figure; they take no side in what is whose. */
#ifndef STALENODE_COUNTRY_NAME_H
#define STALENODE_COUNTRY_NAME_H

#include "language.h"

/* The name in that language; the code itself where it is not known. */
const char *country_name(const char *code, enum language language);

#endif
