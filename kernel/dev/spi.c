// SPDX-License-Identifier: MIT
/*
 * SPI controllers and their devices.
 *
 * Binding: spi/spi-controller.yaml of the Linux kernel.  Select lines are
 * cs-gpios where the node has them, else the controller's own, and active low
 * unless the GPIO's flags say otherwise: spi-cs-high is left out, as are
 * wide buses.
 */
#include <dev/spi.h>

#include <lib/errno.h>

#include <core/panic.h>
#include <dev/device.h>

/* A phandle of 0 in cs-gpios would mean a line of its own: not with us. */
static int spi_get_selects(struct spi_controller *controller,
			   const struct device *dev)
{
	unsigned n = 0;
	int ret = 0;

	for (; n < SPI_SELECTS_MAX; n++) {
		ret = gpio_get(dev->node, "cs-gpios", (int)n, dev->name,
			       &controller->selects[n]);
		if (ret)
			break;
		gpio_output(&controller->selects[n], false);
	}
	controller->nr_selects = n;
	return ret == -ENOENT ? 0 : ret;
}

static void spi_put_selects(struct spi_controller *controller)
{
	for (unsigned n = 0; n < controller->nr_selects; n++)
		gpio_put(&controller->selects[n]);
}

int spi_controller_register(struct spi_controller *controller,
			    struct device *dev)
{
	int ret;

	mutex_init(&controller->lock, LOCK_SPI);
	ret = spi_get_selects(controller, dev);
	if (!ret) {
		dev->private = controller;
		ret = device_probe_children(dev);
	}
	if (ret)
		spi_put_selects(controller);
	return ret;
}

int spi_device_init(struct spi_device *spi, const struct device *dev)
{
	unsigned nr_selects;

	spi->controller = dev->parent->private;
	nr_selects = spi->controller->nr_selects;
	spi->cs = device_get_u32(dev, "reg", SPI_SELECTS_MAX);
	if (spi->cs >= (nr_selects ? nr_selects : SPI_SELECTS_MAX))
		return -EINVAL;
	spi->mode = 0;
	if (device_has_prop(dev, "spi-cpha"))
		spi->mode |= SPI_CPHA;
	if (device_has_prop(dev, "spi-cpol"))
		spi->mode |= SPI_CPOL;
	spi->max_hz = device_get_u32(dev, "spi-max-frequency", 0);
	spi->hz = spi->max_hz;
	return spi->max_hz ? 0 : -EINVAL;
}

void spi_lock(struct spi_device *spi)
{
	struct spi_controller *controller = spi->controller;

	mutex_lock(&controller->lock);
	/* It worked at probe, or nobody would be here. */
	(void)controller->ops->setup(controller, spi->mode, spi->hz);
}

void spi_unlock(struct spi_device *spi)
{
	mutex_unlock(&spi->controller->lock);
}

int spi_set_speed(struct spi_device *spi, uint32_t hz)
{
	struct spi_controller *controller = spi->controller;

	ASSERT(mutex_is_held(&controller->lock));
	spi->hz = MIN(hz, spi->max_hz);
	return controller->ops->setup(controller, spi->mode, spi->hz);
}

void spi_select(struct spi_device *spi, bool active)
{
	struct spi_controller *controller = spi->controller;

	ASSERT(mutex_is_held(&controller->lock));
	if (controller->nr_selects)
		gpio_write(&controller->selects[spi->cs], active);
	else
		controller->ops->select(controller, spi->cs, active);
}

int spi_transfer(struct spi_device *spi, const void *tx, void *rx, size_t len)
{
	struct spi_controller *controller = spi->controller;

	ASSERT(mutex_is_held(&controller->lock));
	return len ? controller->ops->transfer(controller, spi->cs, tx, rx, len)
		   : 0;
}
