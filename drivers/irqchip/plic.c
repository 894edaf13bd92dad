// SPDX-License-Identifier: MIT
/*
 * The platform-level interrupt controller: RISC-V PLIC specification 1.0.0.
 *
 * Each hart has one context per privilege level that takes external
 * interrupts; which is which, the node's interrupts-extended tells, and which
 * one we use, arch/external.h.  Lines are enabled in that context of the boot
 * hart: the wake-ups that they cause spread the work, and idle harts are left
 * asleep.
 *
 * The enable words are changed under the IRQ core's lock; claim and complete
 * are atomic in the device.
 */
#include <lib/errno.h>
#include <lib/fdt.h>
#include <lib/mmio.h>

#include <arch/external.h>
#include <arch/hart.h>
#include <arch/kmap.h>
#include <core/alloc.h>
#include <core/printk.h>
#include <dev/device.h>
#include <dev/irq.h>

/* From the start of the registers, */
#define PLIC_PRIORITY(irq)    ((irq)*4ul)
#define PLIC_ENABLE(ctx, irq) (0x2000 + (ctx)*0x80ul + (irq) / 32 * 4)
#define PLIC_CONTEXTS         0x200000
/* ... and from the start of the contexts. */
#define PLIC_THRESHOLD(ctx)   ((ctx)*0x1000ul)
#define PLIC_CLAIM(ctx)       (PLIC_THRESHOLD(ctx) + 4)

#define PLIC_MAX_IRQS     1024
#define PLIC_MAX_CONTEXTS 15872

#define NO_CONTEXT (-1)

struct plic {
	uint8_t __iomem *regs;      /* [I] priorities and enables */
	uint8_t __iomem *contexts;  /* [I] */
	struct irqchip chip;        /* [its own] */
	int hart_context[HART_MAX]; /* [I] by hart index, or NO_CONTEXT */
	unsigned nr_contexts;       /* [I] up to the last that we use */
};

static int plic_translate(struct irqchip *chip, const uint32_t *cells,
			  unsigned nr_cells)
{
	if (nr_cells < 1 || !cells[0] || cells[0] >= chip->nr_irqs)
		return -EINVAL;
	return cells[0];
}

static void plic_enable(struct irqchip *chip, unsigned irq)
{
	struct plic *plic = chip->private;
	uint8_t __iomem *reg =
		plic->regs + PLIC_ENABLE(plic->hart_context[0], irq);

	mmio_write32(mmio_read32(reg) | 1u << irq % 32, reg);
	mmio_write32(1, plic->regs + PLIC_PRIORITY(irq));
}

/*
 * Priority 0 is never.  The line stays enabled for the context, since the
 * completion of one that is not is ignored, and it would be silent for good:
 * another hart may be between claim and completion just now.
 */
static void plic_disable(struct irqchip *chip, unsigned irq)
{
	struct plic *plic = chip->private;

	mmio_write32(0, plic->regs + PLIC_PRIORITY(irq));
}

/* Claim and handle until nothing is pending for this hart. */
static void plic_handle(void *arg)
{
	struct plic *plic = arg;
	int context = plic->hart_context[this_hart()->index];
	uint8_t __iomem *claim = plic->contexts + PLIC_CLAIM(context);
	uint32_t irq;

	while ((irq = mmio_read32(claim)) != 0) {
		irq_handle(&plic->chip, irq);
		mmio_write32(irq, claim);
	}
}

/* Resets leave all this undefined: nothing enabled, everything let through. */
static void plic_init_hart(void *arg)
{
	struct plic *plic = arg;
	int context = plic->hart_context[this_hart()->index];
	unsigned irq;

	if (context == NO_CONTEXT)
		return;
	for (irq = 0; irq < plic->chip.nr_irqs; irq += 32)
		mmio_write32(0, plic->regs + PLIC_ENABLE(context, irq));
	mmio_write32(0, plic->contexts + PLIC_THRESHOLD(context));
	external_enable_hart();
}

