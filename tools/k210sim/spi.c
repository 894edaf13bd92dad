// SPDX-License-Identifier: MIT
/*
 * Registers of the SPI masters: k210.md section 3.9; DesignWare DW_apb_ssi
 * databook 4.01 (SPI0, SPI1) and DWC_ssi 1.01 (SPI3).
 *
 * What configures a transfer may be written only while SSIENR is 0; a write
 * at another time is a misuse, and the chip ignores it.
 */
#include "spi.h"

#include "machine.h"

#define CTRLR0   0x00
#define TXFTLR   0x18
#define RXFTLR   0x1c
#define TXFLR    0x20
#define RXFLR    0x24
#define SR       0x28
#define IMR      0x2c
#define ISR      0x30
#define RISR     0x34
#define TXOICR   0x38
#define RXOICR   0x3c
#define RXUICR   0x40
#define MSTICR   0x44
#define ICR      0x48
#define DMACR    0x4c
#define DMATDLR  0x50
#define DMARDLR  0x54
#define IDR      0x58
#define VERSION  0x5c
#define DR       0x60
#define DR_END   0xf0
#define SR_BUSY  (1u << 0)
#define SR_TFNF  (1u << 1)
#define SR_TFE   (1u << 2)
#define SR_RFNE  (1u << 3)
#define SR_RFF   (1u << 4)
#define ALL_INTS 0x3f
#define ERRORS   (SPI_INT_TXO | SPI_INT_RXU | SPI_INT_RXO)
#define DMA_RX   (1u << 0)
#define DMA_TX   (1u << 1)

/* Where the fields of CTRLR0 begin. */
struct layout {
	uint8_t dfs, mode, tmod, srl, frf;
	uint32_t writable; /* of CTRLR0 */
	uint32_t version;
	uint8_t irq;
	uint8_t dma_request; /* of reception; transmission follows */
};

static const struct layout layouts[NR_SPIS] = {
	[0] = { 16, 6, 8, 11, 21, 0x007ffff0, 0x3430312a, 1, 0 },
	[1] = { 16, 6, 8, 11, 21, 0x007ffff0, 0x3430312a, 2, 2 },
	[3] = { 0, 8, 10, 13, 22, 0x00ffffff, 0x3130312a, 4, 6 },
};

bool spi_fifo_push(struct spi_fifo *fifo, uint32_t word)
{
	if (fifo->level == SPI_FIFO)
		return false;
	fifo->word[(fifo->first + fifo->level++) % SPI_FIFO] = word;
	return true;
}

uint32_t spi_fifo_pop(struct spi_fifo *fifo)
{
	uint32_t word = fifo->word[fifo->first];

	if (!fifo->level)
		return 0;
	fifo->first = (fifo->first + 1) % SPI_FIFO;
	fifo->level--;
	return word;
}

struct spi_format spi_format(struct spi *spi, unsigned int unit)
{
	const struct layout *layout = &layouts[unit];
	uint32_t value = *spi_word(spi, CTRLR0);

	return (struct spi_format){
		.bits = (value >> layout->dfs & 31) + 1,
		.mode = value >> layout->mode & 3,
		.tmod = value >> layout->tmod & 3,
		.lanes = 1u << (value >> layout->frf & 3),
		.loops = value >> layout->srl & 1,
	};
}

static uint32_t raw_interrupts(struct spi *spi)
{
	uint32_t raw = spi->errors;

	if (!*spi_word(spi, SPI_SSIENR))
		return raw;
	if (spi->tx.level <= *spi_word(spi, TXFTLR))
		raw |= SPI_INT_TXE;
	if (spi->rx.level > *spi_word(spi, RXFTLR))
		raw |= SPI_INT_RXF;
	return raw;
}

static bool wants_rx_dma(struct spi *spi)
{
	return *spi_word(spi, DMACR) & DMA_RX &&
	       spi->rx.level > *spi_word(spi, DMARDLR);
}

static bool wants_tx_dma(struct spi *spi)
{
	return *spi_word(spi, DMACR) & DMA_TX && *spi_word(spi, SPI_SSIENR) &&
	       spi->tx.level <= *spi_word(spi, DMATDLR);
}

void spi_update(struct machine *machine, unsigned int unit)
{
	struct spi *spi = &machine->spi[unit];
	const struct layout *layout = &layouts[unit];

	plic_set_level(machine, layout->irq,
		       raw_interrupts(spi) & *spi_word(spi, IMR));
	/* The DMAC may come back at once, so look again before each. */
	dmac_set_request(machine, layout->dma_request, wants_rx_dma(spi));
	dmac_set_request(machine, layout->dma_request + 1u, wants_tx_dma(spi));
}

static uint32_t status(struct spi *spi)
{
	uint32_t value = 0;

	if (spi->phase != SPI_IDLE)
		value |= SR_BUSY;
	if (spi->tx.level < SPI_FIFO)
		value |= SR_TFNF;
	if (!spi->tx.level)
		value |= SR_TFE;
	if (spi->rx.level)
		value |= SR_RFNE;
	if (spi->rx.level == SPI_FIFO)
		value |= SR_RFF;
	return value;
}

static uint32_t data_read(struct spi *spi)
{
	if (!spi->rx.level)
		spi->errors |= SPI_INT_RXU;
	return spi_fifo_pop(&spi->rx);
}

/* Reading clears; 1 if there was something to clear. */
static uint32_t errors_clear(struct spi *spi, uint32_t errors)
{
	uint32_t found = spi->errors & errors;

	spi->errors &= ~errors;
	return found != 0;
}

