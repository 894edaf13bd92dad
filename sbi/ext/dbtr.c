// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 19: debug triggers.
 *
 * Sdtrig (RISC-V debug specification 1.0, chapter 5): triggers of type mcontrol
 * and mcontrol6.  A logical trigger is the hardware's of the same index.  All is
 * the hart's own, and gone when it stops.  Chains, which need neighbours, work
 * as long as S-mode installs them into a row of free triggers.
 */
#include "extensions.h"

#include <cpu.h>
#include <hart.h>
#include <lib/csr.h>
#include <memory.h>

enum {
	DBTR_NUM_TRIGGERS,
	DBTR_SET_SHMEM,
	DBTR_READ,
	DBTR_INSTALL,
	DBTR_UPDATE,
	DBTR_UNINSTALL,
	DBTR_ENABLE,
	DBTR_DISABLE,
};

#define MAX_TRIGGERS 16

/* tdata1 */
#define TDATA1_TYPE(v) ((v) >> 60)
#define TYPE_MCONTROL  2
#define TYPE_MCONTROL6 6
#define TDATA1_DMODE   BIT(59)
#define TDATA1_CHAIN   BIT(11)
#define TDATA1_M       BIT(6)
#define MCONTROL_S     BIT(4)
#define MCONTROL_U     BIT(3)
#define MCONTROL6_VS   BIT(24)
#define MCONTROL6_VU   BIT(23)

/* trig_state */
#define STATE_MAPPED  BIT(0)
#define STATE_U       BIT(1)
#define STATE_S       BIT(2)
#define STATE_VU      BIT(3)
#define STATE_VS      BIT(4)
#define STATE_HAVE_HW BIT(5)
#define STATE_HW_IDX  8 /* shift */

/* One trigger in the shared memory: idx is trig_state in DBTR_READ. */
struct dbtr_entry {
	uint64_t idx;
	uint64_t tdata1;
	uint64_t tdata2;
	uint64_t tdata3;
};
_Static_assert(sizeof(struct dbtr_entry) == 32, "SBI 3.0, chapter 19");

/* tdata1 with its mode bits, as installed; 0: the trigger is free.  [o] */
static _Thread_local uint64_t installed[MAX_TRIGGERS];
static _Thread_local struct dbtr_entry *shmem;

static unsigned int nr_triggers; /* [I] after boot */

/* The bits that say in which modes a trigger fires. */
static uint64_t mode_bits(uint64_t tdata1)
{
	uint64_t bits = MCONTROL_S | MCONTROL_U;

	if (TDATA1_TYPE(tdata1) == TYPE_MCONTROL6)
		bits |= MCONTROL6_VS | MCONTROL6_VU;
	return bits;
}

static uint64_t trigger_state(unsigned int idx)
{
	uint64_t tdata1 = installed[idx], state;

	if (!tdata1)
		return 0;
	state = STATE_MAPPED | STATE_HAVE_HW | (uint64_t)idx << STATE_HW_IDX;
	state |= tdata1 & MCONTROL_S ? STATE_S : 0;
	state |= tdata1 & MCONTROL_U ? STATE_U : 0;
	if (TDATA1_TYPE(tdata1) == TYPE_MCONTROL6) {
		state |= tdata1 & MCONTROL6_VS ? STATE_VS : 0;
		state |= tdata1 & MCONTROL6_VU ? STATE_VU : 0;
	}
	return state;
}

/* May S-mode ask for that?  M-mode's own and a debugger's are not its. */
static bool entry_is_legal(const struct dbtr_entry *entry)
{
	uint64_t type = TDATA1_TYPE(entry->tdata1);

	return (type == TYPE_MCONTROL || type == TYPE_MCONTROL6) &&
	       !(entry->tdata1 & (TDATA1_DMODE | TDATA1_M));
}

static void trigger_clear(unsigned int idx)
{
	csr_write(CSR_TSELECT, idx);
	csr_write(CSR_TDATA1, 0);
	csr_write(CSR_TDATA2, 0);
	csr_try_write(CSR_TDATA3, 0);
	installed[idx] = 0;
}

