/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live_capture.h"

#include "decode.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char wide_filter[] = "ip or ip6 or ether proto 0x8100 or ether proto 0x88a8 or "
				  "ether proto 0x9100 or ether proto 0x8864";

static int refuse(struct live_capture *capture, int code, struct failure *failure)
{
	/* libpcap repeats itself for some codes and has nothing to add for others. */
	const char *what = pcap_statustostr(code), *detail = "", *mend = "";
	if (capture->handle && strncmp(pcap_geterr(capture->handle), what, strlen(what)) != 0)
		detail = pcap_geterr(capture->handle);
	if (code == PCAP_ERROR_PERM_DENIED)
		mend = ": run it as root or with the capability CAP_NET_RAW";
	else if (code == PCAP_ERROR_NO_SUCH_DEVICE)
		mend = ": 'ip link' lists the interfaces";
	else if (code == PCAP_ERROR_IFACE_NOT_UP)
		mend = ": 'ip link set NAME up' brings it up";
	fail(failure, EXIT_FAILED, "interface %s: %s%s%s%s", capture->interface, what,
	     detail[0] ? ": " : "", detail, mend);
	live_capture_close(capture);
	return -1;
}

/* Only Ethernet needs the filter: other links carry IP and little else. */
static int set_filter(struct live_capture *capture, struct failure *failure)
{
	struct bpf_program program;
	if (capture->link_type != DLT_EN10MB)
		return 0;
	int code = pcap_compile(capture->handle, &program, wide_filter, 1, PCAP_NETMASK_UNKNOWN);
	if (code != 0)
		return refuse(capture, code, failure);
	code = pcap_setfilter(capture->handle, &program);
	pcap_freecode(&program);
	return code == 0 ? 0 : refuse(capture, code, failure);
}

int live_capture_open(struct live_capture *capture, const char *interface, int ring_mib,
		      struct failure *failure)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	*capture = (struct live_capture){.query = -1};
	if (strlen(interface) >= sizeof capture->interface)
		return fail(failure, EXIT_WRONG_USE, "interface %.40s...: the name is too long",
			    interface);
	snprintf(capture->interface, sizeof capture->interface, "%s", interface);
	capture->handle = pcap_create(interface, reason);
	if (!capture->handle)
		return fail(failure, EXIT_FAILED, "interface %s: %s", interface, reason);
	pcap_set_snaplen(capture->handle, LIVE_SNAPSHOT_LENGTH);
	pcap_set_timeout(capture->handle, LIVE_TIMEOUT_MS);
	pcap_set_immediate_mode(capture->handle, 0);
	pcap_set_buffer_size(capture->handle, ring_mib << 20);
	int code = pcap_activate(capture->handle);
	if (code < 0)
		return refuse(capture, code, failure);
	capture->link_type = pcap_datalink(capture->handle);
	if (!decode_link_known(capture->link_type)) {
		fail(failure, EXIT_FAILED, "interface %s: its link type %d is unknown to stalenode",
		     interface, capture->link_type);
		live_capture_close(capture);
		return -1;
	}
	if (set_filter(capture, failure) != 0)
		return -1;
	/* Not every kind of interface can tell directions; the decoder then goes by addresses. */
	pcap_setdirection(capture->handle, PCAP_D_IN);
	if (pcap_setnonblock(capture->handle, 1, reason) != 0)
		return refuse(capture, PCAP_ERROR, failure);
	capture->descriptor = pcap_get_selectable_fd(capture->handle);
	capture->query = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return 0;
}

bool live_capture_link_is_up(const struct live_capture *capture)
{
	struct ifreq request = {0};
	if (strcmp(capture->interface, "any") == 0 || capture->query < 0)
		return true;
	snprintf(request.ifr_name, sizeof request.ifr_name, "%.*s", IFNAMSIZ - 1,
		 capture->interface);
	return ioctl(capture->query, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_UP) &&
	       (request.ifr_flags & IFF_RUNNING);
}

int live_capture_dispatch(struct live_capture *capture, pcap_handler handler, void *context,
			  struct failure *failure)
{
	int code = pcap_dispatch(capture->handle, -1, handler, context);
	if (code >= 0 || code == PCAP_ERROR_BREAK)
		return 0;
	return fail(failure, EXIT_FAILED, "interface %s: %s", capture->interface,
		    pcap_geterr(capture->handle));
}

uint64_t live_capture_new_drops(struct live_capture *capture)
{
	struct pcap_stat statistics;
	if (!capture->handle || pcap_stats(capture->handle, &statistics) != 0)
		return 0;
	/* The counter has 32 bits and wraps: the difference is taken modulo 2^32. */
	uint32_t new_drops = statistics.ps_drop - capture->drops;
	capture->drops = statistics.ps_drop;
	return new_drops;
}

void live_capture_close(struct live_capture *capture)
{
	if (capture->handle)
		pcap_close(capture->handle);
	capture->handle = NULL;
	if (capture->query >= 0)
		close(capture->query);
	capture->query = -1;
}
