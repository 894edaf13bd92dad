// SPDX-License-Identifier: MIT
/*
 * A terminal on the firmware's console: SBI 2.0, chapter 12 (DBCN), or the
 * legacy calls, whichever arch/sbi.c found.
 *
 * The firmware tells of no input by interrupt, so a timer asks for it.  Output
 * goes out at once.
 */
#include <dev/sbi_tty.h>

#include <arch/sbi.h>
#include <core/printk.h>
#include <core/time.h>
#include <dev/tty.h>

#define POLL_NS   (20 * NSEC_PER_MSEC) /* as fast as people type */
#define HVC_MAJOR 229

static struct tty sbi_tty;
static struct timer poll_timer;

/* The firmware wants buffers that lie in the image's data. */
static char output[64]; /* [sbi_tty.lock] */
static char input[16];  /* the timer's */

static void sbi_tty_start(struct tty *tty)
{
	size_t n;

	while ((n = tty_take_output(tty, output, sizeof(output))) != 0)
		sbi_console_write(output, n);
}

static void sbi_tty_poll(struct timer *timer)
{
	size_t n = sbi_console_read(input, sizeof(input));

	if (n)
		tty_receive(&sbi_tty, input, n);
	timer_start(timer, time_now_ns() + POLL_NS);
}

static const struct tty_ops sbi_tty_ops = {
	.start = sbi_tty_start,
};

void sbi_tty_init(void)
{
	if (tty_console())
		return;
	sbi_tty.name = "hvc0";
	sbi_tty.ops = &sbi_tty_ops;
	sbi_tty.cdev.major = HVC_MAJOR;
	if (tty_register(&sbi_tty)) {
		pr_err("no console: hvc0 is taken");
		return;
	}
	tty_set_console(&sbi_tty);
	timer_init(&poll_timer, sbi_tty_poll);
	timer_start(&poll_timer, time_now_ns() + POLL_NS);
}
