/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Weights are natural logarithms: 0.7 is twice as often, 2.3 ten times. They are rounded judgements
 * from what the named sources report, not fits; README.md tells how they fare on labelled cases. */
#include "evidence.h"

#define RP [VERDICT_RESIDUAL_P2P]
#define CI [VERDICT_CONTAMINATED_INDEX]
#define SC [VERDICT_SCAN]
#define WO [VERDICT_WORM]
#define SF [VERDICT_SYN_FLOOD]
#define BS [VERDICT_BACKSCATTER]
#define BF [VERDICT_BRUTE_FORCE]
#define SS [VERDICT_SINGLE_SOURCE]
#define RS [VERDICT_RESIDUAL_SERVICE]
#define OC [VERDICT_OWN_CLIENT]
#define OR [VERDICT_OWN_REPLIES]
#define BE [VERDICT_BENIGN]

#define RADIATION  "what forged sources do: each once, and victims answer them"
#define HONEYPOTS  "honeypots of 2013 at nine addresses: ports, source ports, sources by week"
#define PROTOCOL   "what TCP does: RFC 9293"
#define SCANNERS   "what scanning programs send: one SYN a host, one source port, no options"
#define SCHEDULES  "schedules of systems, see analysis/retransmission.h"
#define LAB	   "real clients in a closed network: tests/lab"
#define PORTS	   "data/ports.tsv; 3.6 % of Kazaa's supernodes had its default port: weak alone"
#define PUBLISHED  "the published experiment of 2008: calls fall away over hours to months"
#define LISTED	   "one port in 300 is in data/ports.tsv, and half of all scans go to these"
#define BACKGROUND "what comes to the other ports of an address is what comes to any"
#define STRANGERS  "independent callers, of whom some come in an hour, hardly meet in one second"
#define MISTAKEN   "studies of P2P traffic to addresses that are no peers: it does not fall away"

