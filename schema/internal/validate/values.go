package validate

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"stackgen/schema/diag"
	"stackgen/schema/internal/pattern"
	"stackgen/schema/internal/wording"
)

// secretTitle is the title of references to secrets in the schema.
const secretTitle = "a reference to a secret"

func (v *violations) wrongType(e violation) {
	wanted := typesOf(e.schema)
	words := make([]string, len(wanted))
	for i, t := range wanted {
		words[i] = typeWord(t)
	}
	d := v.diags.Errorf("schema/type", e.path, "%s is given where %s is wanted", e.shown(), wording.List(words, "or"))
	switch text, isText := e.value.(string); {
	case e.schema["title"] == secretTitle:
		d.Message = kindWord(e.value) + " is given where " + secretTitle + " is wanted"
		d.Hintf("write { secret: 'NAME' }; apply asks for the value by that name")
	case e.value == nil:
		d.Hintf("leave the key out instead")
	case isText && slices.Contains(wanted, "integer") && isWhole(text):
		n, _ := strconv.Atoi(text)
		d.Hintf("write %d without quotes", n) // 010 is not a number in Jsonnet, and two in YAML
	case isText && slices.Contains(wanted, "boolean") && (text == "true" || text == "false"):
		d.Hintf("write %s without quotes", text)
	case isText && slices.Contains(wanted, "array") && !e.isSecret():
		d.Hintf("write [%s]", strconv.Quote(text))
	case slices.Contains(wanted, "string") && isScalar(e.value) && accepts(e.schema, quote(e.value)):
		d.Hintf("write %q in quotes", quote(e.value))
	default:
		d.Hintf("%s", textOf(e.schema))
	}
}

func isScalar(v any) bool {
	switch v.(type) {
	case float64, bool:
		return true
	}
	return false
}

