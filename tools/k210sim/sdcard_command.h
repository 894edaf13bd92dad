// SPDX-License-Identifier: MIT
/* The SD card's commands, each run with its argument: see sdcard_command.c. */
#pragma once

#include "sdcard.h"

/*
 * Queue R1 after some bytes, as the seed has it; sd_respond_block() also a
 * short block.  What else a command answers is queued behind.
 */
void sd_respond(struct machine *machine, unsigned int r1);
void sd_respond_block(struct machine *machine, const void *data,
		      unsigned int len);

void sd_go_idle(struct machine *machine, uint32_t argument);
void sd_send_op_cond(struct machine *machine, uint32_t argument);
void sd_app_send_op_cond(struct machine *machine, uint32_t argument);
void sd_send_if_cond(struct machine *machine, uint32_t argument);
void sd_read_ocr(struct machine *machine, uint32_t argument);
void sd_crc_on_off(struct machine *machine, uint32_t argument);
void sd_app_command(struct machine *machine, uint32_t argument);
void sd_send_csd(struct machine *machine, uint32_t argument);
void sd_send_cid(struct machine *machine, uint32_t argument);
void sd_app_send_scr(struct machine *machine, uint32_t argument);
void sd_app_sd_status(struct machine *machine, uint32_t argument);
void sd_switch_function(struct machine *machine, uint32_t argument);
void sd_send_status(struct machine *machine, uint32_t argument);
void sd_set_block_length(struct machine *machine, uint32_t argument);
void sd_app_well_written(struct machine *machine, uint32_t argument);
void sd_accept(struct machine *machine, uint32_t argument);
void sd_read_single(struct machine *machine, uint32_t argument);
void sd_read_multiple(struct machine *machine, uint32_t argument);
void sd_write_single(struct machine *machine, uint32_t argument);
void sd_write_multiple(struct machine *machine, uint32_t argument);
void sd_stop_transmission(struct machine *machine, uint32_t argument);
void sd_erase_first(struct machine *machine, uint32_t argument);
void sd_erase_last(struct machine *machine, uint32_t argument);
void sd_erase(struct machine *machine, uint32_t argument);
