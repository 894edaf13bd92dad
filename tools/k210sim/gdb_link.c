// SPDX-License-Identifier: MIT
/* See gdb_link.h. */
#include "gdb_link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CTRL_C 3

static int connection = -1;
static uint8_t input[GDB_PACKET]; /* received and not yet read */
static size_t input_len;
static size_t input_at;
static char packet[GDB_PACKET + 1];

static bool complain(uint16_t port)
{
	fprintf(stderr, "k210sim: --gdb %u: %s\n", port, strerror(errno));
	return false;
}

/* A socket that listens, or -1. */
static int listen_on(uint16_t port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	if (listener < 0)
		return -1;
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0 &&
	    listen(listener, 1) == 0)
		return listener;
	close(listener);
	return -1;
}

bool gdb_link_open(uint16_t port)
{
	struct sockaddr_in address;
	socklen_t size = sizeof(address);
	int listener = listen_on(port);
	int on = 1;

	if (listener < 0)
		return complain(port);
	/* Port 0 means any: say which. */
	getsockname(listener, (struct sockaddr *)&address, &size);
	fprintf(stderr, "k210sim: waiting for gdb on port %u\n",
		ntohs(address.sin_port));
	connection = accept(listener, NULL, NULL);
	if (connection < 0)
		complain(port);
	close(listener);
	/* Packets are small, and gdb waits for each. */
	setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return connection >= 0;
}

void gdb_link_close(void)
{
	if (connection >= 0)
		close(connection);
	connection = -1;
}

static bool has_input(int timeout_ms)
{
	struct pollfd poll_fd = { .fd = connection, .events = POLLIN };

	return input_at < input_len || poll(&poll_fd, 1, timeout_ms) > 0;
}

/* The next byte, or -1 if the connection is gone. */
static int next_byte(void)
{
	ssize_t got;

	if (input_at == input_len) {
		do
			got = read(connection, input, sizeof(input));
		while (got < 0 && errno == EINTR);
		if (got <= 0) {
			gdb_link_close();
			return -1;
		}
		input_len = (size_t)got;
		input_at = 0;
	}
	return input[input_at++];
}

static void send_bytes(const char *bytes, size_t len)
{
	ssize_t sent;

	for (; len > 0; len -= (size_t)sent, bytes += sent) {
		sent = send(connection, bytes, len, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			sent = 0;
		if (sent < 0) {
			gdb_link_close();
			return;
		}
	}
}

/* The checksum's two digits.  False: they do not fit, or gdb is gone. */
static bool checksum_fits(uint8_t sum)
{
	char digits[3] = {};

	for (int i = 0; i < 2; i++) {
		int byte = next_byte();

		if (byte < 0)
			return false;
		digits[i] = (char)byte;
	}
	return strtoul(digits, NULL, 16) == sum;
}

/* What follows '$'.  False: damaged, too long, or gdb is gone. */
static bool receive_data(size_t *len)
{
	uint8_t sum = 0;
	int byte;

	for (*len = 0; (byte = next_byte()) >= 0 && byte != '#'; (*len)++) {
		sum = (uint8_t)(sum + byte);
		if (*len < GDB_PACKET)
			packet[*len] = (char)byte;
	}
	if (byte < 0 || !checksum_fits(sum) || *len > GDB_PACKET)
		return false;
	packet[*len] = '\0';
	return true;
}

char *gdb_link_receive(size_t *len)
{
	int byte;

	/* Between packets come acknowledgements, and Ctrl-C too late. */
	while ((byte = next_byte()) >= 0) {
		if (byte != '$')
			continue;
		if (receive_data(len)) {
			send_bytes("+", 1);
			return packet;
		}
		send_bytes("-", 1);
	}
	return NULL;
}

void gdb_link_send(const char *text)
{
	char end[4];
	uint8_t sum = 0;

	for (const char *at = text; *at; at++)
		sum = (uint8_t)(sum + *at);
	snprintf(end, sizeof(end), "#%02x", sum);
	send_bytes("$", 1);
	send_bytes(text, strlen(text));
	send_bytes(end, 3);
}

bool gdb_link_wants_break(void)
{
	int byte = 0;

	while (connection >= 0 && has_input(0) && byte != CTRL_C)
		byte = next_byte();
	return connection < 0 || byte == CTRL_C;
}
