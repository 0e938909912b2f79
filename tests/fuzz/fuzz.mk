# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzzing. Included by the Makefile.
#
#   make fuzz-programs   $(BUILD)/fuzz/replay_X: the fuzz targets without libFuzzer, under whatever
#                        compiler and sanitiser the build has; tests/fuzz/short.test runs them
#   make fuzz-short      builds them under AddressSanitizer and UBSan and runs them for seconds
#   make fuzz            libFuzzer, FUZZ_SECONDS for each target; needs clang; what is found is in
#                        $(BUILD)/libfuzzer/fuzz/crash-*

FUZZ_SECONDS   ?= 300
FUZZ_TARGETS   := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SANITISE  := address,undefined -fno-sanitize-recover=all
FUZZ_OPTIMISE  := -O1 -g -fno-omit-frame-pointer

.PHONY: fuzz-programs fuzz-short fuzz fuzz-libfuzzer
fuzz-programs: $(FUZZ_TARGETS:%=$(BUILD)/fuzz/replay_%)

# Parsers of the analysis: what they read is checked with the decay families, or belongs to them.
ANALYSIS_FUZZ := $(foreach target,client_profile series,\
	$(BUILD)/fuzz/replay_$(target) $(BUILD)/fuzz/libfuzzer_$(target))
$(ANALYSIS_FUZZ): $(call objects,$(wildcard analysis/*.c))
$(ANALYSIS_FUZZ): FUZZ_LIBS := $(REPORT_LIBS)

# What writes text into pages and drawings.
TEXT_FUZZ := $(BUILD)/fuzz/replay_text $(BUILD)/fuzz/libfuzzer_text
$(TEXT_FUZZ): $(call objects,$(wildcard analysis/*.c analysis/alerts/*.c graphs/*.c))
$(TEXT_FUZZ): FUZZ_LIBS := $(REPORT_LIBS)

# Readers of alerts.
ALERT_FUZZ := $(foreach target,$(filter alert_%,$(FUZZ_TARGETS)),\
	$(BUILD)/fuzz/replay_$(target) $(BUILD)/fuzz/libfuzzer_$(target))
$(ALERT_FUZZ): $(call objects,$(wildcard analysis/*.c analysis/alerts/*.c))
$(ALERT_FUZZ): FUZZ_LIBS := $(REPORT_LIBS)

$(BUILD)/fuzz/replay_%: $(BUILD)/objects/tests/fuzz/fuzz_%.o \
		$(BUILD)/objects/tests/fuzz/replay_main.o $(call objects,$(AGENT_SOURCES))
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LDFLAGS) $(QUICKLY) -o $@ $^ $(FUZZ_LIBS) $(AGENT_LIBS)

$(BUILD)/fuzz/libfuzzer_%: $(BUILD)/objects/tests/fuzz/fuzz_%.o $(call objects,$(AGENT_SOURCES))
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	$(Q)$(CC) $(LDFLAGS) $(QUICKLY) -fsanitize=fuzzer -o $@ $^ $(FUZZ_LIBS) $(AGENT_LIBS)

fuzz-short:
	@+$(MAKE) --no-print-directory BUILD=$(BUILD)/sanitised FORTIFY= \
		SANITISE='-fsanitize=$(FUZZ_SANITISE)' OPTIMISE='$(FUZZ_OPTIMISE)' fuzz-programs
	@BUILD=$(BUILD)/sanitised tests/fuzz/short.test

fuzz:
	@+$(MAKE) --no-print-directory -j$(JOBS) BUILD=$(BUILD)/libfuzzer CC=clang FORTIFY= \
		SANITISE='-fsanitize=fuzzer-no-link,$(FUZZ_SANITISE)' \
		OPTIMISE='$(FUZZ_OPTIMISE)' fuzz-libfuzzer
	$(Q)cd $(BUILD)/libfuzzer/fuzz && for target in $(FUZZ_TARGETS); do \
		mkdir -p corpus_$$target && ./replay_$$target --seeds corpus_$$target && \
		echo "  FUZZ  $$target, $(FUZZ_SECONDS) s" && \
		./libfuzzer_$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
			-rss_limit_mb=2048 -print_final_stats=1 corpus_$$target \
			>$$target.log 2>&1 || { tail -n 40 $$target.log; exit 1; }; \
		grep number_of_executed_units $$target.log; \
	done

fuzz-libfuzzer: fuzz-programs $(FUZZ_TARGETS:%=$(BUILD)/fuzz/libfuzzer_%)
