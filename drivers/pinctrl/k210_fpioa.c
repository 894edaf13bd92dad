// SPDX-License-Identifier: MIT
/*
 * Pin routing of the K210 (FPIOA): any of 48 pads carries any of 256 functions.
 *
 * Registers: kendryte-standalone-sdk, lib/drivers/include/fpioa.h.  Binding:
 * pinctrl/canaan,k210-fpioa.yaml; a cell of pinmux is pad << 16 | function.  A
 * pad gets the electrical settings that its function needs, and the bias that
 * the node asks for.  Drive strength and the banks' voltages stay as they are.
 */
#include <core/alloc.h>
#include <dev/clk.h>
#include <dev/device.h>
#include <dev/pins.h>
#include <dev/reset.h>
#include <lib/errno.h>
#include <lib/mmio.h>

#define FPIOA_NR_PADS      48
#define FPIOA_PAD(n)       (4 * (n))
#define FPIOA_TIE_EN(fun)  (0xc0 + (fun) / 32 * 4)
#define FPIOA_TIE_VAL(fun) (0xe0 + (fun) / 32 * 4)

#define PAD_DRIVE_MAX (15u << 8)
#define PAD_OE        (1u << 12)
#define PAD_OE_INV    (1u << 13)
#define PAD_PULL_UP   (1u << 16)
#define PAD_PULL_DOWN (1u << 17)
#define PAD_SLOW      (1u << 19)
#define PAD_IE        (1u << 20)
#define PAD_IE_INV    (1u << 21)
#define PAD_SCHMITT   (1u << 23)

#define PAD_OFF  0
#define PAD_IN   (PAD_IE | PAD_SCHMITT)
#define PAD_OUT  (PAD_DRIVE_MAX | PAD_OE)
#define PAD_BOTH (PAD_IN | PAD_OUT)
/* An SPI engine says when it does not drive, and when it does not listen. */
#define PAD_SPI  (PAD_BOTH | PAD_OE_INV | PAD_IE_INV)
/* Open drain: the function's output enable is its data. */
#define PAD_I2C  (PAD_IN | PAD_OE | PAD_SLOW | PAD_PULL_UP)
#define PAD_SCCB (PAD_I2C | PAD_OE_INV | PAD_IE_INV)

#define FUNCTION_SPI0_ARB 16
#define FUNCTION_SPI1_ARB 82

/* Functions from first on, up to the next line, want these settings. */
static const struct {
	uint8_t first;
	uint32_t word;
} function_words[] = {
	{ 0, PAD_IN },     { 3, PAD_OUT },   /* JTAG: TDO */
	{ 4, PAD_SPI },    { 12, PAD_OUT },  /* SPI0: data, selects */
	{ 16, PAD_IN },    { 17, PAD_OUT },  /* SPI0: ARB, SCLK */
	{ 18, PAD_IN },    { 19, PAD_OUT },  /* UARTHS: RX, TX */
	{ 20, PAD_IN },    { 22, PAD_OUT },  /* reserved; clocks */
	{ 24, PAD_BOTH },                    /* GPIOHS0-31, GPIO0-7 */
	{ 64, PAD_IN },    { 65, PAD_OUT },  /* UART1: RX, TX */
	{ 66, PAD_IN },    { 67, PAD_OUT },  /* UART2 */
	{ 68, PAD_IN },    { 69, PAD_OUT },  /* UART3 */
	{ 70, PAD_SPI },   { 78, PAD_OUT },  /* SPI1 */
	{ 82, PAD_IN },    { 83, PAD_OUT },  /* SPI1: ARB, SCLK */
	{ 84, PAD_SPI },   { 85, PAD_IN },   /* SPI slave */
	{ 87, PAD_OUT },   { 90, PAD_IN },   /* I2S0: clocks, in */
	{ 94, PAD_OUT },   { 101, PAD_IN },  /* I2S0: out; I2S1 */
	{ 105, PAD_OUT },  { 112, PAD_IN },  /* I2S1: out; I2S2 */
	{ 116, PAD_OUT },  { 120, PAD_OFF }, /* I2S2: out; unused */
	{ 126, PAD_I2C },                    /* I2C0-2 */
	{ 132, PAD_OUT },  { 135, PAD_IN },  /* camera */
	{ 146, PAD_SCCB },                   /* its control bus */
	{ 148, PAD_IN },   { 153, PAD_OUT }, /* UART1's modem lines */
	{ 162, PAD_IN },   { 167, PAD_OUT }, /* UART2's */
	{ 176, PAD_IN },   { 181, PAD_OUT }, /* UART3's */
	{ 190, PAD_OUT },                    /* timers, clocks */
	{ 204, PAD_OFF },  { 224, PAD_OUT }, /* internal; debug */
};

