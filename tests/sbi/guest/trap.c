// SPDX-License-Identifier: MIT
/*
 * Traps in the guest: see trap.h.  trap.S calls in on the hart's trap stack
 * with interrupts off.
 */
#include "trap.h"

#include <lib/csr.h>

#include "guest.h"
#include "machine.h"
#include "paging.h"

static_assert(sizeof(struct trap_frame) == 264, "trap.S");

void trap_entry(void);
void trap_handle(struct trap_frame *frame);
__noreturn void user_enter(void (*fn)(void *arg), void *arg, uint64_t sp);

static uint8_t user_stack[HARTS_MAX][4096] __aligned(16);

static __noreturn void trap_escape(void)
{
	longjmp(*this_hart()->recovery, 1);
}

static void trap_interrupt(struct hart *hart, uint64_t number)
{
	if (number == IRQ_S_SOFT) {
		csr_clear(CSR_SIP, MIP_SSIP);
		hart->software_interrupts++;
	} else if (number == IRQ_S_TIMER) {
		/* Stays pending until the next set_timer: once is enough. */
		csr_clear(CSR_SIE, SIE_STIE);
		hart->timer_interrupts++;
	} else {
		csr_clear(CSR_SIE, BIT(number));
	}
}

static __noreturn void trap_die(const struct trap *trap)
{
	guest_print("guest: unexpected trap, cause %#lx pc %#lx value %#lx\n",
		    trap->cause, trap->epc, trap->value);
	sbi_call(SBI_EXT_SRST, SBI_SRST_RESET, SBI_SRST_SHUTDOWN,
		 SBI_SRST_REASON_FAILURE, 0);
	for (;;)
		wfi();
}

void trap_handle(struct trap_frame *frame)
{
	struct hart *hart = this_hart();
	uint64_t cause = csr_read(CSR_SCAUSE);

	if (cause & CAUSE_INTERRUPT) {
		trap_interrupt(hart, cause & ~CAUSE_INTERRUPT);
		return;
	}
	hart->trap = (struct trap){ .cause = cause,
				    .epc = frame->epc,
				    .value = csr_read(CSR_STVAL),
				    .status = csr_read(CSR_SSTATUS) };
	if (!hart->recovery)
		trap_die(&hart->trap);

	/* Leave the trap to S-mode, with the stack still that of the trap. */
	frame->epc = (uint64_t)trap_escape;
	frame->x[2] = hart->trap_sp;
	frame->x[4] = (uint64_t)hart;
	csr_set(CSR_SSTATUS, SSTATUS_SPP);
}

void trap_init_hart(struct hart *hart)
{
	csr_write(CSR_SIE, 0);
	csr_write(CSR_SSCRATCH, hart);
	csr_write(CSR_STVEC, trap_entry);
	csr_set(CSR_SSTATUS, SSTATUS_FS_INITIAL);
}

bool trap_catch(void (*fn)(void *arg), void *arg, struct trap *trap)
{
	struct hart *hart = this_hart();
	jmp_buf recovery;
	jmp_buf *outer = hart->recovery;
	bool trapped;

	hart->recovery = &recovery;
	trapped = setjmp(recovery);
	if (!trapped)
		fn(arg);
	/* tp is not what setjmp() keeps, but this_hart() stays right. */
	hart->recovery = outer;
	if (trapped)
		*trap = hart->trap;
	return trapped;
}

struct user_call {
	void (*fn)(void *arg);
	void *arg;
};

static void user_call(void *arg)
{
	const struct user_call *call = arg;

	user_enter(call->fn, call->arg,
		   (uint64_t)user_stack[this_hart() - harts + 1]);
}

void trap_catch_user(void (*fn)(void *arg), void *arg, struct trap *trap)
{
	struct user_call call = { .fn = fn, .arg = arg };
	bool needs_pages = machine_is_priv19() && !paging_is_on();

	if (needs_pages)
		paging_on_for_user();
	trap_catch(user_call, &call, trap);
	if (needs_pages)
		paging_off();
}

bool expect_trap(const char *what, void (*fn)(void *arg), void *arg,
		 uint64_t cause, uint64_t value)
{
	struct trap trap;

	if (!trap_catch(fn, arg, &trap)) {
		fail("%s: expected trap %lu, got none", what, cause);
		return false;
	}
	if (trap.cause != cause || trap.value != value) {
		fail("%s: expected trap %lu stval %#lx, got trap %lu stval %#lx",
		     what, cause, value, trap.cause, trap.value);
		return false;
	}
	return true;
}

bool expect_no_trap(const char *what, void (*fn)(void *arg), void *arg)
{
	struct trap trap;

	if (!trap_catch(fn, arg, &trap))
		return true;
	fail("%s: expected no trap, got trap %lu stval %#lx", what, trap.cause,
	     trap.value);
	return false;
}

void interrupts_enable(uint64_t sie)
{
	csr_set(CSR_SIE, sie);
	csr_set(CSR_SSTATUS, SSTATUS_SIE);
}

void interrupts_disable(uint64_t sie)
{
	csr_clear(CSR_SSTATUS, SSTATUS_SIE);
	csr_clear(CSR_SIE, sie);
}
