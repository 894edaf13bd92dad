// SPDX-License-Identifier: MIT
/*
 * Calls to the firmware (SBI 2.0).
 *
 * What extensions there are is found once by the boot hart and constant from
 * then on.  Chapter 5's legacy calls stand in for TIME, IPI, RFENCE, SRST and
 * DBCN; firmware without HSM leaves us with one hart.
 */
#include <arch/sbi.h>

#include <stdio.h>

#include <arch/image.h>
#include <arch/uaccess.h>
#include <lib/csr.h>
#include <lib/errno.h>
#include <lib/sbi.h>

#define SBI_IMPL_ID_KEEL 0x4b65656c /* sbi/version.h; not registered yet */

struct sbi_ret {
	long error;
	long value;
};

/* [I] after sbi_init() */
static struct {
	unsigned long version; /* 0 for the legacy interface */
	bool time, ipi, rfence, hsm, srst, dbcn;
	bool stimecmp;
} sbi;

static struct sbi_ret sbi_call(unsigned long ext, unsigned long fn,
			       unsigned long arg0, unsigned long arg1,
			       unsigned long arg2, unsigned long arg3)
{
	register unsigned long a0 __asm__("a0") = arg0;
	register unsigned long a1 __asm__("a1") = arg1;
	register unsigned long a2 __asm__("a2") = arg2;
	register unsigned long a3 __asm__("a3") = arg3;
	register unsigned long a6 __asm__("a6") = fn;
	register unsigned long a7 __asm__("a7") = ext;

	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1)
			 : "r"(a2), "r"(a3), "r"(a6), "r"(a7)
			 : "memory");
	return (struct sbi_ret){ (long)a0, (long)a1 };
}

/* Legacy calls have no function number and answer in a0 alone. */
static long sbi_call_legacy(unsigned long ext, unsigned long arg0,
			    unsigned long arg1, unsigned long arg2)
{
	return sbi_call(ext, 0, arg0, arg1, arg2, 0).error;
}

static struct sbi_ret sbi_base(unsigned long fn, unsigned long arg)
{
	return sbi_call(SBI_EXT_BASE, fn, arg, 0, 0, 0);
}

static bool sbi_has(unsigned long ext)
{
	struct sbi_ret ret = sbi_base(SBI_BASE_PROBE_EXTENSION, ext);

	return ret.error == SBI_SUCCESS && ret.value != 0;
}

void sbi_init(void)
{
	struct sbi_ret ret = sbi_base(SBI_BASE_GET_SPEC_VERSION, 0);

	if (ret.error != SBI_SUCCESS)
		return;
	sbi.version = (unsigned long)ret.value;
	sbi.time = sbi_has(SBI_EXT_TIME);
	sbi.ipi = sbi_has(SBI_EXT_IPI);
	sbi.rfence = sbi_has(SBI_EXT_RFENCE);
	sbi.hsm = sbi_has(SBI_EXT_HSM);
	sbi.srst = sbi_has(SBI_EXT_SRST);
	sbi.dbcn = sbi_has(SBI_EXT_DBCN);
}

/* By implementation id, SBI 2.0, table 4. */
static const char *const implementations[] = {
	"BBL",    "OpenSBI", "Xvisor",        "KVM",      "RustSBI", "Diosix",
	"Coffer", "Xen",     "PolarFire HSS", "coreboot", "oreboot", "bhyve",
};

size_t sbi_describe(char *buf, size_t len)
{
	long id = sbi_base(SBI_BASE_GET_IMPL_ID, 0).value;
	const char *name = "firmware";

	if (!sbi.version)
		return (size_t)snprintf(buf, len, "legacy SBI");
	if (id >= 0 && id < (long)ARRAY_SIZE(implementations))
		name = implementations[id];
	else if (id == SBI_IMPL_ID_KEEL)
		name = "Keel";
	return (size_t)snprintf(buf, len, "SBI %lu.%lu (%s)",
				sbi.version >> 24 & 0x7f,
				sbi.version & 0xffffff, name);
}

uint64_t sbi_machine_id(unsigned long which)
{
	struct sbi_ret ret = sbi_base(which, 0);

	return ret.error == SBI_SUCCESS ? (uint64_t)ret.value : 0;
}

bool sbi_has_k210(void)
{
	return sbi_has(SBI_EXT_K210);
}

long sbi_k210(unsigned long fn)
{
	return sbi_call(SBI_EXT_K210, fn, 0, 0, 0, 0).value;
}

bool sbi_probe_stimecmp(void)
{
	/* Reading it traps if firmware has left menvcfg.STCE clear. */
	return csr_probe_stimecmp() == 0;
}

