// SPDX-License-Identifier: MIT
/*
 * Lines of a GPIO chip as a file: set them, read them, wait for their edges.
 * <linux/gpio.h>, version 2; gpio.c tells what is left out.
 *
 * A line has one user: a driver or one such file.
 */
#include "gpio_internal.h"

#include <string.h>

#include <linux/fcntl.h>
#include <linux/poll.h>

#include <lib/errno.h>

#include <core/alloc.h>
#include <core/time.h>
#include <core/waitq.h>
#include <dev/gpio.h>
#include <fs/file.h>
#include <mm/iov_iter.h>
#include <mm/usercopy.h>

#define EVENTS_MAX 16 /* in the queue of one request */

#define FLAGS_EDGES                                                            \
	(GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING)
#define FLAGS_KNOWN                                                            \
	(GPIO_V2_LINE_FLAG_ACTIVE_LOW | GPIO_V2_LINE_FLAG_INPUT |              \
	 GPIO_V2_LINE_FLAG_OUTPUT | FLAGS_EDGES)

struct gpio_request;

/* One line of a request. */
struct request_line {
	struct gpio gpio;             /* [I] but active_low: [lock] */
	struct gpio_request *request; /* [I] */
	uint64_t flags;               /* [lock] GPIO_V2_LINE_FLAG_* */
	uint32_t seqno;               /* [events_lock] of its events */
};

/* The file that GPIO_V2_GET_LINE_IOCTL makes. */
struct gpio_request {
	struct mutex lock; /* rank LOCK_DEVICE: configuration */
	unsigned nr_lines; /* [I] */
	char consumer[GPIO_MAX_NAME_SIZE];
	spinlock_t events_lock; /* irqsave; rank LOCK_LEAF */
	struct gpio_v2_line_event events[EVENTS_MAX]; /* [events_lock] a ring */
	unsigned head, count;                         /* [events_lock] */
	uint32_t seqno;                               /* [events_lock] */
	struct waitq readers;
	struct request_line lines[];
};

/* --- Events --- */

static void request_add_event(struct request_line *line, bool active)
{
	struct gpio_request *request = line->request;
	struct gpio_v2_line_event *event;

	/* A full queue loses the oldest, and the sequence numbers tell. */
	if (request->count == EVENTS_MAX) {
		request->head = (request->head + 1) % EVENTS_MAX;
		request->count--;
	}
	event = &request->events[(request->head + request->count++) %
				 EVENTS_MAX];
	memset(event, 0, sizeof(*event));
	event->timestamp_ns = time_now_ns();
	event->id = active ? GPIO_V2_LINE_EVENT_RISING_EDGE
			   : GPIO_V2_LINE_EVENT_FALLING_EDGE;
	event->offset = line->gpio.line;
	event->seqno = ++request->seqno;
	event->line_seqno = ++line->seqno;
}

/* From the interrupt: edges are of the logical level. */
static void request_edge(void *arg)
{
	struct request_line *line = arg;
	struct gpio_request *request = line->request;
	bool active = gpio_read(&line->gpio);
	uint64_t wanted = active ? GPIO_V2_LINE_FLAG_EDGE_RISING
				 : GPIO_V2_LINE_FLAG_EDGE_FALLING;
	unsigned long flags = spin_lock_irqsave(&request->events_lock);
	bool tell = line->flags & wanted;

	if (tell)
		request_add_event(line, active);
	spin_unlock_irqrestore(&request->events_lock, flags);
	if (tell)
		waitq_wake_poll(&request->readers, POLLIN);
}

static bool request_take(struct gpio_request *request,
			 struct gpio_v2_line_event *event)
{
	unsigned long flags = spin_lock_irqsave(&request->events_lock);
	bool taken = request->count != 0;

	if (taken) {
		*event = request->events[request->head];
		request->head = (request->head + 1) % EVENTS_MAX;
		request->count--;
	}
	spin_unlock_irqrestore(&request->events_lock, flags);
	return taken;
}

