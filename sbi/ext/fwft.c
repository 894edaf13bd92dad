// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 18: firmware features.  All that there are belong to a hart.
 *
 * A feature is a row: how to find out whether the hart has it, read it and set
 * it.  Those that need CSRs of newer harts are found by setting the bit.
 */
#include "extensions.h"

#include <hart.h>
#include <lib/csr.h>

#define FLAG_LOCK      BIT(0)
#define FIRST_RESERVED 6u
#define MISALIGNED_CAUSES                                                      \
	(BIT(CAUSE_LOAD_MISALIGNED) | BIT(CAUSE_STORE_MISALIGNED))

enum {
	FWFT_SET,
	FWFT_GET,
};

struct fwft_feature {
	/* The value now, and the largest that the hart takes. */
	uint64_t (*get)(void);
	void (*set)(uint64_t value);
	bool (*is_there)(void);
	bool (*is_valid)(uint64_t value);
};

static _Thread_local uint32_t locked; /* [o] a bit for each feature */

static bool is_bool(uint64_t value)
{
	return value <= 1;
}

static uint64_t misaligned_get(void)
{
	return !!(csr_read(CSR_MEDELEG) & MISALIGNED_CAUSES);
}

static void misaligned_set(uint64_t value)
{
	if (value)
		csr_set(CSR_MEDELEG, MISALIGNED_CAUSES);
	else
		csr_clear(CSR_MEDELEG, MISALIGNED_CAUSES);
}

static bool misaligned_is_there(void)
{
	uint64_t before = misaligned_get();
	bool works;

	misaligned_set(1);
	works = misaligned_get();
	misaligned_set(before);
	return works;
}

static bool envcfg_has(uint64_t bits)
{
	uint64_t before;
	bool works;

	if (!hart_has(HART_HAS_ENVCFG))
		return false;
	before = csr_read_set(CSR_MENVCFG, bits);
	works = (csr_read(CSR_MENVCFG) & bits) == bits;
	csr_write(CSR_MENVCFG, before);
	return works;
}

static uint64_t envcfg_get(uint64_t bits)
{
	return (csr_read(CSR_MENVCFG) & bits) == bits;
}

static void envcfg_set(uint64_t bits, uint64_t value)
{
	if (value)
		csr_set(CSR_MENVCFG, bits);
	else
		csr_clear(CSR_MENVCFG, bits);
}

#define ENVCFG_FEATURE(name, bits)                                             \
	static uint64_t name##_get(void)                                       \
	{                                                                      \
		return envcfg_get(bits);                                       \
	}                                                                      \
	static void name##_set(uint64_t value)                                 \
	{                                                                      \
		envcfg_set(bits, value);                                       \
	}                                                                      \
	static bool name##_is_there(void)                                      \
	{                                                                      \
		return envcfg_has(bits);                                       \
	}

ENVCFG_FEATURE(landing_pad, ENVCFG_LPE)
ENVCFG_FEATURE(shadow_stack, ENVCFG_SSE)
ENVCFG_FEATURE(double_trap, MENVCFG_DTE)
ENVCFG_FEATURE(ad_update, MENVCFG_ADUE)

/* menvcfg.PMM: 2 is a length of 7, 3 is 16; which there are, trying tells. */
static uint64_t pmm_encode(uint64_t pmlen)
{
	return (pmlen == 16 ? 3ul : pmlen == 7 ? 2ul : 0) << 32;
}

static uint64_t pmlen_get(void)
{
	switch (csr_read(CSR_MENVCFG) & MENVCFG_PMM) {
	case 3ul << 32:
		return 16;
	case 2ul << 32:
		return 7;
	default:
		return 0;
	}
}

static void pmlen_set(uint64_t value)
{
	csr_write(CSR_MENVCFG,
		  (csr_read(CSR_MENVCFG) & ~MENVCFG_PMM) | pmm_encode(value));
}

static bool pmlen_is_valid(uint64_t value)
{
	uint64_t before = pmlen_get();
	bool works;

	pmlen_set(value);
	works = pmlen_get() == value;
	pmlen_set(before);
	return works;
}

static bool pmlen_is_there(void)
{
	return hart_has(HART_HAS_ENVCFG) &&
	       (pmlen_is_valid(7) || pmlen_is_valid(16));
}

static const struct fwft_feature features[FIRST_RESERVED] = {
	{ misaligned_get, misaligned_set, misaligned_is_there, is_bool },
	{ landing_pad_get, landing_pad_set, landing_pad_is_there, is_bool },
	{ shadow_stack_get, shadow_stack_set, shadow_stack_is_there, is_bool },
	{ double_trap_get, double_trap_set, double_trap_is_there, is_bool },
	{ ad_update_get, ad_update_set, ad_update_is_there, is_bool },
	{ pmlen_get, pmlen_set, pmlen_is_there, pmlen_is_valid },
};

static struct sbi_ret fwft_set(uint32_t id, uint64_t value, uint64_t flags)
{
	const struct fwft_feature *feature = &features[id];

	if (flags & ~FLAG_LOCK || !feature->is_valid(value))
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (locked & BIT(id))
		return sbi_error(feature->get() == value
					 ? SBI_SUCCESS
					 : SBI_ERR_DENIED_LOCKED);
	feature->set(value);
	if (flags & FLAG_LOCK)
		locked |= BIT(id);
	return sbi_value(0);
}

static struct sbi_ret fwft_call(const uint64_t *arg, uint64_t function)
{
	uint32_t id = arg[0];

	if (function > FWFT_GET)
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	if (id >= FIRST_RESERVED)
		return sbi_error(SBI_ERR_DENIED);
	if (!features[id].is_there())
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	if (function == FWFT_SET)
		return fwft_set(id, arg[1], arg[2]);
	return sbi_value(features[id].get());
}

/* cpu_init() has given all features their reset values. */
static void fwft_init_hart(void)
{
	locked = 0;
}

const struct sbi_extension fwft_extension = {
	.init_hart = fwft_init_hart,
	.call = fwft_call,
};
