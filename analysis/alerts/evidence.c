/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence.h"

#include "port_table.h"

#include "../../observer/decode.h"

#include <math.h>

#define DAY 86400.0

/* Thresholds between which a fact is neither seen nor seen not to be. */
#define MANY_SOURCES	   5
#define FLOOD_SECOND	   50 /* events in a second, of as many sources */
#define FLOOD_SECOND_MILD  15
#define FLOOD_SOURCES	   100
#define FLOOD_SOURCES_MILD 30
#define FLOOD_PER_SOURCE   1.5
#define BURST_SECOND	   4   /* events in a second, of as many sources */
#define BURST_SHARE	   0.2 /* of all: of thousands, four may meet by chance */
#define HEAVY_SHARE	   0.9
#define HEAVY_EVENTS	   20
#define P2P_SHARE	   0.03
#define FIXED_SHARE	   0.4
#define MINUTES_LEAST	   INT64_C(600000000) /* microseconds */
#define FIXED_SOURCES	   3		      /* at least, from that port */
#define BARE_SHARE	   0.5
#define FULL_SHARE	   0.2
#define WINDOW_SHARE	   0.5
#define REPEATED_SHARE	   0.25
#define NOT_REPEATED_SHARE 0.02
#define NOT_REPEATED_LEAST 20
#define SEVERAL_TRIES	   3
#define TRIES_PER_SOURCE   10
#define RETURN_SHARE	   0.1
#define HARDLY_SHARE	   0.1
#define HARDLY_SOURCES	   50
#define HARDLY_DAYS	   7
#define STEADY_DAYS	   14
#define SCANNERS_SHARE	   0.5
#define ONLY_SHARE	   0.1
#define OTHER_CLUSTERS	   5
#define NEIGHBOURS	   2
#define ONLY_ADDRESS_SHARE 0.8
#define SPREAD_PORTS	   5
#define SCAN_PORTS	   20
#define SLOW_HOURS	   (30 * 24.0)
#define DECAY_Z		   2.6
#define STANDS_OUT	   8 /* times the sources of 19 in 20 ports */
#define LIKE_OTHERS	   2

static void see(struct evidence *evidence, enum fact_kind kind, double first, double second)
{
	evidence->fact[evidence->facts++] = (struct fact){kind, {first, second}};
}

static double share(uint64_t part, uint64_t whole)
{
	return whole ? (double)part / (double)whole : 0.0;
}

static void see_reply(struct evidence *evidence, const struct cluster_table *table,
		      const struct cluster *cluster)
{
	uint64_t called = cluster_table_called(table, cluster);
	if (called > 0)
		see(evidence, FACT_CALLED_BEFORE, (double)called, 0);
	if (cluster->key.protocol == PROTOCOL_ICMP || cluster->key.protocol == PROTOCOL_ICMPV6) {
		see(evidence, FACT_ICMP_ERRORS, (double)cluster->events, 0);
		return;
	}
	double answers = share(cluster->answers, cluster->events);
	if (answers >= 0.5) {
		see(evidence, FACT_ANSWERS, answers, cluster->remotes);
		if (cluster->ports >= SPREAD_PORTS || cluster->remotes >= MANY_SOURCES)
			see(evidence, FACT_ANSWERS_SPREAD, cluster->ports, 0);
	} else {
		see(evidence, FACT_ESTABLISHED, 1.0 - answers, 0);
		if (cluster->ports >= SCAN_PORTS &&
		    cluster->ports >= 4 * (uint64_t)(cluster->remotes + 1))
			see(evidence, FACT_FLAGS_SPREAD, cluster->ports, cluster->remotes);
	}
}

