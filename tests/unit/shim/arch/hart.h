// SPDX-License-Identifier: MIT
/* Stands for kernel/arch/hart.h on the host: one hart without interrupts. */
#pragma once

#include <core/thread.h>

struct hart {
	struct page *free_pages;
	unsigned nr_free_pages;
	struct slab_hart *slabs;
};

static inline struct hart *this_hart(void)
{
	return current_thread()->hart;
}

static inline unsigned long irq_save(void)
{
	return 0;
}

static inline void irq_restore(unsigned long flags)
{
	(void)flags;
}
