// parameters.c: scopes of names, and attributes with their values put in.
#include "engine/openscenario/internal.h"

#include "engine/core/number.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_MAX 4096 // of an attribute with parameters

void osc_fail(osc_reader *r, const xml_node *node, const char *format, ...)
{
    if (r->status != BT_OK) return;
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r->status = bt_fail(BT_ERR_INPUT, "%s:%u:%u: %s: %s", r->file, node->line, node->column,
                        node->name, text);
}

static void fail_memory(osc_reader *r)
{
    if (r->status == BT_OK) r->status = bt_fail(BT_ERR_MEMORY, "%s: no memory", r->file);
}

const char *osc_copy(osc_reader *r, const char *text)
{
    const char *copy = bt_arena_strdup(r->story->arena, text);
    if (!copy) fail_memory(r);
    return copy ? copy : "";
}

// ---- scopes -----------------------------------------------------------------------------------
void osc_scope_open(osc_reader *r, const xml_node *node)
{
    if (r->scope_count == OSC_SCOPES_MAX) {
        osc_fail(r, node, "parameters nested deeper than %u", OSC_SCOPES_MAX);
        return;
    }
    r->scopes[r->scope_count++] = (osc_scope){0};
}

void osc_scope_close(osc_reader *r)
{
    if (r->scope_count == 0) return;
    bt_free(r->scopes[--r->scope_count].pairs);
}

static osc_pair *find_in(const osc_scope *scope, const char *name)
{
    for (size_t i = 0; i < scope->count; i++)
        if (strcmp(scope->pairs[i].name, name) == 0) return &scope->pairs[i];
    return NULL;
}

void osc_scope_set(osc_reader *r, osc_scope *scope, const char *name, const char *value)
{
    osc_pair *pair = find_in(scope, name);
    if (!pair) {
        bt_status status = BT_ARRAY_RESERVE(scope->pairs, scope->capacity, scope->count + 1);
        if (status != BT_OK) {
            if (r->status == BT_OK) r->status = status;
            return;
        }
        pair = &scope->pairs[scope->count++];
        pair->name = osc_copy(r, name);
    }
    pair->value = osc_copy(r, value);
}

static const char *look_up(void *context, const char *name)
{
    osc_reader *r = context;
    for (uint32_t i = r->scope_count; i-- > 0;) {
        const osc_pair *pair = find_in(&r->scopes[i], name);
        if (pair) return pair->value;
    }
    return NULL;
}

// ---- values -----------------------------------------------------------------------------------
static void resolve_expression(osc_reader *r, const xml_node *node, const char *name,
                               const char *text, char *out, size_t size)
{
    size_t count = strlen(text);
    char inner[TEXT_MAX];
    if (count >= TEXT_MAX || text[count - 1] != '}') {
        osc_fail(r, node, "%s: an expression of at most %d letters ends with }", name, TEXT_MAX);
        return;
    }
    snprintf(inner, sizeof inner, "%.*s", (int)(count - 3), text + 2);
    double value;
    const char *why;
    if (bt_osc_evaluate(inner, look_up, r, &value, &why))
        snprintf(out, size, "%.17g", value);
    else if (strcmp(name, "name") == 0)
        snprintf(out, size, "%s", inner); // a name is whatever letters it has
    else
        osc_fail(r, node, "%s = '%.100s': %s", name, text, why);
}

const char *osc_text(osc_reader *r, const xml_node *node, const char *name, const char *fallback)
{
    const char *raw = xml_attribute_of(node, name);
    char out[TEXT_MAX] = "";
    if (!raw) {
        if (!fallback) osc_fail(r, node, "the attribute '%s' is missing", name);
        return fallback ? fallback : "";
    }
    if (raw[0] != '$') return osc_copy(r, raw);
    if (raw[1] == '{') {
        resolve_expression(r, node, name, raw, out, sizeof out);
        return osc_copy(r, out);
    }
    const char *value = look_up(r, raw + 1);
    if (!value) osc_fail(r, node, "%s = '%.100s': no such parameter", name, raw);
    return value ? value : "";
}

bool osc_has(const xml_node *node, const char *name)
{
    return xml_attribute_of(node, name) != NULL;
}

double osc_number(osc_reader *r, const xml_node *node, const char *name, double fallback)
{
    if (!osc_has(node, name) && !isnan(fallback)) return fallback;
    const char *text = osc_text(r, node, name, NULL);
    double value = 0.0;
    if (r->status != BT_OK) return 0.0;
    if (strcmp(text, "INF") == 0) return 1e300;
    if (!bt_number_parse(text, text + strlen(text), '.', &value))
        osc_fail(r, node, "%s = '%.100s': expected a number", name, text);
    return value;
}

double osc_number_in(osc_reader *r, const xml_node *node, const char *name, double fallback,
                     double low, double high)
{
    double value = osc_number(r, node, name, fallback);
    if (r->status == BT_OK && !(value >= low && value <= high))
        osc_fail(r, node, "%s = %g: expected %g to %g", name, value, low, high);
    return value;
}

bool osc_bool(osc_reader *r, const xml_node *node, const char *name, bool fallback)
{
    const char *text = osc_text(r, node, name, fallback ? "true" : "false");
    if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0) return true;
    if (strcmp(text, "false") != 0 && strcmp(text, "0") != 0)
        osc_fail(r, node, "%s = '%.100s': expected true or false", name, text);
    return false;
}