/* Does the hardware keep what we write to this trigger? */
static bool trigger_set(unsigned int idx, const struct dbtr_entry *entry)
{
	uint64_t wanted = TDATA1_TYPE(entry->tdata1) << 60 |
			  (entry->tdata1 & (TDATA1_CHAIN | 7));

	csr_write(CSR_TSELECT, idx);
	csr_write(CSR_TDATA1, 0); /* off while tdata2 changes */
	csr_write(CSR_TDATA2, entry->tdata2);
	csr_try_write(CSR_TDATA3, entry->tdata3);
	csr_write(CSR_TDATA1, entry->tdata1);
	if ((csr_read(CSR_TDATA1) & (0xful << 60 | TDATA1_CHAIN | 7)) !=
	    wanted) {
		trigger_clear(idx);
		return false;
	}
	installed[idx] = entry->tdata1;
	return true;
}

static struct sbi_ret set_shmem(uint64_t low, uint64_t high, uint64_t flags)
{
	if (flags)
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (low == -1ul && high == -1ul) {
		shmem = NULL;
		return sbi_value(0);
	}
	if (!IS_ALIGNED(low, 8))
		return sbi_error(SBI_ERR_INVALID_PARAM);
	if (high || !memory_is_shareable(low, nr_triggers * sizeof(*shmem)))
		return sbi_error(SBI_ERR_INVALID_ADDRESS);
	shmem = (struct dbtr_entry *)low;
	return sbi_value(0);
}

static struct sbi_ret read_triggers(uint64_t base, uint64_t count)
{
	uint64_t i;

	if (!shmem)
		return sbi_error(SBI_ERR_NO_SHMEM);
	if (base >= nr_triggers || count > nr_triggers - base)
		return sbi_error(SBI_ERR_BAD_RANGE);
	for (i = 0; i < count; i++) {
		bool ok;

		csr_write(CSR_TSELECT, base + i);
		shmem[i].idx = trigger_state(base + i);
		shmem[i].tdata1 = csr_read(CSR_TDATA1);
		shmem[i].tdata2 = csr_read(CSR_TDATA2);
		shmem[i].tdata3 = csr_try_read(CSR_TDATA3, &ok);
	}
	return sbi_value(0);
}

static unsigned int find_free(void)
{
	unsigned int idx = 0;

	while (idx < nr_triggers && installed[idx])
		idx++;
	return idx;
}

/* Copies the entry first: S-mode could change it between check and use. */
static long install_one(struct dbtr_entry *shared)
{
	struct dbtr_entry entry = *(volatile struct dbtr_entry *)shared;
	unsigned int idx = find_free();

	if (!entry_is_legal(&entry))
		return SBI_ERR_INVALID_PARAM;
	if (idx == nr_triggers)
		return SBI_ERR_FAILED;
	if (!trigger_set(idx, &entry))
		return SBI_ERR_NOT_SUPPORTED;
	shared->idx = idx;
	return SBI_SUCCESS;
}

static long update_one(struct dbtr_entry *shared)
{
	struct dbtr_entry entry = *(volatile struct dbtr_entry *)shared;
	uint64_t before;

	if (entry.idx >= nr_triggers || !entry_is_legal(&entry))
		return SBI_ERR_INVALID_PARAM;
	before = installed[entry.idx];
	if (!before)
		return SBI_ERR_FAILED;
	if (TDATA1_TYPE(before) != TDATA1_TYPE(entry.tdata1) ||
	    (before ^ entry.tdata1) & TDATA1_CHAIN)
		return SBI_ERR_INVALID_PARAM;
	return trigger_set(entry.idx, &entry) ? SBI_SUCCESS
					      : SBI_ERR_NOT_SUPPORTED;
}

