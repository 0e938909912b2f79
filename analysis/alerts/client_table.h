/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * client_table: what is known of P2P programs (data/clients.tsv, compiled in). */
#ifndef STALENODE_CLIENT_TABLE_H
#define STALENODE_CLIENT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

size_t client_table_count(void);
const char *client_table_name(size_t index);
/* Days after which hardly one of its nodes calls a dead one; 0 when not known. */
unsigned int client_table_days(size_t index);
/* The one country (ISO 3166-1) that it is used in; "" for a program of the world. */
const char *client_table_country(size_t index);
/* Whether the port is one of its defaults. */
bool client_table_has_port(size_t index, uint8_t protocol, uint16_t port);
/* Whether it has any default port; without one, every port may be its. */
bool client_table_has_default(size_t index);

#endif
