/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * evidence_pack: a day of evidence that is over becomes DATE.pcap.zst (Zstandard, RFC 8878): what
 * 'zstd -d' gives back is the pcap, and 'stalenode import' reads it as it is. A second file of the
 * same day, from a later import, becomes DATE.1.pcap.zst, and so on.
 *
 * In steps of bounded work, for whoever has other things to do: EVIDENCE_PACK_STEP bytes of pcap
 * are packed into one frame of their own, into DATE.pcap.zst.new. A killed process loses nothing:
 * the next one goes on behind the last whole frame. The last steps synchronise the new file, give
 * it its name, and remove the old one; at each moment one of the two is whole and has its name. */
#ifndef STALENODE_EVIDENCE_PACK_H
#define STALENODE_EVIDENCE_PACK_H

#include "../base/failure.h"

#include <stdint.h>

/* Some 3 ms of work; a ring of 2 MB lasts 28 ms in the fastest flood. */
#define EVIDENCE_PACK_STEP (512u << 10)

struct evidence_packer;

/* NULL when memory is lacking. Holds some 2 MB while a file is being packed. */
struct evidence_packer *evidence_packer_begin(void);
void evidence_packer_end(struct evidence_packer *packer);

/* One step in a target's evidence directory, in which nobody writes days that ended more than
 * EVIDENCE_GRACE before `now`, UTC seconds (see evidence_close_over()). 1 when there is more to do
 * in this directory, 0 when there is not, -1 with *failure: a full disk, for instance; it is left
 * as it was, to be tried again. A step in another directory leaves a file that was begun. */
int evidence_pack_step(struct evidence_packer *packer, const char *directory, int64_t now,
		       struct failure *failure);

#endif
