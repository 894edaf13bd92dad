// SPDX-License-Identifier: MIT
/*
 * SPI: a controller, and the devices on it, of which one is selected at a time.
 *
 *     spi_lock(spi);                  the bus is ours, at our mode and speed
 *     spi_select(spi, true);
 *     spi_transfer(spi, tx, rx, len); as often as needed
 *     spi_select(spi, false);
 *     spi_unlock(spi);
 */
#pragma once

#include <core/mutex.h>
#include <dev/gpio.h>

struct device;
struct spi_controller;
struct spi_device;

#define SPI_CPHA 1u /* sample at the clock's second edge */
#define SPI_CPOL 2u /* the clock idles high */

#define SPI_SELECTS_MAX 4

/* All with the controller's lock held. */
struct spi_controller_ops {
	/* Mode SPI_C* and the fastest clock of at most hz.  0 or -EINVAL. */
	int (*setup)(struct spi_controller *controller, unsigned mode,
		     uint32_t hz);
	/* Drive the controller's own select line, active or not. */
	void (*select)(struct spi_controller *controller, unsigned cs,
		       bool active);
	/*
	 * Move len > 0 bytes both ways, with cs as the device's number.  tx
	 * NULL sends 0xff, rx NULL drops what comes; they may be the same.  0,
	 * -EIO or -ETIMEDOUT.  May sleep.
	 */
	int (*transfer)(struct spi_controller *controller, unsigned cs,
			const uint8_t *tx, uint8_t *rx, size_t len);
};

/* Filled by its driver, never freed. */
struct spi_controller {
	const struct spi_controller_ops *ops; /* [I] */
	void *private;                        /* [I] the driver's */
	/* rank LOCK_SPI: who uses the bus */
	struct mutex lock;
	struct gpio selects[SPI_SELECTS_MAX]; /* [I] of cs-gpios */
	unsigned nr_selects;                  /* [I] 0: its own lines */
};

/* Embedded in what its driver makes.  [I] but for hz */
struct spi_device {
	struct spi_controller *controller;
	unsigned cs;     /* select line */
	unsigned mode;   /* SPI_C* */
	uint32_t max_hz; /* of the device */
	uint32_t hz;     /* [controller->lock] now wanted */
};

/*
 * Announce the controller of that device: take its cs-gpios, deselect all, make
 * its children.  0, -EPROBE_DEFER (a GPIO is not there yet) or another error.
 * Context: the driver's probe, at its end.
 */
int spi_controller_register(struct spi_controller *controller,
			    struct device *dev);

/*
 * For a slave's probe: what its node says, reg and spi-max-frequency.  0 or
 * -EINVAL.  Context: thread.
 */
int spi_device_init(struct spi_device *spi, const struct device *dev);

/* Context: thread; may sleep. */
void spi_lock(struct spi_device *spi);
void spi_unlock(struct spi_device *spi);

/* With the lock held. */
int spi_set_speed(struct spi_device *spi, uint32_t hz); /* up to max_hz */
void spi_select(struct spi_device *spi, bool active);
int spi_transfer(struct spi_device *spi, const void *tx, void *rx, size_t len);
