// xml.c: a bounded XML tree on Expat.
#include "engine/road/xml.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>

typedef struct xml_builder {
    XML_Parser parser;
    const char *name;
    bt_arena *arena;
    xml_node *root, *open;
    uint32_t depth, nodes;
    char *text; // of the open element, grows
    size_t text_count, text_capacity;
    bt_status status; // first failure of ours
} xml_builder;

static uint32_t line_of(const xml_builder *b)
{
    return (uint32_t)XML_GetCurrentLineNumber(b->parser);
}

static uint32_t column_of(const xml_builder *b)
{
    return (uint32_t)XML_GetCurrentColumnNumber(b->parser) + 1;
}

static void stop(xml_builder *b, bt_status status, const char *what)
{
    if (b->status != BT_OK) return;
    b->status = bt_fail(status, "%s:%u:%u: %s", b->name, line_of(b), column_of(b), what);
    XML_StopParser(b->parser, XML_FALSE);
}

static void stop_memory(xml_builder *b)
{
    stop(b, BT_ERR_MEMORY, "no memory for the file's elements");
}

// Text so far goes to the open element; the buffer starts anew.
static void settle_text(xml_builder *b)
{
    size_t blank = 0;
    while (blank < b->text_count && strchr(" \t\r\n", b->text[blank]) != NULL)
        blank++;
    size_t end = b->text_count;
    while (end > blank && strchr(" \t\r\n", b->text[end - 1]) != NULL)
        end--;
    if (b->open != NULL && blank < end && b->open->text[0] == '\0') {
        char *copy = bt_arena_alloc(b->arena, end - blank + 1, 1);
        if (copy == NULL) {
            stop_memory(b);
            return;
        }
        memcpy(copy, b->text + blank, end - blank);
        b->open->text = copy;
    }
    b->text_count = 0;
}

static bool copy_attributes(xml_builder *b, xml_node *node, const XML_Char **pairs)
{
    uint32_t count = 0;
    while (pairs[2 * count] != NULL)
        count++;
    if (count > ROAD_XML_MAX_ATTRIBUTES) {
        stop(b, BT_ERR_LIMIT, "element with more than 64 attributes");
        return false;
    }
    node->attributes = bt_arena_alloc(b->arena, count, sizeof *node->attributes);
    if (node->attributes == NULL && count > 0) {
        stop_memory(b);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (strlen(pairs[2 * i + 1]) > ROAD_XML_MAX_VALUE) {
            stop(b, BT_ERR_LIMIT, "attribute longer than 65536 bytes");
            return false;
        }
        node->attributes[i].known = false;
        node->attributes[i].name = bt_arena_strdup(b->arena, pairs[2 * i]);
        node->attributes[i].value = bt_arena_strdup(b->arena, pairs[2 * i + 1]);
        if (node->attributes[i].name == NULL || node->attributes[i].value == NULL) {
            stop_memory(b);
            return false;
        }
    }
    node->attribute_count = count;
    return true;
}

static void attach(xml_builder *b, xml_node *node)
{
    node->parent = b->open;
    if (b->open == NULL) {
        b->root = node;
    } else if (b->open->last == NULL) {
        b->open->first = b->open->last = node;
    } else {
        b->open->last = b->open->last->next = node;
    }
    b->open = node;
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **pairs)
{
    xml_builder *b = context;
    if (b->status != BT_OK) return;
    settle_text(b);
    if (++b->depth > ROAD_XML_MAX_DEPTH) {
        stop(b, BT_ERR_LIMIT, "elements nested deeper than 64");
        return;
    }
    if (++b->nodes > ROAD_XML_MAX_NODES) {
        stop(b, BT_ERR_LIMIT, "more than 8000000 elements");
        return;
    }
    xml_node *node = bt_arena_alloc(b->arena, 1, sizeof *node);
    char *copy = bt_arena_strdup(b->arena, name);
    if (node == NULL || copy == NULL) {
        stop_memory(b);
        return;
    }
    node->name = copy;
    node->text = "";
    node->line = line_of(b);
    node->column = column_of(b);
    if (copy_attributes(b, node, pairs)) attach(b, node);
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    (void)name;
    xml_builder *b = context;
    if (b->status != BT_OK) return;
    settle_text(b);
    b->depth--;
    b->open = b->open->parent;
}

