// camera_command.h: `blacktop camera`: data sheets, and the virtual laboratory.
#ifndef BT_APP_CAMERA_COMMAND_H
#define BT_APP_CAMERA_COMMAND_H

int bt_camera_command(int argc, char **argv); // argv[0] is "camera"

#endif
