// SPDX-License-Identifier: MIT
/*
 * The kernel log.
 *
 * Lines are kept in a ring of records, each a header and its text; positions
 * in it are counted in bytes since boot and never wrap.  A line is formatted
 * and shown while log_lock is held, so that lines come out whole and in order;
 * until the first sink is registered they go to the firmware's console.
 *
 * panic() may come in the middle of all this: log_emergency() makes klog() go
 * on without the lock, when all other harts are stopped.
 */
#include <core/printk.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <arch/sbi.h>
#include <core/lock.h>
#include <core/param.h>
#include <core/time.h>
#include <lib/errno.h>

#define LOG_SIZE  32768 /* bytes; a power of two */
#define TEXT_MAX  256
#define STAMP_MAX 24 /* "<6>[12345678.123456] " */

struct log_record {
	uint64_t time_ns;
	uint32_t number; /* records before this one, since boot */
	uint16_t len;    /* of the text that follows */
	uint8_t level;
};

static spinlock_t log_lock = SPINLOCK_INIT(LOCK_LOG);
static char log_ring[LOG_SIZE];     /* [log_lock] */
static uint64_t log_head, log_tail; /* [log_lock] next byte, oldest record */
static uint32_t log_records;        /* [log_lock] since boot */
static struct log_sink *log_sinks;  /* [log_lock] */
static char log_line[STAMP_MAX + TEXT_MAX + 2]; /* [log_lock] */
static bool log_is_unlocked;                    /* [I] but for panic() */
static enum log_level log_shown = LOG_INFO;     /* [I] after log_init() */

static void ring_write(uint64_t pos, const void *data, size_t len)
{
	size_t at = pos % LOG_SIZE;
	size_t first = MIN(len, LOG_SIZE - at);

	memcpy(log_ring + at, data, first);
	memcpy(log_ring, (const char *)data + first, len - first);
}

static void ring_read(uint64_t pos, void *data, size_t len)
{
	size_t at = pos % LOG_SIZE;
	size_t first = MIN(len, LOG_SIZE - at);

	memcpy(data, log_ring + at, first);
	memcpy((char *)data + first, log_ring, len - first);
}

static void ring_append(const struct log_record *record, const char *text)
{
	size_t size = sizeof(*record) + record->len;
	struct log_record oldest;

	while (log_head + size - log_tail > LOG_SIZE) {
		ring_read(log_tail, &oldest, sizeof(oldest));
		log_tail += sizeof(oldest) + oldest.len;
	}
	ring_write(log_head, record, sizeof(*record));
	ring_write(log_head + sizeof(*record), text, record->len);
	log_head += size;
}

static size_t format_stamp(char *buf, uint64_t time_ns)
{
	return (size_t)snprintf(
		buf, STAMP_MAX, "[%5lu.%06lu] ",
		(unsigned long)(time_ns / NSEC_PER_SEC),
		(unsigned long)(time_ns / NSEC_PER_USEC % 1000000));
}

/* log_line holds len bytes and has room for a line end. */
static void show_line(size_t len)
{
	struct log_sink *sink = log_sinks;

	if (!sink) {
		memcpy(log_line + len, "\r\n", 2);
		sbi_console_write(log_line, len + 2);
		return;
	}
	log_line[len] = '\n';
	for (; sink; sink = sink->next)
		sink->write(sink, log_line, len + 1);
}

static void log_add(enum log_level level, const char *fmt, va_list args)
{
	struct log_record record = { .time_ns = time_now_ns(),
				     .number = log_records++,
				     .level = (uint8_t)level };
	size_t stamp = format_stamp(log_line, record.time_ns);
	int len = vsnprintf(log_line + stamp, TEXT_MAX, fmt, args);

	record.len = (uint16_t)MIN(MAX(len, 0), TEXT_MAX - 1);
	ring_append(&record, log_line + stamp);
	if (level <= log_shown)
		show_line(stamp + record.len);
}

