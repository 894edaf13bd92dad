// SPDX-License-Identifier: MIT
/* Floating-point context, the part that only arch/ uses.  See arch/switch.h. */
#pragma once

#include <lib/types.h>

struct hart;
struct thread;

/* f0 to f31 and fcsr, to and from 33 words.  sstatus.FS is on. */
void fp_store_registers(uint64_t *state);
void fp_load_registers(const uint64_t *state);

/* At a switch, for user threads only.  Interrupts off. */
void fp_switch_out(struct thread *thread);
void fp_switch_in(struct thread *thread, struct hart *hart);

/* [I] after boot: all harts have the D extension. */
bool hart_has_fp(void);
