/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "explain_words_parts.h"

const struct explain_words explain_english = {
	.fact =
		{
			[FACT_OUTGOING] = "this host itself calls $1 {address|addresses}",
			[FACT_ESTABLISHED] =
				"$1 of the packets belong to connections that were open before",
			[FACT_ANSWERS] = "$1 of the packets are answers (SYN-ACK or RST), from $2 "
					 "{address|addresses}",
			[FACT_ANSWERS_SPREAD] =
				"they come to $1 different ports, as answers to forged packets do",
			[FACT_FLAGS_SPREAD] = "packets without SYN to $1 {port|ports} from $2 "
					      "{address|addresses}: "
					      "a scan that evades filters",
			[FACT_ICMP_ERRORS] = "$1 ICMP error {message|messages}",
			[FACT_TO_ALL] =
				"$1 {packet|packets} to everybody on the network, not to this host",
			[FACT_FROM_NEAR] = "$1 {packet|packets} of hosts nearby that look for "
					   "names and services",
			[FACT_FLOOD] =
				"$1 in the busiest second, from $2 {address|addresses} that came "
				"hardly more than once",
			[FACT_FLOOD_MILD] =
				"$1 in the busiest second, from $2 {address|addresses} that came "
				"hardly more than once",
			[FACT_BURST] =
				"$1 of $2 come in one second, from addresses that came hardly more "
				"than once",
			[FACT_ONE_SOURCE] = "one address alone, $1 {time|times}",
			[FACT_ONE_SOURCE_HEAVY] = "$1 of $2 packets come from one address",
			[FACT_FEW_SOURCES] =
				"$1 different {address wants|addresses want} the same port",
			[FACT_MANY_SOURCES] =
				"$1 different {address wants|addresses want} the same port",
			[FACT_PORT_P2P] = "port $1 is the default of a P2P program",
			[FACT_PORT_SCAN] = "port $1 is one that scanners look for",
			[FACT_PORT_WORM] = "port $1 is one over which worms and bots spread",
			[FACT_PORT_BRUTE_FORCE] = "port $1 is one on which passwords are tried",
			[FACT_PORT_MAIL] = "port $1 is for mail",
			[FACT_PORT_WEB] = "port $1 is for web servers",
			[FACT_PORT_FLOOD_TARGET] =
				"port $1 is of game servers, which are flooded often",
			[FACT_PORT_BENIGN] = "what comes to port $1 is no attack, as a rule",
			[FACT_PORT_UNLISTED_HIGH] =
				"port $1 is no known service's; P2P programs choose such ports",
			[FACT_PORT_UNLISTED_LOW] =
				"port $1 is a system's port; P2P programs do not choose such ports",
			[FACT_P2P_SOURCE_PORTS] =
				"$1 come from ports that P2P programs have by default",
			[FACT_FIXED_SOURCE_PORT] =
				"$1 come from the same source port, $2: a tool made them",
			[FACT_BARE_SYNS] = "$1 of the SYNs have no options: a tool made them, no "
					   "operating system",
			[FACT_FULL_SYNS] =
				"$1 of the SYNs have options, as those of operating systems",
			[FACT_ONE_WINDOW] = "$1 of the SYNs have the same window, $2",
			[FACT_REPEATED] = "$1 of the attempts are repeated as operating systems "
					  "do: somebody really wants to connect",
			[FACT_NOT_REPEATED] = "hardly one of $1 attempts was repeated",
			[FACT_SEVERAL_TRIES] = "each address tries $1 {time|times}",
			[FACT_MANY_TRIES] = "each address tries $1 {time|times}",
			[FACT_RETURN] = "$1 of the addresses come back half an hour later or more",
			[FACT_HARDLY_RETURN] = "only $1 of the addresses came on more than one "
					       "day, in $2 {day|days}",
			[FACT_DECAYS] = "the calls grow fewer: half of them in $1",
			[FACT_DECAYS_SLOWLY] =
				"the calls grow fewer, but slowly: half of them in $1",
			[FACT_STEADY] = "the calls have not grown fewer in $1 {day|days}",
			[FACT_SCANNERS] = "$1 of the addresses try other ports here, too",
			[FACT_ONLY_THIS_PORT] =
				"$1 of the addresses want this port and hardly another",
			[FACT_STANDS_OUT] = "$1 {address wants|addresses want} this port; other "
					    "ports of no known "
					    "service get $2 at most, as a rule",
			[FACT_LIKE_OTHER_PORTS] = "it gets no more than other ports of no known "
						  "service: $1 {address|addresses}, those up to $2",
			[FACT_NEIGHBOURS_TOO] =
				"$1 {address here gets|addresses here get} the same",
			[FACT_ONLY_THIS_ADDRESS] =
				"$1 of it comes to this one of $2 {address|addresses}",
			[FACT_PING] = "$1 echo {request|requests} (ping): somebody looks whether a "
				      "host is there",
			[FACT_CALLED_BEFORE] =
				"this host called there $1 {time|times}: these are the answers",
			[FACT_OUT_TO_ALL] = "this host sent them to everybody on its network",
			[FACT_MANY_PORTS] =
				"$1 {port is|ports are} tried, by $2 {address|addresses}",
		},
	.verdict =
		{
			[VERDICT_RESIDUAL_P2P] = "calls to a P2P program that is gone",
			[VERDICT_CONTAMINATED_INDEX] =
				"calls of P2P programs that were told a wrong address",
			[VERDICT_SCAN] = "scans",
			[VERDICT_WORM] = "a worm or a botnet that looks for victims",
			[VERDICT_SYN_FLOOD] = "a flood of connection requests",
			[VERDICT_BACKSCATTER] = "answers to packets that others forged",
			[VERDICT_BRUTE_FORCE] = "attempts to guess a password",
			[VERDICT_SINGLE_SOURCE] = "one address that keeps calling",
			[VERDICT_RESIDUAL_SERVICE] =
				"calls for a service that used to be at this address",
			[VERDICT_OWN_CLIENT] = "calls of a program on this host",
			[VERDICT_OWN_REPLIES] = "late packets of this host's own connections",
			[VERDICT_BENIGN] = "the usual talk of a network",
			[VERDICT_UNCLEAR] = "not clear",
		},
	.meaning =
		{
			[VERDICT_RESIDUAL_P2P] =
				"A P2P program ran at this address once, perhaps at whoever had it "
				"before you. Other nodes saved the address and still try it. They "
				"do not know you and do not attack you.",
			[VERDICT_CONTAMINATED_INDEX] =
				"A P2P network gives out this address although no node is there. "
				"Those who call were told to, and do not attack you.",
			[VERDICT_SCAN] =
				"Somebody tries many addresses in search of open services. Every "
				"address in the Internet gets this, every day.",
			[VERDICT_WORM] = "Infected computers look for others that they can infect. "
					 "They try addresses at random; yours is one of them.",
			[VERDICT_SYN_FLOOD] =
				"Very many connection requests came in a very short time, most "
				"likely with forged source addresses. This is an attack on the "
				"service at that port, or on the line.",
			[VERDICT_BACKSCATTER] =
				"Somebody attacked others and forged your address as the source. "
				"Their answers come to you. You are neither attacked nor to blame.",
			[VERDICT_BRUTE_FORCE] = "Somebody tries passwords on a service that is "
						"reached from the Internet.",
			[VERDICT_SINGLE_SOURCE] = "All of it comes from one address: a program "
						  "that was set up wrongly, or one person. This is "
						  "not what many P2P nodes look like.",
			[VERDICT_RESIDUAL_SERVICE] = "Others look for a server that used to have "
						     "this address, a mail server for instance.",
			[VERDICT_OWN_CLIENT] = "A program on this host calls out. The firewall "
					       "reports what your own host does.",
			[VERDICT_OWN_REPLIES] = "These are packets of connections that your own "
						"host made and had closed already when they came.",
			[VERDICT_BENIGN] = "Devices of a network find one another this way.",
			[VERDICT_UNCLEAR] = "What the log shows fits more than one cause.",
		},
	.advice =
		{
			[VERDICT_RESIDUAL_P2P] =
				"Nothing has to be done: the firewall turns them away, and they "
				"grow fewer by themselves. Leave the port closed. If the alerts "
				"trouble you, let the firewall drop this port without a message. A "
				"new address from your provider ends it at once.",
			[VERDICT_CONTAMINATED_INDEX] =
				"Nothing has to be done: the firewall turns them away. Leave the "
				"port closed. It does not stop by itself; a new address from your "
				"provider ends it.",
			[VERDICT_SCAN] = "Nothing has to be done as long as the firewall is on. "
					 "Keep the system up to date.",
			[VERDICT_WORM] = "Nothing has to be done as long as the firewall is on. "
					 "Keep the system up to date, and change default passwords "
					 "of cameras, recorders and routers.",
			[VERDICT_SYN_FLOOD] =
				"If a service suffers or the line is slow, call your provider and "
				"say the time, the port and the number of packets. Blocking single "
				"addresses does not help: they are forged.",
			[VERDICT_BACKSCATTER] = "Nothing has to be done. It ends when the attack "
						"on the others ends.",
			[VERDICT_BRUTE_FORCE] =
				"If you do not need this service from outside, switch it off or "
				"close it to the Internet. If you do, use keys or long passwords, "
				"and limit the tries.",
			[VERDICT_SINGLE_SOURCE] = "Usually nothing has to be done. If it goes on "
						  "for days or slows the line, block this address, "
						  "or write to the abuse contact of its network.",
			[VERDICT_RESIDUAL_SERVICE] =
				"Nothing has to be done. Leave the port closed. If it goes on for "
				"weeks, tell your provider that the address is still named in "
				"somebody's records.",
			[VERDICT_OWN_CLIENT] = "Find out which program it is. If you do not know "
					       "it, check the computer for malware.",
			[VERDICT_OWN_REPLIES] = "Nothing has to be done.",
			[VERDICT_BENIGN] = "Nothing has to be done.",
			[VERDICT_UNCLEAR] =
				"Nothing has to be done at once as long as the firewall turns it "
				"away. Leave the port closed, and look again with a longer log.",
		},
	.needs_address = "A log that covers neighbouring addresses, too, would tell whether only "
			 "this one is meant.",
	.needs_time = "A log of some days would tell whether the calls grow fewer and whether the "
		      "same addresses return.",
	.needs_events = "There are too few packets to tell; a longer log would.",
	.almost_sure = "almost certainly",
	.likely = "likely",
	.perhaps = "perhaps",
	.unclear = "not clear",
	.quiet_by = "Quiet by $1, with a probability of $2, if it goes on as it did.",
	.quiet_already = "It is likely over already ($1).",
	.quiet_profile = "Quiet by $1, with a probability of $2: so it went with other nodes of $3 "
			 "(records: $4). This log is too short to say it by itself.",
	.quiet_never = "It does not stop by itself.",
	.quiet_unknown_p2p = "Such calls grow fewer over hours to months; this log is too short to "
			     "say when they end.",
	.incoming = "$1 to port $2 of $3",
	.incoming_ports = "$1 to $2 {port|ports} of $3",
	.incoming_no_port = "$1 to $2",
	.outgoing = "$1 from $3 to port $2 of others",
	.outgoing_no_port = "$1 from $2 to others",
	.counts = "$1 {alert|alerts}, $2 {attempt|attempts}, $3 {address|addresses}, $4 to $5 UTC",
	.counts_without_time = "$1 {alert|alerts}, $2 {attempt|attempts}, $3 {address|addresses}",
	.reasons = "Why",
	.against = "What speaks against it",
	.could_be = "It could also be",
	.alternative = "$1 ($2)",
	.alternative_alike = "$1 ($2 of these $3)",
	.countries = "Countries of the addresses",
	.other_countries = "others",
	.country_unknown = "not known",
	.clients = "Programs that it may have been",
	.what_to_do = "What to do",
	.when = "When it will stop",
	.read = "$1 {alert|alerts} ($2), $3 to $4 UTC",
	.read_without_time = "$1 {alert|alerts} ($2), without times",
	.nothing = "There is no alert in it: no line that names a source and a destination.",
	.skipped = "$1 of $2 lines were not understood; the first of them:",
	.skipped_line = "line $1: $2",
	.guessed = "The observed host seems to be $1 (--local says otherwise).",
	.anonymised = "Addresses in this record were replaced when it was written: those shown are "
		      "not the real ones.",
	.overflow = "$1 {alert|alerts} found no room in the tables and are not in the counts.",
	.more = "and $1 more {kind|kinds} of alerts, with $2 {alert|alerts} together; --json has "
		"all of them.",
	.table_title = "All kinds of alerts",
	.column = {"what", "alerts", "attempts", "addresses", "first", "last", "most likely"},
	.page_title = "What these alerts were",
	.picture = "Alerts over time, UTC; a bar is $1.",
};
