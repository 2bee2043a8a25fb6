"""The admin page: better models from the readers' answers. `page` is the frame, `section` what sections are made of."""
