// SPDX-License-Identifier: MIT
/*
 * Devices of small boards: GPIO lines, keys, a watchdog, with Linux's
 * interfaces to them.  Where the machine has none, there is nothing to test.
 * The test of a key press wants one, and is run by its name.
 */
#include "check.h"

#include <fcntl.h>
#include <linux/gpio.h>
#include <linux/input.h>
#include <linux/watchdog.h>
#include <poll.h>
#include <sys/ioctl.h>

static int open_or_skip(const char *name, int flags)
{
	int fd = open(name, flags | O_CLOEXEC);

	if (fd == -1 && errno == ENOENT)
		check_skip("there is no %s", name);
	EXPECT_OK(fd);
	return fd;
}

/* The chip with the LEDs: on the K210 the one of 8 lines. */
static int open_small_chip(void)
{
	struct gpiochip_info info;
	char name[32];
	int fd;

	for (int n = 0;; n++) {
		snprintf(name, sizeof(name), "/dev/gpiochip%d", n);
		fd = open_or_skip(name, O_RDWR);
		EXPECT_OK(ioctl(fd, GPIO_GET_CHIPINFO_IOCTL, &info));
		EXPECT(info.lines >= 8 && info.lines <= 32);
		EXPECT_STR(info.name, name + strlen("/dev/"));
		if (info.lines == 8)
			return fd;
		close(fd);
	}
}

/* One line with these flags: a descriptor, or -1 with errno. */
static int request_line(int chip, unsigned int line, uint64_t flags)
{
	struct gpio_v2_line_request request = {
		.offsets = { line },
		.consumer = "t_devices",
		.config.flags = flags,
		.num_lines = 1,
	};

	return ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) ? -1 : request.fd;
}

static int get_value(int line)
{
	struct gpio_v2_line_values values = { .mask = 1 };

	EXPECT_OK(ioctl(line, GPIO_V2_LINE_GET_VALUES_IOCTL, &values));
	return (int)values.bits;
}

static int set_value(int line, unsigned int value)
{
	struct gpio_v2_line_values values = { .bits = value, .mask = 1 };

	return ioctl(line, GPIO_V2_LINE_SET_VALUES_IOCTL, &values);
}

static struct gpio_v2_line_info line_info(int chip, unsigned int line)
{
	struct gpio_v2_line_info info = { .offset = line };

	EXPECT_OK(ioctl(chip, GPIO_V2_GET_LINEINFO_IOCTL, &info));
	return info;
}

static void gpio_outputs_read_back(void)
{
	int chip = open_small_chip();
	int line = request_line(chip, 0, GPIO_V2_LINE_FLAG_OUTPUT);
	struct gpio_v2_line_config inverted = {
		.flags =
			GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_ACTIVE_LOW,
	};

	EXPECT_OK(line);
	EXPECT_EQ(get_value(line), 0);
	EXPECT_OK(set_value(line, 1));
	EXPECT_EQ(get_value(line), 1);
	EXPECT_OK(ioctl(line, GPIO_V2_LINE_SET_CONFIG_IOCTL, &inverted));
	EXPECT_EQ(get_value(line), 0);
	EXPECT_OK(set_value(line, 1));
	EXPECT_EQ(get_value(line), 1);
	close(line);
}

static void gpio_lines_have_one_user(void)
{
	int chip = open_small_chip();
	int line = request_line(chip, 0, GPIO_V2_LINE_FLAG_INPUT);

	EXPECT_OK(line);
	EXPECT_ERRNO(request_line(chip, 0, GPIO_V2_LINE_FLAG_INPUT), EBUSY);
	EXPECT(line_info(chip, 0).flags & GPIO_V2_LINE_FLAG_USED);
	EXPECT_STR(line_info(chip, 0).consumer, "t_devices");
	EXPECT_ERRNO(set_value(line, 1), EPERM);
	close(line);
	EXPECT(!(line_info(chip, 0).flags & GPIO_V2_LINE_FLAG_USED));
	line = request_line(chip, 0, GPIO_V2_LINE_FLAG_INPUT);
	EXPECT_OK(line);
}

