/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * evidence_list: the files of evidence that a target has kept, day by day. */
#ifndef STALENODE_EVIDENCE_LIST_H
#define STALENODE_EVIDENCE_LIST_H

#include "../base/failure.h"

#include <stddef.h>

struct evidence_list {
	char **path; /* owned; in the order of their days */
	size_t files;
};

/* Of the target whose directory that is: DATE.pcap, DATE.pcap.zst and DATE.N.pcap.zst; not what is
 * being packed, and not what was received under a clock that is not believed. A target that kept
 * none has an empty list. -1 when the directory cannot be read or memory is short. */
int evidence_list_read(struct evidence_list *list, const char *directory, struct failure *failure);
void evidence_list_free(struct evidence_list *list);

#endif
