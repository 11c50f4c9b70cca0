// xml.h: a bounded XML tree, for reading OpenDRIVE. Expat does the parsing.
//
// The tree lives in the caller's arena. Limits: ROAD_XML_* below; entity declarations are refused
// (they serve only "billion laughs" here), and no other file is ever opened.
#ifndef BT_ROAD_XML_H
#define BT_ROAD_XML_H

#include "engine/core/memory.h"

#include <stdbool.h>
#include <stdint.h>

#define ROAD_XML_MAX_BYTES ((size_t)256 << 20)
#define ROAD_XML_MAX_DEPTH 64
#define ROAD_XML_MAX_NODES 8000000u
#define ROAD_XML_MAX_ATTRIBUTES 64
#define ROAD_XML_MAX_VALUE 65536 // bytes of one attribute or text

typedef struct xml_attribute {
    const char *name, *value;
    bool known; // somebody asked for it by name
} xml_attribute;

typedef struct xml_node xml_node;
struct xml_node {
    const char *name;
    const char *text; // its first stretch of text, blanks around it cut off; "" when there is none
    xml_attribute *attributes;
    xml_node *parent, *first, *last, *next;
    uint32_t attribute_count;
    uint32_t line, column; // from 1
    bool known;            // somebody asked for it by name
};

// `name` stands for the file in messages.
BT_CHECKED bt_status xml_parse(const char *name, const char *bytes, size_t count, bt_arena *arena,
                               xml_node **root);

// First child of that name, NULL when there is none; marks it as known. `xml_next` gives the next
// sibling of the same name.
xml_node *xml_child(xml_node *node, const char *name);
xml_node *xml_next(xml_node *node);
// NULL when the element has no such attribute; marks it as known.
const char *xml_attribute_of(const xml_node *node, const char *name);

#endif
