/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * svg: makes gnuplot's SVG fit to be handed on: a title and a description of its own (which
 * screen readers read), a size in millimetres, fonts to fall back on, and no empty groups or
 * idle white space. */
#ifndef STALENODE_SVG_H
#define STALENODE_SVG_H

#include "gnuplot.h"

/* *tidy is malloc'd and NUL-terminated, the caller frees it. Fails on what gnuplot did not
 * write. */
int svg_tidy(const char *drawing, size_t length, const struct figure_description *description,
	     char **tidy, size_t *tidy_length, struct failure *failure);

#endif
