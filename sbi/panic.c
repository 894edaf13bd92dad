// SPDX-License-Identifier: MIT
/*
 * Last words; see panic.h.  trap.S gives them a stack and a frame of their own,
 * so that an overflown stack or a wild tp do no harm here.
 */
#include "panic.h"

#include <stdarg.h>
#include <stdio.h>

#include <lib/atomic.h>
#include <lib/csr.h>
#include <lib/ksyms.h>

#include "console.h"
#include "memory.h"
#include "reset.h"

#define PANIC_STACK_SIZE 2048
#define MAX_FRAMES       16

/* Used by trap.S.  Whoever panics first has them; nobody returns. */
extern struct trap_frame panic_frame;
struct trap_frame panic_frame;

extern char panic_stack[PANIC_STACK_SIZE];
char panic_stack[PANIC_STACK_SIZE] __aligned(16);
__asm__(".globl panic_stack_top\n.set panic_stack_top, panic_stack + 2048");

static const char *const register_names[32] = {
	"",   "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
	"a1", "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
	"s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

static const char *cause_name(uint64_t cause)
{
	static const char *const names[] = {
		"misaligned fetch", "fetch access fault", "illegal instruction",
		"breakpoint",       "misaligned load",    "load access fault",
		"misaligned store", "store access fault",
	};

	if (cause & CAUSE_INTERRUPT)
		return "interrupt";
	return cause < ARRAY_SIZE(names) ? names[cause] : "trap";
}

static void print_address(uint64_t addr)
{
	char name[KSYM_NAME_MAX];
	uintptr_t offset;

	if (ksym_lookup(addr, name, &offset))
		console_printf("  %016lx %s+0x%lx\n", addr, name,
			       (unsigned long)offset);
	else
		console_printf("  %016lx\n", addr);
}

/* Is that a frame pointer in our own memory that can be followed? */
static bool frame_is_sane(uint64_t fp)
{
	uint64_t start = memory_firmware.start;

	return IS_ALIGNED(fp, 16) && fp >= start + 16 &&
	       fp - start <= memory_firmware.size;
}

static void print_backtrace(uint64_t pc, uint64_t fp)
{
	int depth;

	console_printf("backtrace:\n");
	print_address(pc);
	for (depth = 0; depth < MAX_FRAMES && frame_is_sane(fp); depth++) {
		const uint64_t *frame = (const uint64_t *)fp;

		print_address(frame[-1]);
		if (frame[-2] <= fp)
			break;
		fp = frame[-2];
	}
}

/*
 * Only the first that panics tells; if it traps while it does, it just resets,
 * and if that traps too, nothing is left to try.
 */
static void enter_panic(void)
{
	static atomic_t nr_panics;

	switch (atomic_add_return(&nr_panics, 1)) {
	case 1:
		console_break_lock();
		break;
	case 2:
		reset_fail();
	default:
		reset_wait();
	}
}

void panic_trap(const struct trap_frame *frame)
{
	uint64_t cause = csr_read(CSR_MCAUSE);
	int i;

	enter_panic();
	console_printf("\nsbi: unexpected %s in M-mode, hart %lu\n"
		       "mcause %016lx  mepc %016lx  mtval %016lx\n",
		       cause_name(cause), csr_read(CSR_MHARTID), cause,
		       csr_read(CSR_MEPC), csr_read(CSR_MTVAL));
	for (i = 1; i < 32; i++)
		console_printf("%-3s %016lx%s", register_names[i], frame->x[i],
			       i % 4 && i != 31 ? "  " : "\n");
	print_backtrace(csr_read(CSR_MEPC), frame->x[8]);
	reset_fail();
}

void panic_boot(const char *fmt, ...)
{
	char line[CONSOLE_LINE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	enter_panic();
	console_printf("sbi: can't boot: %s\n", line);
	reset_fail();
}

void panic_assert(const char *what, const char *file, int line)
{
	enter_panic();
	console_printf("sbi: %s:%d: not true: %s\n", file, line, what);
	print_backtrace((uint64_t)__builtin_return_address(0),
			(uint64_t)__builtin_frame_address(0));
	reset_fail();
}

/*
 * The packaged libfdt is compiled with stack protectors: what they compare
 * with, and where they go when it changed.  Trees only, no secret to guess.
 */
extern uintptr_t __stack_chk_guard;
uintptr_t __stack_chk_guard = 0x5bd1e9955bd1e995;

void __stack_chk_fail(void) __noreturn;

void __stack_chk_fail(void)
{
	panic_assert("stack canary", __FILE__, __LINE__);
}
