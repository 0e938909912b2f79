/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulated_traffic.h"

#include <assert.h>
#include <stdlib.h>

#define MICROSECONDS	INT64_C(1000000)
#define SHUFFLE_STREAM	UINT64_C(0x100000002)
#define PEER_ADDRESSES	(SIMULATED_SOURCES / 2)
#define UDP_LEAD_MIN_US 100000 /* a client that asks over UDP first waits so long ... */
#define UDP_LEAD_MAX_US 400000 /* ... up to so long for an answer before it dials */

/* How the SYNs of an operating system look. Windows XP hands out its ports one after the other,
 * the others at random. */
struct appearance {
	uint8_t options;
	uint8_t time_to_live; /* as sent */
	uint8_t window_scale;
	uint16_t window;
	uint16_t first_port, last_port; /* for outgoing connections */
	uint16_t port_step;		/* largest step to the next one; 0: any */
	uint16_t ticks_per_second;	/* of TCP timestamps */
};

static const struct appearance appearance_of[SENDER_SYSTEMS] = {
	[SENDER_WINDOWS_XP] = {OPTIONS_WINDOWS_XP, 128, 0, 65535, 1025, 5000, 40, 0},
	[SENDER_WINDOWS_VISTA] = {OPTIONS_WINDOWS_VISTA, 128, 8, 8192, 49152, 65535, 40, 0},
	[SENDER_LINUX_2_6] = {OPTIONS_LINUX, 64, 6, 5840, 32768, 61000, 0, 250},
	[SENDER_LINUX_3_1] = {OPTIONS_LINUX, 64, 7, 29200, 32768, 60999, 0, 1000},
	[SENDER_LINUX_6_5] = {OPTIONS_LINUX, 64, 7, 64240, 32768, 60999, 0, 1000},
};

/* Ethernet, PPPoE and the access lines of one large network, as broadband hosts announce. */
static const uint16_t segment_sizes[] = {1460, 1452, 1414};

struct train {
	struct random_stream random; /* apart from the model's: packets do not change calls */
	int64_t start_us;	     /* the attempt's first SYN leaves */
	int64_t next_us;	     /* the packet to come arrives */
	uint32_t sequence;
	uint32_t timestamp_base;
	uint16_t source_port;
	uint16_t udp_port; /* a peer's datagrams all come from the port that it listens on */
	uint16_t identification;
	uint16_t segment_size;
	uint8_t hops;
	uint8_t next_syn; /* of the schedule */
	bool under_way;
	bool arrived;  /* a SYN of the attempt has */
	bool udp_next; /* the packet to come is the UDP datagram */
};

static const struct retransmission_schedule *schedule_of(const struct simulated_traffic *traffic,
							 uint32_t number)
{
	const struct client_model *model = &traffic->model;
	return retransmission_schedule((enum sender_system)model->peer[number].system,
				       model->policy);
}

/* Finds the train's next SYN that is not lost on its way; an anchor's are never lost, because its
 * call is a published fact. */
static void schedule_syn(struct simulated_traffic *traffic, uint32_t number)
{
	struct train *train = &traffic->train[number];
	const struct retransmission_schedule *schedule = schedule_of(traffic, number);
	double loss = traffic->model.client->loss;
	if (traffic->model.peer[number].role == PEER_ANCHOR)
		loss = 0;
	while (train->next_syn < schedule->syns && random_chance(&train->random, loss))
		train->next_syn++;
	train->under_way = train->next_syn < schedule->syns;
	if (!train->under_way)
		return;
	train->next_us = train->start_us +
			 retransmission_arrival_us(schedule, train->next_syn, &train->random);
	time_heap_push(&traffic->arriving, train->next_us, number);
}

static void begin_train(struct simulated_traffic *traffic, const struct attempt *attempt)
{
	uint32_t number = attempt->peer;
	struct train *train = &traffic->train[number];
	const struct appearance *looks = &appearance_of[traffic->model.peer[number].system];
	/* client_model_next() promises it. */
	assert(!train->under_way);
	train->under_way = true;
	train->arrived = false;
	train->start_us = attempt->time_us;
	train->next_syn = 0;
	train->sequence = (uint32_t)random_bits(&train->random);
	uint32_t ports = (uint32_t)looks->last_port - looks->first_port + 1;
	uint32_t step = looks->port_step ? looks->port_step : ports - 1;
	uint32_t place = (uint32_t)train->source_port - looks->first_port;
	place = (place + 1 + random_below(&train->random, step)) % ports;
	train->source_port = (uint16_t)(looks->first_port + place);
	train->udp_next = random_chance(&train->random, traffic->model.client->udp_share);
	if (!train->udp_next) {
		schedule_syn(traffic, number);
		return;
	}
	train->next_us = train->start_us;
	train->start_us +=
		(int64_t)random_between(&train->random, UDP_LEAD_MIN_US, UDP_LEAD_MAX_US);
	time_heap_push(&traffic->arriving, train->next_us, number);
}

