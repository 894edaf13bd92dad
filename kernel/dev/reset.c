// SPDX-License-Identifier: MIT
/* Reset lines.  Binding: reset/reset.yaml of dt-schema, one cell. */
#include <dev/reset.h>

#include <lib/errno.h>

#include <core/time.h>
#include <dev/device.h>

#define RESET_PULSE_US 1 /* many cycles of any clock that is on */

static struct provider_list reset_controllers;

void reset_controller_register(struct reset_controller *controller)
{
	provider_add(&reset_controllers, &controller->provider);
}

int reset_get(const struct device *dev, int index, struct reset *reset)
{
	struct provider *provider;
	struct dt_args args;
	int ret;

	reset->controller = NULL;
	reset->id = 0;
	ret = provider_resolve(&reset_controllers, dev->node, "resets",
			       "#reset-cells", index, &provider, &args);
	if (ret)
		return ret == -ENOENT ? 0 : ret;
	reset->controller =
		container_of(provider, struct reset_controller, provider);
	reset->id = args.cells[0];
	return args.nr_cells == 1 && reset->id < reset->controller->nr_resets
		       ? 0
		       : -EINVAL;
}

static void reset_set(const struct reset *reset, bool asserted)
{
	struct reset_controller *controller = reset->controller;

	if (controller)
		controller->ops->set(controller, reset->id, asserted);
}

void reset_assert(const struct reset *reset)
{
	reset_set(reset, true);
}

void reset_deassert(const struct reset *reset)
{
	reset_set(reset, false);
}

void reset_pulse(const struct reset *reset)
{
	reset_assert(reset);
	delay_us(RESET_PULSE_US);
	reset_deassert(reset);
	delay_us(RESET_PULSE_US);
}
