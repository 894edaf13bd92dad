// SPDX-License-Identifier: MIT
/*
 * SPI of DesignWare's APB peripherals (DW_apb_ssi 4.x), as the K210 has it.
 *
 * Registers: kendryte-standalone-sdk, lib/drivers/include/spi.h.  Only the
 * standard format, always full duplex: what is not wanted is dropped, and what
 * is not given is sent as ones.  So no more frames are ever on their way than
 * the receive FIFO holds, and nothing overruns, whenever we come to look.
 *
 * Long transfers go in frames of 32 bits, which cost a quarter of the accesses.
 * A frame's first bit is its highest: memory words are turned around.
 *
 * Select lines of the controller drop whenever its FIFO runs dry, so devices
 * need cs-gpios; a bit of SER must be set all the same for the clock to run.
 *
 * Short transfers are polled: a sleep costs more.  Long ones go by DMA
 * (dw_spi_dma.c), or without that by the interrupt, half a FIFO at a time.
 */
#include <lib/errno.h>
#include <lib/mmio.h>

#include <core/alloc.h>
#include <core/time.h>
#include <dev/device.h>
#include <dev/irq.h>
#include <dev/reset.h>

#include "dw_spi_internal.h"

/* The receive FIFO of 32 overruns when it is full (Linux, spi-dw-mmio.c). */
#define DW_SPI_IN_FLIGHT 31
#define DW_SPI_BATCH     16 /* frames for which it interrupts */

#define DW_SPI_WORDS_MIN 16 /* bytes for which 32-bit frames pay */
#define DW_SPI_SLEEP_US  60 /* transfers up to here are polled */
static int dw_spi_setup(struct spi_controller *controller, unsigned mode,
			uint32_t hz)
{
	struct dw_spi *spi = controller->private;
	uint64_t div = DIV_ROUND_UP(spi->clk_hz, hz);

	/* Even, as the lowest bit is not there. */
	div = ALIGN_UP(MAX(div, 2), 2);
	if (!spi->clk_hz || div > SSI_BAUDR_MAX)
		return -EINVAL;
	spi->mode = mode << SSI_CTRLR0_MODE;
	spi->baudr = (uint32_t)div;
	return 0;
}

void dw_spi_configure(struct dw_spi *spi, unsigned cs, unsigned bits,
		      uint32_t flags)
{
	uint32_t ctrlr0 = spi->mode | flags | (bits - 1) << SSI_CTRLR0_FRAME;

	if (ctrlr0 == spi->ctrlr0 && spi->ser == 1u << cs &&
	    spi->baudr == spi->baudr_set)
		return;
	mmio_write32(0, spi->regs + SSI_SSIENR);
	mmio_write32(ctrlr0, spi->regs + SSI_CTRLR0);
	mmio_write32(spi->baudr, spi->regs + SSI_BAUDR);
	mmio_write32(1u << cs, spi->regs + SSI_SER);
	mmio_write32(1, spi->regs + SSI_SSIENR);
	spi->ctrlr0 = ctrlr0;
	spi->ser = 1u << cs;
	spi->baudr_set = spi->baudr;
}

void dw_spi_abort(struct dw_spi *spi)
{
	mmio_write32(0, spi->regs + SSI_IMR);
	mmio_write32(0, spi->regs + SSI_SSIENR);
	spi->ser = 0;
}

/* --- Frames --- */

static uint32_t dw_spi_next_frame(struct dw_spi_job *job)
{
	uint32_t frame;

	if (!job->tx)
		return ~0u;
	if (!job->words)
		return *job->tx++;
	frame = *(const uint32_t *)(const void *)job->tx;
	job->tx += sizeof(frame);
	return __builtin_bswap32(frame);
}

static void dw_spi_take_frame(struct dw_spi_job *job, uint32_t frame)
{
	if (!job->rx)
		return;
	if (!job->words) {
		*job->rx++ = (uint8_t)frame;
		return;
	}
	*(uint32_t *)(void *)job->rx = __builtin_bswap32(frame);
	job->rx += sizeof(frame);
}

