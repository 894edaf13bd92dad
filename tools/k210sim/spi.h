// SPDX-License-Identifier: MIT
/*
 * SPI0, SPI1 and SPI3, masters of the DesignWare SSI family: k210.md section
 * 3.9.  spi.c has the registers, spi_engine.c moves frames in their time.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "event.h"
#include "map.h"

#define NR_SPIS   4 /* unit 2, the slave, is not modelled */
#define SPI_FIFO  32
#define SPI_WORDS (0x11c / 4)

/* Registers that both files use. */
#define SPI_CTRLR1     0x04
#define SPI_SSIENR     0x08
#define SPI_SER        0x10
#define SPI_BAUDR      0x14
#define SPI_SPI_CTRLR0 0xf4
#define SPI_ENDIAN     0x118

/* Bits of ISR, IMR and RISR. */
#define SPI_INT_TXE (1u << 0)
#define SPI_INT_TXO (1u << 1)
#define SPI_INT_RXU (1u << 2)
#define SPI_INT_RXO (1u << 3)
#define SPI_INT_RXF (1u << 4)

struct spi_fifo {
	uint32_t word[SPI_FIFO];
	unsigned int first;
	unsigned int level;
};

/* CTRLR0, whatever the unit's layout. */
struct spi_format {
	unsigned int bits; /* of a frame */
	unsigned int mode; /* 0 to 3: SCPOL, SCPH */
	unsigned int tmod;
	unsigned int lanes; /* of data: 1, 2, 4 or 8 */
	bool loops;
};

enum spi_phase {
	SPI_IDLE,
	SPI_INSTRUCTION, /* and address and wait cycles: lanes > 1 alone */
	SPI_ADDRESS,
	SPI_SEND,
	SPI_RECEIVE, /* CTRLR1 counts */
};

/* What goes over the wires at once. */
struct spi_frame {
	unsigned int unit;
	uint32_t out; /* the lowest bits; sent from the highest of them */
	unsigned int bits;
	unsigned int lanes;
	unsigned int waits; /* clocks that follow without data */
	unsigned int mode;
	uint64_t hz; /* of SCLK */
	bool sends;  /* else the master only listens, if lanes > 1 */
};

struct spi {
	uint32_t words[SPI_WORDS]; /* by register */
	uint32_t errors;           /* SPI_INT_TXO, RXU, RXO */
	struct spi_fifo tx;
	struct spi_fifo rx;
	enum spi_phase phase;
	struct spi_frame frame; /* on the wires, unless idle */
	unsigned int left;      /* frames to receive after this one */
	bool last_bit;          /* what MOSI holds afterwards */
	struct event done;      /* the frame is over */
};

extern const struct device_ops spi_ops;

static inline uint32_t *spi_word(struct spi *spi, uint32_t offset)
{
	return &spi->words[offset / 4];
}

/* spi.c: decode CTRLR0. */
struct spi_format spi_format(struct spi *spi, unsigned int unit);

/* spi.c: levels have changed: drive the interrupt and the DMA requests. */
void spi_update(struct machine *machine, unsigned int unit);

/* spi_engine.c: begin a transfer if there is none and all is set for one. */
void spi_start(struct machine *machine, unsigned int unit);

/* spi_engine.c: stop at once, and let go of the select lines. */
void spi_stop(struct machine *machine, unsigned int unit);

/* spi_engine.c: put the idle levels on the functions' pads. */
void spi_drive_idle(struct machine *machine, unsigned int unit);

/* Append; a full FIFO takes nothing.  Returns false then. */
bool spi_fifo_push(struct spi_fifo *fifo, uint32_t word);

/* Take the oldest; 0 from an empty one. */
uint32_t spi_fifo_pop(struct spi_fifo *fifo);
