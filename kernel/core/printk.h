// SPDX-License-Identifier: MIT
/*
 * The kernel log: a ring of lines that dmesg(1) reads, and the consoles that
 * show them.
 */
#pragma once

#include <lib/types.h>

enum log_level {
	LOG_ERR,  /* something is lost or missing */
	LOG_WARN, /* it goes on, but somebody should know */
	LOG_INFO, /* the boot log */
	LOG_DEBUG /* kept in the ring, shown with loglevel=3 */
};

/*
 * Add a line to the log and show it on the consoles when its level is not
 * above the loglevel= option.  A newline is added.  Lines longer than 256
 * bytes are cut.
 *
 * Context: any, also interrupts and with spinlocks held.
 */
__printf(2, 3) void klog(enum log_level level, const char *fmt, ...);

#define pr_err(...)   klog(LOG_ERR, __VA_ARGS__)
#define pr_warn(...)  klog(LOG_WARN, __VA_ARGS__)
#define pr_info(...)  klog(LOG_INFO, __VA_ARGS__)
#define pr_debug(...) klog(LOG_DEBUG, __VA_ARGS__)

/* Take the loglevel= option into account.  Needs param_init(). */
void log_init(void);

/* For panic(), when no other hart runs: klog() works whoever holds its lock. */
void log_emergency(void);

/*
 * Copy log text from *pos on, as syslog(2) gives it ("<6>[    1.234567] text\n"),
 * into buf and advance *pos.  Whole lines only.  Returns the bytes copied, 0 at
 * the end.  Context: thread.
 */
size_t klog_read(uint64_t *pos, char *buf, size_t len);

/*
 * Copy the record at *pos as /dev/kmsg gives it ("6,12,345678,-;text\n": level,
 * number, microseconds; other than printable bytes as \\xNN), advance *pos.  0 as
 * *pos is where the log begins.
 *
 * Returns the bytes copied, 0 at the end, or
 *   -EPIPE   what was at *pos is overwritten; *pos is now the oldest record
 *   -EINVAL  buf is too short for this record
 *
 * Context: thread.
 */
ssize_t klog_read_record(uint64_t *pos, char *buf, size_t len);

/* Where the log ends now: klog_read() from here on gives what is still to come. */
uint64_t klog_end(void);
/* Bytes that the log keeps. */
size_t klog_size(void);

/* One place where log lines go.  Registered once and never freed. */
struct log_sink {
	/* Any context, interrupts off, must not print, may not sleep. */
	void (*write)(struct log_sink *sink, const char *text, size_t len);
	struct log_sink *next; /* [the sink list's lock] */
};

/* Add a sink; replaces the early (SBI) console when it is the first. */
void log_sink_register(struct log_sink *sink);
