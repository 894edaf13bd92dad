// SPDX-License-Identifier: MIT
/* What the guests of the board's tests share; they run in M-mode. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYSCTL 0x50440000u
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
#define POWER_SEL   0x6c
#define GATE_SPI0   (1u << 6)
#define GATE_SPI1   (1u << 7)
#define GATE_SPI3   (1u << 9)
#define GATE_FPIOA  (1u << 20)

/* Functions of FPIOA and the words that go with them. */
#define WORD_SPI_DATA 0x00b03f00u
#define WORD_OUTPUT   0x00001f00u
#define WORD_GPIO     0x00901f00u
#define WORD_PULL_UP  0x00010000u
#define GPIOHS_LINE0  24

static inline uint32_t get(uint32_t address)
{
	return *(volatile uint32_t *)(uintptr_t)address;
}

static inline void set(uint32_t address, uint32_t value)
{
	*(volatile uint32_t *)(uintptr_t)address = value;
}

static inline void set_bits(uint32_t address, uint32_t bits)
{
	set(address, get(address) | bits);
}

/* Turn on gates of clk_en_peri; no reset is on after power came. */
static inline void gates_on(uint32_t gates)
{
	set_bits(SYSCTL + CLK_EN_PERI, gates);
}

static inline void set_pin(unsigned int pin, uint32_t word)
{
	set(FPIOA + 4 * pin, word);
}

/* start_k210.S */
void guest_putc(char c);

/* guest.c */
void put(const char *text);
void put_hex(uint64_t value);

/* Print "ok NAME", or "wrong NAME: found, expected". */
void check(const char *name, uint64_t found, uint64_t expected);

/* Ticks of mtime at 26 MHz: 520,000 a second. */
static inline uint64_t mtime(void)
{
	return *(volatile uint64_t *)(uintptr_t)(CLINT + 0xbff8);
}
