// SPDX-License-Identifier: MIT
/*
 * Clock tree of the K210: the gates, dividers and muxes in its system
 * controller.
 *
 * Registers: kendryte-standalone-sdk, lib/drivers/include/sysctl.h.  Rates are computed
 * from the registers, as the firmware and the boot ROM left them; nothing here
 * changes them.  What the processor itself lives on (cores, memory, buses) is
 * never switched off.
 */
#include <core/alloc.h>
#include <dev/clk.h>
#include <dev/device.h>
#include <dev/syscon.h>
#include <drivers/dts/k210.h>
#include <lib/errno.h>

#define K210_PLL(n)      (0x08 + 4 * (n))
#define K210_SEL0        0x20
#define K210_GATE_CENTER 0x28
#define K210_GATE_PERI   0x2c
#define K210_TH(n)       (0x38 + 4 * (n))

#define K210_PLL_R(reg)    (((reg)&15) + 1)
#define K210_PLL_F(reg)    (((reg) >> 4 & 63) + 1)
#define K210_PLL_OD(reg)   (((reg) >> 10 & 15) + 1)
#define K210_PLL_POWERED   (1u << 21)
#define K210_PLL_BYPASS    (1u << 23)
#define K210_PLL_OUT       (1u << 25)
#define K210_PLL2_SEL(reg) ((reg) >> 26 & 3)

#define K210_SEL0_ACLK (1u << 0) /* 0: IN0, 1: PLL0 divided */

enum k210_source {
	K210_IN0, /* the crystal */
	K210_PLL0,
	K210_PLL1,
	K210_PLL2,
	K210_ACLK,
	K210_BUS0, /* APB0 and the two others */
	K210_BUS1,
	K210_BUS2,
	K210_SEL12, /* IN0, or PLL0 if bit 12 of clk_sel0 is set */
	K210_SEL13,
	K210_SEL14,
	K210_SEL15,
};

/* What the divider field n makes of the source's rate. */
enum k210_divider {
	K210_WHOLE,  /* there is none: the row need not say so */
	K210_BY_N1,  /* divided by n + 1 */
	K210_BY_2N1, /* divided by 2 (n + 1) */
};

struct k210_clk_row {
	uint8_t gate_reg; /* 0: no gate */
	uint8_t gate_bit;
	uint8_t source;  /* enum k210_source */
	uint8_t divider; /* enum k210_divider */
	uint8_t div_reg;
	uint8_t div_shift;
	uint8_t div_width;
};

#define CENTER(bit) K210_GATE_CENTER, bit
#define PERI(bit)   K210_GATE_PERI, bit
#define NO_GATE     0, 0