/* Keep the FIFOs going; returns how many frames came. */
static size_t dw_spi_pump(struct dw_spi *spi)
{
	struct dw_spi_job *job = &spi->job;
	size_t came = mmio_read32_relaxed(spi->regs + SSI_RXFLR);
	size_t room;

	came = MIN(came, job->to_get);
	for (size_t i = 0; i < came; i++)
		dw_spi_take_frame(job, mmio_read32_relaxed(spi->regs + SSI_DR));
	job->to_get -= came;
	room = DW_SPI_IN_FLIGHT - (job->to_get - job->to_send);
	room = MIN(room, job->to_send);
	for (size_t i = 0; i < room; i++)
		mmio_write32_relaxed(dw_spi_next_frame(job),
				     spi->regs + SSI_DR);
	job->to_send -= room;
	return came;
}

static int dw_spi_poll(struct dw_spi *spi)
{
	uint64_t last = time_now_ns();

	while (spi->job.to_get) {
		if (dw_spi_pump(spi))
			last = time_now_ns();
		else if (time_now_ns() - last > DW_SPI_TIMEOUT_NS)
			return -ETIMEDOUT;
	}
	return 0;
}

/* --- Interrupts --- */

static void dw_spi_interrupt(void *arg)
{
	struct dw_spi *spi = arg;
	unsigned long flags = spin_lock_irqsave(&spi->lock);
	bool done;

	(void)dw_spi_pump(spi);
	/* Fewer than a batch will not interrupt: the sleeper polls for them. */
	done = spi->job.to_get < DW_SPI_BATCH;
	if (done)
		mmio_write32(0, spi->regs + SSI_IMR);
	spin_unlock_irqrestore(&spi->lock, flags);
	if (done)
		waitq_wake_all(&spi->done);
}

static bool dw_spi_is_nearly_done(struct dw_spi *spi)
{
	unsigned long flags = spin_lock_irqsave(&spi->lock);
	bool done = spi->job.to_get < DW_SPI_BATCH;

	spin_unlock_irqrestore(&spi->lock, flags);
	return done;
}

static int dw_spi_sleep(struct dw_spi *spi)
{
	unsigned long flags = spin_lock_irqsave(&spi->lock);
	int ret;

	(void)dw_spi_pump(spi);
	mmio_write32(SSI_INT_RXF, spi->regs + SSI_IMR);
	spin_unlock_irqrestore(&spi->lock, flags);
	ret = waitq_wait_state(&spi->done, dw_spi_is_nearly_done(spi),
			       THREAD_UNINTERRUPTIBLE,
			       (int64_t)DW_SPI_TIMEOUT_NS);
	mmio_write32(0, spi->regs + SSI_IMR);
	return ret ? ret : dw_spi_poll(spi);
}

/* --- Transfers --- */

/* How long so many bytes take. */
static uint64_t dw_spi_duration_us(const struct dw_spi *spi, size_t len)
{
	return len * 8 * spi->baudr * 1000000 / spi->clk_hz;
}

static int dw_spi_move(struct dw_spi *spi, unsigned cs, const uint8_t *tx,
		       uint8_t *rx, size_t len, bool words)
{
	size_t frames = words ? len / 4 : len;
	int ret;

	if (words && dw_spi_dma_pays(spi, len)) {
		ret = dw_spi_dma_move(spi, cs, tx, rx, len);
		if (ret)
			dw_spi_abort(spi);
		return ret;
	}
	dw_spi_configure(spi, cs, words ? 32 : 8, 0);
	spi->job.tx = tx;
	spi->job.rx = rx;
	spi->job.to_send = spi->job.to_get = frames;
	spi->job.words = words;
	if (spi->has_irq && frames > DW_SPI_IN_FLIGHT &&
	    dw_spi_duration_us(spi, len) > DW_SPI_SLEEP_US)
		ret = dw_spi_sleep(spi);
	else
		ret = dw_spi_poll(spi);
	if (ret)
		dw_spi_abort(spi);
	return ret;
}