static ssize_t request_read(struct file *file, struct iov_iter *to, off_t *pos)
{
	struct gpio_request *request = file->private;
	struct gpio_v2_line_event event;
	ssize_t done = 0;
	bool taken;

	(void)pos;
	if (to->count < sizeof(event))
		return -EINVAL;
	taken = request_take(request, &event);
	if (!taken && file->flags & O_NONBLOCK)
		return -EAGAIN;
	if (!taken && waitq_wait_interruptible(&request->readers,
					       request_take(request, &event)))
		return -ERESTARTSYS;
	do {
		if (iov_iter_copy_to(to, &event, sizeof(event)) < sizeof(event))
			return done ? done : -EFAULT;
		done += (ssize_t)sizeof(event);
	} while (to->count >= sizeof(event) && request_take(request, &event));
	return done;
}

static unsigned request_poll(struct file *file, struct poll_table *table)
{
	struct gpio_request *request = file->private;

	poll_wait(file, &request->readers, table);
	return request->count ? POLLIN | POLLRDNORM : 0;
}

/* --- Configuration --- */

/* What the configuration says of the nth line of the request. */
static uint64_t config_flags(const struct gpio_v2_line_config *config,
			     unsigned n)
{
	for (unsigned i = 0; i < config->num_attrs; i++) {
		const struct gpio_v2_line_config_attribute *attr =
			&config->attrs[i];

		if (attr->attr.id == GPIO_V2_LINE_ATTR_ID_FLAGS &&
		    attr->mask >> n & 1)
			return attr->attr.flags;
	}
	return config->flags;
}

static bool config_value(const struct gpio_v2_line_config *config, unsigned n)
{
	for (unsigned i = 0; i < config->num_attrs; i++) {
		const struct gpio_v2_line_config_attribute *attr =
			&config->attrs[i];

		if (attr->attr.id == GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES &&
		    attr->mask >> n & 1)
			return attr->attr.values >> n & 1;
	}
	return false;
}

static int config_check(const struct gpio_v2_line_config *config,
			unsigned nr_lines)
{
	if (config->num_attrs > GPIO_V2_LINE_NUM_ATTRS_MAX)
		return -EINVAL;
	for (unsigned n = 0; n < nr_lines; n++) {
		uint64_t flags = config_flags(config, n);

		if (flags & ~(uint64_t)FLAGS_KNOWN ||
		    (flags & GPIO_V2_LINE_FLAG_INPUT &&
		     flags & GPIO_V2_LINE_FLAG_OUTPUT) ||
		    (flags & FLAGS_EDGES && !(flags & GPIO_V2_LINE_FLAG_INPUT)))
			return -EINVAL;
	}
	return 0;
}

/* Both edges of the level, whatever is wanted: the handler looks which. */
static int line_configure(struct request_line *line, uint64_t flags, bool value)
{
	unsigned edges =
		flags & FLAGS_EDGES ? GPIO_EDGE_RISING | GPIO_EDGE_FALLING : 0;
	int ret = 0;

	if (line->flags & FLAGS_EDGES)
		ret = gpio_watch(&line->gpio, 0, NULL, NULL);
	line->flags = flags;
	line->gpio.active_low = flags & GPIO_V2_LINE_FLAG_ACTIVE_LOW;
	if (flags & GPIO_V2_LINE_FLAG_OUTPUT)
		gpio_output(&line->gpio, value);
	else if (flags & GPIO_V2_LINE_FLAG_INPUT)
		gpio_input(&line->gpio);
	if (!ret && edges)
		ret = gpio_watch(&line->gpio, edges, request_edge, line);
	return ret;
}

static int request_configure(struct gpio_request *request,
			     const struct gpio_v2_line_config *config)
{
	int ret = config_check(config, request->nr_lines);

	for (unsigned n = 0; n < request->nr_lines && !ret; n++)
		ret = line_configure(&request->lines[n],
				     config_flags(config, n),
				     config_value(config, n));
	return ret;
}

static long request_set_config(struct gpio_request *request, unsigned long arg)
{
	struct gpio_v2_line_config *config = kmalloc(sizeof(*config));
	long ret;

	if (!config)
		return -ENOMEM;
	ret = copy_from_user(config, (void __user *)arg, sizeof(*config));
	if (!ret) {
		mutex_lock(&request->lock);
		ret = request_configure(request, config);
		mutex_unlock(&request->lock);
	}
	kfree(config);
	return ret;
}

/* --- Values --- */

