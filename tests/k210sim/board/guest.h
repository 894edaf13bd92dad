// SPDX-License-Identifier: MIT
/* What the guests of the board's tests share; they run in M-mode. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../check.h"

#define FPIOA  0x502b0000u
#define GPIOHS 0x38001000u
#define PLIC   0x0c000000u
#define SPI0   0x52000000u
#define SPI1   0x53000000u
#define SPI3   0x54000000u
#define CLINT  0x02000000u

#define CLK_EN_CENT 0x28
#define CLK_EN_PERI 0x2c
#define PERI_RESET  0x34
#define GATE_SPI0   (1u << 6)
#define GATE_SPI1   (1u << 7)
#define GATE_FPIOA  (1u << 20)

/* Words of FPIOA for kinds of functions, and where GPIOHS begins. */
#define WORD_SPI_DATA 0x00b03f00u
#define WORD_OUTPUT   0x00001f00u
#define WORD_GPIO     0x00901f00u
#define WORD_PULL_UP  0x00010000u
#define GPIOHS_LINE0  24
#define FPIOA_TIE_EN  0xc0
#define FPIOA_TIE_VAL 0xe0

#define GPIOHS_OUTPUT_EN  0x08
#define GPIOHS_OUTPUT_VAL 0x0c

static inline uint32_t get(uint64_t address)
{
	return *reg(address);
}

static inline void set(uint64_t address, uint32_t value)
{
	*reg(address) = value;
}

static inline void set_bits(uint64_t address, uint32_t bits)
{
	set(address, get(address) | bits);
}

static inline void set_pin(unsigned int pin, uint32_t word)
{
	set(FPIOA + 4 * pin, word);
}

static inline void gates_on(uint32_t gates)
{
	set_bits(SYSCTL + CLK_EN_PERI, gates);
}

/* Ticks of 50 cycles of ACLK, which is 26 MHz: 520 in a millisecond. */
static inline uint64_t mtime(void)
{
	return *reg64(CLINT + 0xbff8);
}

/* start_k210.S */
void guest_putc(char c);