static const struct {
	double weight[VERDICTS];
	const char *origin;
} table[FACTS] = {
	[FACT_OUTGOING] = {{OC = 12}, PROTOCOL},
	[FACT_ESTABLISHED] = {{OR = 9, BS = 3.5, SC = 3, RP = -4, CI = -4, WO = -4, SS = -2},
			      PROTOCOL},
	[FACT_ANSWERS] = {{BS = 9, OR = 7.5, RP = -6, CI = -6, SC = -2, WO = -6, SF = -2, SS = -2,
			   BF = -6},
			  RADIATION},
	[FACT_ANSWERS_SPREAD] = {{BS = 2.5, OR = -0.5}, RADIATION},
	[FACT_FLAGS_SPREAD] = {{SC = 6.5, OR = -2.5, BS = -1},
			       "psad's samples of ACK, FIN and NULL scans"},
	[FACT_ICMP_ERRORS] = {{BS = 8, OR = 7, RP = -6, CI = -6, SC = -3, WO = -6}, RADIATION},
	[FACT_TO_ALL] = {{BE = 9}, "hosts find one another so: RFC 919, RFC 6762, RFC 4795"},
	[FACT_FROM_NEAR] = {{BE = 7}, "hosts find one another so: RFC 1001, RFC 6762"},
	[FACT_FLOOD] = {{SF = 8, RP = -4, CI = -4, SC = -1, WO = -1}, RADIATION},
	[FACT_FLOOD_MILD] = {{SF = 5.5, RP = -2, CI = -2, SC = -0.5, WO = -0.5}, RADIATION},
	[FACT_BURST] = {{SF = 6, RP = -2, CI = -2, SC = -1, WO = -1, BF = -1, RS = -2}, STRANGERS},
	[FACT_ONE_SOURCE] = {{SS = 2.2, SC = 0.4, BF = 0.5, BE = 1, RP = -0.8, CI = -3, WO = -1,
			      SF = -1, RS = -0.7},
			     HONEYPOTS},
	[FACT_ONE_SOURCE_HEAVY] = {{SS = 3.5, BF = 1.5, BE = 1.5, RP = -3.5, CI = -4, WO = -2,
				    SF = 0.5, SC = -0.5},
				   HONEYPOTS},
	[FACT_FEW_SOURCES] = {{RP = 1.0, RS = 0.7, CI = 0.3, SS = -2, SC = 0.2},
			      "forum cases: two to five sources"},
	[FACT_MANY_SOURCES] = {{RP = 1.5, CI = 1.5, RS = 1.2, SC = 0.5, WO = 1, SS = -5, SF = 0.3},
			       HONEYPOTS},
	[FACT_PORT_P2P] = {{RP = 2.6, CI = 1.0, SC = -0.5, WO = -1.5, BF = -3, RS = -2}, PORTS},
	[FACT_PORT_SCAN] = {{SC = 2.8, RP = -4.5, CI = -4.5, RS = -0.7, SS = -0.7}, LISTED},
	[FACT_PORT_WORM] = {{WO = 2.8, SC = 1.6, RP = -4.5, CI = -4.5, RS = -1, SS = -0.7}, LISTED},
	[FACT_PORT_BRUTE_FORCE] = {{BF = 1.8, SC = 2.2, RP = -4.5, CI = -4.5, RS = -0.7, SS = -2},
				   LISTED},
	[FACT_PORT_MAIL] = {{RS = 2.2, SC = 1.2, RP = -4, CI = -4}, HONEYPOTS},
	[FACT_PORT_WEB] = {{SC = 2.0, RP = -4, CI = -4, SF = 0.5}, LISTED},
	[FACT_PORT_FLOOD_TARGET] = {{SF = 1.2, SC = 0.5, RP = -0.7, CI = -0.7}, PORTS},
	[FACT_PORT_BENIGN] = {{BE = 3.5, RP = -4, CI = -4, RS = -2}, LISTED},
	[FACT_PORT_UNLISTED_HIGH] = {{RP = 0.7, CI = 0.7, SC = -0.4, BF = -2, WO = -1},
				     "random and chosen ports: data/clients.tsv"},
	[FACT_PORT_UNLISTED_LOW] = {{SC = 1.2, RP = -3, CI = -3}, HONEYPOTS},
	[FACT_P2P_SOURCE_PORTS] = {{RP = 1.3, CI = 1.9, SC = -1, WO = -1}, HONEYPOTS},
	[FACT_FIXED_SOURCE_PORT] = {{SC = 2.4, WO = 1.2, RP = -3.5, CI = -3.5, RS = -2, SF = 0.5},
				    SCANNERS},
	[FACT_BARE_SYNS] = {{SC = 2.2, WO = 1.2, SF = 1.2, RP = -3, CI = -3, RS = -2.5}, SCANNERS},
	[FACT_FULL_SYNS] = {{RP = 0.8, CI = 0.8, RS = 0.8, BF = 0.5, WO = 0.3, SC = -0.5,
			     SF = -0.5},
			    SCANNERS},
	[FACT_ONE_WINDOW] = {{SC = 1.2, SF = 0.7, RP = -1, CI = -1}, SCANNERS},
	[FACT_REPEATED] = {{RP = 1.4, RS = 1.2, CI = 0.8, WO = 0.5, BF = 0.5, SC = -1.5, SF = -3},
			   SCHEDULES},
	[FACT_NOT_REPEATED] = {{SC = 0.9, SF = 0.7, BF = 0.7, RP = -0.7, RS = -0.5}, SCHEDULES},
	[FACT_SEVERAL_TRIES] = {{BF = 1.5, SS = 0.7, SC = -1.5, WO = -0.5, SF = -2}, SCANNERS},
	[FACT_MANY_TRIES] = {{BF = 3, SS = 1, SC = -1, SF = -1}, HONEYPOTS},
	[FACT_RETURN] = {{RP = 1.4, RS = 1.2, CI = -1.5, SC = 0.3, WO = 0.2, SF = -2}, LAB},
	[FACT_HARDLY_RETURN] = {{CI = 2.6, RP = -1.6, SC = 0.3}, HONEYPOTS},
	[FACT_DECAYS] = {{RP = 1.8, RS = 0.9, CI = -2.5, SC = -0.2, WO = -0.4}, PUBLISHED},
	[FACT_DECAYS_SLOWLY] = {{RP = -0.7, CI = 0.5, RS = 0.3, SC = 0.3}, PUBLISHED},
	[FACT_STEADY] = {{CI = 1.8, RP = -2, SC = 0.5, WO = 0.5}, MISTAKEN},
	[FACT_SCANNERS] = {{SC = 3, WO = 0.3, RP = -3, CI = -3, RS = -2}, SCANNERS},
	[FACT_ONLY_THIS_PORT] = {{RP = 0.5, CI = 0.5, RS = 0.5, SC = -0.4}, HONEYPOTS},
	[FACT_STANDS_OUT] = {{RP = 1.6, CI = 1.6, RS = 1, WO = 0.5, SF = 0.5, SC = -0.8},
			     BACKGROUND},
	[FACT_LIKE_OTHER_PORTS] = {{SC = 1.4, RP = -1.6, CI = -1.6, RS = -0.7, WO = -0.5},
				   BACKGROUND},
	[FACT_NEIGHBOURS_TOO] = {{SC = 2.4, WO = 2, RP = -3.5, CI = -3.5, RS = -2.5}, HONEYPOTS},
	[FACT_ONLY_THIS_ADDRESS] = {{RP = 1.4, CI = 1.4, RS = 1.2, SC = -1.6, WO = -0.3},
				    HONEYPOTS},
	[FACT_PING] = {{SC = 2.5, BE = 0.7, RP = -6, CI = -6, RS = -2, WO = 0.3}, PROTOCOL},
	[FACT_CALLED_BEFORE] = {{OR = 6, BS = -5, SC = -3}, PROTOCOL},
	[FACT_OUT_TO_ALL] = {{BE = 14}, "hosts find one another so: RFC 919, RFC 6762, RFC 4795"},
	[FACT_MANY_PORTS] = {{SC = 7, RP = -4, CI = -4, SS = -1}, SCANNERS},
};

static const double prior[VERDICTS] = {
	RP = 0.15, CI = 0.05, SC = 0.30, WO = 0.10, SF = 0.04, BS = 0.06,
	BF = 0.06, SS = 0.08, RS = 0.05, OC = 0.03, OR = 0.05, BE = 0.03,
};

double evidence_weight(enum fact_kind kind, enum verdict verdict)
{
	return table[kind].weight[verdict];
}

const char *evidence_origin(enum fact_kind kind)
{
	return table[kind].origin;
}

bool evidence_is_certain(enum fact_kind kind)
{
	switch (kind) {
	case FACT_OUTGOING:
	case FACT_ESTABLISHED:
	case FACT_ANSWERS:
	case FACT_ICMP_ERRORS:
	case FACT_TO_ALL:
	case FACT_FROM_NEAR:
	case FACT_CALLED_BEFORE:
	case FACT_OUT_TO_ALL:
		return true;
	default:
		return false;
	}
}

double evidence_prior(enum verdict verdict)
{
	return prior[verdict];
}
