// SPDX-License-Identifier: MIT
/* What the files of the SD protocol share. */
#pragma once

#include "sd_card.h"

/* Commands; those of SD_APP are sent behind SD_APP_CMD. */
#define SD_GO_IDLE           0
#define SD_SEND_OP_COND      1 /* of MMCs */
#define SD_SEND_IF_COND      8
#define SD_SEND_CSD          9
#define SD_SEND_CID          10
#define SD_STOP_TRANSMISSION 12
#define SD_SEND_STATUS       13
#define SD_SET_BLOCKLEN      16
#define SD_READ_BLOCK        17
#define SD_READ_BLOCKS       18
#define SD_WRITE_BLOCK       24
#define SD_WRITE_BLOCKS      25
#define SD_APP_SEND_OP_COND  41
#define SD_APP_CMD           55
#define SD_READ_OCR          58
#define SD_CRC_ON_OFF        59

/* R1, the first byte of each response. */
#define SD_R1_IDLE        0x01
#define SD_R1_ILLEGAL     0x04
#define SD_R1_CRC_ERROR   0x08
#define SD_R1_NO_RESPONSE 0x80 /* the bit that is clear in any response */

#define SD_TOKEN_START       0xfe /* of a block, but for CMD25's */
#define SD_TOKEN_START_MULTI 0xfc
#define SD_TOKEN_STOP        0xfd

/* Limits of 4.6.2 for SDXC, which are the longest. */
#define SD_READ_TIMEOUT_US  100000
#define SD_WRITE_TIMEOUT_US 500000

/* One byte in, with 0xff out. */
int sd_get_byte(struct sd_card *card, uint8_t *byte);

/* Begin and end of an exchange: select the card and wait until it is ready;
 * deselect it and let it leave the bus. */
int sd_open(struct sd_card *card);
void sd_close(struct sd_card *card);

/* Wait for 0xff: the card is not busy.  0, -ETIMEDOUT or of the bus. */
int sd_wait_ready(struct sd_card *card, uint32_t timeout_us);

/* Wait for something else than 0xff, which goes into *byte. */
int sd_wait_byte(struct sd_card *card, uint32_t timeout_us, uint8_t *byte);

/*
 * Send a command to the selected card; *r1 is what it says first.  0,
 * -ETIMEDOUT (it says nothing) or of the bus.
 */
int sd_send(struct sd_card *card, unsigned command, uint32_t arg, uint8_t *r1);

/*
 * The same as a whole exchange, with len more bytes of response, which are
 * valid if there is no R1 error but SD_R1_IDLE.  sd_command() says it again if
 * the card did not hear it, or not well; that is for what may be said twice.
 */
int sd_command_once(struct sd_card *card, unsigned command, uint32_t arg,
		    uint8_t *r1, uint8_t *response, size_t len);
int sd_command(struct sd_card *card, unsigned command, uint32_t arg,
	       uint8_t *r1, uint8_t *response, size_t len);
int sd_app_command(struct sd_card *card, unsigned command, uint32_t arg,
		   uint8_t *r1);

/*
 * A block of data from the selected card: its token, len bytes, their CRC.  0,
 * -ETIMEDOUT, -EILSEQ (the CRC is wrong), -EIO (the card reports an error).
 */
int sd_receive(struct sd_card *card, uint8_t *data, size_t len);
