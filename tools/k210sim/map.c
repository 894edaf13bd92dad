// SPDX-License-Identifier: MIT
/*
 * See map.h.
 *
 * A device that this version does not model is in the table all the same, so
 * that its clock and reset are checked and an access names it.  A device of
 * which the silicon's answer is unknown is a misuse, never a guess.
 */
#include "map.h"

#include <stdarg.h>
#include <stddef.h>

#include "machine.h"
#include "report.h"

#define APB0 3
#define APB1 4
#define APB2 5

/* What software finds at a null pointer. */
static uint32_t debug_read(const struct reg_access *access)
{
	access_misuse(access, "the debug module is no business of software "
			      "(k210.md 1.2)");
	return 0;
}

static void debug_write(const struct reg_access *access, uint32_t value)
{
	(void)value;
	debug_read(access);
}

static const struct device_ops debug_ops = {
	.read = debug_read,
	.write = debug_write,
};

/*
 * In the order of reset: SYSCTL first, since others look at their clocks.
 * Name, base, size; bus gate, gate, reset; widths, unit, operations.
 */
/* clang-format off */
static const struct device devices[] = {
	{ "SYSCTL", 0x50440000, 0x80, APB1, -1, -1, 4, 0, &sysctl_ops },
	{ "PLIC", 0x0c000000, 0x4000000, -1, -1, -1, 4, 0, &plic_ops },
	{ "CLINT", 0x02000000, 0xc000, -1, -1, -1, 4 | 8, 0, &clint_ops },
	{ "UARTHS", 0x38000000, 0x1000, -1, -1, -1, 4, 0, &uarths_ops },
	{ "GPIOHS", 0x38001000, 0x1000, -1, -1, -1, 4, 0, &gpiohs_ops },
	{ "DMAC", 0x50000000, 0x1000, -1, 1, 1, 4 | 8, 0, &dmac_ops },
	{ "GPIO", 0x50200000, 0x100, APB0, 5, 5, 4, 0, &gpio_ops },
	{ "UART1", 0x50210000, 0x100, APB0, 16, 16, 4, 0, &uart_ops },
	{ "UART2", 0x50220000, 0x100, APB0, 17, 17, 4, 1, &uart_ops },
	{ "UART3", 0x50230000, 0x100, APB0, 18, 18, 4, 2, &uart_ops },
	{ "I2C0", 0x50280000, 0x100, APB0, 13, 13, 4, 0, &i2c_ops },
	{ "I2C1", 0x50290000, 0x100, APB0, 14, 14, 4, 1, &i2c_ops },
	{ "I2C2", 0x502a0000, 0x100, APB0, 15, 15, 4, 2, &i2c_ops },
	{ "FPIOA", 0x502b0000, 0x100, APB0, 20, 20, 4, 0, &fpioa_ops },
	{ "SHA256", 0x502c0000, 0x100, APB0, 26, 26, 4, 0, &sha_ops },
	{ "TIMER0", 0x502d0000, 0x100, APB0, 21, 21, 4, 0, &timer_ops },
	{ "TIMER1", 0x502e0000, 0x100, APB0, 22, 22, 4, 1, &timer_ops },
	{ "TIMER2", 0x502f0000, 0x100, APB0, 23, 23, 4, 2, &timer_ops },
	{ "WDT0", 0x50400000, 0x100, APB1, 24, 24, 4, 0, &wdt_ops },
	{ "WDT1", 0x50410000, 0x100, APB1, 25, 25, 4, 1, &wdt_ops },
	{ "OTP", 0x50420000, 0x1000, APB1, 27, -1, 4, 0, &otp_ops },
	{ "DVP", 0x50430000, 0x100, APB1, 3, 3, 4, 0, NULL },
	{ "AES", 0x50450000, 0x100, APB1, 19, 19, 4, 0, &aes_ops },
	{ "RTC", 0x50460000, 0x100, APB1, 29, 29, 4, 0, &rtc_ops },
	{ "SPI0", 0x52000000, 0x1000000, APB2, 6, 6, 4, 0, &spi_ops },
	{ "SPI1", 0x53000000, 0x1000000, APB2, 7, 7, 4, 1, &spi_ops },
	{ "SPI3", 0x54000000, 0x2000000, APB2, 9, 9, 1 | 2 | 4 | 8, 3, &spi_ops },
	{ "debug module", 0x00000000, 0x1000, -1, -1, -1, 1 | 2 | 4 | 8, 0, &debug_ops },
	{ "boot ROM", ROM_BASE, 0x20000, -1, 0, -1, 4 | 8, 0, NULL },
};
/* clang-format on */