/* The value of a failure is the entry that failed. */
static struct sbi_ret for_entries(uint64_t count,
				  long (*act)(struct dbtr_entry *shared))
{
	uint64_t i;
	long error;

	if (!shmem)
		return sbi_error(SBI_ERR_NO_SHMEM);
	if (count > nr_triggers)
		return sbi_error(SBI_ERR_BAD_RANGE);
	for (i = 0; i < count; i++) {
		error = act(&shmem[i]);
		if (error)
			return (struct sbi_ret){ .error = error, .value = i };
	}
	return sbi_value(0);
}

static void trigger_enable(unsigned int idx)
{
	csr_write(CSR_TSELECT, idx);
	csr_write(CSR_TDATA1, installed[idx]);
}

static void trigger_disable(unsigned int idx)
{
	csr_write(CSR_TSELECT, idx);
	csr_write(CSR_TDATA1, installed[idx] & ~mode_bits(installed[idx]));
}

/* act on each of the set, if all are installed. */
static struct sbi_ret for_set(uint64_t base, uint64_t mask,
			      void (*act)(unsigned int idx))
{
	uint64_t left;

	for (left = mask; left; left &= left - 1) {
		uint64_t nth = __builtin_ctzl(left);

		if (base >= nr_triggers || nth >= nr_triggers - base ||
		    !installed[base + nth])
			return sbi_error(SBI_ERR_INVALID_PARAM);
	}
	for (left = mask; left; left &= left - 1)
		act(base + __builtin_ctzl(left));
	return sbi_value(0);
}

/* How many triggers can be of that type? */
static uint64_t count_matching(uint64_t tdata1)
{
	uint64_t count = 0;
	unsigned int idx;
	bool ok;

	if (!tdata1)
		return nr_triggers;
	for (idx = 0; idx < nr_triggers; idx++) {
		uint64_t types;

		csr_write(CSR_TSELECT, idx);
		types = csr_try_read(CSR_TINFO, &ok);
		if (!ok) /* one type only, then */
			types = BIT(TDATA1_TYPE(csr_read(CSR_TDATA1)));
		count += types >> TDATA1_TYPE(tdata1) & 1;
	}
	return count;
}

static struct sbi_ret dbtr_call(const uint64_t *arg, uint64_t function)
{
	switch (function) {
	case DBTR_NUM_TRIGGERS:
		return sbi_value(count_matching(arg[0]));
	case DBTR_SET_SHMEM:
		return set_shmem(arg[0], arg[1], arg[2]);
	case DBTR_READ:
		return read_triggers(arg[0], arg[1]);
	case DBTR_INSTALL:
		return for_entries(arg[0], install_one);
	case DBTR_UPDATE:
		return for_entries(arg[0], update_one);
	case DBTR_UNINSTALL:
		return for_set(arg[0], arg[1], trigger_clear);
	case DBTR_ENABLE:
		return for_set(arg[0], arg[1], trigger_enable);
	case DBTR_DISABLE:
		return for_set(arg[0], arg[1], trigger_disable);
	default:
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	}
}

/* A trigger is there if tselect keeps its number and it has a type. */
static bool dbtr_probe(void)
{
	bool ok;

	csr_try_read(CSR_TSELECT, &ok);
	while (ok && nr_triggers < MAX_TRIGGERS) {
		uint64_t types;

		csr_write(CSR_TSELECT, nr_triggers);
		if (csr_read(CSR_TSELECT) != nr_triggers)
			break;
		types = csr_try_read(CSR_TINFO, &ok);
		if (!ok)
			types = BIT(TDATA1_TYPE(csr_read(CSR_TDATA1)));
		ok = types & (BIT(TYPE_MCONTROL) | BIT(TYPE_MCONTROL6));
		nr_triggers += ok;
	}
	return nr_triggers > 0;
}

static void dbtr_init_hart(void)
{
	unsigned int idx;

	for (idx = 0; idx < nr_triggers; idx++)
		trigger_clear(idx);
	shmem = NULL;
}

const struct sbi_extension dbtr_extension = {
	.probe = dbtr_probe,
	.init_hart = dbtr_init_hart,
	.call = dbtr_call,
};