static void XMLCALL on_text(void *context, const XML_Char *text, int count)
{
    xml_builder *b = context;
    if (b->status != BT_OK) return;
    size_t need = b->text_count + (size_t)count;
    if (need > ROAD_XML_MAX_VALUE) {
        stop(b, BT_ERR_LIMIT, "text longer than 65536 bytes");
        return;
    }
    if (BT_ARRAY_RESERVE(b->text, b->text_capacity, need) != BT_OK) {
        stop_memory(b);
        return;
    }
    memcpy(b->text + b->text_count, text, (size_t)count);
    b->text_count = need;
}

static void XMLCALL on_entity(void *context, const XML_Char *name, int is_parameter,
                              const XML_Char *value, int value_length, const XML_Char *base,
                              const XML_Char *system_id, const XML_Char *public_id,
                              const XML_Char *notation)
{
    (void)name, (void)is_parameter, (void)value, (void)value_length, (void)base, (void)system_id;
    (void)public_id, (void)notation;
    stop(context, BT_ERR_INPUT, "entity declarations are not accepted");
}

static bt_status feed(xml_builder *b, const char *bytes, size_t count)
{
    XML_SetUserData(b->parser, b);
    XML_SetElementHandler(b->parser, on_start, on_end);
    XML_SetCharacterDataHandler(b->parser, on_text);
    XML_SetEntityDeclHandler(b->parser, on_entity);
    XML_SetParamEntityParsing(b->parser, XML_PARAM_ENTITY_PARSING_NEVER);
    XML_SetHashSalt(b->parser, 1); // element order never depends on it; no entropy needed

    enum XML_Status parsed = XML_Parse(b->parser, bytes, (int)count, XML_TRUE);
    if (b->status != BT_OK) return b->status;
    if (parsed != XML_STATUS_OK)
        return bt_fail(BT_ERR_INPUT, "%s:%u:%u: not well-formed XML: %s", b->name, line_of(b),
                       column_of(b), XML_ErrorString(XML_GetErrorCode(b->parser)));
    return BT_OK;
}

bt_status xml_parse(const char *name, const char *bytes, size_t count, bt_arena *arena,
                    xml_node **root)
{
    *root = NULL;
    if (count > ROAD_XML_MAX_BYTES)
        return bt_fail(BT_ERR_LIMIT, "%s:1:1: file of more than 256 MiB", name);
    xml_builder b = {.name = name, .arena = arena};
    b.parser = XML_ParserCreate(NULL);
    if (b.parser == NULL) return bt_fail(BT_ERR_MEMORY, "%s: no memory for a parser", name);

    bt_status status = feed(&b, bytes, count);
    XML_ParserFree(b.parser);
    bt_free(b.text);
    if (status == BT_OK) *root = b.root;
    return status;
}

static xml_node *same_name(xml_node *node, const char *name)
{
    while (node != NULL && strcmp(node->name, name) != 0)
        node = node->next;
    if (node != NULL) node->known = true;
    return node;
}

xml_node *xml_child(xml_node *node, const char *name)
{
    return node != NULL ? same_name(node->first, name) : NULL;
}

xml_node *xml_next(xml_node *node)
{
    return same_name(node->next, node->name);
}

const char *xml_attribute_of(const xml_node *node, const char *name)
{
    for (uint32_t i = 0; i < node->attribute_count; i++) {
        if (strcmp(node->attributes[i].name, name) != 0) continue;
        node->attributes[i].known = true;
        return node->attributes[i].value;
    }
    return NULL;
}
