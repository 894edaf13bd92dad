// SPDX-License-Identifier: MIT
/*
 * The K210's system controller, as far as firmware needs it: how fast the CPU
 * runs, and the clock of the last 2 MiB of memory.
 *
 * Registers: kendryte-standalone-sdk, lib/drivers/include/sysctl.h.  The clock
 * of the CPU is computed and not changed: chips come with a fuse that lets the
 * boot ROM raise it from the crystal's 26 MHz to 390 MHz, or without.
 *
 * The AI SRAM answers when PLL1 runs (datasheet, section 3.1).  Rate and
 * sequence are those of Linux, drivers/clk/clk-k210.c.
 */
#include <clock.h>
#include <device.h>
#include <drivers/dts/k210.h>
#include <lib/csr.h>
#include <lib/fdt.h>
#include <lib/mmio.h>
#include <panic.h>
#include <reset.h>

#define PLL0        0x08
#define PLL1        0x0c
#define PLL_LOCK    0x18
#define CLK_SEL0    0x20
#define CLK_EN_PERI 0x2c

#define PLL_R(reg)   (((reg)&0xf) + 1)
#define PLL_F(reg)   (((reg) >> 4 & 0x3f) + 1)
#define PLL_OD(reg)  (((reg) >> 10 & 0xf) + 1)
#define PLL_RESET    (1u << 20)
#define PLL_POWERED  (1u << 21)
#define PLL_BYPASS   (1u << 23)
#define PLL_OUT      (1u << 25)
#define PLL1_FACTORS (22u << 14 | 1u << 10 | 22u << 4) /* 26 MHz * 23 / 2 */
#define PLL1_MASK    0xfffffu                          /* all factors */
#define PLL1_LOCKED  (3u << 8)
#define PLL1_SLIP    (1u << 10) /* write to clear */

#define SEL0_ACLK_IS_PLL0  1u
#define SEL0_ACLK_DIV(reg) ((reg) >> 1 & 3)
#define EN_PERI_AI         (1u << 2)

#define LOCK_CYCLES 1000000 /* some 2 ms at 390 MHz; it takes microseconds */

/* [I] after probe */
static uint8_t __iomem *sysctl;
static uint64_t crystal_hz;

static uint64_t pll0_rate(void)
{
	uint32_t reg = mmio_read32(sysctl + PLL0);

	if (reg & PLL_BYPASS)
		return crystal_hz;
	return crystal_hz * PLL_F(reg) / (PLL_R(reg) * PLL_OD(reg));
}

static uint64_t get_rate(uint32_t id)
{
	uint32_t sel0 = mmio_read32(sysctl + CLK_SEL0);

	if (id != K210_CLK_CPU)
		return 0;
	if (!(sel0 & SEL0_ACLK_IS_PLL0))
		return crystal_hz;
	return pll0_rate() / (2ul << SEL0_ACLK_DIV(sel0));
}

static int sysctl_probe(const void *fdt, int node, const void *data)
{
	int parent = dt_parent(fdt, node);
	struct dt_range reg;
	int ret;

	(void)data;
	if (parent < 0)
		return parent;
	ret = dt_get_reg(fdt, parent, 0, &reg);
	if (ret)
		return ret;
	sysctl = (uint8_t __iomem *)reg.start;
	crystal_hz = clock_get_rate(fdt, node);
	clock_register(node, get_rate);
	/* The chip has no power switch; its syscon-reboot does the rest. */
	reset_register(RESET_SHUTDOWN, reset_park, RESET_SHUTDOWN, true);
	return 0;
}

static void wait_cycles(uint64_t cycles)
{
	uint64_t start = csr_read(CSR_MCYCLE);

	while (csr_read(CSR_MCYCLE) - start < cycles)
		;
}

static bool pll1_wait_for_lock(void)
{
	uint64_t start = csr_read(CSR_MCYCLE);

	while ((mmio_read32(sysctl + PLL_LOCK) & PLL1_LOCKED) != PLL1_LOCKED) {
		if (csr_read(CSR_MCYCLE) - start > LOCK_CYCLES)
			return false;
		mmio_write32(mmio_read32(sysctl + PLL_LOCK) | PLL1_SLIP,
			     sysctl + PLL_LOCK);
	}
	return true;
}

/* Anew, whatever it was: nobody says what the boot ROM leaves. */
static bool pll1_start(void)
{
	uint32_t reg = mmio_read32(sysctl + PLL1);

	reg &= ~(PLL_OUT | PLL_POWERED | PLL_RESET | PLL_BYPASS | PLL1_MASK);
	reg |= PLL1_FACTORS;
	mmio_write32(reg, sysctl + PLL1);
	reg |= PLL_POWERED;
	mmio_write32(reg, sysctl + PLL1);
	wait_cycles(500); /* more than 1 us */
	mmio_write32(reg | PLL_RESET, sysctl + PLL1);
	wait_cycles(500);
	mmio_write32(reg, sysctl + PLL1);
	if (!pll1_wait_for_lock())
		return false;
	mmio_write32(reg | PLL_OUT, sysctl + PLL1);
	mmio_write32(mmio_read32(sysctl + CLK_EN_PERI) | EN_PERI_AI,
		     sysctl + CLK_EN_PERI);
	return true;
}

static int sram_probe(const void *fdt, int node, const void *data)
{
	(void)fdt;
	(void)node;
	(void)data;
	if (!sysctl)
		return -FDT_ERR_NOTFOUND;
	if (!pll1_start())
		panic_boot("PLL1 does not lock: the AI SRAM has no clock");
	return 0;
}

static const struct fw_match sysctl_match[] = {
	{ .compatible = "canaan,k210-clk" },
	{},
};

static const struct fw_match sram_match[] = {
	{ .compatible = "canaan,k210-sram" },
	{},
};

const struct fw_driver k210_sysctl_fw_driver = {
	.match = sysctl_match,
	.probe = sysctl_probe,
};

const struct fw_driver k210_sram_fw_driver = {
	.match = sram_match,
	.probe = sram_probe,
};