static void take_from_train(struct simulated_traffic *traffic, uint32_t number,
			    struct packet *packet)
{
	struct train *train = &traffic->train[number];
	const struct client_parameters *client = traffic->model.client;
	const struct appearance *looks = &appearance_of[traffic->model.peer[number].system];
	train->identification++;
	*packet = (struct packet){
		.time_us = train->next_us,
		.source = simulated_source(number ^ traffic->source_shuffle),
		.destination = client->address,
		.sequence = train->sequence,
		.source_port = train->source_port,
		.destination_port = client->port,
		.identification = train->identification,
		.window = looks->window,
		.segment_size = train->segment_size,
		.time_to_live = (uint8_t)(looks->time_to_live - train->hops),
		.window_scale = looks->window_scale,
		.kind = PACKET_SYN,
		.options = looks->options,
	};
	if (looks->ticks_per_second)
		packet->timestamp =
			train->timestamp_base +
			(uint32_t)(train->next_us * looks->ticks_per_second / MICROSECONDS);
	if (train->udp_next) {
		train->udp_next = false;
		packet->kind = PACKET_UDP;
		packet->payload = PAYLOAD_RANDOM;
		packet->source_port = train->udp_port;
		packet->payload_seed = random_bits(&train->random);
		packet->payload_length = (uint16_t)(18 + random_below(&train->random, 24));
	} else {
		packet->begins = !train->arrived;
		train->arrived = true;
		train->next_syn++;
	}
	schedule_syn(traffic, number);
}

bool simulated_traffic_next(struct simulated_traffic *traffic, struct packet *packet)
{
	const struct time_heap_entry *arriving = time_heap_first(&traffic->arriving);
	while (traffic->has_attempt &&
	       (!arriving || traffic->attempt.time_us <= arriving->time_us)) {
		begin_train(traffic, &traffic->attempt);
		traffic->has_attempt = client_model_next(&traffic->model, &traffic->attempt);
		arriving = time_heap_first(&traffic->arriving);
	}
	int64_t background_us = background_traffic_next_us(&traffic->background);
	if (arriving && arriving->time_us < background_us) {
		uint32_t number = arriving->number;
		if (arriving->time_us >= traffic->period_us)
			return false;
		time_heap_pop(&traffic->arriving);
		take_from_train(traffic, number, packet);
		return true;
	}
	if (background_us >= traffic->period_us)
		return false;
	background_traffic_take(&traffic->background, packet);
	return true;
}

int simulated_traffic_begin(struct simulated_traffic *traffic, const struct simulation *simulation,
			    struct failure *failure)
{
	*traffic = (struct simulated_traffic){.period_us = simulation->seconds * MICROSECONDS};
	int64_t retired_us = simulation->retired * MICROSECONDS;
	if (client_model_begin(&traffic->model, simulation->client, simulation->policy, retired_us,
			       simulation->seed, failure) != 0)
		return -1;
	size_t peers = traffic->model.peers;
	traffic->train = calloc(peers ? peers : 1, sizeof *traffic->train);
	if (!traffic->train || time_heap_begin(&traffic->arriving, peers, failure) != 0) {
		simulated_traffic_free(traffic);
		return fail(failure, EXIT_FAILED, "out of memory for %zu peers", peers);
	}
	for (size_t i = 0; i < peers; i++) {
		struct train *train = &traffic->train[i];
		const struct appearance *looks = &appearance_of[traffic->model.peer[i].system];
		random_stream_begin(&train->random, ~simulation->seed, i);
		uint32_t ports = (uint32_t)looks->last_port - looks->first_port + 1;
		train->source_port =
			(uint16_t)(looks->first_port + random_below(&train->random, ports));
		train->identification = (uint16_t)random_bits(&train->random);
		train->timestamp_base = (uint32_t)random_bits(&train->random);
		train->udp_port =
			(uint16_t)(UDP_FIRST_PORT + random_below(&train->random, UDP_PORTS));
		train->hops = (uint8_t)(6 + random_below(&train->random, 18));
		train->segment_size = segment_sizes[random_below(&train->random, 3)];
	}
	struct random_stream shuffle;
	random_stream_begin(&shuffle, simulation->seed, SHUFFLE_STREAM);
	traffic->source_shuffle = random_below(&shuffle, PEER_ADDRESSES);
	background_traffic_begin(&traffic->background, simulation->client, retired_us,
				 traffic->period_us, simulation->seed);
	traffic->has_attempt = client_model_next(&traffic->model, &traffic->attempt);
	return 0;
}

void simulated_traffic_free(struct simulated_traffic *traffic)
{
	client_model_free(&traffic->model);
	time_heap_free(&traffic->arriving);
	free(traffic->train);
	*traffic = (struct simulated_traffic){0};
}