static void request_get_values(struct gpio_request *request,
			       struct gpio_v2_line_values *values)
{
	values->bits = 0;
	for (unsigned n = 0; n < request->nr_lines; n++) {
		if (values->mask >> n & 1 && gpio_read(&request->lines[n].gpio))
			values->bits |= 1ull << n;
	}
}

static long request_set_values(struct gpio_request *request,
			       const struct gpio_v2_line_values *values)
{
	for (unsigned n = 0; n < request->nr_lines; n++) {
		if (values->mask >> n & 1 &&
		    !(request->lines[n].flags & GPIO_V2_LINE_FLAG_OUTPUT))
			return -EPERM;
	}
	for (unsigned n = 0; n < request->nr_lines; n++) {
		if (values->mask >> n & 1)
			gpio_write(&request->lines[n].gpio,
				   values->bits >> n & 1);
	}
	return 0;
}

static long request_ioctl(struct file *file, unsigned cmd, unsigned long arg)
{
	struct gpio_request *request = file->private;
	struct gpio_v2_line_values values;
	long ret;

	if (cmd == GPIO_V2_LINE_SET_CONFIG_IOCTL)
		return request_set_config(request, arg);
	if (cmd != GPIO_V2_LINE_GET_VALUES_IOCTL &&
	    cmd != GPIO_V2_LINE_SET_VALUES_IOCTL)
		return -ENOTTY;
	ret = copy_from_user(&values, (void __user *)arg, sizeof(values));
	if (ret)
		return ret;
	mutex_lock(&request->lock);
	if (cmd == GPIO_V2_LINE_GET_VALUES_IOCTL)
		request_get_values(request, &values);
	else
		ret = request_set_values(request, &values);
	mutex_unlock(&request->lock);
	if (!ret && cmd == GPIO_V2_LINE_GET_VALUES_IOCTL)
		ret = copy_to_user((void __user *)arg, &values, sizeof(values));
	return ret;
}

/* --- Requests --- */

/* Give back the first nr lines. */
static void request_put_lines(struct gpio_request *request, unsigned nr)
{
	while (nr--)
		gpio_put(&request->lines[nr].gpio);
}

static void request_release(struct file *file)
{
	struct gpio_request *request = file->private;

	request_put_lines(request, request->nr_lines);
	kfree(request);
}

static const struct file_ops request_ops = {
	.release = request_release,
	.read = request_read,
	.poll = request_poll,
	.ioctl = request_ioctl,
	.stream = true,
};

/* Claim and configure what the user asks for. */
static int request_create(struct gpio_chip *chip,
			  const struct gpio_v2_line_request *wanted,
			  struct gpio_request **result)
{
	struct gpio_request *request;
	unsigned n;
	int ret = 0;

	if (!wanted->num_lines || wanted->num_lines > GPIO_V2_LINES_MAX)
		return -EINVAL;
	request = kzalloc(sizeof(*request) +
			  wanted->num_lines * sizeof(request->lines[0]));
	if (!request)
		return -ENOMEM;
	mutex_init(&request->lock, LOCK_DEVICE);
	spin_init(&request->events_lock, LOCK_LEAF);
	waitq_init(&request->readers);
	request->nr_lines = wanted->num_lines;
	memcpy(request->consumer, wanted->consumer,
	       sizeof(request->consumer) - 1);
	if (!request->consumer[0])
		strcpy(request->consumer, "?");
	for (n = 0; n < wanted->num_lines; n++) {
		request->lines[n].request = request;
		ret = gpio_claim(chip, wanted->offsets[n], request->consumer,
				 &request->lines[n].gpio);
		if (ret)
			break;
	}
	if (!ret)
		ret = request_configure(request, &wanted->config);
	if (ret) {
		request_put_lines(request, n);
		kfree(request);
	}
	*result = request;
	return ret;
}

int gpio_request_make_file(struct gpio_chip *chip,
			   const struct gpio_v2_line_request *wanted,
			   struct file **file)
{
	struct gpio_request *request;
	int ret = request_create(chip, wanted, &request);

	if (ret)
		return ret;
	ret = file_create_anon(&request_ops, request, O_RDONLY,
			       "anon_inode:gpio-line", file);
	if (ret) {
		request_put_lines(request, request->nr_lines);
		kfree(request);
	}
	return ret;
}
