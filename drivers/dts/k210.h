/* SPDX-License-Identifier: MIT */
/*
 * Numbers that the K210's device trees and the drivers agree on: clocks,
 * resets and pin functions.
 *
 * They are those of the Linux bindings (k210-clk.h, k210-rst.h and
 * k210-fpioa.h), so that our trees and Linux's mean the same.  Trees are
 * preprocessed: nothing but #define here.
 */
#ifndef DRIVERS_DTS_K210_H
#define DRIVERS_DTS_K210_H

/* Clocks of canaan,k210-clk */
#define K210_CLK_CPU    0
#define K210_CLK_SRAM0  1
#define K210_CLK_SRAM1  2
#define K210_CLK_AI     3
#define K210_CLK_DMA    4
#define K210_CLK_FFT    5
#define K210_CLK_ROM    6
#define K210_CLK_DVP    7
#define K210_CLK_APB0   8
#define K210_CLK_APB1   9
#define K210_CLK_APB2   10
#define K210_CLK_I2S0   11
#define K210_CLK_I2S1   12
#define K210_CLK_I2S2   13
#define K210_CLK_I2S0_M 14
#define K210_CLK_I2S1_M 15
#define K210_CLK_I2S2_M 16
#define K210_CLK_WDT0   17
#define K210_CLK_WDT1   18
#define K210_CLK_SPI0   19
#define K210_CLK_SPI1   20
#define K210_CLK_SPI2   21
#define K210_CLK_I2C0   22
#define K210_CLK_I2C1   23
#define K210_CLK_I2C2   24
#define K210_CLK_SPI3   25
#define K210_CLK_TIMER0 26
#define K210_CLK_TIMER1 27
#define K210_CLK_TIMER2 28
#define K210_CLK_GPIO   29
#define K210_CLK_UART1  30
#define K210_CLK_UART2  31
#define K210_CLK_UART3  32
#define K210_CLK_FPIOA  33
#define K210_CLK_SHA    34
#define K210_CLK_AES    35
#define K210_CLK_OTP    36
#define K210_CLK_RTC    37
#define K210_NUM_CLKS   38

/* Resets of canaan,k210-rst: bits of SYSCTL's peri_reset */
#define K210_RST_ROM    0
#define K210_RST_DMA    1
#define K210_RST_AI     2
#define K210_RST_DVP    3
#define K210_RST_FFT    4
#define K210_RST_GPIO   5
#define K210_RST_SPI0   6
#define K210_RST_SPI1   7
#define K210_RST_SPI2   8
#define K210_RST_SPI3   9
#define K210_RST_I2S0   10
#define K210_RST_I2S1   11
#define K210_RST_I2S2   12
#define K210_RST_I2C0   13
#define K210_RST_I2C1   14
#define K210_RST_I2C2   15
#define K210_RST_UART1  16
#define K210_RST_UART2  17
#define K210_RST_UART3  18
#define K210_RST_AES    19
#define K210_RST_FPIOA  20
#define K210_RST_TIMER0 21
#define K210_RST_TIMER1 22
#define K210_RST_TIMER2 23
#define K210_RST_WDT0   24
#define K210_RST_WDT1   25
#define K210_RST_SHA    26
#define K210_RST_RTC    29

/* A cell of pinmux: which function (K210_PCF_*) IO pin has. */
#define K210_FPIOA(pin, function) (((pin) << 16) | (function))

/* Functions that the FPIOA routes; see the chip's datasheet, FPIOA. */
#define K210_PCF_JTAG_TCLK 0
#define K210_PCF_JTAG_TDI  1
#define K210_PCF_JTAG_TMS  2
#define K210_PCF_JTAG_TDO  3
#define K210_PCF_SPI0_D0   4
#define K210_PCF_SPI0_D1   5
#define K210_PCF_SPI0_SS0  12
#define K210_PCF_SPI0_SS3  15
#define K210_PCF_SPI0_ARB  16
#define K210_PCF_SPI0_SCLK 17
#define K210_PCF_UARTHS_RX 18
#define K210_PCF_UARTHS_TX 19
#define K210_PCF_GPIOHS(n) (24 + (n))
#define K210_PCF_GPIO(n)   (56 + (n))
#define K210_PCF_UART1_RX  64
#define K210_PCF_UART1_TX  65
#define K210_PCF_UART2_RX  66
#define K210_PCF_UART2_TX  67
#define K210_PCF_UART3_RX  68
#define K210_PCF_UART3_TX  69
#define K210_PCF_SPI1_D0   70
#define K210_PCF_SPI1_D1   71
#define K210_PCF_SPI1_SS0  78
#define K210_PCF_SPI1_SS3  81
#define K210_PCF_SPI1_ARB  82
#define K210_PCF_SPI1_SCLK 83
#define K210_PCF_I2C0_SCLK 126
#define K210_PCF_I2C0_SDA  127
#define K210_PCF_I2C1_SCLK 128
#define K210_PCF_I2C1_SDA  129
#define K210_PCF_I2C2_SCLK 130
#define K210_PCF_I2C2_SDA  131

/* What the trees of every board use of the generic bindings. */
#define GPIO_ACTIVE_HIGH 0
#define GPIO_ACTIVE_LOW  1
#define KEY_UP           103 /* as in linux/input-event-codes.h */
#define KEY_DOWN         108
#define BTN_0            256

#endif