void sbi_use_stimecmp(void)
{
	sbi.stimecmp = true;
}

void sbi_set_timer(uint64_t counter)
{
	if (sbi.stimecmp)
		csr_write(CSR_STIMECMP, counter);
	else if (sbi.time)
		sbi_call(SBI_EXT_TIME, SBI_TIME_SET_TIMER, counter, 0, 0, 0);
	else
		sbi_call_legacy(SBI_EXT_LEGACY_SET_TIMER, counter, 0, 0);
}

/*
 * Legacy calls take the address of a mask in memory, read by the firmware with
 * our translation.
 */
static void sbi_legacy_mask(unsigned long ext, unsigned long mask,
			    unsigned long base, uintptr_t start, size_t size)
{
	unsigned long ids = mask << base;

	sbi_call_legacy(ext, (unsigned long)&ids, start, size);
}

void sbi_send_ipi(unsigned long hart_id)
{
	if (sbi.ipi)
		sbi_call(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, hart_id, 0, 0);
	else
		sbi_legacy_mask(SBI_EXT_LEGACY_SEND_IPI, 1, hart_id, 0, 0);
}

void sbi_remote_sfence_vma(unsigned long mask, unsigned long base,
			   uintptr_t start, size_t size)
{
	if (sbi.rfence)
		sbi_call(SBI_EXT_RFENCE, SBI_RFENCE_SFENCE_VMA, mask, base,
			 start, size);
	else
		sbi_legacy_mask(SBI_EXT_LEGACY_SFENCE_VMA, mask, base, start,
				size);
}

void sbi_remote_fence_i(unsigned long mask, unsigned long base)
{
	if (sbi.rfence)
		sbi_call(SBI_EXT_RFENCE, SBI_RFENCE_FENCE_I, mask, base, 0, 0);
	else
		sbi_legacy_mask(SBI_EXT_LEGACY_FENCE_I, mask, base, 0, 0);
}

int sbi_hart_start(unsigned long hart_id, paddr_t entry, uint64_t opaque)
{
	if (!sbi.hsm)
		return -EIO;
	if (sbi_call(SBI_EXT_HSM, SBI_HSM_HART_START, hart_id, entry, opaque, 0)
		    .error != SBI_SUCCESS)
		return -EIO;
	return 0;
}

/* One character at a time for firmware before SBI 2.0. */
static void sbi_legacy_write(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		sbi_call_legacy(SBI_EXT_LEGACY_PUTCHAR, (unsigned char)text[i],
				0, 0);
}

void sbi_console_write(const char *text, size_t len)
{
	struct sbi_ret ret;

	if (!sbi.dbcn) {
		sbi_legacy_write(text, len);
		return;
	}
	while (len) {
		ret = sbi_call(SBI_EXT_DBCN, SBI_DBCN_WRITE, len,
			       image_to_phys(text), 0, 0);
		if (ret.error != SBI_SUCCESS || (size_t)ret.value > len)
			return;
		text += ret.value;
		len -= (size_t)ret.value;
	}
}

static size_t sbi_legacy_read(char *buf, size_t len)
{
	size_t n;
	long c;

	for (n = 0; n < len; n++) {
		c = sbi_call_legacy(SBI_EXT_LEGACY_GETCHAR, 0, 0, 0);
		if (c < 0)
			break;
		buf[n] = (char)c;
	}
	return n;
}

size_t sbi_console_read(char *buf, size_t len)
{
	struct sbi_ret ret;

	if (!sbi.dbcn)
		return sbi_legacy_read(buf, len);
	ret = sbi_call(SBI_EXT_DBCN, SBI_DBCN_READ, len, image_to_phys(buf), 0,
		       0);
	if (ret.error != SBI_SUCCESS || (size_t)ret.value > len)
		return 0;
	return (size_t)ret.value;
}

static void sbi_reset(unsigned long type, unsigned long reason)
{
	if (sbi.srst)
		sbi_call(SBI_EXT_SRST, SBI_SRST_RESET, type, reason, 0, 0);
}

void sbi_shutdown(bool failure)
{
	sbi_reset(SBI_SRST_SHUTDOWN,
		  failure ? SBI_SRST_REASON_FAILURE : SBI_SRST_REASON_NONE);
	sbi_call_legacy(SBI_EXT_LEGACY_SHUTDOWN, 0, 0, 0);
}

void sbi_reboot(void)
{
	sbi_reset(SBI_SRST_COLD_REBOOT, SBI_SRST_REASON_NONE);
	sbi_reset(SBI_SRST_WARM_REBOOT, SBI_SRST_REASON_NONE);
}
