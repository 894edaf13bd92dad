// SPDX-License-Identifier: MIT
/*
 * Keys on GPIOs: "gpio-keys".
 *
 * Binding: input/gpio-keys.yaml of the Linux kernel.  An edge starts a timer;
 * what the line says when it has been still for that long is the key's state.
 * All keys of the node are one input device.
 */
#include <lib/errno.h>

#include <core/alloc.h>
#include <core/time.h>
#include <dev/device.h>
#include <dev/gpio.h>
#include <dev/input.h>

#define GPIO_KEY_DEBOUNCE_MS 5

struct gpio_key {
	struct input_device *input; /* [I] */
	struct gpio gpio;           /* [I] */
	unsigned code;              /* [I] KEY_*, BTN_* */
	uint64_t debounce_ns;       /* [I] */
	struct timer timer;         /* runs while the line bounces */
};

static void gpio_key_settled(struct timer *timer)
{
	struct gpio_key *key = container_of(timer, struct gpio_key, timer);

	input_report_key(key->input, key->code, gpio_read(&key->gpio));
}

static void gpio_key_edge(void *arg)
{
	struct gpio_key *key = arg;

	timer_start(&key->timer, time_now_ns() + key->debounce_ns);
}

static int gpio_key_add(struct input_device *input, int node)
{
	struct gpio_key *key = kzalloc(sizeof(*key));
	uint32_t debounce_ms = GPIO_KEY_DEBOUNCE_MS;
	uint32_t code;
	int ret = -EINVAL;

	if (!key)
		return -ENOMEM;
	if (dt_get_u32(device_tree(), node, "linux,code", &code) ||
	    code >= INPUT_KEYS)
		goto err_free;
	(void)dt_get_u32(device_tree(), node, "debounce-interval",
			 &debounce_ms);
	key->input = input;
	key->code = code;
	key->debounce_ns = debounce_ms * NSEC_PER_MSEC;
	timer_init(&key->timer, gpio_key_settled);
	ret = gpio_get(node, "gpios", 0, input->name, &key->gpio);
	if (ret)
		goto err_free;
	gpio_input(&key->gpio);
	input->keys[code / 64] |= 1ull << code % 64;
	ret = gpio_watch(&key->gpio, GPIO_EDGE_RISING | GPIO_EDGE_FALLING,
			 gpio_key_edge, key);
	if (ret)
		goto err_put_gpio;
	/* It may be held down already. */
	input_report_key(input, code, gpio_read(&key->gpio));
	return 0;

err_put_gpio:
	gpio_put(&key->gpio);
err_free:
	kfree(key);
	return ret;
}

static int gpio_keys_probe(struct device *dev)
{
	struct input_device *input;
	int node;
	int ret = gpio_children_are_ready(dev->node);

	if (ret)
		return ret;
	input = kzalloc(sizeof(*input));
	if (!input)
		return -ENOMEM;
	input->name = dev->name;
	input_register(input);
	fdt_for_each_subnode (node, device_tree(), dev->node) {
		ret = gpio_key_add(input, node);
		if (ret)
			return ret;
	}
	return 0;
}

static const struct of_match gpio_keys_match[] = {
	{ .compatible = "gpio-keys" },
	{},
};

static const struct driver gpio_keys_driver = {
	.name = "gpio-keys",
	.match = gpio_keys_match,
	.probe = gpio_keys_probe,
};
DRIVER_DECLARE(gpio_keys_driver);
