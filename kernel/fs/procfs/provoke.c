// SPDX-License-Identifier: MIT
/*
 * Mistakes that the checks of debug builds must find, by name: what root writes
 * to /proc/sysrq-trigger.  Pointers are volatile, or the compiler would find
 * the mistakes first.
 */
#include "provoke.h"

#include <stdio.h>
#include <string.h>

#include <arch/layout.h>
#include <core/alloc.h>
#include <core/inject.h>
#include <core/mutex.h>
#include <core/printk.h>
#include <core/thread.h>
#include <mm/page.h>

/* One function for each report that tests/test_debug.py expects. */
static void use_after_free(void)
{
	char *volatile object = kmalloc(100);

	kfree(object);
	object[8] = 1;
}

static void read_after_free(void)
{
	long *volatile object = kmalloc(100);
	volatile long value;

	kfree(object);
	value = object[2];
	(void)value;
}

static void write_behind(void)
{
	char *volatile object = kmalloc(100);

	object[100] = 1;
	kfree(object);
}

static void copy_behind(void)
{
	char *volatile object = kmalloc(64);
	volatile size_t len = 72;
	char text[128] = "";

	memcpy(text, object, len);
	kfree(object);
}

static void write_behind_pages(void)
{
	char *volatile pages = kmalloc(5000);

	pages[5000] = 1;
	kfree(pages);
}

static void free_twice(void)
{
	void *volatile object = kmalloc(40);

	kfree(object);
	kfree(object);
	object = NULL; /* so that it is no tail call */
}

static void free_inside(void)
{
	char *volatile object = kmalloc(40);

	kfree(object + 8);
	object = NULL; /* so that it is no tail call */
}

static void use_free_page(void)
{
	int *volatile page = page_alloc_virt(0);

	page_free_virt(page);
	*page = 1;
}

static void overflow_integer(void)
{
	volatile int value = INT32_MAX;

	value = value + 1;
	pr_info("provoke: %d", value);
}

static void wrong_lock_order(void)
{
	static struct mutex inner, outer;

	mutex_init(&outer, LOCK_INODE);
	mutex_init(&inner, LOCK_FS_TREE);
	mutex_lock(&inner);
	mutex_lock(&outer);
	mutex_unlock(&outer);
	mutex_unlock(&inner);
}

/*
 * Use stack down to the address and let others run.  No tail call: the result
 * is used.  Frames are not larger than a backtrace understands.
 */
static __noinline size_t recurse(uintptr_t lowest)
{
	volatile char frame[1024];

	frame[0] = 1;
	if ((uintptr_t)frame < lowest) {
		schedule();
		return 0;
	}
	return recurse(lowest) + (size_t)frame[0];
}

/* Deeper than is allowed, but not over the end. */
static void deep_stack(void)
{
	if (!recurse(current_thread()->stack + KERNEL_STACK_SIZE / 2))
		pr_info("provoke: the stack was used already");
}

static void endless_stack(void)
{
	if (!recurse(0))
		pr_info("provoke: the stack has no end");
}

/* No mistakes, but what makes those of others sure to be seen. */
static void delay_stops(void)
{
	inject_switch(INJECT_STOP, true);
}

static void no_delays(void)
{
	for (unsigned point = 0; point < INJECT_POINTS; point++)
		inject_switch(point, false);
}

static const struct mistake {
	const char *name;
	void (*make)(void);
} mistakes[] = {
	{ "use-after-free", use_after_free },
	{ "read-after-free", read_after_free },
	{ "write-behind", write_behind },
	{ "copy-behind", copy_behind },
	{ "write-behind-pages", write_behind_pages },
	{ "free-twice", free_twice },
	{ "free-inside", free_inside },
	{ "use-free-page", use_free_page },
	{ "deep-stack", deep_stack },
	{ "endless-stack", endless_stack },
	{ "delay-stops", delay_stops },
	{ "no-delays", no_delays },
	{ "overflow-integer", overflow_integer },
	{ "wrong-lock-order", wrong_lock_order },
};

int provoke(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++) {
		if (strcmp(mistakes[i].name, name) == 0) {
			mistakes[i].make();
			return 0;
		}
	}
	return -EINVAL;
}
