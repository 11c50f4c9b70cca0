// expression.c: arithmetic of parameters, by recursive descent.
#include "engine/openscenario/openscenario.h"

#include "engine/core/number.h"
#include "engine/math/pose.h"

#include <ctype.h>
#include <string.h>

#define DEPTH_MAX 64
#define NAME_MAX_LETTERS 128

typedef struct parser {
    const char *at;
    bt_osc_lookup lookup;
    void *context;
    const char *why; // first failure
    int depth;
} parser;

static double parse_or(parser *p);

static double give_up(parser *p, const char *why)
{
    if (!p->why) p->why = why;
    return 0.0;
}

static void skip_blanks(parser *p)
{
    while (isspace((unsigned char)*p->at))
        p->at++;
}

static bool accept(parser *p, const char *token)
{
    skip_blanks(p);
    size_t count = strlen(token);
    if (strncmp(p->at, token, count) != 0) return false;
    bool word = isalpha((unsigned char)token[0]);
    if (word && (isalnum((unsigned char)p->at[count]) || p->at[count] == '_')) return false;
    p->at += count;
    return true;
}

static double parse_number(parser *p)
{
    const char *end = p->at;
    double value;
    while (isdigit((unsigned char)*end) || *end == '.')
        end++;
    if ((*end == 'e' || *end == 'E') &&
        (isdigit((unsigned char)end[1]) ||
         ((end[1] == '-' || end[1] == '+') && isdigit((unsigned char)end[2])))) {
        end += 2;
        while (isdigit((unsigned char)*end))
            end++;
    }
    if (!bt_number_parse(p->at, end, '.', &value)) return give_up(p, "not a number");
    p->at = end;
    return value;
}

static bool read_name(parser *p, char name[NAME_MAX_LETTERS])
{
    size_t count = 0;
    while (isalnum((unsigned char)p->at[count]) || p->at[count] == '_')
        count++;
    if (count == 0 || count >= NAME_MAX_LETTERS) return false;
    memcpy(name, p->at, count);
    name[count] = '\0';
    p->at += count;
    return true;
}

static double parse_parameter(parser *p)
{
    char name[NAME_MAX_LETTERS];
    if (!read_name(p, name)) return give_up(p, "no name behind $");
    const char *text = p->lookup ? p->lookup(p->context, name) : NULL;
    if (!text) return give_up(p, "an unknown parameter");
    double value;
    if (strcmp(text, "true") == 0) return 1.0;
    if (strcmp(text, "false") == 0) return 0.0;
    if (!bt_number_parse(text, text + strlen(text), '.', &value))
        return give_up(p, "a parameter that is no number");
    return value;
}

static double call1(parser *p, const char *name, double x)
{
    if (strcmp(name, "round") == 0) return round(x);
    if (strcmp(name, "floor") == 0) return floor(x);
    if (strcmp(name, "ceil") == 0) return ceil(x);
    if (strcmp(name, "sqrt") == 0) return sqrt(x);
    if (strcmp(name, "abs") == 0) return fabs(x);
    if (strcmp(name, "sign") == 0) return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0;
    if (strcmp(name, "sin") == 0) return bt_sin(x);
    if (strcmp(name, "cos") == 0) return bt_cos(x);
    if (strcmp(name, "tan") == 0) return bt_tan(x);
    if (strcmp(name, "asin") == 0) return bt_asin(x);
    if (strcmp(name, "acos") == 0) return bt_acos(x);
    if (strcmp(name, "atan") == 0) return bt_atan(x);
    return give_up(p, "an unknown function");
}

static double call2(parser *p, const char *name, double x, double y)
{
    if (strcmp(name, "pow") == 0) return bt_pow(x, y);
    if (strcmp(name, "max") == 0) return fmax(x, y);
    if (strcmp(name, "min") == 0) return fmin(x, y);
    return give_up(p, "an unknown function");
}

static double parse_word(parser *p)
{
    char name[NAME_MAX_LETTERS];
    if (!read_name(p, name)) return give_up(p, "something else was expected");
    if (strcmp(name, "pi") == 0) return BT_PI;
    if (strcmp(name, "true") == 0) return 1.0;
    if (strcmp(name, "false") == 0) return 0.0;
    if (!accept(p, "(")) return give_up(p, "an unknown word");
    double x = parse_or(p);
    bool two = accept(p, ",");
    double y = two ? parse_or(p) : 0.0;
    if (!accept(p, ")")) return give_up(p, "a bracket is open");
    return two ? call2(p, name, x, y) : call1(p, name, x);
}

static double parse_bracket(parser *p)
{
    double value = parse_or(p);
    return accept(p, ")") ? value : give_up(p, "a bracket is open");
}

static double parse_operand(parser *p)
{
    skip_blanks(p);
    double value;
    if (++p->depth > DEPTH_MAX)
        value = give_up(p, "nested too deeply");
    else if (accept(p, "("))
        value = parse_bracket(p);
    else if (accept(p, "-"))
        value = -parse_operand(p);
    else if (accept(p, "+"))
        value = parse_operand(p);
    else if (accept(p, "not"))
        value = parse_operand(p) == 0.0;
    else if (accept(p, "$"))
        value = parse_parameter(p);
    else if (isdigit((unsigned char)*p->at) || *p->at == '.')
        value = parse_number(p);
    else
        value = parse_word(p);
    p->depth--;
    return value;
}

static double parse_product(parser *p)
{
    double value = parse_operand(p);
    while (!p->why) {
        if (accept(p, "*"))
            value *= parse_operand(p);
        else if (accept(p, "/"))
            value /= parse_operand(p);
        else if (accept(p, "%"))
            value = fmod(value, parse_operand(p));
        else
            break;
    }
    return value;
}

static double parse_sum(parser *p)
{
    double value = parse_product(p);
    while (!p->why) {
        if (accept(p, "+"))
            value += parse_product(p);
        else if (accept(p, "-"))
            value -= parse_product(p);
        else
            break;
    }
    return value;
}

static double parse_comparison(parser *p)
{
    double a = parse_sum(p);
    if (accept(p, "<=")) return a <= parse_sum(p);
    if (accept(p, ">=")) return a >= parse_sum(p);
    if (accept(p, "==")) return a == parse_sum(p);
    if (accept(p, "!=")) return a != parse_sum(p);
    if (accept(p, "<")) return a < parse_sum(p);
    if (accept(p, ">")) return a > parse_sum(p);
    return a;
}

static double parse_and(parser *p)
{
    double value = parse_comparison(p);
    while (!p->why && accept(p, "and")) {
        double other = parse_comparison(p);
        value = value != 0.0 && other != 0.0;
    }
    return value;
}

static double parse_or(parser *p)
{
    double value = parse_and(p);
    while (!p->why && accept(p, "or")) {
        double other = parse_and(p);
        value = value != 0.0 || other != 0.0;
    }
    return value;
}

bool bt_osc_evaluate(const char *text, bt_osc_lookup lookup, void *context, double *value,
                     const char **why)
{
    parser p = {.at = text, .lookup = lookup, .context = context};
    *value = parse_or(&p);
    skip_blanks(&p);
    if (!p.why && *p.at != '\0') give_up(&p, "something is left over");
    if (!p.why && !isfinite(*value)) give_up(&p, "the result is not finite");
    *why = p.why ? p.why : "";
    return p.why == NULL;
}
