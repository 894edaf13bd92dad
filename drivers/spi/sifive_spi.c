// SPDX-License-Identifier: MIT
/*
 * SPI of SiFive's FU540.
 *
 * Registers: SiFive FU540-C000 manual v1p0, chapter 19.  Polled: bytes go in as
 * long as no more are on their way than the receive FIFO holds.  Memory-mapped
 * flash and wide transfers are left out.
 */
#include <core/alloc.h>
#include <core/time.h>
#include <dev/clk.h>
#include <dev/device.h>
#include <dev/spi.h>
#include <lib/errno.h>
#include <lib/mmio.h>

#define SPI_SCKDIV  0x00
#define SPI_SCKMODE 0x04
#define SPI_CSID    0x10
#define SPI_CSDEF   0x14
#define SPI_CSMODE  0x18
#define SPI_FMT     0x40
#define SPI_TXDATA  0x48
#define SPI_RXDATA  0x4c
#define SPI_IE      0x70
#define SPI_FCTRL   0x60

#define SPI_CSMODE_HOLD 2u
#define SPI_CSMODE_OFF  3u
#define SPI_FMT_BYTES   (8u << 16) /* 8 bits, one line, first bit first */
#define SPI_RX_EMPTY    (1u << 31)
#define SPI_DIV_MAX     0xfffu

#define SIFIVE_SPI_FIFO       8
#define SIFIVE_SPI_TIMEOUT_NS (100 * NSEC_PER_MSEC)

struct sifive_spi {
	struct spi_controller controller;
	uint8_t __iomem *regs; /* [I] */
	uint64_t clk_hz;       /* [I] of the bus clock that is divided */
};

static int sifive_spi_setup(struct spi_controller *controller, unsigned mode,
			    uint32_t hz)
{
	struct sifive_spi *spi = controller->private;
	/* SCLK = clk / (2 (div + 1)) */
	uint64_t div = DIV_ROUND_UP(spi->clk_hz, 2ull * hz);

	div = MIN(div ? div - 1 : 0, SPI_DIV_MAX);
	mmio_write32((uint32_t)div, spi->regs + SPI_SCKDIV);
	mmio_write32(mode, spi->regs + SPI_SCKMODE);
	return 0;
}

static void sifive_spi_select(struct spi_controller *controller, unsigned cs,
			      bool active)
{
	struct sifive_spi *spi = controller->private;

	mmio_write32(cs, spi->regs + SPI_CSID);
	mmio_write32(active ? SPI_CSMODE_HOLD : SPI_CSMODE_OFF,
		     spi->regs + SPI_CSMODE);
}

/* One byte that came in; -ETIMEDOUT if none does for very long. */
static int sifive_spi_receive(struct sifive_spi *spi)
{
	uint64_t start = time_now_ns();
	uint32_t data;

	do {
		data = mmio_read32_relaxed(spi->regs + SPI_RXDATA);
		if (!(data & SPI_RX_EMPTY))
			return data & 0xff;
	} while (time_now_ns() - start < SIFIVE_SPI_TIMEOUT_NS);
	return -ETIMEDOUT;
}

static int sifive_spi_transfer(struct spi_controller *controller, unsigned cs,
			       const uint8_t *tx, uint8_t *rx, size_t len)
{
	struct sifive_spi *spi = controller->private;
	size_t sent = 0;
	int byte;

	(void)cs;
	for (size_t got = 0; got < len; got++) {
		for (; sent < len && sent - got < SIFIVE_SPI_FIFO; sent++)
			mmio_write32_relaxed(tx ? tx[sent] : 0xff,
					     spi->regs + SPI_TXDATA);
		byte = sifive_spi_receive(spi);
		if (byte < 0)
			return byte;
		if (rx)
			rx[got] = (uint8_t)byte;
	}
	return 0;
}

static const struct spi_controller_ops sifive_spi_ops = {
	.setup = sifive_spi_setup,
	.select = sifive_spi_select,
	.transfer = sifive_spi_transfer,
};

static void sifive_spi_start(struct sifive_spi *spi)
{
	mmio_write32(0, spi->regs + SPI_IE);
	mmio_write32(0, spi->regs + SPI_FCTRL); /* registers, not flash */
	mmio_write32(0xff, spi->regs + SPI_CSDEF);
	mmio_write32(SPI_CSMODE_OFF, spi->regs + SPI_CSMODE);
	mmio_write32(SPI_FMT_BYTES, spi->regs + SPI_FMT);
	/* What a previous stage left. */
	for (int i = 0; i < SIFIVE_SPI_FIFO; i++)
		(void)mmio_read32(spi->regs + SPI_RXDATA);
}

static int sifive_spi_probe(struct device *dev)
{
	struct sifive_spi *spi;
	void __iomem *regs;
	struct clk clk;
	int ret;

	ret = clk_get(dev, 0, &clk);
	if (ret)
		return ret;
	spi = kzalloc(sizeof(*spi));
	if (!spi)
		return -ENOMEM;
	ret = clk_enable(&clk);
	if (ret)
		goto err_free;
	ret = device_map_reg(dev, 0, &regs);
	if (ret)
		goto err_disable_clk;
	spi->regs = regs;
	spi->clk_hz = clk_rate(&clk);
	spi->controller.ops = &sifive_spi_ops;
	spi->controller.private = spi;
	sifive_spi_start(spi);
	ret = spi_controller_register(&spi->controller, dev);
	if (ret)
		goto err_unmap;
	return 0;

err_unmap:
	device_unmap_reg(dev, 0, regs);
err_disable_clk:
	clk_disable(&clk);
err_free:
	kfree(spi);
	return ret;
}

static const struct of_match sifive_spi_match[] = {
	{ .compatible = "sifive,spi0" },
	{},
};

static const struct driver sifive_spi_driver = {
	.name = "sifive-spi",
	.match = sifive_spi_match,
	.probe = sifive_spi_probe,
};
DRIVER_DECLARE(sifive_spi_driver);
