# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Sourced behind wire.sh by tests that run stalenoded itself: a configuration, its start and end,
# and its processes as /proc shows them.
peer_mac=02:00:00:00:00:0a
# shellcheck disable=SC2034 # by the tests
host_mac=02:00:00:00:00:02
conf=$work/agent.conf
state=$work/live
[ -x "$BUILD/stalenoded" ] || skip_all "$BUILD/stalenoded is not built"
[ -x "$BUILD/tests/send_load" ] || skip_all "$BUILD/tests/send_load is not built"

shim=$(realpath -m "$BUILD")/tests/shim_clock.so
write_number() # FILE INDEX NUMBER: the INDEX-th 64-bit integer of what shim_clock reads
{
	local bytes='' shift
	for shift in 0 8 16 24 32 40 48 56; do # little-endian, as every machine that Debian is for
		bytes+=$(printf '\\x%02x' $(($3 >> shift & 255)))
	done
	# shellcheck disable=SC2059 # it is the format that is written
	printf "$bytes" | dd of="$1" bs=8 seek="$2" count=1 conv=notrunc status=none
}
make_clock() # FILE [SPEED]: a clock that is right, or runs SPEED times as fast
{
	[ -e "$shim" ] || skip_all "$shim is not built"
	head -c 256 /dev/zero >"$1"
	chmod 666 "$1"
	write_number "$1" 1 "${2-1}"
}

configure() # RING_MIB LINE...: two targets on wire0, more lines behind
{
	cat >"$conf" <<END
[agent]
state = $state
[interface wire0]
ring = $1
[target retired]
address = 198.51.100.7, 2001:db8::7
ports = 7743
[target other]
address = 198.51.100.8
ports = 4662
END
	shift
	printf '%s\n' "$@" >>"$conf"
}

start_agent() # VARIABLE=VALUE...: in its environment; $agent is the monitor
{
	env "$@" ip netns exec "$host" "$BUILD/stalenoded" --config "$conf" \
		>>"$work/agent.output" 2>>"$work/agent.errors" </dev/null &
	agent=$!
	processes+=("$agent")
}

worker_of() # MONITOR: its worker's process id
{
	# The parent is the fourth field; the name before it has no blank in these programs. By cat,
	# which goes on when a process has ended since the names were listed: mawk does not.
	cat /proc/[0-9]*/stat 2>/dev/null |
		awk -v parent="$1" '$4 == parent && $3 != "Z" && !found { print $1; found = 1 }'
}
wait_for_worker() # MONITOR [OTHER-THAN]: its worker that has given up every capability, 20 s at most
{
	local _ worker
	for _ in $(seq 400); do
		worker=$(worker_of "$1")
		if [ -n "$worker" ] && [ "$worker" != "${2-}" ] &&
			grep -q '^CapPrm:	0000000000000000$' "/proc/$worker/status" 2>/dev/null &&
			[ "$(packet_sockets)" -ge 1 ]; then
			echo "$worker"
			return
		fi
		sleep 0.05
	done
}
begin_agent() # VARIABLE=VALUE...: starts it and waits until it counts; ends the script when it does not
{
	start_agent "$@"
	worker=$(wait_for_worker "$agent")
	if [ -z "$worker" ]; then
		not_ok "the agent starts a worker" "$work/agent.output" "$work/agent.errors"
		exit
	fi
	sleep 0.5
}
agent_ended() # SECONDS: whether it has ended within that time; its status goes to $status
{
	local _
	for _ in $(seq $(($1 * 20))); do
		if ! kill -0 "$agent" 2>/dev/null; then
			wait "$agent"
			status=$?
			return 0
		fi
		sleep 0.05
	done
	return 1
}
end_agent() # SENTENCE: SIGTERM, and it has to end with 0 within a minute: 100 RRDs may have to be made
{
	kill -TERM "$agent" 2>/dev/null
	status=none
	if agent_ended 60 && [ "$status" = 0 ]; then
		ok "$1"
	else
		not_ok "$1 (status $status)" "$work/agent.errors" "$work/agent.output"
		kill -KILL "$agent" 2>/dev/null
	fi
}

# What processes have of the memory in kB: of each mapped file the most that one of them has, so that
# their common libraries and ring count once, and wholly, whoever else has the same libraries loaded;
# all else by its share (PSS), as processes made of one another have it.
kilobytes_of() # PROCESS...
{
	local process
	for process in "$@"; do
		cat "/proc/$process/smaps" 2>/dev/null
	done | awk '
		/^[0-9a-f]+-[0-9a-f]+ / { file = $5 != 0; mapping = $1 " " $6 }
		$1 == "Rss:" && file && $2 > most[mapping] { most[mapping] = $2 }
		$1 == "Pss:" && !file { sum += $2 }
		END { for (mapping in most) sum += most[mapping]; print sum + 0 }'
}
load() # ARGUMENT...: send_load over the wire, in the foreground
{
	in_peer "$BUILD/tests/send_load" wire0 $peer_mac $host_mac "$@"
}
start_load() # FILE ARGUMENT...: the same in the background, as $sender; what was sent into FILE
{
	local file=$1
	shift
	ip netns exec "$peer" "$BUILD/tests/send_load" wire0 $peer_mac $host_mac "$@" >"$file" \
		2>"$work/sender.errors" </dev/null &
	sender=$!
	processes+=("$sender")
}
end_load()
{
	kill -TERM "$sender"
	wait "$sender" || not_ok "the sender sends" "$work/sender.errors"
}
sent() # NAME FILE...: what was sent of it
{
	local name=$1
	shift
	awk -v name="$name" '$1 == name { sum += $2 } END { print sum + 0 }' "$@"
}
counted() # COLUMN [TARGET]: what the ledger has of it
{
	"$stalenode" dump "$state/${2-retired}" >"$work/dump.csv" 2>>"$work/errors"
	sum_of "$1" "$work/dump.csv"
}
wire_count() # SIDE COUNTER: a counter of the interface, as in_peer tx_packets
{
	"$1" cat "/sys/class/net/wire0/statistics/$2"
}
pause_up_to() # MILLISECONDS: a random time
{
	sleep "$(awk -v most="$1" -v seed="$RANDOM" 'BEGIN { printf "%.3f", seed / 32768 * most / 1000 }')"
}
judge() # ARGUMENT...: what is on disk, by a reader that shares nothing with the product
{
	PYTHONDONTWRITEBYTECODE=1 python3 tests/judge_state.py "$@"
}
expect_judged() # SENTENCE ARGUMENT...: is judged at the next judge_now
{
	local IFS=$'\t'
	printf '%s\n' "$*" >>"$work/judgements"
}
judge_now()
{
	judge each <"$work/judgements" >"$work/judged" 2>&1
	cat "$work/judged"
	failures=$((failures + $(grep -c '^not ok' "$work/judged")))
	[ "$(grep -cE '^(not )?ok' "$work/judged")" -eq "$(wc -l <"$work/judgements")" ] ||
		not_ok "every judgement is made" "$work/judged"
	rm "$work/judgements"
}
