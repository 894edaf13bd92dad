// SPDX-License-Identifier: MIT
/*
 * LEDs on GPIOs: "gpio-leds".
 *
 * Binding: leds/leds-gpio.yaml of the Linux kernel.  A LED is called by its
 * label, else by its node.  Triggers are left out, default-state is not.
 */
#include <string.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <dev/device.h>
#include <dev/led.h>

/* Is it to be on from the start?  "keep" asks the line. */
static bool gpio_led_initial(const struct led *led, int node)
{
	const char *state = dt_get_string(device_tree(), node, "default-state");

	if (state && !strcmp(state, "keep"))
		return gpio_read(&led->gpio);
	return state && !strcmp(state, "on");
}

static int gpio_led_add(int node)
{
	const void *fdt = device_tree();
	const char *label = dt_get_string(fdt, node, "label");
	struct led *led = kzalloc(sizeof(*led));
	int ret;

	if (!led)
		return -ENOMEM;
	led->name = label && !strchr(label, '/')
			    ? label
			    : fdt_get_name(fdt, node, NULL);
	ret = gpio_get(node, "gpios", 0, led->name, &led->gpio);
	if (ret)
		goto err_free;
	led->on = gpio_led_initial(led, node);
	gpio_output(&led->gpio, led->on);
	ret = led_register(led);
	if (ret)
		goto err_put_gpio;
	return 0;

err_put_gpio:
	gpio_put(&led->gpio);
err_free:
	kfree(led);
	return ret;
}

static int gpio_leds_probe(struct device *dev)
{
	int node;
	int ret = gpio_children_are_ready(dev->node);

	fdt_for_each_subnode (node, device_tree(), dev->node) {
		if (ret)
			break;
		ret = gpio_led_add(node);
	}
	return ret;
}

static const struct of_match gpio_leds_match[] = {
	{ .compatible = "gpio-leds" },
	{},
};

static const struct driver gpio_leds_driver = {
	.name = "gpio-leds",
	.match = gpio_leds_match,
	.probe = gpio_leds_probe,
};
DRIVER_DECLARE(gpio_leds_driver);
