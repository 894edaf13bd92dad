// SPDX-License-Identifier: MIT
/*
 * DMA for DesignWare's SPI.
 *
 * Buffers do not move by themselves, as the caches would not know: a block is
 * copied from or to the uncached pool, which costs a fraction of the time that
 * it is on the bus.  Copying also turns the words around, which are sent
 * highest bit first.
 *
 * Receiving is full duplex, with one word of ones sent again and again.  The
 * sender keeps few frames in its FIFO, so that the receiver's cannot overrun.
 */
#include <lib/errno.h>
#include <lib/mmio.h>

#include <core/printk.h>
#include <core/time.h>
#include <dev/device.h>

#include "dw_spi_internal.h"

#define DW_SPI_DMA_MIN 256 /* bytes; below, setting up costs more */
#define DW_SPI_TX_LOW  8   /* frames in the FIFO when more are asked for */

#define SSI_DMACR_RX (1u << 0)
#define SSI_DMACR_TX (1u << 1)

static void dw_spi_dma_done(void *arg, int status)
{
	struct dw_spi *spi = arg;

	if (status)
		atomic_store(&spi->dma.status, status);
	atomic_store_release(&spi->dma.pending, 0);
	waitq_wake_all(&spi->done);
}

/* --- The pool: a half each way, and the word of ones at the end --- */

static size_t dw_spi_pool_half(const struct dw_spi *spi)
{
	return ALIGN_DOWN((spi->dma.pool_size - 4) / 2, 4);
}

static void dw_spi_pool_fill(struct dw_spi *spi, const uint8_t *tx, size_t len)
{
	const uint32_t *from = (const uint32_t *)(const void *)tx;

	for (size_t i = 0; i < len; i += 4)
		mmio_write32_relaxed(__builtin_bswap32(*from++),
				     spi->dma.pool + i);
}

static void dw_spi_pool_take(struct dw_spi *spi, uint8_t *rx, size_t len)
{
	uint8_t __iomem *pool = spi->dma.pool + dw_spi_pool_half(spi);
	uint32_t *to = (uint32_t *)(void *)rx;

	for (size_t i = 0; i < len; i += 4)
		*to++ = __builtin_bswap32(mmio_read32_relaxed(pool + i));
}

/* --- Transfers --- */

static void dw_spi_dma_start(struct dw_spi *spi, bool send, bool receive,
			     size_t len)
{
	struct dw_spi_dma *dma = &spi->dma;
	struct dma_transfer in = {
		.direction = DMA_FROM_DEVICE,
		.memory = dma->pool_address + dw_spi_pool_half(spi),
		.port = dma->port,
		.nr_words = (uint32_t)(len / 4),
	};
	struct dma_transfer out = {
		.direction = DMA_TO_DEVICE,
		.memory = dma->pool_address,
		.port = dma->port,
		.nr_words = (uint32_t)(len / 4),
	};

	if (!send) {
		out.memory = dma->pool_address + dma->pool_size - 4;
		out.same_word = true;
	}
	/* The receiver is the last to end, and the one to be heard. */
	out.silent = receive;
	atomic_store(&dma->status, 0);
	atomic_store(&dma->pending, 1);
	mmio_write32(SSI_DMACR_TX | (receive ? SSI_DMACR_RX : 0),
		     spi->regs + SSI_DMACR);
	if (receive)
		dma_start(dma->rx, &in);
	dma_start(dma->tx, &out);
}

/* What the FIFO had left, and the frame on the line, of a mere sender. */
static int dw_spi_wait_sent(struct dw_spi *spi)
{
	uint64_t start = time_now_ns();
	uint32_t status;

	do {
		status = mmio_read32_relaxed(spi->regs + SSI_SR);
		if ((status & (SSI_SR_TX_EMPTY | SSI_SR_BUSY)) ==
		    SSI_SR_TX_EMPTY)
			return 0;
	} while (time_now_ns() - start < DW_SPI_TIMEOUT_NS);
	return -ETIMEDOUT;
}

static int dw_spi_dma_wait(struct dw_spi *spi, bool receive)
{
	struct dw_spi_dma *dma = &spi->dma;
	int ret = waitq_wait_state(
		&spi->done, !atomic_load_acquire(&dma->pending),
		THREAD_UNINTERRUPTIBLE, (int64_t)DW_SPI_TIMEOUT_NS);

	if (!ret)
		ret = atomic_load(&dma->status);
	if (!ret && !receive)
		ret = dw_spi_wait_sent(spi);
	mmio_write32(0, spi->regs + SSI_DMACR);
	if (ret) {
		dma_stop(dma->tx);
		dma_stop(dma->rx);
	}
	return ret;
}

bool dw_spi_dma_pays(const struct dw_spi *spi, size_t len)
{
	return spi->dma.rx && len >= DW_SPI_DMA_MIN &&
	       len <= dw_spi_pool_half(spi);
}

int dw_spi_dma_move(struct dw_spi *spi, unsigned cs, const uint8_t *tx,
		    uint8_t *rx, size_t len)
{
	bool receive = rx || !tx;
	int ret;

	dw_spi_configure(spi, cs, 32, receive ? 0 : SSI_CTRLR0_TX_ONLY);
	if (tx)
		dw_spi_pool_fill(spi, tx, len);
	dw_spi_dma_start(spi, tx, receive, len);
	ret = dw_spi_dma_wait(spi, receive);
	if (!ret && rx)
		dw_spi_pool_take(spi, rx, len);
	return ret;
}

/* --- The device --- */

static int dw_spi_dma_get(struct dw_spi *spi, const struct device *dev)
{
	struct dw_spi_dma *dma = &spi->dma;
	size_t size;
	int ret;

	ret = dma_channel_get(dev, "rx", dw_spi_dma_done, spi, &dma->rx);
	if (ret)
		return ret;
	ret = dma_channel_get(dev, "tx", dw_spi_dma_done, spi, &dma->tx);
	if (ret)
		goto err_put_rx;
	ret = dma_pool_map(dev, (void __iomem **)&dma->pool, &dma->pool_address,
			   &dma->pool_size);
	if (!ret)
		ret = device_get_reg(dev, 0, &dma->port, &size);
	if (ret)
		goto err_put_tx;
	dma->port += SSI_DR;
	return 0;

err_put_tx:
	dma_channel_put(dma->tx);
err_put_rx:
	dma_channel_put(dma->rx);
	dma->rx = NULL;
	return ret;
}

int dw_spi_dma_init(struct dw_spi *spi, const struct device *dev)
{
	struct dw_spi_dma *dma = &spi->dma;
	int ret = dw_spi_dma_get(spi, dev);

	if (ret == -EPROBE_DEFER || ret == -ENOENT)
		return ret == -ENOENT ? 0 : ret;
	if (ret) {
		pr_warn("%s: goes without DMA: error %d", dev->name, -ret);
		return 0;
	}
	mmio_write32(~0u, dma->pool + dma->pool_size - 4);
	mmio_write32(0, spi->regs + SSI_DMARDLR);
	mmio_write32(DW_SPI_TX_LOW, spi->regs + SSI_DMATDLR);
	return 0;
}

void dw_spi_dma_exit(struct dw_spi *spi)
{
	if (!spi->dma.rx)
		return;
	dma_channel_put(spi->dma.tx);
	dma_channel_put(spi->dma.rx);
	spi->dma.rx = NULL;
}