/* The index of the hart whose local interrupt controller is this node. */
static int plic_find_hart(int intc)
{
	const void *fdt = device_tree();
	struct hart *hart;
	uint64_t hart_id;

	if (dt_get_number(fdt, dt_parent(fdt, intc), "reg", &hart_id))
		return -ENOENT;
	for_each_hart (hart) {
		if (hart->id == hart_id)
			return hart->index;
	}
	return -ENOENT;
}

/* Read the pairs (hart's controller, cause) of interrupts-extended. */
static int plic_find_contexts(struct plic *plic, const struct device *dev,
			      size_t regs_size)
{
	struct dt_interrupt spec;
	int cursor = 0;
	int context;
	int hart;
	int i;

	for (i = 0; i < HART_MAX; i++)
		plic->hart_context[i] = NO_CONTEXT;
	for (context = 0; context < PLIC_MAX_CONTEXTS; context++) {
		if (dt_next_extended(device_tree(), dev->node, &cursor, &spec))
			break;
		if (spec.cells[0] != external_cause() ||
		    PLIC_CONTEXTS + PLIC_THRESHOLD(context + 1ul) > regs_size)
			continue;
		hart = plic_find_hart(spec.controller);
		if (hart < 0)
			continue;
		plic->hart_context[hart] = context;
		plic->nr_contexts = context + 1;
	}
	return plic->hart_context[0] == NO_CONTEXT ? -EINVAL : 0;
}

/*
 * Two pieces of the registers, which have megabytes of nothing between them and
 * behind them: page tables for it all would be felt on a small machine.
 */
static int plic_map(struct plic *plic, paddr_t base)
{
	size_t low_size = PLIC_ENABLE(plic->nr_contexts, 0);

	plic->regs = kmap_io(base, low_size);
	if (!plic->regs)
		return -ENOMEM;
	plic->contexts = kmap_io(base + PLIC_CONTEXTS,
				 PLIC_THRESHOLD(plic->nr_contexts));
	if (!plic->contexts) {
		kunmap_io(plic->regs, low_size);
		return -ENOMEM;
	}
	return 0;
}

static void plic_unmap(struct plic *plic)
{
	kunmap_io(plic->contexts, PLIC_THRESHOLD(plic->nr_contexts));
	kunmap_io(plic->regs, PLIC_ENABLE(plic->nr_contexts, 0));
}

static int plic_probe(struct device *dev)
{
	static struct irq_root root = {
		.handle = plic_handle,
		.init_hart = plic_init_hart,
	};
	struct plic *plic;
	paddr_t base;
	size_t size;
	unsigned irq;
	int ret;

	if (root.arg)
		return -EBUSY; /* harts have one external interrupt each */
	plic = kzalloc(sizeof(*plic));
	if (!plic)
		return -ENOMEM;

	plic->chip.name = "PLIC";
	plic->chip.node = dev->node;
	plic->chip.nr_irqs = device_get_u32(dev, "riscv,ndev", 0) + 1;
	plic->chip.private = plic;
	plic->chip.translate = plic_translate;
	plic->chip.enable = plic_enable;
	plic->chip.disable = plic_disable;
	ret = -EINVAL;
	if (plic->chip.nr_irqs < 2 || plic->chip.nr_irqs > PLIC_MAX_IRQS)
		goto err_free;

	ret = device_get_reg(dev, 0, &base, &size);
	if (ret)
		goto err_free;
	ret = plic_find_contexts(plic, dev, size);
	if (ret)
		goto err_free;
	ret = plic_map(plic, base);
	if (ret)
		goto err_free;
	for (irq = 1; irq < plic->chip.nr_irqs; irq++)
		mmio_write32(0, plic->regs + PLIC_PRIORITY(irq));
	ret = irqchip_register(&plic->chip);
	if (ret)
		goto err_unmap;

	root.arg = plic;
	irq_root_register(&root);
	return 0;

err_unmap:
	plic_unmap(plic);
err_free:
	kfree(plic);
	return ret;
}

static const struct of_match plic_match[] = {
	{ .compatible = "riscv,plic0" },
	{ .compatible = "sifive,plic-1.0.0" },
	{ .compatible = "thead,c900-plic" },
	{},
};

static const struct driver plic_driver = {
	.name = "plic",
	.match = plic_match,
	.probe = plic_probe,
};
DRIVER_DECLARE(plic_driver);
