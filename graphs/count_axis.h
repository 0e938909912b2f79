/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * count_axis: how numbers stand at an axis: five letters at most, so that they keep off the words
 * beside it, whatever was counted. */
#ifndef STALENODE_COUNT_AXIS_H
#define STALENODE_COUNT_AXIS_H

#include <stdio.h>

#define COUNT_AXIS_TEXT_SIZE 24

/* "0.01", "5000", "20 k", "1.5 M", "3 G": a round number above 0 into text[COUNT_AXIS_TEXT_SIZE];
 * returns text. */
char *count_axis_text(double number, char *text);

/* Writes the ticks of a linear axis of counts from 0 to highest: whole numbers. */
void count_axis_write(double highest, FILE *script);

#endif
