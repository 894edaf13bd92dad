// SPDX-License-Identifier: MIT
/*
 * Counts the guest instructions that calls of the firmware cost, as their
 * caller sees them.  Run it with `-icount shift=0`: then counters are exact and
 * each instruction takes a nanosecond.  tests/keel/firmware.py reads the lines
 *
 *     measure NAME INSTRUCTIONS
 */
#include <lib/csr.h>
#include <lib/types.h>

#include "guest.h"
#include "sbi_call.h"

#define ROUNDS 1000

__noreturn void measure_main(uint64_t hart_id, uint64_t start_time);
uint64_t measure_ipi(uint64_t hart_id);

static uint64_t own_id;

/* One call of each; inlined into the loop that measures it. */
static inline void nothing(void)
{
	__asm__ volatile("");
}

static inline void get_spec_version(void)
{
	sbi_call(SBI_EXT_BASE, SBI_BASE_GET_SPEC_VERSION, 0, 0, 0);
}

static inline void set_timer(void)
{
	sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, -1ul, 0, 0);
}

static inline void remote_fence_i(void)
{
	sbi_call(SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, 1, own_id, 0);
}

static inline void legacy_putchar(void)
{
	sbi_legacy(SBI_EXT_LEGACY_PUTCHAR, 0, 0, 0, 0);
}

static inline void dbcn_write_byte(void)
{
	sbi_call(SBI_EXT_DBCN, SBI_DBCN_WRITE_BYTE, 0, 0, 0);
}

/* A byte that the firmware reads out of memory. */
static inline void dbcn_write_buffer(void)
{
	static const char byte;

	sbi_call(SBI_EXT_DBCN, SBI_DBCN_WRITE, 1, (uintptr_t)&byte, 0);
}

/* Instructions of ROUNDS calls, with the loop around them. */
#define LOOP(call)                                                             \
	({                                                                     \
		uint64_t start_ = csr_read(CSR_INSTRET);                       \
		int round_;                                                    \
                                                                               \
		for (round_ = 0; round_ < ROUNDS; round_++)                    \
			call();                                                \
		csr_read(CSR_INSTRET) - start_;                                \
	})

static void print(const char *name, uint64_t instructions)
{
	guest_print("\nmeasure %s %lu", name, instructions);
}

#define MEASURE(call) print(#call, (LOOP(call) - LOOP(nothing)) / ROUNDS)

__noreturn void measure_main(uint64_t hart_id, uint64_t start_time)
{
	own_id = hart_id;
	/* QEMU's time counts at 10 MHz. */
	print("reset_to_kernel", start_time * 100);
	MEASURE(get_spec_version);
	MEASURE(set_timer);
	measure_ipi(hart_id);
	print("ipi_to_self", measure_ipi(hart_id));
	MEASURE(remote_fence_i);
	MEASURE(legacy_putchar);
	if (extension_is_there(SBI_EXT_DBCN)) {
		MEASURE(dbcn_write_byte);
		MEASURE(dbcn_write_buffer);
	}
	guest_print("\nmeasured\n");
	sbi_call(SBI_EXT_SRST, SBI_SRST_RESET, SBI_SRST_SHUTDOWN,
		 SBI_SRST_REASON_NONE, 0);
	for (;;)
		wfi();
}
