// SPDX-License-Identifier: MIT
/* I2C without anybody on its wires, and the fuses, case by case. */
#include "../check.h"

#define I2C         0x50280000ull
#define CON         0x00
#define TAR         0x04
#define DATA_CMD    0x10
#define SCL_HCNT    0x14
#define SCL_LCNT    0x18
#define INTR_MASK   0x30
#define RAW         0x34
#define CLR_INTR    0x40
#define CLR_TX_ABRT 0x54
#define ENABLE      0x6c
#define STATUS      0x70
#define ABRT_SOURCE 0x80
#define TYPE        0xfc
#define I2C_GATE    13
#define CLK_TH5     0x4c
#define TX_ABRT     (1 << 6)
#define STOP        (1 << 9)

#define OTP      0x50420000ull
#define OTP_GATE 27

void guest_main(void);

static void check_master(void)
{
	uint64_t begin;

	device_on(I2C_GATE);
	check("i2c_type_is_dw", *reg(I2C + TYPE), 0x44570140);
	/* 780 MHz over 8, 100 kHz: 488 counts each. */
	*reg(SYSCTL + CLK_TH5) = 3 << 8;
	*reg(I2C + CON) = 0x63;
	*reg(I2C + TAR) = 0x50;
	*reg(I2C + SCL_HCNT) = 488;
	*reg(I2C + SCL_LCNT) = 488;
	*reg(I2C + INTR_MASK) = 0;
	*reg(I2C + ENABLE) = 1;
	check("i2c_waits_for_commands", *reg(I2C + STATUS), 6);
	begin = cycles();
	*reg(I2C + DATA_CMD) = 0;
	*reg(I2C + DATA_CMD) = 1;
	while (*reg(I2C + STATUS) & 1)
		;
	begin = cycles() - begin;
	/* Ten bits at 26 MHz. */
	check("i2c_address_takes_its_time", begin / 260, 10);
	check("i2c_address_is_not_acknowledged", *reg(I2C + ABRT_SOURCE), 1);
	check("i2c_abort_is_an_interrupt", *reg(I2C + RAW) & (TX_ABRT | STOP),
	      TX_ABRT | STOP);
	check("i2c_abort_empties_the_fifo", *reg(I2C + STATUS), 6);
	*reg(I2C + DATA_CMD) = 0;
	check("i2c_takes_nothing_before_it_is_cleared", *reg(I2C + STATUS), 6);
	plic_choose(8);
	*reg(I2C + INTR_MASK) = TX_ABRT;
	check("i2c_0_interrupts_by_8", plic_take(), 8);
	(void)*reg(I2C + CLR_TX_ABRT);
	(void)plic_take();
	check("i2c_clearing_drops_the_line", plic_take(), 0);
	check("i2c_clearing_forgets_the_source", *reg(I2C + ABRT_SOURCE), 0);
	(void)*reg(I2C + CLR_INTR);
	check("i2c_clears_all_but_empty", *reg(I2C + RAW), 1 << 4);
}

void guest_main(void)
{
	check_master();
	*reg(SYSCTL + 0x2c) |= 1u << OTP_GATE;
	check("otp_says_turbo", *reg(OTP + 0xbc), 1u << 31);
	check("otp_is_blank_otherwise", *reg(OTP + 0xb8) | *reg(OTP + 0x68), 0);
}