static void see_port(struct evidence *evidence, const struct cluster *cluster)
{
	static const enum fact_kind of_class[] = {
		[PORT_P2P] = FACT_PORT_P2P,
		[PORT_SCAN] = FACT_PORT_SCAN,
		[PORT_WORM] = FACT_PORT_WORM,
		[PORT_BRUTE_FORCE] = FACT_PORT_BRUTE_FORCE,
		[PORT_MAIL] = FACT_PORT_MAIL,
		[PORT_WEB] = FACT_PORT_WEB,
		[PORT_FLOOD_TARGET] = FACT_PORT_FLOOD_TARGET,
		[PORT_BENIGN] = FACT_PORT_BENIGN,
	};
	bool icmp =
		cluster->key.protocol == PROTOCOL_ICMP || cluster->key.protocol == PROTOCOL_ICMPV6;
	if (icmp)
		see(evidence, FACT_PING, (double)cluster->events, 0);
	if (cluster->key.port == CLUSTER_NO_PORT)
		return;
	uint16_t port = (uint16_t)cluster->key.port;
	enum port_class class = port_table_class(cluster->key.protocol, port);
	if (class == PORT_UNLISTED || class == PORT_UNKNOWN)
		see(evidence, port < 1024 ? FACT_PORT_UNLISTED_LOW : FACT_PORT_UNLISTED_HIGH, port,
		    0);
	else
		see(evidence, of_class[class], port, 0);
}

/* In some logs all times are whole minutes; that of a log of some minutes may be so by chance. */
static uint32_t busiest_second(const struct cluster_totals *totals, const struct cluster *cluster)
{
	if (totals->by_the_second || totals->to_us - totals->from_us < MINUTES_LEAST)
		return cluster->busiest_second;
	return cluster->busiest_second / 60;
}

static void see_sources(struct evidence *evidence, const struct cluster *cluster)
{
	double most = share(cluster->most_events, cluster->events);
	/* Whoever calls first is alone until there is a second call. */
	if (cluster->remotes == 1 && cluster->attempts > 1)
		see(evidence, FACT_ONE_SOURCE, (double)cluster->events, 0);
	else if (cluster->remotes < MANY_SOURCES && cluster->remotes > 1)
		see(evidence, FACT_FEW_SOURCES, cluster->remotes, 0);
	else if (cluster->remotes >= MANY_SOURCES && most < HEAVY_SHARE)
		see(evidence, FACT_MANY_SOURCES, cluster->remotes, 0);
	if (most >= HEAVY_SHARE && cluster->attempts >= HEAVY_EVENTS)
		see(evidence, FACT_ONE_SOURCE_HEAVY, most, (double)cluster->events);
}

/* How fast sources come, and how often each tries. Datagrams are no tries: a program sends many. */
static void see_pace(struct evidence *evidence, const struct cluster_table *table,
		     const struct cluster *cluster)
{
	if (cluster->key.protocol != PROTOCOL_TCP || cluster->remotes == 0)
		return;
	double tries = (double)cluster->attempts / (double)cluster->remotes;
	if (tries >= TRIES_PER_SOURCE)
		see(evidence, FACT_MANY_TRIES, tries, 0);
	else if (tries >= SEVERAL_TRIES)
		see(evidence, FACT_SEVERAL_TRIES, tries, 0);
	if ((double)cluster->events > FLOOD_PER_SOURCE * (double)cluster->remotes)
		return;
	const struct cluster_totals *totals = cluster_table_totals(table);
	uint32_t busiest = busiest_second(totals, cluster);
	if (busiest >= FLOOD_SECOND && cluster->remotes >= FLOOD_SOURCES)
		see(evidence, FACT_FLOOD, busiest, cluster->remotes);
	else if (totals->by_the_second && busiest >= BURST_SECOND &&
		 share(busiest, cluster->events) >= BURST_SHARE)
		see(evidence, FACT_BURST, busiest, (double)cluster->events);
	else if (busiest >= FLOOD_SECOND_MILD && cluster->remotes >= FLOOD_SOURCES_MILD)
		see(evidence, FACT_FLOOD_MILD, busiest, cluster->remotes);
}

