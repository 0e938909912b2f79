/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * capture_filter: what the kernel puts into a capture ring, as a program of classic BPF (the
 * kernel's Documentation/networking/filter.rst).
 *
 * Incoming: whatever may carry IP, by the protocol that the kernel has noted for the frame: IPv4,
 * IPv6, 802.1Q, QinQ (0x88a8, 0x9100), PPPoE session. It only widens: it looks into nothing, the
 * decoder decides.
 *
 * Outgoing: only what tells of a client that is alive, or of how the host answers: TCP with SYN and
 * ACK, or with RST, over IPv4 (first fragments, options of any length) and IPv6 without extension
 * headers; the same inside PPPoE and behind VLAN tags that stand in the frame. What a card's
 * driver has not put into the linear part of the packet (only forwarded packets) is not seen. On
 * lo nothing outgoing passes: there each packet comes in as well.
 *
 * By the kernel's notes and its network header, not by offsets into the frame, so that it is right
 * for every kind of link header and for tags that were taken out. */
#ifndef STALENODE_CAPTURE_FILTER_H
#define STALENODE_CAPTURE_FILTER_H

#include "base/failure.h"

/* Attaches the program to a packet socket, and locks it there; of what passes the first
 * snapshot_bytes are captured. */
int capture_filter_attach(int socket, int snapshot_bytes, struct failure *failure);

#endif