uint32_t osc_count(osc_reader *r, const xml_node *node, const char *name, uint32_t fallback)
{
    return (uint32_t)osc_number_in(r, node, name, fallback, 0.0, 4e9);
}

int osc_choice(osc_reader *r, const xml_node *node, const char *name, const char *const *words,
               int fallback)
{
    if (!osc_has(node, name) && fallback >= 0) return fallback;
    const char *text = osc_text(r, node, name, NULL);
    char all[300] = "";
    for (int i = 0; words[i]; i++) {
        if (strcmp(text, words[i]) == 0) return i;
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", words[i]);
    }
    osc_fail(r, node, "%s = '%.100s': expected one of %s", name, text, all);
    return 0;
}

// ---- declarations -----------------------------------------------------------------------------
static bool satisfies(double value, const char *rule, double limit)
{
    if (strcmp(rule, "lessThan") == 0) return value < limit;
    if (strcmp(rule, "greaterThan") == 0) return value > limit;
    if (strcmp(rule, "lessOrEqual") == 0) return value <= limit;
    if (strcmp(rule, "greaterOrEqual") == 0) return value >= limit;
    if (strcmp(rule, "equalTo") == 0) return value == limit;
    return strcmp(rule, "notEqualTo") != 0 || value != limit;
}

// One group of constraints must hold entirely; there may be none.
static void check_constraints(osc_reader *r, xml_node *declaration, const char *value)
{
    xml_node *group = xml_child(declaration, "ConstraintGroup");
    bool any = group == NULL;
    for (; group && r->status == BT_OK; group = xml_next(group)) {
        bool all = true;
        for (xml_node *c = xml_child(group, "ValueConstraint"); c; c = xml_next(c)) {
            const char *limit = osc_text(r, c, "value", NULL);
            const char *rule = osc_text(r, c, "rule", NULL);
            double a, b;
            if (bt_number_parse(value, value + strlen(value), '.', &a) &&
                bt_number_parse(limit, limit + strlen(limit), '.', &b))
                all = all && satisfies(a, rule, b);
            else if (strcmp(rule, "equalTo") == 0)
                all = all && strcmp(value, limit) == 0;
        }
        any = any || all;
    }
    if (!any && r->status == BT_OK)
        osc_fail(r, declaration, "the value '%.100s' breaks its constraints", value);
}

static void check_type(osc_reader *r, const xml_node *node, const char *type, const char *value)
{
    double number;
    bool numeric = strcmp(type, "double") == 0 || strcmp(type, "integer") == 0 ||
                   strcmp(type, "int") == 0 || strcmp(type, "unsignedInt") == 0 ||
                   strcmp(type, "unsignedShort") == 0;
    if (numeric && !bt_number_parse(value, value + strlen(value), '.', &number))
        osc_fail(r, node, "'%.100s' is not of type %s", value, type);
}

static const char *from_outside(osc_reader *r, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; i < r->desc->setting_count; i++) {
        if (strcmp(r->desc->settings[i].name, name) != 0) continue;
        value = r->desc->settings[i].value; // the last one given wins
        r->desc->settings[i].used = true;
    }
    return value;
}

static void list_parameter(osc_reader *r, const char *name, const char *type, const char *value)
{
    bt_openscenario *out = r->out;
    bt_status status =
        BT_ARRAY_RESERVE(out->parameters, out->parameter_capacity, out->parameter_count + 1);
    if (status != BT_OK) {
        if (r->status == BT_OK) r->status = status;
        return;
    }
    out->parameters[out->parameter_count++] = (bt_osc_parameter){name, type, value};
}

void osc_read_declarations(osc_reader *r, xml_node *owner, bool global)
{
    xml_node *list = xml_child(owner, "ParameterDeclarations");
    if (!list || r->scope_count == 0) return;
    osc_scope *scope = &r->scopes[r->scope_count - 1];
    for (xml_node *d = xml_child(list, "ParameterDeclaration"); d && r->status == BT_OK;
         d = xml_next(d)) {
        const char *name = osc_text(r, d, "name", NULL);
        const char *type = osc_text(r, d, "parameterType", "string");
        const osc_pair *given = find_in(scope, name);
        const char *outside = global ? from_outside(r, name) : NULL;
        const char *value = outside ? outside : given ? given->value : osc_text(r, d, "value", "");
        if (r->status != BT_OK) return;
        check_type(r, d, type, value);
        check_constraints(r, d, value);
        osc_scope_set(r, scope, name, value);
        if (global) list_parameter(r, osc_copy(r, name), osc_copy(r, type), osc_copy(r, value));
    }
}

void osc_read_variables(osc_reader *r)
{
    xml_node *list = xml_child(r->root, "VariableDeclarations");
    for (xml_node *d = xml_child(list, "VariableDeclaration"); d && r->status == BT_OK;
         d = xml_next(d)) {
        bt_story_variable v = {osc_text(r, d, "name", NULL), osc_text(r, d, "value", NULL)};
        (void)osc_text(r, d, "variableType", "string");
        if (r->status == BT_OK) r->status = BT_STORY_ADD(r->story, variables, v, NULL);
    }
}
