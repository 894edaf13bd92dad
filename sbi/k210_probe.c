// SPDX-License-Identifier: MIT
/*
 * Questions to a K210; see k210_probe.h.
 *
 * Numbers are printed as they come, for people who compare chips; only where a
 * word says it better there is one.  The registers' tables are those of the
 * Kendryte SDK (sysctl.h, timer.h) and of version 1.9.1.
 */
#include "k210_probe.h"

#include <string.h>

#include <drivers/tty/sifive_uart_port.h>

#include <lib/barrier.h>
#include <lib/csr.h>
#include <lib/fdt.h>
#include <lib/mmio.h>

#include "access.h"
#include "console.h"
#include "cpu.h"
#include "hart.h"
#include "priv19.h"
#include "timer.h"

#define WORD "keel.probe"

#define SYSCTL_CLK_SEL0    0x20
#define SYSCTL_CLK_EN_PERI 0x2c
#define SYSCTL_PERI_RESET  0x34
#define SYSCTL_CLK_TH2     0x40
#define TIMER0_BIT         21 /* of the last but one two */
#define SEL0_TIMER0_PLL0   BIT(13)
#define TH2_TIMER0         0xffu

#define TIMER_LOAD    0x00
#define TIMER_CURRENT 0x04
#define TIMER_CONTROL 0x08
#define TIMER_ENABLE  0x5 /* free-running, interrupt masked */
#define TIMER_HZ      13000000
#define TIMER_TICKS   (TIMER_HZ / 100) /* 10 ms */

#define UARTHS_IRQ              33
#define PLIC_PRIORITY(n)        (4ul * (n))
#define PLIC_ENABLE(context, n) (0x2000 + 0x80ul * (context) + (n) / 32 * 4)

#define ALIAS_OFFSET 0x40000000ul
#define CACHE_SIZE   0x8000
#define CACHE_LINE   64

/* Gigapages of the identity root that nobody uses yet, for experiments. */
#define SPARE_GIGAPAGE   8
#define SPARE_ADDRESS(x) ((uint64_t)SPARE_GIGAPAGE << 30 | ((x)&0x3fffffff))
#define PTE_RAM_RWX      0x2000000ful /* the gigapage at 0x80000000 */
#define PTE_A            0x40
#define PTE_D            0x80

static uint8_t __iomem *find_regs(const void *fdt, const char *compatible)
{
	int node = fdt_node_offset_by_compatible(fdt, -1, compatible);
	struct dt_range reg;

	if (node < 0 || dt_get_reg(fdt, node, 0, &reg))
		return NULL;
	return (uint8_t __iomem *)reg.start;
}

static void probe_identity(void)
{
	console_printf("probe: ids %lx %lx %lx misa %lx\n",
		       csr_read(CSR_MVENDORID), csr_read(CSR_MARCHID),
		       csr_read(CSR_MIMPID), csr_read(CSR_MISA));
}

static void probe_sysctl(uint8_t __iomem *sysctl)
{
	static const struct {
		const char *name;
		unsigned int offset;
	} regs[] = {
		{ "git_id", 0x00 },       { "clk_freq", 0x04 },
		{ "pll0", 0x08 },         { "pll1", 0x0c },
		{ "pll2", 0x10 },         { "pll_lock", 0x18 },
		{ "clk_sel0", 0x20 },     { "clk_en_cent", 0x28 },
		{ "clk_en_peri", 0x2c },  { "peri_reset", 0x34 },
		{ "reset_status", 0x60 }, { "power_sel", 0x6c },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(regs); i++)
		console_printf("probe: %s %08x\n", regs[i].name,
			       mmio_read32(sysctl + regs[i].offset));
}

/* What sticks of all ones, or of the bits given. */
#define PROBE_BITS(name, csr, bits)                                            \
	do {                                                                   \
		uint64_t before_ = csr_swap(csr, bits);                        \
                                                                               \
		console_printf("probe: %s keeps %lx\n", name,                  \
			       csr_swap(csr, before_));                        \
	} while (0)

