/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * client_parameters: what a simulated P2P client and the population that calls its retired node
 * are like. The clients of the published experiment are compiled in; a client file (INI, the form
 * of data/clients/NAME.conf, where every key is explained) describes any other. */
#ifndef STALENODE_CLIENT_PARAMETERS_H
#define STALENODE_CLIENT_PARAMETERS_H

#include "../observer/base/failure.h"
#include "retransmission.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLIENT_NAME_SIZE 33

/* Peers in all: each has an address of its own in the lower half of 198.18.0.0/15. */
#define CLIENT_PEERS_MAX 65536

/* Shares and probabilities are 0 to 1; whole numbers are doubles too, so that one table of keys
 * reads them all. A bucket is 5 minutes. */
struct client_parameters {
	char name[CLIENT_NAME_SIZE];
	uint32_t address; /* of the retired node: IPv4, host byte order */
	uint16_t port;

	double udp_share;	  /* of the attempts that are preceded by a UDP datagram */
	double loss;		  /* probability that a SYN is lost on its way */
	double quick_retries;	  /* refused by RST, an application dials again up to so often */
	double zone_hours;	  /* the peers' local time less UTC ... */
	double zone_spread_hours; /* ... uniform within so much of it */

	double system_weight[SENDER_SYSTEMS];

	/* Peers that run when the node stops: they use up a fixed number of retries. */
	double running_peers;
	double running_retries;
	double running_interval_minutes;
	double running_interval_jitter; /* each interval varies by up to this share */
	double running_wave;		/* amplitude of the daily wave of their pace */

	/* Peers that are off when the node stops: they dial from the saved list at their starts. */
	double returning_peers;
	double returning_starts;	     /* failed starts until the list drops the node */
	double returning_away_hours;	     /* median time from a start to the next */
	double returning_away_spread;	     /* between peers, as sigma of its logarithm */
	double returning_second_try;	     /* share of starts with a second attempt soon after */
	double returning_forget_days;	     /* a list older than this drops the node ... */
	double returning_forget_spread_days; /* ... uniform within so much of it */
	double returning_wave;		     /* amplitude of the daily wave of their starts */

	/* Peers whose list never drops the node and who start the program rarely. */
	double keeper_peers;
	double keeper_interval_days;
	double keeper_interval_jitter; /* each interval varies by up to this share */

	double last_call_day; /* one more peer calls once on this day (the first is 1); 0: none */

	double background_syn;	       /* SYN to other ports per bucket */
	double background_udp;	       /* UDP datagrams to other ports per bucket */
	double background_backscatter; /* SYN-ACK, RST and ICMP errors per bucket */
	double background_wave;	       /* amplitude of their daily wave, in UTC */
};

struct client_key {
	const char *section;
	const char *name;
	size_t offset; /* of a double in struct client_parameters */
	double minimum, maximum;
	bool whole;
	double standard; /* when a client file does not give it */
};

/* Every numeric key, in the order of the struct; ends with a NULL section. */
extern const struct client_key client_keys[];

/* A compiled-in client: "skype", "winny" or "share"; NULL for any other name. */
const struct client_parameters *client_parameters_published(const char *name);

/* Reads a client file. `[client] name` and `target` must be there, every other key has a standard
 * value. EXIT_WRONG_USE with file, line, key and what is allowed on any mistake. */
int client_parameters_read(struct client_parameters *client, const char *path,
			   struct failure *failure);

/* Peers of all kinds, the one of last_call_day included. */
size_t client_parameters_peers(const struct client_parameters *client);

/* Reads "ADDR/PORT": IPv4, port 1 to 65535, not in the range that simulated peers come from. On a
 * mistake returns -1 and points *allowed to what is allowed. */
int client_target_parse(const char *text, uint32_t *address, uint16_t *port, const char **allowed);

#endif
