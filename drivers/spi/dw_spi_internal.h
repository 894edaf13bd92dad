// SPDX-License-Identifier: MIT
/* What dw_spi.c and dw_spi_dma.c share: registers and state. */
#pragma once

#include <core/waitq.h>
#include <dev/clk.h>
#include <dev/dma.h>
#include <dev/spi.h>

#define SSI_CTRLR0  0x00
#define SSI_SSIENR  0x08
#define SSI_SER     0x10
#define SSI_BAUDR   0x14
#define SSI_TXFTLR  0x18
#define SSI_RXFTLR  0x1c
#define SSI_RXFLR   0x24
#define SSI_SR      0x28
#define SSI_IMR     0x2c
#define SSI_DMACR   0x4c
#define SSI_DMATDLR 0x50
#define SSI_DMARDLR 0x54
#define SSI_DR      0x60
#define SSI_SAMPLE  0xf0
#define SSI_ENDIAN  0x118 /* of the K210: 0, first bit is the highest */

#define SSI_CTRLR0_MODE    6         /* SPI_CPHA, SPI_CPOL */
#define SSI_CTRLR0_TX_ONLY (1u << 8) /* nothing is received */
#define SSI_CTRLR0_FRAME   16        /* bits of a frame - 1 */
#define SSI_INT_RXF        (1u << 4)
#define SSI_SR_BUSY        (1u << 0)
#define SSI_SR_TX_EMPTY    (1u << 2)
#define SSI_BAUDR_MAX      65534u

#define DW_SPI_TIMEOUT_NS (100 * NSEC_PER_MSEC) /* for anything to move */

/* Frames that are moved: [l] the interrupt handler's while it is enabled. */
struct dw_spi_job {
	const uint8_t *tx; /* [l] what to send next, or NULL */
	uint8_t *rx;       /* [l] where to put what comes next, or NULL */
	size_t to_send;    /* [l] frames */
	size_t to_get;     /* [l] frames */
	bool words;        /* [I] of 32 bits, else of 8 */
};

struct dw_spi_dma {
	struct dma_channel *rx, *tx; /* [I] NULL: there is no DMA */
	uint8_t __iomem *pool;       /* [I] uncached: what moves */
	paddr_t pool_address;        /* [I] as the DMA controller sees it */
	size_t pool_size;            /* [I] */
	paddr_t port;                /* [I] of SSI_DR */
	atomic_t pending;            /* [a] the transfer has not ended */
	atomic_t status;             /* [a] of it */
};

struct dw_spi {
	struct spi_controller controller; /* its lock guards what follows */
	uint8_t __iomem *regs;            /* [I] */
	struct clk clk;                   /* [I] that is divided */
	uint64_t clk_hz;                  /* [I] */
	uint32_t mode;                    /* wanted, as in CTRLR0 */
	uint32_t baudr;                   /* wanted */
	/* What the registers have; ser 0: nothing that counts. */
	uint32_t ctrlr0, ser, baudr_set;
	bool has_irq;    /* [I] */
	spinlock_t lock; /* irqsave; rank LOCK_LEAF: job with interrupts */
	struct dw_spi_job job;
	struct waitq done;
	struct dw_spi_dma dma;
};

/* Set frames of so many bits and CTRLR0's flags; off and on if that is new. */
void dw_spi_configure(struct dw_spi *spi, unsigned cs, unsigned bits,
		      uint32_t flags);
/* Forget everything on its way; the next transfer sets up anew. */
void dw_spi_abort(struct dw_spi *spi);

/*
 * Channels and pool, if the tree has them: 0 (also without) or -EPROBE_DEFER.
 */
int dw_spi_dma_init(struct dw_spi *spi, const struct device *dev);
void dw_spi_dma_exit(struct dw_spi *spi);

/* Does DMA pay for so many bytes, and can it do them? */
bool dw_spi_dma_pays(const struct dw_spi *spi, size_t len);

/*
 * Move len bytes in 32-bit frames; tx or rx may be NULL.  0, -EIO or
 * -ETIMEDOUT, after which nothing is on its way.  Sleeps.
 */
int dw_spi_dma_move(struct dw_spi *spi, unsigned cs, const uint8_t *tx,
		    uint8_t *rx, size_t len);