static void probe_registers(void)
{
	uint64_t mstatus = csr_read(CSR_MSTATUS);

	PROBE_BITS("medeleg", CSR_MEDELEG, -1ul);
	PROBE_BITS("mideleg", CSR_MIDELEG, -1ul);
	PROBE_BITS("mie", CSR_MIE, -1ul);
	PROBE_BITS("sptbr", CSR_SPTBR, -1ul);
	PROBE_BITS("stvec", CSR_STVEC, -1ul);
	PROBE_BITS("sepc", CSR_SEPC, -1ul);
	PROBE_BITS("mcause", CSR_MCAUSE, -1ul);
	PROBE_BITS("mucounteren", CSR_MUCOUNTEREN, -1ul);
	PROBE_BITS("mscounteren", CSR_MSCOUNTEREN, -1ul);
	/* SEIP of mip: can firmware itself raise it? */
	PROBE_BITS("mip", CSR_MIP, MIP_SSIP | MIP_STIP | MIP_SEIP);
	PROBE_BITS("mstatus of FS=1", CSR_MSTATUS,
		   (mstatus & ~MSTATUS_FS) | SSTATUS_FS_INITIAL);
	PROBE_BITS("mstatus of VM=9", CSR_MSTATUS,
		   (mstatus & ~MSTATUS_VM) | MSTATUS_VM_SV39);
	PROBE_BITS("mstatus of VM=10", CSR_MSTATUS,
		   (mstatus & ~MSTATUS_VM) | 10ul << 24);
	PROBE_BITS("mstatus of PUM, MXR", CSR_MSTATUS,
		   mstatus | MSTATUS_PUM | MSTATUS_MXR);
	PROBE_BITS("sstatus of PUM, MXR", CSR_SSTATUS,
		   MSTATUS_PUM | MSTATUS_MXR);
}

/* A mark, the pc, or the instruction. */
static void probe_badaddr(void)
{
	bool ok;

	csr_write(CSR_MTVAL, 0x1234);
	csr_try_read(CSR_TIME, &ok);
	console_printf("probe: rdtime %s, badaddr 1234 becomes %lx\n",
		       ok ? "works" : "traps", csr_read(CSR_MTVAL));
}

/* A timer of the crystal's 26 MHz / 2 tells how fast the others go. */
static void probe_time(uint8_t __iomem *sysctl, uint8_t __iomem *timer)
{
	uint32_t sel0 = mmio_read32(sysctl + SYSCTL_CLK_SEL0);
	uint32_t gates = mmio_read32(sysctl + SYSCTL_CLK_EN_PERI);
	uint32_t resets = mmio_read32(sysctl + SYSCTL_PERI_RESET);
	uint32_t th2 = mmio_read32(sysctl + SYSCTL_CLK_TH2);
	uint64_t time, cycles;

	mmio_write32(sel0 & ~SEL0_TIMER0_PLL0, sysctl + SYSCTL_CLK_SEL0);
	mmio_write32(th2 & ~TH2_TIMER0, sysctl + SYSCTL_CLK_TH2);
	mmio_write32(gates | BIT(TIMER0_BIT), sysctl + SYSCTL_CLK_EN_PERI);
	mmio_write32(resets & ~BIT(TIMER0_BIT), sysctl + SYSCTL_PERI_RESET);

	mmio_write32(0, timer + TIMER_CONTROL);
	mmio_write32(UINT32_MAX, timer + TIMER_LOAD);
	mmio_write32(TIMER_ENABLE, timer + TIMER_CONTROL);
	time = timer_read();
	cycles = csr_read(CSR_MCYCLE);
	while (UINT32_MAX - mmio_read32(timer + TIMER_CURRENT) < TIMER_TICKS)
		;
	time = timer_read() - time;
	cycles = csr_read(CSR_MCYCLE) - cycles;
	mmio_write32(0, timer + TIMER_CONTROL);
	console_printf("probe: in 10 ms mtime %lu, cycles %lu, expected %lu\n",
		       time, cycles, timer_hz / 100);

	mmio_write32(resets, sysctl + SYSCTL_PERI_RESET);
	mmio_write32(gates, sysctl + SYSCTL_CLK_EN_PERI);
	mmio_write32(th2, sysctl + SYSCTL_CLK_TH2);
	mmio_write32(sel0, sysctl + SYSCTL_CLK_SEL0);
}

/* UARTHS raises its line; which bit of mip answers through which context? */
static void probe_external(uint8_t __iomem *plic, uint8_t __iomem *uart)
{
	unsigned int i;

	mmio_write32(7, plic + PLIC_PRIORITY(UARTHS_IRQ));
	for (i = 0; i < 2; i++) {
		uint64_t context = 2 * this_hart.id + i;
		uint8_t __iomem *enable =
			plic + PLIC_ENABLE(context, UARTHS_IRQ);
		uint64_t mip;

		console_flush(); /* the watermark is at 1 from here on */
		mmio_write32(1u << UARTHS_IRQ % 32, enable);
		mmio_write32(SIFIVE_UART_TXWM, uart + SIFIVE_UART_IE);
		mb();
		mip = csr_read(CSR_MIP);
		mmio_write32(0, uart + SIFIVE_UART_IE);
		mmio_write32(0, enable);
		sifive_uart_enable(uart);
		console_printf("probe: PLIC context %lu raises %s%s\n", context,
			       mip & MIP_MEIP ? "MEIP" : "",
			       mip & MIP_SEIP   ? "SEIP"
			       : mip & MIP_MEIP ? ""
						: "nothing");
	}
	mmio_write32(0, plic + PLIC_PRIORITY(UARTHS_IRQ));
}

