/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * png: where a PNG ends, and its size on paper, which cairo leaves out: without it a program that
 * lays out pages takes each dot for a 72nd or 96th of an inch. */
#ifndef STALENODE_PNG_H
#define STALENODE_PNG_H

#include <stddef.h>

/* Length of the PNG that begins bytes[length], by the lengths of its chunks (PNG specification,
 * 5.3) up to IEND; 0 when there is no whole one. */
size_t png_length(const char *bytes, size_t length);

#define PNG_DENSITY_SIZE 21 /* bytes that the chunk adds */

/* Puts a pHYs chunk (PNG specification, 11.3.5.3) of so many dots per inch behind the header of the
 * PNG in bytes[length], which must have room for PNG_DENSITY_SIZE more; returns the new length, the
 * old one when these bytes are no PNG. */
size_t png_set_density(char *bytes, size_t length, double dots_per_inch);

#endif