static void see_form(struct evidence *evidence, const struct cluster *cluster)
{
	double p2p = share(cluster->p2p_source_ports, cluster->events);
	uint32_t port, window;
	double fixed = common_values_most(&cluster->source_ports, &port);
	double one_window = common_values_most(&cluster->windows, &window);
	bool p2p_port = port_table_class(cluster->key.protocol, (uint16_t)port) == PORT_P2P;
	if (p2p >= P2P_SHARE && cluster->p2p_source_ports >= 2)
		see(evidence, FACT_P2P_SOURCE_PORTS, p2p, 0);
	if (cluster->remotes >= 3 && fixed >= FIXED_SHARE && !p2p_port &&
	    fixed * (double)cluster->source_ports.seen > FIXED_SOURCES - 0.5 &&
	    (int32_t)port != cluster->key.port)
		see(evidence, FACT_FIXED_SOURCE_PORT, fixed, port);
	if (cluster->key.protocol != PROTOCOL_TCP)
		return;
	double bare = share(cluster->without_options, cluster->length_known);
	if (cluster->length_known && bare >= BARE_SHARE)
		see(evidence, FACT_BARE_SYNS, bare, 0);
	else if (cluster->length_known && bare <= FULL_SHARE)
		see(evidence, FACT_FULL_SYNS, 1.0 - bare, 0);
	/* Kernels of one system have one window, too, but with options. */
	if (cluster->remotes >= MANY_SOURCES && one_window >= WINDOW_SHARE && bare >= FULL_SHARE)
		see(evidence, FACT_ONE_WINDOW, one_window, window);
	double repeated = share(cluster->repeated, cluster->attempts);
	if (cluster->repeated >= 1 && repeated >= REPEATED_SHARE)
		see(evidence, FACT_REPEATED, repeated, 0);
	else if (cluster->attempts >= NOT_REPEATED_LEAST && repeated <= NOT_REPEATED_SHARE &&
		 cluster->first_us != ALERT_TIME_UNKNOWN)
		see(evidence, FACT_NOT_REPEATED, (double)cluster->attempts, 0);
}

/* What the forecast goes by: the trend of the later half, where that shows a fall of its own. Where
 * hardly anything came in it, the fall has passed: the whole tells how steep it was, and the later
 * half how little is left. */
static void see_ahead(struct evidence *evidence, const struct cluster *cluster,
		      const struct time_trend *whole, int64_t begin, int64_t to)
{
	int64_t middle = begin + (to - begin) / 2;
	middle -= (middle - cluster->bins.origin) % cluster->bins.width;
	struct time_trend later = time_bins_trend(&cluster->bins, middle, to);
	if (isnan(later.per_second)) {
		double left = (later.events + 1) / (double)(to - middle);
		later = *whole;
		later.rate_at_end = fmax(later.rate_at_end, left);
	} else if (later.per_second >= -DECAY_Z * later.standard_error) {
		return;
	}
	evidence->decay_hours = log(2.0) / -later.per_second / 3600.0;
	evidence->decay_error = later.standard_error * 3600.0;
	evidence->rate_at_end =
		later.rate_at_end * 3600.0 * share(cluster->attempts, cluster->events);
}

static void see_time(struct evidence *evidence, const struct cluster *cluster, int64_t from,
		     int64_t to)
{
	if (cluster->first_us == ALERT_TIME_UNKNOWN)
		return;
	double days = (double)(cluster->last_us - cluster->first_us) / 1e6 / DAY;
	double returned = share(cluster->returned, cluster->remotes);
	double on_other_days = share(cluster->returned_days, cluster->remotes);
	if (cluster->remotes >= 2 && returned >= RETURN_SHARE)
		see(evidence, FACT_RETURN, returned, 0);
	if (days >= HARDLY_DAYS && cluster->remotes >= HARDLY_SOURCES &&
	    on_other_days <= HARDLY_SHARE)
		see(evidence, FACT_HARDLY_RETURN, on_other_days, days);
	/* From its own beginning: before it the node may have lived. */
	int64_t begin = cluster->first_us / 1000000;
	if (begin < from)
		begin = from;
	struct time_trend trend = time_bins_trend(&cluster->bins, begin, to);
	if (isnan(trend.per_second))
		return;
	double observed = (double)(to - begin);
	if (trend.per_second < -DECAY_Z * trend.standard_error) {
		double hours = log(2.0) / -trend.per_second / 3600.0;
		see_ahead(evidence, cluster, &trend, begin, to);
		/* Less than half of it is no decay to speak of. */
		if (-trend.per_second * observed >= log(2.0))
			see(evidence, hours > SLOW_HOURS ? FACT_DECAYS_SLOWLY : FACT_DECAYS, hours,
			    0);
	}
	if (observed >= STEADY_DAYS * DAY &&
	    (trend.per_second - 1.645 * trend.standard_error) * observed > -log(2.0))
		see(evidence, FACT_STEADY, observed / DAY, 0);
}

