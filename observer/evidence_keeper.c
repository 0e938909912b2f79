/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence_keeper.h"

/* One target until nothing is left or the steps are used up; false when it failed. */
static bool pack(struct evidence_keeper *keeper, const struct observed_target *target, int64_t now,
		 unsigned *steps)
{
	struct failure failure = {0};
	int result = 1;
	while (*steps > 0 && result > 0) {
		--*steps;
		result = evidence_pack_step(keeper->packer, target->notes.evidence.directory, now,
					    &failure);
	}
	if (result < 0 && !keeper->failing)
		say_warning("%s: the day stays as it is until it can be packed", failure.text);
	return result >= 0;
}

bool evidence_keeper_work(struct evidence_keeper *keeper, const struct observation *observation)
{
	int64_t now = __atomic_load_n(&observation->turned_at, __ATOMIC_ACQUIRE);
	unsigned steps = EVIDENCE_KEEPER_STEPS + (unsigned)observation->targets;
	bool sound = true;
	/* A clock that stepped back must not put the next look off. */
	if (now >= keeper->looked && now - keeper->looked < EVIDENCE_KEEPER_SECONDS)
		return false;
	if (!keeper->packer)
		keeper->packer = evidence_packer_begin();
	if (!keeper->packer)
		return false;
	for (; keeper->target < observation->targets; keeper->target++) {
		const struct observed_target *target = &observation->target[keeper->target];
		if (target->notes.evidence.budget)
			sound = pack(keeper, target, now, &steps) && sound;
		if (steps == 0)
			return true;
	}
	keeper->target = 0;
	keeper->failing = !sound;
	keeper->looked = now;
	return false;
}

void evidence_keeper_end(struct evidence_keeper *keeper)
{
	evidence_packer_end(keeper->packer);
	*keeper = (struct evidence_keeper){0};
}