#define NR_DEVICES (sizeof(devices) / sizeof(devices[0]))

static const struct device *device_find(uint32_t address)
{
	for (size_t i = 0; i < NR_DEVICES; i++)
		if (address - devices[i].base < devices[i].size)
			return &devices[i];
	return NULL;
}

static bool is_set(uint32_t word, int8_t bit)
{
	return bit >= 0 && (word >> bit & 1);
}

/* What the device lacks to answer, or NULL. */
static const char *find_fault(const struct reg_access *access)
{
	const struct sysctl *sysctl = &access->machine->sysctl;
	const struct device *device = access->device;

	if (is_set(~sysctl_gates_cent(sysctl), device->bus_gate) ||
	    is_set(~sysctl_gates_peri(sysctl), device->gate))
		return "has no clock (k210.md 6.2)";
	if (is_set(sysctl_resets(sysctl), device->reset))
		return "is held in reset (k210.md 6.2)";
	return NULL;
}

/*
 * Fill in the device.  False, with the misuse reported: it cannot answer so.
 * A lenient machine gives it clock and life, and reads the part of a register
 * that a narrow load wants: vendor software lives on that, so the chip must.
 */
static bool access_check(struct reg_access *access, uint32_t address,
			 bool is_load)
{
	struct machine *machine = access->machine;
	const struct device *device = device_find(address);
	const char *fault;

	if (!device) {
		report_bus(machine, access->hart, address,
			   "nothing is mapped here (k210.md 1.2)");
		return false;
	}
	access->device = device;
	access->offset = address - device->base;
	fault = find_fault(access);
	if (fault)
		access_misuse(access, "%s %s", device->name, fault);
	if (fault && !machine->stopped)
		sysctl_let_run(machine, device);
	if (!device->ops) {
		access_misuse(access, "%s is not modelled yet", device->name);
		return false;
	}
	if (device->widths & access->size)
		return !machine->stopped;
	access_misuse(access, "%s takes no access of %u bits (k210.md 6.2)",
		      device->name, access->size * 8);
	return !machine->stopped && is_load && access->size < 4;
}

bool map_load(struct machine *machine, struct hart *hart, uint32_t address,
	      unsigned int size, uint64_t *value)
{
	struct reg_access access = { machine, hart, NULL, 0, size };
	uint32_t shift = 8 * (address & 3);

	*value = 0;
	if (!access_check(&access, address, true))
		return false;
	access.size = 4;
	access.offset &= ~3u;
	*value = access.device->ops->read(&access);
	if (size < 4)
		*value = *value >> shift & ((1u << 8 * size) - 1);
	if (size == 8) {
		access.offset += 4;
		*value |= (uint64_t)access.device->ops->read(&access) << 32;
	}
	return true;
}

bool map_store(struct machine *machine, struct hart *hart, uint32_t address,
	       unsigned int size, uint64_t value)
{
	struct reg_access access = { machine, hart, NULL, 0, size };

	if (!access_check(&access, address, false))
		return false;
	if (size == 8)
		access.size = 4;
	access.device->ops->write(&access, (uint32_t)value);
	if (size == 8) {
		access.offset += 4;
		access.device->ops->write(&access, (uint32_t)(value >> 32));
	}
	return true;
}

static void device_reset(struct machine *machine, const struct device *device)
{
	if (device->ops && device->ops->reset)
		device->ops->reset(machine, device);
}

void map_reset(struct machine *machine)
{
	for (size_t i = 0; i < NR_DEVICES; i++)
		device_reset(machine, &devices[i]);
}

void map_reset_devices(struct machine *machine, uint32_t bits)
{
	for (size_t i = 0; i < NR_DEVICES; i++)
		if (is_set(bits, devices[i].reset))
			device_reset(machine, &devices[i]);
}

void map_clocks_changed(struct machine *machine)
{
	for (size_t i = 0; i < NR_DEVICES; i++)
		if (devices[i].ops && devices[i].ops->clocks_changed)
			devices[i].ops->clocks_changed(machine, &devices[i]);
}

void access_misuse(const struct reg_access *access, const char *rule, ...)
{
	va_list arguments;

	va_start(arguments, rule);
	report_bus_va(access->machine, access->hart,
		      access->device->base + access->offset, rule, arguments);
	va_end(arguments);
}

void access_no_register(const struct reg_access *access)
{
	access_misuse(access, "%s has no such register", access->device->name);
}
