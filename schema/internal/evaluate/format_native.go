package evaluate

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"
)

// errNotOurs is for what std.format is to do, or to complain about.
var errNotOurs = errors.New("this is for std.format")

// formatEach is a native function that formats n values.
func formatEach(name string, codes []formatCode, n int) *jsonnet.NativeFunction {
	return &jsonnet.NativeFunction{
		Name: name, Params: parameters(n),
		Func: func(values []any) (any, error) { return formatted(codes, values) },
	}
}

// formatAll is a native function that formats the elements of an array, or a value
// that is neither array nor object.
func formatAll(name string, codes []formatCode) *jsonnet.NativeFunction {
	return &jsonnet.NativeFunction{
		Name: name, Params: parameters(1),
		Func: func(args []any) (any, error) { return formatValues(codes, args[0]) },
	}
}

func formatValues(codes []formatCode, values any) (any, error) {
	switch values := values.(type) {
	case []any:
		return formatted(codes, values)
	case map[string]any:
		return nil, errNotOurs
	}
	return formatted(codes, []any{values})
}

// Modulo is what % does with two values, whatever they are.
func Modulo(left, right any) (any, error) {
	switch left := left.(type) {
	case float64:
		if right, ok := right.(float64); ok && right != 0 {
			return math.Mod(left, right), nil
		}
	case string:
		if codes, ok := parseFormat(left); ok {
			return formatValues(codes, right)
		}
	}
	return nil, errNotOurs
}

func parameters(n int) ast.Identifiers {
	names := make(ast.Identifiers, n)
	for i := range names {
		names[i] = ast.Identifier(fmt.Sprint("value", i))
	}
	return names
}

// formatted formats as many values as there are codes.
func formatted(codes []formatCode, values []any) (any, error) {
	var b strings.Builder
	for _, c := range codes {
		if c.literal {
			b.WriteString(c.text)
			continue
		}
		if len(values) == 0 {
			return nil, errNotOurs
		}
		s, ok := c.format(values[0])
		if !ok {
			return nil, errNotOurs
		}
		b.WriteString(c.pad(s))
		values = values[1:]
	}
	if len(values) > 0 {
		return nil, errNotOurs
	}
	return b.String(), nil
}

// asText is a value as std.toString writes it.
func asText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return jsonOf(v)
}

// jsonOf is a value as JSON, on one line, in the style of Jsonnet.
func jsonOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case float64:
		if v == math.Floor(v) {
			return fmt.Sprintf("%.0f", v)
		}
		return fmt.Sprintf("%.17g", v)
	case string:
		return jsonString(v)
	case []any:
		items := make([]string, len(v))
		for i, e := range v {
			items[i] = jsonOf(e)
		}
		return between("[", items, "]")
	case map[string]any:
		items := make([]string, 0, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			items = append(items, jsonString(key)+": "+jsonOf(v[key]))
		}
		return between("{", items, "}")
	}
	return fmt.Sprint(v) // a boolean
}

func between(open string, items []string, end string) string {
	if len(items) == 0 {
		return open + " " + end
	}
	return open + strings.Join(items, ", ") + end
}

// jsonString is a string in double quotes.
func jsonString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		i := strings.IndexRune("\"\\\b\f\n\r\t", r)
		switch {
		case i >= 0:
			b.WriteByte('\\')
			b.WriteByte(`"\bfnrt`[i])
		case r < 0x20 || r >= 0x7f && r <= 0x9f:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