static void gpio_refuses_what_makes_no_sense(void)
{
	int chip = open_small_chip();
	struct gpio_v2_line_request none = { .num_lines = 0 };
	struct gpio_v2_line_request many = { .num_lines = 65 };

	EXPECT_ERRNO(ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &none), EINVAL);
	EXPECT_ERRNO(ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &many), EINVAL);
	EXPECT_ERRNO(request_line(chip, 8, GPIO_V2_LINE_FLAG_INPUT), EINVAL);
	EXPECT_ERRNO(request_line(chip, 0,
				  GPIO_V2_LINE_FLAG_INPUT |
					  GPIO_V2_LINE_FLAG_OUTPUT),
		     EINVAL);
	EXPECT_ERRNO(request_line(chip, 0, GPIO_V2_LINE_FLAG_EDGE_RISING),
		     EINVAL);
	EXPECT_ERRNO(request_line(chip, 0, 1ull << 60), EINVAL);
	EXPECT_ERRNO(ioctl(chip, GPIO_V2_GET_LINE_IOCTL, 8), EFAULT);
	EXPECT(!(line_info(chip, 0).flags & GPIO_V2_LINE_FLAG_USED));
}

static void keys_say_what_they_are(void)
{
	int fd = open_or_skip("/dev/input/event0", O_RDONLY | O_NONBLOCK);
	unsigned char keys[KEY_MAX / 8 + 1] = { 0 };
	struct input_event event;
	char name[64];
	int version;

	EXPECT_OK(ioctl(fd, EVIOCGVERSION, &version));
	EXPECT_EQ(version, EV_VERSION);
	EXPECT(ioctl(fd, EVIOCGNAME(sizeof(name)), name) > 1);
	EXPECT_STR(name, "gpio-keys");
	EXPECT_OK(ioctl(fd, EVIOCGBIT(EV_KEY, sizeof(keys)), keys));
	EXPECT(keys[BTN_0 / 8] & 1 << BTN_0 % 8);
	EXPECT_OK(ioctl(fd, EVIOCGKEY(sizeof(keys)), keys));
	EXPECT(!(keys[BTN_0 / 8] & 1 << BTN_0 % 8));
	EXPECT_ERRNO(read(fd, &event, sizeof(event)), EAGAIN);
	EXPECT_ERRNO(read(fd, &event, 1), EINVAL);
}

static void expect_key(int fd, int value)
{
	struct input_event events[2];
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	EXPECT_EQ(poll(&poll_fd, 1, -1), 1);
	EXPECT_EQ(read(fd, events, sizeof(events)), sizeof(events));
	EXPECT_EQ(events[0].type, EV_KEY);
	EXPECT_EQ(events[0].code, BTN_0);
	EXPECT_EQ(events[0].value, value);
	EXPECT_EQ(events[1].type, EV_SYN);
}

static void a_key_goes_down_and_up(void)
{
	int fd = open_or_skip("/dev/input/event0", O_RDONLY);

	puts("press the key");
	fflush(stdout);
	expect_key(fd, 1);
	puts("let it go");
	fflush(stdout);
	expect_key(fd, 0);
}

static void watchdogs_can_be_asked_and_set(void)
{
	int fd = open_or_skip("/dev/watchdog", O_WRONLY);
	struct watchdog_info info;
	int value = 20;

	EXPECT_ERRNO(open("/dev/watchdog0", O_WRONLY), EBUSY);
	EXPECT_OK(ioctl(fd, WDIOC_GETSUPPORT, &info));
	EXPECT(info.options & WDIOF_SETTIMEOUT);
	EXPECT(info.options & WDIOF_MAGICCLOSE);
	EXPECT_OK(ioctl(fd, WDIOC_SETTIMEOUT, &value));
	EXPECT(value >= 20);
	EXPECT_OK(ioctl(fd, WDIOC_KEEPALIVE));
	EXPECT_OK(ioctl(fd, WDIOC_GETTIMELEFT, &value));
	EXPECT(value >= 15);
	value = 0;
	EXPECT_ERRNO(ioctl(fd, WDIOC_SETTIMEOUT, &value), EINVAL);
	value = WDIOS_DISABLECARD;
	EXPECT_OK(ioctl(fd, WDIOC_SETOPTIONS, &value));
	EXPECT_EQ(write(fd, "V", 1), 1);
	close(fd);
}

static const struct check_test tests[] = {
	{ "gpio_outputs_read_back", gpio_outputs_read_back, 0 },
	{ "gpio_lines_have_one_user", gpio_lines_have_one_user, 0 },
	{ "gpio_refuses_what_makes_no_sense", gpio_refuses_what_makes_no_sense,
	  0 },
	{ "keys_say_what_they_are", keys_say_what_they_are, 0 },
	{ "watchdogs_can_be_asked_and_set", watchdogs_can_be_asked_and_set, 0 },
};

static const struct check_test manual_tests[] = {
	{ "a_key_goes_down_and_up", a_key_goes_down_and_up, 600 },
};

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], manual_tests[0].name))
		return check_main(argc, argv, manual_tests, 1);
	return check_main(argc, argv, tests, CHECK_ARRAY_SIZE(tests));
}
