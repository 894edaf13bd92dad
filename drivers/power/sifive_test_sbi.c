// SPDX-License-Identifier: MIT
/*
 * SiFive's test finisher, by which QEMU's virt machine ends or restarts and
 * which tells its starter whether all went well.
 */
#include <device.h>
#include <lib/fdt.h>
#include <lib/mmio.h>
#include <reset.h>

#define FINISHER_FAIL  0x3333 /* exit code in the upper half */
#define FINISHER_PASS  0x5555
#define FINISHER_RESET 0x7777

#define EXIT_CODE_FAILURE 1u

static void finisher_shutdown(uint64_t reg, bool failed)
{
	uint32_t value = failed ? EXIT_CODE_FAILURE << 16 | FINISHER_FAIL
				: FINISHER_PASS;

	mmio_write32(value, (uint32_t __iomem *)reg);
}

static void finisher_reboot(uint64_t reg, bool failed)
{
	(void)failed;
	mmio_write32(FINISHER_RESET, (uint32_t __iomem *)reg);
}

static int sifive_test_probe(const void *fdt, int node, const void *can_reboot)
{
	struct dt_range reg;
	int ret = dt_get_reg(fdt, node, 0, &reg);

	if (ret)
		return ret;
	reset_register(RESET_SHUTDOWN, finisher_shutdown, reg.start, true);
	if (can_reboot) {
		reset_register(RESET_COLD_REBOOT, finisher_reboot, reg.start,
			       false);
		reset_register(RESET_WARM_REBOOT, finisher_reboot, reg.start,
			       false);
	}
	return 0;
}

static const struct fw_match sifive_test_match[] = {
	{ .compatible = "sifive,test1", .data = "reboot" },
	{ .compatible = "sifive,test0" },
	{},
};

const struct fw_driver sifive_test_fw_driver = {
	.match = sifive_test_match,
	.probe = sifive_test_probe,
};