static int dw_spi_transfer(struct spi_controller *controller, unsigned cs,
			   const uint8_t *tx, uint8_t *rx, size_t len)
{
	struct dw_spi *spi = controller->private;
	size_t whole = len & ~(size_t)3;
	int ret;

	if (len < DW_SPI_WORDS_MIN || ((uintptr_t)tx | (uintptr_t)rx) % 4)
		return dw_spi_move(spi, cs, tx, rx, len, false);
	ret = dw_spi_move(spi, cs, tx, rx, whole, true);
	if (ret || whole == len)
		return ret;
	return dw_spi_move(spi, cs, tx ? tx + whole : NULL,
			   rx ? rx + whole : NULL, len - whole, false);
}

/* With cs-gpios this is not called; without, the line follows the FIFO. */
static void dw_spi_select(struct spi_controller *controller, unsigned cs,
			  bool active)
{
	(void)controller;
	(void)cs;
	(void)active;
}

static const struct spi_controller_ops dw_spi_ops = {
	.setup = dw_spi_setup,
	.select = dw_spi_select,
	.transfer = dw_spi_transfer,
};

/* --- The device --- */

/* Reset, off, and everything in a known state. */
static void dw_spi_start(struct dw_spi *spi, const struct reset *reset)
{
	reset_pulse(reset);
	mmio_write32(0, spi->regs + SSI_SSIENR);
	mmio_write32(0, spi->regs + SSI_IMR);
	mmio_write32(0, spi->regs + SSI_DMACR);
	mmio_write32(0, spi->regs + SSI_SER);
	mmio_write32(0, spi->regs + SSI_TXFTLR);
	mmio_write32(DW_SPI_BATCH - 1, spi->regs + SSI_RXFTLR);
	mmio_write32(0, spi->regs + SSI_SAMPLE);
	mmio_write32(0, spi->regs + SSI_ENDIAN);
}

static int dw_spi_get_irq(struct device *dev, struct dw_spi *spi)
{
	int ret = irq_request(dev, 0, dw_spi_interrupt, spi);

	spi->has_irq = !ret;
	return ret == -ENOENT ? 0 : ret;
}

/* Clocks on, registers mapped and in a known state. */
static int dw_spi_power_up(struct device *dev, struct dw_spi *spi)
{
	struct reset reset;
	void __iomem *regs;
	int ret;

	ret = reset_get(dev, 0, &reset);
	if (!ret)
		ret = clk_get(dev, 0, &spi->clk);
	if (!ret)
		ret = clk_enable_all(dev);
	if (ret)
		return ret;
	ret = device_map_reg(dev, 0, &regs);
	if (ret) {
		clk_disable_all(dev);
		return ret;
	}
	spi->regs = regs;
	spi->clk_hz = clk_rate(&spi->clk);
	dw_spi_start(spi, &reset);
	return 0;
}

static int dw_spi_probe(struct device *dev)
{
	struct dw_spi *spi = kzalloc(sizeof(*spi));
	int ret;

	if (!spi)
		return -ENOMEM;
	spi->controller.ops = &dw_spi_ops;
	spi->controller.private = spi;
	spin_init(&spi->lock, LOCK_LEAF);
	waitq_init(&spi->done);
	ret = dw_spi_power_up(dev, spi);
	if (ret)
		goto err_free;
	ret = dw_spi_get_irq(dev, spi);
	if (ret)
		goto err_power_down;
	ret = dw_spi_dma_init(spi, dev);
	if (ret)
		goto err_free_irq;
	ret = spi_controller_register(&spi->controller, dev);
	if (ret)
		goto err_exit_dma;
	return 0;

err_exit_dma:
	dw_spi_dma_exit(spi);
err_free_irq:
	if (spi->has_irq)
		irq_free(dev, 0);
err_power_down:
	device_unmap_reg(dev, 0, spi->regs);
	clk_disable_all(dev);
err_free:
	kfree(spi);
	return ret;
}

static const struct of_match dw_spi_match[] = {
	{ .compatible = "canaan,k210-spi" },
	{},
};

static const struct driver dw_spi_driver = {
	.name = "dw-spi",
	.match = dw_spi_match,
	.probe = dw_spi_probe,
};
DRIVER_DECLARE(dw_spi_driver);
