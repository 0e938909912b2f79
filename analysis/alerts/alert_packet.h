/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * alert_packet: a captured packet as an alert. */
#ifndef STALENODE_ALERT_PACKET_H
#define STALENODE_ALERT_PACKET_H

#include "alert.h"

#include "../../observer/capture_file.h"

/* False when it is no IP packet. Its direction is known only where the capture tells it (Linux
 * cooked). */
bool alert_packet(const struct capture_packet *packet, struct alert *alert);

#endif
