// SPDX-License-Identifier: MIT
/*
 * How deep kernel stacks get; built into debug kernels only.
 *
 * A frame may leave holes, so single words tell little: stack counts as
 * untouched only if all of it has its paint.  Idle threads are not looked at;
 * the boot hart's runs before anybody could paint its stack.
 *
 * This file is not instrumented: it runs at each switch.
 */
#include <core/stack_depth.h>

#include <string.h>

#include <arch/layout.h>
#include <core/lock.h>
#include <core/panic.h>
#include <core/printk.h>
#include <core/thread.h>

#define PAINT   0x57ac57ac57ac57acull
#define ALLOWED (KERNEL_STACK_SIZE / 2) /* all that release builds have */
#define WINDOW  2048                    /* looked at below that */

static spinlock_t lock = SPINLOCK_INIT(LOCK_LEAF);
static size_t deepest;        /* [lock] bytes */
static char deepest_name[16]; /* [lock] whose stack that was */

void stack_depth_begin(struct thread *thread)
{
	uint64_t *words = (uint64_t *)thread->stack;

	for (size_t i = 0; i < KERNEL_STACK_SIZE / sizeof(*words); i++)
		words[i] = PAINT;
	thread->stack_painted = true;
}

/* Bytes from the top down to the last word without paint. */
static size_t depth_of(const struct thread *thread)
{
	const uint64_t *words = (const uint64_t *)thread->stack;
	size_t i = 0;

	while (i < KERNEL_STACK_SIZE / sizeof(*words) && words[i] == PAINT)
		i++;
	return KERNEL_STACK_SIZE - i * sizeof(*words);
}

void stack_depth_check(const struct thread *thread)
{
	const uint64_t *end =
		(const uint64_t *)(thread->stack + KERNEL_STACK_SIZE - ALLOWED);
	const uint64_t *word = end - WINDOW / sizeof(*word);

	if (unlikely(!thread->stack_painted))
		return;
	for (; word < end; word++) {
		if (*word != PAINT)
			panic("more than %d bytes of a kernel stack were used",
			      ALLOWED);
	}
}

void stack_depth_end(const struct thread *thread)
{
	size_t depth = depth_of(thread);
	unsigned long flags;

	stack_depth_check(thread);
	flags = spin_lock_irqsave(&lock);
	if (depth > deepest) {
		deepest = depth;
		strlcpy(deepest_name, thread->name ? thread->name : "?",
			sizeof(deepest_name));
	}
	spin_unlock_irqrestore(&lock, flags);
}

void stack_depth_print(void)
{
	const struct thread *self = current_thread();

	if (self->stack_painted)
		pr_err("  stack used: %zu of %d bytes", depth_of(self),
		       KERNEL_STACK_SIZE);
	pr_err("  deepest before: %zu bytes (%s)", deepest, deepest_name);
}