/* Ports of no known program get what the Internet sends to any: the measure of all the others. */
static void see_other_ports(struct evidence *evidence, const struct cluster_table *table,
			    const struct cluster *cluster)
{
	uint32_t usual = cluster_table_usual_remotes(table, cluster->key.protocol);
	if (usual == 0 || cluster->remotes == 0 || cluster->key.port == CLUSTER_NO_PORT)
		return;
	/* Where scans go, there are more of them. */
	enum port_class class =
		port_table_class(cluster->key.protocol, (uint16_t)cluster->key.port);
	if (class != PORT_UNLISTED && class != PORT_UNKNOWN && class != PORT_P2P)
		return;
	/* Twice as many as one or two is chance; no more than the others get is no more. */
	bool few = cluster->remotes < MANY_SOURCES;
	if (!few && cluster->remotes >= STANDS_OUT * usual)
		see(evidence, FACT_STANDS_OUT, cluster->remotes, usual);
	else if (cluster->remotes <= (few ? 1 : LIKE_OTHERS) * usual)
		see(evidence, FACT_LIKE_OTHER_PORTS, cluster->remotes, usual);
}

static void see_others(struct evidence *evidence, const struct cluster_table *table,
		       const struct cluster *cluster)
{
	if (cluster->key.group_of_ports) {
		see(evidence, FACT_MANY_PORTS, cluster->ports, cluster->remotes);
		return;
	}
	double scanners = share(cluster->scanners, cluster->remotes);
	double here = share(cluster->remotes, cluster->remotes_with_neighbours);
	size_t addresses = cluster_table_totals(table)->local_addresses;
	size_t clusters = cluster_table_count(table);
	if (cluster->remotes > 0 && scanners >= SCANNERS_SHARE)
		see(evidence, FACT_SCANNERS, scanners, 0);
	else if (clusters > OTHER_CLUSTERS && scanners <= ONLY_SHARE &&
		 cluster->remotes >= MANY_SOURCES)
		see(evidence, FACT_ONLY_THIS_PORT, 1.0 - scanners, 0);
	see_other_ports(evidence, table, cluster);
	if (addresses < NEIGHBOURS)
		return;
	if (cluster->neighbours >= NEIGHBOURS && here < ONLY_ADDRESS_SHARE)
		see(evidence, FACT_NEIGHBOURS_TOO, cluster->neighbours, 0);
	else if (here >= ONLY_ADDRESS_SHARE && cluster->remotes >= MANY_SOURCES)
		see(evidence, FACT_ONLY_THIS_ADDRESS, here, (double)addresses);
}

/* Hosts of a network ask one another for names and services. */
static bool is_talk_among_hosts(const struct cluster *cluster)
{
	switch (cluster->key.port) {
	case 67:
	case 68:
	case 137:
	case 138:
	case 546:
	case 547:
	case 1900:
	case 5353:
	case 5355:
		return cluster->key.protocol == PROTOCOL_UDP;
	default:
		return false;
	}
}

void evidence_collect(struct evidence *evidence, const struct cluster_table *table,
		      const struct cluster *cluster, int64_t from, int64_t to)
{
	*evidence = (struct evidence){.decay_hours = NAN,
				      .decay_error = NAN,
				      .rate_at_end = NAN,
				      .observations = cluster->attempts};
	if (cluster->key.outgoing) {
		see(evidence, FACT_OUTGOING, cluster->remotes, 0);
		if (cluster->to_all * 2 > cluster->events)
			see(evidence, FACT_OUT_TO_ALL, 0, 0);
		return;
	}
	if (cluster->to_all * 2 > cluster->events)
		see(evidence, FACT_TO_ALL, (double)cluster->to_all, 0);
	if (cluster->from_near * 2 > cluster->events && is_talk_among_hosts(cluster))
		see(evidence, FACT_FROM_NEAR, (double)cluster->from_near, 0);
	if (cluster->key.kind == CLUSTER_REPLY) {
		see_reply(evidence, table, cluster);
		return;
	}
	see_sources(evidence, cluster);
	see_pace(evidence, table, cluster);
	see_port(evidence, cluster);
	see_form(evidence, cluster);
	see_time(evidence, cluster, from, to);
	see_others(evidence, table, cluster);
}