void klog(enum log_level level, const char *fmt, ...)
{
	unsigned long flags = 0;
	bool locked = !log_is_unlocked;
	va_list args;

	if (locked)
		flags = spin_lock_irqsave(&log_lock);
	va_start(args, fmt);
	log_add(level, fmt, args);
	va_end(args);
	if (locked)
		spin_unlock_irqrestore(&log_lock, flags);
}

void log_emergency(void)
{
	log_is_unlocked = true;
	log_shown = LOG_INFO;
}

void log_init(void)
{
	log_shown = (enum log_level)param_get_u64("loglevel", LOG_INFO);
}

void log_sink_register(struct log_sink *sink)
{
	unsigned long flags = spin_lock_irqsave(&log_lock);

	sink->next = log_sinks;
	log_sinks = sink;
	spin_unlock_irqrestore(&log_lock, flags);
}

/* Linux's numbers of our levels, as syslog(2) readers know them. */
static const char syslog_level[] = { '3', '4', '6', '7' };

/* The record at pos as a line of text in log_line; returns its length. */
static size_t format_record(uint64_t pos, const struct log_record *record)
{
	size_t len = 3;

	memcpy(log_line, "<6>", 3);
	log_line[1] = syslog_level[record->level];
	len += format_stamp(log_line + len, record->time_ns);
	ring_read(pos + sizeof(*record), log_line + len, record->len);
	len += record->len;
	log_line[len++] = '\n';
	return len;
}

size_t klog_read(uint64_t *pos, char *buf, size_t len)
{
	unsigned long flags = spin_lock_irqsave(&log_lock);
	struct log_record record;
	size_t done = 0;

	if (*pos < log_tail)
		*pos = log_tail;
	while (*pos < log_head) {
		size_t line;

		ring_read(*pos, &record, sizeof(record));
		line = format_record(*pos, &record);
		if (line > len - done)
			break;
		memcpy(buf + done, log_line, line);
		done += line;
		*pos += sizeof(record) + record.len;
	}
	spin_unlock_irqrestore(&log_lock, flags);
	return done;
}

/* Copy text with what is not printable escaped; false if it does not fit. */
static bool escape(char *buf, size_t room, size_t *len, const char *text,
		   size_t text_len)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < text_len; i++) {
		unsigned char c = (unsigned char)text[i];
		bool plain = c >= ' ' && c < 0x7f && c != '\\';

		if (room - *len < (plain ? 1 : 4))
			return false;
		if (plain) {
			buf[(*len)++] = (char)c;
			continue;
		}
		buf[(*len)++] = '\\';
		buf[(*len)++] = 'x';
		buf[(*len)++] = hex[c >> 4];
		buf[(*len)++] = hex[c & 15];
	}
	return true;
}

static ssize_t export_record_locked(uint64_t *pos, char *buf, size_t room)
{
	struct log_record record;
	size_t len;

	if (*pos && *pos < log_tail) {
		*pos = log_tail;
		return -EPIPE;
	}
	*pos = MAX(*pos, log_tail);
	if (*pos >= log_head)
		return 0;
	ring_read(*pos, &record, sizeof(record));
	ring_read(*pos + sizeof(record), log_line, record.len);
	len = (size_t)snprintf(buf, room, "%c,%u,%lu,-;",
			       syslog_level[record.level],
			       (unsigned)record.number,
			       (unsigned long)(record.time_ns / NSEC_PER_USEC));
	if (len >= room || !escape(buf, room, &len, log_line, record.len) ||
	    len == room)
		return -EINVAL;
	buf[len++] = '\n';
	*pos += sizeof(record) + record.len;
	return (ssize_t)len;
}

ssize_t klog_read_record(uint64_t *pos, char *buf, size_t len)
{
	unsigned long flags = spin_lock_irqsave(&log_lock);
	ssize_t ret = export_record_locked(pos, buf, len);

	spin_unlock_irqrestore(&log_lock, flags);
	return ret;
}

uint64_t klog_end(void)
{
	unsigned long flags = spin_lock_irqsave(&log_lock);
	uint64_t end = log_head;

	spin_unlock_irqrestore(&log_lock, flags);
	return end;
}

size_t klog_size(void)
{
	return LOG_SIZE;
}