/* Read other lines until none of the old are left in the cache. */
static void evict_lines(void)
{
	extern const volatile char fw_start[];
	size_t i;

	for (i = 0; i < 2 * CACHE_SIZE; i += CACHE_LINE)
		(void)fw_start[i];
}

static void probe_alias(void)
{
	static volatile uint32_t word __aligned(CACHE_LINE);
	uint32_t __iomem *alias =
		(uint32_t __iomem *)((uintptr_t)&word - ALIAS_OFFSET);
	uint32_t at_once, evicted;

	word = 1;
	evict_lines();
	word = 2;
	mb();
	at_once = mmio_read32(alias);
	evict_lines();
	evicted = mmio_read32(alias);
	console_printf("probe: alias sees a store %s, after eviction %s\n",
		       at_once == 2 ? "at once" : "late",
		       evicted == 2 ? "too" : "not");
	(void)word;
	mmio_write32(3, alias);
	mb();
	at_once = word;
	evict_lines();
	console_printf("probe: cache sees a store by the alias %s, then %u\n",
		       at_once == 3 ? "at once" : "late", word);
}

static const char *works(uint64_t fault)
{
	return fault ? "faults" : "works";
}

/* Accesses as S-mode's, through an entry of the root that is ours to change. */
static void probe_walk(void)
{
	static uint64_t word;
	uint64_t mstatus = csr_read(CSR_MSTATUS);
	uint64_t addr = SPARE_ADDRESS((uint64_t)&word), fault;
	volatile uint64_t *entry;

	priv19_map_identity();
	entry = (uint64_t *)(csr_read(CSR_SPTBR) << 12) + SPARE_GIGAPAGE;
	csr_write(CSR_MSTATUS,
		  (csr_read(CSR_MSTATUS) & ~MSTATUS_MPP) | MSTATUS_MPP_S);

	fault = access_load(addr, sizeof(word)).fault;
	*entry = PTE_RAM_RWX | PTE_A | PTE_D;
	mb();
	console_printf("probe: no entry %s, a new one %s without a fence",
		       works(fault),
		       works(access_load(addr, sizeof(word)).fault));
	sfence_vm();
	console_printf(", %s with one\n",
		       works(access_load(addr, sizeof(word)).fault));

	*entry = PTE_RAM_RWX;
	mb();
	sfence_vm();
	fault = access_load(addr, sizeof(word)).fault;
	console_printf("probe: with A and D clear a load %s, entry %lx",
		       works(fault), *entry);
	fault = access_store(addr, sizeof(word), 0);
	console_printf("; a store %s, entry %lx\n", works(fault), *entry);

	*entry = 0;
	mb();
	sfence_vm();
	csr_write(CSR_MSTATUS, mstatus);
}

/* Is it one of the words of bootargs? */
static bool is_wanted(const void *fdt)
{
	int chosen = dt_find_path(fdt, "/chosen", 7);
	const char *at =
		chosen < 0 ? NULL : dt_get_string(fdt, chosen, "bootargs");

	while (at && *at) {
		size_t len = strcspn(at, " ");

		if (len == strlen(WORD) && !strncmp(at, WORD, len))
			return true;
		at += len + strspn(at + len, " ");
	}
	return false;
}

void k210_probe(const void *fdt)
{
	uint8_t __iomem *sysctl = find_regs(fdt, "canaan,k210-sysctl");
	uint8_t __iomem *timer = find_regs(fdt, "snps,dw-apb-timer");
	uint8_t __iomem *plic = find_regs(fdt, "canaan,k210-plic");
	uint8_t __iomem *uart = find_regs(fdt, "canaan,k210-uarths");

	if (!is_wanted(fdt) || !sysctl || !timer || !plic || !uart)
		return;
	probe_identity();
	probe_sysctl(sysctl);
	probe_registers();
	probe_badaddr();
	probe_time(sysctl, timer);
	probe_external(plic, uart);
	probe_alias();
	probe_walk();
	console_printf("probe: done\n");
}