static uint32_t register_read(struct spi *spi, unsigned int unit,
			      uint32_t offset)
{
	switch (offset) {
	case TXFLR:
		return spi->tx.level;
	case RXFLR:
		return spi->rx.level;
	case SR:
		return status(spi);
	case ISR:
		return raw_interrupts(spi) & *spi_word(spi, IMR);
	case RISR:
		return raw_interrupts(spi);
	case TXOICR:
		return errors_clear(spi, SPI_INT_TXO);
	case RXOICR:
		return errors_clear(spi, SPI_INT_RXO);
	case RXUICR:
		return errors_clear(spi, SPI_INT_RXU);
	case MSTICR:
		return 0;
	case ICR:
		return errors_clear(spi, ERRORS);
	case IDR:
		return UINT32_MAX;
	case VERSION:
		return layouts[unit].version;
	default:
		return *spi_word(spi, offset);
	}
}

/* SPI3's window shows the flash instead of registers in XIP mode. */
static bool is_xip(const struct reg_access *access)
{
	return access->device->unit == 3 &&
	       sysctl_spi3_is_xip(&access->machine->sysctl);
}

static uint32_t spi_read(const struct reg_access *access)
{
	struct machine *machine = access->machine;
	unsigned int unit = access->device->unit;
	struct spi *spi = &machine->spi[unit];
	uint32_t value;

	if (is_xip(access))
		return flash_xip_read(access);
	if (access->size != 4)
		access_misuse(access, "%s takes accesses of 32 bits alone",
			      access->device->name);
	if (access->offset >= 4 * SPI_WORDS) {
		access_no_register(access);
		return 0;
	}
	if (access->offset >= DR && access->offset < DR_END)
		value = data_read(spi);
	else
		value = register_read(spi, unit, access->offset);
	spi_update(machine, unit);
	return value;
}

/* May be written only while SSIENR is 0; the thresholds at any time. */
static bool configures(uint32_t offset)
{
	return offset == CTRLR0 || offset == SPI_CTRLR1 ||
	       offset == SPI_BAUDR || offset >= DR_END;
}

static bool is_read_only(uint32_t offset)
{
	return (offset >= TXFLR && offset <= SR) ||
	       (offset >= ISR && offset <= ICR) ||
	       (offset >= IDR && offset <= VERSION);
}

static uint32_t stored_bits(unsigned int unit, uint32_t offset)
{
	switch (offset) {
	case CTRLR0:
		return layouts[unit].writable;
	case SPI_SSIENR:
		return 1;
	case SPI_SER:
		return 15;
	case SPI_BAUDR:
		return 0xfffe;
	case SPI_CTRLR1:
		return 0xffff;
	case IMR:
		return ALL_INTS;
	case DMACR:
		return DMA_RX | DMA_TX;
	case DMATDLR:
	case DMARDLR:
		return SPI_FIFO - 1;
	default:
		return UINT32_MAX;
	}
}

static void data_write(const struct reg_access *access, struct spi *spi,
		       uint32_t value)
{
	if (!*spi_word(spi, SPI_SSIENR))
		access_misuse(access, "%s: data written while SSIENR is 0",
			      access->device->name);
	else if (!spi_fifo_push(&spi->tx, value))
		spi->errors |= SPI_INT_TXO;
}

static void register_write(const struct reg_access *access, struct spi *spi,
			   uint32_t value)
{
	unsigned int unit = access->device->unit;
	uint32_t offset = access->offset;

	value &= stored_bits(unit, offset);
	if (is_read_only(offset) || value == *spi_word(spi, offset))
		return; /* SDK code writes again what is there, at any time */
	if ((offset == TXFTLR || offset == RXFTLR) && value >= SPI_FIFO)
		return; /* this is how drivers find the depth */
	if (offset == SPI_SER && spi->phase != SPI_IDLE) {
		access_misuse(access, "%s: SER written during a transfer",
			      access->device->name);
		return;
	}
	if (configures(offset) && *spi_word(spi, SPI_SSIENR)) {
		access_misuse(access,
			      "%s: configured while SSIENR is 1 (k210.md 3.9)",
			      access->device->name);
		return;
	}
	*spi_word(spi, offset) = value;
	if (offset == SPI_SSIENR && !(value & 1))
		spi_stop(access->machine, unit);
	if (offset == SPI_SSIENR || offset == CTRLR0)
		spi_drive_idle(access->machine, unit);
}

static void spi_write(const struct reg_access *access, uint32_t value)
{
	struct machine *machine = access->machine;
	unsigned int unit = access->device->unit;
	struct spi *spi = &machine->spi[unit];

	if (is_xip(access)) {
		access_misuse(access, "SPI3 is in XIP mode, which only reads");
		return;
	}
	if (access->offset >= 4 * SPI_WORDS) {
		access_no_register(access);
		return;
	}
	if (access->offset >= DR && access->offset < DR_END)
		data_write(access, spi, value);
	else
		register_write(access, spi, value);
	spi_start(machine, unit);
	spi_update(machine, unit);
}

static void spi_reset(struct machine *machine, const struct device *device)
{
	unsigned int unit = device->unit;
	struct spi *spi = &machine->spi[unit];

	spi_stop(machine, unit);
	*spi = (struct spi){ .done = spi->done };
	*spi_word(spi, IMR) = ALL_INTS;
	*spi_word(spi, CTRLR0) = 7u << layouts[unit].dfs;
	spi_drive_idle(machine, unit);
	spi_update(machine, unit);
}

const struct device_ops spi_ops = {
	.read = spi_read,
	.write = spi_write,
	.reset = spi_reset,
};
