// SPDX-License-Identifier: MIT
/* mstatus and its view for S-mode: k210.md section 2.1. */
#pragma once

#include "hart.h"

uint64_t mstatus_read(const struct hart *hart);
uint64_t sstatus_read(const struct hart *hart);
void mstatus_write(struct hart *hart, uint64_t value);
void sstatus_write(struct hart *hart, uint64_t value);