/* One line a clock. */
/* clang-format off */
static const struct k210_clk_row k210_clk_rows[K210_NUM_CLKS] = {
	[K210_CLK_CPU]    = { CENTER(0), K210_ACLK },
	[K210_CLK_SRAM0]  = { CENTER(1), K210_ACLK, K210_BY_N1, K210_TH(0), 0, 4 },
	[K210_CLK_SRAM1]  = { CENTER(2), K210_ACLK, K210_BY_N1, K210_TH(0), 4, 4 },
	[K210_CLK_AI]     = { PERI(2), K210_PLL1, K210_BY_N1, K210_TH(0), 8, 4 },
	[K210_CLK_DMA]    = { PERI(1), K210_ACLK },
	[K210_CLK_FFT]    = { PERI(4), K210_ACLK },
	[K210_CLK_ROM]    = { PERI(0), K210_ACLK, K210_BY_N1, K210_TH(0), 16, 4 },
	[K210_CLK_DVP]    = { PERI(3), K210_ACLK, K210_BY_N1, K210_TH(0), 12, 4 },
	[K210_CLK_APB0]   = { CENTER(3), K210_ACLK, K210_BY_N1, K210_SEL0, 3, 3 },
	[K210_CLK_APB1]   = { CENTER(4), K210_ACLK, K210_BY_N1, K210_SEL0, 6, 3 },
	[K210_CLK_APB2]   = { CENTER(5), K210_ACLK, K210_BY_N1, K210_SEL0, 9, 3 },
	[K210_CLK_I2S0]   = { PERI(10), K210_PLL2, K210_BY_2N1, K210_TH(3), 0, 16 },
	[K210_CLK_I2S1]   = { PERI(11), K210_PLL2, K210_BY_2N1, K210_TH(3), 16, 16 },
	[K210_CLK_I2S2]   = { PERI(12), K210_PLL2, K210_BY_2N1, K210_TH(4), 0, 16 },
	[K210_CLK_I2S0_M] = { NO_GATE, K210_PLL2, K210_BY_2N1, K210_TH(4), 16, 8 },
	[K210_CLK_I2S1_M] = { NO_GATE, K210_PLL2, K210_BY_2N1, K210_TH(4), 24, 8 },
	[K210_CLK_I2S2_M] = { NO_GATE, K210_PLL2, K210_BY_2N1, K210_TH(5), 0, 8 },
	[K210_CLK_WDT0]   = { PERI(24), K210_IN0, K210_BY_2N1, K210_TH(6), 0, 8 },
	[K210_CLK_WDT1]   = { PERI(25), K210_IN0, K210_BY_2N1, K210_TH(6), 8, 8 },
	[K210_CLK_SPI0]   = { PERI(6), K210_PLL0, K210_BY_2N1, K210_TH(1), 0, 8 },
	[K210_CLK_SPI1]   = { PERI(7), K210_PLL0, K210_BY_2N1, K210_TH(1), 8, 8 },
	[K210_CLK_SPI2]   = { PERI(8), K210_PLL0, K210_BY_2N1, K210_TH(1), 16, 8 },
	[K210_CLK_I2C0]   = { PERI(13), K210_PLL0, K210_BY_2N1, K210_TH(5), 8, 8 },
	[K210_CLK_I2C1]   = { PERI(14), K210_PLL0, K210_BY_2N1, K210_TH(5), 16, 8 },
	[K210_CLK_I2C2]   = { PERI(15), K210_PLL0, K210_BY_2N1, K210_TH(5), 24, 8 },
	[K210_CLK_SPI3]   = { PERI(9), K210_SEL12, K210_BY_2N1, K210_TH(1), 24, 8 },
	[K210_CLK_TIMER0] = { PERI(21), K210_SEL13, K210_BY_2N1, K210_TH(2), 0, 8 },
	[K210_CLK_TIMER1] = { PERI(22), K210_SEL14, K210_BY_2N1, K210_TH(2), 8, 8 },
	[K210_CLK_TIMER2] = { PERI(23), K210_SEL15, K210_BY_2N1, K210_TH(2), 16, 8 },
	[K210_CLK_GPIO]   = { PERI(5), K210_BUS0 },
	[K210_CLK_UART1]  = { PERI(16), K210_BUS0 },
	[K210_CLK_UART2]  = { PERI(17), K210_BUS0 },
	[K210_CLK_UART3]  = { PERI(18), K210_BUS0 },
	[K210_CLK_FPIOA]  = { PERI(20), K210_BUS0 },
	[K210_CLK_SHA]    = { PERI(26), K210_BUS0 },
	[K210_CLK_AES]    = { PERI(19), K210_BUS1 },
	[K210_CLK_OTP]    = { PERI(27), K210_BUS1 },
	[K210_CLK_RTC]    = { PERI(29), K210_IN0 },
};
/* clang-format on */

struct k210_clk {
	struct clk_controller controller;
	struct syscon *syscon; /* [I] */
	uint64_t in0_hz;       /* [I] the crystal's */
};

static uint64_t k210_pll_hz(const struct k210_clk *clk, unsigned n)
{
	uint32_t reg = syscon_read(clk->syscon, K210_PLL(n));
	uint64_t in = clk->in0_hz;

	if (n == 2 && K210_PLL2_SEL(reg))
		in = k210_pll_hz(clk, K210_PLL2_SEL(reg) == 1 ? 0 : 1);
	if (!(reg & K210_PLL_OUT))
		return 0;
	if (reg & K210_PLL_BYPASS)
		return in;
	if (!(reg & K210_PLL_POWERED))
		return 0;
	return in * K210_PLL_F(reg) / (K210_PLL_R(reg) * K210_PLL_OD(reg));
}