struct k210_fpioa {
	struct pin_controller pins;
	uint8_t __iomem *regs; /* [I] */
};

static uint32_t function_word(unsigned function)
{
	unsigned i = ARRAY_SIZE(function_words) - 1;

	while (function_words[i].first > function)
		i--;
	return function_words[i].word | function;
}

static uint32_t config_bias(uint32_t word, int config)
{
	const void *fdt = device_tree();

	if (fdt_getprop(fdt, config, "bias-disable", NULL))
		word &= ~(PAD_PULL_UP | PAD_PULL_DOWN);
	if (fdt_getprop(fdt, config, "bias-pull-up", NULL))
		word |= PAD_PULL_UP;
	if (fdt_getprop(fdt, config, "bias-pull-down", NULL))
		word |= PAD_PULL_DOWN;
	return word;
}

/* What one node lists.  A node without pinmux is a mere group of others. */
static int fpioa_apply_node(struct k210_fpioa *fpioa, int config)
{
	int len;
	const fdt32_t *mux = dt_getprop(device_tree(), config, "pinmux", &len);
	uint32_t cell;

	for (int i = 0; mux && dt_cell(mux, len, i, &cell); i++) {
		uint32_t word = function_word(cell & 0xff);

		if (cell >> 16 >= FPIOA_NR_PADS)
			return -EINVAL;
		mmio_write32(config_bias(word, config),
			     fpioa->regs + FPIOA_PAD(cell >> 16));
	}
	return 0;
}

static int fpioa_apply(struct pin_controller *pins, int config)
{
	struct k210_fpioa *fpioa = container_of(pins, struct k210_fpioa, pins);
	int ret = fpioa_apply_node(fpioa, config);
	int group;

	fdt_for_each_subnode (group, device_tree(), config) {
		if (ret)
			break;
		ret = fpioa_apply_node(fpioa, group);
	}
	return ret;
}

/* An input that no pad feeds: both SPI engines wait for their bus grant. */
static void fpioa_tie_high(struct k210_fpioa *fpioa, unsigned function)
{
	uint8_t __iomem *val = fpioa->regs + FPIOA_TIE_VAL(function);
	uint8_t __iomem *en = fpioa->regs + FPIOA_TIE_EN(function);
	uint32_t bit = 1u << function % 32;

	mmio_write32(mmio_read32(val) | bit, val);
	mmio_write32(mmio_read32(en) | bit, en);
}

static int k210_fpioa_probe(struct device *dev)
{
	struct k210_fpioa *fpioa;
	struct reset reset;
	void __iomem *regs;
	int ret;

	/* No pulse: the pads of the console are routed already. */
	ret = reset_get(dev, 0, &reset);
	if (ret)
		return ret;
	ret = clk_enable_all(dev);
	if (ret)
		return ret;
	ret = -ENOMEM;
	fpioa = kzalloc(sizeof(*fpioa));
	if (!fpioa)
		goto err_disable_clks;
	ret = device_map_reg(dev, 0, &regs);
	if (ret)
		goto err_free;
	fpioa->regs = regs;
	reset_deassert(&reset);
	fpioa_tie_high(fpioa, FUNCTION_SPI0_ARB);
	fpioa_tie_high(fpioa, FUNCTION_SPI1_ARB);
	fpioa->pins.apply = fpioa_apply;
	return pin_controller_register(&fpioa->pins, dev);

err_free:
	kfree(fpioa);
err_disable_clks:
	clk_disable_all(dev);
	return ret;
}

static const struct of_match k210_fpioa_match[] = {
	{ .compatible = "canaan,k210-fpioa" },
	{},
};

static const struct driver k210_fpioa_driver = {
	.name = "k210-fpioa",
	.match = k210_fpioa_match,
	.probe = k210_fpioa_probe,
};
DRIVER_DECLARE(k210_fpioa_driver);
