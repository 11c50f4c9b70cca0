// number.h: decimal numbers out of text, without the locale having a say.
#ifndef BT_CORE_NUMBER_H
#define BT_CORE_NUMBER_H

#include <stdbool.h>

// [+-] digits [point digits] [e [+-] digits], all of [begin, end); `point` is '.' or ','. False for
// anything else, more than 40 digits, or what is not finite.
bool bt_number_parse(const char *begin, const char *end, char point, double *value);

#endif
