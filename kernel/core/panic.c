// SPDX-License-Identifier: MIT
/*
 * panic(): say what happened, stop everything, end as the panic= option wants.
 *
 * The first hart that panics reports; others that panic meanwhile just stop.
 * The log's lock may be held by a hart that stopped, so it is not taken.
 */
#include <core/panic.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <arch/hart.h>
#include <arch/memory.h>
#include <arch/sbi.h>
#include <arch/smp.h>
#include <arch/trap.h>
#include <core/backtrace.h>
#include <core/param.h>
#include <core/printk.h>
#include <core/stack_depth.h>
#include <core/thread.h>
#include <core/version.h>

static atomic_t panicking;
static char message[400]; /* [the hart that panics] */

static __noreturn void stop_here(void)
{
	irq_disable();
	for (;;)
		wfi();
}

static void panic_begin(void)
{
	irq_disable();
	if (atomic_xchg(&panicking, 1))
		stop_here();
	hart_stop_others();
	log_emergency();
}

static __noreturn void panic_end(void)
{
	char action[16] = "halt";

	param_get("panic", action, sizeof(action));
	if (strcmp(action, "poweroff") == 0) {
		pr_err("switching off");
		sbi_shutdown(true);
	} else if (strcmp(action, "reboot") == 0) {
		pr_err("rebooting");
		sbi_reboot();
	}
	pr_err("halted");
	stop_here();
}

static void print_head(const char *fmt, va_list args)
{
	const char *name = current_thread()->name;

	vsnprintf(message, sizeof(message), fmt, args);
	pr_err("panic: %s", message);
	pr_err("  hart %lu, thread %s, %s", this_hart()->id,
	       name ? name : "without a name", version_string);
}

static void print_registers(const struct trap_frame *f)
{
	pr_err("  cause %lx  badaddr %016lx  status %016lx", f->cause,
	       f->badaddr, f->status);
	pr_err("  pc  %016lx  ra  %016lx  sp  %016lx", f->pc, f->ra, f->sp);
	pr_err("  gp  %016lx  tp  %016lx  t0  %016lx", f->gp, f->tp, f->t0);
	pr_err("  t1  %016lx  t2  %016lx  s0  %016lx", f->t1, f->t2, f->s0);
	pr_err("  s1  %016lx  a0  %016lx  a1  %016lx", f->s1, f->a0, f->a1);
	pr_err("  a2  %016lx  a3  %016lx  a4  %016lx", f->a2, f->a3, f->a4);
	pr_err("  a5  %016lx  a6  %016lx  a7  %016lx", f->a5, f->a6, f->a7);
	pr_err("  s2  %016lx  s3  %016lx  s4  %016lx", f->s2, f->s3, f->s4);
	pr_err("  s5  %016lx  s6  %016lx  s7  %016lx", f->s5, f->s6, f->s7);
	pr_err("  s8  %016lx  s9  %016lx  s10 %016lx", f->s8, f->s9, f->s10);
	pr_err("  s11 %016lx  t3  %016lx  t4  %016lx", f->s11, f->t3, f->t4);
	pr_err("  t5  %016lx  t6  %016lx", f->t5, f->t6);
}

void panic(const char *fmt, ...)
{
	va_list args;

	panic_begin();
	va_start(args, fmt);
	print_head(fmt, args);
	va_end(args);
	backtrace_print();
	stack_depth_print();
	panic_end();
}

void panic_frame(const struct trap_frame *frame, const char *fmt, ...)
{
	va_list args;

	panic_begin();
	va_start(args, fmt);
	print_head(fmt, args);
	va_end(args);
	print_registers(frame);
	backtrace_frame(frame);
	stack_depth_print();
	panic_end();
}

void boot_fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	pr_err("cannot boot: %s", message);
	sbi_shutdown(true);
	stop_here();
}
