/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * crc32c: the Castagnoli CRC (RFC 3720, appendix B.4; reflected polynomial 0x82f63b78), which
 * guards every line of a ledger. */
#ifndef STALENODE_CRC32C_H
#define STALENODE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32c(const void *bytes, size_t length);

#endif
