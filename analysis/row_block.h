/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * row_block: rows of a sample are evaluated a block at a time. */
#ifndef STALENODE_ROW_BLOCK_H
#define STALENODE_ROW_BLOCK_H

/* So many that what is known of them stays in the first-level cache, and that the rounding which
 * rows take over from each other, where they lie end to end, adds up to 3e-14 at most. */
#define ROW_BLOCK 128

#endif
