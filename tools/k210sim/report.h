// SPDX-License-Identifier: MIT
/* Words to the person at the terminal, all on standard error. */
#pragma once

#include <stdint.h>

struct hart;

/*
 * The guest broke a rule: print hart, pc, address and the rule, a printf
 * format, on one line, and stop unless the machine is lenient.
 */
void report_misuse(struct hart *hart, uint64_t address, const char *rule, ...)
	__attribute__((format(printf, 3, 4)));
