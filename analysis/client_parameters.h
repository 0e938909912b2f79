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

/* A network's memory is nodes x (8 x entries + 2 x nodes) bytes: 48 MB at most. */
#define CLIENT_NODES_MAX   4000
#define CLIENT_ENTRIES_MAX 512

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

	/* Instead of the populations above: a whole network of nodes, see network_model.h. */
	double network_nodes;	      /* 0: none */
	double network_list;	      /* entries of a node list */
	double network_links;	      /* with which a starting node stops to dial */
	double network_dial_seconds;  /* between two dials of a start */
	double network_on_hours;      /* median length of a session ... */
	double network_on_spread;     /* ... sigma of its logarithm */
	double network_off_hours;     /* median time between two sessions ... */
	double network_off_spread;    /* ... between nodes, sigma of its logarithm */
	double network_always_on;     /* share of nodes that are never off */
	double network_wave;	      /* amplitude of the daily wave of starts */
	double network_retry_minutes; /* between two looks after entries ... */
	double network_retry_jitter;  /* ... each varies by up to this share */
	double network_drop_failures; /* in a row, after which an entry is dropped */
	double network_forget_failed; /* share of failed entries that are not saved at exit */
	double network_forget_days;   /* a start drops entries that nobody reached for so long */
	double network_gossip_minutes;
	double network_gossip_entries; /* told each way */
	double network_gossip_fresh;   /* share of told entries taken for just reached */
	double network_run_hours;      /* the retired node ran so long ... */
	double network_run_links;      /* ... and sought so many links */
	double network_warm_days;      /* the network lived so long before */

	/* Instead of both: a contaminated index gives out the address for ever, see index_model.h.
	 */
	double index_visitors; /* per day; 0: none */
	double index_tries;    /* attempts of each visitor ... */
	double index_minutes;  /* ... so far apart */
	double index_returns;  /* share of visitors that come back, some days later */
	double index_wave;     /* amplitude of the daily wave of their coming */

	double background_syn;	       /* SYN to other ports per bucket */
	double background_udp;	       /* UDP datagrams to other ports per bucket */
	double background_backscatter; /* SYN-ACK, RST and ICMP errors per bucket */
	double background_wave;	       /* amplitude of their daily wave, in UTC */
};

/* At a silent host the SYNs of every schedule are over after this. */
#define CLIENT_REDIAL_US INT64_C(120000000)

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

/* Peers of all kinds, the one of last_call_day included; the nodes of a network; of an index all
 * that there can be. */
size_t client_parameters_peers(const struct client_parameters *client);

/* Reads "ADDR/PORT": IPv4, port 1 to 65535, not in the range that simulated peers come from. On a
 * mistake returns -1 and points *allowed to what is allowed. */
int client_target_parse(const char *text, uint32_t *address, uint16_t *port, const char **allowed);

#endif
