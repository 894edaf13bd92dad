// SPDX-License-Identifier: MIT
/* Input devices, and who hears of their events. */
#include <dev/input.h>

static struct input_device *inputs; /* only grows, while devices are probed */

void input_register(struct input_device *input)
{
	struct input_device **link = &inputs;

	spin_init(&input->lock, LOCK_INPUT);
	LIST_INIT(&input->listeners);
	input->next = NULL;
	while (*link)
		link = &(*link)->next;
	*link = input;
}

struct input_device *input_nth(unsigned n)
{
	struct input_device *input = inputs;

	while (input && n--)
		input = input->next;
	return input;
}

void input_report_key(struct input_device *input, unsigned code, bool down)
{
	unsigned long flags = spin_lock_irqsave(&input->lock);
	struct input_listener *listener;

	if (input_key_is_set(input->pressed, code) != down) {
		input->pressed[code / 64] ^= 1ull << code % 64;
		LIST_FOREACH (listener, &input->listeners, link)
			listener->key(listener, code, down);
	}
	spin_unlock_irqrestore(&input->lock, flags);
}

void input_listen(struct input_device *input, struct input_listener *listener)
{
	unsigned long flags = spin_lock_irqsave(&input->lock);

	LIST_INSERT_HEAD(&input->listeners, listener, link);
	spin_unlock_irqrestore(&input->lock, flags);
}

void input_ignore(struct input_device *input, struct input_listener *listener)
{
	unsigned long flags = spin_lock_irqsave(&input->lock);

	(void)input;
	LIST_REMOVE(listener, link);
	spin_unlock_irqrestore(&input->lock, flags);
}
