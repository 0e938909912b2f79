/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict.h"

static const struct {
	const char *name, *group;
} words[VERDICTS + 1] = {
	[VERDICT_RESIDUAL_P2P] = {"residual-p2p", "p2p-endpoint"},
	[VERDICT_CONTAMINATED_INDEX] = {"contaminated-index", "p2p-endpoint"},
	[VERDICT_SCAN] = {"scan", "scan-or-worm"},
	[VERDICT_WORM] = {"worm", "scan-or-worm"},
	[VERDICT_SYN_FLOOD] = {"syn-flood", "syn-flood"},
	[VERDICT_BACKSCATTER] = {"backscatter", "backscatter"},
	[VERDICT_BRUTE_FORCE] = {"brute-force", "brute-force"},
	[VERDICT_SINGLE_SOURCE] = {"single-source", "single-source"},
	[VERDICT_RESIDUAL_SERVICE] = {"residual-service", "residual-service"},
	[VERDICT_OWN_CLIENT] = {"own-client", "own-client"},
	[VERDICT_OWN_REPLIES] = {"own-replies", "own-replies"},
	[VERDICT_BENIGN] = {"benign", "benign"},
	[VERDICT_UNCLEAR] = {"unclear", "unclear"},
};

const char *verdict_name(enum verdict verdict)
{
	return words[verdict].name;
}

const char *verdict_group(enum verdict verdict)
{
	return words[verdict].group;
}