func isWhole(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

func typesOf(schema map[string]any) (types []string) {
	switch t := schema["type"].(type) {
	case string:
		types = append(types, t)
	case []any:
		for _, s := range t {
			types = append(types, s.(string))
		}
	}
	return types
}

func (v *violations) notInEnum(e violation) {
	var allowed []string
	for _, s := range e.schema["enum"].([]any) {
		allowed = append(allowed, fmt.Sprint(s))
	}
	d := v.diags.Errorf("schema/enum", e.path, "%s is not one of the values allowed here", e.quote())
	if near := wording.Nearest(fmt.Sprint(e.value), allowed); near != "" {
		d.Hintf("did you mean %q?", near)
	} else {
		d.Hintf("write %s", wording.QuotedList(allowed, "or"))
	}
}

func (v *violations) outOfRange(e violation) {
	v.diags.Errorf("schema/range", e.path, "%s is not %s", e.quote(), bounds(e.schema)).Hintf("%s", textOf(e.schema))
}

// bounds writes the range of a number, open or closed.
func bounds(schema map[string]any) string {
	low, hasLow := schema["minimum"].(float64)
	high, hasHigh := schema["maximum"].(float64)
	switch {
	case hasLow && hasHigh:
		return fmt.Sprintf("between %.0f and %.0f", low, high)
	case hasLow:
		return fmt.Sprintf("%.0f or more", low)
	}
	return fmt.Sprintf("%.0f or less", high)
}

// wrongCount reports an object or an array with too few or too many members.
func (v *violations) wrongCount(e violation) {
	limit, _ := e.schema[e.keyword].(float64)
	object, _ := e.value.(map[string]any)
	list, _ := e.value.([]any)
	has, word := fmt.Sprintf("has %d", len(object)+len(list)), "at least"
	if len(object)+len(list) == 0 {
		has = "is empty"
	}
	if e.keyword == "maxProperties" {
		word = "at most"
	}
	d := v.diags.Errorf("schema/count", e.path, "%s %s, but wants %s %.0f", e.name(), has, word, limit)
	d.Hintf("%s", textOf(e.schema))
}

// repeated reports the first item that is in a list twice.
func (v *violations) repeated(e violation) {
	list, _ := e.value.([]any)
	first := map[string]int{}
	for i, item := range list {
		key := fmt.Sprintf("%T %v", item, item)
		other, taken := first[key]
		if !taken {
			first[key] = i
			continue
		}
		path := diag.Join(e.path, other)
		v.diags.Errorf("schema/repeated", diag.Join(e.path, i), "%s is already given by %s", quote(item), path).
			Also(path, "already given here").Hintf("leave one of them out")
		return
	}
}

// badText reports text that its pattern, format or length refuses.
func (v *violations) badText(e violation) {
	title, _ := e.schema["title"].(string)
	text, _ := e.value.(string)
	path, rule := e.path, "schema/value"
	var d *diag.Diagnostic
	switch limit, _ := e.schema["maxLength"].(float64); {
	case e.keyword == "minLength" && !e.onKey:
		d = v.diags.Errorf(rule, path, "%s is too short for %s", e.quote(), title)
	case e.keyword == "maxLength":
		d = v.diags.Errorf(rule, path, "the text has %d characters, more than the %.0f of %s", utf8.RuneCountInString(text),
			limit, title)
	case e.onKey:
		d = v.diags.Errorf("schema/key", path, "key %s is not %s", quote(text), title).AtKey()
	default:
		d = v.diags.Errorf(rule, path, "%s is not %s", e.quote(), title)
	}
	if better := repaired(e.schema, text); better != "" && !e.isSecret() {
		d.Hintf("did you mean %q?", better)
	} else {
		d.Hintf("%s", textOf(e.schema))
	}
}

// isSecret reports whether the value at fault may be a secret that was written
// where only its name belongs. A finding is read by more people than the file.
func (e violation) isSecret() bool {
	return !e.onKey && (e.schema["title"] == secretTitle || diag.NamesSecret(e.path))
}

// quote writes the value at fault, if it may be seen.
func (e violation) quote() string {
	if e.isSecret() {
		return "the value (not shown)"
	}
	return quote(e.value)
}

// shown says what is given.
func (e violation) shown() string {
	switch e.value.(type) {
	case map[string]any, []any, nil:
		return kindWord(e.value)
	case string:
		if e.isSecret() {
			return "text"
		}
		return "the text " + e.quote()
	}
	return "the value " + e.quote()
}

func kindWord(v any) string {
	switch v.(type) {
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	case string:
		return "text"
	case nil:
		return "null"
	}
	return "a value"
}

// maxQuoted is how much of a value is worth a reader's time.
const maxQuoted = 80

// quote writes a value on one line. Text is escaped so that it cannot speak to
// a terminal, and shortened when it is long.
func quote(v any) string {
	s, isText := v.(string)
	if !isText {
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(b)
	}
	if r := []rune(s); len(r) > maxQuoted {
		return strconv.Quote(string(r[:maxQuoted]) + "…")
	}
	return strconv.Quote(s)
}

func typeWord(t string) string {
	switch t {
	case "object":
		return "an object"
	case "array":
		return "an array"
	case "string":
		return "text"
	case "integer":
		return "a whole number"
	case "number":
		return "a number"
	case "boolean":
		return "true or false"
	}
	return t
}

// accepts reports whether a schema of text takes a text.
func accepts(schema map[string]any, text string) bool {
	if expression, _ := schema["pattern"].(string); expression != "" && !regexp.MustCompile(expression).MatchString(text) {
		return false
	}
	if format, _ := schema["format"].(string); format != "" && !Formats()[format](text) {
		return false
	}
	limit, limited := schema["maxLength"].(float64)
	return !limited || utf8.RuneCountInString(text) <= int(limit)
}

// unit matches a size or a duration in other people's units.
var unit = pattern.Lazy(`^([0-9]+) *(?i:([KMGT])(?:i?B?)?|(ms|s|m|h)[a-z]*)$`)

// repaired is text that a schema takes instead of one that it does not: in
// another case, with other separators, without what is too much.
func repaired(schema map[string]any, text string) string {
	lower := strings.ToLower(strings.TrimSpace(text))
	address, _, _ := strings.Cut(lower, "/")
	candidates := []string{lower, strings.ReplaceAll(lower, "_", "-"), strings.ReplaceAll(lower, "-", ":"),
		strings.ToUpper(lower), masked(lower), address}
	if m := unit().FindStringSubmatch(lower); m != nil && m[2] != "" {
		candidates = append(candidates, m[1]+strings.ToUpper(m[2])+"iB")
	} else if m != nil {
		candidates = append(candidates, m[1]+m[3])
	}
	for _, c := range candidates {
		if c != "" && accepts(schema, c) {
			return c
		}
	}
	return ""
}
