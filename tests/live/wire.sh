# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the live tests: a veth pair wire0 between two network namespaces of the test's own,
# "peer" who sends and "host" who is observed, removed at exit; skips with a word where that is not
# possible.
[ "$(id -u)" -eq 0 ] || skip_all "not root: network namespaces and live capture need it"
require_tools ip tcpdump
for program in "$stalenode" "$BUILD/tests/send_frames"; do
	[ -x "$program" ] || skip_all "$program is not built"
done

peer=stale-peer-$$
host=stale-host-$$
if ! ip netns add "$peer" 2>"$work/errors"; then
	skip_all "network namespaces are not permitted here: $(head -n 1 "$work/errors")"
fi
at_exit ip netns delete "$peer"
ip netns add "$host" && at_exit ip netns delete "$host"
processes=()
# shellcheck disable=SC2317 # called at exit
end_processes()
{
	[ "${#processes[@]}" -eq 0 ] || kill -KILL "${processes[@]}" 2>/dev/null
}
at_exit end_processes

in_peer()
{
	ip netns exec "$peer" "$@"
}
in_host()
{
	ip netns exec "$host" "$@"
}

if ! in_host true 2>"$work/errors"; then
	skip_all "no program runs in a network namespace here: $(head -n 1 "$work/errors")"
fi
if ! ip link add wire0 netns "$peer" address 02:00:00:00:00:0a type veth \
	peer name wire0 netns "$host" address 02:00:00:00:00:02 2>"$work/errors"; then
	skip_all "veth pairs are not permitted here: $(head -n 1 "$work/errors")"
fi
for side in in_peer in_host; do
	# Without IPv6 of its own the kernel sends nothing by itself over the wire.
	$side sh -c 'echo 1 >/proc/sys/net/ipv6/conf/wire0/disable_ipv6' 2>/dev/null
	$side ip link set wire0 up
done

packet_sockets()
{
	in_host tail -n +2 /proc/net/packet | wc -l
}
wait_for_sockets() # NUMBER: until that many captures are open, 10 s at most
{
	local _
	for _ in $(seq 100); do
		[ "$(packet_sockets)" -ge "$1" ] && return 0
		sleep 0.1
	done
	return 1
}
sum_of() # COLUMN FILE: a column of `dump`, summed
{
	awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) column = i; next }
		column { sum += $column } END { print column ? sum + 0 : "no such column" }' "$2"
}

burst() # ROUNDS FILE: sends the frames of that many rounds, what was sent into FILE
{
	in_peer "$BUILD/tests/send_frames" wire0 02:00:00:00:00:0a 02:00:00:00:00:02 "$1" >"$2"
}
