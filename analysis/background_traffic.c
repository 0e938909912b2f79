/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "background_traffic.h"

#include "daily_wave.h"

#include <math.h>

#define SECOND_US	  INT64_C(1000000)
#define BUCKET_US	  300e6
#define NEVER_US	  1e15 /* far behind the longest period */
#define BACKGROUND_STREAM UINT64_C(0x100000001)
#define SOURCES		  (SIMULATED_SOURCES / 2)

/* Share in percent of the probes that go to a port; the rest is a heavy tail over all ports. */
struct port_share {
	uint16_t port;
	uint8_t percent;
};

/* Ports of worms and log-in scans; 2582/tcp and 22133/udp were among the busiest of the published
 * experiment without a known reason. */
static const struct port_share scanned_tcp[] = {
	{445, 26}, {135, 13}, {139, 10}, {1433, 10}, {22, 9}, {80, 7},
	{5900, 4}, {3389, 3}, {23, 3},	 {2582, 2},  {0, 0},
};
static const struct port_share probed_udp[] = {{1434, 30}, {137, 20}, {22133, 25}, {53, 5}, {0, 0}};

static int64_t next_arrival(struct background_traffic *background)
{
	const struct client_parameters *client = background->client;
	double per_bucket =
		client->background_syn + client->background_udp + client->background_backscatter;
	if (per_bucket <= 0)
		return INT64_MAX;
	/* Thinning: draw at the peak's rate, keep with the probability of the hour. */
	double peak = 1 + client->background_wave;
	double time_us = (double)background->poisson_us, kept;
	do {
		time_us +=
			random_exponential(&background->random) * BUCKET_US / (per_bucket * peak);
		if (time_us > NEVER_US)
			return INT64_MAX;
		kept = daily_wave(background->retired_us + (int64_t)time_us, 0,
				  client->background_wave) /
		       peak;
	} while (!random_chance(&background->random, kept));
	return (int64_t)time_us;
}

void background_traffic_begin(struct background_traffic *background,
			      const struct client_parameters *client, int64_t retired_us,
			      int64_t period_us, uint64_t seed)
{
	*background = (struct background_traffic){.client = client, .retired_us = retired_us};
	random_stream_begin(&background->random, seed, BACKGROUND_STREAM);
	background->edge_us[0] = random_below(&background->random, SECOND_US);
	background->edge_us[1] =
		period_us - SECOND_US + random_below(&background->random, SECOND_US);
	background->poisson_us = next_arrival(background);
}

int64_t background_traffic_next_us(const struct background_traffic *background)
{
	int64_t next_us = background->poisson_us;
	for (int i = 0; i < 2; i++)
		if (background->edge_us[i] < next_us)
			next_us = background->edge_us[i];
	return next_us;
}

/* A port by its share; the tail is uniform in the logarithm, so that low ports prevail. */
static uint16_t port_of(struct random_stream *random, const struct port_share *shares,
			uint16_t except)
{
	for (;;) {
		int64_t rest = random_below(random, 100);
		const struct port_share *share = shares;
		while (share->port && (rest -= share->percent) >= 0)
			share++;
		uint16_t port = share->port;
		if (!port)
			port = (uint16_t)(rounded_for_every_machine(
						  exp(log(65535.0) * random_uniform(random))) +
					  0.5);
		if (port != except)
			return port;
	}
}

/* How a probe looks: a third comes from worms on Windows, a quarter from programs on Linux, the
 * rest from scanners that build their own packets. */
static void put_probe(struct random_stream *random, struct packet *packet)
{
	uint32_t percent = random_below(random, 100);
	packet->kind = PACKET_SYN;
	packet->segment_size = 1460;
	if (percent < 33) {
		packet->options = OPTIONS_WINDOWS_XP;
		packet->window = 65535;
		packet->time_to_live = 128;
		packet->source_port = (uint16_t)(1025 + random_below(random, 3976));
	} else if (percent < 58) {
		packet->options = OPTIONS_LINUX;
		packet->window = 5840;
		packet->window_scale = 7;
		packet->time_to_live = 64;
		packet->timestamp = (uint32_t)random_bits(random);
		packet->source_port = (uint16_t)(32768 + random_below(random, 28232));
	} else if (percent < 65) {
		packet->options = OPTIONS_MSS;
		packet->window = 16384;
		packet->time_to_live = 128;
		packet->source_port = (uint16_t)(1025 + random_below(random, 3976));
	} else {
		packet->options = OPTIONS_NONE;
		packet->window = percent < 85 ? 1024 : 65535;
		packet->time_to_live = 255;
		packet->source_port =
			(uint16_t)(percent < 75 ? 6000 : 1024 + random_below(random, 64512));
	}
}

static void put_datagram(struct random_stream *random, struct packet *packet)
{
	packet->kind = PACKET_UDP;
	packet->source_port = (uint16_t)(UDP_FIRST_PORT + random_below(random, UDP_PORTS));
	switch (packet->destination_port) {
	case 53:
		packet->payload = PAYLOAD_DNS_VERSION;
		break;
	case 137:
		packet->payload = PAYLOAD_NETBIOS_STATUS;
		break;
	case 1434:
		packet->payload = PAYLOAD_SQL_DISCOVERY;
		break;
	case 22133:
		packet->payload = PAYLOAD_RANDOM;
		packet->payload_seed = random_bits(random);
		packet->payload_length = (uint16_t)(20 + random_below(random, 381));
		break;
	default:
		packet->payload = PAYLOAD_EMPTY;
	}
}

/* Replies to packets that someone sent in this host's name: from a service port. */
static void put_backscatter(struct random_stream *random, struct packet *packet)
{
	static const uint16_t attacked[] = {80, 53, 443, 6667, 25};
	uint32_t percent = random_below(random, 100);
	packet->kind = percent < 60 ? PACKET_SYN_ACK : PACKET_RST;
	if (percent >= 85)
		packet->kind = PACKET_ICMP_UNREACHABLE;
	packet->source_port = attacked[random_below(random, 5)];
	packet->acknowledgement = (uint32_t)random_bits(random);
	packet->options = OPTIONS_MSS;
	packet->segment_size = 1460;
	packet->window = 5792;
}

void background_traffic_take(struct background_traffic *background, struct packet *packet)
{
	const struct client_parameters *client = background->client;
	struct random_stream *random = &background->random;
	int64_t time_us = background_traffic_next_us(background);
	double syn = client->background_syn, udp = client->background_udp;
	double kind = random_uniform(random) * (syn + udp + client->background_backscatter);
	if (time_us == background->edge_us[0] || time_us == background->edge_us[1]) {
		background->edge_us[time_us == background->edge_us[0] ? 0 : 1] = INT64_MAX;
		kind = -1;
	} else {
		background->poisson_us = next_arrival(background);
	}
	*packet = (struct packet){
		.time_us = time_us,
		.source = simulated_source(SOURCES + random_below(random, SOURCES)),
		.destination = client->address,
		.sequence = (uint32_t)random_bits(random),
		.identification = (uint16_t)random_bits(random),
		.time_to_live = 64,
	};
	if (kind < syn) {
		packet->destination_port = port_of(random, scanned_tcp, client->port);
		put_probe(random, packet);
	} else if (kind < syn + udp) {
		packet->destination_port = port_of(random, probed_udp, client->port);
		put_datagram(random, packet);
	} else {
		do
			packet->destination_port = (uint16_t)(1024 + random_below(random, 64512));
		while (packet->destination_port == client->port);
		put_backscatter(random, packet);
	}
	packet->time_to_live = (uint8_t)(packet->time_to_live - 6 - random_below(random, 18));
}
