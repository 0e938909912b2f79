# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What every script tests/*/*.test begins with: ". tests/lib.sh" after a cd to the root of the
# checkout. A test says "ok - sentence", "not ok - sentence" with what was seen below it, or
# "skip - why"; tests/run adds these up. The work directory $work is removed at the end.
#
# BUILD names the build to test (default build); STALENODE_SAMPLES the directory with captures of
# other projects, which are not part of this one: tests that read them skip when it is absent.
set -u

BUILD=${BUILD:-build}
stalenode=$BUILD/stalenode
samples=${STALENODE_SAMPLES:-../shared/samples}
work=$(mktemp -d "${TMPDIR:-/tmp}/stalenode-test.XXXXXX") || exit 1
failures=0
export LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1

cleanups=()
at_exit() # COMMAND WORD...: run at the end, last one first
{
	cleanups=("$(printf '%q ' "$@")" "${cleanups[@]}")
}
finish()
{
	local status=$? command
	trap - EXIT INT TERM
	for command in "${cleanups[@]}"; do
		eval "$command"
	done
	rm -rf "$work"
	[ "$failures" -eq 0 ] || status=1
	exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

ok()
{
	echo "ok - $*"
}

not_ok() # SENTENCE [FILE...]: the files hold what was seen
{
	echo "not ok - $1"
	failures=$((failures + 1))
	shift
	local file
	for file in "$@"; do
		[ -e "$file" ] && head -n 40 "$file" | cut -c1-300 | sed "s|^|    ${file##*/}: |"
	done
	return 0
}

# With MaxMind's own writer; false where it is not installed.
write_country_database() # FILE NETWORK CODE [NETWORK CODE]...
{
	perl -MMaxMind::DB::Writer::Tree -e 1 2>/dev/null || return 1
	perl -MMaxMind::DB::Writer::Tree -e '
		my $file = shift;
		my $tree = MaxMind::DB::Writer::Tree->new(ip_version => 6, record_size => 24,
			database_type => "GeoLite2-Country", languages => ["en"], remove_reserved_networks => 0,
			description => {en => "test"},
			map_key_type_callback => sub { $_[0] eq "country" ? "map" : "utf8_string" });
		while (my ($network, $code) = splice @ARGV, 0, 2) {
			$tree->insert_network($network, {country => {iso_code => $code}});
		}
		open my $out, ">:raw", $file or die; $tree->write_tree($out);' "$@"
}

skip() # WHY
{
	echo "skip - $*"
}

skip_all() # WHY: ends the script
{
	skip "$@"
	exit 0
}

# Runs a command; its status goes to $status, its output to $work/output and $work/errors.
run()
{
	timeout 120 "$@" >"$work/output" 2>"$work/errors" </dev/null
	status=$?
}

expect_exit() # STATUS SENTENCE COMMAND...
{
	local wanted=$1 sentence=$2
	shift 2
	run "$@"
	if [ "$status" -eq "$wanted" ]; then
		ok "$sentence"
	else
		not_ok "$sentence (exit $status, wanted $wanted: $*)" "$work/output" "$work/errors"
		return 1
	fi
}

# A bad input: exit status 1 or 2, nothing on standard output, exactly one error line, and that
# line matches every pattern given (the file's name, a word of what is wrong, a word of the mend).
expect_error() # STATUS SENTENCE PATTERN... -- COMMAND...
{
	local wanted=$1 sentence=$2 patterns=() pattern
	shift 2
	while [ "$1" != -- ]; do
		patterns+=("$1")
		shift
	done
	shift
	run "$@"
	if [ "$status" -ne "$wanted" ]; then
		not_ok "$sentence (exit $status, wanted $wanted)" "$work/output" "$work/errors"
		return 1
	fi
	if [ "$(grep -vc ': warning: ' "$work/errors")" -ne 1 ]; then
		not_ok "$sentence (not exactly one error line)" "$work/errors"
		return 1
	fi
	for pattern in "${patterns[@]}"; do
		if ! grep -v ': warning: ' "$work/errors" | grep -qiE -- "$pattern"; then
			not_ok "$sentence (the line does not say: $pattern)" "$work/errors"
			return 1
		fi
	done
	ok "$sentence"
}

expect_output() # PATTERN SENTENCE: in what the last run printed on either stream
{
	if grep -qiE -- "$1" "$work/output" "$work/errors"; then
		ok "$2"
	else
		not_ok "$2 (nothing matches: $1)" "$work/output" "$work/errors"
	fi
}

expect_equal() # WANTED SEEN SENTENCE
{
	if [ "$1" = "$2" ]; then
		ok "$3"
	else
		not_ok "$3 (wanted '$1', saw '$2')"
	fi
}

expect_same_file() # WANTED SEEN SENTENCE
{
	if cmp -s "$1" "$2"; then
		ok "$3"
	else
		diff -u "$1" "$2" >"$work/difference" 2>&1
		not_ok "$3" "$work/difference"
	fi
}

# A killed or crashed program never passes for "a clear error".
ended_by_signal() # STATUS
{
	[ "$1" -ge 124 ] || { [ "$1" -ne 0 ] && [ "$1" -ne 1 ] && [ "$1" -ne 2 ]; }
}

require_tools() # PROGRAM...: skips the script when one is absent
{
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed"
	done
}

require_samples() # DIRECTORY: skips the script when the samples are absent
{
	[ -d "$samples/$1" ] || skip_all "no sample captures in $samples/$1"
}

# Every file below a directory with its content, to see that a failed command left all as it was.
fingerprint() # DIRECTORY
{
	(cd "$1" && find . -type f -exec sha256sum {} + | sort -k2)
}
