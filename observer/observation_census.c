/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The days of census and evidence, between the thread that counts and the one that writes. */
#include "observation.h"

bool observation_turn_census(struct observation *observation, int64_t now)
{
	bool wanted = false;
	for (size_t i = 0; i < observation->targets; i++) {
		struct observed_target *target = &observation->target[i];
		struct census *census = &target->notes.census;
		evidence_close_over(&target->notes.evidence, now);
		uint32_t errand = __atomic_load_n(&target->census_errand, __ATOMIC_ACQUIRE);
		if (errand == CENSUS_WRITTEN) {
			census_forget(census, target->census_side);
			journal_commit(&observation->state->journal);
			__atomic_store_n(&target->census_errand, CENSUS_NO_ERRAND,
					 __ATOMIC_RELEASE);
		} else if (errand == CENSUS_NO_ERRAND) {
			target->census_side = census_due(census, now);
			if (target->census_side < 0)
				continue;
			__atomic_store_n(&target->census_errand, CENSUS_TO_WRITE, __ATOMIC_RELEASE);
			wanted = true;
		}
	}
	__atomic_store_n(&observation->turned_at, now, __ATOMIC_RELEASE);
	return wanted;
}

int observation_write_census(struct observed_target *target, struct failure *failure)
{
	if (__atomic_load_n(&target->census_errand, __ATOMIC_ACQUIRE) != CENSUS_TO_WRITE)
		return 0;
	if (census_file_write(&target->notes.census, target->census_side, failure) != 0)
		return -1;
	__atomic_store_n(&target->census_errand, CENSUS_WRITTEN, __ATOMIC_RELEASE);
	return 0;
}
