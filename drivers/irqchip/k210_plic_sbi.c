// SPDX-License-Identifier: MIT
/*
 * The K210's PLIC comes up with garbage in its registers: give everybody no
 * interrupts, before anybody enables them.
 *
 * SiFive U54-MC manual 1.0, chapter 8; that nothing is reset is known of the
 * chip's ancestor, the rocket core of early 2017.
 */
#include <device.h>
#include <lib/fdt.h>
#include <lib/mmio.h>

#define PLIC_ENABLE(context)    (0x2000 + 0x80ul * (context))
#define PLIC_THRESHOLD(context) (0x200000 + 0x1000ul * (context))

static void clear_words(uint8_t __iomem *regs, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		mmio_write32(0, regs + 4ul * i);
}

static int plic_probe(const void *fdt, int node, const void *data)
{
	struct dt_interrupt irq;
	struct dt_range reg;
	uint8_t __iomem *regs;
	unsigned int context;
	uint32_t nr_sources;
	int cursor = 0;
	int ret = dt_get_reg(fdt, node, 0, &reg);

	(void)data;
	if (!ret)
		ret = dt_get_u32(fdt, node, "riscv,ndev", &nr_sources);
	if (ret)
		return ret;

	regs = (uint8_t __iomem *)reg.start;
	clear_words(regs + 4, nr_sources); /* priorities, from source 1 on */
	for (context = 0; !dt_next_extended(fdt, node, &cursor, &irq);
	     context++) {
		clear_words(regs + PLIC_ENABLE(context), nr_sources / 32 + 1);
		clear_words(regs + PLIC_THRESHOLD(context), 1);
	}
	return 0;
}

static const struct fw_match plic_match[] = {
	{ .compatible = "canaan,k210-plic" },
	{},
};

const struct fw_driver k210_plic_fw_driver = {
	.match = plic_match,
	.probe = plic_probe,
};
