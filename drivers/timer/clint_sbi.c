// SPDX-License-Identifier: MIT
/*
 * Timers and software interrupts of M-mode: SiFive's CLINT and the ACLINT's
 * MSWI and MTIMER devices that grew out of it.
 *
 * RISC-V ACLINT specification 1.0-rc4; bindings sifive,clint0 and
 * riscv,aclint-*.  Which register belongs to which hart is said by
 * interrupts-extended: its nth pair with M-mode's interrupt is the nth
 * register.  There may be several devices, one for each group of harts.
 */
#include <clock.h>
#include <device.h>
#include <hart.h>
#include <lib/csr.h>
#include <lib/fdt.h>
#include <lib/mmio.h>
#include <timer.h>

#define K210_CLINT_DIVIDER 50 /* clocks of the CPU to a tick of mtime */

#define CLINT_MSIP     0x0000
#define CLINT_MTIMECMP 0x4000
#define CLINT_MTIME    0xbff8

struct clint_regs {
	uint64_t msip;     /* 0: this device has none */
	uint64_t mtimecmp; /* 0: this device has none */
};

/* The hart whose interrupt controller that node is, or NULL. */
static struct hart *hart_of_controller(const void *fdt, int controller)
{
	int cpu = fdt_parent_offset(fdt, controller);
	uint64_t id;

	if (cpu < 0 || dt_get_number(fdt, cpu, "reg", &id))
		return NULL;
	return hart_find(id);
}

/* The K210's boot ROM leaves hart 1's up: in boot.S it would not sleep. */
static void set_msip(struct hart *hart, uint32_t __iomem *msip)
{
	hart->msip = msip;
	mmio_write32(0, msip);
}

/* Give each hart its registers.  0, or -FDT_ERR_NOTFOUND for no hart. */
static int assign_registers(const void *fdt, int node, struct clint_regs regs)
{
	struct dt_interrupt irq;
	uint64_t nr_soft = 0, nr_timer = 0;
	int cursor = 0;

	while (!dt_next_extended(fdt, node, &cursor, &irq)) {
		struct hart *hart = hart_of_controller(fdt, irq.controller);

		if (irq.cells[0] == IRQ_M_SOFT && regs.msip) {
			if (hart)
				set_msip(hart, (uint32_t __iomem *)regs.msip +
						       nr_soft);
			nr_soft++;
		}
		if (irq.cells[0] == IRQ_M_TIMER && regs.mtimecmp) {
			if (hart)
				hart->mtimecmp =
					(uint64_t __iomem *)regs.mtimecmp +
					nr_timer;
			nr_timer++;
		}
	}
	return nr_soft + nr_timer ? 0 : -FDT_ERR_NOTFOUND;
}

/* divider: of the node's clock to mtime; NULL: the tree knows mtime's rate. */
static int clint_probe(const void *fdt, int node, const void *divider)
{
	struct dt_range reg;
	int ret = dt_get_reg(fdt, node, 0, &reg);

	if (ret)
		return ret;
	if (divider)
		timer_register_hz(clock_get_rate(fdt, node) /
				  *(const unsigned int *)divider);
	ret = assign_registers(fdt, node,
			       (struct clint_regs){
				       .msip = reg.start + CLINT_MSIP,
				       .mtimecmp = reg.start + CLINT_MTIMECMP,
			       });
	if (ret)
		return ret;
	timer_register_mtime((uint64_t __iomem *)(reg.start + CLINT_MTIME));
	device_guard_add(reg.start, reg.size);
	return 0;
}

static int aclint_mswi_probe(const void *fdt, int node, const void *data)
{
	struct dt_range reg;
	int ret = dt_get_reg(fdt, node, 0, &reg);

	(void)data;
	if (ret)
		return ret;
	device_guard_add(reg.start, reg.size);
	return assign_registers(fdt, node,
				(struct clint_regs){ .msip = reg.start });
}

/* reg has mtime first, then mtimecmp. */
static int aclint_mtimer_probe(const void *fdt, int node, const void *data)
{
	struct dt_range mtime, mtimecmp;
	int ret = dt_get_reg(fdt, node, 0, &mtime);

	(void)data;
	if (!ret)
		ret = dt_get_reg(fdt, node, 1, &mtimecmp);
	if (ret)
		return ret;
	if (mtime.size)
		timer_register_mtime((uint64_t __iomem *)mtime.start);
	device_guard_add(mtime.start, mtime.size);
	device_guard_add(mtimecmp.start, mtimecmp.size);
	return assign_registers(fdt, node,
				(struct clint_regs){
					.mtimecmp = mtimecmp.start,
				});
}

static const unsigned int k210_divider = K210_CLINT_DIVIDER;

static const struct fw_match clint_match[] = {
	{ .compatible = "canaan,k210-clint", .data = &k210_divider },
	{ .compatible = "sifive,clint0" },
	{ .compatible = "riscv,clint0" },
	{},
};

static const struct fw_match aclint_mswi_match[] = {
	{ .compatible = "riscv,aclint-mswi" },
	{},
};

static const struct fw_match aclint_mtimer_match[] = {
	{ .compatible = "riscv,aclint-mtimer" },
	{},
};

const struct fw_driver clint_fw_driver = {
	.match = clint_match,
	.probe = clint_probe,
};

const struct fw_driver aclint_mswi_fw_driver = {
	.match = aclint_mswi_match,
	.probe = aclint_mswi_probe,
};

const struct fw_driver aclint_mtimer_fw_driver = {
	.match = aclint_mtimer_match,
	.probe = aclint_mtimer_probe,
};
