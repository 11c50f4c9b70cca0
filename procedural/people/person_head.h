// person_head.h: a head in the making, for the files that put faces and hair on it.
#ifndef BT_PROCEDURAL_PERSON_HEAD_H
#define BT_PROCEDURAL_PERSON_HEAD_H

#include "procedural/people/person_internal.h"

#define BT_HEAD_TALL 0.2232 // chin to crown of an adult, metres

// Traits are about -1 to 1 about an average face; soft: 0 to 1, of children and women.
typedef struct bt_head {
    double scale;  // of an adult's head
    double base_z; // the chin above the head joint, metres
    double nose, nose_wide, jaw, lips, brow, cheek, eyes, soft;
    uint64_t looks; // what is drawn for this head alone
} bt_head;

// A place given in metres of an adult's head, in the head part's frame.
bt_vec3 bt_head_place(const bt_head *head, double x, double y, double z);
// A place on the skin at an angle about the axis (0 in front, growing to the left) and a height, pushed out.
bt_vec3 bt_head_point(const bt_head *head, double angle_rad, double z, double out);
// The face's skin `y` beside its middle, pushed forward.
bt_vec3 bt_head_front(const bt_head *head, double y, double z, double out);

void bt_person_add_face(const bt_person *p, const bt_head *head);
void bt_person_add_hair(const bt_person *p, const bt_head *head);

#endif
