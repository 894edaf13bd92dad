// SPDX-License-Identifier: MIT
/*
 * What only arch/ needs to know of bringing up harts.
 */
#pragma once

#include <lib/types.h>

struct hart;
struct thread;

/* What a started hart finds at the physical address in a1; see head.S. */
struct hart_start {
	uint64_t satp;
	struct thread *thread; /* its idle thread */
	uintptr_t sp;
	void (*entry)(unsigned long hart_id, paddr_t fdt);
};

/* First instruction of a hart that HSM starts; linked with the image. */
extern char secondary_hart_entry[];

/* The boot hart's thread, before and after it is idle. */
extern struct thread boot_thread;

/* Make the boot hart's struct hart.  First of all; needs nothing. */
void hart_init_boot(unsigned long hart_id);

/* What all harts can do, by the device tree.  Needs memory_init(). */
void hart_probe_extensions(void);

/* The software interrupt: do what hart->ipi_pending asks for. */
void ipi_handle(struct hart *hart);

/* Stop the other harts for good; for panic().  Waits a little, not for ever. */
void hart_stop_others(void);
