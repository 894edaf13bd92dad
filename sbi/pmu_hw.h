/* SPDX-License-Identifier: MIT */
/*
 * The hardware's performance counters, and which events they count.
 *
 * A counter is named by its place n among the CSRs: cycle is 0, instret 2,
 * hpmcounter3 to 31 are 3 to 31; 1 is time, which is none of them.
 */
#pragma once

#include <lib/types.h>

/* event_idx of the SBI: bits 19:16 are its type, 15:0 its code. */
#define PMU_EVENT_TYPE(idx) ((idx) >> 16 & 0xf)
#define PMU_EVENT_CODE(idx) ((idx)&0xffff)
#define PMU_TYPE_HARDWARE   0x0
#define PMU_TYPE_CACHE      0x1
#define PMU_TYPE_RAW        0x2
#define PMU_TYPE_RAW_V2     0x3
#define PMU_TYPE_FIRMWARE   0xf
#define PMU_EVENT_CYCLES    0x1
#define PMU_EVENT_INSTRET   0x2

/* Bits of mhpmeventN that Sscofpmf defines. */
#define PMU_EVENT_OF    BIT(63)
#define PMU_EVENT_MINH  BIT(62)
#define PMU_EVENT_SINH  BIT(61)
#define PMU_EVENT_UINH  BIT(60)
#define PMU_EVENT_VSINH BIT(59)
#define PMU_EVENT_VUINH BIT(58)

/*
 * Find the counters of this machine and, in the tree's node riscv,pmu, what
 * they count.  Context: boot hart, after cpu_init().
 */
void pmu_hw_init(const void *fdt);

/* The counters that there are, a bit each. */
uint32_t pmu_hw_counters(void);

/* Those that can count that event; 0: it is unknown. */
uint32_t pmu_hw_counters_for(uint32_t event_idx, uint64_t event_data);

/* What mhpmeventN must hold to count that event. */
uint64_t pmu_hw_selector(uint32_t event_idx, uint64_t event_data);

/* This hart's counters.  set_event does nothing for cycle and instret. */
uint64_t pmu_hw_read(unsigned int n);
void pmu_hw_write(unsigned int n, uint64_t value);
uint64_t pmu_hw_read_event(unsigned int n);
void pmu_hw_set_event(unsigned int n, uint64_t selector);
void pmu_hw_start(unsigned int n);
void pmu_hw_stop(unsigned int n);

/* Let cycle and instret run, and no others. */
void pmu_hw_reset_hart(void);

/* Has it overflown since OF was cleared?  Only with Sscofpmf. */
bool pmu_hw_has_overflown(unsigned int n);