static uint64_t k210_aclk_hz(const struct k210_clk *clk)
{
	uint32_t sel = syscon_read(clk->syscon, K210_SEL0);

	if (!(sel & K210_SEL0_ACLK))
		return clk->in0_hz;
	return k210_pll_hz(clk, 0) / (2u << (sel >> 1 & 3));
}

static uint64_t k210_source_hz(const struct k210_clk *clk,
			       enum k210_source source)
{
	uint32_t sel = syscon_read(clk->syscon, K210_SEL0);

	switch (source) {
	case K210_IN0:
		return clk->in0_hz;
	case K210_PLL0:
	case K210_PLL1:
	case K210_PLL2:
		return k210_pll_hz(clk, source - K210_PLL0);
	case K210_ACLK:
		return k210_aclk_hz(clk);
	case K210_BUS0:
	case K210_BUS1:
	case K210_BUS2:
		return k210_aclk_hz(clk) /
		       ((sel >> (3 + 3 * (source - K210_BUS0)) & 7) + 1);
	default:
		return sel >> (12 + source - K210_SEL12) & 1
			       ? k210_pll_hz(clk, 0)
			       : clk->in0_hz;
	}
}

static uint64_t k210_clk_rate(struct clk_controller *controller, unsigned id)
{
	const struct k210_clk *clk =
		container_of(controller, struct k210_clk, controller);
	const struct k210_clk_row *row = &k210_clk_rows[id];
	uint64_t hz = k210_source_hz(clk, row->source);
	uint32_t n;

	if (row->divider == K210_WHOLE)
		return hz;
	n = syscon_read(clk->syscon, row->div_reg) >> row->div_shift;
	n &= (1u << row->div_width) - 1;
	return row->divider == K210_BY_N1 ? hz / (n + 1) : hz / (2 * (n + 1));
}

static void k210_clk_gate(struct clk_controller *controller, unsigned id,
			  bool on)
{
	struct k210_clk *clk =
		container_of(controller, struct k210_clk, controller);
	const struct k210_clk_row *row = &k210_clk_rows[id];
	uint32_t bit = 1u << row->gate_bit;

	if (row->gate_reg)
		syscon_update(clk->syscon, row->gate_reg, bit, on ? bit : 0);
}

static int k210_clk_enable(struct clk_controller *controller, unsigned id)
{
	k210_clk_gate(controller, id, true);
	return 0;
}

static void k210_clk_disable(struct clk_controller *controller, unsigned id)
{
	if (k210_clk_rows[id].gate_reg != K210_GATE_CENTER)
		k210_clk_gate(controller, id, false);
}

static const struct clk_ops k210_clk_ops = {
	.enable = k210_clk_enable,
	.disable = k210_clk_disable,
	.rate = k210_clk_rate,
};

static int k210_clk_probe(struct device *dev)
{
	struct k210_clk *clk;
	struct clk in0;
	int ret;

	ret = clk_get(dev, 0, &in0);
	if (ret)
		return ret;
	clk = kzalloc(sizeof(*clk));
	if (!clk)
		return -ENOMEM;
	ret = syscon_get_parent(dev, &clk->syscon);
	if (ret)
		goto err_free;
	clk->in0_hz = clk_rate(&in0);
	clk->controller.provider.node = dev->node;
	clk->controller.ops = &k210_clk_ops;
	clk->controller.nr_clks = K210_NUM_CLKS;
	ret = clk_controller_register(&clk->controller);
	if (ret)
		goto err_free;
	return 0;

err_free:
	kfree(clk);
	return ret;
}

static const struct of_match k210_clk_match[] = {
	{ .compatible = "canaan,k210-clk" },
	{},
};

static const struct driver k210_clk_driver = {
	.name = "k210-clk",
	.match = k210_clk_match,
	.probe = k210_clk_probe,
};
DRIVER_DECLARE(k210_clk_driver);
