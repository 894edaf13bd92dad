// SPDX-License-Identifier: MIT
/*
 * Power-off and reboot by one register of a system controller: bindings
 * syscon-poweroff and syscon-reboot.
 */
#include <device.h>
#include <lib/fdt.h>
#include <lib/mmio.h>
#include <reset.h>

struct syscon_action {
	uint32_t __iomem *reg;
	uint32_t value;
	uint32_t mask; /* bits of reg that value is for */
};

/* One for poweroff, one for reboot; [I] after boot. */
static struct syscon_action actions[2];

enum syscon_use { USE_POWEROFF, USE_REBOOT };

static void syscon_act(uint64_t data, bool failed)
{
	const struct syscon_action *action = &actions[data];
	uint32_t value = action->value;

	(void)failed;
	if (action->mask != UINT32_MAX)
		value |= mmio_read32(action->reg) & ~action->mask;
	mmio_write32(value, action->reg);
}

/* Two bindings: value with an optional mask, or (old) mask as the value. */
static int read_value(const void *fdt, int node, struct syscon_action *action)
{
	int ret;

	action->mask = UINT32_MAX;
	ret = dt_get_u32(fdt, node, "value", &action->value);
	if (ret)
		return dt_get_u32(fdt, node, "mask", &action->value);
	dt_get_u32(fdt, node, "mask", &action->mask);
	return 0;
}

static int syscon_reset_probe(const void *fdt, int node, const void *data)
{
	enum syscon_use use = data ? USE_REBOOT : USE_POWEROFF;
	int syscon = dt_get_phandle_node(fdt, node, "regmap", 0);
	struct syscon_action action;
	struct dt_range reg;
	uint32_t offset = 0;
	int ret;

	if (syscon < 0)
		return syscon;
	ret = dt_get_reg(fdt, syscon, 0, &reg);
	if (!ret)
		ret = read_value(fdt, node, &action);
	if (ret)
		return ret;
	dt_get_u32(fdt, node, "offset", &offset);
	if (offset >= reg.size)
		return -FDT_ERR_BADVALUE;
	action.reg = (uint32_t __iomem *)(reg.start + offset);

	actions[use] = action;
	if (use == USE_POWEROFF) {
		reset_register(RESET_SHUTDOWN, syscon_act, use, false);
	} else {
		reset_register(RESET_COLD_REBOOT, syscon_act, use, false);
		reset_register(RESET_WARM_REBOOT, syscon_act, use, false);
	}
	return 0;
}

static const struct fw_match syscon_reset_match[] = {
	{ .compatible = "syscon-poweroff" },
	{ .compatible = "syscon-reboot", .data = "reboot" },
	{},
};

const struct fw_driver syscon_reset_fw_driver = {
	.match = syscon_reset_match,
	.probe = syscon_reset_probe,
};
