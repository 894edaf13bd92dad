// SPDX-License-Identifier: MIT
/*
 * The K210's system controller, as far as firmware needs it: the clocks of the
 * CPU and of the last 2 MiB of memory.
 *
 * Registers: kendryte-standalone-sdk, lib/drivers/include/sysctl.h; rates and
 * the sequence that starts a PLL: Linux, drivers/clk/clk-k210.c.
 *
 *   PLL0   CPU, SPI0, SPI1, I2C.  A fuse decides whether the boot ROM has started
 *          it and the CPU runs at 390 MHz; else we do, from the crystal's 26.
 *          What comes of it is computed from the registers
 *   PLL1   the AI SRAM answers when it runs (datasheet, section 3.1)
 */
#include <clock.h>
#include <device.h>
#include <drivers/dts/k210.h>
#include <lib/csr.h>
#include <lib/fdt.h>
#include <lib/mmio.h>
#include <panic.h>
#include <reset.h>

#define PLL(n)      (0x08 + 4ul * (n))
#define PLL_LOCK    0x18
#define CLK_SEL0    0x20
#define CLK_EN_PERI 0x2c

#define PLL_R(reg)      (((reg)&0xf) + 1)
#define PLL_F(reg)      (((reg) >> 4 & 0x3f) + 1)
#define PLL_OD(reg)     (((reg) >> 10 & 0xf) + 1)
#define PLL_FACTORS(f)  (((f)-1) << 14 | 1u << 10 | ((f)-1) << 4) /* 1, f, 2 */
#define PLL_FACTOR_BITS 0xfffffu
#define PLL_RESET       (1u << 20)
#define PLL_POWERED     (1u << 21)
#define PLL_BYPASS      (1u << 23)
#define PLL_OUT         (1u << 25)

/* PLL_LOCK has 8 bits for each; both bits of the first two count for PLL0. */
#define PLL_LOCKED(n) ((n) ? 1u << (8 * (n)) : 3u)
#define PLL_SLIP(n)   (4u << (8 * (n))) /* write to clear */

#define PLL0_F 60u /* 26 MHz * 60 / 2 = 780 MHz */
#define PLL1_F 23u /* 299 MHz */

#define SEL0_ACLK_IS_PLL0  1u
#define SEL0_ACLK_DIV(reg) ((reg) >> 1 & 3)
#define SEL0_ACLK_DIV_BITS (3u << 1) /* 0: PLL0 / 2 */
#define EN_PERI_AI         (1u << 2)

#define SETTLE_CYCLES 500     /* more than 1 us */
#define LOCK_CYCLES   1000000 /* some 2 ms at 390 MHz; it takes microseconds */

/* [I] after probe */
static uint8_t __iomem *sysctl;
static uint64_t crystal_hz;

static uint64_t pll0_rate(void)
{
	uint32_t reg = mmio_read32(sysctl + PLL(0));

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

static void wait_cycles(uint64_t cycles)
{
	uint64_t start = csr_read(CSR_MCYCLE);

	while (csr_read(CSR_MCYCLE) - start < cycles)
		;
}

static bool pll_wait_for_lock(unsigned int n)
{
	uint64_t start = csr_read(CSR_MCYCLE);
	uint32_t locked = PLL_LOCKED(n), state;

	while (((state = mmio_read32(sysctl + PLL_LOCK)) & locked) != locked) {
		if (csr_read(CSR_MCYCLE) - start > LOCK_CYCLES)
			return false;
		mmio_write32(state | PLL_SLIP(n), sysctl + PLL_LOCK);
	}
	return true;
}

/* Anew, whatever it was.  false: it does not lock, and is off. */
static bool pll_start(unsigned int n, uint32_t factors)
{
	uint8_t __iomem *pll = sysctl + PLL(n);
	uint32_t reg = mmio_read32(pll);

	reg &= ~(PLL_OUT | PLL_POWERED | PLL_RESET | PLL_BYPASS |
		 PLL_FACTOR_BITS);
	reg |= factors;
	mmio_write32(reg, pll);
	mmio_write32(reg | PLL_POWERED, pll);
	wait_cycles(SETTLE_CYCLES);
	mmio_write32(reg | PLL_POWERED | PLL_RESET, pll);
	wait_cycles(SETTLE_CYCLES);
	mmio_write32(reg | PLL_POWERED, pll);
	if (!pll_wait_for_lock(n)) {
		mmio_write32(reg, pll);
		return false;
	}
	mmio_write32(reg | PLL_POWERED | PLL_OUT, pll);
	return true;
}

/* The console and the time base follow the CPU's clock: this comes first. */
static void cpu_speed_up(void)
{
	uint32_t sel0 = mmio_read32(sysctl + CLK_SEL0);

	if (sel0 & SEL0_ACLK_IS_PLL0 || !pll_start(0, PLL_FACTORS(PLL0_F)))
		return;
	/* In one store: in between the CPU would run at another speed. */
	mmio_write32((sel0 & ~SEL0_ACLK_DIV_BITS) | SEL0_ACLK_IS_PLL0,
		     sysctl + CLK_SEL0);
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
	cpu_speed_up();
	/* The chip has no power switch; its syscon-reboot does the rest. */
	reset_register(RESET_SHUTDOWN, reset_park, RESET_SHUTDOWN, true);
	return 0;
}

static int sram_probe(const void *fdt, int node, const void *data)
{
	(void)fdt;
	(void)node;
	(void)data;
	if (!sysctl)
		return -FDT_ERR_NOTFOUND;
	if (!pll_start(1, PLL_FACTORS(PLL1_F)))
		panic_boot("PLL1 does not lock: the AI SRAM has no clock");
	mmio_write32(mmio_read32(sysctl + CLK_EN_PERI) | EN_PERI_AI,
		     sysctl + CLK_EN_PERI);
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
