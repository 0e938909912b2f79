/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * palette: the colours of all figures, from the set of Okabe and Ito (2008), which readers with
 * any common kind of colour vision can tell apart. Whatever a colour says, a shape, a dash or a
 * word says too, so that a figure printed in grey loses nothing. */
#ifndef STALENODE_PALETTE_H
#define STALENODE_PALETTE_H

#define COLOUR_ORANGE	  "#E69F00"
#define COLOUR_SKY_BLUE	  "#56B4E9"
#define COLOUR_GREEN	  "#009E73"
#define COLOUR_BLUE	  "#0072B2"
#define COLOUR_VERMILLION "#D55E00"
#define COLOUR_PURPLE	  "#CC79A7"
#define COLOUR_YELLOW	  "#F0E442"
#define COLOUR_BLACK	  "#000000"

#define COLOUR_FIT_BAND "#F6CFB5" /* about the vermillion line; light in grey */

#define COLOUR_TEXT	  "#222222"
#define COLOUR_QUIET_TEXT "#555555" /* 7:1 on white */
#define COLOUR_GRID	  "#E4E4E4"
#define COLOUR_GAP	  "#808080" /* hatching of unknown time */

/* The phases' strip above the plot, from dark to light in grey too: the livelier, the darker;
 * and the same behind the data, where it must not compete with them. */
#define STRIP_STEADY	   "#7FBEE5"
#define STRIP_INTERMITTENT "#F0CF83"
#define STRIP_SPORADIC	   "#BFE0D5"
#define STRIP_SILENT	   "#E6E6E6"
#define TINT_STEADY	   "#EDF6FC"
#define TINT_INTERMITTENT  "#FDF7E8"
#define TINT_SPORADIC	   "#F2F9F6"
#define TINT_SILENT	   "#FAFAFA"

#endif
